"""The same request twice, answered once: HeyGen's ``Idempotency-Key``.

A key counts for one path. For 24 hours it brings the original answer again, even when the body is another one. While
the first request is still at work, a second one is told so (409). A request that was refused leaves no trace.
"""

import re
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from attrs import define, field, frozen

from heygen_async.emulator.refusals import Refusal, invalid

__all__ = ["UNDER", "Answered", "Replays", "check_key"]

_WINDOW = 24 * 3600.0
_KEY = re.compile(r"[A-Za-z0-9_\-:.]{1,255}")

UNDER: ContextVar[str | None] = ContextVar("heygen_async.emulator.key", default=None)
"""The key of the request that is being served, where it is heeded."""

Place = tuple[str, str]
"""A path and a key."""


@frozen
class Answered:
    """An answer that was given."""

    status: int
    body: bytes
    digest: bytes | None
    """Of the request's body; ``None``: it was not kept (uploads)."""

    at: float
    """When, by the emulator's clock."""


@define(eq=False)
class Replays:
    """The answers of the last 24 hours, and the requests that are still at work."""

    _answered: OrderedDict[Place, Answered] = field(factory=OrderedDict, init=False)
    _at_work: set[Place] = field(factory=set, init=False)

    def find(self, place: Place, now: float) -> Answered | None:
        """Return the earlier answer, if there is one. Raises `Refusal` (409) while it is still being worked out."""
        if place in self._at_work:
            raise Refusal(
                409,
                "request_in_progress",
                "A request with this Idempotency-Key is already in progress. Retry shortly.",
            )
        while self._answered and next(iter(self._answered.values())).at + _WINDOW <= now:
            self._answered.popitem(last=False)
        return self._answered.get(place)

    @contextmanager
    def working(self, place: Place) -> Iterator[None]:
        """Mark a request as being at work, however it ends."""
        self._at_work.add(place)
        try:
            yield
        finally:
            self._at_work.discard(place)

    def keep(self, place: Place, answered: Answered) -> None:
        """Keep an answer for 24 hours."""
        self._answered[place] = answered


def check_key(key: str) -> None:
    """Refuse a key that is blank, too long or has other characters than ``A-Z a-z 0-9 _ - : .`` (400)."""
    if not _KEY.fullmatch(key):
        raise invalid("Idempotency-Key", "Idempotency-Key must have 1 to 255 characters of A-Z a-z 0-9 _ - : .")
