"""A file that is being fetched: whole, in blocks, whichever way it comes, and its connection is used again."""

import asyncio
import gzip
import ssl
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

import aiohttp
import attrs
import pytest
from aiohttp.connector import Connection
from callers import ONCE, client_of, until
from hosts import Deed, Host, answer, hosted
from trusted import CALLER, HOST

from heygen_async import HeyGen
from heygen_async import fetched as fetched_module
from heygen_async.errors import ConnectionFailed, RequestTimeout
from heygen_async.fetched import PIECES, Fetched
from heygen_async.files.blocks import ROOM, SMALL
from heygen_async.options import Timeouts

pytestmark = pytest.mark.anyio

LONG = bytes(range(256)) * 4 * 2500
"""Two and a half megabytes: more than aiohttp has read when it hands over an answer."""


async def whole(fetched: Fetched) -> bytes:
    """Put all blocks together, each before its memory is used again."""
    content = b""
    async for block in fetched.blocks():
        content += b"".join(block)
    return content


async def test_a_large_file_comes_in_blocks(heygen: HeyGen) -> None:
    async with hosted(answer(body=LONG)) as host, heygen._desk.transport.fetch(host.url) as fetched:
        blocks = [b"".join(block) async for block in fetched.blocks()]
    assert b"".join(blocks) == LONG
    assert 1 < len(blocks) <= 4


async def test_a_file_in_very_many_pieces_comes_in_several_blocks(heygen: HeyGen) -> None:
    pieces = [b"1\r\n%c\r\n" % (65 + at % 26) for at in range(3000)]
    chunked = answer(Content_Length=None, Transfer_Encoding="chunked")
    async with (
        hosted([chunked, b"".join(pieces), b"0\r\n\r\n"]) as host,
        heygen._desk.transport.fetch(host.url) as fetched,
    ):
        blocks = [block async for block in fetched.blocks()]
    assert b"".join(map(b"".join, blocks)) == b"".join(piece[3:4] for piece in pieces)
    assert all(0 < len(block) <= PIECES for block in blocks)


async def test_blocks_are_smaller_the_more_files_are_fetched_whichever_view_of_the_client_does_it() -> None:
    content = bytes(6 * 2**20)
    async with AsyncExitStack() as stack:
        host = await stack.enter_async_context(hosted(answer(body=content)))
        client = await stack.enter_async_context(client_of(host))
        views = [client, client.with_options(client.options)]
        fetched = [await stack.enter_async_context(views[at % 2]._desk.transport.fetch(host.url)) for at in range(16)]
        sizes = [len(b"".join(block)) async for block in fetched[0].blocks()]
    assert max(sizes) < 2 * ROOM // 16
    assert sum(sizes) == len(content)
    assert client._desk.transport._connections.blocks.files == 0


async def test_an_empty_file_has_no_block(heygen: HeyGen) -> None:
    async with hosted(answer()) as host, heygen._desk.transport.fetch(host.url) as fetched:
        assert [block async for block in fetched.blocks()] == []


async def test_what_came_before_a_cut_is_not_lost(heygen: HeyGen) -> None:
    taken: list[bytes] = []

    async def take(fetched: Fetched) -> None:
        async for block in fetched.blocks():
            taken.extend(block)

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


@asynccontextmanager
async def trusting(host: Host) -> AsyncIterator[HeyGen]:
    connector = aiohttp.TCPConnector(ssl=CALLER)
    async with aiohttp.ClientSession(connector=connector) as session, client_of(host, session=session) as client:
        yield client


@pytest.mark.parametrize("tls", [None, HOST], ids=["plain", "TLS"])
async def test_a_connection_is_used_again_when_all_has_come(tls: ssl.SSLContext | None) -> None:
    stays = answer(body=LONG, Connection="keep-alive")
    async with hosted(stays, stays, answer(body=LONG[::-1]), tls=tls) as host, trusting(host) as client:
        for expected in (LONG, LONG, LONG[::-1]):
            async with client._desk.transport.fetch(host.url) as fetched:
                assert await whole(fetched) == expected
        assert (len(host.heads), host.made) == (3, 1)


async def test_a_connection_that_a_host_closes_is_not_used_again() -> None:
    async with hosted(answer(body=LONG)) as host, client_of(host) as client:
        for _ in range(2):
            async with client._desk.transport.fetch(host.url) as fetched:
                assert await whole(fetched) == LONG
        assert host.made == 2


@pytest.mark.parametrize("tls", [None, HOST], ids=["plain", "TLS"])
async def test_a_connection_is_closed_when_its_file_was_not_taken_whole(tls: ssl.SSLContext | None) -> None:
    stays = answer(body=LONG * 10, Connection="keep-alive")
    async with hosted(stays, tls=tls) as host, trusting(host) as client:
        for _ in range(2):
            async with client._desk.transport.fetch(host.url) as fetched:
                async for _block in fetched.blocks():
                    break
            await host.left_alone()
        assert host.made == 2


async def test_what_comes_beyond_the_announced_length_belongs_to_no_file() -> None:
    more = answer(body=LONG, Content_Length=len(LONG) - 1000, Connection="keep-alive")
    async with hosted(more, answer(body=LONG)) as host, client_of(host) as client:
        for expected in (LONG[:-1000], LONG):
            async with client._desk.transport.fetch(host.url) as fetched:
                assert await whole(fetched) == expected


async def test_a_packed_file_is_unpacked() -> None:
    packed = answer(body=gzip.compress(LONG, 0), Content_Encoding="gzip")
    async with hosted(packed) as host, client_of(host) as client, client._desk.transport.fetch(host.url) as fetched:
        assert await whole(fetched) == LONG


async def test_a_file_without_a_length_comes_to_the_end_of_its_connection() -> None:
    endless = answer(body=LONG, Content_Length=None)
    async with hosted(endless) as host, client_of(host) as client, client._desk.transport.fetch(host.url) as fetched:
        assert await whole(fetched) == LONG


async def test_a_file_that_has_come_before_anybody_looks_is_whole() -> None:
    there = LONG[: SMALL + 1000]
    async with (
        hosted(answer(body=there)) as host,
        client_of(host) as client,
        client._desk.transport.fetch(host.url) as fetched,
    ):
        await host.left_alone()
        assert await whole(fetched) == there


async def test_a_file_that_was_cut_before_anybody_looks_is_told() -> None:
    there = answer(body=LONG[: SMALL + 1000], Content_Length=len(LONG))
    async with hosted(there) as host, client_of(host) as client, client._desk.transport.fetch(host.url) as fetched:
        await host.left_alone()
        await until(lambda: fetched._answer.content.exception() is not None)
        with pytest.raises(ConnectionFailed, match="was lost"):
            await whole(fetched)


async def test_a_slow_file_is_not_timed_by_aiohttp_as_well() -> None:
    stays = answer(body=LONG, Connection="keep-alive")
    async with hosted(stays) as host, client_of(host) as client, client._desk.transport.fetch(host.url) as fetched:
        blocks = fetched.blocks()
        await anext(blocks)
        connection = fetched._answer.connection
        assert connection is not None
        assert connection.protocol is not None
        assert connection.protocol._read_timeout_handle is None  # else it would spoil the connection after a while
        await blocks.aclose()


async def test_where_a_transport_does_not_stop_at_once_aiohttp_reads_all(
    heygen: HeyGen, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fetched_module, "_STRAIGHT", False)
    async with (
        hosted(answer(body=LONG)) as host,
        client_of(host) as client,
        client._desk.transport.fetch(host.url) as f,
    ):
        assert await whole(f) == LONG
        assert f._inflow is None


async def forgotten(connection: Connection) -> None:
    """Wait for the turn of the loop in which a TLS transport has forgotten whose it is, and aiohttp does not know."""
    while connection.transport and connection.transport.get_protocol() is connection.protocol:  # noqa: ASYNC110
        await asyncio.sleep(0)  # it is a single turn


async def test_a_connection_that_is_about_to_end_is_left_to_aiohttp() -> None:
    begun = [answer(body=LONG[:10_000], Content_Length=len(LONG)), Deed.PAUSE, Deed.RESET]
    async with (
        hosted(begun, tls=HOST) as host,
        trusting(host) as client,
        client._desk.transport.fetch(host.url) as fetched,
    ):
        assert fetched._answer.connection is not None
        await forgotten(fetched._answer.connection)
        with pytest.raises(ConnectionFailed, match="was lost"):
            await whole(fetched)
