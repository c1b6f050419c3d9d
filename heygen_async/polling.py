"""When to look at which job. No I/O and no clock: the watcher brings both.

HeyGen answers the statuses of a hundred jobs in one request, so one request a tick is enough: it asks for
those jobs that were not looked at for the longest time. With up to a hundred open jobs that is all of them,
each tick.

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

_MOST = 10_000

K = TypeVar("K", bound=Hashable)


@define
class Round(Generic[K]):
    """Keys in the order of their last look, the one that has waited longest first."""

    _keys: OrderedDict[K, None] = field(factory=OrderedDict, init=False)
    _eager: OrderedDict[K, None] = field(factory=OrderedDict, init=False)

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
        rest = list(islice((key for key in self._keys if key not in self._eager), most))
        eager = list(islice(self._eager, max(most - len(rest), most // 2, 1)))
        due = [*eager, *rest][:most]
        for key in due:
            self._eager.pop(key, None)
            self._keys.move_to_end(key)
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

    _untold: OrderedDict[str, float] = field(factory=OrderedDict, init=False)

    def __attrs_post_init__(self) -> None:
        self.longest = max(self.shortest, self.longest)
        self.seconds = self.shortest

    def __contains__(self, key: str) -> bool:
        return key in self._untold

    def pause(self, keys: int) -> float:
        """Return the seconds until the next tick, when `keys` have to take turns: each has one in `seconds`."""
        return max(self.shortest, self.seconds / max(1, math.ceil(keys / PAGE)))

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
