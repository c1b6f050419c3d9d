"""However a run ends, nothing more is paid for, and no task, slot or half file stays."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path

import attrs
import pytest
from elsewhere import FAST, elsewhere
from runs import PNG, adds_up, arrived, client, files, outcomes_of, paid, places, statuses, until, video, videos
from tidy import no_task_left, our_tasks

from heygen_async import (
    BulkRun,
    ClientMisused,
    HeyGen,
    ImageVideo,
    Limits,
    LocalFile,
    ManualClock,
    Outcome,
    Timeouts,
)
from heygen_async.emulator import Emulator, Fault, Hang, Refuse, ResetAfter

pytestmark = pytest.mark.anyio

WORKERS = "heygen_async bulk"
"""What the names of a run's tasks begin with."""


# A run that is stopped.


async def test_a_stopped_run_leaves_what_renders_and_skips_the_rest(
    wide: Emulator, clock: ManualClock, tmp_path: Path
) -> None:
    async with client(wide, limits=Limits(renders=3)) as heygen:
        run = heygen.bulk(videos(9), into=tmp_path)
        (tmp_path / "Video 8.mp4").touch()
        running = asyncio.create_task(outcomes_of(run))
        await until(clock, lambda: len(run.jobs) == 3)
        run.stop()
        run.stop()
        outcomes = await running
        assert statuses(outcomes) == {"left": 3, "skipped": 5, "kept": 1}
        left = [outcome.job.id for outcome in outcomes if outcome.status == "left" and outcome.job]
        assert set(left) == set(wide.account.videos)
        assert all(outcome.job is None for outcome in outcomes if outcome.status == "skipped")
        assert all(outcome.error is None for outcome in outcomes)
        assert adds_up(run.progress)
        assert run.progress.failed == 8
        assert our_tasks() == {"heygen_async watcher"}
        later = await clock.drive(heygen.videos.job(left[0]).download(tmp_path / "later.mp4"))
    assert files(tmp_path) == {"Video 8.mp4": 0, later.name: 3000}


async def test_a_creation_under_way_is_finished_and_those_behind_it_are_not_begun(
    wide: Emulator, clock: ManualClock, tmp_path: Path
) -> None:
    limits, timeouts = Limits(renders=5, submissions=1), Timeouts(write=0.25)
    async with client(wide, limits=limits, timeouts=timeouts) as heygen:
        wide.faults.add(Fault(Hang(carried_out=True), method="POST", times=1))
        run = heygen.bulk(videos(7), into=tmp_path)
        running = asyncio.create_task(outcomes_of(run))
        await arrived(wide)
        run.stop()
        outcomes = await clock.drive(running)
        assert statuses(outcomes) == {"left": 1, "skipped": 6}
        assert [outcome.job.id for outcome in outcomes if outcome.job] == list(wide.account.videos)
        assert "renders 1/5, 0 waiting" in repr(heygen)
    assert paid(wide) == 1


async def test_a_download_under_way_is_finished(wide: Emulator, clock: ManualClock, tmp_path: Path) -> None:
    async with client(wide, limits=Limits(renders=2, downloads=1)) as heygen:
        place = await heygen._desk.lanes.downloads.acquire()
        run = heygen.bulk(videos(4), into=tmp_path)
        running = asyncio.create_task(outcomes_of(run))
        await until(clock, lambda: run.progress.downloading >= 1)
        run.stop()
        downloading = run.progress.downloading
        place.release()
        outcomes = await clock.drive(running)
    assert statuses(outcomes)["done"] == downloading == len(files(tmp_path))


async def test_a_run_that_is_stopped_before_it_begins_skips_all(
    heygen: HeyGen, emulator: Emulator, tmp_path: Path
) -> None:
    picture = tmp_path / "face.png"
    picture.write_bytes(PNG)
    image = ImageVideo(image=LocalFile(picture), script="Hello", voice_id="YOUR_VOICE_ID")
    run = heygen.bulk([*videos(25), image], into=tmp_path / "out")
    run.stop()
    assert statuses(await outcomes_of(run)) == {"skipped": 26}
    assert list(emulator.log.served) == []


# A run that ends at once.


async def begin(run: BulkRun, finished: list[Outcome]) -> None:
    async for outcome in run:
        finished.append(outcome)  # noqa: PERF401  # somebody looks at it meanwhile


async def _return(_: Outcome) -> bool:
    return True


async def _stumble(_: Outcome) -> bool:
    raise ZeroDivisionError


@pytest.mark.parametrize("leave", [_return, _stumble])
async def test_leaving_the_loop_ends_the_run(
    wide: Emulator, clock: ManualClock, tmp_path: Path, leave: Callable[[Outcome], Awaitable[bool]]
) -> None:
    async def first() -> None:
        async for outcome in heygen.bulk(videos(40), into=tmp_path):
            if await leave(outcome):
                return

    async with client(wide) as heygen:
        async with no_task_left(WORKERS):
            with suppress(ZeroDivisionError):
                await clock.drive(first())
        await clock.drive(asyncio.gather(*heygen._desk.watcher.jobs))
        made = len(wide.account.videos)
        await clock.advance(200)
    assert len(wide.account.videos) == made < 40
    assert set(files(tmp_path).values()) == {3000}


@pytest.mark.parametrize("how", ["cancelled", "closed"])
async def test_a_run_that_is_cancelled_or_closed_by_another_task_leaves_no_half_file(
    wide: Emulator, clock: ManualClock, tmp_path: Path, how: str
) -> None:
    async with client(wide, limits=Limits(renders=3)) as heygen:
        wide.faults.add(Fault(Hang(), path="/files/*", times=2))
        run, finished = heygen.bulk(videos(9), into=tmp_path), list[Outcome]()
        running = asyncio.create_task(begin(run, finished))
        await until(clock, lambda: not wide.faults.pending())
        assert any(name.endswith(".part") for name in files(tmp_path))
        async with no_task_left():
            if how == "closed":
                await run.aclose()
                await running
            else:
                running.cancel()
                with pytest.raises(asyncio.CancelledError):
                    await running
            assert not any(name.startswith(WORKERS) for name in our_tasks())
            await heygen.aclose()
        assert "renders 0/3, 0 waiting" in repr(heygen)
    assert len(files(tmp_path)) == len(finished)
    assert set(files(tmp_path).values()) <= {3000}


@pytest.mark.parametrize("steps", [*range(12), *range(12, 60, 6)])
async def test_wherever_a_run_is_cancelled_it_leaves_nothing(
    wide: Emulator, clock: ManualClock, tmp_path: Path, steps: int
) -> None:
    async with client(wide, limits=Limits(renders=2, downloads=1)) as heygen:
        run = heygen.bulk(videos(6), into=tmp_path)
        running = asyncio.create_task(outcomes_of(run))
        for _ in range(steps):
            await asyncio.sleep(0.001)
            clock._jump(float("inf"))
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        assert not any(name.startswith(WORKERS) for name in our_tasks())
        assert adds_up(run.progress)
        await clock.drive(asyncio.gather(*heygen._desk.watcher.jobs))
        assert places(heygen) == (0, 0, 0, 0)
    assert set(files(tmp_path).values()) <= {3000}


async def test_a_run_that_was_closed_before_it_began_does_nothing(
    heygen: HeyGen, emulator: Emulator, tmp_path: Path
) -> None:
    run = heygen.bulk(videos(3), into=tmp_path)
    await run.aclose()
    assert await outcomes_of(run) == []
    assert list(emulator.log.served) == []


async def test_a_run_is_iterated_once(heygen: HeyGen, tmp_path: Path) -> None:
    run = heygen.bulk([], into=tmp_path)
    await outcomes_of(run)
    with pytest.raises(ClientMisused, match="iterated once"):
        await outcomes_of(run)


async def test_closing_the_client_ends_its_runs(heygen: HeyGen, clock: ManualClock, tmp_path: Path) -> None:
    run = heygen.bulk(videos(14), into=tmp_path)
    running = asyncio.create_task(outcomes_of(run))
    await until(clock, lambda: len(run.jobs) == 10)
    async with no_task_left():
        await heygen.aclose()
        outcomes = await running
    assert statuses(outcomes) == {"failed": 14}
    assert {type(outcome.error) for outcome in outcomes} == {ClientMisused}


def test_a_run_gets_the_slots_that_jobs_of_an_earlier_loop_hold(tmp_path: Path, collected: None) -> None:
    with elsewhere() as emulator:
        options = attrs.evolve(FAST, limits=Limits(renders=1))
        heygen = HeyGen(emulator.api_key, base_url=emulator.url, options=options)
        asyncio.run(heygen.videos.create(video()))
        assert statuses(asyncio.run(outcomes_of(heygen.bulk(videos(2), into=tmp_path)))) == {"done": 2}
        asyncio.run(heygen.aclose())


# A run that is stopped while HeyGen asks for patience.


async def test_a_creation_that_was_refused_for_now_is_not_repeated_after_a_stop(
    clock: ManualClock, tmp_path: Path
) -> None:
    async with (
        Emulator(clock=clock, synthetic=3000, render_seconds=10_000, renders=2) as crowded,
        client(crowded, limits=Limits(renders=6)) as heygen,
    ):
        run = heygen.bulk(videos(9), into=tmp_path)
        running = asyncio.create_task(outcomes_of(run))
        await until(clock, lambda: crowded.log.counts["POST /v3/videos"] > 6)
        run.stop()
        outcomes = await running  # the clock stands still: nobody waits for the end of a pause
        assert statuses(outcomes) == {"left": 2, "skipped": 7}
        assert paid(crowded) == 2
        assert adds_up(run.progress)


async def test_a_creation_that_may_have_worked_is_repeated_even_after_a_stop(
    wide: Emulator, clock: ManualClock, tmp_path: Path
) -> None:
    async with client(wide, limits=Limits(renders=1)) as heygen:
        wide.faults.add(Fault(ResetAfter(), method="POST", times=1))
        run = heygen.bulk(videos(3), into=tmp_path)
        running = asyncio.create_task(outcomes_of(run))
        await arrived(wide)
        run.stop()
        outcomes = await clock.drive(running)
        assert statuses(outcomes) == {"left": 1, "skipped": 2}
        assert [outcome.job.id for outcome in outcomes if outcome.job] == list(wide.account.videos)
    assert paid(wide) == 1


async def test_nothing_is_begun_after_a_stop_while_the_client_cools_down(
    wide: Emulator, clock: ManualClock, tmp_path: Path
) -> None:
    async with client(wide, limits=Limits(renders=2, submissions=1)) as heygen:
        wide.faults.add(Fault(Refuse(429, "rate_limit_exceeded", retry_after=20), path="/v3/users/me", times=1))
        asking = asyncio.create_task(heygen.users.me())
        await arrived(wide)
        await clock.until_appointments()
        run = heygen.bulk(videos(2), into=tmp_path)
        running = asyncio.create_task(outcomes_of(run))
        while run.progress.rendering == 0 or clock.appointments < 2:  # noqa: ASYNC110  # nobody sets an event
            await asyncio.sleep(0.001)
        run.stop()
        assert statuses(await running) == {"skipped": 2}
        assert (await clock.drive(asking)).username
    assert paid(wide) == 0


async def test_a_run_that_ends_before_its_outcomes_were_read_still_knows_what_heygen_has(
    wide: Emulator, clock: ManualClock, tmp_path: Path
) -> None:
    async with client(wide, limits=Limits(renders=3)) as heygen:
        run = heygen.bulk(videos(5), into=tmp_path)
        running = asyncio.create_task(outcomes_of(run))
        await until(clock, lambda: len(run.jobs) == 3)
        run.stop()
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        await run.aclose()
        assert {job.id for job in run.jobs} == set(wide.account.videos)
