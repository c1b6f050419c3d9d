"""Five hundred rows: do they cost five hundred creations, and no more than one look a tick.

A bulk run of 500 short videos, ten at once, through the emulator, with time going by 600 times as fast as in
the world. Emulator and client go by the same clock. The films are synthetic: what is measured is the bookkeeping.

    python benchmarks/bulk_run.py             client and emulator in two processes
    python benchmarks/bulk_run.py --together  both in one process, one loop
    python benchmarks/bulk_run.py --quick     100 rows

It prints figures, and ends with 1 where one of the promises was not kept.
"""

import argparse
import asyncio
import json
import resource
import sys
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from itertools import accumulate, pairwise
from pathlib import Path
from typing import Any

from attrs import asdict, evolve, frozen
from marks import Mark, settle

from heygen_async import AvatarVideo, HeyGen, Options, ScaledClock
from heygen_async.emulator import Emulator

SPEED = 600
FILM = 20_000
"""Bytes of each file."""

AT_ONCE = 10
SCRIPT = "Hello"


@frozen
class Seen:
    """What the emulator saw of a run."""

    creations: int
    """How often it was paid."""

    refused: int
    looks: int
    """Requests that ask about many: for their statuses, or for a page of the list."""

    shortest_gap: float
    """Seconds of the clock between two of them."""

    most_at_once: int
    busy: float
    """How much of the time in which videos rendered the slots were taken, from 0 to 1."""

    first: float
    """When the first video got its slot, in seconds of the clock."""

    last: float
    """When the last one was done."""

    requests: dict[str, int]
    cpu: float
    """Seconds of processor time of the emulator's process."""

    @classmethod
    def of(cls, emulator: Emulator, cpu: float) -> "Seen":
        """Look into the emulator."""
        videos = [(video.begun or 0.0, video.ended or 0.0) for video in emulator.account.videos.values()]
        turns = sorted([(begun, 1) for begun, _ in videos] + [(ended, -1) for _, ended in videos])
        first, last = turns[0][0], turns[-1][0]
        log = emulator.log
        asked = sorted(served.at for path in ("*/statuses", "/v3/videos") for served in log.requests("GET", path))
        return cls(
            creations=sum(entry.amount > 0 for entry in emulator.account.wallet.entries),
            refused=sum((served.status or 0) >= 400 for served in emulator.log.served),
            looks=len(asked),
            shortest_gap=min((later - earlier for earlier, later in pairwise(asked)), default=0.0),
            most_at_once=max(accumulate(step for _, step in turns)),
            busy=sum(ended - begun for begun, ended in videos) / (AT_ONCE * (last - first)),
            first=first,
            last=last,
            requests=dict(emulator.log.counts),
            cpu=cpu,
        )


def _cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


@asynccontextmanager
async def together() -> AsyncIterator[tuple[str, Callable[[], Awaitable[Seen]]]]:
    """Run the emulator in this very loop; give its address, and a way to look into it."""
    before = _cpu()
    async with Emulator(clock=ScaledClock(SPEED), synthetic=FILM, balance=1e6) as emulator:

        async def look() -> Seen:
            return Seen.of(emulator, _cpu() - before)

        yield emulator.url, look


@asynccontextmanager
async def apart() -> AsyncIterator[tuple[str, Callable[[], Awaitable[Seen]]]]:
    """Run the emulator in a process of its own."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, __file__, "--serve", stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE
    )
    assert process.stdin is not None  # noqa: S101  # it is a pipe
    assert process.stdout is not None  # noqa: S101  # as above
    stdin, stdout = process.stdin, process.stdout

    async def look() -> Seen:
        stdin.close()
        return Seen(**json.loads(await stdout.readline()))

    try:
        yield (await stdout.readline()).decode().strip(), look
    finally:
        stdin.close()
        await process.wait()


async def serve() -> None:
    """Be the emulator's process: print the address, wait for the end of standard input, print what was seen."""
    async with together() as (url, look):
        print(url, flush=True)
        await asyncio.to_thread(sys.stdin.read)
        print(json.dumps(asdict(await look())), flush=True)


async def run(rows: int, *, in_one: bool) -> tuple[list[Mark], dict[str, bool]]:
    """Run once, and print the figures."""
    clock = ScaledClock(SPEED)
    options = Options()
    options = evolve(options, limits=evolve(options.limits, renders=AT_ONCE))
    requests = [AvatarVideo(avatar_id="Anna_public_3_20240108", script=SCRIPT, title=f"{at}") for at in range(rows)]
    with tempfile.TemporaryDirectory() as folder:
        async with (
            together() if in_one else apart() as (url, look),
            HeyGen("any", base_url=url, options=options, clock=clock) as heygen,
        ):
            began, before = time.perf_counter(), _cpu()
            statuses = Counter[str]([outcome.status async for outcome in heygen.bulk(requests, into=folder)])
            seconds, cpu = time.perf_counter() - began, _cpu() - before
            seen = await look()
        sizes = [path.stat().st_size for path in Path(folder).iterdir()]  # noqa: ASYNC240  # nobody waits any more
    processors = f"{cpu:.1f} both" if in_one else f"{cpu:.1f} client, {seen.cpu:.1f} emulator"
    return report(rows, seen, statuses, sizes, seconds, processors, options.polling.tick)


def report(
    rows: int, seen: Seen, statuses: Counter[str], sizes: list[int], seconds: float, processors: str, tick: float
) -> tuple[list[Mark], dict[str, bool]]:
    """Print the figures; return those that have a mark, and the promises."""
    ticks = (seen.last - seen.first) / tick
    figures: dict[str, Any] = {
        "rows": rows,
        "outcomes": dict(statuses),
        "files": len(sizes),
        "paid creations": seen.creations,
        "refused requests": seen.refused,
        "looks at all": seen.looks,
        "ticks in that time": f"{ticks:.0f}",
        "shortest gap": f"{seen.shortest_gap:.2f} s of the clock (a tick is {tick:g} s)",
        "rendering at most": seen.most_at_once,
        "slots busy": f"{seen.busy:.0%}",
        "wall seconds": f"{seconds:.1f}",
        "videos a second": f"{rows / seconds:.1f}",
        "processor seconds": processors,
        "requests": seen.requests,
    }
    for name, figure in figures.items():
        print(f"{name:>20}  {figure}")
    looks = Mark("Requests about all, by ticks in that time", seen.looks, {"ticks": ticks}, seen.looks / ticks, 1.0)
    promises = {
        "every row is a whole file": sizes == [FILM] * rows and statuses == {"done": rows},
        "each row is paid once": seen.creations == rows,
        "never more at once than allowed": seen.most_at_once <= AT_ONCE and seen.refused == 0,
    }
    return [looks], promises


def main() -> int:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else None)
    parser.add_argument("--quick", action="store_true", help="100 rows instead of 500")
    parser.add_argument("--rows", type=int, help="so many rows")
    parser.add_argument("--together", action="store_true", help="client and emulator in one process")
    parser.add_argument("--serve", action="store_true", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.serve:
        asyncio.run(serve())
        return 0
    rows = given.rows or (100 if given.quick else 500)
    marks, promises = asyncio.run(run(rows, in_one=given.together))
    return settle(marks, quick=given.quick, promises=promises)


if __name__ == "__main__":
    sys.exit(main())
