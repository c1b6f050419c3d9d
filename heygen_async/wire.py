"""How values become JSON and JSON becomes values: one converter for each direction of trust.

* `WRITER` writes our requests: a tagged class gets its ``type``, ``None`` stays away, ``extra`` goes along.
* `READER` reads HeyGen's answers, tolerantly: what is new is kept in `Answer.extra`; ``null``, and what is not as
  documented, count as missing. Only what an answer cannot do without, an id mostly, has to be right.
* `read_strictly` reads requests that somebody else wrote (a payload file, or a client of the emulator) and
  reports everything that is wrong with them at once, by field.
"""

import difflib
import logging
import math
from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from functools import partial
from types import NoneType, UnionType
from typing import Any, Literal, TypeVar, Union, cast, get_args, get_origin

import attrs
from cattrs import Converter
from cattrs.errors import (
    AttributeValidationNote,
    BaseValidationError,
    ClassValidationError,
    ForbiddenExtraKeysError,
    IterableValidationNote,
)
from cattrs.gen import make_dict_structure_fn, override

from heygen_async.api.media import LocalFile
from heygen_async.errors import Problem, RequestInvalid
from heygen_async.operation import Answer, Unread, on_the_wire
from heygen_async.rules import CLEAR, NOUNS, Clear, brief

__all__ = ["READER", "WRITER", "read_strictly"]

log = logging.getLogger(__name__)

T = TypeVar("T")


_PLAIN = {str, int, float, bool}
"""What is written as it is: most fields are."""


def _writer() -> Converter:
    writer = Converter()

    def writing(cls: type) -> Callable[[Any], dict[str, Any]]:
        names = [at.name for at in on_the_wire(cls)]
        extra = any(at.name == "extra" for at in attrs.fields(cls))
        tag = {} if _tag(cls) is None else {_tag_name(cls): _tag(cls)}

        def write(value: Any) -> dict[str, Any]:
            given = ((name, getattr(value, name)) for name in names)
            known = tag | {
                name: item if type(item) in _PLAIN else writer.unstructure(item)
                for name, item in given
                if item is not None
            }
            return known | value.extra if extra and value.extra else known

        return write

    def refuse(value: LocalFile) -> Any:
        raise RequestInvalid([Problem("", f"{value.path} has not been uploaded; send it through a client")])

    writer.register_unstructure_hook_factory(attrs.has, writing)
    writer.register_unstructure_hook(LocalFile, refuse)
    writer.register_unstructure_hook(Clear, lambda _: None)
    return writer


def _reader() -> Converter:
    reader = Converter(prefer_attrib_converters=False)
    reader.register_structure_hook_factory(attrs.has, partial(_reading, reader))
    reader.register_structure_hook_factory(_is_tagged_union, partial(_kind, reader))
    reader.register_structure_hook_factory(_is_unread, partial(_leaving, reader))
    reader.register_structure_hook(str, _text)
    reader.register_structure_hook(bool, _truth)
    reader.register_structure_hook(float, _number)
    return reader


def _reading(reader: Converter, cls: Any) -> Callable[[Any, Any], Any]:
    """Read a class the short way, which what is as documented fits; cattrs finds out what is wrong with the rest."""
    known = [(at.name, _present(at.type)) for at in on_the_wire(cls)]
    named = {name for name, _ in known} | ({_tag_name(cls)} if _tag(cls) is not None else set())
    structure, extra = reader.structure, issubclass(cls, Answer)
    carefully = _tolerantly(make_dict_structure_fn(cls, reader), cls)

    def read(payload: Any, _: Any) -> Any:
        if not isinstance(payload, (dict, Mapping)):  # it is a dict next to always, which is told at once
            raise TypeError(f"an object was expected, not {type(payload).__name__}")
        given = {"extra": _besides(payload, named)} if extra and not payload.keys() <= named else {}
        try:
            for name, of in known:
                if (value := payload.get(name)) is not None:
                    given[name] = value if type(value) is of and of is not float else structure(value, of)
            return cls(**given)
        except Exception:  # noqa: BLE001  # whatever it is, it is found again and named
            return carefully(given | {name: payload[name] for name, _ in known if payload.get(name) is not None})

    return read


def _leaving(reader: Converter, of: Any) -> Callable[[Any, Any], Any]:
    """Leave a thing on a page as it came, until somebody reads it."""
    (cls,) = get_args(of)

    def read(sent: Mapping[str, Any]) -> Any:
        try:
            return reader.structure(sent, cls)
        except (BaseValidationError, ValueError, TypeError, KeyError, AttributeError, OverflowError):
            log.warning("could not read a %s on a page", cls.__name__)
            return None

    def leave(payload: Any, _: Any) -> Any:
        if not isinstance(payload, Mapping):
            raise TypeError(f"an object was expected, not {type(payload).__name__}")
        return Unread(payload, read)

    return leave


def _tolerantly(structure: Callable[[Any, Any], Any], cls: Any) -> Callable[[Mapping[str, Any]], Any]:
    """Read with cattrs, and leave out what cannot be read, if the class can do without."""
    optional = {at.name for at in attrs.fields(cls) if at.default is not attrs.NOTHING}

    def read(given: Mapping[str, Any]) -> Any:
        try:
            return structure(given, cls)
        except ClassValidationError as fault:
            unread = {_step(child) for child in fault.exceptions}
            if not unread <= optional:
                raise
            log.warning("%s: could not read %s of an answer", cls.__name__, ", ".join(sorted(unread)))
            return structure({name: value for name, value in given.items() if name not in unread}, cls)

    return read


def _besides(payload: Mapping[str, Any], named: Container[str]) -> Any:
    return {name: value for name, value in payload.items() if name not in named}


def _present(of: Any) -> Any:
    """Say of what type a value is that is there: ``str | None`` is read as ``str``."""
    kinds = [kind for kind in get_args(of) if kind is not NoneType]
    return kinds[0] if get_origin(of) in {Union, UnionType} and len(kinds) == 1 else of


def _text(value: Any, _: Any) -> str:
    if isinstance(value, (Mapping, list)):
        raise TypeError(f"text was expected, not {type(value).__name__}")
    return str(value)


def _truth(value: Any, _: Any) -> bool:
    if not (isinstance(value, int) and value in (0, 1)):  # any text is true for Python
        raise TypeError(f"true or false was expected, not {brief(value)}")
    return bool(value)


def _number(value: Any, _: Any) -> float:
    number = float(value)
    if not math.isfinite(number):  # JSON has no such number; Python makes it of one with too many digits
        raise ValueError(f"a number was expected, not {brief(value)}")
    return number


def _kind(reader: Converter, union: Any) -> Callable[[Any, Any], Any]:
    """Read what comes in several kinds; one that is new to us as the kind that has no tag of its own."""
    members: dict[Any, type] = {_tag(cls): cls for cls in get_args(union) if cls is not NoneType}
    name = _tag_name(next(iter(members.values())))

    def choose(payload: Any, _: Any) -> Any:
        if payload is None:
            return None
        if not isinstance(payload, Mapping):
            raise TypeError(f"an object was expected, not {type(payload).__name__}")
        tag = payload.get(name)
        kind = members.get(tag if isinstance(tag, str) else None) or members.get(None)
        if kind is None:
            raise TypeError(f"the {name} {brief(tag)} is none of {', '.join(members)}")
        return reader.structure(payload, kind)

    return choose


def _strict() -> Converter:
    strict = Converter(forbid_extra_keys=True)
    strict.register_structure_hook_factory(attrs.has, partial(_object, strict))
    strict.register_structure_hook_factory(_is_tagged_union, partial(_choice, strict))
    strict.register_structure_hook_factory(_is_list, partial(_list, strict))
    strict.register_structure_hook_factory(_is_mapping, partial(_mapping, strict))
    strict.register_structure_hook_func(_is_literal, lambda value, _: value)  # the field's rule knows the words
    strict.register_structure_hook_func(lambda of: of == (str | LocalFile | None), _address)
    strict.register_structure_hook_factory(_is_clearable, partial(_clearable, strict))
    for kind, noun in NOUNS.items():
        strict.register_structure_hook(kind, _exactly(kind, noun))
    return strict


def _object(strict: Converter, cls: Any) -> Callable[[Any, Any], Any]:
    known, tag = {at.name for at in on_the_wire(cls)}, _tag(cls)
    clearable = [at.name for at in on_the_wire(cls) if _is_clearable(at.type)]
    ours = {at.name: override(omit=True) for at in attrs.fields(cls) if at.name not in known}
    structure = make_dict_structure_fn(cls, strict, **ours)  # type: ignore[arg-type]  # the names are not cattrs' own

    def read(payload: Any, _: Any) -> Any:
        if not isinstance(payload, Mapping):
            raise TypeError("must be an object")
        given = {name: value for name, value in payload.items() if value is not None or name not in known}
        given |= {name: CLEAR for name in clearable if name in payload and payload[name] is None}
        if tag is not None and given.pop(_tag_name(cls), tag) != tag:
            raise RequestInvalid([Problem(_tag_name(cls), f"must be {tag!r}")])
        return structure(given, cls)

    return read


def _clearable(strict: Converter, of: Any) -> Callable[[Any, Any], Any]:
    """Read a field that null empties, which is not the same as leaving it out."""
    kind = next(kind for kind in get_args(of) if kind not in {Clear, NoneType})
    return lambda value, _: value if value is CLEAR else strict.structure(value, kind)


def _choice(strict: Converter, union: Any) -> Callable[[Any, Any], Any]:
    members: dict[Any, type] = {_tag(cls): cls for cls in get_args(union) if _tag(cls) is not None}
    name = _tag_name(next(iter(members.values())))

    def choose(payload: Any, _: Any) -> Any:
        if payload is None or isinstance(payload, LocalFile):
            return payload
        if not isinstance(payload, Mapping):
            raise TypeError(f"must be an object with a {name!r}: {', '.join(members)}")
        tag = payload.get(name)
        if not isinstance(tag, str) or tag not in members:
            raise RequestInvalid([Problem(name, f"must be one of {', '.join(members)}")])
        return strict.structure(payload, members[tag])

    return choose


def _list(strict: Converter, of: Any) -> Callable[[Any, Any], Any]:
    things = cast(Any, tuple)[get_args(of)[0], ...]

    def read(payload: Any, _: Any) -> Any:
        if not isinstance(payload, list | tuple):
            raise TypeError("must be a list")
        return strict.structure(payload, things)

    return read


def _mapping(strict: Converter, of: Any) -> Callable[[Any, Any], Any]:
    things = cast(Any, dict)[get_args(of)]

    def read(payload: Any, _: Any) -> Any:
        if not isinstance(payload, Mapping):
            raise TypeError("must be an object")
        return strict.structure(payload, things)

    return read


def _address(value: Any, _: Any) -> Any:
    if value is None or isinstance(value, str | LocalFile):
        return value
    raise TypeError("must be text")


def _exactly(kind: type, noun: str) -> Callable[[Any, Any], Any]:
    allowed = (int, float) if kind is float else (kind,)

    def read(value: Any, _: Any) -> Any:
        if not isinstance(value, allowed) or (isinstance(value, bool) and kind is not bool):
            raise TypeError(f"must be {noun}, not {brief(value)}")
        return value

    return read


def _is_tagged_union(of: Any) -> bool:
    return get_origin(of) in {Union, UnionType} and any(_tag(arg) for arg in get_args(of))


def _is_unread(of: Any) -> bool:
    origin: Any = get_origin(of)
    return origin is Unread


def _is_clearable(of: Any) -> bool:
    return get_origin(of) in {Union, UnionType} and Clear in get_args(of)


def _is_list(of: Any) -> bool:
    origin: Any = get_origin(of)
    return origin is Sequence


def _is_mapping(of: Any) -> bool:
    origin: Any = get_origin(of)
    return origin is Mapping


def _is_literal(of: Any) -> bool:
    origin: Any = get_origin(of)
    return origin is Literal


def _tag(cls: Any) -> str | None:
    """Say what tells this class apart on the wire, or ``None`` where nothing has to."""
    tag = getattr(cls, "tag", None)
    return tag if isinstance(tag, str) else None  # a list can be filtered by a field of that name


def _tag_name(cls: type) -> str:
    return getattr(cls, "tag_name", "type")


WRITER = _writer()
READER = _reader()
_STRICT = _strict()


def read_strictly(payload: Any, cls: "type[T] | Any") -> Any:
    """Read JSON as a request class (or a union of tagged ones), and accept nothing that is not documented.

    Raises `RequestInvalid` with everything that is wrong, each by its field (``voice_settings.speed``).
    """
    try:
        return _STRICT.structure(payload, cls)
    except (BaseValidationError, RequestInvalid, TypeError) as fault:
        name = cls.__name__ if isinstance(cls, type) else "request"
        raise RequestInvalid(_problems(fault, ""), name) from None


def _problems(fault: BaseException, place: str) -> Iterator[Problem]:
    """Flatten what cattrs reports into problems by field."""
    match fault:
        case BaseValidationError():
            for child in fault.exceptions:
                yield from _problems(child, _join(place, _step(child)))
        case ForbiddenExtraKeysError():
            for name in sorted(fault.extra_fields):
                yield Problem(_join(place, name), _unknown(name, fault.cl))
        case RequestInvalid():
            for problem in fault.problems:
                yield Problem(_join(place, problem.field), problem.reason)
        case KeyError():
            yield Problem(place, "is required")
        case _:
            yield Problem(place, str(fault))


def _step(fault: BaseException) -> str:
    """Say where below its parent a fault lies: a field's name, an index, or nothing."""
    for note in getattr(fault, "__notes__", ()):
        if isinstance(note, AttributeValidationNote):
            return str(note.name)
        if isinstance(note, IterableValidationNote):
            return str(note.index)
    return ""


def _join(place: str, step: str) -> str:
    return ".".join(filter(None, (place, step)))


def _unknown(name: str, cls: type) -> str:
    known = [at.name for at in on_the_wire(cls)]
    close = difflib.get_close_matches(name, known, n=1)
    return "is not a field of the API" + (f"; did you mean {close[0]}?" if close else "")
