"""The same request twice, answered once."""

import asyncio
from collections.abc import Callable

import pytest
from aiohttp import web
from visitor import ANNA, JPEG, PNG, Visitor, upload

from heygen_async.clock import ManualClock
from heygen_async.emulator import Emulator, Fault, Refuse

pytestmark = pytest.mark.anyio

BODY = {"type": "avatar", "avatar_id": ANNA, "script": "Hello!"}
KEY = {"Idempotency-Key": "order:42"}


async def test_a_key_brings_the_first_answer_again(visitor: Visitor, emulator: Emulator) -> None:
    first = await visitor.post("/v3/videos", BODY, **KEY)
    second = await visitor.post("/v3/videos", BODY, **KEY)
    assert second.raw == first.raw
    assert second.headers["X-Request-Id"] != first.headers["X-Request-Id"]
    assert len(emulator.account.videos) == len(emulator.account.wallet.entries) == 1
    assert [served.replayed for served in emulator.log.served] == [False, True]
    assert not emulator.log.notes


async def test_even_with_another_body_which_the_log_mentions(visitor: Visitor, emulator: Emulator) -> None:
    first = await visitor.post("/v3/videos", BODY, **KEY)
    second = await visitor.post("/v3/videos", BODY | {"script": "Other"}, **KEY)
    assert second.raw == first.raw
    assert emulator.log.notes[-1] == "Idempotency-Key order:42 came again with another body; it got the first answer"


async def test_a_large_body_is_compared_too(visitor: Visitor, emulator: Emulator) -> None:
    large = {"type": "photo", "name": "P", "file": {"type": "base64", "media_type": "image/png", "data": "x" * 2**19}}
    assert (await visitor.post("/v3/avatars", large, **KEY)).status == 400
    assert (await visitor.post("/v3/avatars", large, **KEY)).status == 400
    assert not any(served.replayed for served in emulator.log.served)


async def test_a_key_counts_for_its_path_only(visitor: Visitor) -> None:
    await visitor.post("/v3/videos", BODY, **KEY)
    answer = await visitor.post("/v3/avatars", {"type": "prompt", "name": "P", "prompt": "a baker"}, **KEY)
    assert answer.data["avatar_item"]["name"] == "P"


async def test_after_24_hours_a_key_is_new(visitor: Visitor, clock: ManualClock) -> None:
    first = await visitor.post("/v3/videos", BODY, **KEY)
    await clock.advance(24 * 3600 - 1)
    assert (await visitor.post("/v3/videos", BODY, **KEY)).raw == first.raw
    await clock.advance(1)
    assert (await visitor.post("/v3/videos", BODY, **KEY)).raw != first.raw


async def test_a_refused_request_leaves_no_trace(visitor: Visitor, emulator: Emulator) -> None:
    assert (await visitor.post("/v3/videos", BODY | {"script": ""}, **KEY)).status == 400
    emulator.faults.add(Fault(Refuse(500, "internal_error"), times=1))
    assert (await visitor.post("/v3/videos", BODY, **KEY)).status == 500
    assert (await visitor.post("/v3/videos", BODY, **KEY)).status == 200


async def test_while_the_first_is_at_work_the_second_is_told_so(
    visitor: Visitor, emulator: Emulator, host: Callable[..., str]
) -> None:
    arrived, go_on = asyncio.Event(), asyncio.Event()

    async def slowly(_: web.Request) -> web.Response:
        arrived.set()
        await go_on.wait()
        return web.Response(body=PNG)

    body = {"type": "image", "image": {"type": "url", "url": host(slowly)}, "audio_url": "https://example.com/a.mp3"}
    async with asyncio.TaskGroup() as group:
        first = group.create_task(visitor.post("/v3/videos", body, **KEY))
        await arrived.wait()
        answer = await visitor.post("/v3/videos", body, **KEY)
        assert answer.refusal == (409, "request_in_progress", None)
        go_on.set()
    assert (await visitor.post("/v3/videos", body, **KEY)).raw == (await first).raw
    assert len(emulator.account.videos) == 1


async def test_a_client_that_goes_away_leaves_its_key_free(
    visitor: Visitor, emulator: Emulator, host: Callable[..., str]
) -> None:
    arrived, left = asyncio.Event(), asyncio.Event()

    async def never(_: web.Request) -> web.Response:
        arrived.set()
        try:
            return await asyncio.get_running_loop().create_future()
        finally:
            left.set()

    body = {"type": "image", "image": {"type": "url", "url": host(never)}, "audio_url": "https://example.com/a.mp3"}
    task = asyncio.create_task(visitor.post("/v3/videos", body, **KEY))
    await arrived.wait()
    task.cancel()
    await left.wait()
    assert (await visitor.post("/v3/videos", BODY, **KEY)).status == 200
    assert [served.status for served in emulator.log.requests("POST")] == [None, 200]


async def test_uploads_have_keys_too(visitor: Visitor, emulator: Emulator) -> None:
    async def once(content: bytes) -> bytes:
        boundary = b'--b\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n'
        form = boundary + content + b"\r\n--b--\r\n"
        headers = {"Content-Type": "multipart/form-data; boundary=b"} | KEY
        return (await visitor.send("POST", "/v3/assets", data=form, headers=headers)).raw

    assert await once(PNG) == await once(JPEG)
    assert len(emulator.account.assets) == 1
    assert (await upload(visitor, PNG)).status == 200


@pytest.mark.parametrize("key", ["", " ", "a b", "é", "x" * 256])
async def test_a_key_that_is_none_is_refused(visitor: Visitor, key: str) -> None:
    answer = await visitor.post("/v3/videos", BODY, **{"Idempotency-Key": key})
    assert answer.refusal == (400, "invalid_parameter", "Idempotency-Key")


async def test_reads_do_not_care_for_keys(visitor: Visitor) -> None:
    answer = await visitor.send("GET", "/v3/users/me", headers={"Idempotency-Key": ""})
    assert answer.status == 200
