"""Files from elsewhere: without the key, under exactly the signed address, and nobody is told the signature."""

import asyncio
import logging
import traceback
from collections.abc import Sequence

import attrs
import pytest
from callers import ONCE, SECRET, SIGNED, client_of, unspoken
from hosts import Deed, answer, hosted

from heygen_async import HeyGen
from heygen_async.errors import (
    ConnectionFailed,
    RequestTimeout,
)
from heygen_async.files.blocks import LARGE
from heygen_async.options import Timeouts

pytestmark = pytest.mark.anyio


async def test_a_fetch_asks_for_the_bytes_as_they_are(heygen: HeyGen) -> None:
    async with hosted(answer(body=b"0123456789")) as host:
        async with heygen._desk.transport.fetch(host.url) as fetched:
            assert [block async for block in fetched.blocks()] == [[b"0123456789"]]
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


async def test_cancelling_a_fetch_closes_its_connection() -> None:
    inside = asyncio.Event()

    async def take(client: HeyGen, url: str) -> None:
        async with client._desk.transport.fetch(url) as fetched:
            async for _ in fetched.blocks():
                inside.set()

    async with hosted([answer(body=b"x" * LARGE, Content_Length=2**30), Deed.HANG]) as host, client_of(host) as client:
        task = asyncio.create_task(take(client, host.url))
        await inside.wait()
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        await host.left_alone()
