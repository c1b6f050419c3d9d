"""Files that are uploaded together: signed in one request, sent at once, completed in one, and a job for each."""

import asyncio
from pathlib import Path

import pytest
from recorder import Recorder
from tidy import no_task_left
from uploading import COMPLETE, PUT, SIGN, UPLOAD, clip, idle, until

from heygen_async import HeyGen, LocalFile, ManualClock
from heygen_async.api.assets import Assets, StoredAsset
from heygen_async.api.direct_uploads import DirectUpload, DirectUploadBatch, DirectUploadFile, Prepared
from heygen_async.emulator import Emulator
from heygen_async.emulator.faults import Fault, Hang, Refuse
from heygen_async.errors import AnswerUnreadable, JobFailed, RequestInvalid, UploadFailed

pytestmark = pytest.mark.anyio


@pytest.fixture
def clips(tmp_path: Path) -> list[Path]:
    return [clip(tmp_path / f"{number}.mp4", 1000 + number, number) for number in range(12)]


async def test_a_batch_is_signed_sent_and_completed_with_one_job_for_each_file(
    emulator: Emulator, heygen: HeyGen, clock: ManualClock, clips: list[Path]
) -> None:
    batch = await heygen.assets.batches.upload(clips, title="Footage")
    counts = emulator.log.counts
    assert (counts[f"{SIGN}/batches"], counts[PUT], counts["POST /v3/assets/complete/batches"]) == (1, 12, 1)
    assert (counts[SIGN], counts[COMPLETE], counts[UPLOAD]) == (0, 0, 0)
    assert not any(served.with_key for served in emulator.log.requests("PUT"))
    found = await clock.drive(asyncio.gather(*(job.wait() for job in batch.jobs)))
    assert [asset.name for asset in found] == [path.name for path in clips]
    assert [asset.id for asset in found] == [job.id for job in batch.jobs]
    shown = await heygen.assets.batches.get(batch.batch_id)
    assert (shown.title, shown.status, shown.counts_by_status) == ("Footage", "completed", {"completed": 12})


async def test_the_files_of_a_batch_go_out_together_under_the_upload_limit(
    emulator: Emulator, heygen: HeyGen, clips: list[Path]
) -> None:
    emulator.faults.add(Fault(Hang(), method="PUT"))
    upload = asyncio.create_task(heygen.assets.batches.upload(clips))
    lane = heygen._desk.lanes.submissions
    await until(lambda: lane.taken == lane.limit and lane.waiting == 12 - lane.limit)
    async with no_task_left():
        upload.cancel()
        await asyncio.wait([upload])
    assert idle(heygen)
    assert lane.waiting == 0
    assert emulator.log.counts["POST /v3/assets/complete/batches"] == 0


async def test_a_batch_is_picked_up_elsewhere(
    emulator: Emulator, heygen: HeyGen, clock: ManualClock, clips: list[Path]
) -> None:
    batch = await heygen.assets.batches.upload(clips[:3])
    jobs = await heygen.assets.batches.jobs(batch.batch_id)
    found = await clock.drive(asyncio.gather(*(job.wait() for job in jobs)))
    assert [asset.id for asset in found] == [job.id for job in batch.jobs]
    assert [item.video_id async for item in heygen.assets.batches.items(batch.batch_id)] == [one.id for one in found]


async def test_a_file_that_does_not_arrive_disturbs_no_other(
    emulator: Emulator, heygen: HeyGen, clock: ManualClock, clips: list[Path]
) -> None:
    emulator.faults.add(Fault(Refuse(403, "forbidden"), method="PUT", times=1))
    batch = await clock.drive(heygen.assets.batches.upload(clips[:3]))
    outcomes = await clock.drive(asyncio.gather(*(job.wait() for job in batch.jobs), return_exceptions=True))
    failures = [one for one in outcomes if isinstance(one, JobFailed)]
    assert [failure.code for failure in failures] == ["upload_failed"]
    assert "the storage did not take" in str(failures[0])
    assert sum(isinstance(one, StoredAsset) for one in outcomes) == 2
    assert (await heygen.assets.batches.get(batch.batch_id)).counts_by_status == {"completed": 2, "failed": 1}


async def test_a_batch_of_which_nothing_arrives_is_an_error(
    emulator: Emulator, heygen: HeyGen, clips: list[Path]
) -> None:
    emulator.faults.add(Fault(Refuse(403, "forbidden"), method="PUT"))
    with pytest.raises(UploadFailed, match=r"0\.mp4"):
        await heygen.assets.batches.upload(clips[:3])
    assert emulator.log.counts["POST /v3/assets/complete/batches"] == 0


async def test_a_batch_that_is_signed_for_others_is_refused(clips: list[Path]) -> None:
    wire = Recorder([DirectUploadBatch("b1", [DirectUpload("a1", "https://storage.example/a1")])])
    with pytest.raises(AnswerUnreadable, match="2 files were to be signed, but HeyGen signed 1"):
        await Assets(wire).batches.upload(clips[:2])
    assert wire.put_to == []


async def test_everything_that_is_wrong_with_files_is_told_before_anything_is_sent(tmp_path: Path) -> None:
    wire = Recorder()
    (tmp_path / "empty.mp4").touch()
    (tmp_path / "a.bmp").write_bytes(b"BM")
    paths = [clip(tmp_path / "good.mp4"), tmp_path / "empty.mp4", tmp_path / "a.bmp", tmp_path / "missing.mp4"]
    with pytest.raises(RequestInvalid) as caught:
        await Assets(wire).batches.upload(paths)
    assert [problem.field for problem in caught.value.problems] == ["paths.1", "paths.2", "paths.3"]
    for wrong in ([], ["a.mp4"] * 101, "a.mp4"):
        with pytest.raises(RequestInvalid, match="paths: "):
            await Assets(wire).batches.upload(wrong)
    assert wire.sent == []


async def test_a_file_that_cannot_be_read_ends_the_batch_before_it_begins(
    emulator: Emulator, heygen: HeyGen, clips: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    of = Prepared.of

    async def vanishing(file: LocalFile) -> Prepared:
        if file.path == clips[1]:
            await asyncio.to_thread(file.path.unlink)
        return await of(file)

    monkeypatch.setattr(Prepared, "of", vanishing)
    with pytest.raises(RequestInvalid, match=r"1\.mp4 cannot be read"):
        await heygen.assets.batches.upload(clips[:3])
    assert not emulator.log.served


async def test_the_steps_of_a_batch_can_be_made_alone(emulator: Emulator, heygen: HeyGen) -> None:
    file = DirectUploadFile(filename="a.mp4", content_type="video/mp4", size_bytes=5)
    signed = await heygen.assets.batches.create(files=[file], idempotency_key="k")
    assert (await heygen.assets.batches.create(files=[file], idempotency_key="k")) == signed
    assert await heygen.assets.batches.complete(signed.batch_id) is None
    page = await heygen.assets.statuses(batch_ids=[signed.batch_id], asset_ids=["nobody"])
    assert [(entry.status, entry.video_id) for entry in page.items] == [
        ("not_found", "nobody"),
        ("failed", signed.items[0].asset_id),
    ]
