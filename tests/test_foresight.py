"""What a client learns from the jobs that it waits for, with the real watcher and a HeyGen made by hand."""

import asyncio

import pytest
from hands import Hands
from jumping import Jumping

from heygen_async import AvatarVideo, HeyGen, ManualClock, Options
from heygen_async.api.videos import GetVideo, GetVideoStatuses
from heygen_async.durations import Case
from heygen_async.emulator import Emulator
from heygen_async.emulator.faults import FailRender, Fault
from heygen_async.errors import JobFailed
from heygen_async.eta import Eta
from heygen_async.foresight import Foresight

pytestmark = pytest.mark.anyio

TICK = 2.0
SECONDS = 100.0


@pytest.fixture
def hands() -> Hands:
    return Hands(Jumping())


async def live(hands: Hands, name: str, seconds: float = SECONDS, *, picked_up: bool = False) -> int:
    """Begin a job, wait for it, and return how often was asked about it."""
    before = hands.count(GetVideoStatuses) + hands.count(GetVideo)
    job = hands.job(name, picked_up=picked_up)
    hands.clock.call_at(hands.clock.now() + seconds, lambda: hands.words.update({name: "completed"}))
    hands.watcher.follow(job)
    await hands.clock.drive(job.wait())
    return hands.count(GetVideoStatuses) + hands.count(GetVideo) - before


async def test_a_client_that_knows_how_long_they_take_asks_less_often(hands: Hands) -> None:
    asked = [await live(hands, f"v{at}") for at in range(14)]
    assert min(asked[:8]) >= SECONDS / TICK - 1
    assert max(asked[-3:]) <= 0.6 * SECONDS / TICK
    await hands.watcher.aclose()


async def test_what_it_has_seen_too_late_it_does_not_think_longer_than_it_was(hands: Hands) -> None:
    for at in range(14):
        await live(hands, f"v{at}", SECONDS + 0.1)
    spread = hands.watcher.foresight.known.spread(Case.of("video", AvatarVideo(avatar_id="look", script="Hello")))
    assert spread is not None
    assert spread.quantile(0.5) == pytest.approx(SECONDS + TICK / 2, rel=0.02)
    await hands.watcher.aclose()


async def test_an_open_job_says_when_it_will_be_done(hands: Hands) -> None:
    first = hands.job("v0")
    hands.watcher.follow(first)
    assert first.eta is None
    await hands.clock.drive(hands.clock.sleep(SECONDS))
    hands.words["v0"] = "completed"
    await hands.clock.drive(first.wait())
    assert first.eta == Eta(0.0, 0.0, 0.0)
    for at in range(1, 12):
        await live(hands, f"v{at}")
    job = hands.job("v99")
    assert job.eta is None  # nobody follows it yet
    hands.watcher.follow(job)
    young = job.eta
    await hands.clock.drive(hands.clock.sleep(60.0))
    old = job.eta
    assert young is not None
    assert old is not None
    assert young.low < young.likely < young.high
    assert 0 < old.likely < young.likely
    await hands.watcher.aclose()


async def test_a_job_that_was_picked_up_teaches_nothing_and_promises_nothing(hands: Hands) -> None:
    await live(hands, "v0", picked_up=True)
    assert hands.watcher.foresight.known.fits == {}
    await live(hands, "v1")
    job = hands.job("v2", picked_up=True)
    hands.watcher.follow(job)
    assert job.eta is None
    await hands.watcher.aclose()


async def test_a_job_that_failed_teaches_nothing(emulator: Emulator, heygen: HeyGen, clock: ManualClock) -> None:
    emulator.faults.add(Fault(FailRender(), path="/v3/videos", times=1))
    job = await heygen.videos.create(AvatarVideo(avatar_id="Anna_public_3_20240108", script="Hello"))
    with pytest.raises(JobFailed):
        await clock.drive(job.wait())
    assert heygen._desk.watcher.foresight.known.fits == {}


async def test_an_event_tells_the_end_to_the_second(hands: Hands) -> None:
    job = hands.job("v0")
    hands.watcher.follow(job)
    await hands.clock.advance(33.3)
    hands.words["v0"] = "completed"
    hands.watcher.told(["v0"])
    await hands.clock.drive(job.wait())
    (fit,) = hands.watcher.foresight.known.fits.values()
    spread = fit.spread(1.0)
    assert spread is not None
    assert fit.y == pytest.approx(3.506, abs=0.001)  # the logarithm of 33.3
    await hands.watcher.aclose()


async def test_many_open_jobs_keep_the_tick(hands: Hands) -> None:
    for at in range(12):
        await live(hands, f"v{at}")
    jobs = [hands.job(f"w{at}") for at in range(20)]
    for job in jobs:
        hands.watcher.follow(job)
    before = hands.count(GetVideoStatuses)
    await hands.clock.drive(hands.clock.sleep(20.0))
    assert hands.count(GetVideoStatuses) - before == pytest.approx(20.0 / TICK, abs=1)
    await hands.watcher.aclose()


async def test_a_client_with_other_settings_knows_the_same(heygen: HeyGen) -> None:
    other = heygen.with_options(Options())
    assert other._desk.watcher.foresight is heygen._desk.watcher.foresight
    await asyncio.sleep(0)


def test_two_clients_learn_apart() -> None:
    assert Foresight().known == Foresight().known
    assert Foresight() != Foresight()
