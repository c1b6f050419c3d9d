"""The input of a bulk run: a table of videos (CSV), or one payload a line (JSONL).

Everything that is wrong is found before anything is sent, and reported by line and column.

* CSV: UTF-8; comma, semicolon or tab; the first line names the columns (see `heygen_async.bulk.columns`). An empty cell
  is a field that is not given. ``image``, ``background``, ``caption`` and ``engine`` can be written in one cell.
* JSONL: the body of a ``POST /v3/videos`` in each line, and ``file`` for the name of the output.
* In both, a path where an address belongs is a file on this machine, relative to the table's own folder.
"""

import csv
import io
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, BinaryIO, TextIO

from attrs import frozen

from heygen_async.api.videos import VideoRequest
from heygen_async.bulk.columns import every_column, fold, payload_of, suggest
from heygen_async.bulk.payloads import request_from
from heygen_async.errors import RequestInvalid, RowProblem, RowsInvalid

__all__ = ["Row", "read_rows"]

MOST_BYTES = 256 * 2**20
"""The largest input that is read, in bytes: fifty thousand of the longest scripts."""


@frozen
class Row:
    """One video of a bulk run."""

    request: VideoRequest
    """What is asked for."""

    file: str | None = None
    """The wanted name of the output, from outside and not yet safe; ``None``: named after the title."""

    line: int = 0
    """Where it stands in the input, from 1; 0 when it comes from no file."""


def read_rows(source: Path | TextIO | BinaryIO, folder: Path | None = None) -> list[Row]:
    """Read the rows of a file, or of a stream such as ``sys.stdin.buffer``. Blocks: call it in a thread.

    Paths in the rows are relative to `folder`; ``None``: the file's own, or for a stream the current one. Raises
    `RowsInvalid` with every bad row and column, and for an input that cannot be read, is not text or has no rows.
    """
    name = source.name if isinstance(source, Path) else "standard input"
    folder = folder or (source.parent if isinstance(source, Path) else Path())
    try:
        text = _text(source)
    except (OSError, ValueError) as fault:
        raise RowsInvalid(name, [RowProblem(0, "", _unreadable(source, name, fault))]) from None
    found: list[Row | RowProblem] = []
    read = _json_rows if _is_json(Path(name).suffix.lower(), text) else _csv_rows
    found.extend(read(text, folder))
    problems = [each for each in found if isinstance(each, RowProblem)]
    if not found:
        problems.append(RowProblem(0, "", f"{name} has no rows"))
    if problems:
        raise RowsInvalid(name, problems)
    return [each for each in found if isinstance(each, Row)]


# The text of the input.


def _text(source: Path | TextIO | BinaryIO) -> str:
    if isinstance(source, Path):
        with source.open("rb") as stream:
            return _text(stream)
    content = source.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        raise ValueError(f"is larger than {MOST_BYTES >> 20} MB; split it")
    text = content if isinstance(content, str) else content.decode("utf-8")
    if "\0" in text:
        raise UnicodeError
    return text.removeprefix("\ufeff")


def _unreadable(source: Path | TextIO | BinaryIO, name: str, fault: OSError | ValueError) -> str:
    match fault:
        case UnicodeError():
            return f"{name} is not text in UTF-8; save it as CSV UTF-8 (in Excel: Save As, CSV UTF-8)"
        case FileNotFoundError():
            return f"there is no file {source}"
        case IsADirectoryError():
            return f"{source} is a folder, not a file of rows"
        case OSError():
            return f"{name} cannot be read: {fault.strerror or fault}"
        case _:
            return f"{name} {fault}"


def _is_json(suffix: str, text: str) -> bool:
    if suffix in {".csv", ".tsv"}:
        return False
    return suffix in {".jsonl", ".ndjson"} or text.lstrip()[:1] in {"{", "["}


# JSONL.


def _json_rows(text: str, folder: Path) -> Iterator[Row | RowProblem]:
    for at, line in enumerate(text.split("\n"), start=1):
        if line.strip():
            yield from _json_row(line, at, folder)


def _json_row(text: str, line: int, folder: Path) -> Iterator[Row | RowProblem]:
    try:
        payload = json.loads(text, parse_constant=_no_number)
    except (ValueError, RecursionError) as fault:
        reason = f"{fault.msg} at character {fault.colno}" if isinstance(fault, json.JSONDecodeError) else fault
        yield RowProblem(line, "", f"is not JSON: {reason}; each line holds one whole object")
        return
    if not isinstance(payload, dict):
        yield RowProblem(line, "", "must be a JSON object, one in each line")
        return
    file = payload.pop("file", None)
    if not isinstance(file, str | None):
        yield RowProblem(line, "file", "must be text")
        file = None
    try:
        yield Row(request_from(payload, folder), file, line)
    except RequestInvalid as fault:
        yield from (RowProblem(line, problem.field, problem.reason) for problem in fault.problems)
    except RecursionError:
        yield RowProblem(line, "", "is nested too deeply")


def _no_number(name: str) -> Any:
    raise ValueError(f"{name} is no number of JSON")


# CSV.


def _csv_rows(text: str, folder: Path) -> Iterator[Row | RowProblem]:
    records = _records(text, _delimiter(text))
    line, head = next(records, (0, []))
    if isinstance(head, str):
        yield RowProblem(line, "", head)
        return
    headers = _Headers(line, head)
    yield from headers.problems
    if not headers.names:
        return  # no table of ours: its rows would only say so again
    for line, cells in records:
        if isinstance(cells, str):
            yield RowProblem(line, "", cells)
        else:
            yield from _csv_row(headers, cells, line, folder)


def _delimiter(text: str) -> str:
    """Choose what makes the most of the first line known columns."""

    def known(delimiter: str) -> tuple[int, float]:
        _, head = next(_records(text, delimiter), (0, []))
        if isinstance(head, str):
            return 0, 1.5  # a fault between two cells says more than a line of one cell
        names = [fold(cell) for cell in head]
        return len(every_column().keys() & names), len(names)

    return max(",;\t", key=known)


def _records(text: str, delimiter: str) -> Iterator[tuple[int, list[str] | str]]:
    """Yield each record that is not empty with the line where it starts; text instead of cells is a fault."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    while True:
        line = reader.line_num + 1
        try:
            cells = [cell.strip() for cell in next(reader)]
        except StopIteration:
            return
        except csv.Error as fault:
            yield line, f"is not CSV: {fault}; is a quote open, or one inside a quoted cell not doubled?"
        else:
            if any(cells):
                yield line, cells


class _Headers:
    """The first line of a table: which column each cell belongs to."""

    def __init__(self, line: int, head: list[str]) -> None:
        self.written = head
        self.names: dict[int, str] = {}
        """Positions to the API's names. A misspelt header counts as what it most likely means: it is a problem
        of its own, and should not become one of each row too."""
        self.problems: list[RowProblem] = []
        known = every_column()
        for at, header in enumerate(head):
            name = known.get(fold(header))
            if name is None and header:
                name = suggest(header)
                hint = f"; did you mean {name}?" if name else ""
                self.problems.append(RowProblem(line, header, f"is not a column of a video{hint}"))
            elif name in self.names.values():
                self.problems.append(RowProblem(line, header, f"is there twice: {name}"))
            if name is not None and name not in self.names.values():
                self.names[at] = name

    def column(self, name: str, given: Mapping[str, str]) -> str:
        """Say how the input writes the column of a field: its own, or one around it that is filled."""
        written = {name: self.written[at] for at, name in self.names.items()}
        steps = name.split(".")
        around = (".".join(steps[:end]) for end in range(len(steps), 0, -1))
        return written.get(next((place for place in around if place in given), name), name)


def _csv_row(headers: _Headers, cells: list[str], line: int, folder: Path) -> Iterator[Row | RowProblem]:
    for at, cell in enumerate(cells):
        if cell and not "".join(headers.written[at : at + 1]):
            yield RowProblem(line, "", f"cell {at + 1} is in no column; is there a separator outside quotes?")
            return
    given = {name: cells[at] for at, name in headers.names.items() if at < len(cells) and cells[at]}
    payload, problems = payload_of(given)
    file = payload.pop("file", None)
    try:
        row = Row(request_from(payload, folder), file, line)
    except RequestInvalid as fault:
        known = {problem.field for problem in problems}
        problems += [problem for problem in fault.problems if problem.field not in known]
    else:
        yield from [] if problems else [row]
    for problem in problems:
        yield RowProblem(line, headers.column(problem.field, given), problem.reason)
