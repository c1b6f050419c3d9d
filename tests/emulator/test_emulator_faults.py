"""Trouble on request: to whom, how often, and what it looks like from outside."""

import asyncio
from typing import Any

import aiohttp
import pytest
from hypothesis import given
from hypothesis import strategies as st
from visitor import ANNA, Visitor, another, until

from heygen_async.clock import ManualClock
from heygen_async.emulator import (
    Emulator,
    FailRender,
    Fault,
    Faults,
    Garbage,
    GoesBack,
    Hang,
    Mishap,
    NoLink,
    Nothing,
    Page,
    Refuse,
    RefuseUnder200,
    ResetAfter,
    ResetBefore,
    Slow,
    Stuck,
)
from heygen_async.emulator.faults import ToFile, ToRequest

pytestmark = pytest.mark.anyio

BODY = {"type": "avatar", "avatar_id": ANNA, "script": "Hello!"}


def test_a_fault_happens_to_those_it_means_as_often_as_it_should() -> None:
    faults = Faults()
    faults.add(Fault(Refuse(500, "internal_error"), method="POST", path="/v3/v*", times=2))
    faults.add(Fault(Page(), times=1))
    assert faults.take("GET", "/v3/videos", ToFile) is None
    assert [type(faults.take("POST", "/v3/videos", ToRequest)) for _ in range(4)] == [Refuse, Refuse, Page, type(None)]
    assert faults.pending() == []


def test_a_fault_without_a_number_happens_for_ever_until_it_is_cleared() -> None:
    faults = Faults()
    faults.add(Fault(Nothing()))
    assert all(faults.take("GET", "/", ToRequest) for _ in range(100))
    assert len(faults.pending()) == 1
    faults.clear()
    assert faults.take("GET", "/", ToRequest) is None


def test_the_same_fault_twice_happens_twice() -> None:
    faults = Faults()
    for _ in range(2):
        faults.add(Fault(Nothing(), times=1))
    assert [bool(faults.take("GET", "/", ToRequest)) for _ in range(3)] == [True, True, False]


@given(st.integers(), st.floats(0, 1), st.integers(1, 5), st.integers(1, 3), st.lists(st.sampled_from("ab")))
def test_the_same_seed_strikes_the_same_requests(seed: int, chance: float, run: int, every: int, paths: str) -> None:
    def story() -> list[bool]:
        faults = Faults()
        faults.add(Fault(Nothing(), path="a", seed=seed, chance=chance, run=run, every=every))
        return [faults.take("GET", path, ToRequest) is not None for path in paths]

    first = story()
    assert story() == first
    assert not any(struck for struck, path in zip(first, paths, strict=True) if path == "b")


def test_another_seed_strikes_others_and_about_as_many() -> None:
    def struck(seed: int) -> list[int]:
        faults = Faults()
        faults.add(Fault(Nothing(), chance=0.1, seed=seed))
        return [at for at in range(1000) if faults.take("GET", "/", ToRequest)]

    assert struck(1) != struck(2)
    assert all(60 < len(struck(seed)) < 140 for seed in range(20))


def test_a_storm_strikes_so_many_in_a_row_and_no_more_than_it_should() -> None:
    faults = Faults()
    faults.add(Fault(Nothing(), run=3, every=4))
    faults.add(Fault(Page(), run=3, times=2))
    seen = [type(faults.take("GET", "/", ToRequest)).__name__ for _ in range(9)]
    assert seen == ["Page", "Page", "NoneType", "Nothing", "Nothing", "Nothing", "NoneType", "Nothing", "Nothing"]


def test_what_has_happened_is_told_in_its_order() -> None:
    faults = Faults()
    faults.add(Fault(Page(), method="POST"))
    faults.add(Fault(Nothing(), times=1))
    for method in ("GET", "POST", "GET"):
        faults.take(method, f"/{method}", ToRequest)
    assert list(faults.story) == [Mishap("GET", "/GET", Nothing()), Mishap("POST", "/POST", Page())]
    assert faults.counts == {"Nothing": 1, "Page": 1}


@pytest.mark.parametrize(
    "wrong", [{"times": 0}, {"every": 0}, {"chance": 1.1}, {"chance": -0.1}, {"run": 0}, {"chance": float("nan")}]
)
def test_a_fault_that_makes_no_sense_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=f"{next(iter(wrong))} is .*; it must be from"):
        Fault(Nothing(), **wrong)
    with pytest.raises(ValueError, match="bytes_per_second"):
        Slow(0)


async def test_an_emulator_can_be_given_its_faults_at_the_beginning(clock: ManualClock) -> None:
    async with another(clock, faults=[Fault(Nothing(502), times=1)]) as (emulator, visitor):
        assert [(await visitor.get("/v3/users/me")).status for _ in range(2)] == [502, 200]
    again = Emulator(synthetic=2000, faults=emulator.faults)
    assert again.faults is emulator.faults


async def test_refusals_of_any_kind(visitor: Visitor, emulator: Emulator) -> None:
    emulator.faults.add(Fault(Refuse(429, "rate_limit_exceeded", "Slow down", 7), times=1))
    answer = await visitor.post("/v3/videos", BODY)
    assert answer.refusal == (429, "rate_limit_exceeded", None)
    assert (answer.headers["Retry-After"], answer.error["message"]) == ("7", "Slow down")
    emulator.faults.add(Fault(RefuseUnder200("insufficient_credit"), times=1))
    answer = await visitor.post("/v3/videos", BODY)
    assert (answer.status, answer.body["error"]["code"]) == (200, "insufficient_credit")
    emulator.faults.add(Fault(Page(504, "<title>Timeout</title>"), times=1))
    answer = await visitor.post("/v3/videos", BODY)
    assert (answer.status, answer.raw, answer.headers["Content-Type"]) == (
        504,
        b"<title>Timeout</title>",
        "text/html; charset=utf-8",
    )
    emulator.faults.add(Fault(Nothing(502), times=1))
    answer = await visitor.post("/v3/videos", BODY)
    assert (answer.status, answer.raw) == (502, b"")
    emulator.faults.add(Fault(Garbage(), times=1))
    answer = await visitor.post("/v3/videos", BODY)
    assert (answer.status, answer.headers["Content-Type"]) == (200, "application/json")
    with pytest.raises(ValueError, match="Expecting value"):
        _ = answer.body
    assert not emulator.account.videos


async def test_a_connection_that_is_cut_before_and_one_that_is_cut_after(visitor: Visitor, emulator: Emulator) -> None:
    emulator.faults.add(Fault(ResetBefore(), times=1))
    with pytest.raises(aiohttp.ClientError):
        await visitor.post("/v3/videos", BODY, **{"Idempotency-Key": "a"})
    assert not emulator.account.videos
    emulator.faults.add(Fault(ResetAfter(), times=1))
    with pytest.raises(aiohttp.ClientError):
        await visitor.post("/v3/videos", BODY, **{"Idempotency-Key": "a"})
    assert len(emulator.account.videos) == 1
    answer = await visitor.post("/v3/videos", BODY, **{"Idempotency-Key": "a"})
    assert [answer.data["video_id"]] == list(emulator.account.videos)
    assert [served.status for served in emulator.log.served] == [None, None, 200]


@pytest.mark.parametrize("carried_out", [False, True])
async def test_no_answer_comes_until_the_client_goes_away(
    visitor: Visitor, emulator: Emulator, carried_out: bool
) -> None:
    emulator.faults.add(Fault(Hang(carried_out), method="POST", times=1))
    before = asyncio.all_tasks()
    post = asyncio.create_task(visitor.post("/v3/videos", BODY))
    await until(lambda: not emulator.faults.pending() and len(emulator.account.videos) == carried_out)
    assert (await visitor.get("/v3/users/me")).status == 200
    assert not post.done()
    post.cancel()
    await asyncio.wait([post])
    await until(lambda: emulator.log.requests("POST"))
    assert emulator.log.requests("POST")[0].status is None
    assert len(emulator.account.videos) == carried_out
    await visitor.session.close()
    await until(lambda: not asyncio.all_tasks() - before)


async def test_a_gateway_gives_up_after_the_request_was_carried_out(visitor: Visitor, emulator: Emulator) -> None:
    emulator.faults.add(Fault(Hang(carried_out=True, seconds=30), method="POST", times=1))
    answer = await visitor.clock.drive(visitor.post("/v3/videos", BODY, **{"Idempotency-Key": "a"}))
    assert (answer.status, visitor.clock.now()) == (504, 30)
    assert b"504 Gateway Time-out" in answer.raw
    again = await visitor.post("/v3/videos", BODY, **{"Idempotency-Key": "a"})
    assert [again.data["video_id"]] == list(emulator.account.videos)


async def test_a_hanging_request_does_not_hold_up_the_end(emulator: Emulator) -> None:
    emulator.faults.add(Fault(Hang(), times=1))
    async with aiohttp.ClientSession() as session:
        task = asyncio.create_task(session.get(f"{emulator.url}/v3/users/me"))
        await until(lambda: not emulator.faults.pending())
        await emulator.aclose()
        with pytest.raises(aiohttp.ClientError):
            await task


async def test_a_render_can_fail_with_and_without_a_reason(visitor: Visitor, emulator: Emulator) -> None:
    emulator.faults.add(Fault(FailRender(), times=1))
    emulator.faults.add(Fault(FailRender(None, None), times=1))
    told, untold, good = await visitor.completed(), await visitor.completed(), await visitor.completed()
    assert (told["status"], told["failure_code"]) == ("failed", "rendering_failed")
    assert told["failure_message"] == "Avatar rendering timed out"
    assert "video_url" not in told
    assert untold["status"] == "failed"
    assert untold.keys() & {"failure_code", "failure_message"} == set()
    assert good["status"] == "completed"
    assert sum(entry.amount for entry in emulator.account.wallet.entries) == emulator.account.videos[good["id"]].cost


async def test_a_completed_video_can_be_without_its_link_for_a_while(visitor: Visitor, emulator: Emulator) -> None:
    emulator.faults.add(Fault(NoLink(2), times=1))
    first = await visitor.completed()
    shown = [first] + [(await visitor.get(f"/v3/videos/{first['id']}")).data for _ in range(2)]
    assert [video["status"] for video in shown] == ["completed"] * 3
    assert ["video_url" in video for video in shown] == [False, False, True]


async def test_a_stuck_video_never_ends_and_keeps_its_slot(visitor: Visitor, emulator: Emulator) -> None:
    emulator.faults.add(Fault(Stuck(), path="/v3/videos"))
    video = await visitor.completed()
    await visitor.clock.advance(1_000_000)
    assert (await visitor.get(f"/v3/videos/{video['id']}")).data["status"] == "processing"
    assert len(emulator.account.slots.running) == 1


async def test_a_status_can_go_back_wherever_it_is_asked_for(visitor: Visitor, emulator: Emulator) -> None:
    emulator.faults.add(Fault(GoesBack(2), times=1))
    video_id = await visitor.create()

    async def one() -> Any:
        return (await visitor.get(f"/v3/videos/{video_id}")).data

    async def many() -> str:
        status: str = (await visitor.get("/v3/videos/statuses", video_ids=video_id)).data[0]["status"]
        return status

    assert (await one())["status"] == "pending"
    await visitor.clock.advance(62)
    before, back = await many(), await one()
    assert (before, back["status"]) == ("completed", "processing")
    assert back.keys() & {"video_url", "duration", "completed_at"} == set()
    assert [await many(), await many(), await many()] == ["processing", "completed", "completed"]
    done = await one()
    assert (done["status"], "video_url" in done, "completed_at" in done) == ("completed", True, True)
    assert not emulator.account.slots.running


async def test_a_status_that_goes_back_is_paid_once(visitor: Visitor, emulator: Emulator) -> None:
    emulator.faults.add(Fault(GoesBack(), times=1))
    assert (await visitor.completed())["status"] == "completed"
    assert (await visitor.get("/v3/videos")).data[0]["status"] == "processing"
    assert [entry.amount > 0 for entry in emulator.account.wallet.entries] == [True]
