"""How much happens at once: lanes with a limit, and slots in them.

A lane is a number of free slots and a queue of those who wait for one. Everything is decided by one synchronous
function, `assign`, called at each arrival and at each departure: never are more than `bound` slots taken, and never is
one free while somebody waits. There is no task behind a lane, and its whole state shows in its repr.

Who waits belongs to a group: a bulk run is one, all calls by hand are another. Groups take turns, so a call by hand
gets the next free slot although a thousand rows wait, and a thousand calls do not hold the rows up either; within a
group, whoever came first goes first. The group is known from the context: the workers of a run `enter_group`, and what
they await stands in line for it, be it a creation, an upload, a request or a download.

A slot is not tied to a ``with`` block, because a render outlives the call that started it: it is held from the
creation until HeyGen has finished, however long that takes, and given back by whoever sees the end. A creation that
HeyGen refuses for the moment gives its slot back while it waits, and gets the next one before all who came later.

The lane of the renders asks a `heygen_async.pacing.Pace` how many slots it has, and tells it what HeyGen answers.
"""

import asyncio
import logging
from bisect import insort
from collections import deque
from collections.abc import Hashable, Iterable
from contextvars import ContextVar
from itertools import count
from operator import attrgetter
from types import TracebackType
from typing import Self

from attrs import define, field

from heygen_async.clock import Alarm, Clock
from heygen_async.options import Limits
from heygen_async.pacing import Pace

__all__ = ["Lane", "Lanes", "Line", "Renders", "Slot", "Turn", "assign", "enter_group"]

log = logging.getLogger(__name__)


_GROUP: ContextVar[Hashable] = ContextVar("heygen_async group", default=None)


def enter_group(group: Hashable) -> None:
    """Have the running task, and the tasks that it makes from now on, wait for slots as members of `group`."""
    _GROUP.set(group)


@define(eq=False)
class Turn:
    """Somebody's place in a queue."""

    order: int
    """Who came first has the lowest."""

    came: "asyncio.Future[None]"
    """Is done when it is their turn, or when they have given up."""


@define(eq=False)
class Line:
    """Those of one group who wait, in the order in which they came."""

    group: Hashable
    turns: deque[Turn] = field(factory=deque)
    served: int = 0
    """When the group had its last turn; 0: it has had none that matters any more."""


def assign(lines: Iterable[Line], taken: int, bound: int) -> list[Turn]:
    """Take out of the lines those who get a slot now; who gave up waiting is passed over.

    Each time, the group goes first whose last turn is the longest ago, and in it who came first.
    """
    lines = list(lines)
    last = max((line.served for line in lines), default=0)
    chosen: list[Turn] = []
    while taken + len(chosen) < bound:
        for line in lines:
            while line.turns and line.turns[0].came.done():
                line.turns.popleft()
        waiting = [line for line in lines if line.turns]
        if not waiting:
            break
        line = min(waiting, key=attrgetter("served"))
        chosen.append(line.turns.popleft())
        line.served = last = last + 1
    return chosen


@define(eq=False)
class Slot:
    """The right to occupy a place in a lane."""

    _lane: "Lane | None"
    """``None``: there is no lane, so nobody has to wait."""

    order: int = 0
    """Which place in the queue of its group it is entitled to."""

    group: Hashable = None

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
            await self._lane.stand(self.order, self.group)
        self._held = True


@define(eq=False, repr=False)
class Lane:
    """At most `limit` at once; groups take turns, and in each it is first come, first served."""

    name: str
    limit: int
    """How many slots there are at most."""

    taken: int = field(default=0, init=False)
    """How many slots are taken now."""

    _lines: dict[Hashable, Line] = field(factory=dict, init=False)
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
        return sum(not turn.came.done() for line in self._lines.values() for turn in line.turns)

    async def acquire(self) -> Slot:
        """Wait for a slot and take it. Cancelling the wait leaves the queue."""
        slot = Slot(self, next(self._arrivals), _GROUP.get(), held=False)
        await slot.retake()
        return slot

    def seize(self) -> Slot:
        """Take a slot at once, even above the limit: for what is under way already."""
        self.taken += 1
        return Slot(self, next(self._arrivals))

    async def stand(self, order: int, group: Hashable = None) -> None:
        """Stand in line until a slot is taken: what `Slot.retake` does."""
        turn = Turn(order, asyncio.get_running_loop().create_future())
        line = self._lines.setdefault(group, Line(group))
        insort(line.turns, turn, key=attrgetter("order"))
        self._serve()
        try:
            await turn.came
        except asyncio.CancelledError:
            if turn.came.done() and not turn.came.cancelled():  # the slot came in the same turn of the loop
                self._leave()
            elif turn in line.turns:
                line.turns.remove(turn)
                self._forget()
            raise

    def depart(self, slot: Slot) -> None:  # noqa: ARG002  # the renders look at it
        """Take a slot back: what `Slot.release` does."""
        self._leave()

    async def __aenter__(self) -> Self:
        if self._lines or self.taken >= self.bound:
            await self.stand(next(self._arrivals), _GROUP.get())
        else:  # nobody waits, and there is room
            self.taken += 1
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.taken -= 1
        if self._lines:
            self._serve()

    def _leave(self) -> None:
        self.taken -= 1
        self._serve()

    def _serve(self) -> None:
        for turn in assign(self._lines.values(), self.taken, self.bound):
            self.taken += 1
            turn.came.set_result(None)
        self._forget()

    def _forget(self) -> None:
        """Forget the groups of which nobody waits, if their last turn was before that of all who do."""
        first = min((line.served for line in self._lines.values() if line.turns), default=float("inf"))
        for line in [line for line in self._lines.values() if not line.turns and line.served <= first]:
            del self._lines[line.group]


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
        if self._lines and when is not None:
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
