"""``heygen-async migrate``: files of v2 payloads become files of v3 payloads, with a word on all that is not the same.

What goes in is JSON: one payload, a list of them, or one in each line (JSONL). What comes out is JSONL that
``heygen-async bulk`` takes.
"""

import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated, Any

from attrs import frozen
from cyclopts import Parameter

from heygen_async.api.avatars import PhotoAvatar
from heygen_async.errors import RequestInvalid, RowProblem, TargetExists
from heygen_async.legacy.migration import to_v3
from heygen_async.log import printable
from heygen_async.shell.endings import PayloadsInvalid
from heygen_async.wire import WRITER

__all__ = ["migrate", "read_payloads"]

NOTHING_LOST, SOMETHING_LOST = 0, 1

_NO_VIDEO = "makes a photo avatar, not a video: send it with POST /v3/avatars (heygen.avatars.create)"


@frozen
class Payload:
    """One payload of the input."""

    line: int
    """Where it starts, from 1; in a JSON list its number."""

    value: Any


@frozen
class _Line:
    """What became of a payload."""

    number: int
    body: str | None
    """The payload of v3 as JSON; ``None``: there is none."""

    lost: Sequence[str] = ()
    notes: Sequence[str] = ()

    def words(self) -> Iterator[str]:
        """Yield the report."""
        yield from (f"line {self.number}: {'lost' if self.body else 'left out'}: {text}" for text in self.lost)
        yield from (f"line {self.number}: note: {text}" for text in self.notes)


def migrate(
    input: Annotated[Path, Parameter(allow_leading_hyphen=True)],  # noqa: A002  # so the help calls it INPUT
    /,
    *,
    out: Path | None = None,
    overwrite: bool = False,
) -> int:
    """Translate payloads of v2's video/generate and av4/generate to v3.

    What v3 cannot say is reported on standard error, field by field; the exit code is 1 then.

    Parameters
    ----------
    input
        JSON: one payload, a list, or one in each line; - is standard input.
    out
        Where the payloads of v3 go, one in each line, for heygen-async bulk; default: standard output.
    overwrite
        Write to a file that is there already.
    """
    if out is not None and out.exists() and not overwrite:
        raise TargetExists(f"{out} is there already; choose another name or use --overwrite", path=out)
    lines = [_migrated(payload) for payload in read_payloads(input)]
    bodies = "".join(f"{line.body}\n" for line in lines if line.body is not None)
    if out is None:
        sys.stdout.write(bodies)
    else:
        out.write_text(bodies, encoding="utf-8")
    sys.stderr.write("".join(f"{printable(word)}\n" for line in lines for word in line.words()))
    sys.stderr.write(f"{_sum(lines, out)}\n")
    return SOMETHING_LOST if any(line.lost for line in lines) else NOTHING_LOST


def _migrated(payload: Payload) -> _Line:
    try:
        request, report = to_v3(payload.value)
    except RequestInvalid as fault:
        return _Line(payload.line, None, [str(problem) for problem in fault.problems])
    if isinstance(request, PhotoAvatar):
        return _Line(payload.line, None, [_NO_VIDEO])
    body = json.dumps(WRITER.unstructure(request), ensure_ascii=False)
    lost = [str(remark) for remark in report if remark.lost]
    return _Line(payload.line, body, lost, [str(remark) for remark in report if not remark.lost])


def _sum(lines: Sequence[_Line], out: Path | None) -> str:
    written = [line for line in lines if line.body is not None]
    lossy = sum(bool(line.lost) for line in written)
    words = [f"{len(written)} of {len(lines)} payloads written to {out or 'standard output'}"]
    words += [f"{lossy} of them with losses"] if lossy else []
    words += [f"{len(lines) - len(written)} left out"] if len(written) < len(lines) else []
    return printable(", ".join(words))


# The input.


def read_payloads(source: Path) -> list[Payload]:
    """Read a file of payloads, or standard input (``-``). Blocks.

    Raises `PayloadsInvalid` for a file that cannot be read, is no JSON, or has no payloads in it.
    """
    name = "standard input" if str(source) == "-" else source.name
    try:
        content = sys.stdin.buffer.read() if str(source) == "-" else source.read_bytes()
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise _unusable(name, f"{name} is not text in UTF-8") from None
    except OSError as fault:
        raise _unusable(name, f"{source} cannot be read: {fault.strerror or fault}") from None
    payloads = _one_in_each_line(text, name) if _is_lines(text) else _whole(text, name)
    if not payloads:
        raise _unusable(name, f"{name} has no payloads")
    return payloads


def _is_lines(text: str) -> bool:
    """Tell whether the first line is JSON by itself."""
    lines = [line for line in text.splitlines() if line.strip()]
    return len(lines) > 1 and isinstance(_parsed(lines[0]), dict)


def _one_in_each_line(text: str, name: str) -> list[Payload]:
    payloads = [Payload(at, _parsed(line)) for at, line in enumerate(text.split("\n"), start=1) if line.strip()]
    bad = [payload for payload in payloads if isinstance(payload.value, ValueError | RecursionError)]
    if bad:
        raise PayloadsInvalid(name, [RowProblem(one.line, "", _reason(one.value)) for one in bad])
    return payloads


def _whole(text: str, name: str) -> list[Payload]:
    value = _parsed(text) if text.strip() else []
    if isinstance(value, ValueError | RecursionError):
        line = value.lineno if isinstance(value, json.JSONDecodeError) else 0
        raise PayloadsInvalid(name, [RowProblem(line, "", _reason(value))])
    return [Payload(at, one) for at, one in enumerate(value if isinstance(value, list) else [value], start=1)]


def _parsed(text: str) -> Any:
    """Read JSON, or return what is wrong with it."""
    try:
        return json.loads(text, parse_constant=_no_number)
    except (ValueError, RecursionError) as fault:
        return fault


def _no_number(name: str) -> Any:
    raise ValueError(f"{name} is no number of JSON")


def _reason(fault: Exception) -> str:
    if isinstance(fault, json.JSONDecodeError):
        return f"is not JSON: {fault.msg} at character {fault.colno}"
    return f"is not JSON: {fault}" if isinstance(fault, ValueError) else "is nested too deeply"


def _unusable(name: str, reason: str) -> PayloadsInvalid:
    return PayloadsInvalid(name, [RowProblem(0, "", reason)])
