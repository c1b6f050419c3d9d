"""How many renders to have at HeyGen at once, judged by what it accepts and what it refuses.

Nobody is told how many jobs an account may have at work: the price list says 10, a contract says 20, a translation in
the browser takes one away. What can be known is what HeyGen answers. It does not slow down as a crowded network does,
it answers 429 at once; so a refusal is no sign of congestion but a measurement. Refused while k of ours render: no more
than k go in, now. Accepted as the k-th: k go in.

The `level` is what was measured last, and the `bound` is how many may be there at the moment.

* *Down.* A refusal sets both to k, exactly: a share below it would leave slots empty that are ours. A second refusal in
  a row with still fewer rendering says that the measurement is moving (the cap was lowered, somebody else takes slots,
  all requests are refused for a while), so now the bound falls by a quarter each time, not by one.
* *Up.* Below the level each acceptance adds one, so what a short trouble took is back after as many creations. Above it
  one is tried more, never two. As long as HeyGen has not refused, it is tried whenever a render ends, which doubles the
  number in the time of a render, and has no more at HeyGen than `START` and as many as it has finished.
* *Rarely.* A try above the level that is refused costs a request, and a pause in which the whole client holds back. So
  the `gap` between two of them begins at half a minute and doubles with each that is refused, up to eight minutes. With
  HeyGen's pauses of half a minute at the most, that is one part in sixteen of the time, and only renders that end in it
  wait, on the average, half of it. A try that succeeds halves the gap, and a short one goes: so a cap that was raised
  is reached step by step, and a lucky moment, in which a render had ended that we did not know of, spoils nothing.
* *In time.* The gap is one of seconds and not of renders, so one video that takes hours does not keep us from noticing
  that others have made room.

A pace is a value: each event makes a new one. It knows no lane, no clock and no loop.
"""

from typing import Self

from attrs import evolve, frozen

__all__ = ["Pace"]

START = 20
"""How many to begin with where nobody has said: more than most accounts have costs a refusal or five, once, before any
render can end; fewer would leave slots empty."""

MOST = 100
"""Never more than so many, where nobody has said: an account that queues jobs instead of refusing them takes all."""

SHORTEST = 30.0
"""Seconds between two tries above the level, at first."""

LONGEST = 480.0
"""The same after HeyGen has refused several."""


@frozen(kw_only=True)
class Pace:
    """How many renders may be at HeyGen. All times are seconds of one clock."""

    most: int
    """Never more."""

    bound: int
    """How many now, at least 1."""

    level: int
    """How many HeyGen takes, as far as we know."""

    told: bool = False
    """Whether HeyGen has said so, by refusing more."""

    gap: float = 0.0
    """Seconds between two tries above the level; 0: one at each end of a render."""

    not_before: float = float("-inf")
    """When the next one may be."""

    _shaken: bool = False
    """Whether the last answer was a refusal."""

    @classmethod
    def up_to(cls, most: int | None) -> Self:
        """Begin with the number that somebody has said; ``None``: nobody has, so it is to be found."""
        first = START if most is None else most
        return cls(most=MOST if most is None else most, bound=first, level=first)

    @property
    def cap(self) -> int | None:
        """How many HeyGen was found to take; ``None``: it has refused none."""
        return self.level if self.told else None

    @property
    def next_look(self) -> float | None:
        """When one more is to be tried although no render has ended; ``None``: not before HeyGen has said something."""
        if not self.told or self.bound >= self._highest:
            return None
        return self.not_before if self.gap else self.not_before + SHORTEST

    @property
    def _highest(self) -> int:
        return min(self.level + 1, self.most)

    def accepted(self, rendering: int, now: float) -> Self:
        """HeyGen has accepted a creation; `rendering`: how many of ours it has now, this one included."""
        calm = evolve(self, shaken=False, bound=max(self.bound, min(self.bound + 1, self.level)))
        level = min(rendering, self.most)
        if level <= self.level:
            return calm
        gap = self.gap / 2 if self.gap / 2 >= SHORTEST else 0.0
        return evolve(calm, level=level, bound=max(level, self.bound), gap=gap, not_before=now + gap)

    def refused(self, rendering: int, now: float) -> Self:
        """HeyGen has refused a creation with 429; `rendering`: how many of ours it has."""
        fits = min(max(rendering, 1), self.most)
        if fits < self.level and self._shaken:  # and fewer than at the last refusal, so it goes on falling
            bound = min(self.bound, max(1, fits * 3 // 4))
            return evolve(self, bound=bound, gap=SHORTEST, not_before=now + SHORTEST)
        if self.told and self.bound <= self.level <= fits:  # of the same volley: nothing new
            return evolve(self, shaken=True)
        gap = min(max(2 * self.gap, SHORTEST), LONGEST)
        return evolve(self, shaken=True, told=True, bound=fits, level=fits, gap=gap, not_before=now + gap)

    def ended(self, rendering: int, now: float) -> Self:
        """One of our renders has ended; `rendering`: how many are left. Where all were in use, one more is tried."""
        return self.looking(now) if rendering + 1 >= self.bound else self

    def looking(self, now: float) -> Self:
        """Somebody waits: allow one more, if it is time."""
        if now < self.not_before or self.bound >= self._highest:
            return self
        return evolve(self, bound=self.bound + 1, not_before=now + self.gap)
