"""How much happens at once: lanes with a limit, and slots in them.

A lane is a number of free slots and a queue of those who wait for one. Everything is decided by one synchronous
function, `assign`, called at each arrival and at each departure: whoever came first gets the next free slot, never
are more than `limit` slots taken, and never is one free while somebody waits. There is no task behind a lane and
no timer, and its whole state shows in its repr.

A slot is not tied to a ``with`` block, because a render outlives the call that started it: it is held from the
creation until HeyGen has finished, however long that takes, and given back by whoever sees the end.
"""

import asyncio
from collections import deque
from types import TracebackType
from typing import Self

from attrs import define, field

from heygen_async.options import Limits

__all__ = ["Lane", "Lanes", "Slot", "assign"]


def assign(waiting: "deque[asyncio.Future[None]]", taken: int, limit: int) -> "list[asyncio.Future[None]]":
    """Take from the queue those who get a slot now, first come first served; who gave up waiting is passed over."""
    served: list[asyncio.Future[None]] = []
    while waiting and taken + len(served) < limit:
        first = waiting.popleft()
        if not first.done():
            served.append(first)
    return served


@define(eq=False)
class Slot:
    """The right to occupy a place in a lane."""

    _lane: "Lane | None"

    def release(self) -> None:
        """Give the place back. Harmless when it was given back before."""
        lane, self._lane = self._lane, None
        if lane is not None:
            lane._depart()  # noqa: SLF001  # a slot is a part of its lane


@define(eq=False, repr=False)
class Lane:
    """At most `limit` at once, first come first served."""

    name: str
    limit: int
    taken: int = field(default=0, init=False)
    """How many slots are taken now."""

    _waiting: "deque[asyncio.Future[None]]" = field(factory=deque, init=False)

    def __repr__(self) -> str:
        return f"<Lane {self.name} {self.taken}/{self.limit}, {self.waiting} waiting>"

    @property
    def waiting(self) -> int:
        """How many wait for a slot now."""
        return sum(not waiter.done() for waiter in self._waiting)

    async def acquire(self) -> Slot:
        """Wait for a slot and take it. Cancelling the wait leaves the queue."""
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append(turn)
        self._serve()
        try:
            await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled():  # the slot came in the same turn of the loop
                self._depart()
            elif turn in self._waiting:
                self._waiting.remove(turn)
            raise
        return Slot(self)

    def seize(self) -> Slot:
        """Take a slot at once, even above the limit: for what is under way already."""
        self.taken += 1
        return Slot(self)

    async def __aenter__(self) -> Self:
        await self.acquire()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._depart()

    def _depart(self) -> None:
        self.taken -= 1
        self._serve()

    def _serve(self) -> None:
        for turn in assign(self._waiting, self.taken, self.limit):
            self.taken += 1
            turn.set_result(None)


@define
class Lanes:
    """The four lanes of a client."""

    renders: Lane
    """From a creation until HeyGen has finished the render."""

    submissions: Lane
    """Creations and uploads under way."""

    requests: Lane
    """Requests to the API under way, of all kinds."""

    downloads: Lane
    """Files on their way to disk."""

    @classmethod
    def of(cls, limits: Limits) -> Self:
        """Make the lanes that `limits` asks for."""
        return cls(
            renders=Lane("renders", limits.renders),
            submissions=Lane("submissions", limits.submissions),
            requests=Lane("requests", limits.requests),
            downloads=Lane("downloads", limits.downloads),
        )
