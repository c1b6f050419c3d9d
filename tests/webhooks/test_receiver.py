"""Whatever is delivered gets its answer first, and has an effect only if HeyGen has signed it."""

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import aclosing
from datetime import UTC, datetime
from typing import Any

import pytest
from doors import DOORS, PATH, SECRET, Door, body_of, by_asgi, deliver, headers_for
from tidy import no_task_left

from heygen_async import ClientMisused, Event, Receiver, Secret
from heygen_async.webhooks.callbacks import Callbacks
from heygen_async.webhooks.dispatch import Dispatch
from heygen_async.webhooks.webhook import LARGEST, event_of, sign

pytestmark = pytest.mark.anyio

NOW = 1_790_000_000.0
CALLBACKS = Callbacks.of("sk_V2_nobody-may-see-this")
PLAIN: dict[str, str] = {}


class Heard:
    """The jobs, which write down what they are told."""

    def __init__(self) -> None:
        self.told_of: list[str] = []
        self.hints: list[str] = []

    def told(self, ids: Sequence[str]) -> None:
        self.told_of.extend(ids)

    def hinted(self, token: str) -> None:
        self.hints.append(token)


@pytest.fixture
def heard() -> Heard:
    return Heard()


@pytest.fixture
def receiver(heard: Heard) -> Receiver:
    return Receiver(secrets=[SECRET], jobs=heard, callbacks=CALLBACKS)


def kept(receiver: Receiver) -> list[Event]:
    got: list[Event] = []

    @receiver.on()
    async def keep(event: Event) -> None:
        got.append(event)

    return got


# Answers.


@pytest.mark.parametrize("door", DOORS)
async def test_a_signed_event_reaches_jobs_and_handlers_once(door: Door, receiver: Receiver, heard: Heard) -> None:
    got = kept(receiver)
    async with no_task_left("heygen_async webhook"), receiver, door(receiver) as url:
        for _ in range(3):
            assert await deliver(url, body_of(1)) == 200
        for other_id in ("evt_2", "evt_1"):  # nobody has signed that
            assert await deliver(url, body_of(1), headers_for(body_of(1)) | {"Heygen-Event-Id": other_id}) == 200
        assert await deliver(url, body_of(3, "brand.new"), headers_for(body_of(3, "brand.new"))) == 200
        await receiver.idle()
    assert [(event.type, event.resource_id) for event in got] == [("avatar_video.success", "v1"), ("brand.new", "v3")]
    assert heard.told_of == ["v1", "v3"]


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize(("method", "status"), [("OPTIONS", 200), ("GET", 200), ("HEAD", 200), ("PUT", 405)])
async def test_a_probe_is_answered_at_once(door: Door, method: str, status: int, receiver: Receiver) -> None:
    async with door(receiver) as url:
        assert await deliver(url, b"", PLAIN, method) == status


@pytest.mark.parametrize("door", DOORS)
async def test_the_answer_does_not_wait_for_the_handlers(door: Door, receiver: Receiver) -> None:
    begun = asyncio.Event()

    @receiver.on("avatar_video.success")
    async def endless(event: Event) -> None:
        begun.set()
        await asyncio.Event().wait()

    async with no_task_left("heygen_async webhook"), receiver, door(receiver) as url:
        assert await deliver(url, body_of()) == 200
        await begun.wait()


STALE = {"Heygen-Timestamp": f"{time.time() - 400:.0f}"}
BAD = {
    "unsigned": (body_of(), PLAIN, 401),
    "wrong": (body_of(), headers_for(body_of(2)), 401),
    "another secret": (body_of(), headers_for(body_of(), Secret("whsec_of-somebody-else")), 401),
    "truncated": (body_of(), {"Signature": headers_for(body_of())["Heygen-Signature"][:-1]}, 401),
    "stale": (body_of(), headers_for(body_of()) | STALE, 401),
    "no JSON": (b"<html>", headers_for(b"<html>"), 400),
    "no object": (b"[1]", headers_for(b"[1]"), 400),
}


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("name", BAD)
async def test_what_is_not_heygens_has_no_effect(
    door: Door, name: str, receiver: Receiver, heard: Heard, caplog: pytest.LogCaptureFixture
) -> None:
    body, headers, status = BAD[name]
    got = kept(receiver)
    async with door(receiver) as url:
        assert await deliver(url, body, headers) == status
        await receiver.idle()
    assert (got, heard.told_of, heard.hints) == ([], [], [])
    lines = [record for record in caplog.records if record.name == "heygen_async.webhooks.receiver"]
    assert [record.levelno for record in lines] == [logging.WARNING]
    assert "video_id" not in caplog.text
    assert "whsec" not in caplog.text


@pytest.mark.parametrize("door", DOORS)
async def test_a_body_that_says_that_it_is_too_large_is_not_read(door: Door, receiver: Receiver) -> None:
    body = bytes(10 * 2**20)
    async with door(receiver) as url:
        host, port = url.split("/")[2].split(":")
        reader, writer = await asyncio.open_connection(host, int(port))
        head = f"POST {PATH} HTTP/1.1\r\nHost: {host}\r\nContent-Length: {len(body)}\r\nSignature: 00\r\n\r\n"
        writer.write(head.encode())
        answer = await reader.readuntil(b"\r\n")  # no byte of the body was sent
        assert b" 400 " in answer
        writer.close()
        await writer.wait_closed()


async def test_a_body_without_a_length_is_read_up_to_the_limit_only(receiver: Receiver) -> None:
    taken, sent = 0, list[Any]()

    async def receive() -> dict[str, Any]:
        nonlocal taken
        taken += 2**16
        return {"type": "http.request", "body": bytes(2**16), "more_body": True}

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {"type": "http", "method": "POST", "path": PATH, "headers": [(b"signature", b"00")]}
    await receiver(scope, receive, send)
    assert sent[0]["status"] == 400
    assert taken == LARGEST + 2**16


@pytest.mark.parametrize("door", DOORS)
async def test_a_body_in_many_chunks_is_refused_or_taken_by_its_size(door: Door, receiver: Receiver) -> None:
    async with door(receiver) as url:
        host, port = url.split("/")[2].split(":")
        for body, expected in ((body_of(padding="x" * 2**18), b" 200 "), (bytes(2 * 2**20), b" 400 ")):
            reader, writer = await asyncio.open_connection(host, int(port))
            signature = headers_for(body)["Heygen-Signature"]
            head = (
                f"POST {PATH} HTTP/1.1\r\nHost: {host}\r\nTransfer-Encoding: chunked\r\nSignature: {signature}\r\n\r\n"
            )
            writer.write(head.encode())
            for at in range(0, len(body), 2**16):
                chunk = body[at : at + 2**16]
                writer.write(f"{len(chunk):x}\r\n".encode() + chunk + b"\r\n")
            writer.write(b"0\r\n\r\n")
            assert expected in await reader.readuntil(b"\r\n")
            writer.close()


@pytest.mark.parametrize("door", DOORS)
async def test_a_caller_that_goes_away_in_the_middle_is_nobodys_trouble(
    door: Door, receiver: Receiver, heard: Heard, caplog: pytest.LogCaptureFixture
) -> None:
    async with door(receiver) as url:
        host, port = url.split("/")[2].split(":")
        _, writer = await asyncio.open_connection(host, int(port))
        writer.write(f"POST {PATH} HTTP/1.1\r\nHost: {host}\r\nContent-Length: 99\r\nSignature: 00\r\n\r\n{{".encode())
        await writer.drain()
        writer.close()
        await writer.wait_closed()
        assert await deliver(url, body_of()) == 200
    assert heard.told_of == ["v1"]
    assert "Traceback" not in caplog.text


@pytest.mark.parametrize("door", DOORS)
async def test_a_body_that_never_comes_is_not_waited_for(
    door: Door, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("heygen_async.webhooks.receiver._PATIENCE", 0.01)
    async with door(receiver) as url:
        host, port = url.split("/")[2].split(":")
        reader, writer = await asyncio.open_connection(host, int(port))
        writer.write(f"POST {PATH} HTTP/1.1\r\nHost: {host}\r\nContent-Length: 99\r\nSignature: 00\r\n\r\n".encode())
        assert b" 400 " in await reader.readuntil(b"\r\n")
        writer.close()


@pytest.mark.parametrize("length", ["-1", "many", "9" * 400])
async def test_an_odd_content_length_is_refused(length: str, receiver: Receiver) -> None:
    async def read() -> bytes:
        raise AssertionError

    assert await receiver.answer("POST", PATH, {"signature": "00", "content-length": length}, read) == 400


async def test_trouble_within_is_never_raised_into_the_server(
    receiver: Receiver, heard: Heard, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(_: Any) -> None:
        raise ZeroDivisionError("oops")

    monkeypatch.setattr(heard, "told", broken)
    async with by_asgi(receiver) as url:
        assert await deliver(url, body_of()) == 500
    assert "ZeroDivisionError" in caplog.text
    assert "video_id" not in caplog.text


# Hints.


@pytest.mark.parametrize("door", DOORS)
async def test_an_unsigned_delivery_to_the_path_of_a_job_is_a_hint_and_no_more(
    door: Door, receiver: Receiver, heard: Heard
) -> None:
    got = kept(receiver)
    async with door(receiver) as url:
        address = CALLBACKS.address(url)
        token = CALLBACKS.token(address)
        assert await deliver(address, body_of(), PLAIN) == 200
        assert await deliver(address, body_of(), {"Signature": "of-a-proxy"}) == 200
        assert await deliver(address, b"no JSON", PLAIN) == 400
        assert await deliver(f"{address[:-1]}{'A' if address[-1] != 'A' else 'B'}", body_of(), PLAIN) == 401
        await receiver.idle()
    assert heard.hints == [token, token]
    assert (heard.told_of, got) == ([], [])


async def test_a_signed_delivery_to_the_path_of_a_job_is_believed(receiver: Receiver, heard: Heard) -> None:
    async with by_asgi(receiver) as url:
        assert await deliver(CALLBACKS.address(url), body_of()) == 200
    assert (heard.told_of, heard.hints) == (["v1"], [])


async def test_a_receiver_without_a_client_takes_no_hints() -> None:
    receiver = Receiver(secrets=[SECRET.text])
    async with by_asgi(receiver) as url:
        assert await deliver(CALLBACKS.address(url), body_of(), PLAIN) == 401
        assert await deliver(url, body_of()) == 200


# Handlers and loops.


async def test_a_loop_over_events_ends_when_the_receiver_is_closed(receiver: Receiver) -> None:
    async def first_of() -> list[str | None]:
        async with aclosing(receiver.events()) as events:
            return [event.event_id async for event in events]

    async with by_asgi(receiver) as url:
        looping = asyncio.ensure_future(first_of())
        await asyncio.sleep(0)
        for at in range(3):
            assert await deliver(url, body_of(at)) == 200
        await receiver.aclose()
        assert await looping == ["evt_0", "evt_1", "evt_2"]
        assert await deliver(url, body_of(4)) == 503
    assert repr(receiver) == "<Receiver 3 events remembered, closed>"


async def test_where_handlers_are_too_far_behind_heygen_comes_again() -> None:
    gate, got = asyncio.Event(), list[str | None]()
    receiver = Receiver(secrets=[SECRET], dispatch=Dispatch(most=2, at_once=1))

    @receiver.on("avatar_video.success")
    async def slow(event: Event) -> None:
        await gate.wait()
        got.append(event.event_id)

    async with receiver, by_asgi(receiver) as url:
        answers = [await deliver(url, body_of(at)) for at in range(4)]
        assert answers == [200, 200, 200, 503]
        gate.set()
        await receiver.idle()
        assert await deliver(url, body_of(3)) == 200
        await receiver.idle()
    assert got == ["evt_0", "evt_1", "evt_2", "evt_3"]


# The rest of ASGI.


async def test_a_delivery_that_is_being_read_while_the_receiver_closes_comes_again(
    receiver: Receiver, heard: Heard
) -> None:
    got, body = kept(receiver), body_of()

    async def read() -> bytes:
        await receiver.aclose()
        return body

    async with no_task_left("heygen_async webhook"):
        assert await receiver.answer("POST", PATH, {"signature": sign(body, SECRET)}, read) == 503
    assert (heard.told_of, got) == ([], [])


async def test_a_backfill_ends_with_the_receiver() -> None:
    async def history() -> AsyncIterator[Event]:
        yield event_of(type="a", data={}, event_id="evt_1", created_at=None, signed=True)
        await receiver.aclose()

    receiver = Receiver(secrets=[SECRET], history=history)
    got = kept(receiver)
    async with no_task_left("heygen_async webhook"):
        with pytest.raises(ClientMisused, match="closed"):
            await receiver.backfill(0)
    assert got == []


async def test_a_server_that_runs_nothing_else_closes_it_at_its_end(receiver: Receiver) -> None:
    async with by_asgi(receiver):
        assert "closed" not in repr(receiver)
    assert "closed" in repr(receiver)


async def test_a_websocket_is_turned_away_and_what_is_unknown_ignored(receiver: Receiver) -> None:
    sent = list[Any]()

    async def receive() -> dict[str, Any]:
        raise AssertionError

    async def send(message: Any) -> None:
        sent.append(message)

    await receiver({"type": "websocket"}, receive, send)
    await receiver({"type": "brand new"}, receive, send)
    assert sent == [{"type": "websocket.close", "code": 1000}]


async def test_a_caller_that_is_gone_before_its_answer_is_nobodys_trouble(receiver: Receiver) -> None:
    async def receive() -> dict[str, Any]:
        return {"type": "http.disconnect"}

    async def send(_: Any) -> None:
        raise OSError("gone")

    scope = {"type": "http", "method": "POST", "path": PATH, "headers": [(b"signature", b"00")]}
    await receiver(scope, receive, send)


# Backfill.


def logged(number: int, when: float | None) -> Event:
    written = None if when is None else datetime.fromtimestamp(when, UTC).isoformat()
    data = {"video_id": f"v{number}"}
    return event_of(type="avatar_video.success", data=data, event_id=f"evt_{number}", created_at=written, signed=True)


async def test_backfill_takes_in_what_was_missed_in_its_order_and_once(heard: Heard) -> None:
    read = 0

    async def history() -> AsyncIterator[Event]:
        nonlocal read
        for at in range(100):
            read += 1
            yield logged(at, NOW - 60 * at)

    receiver = Receiver(secrets=[SECRET], jobs=heard, history=history)
    got = kept(receiver)
    async with by_asgi(receiver) as url:
        assert await deliver(url, body_of(2)) == 200
        assert await receiver.backfill(NOW - 300) == 5
        assert await receiver.backfill(datetime.fromtimestamp(NOW - 300, UTC)) == 0
        await receiver.idle()
    assert [event.event_id for event in got] == ["evt_2", "evt_5", "evt_4", "evt_3", "evt_1", "evt_0"]
    assert heard.told_of == ["v2", "v5", "v4", "v3", "v1", "v0"]
    assert read == 2 * 17  # ten minutes more than asked for, because the log may not be quite in order


async def test_backfill_reads_a_log_in_another_order_to_its_end() -> None:
    async def history() -> AsyncIterator[Event]:
        for at in range(100):
            yield logged(at, None if at == 50 else NOW + 60 * at)

    receiver = Receiver(history=history)
    assert await receiver.backfill(NOW + 60 * 90) == 11


async def test_backfill_waits_for_handlers_that_are_behind() -> None:
    async def history() -> AsyncIterator[Event]:
        for at in range(100):
            yield logged(at, NOW)

    receiver = Receiver(history=history, dispatch=Dispatch(most=3, at_once=1))
    got = kept(receiver)
    assert await receiver.backfill(NOW) == 100
    await receiver.idle()
    assert len(got) == 100


async def test_backfill_needs_a_client() -> None:
    with pytest.raises(ClientMisused, match=r"HeyGen\.receiver"):
        await Receiver().backfill(NOW)
