"""What the emulator did: the requests that it served, and notes on whatever it had to make up."""

import logging
from collections import Counter, deque
from fnmatch import fnmatchcase

from attrs import define, field, frozen

__all__ = ["Log", "Served"]

logger = logging.getLogger("heygen_async.emulator")

_REMEMBERED = 20_000


@frozen(kw_only=True)
class Served:
    """A request that was answered, or cut off."""

    method: str
    path: str
    query: str
    """As it came, without the question mark."""

    status: int | None
    """The HTTP status; ``None`` when the connection was cut before there was one."""

    request_id: str
    """``X-Request-Id`` of the answer."""

    with_key: bool
    """Whether an API key came with it. To the file links none should."""

    idempotency_key: str | None
    replayed: bool
    """Whether this was an earlier answer again."""

    at: float
    """When it was answered, by the emulator's clock."""


@define(eq=False)
class Log:
    """The last 20,000 requests and notes, and the number of all requests."""

    served: deque[Served] = field(factory=lambda: deque(maxlen=_REMEMBERED))
    """In the order of their answers."""

    notes: deque[str] = field(factory=lambda: deque(maxlen=_REMEMBERED))
    """What was stood in for, and other things that HeyGen would do differently."""

    counts: Counter[str] = field(factory=Counter)
    """How many requests there were for each method and operation, such as ``POST /v3/videos``."""

    def add(self, served: Served, operation: str) -> None:
        """Write down a request; `operation` is its path with the names of the variables."""
        self.served.append(served)
        self.counts[f"{served.method} {operation}"] += 1
        logger.info("%s %s %s", served.method, served.path, served.status or "cut off")

    def note(self, text: str) -> None:
        """Write down a remark, and log it."""
        self.notes.append(text)
        logger.warning("%s", text)

    def requests(self, method: str = "*", path: str = "*") -> list[Served]:
        """Return the requests whose method and path match these patterns (as in a shell)."""
        return [one for one in self.served if fnmatchcase(one.method, method) and fnmatchcase(one.path, path)]
