"""The one place that opens a connection: what it sends, what it makes of trouble, what it hides."""

import logging
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import aiohttp
import attrs
import pytest
from callers import OK, ONCE, SECRET, SIGNED, VIDEO, VOICE, client_of, hides_the_key, unspoken
from heads import HEADS
from hosts import Deed, answer, hosted

from heygen_async import HeyGen, ManualClock
from heygen_async.api.assets import UploadAsset
from heygen_async.api.media import LocalFile
from heygen_async.api.videos import GetVideo
from heygen_async.api.voices import ListVoices
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
from heygen_async.options import Limits, Options, Timeouts
from heygen_async.transport import ApiKey, base_address
from heygen_async.version import __version__

pytestmark = pytest.mark.anyio


def picture(folder: Path, more: bytes = b"") -> Path:
    """Write something that counts as a picture, and takes longer to send than a socket has room for."""
    path = folder / "picture.png"
    path.write_bytes(HEADS[".png"] + bytes(20 * 2**20) + more)
    return path


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


async def test_a_transport_shows_where_it_goes(heygen: HeyGen, emulator: Emulator) -> None:
    assert repr(heygen._desk.transport) == f"<Transport {emulator.url}>"
    assert GetVideo("v1").endpoint.reads
