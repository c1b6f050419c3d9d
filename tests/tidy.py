"""What must not stay behind: tasks of ours. The emulator shares the loop with the tests, so its own do not count."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import heygen_async

__all__ = ["no_task_left", "our_tasks"]

PACKAGE = str(Path(heygen_async.__file__).parent)


def our_tasks() -> set[str]:
    """Name the tasks that run code of the package."""
    return {task.get_name() for task in asyncio.all_tasks() if _ours(task.get_coro())}


def _ours(coroutine: Any) -> bool:
    code = getattr(coroutine, "cr_code", None)
    place = "" if code is None else str(code.co_filename)
    return place.startswith(PACKAGE) and "emulator" not in place.removeprefix(PACKAGE)


async def _settle(begins: str) -> None:
    """Let those end that were just cancelled, whose names begin so: a thread they wait for may take a moment."""
    with suppress(TimeoutError):
        async with asyncio.timeout(5):
            while any(name.startswith(begins) for name in our_tasks()):  # noqa: ASYNC110  # tasks set no events
                await asyncio.sleep(0.001)


@asynccontextmanager
async def no_task_left(begins: str = "") -> AsyncIterator[None]:
    """Check that no task of ours outlives the block, or none whose name begins so."""
    yield
    await _settle(begins)
    assert [name for name in our_tasks() if name.startswith(begins)] == []
