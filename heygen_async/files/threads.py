"""Threads that nobody leaves behind: a task that is cancelled meanwhile waits for its thread, and is cancelled then.

Else the thread would go on after everybody has been told that it is over, with a file that may be somebody else's by
then.
"""

import asyncio
from collections.abc import Callable
from typing import Any, ParamSpec, TypeVar

import anyio
import anyio.lowlevel

__all__ = ["in_thread", "noted", "outwait"]

T = TypeVar("T")
P = ParamSpec("P")


async def in_thread(work: Callable[P, T], *arguments: P.args, **named: P.kwargs) -> T:
    """Call a function in a thread of the loop's executor, and return what it returns."""
    await anyio.lowlevel.checkpoint_if_cancelled()
    doing = asyncio.get_running_loop().run_in_executor(None, lambda: work(*arguments, **named))
    cancelled = await outwait(doing)
    if cancelled is not None:
        noted(doing)
        raise cancelled
    return doing.result()


async def outwait(work: "asyncio.Future[Any]") -> asyncio.CancelledError | None:
    """Wait until something has ended, however often this is cancelled; return what has cancelled it, if anything."""
    cancelled: asyncio.CancelledError | None = None
    with anyio.CancelScope(shield=True):  # a scope of anyio's cancels at every await, not once as a task does
        while not work.done():
            try:
                await asyncio.wait([work])
            except asyncio.CancelledError as error:
                cancelled = error
    return cancelled


def noted(work: "asyncio.Future[Any]") -> BaseException | None:
    """Take notice of how something has ended, whether anybody still wants to know or not; ``None``: well."""
    return None if work.cancelled() else work.exception()
