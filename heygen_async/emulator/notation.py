"""Faults in JSON, for whoever is in another process.

For example, three of them::

    [{"what": {"type": "Refuse", "status": 503, "code": "service_unavailable"}, "method": "POST", "times": 2},
     {"what": {"type": "ResetAfter"}, "path": "/v3/videos", "chance": 0.01, "seed": 7},
     {"chaos": {"seed": 7, "rate": 0.05}}]

The types and their fields are the classes of `faults`, the other fields those of `Fault`, and those of a mixture those
of `Chaos`. One alone needs no list.
"""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from types import NoneType
from typing import Any, get_args

import attrs

from heygen_async.emulator.chaos import Chaos
from heygen_async.emulator.faults import Fault, Happening
from heygen_async.errors import Problem, RequestInvalid
from heygen_async.wire import read_strictly

__all__ = ["read_faults", "read_word", "write_fault", "write_happening"]


def read_word(word: str) -> list[Fault]:
    """Read what a command line says: ``chaos:SEED``, ``chaos:SEED:RATE``, or the path of a JSON file. Blocks.

    Raises `ValueError` or `OSError`.
    """
    kind, _, rest = word.partition(":")
    if kind != "chaos":
        return read_faults(json.loads(Path(word).read_text("utf-8")))
    seed, colon, rate = rest.partition(":")
    return list(Chaos(seed=int(seed), rate=float(rate)) if colon else Chaos(seed=int(seed)))


def read_faults(payload: Any) -> list[Fault]:
    """Read JSON. Raises `RequestInvalid`, which says what is wrong, and in which of them: ``0.what.status``."""
    items = payload if isinstance(payload, list) else [payload]
    return [fault for place, item in enumerate(items) for fault in _read(place, item)]


def write_fault(fault: Fault) -> dict[str, Any]:
    """Write a fault so that `read_faults` reads it."""
    return attrs.asdict(fault, recurse=False) | {"what": write_happening(fault.what)}


def write_happening(what: Happening) -> dict[str, Any]:
    """Write what happens, with its type."""
    return {"type": what.tag} | {name: _text(value) for name, value in attrs.asdict(what).items()}


def _read(place: int, item: Any) -> Iterable[Fault]:
    try:
        if isinstance(item, Mapping) and item.keys() == {"chaos"}:
            chaos: Chaos = read_strictly(item["chaos"], Chaos)
            return chaos
        fault = _with_nulls(read_strictly(_with_bytes(item), Fault), item)
    except RequestInvalid as error:
        problems = [Problem(f"{place}.{each.field}".rstrip("."), each.reason) for each in error.problems]
        raise RequestInvalid(problems, "the list of faults") from None
    return [fault]


def _text(value: Any) -> Any:
    return value.decode(errors="replace") if isinstance(value, bytes) else value


def _with_nulls(fault: Fault, item: Mapping[str, Any]) -> Fault:
    """Take null for what it says: a render can fail without a code, and that is not the default."""
    names = {at.name for at in attrs.fields(type(fault.what)) if NoneType in get_args(at.type)}
    nulls: dict[str, Any] = {name: None for name in names if item["what"].get(name, ...) is None}
    return attrs.evolve(fault, what=attrs.evolve(fault.what, **nulls))


def _with_bytes(item: Any) -> Any:
    """Make bytes of the content of `Garbage`, which is text in JSON."""
    what = item.get("what") if isinstance(item, Mapping) else None
    if not isinstance(what, Mapping) or not isinstance(what.get("content"), str):
        return item
    return {**item, "what": {**what, "content": what["content"].encode()}}
