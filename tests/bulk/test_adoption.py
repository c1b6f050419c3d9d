"""What HeyGen has and the journal does not is found in HeyGen's list, and the list is read no further than needed."""

import itertools
from typing import Any

import pytest
from attrs import define, field

from heygen_async import Entry, Video
from heygen_async.api.videos import ListVideos
from heygen_async.bulk.adoption import LOOK_BACK, Adoption, brief
from heygen_async.bulk.work import Token
from heygen_async.operation import Page

pytestmark = pytest.mark.anyio

PROJECT = "3f2a1c"
NOW = 1_800_000_000


def entry(work: str, key: str = "k", video_id: str | None = None) -> Entry:
    return Entry(work=work, key=key, file="f", video_id=video_id)


def token(work: str, key: str = "k", project: str = PROJECT) -> Token:
    return Token.of(project, work, key)


@define
class Shelf:
    """HeyGen's list, newest first, two on a page."""

    videos: list[Video] = field(factory=list)
    asked: int = 0
    _ids: "itertools.count[int]" = field(factory=itertools.count)

    def put(self, work: str, *, key: str = "k", age: float | None = 0, status: str = "completed", **of: Any) -> Video:
        created = None if age is None else int(NOW - age)
        title = f"Title {token(work, key, **of)}"
        video = Video(f"v{next(self._ids)}", status, title=title, created_at=created)
        self.videos.append(video)
        return video

    async def send(self, request: Any, **_: Any) -> Any:
        assert request == ListVideos(limit=100, token=request.token)
        self.asked += 1
        at = int(request.token or 0)
        more = at + 2 < len(self.videos)
        return Page(self.videos[at : at + 2], more, str(at + 2) if more else None)


async def look(shelf: Shelf, *creations: Token, works: "tuple[str, ...]" = (), age: float = 0.0) -> Adoption:
    adoption = Adoption(PROJECT, creations=set(creations), works=set(map(brief, works)), age=age)
    await adoption.look(shelf)  # type: ignore[arg-type]  # it sends, and that is all it has to
    return adoption


async def test_where_nothing_is_missing_nothing_is_asked() -> None:
    shelf = Shelf()
    shelf.put("a")
    adoption = await look(shelf)
    assert (shelf.asked, adoption.found) == (0, {})
    assert adoption.video_of(entry("a")) is None


async def test_a_creation_is_found_by_its_own_token_and_by_no_other() -> None:
    shelf = Shelf()
    shelf.put("a", key="later")
    mine = shelf.put("a")
    shelf.put("a", key="earlier")
    adoption = await look(shelf, token("a"))
    assert adoption.video_of(entry("a")) is mine
    assert adoption.video_of(entry("a", key="other")) is None
    assert (await look(shelf, token("a", key="never"))).video_of(entry("a", key="never")) is None


async def test_a_row_of_which_nothing_is_known_gets_its_newest_video() -> None:
    shelf = Shelf()
    newest = shelf.put("a", key="second", status="processing")
    shelf.put("a", key="first")
    adoption = await look(shelf, works=("a", "b"))
    assert adoption.video_of(entry("a", key="new")) is newest
    assert adoption.video_of(entry("b")) is None


async def test_failed_videos_and_those_of_others_are_passed_over() -> None:
    shelf = Shelf()
    shelf.put("a", status="failed")
    shelf.put("a", project="ffffff")
    shelf.videos.append(Video("plain", "completed", title="Title"))
    shelf.videos.append(Video("bare", "completed"))
    adoption = await look(shelf, token("a"), works=("a",))
    assert adoption.found == {}
    assert adoption.unclaimed([], []) == []


async def test_the_list_is_read_until_all_is_found() -> None:
    shelf = Shelf()
    for work in "abcdefgh":
        shelf.put(work)
    await look(shelf, token("c"), works=("b",))
    assert shelf.asked == 2


@pytest.mark.parametrize(("age", "pages"), [(0.0, 2), (LOOK_BACK, 3), (-5 * LOOK_BACK, 2), (10 * LOOK_BACK, 6)])
async def test_how_far_back_counts_from_the_newest_video_of_the_list(age: float, pages: int) -> None:
    """The list says what time it is at HeyGen: half a month from one page to the next here."""
    shelf = Shelf()
    for at in range(12):
        shelf.put(f"w{at}", age=5 * 365 * 86_400 + (at // 2) * (LOOK_BACK / 2 + 86_400 / 2 + 1))
    await look(shelf, token("never"), age=age)
    assert shelf.asked == pages + (age == 0.0 or age < 0)


async def test_a_list_without_times_is_read_to_its_end() -> None:
    shelf = Shelf()
    for at in range(7):
        shelf.put(f"w{at}", age=None)
    await look(shelf, token("never"))
    assert shelf.asked == 4


async def test_what_is_no_rows_is_unclaimed() -> None:
    shelf = Shelf()
    extra = shelf.put("a", key="twice")
    shelf.put("a")
    shelf.put("kept")
    gone = shelf.put("gone")
    adoption = await look(shelf, works=("a", "kept", "x"))
    assert adoption.unclaimed([entry("a", video_id="v1")], ["kept"]) == [extra, gone]
