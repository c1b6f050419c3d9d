"""Direct uploads as somebody with curl would make them: the storage takes what was signed, and nothing else."""

import asyncio
from base64 import b64encode
from hashlib import sha256
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from visitor import ANNA, JPEG, MP3, MP4, PNG, Answer, Visitor, until, upload

from heygen_async.clock import ManualClock
from heygen_async.emulator import Emulator, storage
from heygen_async.emulator.faults import Cut, Expired, FailRender, Fault, Stuck

pytestmark = pytest.mark.anyio

SHA = sha256(MP4).hexdigest()


def described(content: bytes = MP4, kind: str = "video/mp4", **more: Any) -> dict[str, Any]:
    return {"filename": "a.mp4", "content_type": kind, "size_bytes": len(content)} | more


async def sign(visitor: Visitor, content: bytes = MP4, kind: str = "video/mp4", **more: Any) -> Any:
    return (await visitor.post("/v3/assets/direct-uploads", described(content, kind, **more))).data


async def put(visitor: Visitor, signed: Any, content: bytes = MP4, **headers: str | None) -> Answer:
    """Send bytes without a key. A header that is ``None`` stays away."""
    given = signed["upload_headers"] | {name.replace("_", "-"): value for name, value in headers.items()}
    kept = {name: value for name, value in given.items() if value is not None}
    skipped = ["Content-Type"] if "Content-Type" not in kept else []
    async with visitor.session.put(
        signed["upload_url"], data=content, headers=kept, skip_auto_headers=skipped
    ) as response:
        return Answer(response.status, response.headers, await response.read())


async def complete(visitor: Visitor, signed: Any, **body: Any) -> Answer:
    return await visitor.post(f"/v3/assets/{signed['asset_id']}/complete", body)


async def word(visitor: Visitor, asset_id: str) -> str:
    found: str = (await visitor.get("/v3/assets/statuses", asset_ids=asset_id)).data[0]["status"]
    return found


def said(answer: Answer) -> tuple[int, str]:
    """The status and the code of a storage's refusal."""
    return answer.status, answer.raw.decode().partition("<Code>")[2].partition("<")[0]


def parts(emulator: Emulator) -> list[Path]:
    assert emulator._service is not None
    return list(emulator._service.folders.uploads.iterdir())


# The three steps.


async def test_a_file_is_signed_sent_and_completed(visitor: Visitor, emulator: Emulator, clock: ManualClock) -> None:
    signed = await sign(visitor, checksum_sha256=SHA.upper())
    assert signed["status"] == "pending_upload"
    assert (signed["expires_in_seconds"], signed["max_bytes"]) == (3600, 2 * 2**30)
    assert signed["upload_headers"] == {
        "Content-Type": "video/mp4",
        "x-amz-checksum-sha256": b64encode(sha256(MP4).digest()).decode(),
    }
    assert (await put(visitor, signed)).status == 200
    assert not emulator.log.requests("PUT")[0].with_key
    done = (await complete(visitor, signed, checksum_sha256=SHA)).data
    assert (done["asset_id"], done["mime_type"], done["size_bytes"]) == (signed["asset_id"], "video/mp4", len(MP4))
    assert done["status"] == "processing"
    assert (await visitor.fetch(done["url"])).raw == MP4
    assert await word(visitor, signed["asset_id"]) == "processing"
    await clock.advance(2)
    assert await word(visitor, signed["asset_id"]) == "completed"
    assert (await complete(visitor, signed)).data["status"] == "completed"
    assert (await visitor.get(f"/v3/assets/{signed['asset_id']}")).data["name"] == "a.mp4"


async def test_it_is_no_asset_before_it_is_completed(visitor: Visitor) -> None:
    signed = await sign(visitor)
    assert await word(visitor, signed["asset_id"]) == "queued"
    link = (await visitor.get(f"/v3/assets/{signed['asset_id']}")).data["url"]
    assert (await visitor.fetch(link)).status == 404
    assert (await visitor.get("/v3/assets", username="emulator")).data == []
    body = {"type": "digital_twin", "name": "T", "file": {"type": "asset_id", "asset_id": signed["asset_id"]}}
    assert (await visitor.post("/v3/avatars", body)).refusal == (409, "asset_not_available", None)
    await put(visitor, signed)
    await complete(visitor, signed)
    assert (await visitor.post("/v3/avatars", body)).status < 300
    assert len((await visitor.get("/v3/assets", username="emulator")).data) == 1


async def test_who_completes_before_the_bytes_are_there_is_told_to_wait(visitor: Visitor) -> None:
    signed = await sign(visitor)
    answer = await complete(visitor, signed)
    assert answer.refusal == (409, "conflict", None)
    assert answer.error["message"] == "Uploaded object not found yet. Retry after the upload PUT returns 200."
    assert (await complete(visitor, {"asset_id": "nobody"})).refusal == (404, "asset_not_found", None)


async def test_a_simple_upload_is_complete_as_it_is(visitor: Visitor) -> None:
    receipt = (await upload(visitor, PNG)).data
    assert (await complete(visitor, receipt)).data == receipt | {
        "status": "completed",
        "url": (await complete(visitor, receipt)).data["url"],
    }


async def test_a_second_delete_answers_404(visitor: Visitor) -> None:
    signed = await sign(visitor)
    assert (await visitor.delete(f"/v3/assets/{signed['asset_id']}")).data == {"id": signed["asset_id"]}
    assert (await visitor.delete(f"/v3/assets/{signed['asset_id']}")).refusal == (404, "asset_not_found", None)
    assert said(await put(visitor, signed)) == (403, "AccessDenied")


async def test_the_same_key_gets_the_same_address(visitor: Visitor, emulator: Emulator) -> None:
    body = {"Idempotency-Key": "k"}
    answers = [await visitor.post("/v3/assets/direct-uploads", described(), **body) for _ in range(2)]
    assert answers[0].data == answers[1].data
    assert len(emulator.account.assets) == 1


# What is refused.


@pytest.mark.parametrize(
    ("fields", "param"),
    [
        ({"content_type": "text/plain"}, "content_type"),
        ({"size_bytes": 0}, "size_bytes"),
        ({"filename": ""}, "filename"),
        ({"checksum_sha256": "abc"}, "checksum_sha256"),
        ({"checksum_sha256": "g" * 64}, "checksum_sha256"),
        ({"multipart": True}, "multipart"),
        ({"unknown": 1}, "unknown"),
    ],
)
async def test_what_cannot_be_signed(visitor: Visitor, fields: dict[str, Any], param: str) -> None:
    answer = await visitor.post("/v3/assets/direct-uploads", described() | fields)
    assert answer.refusal == (400, "invalid_parameter", param)


@pytest.mark.parametrize(
    ("headers", "content", "expected"),
    [
        ({"Content_Type": "video/webm"}, MP4, (403, "SignatureDoesNotMatch")),
        ({"Content_Type": None}, MP4, (403, "SignatureDoesNotMatch")),
        ({"x_amz_checksum_sha256": "YWJj"}, MP4, (403, "SignatureDoesNotMatch")),
        ({}, MP4 + b"x", (403, "SignatureDoesNotMatch")),
        ({}, MP4[:-1], (403, "SignatureDoesNotMatch")),
        ({}, b"x" * len(MP4), (400, "BadDigest")),
    ],
)
async def test_what_was_not_signed_is_refused(
    visitor: Visitor, emulator: Emulator, headers: dict[str, str | None], content: bytes, expected: tuple[int, str]
) -> None:
    signed = await sign(visitor, checksum_sha256=SHA)
    assert said(await put(visitor, signed, content, **headers)) == expected
    assert (await complete(visitor, signed)).status == 409
    await until(lambda: not parts(emulator))


async def test_a_body_of_unknown_length_is_refused(visitor: Visitor) -> None:
    async def pieces() -> Any:
        yield MP4

    signed = await sign(visitor)
    async with visitor.session.put(signed["upload_url"], data=pieces(), headers=signed["upload_headers"]) as response:
        assert response.status == 411


async def test_an_address_is_good_for_an_hour_and_for_nothing_else(visitor: Visitor, clock: ManualClock) -> None:
    signed, other = await sign(visitor), await sign(visitor)
    mixed = signed | {"upload_url": signed["upload_url"].replace(signed["asset_id"], other["asset_id"])}
    assert said(await put(visitor, mixed)) == (403, "AccessDenied")
    await clock.advance(3590)
    assert (await put(visitor, signed)).status == 200
    await clock.advance(11)
    assert said(await put(visitor, other)) == (403, "AccessDenied")


async def test_an_address_can_be_said_to_have_expired(visitor: Visitor, emulator: Emulator) -> None:
    emulator.faults.add(Fault(Expired(), method="PUT", times=1))
    signed = await sign(visitor)
    assert said(await put(visitor, signed)) == (403, "AccessDenied")
    assert (await put(visitor, signed)).status == 200


async def test_what_is_completed_is_written_over_by_nobody(visitor: Visitor) -> None:
    signed = await sign(visitor)
    assert [(await put(visitor, signed)).status for _ in range(2)] == [200, 200]
    await complete(visitor, signed)
    assert said(await put(visitor, signed)) == (403, "AccessDenied")


async def test_a_simple_asset_has_no_address(visitor: Visitor, emulator: Emulator) -> None:
    receipt = (await upload(visitor, PNG)).data
    service = emulator._service
    assert service is not None
    address = emulator.url + service.signer.sign(f"/uploads/{receipt['asset_id']}", service.unix(0))
    answer = await put(visitor, {"upload_url": address, "upload_headers": {}}, PNG)
    assert said(answer) == (403, "AccessDenied")


async def test_more_than_the_limit_is_refused(visitor: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(storage, "_MOST_OTHERS", 10)
    signed = await sign(visitor)
    assert signed["max_bytes"] == 10
    assert said(await put(visitor, signed)) == (400, "EntityTooLarge")
    assert (await sign(visitor, b"PK", "application/zip"))["max_bytes"] == 200 * 2**20


async def test_a_connection_that_is_cut_leaves_no_half_file(visitor: Visitor, emulator: Emulator) -> None:
    emulator.faults.add(Fault(Cut(after=10), method="PUT"))
    signed = await sign(visitor)
    with pytest.raises(aiohttp.ClientError):
        await put(visitor, signed)
    await until(lambda: emulator.log.requests("PUT") and not parts(emulator))


async def test_a_client_that_goes_away_leaves_no_half_file(visitor: Visitor, emulator: Emulator) -> None:
    async def slowly() -> Any:
        yield MP4[:50]
        await until(lambda: parts(emulator))
        await asyncio.get_running_loop().create_future()

    signed = await sign(visitor)
    headers = signed["upload_headers"] | {"Content-Length": str(len(MP4))}
    sending = asyncio.create_task(
        visitor.session.put(signed["upload_url"], data=slowly(), headers=headers).__aenter__()
    )
    await until(lambda: parts(emulator))
    sending.cancel()
    await asyncio.wait([sending])
    await until(lambda: emulator.log.requests("PUT") and not parts(emulator))


# What HeyGen finds when it looks.


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        ("image/png", PNG),
        ("image/jpg", JPEG),
        ("audio/x-wav", b"RIFF\0\0\0\0WAVEfmt "),
        ("audio/mp3", MP3),
        ("application/zip", b"PK\x03\x04rest"),
        ("application/x-subrip", b"1\n00:00:00,000 --> 00:00:01,000\nHi\n"),
    ],
)
async def test_all_kinds_can_be_uploaded(visitor: Visitor, kind: str, content: bytes) -> None:
    signed = await sign(visitor, content, kind)
    assert (await put(visitor, signed, content)).status == 200
    found = (await complete(visitor, signed)).data["mime_type"]
    assert found == {"image/jpg": "image/jpeg", "audio/x-wav": "audio/wav", "audio/mp3": "audio/mpeg"}.get(kind, kind)


async def test_a_file_that_is_something_else_is_found_out(visitor: Visitor) -> None:
    signed = await sign(visitor, PNG, "image/jpeg")
    await put(visitor, signed, PNG)
    answer = await complete(visitor, signed)
    assert answer.refusal == (400, "invalid_parameter", "content_type")
    assert answer.error["message"] == "Content type not match image/png != image/jpeg"


async def test_another_checksum_is_found_out(visitor: Visitor) -> None:
    signed = await sign(visitor, checksum_sha256=SHA)
    await put(visitor, signed)
    assert (await complete(visitor, signed, checksum_sha256="0" * 64)).refusal == (
        400,
        "invalid_parameter",
        "checksum_sha256",
    )


async def test_processing_can_fail_or_never_end(visitor: Visitor, emulator: Emulator, clock: ManualClock) -> None:
    emulator.faults.add(Fault(FailRender("corrupt", "No frames"), path="*/complete", times=1))
    emulator.faults.add(Fault(Stuck(), path="*/complete", times=1))
    ids = []
    for _ in range(2):
        signed = await sign(visitor)
        await put(visitor, signed)
        await complete(visitor, signed)
        ids.append(signed["asset_id"])
    await clock.advance(1e6)
    failed, stuck = (await visitor.get("/v3/assets/statuses", asset_ids=",".join(ids))).data
    assert (failed["status"], failed["error"]) == ("failed", {"code": "corrupt", "message": "No frames"})
    assert stuck["status"] == "processing"
    assert [asset["id"] for asset in (await visitor.get("/v3/assets", username="emulator")).data] == [ids[1]]
    body = {"avatar_id": ANNA, "audio_asset_id": ids[0]}
    assert (await visitor.post("/v3/videos", body)).refusal == (409, "asset_not_available", None)


# Batches.


async def test_a_batch_is_read_page_by_page(visitor: Visitor, clock: ManualClock) -> None:
    body = {"files": [described()] * 3, "title": "Footage"}
    signed = (await visitor.post("/v3/assets/direct-uploads/batches", body)).data
    batch_id = signed["batch_id"]
    for item in signed["items"][:2]:
        assert (await put(visitor, item)).status == 200
    queued = (await visitor.get(f"/v3/assets/batches/{batch_id}")).data
    assert (queued["status"], queued["counts_by_status"]) == ("processing", {"queued": 3})
    answer = await visitor.post("/v3/assets/complete/batches", {"batch_id": batch_id})
    assert (answer.status, answer.data) == (202, {"batch_id": batch_id})
    await clock.advance(2)
    first = (await visitor.get(f"/v3/assets/batches/{batch_id}", limit=2)).data
    second = (await visitor.get(f"/v3/assets/batches/{batch_id}", limit=2, token=first["next_token"])).data
    assert (first["title"], first["total_items"], first["has_more"], second["has_more"]) == ("Footage", 3, True, False)
    assert [item["status"] for item in first["items"] + second["items"]] == ["completed", "completed", "failed"]
    assert second["items"][0]["error"]["code"] == "conflict"
    assert [item["video_id"] for item in first["items"]] == [one["asset_id"] for one in signed["items"][:2]]
    statuses = (await visitor.get("/v3/assets/statuses", batch_ids=f"{batch_id},nothing")).data
    assert [entry["status"] for entry in statuses] == ["completed", "completed", "failed", "not_found"]
    again = await visitor.post("/v3/assets/complete/batches", {"batch_id": batch_id})
    assert again.status == 202


async def test_a_batch_with_a_file_that_cannot_be_signed_is_refused_whole(visitor: Visitor, emulator: Emulator) -> None:
    body = {"files": [described(), described(kind="text/plain")]}
    answer = await visitor.post("/v3/assets/direct-uploads/batches", body)
    assert answer.refusal == (400, "invalid_parameter", "files.1.content_type")
    assert (len(emulator.account.batches), len(emulator.account.assets)) == (0, 0)


async def test_a_batch_that_nobody_has_is_not_found(visitor: Visitor) -> None:
    videos = (
        await visitor.post("/v3/videos/batches", {"videos": [{"type": "avatar", "avatar_id": ANNA, "script": "Hi"}]})
    ).data
    for batch_id in ("nothing", videos["batch_id"]):
        assert (await visitor.get(f"/v3/assets/batches/{batch_id}")).refusal == (404, "resource_not_found", None)
        body = {"batch_id": batch_id}
        assert (await visitor.post("/v3/assets/complete/batches", body)).refusal == (404, "resource_not_found", None)
    assert (await visitor.get("/v3/assets/statuses")).refusal == (400, "invalid_parameter", "asset_ids")
