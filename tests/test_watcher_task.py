"""Who owns the watcher's task, and how it ends: with the last job, with the client, with its loop."""

import asyncio
from contextlib import suppress
from typing import Any

import pytest
from hands import Hands
from tidy import no_task_left, our_tasks

from heygen_async import (
    ClientMisused,
    JobTimeout,
    ManualClock,
    Video,
    VideoJob,
)
from heygen_async.api.videos import GetVideo, GetVideoStatuses

pytestmark = pytest.mark.anyio


@pytest.fixture
def hands(clock: ManualClock) -> Hands:
    return Hands(clock)


async def test_the_task_ends_with_the_last_job(hands: Hands, clock: ManualClock) -> None:
    async with no_task_left():
        job = hands.job("a")
        hands.follow(job)
        hands.follow(job)
        assert our_tasks() == {"heygen_async watcher"}
        assert repr(hands.watcher) == "<Watcher 1 open>"
        assert hands.watcher.jobs == [job]
        await clock.until_appointments()
        hands.words["a"] = "completed"
        await clock.advance(4)
    assert job.done()
    assert repr(hands.watcher) == "<Watcher 0 open>"


async def test_a_cancelled_wait_ends_alone(hands: Hands, clock: ManualClock) -> None:
    job = hands.job("a")
    given_up, kept = asyncio.ensure_future(job.wait()), asyncio.ensure_future(job.wait())
    await clock.until_appointments()
    given_up.cancel()
    with pytest.raises(asyncio.CancelledError):
        await given_up
    hands.words["a"] = "completed"
    assert (await clock.drive(kept)).id == "a"


async def test_a_job_that_is_done_is_not_followed(hands: Hands) -> None:
    job = hands.job("a", word="completed", picked_up=True)
    await job
    hands.follow(job)
    assert len(hands.watcher) == 0


async def test_closing_ends_all_waits_and_leaves_no_task(hands: Hands, clock: ManualClock) -> None:
    hands.gates[GetVideo] = asyncio.Event()
    jobs = [hands.job("slow", word="completed"), hands.job("a"), hands.job("b")]
    waits = [asyncio.ensure_future(job.wait()) for job in jobs]
    await clock.until_appointments()
    await clock.advance(2)
    assert our_tasks() >= {"heygen_async watcher", "heygen_async look slow"}
    async with no_task_left():
        await hands.watcher.aclose()
        await asyncio.wait(waits)
    for job, wait in zip(jobs, waits, strict=True):
        with pytest.raises(ClientMisused, match=f"video {job.id} goes on at HeyGen"):
            await wait
        with pytest.raises(ClientMisused, match="the client is closed"):
            await job
    assert clock.appointments == 0
    await hands.watcher.aclose()


async def test_closing_ends_all_waits_even_when_it_is_cancelled(hands: Hands, clock: ManualClock) -> None:
    wait = asyncio.ensure_future(hands.job("a").wait())
    await clock.until_appointments()
    closing = asyncio.ensure_future(hands.watcher.aclose())
    await asyncio.sleep(0)
    closing.cancel()
    with pytest.raises(ClientMisused):
        await wait
    with suppress(asyncio.CancelledError):
        await closing


async def test_closing_before_anything_was_followed_is_harmless(hands: Hands) -> None:
    hands.watcher.resume()
    async with no_task_left():
        await hands.watcher.aclose()


def test_jobs_survive_from_one_loop_to_the_next(clock: ManualClock) -> None:
    hands = Hands(clock)

    async def begin() -> VideoJob:
        job = hands.job("a")
        with pytest.raises(JobTimeout):
            await clock.drive(job.wait(timeout=10))
        return job

    async def end(job: VideoJob) -> Video:
        hands.words["a"] = "completed"
        return await clock.drive(job.wait())

    job = asyncio.run(begin())
    assert asyncio.run(end(job)).id == "a"
    assert hands.count(GetVideoStatuses) > 1


def test_a_loop_that_was_left_without_ceremony_is_survived(clock: ManualClock) -> None:
    hands, job = Hands(clock), None
    loop = asyncio.new_event_loop()

    async def begin() -> VideoJob:
        job = hands.job("a", picked_up=True)
        hands.follow(job)
        await clock.until_appointments()
        return job

    job = loop.run_until_complete(begin())
    left = asyncio.all_tasks(loop)
    hands.words["a"] = "completed"
    assert asyncio.run(_driven(clock, job)).id == "a"
    asyncio.run(hands.watcher.aclose())
    for task in left:
        task.cancel()
    loop.run_until_complete(asyncio.gather(*left, return_exceptions=True))
    loop.close()


async def _driven(clock: ManualClock, job: VideoJob) -> Video:
    return await clock.drive(job.wait())


@pytest.mark.parametrize("turns", range(6))
def test_wherever_the_first_loop_ends_the_next_one_goes_on(turns: int, clock: ManualClock) -> None:
    """A look that was begun, was about to begin, or was under way when its loop ended is made again."""
    hands, job = Hands(clock), None

    class Interrupted(Hands):
        async def send(self, request: Any, **more: Any) -> Any:
            answer = await super().send(request, **more)
            asked.set()
            for _ in range(turns):
                await asyncio.sleep(0)
            return answer

    async def begin() -> VideoJob:
        job = hands.job("a", word="completed", picked_up=True)
        hands.follow(job)
        await asked.wait()
        return job

    asked = asyncio.Event()
    hands = Interrupted(clock)
    job = asyncio.run(begin())
    assert asyncio.run(_driven(clock, job)).id == "a"
