"""How a caller hears that an operation is at its end: from us before each legacy call, and once from HeyGen itself.

HeyGen retired v1 and v2 on 1 November 2026. Since the middle of that year their answers carry the headers
``deprecation`` and ``sunset``, and those of v2 an object ``warning`` too.
"""

import inspect
import json
import logging
import warnings
from collections.abc import Mapping
from contextlib import suppress
from typing import Any, Literal

from attrs import define, field, frozen

from heygen_async.operation import Endpoint

__all__ = ["LegacyMode", "LegacyWarning", "Notice", "Notices", "announce", "notice_in", "outside"]

log = logging.getLogger(__name__)

LegacyMode = Literal["send", "translate"]
"""What becomes of calls of v1 and v2: sent as they are, or as v3."""


class LegacyWarning(DeprecationWarning):
    """An operation of v1 or v2, which HeyGen has retired; the text names what v3 has in its place."""


def announce(endpoint: Endpoint, level: int) -> None:
    """Warn that a legacy operation is about to be called; `level` is that of `warnings.warn`, seen from here."""
    if endpoint.legacy:
        text = (
            f"{endpoint.method} {endpoint.path} is legacy: HeyGen retired v1 and v2 on 1 November 2026. In v3 it is "
            f'{endpoint.deprecated}; HeyGen(legacy="translate") sends legacy calls so by itself'
        )
        warnings.warn(LegacyWarning(text), stacklevel=level + 1)


@frozen
class Notice:
    """What HeyGen says about the end of an operation."""

    text: str
    """HeyGen's words; ours, where there are only headers."""

    sunset: str | None = None
    """When it ends or has ended, as HeyGen writes it."""

    successor: str | None = None
    """What v3 has in its place."""

    page: str | None = None
    """Where HeyGen explains it."""

    def __str__(self) -> str:
        details = {"sunset": self.sunset, "successor": self.successor, "see": self.page}
        known = ", ".join(f"{name} {value}" for name, value in details.items() if value)
        return f"{self.text} ({known})" if known else self.text


def notice_in(headers: Mapping[str, str], payload: object) -> Notice | None:
    """Find the notice in an answer; ``None``: there is none."""
    said = payload.get("warning") if isinstance(payload, Mapping) else None
    sunset = headers.get("sunset")
    if isinstance(said, Mapping) and isinstance(said.get("message"), str):
        words = {name: value for name, value in said.items() if isinstance(value, str)}
        when, page = words.get("sunset_date", sunset), words.get("docs_url")
        return Notice(words["message"], when, words.get("v3_endpoint"), page)
    if sunset or headers.get("deprecation", "false").lower() not in {"false", ""}:
        return Notice("HeyGen is taking this operation away", sunset)
    return None


@define
class Notices:
    """What HeyGen has said so far, by operation: each is passed on once, as a `LegacyWarning` and to the log."""

    heard: dict[str, Notice] = field(factory=dict)

    def take(self, endpoint: Endpoint, headers: Mapping[str, str], body: bytes) -> None:
        """Look for a notice in an answer. Never raises: what was answered may have been paid for."""
        if not (endpoint.legacy or "sunset" in headers or "deprecation" in headers):
            return
        operation = f"{endpoint.method} {endpoint.path}"
        notice = None if operation in self.heard else notice_in(headers, _parsed(body))
        if notice is not None:
            self.heard[operation] = notice
            log.warning("%s: %s", operation, notice)
            with suppress(LegacyWarning):  # where warnings are errors
                warnings.warn(LegacyWarning(f"{operation}: {notice}"), stacklevel=outside())


def _parsed(body: bytes) -> Any:
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None


_BETWEEN = {"heygen_async", "asyncio", "anyio", "concurrent", "contextlib", "threading"}
"""What stands between a user's line and ours; no user can do anything about a line of theirs."""


def outside() -> int:
    """Count the frames from our caller up to the first that is the user's.

    In a task of its own that is whoever runs the event loop; where nobody does, it is beyond the last frame.
    """
    frame, level = inspect.currentframe(), 0
    while frame is not None and str(frame.f_globals.get("__name__")).partition(".")[0] in _BETWEEN:
        frame, level = frame.f_back, level + 1
    return level
