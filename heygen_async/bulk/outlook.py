"""When a run will be done, as an interval: it is played through a hundred times, with what is known of durations.

Each time one truth is drawn that the finished jobs allow, and then what renders and what waits is played through in the
slots. So the interval knows three things: that the mean is known only roughly, which all rows share; that each row has
its own luck; and that the last few rows leave slots empty.

Of those that began together the quick ones end first, and whoever learned from them alone would promise too much. So
what still renders has a say too: each game draws how long it will take in all, given that it has not ended yet, and the
next game's truth is drawn as if that had happened (Gibbs sampling). The dice fall the same way each time, so what is
shown does not flicker.
"""

import heapq
import math
from collections.abc import Callable, Mapping, Sequence
from random import Random
from typing import TypeVar

from heygen_async.durations import COVERS, Case, Durations, Fit, Guess
from heygen_async.eta import Eta

__all__ = ["outlook"]

W = TypeVar("W")

_GAMES = 100
_WARM_UP = 40
"""Games that do not count: the first truth knows nothing of what renders."""

_FEWEST = 5
"""Jobs that have ended, before anything is said about a run."""

_TAIL = 2
"""Waiting rows that are played one by one, for each slot; of those before them only the sum counts."""

_SAMPLE = 100
"""Rows that stand for all those before the tail."""

Open = Sequence[tuple[Case, float]]
"""What renders: the case and the age in seconds."""


def outlook(
    known: Durations, rendering: Open, waiting: Sequence[W], at_once: int, *, case_of: Callable[[W], Case]
) -> Eta | None:
    """Say when all of it will be done; ``None``: too few jobs have ended yet, fewer than about five.

    `waiting`: what is not submitted yet, in its order, of which `case_of` tells the cases. `at_once`: how many render
    at the same time. A group in which no job has ended is thought to be like the one of which most is known.
    """
    if max((fit.jobs for fit in known.fits.values()), default=0.0) < _FEWEST * 0.9:  # each job counts a little less
        return None
    early = max(0, len(waiting) - _TAIL * at_once)
    tail = [case_of(each) for each in waiting[early:]]
    sample = [case_of(each) for each in waiting[: early : max(1, early // _SAMPLE)]]
    fits = {case.group: known.fits[_like(case, known)] for case in (*tail, *sample, *(case for case, _ in rendering))}
    ends: list[float] = []
    game = _Game(fits, Random(0))  # noqa: S311  # a forecast keeps no secret
    for _ in range(_WARM_UP + _GAMES):
        rests = [game.rest(case, age) for case, age in rendering]
        ends.append(game.play(rests, tail, at_once) + game.last(sample, early) / at_once)
        game = game.next(rendering, rests)
    ends = sorted(ends[_WARM_UP:])
    low, likely, high = (ends[int(_GAMES * share)] for share in ((1 - COVERS) / 2, 0.5, (1 + COVERS) / 2))
    return Eta(likely, low, high)


def _like(case: Case, known: Durations) -> str:
    """Name the group that tells how long a case takes."""
    return case.group if case.group in known.fits else max(known.fits, key=lambda name: (known.fits[name].jobs, name))


class _Game:
    """One truth: how long the jobs of each group take."""

    def __init__(self, fits: Mapping[str, Fit], chance: Random, seen: Mapping[str, Fit] | None = None) -> None:
        self._fits = fits
        self._chance = chance
        self._guesses: Mapping[str, Guess] = {name: fit.guess(chance) for name, fit in (seen or fits).items()}

    def next(self, rendering: Open, rests: Sequence[float]) -> "_Game":
        """Draw another truth, as if what renders had taken so long."""
        seen = dict(self._fits)
        for (case, age), rest in zip(rendering, rests, strict=True):
            seen[case.group] = seen[case.group].besides(case.length, age + rest)
        return _Game(self._fits, self._chance, seen)

    def rest(self, case: Case, age: float) -> float:
        """Draw how long a job of this age still takes."""
        return self._guesses[case.group].draw_rest(self._chance, case.length, age)

    def play(self, rests: Sequence[float], waiting: Sequence[Case], at_once: int) -> float:
        """Return the seconds until the last one has ended."""
        slots = [*rests, *[0.0] * (at_once - len(rests))]
        heapq.heapify(slots)
        for case in waiting:
            heapq.heapreplace(slots, slots[0] + self._guesses[case.group].draw(self._chance, case.length))
        return max(slots)

    def last(self, sample: Sequence[Case], rows: int) -> float:
        """Return the seconds that so many rows take together, of which there is a sample."""
        if not sample:
            return 0.0
        moments = [self._guesses[case.group].moments(case.length) for case in sample]
        mean, variance = (rows * sum(each) / len(sample) for each in zip(*moments, strict=True))
        return max(0.0, self._chance.gauss(mean, math.sqrt(variance)))
