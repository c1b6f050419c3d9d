"""Lipsyncs, through the client against the emulator."""

import asyncio
from contextlib import suppress
from pathlib import Path

import pytest
from runs import arrived, places
from tidy import no_task_left

from heygen_async import HeyGen, HeyGenError, Job, JobFailed, ManualClock, NotFound, RequestInvalid, Url
from heygen_async.api.lipsyncs import LIPSYNC, CreateLipsync, CreateLipsyncBatch, GetLipsyncStatuses, Lipsync
from heygen_async.api.media import Asset
from heygen_async.emulator import Emulator, FailRender, Fault, Hang, NoLink, ResetAfter
from heygen_async.operation import Report

pytestmark = pytest.mark.anyio

TALK, VOICE = Url("https://example.com/talk.mp4"), Url("https://example.com/voice.wav")


def lipsync(title: str = "Talk", key: str | None = None) -> CreateLipsync:
    return CreateLipsync(video=TALK, audio=VOICE, title=title, idempotency_key=key)


async def create(heygen: HeyGen, title: str = "Talk") -> Job[Lipsync]:
    return await heygen.lipsyncs.create(video=TALK, audio=VOICE, title=title)


async def test_a_lipsync_is_made_and_brought_with_its_subtitles(
    heygen: HeyGen, emulator: Emulator, clock: ManualClock, tmp_path: Path
) -> None:
    job = await create(heygen)
    assert places(heygen)[0] == 1
    made = await clock.drive(job.wait())
    assert (made.id, made.status, made.title, made.duration) == (job.id, "completed", "Talk", 5.0)
    assert "Signature" not in repr(made)
    path = await job.download(tmp_path)
    assert path.name == "Talk.mp4"
    await heygen._desk.subtitles(job, path.with_suffix(".srt"))
    assert "[speech]" in path.with_suffix(".srt").read_text("utf-8")
    assert places(heygen) == (0, 0, 0, 0)
    assert emulator.log.counts["GET /v3/lipsyncs/{lipsync_id}"] == 0  # the list showed all of it


async def test_lipsyncs_are_read_renamed_listed_and_deleted(heygen: HeyGen, clock: ManualClock) -> None:
    jobs = [await create(heygen, title) for title in ("One", "Two", "Three")]
    await clock.drive(asyncio.gather(*jobs))
    assert [one.title async for one in heygen.lipsyncs.list(limit=2)] == ["Three", "Two", "One"]
    assert (await heygen.lipsyncs.update(jobs[0].id, title="First")).title == "First"
    assert (await heygen.lipsyncs.get(jobs[0].id)).title == "First"
    statuses = await heygen.lipsyncs.statuses(lipsync_ids=[jobs[0].id, "nothing"])
    assert [entry.status for entry in statuses.items] == ["completed", "not_found"]
    assert (await heygen.lipsyncs.delete(jobs[0].id)).id == jobs[0].id
    with pytest.raises(NotFound):
        await heygen.lipsyncs.delete(jobs[0].id)


async def test_a_lipsync_is_picked_up_by_its_id(heygen: HeyGen, clock: ManualClock) -> None:
    again = heygen.lipsyncs.job((await create(heygen)).id)
    assert (await clock.drive(again.wait())).title == "Talk"


async def test_a_lipsync_that_fails_says_why(heygen: HeyGen, emulator: Emulator, clock: ManualClock) -> None:
    emulator.faults.add(Fault(FailRender(message="There is no face"), path="/v3/lipsyncs", times=1))
    with pytest.raises(JobFailed, match="There is no face"):
        await clock.drive((await create(heygen)).wait())


async def test_a_lipsync_without_its_link_is_not_done_yet(
    heygen: HeyGen, emulator: Emulator, clock: ManualClock
) -> None:
    emulator.faults.add(Fault(NoLink(times=2), path="/v3/lipsyncs", times=1))
    made = await clock.drive((await create(heygen)).wait())
    assert made.video_url
    assert emulator.log.counts["GET /v3/lipsyncs/{lipsync_id}"] == 2  # in vain, and then the list showed it all


async def test_all_tries_carry_one_key(heygen: HeyGen, emulator: Emulator, clock: ManualClock) -> None:
    emulator.faults.add(Fault(ResetAfter(), path="/v3/lipsyncs", times=1))
    await clock.drive(heygen.submit(lipsync(key="talk-1")))
    served = emulator.log.requests("POST", "/v3/lipsyncs")
    assert [one.idempotency_key for one in served] == ["talk-1", "talk-1"]
    assert len(emulator.account.wallet.entries) == 1


async def test_calls_at_once_make_what_each_asked_for(heygen: HeyGen, clock: ManualClock) -> None:
    jobs = await asyncio.gather(*(create(heygen, f"Talk {at}") for at in range(5)))
    made = await clock.drive(asyncio.gather(*jobs))
    assert [one.title for one in made] == [f"Talk {at}" for at in range(5)]
    assert places(heygen) == (0, 0, 0, 0)


async def test_a_creation_that_is_cancelled_on_its_way_leaves_nothing(heygen: HeyGen, emulator: Emulator) -> None:
    emulator.faults.add(Fault(Hang(), path="/v3/lipsyncs", times=1))
    calling = asyncio.ensure_future(create(heygen))
    await arrived(emulator)
    async with no_task_left():
        calling.cancel()
        with pytest.raises(asyncio.CancelledError):
            await calling
    assert places(heygen) == (0, 0, 0, 0)


async def test_wherever_a_creation_is_cancelled_it_leaves_nothing(heygen: HeyGen, clock: ManualClock) -> None:
    for turns in range(0, 40, 3):
        calling = asyncio.ensure_future(create(heygen))
        for _ in range(turns):
            await asyncio.sleep(0)
        calling.cancel()
        with suppress(asyncio.CancelledError, HeyGenError):
            await calling
        for made in heygen._desk.watcher.jobs:  # it was too fast for us
            await clock.drive(made.wait())
        assert places(heygen) == (0, 0, 0, 0)


async def test_a_batch_has_a_job_for_each_item(heygen: HeyGen, clock: ManualClock, tmp_path: Path) -> None:
    batches = heygen.lipsyncs.batches
    nobody = CreateLipsync(video=Asset("nothing"), audio=VOICE)
    sent = await batches.create(lipsyncs=[lipsync("One"), nobody, lipsync("Two")], title="All")
    results = await clock.drive(asyncio.gather(*sent.jobs, return_exceptions=True))
    assert [getattr(one, "title", None) for one in results] == ["One", None, "Two"]
    assert isinstance(results[1], JobFailed)
    assert results[1].code == "asset_not_found"
    batch = await batches.get(sent.batch_id, limit=2)
    assert (batch.title, batch.total_items, batch.has_more) == ("All", 3, True)
    assert [item.status async for item in batches.items(sent.batch_id)] == ["completed", "failed", "completed"]
    assert (await clock.drive(sent.jobs[2].download(tmp_path))).name == "Two.mp4"


def test_a_batch_has_one_key_and_its_items_have_none() -> None:
    with pytest.raises(RequestInvalid, match=r"lipsyncs\.1\.idempotency_key: belongs on the batch"):
        CreateLipsyncBatch(lipsyncs=[lipsync(), lipsync(key="k")])
    with pytest.raises(RequestInvalid, match="lipsyncs: has 101 entries; 1 to 100 are allowed"):
        CreateLipsyncBatch(lipsyncs=[lipsync()] * 101)
    with pytest.raises(RequestInvalid, match="lipsyncs: is required"):
        CreateLipsyncBatch(lipsyncs=None)  # type: ignore[arg-type]  # that is what is tested


def test_a_lipsync_reports_its_file_its_subtitles_and_why_it_failed() -> None:
    made = Lipsync("l", "failed", video_url="https://v", caption_url="https://s", failure_message="No face")
    assert LIPSYNC.report(made) == Report("failed", None, "No face", "https://v", "https://s")


def test_statuses_are_asked_of_something() -> None:
    GetLipsyncStatuses(batch_ids=["b"])
    with pytest.raises(RequestInvalid, match="one of lipsync_ids, batch_ids is needed"):
        GetLipsyncStatuses()
