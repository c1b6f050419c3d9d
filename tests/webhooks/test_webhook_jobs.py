"""Client, receiver and emulator together: `await job` ends when HeyGen calls, and only as HeyGen's API says."""

import asyncio
import os
import signal
import sys
import time
from collections.abc import AsyncIterator, Callable
from contextlib import aclosing, asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve
from doors import DOORS, Door, by_aiohttp, by_asgi, deliver
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from runs import client, until, video, videos
from tidy import no_task_left

from heygen_async import (
    Event,
    HeyGen,
    JobFailed,
    ManualClock,
    Polling,
    Receiver,
    SecretFile,
    SecretMemory,
    Url,
    VideoJob,
)
from heygen_async.emulator import Emulator
from heygen_async.emulator.deliveries import Hook
from heygen_async.emulator.faults import Delayed, Doubled, FailRender, Fault, Forged, Lost, Overtaken

pytestmark = pytest.mark.anyio

PATIENT = Polling(tick=3600, safety_tick=3600)
"""Hardly ever looks for itself."""

RENDERED = 62
"""Seconds after which the emulator's videos are done."""


def reads(emulator: Emulator) -> list[str]:
    """List what was read of videos."""
    return [served.path for served in emulator.log.requests("GET", "/v3/videos*")]


@asynccontextmanager
async def listening(
    emulator: Emulator, door: Door = by_aiohttp, polling: Polling = PATIENT, *, callbacks: bool = False
) -> AsyncIterator[tuple[HeyGen, Receiver, str]]:
    """Run a client with a receiver that HeyGen knows: by its endpoint, or by the callbacks of each job."""
    async with client(emulator, polling=polling) as heygen:
        store = SecretMemory()
        receiver = heygen.receiver(store=store)
        async with door(receiver) as url, aclosing(emulator.deliveries):  # who calls ends before who is called
            if callbacks:
                yield heygen.with_options(evolve(heygen.options, callback_url=url)), receiver, url
            else:
                await heygen.webhooks.ensure(url, store=store)
                yield heygen, receiver, url


async def told(clock: ManualClock, jobs: list[Any]) -> None:
    """Let the time pass that jobs take, and wait for them; nobody looks by himself before an hour has passed."""
    waits = asyncio.gather(*(job.wait() for job in jobs))
    await clock.advance(3 * RENDERED)
    async with asyncio.timeout(20):
        await waits


# One job.


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("callbacks", [False, True])
async def test_a_job_ends_with_the_call_and_costs_one_get(
    door: Door, callbacks: bool, emulator: Emulator, clock: ManualClock
) -> None:
    async with listening(emulator, door, callbacks=callbacks) as (heygen, _, url):
        job = await heygen.videos.create(video())
        wait = asyncio.ensure_future(job.wait())
        await clock.advance(RENDERED)
        result = await wait
    assert result.video_url
    assert reads(emulator) == [f"/v3/videos/{job.id}"]
    assert emulator.deliveries.attempts[0].url.startswith(url)
    assert clock.now() == RENDERED


async def test_a_failure_is_told_too(emulator: Emulator, clock: ManualClock) -> None:
    emulator.faults.add(Fault(FailRender("rendering_failed", "Too dark")))
    async with listening(emulator) as (heygen, _, _):
        wait = asyncio.ensure_future((await heygen.videos.create(video())).wait())
        await clock.advance(RENDERED)
        with pytest.raises(JobFailed, match="Too dark"):
            await wait


async def test_jobs_of_all_kinds_are_told_of(emulator: Emulator, clock: ManualClock) -> None:
    async with listening(emulator) as (heygen, _, _):
        file = Url("https://example.com/a.mp4")
        jobs: list[Any] = [
            *await heygen.video_translations.create(video=file, output_languages=["Spanish (Spain)"]),
            (await heygen.video_agents.create(prompt="Say hello to the world.")).job,
            (await heygen.videos.batches.create(videos=videos(2))).jobs[1],
        ]
        await told(clock, jobs)


async def test_every_kind_that_takes_a_callback_gets_one_of_its_own(emulator: Emulator, clock: ManualClock) -> None:
    async with listening(emulator, callbacks=True) as (heygen, _, url):
        file = Url("https://example.com/a")
        jobs: list[Any] = [
            await heygen.videos.create(video()),
            await heygen.lipsyncs.create(video=file, audio=file),
            await heygen.filler_word_removals.create(video=file),
            (await heygen.videos.batches.create(videos=videos(3))).jobs[2],
        ]
        paths = [job.request.callback_url for job in jobs]
        assert len(set(paths)) == len(paths)
        assert all(path.startswith(f"{url}/job-") for path in paths)
        await told(clock, jobs)


async def test_a_callback_of_the_callers_own_is_left_alone(emulator: Emulator) -> None:
    async with listening(emulator, callbacks=True) as (heygen, _, url):
        job = await heygen.videos.create(video(callback_url=f"{url}/mine"))
        assert job.request is not None
        assert job.request.callback_url == f"{url}/mine"
        again = [
            (await heygen.videos.create(video(), idempotency_key="the-same")).request.callback_url  # type: ignore[union-attr]  # it has one
            for _ in range(2)
        ]
        assert again[0] == again[1]


async def test_a_job_that_was_picked_up_and_one_of_a_sibling_client_are_told_of(
    emulator: Emulator, clock: ManualClock
) -> None:
    async with listening(emulator) as (heygen, _, _), client(emulator) as other:
        sibling = heygen.with_options(heygen.options)
        theirs = await other.videos.create(video())
        waits = [
            asyncio.ensure_future((await sibling.videos.create(video())).wait()),
            asyncio.ensure_future(heygen.videos.job(theirs.id).wait()),
        ]
        await clock.until_appointments(3)
        await clock.advance(RENDERED)
        assert len(await asyncio.gather(*waits)) == 2
        assert clock.now() == RENDERED


async def test_an_event_that_is_faster_than_the_receipt_counts(clock: ManualClock) -> None:
    async with (
        Emulator(clock=clock, synthetic=3000, render_seconds=0) as emulator,
        listening(emulator) as (heygen, _, _),
    ):
        job = await heygen.videos.create(video())
        await until(clock, lambda: bool(emulator.deliveries.attempts))
        assert (await job).video_url


# Forgeries.


async def test_nothing_forged_resolves_a_job_or_costs_more_than_one_get(emulator: Emulator, clock: ManualClock) -> None:
    async with listening(emulator, callbacks=True) as (heygen, _, url):
        job = await heygen.videos.create(video())
        wait = asyncio.ensure_future(job.wait())
        await clock.until_appointments()
        data = {"video_id": job.id, "url": "https://evil.example/a.mp4"}
        path = getattr(job.request, "callback_url", "")
        forge = emulator.deliveries.forge
        assert await forge(url, "avatar_video.success", data) == 401
        assert await forge(url, "avatar_video.success", data, signed=False) == 401
        assert await forge(f"{url}/job-{'A' * 38}", "avatar_video.success", data, signed=False) == 401
        assert reads(emulator) == []
        for _ in range(10):
            assert await forge(path, "avatar_video.success", data, signed=False) == 200
        await until_quiet(lambda: len(reads(emulator)))
        assert reads(emulator) == [f"/v3/videos/{job.id}"]
        assert not job.done()
        wait.cancel()


async def until_quiet(count: Callable[[], int]) -> None:
    """Let the sockets finish what is under way."""
    seen, quiet = -1, 0
    while quiet < 20:
        now = count()
        seen, quiet = now, quiet + 1 if now == seen else 0
        await asyncio.sleep(0.001)


async def test_an_event_about_somebody_elses_video_has_no_effect(emulator: Emulator, clock: ManualClock) -> None:
    async with listening(emulator) as (heygen, _, _):
        job = await heygen.videos.create(video())
        wait = asyncio.ensure_future(job.wait())
        await clock.until_appointments()
        emulator.deliveries.tell("avatar_video.success", {"video_id": "f" * 32})
        await emulator.deliveries.idle()
        assert [attempt.status for attempt in emulator.deliveries.attempts] == [200]
        assert reads(emulator) == []
        assert not job.done()
        wait.cancel()


# Any order, duplication, loss and forging.

FATES = [None, Lost(), Doubled(), Delayed(10), Delayed(90), Overtaken(), Forged()]


@settings(max_examples=20, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(st.sampled_from(FATES), min_size=6, max_size=6),
    st.lists(st.booleans(), min_size=6, max_size=6),
    st.booleans(),
)
def test_whatever_happens_to_deliveries_every_job_ends_as_the_api_says(
    fates: list[Any], failing: list[bool], callbacks: bool
) -> None:
    asyncio.run(_play(fates, failing, callbacks=callbacks))


async def _play(fates: list[Any], failing: list[bool], *, callbacks: bool) -> None:
    clock = ManualClock()
    async with (
        Emulator(clock=clock, synthetic=3000, render_seconds=60) as emulator,
        listening(emulator, polling=Polling(), callbacks=callbacks) as (heygen, _, url),
    ):
        jobs = list[VideoJob]()
        for fate, fails in zip(fates, failing, strict=True):
            if fails:
                emulator.faults.add(Fault(FailRender(), method="POST", path="/v3/videos", times=1))
            if fate is not None:
                emulator.faults.add(Fault(fate, path="/heygen*", times=1))
            jobs.append(await heygen.videos.create(video()))
            await emulator.deliveries.forge(url, "avatar_video.success", {"video_id": jobs[-1].id})
            assert not jobs[-1].done()
        ends = await clock.drive(asyncio.gather(*jobs, return_exceptions=True))
        assert [isinstance(end, JobFailed) for end in ends] == failing
        for job in jobs:
            assert job.status == emulator.account.video(job.id).status(clock.now())


# How much is read.


async def paced(emulator: Emulator, heygen: HeyGen, clock: ManualClock, count: int) -> int:
    """Make so many videos, ten at once, and return how often something was read."""
    before = len(reads(emulator))

    async def one(request: Any) -> None:
        await (await heygen.videos.create(request))

    await clock.drive(asyncio.gather(*map(one, videos(count))))
    return len(reads(emulator)) - before


async def test_once_events_come_a_video_costs_one_read(clock: ManualClock) -> None:
    async with (
        Emulator(clock=clock, synthetic=3000) as emulator,
        listening(emulator, polling=Polling()) as (heygen, _, _),
    ):
        await paced(emulator, heygen, clock, 20)
        assert await paced(emulator, heygen, clock, 100) <= 110
        await until(clock, lambda: len(emulator.deliveries.attempts) == 120)  # a look may be ahead of the last event


async def test_with_every_third_delivery_lost_all_jobs_end(clock: ManualClock) -> None:
    async with (
        Emulator(clock=clock, synthetic=3000) as emulator,
        listening(emulator, polling=Polling()) as (heygen, _, _),
    ):
        emulator.faults.add(Fault(Lost(), path="/heygen*", every=3))
        await paced(emulator, heygen, clock, 60)
        assert repr(heygen).endswith("renders 0/10, 0 waiting>")
        assert len(emulator.deliveries.attempts) == 60


# Rotation, downtime and the end.


async def test_a_rotation_loses_no_delivery(emulator: Emulator, clock: ManualClock, tmp_path: Path) -> None:
    store = SecretFile(tmp_path / "secrets.json")
    async with client(emulator, polling=PATIENT) as heygen:
        receiver = heygen.receiver(store=store, now=lambda: time.time() + clock.now() / 10)
        async with by_asgi(receiver) as url:
            first = await heygen.webhooks.ensure(url, store=store)
            waits = []
            for rotate in (False, True, True):
                second = await heygen.webhooks.ensure(url, store=store, rotate=rotate)
                assert second.endpoint_id == first.endpoint_id
                waits.append(asyncio.ensure_future((await heygen.videos.create(video())).wait()))
                await clock.advance(RENDERED)
                await waits[-1]
        assert len(emulator.account.shelf(Hook)) == 1
    assert [attempt.status for attempt in emulator.deliveries.attempts] == [200] * 3


async def test_what_was_missed_in_a_downtime_comes_with_the_backfill_once(
    emulator: Emulator, clock: ManualClock
) -> None:
    async with listening(emulator) as (heygen, receiver, _):
        got: list[str | None] = []

        @receiver.on("avatar_video.success")
        def keep(event: Event) -> None:
            got.append(event.resource_id)

        emulator.faults.add(Fault(Lost(), path="/heygen*", times=2))
        jobs = []
        for _ in range(3):
            jobs.append(await heygen.videos.create(video()))
            await clock.advance(1)
        waits = asyncio.gather(*(job.wait() for job in jobs))
        await clock.advance(RENDERED)
        await emulator.deliveries.idle()
        await receiver.idle()
        assert got == [jobs[2].id]
        assert await receiver.backfill(time.time() - 60) == 2
        assert await receiver.backfill(time.time() - 60) == 0
        await receiver.idle()
        await waits
        assert sorted(map(str, got)) == sorted(job.id for job in jobs)


WORKER = """
import asyncio, sys
from aiohttp import web
from heygen_async import HeyGen

async def main():
    async with HeyGen("any", base_url=sys.argv[1]) as heygen:
        receiver = heygen.receiver(sys.argv[2])

        @receiver.on("avatar_video.success")
        async def begun(event):
            print("begun", flush=True)
            await asyncio.Event().wait()

        app = web.Application()
        app.add_routes(receiver.routes("/heygen"))
        runner = web.AppRunner(app)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", int(sys.argv[3])).start()
        print(runner.addresses[0][1], flush=True)
        await asyncio.Event().wait()

asyncio.run(main())
"""


async def test_killing_between_delivery_and_handling_loses_nothing(
    emulator: Emulator, heygen: HeyGen, clock: ManualClock
) -> None:
    async def worker(secret: str, port: str) -> tuple[asyncio.subprocess.Process, str]:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-c", WORKER, emulator.url, secret, port, stdout=asyncio.subprocess.PIPE
        )
        assert process.stdout is not None
        return process, (await process.stdout.readline()).decode().strip()

    process, port = await worker("whsec_unknown", "0")
    url = f"http://127.0.0.1:{port}/heygen"
    made = await heygen.webhooks.endpoints.create(url=url)
    os.kill(process.pid, signal.SIGKILL)
    await process.wait()
    process, _ = await worker(made.secret or "", port)
    job = await heygen.videos.create(video())
    await until(clock, lambda: [each.status for each in emulator.deliveries.attempts] == [200])
    assert process.stdout is not None
    assert await process.stdout.readline() == b"begun\n"
    os.kill(process.pid, signal.SIGKILL)
    await process.wait()

    got = asyncio.Event()
    receiver = heygen.receiver(made.secret)

    @receiver.on("avatar_video.success")
    async def handled(event: Event) -> None:
        assert event.resource_id == job.id
        got.set()

    assert await receiver.backfill(time.time() - 3600) == 1
    await got.wait()


async def test_closing_the_client_ends_its_receivers(emulator: Emulator, clock: ManualClock) -> None:
    ended = asyncio.Event()
    async with no_task_left("heygen_async w"), listening(emulator) as (heygen, receiver, url):

        @receiver.on()
        async def endless(event: Event) -> None:
            try:
                await asyncio.Event().wait()
            finally:
                ended.set()

        job = await heygen.videos.create(video())
        wait = asyncio.ensure_future(job.wait())
        await clock.advance(RENDERED)
        await wait
        await heygen.aclose()
        assert ended.is_set()
        assert await deliver(url, b"{}", {"Signature": "00"}) == 503


def test_a_client_with_a_receiver_works_in_one_loop_after_the_other() -> None:
    clock = ManualClock()
    heygen = HeyGen("any", base_url="http://127.0.0.1:9", clock=clock)
    receiver = heygen.receiver("whsec_a")

    async def turn() -> None:
        async with by_asgi(receiver) as url:
            assert await deliver(url, b"{}", {}, "OPTIONS") == 200

    asyncio.run(turn())


async def test_an_empty_secret_is_refused(heygen: HeyGen) -> None:
    with pytest.raises(ValueError, match="empty"):
        heygen.receiver("")
