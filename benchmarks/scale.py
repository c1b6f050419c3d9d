"""From ten rows to a hundred thousand: does a row cost the same.

The same bulk run in growing sizes, 100 renders at once, each in a process of its own, with time going by much faster
than in the world. Time is processor time of the client's process, memory the growth of its peak, both for a row.

* *whole*: everything, over real sockets, with the emulator in another process; up to 1,000 rows, because client and
  emulator together need some 10 ms of processor for a row.
* *run*: the run, its journal in memory, lanes, jobs and files are real; what would come over the wire comes from a
  stand-in in the same process. This is what could grow with the rows: queues, tables, sets. Up to 100,000 rows.

    python benchmarks/scale.py           and draw scale.svg beside this script; takes about four minutes
    python benchmarks/scale.py --quick   up to 1,000 rows
    python benchmarks/scale.py --whole   with the emulator up to 10,000 rows: some two minutes more
    python benchmarks/scale.py --profile 2000   where the time of a row goes, without the wire

It prints figures, and ends with `settle`.
"""

import argparse
import asyncio
import cProfile
import gc
import json
import math
import pstats
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from random import Random
from typing import Any, Literal, cast

from attrs import asdict, define, field, frozen
from marks import Mark, settle

from heygen_async import AvatarVideo, HeyGen, Limits, Options, ScaledClock
from heygen_async.api.videos import VIDEO, Video, VideoJob, VideoRequest
from heygen_async.bulk.run import BulkRun
from heygen_async.bulk.submitter import Submitter
from heygen_async.clock import Clock
from heygen_async.emulator import Emulator
from heygen_async.foresight import Foresight
from heygen_async.job import Job
from heygen_async.operation import JobRequest, Report
from heygen_async.scheduler import Lanes, Slot

Way = Literal["whole", "run"]

AT_ONCE = 100
SPEEDS: dict[Way, float] = {"whole": 600, "run": 6000}
"""So fast that the processor sets the pace, and not the renders."""

FILM = 2000
"""Bytes of each file."""

FLAT = 1.25
"""How much more a row may cost among many than among a thousand."""

WARM = 100
"""Rows of a run before, which is not counted: what is loaded once belongs to no row."""

DRAWING = Path(__file__).with_suffix(".svg")


@frozen
class Size:
    """What a row cost in a run of so many."""

    way: Way
    rows: int
    cpu: float
    """Seconds of processor time, of the client's process."""

    memory: float
    """Bytes that the peak of its memory has grown."""

    wall: float
    """Seconds."""

    served: float = 0.0
    """Seconds of processor time of the emulator."""


@define(eq=False)
class Stage:
    """What a run needs of the client, with nothing behind it: each video is accepted, renders, and is written down."""

    clock: Clock
    lanes: Lanes
    address: str = "here"
    roster: Any = None
    foresight: Foresight = field(factory=Foresight)
    _made: int = field(default=0, init=False)
    _chance: Random = field(factory=lambda: Random(1), init=False)  # noqa: S311  # it guards nothing

    async def prepare(self, request: VideoRequest) -> VideoRequest:
        """Upload nothing."""
        return request

    async def turn(self) -> tuple[Slot, Slot]:
        """Wait as the client does."""
        return await self.lanes.renders.acquire(), await self.lanes.submissions.acquire()

    async def start(
        self,
        request: JobRequest[Any, Video],
        slot: Slot,
        place: Slot,
        *,
        idempotency_key: str | None,  # noqa: ARG002  # as in the client
        pause: Callable[[Awaitable[None]], Awaitable[bool]],  # noqa: ARG002  # as above
    ) -> VideoJob:
        """Accept a video, and have it done in one to three minutes."""
        self._made += 1
        job = Job(f"video{self._made}", VIDEO, cast("Any", self), request)
        video = Video(id=job.id, status="completed", video_url=f"http://localhost/{job.id}.mp4", duration=5.0)
        await asyncio.sleep(0)
        place.release()
        self.lanes.renders.accepted(slot)
        job.on_leaving(slot.release)
        end = self.clock.now() + self._chance.uniform(60, 180)
        self.clock.call_at(end, lambda: job.settle(Report("completed", link=video.video_url), video))
        return job

    def follow(self, job: VideoJob) -> None:
        """Do nothing: a video says itself that it is done."""

    async def download(self, _: VideoJob, target: Path, *, overwrite: bool) -> Path:  # noqa: ARG002  # as above
        """Write the file."""
        target.write_bytes(b"." * FILM)  # noqa: ASYNC240  # a kilobyte
        return target

    async def subtitles(self, job: VideoJob, path: Path) -> None:
        """Bring none."""


def requests(rows: int) -> list[AvatarVideo]:
    """Make the rows."""
    return [AvatarVideo(avatar_id="Anna_public_3_20240108", script="Hello", title=f"{at}") for at in range(rows)]


@asynccontextmanager
async def opened(way: Way, url: str) -> AsyncIterator[Callable[[list[AvatarVideo], str], BulkRun]]:
    """Give what makes a run."""
    clock, limits = ScaledClock(SPEEDS[way]), Limits(renders=AT_ONCE)
    if way == "run":
        stage = cast("Submitter", Stage(clock, Lanes.of(limits, clock)))
        yield lambda made, into: BulkRun(stage, made, into, fold=False)
        return
    async with HeyGen("any", base_url=url, options=Options(limits=limits), clock=clock) as heygen:
        yield lambda made, into: heygen.bulk(made, into=into, fold=False)


async def run(way: Way, rows: int, url: str) -> Size:
    """Run once, after a short run that fills the caches."""
    async with opened(way, url) as make:
        before = began = peak = 0.0
        for count in (WARM, rows):
            gc.collect()
            peak, before, began = _peak(), time.process_time(), time.perf_counter()
            with tempfile.TemporaryDirectory() as folder:
                bad = [outcome async for outcome in make(requests(count), folder) if outcome.status != "done"]
                cpu, wall, grown = time.process_time() - before, time.perf_counter() - began, _peak() - peak
            if bad:
                raise RuntimeError(f"{len(bad)} of {count} rows not done: {bad[0].error!r}")
    return Size(way, rows, cpu / rows, grown / rows, wall / rows)


def _peak() -> float:
    """Return the most bytes that this process has had."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024.0


async def serve() -> None:
    """Be the emulator's process: print the address, wait for the end of standard input, print the processor time."""
    clock = ScaledClock(SPEEDS["whole"])
    async with Emulator(clock=clock, synthetic=FILM, balance=1e7, renders=AT_ONCE) as emulator:
        print(emulator.url, flush=True)
        before = time.process_time()
        await asyncio.to_thread(sys.stdin.read)
        print(time.process_time() - before, flush=True)


def measure(way: Way, rows: int) -> Size:
    """Run in a process of its own, with an emulator in another where one is needed."""
    pipe = subprocess.PIPE
    command = [sys.executable, __file__]
    if way == "run":
        return Size(**json.loads(_said([*command, "--one", str(rows)])))
    with subprocess.Popen([*command, "--serve"], stdin=pipe, stdout=pipe, text=True) as emulator:  # noqa: S603  # ours
        url = emulator.stdout.readline().strip() if emulator.stdout else ""
        size = json.loads(_said([*command, "--one", str(rows), "--at", url]))
        served = float(emulator.communicate()[0])
    return Size(**{**size, "served": served / (rows + WARM)})


def _said(command: Sequence[str]) -> str:
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout  # noqa: S603  # ours


# The drawing.

WIDTH, HEIGHT, LEFT, TOP, GAP = 360, 220, 60, 50, 90
COLOURS: dict[Way, str] = {"whole": "#c2410c", "run": "#1d4ed8"}
NAMES: dict[Way, str] = {"whole": "whole, over the wire", "run": "the run alone"}


def drawing(sizes: Sequence[Size]) -> str:
    """Draw time and memory for a row over the number of rows."""
    panels = [
        _panel(sizes, 0, "processor time a row, ms", lambda size: size.cpu * 1e3),
        _panel(sizes, WIDTH + GAP, "memory a row, KiB", lambda size: size.memory / 1024),
    ]
    wide, high = 2 * WIDTH + 2 * GAP, HEIGHT + TOP + 60
    style = "text{font:13px sans-serif;fill:#374151}.t{font-weight:600}path{fill:none;stroke-width:2}"
    keys = [
        f'<circle cx="{LEFT + 200 * at}" cy="{high - 12}" r="4" fill="{COLOURS[way]}"/>'
        f'<text x="{LEFT + 10 + 200 * at}" y="{high - 8}">{NAMES[way]}</text>'
        for at, way in enumerate(COLOURS)
    ]
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide} {high}" width="{wide}" height="{high}">'
    return "\n".join(
        [head, f"<style>{style}</style>", '<rect width="100%" height="100%" fill="#fff"/>', *panels, *keys, "</svg>\n"]
    )


def _panel(sizes: Sequence[Size], across: float, title: str, figure: Callable[[Size], float]) -> str:
    shown = [size for size in sizes if size.rows >= WARM]  # of ten rows nothing can be said but what a start costs
    most = 4 * _step(1.05 * max(map(figure, shown)) / 4)
    counts = sorted({size.rows for size in shown})
    places = {rows: across + LEFT + WIDTH * at / max(1, len(counts) - 1) for at, rows in enumerate(counts)}

    def down(value: float) -> float:
        return TOP + HEIGHT * (1 - value / most)

    parts = [f'<text class="t" x="{across + LEFT}" y="{TOP - 18}">{title}</text>']
    for at in range(5):
        value = most * at / 4
        parts.append(
            f'<path d="M{across + LEFT} {down(value):.1f}h{WIDTH}" stroke="#e5e7eb" style="stroke-width:1"/>'
            f'<text x="{across + LEFT - 8}" y="{down(value) + 4:.1f}" text-anchor="end">{value:g}</text>'
        )
    for rows, place in places.items():
        parts.append(f'<text x="{place:.1f}" y="{TOP + HEIGHT + 20}" text-anchor="middle">{rows:,}</text>')
    for way, colour in COLOURS.items():
        points = [(places[size.rows], down(figure(size))) for size in shown if size.way == way]
        line = "L".join(f"{x:.1f} {y:.1f}" for x, y in points)
        parts.append(f'<path d="M{line}" stroke="{colour}"/>')
        parts += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4" fill="{colour}"/>' for x, y in points]
    return "\n".join(parts)


def _step(least: float) -> float:
    """Round up to a number that reads well on an axis."""
    power = 10.0 ** math.floor(math.log10(least))
    return power * next(figure for figure in (1, 2, 2.5, 5, 10) if figure * power >= least)


# The question.


def compare(most: dict[Way, int], *, quick: bool) -> int:
    """Measure all sizes, print them, draw them, and hold the largest against a thousand rows."""
    sizes = []
    print(f"{'':>8}{'rows':>9}{'processor ms':>15}{'emulator ms':>13}{'KiB':>9}{'wall ms':>10}   each a row")
    for way, largest in most.items():
        for rows in (10, 100, 1000, 10_000, 100_000):
            if rows <= largest:
                size = measure(way, rows)
                sizes.append(size)
                served = f"{size.served * 1e3:.2f}" if size.served else "-"
                print(
                    f"{way:>8}{rows:>9,}{size.cpu * 1e3:>15.2f}{served:>13}{size.memory / 1024:>9.2f}"
                    f"{size.wall * 1e3:>10.2f}",
                    flush=True,
                )
    if not quick:
        DRAWING.write_text(drawing(sizes), encoding="utf-8")
    judged = [way for way in most if way == "run" or most[way] > 1000]  # a hundred rows never wait for a slot
    return settle([mark for way in judged for mark in _marks(way, sizes)], quick=quick)


def _marks(way: Way, sizes: Sequence[Size]) -> list[Mark]:
    """Hold the largest run against one a tenth or a hundredth as large."""
    mine = {size.rows: size for size in sizes if size.way == way}
    large, small = mine[max(mine)], mine[100 if max(mine) <= 1000 else 1000]
    where = f"{NAMES[way]}: {large.rows:,} rows"
    peer = f"{small.rows:,} rows"
    return [
        Mark(f"Processor time a row, {where}", large.cpu, {peer: small.cpu}, large.cpu / small.cpu, FLAT, unit="s"),
        Mark(
            f"Memory a row, {where}",
            large.memory / 1024,
            {peer: small.memory / 1024},
            large.memory / max(1.0, small.memory),
            FLAT,
            unit="KiB",
        ),
    ]


def main() -> int:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else None)
    parser.add_argument("--quick", action="store_true", help="up to 1,000 rows, and no drawing")
    parser.add_argument("--whole", action="store_true", help="with the emulator up to 10,000 rows")
    parser.add_argument("--profile", type=int, help="profile so many rows, without the wire")
    parser.add_argument("--one", type=int, help=argparse.SUPPRESS)
    parser.add_argument("--at", default="", help=argparse.SUPPRESS)
    parser.add_argument("--serve", action="store_true", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.serve:
        asyncio.run(serve())
    elif given.one:
        print(json.dumps(asdict(asyncio.run(run("whole" if given.at else "run", given.one, given.at)))))
    elif given.profile:
        with cProfile.Profile() as profile:
            asyncio.run(run("run", given.profile, ""))
        pstats.Stats(profile).sort_stats("tottime").print_stats(25)
    else:
        whole = 10_000 if given.whole else 1000
        return compare({"whole": whole, "run": 1000 if given.quick else 100_000}, quick=given.quick)
    return 0


if __name__ == "__main__":
    sys.exit(main())
