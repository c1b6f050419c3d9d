"""What a field of a request must satisfy, as values: bounds can be read by tests and by the pages we print.

A rule looks at one value and says what is wrong, or ``None``. `Check` carries a class's rules in the metadata
of its fields and reports everything that is wrong at once, before anything is sent.
"""

import re
import reprlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from enum import Enum
from functools import cache
from types import NoneType, UnionType
from typing import Any, Final, Literal, Protocol, Union, get_args, get_origin

from attrs import NOTHING, fields, frozen

from heygen_async.errors import Problem, RequestInvalid
from heygen_async.values import Value

__all__ = [
    "CLEAR",
    "IDENTIFIER",
    "NOUNS",
    "Between",
    "Check",
    "Clear",
    "Count",
    "HexColor",
    "IdempotencyKey",
    "Length",
    "OneOf",
    "Rule",
    "Web",
    "brief",
    "kinds",
    "misfits",
    "rule",
    "rules_of",
]

_KEY = "heygen_async.rule"

_BRIEFLY = reprlib.Repr()
_BRIEFLY.maxstring = _BRIEFLY.maxother = 100


class Clear(Enum):
    """The type of `CLEAR`."""

    CLEAR = "null"

    def __repr__(self) -> str:
        return self.name


CLEAR: Final = Clear.CLEAR
"""Empties a field in an update: ``heygen.avatars.update(group_id, default_voice_id=CLEAR)`` sends null. ``None`` is not
sent at all, and leaves the field as it is."""


class Rule(Protocol):
    """Something that a value must satisfy. `str` says it in words, for docstrings: ``1 to 255 characters``."""

    def __call__(self, value: Any, /) -> str | None:
        """Say what is wrong with `value`, or ``None``."""
        ...


def rule(of: Rule) -> Mapping[str, Rule]:
    """Metadata for `attrs.field`: ``speed: float = field(default=1.0, metadata=rule(Between(0.5, 1.5)))``."""
    return {_KEY: of}


@frozen
class Length(Value):
    """Text of `least` to `most` characters."""

    least: int
    most: int

    def __str__(self) -> str:
        return f"{_range(self.least, self.most)} characters"

    def __call__(self, value: Any, /) -> str | None:
        """Say whether `value` is too short, too long or no text at all."""
        if not isinstance(value, str):
            return f"must be text, not {type(value).__name__}"
        size = len(value)
        if size < self.least or not (value.strip() or self.least == 0):
            return "must not be empty" if self.least == 1 else f"must have at least {self.least} characters"
        return f"has {size:,} characters; at most {self.most:,} are allowed" if size > self.most else None


IDENTIFIER = Length(1, 255)
"""What HeyGen's ids are, and its short names."""


@frozen
class Between(Value):
    """A number from `low` to `high`, both included."""

    low: float
    high: float
    whole: bool = False

    def __str__(self) -> str:
        return f"between {_figure(self.low)} and {_figure(self.high)}"

    def __call__(self, value: Any, /) -> str | None:
        """Say whether `value` lies outside or is no number."""
        if isinstance(value, bool) or not isinstance(value, int if self.whole else (int, float)):
            return f"must be a {'whole ' if self.whole else ''}number, not {brief(value)}"
        if not self.low <= value <= self.high:
            return f"is {brief(value)}; it must lie {self}"
        return None


@frozen(init=False)
class OneOf(Value):
    """One of a few words."""

    words: tuple[str, ...]

    def __init__(self, *words: str) -> None:
        object.__setattr__(self, "words", words)  # frozen, and no field takes a variable number of things

    def __str__(self) -> str:
        return f"one of {', '.join(self.words)}"

    def __call__(self, value: Any, /) -> str | None:
        """Say whether `value` is none of them."""
        if value in self.words:
            return None
        return f"is {brief(value)}; it must be {self}"


@frozen
class Count(Value):
    """A list of `least` to `most` things."""

    least: int
    most: int
    each: "Rule | None" = None
    """What every one of them has to satisfy, by itself."""

    def __str__(self) -> str:
        return f"{_range(self.least, self.most)} entr{'y' if self.most == 1 else 'ies'}"

    def __call__(self, value: Any, /) -> str | None:
        """Say whether there are too few or too many."""
        if isinstance(value, str | bytes) or not isinstance(value, Sequence):
            return f"must be a list, not {brief(value)}"
        if not self.least <= len(value) <= self.most:
            return f"has {len(value)} entries; {self.least} to {self.most} are allowed"
        return None

    def problems(self, values: Any, place: str) -> Iterator[Problem]:
        """Yield what is wrong with each of them, by its place."""
        if self.each is not None:
            reasons = map(self.each, values)
            yield from (Problem(f"{place}.{at}", reason) for at, reason in enumerate(reasons) if reason)


@frozen
class HexColor(Value):
    """A colour such as ``#1E90FF``."""

    def __str__(self) -> str:
        return "written #RRGGBB, such as #1E90FF"

    def __call__(self, value: Any, /) -> str | None:
        """Say whether `value` is not written so."""
        good = isinstance(value, str) and re.fullmatch(r"#[0-9A-Fa-f]{6}", value)
        return None if good else f"is {brief(value)}; a colour is {self}"


@frozen
class Web(Value):
    """An address that starts with ``http://`` or ``https://``."""

    def __str__(self) -> str:
        return "must start with https:// or http://"

    def __call__(self, value: Any, /) -> str | None:
        """Say whether `value` is not one."""
        good = isinstance(value, str) and re.match(r"https?://[^\s/]+", value, re.IGNORECASE)
        return None if good else f"is {brief(value)}; it {self}"


@frozen
class IdempotencyKey(Value):
    """1 to 255 characters of ``A-Z a-z 0-9 _ - : .``, as HeyGen wants them."""

    def __str__(self) -> str:
        return "1 to 255 characters of A-Z a-z 0-9 _ - : ."

    def __call__(self, value: Any, /) -> str | None:
        """Say whether `value` has others, or none."""
        good = isinstance(value, str) and re.fullmatch(r"[A-Za-z0-9_\-:.]{1,255}", value)
        return None if good else f"is {brief(value)}; it must have {self}"


def _range(least: int, most: int) -> str:
    """Write how many there may be, such as ``1 to 5,000``."""
    if least == most:
        return f"{most:,}"
    return f"{least:,} to {most:,}" if least else f"up to {most:,}"


def _figure(number: float) -> str:
    """Write a bound in full: ``0.5``, ``86400``."""
    return f"{number:.0f}" if number == int(number) else f"{number:g}"


def brief(value: object) -> str:
    """Write a value that is wrong so that it can be recognized, in 100 characters at most."""
    text = _BRIEFLY.repr(value)
    return text if len(text) <= _BRIEFLY.maxother else f"{text[: _BRIEFLY.maxother - 1]}…"


NOUNS: Mapping[type, str] = {str: "text", bool: "true or false", int: "a whole number", float: "a number"}
"""What plain types are called where something else was given."""


def misfits(value: object, of: Any, place: str) -> Iterator[Problem]:
    """Find what is not of the type that it is declared with, down to the items of lists and mappings."""
    kind = next((kind for kind in kinds(of) if _is(value, kind)), None)
    if kind is None:
        yield Problem(place, _wanted(kinds(of), value))
    elif get_origin(kind) is Mapping and isinstance(value, Mapping):
        for name, item in value.items():
            yield from misfits(item, get_args(kind)[1], f"{place}.{name}")
    elif get_origin(kind) is Sequence and isinstance(value, Sequence):
        plain = get_args(kind)[0]
        for at, item in enumerate(value):
            if type(item) is not plain:  # most are, and a statuses call has a hundred
                yield from misfits(item, plain, f"{place}.{at}")


@cache
def kinds(of: Any) -> tuple[Any, ...]:
    """List the types of a union; of any other type, that one."""
    return tuple(kind for kind in get_args(of) if kind is not NoneType) if get_origin(of) in _UNIONS else (of,)


_UNIONS = {Union, UnionType}


def _is(value: object, kind: Any) -> bool:
    """Tell whether a value is of a type, as far as it can be told without looking into it."""
    origin: Any = get_origin(kind)
    if origin is Literal:
        return value in get_args(kind)
    if isinstance(value, bool) or kind is Any:
        return kind in {bool, Any}
    if origin is Sequence:
        return isinstance(value, Sequence) and not isinstance(value, str | bytes)
    return isinstance(value, (int, float) if kind is float else origin or kind)


def _wanted(kinds: Sequence[Any], value: object) -> str:
    """Say what `value` should have been."""
    if get_origin(kinds[0]) is Literal:
        return f"is {brief(value)}; it must be one of {', '.join(map(str, get_args(kinds[0])))}"
    return f"must be {' or '.join(map(_noun, kinds))}, not {brief(value)}"


def _noun(kind: Any) -> str:
    origin: Any = get_origin(kind)
    if kind is Clear:
        return "CLEAR"
    return NOUNS.get(kind) or {Sequence: "a list", Mapping: "a mapping"}.get(origin) or kind.__name__


class Check:
    """A value that checks itself when it is made: each field's rule, then what concerns several fields."""

    def __attrs_post_init__(self) -> None:
        problems = self._field_problems()
        try:
            problems += self.cross_check()
        except (AttributeError, TypeError):  # it takes fields to be of their types
            if not problems:
                raise
        if problems:
            raise RequestInvalid(problems, type(self).__name__)

    def cross_check(self) -> Iterator[Problem]:
        """Yield what is wrong between fields. Subclasses say more."""
        return iter(())

    def _field_problems(self) -> list[Problem]:
        found = []
        for name, required, check in rules_of(type(self)):
            value: Any = getattr(self, name)
            if value is CLEAR or (value is None and not required):  # its type says whether it can be emptied
                continue
            reason = "is required" if value is None else check(value)
            if reason:
                found.append(Problem(name, reason))
            elif isinstance(check, Count) and value:
                found += check.problems(value, name)
        return found


def rules_of(cls: type) -> list[tuple[str, bool, Callable[[Any], str | None]]]:
    """List (field, required, rule) of a class; the contract with HeyGen's document is tested against it."""
    if cls not in _RULES:
        _RULES[cls] = [(at.name, at.default is NOTHING, at.metadata[_KEY]) for at in fields(cls) if _KEY in at.metadata]
    return _RULES[cls]


_RULES: dict[type, list[tuple[str, bool, Callable[[Any], str | None]]]] = {}
