"""Bytes straight off a socket: all of them, in their order, none of what comes after; slow sides, cuts, silence."""

import asyncio
import socket
import ssl
from collections.abc import AsyncIterator, Sequence
from contextlib import ExitStack, asynccontextmanager
from urllib.parse import urlsplit

import pytest
from callers import until
from hosts import Deed, Host, Part, hosted
from hypothesis import given
from hypothesis import strategies as st
from trusted import CALLER, HOST

from heygen_async.files.blocks import LARGE, SMALL, TAIL, Blocks
from heygen_async.files.inflow import Inflow

pytestmark = pytest.mark.anyio

CONTENT = bytes(range(256)) * 4 * 1024
"""A megabyte."""

LONG = 60.0
"""Seconds that a host may be silent where that is not the question."""


@pytest.fixture(params=[None, HOST], ids=["plain", "TLS"])
def tls(request: pytest.FixtureRequest) -> ssl.SSLContext | None:
    """With and without TLS: asyncio has a transport of its own for each."""
    chosen: ssl.SSLContext | None = request.param
    return chosen


class Before(asyncio.Protocol):
    """Whose the connection is before and after."""

    def __init__(self) -> None:
        self.came = b""
        self.lost: list[Exception | None] = []

    def data_received(self, data: bytes) -> None:
        self.came += data

    def connection_lost(self, exc: Exception | None) -> None:
        self.lost.append(exc)


@asynccontextmanager
async def connected(host: Host) -> AsyncIterator[tuple[asyncio.Transport, Before]]:
    """Connect, and let the host say all that it has to say."""
    url = urlsplit(host.url)
    trusted = CALLER if url.scheme == "https" else None
    loop = asyncio.get_running_loop()
    transport, before = await loop.create_connection(Before, url.hostname, url.port, ssl=trusted)
    transport.write(b"GET\r\n\r\n")
    try:
        yield transport, before
    finally:
        transport.abort()


async def taken(inflow: Inflow, most: int) -> list[bytes]:
    blocks = []
    while inflow.left:
        blocks.append(bytes(await inflow.take(most)))
    return blocks


async def test_all_of_it_comes_in_full_blocks_and_the_connection_is_given_back(tls: ssl.SSLContext | None) -> None:
    go = asyncio.Event()
    async with hosted([CONTENT, go.wait(), b"and more"], tls=tls) as host, connected(host) as (transport, before):
        inflow = Inflow(transport, len(CONTENT), Blocks(tail=0), silence=LONG)
        blocks = await taken(inflow, 100_000)
        assert (before.came, inflow.excessive) == (b"", False)
        inflow.give_back()
        assert transport.get_protocol() is before
        go.set()
        await until(lambda: before.came == b"and more")
        await until(lambda: before.lost == [None])
    assert b"".join(blocks) == CONTENT
    assert [*map(len, blocks)] == [100_000] * 10 + [len(CONTENT) - 1_000_000]


async def pour(parts: Sequence[bytes], sizes: Sequence[int], beyond: bytes) -> tuple[list[bytes], bool]:
    pauses: list[Part] = [each for part in parts for each in (part, Deed.PAUSE)]
    async with hosted([*pauses[:-1], beyond]) as host, connected(host) as (transport, _):
        inflow = Inflow(transport, sum(map(len, parts)), Blocks(tail=0), silence=LONG)
        blocks = [bytes(await inflow.take(size)) for size in sizes]
        return blocks + await taken(inflow, 1000), inflow.excessive


@given(
    parts=st.lists(st.binary(min_size=1, max_size=400), min_size=1, max_size=6),
    sizes=st.lists(st.integers(1, 500), max_size=8),
    beyond=st.binary(max_size=3),
)
def test_however_it_comes_and_is_taken_the_blocks_are_as_asked_for(
    parts: list[bytes], sizes: list[int], beyond: bytes
) -> None:
    (blocks, excessive), content = asyncio.run(pour(parts, sizes, beyond)), b"".join(parts)
    assert beyond or not excessive
    assert b"".join(blocks) == content
    left = len(content)
    for block, size in zip(blocks, sizes, strict=False):
        assert len(block) == min(size, left)
        left -= len(block)


async def test_more_than_was_announced_is_noticed() -> None:
    async with hosted([b"x" * 1000 + b"more"]) as host, connected(host) as (transport, _):
        inflow = Inflow(transport, 1000, Blocks(tail=0), silence=LONG)
        assert await inflow.take(2000) == b"x" * 1000
        assert inflow.excessive


async def test_a_short_rest_comes_with_the_last_block() -> None:
    async with hosted([CONTENT]) as host, connected(host) as (transport, _):
        inflow = Inflow(transport, len(CONTENT), Blocks(tail=1000), silence=LONG)
        blocks = await taken(inflow, 100_000)
    assert b"".join(blocks) == CONTENT
    rest = len(CONTENT) % 100_000
    assert [*map(len, blocks)] == ([100_000] * 10 + [rest] if rest > 1000 else [100_000] * 9 + [100_000 + rest])
    async with hosted([CONTENT]) as host, connected(host) as (transport, _):
        inflow = Inflow(transport, len(CONTENT), Blocks(tail=rest), silence=LONG)
        assert [*map(len, await taken(inflow, 100_000))] == [100_000] * 9 + [100_000 + rest]


@pytest.mark.parametrize("rest", [1, 100_000, TAIL - 1, TAIL, TAIL + 1])
async def test_a_host_that_closes_after_the_last_byte_has_sent_all_of_it_whoever_is_slow(
    tls: ssl.SSLContext | None, rest: int
) -> None:
    """A TLS transport that is paused has read on, and forgets what it has when the host closes."""
    content = CONTENT[:SMALL] + CONTENT[:rest]
    blocks = Blocks()
    blocks.files = 10_000  # so that blocks are small
    async with hosted([content, Deed.END], tls=tls) as host, connected(host) as (transport, _):
        inflow, came = Inflow(transport, len(content), blocks, silence=LONG), b""
        while inflow.left:
            came += await inflow.take(SMALL)
            for _ in range(1000):  # host and client share a loop
                await asyncio.sleep(0)
    assert came == content


async def test_a_block_stays_as_it_is_while_the_next_one_comes() -> None:
    async with hosted([b"a" * 10 + b"b" * 10 + b"c" * 10]) as host, connected(host) as (transport, _):
        inflow = Inflow(transport, 30, Blocks(tail=0), silence=LONG)
        first = await inflow.take(10)
        second = await inflow.take(10)
        assert (bytes(first), bytes(second)) == (b"a" * 10, b"b" * 10)
        third = await inflow.take(10)
        assert (bytes(second), bytes(third)) == (b"b" * 10, b"c" * 10)
        assert third.obj is first.obj  # its memory is used again


async def test_memory_is_given_back_and_lent_to_the_next_one() -> None:
    blocks, lent = Blocks(tail=0), []
    with blocks.counted():
        for _ in range(2):
            async with hosted([b"a" * 20]) as host, connected(host) as (transport, _):
                inflow = Inflow(transport, 20, blocks, silence=LONG)
                lent.append({id((await inflow.take(10)).obj) for _ in range(2)})
                inflow.release()
                inflow.release()  # only once
    assert lent[0] == lent[1]
    assert len(lent[0]) == 2


async def test_blocks_become_smaller_when_more_files_come_meanwhile() -> None:
    blocks = Blocks(tail=0)
    async with hosted([CONTENT * 4]) as host, connected(host) as (transport, _):
        inflow = Inflow(transport, len(CONTENT) * 4, blocks, silence=LONG)
        sizes = [len(await inflow.take(LARGE))]
        with ExitStack() as more:
            for _ in range(1000):
                more.enter_context(blocks.counted())
            sizes += [len(await inflow.take(LARGE)) for _ in range(3)]
            assert {len(inflow._block), len(inflow._other)} == {SMALL + 1}
    assert sizes == [LARGE, SMALL, SMALL, SMALL]


async def test_who_takes_nothing_is_sent_nothing(tls: ssl.SSLContext | None) -> None:
    async with hosted([bytes(2**26)], tls=tls) as host, connected(host) as (transport, _):
        inflow = Inflow(transport, 2**26, Blocks(tail=0), silence=LONG)
        assert len(await inflow.take(1000)) == 1000
        for _ in range(100):
            await asyncio.sleep(0)
        assert inflow.left == 2**26 - 1000
        assert not transport.is_reading()


async def test_what_came_before_a_cut_is_told_first(tls: ssl.SSLContext | None) -> None:
    async with hosted([b"x" * 1000], tls=tls) as host, connected(host) as (transport, before):
        inflow = Inflow(transport, 1500, Blocks(tail=0), silence=LONG)
        assert await inflow.take(800) == b"x" * 800
        assert await inflow.take(800) == b"x" * 200
        for _ in range(2):
            with pytest.raises(ConnectionError, match="it ended 500 bytes before its time"):
                await inflow.take(800)
        assert before.lost == [None]


async def test_a_reset_is_told_as_it_is() -> None:
    async with hosted([b"x" * 1000, Deed.PAUSE, Deed.RESET]) as host, connected(host) as (transport, before):
        inflow = Inflow(transport, 1500, Blocks(tail=0), silence=LONG)
        with pytest.raises(ConnectionError):
            await taken(inflow, 2000)
        await until(lambda: len(before.lost) == 1)


class Jumping(asyncio.SelectorEventLoop):
    """A loop whose time a test moves."""

    ahead = 0.0

    def time(self) -> float:
        return super().time() + self.ahead


def test_silence_is_counted_from_the_last_byte_and_not_from_the_last_block() -> None:
    async def story(loop: Jumping) -> None:
        server, client = socket.socketpair()
        transport, _ = await loop.create_connection(Before, sock=client)
        with server:
            inflow = Inflow(transport, 10, Blocks(tail=0), silence=100)
            taking = asyncio.create_task(inflow.take(10))
            for at in range(9):
                server.send(b"x")
                await until(lambda left=9 - at: inflow.left == left)
                loop.ahead += 60
            loop.ahead += 60
            assert await taking == b"x" * 9  # it was given up, and what came is kept
            with pytest.raises(TimeoutError):
                await inflow.take(10)
            transport.close()

    with asyncio.Runner(loop_factory=Jumping) as runner:
        loop = runner.get_loop()
        assert isinstance(loop, Jumping)
        runner.run(story(loop))


async def test_after_a_cancellation_the_connection_can_be_closed_whatever_comes() -> None:
    server, client = socket.socketpair()
    transport, before = await asyncio.get_running_loop().create_connection(Before, sock=client)
    with server:
        inflow = Inflow(transport, 20, Blocks(tail=0), silence=LONG)
        taking = asyncio.create_task(inflow.take(20))
        server.send(b"x" * 5)
        await until(lambda: inflow.left == 15)
        taking.cancel()
        with pytest.raises(asyncio.CancelledError):
            await taking
        server.send(b"x" * 15)
        await until(lambda: inflow.left == 0)
        transport.close()
        await until(lambda: before.lost == [None])
