"""A task that is cancelled waits for its thread, and is cancelled then."""

import asyncio
import threading

import anyio
import anyio.to_thread
import pytest

from heygen_async.files.threads import in_thread

pytestmark = pytest.mark.anyio


async def test_what_a_function_returns_or_raises_comes_back() -> None:
    assert await in_thread(divmod, 7, 2) == (3, 1)
    with pytest.raises(ZeroDivisionError):
        await in_thread(divmod, 7, 0)


@pytest.mark.parametrize("times", [1, 2, 4])
@pytest.mark.parametrize("well", [True, False])
async def test_a_cancellation_is_told_when_the_thread_has_ended(times: int, well: bool, collected: None) -> None:
    begun, go, ended = threading.Event(), threading.Event(), threading.Event()

    def work() -> None:
        begun.set()
        go.wait(10)
        ended.set()
        if not well:
            raise ValueError

    task = asyncio.create_task(in_thread(work))
    await anyio.to_thread.run_sync(begun.wait)
    for _ in range(times):
        task.cancel()
        await asyncio.sleep(0)
    assert not task.done()
    go.set()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert ended.is_set()


async def test_a_scope_of_anyio_is_left_when_the_thread_has_ended_and_begins_none_afterwards() -> None:
    ended, begun = threading.Event(), threading.Event()
    with anyio.CancelScope() as scope:
        await in_thread(ended.set)
        scope.cancel()
        await in_thread(begun.set)
    assert ended.is_set()
    assert not begun.is_set()
    assert scope.cancelled_caught
