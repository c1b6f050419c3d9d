"""A hundred thousand jobs that wait: what does each cost, in bytes, in processor time and in pauses for the garbage.

Beside them, as many jobs of which each has a task of its own on plain asyncio that sleeps 10 s between two looks. The
API is a stand-in that answers after 0.1 s, so only waiting is measured, and the loop's time jumps. Then live: 1,000
open jobs on a local server in a process of its own, our client beside a task for each job on plain aiohttp that asks
every 10 s, in turns.

    python benchmarks/pending.py           100,000 jobs; live, two turns of 6 s for each
    python benchmarks/pending.py --quick   20,000; 8 s of the live part

Each figure is taken in a process of its own. A pause is the processor time of what the collector does by itself while
they wait (`gc.callbacks`), so others on the machine count little; what a collection of everything takes is said too.
"""

import argparse
import asyncio
import gc
import json
import subprocess
import sys
import time
import tracemalloc
from collections.abc import Awaitable, Callable
from contextlib import suppress
from statistics import median
from typing import Any

import aiohttp
from aiohttp import web
from attrs import define, evolve, field
from marks import Mark, release, settle
from watching import run

from heygen_async import AvatarVideo, HeyGen, Limits, Options, Polling, SystemClock
from heygen_async.api.videos import VIDEO, GetVideoStatuses
from heygen_async.job import Job
from heygen_async.operation import Page, Unread
from heygen_async.polling import MOST_A_TICK
from heygen_async.watcher import Watcher

PAUSE = 10.0
"""Between two looks of a task of its own."""

OPEN = 1000
"""Jobs of the live test."""


REQUEST = AvatarVideo(avatar_id="Anna_public_3_20240108", script="Hello")


def video_id(number: int) -> str:
    """Make an id like HeyGen's."""
    return f"{number:032x}"


@define
class Desk:
    """Where nothing ever ends."""

    clock: SystemClock = field(factory=SystemClock)
    calls: int = 0
    watcher: Watcher = field(init=False)

    def __attrs_post_init__(self) -> None:
        self.watcher = Watcher(self.send, self.clock, Polling())

    async def send(self, request: Any, *, refused: Callable[[], object] | None = None) -> Any:  # noqa: ARG002  # it refuses nothing
        """Say that all goes on."""
        self.calls += 1
        await asyncio.sleep(0.1)
        ids = request.video_ids or () if isinstance(request, GetVideoStatuses) else ()
        return Page([Unread({"video_id": each, "status": "processing"}, lambda _: None) for each in ids])

    def follow(self, job: Job[Any]) -> None:
        """Be the desk of the jobs."""
        self.watcher.follow(job)


async def ask_alone(wait: Callable[[float], Awaitable[None]]) -> None:
    """Be a task of one job."""
    while True:
        await wait(PAUSE)
        await wait(0.1)


class Collector:
    """Takes the time of the garbage collector."""

    def __init__(self) -> None:
        self.longest = 0.0
        self._began = 0.0

    def __call__(self, phase: str, _: dict[str, int]) -> None:
        """Be told by the collector."""
        if phase == "start":
            self._began = time.thread_time()
        else:
            self.longest = max(self.longest, time.thread_time() - self._began)


async def ours(count: int) -> dict[str, float]:
    """Follow so many jobs, each of them awaited: what waits is what `await job` is made of, and no task around it."""
    desk, ids, kind = Desk(), [video_id(at) for at in range(count)], evolve(VIDEO, listing=None)

    def make() -> list[Job[Any]]:
        return [Job(each, kind, desk, REQUEST) for each in ids]  # type: ignore[arg-type]  # all that jobs need

    jobs = make()
    waits = [job.__await__() for job in jobs]

    def begin() -> None:
        for wait in waits:
            wait.send(None)

    figures = await measure(begin, count, make, seconds=count / 100 * Polling().tick / MOST_A_TICK)
    figures["calls"] = desk.calls
    for wait in waits:
        wait.close()
    await desk.watcher.aclose()
    return figures


async def plain(count: int) -> dict[str, float]:
    """Have a task for each."""
    tasks: list[asyncio.Task[None]] = []

    def begin() -> None:
        tasks.extend(asyncio.create_task(ask_alone(asyncio.sleep)) for _ in range(count))

    figures = await measure(begin, count, list, seconds=2 * PAUSE)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    return figures


async def measure(
    begin: Callable[[], None], count: int, make: Callable[[], object], seconds: float
) -> dict[str, float]:
    """Begin to wait; say what a job costs in bytes, how much of a core all of them take, and the longest pause."""
    gc.collect()
    tracemalloc.start()
    made = make()
    own = tracemalloc.get_traced_memory()[0]
    del made
    gc.collect()
    before = tracemalloc.get_traced_memory()[0]
    begin()
    await asyncio.sleep(0)
    size = tracemalloc.get_traced_memory()[0] - before + own
    tracemalloc.stop()
    await asyncio.sleep(seconds)  # so that each was looked at once
    collector = Collector()
    gc.callbacks.append(collector)
    used = time.thread_time()
    await asyncio.sleep(seconds)
    cpu = (time.thread_time() - used) / seconds
    gc.callbacks.remove(collector)
    return {"bytes": size / count, "cpu": cpu, "pause": collector.longest, "full": median(full() for _ in range(3))}


def full() -> float:
    """Collect all the garbage there is; return the processor time."""
    began = time.thread_time()
    gc.collect()
    return time.thread_time() - began


async def serve() -> None:
    """Be HeyGen for the live test: every job ends some time in the next minutes, and nothing is drawn."""
    began = time.monotonic()

    def word(each: str) -> str:
        return "completed" if time.monotonic() - began > 5 + int(each, 16) % OPEN * 0.2 else "processing"

    def video(each: str) -> dict[str, Any]:
        return {"id": each, "status": word(each), "video_url": f"http://127.0.0.1/{each}", "title": each}

    async def statuses(request: web.Request) -> web.Response:
        ids = request.query["video_ids"].split(",")
        return web.json_response(
            {"data": [{"video_id": each, "status": word(each)} for each in ids], "has_more": False}
        )

    async def one(request: web.Request) -> web.Response:
        return web.json_response({"data": video(request.match_info["id"])})

    app = web.Application()
    app.router.add_get("/v3/videos/statuses", statuses)
    app.router.add_get("/v3/videos/{id}", one)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    print(runner.addresses[0][1], flush=True)
    await asyncio.to_thread(sys.stdin.read)
    await runner.cleanup()


async def live(url: str, seconds: float) -> dict[str, float]:
    """Follow the open jobs with our client."""
    async with HeyGen("any", base_url=url, options=Options(limits=Limits(requests=64))) as heygen:
        waits = [asyncio.ensure_future(heygen.videos.job(video_id(at)).wait()) for at in range(OPEN)]
        await asyncio.sleep(2)  # the first look at each is at once
        used = time.process_time()
        await asyncio.sleep(seconds)
        figures = {"cpu": (time.process_time() - used) / seconds, "ended": float(sum(wait.done() for wait in waits))}
        for wait in waits:
            wait.cancel()
        await asyncio.gather(*waits, return_exceptions=True)
    return figures


async def live_plain(url: str, seconds: float) -> dict[str, float]:
    """Have a task for each on plain aiohttp."""

    async def follow(session: aiohttp.ClientSession, number: int) -> None:
        await asyncio.sleep(number * PAUSE / OPEN)
        while True:
            async with session.get(f"{url}/v3/videos/{video_id(number)}", headers={"x-api-key": "any"}) as answer:
                if json.loads(await answer.read())["data"]["status"] == "completed":
                    return
            await asyncio.sleep(PAUSE)

    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=64)) as session:
        tasks = [asyncio.create_task(follow(session, at)) for at in range(OPEN)]
        await asyncio.sleep(2)
        used = time.process_time()
        await asyncio.sleep(seconds)
        figures = {"cpu": (time.process_time() - used) / seconds, "ended": float(sum(task.done() for task in tasks))}
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    return figures


def apart(*arguments: object) -> dict[str, float]:
    """Run one of the above in a process of its own."""
    command = [sys.executable, __file__, "--part", *map(str, arguments)]
    figures: dict[str, float] = json.loads(
        subprocess.run(command, check=True, capture_output=True, text=True).stdout  # noqa: S603  # it is this very file
    )
    return figures


def alive(part: str, seconds: float) -> dict[str, float]:
    """Run a live part against a fresh server."""
    command = [sys.executable, __file__, "--part", "serve"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as server:  # noqa: S603  # as above
        assert server.stdout is not None  # noqa: S101  # it is a pipe
        try:
            return apart(part, f"http://127.0.0.1:{int(server.stdout.readline())}", seconds)
        finally:
            server.communicate()


def part(arguments: list[str]) -> int:
    """Be one of the processes."""
    match arguments:
        case ["serve"]:
            with suppress(KeyboardInterrupt):
                asyncio.run(serve())
            return 0
        case [("ours" | "plain") as which, count]:
            found = run({"ours": ours, "plain": plain}[which](int(count)))
        case [which, url, seconds]:
            found = asyncio.run({"live": live, "live_plain": live_plain}[which](url, float(seconds)))
    print(json.dumps(found))
    return 0


def main() -> int:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else None)
    parser.add_argument("--quick", action="store_true", help="20,000 jobs, one short live turn")
    parser.add_argument("--part", nargs="+", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.part:
        return part(given.part)
    count, turns, seconds = (20_000, 1, 8.0) if given.quick else (100_000, 1, 10.0)
    own, theirs = apart("ours", count), apart("plain", count)
    lives = [(alive("live", seconds), alive("live_plain", seconds)) for _ in range(turns)]
    here, there = (median(pair[which]["cpu"] for pair in lives) for which in (0, 1))
    task, http = "a task for each job, plain asyncio", f"a task for each job, plain {release('aiohttp')}"
    marks = [
        Mark(f"Bytes of a pending, awaited job, {count:,} of them", own["bytes"], {task: theirs["bytes"]},
             own["bytes"], 1000, unit="bytes", reason="the job, its waiter and what the watcher knows of it"),
        Mark(f"Share of a core of {count:,} pending jobs, %", 100 * own["cpu"], {task: 100 * theirs["cpu"]},
             100 * own["cpu"], 1.0, unit="%"),
        Mark(f"Longest pause of the collector, {count:,} pending jobs", own["pause"], {task: theirs["pause"]},
             own["pause"], 0.05, unit="s",
             reason=f"a collection of all: {1000 * own['full']:.0f} ms, with tasks {1000 * theirs['full']:.0f} ms"),
        Mark(f"Share of a core of {OPEN:,} open jobs, live: ours by that of a task for each", 100 * here,
             {http: 100 * there}, here / there, 0.36, unit="%",
             reason="ours looks at each job every 2 s, the tasks every 10 s"),
    ]  # fmt: skip
    return settle(marks, quick=given.quick, promises={"jobs end meanwhile": all(each["ended"] for each, _ in lives)})


if __name__ == "__main__":
    sys.exit(main())
