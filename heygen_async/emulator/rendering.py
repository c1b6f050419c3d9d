"""How a video, or any other work, ages, and how many may do so at once.

It gets a slot, and from then on its `Timeline` says how far it is at which second: that is all there is to a render.
Nothing runs in the background. Whoever wants to know calls `Slots.advance` first, which ends what is due by now, in
the order of time, and hands each freed slot to the next in the queue at the very second it was freed. So a clock that
jumps an hour leads to the same history as one that is looked at every second.

One thing is not up to the clock: a work that is due but whose files are still being made stays ``processing``, and
keeps its slot, until they are there.
"""

import heapq
from collections import deque
from hashlib import sha256
from typing import Generic, Literal, Protocol, TypeVar

from attrs import define, field, frozen

__all__ = ["Ageing", "Failure", "Slots", "Stage", "Timeline", "usual_seconds"]

_PENDING = 2.0
"""Seconds between getting a slot and the first frame."""


Stage = Literal["pending", "processing", "completed", "failed"]
"""How far a work is, in the same words for all groups of the API."""


@frozen
class Failure:
    """Why a work came to nothing."""

    code: str | None
    message: str | None


@frozen
class Timeline:
    """How far a work is, in seconds after it got its slot."""

    end: float | None
    """When it ends; ``None``: never."""

    failure: Failure | None = None
    """How it ends; ``None``: well."""

    @classmethod
    def lasting(cls, seconds: float, failure: Failure | None = None) -> "Timeline":
        """Make the usual one: two seconds pending, then `seconds` processing. With 0 it ends at once."""
        return cls(_PENDING + seconds if seconds > 0 else 0.0, failure)

    @classmethod
    def stuck(cls) -> "Timeline":
        """Make one that never ends."""
        return cls(None)

    def stage(self, elapsed: float) -> Stage:
        """Say how far it is after so many seconds, if it has not ended."""
        return "pending" if elapsed < _PENDING else "processing"


class Ageing(Protocol):
    """Something that takes a slot and ages in it."""

    timeline: Timeline
    begun: float | None
    """When it got its slot."""

    ended: float | None
    """When it gave it back."""

    @property
    def filmed(self) -> bool:
        """Whether its file is there, or never will be."""
        ...


A = TypeVar("A", bound=Ageing)


@define(eq=False)
class Slots(Generic[A]):
    """Who is at work and who waits. All times are seconds of one clock, and never go back."""

    cap: int
    """How many may be at work at once."""

    running: dict[A, None] = field(factory=dict)
    """Who has a slot."""

    waiting: deque[A] = field(factory=deque)
    """Who waits for one, the first to come at the head."""

    _due: list[tuple[float, int, A]] = field(factory=list, init=False)
    _late: dict[A, None] = field(factory=dict, init=False)
    _order: int = field(default=0, init=False)

    @property
    def full(self) -> bool:
        """Whether somebody who comes now has to wait."""
        return len(self.running) >= self.cap

    def admit(self, one: A, now: float) -> None:
        """Give `one` a slot, or a place in the queue."""
        self.waiting.append(one)
        self._fill(now)

    def advance(self, now: float) -> list[A]:
        """Live through everything up to `now`, and return who has ended."""
        ended = []
        while self._due and self._due[0][0] <= now:
            when, _, one = heapq.heappop(self._due)
            if one not in self.running:
                continue
            if one.filmed:
                ended.append(self._end(one, when))
            else:
                self._late[one] = None
        return ended

    def filmed(self, one: A, now: float) -> list[A]:
        """Take notice that the film of `one` is there; return it if that was all that it waited for."""
        return [self._end(one, now)] if one in self._late else []

    def leave(self, one: A, now: float) -> None:
        """Forget `one`, wherever it is: it was deleted."""
        if one in self.running:
            self._free(one, now)
        elif one.ended is None:
            self.waiting.remove(one)

    def until_next(self, now: float) -> float | None:
        """Return the seconds until somebody has ended, as far as the clock can tell; ``None``: nobody knows."""
        return min((when - now for when, _, one in self._due if one in self.running), default=None)

    def _end(self, one: A, when: float) -> A:
        one.ended = when
        self._free(one, when)
        return one

    def _free(self, one: A, when: float) -> None:
        self.running.pop(one, None)
        self._late.pop(one, None)
        self._fill(when)

    def _fill(self, when: float) -> None:
        while self.waiting and not self.full:
            one = self.waiting.popleft()
            one.begun = when
            self.running[one] = None
            if one.timeline.end is not None:
                self._order += 1
                heapq.heappush(self._due, (when + one.timeline.end, self._order, one))


def usual_seconds(order: int) -> float:
    """Return how long the n-th work takes: 60 to 180 seconds, the same in each run."""
    share = int.from_bytes(sha256(f"render {order}".encode()).digest()[:4]) / 2**32
    return 60.0 + 120.0 * share
