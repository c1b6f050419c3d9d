"""Threads for what would block the loop, with an owner and an end."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import ParamSpec, TypeVar

__all__ = ["Threads"]

P = ParamSpec("P")
T = TypeVar("T")


class Threads:
    """A few threads of our own: the loop's default ones outlive whoever used them."""

    def __init__(self, count: int, name: str) -> None:
        self._pool = ThreadPoolExecutor(count, thread_name_prefix=name)
        self._left = 0
        self._idle = asyncio.Event()
        self._idle.set()

    def submit(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> "asyncio.Future[T]":
        """Have `work` done, as soon as a thread is free."""
        loop = asyncio.get_running_loop()

        def tell(_: object) -> None:
            with suppress(RuntimeError):  # the loop was closed over our heads; nobody waits any more
                loop.call_soon_threadsafe(self._one_less)

        future = self._pool.submit(work, *args, **kwargs)
        self._left += 1
        self._idle.clear()
        future.add_done_callback(tell)
        return asyncio.wrap_future(future)

    async def run(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Do `work` in a thread and return its result. Cancelling the wait lets a running thread finish."""
        return await self.submit(work, *args, **kwargs)

    async def idle(self) -> None:
        """Wait until nothing is being done, and nothing waits to be."""
        await self._idle.wait()

    async def aclose(self) -> None:
        """Drop what has not begun, wait for what has, and end the threads."""
        self._pool.shutdown(wait=False, cancel_futures=True)
        await self.idle()
        self._pool.shutdown(wait=True)  # the threads are idle and were told to go: this is a moment

    def _one_less(self) -> None:
        self._left -= 1
        if not self._left:
            self._idle.set()
