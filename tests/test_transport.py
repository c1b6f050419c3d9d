"""The one place that opens a connection: what it sends, what it repeats, what it makes of trouble, what it hides."""

import asyncio
import gc
import logging
import sys
import traceback
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import anyio
import attrs
import pytest
import uvloop
from hosts import Deed, Host, answer, hosted

from heygen_async import AvatarVideo, HeyGen, ManualClock
from heygen_async.api.assets import UploadAsset
from heygen_async.api.media import LocalFile
from heygen_async.api.videos import CreatedVideo, GetVideo
from heygen_async.api.voices import GetVoice, ListVoices
from heygen_async.clock import SystemClock
from heygen_async.emulator import Emulator
from heygen_async.emulator.faults import (
    Fault,
    Garbage,
    Hang,
    Happening,
    Nothing,
    Page,
    Refuse,
    RefuseUnder200,
    ResetAfter,
    ResetBefore,
)
from heygen_async.errors import (
    AnswerUnreadable,
    APIError,
    BadRequest,
    ClientMisused,
    Conflict,
    ConnectionFailed,
    HeyGenError,
    NotAuthenticated,
    NotFound,
    NotPermitted,
    OutOfCredit,
    RateLimited,
    RequestInvalid,
    RequestTimeout,
    ServerFailed,
    TooLarge,
)
from heygen_async.options import Limits, Options, Retry, Timeouts
from heygen_async.transport import ApiKey, Connections, Fetched, base_address
from heygen_async.version import __version__

pytestmark = pytest.mark.anyio

SECRET = "sk_V2_nobody-may-see-this"
SIGNED = "Expires=1&Signature=nobody-may-see-this-either~&Key-Pair-Id=K"
VOICE = GetVoice("nobody")
VIDEO = AvatarVideo(avatar_id="Anna_public_3_20240108", script="Hello!")
ONCE = Options(retry=Retry(attempts=1, patience=0))
OK = answer(body=b'{"data": {"voice_id": "nobody", "name": "Nobody"}}', Content_Type="application/json")


@asynccontextmanager
async def client_of(host: Host, options: Options = ONCE, **more: Any) -> AsyncIterator[HeyGen]:
    async with HeyGen(SECRET, base_url=host.url, options=options, **more) as client:
        yield client


@asynccontextmanager
async def unspoken(greeting: bytes = b"", events: list[str] | None = None) -> AsyncIterator[str]:
    """Give the address of a host that accepts connections, and answers no TLS handshake."""

    class Unspoken(asyncio.Protocol):
        def connection_made(self, transport: Any) -> None:
            (events if events is not None else []).append("made")
            transport.write(greeting)

        def connection_lost(self, exc: Exception | None) -> None:
            (events if events is not None else []).append("lost")

    async with await asyncio.get_running_loop().create_server(Unspoken, "127.0.0.1", 0) as server:
        yield "https://{}:{}".format(*server.sockets[0].getsockname())


def picture(folder: Path, more: bytes = b"") -> Path:
    """Write something that counts as a picture, and takes longer to send than a socket has room for."""
    path = folder / "picture.png"
    path.write_bytes(b"\x89PNG" + bytes(20 * 2**20) + more)
    return path


def keys_sent(emulator: Emulator) -> list[str | None]:
    return [served.idempotency_key for served in emulator.log.requests("POST", "/v3/videos")]


# Where the key may go.


@pytest.mark.parametrize(
    "address",
    [
        "https://api.heygen.com",
        "https://api.heygen.com/",
        "https://proxy.example/heygen",
        "http://127.0.0.1:8080",
        "http://127.9.9.9",
        "http://localhost:8080",
        "http://heygen.localhost",
        "http://[::1]:8080",
    ],
)
def test_an_address_that_keeps_the_key_is_taken(address: str) -> None:
    assert str(base_address(address)) == address.rstrip("/")


@pytest.mark.parametrize(
    "address",
    [
        "http://api.heygen.com",
        "http://192.168.0.1:8080",
        "http://0.0.0.0:8080",
        "http://localhost.example.com",
        "http://127.0.0.1.example.com",
        "http://[::2]",
    ],
)
def test_an_unencrypted_address_elsewhere_must_be_asked_for(address: str) -> None:
    with pytest.raises(ClientMisused, match=r"would send the API key unencrypted.*insecure_http"):
        HeyGen(SECRET, base_url=address)
    client = HeyGen(SECRET, base_url=address, options=Options(insecure_http=True))
    assert repr(client).startswith(f"<HeyGen {address} ")


@pytest.mark.parametrize(
    "address",
    [
        "api.heygen.com",
        "ftp://api.heygen.com",
        "https://",
        "//api.heygen.com",
        "https://[api",
        "https://api.heygen.com:99999",
        "https://api.heygen.com?version=3",
        "https://api.heygen.com#v3",
        "https://user:password@api.heygen.com",
    ],
)
def test_what_is_no_base_address_is_refused(address: str) -> None:
    with pytest.raises(ClientMisused, match="address") as caught:
        base_address(address)
    assert "password" not in str(caught.value)


def test_a_key_does_not_show_but_works() -> None:
    key = ApiKey(SECRET)
    assert key == SECRET
    assert repr(key) == "<API key>"
    assert SECRET not in repr({"x-api-key": key})


async def test_the_key_goes_to_the_api_and_not_to_the_host_of_the_files() -> None:
    async with hosted(OK) as host, client_of(host) as client:
        await client.send(VOICE)
        assert host.header("x-api-key") == SECRET
        async with client._desk.transport.fetch(f"{host.url}/video.mp4?{SIGNED}") as fetched:
            assert fetched.status == 200
        assert SECRET not in host.heads[-1]
        assert host.heads[-1].startswith(f"GET /video.mp4?{SIGNED} HTTP/1.1\r\n")


async def test_a_redirect_of_the_api_is_not_followed() -> None:
    async with hosted(OK) as elsewhere:
        moved = answer(307, b"moved", Location=f"{elsewhere.url}/v3/voices/nobody", X_Request_Id="r1")
        async with hosted(moved) as host, client_of(host) as client:
            with pytest.raises(AnswerUnreadable, match="redirects are not followed") as caught:
                await client.send(VOICE)
        assert (caught.value.status, caught.value.request_id, caught.value.request) == (307, "r1", VOICE)
        assert elsewhere.heads == []


async def test_every_request_says_who_asks() -> None:
    python = f"Python/{sys.version_info.major}.{sys.version_info.minor}"
    async with hosted(OK) as host, client_of(host) as client:
        await client.send(VOICE)
        async with client._desk.transport.fetch(host.url):
            pass
    agents = {host.header("User-Agent", at) for at in (0, 1)}
    assert agents == {f"heygen-async/{__version__} ({python}; aiohttp/{aiohttp.__version__})"}


async def test_a_base_address_with_a_path_is_kept_before_ours() -> None:
    async with (
        hosted(answer(body=b'{"data": []}')) as host,
        HeyGen(SECRET, base_url=f"{host.url}/proxy/", options=ONCE) as client,
    ):
        await client.send(ListVoices(language="English (UK)", limit=2))
    assert host.heads[0].startswith("GET /proxy/v3/voices?language=English+(UK)&limit=2 HTTP/1.1\r\n")


# Each kind of trouble, and what becomes of it.

KINDS: list[tuple[Happening, type[HeyGenError], dict[str, object]]] = [
    (Refuse(400, "invalid_parameter"), BadRequest, {"status": 400, "code": "invalid_parameter"}),
    (Refuse(401, "unauthorized"), NotAuthenticated, {"status": 401, "code": "unauthorized"}),
    (Refuse(402, "insufficient_credit"), OutOfCredit, {"status": 402, "code": "insufficient_credit"}),
    (Refuse(403, "forbidden"), NotPermitted, {"status": 403, "code": "forbidden"}),
    (Refuse(404, "voice_not_found"), NotFound, {"status": 404, "code": "voice_not_found"}),
    (Refuse(409, "conflict"), Conflict, {"status": 409, "code": "conflict"}),
    (Refuse(413, "payload_too_large"), TooLarge, {"status": 413, "code": "payload_too_large"}),
    (Refuse(429, "quota_exceeded", retry_after=7), RateLimited, {"status": 429, "retry_after": 7.0}),
    (Refuse(503, "service_unavailable"), ServerFailed, {"status": 503, "code": "service_unavailable"}),
    (RefuseUnder200("OUT_OF_LUCK"), BadRequest, {"status": 200, "code": "out_of_luck"}),
    (RefuseUnder200("rate_limit_exceeded"), RateLimited, {"status": 200, "code": "rate_limit_exceeded"}),
    (Page(502), ServerFailed, {"status": 502, "code": ""}),
    (Page(200), AnswerUnreadable, {"status": 200}),
    (Nothing(200), AnswerUnreadable, {"status": 200}),
    (Nothing(500), ServerFailed, {"status": 500, "code": ""}),
    (Garbage(), AnswerUnreadable, {"status": 200}),
    (Garbage(b"[1, 2]"), AnswerUnreadable, {"status": 200}),
    (ResetBefore(), ConnectionFailed, {"sent": True}),
    (ResetAfter(), ConnectionFailed, {"sent": True}),
    (Hang(), RequestTimeout, {"sent": True}),
]


def hides_the_key(error: BaseException, caplog: pytest.LogCaptureFixture) -> bool:
    """Whether the key is in nothing that an error, its traceback with all local variables, or the log shows."""
    shown = traceback.TracebackException.from_exception(error, capture_locals=True)
    places = ["".join(shown.format()), str(error), repr(error), repr(vars(error)), caplog.text]
    places += [repr(record.__dict__) for record in caplog.records]
    return not any(SECRET in place for place in places)


@pytest.mark.parametrize(("what", "kind", "attributes"), KINDS, ids=lambda value: str(value)[:40])
@pytest.mark.parametrize("request_", [VOICE, VIDEO], ids=["read", "write"])
async def test_trouble_becomes_the_right_error_and_shows_no_key(
    emulator: Emulator,
    clock: ManualClock,
    caplog: pytest.LogCaptureFixture,
    request_: Any,
    what: Happening,
    kind: type[HeyGenError],
    attributes: dict[str, object],
) -> None:
    caplog.set_level(logging.DEBUG)
    patience = 0.05 if isinstance(what, Hang) else 30
    options = attrs.evolve(ONCE, timeouts=Timeouts(read=patience, write=patience))
    emulator.faults.add(Fault(what))
    async with HeyGen(SECRET, base_url=emulator.url, clock=clock, options=options) as client:
        with pytest.raises(HeyGenError) as caught:
            await client.send(request_)
    error = caught.value
    assert type(error) is kind
    assert error.request is request_
    assert {name: getattr(error, name) for name in attributes} == attributes
    if isinstance(error, APIError | AnswerUnreadable):
        assert error.request_id == emulator.log.served[-1].request_id
    assert hides_the_key(error, caplog)
    assert SECRET not in repr((client, client._desk, client._desk.transport, client.voices))


async def test_a_refused_connection_is_told_apart_from_a_lost_one(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    async with hosted(OK) as gone:
        pass
    async with client_of(gone) as client:
        with pytest.raises(ConnectionFailed, match=r"could not connect to 127\.0\.0\.1") as caught:
            await client.send(VIDEO)
    assert (caught.value.sent, caught.value.request) == (False, VIDEO)
    assert hides_the_key(caught.value, caplog)


@pytest.mark.parametrize("name", ["no-such-host.invalid", "a..b", "x" * 70])
async def test_a_host_that_does_not_exist_is_a_failed_connection(name: str, caplog: pytest.LogCaptureFixture) -> None:
    async with HeyGen(SECRET, base_url=f"https://{name}", options=ONCE) as client:
        with pytest.raises(ConnectionFailed, match="could not connect to") as caught:
            await client.send(VOICE)
    assert caught.value.sent is False
    assert hides_the_key(caught.value, caplog)


async def test_a_host_that_does_not_speak_tls_is_a_failed_connection() -> None:
    async with unspoken(b"SSH-2.0\r\n") as base, HeyGen(SECRET, base_url=base, options=ONCE) as client:
        with pytest.raises(ConnectionFailed, match="could not connect") as caught:
            await client.send(VOICE)
    assert caught.value.sent is False


@pytest.mark.parametrize(
    ("parts", "reason"),
    [
        ([b"hello\r\n\r\n"], "what came is not HTTP"),
        ([b""], "Server disconnected"),
        ([answer(body=b"{}", Content_Length=10)], "payload"),
        ([Deed.RESET], "was lost"),
    ],
    ids=["no http", "no answer", "half an answer", "reset"],
)
async def test_a_lost_connection_says_how(parts: Sequence[bytes | Deed], reason: str) -> None:
    async with hosted(parts) as host, client_of(host) as client:
        with pytest.raises(
            ConnectionFailed, match=f"the connection to 127.0.0.1 was lost.*{reason}|{reason}"
        ) as caught:
            await client.send(VOICE)
    assert caught.value.sent is True
    assert type(caught.value) is ConnectionFailed


async def test_a_connection_that_takes_too_long_was_not_sent(caplog: pytest.LogCaptureFixture) -> None:
    options = attrs.evolve(ONCE, timeouts=Timeouts(connect=0.05))
    async with unspoken() as base, HeyGen(SECRET, base_url=base, options=options) as client:
        with pytest.raises(RequestTimeout, match=r"Timeouts\.connect") as caught:
            await client.send(VIDEO)
    assert (caught.value.sent, caught.value.request) == (False, VIDEO)
    assert hides_the_key(caught.value, caplog)


@pytest.mark.parametrize("change", ["nothing", "everything"])
async def test_a_file_is_uploaded_or_named(tmp_path: Path, change: str, caplog: pytest.LogCaptureFixture) -> None:
    file = LocalFile(picture(tmp_path))

    def before() -> None:
        if change == "everything":
            picture(tmp_path, b"more")

    receipt = answer(body=b'{"data": {"asset_id": "a1"}}')
    async with hosted(receipt, before=before) as host, client_of(host) as client:
        if change == "nothing":
            assert (await client.send(UploadAsset(file))).asset_id == "a1"
        else:
            with pytest.raises(RequestInvalid, match="has changed while it was uploaded") as caught:
                await client.send(UploadAsset(file))
            assert hides_the_key(caught.value, caplog)


async def test_an_answer_without_end_is_not_read_to_the_end() -> None:
    options = attrs.evolve(ONCE, limits=Limits(answer_bytes=1024))
    endless = answer(200, b" " * 5000, X_Request_Id="r1", Content_Length=10**12)
    async with hosted([endless, Deed.HANG]) as host, client_of(host, options) as client:
        with pytest.raises(AnswerUnreadable, match="larger than 1,024 bytes") as caught:
            await client.send(VOICE)
        assert (caught.value.request_id, caught.value.request) == ("r1", VOICE)
        assert not caught.value.retryable
        await host.left_alone()


# What is repeated.


async def test_a_burst_of_server_errors_is_survived(emulator: Emulator, heygen: HeyGen, clock: ManualClock) -> None:
    emulator.faults.add(Fault(Refuse(503, "service_unavailable"), times=2))
    emulator.faults.add(Fault(Page(), times=1))
    page = await clock.drive(heygen.send(ListVoices()))
    assert page.items
    assert [served.status for served in emulator.log.requests(path="/v3/voices")] == [503, 503, 502, 200]


async def test_after_so_many_tries_the_error_is_the_answer(
    emulator: Emulator, heygen: HeyGen, clock: ManualClock
) -> None:
    emulator.faults.add(Fault(ResetBefore()))
    with pytest.raises(ConnectionFailed):
        await clock.drive(heygen.send(VOICE))
    assert len(emulator.log.served) == Retry().attempts


async def test_a_refusal_is_not_repeated(emulator: Emulator, heygen: HeyGen, clock: ManualClock) -> None:
    with pytest.raises(NotFound):
        await clock.drive(heygen.send(VOICE))
    assert len(emulator.log.served) == 1


async def test_all_tries_of_a_call_carry_one_key_and_each_call_has_its_own(
    emulator: Emulator, heygen: HeyGen, clock: ManualClock
) -> None:
    emulator.faults.add(Fault(Refuse(500, "internal_error"), times=1))
    emulator.faults.add(Fault(ResetBefore(), times=1))
    await clock.drive(heygen.send(VIDEO))
    first = keys_sent(emulator)
    await clock.drive(heygen.send(VIDEO))
    assert len(first) == 3
    assert len(set(first)) == 1
    assert len(set(keys_sent(emulator))) == 2
    assert None not in keys_sent(emulator)


async def test_a_creation_whose_answer_was_lost_is_repeated_and_made_once(
    emulator: Emulator, heygen: HeyGen, clock: ManualClock
) -> None:
    emulator.faults.add(Fault(ResetAfter(), method="POST", times=1))
    receipt: CreatedVideo = await clock.drive(heygen.send(VIDEO))
    assert list(emulator.account.videos) == [receipt.video_id]
    assert [served.replayed for served in emulator.log.requests("POST")] == [False, True]
    assert len(set(keys_sent(emulator))) == 1


async def test_a_key_that_is_given_is_used(emulator: Emulator, heygen: HeyGen) -> None:
    first = await heygen.send(VIDEO, idempotency_key="order:17.a-B_9")
    again = await heygen.send(VIDEO, idempotency_key="order:17.a-B_9")
    assert first == again
    assert keys_sent(emulator) == ["order:17.a-B_9"] * 2


@pytest.mark.parametrize("key", ["", " ", "a b", "ü", "a\r\nX-Evil: 1", "k" * 256, "a/b", "key\n"])
async def test_a_key_that_heygen_would_not_take_is_refused_before_anything_is_sent(
    emulator: Emulator, heygen: HeyGen, key: str
) -> None:
    with pytest.raises(RequestInvalid, match="idempotency_key: must have 1 to 255 characters"):
        await heygen.send(VIDEO, idempotency_key=key)
    assert not emulator.log.served


async def test_429_is_waited_out_as_long_as_heygen_asks(emulator: Emulator, heygen: HeyGen, clock: ManualClock) -> None:
    emulator.faults.add(Fault(Refuse(429, "rate_limit_exceeded", retry_after=20), times=7))
    await clock.drive(heygen.send(ListVoices()))
    assert [served.at for served in emulator.log.served] == [20.0 * n for n in range(8)]


async def test_429_ends_with_the_patience(emulator: Emulator, clock: ManualClock) -> None:
    options = Options(retry=Retry(patience=60))
    emulator.faults.add(Fault(Refuse(429, "rate_limit_exceeded", retry_after=20)))
    async with HeyGen("k", base_url=emulator.url, clock=clock, options=options) as client:
        with pytest.raises(RateLimited):
            await clock.drive(client.send(VOICE))
    assert [served.at for served in emulator.log.served] == [0, 20, 40, 60]


async def test_429_cools_the_whole_client(emulator: Emulator, heygen: HeyGen, clock: ManualClock) -> None:
    emulator.faults.add(Fault(Refuse(429, "rate_limit_exceeded", retry_after=20), times=1))
    first = asyncio.create_task(heygen.send(ListVoices()))
    await clock.until_appointments(1)
    sibling = heygen.with_options(attrs.evolve(heygen.options, retry=Retry(attempts=1)))
    others = [asyncio.create_task(client.send(ListVoices(limit=1))) for client in (heygen, sibling)]
    await clock.until_appointments(3)
    assert len(emulator.log.served) == 1
    await clock.drive(asyncio.gather(first, *others))
    assert [served.at for served in emulator.log.served] == [0, 20, 20, 20]


async def test_429_holds_back_those_who_stand_in_line(emulator: Emulator, clock: ManualClock) -> None:
    options = Options(limits=Limits(requests=1))
    emulator.faults.add(Fault(Refuse(429, "rate_limit_exceeded", retry_after=20), times=1))
    async with HeyGen("k", base_url=emulator.url, clock=clock, options=options) as client:
        calls = [asyncio.create_task(client.send(ListVoices())) for _ in range(4)]
        await clock.until_appointments(4)
        assert client._desk.lanes.requests.taken == 0
        assert len(emulator.log.served) == 1
        await clock.drive(asyncio.gather(*calls))
    assert [served.at for served in emulator.log.served] == [0, 20, 20, 20, 20]


async def test_a_limit_on_requests_is_reached_and_never_passed() -> None:
    barrier = asyncio.Barrier(7)  # an answer comes when seven are under way: fewer would never get one
    options = Options(limits=Limits(requests=7))
    async with hosted(OK, before=barrier.wait) as host, client_of(host, options) as client:
        with anyio.fail_after(20):
            await asyncio.gather(*(client.send(VOICE) for _ in range(49)))
        assert client._desk.lanes.requests.taken == 0
    assert (host.most, len(host.heads)) == (7, 49)


# Pauses that somebody may end.


async def never(seconds: float) -> bool:
    """Wait for nothing: whoever called does not want another try."""
    await asyncio.sleep(0)
    return False


@pytest.mark.parametrize(
    "what", [Refuse(429, "quota_exceeded", retry_after=9), RefuseUnder200("rate_limit_exceeded")], ids=["429", "200"]
)
async def test_a_pause_can_end_a_call_that_was_surely_not_carried_out(
    emulator: Emulator, heygen: HeyGen, what: Happening
) -> None:
    emulator.faults.add(Fault(what))
    with pytest.raises(RateLimited) as caught:
        await heygen._desk.transport.call(VIDEO, pause=never)
    assert caught.value.uncertain is False
    assert len(emulator.log.served) == 1


@pytest.mark.parametrize("what", [ResetAfter(), Page(502), Nothing(200)], ids=["lost", "gateway", "empty"])
async def test_no_pause_ends_a_call_that_may_have_been_carried_out(
    emulator: Emulator, heygen: HeyGen, clock: ManualClock, what: Happening
) -> None:
    emulator.faults.add(Fault(what, times=1))
    receipt = await clock.drive(heygen._desk.transport.call(VIDEO, pause=never))
    assert list(emulator.account.videos) == [receipt.video_id]


async def test_the_wait_while_the_client_cools_down_can_be_ended_too(emulator: Emulator, heygen: HeyGen) -> None:
    heygen._desk.transport.cooldown.until = 100
    with pytest.raises(RateLimited, match="the wait for that was ended") as caught:
        await heygen._desk.transport.call(VIDEO, pause=never)
    assert (caught.value.request, caught.value.uncertain) == (VIDEO, False)
    assert not emulator.log.served


async def test_a_call_that_may_have_been_carried_out_waits_until_the_client_is_cool(
    emulator: Emulator, heygen: HeyGen, clock: ManualClock
) -> None:
    emulator.faults.add(Fault(ResetAfter(), times=1))
    call = asyncio.create_task(heygen._desk.transport.call(VIDEO, pause=never))
    await clock.until_appointments(1)
    heygen._desk.transport.cooldown.until = 100  # somebody else met a 429
    receipt = await clock.drive(call)
    assert list(emulator.account.videos) == [receipt.video_id]
    assert [served.at for served in emulator.log.served] == [0, 100]


# Cancelling.


async def until(ready: Callable[[], bool]) -> None:
    """Wait for what another end of a socket does."""
    with anyio.fail_after(5):
        while not ready():  # noqa: ASYNC110  # sockets set no events
            await asyncio.sleep(0.001)


def tasks() -> set[str]:
    """All tasks but those of the servers, which share the loop with the client here."""
    others = {repr(task.get_coro()) for task in asyncio.all_tasks()}
    return {name for name in others if "RequestHandler.start" not in name and "Host.serve" not in name}


@asynccontextmanager
async def cancelled(client: HeyGen, request: Any, ready: Callable[[], bool]) -> AsyncIterator[None]:
    """Cancel a call as soon as it is `ready`; nothing of it may be left."""
    before = tasks()
    call = asyncio.create_task(client.send(request))
    await until(ready)
    call.cancel()
    with pytest.raises(asyncio.CancelledError):
        await call
    assert client._desk.lanes.requests.taken == 0
    assert client._desk.lanes.requests.waiting == 0
    yield
    await until(lambda: not tasks() - before)


@pytest.mark.parametrize("request_", [VOICE, VIDEO], ids=["read", "write"])
@pytest.mark.parametrize(
    "parts",
    [[Deed.HANG], [answer(body=b'{"data"', Content_Length=500), Deed.HANG]],
    ids=["before the answer", "in the answer"],
)
async def test_cancelling_an_exchange_closes_its_connection(request_: Any, parts: Sequence[bytes | Deed]) -> None:
    async with hosted(parts) as host, client_of(host) as client:
        async with cancelled(client, request_, lambda: len(host.bodies) == 1):
            await host.left_alone()
        assert len(host.heads) == 1


async def test_cancelling_while_connecting_leaves_nothing() -> None:
    events: list[str] = []
    async with (
        unspoken(events=events) as base,
        HeyGen(SECRET, base_url=base, options=ONCE) as client,
        cancelled(client, VOICE, lambda: events == ["made"]),
    ):
        await until(lambda: events == ["made", "lost"])


async def test_cancelling_in_line_leaves_the_line(clock: ManualClock) -> None:
    async with hosted([Deed.HANG]) as host, client_of(host, Options(limits=Limits(requests=1))) as client:
        first = asyncio.create_task(client.send(VOICE))
        lane = client._desk.lanes.requests
        await until(lambda: bool(host.bodies))
        second = asyncio.create_task(client.send(VOICE))
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        assert (lane.taken, lane.waiting) == (1, 1)
        second.cancel()
        await asyncio.gather(second, return_exceptions=True)
        assert (lane.taken, lane.waiting) == (1, 0)
        first.cancel()
        await asyncio.gather(first, return_exceptions=True)
        assert lane.taken == 0


async def test_cancelling_a_pause_leaves_no_appointment(emulator: Emulator, heygen: HeyGen, clock: ManualClock) -> None:
    emulator.faults.add(Fault(Refuse(503, "service_unavailable")))
    async with cancelled(heygen, VIDEO, lambda: clock.appointments == 1):
        assert clock.appointments == 0


async def test_cancelling_while_the_client_cools_down_leaves_no_appointment(heygen: HeyGen, clock: ManualClock) -> None:
    heygen._desk.transport.cooldown.until = 100
    async with cancelled(heygen, VOICE, lambda: clock.appointments == 1):
        assert clock.appointments == 0


async def test_cancelling_a_fetch_closes_its_connection() -> None:
    inside = asyncio.Event()

    async def take(client: HeyGen, url: str) -> None:
        async with client._desk.transport.fetch(url) as fetched:
            async for _ in fetched.blocks():
                inside.set()

    async with hosted([answer(body=b"x" * 2**20, Content_Length=2**30), Deed.HANG]) as host, client_of(host) as client:
        task = asyncio.create_task(take(client, host.url))
        await inside.wait()
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        await host.left_alone()


# Files from elsewhere.


async def test_a_fetch_asks_for_the_bytes_as_they_are(heygen: HeyGen) -> None:
    async with hosted(answer(body=b"0123456789")) as host:
        async with heygen._desk.transport.fetch(host.url) as fetched:
            assert [block async for block in fetched.blocks()] == [b"0123456789"]
        assert host.header("Accept-Encoding") == "identity"
        assert (host.header("Range"), host.header("If-Range")) == (None, None)
        async with heygen._desk.transport.fetch(host.url, start=5):
            assert (host.header("Range"), host.header("If-Range")) == ("bytes=5-", None)
        async with heygen._desk.transport.fetch(host.url, start=5, etag='"v1"'):
            assert (host.header("Range"), host.header("If-Range")) == ("bytes=5-", '"v1"')


async def test_a_signed_address_is_sent_as_it_stands(heygen: HeyGen) -> None:
    query = f"response-content-disposition=attachment%3B+filename%2A%3DUTF-8%27%27My%20%C3%A9.mp4&x-s=vp&{SIGNED}"
    async with hosted(answer()) as host:
        there = answer(302, Location=f"{host.url}/b%2Fc.mp4?{query}")
        async with hosted(there) as before, heygen._desk.transport.fetch(f"{before.url}/a%7Eb.mp4?{query}"):
            assert before.heads[0].startswith(f"GET /a%7Eb.mp4?{query} HTTP/1.1")
            assert host.heads[0].startswith(f"GET /b%2Fc.mp4?{query} HTTP/1.1")


async def test_an_address_that_was_not_quoted_is(heygen: HeyGen) -> None:
    async with hosted(answer()) as host, heygen._desk.transport.fetch(f"{host.url}/é b.mp4"):
        assert host.heads[0].startswith("GET /%C3%A9%20b.mp4 HTTP/1.1")


async def test_a_large_file_comes_in_blocks(heygen: HeyGen) -> None:
    content = bytes(range(256)) * 4 * 2500
    async with hosted(answer(body=content)) as host, heygen._desk.transport.fetch(host.url) as fetched:
        blocks = [block async for block in fetched.blocks()]
    assert b"".join(blocks) == content
    assert 1 < len(blocks) <= 4


async def test_an_empty_file_has_no_block(heygen: HeyGen) -> None:
    async with hosted(answer()) as host, heygen._desk.transport.fetch(host.url) as fetched:
        assert [block async for block in fetched.blocks()] == []


async def test_what_came_before_a_cut_is_not_lost(heygen: HeyGen) -> None:
    taken: list[bytes] = []

    async def take(fetched: Fetched) -> None:
        async for block in fetched.blocks():
            taken.append(block)  # noqa: PERF401  # the error ends a comprehension without its list

    parts: list[bytes | Deed] = [answer(body=b"x" * 100_000, Content_Length=10**9), Deed.HANG]
    options = attrs.evolve(ONCE, timeouts=Timeouts(silence=0.1))
    async with (
        hosted(parts) as host,
        client_of(host, options) as client,
        client._desk.transport.fetch(host.url) as fetched,
    ):
        with pytest.raises(RequestTimeout):
            await take(fetched)
    assert b"".join(taken) == b"x" * 100_000


LINKS: list[tuple[str, Sequence[bytes | Deed], str]] = [
    (f"{{url}}/video.mp4?{SIGNED}", [b"hello\r\n\r\n"], "not HTTP"),
    (f"{{url}}/video.mp4?{SIGNED}", [Deed.RESET], "was lost"),
    (f"{{url}}/video.mp4?{SIGNED}", [answer(302, Location=f"/video.mp4?{SIGNED}")], "of no use"),
    (f"{{url}}/video.mp4?{SIGNED}", [answer(302, Location=f"http://[bad?{SIGNED}")], "of no use"),
    (f"{{url}}/video.mp4?{SIGNED}", [answer(302, Location=f"ftp://host/?{SIGNED}")], "of no use"),
    (f"http://[bad?{SIGNED}", [], "of no use"),
    (f"video.mp4?{SIGNED}", [], "of no use"),
    (f"ftp://host/?{SIGNED}", [], "of no use"),
    ("", [], "of no use"),
    (f"http://no-such-host.invalid/?{SIGNED}", [], "could not connect"),
]


@pytest.mark.parametrize(("link", "parts", "reason"), LINKS)
async def test_a_fetch_in_trouble_tells_why_without_the_signature(
    heygen: HeyGen, caplog: pytest.LogCaptureFixture, link: str, parts: Sequence[bytes | Deed], reason: str
) -> None:
    caplog.set_level(logging.DEBUG)
    async with hosted(parts) as host:
        with pytest.raises(ConnectionFailed, match=reason) as caught:
            async with heygen._desk.transport.fetch(link.format(url=host.url)):
                pass
    told = "".join(traceback.format_exception(caught.value)) + repr(vars(caught.value)) + caplog.text
    assert "nobody-may-see" not in told


async def test_a_fetch_that_cannot_connect_in_time_tells_no_signature(caplog: pytest.LogCaptureFixture) -> None:
    options = attrs.evolve(ONCE, timeouts=Timeouts(connect=0.05))
    async with unspoken() as base, HeyGen(SECRET, base_url=base, options=options) as client:
        with pytest.raises(RequestTimeout, match="no connection to the file's host") as caught:
            async with client._desk.transport.fetch(f"{base}/?{SIGNED}"):
                pass
    assert "nobody-may-see" not in "".join(traceback.format_exception(caught.value)) + caplog.text


# Sessions.


async def test_a_session_of_the_caller_is_used_and_left_open(emulator: Emulator) -> None:
    async with aiohttp.ClientSession(headers={"X-Mine": "yes"}) as session:
        async with hosted(OK) as host, client_of(host, session=session) as client:
            await client.send(VOICE)
            assert host.header("X-Mine") == "yes"
        assert not session.closed
        with pytest.raises(ClientMisused, match="the client is closed"):
            await client.send(VOICE)


async def test_a_session_that_raises_for_bad_statuses_changes_no_error(emulator: Emulator) -> None:
    async with (
        aiohttp.ClientSession(raise_for_status=True) as session,
        HeyGen("k", base_url=emulator.url, session=session, options=ONCE) as client,
    ):
        with pytest.raises(NotFound):
            await client.send(VOICE)
        async with client._desk.transport.fetch(f"{emulator.url}/files/video/none.mp4") as fetched:
            assert fetched.status == 403


async def test_a_session_that_the_caller_has_closed_is_named() -> None:
    async with aiohttp.ClientSession() as session:
        pass
    async with HeyGen("k", base_url="http://localhost", session=session) as client:
        with pytest.raises(ClientMisused, match="the session that was given to the client is closed"):
            await client.send(VOICE)


async def test_calls_share_one_session_and_its_connections(emulator: Emulator, heygen: HeyGen) -> None:
    connections = heygen._desk._connections
    await asyncio.gather(*(heygen.send(ListVoices(limit=1)) for _ in range(5)))
    session = await connections.session()
    await heygen.send(ListVoices(limit=1))
    assert await connections.session() is session


async def test_a_call_that_is_being_repeated_ends_when_the_client_is_closed(
    emulator: Emulator, clock: ManualClock, collected: None
) -> None:
    emulator.faults.add(Fault(Refuse(503, "service_unavailable")))
    client = HeyGen("k", base_url=emulator.url, clock=clock)
    call = asyncio.create_task(client.send(VOICE))
    await clock.until_appointments(1)
    await client.aclose()
    with pytest.raises(ClientMisused, match="the client is closed"):
        await clock.drive(call)
    assert len(emulator.log.served) == 1


async def test_closing_twice_or_unused_is_harmless() -> None:
    connections = Connections()
    await connections.aclose()
    await connections.aclose()


async def test_a_client_that_nobody_closes_leaves_no_warning(emulator: Emulator) -> None:
    client = HeyGen("k", base_url=emulator.url)
    await client.send(ListVoices(limit=1))
    del client
    gc.collect()
    for _ in range(10):
        await asyncio.sleep(0)
    gc.collect()


def test_a_session_closed_in_another_loop_is_let_go() -> None:
    connections = Connections()

    async def use() -> bool:
        return (await connections.session()).closed

    assert asyncio.run(use()) is False
    assert asyncio.run(use()) is False
    asyncio.run(connections.aclose())


LOOPS = """
import asyncio, os, sys
import uvloop
from heygen_async import HeyGen, AvatarVideo, ListVoices

async def use(heygen, close):
    asyncio.get_running_loop().slow_callback_duration = 60  # a busy machine is no warning
    voices = await asyncio.gather(*(heygen.send(ListVoices(limit=1)) for _ in range(3)))
    assert all(page.items for page in voices)
    if close:
        await heygen.aclose()

heygen = HeyGen("k")
run = uvloop.run if sys.argv[1] == "uvloop" else asyncio.run
for last in (False, False, True):
    run(use(heygen, close=last and sys.argv[2] == "closed"))
"""


@pytest.mark.parametrize("loop", ["asyncio", "uvloop"])
@pytest.mark.parametrize("end", ["closed", "left open"])
async def test_one_client_in_one_event_loop_after_the_other_leaves_no_warning(
    emulator: Emulator, loop: str, end: str
) -> None:
    arguments = ["-X", "dev", "-W", "error", "-c", LOOPS, loop, end]
    environment = {"HEYGEN_API_BASE": emulator.url}
    done = await anyio.run_process([sys.executable, *arguments], env=environment, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")
    assert len(emulator.log.served) == 9


async def test_uvloop_serves_as_well(emulator: Emulator) -> None:
    def work() -> Sequence[Any]:
        async def send() -> Sequence[Any]:
            async with HeyGen("k", base_url=emulator.url, clock=SystemClock()) as client:
                return (await client.send(ListVoices(limit=1))).items

        return uvloop.run(send())

    assert await anyio.to_thread.run_sync(work)


async def test_a_transport_shows_where_it_goes(heygen: HeyGen, emulator: Emulator) -> None:
    assert repr(heygen._desk.transport) == f"<Transport {emulator.url}>"
    assert GetVideo("v1").endpoint.reads


async def test_waits_for_a_slot_leave_a_lost_answer_its_repetition(
    emulator: Emulator, heygen: HeyGen, clock: ManualClock
) -> None:
    emulator.faults.add(Fault(Refuse(429, "rate_limit_exceeded", retry_after=1), method="POST", times=6))
    emulator.faults.add(Fault(ResetAfter(), method="POST", times=1))
    job = await clock.drive(heygen.videos.create(VIDEO))
    assert [job.id] == list(emulator.account.videos)


async def test_an_error_tells_its_key_and_whether_the_request_may_have_been_carried_out(
    emulator: Emulator, heygen: HeyGen, clock: ManualClock
) -> None:
    emulator.faults.add(Fault(ResetAfter(), method="POST", times=4))
    with pytest.raises(ConnectionFailed) as caught:
        await clock.drive(heygen.videos.create(VIDEO))
    assert caught.value.uncertain
    job = await heygen.videos.create(VIDEO, idempotency_key=caught.value.idempotency_key)
    assert [job.id] == list(emulator.account.videos)
    with pytest.raises(NotFound) as refused:
        await heygen.videos.get("unknown")
    assert (refused.value.uncertain, refused.value.idempotency_key) == (False, None)
