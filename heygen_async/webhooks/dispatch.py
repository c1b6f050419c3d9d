"""Hands events to whoever wants them: functions that are called, and loops that iterate.

Nobody waits for a handler but the handler itself. A few workers take what waits, one thing after the other; they come
with the first event and end when nothing is left, so an idle receiver has no task. Everything that waits is bounded:
once `Dispatch.full` is true, whoever delivers should come again later.
"""

import asyncio
import logging
from collections import deque
from collections.abc import AsyncGenerator, Callable, Sequence
from inspect import isawaitable, iscoroutinefunction
from typing import Any, cast

import anyio.to_thread
from attrs import define, field, frozen

from heygen_async.webhooks.webhook import Event

__all__ = ["Dispatch", "Handler"]

log = logging.getLogger(__name__)

Handler = Callable[[Event], Any]
"""Takes an event: a coroutine function, or a plain one, which runs in a thread."""


@frozen
class _Handling:
    """An event for a handler."""

    event: Event
    handler: Handler


@define(eq=False)
class _Mailbox:
    """The events for a loop that iterates; ``None`` ends it."""

    loop: asyncio.AbstractEventLoop
    events: "asyncio.Queue[Event | None]"


@define(eq=False)
class Dispatch:
    """Who wants which events, what waits for them, and the tasks that work on it."""

    most: int = 10_000
    """How much may wait."""

    at_once: int = 32
    """How many handlers run at once."""

    _handlers: dict[str, list[Handler]] = field(factory=dict, init=False)
    _for_all: list[Handler] = field(factory=list, init=False)
    _waiting: deque[_Handling] = field(factory=deque, init=False)
    _workers: "set[asyncio.Task[None]]" = field(factory=set, init=False)
    _mailboxes: list[_Mailbox] = field(factory=list, init=False)
    _loop: asyncio.AbstractEventLoop | None = field(default=None, init=False)
    _progress: asyncio.Event = field(factory=asyncio.Event, init=False)
    _closed: bool = field(default=False, init=False)

    @property
    def full(self) -> bool:
        """Whether somebody is so far behind that nothing more can be taken."""
        return len(self._waiting) >= self.most or any(box.events.qsize() >= self.most for box in self._mailboxes)

    def add(self, handler: Handler, types: Sequence[str]) -> None:
        """Have `handler` called for these types of events; for all, if there are none."""
        if not types:
            self._for_all.append(handler)
        for each in dict.fromkeys(types):
            self._handlers.setdefault(each, []).append(handler)

    def hand_out(self, event: Event) -> None:
        """Give `event` to everybody who wants it. Returns before anything is done."""
        self._settle_in()
        for handler in (*self._handlers.get(event.type, ()), *self._for_all):
            self._waiting.append(_Handling(event, handler))
            self._staff()
        for box in self._mailboxes:
            box.events.put_nowait(event)

    async def listen(self) -> AsyncGenerator[Event, None]:
        """Yield each event from now on, until `aclose`; none after it."""
        if self._closed:
            return
        self._settle_in()
        box = _Mailbox(asyncio.get_running_loop(), asyncio.Queue())
        self._mailboxes.append(box)
        try:
            while (event := await box.events.get()) is not None:
                self._progress.set()
                yield event
        finally:
            self._progress.set()
            if box in self._mailboxes:
                self._mailboxes.remove(box)

    async def room(self) -> None:
        """Wait until it is not `full`."""
        while self.full:
            self._progress.clear()
            await self._progress.wait()

    async def idle(self) -> None:
        """Wait until every handler has done its work."""
        while self._workers:
            await asyncio.wait(self._workers)

    async def aclose(self) -> None:
        """Cancel the handlers, end the loops, and forget what waits. Harmless when repeated."""
        self._settle_in()
        self._closed = True
        self._waiting.clear()
        self._progress.set()
        for box in self._mailboxes:
            box.events.put_nowait(None)
        self._mailboxes.clear()
        workers, self._workers = self._workers, set()
        for worker in workers:
            worker.cancel()
        await asyncio.gather(*workers, return_exceptions=True)

    def _settle_in(self) -> None:
        """Let go of what an earlier loop took along."""
        loop = asyncio.get_running_loop()
        if self._loop is not loop:
            self._loop, self._workers, self._progress = loop, set(), asyncio.Event()
            self._mailboxes = [box for box in self._mailboxes if box.loop is loop]

    def _staff(self) -> None:
        if len(self._workers) < self.at_once:
            self._workers.add(asyncio.create_task(self._work(), name="heygen_async webhook handlers"))

    async def _work(self) -> None:
        try:
            while self._waiting:
                handling = self._waiting.popleft()
                self._progress.set()
                await _handle(handling)
        finally:  # in the very turn in which nothing was left, so that what comes next finds a worker or makes one
            self._workers.discard(cast("asyncio.Task[None]", asyncio.current_task()))


async def _handle(handling: _Handling) -> None:
    """Call a handler. One that fails is its own affair."""
    event, handler = handling.event, handling.handler
    try:
        direct = iscoroutinefunction(handler)
        done = handler(event) if direct else await anyio.to_thread.run_sync(handler, event)
        if isawaitable(done):
            await done
    except asyncio.CancelledError:
        task = asyncio.current_task()
        if task is not None and task.cancelling():
            raise
        log.exception("a handler of %s was cancelled from within (event %s)", event.type, event.event_id or event.about)
    except Exception:
        log.exception("a handler of %s failed (event %s)", event.type, event.event_id or event.about)
