"""Prints `docs/api.md` from the classes: ``python docs/print_api.py > docs/api.md``.

Each public request class is a line. Its method is the one that is bound to it, or written out for it: a method whose
parameters, or whose own words, name the class.
"""

import inspect
import typing
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any, get_args

import heygen_async
from heygen_async import HeyGen
from heygen_async.faces import result_of
from heygen_async.legend import short
from heygen_async.operation import JobRequest, Request
from heygen_async.resource import Method, Resource

START = """# Operations

Printed from the classes by `docs/print_api.py`; do not edit. `heygen` is a `HeyGen` client. `Pages` are read with
`async for`; what else there is comes of an `await`, and a `Job` is then awaited for its result. Each class can also be
sent by itself: `await heygen.send(GetVoice("…"))`.
"""
HEAD = "| operation | endpoint | method | answer | since |\n|---|---|---|---|---|"

ORDER = ("POST", "GET", "PUT", "PATCH", "DELETE")

Bound = dict[type, tuple[str, Any]]
"""The method of each request class, and what it is said to return."""


def operations() -> list[type[Request[Any]]]:
    """List the public request classes, by endpoint."""
    public = [getattr(heygen_async, name) for name in heygen_async.__all__]
    found = [thing for thing in public if isinstance(thing, type) and issubclass(thing, Request)]
    ends = [cls for cls in found if hasattr(cls, "endpoint")]
    return sorted(ends, key=lambda cls: (cls.endpoint.path, ORDER.index(cls.endpoint.method), cls.__name__))


def methods() -> Bound:
    """Find the method of each class, by walking the client's groups."""
    bound: Bound = {}
    heygen = HeyGen("no key")
    for name in dir(heygen):
        if isinstance(group := getattr(heygen, name), Resource):
            bound |= dict(_methods(group, f"heygen.{name}"))
    return bound


def _methods(group: Resource, path: str) -> Iterator[tuple[type, tuple[str, Any]]]:
    """Yield the methods of a group, and of the groups in it."""
    for name, thing in inspect.getmembers_static(type(group)):
        if name.startswith("_"):
            continue
        if isinstance(thing, Method):
            returns = inspect.signature(getattr(group, name)).return_annotation
            yield from ((cls, (f"{path}.{name}", returns)) for cls in _kinds(thing.make))
        elif isinstance(thing, property):
            yield from _methods(getattr(group, name), f"{path}.{name}")
        elif inspect.isfunction(thing):
            returns = typing.get_type_hints(thing).get("return")
            yield from ((cls, (f"{path}.{name}", returns)) for cls in _named(thing))


def _named(method: Any) -> Iterator[type]:
    """Yield the request classes that a written-out method takes, or uses."""
    for of in typing.get_type_hints(method).values():
        yield from _kinds(of)
    scope = method.__globals__
    yield from (cls for name in method.__code__.co_names for cls in _kinds(scope.get(name)))


def _kinds(of: Any) -> list[type]:
    kinds = get_args(of) or (of,)
    return [cls for cls in kinds if isinstance(cls, type) and issubclass(cls, Request) and cls is not Request]


def table(classes: Sequence[type[Request[Any]]], bound: Bound) -> Iterator[str]:
    """Yield the lines of the page, a section for each group of the API."""
    yield START
    for group, members in groupby(classes, key=lambda cls: "/".join(cls.endpoint.path.split("/")[1:3])):
        yield f"## {group}\n\n{HEAD}"
        yield from (_line(cls, bound) for cls in members)
        yield ""


def _line(cls: type[Request[Any]], bound: Bound) -> str:
    end = cls.endpoint
    method, returns = bound.get(cls, ("heygen.send", None))
    cells = [
        f"`{cls.__name__}`",
        f"`{end.method} {end.path}`",
        f"`{method}`",
        f"`{_answer(cls, returns)}`",
        " ".join(filter(None, [end.since or "", f"deprecated: {end.deprecated}" if end.deprecated else ""])),
    ]
    return f"| {' | '.join(cells)} |"


def _answer(cls: type[Request[Any]], returns: Any) -> str:
    """Name what a method gives: `Pages`, an answer, or of a job's request its job, or what holds its jobs."""
    if returns is not None or not issubclass(cls, JobRequest):
        return short(returns or cls.answer)
    return f"Job[{short(result_of(cls))}]"


def page() -> str:
    """Return the whole page."""
    return "\n".join(table(operations(), methods()))


if __name__ == "__main__":
    print(page(), end="")  # noqa: T201  # its purpose
