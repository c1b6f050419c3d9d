"""Who can perform: the looks and voices that a run wants, each looked up once per client.

A list brings up to a hundred of them in one request, a read brings one; which is cheaper depends on how many the
account has, and nobody says that before. So lists are read as long as they pay: each page must have found one, and the
first one of a list is on trust. What is missing then is read one by one. That takes two requests more than there are
ids at the worst, and two in all at the best.
"""

import asyncio
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import aclosing
from typing import Any, Generic, TypeVar

from attrs import frozen

from heygen_async.api.looks import AvatarLook, GetLook, ListLooks
from heygen_async.api.users import GetMe, User
from heygen_async.api.voices import GetVoice, ListVoices, Voice, VoiceDetail
from heygen_async.errors import APIError, BadRequest, NotFound
from heygen_async.operation import PageRequest, Request
from heygen_async.resource import Pages, Wire

__all__ = ["Directory", "KnownVoice", "Roster"]

T = TypeVar("T")

_WORTH_A_PAGE = 3
"""How many must be missing before a list is read."""


@frozen
class KnownVoice:
    """What is known of a voice."""

    id: str
    name: str = ""
    language: str = ""
    """In words, such as ``English``; empty: HeyGen does not say."""

    status: str | None = None
    """``processing``, ``complete`` or ``failed`` for a clone that was read; ``None``: nobody says."""

    pauses: bool = True
    """Whether it takes pauses in the script."""

    locales: bool = True
    """Whether `VoiceSettings.locale` changes its accent, as far as that is known."""


class Directory(Generic[T]):
    """Things of one kind, found by their ids."""

    def __init__(
        self,
        wire: Wire,
        lists: Sequence[PageRequest[Any]],
        get: Callable[[str], Request[Any]],
        make: Callable[[Any], tuple[str, T]],
    ) -> None:
        self._wire = wire
        self._lists = lists
        self._get = get
        self._make = make
        self._found: dict[str, T | None] = {}

    @property
    def found(self) -> Mapping[str, T]:
        """What was found so far, by the ids."""
        return {id_: thing for id_, thing in self._found.items() if thing is not None}

    async def find(self, ids: Collection[str]) -> None:
        """Look up those that were not looked up before. Raises `APIError` and `ConnectionFailed`."""
        missing = {id_ for id_ in ids if id_ not in self._found}
        for request in self._lists:
            if len(missing) >= _WORTH_A_PAGE:
                missing -= await self._in_list(request, missing)
        await _together([self._read(id_) for id_ in sorted(missing)])

    async def _in_list(self, request: PageRequest[Any], wanted: Collection[str]) -> set[str]:
        """Read a list for as long as it pays, and return which of the wanted ones were on it."""
        met: set[str] = set()
        async with aclosing(Pages(self._wire, request).pages()) as pages:
            number = 0
            async for page in pages:
                number += 1
                things = dict(map(self._make, page.items))
                self._found |= {id_: thing for id_, thing in things.items() if self._found.get(id_) is None}
                met |= things.keys() & set(wanted)
                if len(wanted) - len(met) < _WORTH_A_PAGE or number > len(met):
                    break
        return met

    async def _read(self, id_: str) -> None:
        try:
            found = await self._wire.send(self._get(id_))
        except (NotFound, BadRequest):
            self._found[id_] = None
        else:
            self._found[id_] = self._make(found)[1]


class Roster:
    """The looks and voices of an account, as far as anybody has asked for them."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire
        self.looks = Directory(
            wire, [ListLooks(ownership=whose, limit=50) for whose in ("private", "public")], GetLook, _look
        )
        """What videos are made with."""
        self.voices = Directory(
            wire, [ListVoices(type=whose, limit=100) for whose in ("private", "public")], GetVoice, _voice
        )
        """Who speaks."""

    async def account(self) -> User:
        """Read what is left to spend. Asks each time. Raises `APIError` and `ConnectionFailed`."""
        return await self._wire.send(GetMe())

    async def looks_of(self, group_id: str) -> Sequence[str]:
        """Name some looks of a person; none where there is no such person. Raises `ConnectionFailed`."""
        try:
            page = await self._wire.send(ListLooks(group_id=group_id, limit=3))
        except APIError:
            return ()
        return [look.id for look in page.items]


def _look(look: AvatarLook) -> tuple[str, AvatarLook]:
    return look.id, look


def _voice(voice: Voice | VoiceDetail) -> tuple[str, KnownVoice]:
    status = voice.status if isinstance(voice, VoiceDetail) else None
    locales = voice.support_locale if isinstance(voice, Voice) else True
    known = KnownVoice(
        voice.voice_id, voice.name or "", voice.language or "", status, pauses=voice.support_pause, locales=locales
    )
    return voice.voice_id, known


async def _together(reads: Sequence[Any]) -> None:
    """Await all of them at once; when one fails, or this is cancelled, the others end too."""
    tasks = [asyncio.ensure_future(read) for read in reads]
    try:
        await asyncio.gather(*tasks)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
