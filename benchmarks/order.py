"""Longest first, as far as one can tell: how much sooner does a run end.

1,000 videos, 100 at once, render times lognormal (median 3 minutes, sigma 0.6). Nobody knows them beforehand: a video
is judged by the length of its script, and its render time is that times a lognormal error of 30 %. The bound is the sum
through the slots, or the longest video where that is longer: no order can be better.

First a simulation over the function that orders real runs (`heygen_async.bulk.order.renders_of`), some times over. Then
a real run, client and emulator on one clock that jumps from one appointment to the next, with files.

    python benchmarks/order.py           1,000 videos, 100 at once
    python benchmarks/order.py --quick   200 videos, 20 at once

It prints figures, and ends with `settle`.
"""

import argparse
import asyncio
import heapq
import math
import sys
import tempfile
from collections.abc import Sequence
from random import Random
from statistics import median

from attrs import frozen
from caps import FILM, Jumping
from marks import Mark, settle

from heygen_async import AvatarVideo, HeyGen, Limits, Options
from heygen_async.bulk.order import Order, renders_of
from heygen_async.bulk.quotes import quote
from heygen_async.durations import Durations
from heygen_async.emulator import Emulator

LOOK = "Anna_public_3_20240108"
MEDIAN = 180.0
SIGMA = 0.6
ERROR = 0.3
LETTERS = 2.0
"""Of a script, for each second that its video is judged to render."""

BEST = 1.03
ORDERS: tuple[Order, ...] = ("rows", "longest-first")


@frozen
class Table:
    """Some videos, and how long each will render, by its title."""

    requests: Sequence[AvatarVideo]
    seconds: Sequence[float]

    @classmethod
    def draw(cls, rows: int, seed: int) -> "Table":
        """Draw videos and their render times."""
        chance = Random(seed)  # noqa: S311  # it guards nothing
        seconds = [MEDIAN * math.exp(chance.gauss(0, SIGMA)) for _ in range(rows)]
        judged = [one * math.exp(chance.gauss(0, ERROR)) for one in seconds]
        scripts = ["o" * min(5000, max(1, round(LETTERS * one))) for one in judged]
        made = [
            AvatarVideo(avatar_id="Anna_public_3_20240108", script=s, title=f"{at}") for at, s in enumerate(scripts)
        ]
        return cls(made, seconds)

    def bound(self, at_once: int) -> float:
        """Return the seconds that no order can do better than."""
        return max(sum(self.seconds) / at_once, *self.seconds)


def simulated(table: Table, at_once: int, order: Order) -> float:
    """Return how long a run would take that loses no time between two videos."""
    judged = renders_of(table.requests, quote, Durations())
    turns = range(len(judged)) if order == "rows" else sorted(range(len(judged)), key=lambda at: -judged[at])
    slots = [0.0] * at_once
    for at in turns:
        heapq.heapreplace(slots, slots[0] + table.seconds[at])
    return max(slots)


async def real(table: Table, at_once: int, order: Order) -> float:
    """Run it, and return the seconds from the first render's begin to the last one's end, as the emulator saw them."""
    clock = Jumping()
    options = Options(limits=Limits(renders=at_once))
    with tempfile.TemporaryDirectory() as folder:
        async with (
            Emulator(
                clock=clock,
                synthetic=FILM,
                balance=1e6,
                renders=at_once,
                render_seconds=lambda request: table.seconds[int(request.title)],
            ) as emulator,
            HeyGen("any", base_url=emulator.url, clock=clock, options=options) as heygen,
        ):
            clock.client = heygen

            async def follow() -> int:
                bulk = heygen.bulk(table.requests, into=folder, order=order, fold=False)
                return sum([outcome.status == "done" async for outcome in bulk])

            done = await clock.drive(follow())
            videos = emulator.account.videos.values()
            if done != len(table.requests):
                raise RuntimeError(f"{done} of {len(table.requests)} videos done")
            return max(video.ended or 0.0 for video in videos) - min(video.begun or 0.0 for video in videos)


def main() -> int:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else None)
    parser.add_argument("--quick", action="store_true", help="200 videos, 20 at once")
    given = parser.parse_args()
    rows, at_once, rounds = (200, 20, 20) if given.quick else (1000, 100, 15)
    tables = [Table.draw(rows, seed) for seed in range(rounds)]
    fifo, longest = (median(simulated(one, at_once, order) / one.bound(at_once) for one in tables) for order in ORDERS)
    first = tables[0]
    ran = asyncio.run(real(first, at_once, "longest-first")) / first.bound(at_once)
    where = f"{rows:,} videos, {at_once} at once, {ERROR:.0%} error"
    marks = [
        Mark(f"Length of a run, simulated: {where}", longest, {"in the order of the rows": fifo}, longest, BEST),
        Mark(
            f"The same, run through client and emulator: {where}",
            ran,
            {"simulated": simulated(first, at_once, "longest-first") / first.bound(at_once)},
            ran,
            BEST,
            reason="one draw, and each slot is free again only when the client knows of the end, 1.1 s on the average",
        ),
    ]
    return settle(marks, quick=given.quick)


if __name__ == "__main__":
    sys.exit(main())
