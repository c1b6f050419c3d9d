"""What must not stay behind: tasks of ours. The emulator shares the loop with the tests, so its own do not count."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import heygen_async

__all__ = ["no_task_left", "our_tasks", "settle"]

PACKAGE = str(Path(heygen_async.__file__).parent)


def our_tasks() -> set[str]:
    """Name the tasks that run code of the package."""
    return {task.get_name() for task in asyncio.all_tasks() if _ours(task.get_coro())}


def _ours(coroutine: Any) -> bool:
    code = getattr(coroutine, "cr_code", None)
    place = "" if code is None else str(code.co_filename)
    return place.startswith(PACKAGE) and "emulator" not in place.removeprefix(PACKAGE)


async def settle() -> None:
    """Let those that were just cancelled or woken have their turns."""
    for _ in range(10):
        await asyncio.sleep(0)


@asynccontextmanager
async def no_task_left() -> AsyncIterator[None]:
    """Check that no task of ours outlives the block."""
    yield
    await settle()
    assert our_tasks() == set()
