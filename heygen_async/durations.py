"""How long jobs take, learned from those that have finished; and when to look at one that has not. No I/O, no clock.

*What is learned.* Durations are counted from HeyGen's acceptance to the end, queue included, and taken as lognormal:
jobs differ by factors, not by seconds. In one group (noun, kind, engine, resolution) the median grows with a power of
the length of what is said. A `Fit` holds the weighted sums of a regression of one logarithm on the other; each job
takes a little weight from all before it, so what was learned follows HeyGen, and about `MEMORY` jobs count. A job that
took far longer than foreseen counts as `_FARTHEST` spreads away, so that one stuck night does not spoil a good guess.

*What is foreseen.* A `Spread`: Student's t on the logarithmic scale, which is what a regression knows. After one job it
is wide, after thirty nearly as narrow as the jobs themselves. It is computed through Wallace's approximation by a
normal distribution, which can be inverted and errs on the wide side.

*What looking does to it.* An end lies between the last look that saw the job open and the one that saw it done. What
counts is the middle of that gap, by probability as foreseen, so rare looks do not make jobs seem longer than they are.

*When to look.* One look costs as much as a fixed tick would think it worth. Then the looks are best that are as dense
as the square root of the chance of an end just now (Keller, 1974): ``sqrt(mean * hazard) / tick`` a second, for several
jobs the root of the average. `pause` adds that up from one look to the next. With many jobs at all ages the average is
that of a fixed tick, so from `FEW` on there is nothing to reckon.
"""

import json
import math
from collections.abc import Mapping, Sequence
from functools import cache
from random import Random
from typing import TYPE_CHECKING, Self

from attrs import asdict, evolve, field, frozen

from heygen_async.eta import Eta

if TYPE_CHECKING:
    from statistics import NormalDist

__all__ = ["COVERS", "ENOUGH", "FEW", "Case", "Durations", "Fit", "Guess", "Spread", "pause"]

COVERS = 0.8
"""The share of jobs that end between `Eta.low` and `Eta.high`."""

MEMORY = 64
"""How many jobs a fit remembers: the last that many weigh about two thirds of all."""

ENOUGH = 8
"""Jobs of a group, before the pauses between looks go by them."""

FEW = 8
"""With more open jobs in one call, the tick stays as it is."""

_SLOPE = 0.5
"""How the median grows with the length before anything is known: with its square root."""

_SLOPE_WEIGHT = 1.0
_DOUBT, _DOUBT_WEIGHT = 0.4, 2.0
"""What is believed of the spread before anything is known, and how many jobs that belief is worth."""

_FARTHEST = 4.0
_SHORTEST, _LONGEST = 0.25, 20.0
"""Ticks from one look to the next, at least and at most: a wrong guess costs little in either direction."""

_LATEST = math.log(1e9)
_ABSURD = 1e9
_LEAST = 1e-3
"""Seconds that any job takes."""


@cache
def _normal() -> "NormalDist":
    """Return the standard normal distribution. What it comes from takes long to import, and many never need it."""
    from statistics import NormalDist  # noqa: PLC0415  # as the docstring says

    return NormalDist()


@frozen
class Case:
    """What tells how long a job takes."""

    group: str
    """What it has in common with others."""

    length: float = 1.0
    """Seconds of what is said, roughly; 1.0 where nobody knows."""

    @classmethod
    def of(cls, noun: str, request: object) -> Self:
        """Look at what was asked for; `noun`: that of the job's kind."""
        scenes: Sequence[object] = getattr(request, "scenes", None) or (request,)
        parts = [getattr(scene, "input", scene) for scene in scenes]
        length = sum(map(_length, parts))
        found = (getattr(request, "tag", None), getattr(getattr(parts[0], "engine", None), "tag", None))
        words = [noun, *(str(word or "") for word in (*found, getattr(request, "resolution", None)))]
        return cls("/".join(words), length) if length else cls("/".join([*words, "unheard"]))


def _length(part: object) -> float:
    """Judge the seconds of a script; 0 where there is none, or nobody knows."""
    script: str | None = getattr(part, "script", None)
    if not isinstance(script, str) or not script:
        return 0.0
    from heygen_async.bulk.speaking import seconds_of  # noqa: PLC0415  # as above

    settings = getattr(part, "voice_settings", None)
    span = seconds_of(script, speed=getattr(settings, "speed", None) or 1.0, language=getattr(settings, "locale", None))
    return (span.low + span.high) / 2


@frozen
class Spread:
    """How long a job of one case will take: Student's t, on the logarithms of seconds."""

    centre: float
    scale: float
    freedom: float

    def left(self, seconds: float) -> float:
        """Return the share of jobs that take longer."""
        return 0.5 * math.erfc(self._normal(seconds) / math.sqrt(2)) if seconds > 0 else 1.0

    def hazard(self, seconds: float) -> float:
        """Return the chance, a second, that a job of this age ends just now."""
        if seconds <= 0:
            return 0.0
        far, normal = self._far(seconds), self._normal(seconds)
        steep = self._squeeze**2 * far / normal / (1 + far * far / self.freedom) if normal else self._squeeze
        left = 0.5 * math.erfc(normal / math.sqrt(2))
        odds = _normal().pdf(normal) / left if left > 1e-280 else normal  # so far out they are the same  # noqa: PLR2004
        return odds * steep / (self.scale * seconds)

    def quantile(self, share: float, age: float = 0.0) -> float:
        """Return the seconds by which this share has ended, of those jobs that are `age` old and have not."""
        left = (1 - share) * self.left(age)
        normal = -_normal().inv_cdf(min(max(left, 1e-300), 1 - 1e-16))
        bent = (normal / self._squeeze) ** 2 / self.freedom
        far = math.copysign(math.sqrt(self.freedom * math.expm1(min(bent, 300.0))), normal)
        return max(age, math.exp(min(self.centre + self.scale * far, _LATEST)))

    def eta(self, age: float) -> Eta:
        """Say when a job of this age will be done."""
        low, likely, high = (self.quantile(share, age) - age for share in _SHARES)
        return Eta(likely, low, high)

    @property
    def mean(self) -> float:
        """Return the mean of the lognormal that it resembles, in seconds; it has none itself."""
        return math.exp(min(self.centre + self.scale**2 / 2, _LATEST))

    def middle(self, after: float, until: float) -> float:
        """Return the middle, by probability, of the seconds between two ages at which a job was looked at."""
        above, below = self.left(until), self.left(after)
        if below - above < 1e-9:  # where nobody would have looked for it  # noqa: PLR2004
            return (after + until) / 2
        return min(max(self.quantile(1 - (above + below) / 2), after), until)

    @property
    def _squeeze(self) -> float:
        return (8 * self.freedom + 1) / (8 * self.freedom + 3)

    def _far(self, seconds: float) -> float:
        return (math.log(seconds) - self.centre) / self.scale

    def _normal(self, seconds: float) -> float:
        """Return where a normal distribution has what this one has at `seconds`."""
        far = self._far(seconds)
        return math.copysign(self._squeeze * math.sqrt(self.freedom * math.log1p(far * far / self.freedom)), far)


@frozen
class Guess:
    """One of the truths that a fit allows: a lognormal whose median grows with a power of the length."""

    x: float
    y: float
    slope: float
    sigma: float

    def centre(self, length: float) -> float:
        """Return the logarithm of the median."""
        return self.y + self.slope * (math.log(length) - self.x)

    def draw(self, chance: Random, length: float) -> float:
        """Draw the seconds that a job takes."""
        return math.exp(min(chance.gauss(self.centre(length), self.sigma), _LATEST))

    def draw_rest(self, chance: Random, length: float, age: float) -> float:
        """Draw the seconds that a job still takes that is so old and has not ended."""
        if age <= 0:
            return self.draw(chance, length)
        centre = self.centre(length)
        left = 0.5 * math.erfc((math.log(age) - centre) / self.sigma / math.sqrt(2))
        normal = -_normal().inv_cdf(min(max(left * chance.random(), 1e-300), 1 - 1e-16))
        return max(0.0, math.exp(min(centre + self.sigma * normal, _LATEST)) - age)

    def moments(self, length: float) -> tuple[float, float]:
        """Return the mean of the seconds that jobs take, and their variance."""
        mean = math.exp(min(self.centre(length) + self.sigma**2 / 2, _LATEST))
        return mean, mean * mean * math.expm1(min(self.sigma**2, _LATEST))


_SHARES = ((1 - COVERS) / 2, 0.5, (1 + COVERS) / 2)


@frozen(kw_only=True)
class Fit:
    """What is known of a group: weighted sums over the logarithms of lengths (x) and of durations (y)."""

    jobs: float = 0.0
    """How many count, the older ones less."""

    x: float = 0.0
    """Mean of x; so `y` that of y."""

    y: float = 0.0
    xx: float = 0.0
    """Squares around the mean of x, added up; so `xy` and `yy`."""

    xy: float = 0.0
    yy: float = 0.0

    def after(self, length: float, seconds: float, *, open_at: float | None = None) -> "Fit":
        """Learn that a job took `seconds`; where it was still open at the age `open_at`, something between the two."""
        spread, since = self.spread(length), seconds if open_at is None else open_at
        middle = (since + seconds) / 2 if spread is None else spread.middle(since, seconds)
        log = math.log(max(middle, _LEAST))
        if spread is not None:
            bound = _FARTHEST * spread.scale
            log = min(max(log, spread.centre - bound), spread.centre + bound)
        return self._with(math.log(length), log, kept=1 - 1 / MEMORY)

    def besides(self, length: float, seconds: float) -> "Fit":
        """Return what it would be with one more job, while none is forgotten."""
        return self._with(math.log(length), math.log(max(seconds, _LEAST)), kept=1.0)

    @property
    def sound(self) -> bool:
        """Whether jobs can have led to it; what was read from a file may be anything."""
        return min(self.jobs, self.xx, self.yy) >= 0 and all(abs(sum_) < _ABSURD for sum_ in asdict(self).values())

    def _with(self, x: float, y: float, *, kept: float) -> "Fit":
        before = self.jobs * kept
        jobs = before + 1
        dx, dy = x - self.x, y - self.y
        return Fit(
            jobs=jobs,
            x=self.x + dx / jobs,
            y=self.y + dy / jobs,
            xx=kept * self.xx + dx * dx * before / jobs,
            xy=kept * self.xy + dx * dy * before / jobs,
            yy=kept * self.yy + dy * dy * before / jobs,
        )

    def spread(self, length: float) -> Spread | None:
        """Foresee a job; ``None`` before the first has ended."""
        if self.jobs < 1:
            return None
        dx = math.log(length) - self.x
        wider = 1 + 1 / self.jobs + dx * dx / self._held
        return Spread(self.y + self._slope * dx, math.sqrt(self._variance * wider), self._freedom)

    def guess(self, chance: Random) -> "Guess":
        """Draw what may be true, as likely as it is: many jobs share one truth. At least one job must be known."""
        variance = self._variance * self._freedom / max(1e-9, chance.gammavariate(self._freedom / 2, 2.0))
        return Guess(
            x=self.x,
            y=chance.gauss(self.y, math.sqrt(variance / self.jobs)),
            slope=chance.gauss(self._slope, math.sqrt(variance / self._held)),
            sigma=math.sqrt(variance),
        )

    @property
    def _held(self) -> float:
        return self.xx + _SLOPE_WEIGHT

    @property
    def _slope(self) -> float:
        return (self.xy + _SLOPE_WEIGHT * _SLOPE) / self._held

    @property
    def _freedom(self) -> float:
        return _DOUBT_WEIGHT + self.jobs - 1

    @property
    def _variance(self) -> float:
        unexplained = self.yy + _SLOPE_WEIGHT * _SLOPE**2 - self._held * self._slope**2
        return (_DOUBT_WEIGHT * _DOUBT**2 + max(0.0, unexplained)) / self._freedom


@frozen
class Durations:
    """What is known of all groups."""

    fits: Mapping[str, Fit] = field(factory=dict)

    def after(self, case: Case, seconds: float, *, open_at: float | None = None) -> "Durations":
        """Learn from a job that has ended well: see `Fit.after`."""
        fit = self.fits.get(case.group, Fit())
        return evolve(self, fits={**self.fits, case.group: fit.after(case.length, seconds, open_at=open_at)})

    def spread(self, case: Case, jobs: float = 1.0) -> Spread | None:
        """Foresee a job; ``None`` before so many of its group have ended."""
        fit = self.fits.get(case.group)
        return None if fit is None or fit.jobs < jobs else fit.spread(case.length)

    def joined(self, others: "Durations") -> "Durations":
        """Take of each group what was learned from more jobs."""
        known = dict(others.fits)
        known |= {name: fit for name, fit in self.fits.items() if name not in known or fit.jobs >= known[name].jobs}
        return evolve(self, fits=known)

    def __str__(self) -> str:
        """Write it down, for `read`."""
        sums = {name: asdict(fit) for name, fit in self.fits.items()}
        return json.dumps({name: {key: round(sum_, 6) for key, sum_ in each.items()} for name, each in sums.items()})

    @classmethod
    def read(cls, text: str | None) -> Self:
        """Read what was written down; what is not understood is forgotten: it can be learned again."""
        try:
            written = json.loads(text or "{}")
            fits = {str(name): Fit(**{key: float(sum_) for key, sum_ in fit.items()}) for name, fit in written.items()}
        except (ValueError, TypeError, AttributeError):
            return cls()
        return cls({name: fit for name, fit in fits.items() if fit.sound})


def pause(jobs: Sequence[tuple[Spread | None, float]], tick: float) -> float:
    """Return the seconds until the next look at jobs of which the spread and the age are known.

    `tick`: the pause that one would make knowing nothing; it says what a look is worth. A job of which nothing is known
    (``None``) counts as one that may end at any moment.
    """
    most = _LONGEST * tick
    looks = at = 0.0
    while at < most:
        step = max(tick / 4, at / 6)
        share = step * _density(jobs, at + step / 2) / tick
        if looks + share >= 1:
            at += step * (1 - looks) / share
            break
        looks, at = looks + share, at + step
    return min(max(at, _SHORTEST * tick), most)


def _density(jobs: Sequence[tuple[Spread | None, float]], later: float) -> float:
    """Return how many looks a tick are worth it, so many seconds from now."""
    chances = (1.0 if spread is None else spread.mean * spread.hazard(age + later) for spread, age in jobs)
    return math.sqrt(sum(chances) / max(1, len(jobs)))
