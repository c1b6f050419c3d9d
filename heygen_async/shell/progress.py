"""How a bulk run shows itself: a live block on a terminal, plain lines elsewhere, JSON for programs.

Texts come from outside (titles, HeyGen's messages), so nothing in them is obeyed: no escape sequence, no markup.
"""

import json
import re
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Protocol, Self, TextIO

from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from heygen_async.bulk.outcome import Outcome, Progress
from heygen_async.errors import HeyGenError
from heygen_async.eta import Eta
from heygen_async.log import printable

__all__ = ["Board", "JsonBoard", "LiveBoard", "PlainBoard", "board_for", "duration", "place", "spans", "summary"]

COUNT_EVERY = 30.0
"""Seconds between two lines of counts where lines cannot be redrawn."""

MINUTE = 60
LONGEST_TITLE = 60
"""Characters of a title that a line shows."""

_PLAIN_TEXT = {"✓": "ok", "✗": "failed:", "…": "...", "·": "|", "→": "->"}
_SIGNS = {"done": "green", "kept": "cyan", "failed": "red"}
"""The outcomes that have a line of their own, and the colour of its sign."""


class Board(Protocol):
    """Where a run is shown."""

    def __enter__(self) -> Self: ...
    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None, /
    ) -> None: ...

    def show(self, progress: Progress, /) -> None:
        """Show how far the run is; called several times a second."""
        ...

    def tell(self, outcome: Outcome, /) -> None:
        """Tell what became of a row."""
        ...

    def say(self, text: str, /) -> None:
        """Say something about the run itself."""
        ...

    def close(self, lines: Sequence[str], /) -> None:
        """Show the summary, after the end."""
        ...


class PlainBoard:
    """One line an outcome, and now and then the counts: for files, pipes and terminals that cannot redraw."""

    def __init__(self, out: TextIO, err: TextIO) -> None:
        self._out = out
        self._err = err
        self._next = COUNT_EVERY

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def show(self, progress: Progress) -> None:
        """Write the counts, every `COUNT_EVERY` seconds."""
        if progress.elapsed >= self._next:
            self._next = progress.elapsed + COUNT_EVERY
            _write(self._out, f"{_ended(progress)}: {_counts(progress)} · {_times(progress)}")

    def tell(self, outcome: Outcome) -> None:
        """Write the line of an outcome; what a stop left behind comes in the summary."""
        if outcome.status in _SIGNS:
            _write(self._out, _line(outcome))

    def say(self, text: str) -> None:
        """Write a remark to standard error."""
        _write(self._err, text)

    def close(self, lines: Sequence[str]) -> None:
        """Write the summary."""
        for line in lines:
            _write(self._out, line)


class JsonBoard:
    """One JSON object an outcome, and nothing else, on standard output; remarks go to standard error."""

    def __init__(self, out: TextIO, err: TextIO) -> None:
        self._out = out
        self._err = err

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def show(self, _: Progress) -> None:
        """Show nothing: who reads JSON counts outcomes."""

    def tell(self, outcome: Outcome) -> None:
        """Write an outcome as one line of JSON."""
        self._out.write(json.dumps(_json(outcome)) + "\n")
        self._out.flush()

    def say(self, text: str) -> None:
        """Write a remark to standard error."""
        _write(self._err, text)

    def close(self, lines: Sequence[str]) -> None:
        """Write the summary to standard error."""
        for line in lines:
            _write(self._err, line)


class LiveBoard:
    """A compact block that is redrawn, with a line above it for each outcome."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._live = Live(console=console, auto_refresh=False, transient=True)
        self._stopped = 0

    def __enter__(self) -> Self:
        self._live.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._live.stop()

    def show(self, progress: Progress) -> None:
        """Redraw the block."""
        self._live.update(self._block(progress), refresh=True)

    def tell(self, outcome: Outcome) -> None:
        """Add the line of an outcome above the block; what a stop left behind comes in the summary."""
        self._stopped += outcome.status in {"left", "skipped"}
        if outcome.status in _SIGNS:
            line = Text(self._writable(_line(outcome)))
            line.stylize(_SIGNS[outcome.status], 0, len(line.plain.partition(" ")[0]))
            self._console.print(line, overflow="fold")

    def say(self, text: str) -> None:
        """Add a remark above the block."""
        self._console.print(Text(self._writable(text), style="yellow"), overflow="fold")

    def close(self, lines: Sequence[str]) -> None:
        """Write the summary where the block was."""
        for line in lines:
            self._console.print(Text(self._writable(line)), overflow="fold")

    def _block(self, progress: Progress) -> RenderableType:
        ended = progress.done + progress.kept + progress.failed
        bar = Table.grid(expand=True, padding=(0, 1))
        bar.add_column(ratio=1)
        bar.add_column(no_wrap=True, justify="right")
        line = ProgressBar(max(1, progress.total), ended, complete_style="green", finished_style="green")
        bar.add_row(line, Text(_ended(progress)))
        counts = self._writable(_counts(progress, self._stopped))
        times = self._writable(_times(progress))
        return Group(bar, Text(counts), Text(times, style="dim"))

    def _writable(self, text: str) -> str:
        return _writable(text, self._console.encoding)


def board_for(out: TextIO, err: TextIO, *, as_json: bool) -> Board:
    """Choose how a run is shown: by what standard output is, and by the wish for JSON."""
    if as_json:
        return JsonBoard(out, err)
    console = Console(file=out, highlight=False)
    return LiveBoard(console) if console.is_terminal and not console.is_dumb_terminal else PlainBoard(out, err)


def summary(outcomes: Sequence[Outcome], total: int, into: Path, seconds: float) -> list[str]:
    """Sum a run of `total` rows up in a line, and list again what failed, each reason once."""
    count = Counter(outcome.status for outcome in outcomes)
    parts = [f"{count['done']:,} done", f"{count['failed']:,} failed", f"{count['kept']:,} kept"]
    parts += [f"{count['left']:,} still rendering"] if count["left"] else []
    parts += [f"{count['skipped']:,} not sent"] if count["skipped"] else []
    parts += [f"{total - len(outcomes):,} cut short"] if len(outcomes) < total else []
    together: dict[str, list[Outcome]] = {}
    for outcome in sorted(outcomes, key=lambda outcome: outcome.row.line):
        if outcome.status == "failed":
            together.setdefault(_kind_of(_reason(outcome.error)), []).append(outcome)
    return [
        f"{', '.join(parts)} in {duration(seconds)} → {printable(str(into))}/",
        *(f"✗ {_places(those)}: {_reason(those[0].error)}" for those in together.values()),
    ]


def duration(seconds: float) -> str:
    """Write a duration for people: ``12.3 s``, ``2 min 3 s``, ``1 h 5 min``."""
    if seconds < MINUTE:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), MINUTE)
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min" if hours else f"{minutes} min {rest} s"


def place(outcome: Outcome) -> str:
    """Say which row it is: its line and its title."""
    title = printable(outcome.request.title or "")
    short = title if len(title) <= LONGEST_TITLE else f"{title[: LONGEST_TITLE - 1]}…"
    return f"line {outcome.row.line}" + (f' "{short}"' if short else "")


def _places(outcomes: Sequence[Outcome]) -> str:
    """Say which rows they are: several by their lines."""
    return place(outcomes[0]) if len(outcomes) == 1 else spans([outcome.row.line for outcome in outcomes])


def spans(lines: Sequence[int]) -> str:
    """Name lines, which must be sorted; those that follow each other as ``2-5``."""
    found: list[list[int]] = []
    for line in lines:
        if found and line == found[-1][-1] + 1:
            found[-1][1:] = [line]
        else:
            found.append([line])
    return f"line{'s' if len(lines) > 1 else ''} {', '.join('-'.join(map(str, span)) for span in found)}"


def _line(outcome: Outcome) -> str:
    name = printable(outcome.path.name) if outcome.path else "?"
    match outcome.status:
        case "done":
            return f"✓ {name}  {duration(outcome.seconds)}"
        case "kept":
            return f"= {name}  kept"
        case _:
            return f"✗ {place(outcome)}: {_reason(outcome.error)}"


def _reason(error: Exception | None) -> str:
    text = " ".join(str(error).split())
    return printable(text if isinstance(error, HeyGenError) else f"{type(error).__name__}: {text}")


def _kind_of(reason: str) -> str:
    """Take out of a reason what differs from one row to the next: ids."""
    return re.sub(r"request id [^,)]+|[0-9a-f]{32}", "", reason)


def _json(outcome: Outcome) -> dict[str, Any]:
    error = outcome.error
    return {
        "line": outcome.row.line,
        "title": outcome.request.title,
        "status": outcome.status,
        "id": outcome.job.id if outcome.job else None,
        "file": str(outcome.path) if outcome.path else None,
        "error": error
        and {
            "type": type(error).__name__,
            "code": getattr(error, "code", None) or None,
            "message": getattr(error, "message", None) or str(error),
            "request_id": getattr(error, "request_id", None),
        },
        "seconds": round(outcome.seconds, 3),
        "quoted": outcome.quote and [round(outcome.quote.usd.low, 4), round(outcome.quote.usd.high, 4)],
        "charged": None if outcome.charged is None else round(outcome.charged, 4),
    }


def _ended(progress: Progress) -> str:
    return f"{progress.done + progress.kept + progress.failed:,} of {progress.total:,}"


def _counts(progress: Progress, stopped: int = 0) -> str:
    """Write the counts; a run counts the rows that it was stopped before as failed, people do not."""
    counts = {
        "waiting": progress.waiting,
        "rendering": progress.rendering,
        "downloading": progress.downloading,
        "done": progress.done,
        "kept": progress.kept,
        "failed": progress.failed - stopped,
        "stopped": stopped,
    }
    return " · ".join(f"{count:,} {word}" for word, count in counts.items() if count or word not in {"kept", "stopped"})


def _times(progress: Progress) -> str:
    left = f" · {_span(progress.remaining)} left" if progress.remaining and progress.remaining.high else ""
    cap = f" · HeyGen takes {progress.cap} at once" if progress.cap is not None else ""
    return f"{_whole(progress.elapsed)} so far{left}{cap}"


def _span(eta: Eta) -> str:
    """Write an interval: ``12 to 19 min``; where people would not see a difference, ``about 12 min``."""
    low, high = (_rough(seconds) for seconds in (eta.low, eta.high))
    if low == high:
        return f"about {low}"
    unit = high.partition(" ")[2]
    return f"{low.removesuffix(f' {unit}')} to {high}"


def _rough(seconds: float) -> str:
    """Write a duration in one unit: seconds, minutes, or tenths of an hour."""
    if seconds < 2 * MINUTE:
        return f"{seconds:.0f} s"
    minutes = seconds / MINUTE
    return f"{minutes:.0f} min" if minutes < 2 * MINUTE else f"{minutes / MINUTE:.1f} h"


def _whole(seconds: float) -> str:
    return duration(seconds) if seconds >= MINUTE else f"{seconds:.0f} s"


def _write(stream: TextIO, text: str) -> None:
    stream.write(_writable(text, getattr(stream, "encoding", None) or sys.getdefaultencoding()) + "\n")
    stream.flush()


def _writable(text: str, encoding: str) -> str:
    """Write our own signs in ASCII where the terminal has no better; what else it lacks is escaped."""
    if not _encodes("".join(_PLAIN_TEXT), encoding):
        text = "".join(_PLAIN_TEXT.get(char, char) for char in text)
    return text.encode(encoding, errors="backslashreplace").decode(encoding)


def _encodes(text: str, encoding: str) -> bool:
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True
