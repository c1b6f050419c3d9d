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


@define
class Jumping(ManualClock):
    """A clock that jumps to the next appointment when its client has nothing under way, and stands still otherwise."""

    client: HeyGen | None = field(default=None, kw_only=True)

    async def drive(self, awaitable: Awaitable[T]) -> T:
        task = asyncio.ensure_future(awaitable)
        while not task.done():
            calm = 0
            while calm < TURNS:
                await asyncio.sleep(0)
                calm = 0 if self._busy() else calm + 1
            self._jump(float("inf"))
        return await task

    def _busy(self) -> bool:
        if self.client is None:
            return False
        lanes = self.client._desk.lanes
        threads = anyio.to_thread.current_default_thread_limiter().borrowed_tokens
        return bool(lanes.requests.taken or lanes.downloads.taken or threads)
