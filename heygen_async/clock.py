"""What time it is, and how to wait for it.

Everything here that waits (the watcher's ticks, the pauses between retries, `Job.wait`) asks a clock, so a
test moves hours in a millisecond and the emulator can age faster than the world. A clock has no thread and no
task.
"""

import asyncio
import heapq
import itertools
from collections.abc import Awaitable, Callable
from typing import Protocol, TypeVar

from attrs import define, field
from attrs.validators import gt

__all__ = ["Alarm", "Clock", "ManualClock", "ScaledClock", "SystemClock"]

T = TypeVar("T")


class Alarm(Protocol):
    """A call that will be made at its time, unless it is cancelled before."""

    def cancel(self) -> None:
        """Forget the call. Harmless when it was made already."""
        ...


class Clock(Protocol):
    """Seconds that never go back, and calls at a given second."""

    def now(self) -> float:
        """Seconds since some fixed moment."""
        ...

    def call_at(self, when: float, callback: Callable[[], object]) -> Alarm:
        """Call `callback` in the running loop as soon as `now` has reached `when`."""
        ...

    async def sleep(self, seconds: float) -> None:
        """Wait that many seconds of this clock."""
        ...


class SystemClock:
    """The running loop's own clock: real seconds."""

    def now(self) -> float:
        """Seconds of the running loop."""
        return asyncio.get_running_loop().time()

    def call_at(self, when: float, callback: Callable[[], object]) -> Alarm:
        """Call `callback` at `when`, by the loop."""
        return asyncio.get_running_loop().call_at(when, callback)

    async def sleep(self, seconds: float) -> None:
        """Wait that many real seconds."""
        await asyncio.sleep(seconds)


@define
class ScaledClock:
    """A clock that runs `speed` times as fast as the world: at 60, a minute lasts a second."""

    speed: float = field(default=1.0, validator=gt(0))

    def now(self) -> float:
        """Seconds of the running loop, times the speed."""
        return asyncio.get_running_loop().time() * self.speed

    def call_at(self, when: float, callback: Callable[[], object]) -> Alarm:
        """Call `callback` when this clock has reached `when`."""
        return asyncio.get_running_loop().call_at(when / self.speed, callback)

    async def sleep(self, seconds: float) -> None:
        """Wait that many seconds of this clock, so `seconds / speed` real ones."""
        await asyncio.sleep(seconds / self.speed)


@define(order=True)
class _Call:
    when: float
    order: int
    callback: Callable[[], object] | None = field(eq=False, order=False)

    def cancel(self) -> None:
        self.callback = None


@define
class ManualClock:
    """A clock that stands still until it is moved: for tests of code that waits.

    `await clock.advance(60)` makes a minute pass. `await clock.drive(awaitable)` lets time jump from one
    appointment to the next for as long as the awaitable needs.
    """

    _now: float = 0.0
    _calls: list[_Call] = field(factory=list, init=False)
    _order: "itertools.count[int]" = field(factory=itertools.count, init=False)

    def now(self) -> float:
        """Seconds that this clock was moved since it was made."""
        return self._now

    def call_at(self, when: float, callback: Callable[[], object]) -> Alarm:
        """Call `callback` when somebody has moved the clock to `when`."""
        if when <= self._now:
            return asyncio.get_running_loop().call_soon(callback)
        call = _Call(when, next(self._order), callback)
        heapq.heappush(self._calls, call)
        return call

    async def sleep(self, seconds: float) -> None:
        """Wait until somebody has moved the clock by that many seconds."""
        woken: asyncio.Future[None] = asyncio.get_running_loop().create_future()

        def wake() -> None:
            if not woken.done():  # the sleeper may have been cancelled in this very moment
                woken.set_result(None)

        alarm = self.call_at(self._now + seconds, wake)
        try:
            await woken
        finally:
            alarm.cancel()

    @property
    def appointments(self) -> int:
        """How many calls and sleepers wait for this clock."""
        return sum(call.callback is not None for call in self._calls)

    async def until_appointments(self, count: int = 1) -> None:
        """Let the loop run until at least `count` calls or sleepers wait for this clock."""
        while self.appointments < count:  # noqa: ASYNC110  # those who make appointments set no events
            await asyncio.sleep(0)

    async def advance(self, seconds: float) -> None:
        """Move the clock, stopping at each appointment on the way so that what it wakes can run."""
        end = self._now + seconds
        while self._jump(end):
            for _ in range(3):  # the woken task runs, and may make an appointment of its own
                await asyncio.sleep(0)
        self._now = max(self._now, end)  # somebody else may have moved it further meanwhile
        await asyncio.sleep(0)

    async def drive(self, awaitable: Awaitable[T]) -> T:
        """Jump from appointment to appointment until `awaitable` is done; return what it returns.

        Sockets are real, so before each jump the loop gets a few turns to finish what the network brought.
        """
        task = asyncio.ensure_future(awaitable)
        try:
            while not task.done():
                await asyncio.wait([task], timeout=0.002)
                if not task.done():
                    self._jump(float("inf"))
            return await task
        finally:
            if not task.done():
                task.cancel()
                await asyncio.gather(task, return_exceptions=True)

    def _jump(self, end: float) -> bool:
        while self._calls and self._calls[0].when <= end:
            call = heapq.heappop(self._calls)
            if call.callback is not None:
                self._now = max(self._now, call.when)
                callback, call.callback = call.callback, None
                callback()
                return True
        return False
