"""Videos that HeyGen has and the journal does not know of, found again by the tokens in their titles.

That happens in two ways: a creation was sent and nobody has seen its answer, or the journal is lost. Then HeyGen's list
of videos is read, newest first, before anything is paid for. No clock of ours decides what is found: how far back the
list is read counts from its own newest video.

What carries a token of this journal, and is claimed by no row, was paid for as well: `Adoption.unclaimed`.
"""

from collections.abc import Collection, Iterable
from contextlib import aclosing

from attrs import define, field

from heygen_async.api.videos import ListVideos, Video
from heygen_async.bulk.journal import Entry
from heygen_async.bulk.work import Token, short
from heygen_async.job import Stage, stage
from heygen_async.resource import Pages, Wire

__all__ = ["LOOK_BACK", "Adoption", "brief"]

LOOK_BACK = 30 * 86_400.0
"""Seconds that the list is read back at least, before what is looked for counts as never made."""

_PAGE = 100
_SLACK = 86_400.0
_MOMENT = 60
"""Seconds in which HeyGen may list videos in another order than the one in which we heard of them."""


@define
class Adoption:
    """What a journal misses, and what HeyGen has of it."""

    project: str
    """The journal's word in the tokens."""

    creations: set[Token] = field(factory=set)
    """Those that may have been carried out."""

    works: set[str] = field(factory=set)
    """The rows of which nothing is known at all, as tokens name them."""

    age: float = 0.0
    """Seconds since the oldest of these creations was sent, as far as our clock can tell."""

    known: set[str] = field(factory=set)
    """Ids of videos that the journal knows: nothing older has to be looked at. Empty: all has to be."""

    found: dict[Token, Video] = field(factory=dict, init=False)
    """The videos of this journal, as far as the list was read; newest first, without those that failed."""

    async def look(self, wire: Wire) -> None:
        """Read HeyGen's list as far back as needed. Raises as a call does."""
        if not self.creations and not self.works:
            return
        newest = last = 0
        async with aclosing(Pages(wire, ListVideos(limit=_PAGE)).pages()) as pages:
            async for page in pages:
                for video in page.items:
                    self._take(video)
                times = [video.created_at for video in page.items if video.created_at is not None]
                newest, oldest = max([newest, *times]), min(times, default=None)
                last = max([last, *(video.created_at or 0 for video in page.items if video.id in self.known)])
                if self._has_all() or (oldest is not None and self._is_enough(newest, oldest, last)):
                    return

    def video_of(self, entry: Entry) -> Video | None:
        """Find the video of a row: that of this very creation, or where nothing is known the newest one."""
        token = Token.of(self.project, entry.work, entry.key)
        if token in self.creations:
            return self.found.get(token)
        if token.work not in self.works:
            return None
        return next((video for each, video in self.found.items() if each.work == token.work), None)

    def _is_enough(self, newest: int, oldest: int, known: int) -> bool:
        """Tell whether the list was read far enough; `known`: when the newest one was made that the journal knows."""
        return oldest < known - _MOMENT or newest - oldest > max(LOOK_BACK, self.age + _SLACK)

    def unclaimed(self, entries: Iterable[Entry], works: Collection[str], again: Collection[str] = ()) -> list[Video]:
        """List what was found and is no entry's, nor that of a row of which no video is known (`works`).

        `again`: rows that were wanted anew, as tokens name them; so their earlier videos are no surprise.
        """
        ids, rows = {entry.video_id for entry in entries}, {brief(work) for work in works}
        spare = []
        for token, video in self.found.items():
            if token.work in rows:  # the newest is that row's
                rows.discard(token.work)
            elif video.id not in ids and token.work not in again:
                spare.append(video)
        return spare

    def _take(self, video: Video) -> None:
        token = Token.find(video.title)
        if token is not None and token.project == self.project and stage(video.status) is not Stage.FAILED:
            self.found.setdefault(token, video)

    def _has_all(self) -> bool:
        return self.creations <= self.found.keys() and self.works <= {token.work for token in self.found}


def brief(work: str) -> str:
    """Name a row as tokens do."""
    return short(work, 10)
