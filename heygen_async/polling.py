"""When to look at which job. No I/O and no clock: the watcher brings both.

HeyGen answers the statuses of a hundred jobs in one request, so one request a tick is enough for as many: it asks for
those jobs that were not looked at for the longest time. Where more are open, the requests of a round are spread over
the tick, so that each job has its turn in one; but never more than ten a tick, so from a thousand jobs on it takes
longer. While HeyGen answers 429, everything takes longer: see `Pace.refused`.

Where webhooks tell of what has changed, looking is only for what they miss. So the pause between two ticks doubles
with each event that comes, up to the safety tick; and it is short again as soon as a job has ended of which no event
has told for half a minute. That is a matter of each kind of jobs, because an endpoint may be told of some only.
"""

import math
from collections import OrderedDict
from collections.abc import Hashable
from itertools import islice
from typing import Generic, TypeVar

from attrs import define, field

__all__ = ["PAGE", "Early", "Pace", "Round"]

PAGE = 100
"""How many ids one statuses request may name."""

LATE = 30.0
"""Seconds that an event may come later than we see for ourselves what it tells."""

MOST_A_TICK = 10
"""How many requests of a round there are in the shortest pause."""

_MOST = 10_000
_MOST_STRAIN = 16.0
_RELIEF = 0.9

K = TypeVar("K", bound=Hashable)


@define
class Round(Generic[K]):
    """Keys in the order of their last look, the one that has waited longest first."""

    _keys: dict[K, None] = field(factory=dict, init=False)
    _eager: dict[K, None] = field(factory=dict, init=False)

    def __len__(self) -> int:
        return len(self._keys)

    def __contains__(self, key: K) -> bool:
        return key in self._keys

    @property
    def hinted(self) -> bool:
        """Whether somebody asked for a look out of turn."""
        return bool(self._eager)

    def add(self, key: K) -> None:
        """Have `key` looked at from now on. Harmless when it is there."""
        self._keys.setdefault(key)

    def drop(self, key: K) -> None:
        """Look at `key` no more. Harmless when it is not there."""
        self._keys.pop(key, None)
        self._eager.pop(key, None)

    def hint(self, key: K) -> bool:
        """Put `key` at the head of the next look: somebody (a webhook) says that it changed.

        False if it is unknown.
        """
        if key in self._keys:
            self._eager[key] = None
        return key in self._keys

    def take(self, most: int = PAGE) -> list[K]:
        """Take up to `most` keys that are due, and put them at the end of the round.

        Those that were hinted at come first; but where others wait too, half of the places are theirs.
        """
        others = (key for key in self._keys if key not in self._eager) if self._eager else self._keys
        rest = list(islice(others, most))
        eager = list(islice(self._eager, max(most - len(rest), most // 2, 1)))
        due = [*eager, *rest][:most]
        for key in due:
            self._eager.pop(key, None)
            self._keys[key] = self._keys.pop(key)
        return due


@define
class Pace:
    """How long to pause between two ticks, in seconds of whatever clock `now` comes from."""

    shortest: float
    """As long as looking is the only way to know."""

    longest: float
    """When every event comes."""

    seconds: float = field(init=False)
    """As things are."""

    strain: float = field(default=1.0, init=False)
    """How much longer everything takes, because HeyGen has answered 429."""

    _untold: OrderedDict[str, float] = field(factory=OrderedDict, init=False)

    def __attrs_post_init__(self) -> None:
        self.longest = max(self.shortest, self.longest)
        self.seconds = self.shortest

    def __contains__(self, key: str) -> bool:
        return key in self._untold

    def pause(self, keys: int, wished: float | None = None) -> float:
        """Return the seconds until the next tick, when `keys` have to take turns: each has one in `seconds`.

        `wished`: in how many seconds somebody would look, who knows how long such jobs take. Where events tell of the
        ends, that counts no more.
        """
        round_ = self.seconds if wished is None or self.seconds > self.shortest else wished
        return self.strain * max(self.shortest / MOST_A_TICK, round_ / max(1, math.ceil(keys / PAGE)))

    def refused(self) -> None:
        """Take notice of a 429: all pauses double, up to sixteen times as long."""
        self.strain = min(_MOST_STRAIN, 2 * self.strain)

    def answered(self) -> None:
        """Take notice of an answer: what a 429 has added goes by a tenth."""
        self.strain = max(1.0, _RELIEF * self.strain)

    def heard(self, key: str) -> None:
        """Take notice that an event has told of `key`."""
        self._untold.pop(key, None)
        self.seconds = min(self.longest, 2 * self.seconds)

    def ended(self, key: str, now: float) -> None:
        """Take notice that `key` has ended, as far as we could see, and no event has told of it yet."""
        self._untold[key] = now
        if len(self._untold) > _MOST:
            self._untold.popitem(last=False)

    @property
    def checks(self) -> float | None:
        """When to `check` next; ``None``: there is nothing to miss."""
        return None if self.seconds == self.shortest else next((at + LATE for at in self._untold.values()), None)

    def check(self, now: float) -> bool:
        """Speed up again if an event is missing by now, and tell whether that was so."""
        missing = False
        while self._untold and next(iter(self._untold.values())) + LATE <= now:
            self._untold.popitem(last=False)
            missing = True
        if missing:
            self.seconds = self.shortest
        return missing


@define
class Early:
    """What was told before anybody wanted to know it, for ten minutes, and 10,000 at most."""

    most: int = _MOST
    life: float = 600.0
    """Seconds."""

    _kept: OrderedDict[str, float] = field(factory=OrderedDict, init=False)

    def __len__(self) -> int:
        return len(self._kept)

    def keep(self, key: str, now: float) -> None:
        """Keep `key`, and forget what is too old or too much."""
        self._kept[key] = now
        self._kept.move_to_end(key)
        while len(self._kept) > self.most or next(iter(self._kept.values())) < now - self.life:
            self._kept.popitem(last=False)

    def claim(self, key: str, now: float) -> bool:
        """Tell whether `key` was kept, and keep it no longer."""
        return self._kept.pop(key, -math.inf) >= now - self.life
