"""When to look at which job. No I/O and no clock: the watcher brings both.

HeyGen answers the statuses of a hundred jobs in one request, so one request a tick is enough: it asks for
those jobs that were not looked at for the longest time. With up to a hundred open jobs that is all of them,
each tick.
"""

from collections import OrderedDict
from collections.abc import Hashable
from itertools import chain, islice
from typing import Generic, TypeVar

from attrs import define, field

__all__ = ["PAGE", "Round"]

PAGE = 100
"""How many ids one statuses request may name."""

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
        """Take up to `most` keys that are due, and put them at the end of the round."""
        rest = (key for key in self._keys if key not in self._eager)
        due = list(islice(chain(self._eager, rest), most))
        for key in due:
            self._eager.pop(key, None)
            self._keys.move_to_end(key)
        return due
