"""Direct uploads, of one file and of a hundred: signed, sent and completed, against a storage that checks it all."""

import asyncio
import os
from hashlib import sha256
from pathlib import Path
from threading import Event
from typing import Any

import attrs
import pytest
from hosts import answer, hosted
from recorder import Recorder
from tidy import no_task_left
from uploading import COMPLETE, MP4, PUT, SIGN, UPLOAD, clip, idle, litter, until

from heygen_async import HeyGen, LocalFile, ManualClock
from heygen_async.api.assets import StoredAsset
from heygen_async.api.avatars import DigitalTwin
from heygen_async.api.direct_uploads import (
    CompletedUpload,
    CompleteUpload,
    CompleteUploadBatch,
    CreateDirectUpload,
    CreateDirectUploadBatch,
    DirectUpload,
    Prepared,
    upload_directly,
)
from heygen_async.emulator import Emulator, storage
from heygen_async.emulator.faults import Cut, Expired, FailRender, Fault, Hang, Refuse, ResetAfter, ResetBefore, Stuck
from heygen_async.errors import (
    BadRequest,
    Conflict,
    ConnectionFailed,
    JobFailed,
    JobGone,
    RequestInvalid,
    UploadFailed,
)

pytestmark = pytest.mark.anyio

SIMPLE = 32 * 2**20


@pytest.fixture
def large(tmp_path: Path) -> Path:
    """A clip that is too large for the simple upload."""
    return clip(tmp_path / "large.mp4", SIMPLE + 1)


@pytest.fixture
def small(tmp_path: Path) -> Path:
    return clip(tmp_path / "small.mp4")


# One file.


async def test_what_is_too_large_for_the_simple_way_is_uploaded_directly(
    emulator: Emulator, heygen: HeyGen, large: Path
) -> None:
    receipt = await heygen.assets.upload(large)
    counts = emulator.log.counts
    assert (counts[UPLOAD], counts[SIGN], counts[PUT], counts[COMPLETE]) == (0, 1, 1, 1)
    stored = emulator.account.assets[receipt.asset_id]
    assert isinstance(stored, storage.Awaited)
    assert (stored.name, stored.size, stored.media_type) == ("large.mp4", SIMPLE + 1, "video/mp4")
    assert stored.checksum == sha256(large.read_bytes()).hexdigest()
    assert stored.path.read_bytes() == large.read_bytes()
    assert (receipt.size_bytes, receipt.mime_type) == (SIMPLE + 1, "video/mp4")
    assert receipt.url.startswith(emulator.url)
    assert idle(heygen)


async def test_up_to_32_mb_take_the_simple_way(emulator: Emulator, heygen: HeyGen, tmp_path: Path) -> None:
    await heygen.assets.upload(clip(tmp_path / "a.mp4", SIMPLE))
    assert (emulator.log.counts[UPLOAD], emulator.log.counts[SIGN]) == (1, 0)


async def test_a_small_file_is_uploaded_directly_on_request(emulator: Emulator, heygen: HeyGen, small: Path) -> None:
    receipt = await heygen.assets.upload(small, direct=True, idempotency_key="my-key")
    assert isinstance(emulator.account.assets[receipt.asset_id], storage.Awaited)
    (signed,) = emulator.log.requests("POST", "/v3/assets/direct-uploads")
    assert signed.idempotency_key == "my-key"


async def test_the_key_is_not_shown_to_the_storage(emulator: Emulator, heygen: HeyGen, small: Path) -> None:
    await heygen.assets.upload(small, direct=True)
    assert [served.with_key for served in emulator.log.requests("PUT")] == [False]


async def test_a_project_is_uploaded_directly_whatever_its_size(
    emulator: Emulator, heygen: HeyGen, tmp_path: Path
) -> None:
    path = tmp_path / "project.zip"
    path.write_bytes(b"PK\x03\x04" + bytes(100))
    assert (await heygen.assets.upload(path)).mime_type == "application/zip"
    assert emulator.log.counts[UPLOAD] == 0


async def test_further_fields_go_into_the_signing(small: Path) -> None:
    signed = DirectUpload("a1", "https://storage.example/a1?Signature=secret", {"Content-Type": "video/mp4"})
    wire = Recorder([signed, CompletedUpload("a1", status="processing")])
    prepared = await Prepared.of(LocalFile(small))
    await upload_directly(wire, prepared, extra={"new": 1})
    signing, completion = wire.sent
    assert isinstance(signing, CreateDirectUpload)
    assert signing.extra == {"new": 1}
    assert completion == CompleteUpload("a1", checksum_sha256=prepared.checksum)
    assert wire.put_to == [(prepared.snapshot, signed.upload_url, {"Content-Type": "video/mp4"})]
    assert "secret" not in repr(signed)


@pytest.mark.parametrize("name", ["naïve café.mp4", "日本語.mp4", "no \udcff text.mp4"])
async def test_a_name_arrives_as_far_as_it_is_text(
    emulator: Emulator, heygen: HeyGen, tmp_path: Path, name: str
) -> None:
    receipt = await heygen.assets.upload(clip(tmp_path / name), direct=True)
    assert emulator.account.assets[receipt.asset_id].name == name.replace("\udcff", "?")


async def test_the_first_step_can_be_made_alone(emulator: Emulator, heygen: HeyGen) -> None:
    signed = await heygen.assets.direct_uploads.create(filename="a.mp4", content_type="video/mp4", size_bytes=5)
    assert (signed.status, signed.expires_in_seconds, signed.max_bytes) == ("pending_upload", 3600, 2 * 2**30)
    assert signed.upload_headers == {"Content-Type": "video/mp4"}
    with pytest.raises(BadRequest, match="takes files whole"):
        await heygen.assets.direct_uploads.create(
            filename="a.mp4", content_type="video/mp4", size_bytes=5, multipart=True
        )


# Limits, and what is wrong with a file.


async def test_the_simple_way_is_refused_for_what_is_too_large_for_it(
    emulator: Emulator, heygen: HeyGen, large: Path
) -> None:
    with pytest.raises(RequestInvalid, match=r"large\.mp4 has 33,554,433 bytes.* takes 33,554,432"):
        await heygen.assets.upload(large, direct=False)
    assert not emulator.log.served


async def test_heygens_limit_is_named_before_anything_is_sent(
    emulator: Emulator, heygen: HeyGen, small: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(storage, "_MOST_OTHERS", 999_999)
    with pytest.raises(RequestInvalid, match=r"small\.mp4 has 1,000,000 bytes; HeyGen takes at most 999,999"):
        await heygen.assets.upload(small, direct=True)
    assert emulator.log.counts[PUT] == 0


async def test_heygen_may_name_no_limit(small: Path) -> None:
    wire = Recorder()
    await (await Prepared.of(LocalFile(small))).send(wire, DirectUpload("a", "https://storage.example/a"))
    assert len(wire.put_to) == 1


async def test_a_file_that_is_not_what_its_ending_says_is_refused_before_anything_is_sent(
    emulator: Emulator, heygen: HeyGen, tmp_path: Path
) -> None:
    path = tmp_path / "a.png"
    path.write_bytes(MP4 + bytes(100))
    with pytest.raises(RequestInvalid, match=r"a\.png is video/mp4 by its bytes, and not image/png as it is called"):
        await heygen.assets.upload(path, direct=True)
    assert not emulator.log.served


async def test_a_file_that_changes_after_it_was_read_is_not_sent(
    emulator: Emulator, heygen: HeyGen, small: Path
) -> None:
    prepared = await Prepared.of(LocalFile(small))
    os.utime(small, (1, 1))
    signed = await heygen.assets.direct_uploads.create(**prepared.described)
    with pytest.raises(RequestInvalid, match=r"small\.mp4 has changed while it was uploaded"):
        await prepared.send(heygen._desk, signed)
    await until(lambda: not litter(emulator))


# Trouble on the way.


async def test_a_reset_in_the_middle_of_a_file_begins_it_again(
    emulator: Emulator, heygen: HeyGen, clock: ManualClock, large: Path
) -> None:
    emulator.faults.add(Fault(Cut(after=10 * 2**20), method="PUT", times=2))
    emulator.faults.add(Fault(ResetBefore(), method="PUT", times=1))
    receipt = await clock.drive(heygen.assets.upload(large))
    assert emulator.account.assets[receipt.asset_id].path.stat().st_size == SIMPLE + 1
    await until(lambda: emulator.log.counts[PUT] == 4)
    assert (emulator.log.counts[SIGN], emulator.log.counts[COMPLETE]) == (1, 1)
    assert clock.now() > 3
    await until(lambda: not litter(emulator))
    assert idle(heygen)


async def test_a_file_that_never_arrives_is_given_up(
    emulator: Emulator, heygen: HeyGen, clock: ManualClock, small: Path
) -> None:
    emulator.faults.add(Fault(Cut(after=1), method="PUT"))
    with pytest.raises(ConnectionFailed):
        await clock.drive(heygen.assets.upload(small, direct=True))
    await until(lambda: emulator.log.counts[PUT] == 4)
    assert emulator.log.counts[COMPLETE] == 0
    assert idle(heygen)


async def test_an_address_that_has_expired_is_signed_anew_once(emulator: Emulator, heygen: HeyGen, small: Path) -> None:
    emulator.faults.add(Fault(Expired(), method="PUT", times=1))
    receipt = await heygen.assets.upload(small, direct=True, idempotency_key="mine")
    assert emulator.account.assets[receipt.asset_id].stage(0) == "processing"
    first, second = (served.idempotency_key for served in emulator.log.requests("POST", "*/direct-uploads"))
    assert first == "mine" != second
    emulator.faults.add(Fault(Expired(), method="PUT"))
    with pytest.raises(UploadFailed, match=r"did not take .*small\.mp4: HTTP 403: AccessDenied: Request has expired"):
        await heygen.assets.upload(small, direct=True, anew=True)
    assert emulator.log.counts[SIGN] == 4


async def test_what_the_storage_refuses_for_good_is_not_signed_again(
    emulator: Emulator, heygen: HeyGen, small: Path
) -> None:
    emulator.faults.add(Fault(Refuse(400, "bad_digest"), method="PUT"))
    with pytest.raises(UploadFailed, match=r"did not take .*small\.mp4: HTTP 400"):
        await heygen.assets.upload(small, direct=True)
    assert (emulator.log.counts[SIGN], emulator.log.counts[PUT]) == (1, 1)


@pytest.mark.parametrize(
    ("status", "said", "tries"),
    [
        (503, "<Error><Code>SlowDown</Code></Error>", 4),
        (429, "", 4),
        (400, "<Error><Code>RequestTimeout</Code><Message>Idle</Message></Error>", 4),
        (400, "<Error><Code>EntityTooLarge</Code><Message>Too large</Message></Error>", 1),
        (307, "", 1),
    ],
)
async def test_what_may_pass_is_tried_again(
    heygen: HeyGen, clock: ManualClock, small: Path, status: int, said: str, tries: int
) -> None:
    prepared = await Prepared.of(LocalFile(small))
    async with hosted(answer(status, said.encode())) as host:
        with pytest.raises(UploadFailed, match=f"HTTP {status}") as caught:
            await clock.drive(prepared.send(heygen._desk, DirectUpload("a", f"{host.url}/?Signature=secret")))
    assert len(host.heads) == tries
    assert (caught.value.status, caught.value.path) == (status, small)
    assert caught.value.retryable == (tries > 1)
    assert "secret" not in str(caught.value)


async def test_who_completes_too_early_asks_again(
    emulator: Emulator, heygen: HeyGen, clock: ManualClock, small: Path
) -> None:
    for code in ("conflict", "resource_not_ready"):
        emulator.faults.add(Fault(Refuse(409, code), path="*/complete", times=1))
    receipt = await clock.drive(heygen.assets.upload(small, direct=True))
    assert emulator.log.counts[COMPLETE] == 3
    assert 1.5 < clock.now() < 4
    assert emulator.account.assets[receipt.asset_id].stage(0) == "processing"


async def test_an_upload_that_is_never_found_is_given_up(
    emulator: Emulator, heygen: HeyGen, clock: ManualClock
) -> None:
    signed = await heygen.assets.direct_uploads.create(filename="a.mp4", content_type="video/mp4", size_bytes=5)
    with pytest.raises(Conflict, match="Uploaded object not found yet"):
        await clock.drive(heygen.assets.complete(signed.asset_id))
    assert emulator.log.counts[COMPLETE] == 4


async def test_a_completion_whose_answer_is_lost_is_made_again(
    emulator: Emulator, heygen: HeyGen, clock: ManualClock, small: Path
) -> None:
    emulator.faults.add(Fault(ResetAfter(), path="*/complete", times=1))
    await clock.drive(heygen.assets.upload(small, direct=True))
    assert (emulator.log.counts[PUT], emulator.log.counts[COMPLETE]) == (1, 2)


# Cancelled.


@pytest.mark.parametrize("where", ["*/direct-uploads", "/uploads/*", "*/complete"])
async def test_an_upload_that_is_cancelled_leaves_nothing_behind(
    emulator: Emulator, heygen: HeyGen, large: Path, where: str
) -> None:
    emulator.faults.add(Fault(Hang(), path=where))
    async with no_task_left():
        upload = asyncio.create_task(heygen.assets.upload(large))
        await until(lambda: not idle(heygen) and emulator.log.counts[SIGN] >= (where != "*/direct-uploads"))
        await asyncio.sleep(0)
        upload.cancel()
        await asyncio.wait([upload])
        assert upload.cancelled()
        assert idle(heygen)
        assert heygen._desk.uploads._assets == {}
    await until(lambda: not litter(emulator))


async def test_an_upload_that_is_cancelled_half_way_leaves_no_half_file(
    emulator: Emulator, heygen: HeyGen, small: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    append, written, go = storage._append, Event(), Event()

    def append_and_wait(path: Path, chunk: bytes) -> None:
        append(path, chunk)
        written.set()
        go.wait(10)

    monkeypatch.setattr(storage, "_append", append_and_wait)
    upload = asyncio.create_task(heygen.assets.upload(small, direct=True))
    await until(written.is_set)
    assert [part.stat().st_size > 0 for part in litter(emulator)] == [True]
    upload.cancel()
    await asyncio.wait([upload])
    assert upload.cancelled()
    assert idle(heygen)
    go.set()
    await until(lambda: emulator.log.requests("PUT") and not litter(emulator))
    (asset,) = emulator.account.assets.values()
    assert not asset.path.exists()


# In a request.


async def test_a_large_file_in_a_request_is_uploaded_once_and_looked_at_before_it_is_used(
    emulator: Emulator, heygen: HeyGen, clock: ManualClock, large: Path
) -> None:
    twins = [DigitalTwin(name=f"Twin {number}", file=LocalFile(large)) for number in range(3)]
    await clock.drive(asyncio.gather(*map(heygen.avatars.create, twins)))
    assert (emulator.log.counts[UPLOAD], emulator.log.counts[PUT]) == (0, 1)
    statuses = emulator.log.requests("GET", "/v3/assets/statuses")
    assert len(statuses) > 1
    assert max(at.at for at in statuses) <= min(at.at for at in emulator.log.requests("POST", "/v3/avatars"))


async def test_a_large_file_that_heygen_cannot_process_is_named(
    emulator: Emulator, heygen: HeyGen, clock: ManualClock, large: Path
) -> None:
    emulator.faults.add(Fault(FailRender("corrupt", "No frames"), path="*/complete", times=1))
    twin = DigitalTwin(name="Twin", file=LocalFile(large))
    with pytest.raises(UploadFailed, match=r"could not process .*large\.mp4"):
        await clock.drive(heygen.avatars.create(twin))
    assert emulator.log.counts["POST /v3/avatars"] == 0
    await clock.drive(heygen.avatars.create(twin))
    assert emulator.log.counts[PUT] == 2


async def test_a_large_file_that_heygen_looks_at_for_ever_is_used_all_the_same(
    emulator: Emulator, heygen: HeyGen, clock: ManualClock, large: Path
) -> None:
    emulator.faults.add(Fault(Stuck(), path="*/complete", times=1))
    await clock.drive(heygen.avatars.create(DigitalTwin(name="Twin", file=LocalFile(large))))
    assert clock.now() == 120


async def test_a_large_file_that_the_statuses_do_not_know_is_used_all_the_same(
    emulator: Emulator, heygen: HeyGen, clock: ManualClock, large: Path
) -> None:
    desk = heygen._desk
    send = desk.send

    async def unknowing(request: Any, **more: Any) -> Any:
        page = await send(request, **more)
        return attrs.evolve(page, items=()) if hasattr(request, "asset_ids") else page

    object.__setattr__(desk.uploads, "_desk", _With(desk, send=unknowing))
    await clock.drive(heygen.avatars.create(DigitalTwin(name="Twin", file=LocalFile(large))))
    assert clock.now() == 0


class _With:
    """Something with other attributes."""

    def __init__(self, of: Any, **others: Any) -> None:
        self._of, self._others = of, others

    def __getattr__(self, name: str) -> Any:
        return self._others[name] if name in self._others else getattr(self._of, name)


# As a job.


async def test_an_upload_is_a_job_until_heygen_has_taken_it_in(
    emulator: Emulator, heygen: HeyGen, clock: ManualClock, small: Path, tmp_path: Path
) -> None:
    receipt = await heygen.assets.upload(small, direct=True)
    job = heygen.assets.job(receipt.asset_id)
    asset = await clock.drive(job.wait())
    assert isinstance(asset, StoredAsset)
    assert (asset.id, asset.name, asset.type) == (receipt.asset_id, "small.mp4", "video")
    assert clock.now() >= 2
    (heard,) = {served.path for served in emulator.log.requests("GET", "/v3/assets/????????????????*")}
    assert heard == f"/v3/assets/{receipt.asset_id}"


async def test_an_asset_comes_back_as_it_went(
    emulator: Emulator, heygen: HeyGen, clock: ManualClock, tmp_path: Path
) -> None:
    content = {"face.png": b"\x89PNG\r\n\x1a\n", "page.pdf": b"%PDF-1.7", "all.zip": b"PK\x03\x04"}
    for name, start in content.items():
        (tmp_path / name).write_bytes(start + bytes(100))
        job = heygen.assets.job((await heygen.assets.upload(tmp_path / name)).asset_id)
        back = await clock.drive(job.download(tmp_path / f"back-{name}"))
        assert back.read_bytes() == start + bytes(100)
    await clock.drive(job.download(f"{tmp_path}/folder/"))
    assert [path.suffix for path in (tmp_path / "folder").iterdir()] == [".zip"]


async def test_an_upload_that_fails_says_why(
    emulator: Emulator, heygen: HeyGen, clock: ManualClock, small: Path
) -> None:
    emulator.faults.add(Fault(FailRender("corrupt", "No frames"), path="*/complete"))
    receipt = await heygen.assets.upload(small, direct=True)
    with pytest.raises(JobFailed, match=r"asset upload .* failed: No frames \(code corrupt\)"):
        await clock.drive(heygen.assets.job(receipt.asset_id).wait())


async def test_an_upload_that_nobody_knows_is_gone(heygen: HeyGen, clock: ManualClock) -> None:
    with pytest.raises(JobGone, match="asset upload nobody is unknown"):
        await clock.drive(heygen.assets.job("nobody").wait())


def test_what_is_signed_is_checked_before_it_is_sent() -> None:
    with pytest.raises(RequestInvalid, match=r"size_bytes: .*; filename|filename.*size_bytes"):
        CreateDirectUpload(filename="", content_type="video/mp4", size_bytes=0)
    with pytest.raises(RequestInvalid, match="checksum_sha256"):
        CompleteUpload("a", checksum_sha256="abc")
    with pytest.raises(RequestInvalid, match="files: has 0 entries"):
        CreateDirectUploadBatch(files=[])
    with pytest.raises(RequestInvalid, match="batch_id"):
        CompleteUploadBatch("")
