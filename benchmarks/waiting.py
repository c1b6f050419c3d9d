"""One awaited video: how many calls and how much delay waiting for it costs, once a few have been waited for.

Calls times mean delay is what a way of waiting costs, whatever one thinks a call is worth: a fixed interval always has
half the mean duration. Videos take lognormal times (median 3 minutes); what they are is drawn from a seed. Compared are

* a fixed interval, the tick;
* the best schedule of somebody who knows the distribution: exact, by dynamic programming on a grid, for a call that is
  worth what the tick says;
* Keller's density (`heygen_async.durations.pause`) for somebody who knows it too: what the formula gives away;
* the same with what was learned from 30 finished videos, at looks that saw them too late: what we do;
* the real watcher, on a clock that jumps, after 30 videos of its own; its calls are counted where they would be sent.

    python benchmarks/waiting.py           3 sigmas, a tick of 2 s
    python benchmarks/waiting.py --quick   fewer videos

It prints figures, and ends with `settle`.
"""

import argparse
import asyncio
import math
import sys
from collections.abc import Callable, Sequence
from itertools import accumulate, pairwise
from random import Random
from statistics import NormalDist
from typing import Any, cast

from attrs import define, field, frozen
from caps import Jumping
from marks import Mark, settle

from heygen_async import AvatarVideo, Polling
from heygen_async.api.videos import VIDEO, GetVideo, Video
from heygen_async.durations import ENOUGH, Case, Durations, Spread, pause
from heygen_async.foresight import Foresight
from heygen_async.job import Job
from heygen_async.operation import Page, Request, Unread
from heygen_async.watcher import Watcher

MEDIAN = 180.0
TICK = 2.0
SIGMAS = (0.6, 0.3, 0.15)
LEARNED = 30
WITHIN = 1.15
KNOWING = 1e9
"""Degrees of freedom of somebody who knows the distribution."""

CELLS = 1400
"""Of the grid."""

CASE = Case("video", 10.0)
NORMAL = NormalDist()

Pausing = Callable[[float], float]
"""The seconds until the next look, by the age of the video."""


@frozen
class Cost:
    """What waiting cost for one video, on the average."""

    calls: float
    delay: float
    """Seconds from its end to the look that saw it."""

    @property
    def product(self) -> float:
        """What does not depend on what a call is worth."""
        return self.calls * self.delay


def mean_of(costs: Sequence[Cost]) -> Cost:
    """Average over videos."""
    return Cost(
        *(sum(figures) / len(costs) for figures in zip(*((one.calls, one.delay) for one in costs), strict=True))
    )


def times(sigma: float, videos: int, seed: str) -> list[float]:
    """Draw how long the videos take."""
    chance = Random(seed)  # noqa: S311  # it guards nothing
    return [MEDIAN * math.exp(chance.gauss(0, sigma)) for _ in range(videos)]


def wait(seconds: float, pausing: Pausing) -> tuple[Cost, float]:
    """Wait for one video; return also the age at the last look before."""
    looks, before, at = 1, 0.0, pausing(0.0)
    while at < seconds:
        looks, before, at = looks + 1, at, at + pausing(at)
    return Cost(looks, at - seconds), before


def schedule(spread: Spread | None) -> Pausing:
    """Pause as the package does for one video."""
    return (lambda age: pause([(spread, age)], TICK)) if spread else (lambda _: TICK)


def learning(sigma: float, videos: int, rounds: int) -> Cost:
    """Learn from thirty videos, looked at as is known by then; then count some more. Several times from nothing."""
    costs = []
    for each in range(rounds):
        known = Durations()
        for at, seconds in enumerate(times(sigma, LEARNED + videos, f"learn {each}")):
            cost, before = wait(seconds, schedule(known.spread(CASE, ENOUGH)))
            known = known.after(CASE, seconds + cost.delay, open_at=before)
            costs += [cost] if at >= LEARNED else []
    return mean_of(costs)


def best(sigma: float) -> Cost:
    """Find the best looks there are, by dynamic programming; then say what they cost.

    From the last cell backwards: the cost of all that follows a look at cell i, weighted by the share that is still
    open, is a call plus the delay of what ends before the next look, plus what follows that; the best next look is
    tried out among all cells.
    """
    worth = TICK**2 / (2 * MEDIAN * math.exp(sigma**2 / 2))
    edges = [MEDIAN * math.exp(sigma * (-4 + 8 * at / CELLS)) for at in range(CELLS + 1)]
    edges[0] = 0.0
    below = [0.0, *(NORMAL.cdf(math.log(edge / MEDIAN) / sigma) for edge in edges[1:])]
    ended = [after - before for before, after in pairwise(below)]
    middles = [(low + high) / 2 for low, high in pairwise(edges)]
    moment = [0.0, *accumulate(share * middle for share, middle in zip(ended, middles, strict=True))]
    follows, following = [0.0] * (CELLS + 1), [CELLS] * (CELLS + 1)
    for at in range(CELLS - 1, -1, -1):
        tried = range(at + 1, min(CELLS, at + CELLS // 3) + 1) if at else range(1, CELLS + 1)
        follows[at], following[at] = min(
            (edges[to] * (below[to] - below[at]) - (moment[to] - moment[at]) + follows[to], to) for to in tried
        )
        follows[at] += worth * (1 - below[at])
    calls, at = 0.0, 0
    while at < CELLS:
        calls, at = calls + 1 - below[at], following[at]
    return Cost(calls, follows[0] - worth * calls)


@define(eq=False)
class Account:
    """HeyGen, as far as the watcher asks about one video after the other: it counts the calls."""

    clock: Jumping
    watcher: Watcher = field(init=False)
    calls: int = 0
    _id: str = ""
    _end: float = 0.0

    def __attrs_post_init__(self) -> None:
        self.watcher = Watcher(self.ask, self.clock, Polling(tick=TICK), Foresight())

    async def ask(self, request: Request[Any], *, refused: Callable[[], object] | None = None) -> Any:  # noqa: ARG002
        """Answer the list of videos, or read one."""
        self.calls += 1
        done = self.clock.now() >= self._end
        video = Video(id=self._id, status="completed" if done else "processing", video_url="http://a" if done else None)
        if isinstance(request, GetVideo):
            return video
        return Page([Unread({"id": video.id, "status": video.status}, lambda _: video)])

    async def wait(self, seconds: float) -> Cost:
        """Begin a video that takes so long, and wait for it."""
        before, self._id, self._end = self.calls, f"video{self.calls}", self.clock.now() + seconds
        job = Job(self._id, VIDEO, cast("Any", self), AvatarVideo(avatar_id="anna", script="Hello"))
        self.watcher.follow(job)
        await job.wait()
        return Cost(self.calls - before, self.clock.now() - self._end)

    def follow(self, job: Job[Any]) -> None:
        """Follow a job, as the client does."""
        self.watcher.follow(job)


async def watched(sigma: float, videos: int) -> Cost:
    """Let the real watcher wait for one video after the other, on a clock that jumps, after thirty to learn from."""
    clock = Jumping()
    account, taken = Account(clock), times(sigma, LEARNED + videos, "watched")
    costs = [await clock.drive(account.wait(seconds)) for seconds in taken]
    await account.watcher.aclose()
    return mean_of(costs[LEARNED:])


def compare(sigma: float, *, quick: bool) -> list[Mark]:
    """Measure all ways of waiting for one distribution, and print them."""
    rounds, videos = (8, 100) if quick else (12, 120)
    knowing = schedule(Spread(math.log(MEDIAN), sigma, KNOWING))
    ways = {
        "a fixed interval": mean_of([wait(one, lambda _: TICK)[0] for one in times(sigma, 2000, "same")]),
        "the best there is": best(sigma),
        "Keller, knowing": mean_of([wait(one, knowing)[0] for one in times(sigma, 2000, "same")]),
        "learned from 30": learning(sigma, 30, rounds),
        "the watcher": asyncio.run(watched(sigma, videos)),
    }
    print(f"sigma {sigma:g}, tick {TICK:g} s{'calls':>17}{'delay':>9}{'product':>10}")
    for name, cost in ways.items():
        print(f"{name:>24}{cost.calls:>16.1f}{cost.delay:>7.2f} s{cost.product:>10.1f}")
    peers = {name: cost.product for name, cost in ways.items() if name not in {"learned from 30", "the watcher"}}
    least = ways["the best there is"].product
    return [
        Mark(f"Calls x mean delay of one awaited video, sigma {sigma:g}: {name}", found, peers, found / least, WITHIN)
        for name, found in ((name, ways[name].product) for name in ("learned from 30", "the watcher"))
    ]


def main() -> int:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else None)
    parser.add_argument("--quick", action="store_true", help="fewer videos")
    given = parser.parse_args()
    return settle([mark for sigma in SIGMAS for mark in compare(sigma, quick=given.quick)], quick=given.quick)


if __name__ == "__main__":
    sys.exit(main())
