"""How much happens at once: lanes with a limit, and slots in them.

A lane is a number of free slots and a queue of those who wait for one. Everything is decided by one synchronous
function, `assign`, called at each arrival and at each departure: whoever came first gets the next free slot, never
are more than `bound` slots taken, and never is one free while somebody waits. There is no task behind a lane, and its
whole state shows in its repr.

A slot is not tied to a ``with`` block, because a render outlives the call that started it: it is held from the
creation until HeyGen has finished, however long that takes, and given back by whoever sees the end. A creation that
HeyGen refuses for the moment gives its slot back while it waits, and gets the next one before all who came later.

The lane of the renders asks a `heygen_async.pacing.Pace` how many slots it has, and tells it what HeyGen answers.
"""

import asyncio
import logging
from bisect import insort
from collections import deque
from itertools import count
from operator import attrgetter
from types import TracebackType
from typing import Self

from attrs import define, field

from heygen_async.clock import Alarm, Clock
from heygen_async.options import Limits
from heygen_async.pacing import Pace

__all__ = ["Lane", "Lanes", "Renders", "Slot", "Turn", "assign"]

log = logging.getLogger(__name__)


@define(eq=False)
class Turn:
    """Somebody's place in a queue."""

    order: int
    """Who came first has the lowest."""

    came: "asyncio.Future[None]"
    """Is done when it is their turn, or when they have given up."""


def assign(waiting: deque[Turn], taken: int, bound: int) -> list[Turn]:
    """Take from the queue those who get a slot now, first come first served; who gave up waiting is passed over."""
    served: list[Turn] = []
    while waiting and taken + len(served) < bound:
        first = waiting.popleft()
        if not first.came.done():
            served.append(first)
    return served


@define(eq=False)
class Slot:
    """The right to occupy a place in a lane."""

    _lane: "Lane | None"
    """``None``: there is no lane, so nobody has to wait."""

    order: int = 0
    """Which place in the queue it is entitled to."""

    _held: bool = field(default=True, alias="held")
    rendering: bool = False
    """Whether HeyGen has accepted what it was taken for."""

    def release(self) -> None:
        """Give the place back. Harmless when it was given back before."""
        held, self._held = self._held, False
        if held and self._lane is not None:
            self._lane.depart(self)

    async def retake(self) -> None:
        """Wait for a place again, before all who came later. Harmless when it is held. Cancelling leaves the queue."""
        if not self._held and self._lane is not None:
            await self._lane.stand(self.order)
        self._held = True


@define(eq=False, repr=False)
class Lane:
    """At most `limit` at once, first come first served."""

    name: str
    limit: int
    """How many slots there are at most."""

    taken: int = field(default=0, init=False)
    """How many slots are taken now."""

    _waiting: deque[Turn] = field(factory=deque, init=False)
    _arrivals: "count[int]" = field(factory=count, init=False)

    def __repr__(self) -> str:
        return f"<Lane {self}>"

    def __str__(self) -> str:
        return f"{self.name} {self.taken}/{self.bound}, {self.waiting} waiting"

    @property
    def bound(self) -> int:
        """How many slots there are now."""
        return self.limit

    @property
    def waiting(self) -> int:
        """How many wait for a slot now."""
        return sum(not turn.came.done() for turn in self._waiting)

    async def acquire(self) -> Slot:
        """Wait for a slot and take it. Cancelling the wait leaves the queue."""
        slot = Slot(self, next(self._arrivals), held=False)
        await slot.retake()
        return slot

    def seize(self) -> Slot:
        """Take a slot at once, even above the limit: for what is under way already."""
        self.taken += 1
        return Slot(self, next(self._arrivals))

    async def stand(self, order: int) -> None:
        """Stand in line until a slot is taken: what `Slot.retake` does."""
        turn = Turn(order, asyncio.get_running_loop().create_future())
        insort(self._waiting, turn, key=attrgetter("order"))
        self._serve()
        try:
            await turn.came
        except asyncio.CancelledError:
            if turn.came.done() and not turn.came.cancelled():  # the slot came in the same turn of the loop
                self._leave()
            elif turn in self._waiting:
                self._waiting.remove(turn)
            raise

    def depart(self, slot: Slot) -> None:  # noqa: ARG002  # the renders look at it
        """Take a slot back: what `Slot.release` does."""
        self._leave()

    async def __aenter__(self) -> Self:
        await self.acquire()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._leave()

    def _leave(self) -> None:
        self.taken -= 1
        self._serve()

    def _serve(self) -> None:
        for turn in assign(self._waiting, self.taken, self.bound):
            self.taken += 1
            turn.came.set_result(None)


@define(eq=False, repr=False)
class Renders(Lane):
    """The lane of the renders: as many slots as its pace says."""

    _clock: Clock
    pace: Pace
    rendering: int = field(default=0, init=False)
    """How many of the slots hold what HeyGen has accepted."""

    _alarm: Alarm | None = field(default=None, init=False)

    @classmethod
    def up_to(cls, most: int | None, clock: Clock) -> Self:
        """Make one with a fixed number at the most; ``None``: with as many as HeyGen takes."""
        pace = Pace.up_to(most)
        return cls("renders", pace.most, clock, pace)

    @property
    def bound(self) -> int:
        """How many slots there are now."""
        return self.pace.bound

    def accepted(self, slot: Slot) -> None:
        """HeyGen has accepted what `slot` was taken for."""
        self._count(slot)
        self._go_on(self.pace.accepted(self.rendering, self._clock.now()))

    def refused(self) -> None:
        """HeyGen has refused a creation with 429."""
        self._go_on(self.pace.refused(self.rendering, self._clock.now()))

    def seize(self) -> Slot:
        """Take a slot at once, even above the limit, for what HeyGen has accepted already."""
        slot = super().seize()
        self._count(slot)
        return slot

    def depart(self, slot: Slot) -> None:
        """Take a slot back, and with it the news that HeyGen has room, if it was rendered in."""
        if slot.rendering:
            slot.rendering = False
            self.rendering -= 1
            self.pace = self.pace.ended(self.rendering, self._clock.now())
        super().depart(slot)

    def _count(self, slot: Slot) -> None:
        slot.rendering = True
        self.rendering += 1

    def _go_on(self, pace: Pace) -> None:
        before, self.pace = self.pace, pace
        if pace.cap is not None and before.cap != pace.cap:
            log.info("HeyGen takes %d renders at once; %d are allowed for now", pace.cap, pace.bound)
        self._serve()

    def _serve(self) -> None:
        super()._serve()
        if self._alarm is not None:
            self._alarm.cancel()
            self._alarm = None
        when = self.pace.next_look
        if self._waiting and when is not None:
            if when <= self._clock.now():
                self._look()
            else:
                self._alarm = self._clock.call_at(when, self._look)

    def _look(self) -> None:
        """Try one more: it is time, and somebody waits although no render has ended."""
        self.pace = self.pace.looking(self._clock.now())
        self._serve()


@define
class Lanes:
    """The four lanes of a client."""

    renders: Renders
    """From a creation until HeyGen has finished the render."""

    submissions: Lane
    """Creations and uploads under way."""

    requests: Lane
    """Requests to the API under way, of all kinds."""

    downloads: Lane
    """Files on their way to disk."""

    @classmethod
    def of(cls, limits: Limits, clock: Clock) -> Self:
        """Make the lanes that `limits` asks for."""
        return cls(
            renders=Renders.up_to(limits.renders, clock),
            submissions=Lane("submissions", limits.submissions),
            requests=Lane("requests", limits.requests),
            downloads=Lane("downloads", limits.downloads),
        )
