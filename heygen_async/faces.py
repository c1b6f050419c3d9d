"""What a bound method shows of itself: its docstring and its signature, made of the request that it sends.

A request class says what the operation does and what its fields are (`heygen_async.legend`); its endpoint and its
answer say the rest: what comes back, and what can go wrong. All of it is made when somebody looks, and not before.
"""

import inspect
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from inspect import Parameter, Signature
from typing import Any, Generic, TypeVar, get_args, get_origin

import attrs

from heygen_async.api.media import LocalFile
from heygen_async.job import Job
from heygen_async.legend import LAST, entry, filled, legend, own_words, short
from heygen_async.operation import JobRequest, PageRequest

__all__ = ["Face", "docstring", "result_of", "signature"]

T = TypeVar("T")
Make = Callable[..., Any]

_LINE = 60
"""Columns of a signature in one line, as ``help()`` writes more behind it; a longer one has a line a parameter."""


class Face(Generic[T]):
    """Something that `show` makes of a method's ``make`` and ``returns`` when somebody looks at it."""

    def __init__(self, show: Callable[[Make, Any], T], own: T) -> None:
        self._show = show
        self._own = own
        """What the class of the method itself has there."""

    def __get__(self, method: Any, owner: type) -> T:
        return self._own if method is None else self._show(method.make, method.returns)


def result_of(make: Make) -> Any:
    """Find what the job of a request ends in: the second argument of its `JobRequest`; ``Any``: nobody knows."""
    bases = [base for cls in getattr(make, "__mro__", ()) for base in vars(cls).get("__orig_bases__", ())]
    return next((get_args(base)[1] for base in bases if get_origin(base) is JobRequest), Any)


@cache
def docstring(make: Make, returns: Any) -> str | None:
    """Write the docstring of a method that makes a request and gives `returns`; a function's own is left as it is."""
    if not attrs.has(make):  # type: ignore[arg-type]  # a function is none
        return make.__doc__
    parts = [
        filled(own_words(make)),
        filled(_sent(make)),
        legend(make, "Args"),
        "\n".join(["Returns:", *entry(*_returned(make, returns))]),
        "\n".join(["Raises:", *(line for fault in _faults(make, returns) for line in entry(*fault))]),
    ]
    return "\n\n".join(filter(None, parts))


def _sent(make: Any) -> str:
    """Say what is sent where, and what HeyGen has made of the operation since."""
    end = make.endpoint
    words = f"Sends `{make.__name__}`: ``{end.method} {end.path}``."
    words += f" HeyGen has it since {end.since}." if end.since else ""
    if end.legacy:
        return f"{words} HeyGen has retired it: each call warns with a `LegacyWarning`; v3 has {end.deprecated}."
    return words + (f" HeyGen is leaving it behind: use ``{end.deprecated}``." if end.deprecated else "")


def _returned(make: Any, returns: Any) -> tuple[str, str]:
    """Say what comes back, and what is to be done with it."""
    name = short(returns)
    inner = get_args(returns)
    if issubclass(make, PageRequest):
        return name, f"Read it with ``async for``; nothing is asked before the first turn. Each: {_about(inner[0])}"
    if get_origin(returns) is Job:
        return name, f"The job, as soon as {_slot(make)}HeyGen has accepted it. {_awaited(make)}"
    if get_origin(returns) is list:
        return name, f"The jobs, in order, as soon as {_slot(make)}HeyGen has accepted them. Of each, {_awaited(make)}"
    if issubclass(make, JobRequest) and inner:
        return name, f"{_about(returns)} Of each of its `jobs`, {_awaited(make)}"
    return name, _about(returns)


def _slot(make: Any) -> str:
    """Say what it waits for first."""
    return "there is a render slot (`Limits.renders`) and " if make.kind.slot else ""


def _awaited(make: Any) -> str:
    """Say what can be done with a job."""
    file = "``await job.download(path)`` brings what was made" if make.kind.has_file else "it has no file to download"
    return f"``await job`` gives the `{short(result_of(make))}`; {file}."


def _about(of: Any) -> str:
    """Take over the first sentence that a class says of itself."""
    cls, inner = get_origin(of) or of, get_args(of)
    if of in {None, type(None)}:
        return "HeyGen answers without content."
    if not isinstance(cls, type) or not cls.__module__.startswith("heygen_async"):
        return ""
    first = " ".join(own_words(cls).partition("\n\n")[0].split())
    return first + (f" On it: {_about(inner[0])}" if first and cls.__name__ == "Page" else "")


def _faults(make: Any, returns: Any) -> Iterator[tuple[str, str]]:
    """Yield the errors of a call, and of what it returns."""
    files = not {LocalFile, Any}.isdisjoint(_types(make))  # what may be anything may be a file
    when = "at the call, before anything is asked" if issubclass(make, PageRequest) else "before anything is sent"
    yield "RequestInvalid", f"A field breaks a rule; found {when}. `problems` has all that is wrong."
    if files:
        yield "UploadFailed", "A `LocalFile` did not reach HeyGen's storage."
    yield (
        "APIError",
        f"HeyGen refuses, as {', '.join(_refusals(make))} or another of its classes; `hint` says what helps.",
    )
    unsure = "" if make.endpoint.repeatable else "; it may have been carried out all the same (`uncertain`)"
    yield "ConnectionFailed", f"No answer came, or none in time (`RequestTimeout`){unsure}."
    yield "AnswerUnreadable", "The answer is not what HeyGen's API sends: HTML, broken JSON, no id."
    if issubclass(make, JobRequest):
        yield (
            f"Awaiting {'it' if get_origin(returns) in {Job, None} else 'one of them'}",
            (
                "`JobFailed` (HeyGen gave it up), `JobGone` (it was deleted), `JobTimeout` (it goes on, and can be "
                "awaited again)."
            ),
        )


def _refusals(make: Any) -> Iterator[str]:
    """Yield the likely kinds of an `APIError`, with what they mean here."""
    end = make.endpoint
    if {at.name for at in attrs.fields(make)} - {*LAST, *end.path_fields}:
        yield "`BadRequest`"
    yield "`NotAuthenticated`"
    if issubclass(make, JobRequest):
        yield "`OutOfCredit`"
    if end.path_fields:
        yield f"`NotFound` (no such {' or '.join(end.path_fields)})"
    if end.legacy:
        yield "`Retired`"
    yield from ("`RateLimited`", "`ServerFailed`")


def _types(of: Any, seen: frozenset[Any] = frozenset()) -> frozenset[Any]:
    """Find the types in a type, down to the fields of what a request is made of; what is in `extra` goes as it is."""
    if of in seen:
        return seen
    seen |= {of}
    own = attrs.fields(of) if isinstance(of, type) and attrs.has(of) else ()
    inner = [at.type for at in own if at.name not in LAST] or get_args(of)
    for one in inner:
        seen = _types(one, seen)
    return seen


class Shown(Signature):
    """A signature that people read: its types have no modules, and a long one has a line for each parameter."""

    def __str__(self) -> str:
        return self.format(max_width=_LINE)

    def format(self, *, max_width: int | None = None, **_: Any) -> str:
        """Write it, in one line where that has at most `max_width` columns."""
        shown = [*_shown(self.parameters.values())]
        answer = "" if self.return_annotation is Signature.empty else f" -> {short(self.return_annotation)}"
        line = f"({', '.join(shown)}){answer}"
        if max_width is None or len(line) <= max_width:
            return line
        return "\n".join(["(", *(f"    {one}," for one in shown), f"){answer}"])


class Named(Parameter):
    """A parameter whose type is written without its modules."""

    def __str__(self) -> str:
        kind = "" if self.annotation is Parameter.empty else f": {short(self.annotation)}"
        default = "" if self.default is Parameter.empty else f" = {self.default!r}"
        return f"{self.name}{kind}{default}"


def _shown(parameters: Iterable[Parameter]) -> Iterator[str]:
    """Yield the parameters, and the star behind which they go by name."""
    named = False
    for one in parameters:
        if one.kind is Parameter.KEYWORD_ONLY and not named:
            named = True
            yield "*"
        yield str(one)


@cache
def signature(make: Make, returns: Any) -> Signature:
    """Return the signature of a method, `self` included: what is required first, what every request has last."""
    given = sorted(inspect.signature(make).parameters.values(), key=_place)
    whole = [Parameter("self", Parameter.POSITIONAL_OR_KEYWORD), *given]
    named = [Named(one.name, one.kind, default=one.default, annotation=one.annotation) for one in whole]
    return Shown(named, return_annotation=returns)


def _place(one: Parameter) -> tuple[bool, bool, int]:
    """Sort a parameter; those that may be given by position keep their order."""
    if one.kind is not Parameter.KEYWORD_ONLY:
        return False, False, 0
    return True, one.default is not Parameter.empty, LAST.index(one.name) + 1 if one.name in LAST else 0
