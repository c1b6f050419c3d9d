"""A mixture of everything that goes wrong: the same for the same seed, and survivable."""

from collections import Counter
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st
from visitor import ANNA, Visitor, another

from heygen_async import AvatarVideo, HeyGen, ManualClock
from heygen_async.emulator import Chaos, Emulator, Fault, GoesBack, ResetAfter, ResetBefore, Stuck
from heygen_async.emulator.faults import Faults, Happening, ToFile, ToRequest, ToWork, faults_of

pytestmark = pytest.mark.anyio

KINDS = (ToRequest, ToFile, ToWork)
PATHS = ("/v3/videos", "/v3/videos/statuses", "/files/video/x.mp4")
REQUESTS = st.lists(st.tuples(st.sampled_from(["GET", "POST"]), st.sampled_from(PATHS), st.sampled_from(KINDS)))


def told(faults: Faults, requests: list[tuple[str, str, type[Any]]]) -> list[object]:
    return [faults.take(method, path, kind) for method, path, kind in requests]


@given(st.integers(), st.floats(0, 1), REQUESTS)
def test_the_same_requests_have_the_same_story(seed: int, rate: float, requests: Any) -> None:
    first, second = (faults_of(Chaos(seed=seed, rate=rate)) for _ in range(2))
    assert told(first, requests) == told(second, requests)
    assert first.story == second.story


@given(st.integers(), REQUESTS)
def test_what_else_is_asked_for_changes_nothing_for_creations(seed: int, requests: Any) -> None:
    creations = [("POST", "/v3/videos", ToRequest)] * 50
    alone, among = (faults_of(Chaos(seed=seed, rate=0.3)) for _ in range(2))
    told(among, [request for request in requests if request[0] == "GET"])
    assert told(among, creations) == told(alone, creations)


def test_another_seed_tells_another_story() -> None:
    requests = [("POST", "/v3/videos", ToRequest)] * 200
    assert len({tuple(told(faults_of(Chaos(seed=seed)), requests)) for seed in range(20)}) == 20


@pytest.mark.parametrize("rate", [0.0, 0.05, 0.3])
@pytest.mark.parametrize(
    "request_", [("POST", PATHS[0], ToRequest), ("GET", PATHS[1], ToRequest), ("POST", PATHS[0], ToWork)]
)
def test_about_so_many_are_struck_as_was_asked(rate: float, request_: tuple[str, str, type[Any]]) -> None:
    struck = sum(what is not None for what in told(faults_of(Chaos(seed=1, rate=rate, spare=())), [request_] * 20_000))
    assert rate * 0.7 <= struck / 20_000 <= rate * 1.3


def test_everything_happens_sooner_or_later_but_what_is_spared() -> None:
    requests = [(method, path, kind) for method in ("GET", "POST") for path in PATHS for kind in KINDS] * 2000
    everything, seldom = faults_of(Chaos(seed=3, rate=0.5, spare=())), faults_of(Chaos(seed=3, rate=0.5))
    told(everything, requests)
    told(seldom, requests)
    assert everything.counts.keys() - seldom.counts.keys() == {"Stuck"}
    webhooks = {"Lost", "Doubled", "Delayed", "Overtaken", "Forged"}
    at_will = {"Nothing"}  # an empty answer is one more that cannot be read
    assert {kind.tag for kind in Happening.__args__} - everything.counts.keys() == webhooks | at_will


@pytest.mark.parametrize("wrong", [{"rate": 1.5}, {"rate": -1}, {"spare": ("Stuk",)}])
def test_a_mixture_that_makes_no_sense_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=next(iter(wrong))):
        Chaos(seed=1, **wrong)


def test_a_mixture_is_a_value() -> None:
    assert evolve(Chaos(seed=1), spare=["Stuck"]) == Chaos(seed=1)
    assert len({Chaos(seed=1), Chaos(seed=1), Chaos(seed=2)}) == 2


async def run(emulator: Emulator, into: Path) -> Counter[str]:
    """Carry out a bulk run, or what is left of it; return what became of the rows."""
    rows = [AvatarVideo(avatar_id=ANNA, script="Hello!", title=f"Row {at}") for at in range(30)]
    async with HeyGen("any", base_url=emulator.url, clock=emulator.clock) as heygen:
        outcomes = [one async for one in heygen.bulk(rows, into=into, journal=into / "journal.db")]
    return Counter(outcome.status for outcome in outcomes)


@pytest.mark.parametrize("seed", [4, 5, 12])
async def test_a_bulk_run_loses_nothing_in_it_and_pays_once(clock: ManualClock, tmp_path: Path, seed: int) -> None:
    async with another(clock, faults=Chaos(seed=seed, rate=0.2)) as (emulator, _):
        became = Counter[str]()
        for _ in range(20):
            became = await clock.drive(run(emulator, tmp_path))
            if became.keys() <= {"done", "kept"}:
                break
        entries = emulator.account.wallet.entries
        assert became.total() == 30
        assert became.keys() <= {"done", "kept"}
        assert [path.stat().st_size for path in tmp_path.glob("*.mp4")] == [2000] * 30
        paid, refunded = sum(one.amount > 0 for one in entries), sum(one.amount < 0 for one in entries)
        assert paid - refunded == 30
        assert len({one.key for one in entries if one.amount > 0}) == paid
        assert emulator.faults.story


async def life(visitor: Visitor, emulator: Emulator) -> list[str]:
    """Send some requests, one after the other, whatever comes; return what they came to."""
    seen = []
    for at in range(60):
        try:
            body = {"type": "avatar", "avatar_id": ANNA, "script": "Hello!"}
            method, path = ("POST", "/v3/videos") if at % 3 else ("GET", "/v3/users/me")
            how: Any = {"json": body} if at % 3 else {}
            answer = await visitor.clock.drive(visitor.send(method, path, **how))
            seen.append(str(answer.status))
        except aiohttp.ClientError:
            seen.append("cut")
        await visitor.clock.advance(30)
    return seen


async def test_two_emulators_of_one_seed_have_the_same_life() -> None:
    stories = []
    for _ in range(2):
        clock = ManualClock()
        async with another(clock, renders=1000, faults=Chaos(seed=11, rate=0.3)) as (emulator, visitor):
            stories.append(
                (await life(visitor, emulator), list(emulator.faults.story), emulator.account.wallet.balance)
            )
    assert stories[0] == stories[1]
    assert len(Counter(stories[0][0])) > 3


async def test_a_mixture_can_have_company(clock: ManualClock) -> None:
    faults = [*Chaos(seed=1, rate=0), Fault(Stuck(), times=1), Fault(ResetBefore(), path="/v3/users/me")]
    async with another(clock, faults=faults) as (_, visitor):
        assert (await visitor.completed())["status"] == "processing"
        with pytest.raises(aiohttp.ClientError):
            await visitor.get("/v3/users/me")


async def test_what_was_carried_out_unseen_is_found_again_under_its_key(clock: ManualClock) -> None:
    storm = Fault(ResetAfter(), method="POST", chance=0.5, seed=5)
    async with another(clock, renders=100, faults=[storm, Fault(GoesBack(), chance=0.5)]) as (emulator, visitor):
        for at in range(20):
            answer = None
            while answer is None:
                try:
                    body = {"type": "avatar", "avatar_id": ANNA, "script": "Hello!"}
                    answer = await visitor.post("/v3/videos", body, **{"Idempotency-Key": f"row-{at}"})
                except aiohttp.ClientError:
                    continue
        assert emulator.faults.counts["ResetAfter"] > 5
        keys = [entry.key for entry in emulator.account.wallet.entries]
        assert sorted(key or "" for key in keys) == sorted(f"row-{at}" for at in range(20))
