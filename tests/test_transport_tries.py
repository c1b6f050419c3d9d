"""What the transport repeats, how often, under which key, and how long it waits in between."""

import asyncio
from collections.abc import Awaitable
from typing import Any

import attrs
import pytest
from callers import VIDEO, VOICE

from heygen_async import HeyGen, ManualClock
from heygen_async.api.templates import UpdateTemplateVariables
from heygen_async.api.videos import CreatedVideo, DeleteVideo, GetVideo
from heygen_async.api.voices import ListVoices
from heygen_async.emulator import Emulator
from heygen_async.emulator.faults import (
    Fault,
    Happening,
    Nothing,
    Page,
    Refuse,
    RefuseUnder200,
    ResetAfter,
    ResetBefore,
)
from heygen_async.errors import (
    APIError,
    Conflict,
    ConnectionFailed,
    NotFound,
    RateLimited,
    RequestInvalid,
)
from heygen_async.hints import hint_for_repeated
from heygen_async.options import Limits, Options, Retry

pytestmark = pytest.mark.anyio


def keys_sent(emulator: Emulator) -> list[str | None]:
    return [served.idempotency_key for served in emulator.log.requests("POST", "/v3/videos")]


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
    with pytest.raises(RequestInvalid, match=r"idempotency_key: .* must have 1 to 255 characters"):
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


# Pauses that somebody may end.


async def never(wait: Awaitable[None]) -> bool:
    """Wait for nothing: whoever called does not want another try."""
    asyncio.ensure_future(wait).cancel()
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


# A repetition that meets its own deed.


async def test_a_deletion_that_was_repeated_and_finds_nothing_says_that_it_has_worked(
    emulator: Emulator, heygen: HeyGen, clock: ManualClock
) -> None:
    job = await heygen.videos.create(VIDEO)
    await clock.drive(job.wait())
    emulator.faults.add(Fault(ResetAfter(), path="/v3/videos/*", times=1))
    with pytest.raises(NotFound, match="most likely that one has deleted it") as caught:
        await clock.drive(heygen.videos.delete(job.id))
    assert caught.value.uncertain
    with pytest.raises(NotFound) as again:
        await clock.drive(heygen.videos.delete(job.id))
    assert not again.value.uncertain
    assert "deleted it" not in str(again.value)


@pytest.mark.parametrize(
    ("request_", "error", "said"),
    [
        (DeleteVideo("v"), NotFound("m", status=404), True),
        (DeleteVideo("v"), Conflict("m", status=409, code="stale_edit_version"), False),
        (GetVideo("v"), NotFound("m", status=404), False),
        (UpdateTemplateVariables("t", variables={}), Conflict("m", status=409, code="stale_edit_version"), True),
        (UpdateTemplateVariables("t", variables={}), Conflict("m", status=409, code="conflict"), False),
        (UpdateTemplateVariables("t", variables={}), NotFound("m", status=404), False),
    ],
)
def test_what_may_be_the_doing_of_an_earlier_try_is_told_apart(request_: Any, error: APIError, said: bool) -> None:
    assert bool(hint_for_repeated(request_, error)) == said
