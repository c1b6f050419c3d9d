"""Files to elsewhere: without the key, with exactly the signed headers, and nobody is told the signature."""

import asyncio
import logging
import os
import traceback
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import attrs
import pytest
from callers import ONCE, SECRET, SIGNED, client_of
from hosts import Deed, Host, answer, hosted

from heygen_async.errors import ConnectionFailed, RequestInvalid, RequestTimeout
from heygen_async.files.snapshot import Snapshot
from heygen_async.options import Timeouts

pytestmark = pytest.mark.anyio

CONTENT = bytes(range(256)) * 2000
HEADERS = {"Content-Type": "video/mp4", "x-amz-checksum-sha256": "YWJj"}


@pytest.fixture
async def file(tmp_path: Path) -> Snapshot:
    path = tmp_path / "clip.mp4"
    path.write_bytes(CONTENT)
    return await Snapshot.of(path)


@pytest.fixture
async def large(tmp_path: Path) -> Snapshot:
    """More than sockets hold on their way."""
    path = tmp_path / "large.mp4"
    with path.open("wb") as sparse:
        sparse.truncate(40 * 2**20)
    return await Snapshot.of(path)


@pytest.fixture
async def taken() -> AsyncIterator[Host]:
    """A storage that takes everything."""
    async with hosted(answer()) as host:
        yield host


async def test_a_file_arrives_whole_with_its_length_and_without_the_key(taken: Host, file: Snapshot) -> None:
    async with client_of(taken) as client:
        assert await client._desk.transport.put(file, f"{taken.url}/a%2Fb.mp4?{SIGNED}", HEADERS) == (200, "")
    assert taken.heads[0].startswith(f"PUT /a%2Fb.mp4?{SIGNED} HTTP/1.1")
    assert taken.bodies == [CONTENT]
    assert taken.header("Content-Length") == str(len(CONTENT))
    assert taken.header("Transfer-Encoding") is None
    assert taken.header("x-amz-checksum-sha256") == "YWJj"
    assert SECRET not in taken.heads[0]
    assert (taken.header("x-api-key"), taken.header("Authorization"), taken.header("Cookie")) == (None, None, None)


@pytest.mark.parametrize(
    "headers", [{}, {"Content-Type": "video/mp4"}, {"content-type": "a/b", "Content-Length": "512000"}]
)
async def test_what_was_not_signed_is_not_sent(taken: Host, file: Snapshot, headers: dict[str, str]) -> None:
    async with client_of(taken) as client:
        await client._desk.transport.put(file, taken.url, headers)
    expected = {name.lower(): value for name, value in headers.items()}.get("content-type")
    assert taken.header("Content-Type") == expected
    assert taken.bodies == [CONTENT]


async def test_what_the_storage_says_is_handed_on(file: Snapshot) -> None:
    said = b"<Error><Code>AccessDenied</Code></Error>" + b" " * 10_000
    async with hosted(answer(403, said)) as host, client_of(host) as client:
        status, beginning = await client._desk.transport.put(file, host.url, {})
    assert status == 403
    assert beginning.startswith("<Error><Code>AccessDenied")
    assert len(beginning) <= 4096


async def test_a_redirect_is_not_followed(taken: Host, file: Snapshot) -> None:
    async with hosted(answer(307, Location=taken.url)) as host, client_of(host) as client:
        assert (await client._desk.transport.put(file, host.url, {}))[0] == 307
    assert taken.heads == []


TROUBLE: list[tuple[str, Sequence[bytes | Deed], str]] = [
    ("{url}/a?" + SIGNED, [Deed.RESET], "was lost"),
    ("{url}/a?" + SIGNED, [b"hello\r\n\r\n"], "not HTTP"),
    ("http://no-such-host.invalid/?" + SIGNED, [], "could not connect"),
    ("ftp://host/?" + SIGNED, [], "of no use"),
    ("", [], "of no use"),
]


@pytest.mark.parametrize(("address", "parts", "reason"), TROUBLE)
async def test_trouble_is_told_without_the_signature(
    file: Snapshot, caplog: pytest.LogCaptureFixture, address: str, parts: Sequence[bytes | Deed], reason: str
) -> None:
    caplog.set_level(logging.DEBUG)
    async with hosted(parts) as host, client_of(host) as client:
        with pytest.raises(ConnectionFailed, match=reason) as caught:
            await client._desk.transport.put(file, address.format(url=host.url), HEADERS)
    told = "".join(traceback.format_exception(caught.value)) + repr(vars(caught.value)) + caplog.text
    assert "nobody-may-see" not in told


async def test_a_storage_that_takes_nothing_more_is_given_up(large: Snapshot) -> None:
    gone = asyncio.Event()
    options = attrs.evolve(ONCE, timeouts=Timeouts(silence=0.1))
    async with hosted(answer(), before=gone.wait) as host, client_of(host, options) as client:
        with pytest.raises(RequestTimeout):
            await client._desk.transport.put(large, host.url, {})
        gone.set()


async def test_a_file_that_changes_on_its_way_ends_there(large: Snapshot) -> None:
    async with hosted(answer(), before=lambda: os.utime(large.path, (1, 1))) as host, client_of(host) as client:
        with pytest.raises(RequestInvalid, match=r"large\.mp4 has changed while it was uploaded"):
            await client._desk.transport.put(large, host.url, {})
    assert host.bodies == []


async def test_cancelling_closes_the_connection(large: Snapshot, collected: None) -> None:
    reached, gone = asyncio.Event(), asyncio.Event()

    async def stop() -> None:
        reached.set()
        await gone.wait()

    async with hosted(answer(), before=stop) as host, client_of(host) as client:
        putting = asyncio.create_task(client._desk.transport.put(large, host.url, {}))
        await reached.wait()
        putting.cancel()
        await asyncio.wait([putting])
        assert putting.cancelled()
        gone.set()
        await host.left_alone()
        assert host.bodies == []
