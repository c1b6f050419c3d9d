"""The same row, recognized: by a name that lasts from run to run, and by a token in the title that HeyGen shows.

A work is a request as it was written. Two rows with the same request are two works, told apart by their order. The
files of a request count with what is in them, so a folder can be moved, and a new picture makes a new work.
"""

import json
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from hashlib import file_digest, sha256
from pathlib import Path
from typing import Any, Self

import attrs
from attrs import define, evolve, field, frozen

from heygen_async.api.media import LocalFile
from heygen_async.operation import on_the_wire

__all__ = ["Token", "Works", "short"]

_LONGEST_TITLE = 1000
"""Characters of a title that HeyGen takes."""


@define
class Works:
    """Names the works of one input."""

    _digests: dict[Path, str] = field(factory=dict, init=False)
    _equal: Counter[str] = field(factory=Counter, init=False)

    def name(self, request: Any) -> str:
        """Name what the next row asks for: ``5f2c….1``. Reads the files in it, each once: call it in a thread."""
        digest = short(json.dumps(self._plain(request), sort_keys=True), 32)
        self._equal[digest] += 1
        return f"{digest}.{self._equal[digest]}"

    def _plain(self, value: Any) -> Any:
        """Write a value as JSON has it, without what was left open: later versions may have more fields."""
        match value:
            case LocalFile():
                return {"file": self._digest(value.path)}
            case str():
                return value
            case Mapping():
                return {str(name): self._plain(item) for name, item in value.items()}
            case Sequence():
                return [self._plain(item) for item in value]
            case _ if attrs.has(type(value)):
                return self._fields(value)
            case _:
                return value

    def _fields(self, value: Any) -> dict[str, Any]:
        given = {at.name: getattr(value, at.name) for at in on_the_wire(type(value))}
        given |= {"extra": getattr(value, "extra", None) or None, "": getattr(value, "tag", None)}
        return {name: self._plain(item) for name, item in given.items() if item is not None}

    def _digest(self, path: Path) -> str:
        if path not in self._digests:
            try:
                with path.open("rb") as file:
                    self._digests[path] = file_digest(file, "sha256").hexdigest()
            except OSError:  # its row will say so
                self._digests[path] = str(path)
        return self._digests[path]


@frozen
class Token:
    """What a title ends in, so that a video is known again without the journal: ``[hg-3f2a1c-1a2b3c4d5e-9c1d]``."""

    project: str
    """Whose it is: a journal's own word."""

    work: str
    """The row."""

    attempt: str
    """Which of its creations, by their idempotency keys."""

    @classmethod
    def of(cls, project: str, work: str, key: str) -> Self:
        """Make the token of a creation."""
        return cls(project, short(work, 10), short(key, 4))

    @classmethod
    def find(cls, title: str | None) -> Self | None:
        """Find the token in a title, if it has one."""
        found = re.search(r"\[hg-([0-9a-f]{6})-([0-9a-f]{10})-([0-9a-f]{4})\]", title or "")
        return None if found is None else cls(*found.groups())

    def __str__(self) -> str:
        return f"[hg-{self.project}-{self.work}-{self.attempt}]"

    def on(self, request: Any) -> Any:
        """Return a request whose title ends in the token; what it says before is cut where HeyGen would refuse it."""
        title = (request.title or "")[: _LONGEST_TITLE - len(str(self)) - 1]
        return evolve(request, title=f"{title} {self}" if title else str(self))


def short(text: str, digits: int) -> str:
    """Reduce a text to so many hexadecimal digits."""
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:digits]
