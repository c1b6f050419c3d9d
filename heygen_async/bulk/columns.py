"""The columns that a table of videos can have, found by looking at the request classes.

A field of the API is a column, and a nested one has dots: ``voice_settings.speed``. Headers are compared without
case, dots, underscores, dashes and spaces, so ``Avatar ID`` is ``avatar_id`` and ``image_url`` is ``image.url``.
The text of a cell becomes what its field wants: a number, a list, an object of the API.
"""

import difflib
import math
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from typing import Any, get_args, get_origin

import attrs
from attrs import frozen

from heygen_async.api.bodies import likely_kind
from heygen_async.api.media import FileInput
from heygen_async.api.scenes import Background
from heygen_async.api.videos import AvatarVideo, Caption, StudioVideo, VideoRequest
from heygen_async.errors import Problem

__all__ = ["KINDS", "Column", "columns", "every_column", "fold", "payload_of", "suggest"]

KINDS: dict[str, type[Any]] = {cls.tag: cls for cls in get_args(VideoRequest) if cls is not StudioVideo}
"""The kinds of video that a row can ask for, by their ``type``. The scenes of a studio video fit in no row."""

Cell = Callable[[str], Any]
"""Makes a cell's text what the field wants, or raises `ValueError` with the reason."""


@frozen
class Column:
    """A column, for one kind of video."""

    name: str
    """The API's name of the field, dots for nested ones."""

    read: Cell
    """Makes a cell's text a value; ``None`` counts as an empty cell. Raises `ValueError` with the reason."""

    implies: tuple[str, str] | None = None
    """A field and what it must be when this cell is filled: an ``image.url`` makes ``image.type`` be ``url``."""


@cache
def columns(kind: str) -> Mapping[str, Column]:
    """List the columns of a kind of video (a key of `KINDS`), by their folded names."""
    found: dict[str, Column] = {}
    for column in (Column("type", str), Column("file", str), *_of_class(KINDS[kind], "")):
        found.setdefault(fold(column.name), column)
    return found


@cache
def every_column() -> Mapping[str, str]:
    """List the names of all columns of all kinds, by their folded names."""
    return {folded: column.name for kind in KINDS for folded, column in columns(kind).items()}


def fold(header: str) -> str:
    """Reduce a header to what it is compared by."""
    return re.sub(r"[\s._-]+", "", header).casefold()


def suggest(header: str) -> str | None:
    """Name the column that an unknown header most likely means, or ``None``."""
    known, folded = every_column(), fold(header)
    last = sorted((name for name in known.values() if fold(name.rpartition(".")[2]) == folded), key=len)
    close = difflib.get_close_matches(folded, known, n=1, cutoff=0.75)
    return last[0] if last else known[close[0]] if close else None


# From the classes to columns.


def _of_class(cls: type[Any], place: str) -> Iterator[Column]:
    for at in attrs.fields(cls):
        implied = _IMPLIED.get((cls, at.name))
        for column in _of_field(f"{place}{at.name}", at.type):
            yield attrs.evolve(column, implies=(f"{place}type", implied)) if implied else column


_IMPLIED = {(Background, "value"): "color", (Background, "url"): "image", (Background, "asset_id"): "image"}


def _of_field(name: str, of: Any) -> Iterator[Column]:
    """Yield the field's own column, where it can be written in one cell, and those of what is inside it."""
    members = _members(of)
    tagged = [member for member in members if getattr(member, "tag", None)]
    if tagged:
        yield Column(name, _address if set(tagged) < set(get_args(FileInput)) else _tag(tagged[0]))
        yield from _of_union(name, tagged)
    elif attrs.has(members[0]):
        if members[0] in _SHORT:
            yield Column(name, _SHORT[members[0]])
        yield from _of_class(members[0], f"{name}.")
    else:
        yield Column(name, _cell(members[0]))


def _of_union(name: str, members: Sequence[type[Any]]) -> Iterator[Column]:
    """Flatten a union: its tag, and each field, which implies the tag when only one member has it."""
    place = f"{name}.{_tag_name(members[0])}"
    yield Column(place, str)
    for member in members:
        for at in attrs.fields(member):
            own = sum(at.name in attrs.fields_dict(other) for other in members) == 1
            for column in _of_field(f"{name}.{at.name}", at.type):
                yield attrs.evolve(column, implies=(place, member.tag)) if own else column


def _members(of: Any) -> list[Any]:
    """List what a type may be, ``None`` left out: of ``str | None`` that is ``str``."""
    union = get_origin(of) is not Sequence and get_args(of)
    return [member for member in union or (of,) if member is not type(None)]


def _cell(of: Any) -> Cell:
    """Choose what reads the cells of a field by the field's type."""
    if get_origin(of) is Sequence:
        return _list(_address if get_args(of)[0] == FileInput else str)
    return _READERS.get(of, str)


def _tag_name(cls: type[Any]) -> str:
    name: str = getattr(cls, "tag_name", "type")
    return name


# From cells to values.


def _truth(cell: str) -> bool:
    if cell.casefold() in _TRUTHS:
        return _TRUTHS[cell.casefold()]
    raise ValueError(f"must be true or false, not {cell!r}")


_TRUTHS = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}


def _number(cell: str) -> float:
    decimal = re.sub(r"^([+-]?\d+),(\d{1,2})$", r"\1.\2", cell)  # as spreadsheets write it in much of Europe
    if re.fullmatch(r"[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?", decimal, re.ASCII | re.IGNORECASE):
        number = float(decimal)
        if math.isfinite(number):
            return int(number) if number.is_integer() else number
    raise ValueError(f"must be a number, not {cell!r}")


def _whole(cell: str) -> int:
    number = _number(cell)
    if isinstance(number, int):
        return number
    raise ValueError(f"must be a whole number, not {cell!r}")


_READERS: dict[Any, Cell] = {bool: _truth, float: _number, int: _whole}


def _list(item: Cell) -> Cell:
    def read(cell: str) -> list[Any]:
        parts = cell.split("|" if "|" in cell else ";")
        return [item(part.strip()) for part in parts if part.strip()]

    return read


def _address(cell: str) -> dict[str, str]:
    return {"type": "url", "url": cell}


def _tag(member: type[Any]) -> Cell:
    return lambda cell: {_tag_name(member): cell}


def _background(cell: str) -> dict[str, str]:
    return {"type": "color", "value": cell} if cell.startswith("#") else {"type": "image", "url": cell}


def _caption(cell: str) -> dict[str, str] | None:
    wanted = True if cell.casefold() == "srt" else _TRUTHS.get(cell.casefold())
    if wanted is None:
        raise ValueError(f"must be yes, no or srt, not {cell!r}")
    return {"file_format": "srt"} if wanted else None


_SHORT: dict[Any, Cell] = {Background: _background, Caption: _caption}


# From a row's cells to a payload.


def payload_of(cells: Mapping[str, str]) -> tuple[dict[str, Any], list[Problem]]:
    """Make the wire's JSON of the filled cells of a row (by the names of `every_column`), and say what is wrong.

    A cell with a problem is left out. ``file`` stays in: it is not for the wire.
    """
    kind, problems = _kind(cells)
    known = {column.name: column for column in columns(kind).values()}
    payload: dict[str, Any] = {}
    for name, cell in cells.items():
        try:
            _put(payload, name, known[name].read(cell) if name in known else _refuse(name, kind))
        except ValueError as fault:
            problems.append(Problem(name, str(fault)))
    for name in cells.keys() & known.keys():
        try:
            _put(payload, *(known[name].implies or (name, None)))
        except ValueError as fault:
            problems.append(Problem(name, str(fault)))
    return payload | {"type": kind}, problems


def _kind(cells: Mapping[str, str]) -> tuple[str, list[Problem]]:
    """Tell a row's kind: by its ``type``, else by the field that only this kind has."""
    written = cells.get("type", "")
    for kind in KINDS:
        if fold(kind) == fold(written):
            return kind, []
    problems = [Problem("type", f"is {written!r}; it must be one of {', '.join(KINDS)}")] if written else []
    likely = likely_kind({name.partition(".")[0] for name in cells})
    if likely is not None:
        return likely, problems  # what belongs to another kind is refused beside it
    return AvatarVideo.tag, problems or [Problem("avatar_id", "is missing; a row needs avatar_id, image or prompt")]


def _refuse(name: str, kind: str) -> Any:
    owners = [other for other in KINDS if name in {column.name for column in columns(other).values()}]
    raise ValueError(f"belongs to videos of type {', '.join(owners)}; this row is of type {kind}")


def _put(payload: dict[str, Any], name: str, value: Any) -> None:
    """Write a value into nested objects; ``None`` is nothing to write. Raises `ValueError` where there is another."""
    if isinstance(value, dict):
        for step, inner in value.items():
            _put(payload, f"{name}.{step}", inner)
    elif value is not None:
        *steps, last = name.split(".")
        for step in steps:
            payload = payload.setdefault(step, {})
        if payload.setdefault(last, value) != value:
            raise ValueError(f"contradicts another column: {name} is {payload[last]!r} there")
