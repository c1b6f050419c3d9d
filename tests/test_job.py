import asyncio
import gc
from collections.abc import AsyncIterator, Awaitable
from datetime import timedelta
from io import BytesIO
from os import PathLike
from pathlib import Path
from typing import Any, BinaryIO

import pytest
from attrs import define, field
from hypothesis import given
from hypothesis import strategies as st

from heygen_async.api.videos import VIDEO, AvatarVideo, Video
from heygen_async.clock import ManualClock
from heygen_async.errors import ClientMisused, HeyGenError, JobError, JobFailed, JobGone, JobTimeout, NotAuthenticated
from heygen_async.eta import Eta
from heygen_async.job import Completed, Failed, Gone, Job, Rendering, Stage, Waiting, stage
from heygen_async.operation import Report

pytestmark = pytest.mark.anyio

DONE = Video("v1", "completed", video_url="https://files/v1.mp4")


@define
class Desk:
    """A client as a job sees it: it only remembers what it was asked."""

    clock: ManualClock = field(factory=ManualClock)
    followed: list[str] = field(factory=list)
    closed: bool = False

    def eta(self, job: Job[Any], /) -> Eta | None:
        return None if self.closed else Eta(30.0, 20.0, 50.0)

    def follow(self, job: Job[Any], /) -> None:
        if self.closed:
            raise ClientMisused("the client is closed")
        self.followed.append(job.id)

    async def download(
        self, job: Job[Any], target: str | PathLike[str] | BinaryIO, /, *, overwrite: bool
    ) -> Path | None:
        await job.wait()
        return Path(target, str(overwrite)) if isinstance(target, str | PathLike) else None


@pytest.fixture
def desk() -> Desk:
    return Desk()


@pytest.fixture
def job(desk: Desk) -> Job[Video]:
    return Job("v1", VIDEO, desk)


async def settled(times: int = 3) -> None:
    for _ in range(times):
        await asyncio.sleep(0)


def complete(job: Job[Video]) -> None:
    job.settle(Report("completed", link=DONE.video_url), DONE)


async def waiting(job: Job[Video], number: int = 1) -> list[asyncio.Task[Video]]:
    """Start tasks that wait for the job, and let them begin."""
    tasks = [asyncio.create_task(job.wait()) for _ in range(number)]
    await settled()
    return tasks


# Words.


@pytest.mark.parametrize(
    ("words", "meaning"),
    [
        ("waiting queued pending pending_upload pending_consent", Stage.WAITING),
        ("processing running rendering generating thinking reviewing waiting_for_input in_progress", Stage.RENDERING),
        ("completed complete success", Stage.COMPLETED),
        ("failed error cancelled canceled", Stage.FAILED),
        ("not_found deleted", Stage.GONE),
        ("dreaming", Stage.RENDERING),
    ],
)
def test_heygens_words_in_any_case_have_one_meaning(words: str, meaning: Stage) -> None:
    for word in words.split():
        assert stage(word) is stage(word.upper()) is meaning


@given(st.text())
def test_a_word_that_is_new_is_looked_at_again(word: str) -> None:
    assert stage(word) in Stage


# Waiting.


async def test_a_job_is_awaited_for_its_result(desk: Desk, job: Job[Video]) -> None:
    (task,) = await waiting(job)
    assert desk.followed == ["v1"]
    complete(job)
    assert await task == DONE
    assert job.done()
    assert job.status == "completed"


async def test_a_job_that_is_done_is_awaited_again_without_asking_anybody(desk: Desk, job: Job[Video]) -> None:
    complete(job)
    assert await job == await job == job.result() == DONE
    assert desk.followed == []


async def test_many_wait_and_cancelling_one_leaves_the_others(job: Job[Video]) -> None:
    first, second, third = await waiting(job, 3)
    second.cancel()
    await settled()
    complete(job)
    assert [await first, await third] == [DONE, DONE]
    assert second.cancelled()
    assert not job._waiters


async def test_a_wait_goes_on_over_changes_that_are_not_the_end(job: Job[Video]) -> None:
    (task,) = await waiting(job)
    for word in ("processing", "waiting", "rendering"):
        job.settle(Report(word))
        await settled()
        assert not task.done()
    complete(job)
    assert await task == DONE


async def test_a_failed_job_raises_in_every_wait_with_code_and_message(job: Job[Video]) -> None:
    tasks = await waiting(job, 2)
    job.settle(Report("failed", "rendering_failed", "Avatar rendering timed out"))
    waits: list[Awaitable[Video]] = [*tasks, job]
    for wait in waits:
        with pytest.raises(JobFailed, match="video v1 failed: Avatar rendering timed out") as caught:
            await wait
        assert (caught.value.job, caught.value.code) == (job, "rendering_failed")


async def test_a_job_that_is_gone_raises_in_every_wait(job: Job[Video]) -> None:
    (task,) = await waiting(job)
    job.settle(Report("not_found"))
    with pytest.raises(JobGone, match="video v1"):
        await task
    assert job.status == "gone"


async def test_a_time_out_names_the_id_and_the_job_can_be_awaited_again(desk: Desk, job: Job[Video]) -> None:
    task = asyncio.create_task(job.wait(timeout=60))
    await settled()
    job.settle(Report("processing"))
    await desk.clock.advance(59)
    assert not task.done()
    await desk.clock.advance(1)
    with pytest.raises(JobTimeout, match=r"video v1 was not done after 60 s \(last seen: rendering\)") as caught:
        await task
    assert isinstance(caught.value, TimeoutError)
    (again,) = await waiting(job)
    complete(job)
    assert await again == DONE
    assert desk.clock.appointments == 0


async def test_a_time_out_can_be_a_timedelta(desk: Desk, job: Job[Video]) -> None:
    task = asyncio.create_task(job.wait(timedelta(minutes=2)))
    await settled()
    await desk.clock.advance(120)
    with pytest.raises(JobTimeout, match="after 120 s"):
        await task


@pytest.mark.parametrize("seconds", [0, -5])
async def test_no_time_at_all_is_a_look_at_what_is_known(job: Job[Video], seconds: float) -> None:
    with pytest.raises(JobTimeout):
        await job.wait(timeout=seconds)
    complete(job)
    assert await job.wait(timeout=seconds) == DONE


async def test_a_job_that_ends_at_the_very_deadline_has_ended(desk: Desk, job: Job[Video]) -> None:
    task = asyncio.create_task(job.wait(timeout=60))
    await settled()
    desk.clock._jump(60)  # the alarm rings, and before the waiter runs …
    complete(job)
    assert await task == DONE


async def test_a_wait_leaves_no_appointment_however_it_ends(desk: Desk, job: Job[Video]) -> None:
    cancelled, finished = (asyncio.create_task(job.wait(timeout=60)) for _ in range(2))
    await settled()
    assert desk.clock.appointments == 2
    cancelled.cancel()
    await settled()
    complete(job)
    await finished
    assert desk.clock.appointments == 0


async def test_a_closed_client_refuses_and_leaves_nobody_waiting(desk: Desk, job: Job[Video]) -> None:
    desk.closed = True
    with pytest.raises(ClientMisused):
        await job
    assert not job._waiters


async def test_cancelling_a_wait_by_asyncios_own_time_out_leaves_the_job(job: Job[Video]) -> None:
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0):
            await job
    complete(job)
    assert await job == DONE


# Being abandoned.


async def test_an_abandoned_job_raises_the_reason_and_can_be_awaited_again(desk: Desk, job: Job[Video]) -> None:
    error = NotAuthenticated("Unauthorized", status=401)
    tasks = await waiting(job, 2)
    job.abandon(error)
    for task in tasks:
        with pytest.raises(NotAuthenticated):
            await task
    assert not job.done()
    (again,) = await waiting(job)
    assert desk.followed == ["v1"] * 3
    complete(job)
    assert await again == DONE


async def test_abandoning_a_job_that_nobody_waits_for_is_harmless(job: Job[Video]) -> None:
    job.abandon(HeyGenError("nobody listens"))
    assert not job.done()


async def test_a_wait_that_is_cancelled_just_after_the_job_was_abandoned_logs_nothing(job: Job[Video]) -> None:
    logged: list[Any] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: logged.append(context))
    (task,) = await waiting(job)
    job.abandon(HeyGenError("nobody listens"))
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    assert task.cancelled()
    del task
    gc.collect()
    assert logged == []


async def test_abandoning_skips_a_wait_that_was_just_cancelled(job: Job[Video]) -> None:
    gone, kept = await waiting(job, 2)
    gone.cancel()
    job.abandon(HeyGenError("enough"))
    await asyncio.gather(gone, kept, return_exceptions=True)
    assert gone.cancelled()
    assert isinstance(kept.exception(), HeyGenError)


# States.


async def test_states_are_told_from_now_to_the_end_each_once(job: Job[Video]) -> None:
    seen: list[Any] = []

    async def watch() -> None:
        seen.extend([state async for state in job.states()])

    task = asyncio.create_task(watch())
    for report in (Report("queued"), Report("processing"), Report("processing"), Report("completed")):
        await settled()
        job.settle(report)
    await settled()
    complete(job)
    await task
    assert seen == [Waiting(), Rendering("processing"), Rendering("completed"), Completed(DONE)]


async def test_progress_is_a_change_of_state_where_heygen_tells_it(job: Job[Video]) -> None:
    seen: list[Any] = []

    async def watch() -> None:
        seen.extend([state async for state in job.states()])

    task = asyncio.create_task(watch())
    for progress in (None, 30, 30, 70):
        await settled()
        job.settle(Report("running", progress=progress))
    await settled()
    complete(job)
    await task
    assert seen[1:-1] == [Rendering("running"), Rendering("running", 30), Rendering("running", 70)]


@pytest.mark.parametrize(
    ("report", "last"),
    [(Report("failed", "c", "m"), Failed("c", "m")), (Report("not_found"), Gone()), (Report("cancelled"), Failed())],
)
async def test_a_bad_end_is_a_state_and_no_error(job: Job[Video], report: Report, last: Any) -> None:
    job.settle(report)
    assert [state async for state in job.states()] == [last]


async def test_states_raise_when_the_job_is_abandoned(job: Job[Video]) -> None:
    async def watch() -> None:
        async for _ in job.states():
            pass

    task = asyncio.create_task(watch())
    await settled()
    job.abandon(NotAuthenticated("Unauthorized", status=401))
    with pytest.raises(NotAuthenticated):
        await task


async def test_whoever_stops_looking_at_states_leaves_nothing_behind(job: Job[Video]) -> None:
    states: AsyncIterator[Any] = job.states()
    assert await anext(states) == Waiting()
    task = asyncio.ensure_future(anext(states))
    await settled()
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    assert not job._waiters


# Being settled.


def test_completed_without_the_answer_still_renders(job: Job[Video]) -> None:
    job.settle(Report("completed"))
    assert job.state == Rendering("completed")
    assert not job.done()


@given(st.lists(st.sampled_from(["queued", "processing", "completed", "failed", "not_found", "new"]), max_size=8))
def test_a_terminal_state_stays(words: list[str]) -> None:
    job: Job[Video] = Job("v1", VIDEO, Desk())
    ends = []
    for word in words:
        job.settle(Report(word), DONE if word == "completed" else None)
        ends += [job.state] if job.done() else []
    assert all(state is ends[0] for state in ends)
    assert job.done() == bool({"completed", "failed", "not_found"} & set(words))


async def test_whoever_wants_to_know_of_the_end_is_told_once(job: Job[Video]) -> None:
    told: list[str] = []
    job.on_leaving(lambda: told.append("first"))
    job.on_leaving(lambda: told.append("second"))
    job.settle(Report("processing"))
    assert told == []
    complete(job)
    job.settle(Report("failed"))
    job.abandon(HeyGenError("late"))
    assert told == ["first", "second"]


async def test_whoever_asks_after_the_end_is_told_at_once(job: Job[Video]) -> None:
    told: list[str] = []
    complete(job)
    job.on_leaving(lambda: told.append("now"))
    assert told == ["now"]


async def test_being_abandoned_is_a_leave_too_and_happens_once(job: Job[Video]) -> None:
    told: list[str] = []
    job.on_leaving(lambda: told.append("left"))
    job.abandon(HeyGenError("closed"))
    complete(job)
    assert told == ["left"]


# Looking at it.


def test_the_result_is_there_only_at_the_end(job: Job[Video]) -> None:
    with pytest.raises(JobError, match="video v1 is not done yet"):
        job.result()
    job.settle(Report("failed"))
    with pytest.raises(JobFailed, match="gave no reason"):
        job.result()


def test_a_job_is_recognized_by_its_repr(job: Job[Video]) -> None:
    assert repr(job) == "<Job video v1 waiting>"
    job.settle(Report("generating"))
    assert repr(job) == "<Job video v1 rendering>"


def test_a_job_remembers_what_started_it(desk: Desk) -> None:
    request = AvatarVideo(avatar_id="a", script="Hi")
    job = Job("v1", VIDEO, desk, request)
    job.settle(Report("failed"))
    with pytest.raises(JobFailed) as caught:
        job.result()
    assert caught.value.request is request


async def test_a_download_is_the_clients_and_waits_for_the_end(job: Job[Video]) -> None:
    to_path = asyncio.create_task(job.download("videos", overwrite=True))
    to_file = asyncio.create_task(job.download(BytesIO()))
    await settled()
    assert not to_path.done()
    complete(job)
    assert await to_path == Path("videos", "True")
    await to_file


# One loop after the other.


def test_a_job_outlives_an_event_loop(desk: Desk, job: Job[Video]) -> None:
    async def lose_patience() -> None:
        tasks = await waiting(job, 2)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def finish() -> Video:
        (task,) = await waiting(job)
        complete(job)
        return await task

    async def abandoned_on_exit() -> None:
        asyncio.create_task(job.wait())  # noqa: RUF006  # `asyncio.run` cancels it, which is the point
        await settled()

    asyncio.run(lose_patience())
    asyncio.run(abandoned_on_exit())
    assert asyncio.run(finish()) == DONE
    assert asyncio.run(job.wait()) == DONE
    assert not job._waiters


async def test_a_job_says_when_it_will_be_done_as_far_as_the_client_knows(job: Job[Video], desk: Desk) -> None:
    assert job.eta == Eta(30.0, 20.0, 50.0)
    desk.closed = True
    assert job.eta is None
    job.settle(Report("completed"), DONE)
    assert job.eta == Eta(0.0, 0.0, 0.0)
