"""A clock for tests in which it matters what happened before what, however slow the machine is."""

import asyncio
from collections.abc import Awaitable
from typing import TypeVar

import anyio.to_thread
from attrs import define, field

from heygen_async import HeyGen, ManualClock

__all__ = ["Jumping"]

T = TypeVar("T")

TURNS = 25
"""Turns of the loop in which nothing may be under way before time goes on: what was woken gets to its next request."""

MOMENT = 0.0005
"""Seconds of the world until it is looked again at what is under way: whoever waits takes no processor."""


@define
class Jumping(ManualClock):
    """A clock that jumps to the next appointment when its client has nothing under way, and stands still otherwise."""

    client: HeyGen | None = field(default=None, kw_only=True)

    async def drive(self, awaitable: Awaitable[T]) -> T:
        task = asyncio.ensure_future(awaitable)
        while not task.done():
            calm = 0
            while calm < TURNS and not task.done():
                busy = self._busy()
                await asyncio.sleep(MOMENT if busy or self._perhaps() else 0)
                calm = 0 if busy else calm + 1
            self._jump(float("inf"))
        return await task

    def _busy(self) -> bool:
        """Tell whether a request, a file's bytes or a thread are under way."""
        if self.client is None:
            return False
        session = self.client._desk._connections._session
        talks = session is not None and session.connector is not None and session.connector._acquired
        threads = anyio.to_thread.current_default_thread_limiter().borrowed_tokens
        return bool(talks or threads or self.client._desk.lanes.requests.taken)

    def _perhaps(self) -> bool:
        """Tell whether a download is between two tries, and waits for this clock, or between bytes and disk."""
        return self.client is not None and self.client._desk.lanes.downloads.taken > 0
