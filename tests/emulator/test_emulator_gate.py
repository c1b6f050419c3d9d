"""What every request passes: the key, the id, HeyGen's errors, and a line in the log."""

import asyncio
import logging

import aiohttp
import pytest
from visitor import Visitor

from heygen_async.clock import ManualClock
from heygen_async.emulator import Emulator
from heygen_async.emulator.gate import Gate

pytestmark = pytest.mark.anyio

UNAUTHORIZED = {
    "error": {
        "code": "unauthorized",
        "message": "Unauthorized",
        "doc_url": "https://developers.heygen.com/docs/error-codes#unauthorized",
    }
}


@pytest.mark.parametrize(
    "headers",
    [
        {"x-api-key": "k"},
        {"X-Api-Key": "k"},
        {"X-API-KEY": " k "},
        {"Authorization": "Bearer k"},
        {"authorization": "bearer k"},
        {"x-api-key": "", "Authorization": "Bearer k"},
    ],
)
async def test_any_key_opens_however_it_is_sent(emulator: Emulator, headers: dict[str, str]) -> None:
    async with (
        aiohttp.ClientSession() as session,
        session.get(f"{emulator.url}/v3/users/me", headers=headers) as answer,
    ):
        assert answer.status == 200
    assert emulator.log.served[-1].with_key


@pytest.mark.parametrize(
    "headers", [{}, {"x-api-key": ""}, {"x-api-key": "  "}, {"Authorization": "Basic k"}, {"Authorization": "Bearer"}]
)
@pytest.mark.parametrize("path", ["/v3/users/me", "/v3/nowhere"])
async def test_without_a_key_nothing_opens(emulator: Emulator, headers: dict[str, str], path: str) -> None:
    async with aiohttp.ClientSession() as session, session.get(emulator.url + path, headers=headers) as answer:
        assert answer.status == 401
        assert await answer.json() == UNAUTHORIZED
    assert not emulator.log.served[-1].with_key


async def test_where_there_is_one_key_no_other_opens(clock: ManualClock) -> None:
    async with (
        Emulator(clock=clock, synthetic=2000, api_key="sk_V2_right") as emulator,
        aiohttp.ClientSession() as session,
    ):
        assert emulator.api_key == "sk_V2_right"
        for key, status in (("sk_V2_right", 200), ("sk_V2_wrong", 401), ("é", 401)):
            async with session.get(f"{emulator.url}/v3/users/me", headers={"x-api-key": key}) as answer:
                assert answer.status == status


async def test_a_key_that_is_no_text_opens_nothing(clock: ManualClock) -> None:
    async with Emulator(clock=clock, synthetic=2000, api_key="right") as emulator:
        host, _, port = emulator.url.removeprefix("http://").partition(":")
        reader, writer = await asyncio.open_connection(host, int(port))
        writer.write(b"GET /v3/users/me HTTP/1.1\r\nHost: x\r\nx-api-key: \xff\xfe\r\nConnection: close\r\n\r\n")
        assert (await reader.read()).startswith(b"HTTP/1.1 401 ")
        writer.close()
        await writer.wait_closed()


async def test_every_answer_has_an_id_which_is_in_the_log(visitor: Visitor, emulator: Emulator) -> None:
    answers = [
        await visitor.get("/v3/users/me"),
        await visitor.get("/v3/nowhere"),
        await visitor.post("/v3/videos", {}),
        await visitor.fetch(f"{emulator.url}/files/video/none.mp4"),
    ]
    ids = [answer.headers["X-Request-Id"] for answer in answers]
    assert len(set(ids)) == 4
    assert [served.request_id for served in emulator.log.served] == ids
    assert [served.status for served in emulator.log.served] == [200, 404, 400, 403]


async def test_the_log_says_what_was_asked(visitor: Visitor, emulator: Emulator, clock: ManualClock) -> None:
    await clock.advance(7)
    await visitor.get("/v3/videos/abc", x="1", y="2")
    served = emulator.log.requests("GET", "/v3/videos/*")[0]
    assert (served.method, served.path, served.query, served.status, served.at) == (
        "GET",
        "/v3/videos/abc",
        "x=1&y=2",
        404,
        7,
    )
    assert (served.idempotency_key, served.replayed) == (None, False)
    assert emulator.log.counts == {"GET /v3/videos/{video_id}": 1}
    assert emulator.log.requests("POST") == []


async def test_unknown_paths_and_methods_are_refused_in_heygens_form(visitor: Visitor) -> None:
    assert (await visitor.get("/v3/nowhere")).refusal == (404, "not_found", None)
    answer = await visitor.send("PUT", "/v3/videos")
    assert answer.refusal == (405, "method_not_allowed", None)
    assert (await visitor.get("/")).refusal == (404, "not_found", None)


async def test_a_mistake_in_the_emulator_is_a_500_that_its_log_explains(
    visitor: Visitor, emulator: Emulator, caplog: pytest.LogCaptureFixture
) -> None:
    emulator.account.voices.clear()
    emulator.account.groups["broken"] = None  # type: ignore[assignment]  # that is the mistake
    with caplog.at_level(logging.ERROR, "heygen_async.emulator"):
        answer = await visitor.get("/v3/avatars")
    assert answer.refusal == (500, "internal_error", None)
    assert "GET /v3/avatars went wrong inside the emulator" in caplog.text


async def test_requests_and_notes_are_logged(visitor: Visitor, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, "heygen_async.emulator"):
        await visitor.get("/v3/videos/YOUR_VIDEO_ID", secret="s")
        await visitor.create(voice_id="YOUR_VOICE_ID")
    assert caplog.messages[0] == "GET /v3/videos/YOUR_VIDEO_ID 404"
    assert caplog.messages[1].startswith("YOUR_VOICE_ID is a placeholder of HeyGen's samples")


async def test_the_last_one_out_is_waited_for(emulator: Emulator) -> None:
    service = emulator._service
    assert service is not None
    gate, go_on = Gate(service), asyncio.Event()
    await gate.empty()
    gate.inside.add(asyncio.create_task(go_on.wait()))
    leaving = asyncio.create_task(gate.empty())
    await asyncio.sleep(0)
    assert not leaving.done()
    go_on.set()
    await leaving
    assert all(task.done() for task in gate.inside)
