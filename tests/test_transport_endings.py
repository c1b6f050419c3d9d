"""A call that is cancelled leaves no place taken, no task and no connection; and a limit is kept."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any

import anyio
import attrs
import pytest
from callers import OK, ONCE, SECRET, VIDEO, VOICE, client_of, unspoken, until
from hosts import Deed, answer, hosted

from heygen_async import HeyGen, ManualClock
from heygen_async.emulator import Emulator
from heygen_async.emulator.faults import (
    Fault,
    Refuse,
)
from heygen_async.options import Limits, Options, Retry, Timeouts

pytestmark = pytest.mark.anyio


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


@pytest.mark.parametrize("request_", [VOICE, VIDEO], ids=["read", "write"])
@pytest.mark.parametrize(
    "parts",
    [[Deed.HANG], [answer(body=b'{"data"', Content_Length=500), Deed.HANG]],
    ids=["before the answer", "in the answer"],
)
async def test_a_cancellation_in_the_very_turn_of_a_time_out_is_not_lost(
    request_: Any, parts: Sequence[bytes | Deed]
) -> None:
    times = Timeouts(read=0.05, write=0.05)
    options = attrs.evolve(ONCE, timeouts=times, retry=Retry(attempts=20, backoff=0.0))
    async with hosted(*[parts] * 200) as host, client_of(host, options) as client:
        for _ in range(5):
            with pytest.raises(TimeoutError) as caught:
                async with asyncio.timeout(0.05):
                    await client.send(request_)
            assert type(caught.value) is TimeoutError  # the caller's, and not the one that a try ends in
            assert client._desk.lanes.requests.taken == 0
    assert len(host.heads) <= 10


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


async def test_a_limit_on_requests_is_reached_and_never_passed() -> None:
    barrier = asyncio.Barrier(7)  # an answer comes when seven are under way: fewer would never get one
    options = Options(limits=Limits(requests=7))
    async with hosted(OK, before=barrier.wait) as host, client_of(host, options) as client:
        with anyio.fail_after(20):
            await asyncio.gather(*(client.send(VOICE) for _ in range(49)))
        assert client._desk.lanes.requests.taken == 0
    assert (host.most, len(host.heads)) == (7, 49)
