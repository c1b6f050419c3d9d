"""What ends when a run is ended, and what does not."""

import asyncio

import anyio
import pytest

from heygen_async.bulk.brake import Brake

pytestmark = pytest.mark.anyio


async def held(brake: Brake, what: str) -> bool:
    """Wait for ever in a block; return whether something has ended it."""
    with brake.submitting() if what == "submitting" else brake.watching():
        await asyncio.Event().wait()
    return True


@pytest.mark.parametrize("early", [True, False])
async def test_a_stop_ends_submissions_and_watching(early: bool) -> None:
    brake = Brake()
    if early:
        brake.stop()
    tasks = [asyncio.create_task(held(brake, what)) for what in ("submitting", "watching")]
    await anyio.lowlevel.checkpoint()
    brake.stop()
    assert await asyncio.gather(*tasks) == [True, True]
    assert (brake.stopped, brake.ending, brake.refusal) == (True, True, None)


async def test_what_concerns_all_ends_submissions_only_and_its_first_reason_is_told() -> None:
    brake, first = Brake(), ValueError("first")
    submitting, watching = (asyncio.create_task(held(brake, what)) for what in ("submitting", "watching"))
    await anyio.lowlevel.checkpoint()
    brake.submit_no_more(first)
    brake.submit_no_more(ValueError("second"))
    assert await submitting
    assert (brake.refusal, brake.ending, brake.stopped) == (first, True, False)
    assert not watching.done()
    watching.cancel()
    await asyncio.gather(watching, return_exceptions=True)


async def test_a_pause_says_whether_it_was_waited_out() -> None:
    brake = Brake()
    assert await brake.pause(anyio.lowlevel.checkpoint())
    pausing = asyncio.create_task(brake.pause(anyio.sleep_forever()))
    await anyio.lowlevel.checkpoint()
    brake.stop()
    assert not await pausing
    assert not await brake.pause(anyio.lowlevel.checkpoint())


async def test_somebody_elses_cancelling_goes_through() -> None:
    task = asyncio.create_task(held(Brake(), "submitting"))
    await anyio.lowlevel.checkpoint()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
