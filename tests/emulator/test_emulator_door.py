"""A machine that is down: its port refuses connections for a while, and is the same one afterwards."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp
import pytest
from aiohttp import web
from visitor import ANNA, Visitor, another, until

from heygen_async.clock import ManualClock
from heygen_async.emulator import Down, Emulator, Fault, Hang
from heygen_async.emulator.door import Door

pytestmark = pytest.mark.anyio


HEARD: list[web.Request] = []
"""What has begun to come to the house."""


async def echo(http: web.Request) -> web.Response:
    HEARD.append(http)
    return web.Response(body=await http.read())


@asynccontextmanager
async def house(clock: ManualClock) -> AsyncIterator[tuple[Door, Visitor]]:
    """A door with an echo behind it."""
    app = web.Application()
    app.router.add_post("/", echo)
    runner, door = web.AppRunner(app), Door(clock)
    await runner.setup()
    assert runner.server is not None
    await door.open(runner.server, "127.0.0.1", 0)
    port = door.addresses[0][1]
    async with aiohttp.ClientSession() as session:
        yield door, Visitor(session, f"http://127.0.0.1:{port}", clock)
    await door.aclose()
    await runner.cleanup()


async def refused(visitor: Visitor) -> bool:
    """Whether a connection is refused; one that is made and cut is an error."""
    try:
        await visitor.get("/")
    except aiohttp.ClientConnectorError as error:
        return isinstance(error.os_error, ConnectionRefusedError)
    return False


async def test_connections_are_refused_for_so_long_as_was_asked(visitor: Visitor, emulator: Emulator) -> None:
    url = emulator.url
    emulator.faults.add(Fault(Down(5), method="POST", times=1))
    with pytest.raises(aiohttp.ServerDisconnectedError):
        await visitor.post("/v3/videos", {"type": "avatar", "avatar_id": ANNA, "script": "Hello!"})
    assert [await refused(visitor) for _ in range(3)] == [True] * 3
    await visitor.clock.advance(4.9)
    assert await refused(visitor)
    await visitor.clock.advance(0.2)
    assert (await visitor.get("/v3/users/me")).status == 200
    assert (emulator.url, len(emulator.account.videos)) == (url, 0)
    assert len(emulator.log.served) == 2


async def test_a_request_that_has_begun_to_come_is_heard_out(clock: ManualClock) -> None:
    async with house(clock) as (door, visitor):
        reader, writer = await asyncio.open_connection("127.0.0.1", int(visitor.base.rpartition(":")[2]))
        writer.write(b"POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 5\r\n\r\nhe")
        await until(lambda: HEARD)
        HEARD.clear()
        await door.shut(5)
        writer.write(b"llo")
        assert (await reader.read()).endswith(b"hello")
        writer.close()
        await writer.wait_closed()


async def test_what_comes_on_a_connection_from_before_is_cut(visitor: Visitor, emulator: Emulator) -> None:
    emulator.faults.add(Fault(Hang(seconds=1), times=2))
    await visitor.clock.drive(asyncio.gather(visitor.get("/v3/users/me"), visitor.get("/v3/users/me")))
    emulator.faults.add(Fault(Down(5), method="POST", times=1))
    with pytest.raises(aiohttp.ServerDisconnectedError):
        await visitor.post("/v3/videos", {})
    with pytest.raises(aiohttp.ServerDisconnectedError):
        await visitor.post("/v3/videos", {})
    assert await refused(visitor)
    assert emulator.faults.counts["Down"] == 1


async def test_it_can_be_down_more_than_once(visitor: Visitor, emulator: Emulator) -> None:
    for _ in range(3):
        emulator.faults.add(Fault(Down(5), times=1))
        with pytest.raises(aiohttp.ClientError):
            await visitor.get("/")
        assert await refused(visitor)
        await visitor.clock.advance(5)
        assert not await refused(visitor)


async def test_what_is_being_served_is_served_to_its_end(visitor: Visitor, emulator: Emulator) -> None:
    emulator.faults.add(Fault(Hang(seconds=60), path="/v3/voices", times=1))
    slow = asyncio.create_task(visitor.get("/v3/voices"))
    await until(lambda: not emulator.faults.pending())
    emulator.faults.add(Fault(Down(5), times=1))
    with pytest.raises(aiohttp.ClientError):
        await visitor.get("/")
    await visitor.clock.advance(59)
    assert not slow.done()
    await visitor.clock.advance(1)
    assert (await slow).status == 504


@pytest.mark.parametrize(("first", "second"), [(20, 5), (5, 20)])
async def test_of_two_at_once_the_longer_counts(clock: ManualClock, first: float, second: float) -> None:
    async with house(clock) as (door, visitor):
        await door.shut(first)
        await door.shut(second)
        await clock.advance(19)
        assert await refused(visitor)
        await clock.advance(1)
        assert not await refused(visitor)


async def test_it_can_be_shut_in_the_moment_in_which_it_is_opened(clock: ManualClock) -> None:
    async with house(clock) as (door, visitor):
        await door.shut(0)
        await until(lambda: door._opening)
        await door.shut(5)
        assert await refused(visitor)
        await clock.advance(5)
        assert not await refused(visitor)


async def test_a_door_can_be_closed_for_good_while_it_is_opened(clock: ManualClock, collected: None) -> None:
    async with house(clock) as (door, _):
        await door.shut(0)
        await until(lambda: door._opening)


async def test_a_request_at_the_very_end_shuts_nothing(clock: ManualClock, collected: None) -> None:
    async with house(clock) as (door, _):
        await door.aclose()
        await door.shut(5)
        assert not door.is_shut


async def test_an_end_while_it_is_down_leaves_no_socket(clock: ManualClock, collected: None) -> None:
    before = asyncio.all_tasks()
    async with another(clock, faults=[Fault(Down(5), times=1)]) as (emulator, visitor):
        with pytest.raises(aiohttp.ClientError):
            await visitor.get("/")
    await clock.advance(10)
    with socket.socket() as free:
        free.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        free.bind(("127.0.0.1", int(emulator.url.rpartition(":")[2])))
    await until(lambda: not asyncio.all_tasks() - before)


async def test_it_can_be_down_under_the_newer_protocol_too(clock: ManualClock) -> None:
    async with another(clock, host="::1", faults=[Fault(Down(5), times=1)]) as (_, visitor):
        with pytest.raises(aiohttp.ClientError):
            await visitor.get("/")
        assert await refused(visitor)
        await clock.advance(5)
        assert not await refused(visitor)
