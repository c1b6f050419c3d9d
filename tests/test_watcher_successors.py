"""A job that goes on as another: the item of a batch has no id at first, and then it is a video like all others."""

import asyncio
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pytest
from hands import Hands, entry
from runs import until, video, videos
from tidy import no_task_left

from heygen_async import AvatarVideo, HeyGen, JobFailed, JobGone, Limits, ManualClock, NotPermitted, Options
from heygen_async.api.video_agents import session_kind
from heygen_async.api.videos import VIDEO_ITEM
from heygen_async.emulator import Emulator, Fault, Refuse
from heygen_async.errors import JobTimeout
from heygen_async.job import Job
from heygen_async.operation import Page
from heygen_async.options import Polling
from heygen_async.watcher import Watcher
from heygen_async.watches import Watches

pytestmark = pytest.mark.anyio

STATUSES = "/v3/videos/statuses"


def asked(emulator: Emulator, field: str) -> list[list[str]]:
    """The statuses requests that name `field`, as lists of ids."""
    queries = [parse_qs(served.query) for served in emulator.log.requests("GET", STATUSES)]
    return [query[field][0].split(",") for query in queries if field in query]


async def test_a_batch_returns_one_job_for_each_item_in_order(
    emulator: Emulator, heygen: HeyGen, clock: ManualClock
) -> None:
    sent = await heygen.videos.batches.create(videos=videos(12))
    assert [job.id for job in sent.jobs] == [f"{sent.batch_id}:{at}" for at in range(12)]
    made = await clock.drive(asyncio.gather(*sent.jobs))
    items = emulator.account.batches.find(sent.batch_id).items
    in_order = [item.id for item in items if not isinstance(item, Exception)]
    assert [one.id for one in made] == [job.id for job in sent.jobs] == in_order
    assert len(set(in_order)) == 12


async def test_items_are_asked_for_by_their_batch_until_they_have_ids(
    emulator: Emulator, heygen: HeyGen, clock: ManualClock
) -> None:
    emulator.faults.add(Fault(Refuse(403, "forbidden"), method="GET", path="/v3/videos"))  # the list
    sent = await heygen.videos.batches.create(videos=videos(12))
    await clock.drive(asyncio.gather(*sent.jobs))
    by_batch, by_id = asked(emulator, "batch_ids"), asked(emulator, "video_ids")
    assert all(ids == [sent.batch_id] for ids in by_batch)
    assert {name for ids in by_id for name in ids} == {job.id for job in sent.jobs}


async def test_items_take_no_render_slot_here_because_heygen_queues_them(
    emulator: Emulator, clock: ManualClock
) -> None:
    options = Options(limits=Limits(renders=1))
    async with HeyGen(emulator.api_key, base_url=emulator.url, clock=clock, options=options) as heygen:
        sent = await heygen.videos.batches.create(videos=videos(5))
        alone = await heygen.videos.create(video())
        await clock.drive(asyncio.gather(alone, *sent.jobs))


async def test_an_item_that_fails_before_it_has_an_id_says_why(heygen: HeyGen, clock: ManualClock) -> None:
    nobody = AvatarVideo(avatar_id="nobody", script="Hi")
    sent = await heygen.videos.batches.create(videos=[video(), nobody])
    good, bad = await clock.drive(asyncio.gather(*sent.jobs, return_exceptions=True))
    assert not isinstance(good, BaseException)
    assert isinstance(bad, JobFailed)
    assert (bad.code, "nobody" in str(bad)) == ("avatar_not_found", True)


async def test_the_jobs_of_a_batch_are_picked_up_by_its_id(
    emulator: Emulator, heygen: HeyGen, clock: ManualClock
) -> None:
    sent = await heygen.videos.batches.create(videos=videos(3))
    async with HeyGen(emulator.api_key, base_url=emulator.url, clock=clock) as another:
        jobs = await another.videos.batches.jobs(sent.batch_id)
        made = await clock.drive(asyncio.gather(*jobs))
    assert [one.id for one in made] == [job.id for job in jobs]
    assert len({one.id for one in made}) == 3


async def test_the_items_of_a_batch_that_heygen_forgets_are_gone(
    emulator: Emulator, heygen: HeyGen, clock: ManualClock
) -> None:
    sent = await heygen.videos.batches.create(videos=videos(2))
    emulator.account.batches.clear()
    ends = await clock.drive(asyncio.gather(*sent.jobs, return_exceptions=True))
    assert [type(end) for end in ends] == [JobGone, JobGone]


@pytest.mark.parametrize(("has_more", "status"), [(True, "rendering"), (False, "gone")])
async def test_what_is_not_in_an_answer_that_was_cut_is_not_gone(
    *, has_more: bool, status: str, clock: ManualClock
) -> None:
    async def send(_: Any, **__: Any) -> Any:
        return Page((), has_more=has_more)

    hands = Hands(clock)
    hands.watcher = Watcher(send, clock, Polling())
    job = Job("b:0", VIDEO_ITEM, hands, None)
    async with no_task_left():
        with pytest.raises(JobTimeout if has_more else JobGone):
            await clock.drive(job.wait(timeout=90))
        assert job.status == status
        await hands.watcher.aclose()


async def test_a_code_that_is_a_number_and_words_that_are_none_come_as_text(clock: ManualClock) -> None:
    async def send(_: Any, **__: Any) -> Any:
        error = {"code": 400, "message": {"reason": "x"}}
        return Page([entry("failed", batch_id="b", item_index=0, error=error)])

    hands = Hands(clock)
    hands.watcher = Watcher(send, clock, Polling())
    async with no_task_left():
        with pytest.raises(JobFailed) as caught:
            await clock.drive(Job("b:0", VIDEO_ITEM, hands, None).wait())
        assert (caught.value.code, caught.value.message) == ("400", "{'reason': 'x'}")
        await hands.watcher.aclose()


async def test_a_refused_statuses_call_ends_the_waits_because_items_have_no_call_of_their_own(
    emulator: Emulator, heygen: HeyGen, clock: ManualClock
) -> None:
    sent = await heygen.videos.batches.create(videos=videos(2))
    emulator.faults.add(Fault(Refuse(403, "forbidden"), path=STATUSES, times=1))
    ends = await clock.drive(asyncio.gather(*sent.jobs, return_exceptions=True))
    assert [type(end) for end in ends] == [NotPermitted, NotPermitted]
    made = await clock.drive(asyncio.gather(*sent.jobs))  # the jobs go on, and can be awaited again
    assert len(made) == 2


async def test_a_cancelled_wait_for_an_item_disturbs_no_other(heygen: HeyGen, clock: ManualClock) -> None:
    sent = await heygen.videos.batches.create(videos=videos(3))
    waits = [asyncio.ensure_future(job.wait()) for job in sent.jobs]
    await clock.until_appointments()
    waits[0].cancel()
    made = await clock.drive(asyncio.gather(*waits, return_exceptions=True))
    assert isinstance(made[0], asyncio.CancelledError)
    assert not any(isinstance(one, BaseException) for one in made[1:])


async def test_an_item_is_downloaded_like_any_video(heygen: HeyGen, clock: ManualClock, tmp_path: Path) -> None:
    sent = await heygen.videos.batches.create(videos=videos(1))
    path = await clock.drive(sent.jobs[0].download(tmp_path / "one.mp4"))
    assert path.stat().st_size > 0


async def test_a_batch_that_heygen_lists_a_moment_later_is_not_given_up(
    emulator: Emulator, heygen: HeyGen, clock: ManualClock
) -> None:
    sent = await heygen.videos.batches.create(videos=videos(2))
    hidden = dict(emulator.account.batches)
    emulator.account.batches.clear()
    waits = [asyncio.ensure_future(job.wait()) for job in sent.jobs]
    await until(clock, lambda: len(asked(emulator, "batch_ids")) > 2)
    assert not any(wait.done() for wait in waits)
    emulator.account.batches.update(hidden)
    assert len(await clock.drive(asyncio.gather(*waits))) == 2


def test_a_kind_of_one_job_only_is_not_remembered_once_it_has_ended() -> None:
    watches = Watches(Polling())
    for at in range(5):
        watches.of(session_kind(f"agent session after {at}", after=str(at)))
    assert [watch.kind.noun for watch in watches] == ["agent session after 4"]
