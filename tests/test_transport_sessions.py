"""Whose session it is, how long it lives, and that nothing is left open, in one event loop after the other."""

import asyncio
import gc
import sys
from collections.abc import Sequence
from typing import Any

import aiohttp
import anyio
import pytest
import uvloop
from callers import OK, ONCE, VOICE, client_of
from hosts import hosted

from heygen_async import HeyGen, ManualClock
from heygen_async.api.voices import ListVoices
from heygen_async.clock import SystemClock
from heygen_async.connections import Connections
from heygen_async.emulator import Emulator
from heygen_async.emulator.faults import (
    Fault,
    Refuse,
)
from heygen_async.errors import (
    ClientMisused,
    NotFound,
)

pytestmark = pytest.mark.anyio


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
