"""An account that takes fewer renders at once than the client would like: found out, waited for, and paid once."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from jumping import Jumping
from runs import adds_up, client, files, most_at_once, outcomes_of, paid, places, statuses, until, video, videos

from heygen_async import ManualClock, scheduler
from heygen_async.emulator import Emulator
from heygen_async.emulator.faults import Fault, Refuse, ResetAfter
from heygen_async.options import Limits, Polling, Retry

pytestmark = pytest.mark.anyio


@pytest.fixture
async def narrow(clock: ManualClock) -> AsyncIterator[Emulator]:
    """An emulator that takes three at once."""
    async with Emulator(clock=clock, synthetic=3000, render_seconds=60, renders=3) as running:
        yield running


@pytest.fixture
async def single(clock: ManualClock) -> AsyncIterator[Emulator]:
    """An emulator that takes one at a time."""
    async with Emulator(clock=clock, synthetic=3000, render_seconds=60, renders=1) as running:
        yield running


async def _asked(emulator: Emulator, times: int) -> None:
    """Wait until a video was asked for so often, while the clock stands still."""
    while emulator.log.counts["POST /v3/videos"] < times:  # noqa: ASYNC110  # the emulator sets no event
        await asyncio.sleep(0.001)


@pytest.mark.parametrize("cap", [3, 10, 20])
@pytest.mark.parametrize("too_many", [False, True])
async def test_a_cap_that_nobody_knew_is_found_kept_to_and_said(
    tmp_path: Path, cap: int, too_many: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock, found = Jumping(), list[tuple[int, int]]()
    async with (
        Emulator(clock=clock, synthetic=3000, renders=cap) as emulator,
        client(emulator, limits=Limits(renders=2 * cap if too_many else None)) as heygen,
    ):
        clock.client = heygen
        run = heygen.bulk(videos(60), into=tmp_path)
        assert run.progress.cap is None

        def note(_: str, level: int, __: int) -> None:
            """Take notice of what is logged, in the moment in which it is found out."""
            found.append((level, len(emulator.account.videos)))

        monkeypatch.setattr(scheduler.log, "info", note)

        async def follow() -> None:
            async for outcome in run:
                assert outcome.status == "done"
                assert adds_up(run.progress)

        await clock.drive(follow())
        assert run.progress.cap == cap
        assert next(made for level, made in found if level == cap) <= cap + 2
        assert {level for level, _ in found} <= {cap, cap + 1}, "one more is tried now and again"
        assert places(heygen) == (0, 0, 0, 0)
        assert (paid(emulator), most_at_once(emulator), len(files(tmp_path))) == (60, cap, 60)
        assert sum(served.status == 429 for served in emulator.log.served) <= 20


async def test_the_repr_says_how_many_are_allowed_for_now(single: Emulator, clock: ManualClock) -> None:
    async with client(single) as heygen:
        await heygen.videos.create(video())
        second = asyncio.create_task(heygen.videos.create(video()))
        await _asked(single, 2)
        await clock.until_appointments(2)
        assert repr(heygen).endswith("renders 1/1, 0 waiting>")
        await clock.drive(second)


async def test_a_creation_that_was_refused_holds_nothing_while_it_waits(single: Emulator, clock: ManualClock) -> None:
    async with client(single, limits=Limits(submissions=1)) as heygen:
        await heygen.videos.create(video())
        second = asyncio.create_task(heygen.videos.create(video()))
        await _asked(single, 2)
        await clock.until_appointments(2)
        assert places(heygen) == (1, 0, 0, 0), "the one that renders"
        job = await clock.drive(second)
        assert paid(single) == 2
        await clock.drive(job.wait())
    keys = [served.idempotency_key for served in single.log.requests("POST", "/v3/videos")]
    assert len(keys) > len(set(keys)) == 2, "the refused one was repeated under its own key"


async def test_a_creation_that_may_have_worked_keeps_its_slot_while_it_waits(
    narrow: Emulator, clock: ManualClock
) -> None:
    narrow.faults.add(Fault(ResetAfter(), method="POST", times=1))
    async with client(narrow, retry=Retry(backoff=30)) as heygen:
        creating = asyncio.create_task(heygen.videos.create(video()))
        await clock.until_appointments(1)
        assert places(heygen)[:2] == (1, 1)
        await clock.drive(creating)
    assert paid(narrow) == 1


async def test_cancelling_a_creation_that_waits_for_room_leaves_nothing(single: Emulator, clock: ManualClock) -> None:
    async with client(single) as heygen:
        first = await heygen.videos.create(video())
        second = asyncio.create_task(heygen.videos.create(video()))
        await until(clock, lambda: heygen._desk.lanes.renders.waiting == 1)
        second.cancel()
        with pytest.raises(asyncio.CancelledError):
            await second
        assert places(heygen)[:2] == (1, 0), "the one that renders; the watcher may be asking for it"
        await clock.drive(first.wait())
        assert places(heygen) == (0, 0, 0, 0)
    assert paid(single) == 1


async def test_a_stop_ends_the_wait_for_room(single: Emulator, clock: ManualClock, tmp_path: Path) -> None:
    async with client(single) as heygen:
        run = heygen.bulk(videos(4), into=tmp_path)
        running = asyncio.create_task(outcomes_of(run))
        await until(clock, lambda: heygen._desk.lanes.renders.waiting >= 2)
        run.stop()
        assert statuses(await running) == {"left": 1, "skipped": 3}
        assert places(heygen)[:2] == (1, 0)
    assert paid(single) == 1


async def test_waiting_for_our_own_renders_is_not_patience(clock: ManualClock) -> None:
    async with (
        Emulator(clock=clock, synthetic=3000, render_seconds=7200, renders=1) as slow,
        client(slow, retry=Retry(patience=900), polling=Polling(tick=60)) as heygen,
    ):
        first, second = await clock.drive(asyncio.gather(*(heygen.videos.create(video()) for _ in range(2))))
        await clock.drive(asyncio.gather(first.wait(), second.wait()))
    assert paid(slow) == 2


async def test_a_refusal_of_something_else_than_a_creation_says_nothing_about_renders(
    narrow: Emulator, clock: ManualClock
) -> None:
    narrow.faults.add(Fault(Refuse(429, "rate_limit_exceeded", retry_after=5), method="GET", times=1))
    async with client(narrow) as heygen:
        await clock.drive(heygen.users.me())
        assert heygen._desk.lanes.renders.pace.cap is None
