"""What a value is: it compares, hashes and shows itself by its fields.

attrs would write these three methods for each class anew and have them compiled at import. There are hundreds of
classes, and it took as long as half of what else they cost; so they are written here, once.
"""

from collections.abc import Callable, Sequence
from functools import cache
from operator import attrgetter
from typing import Any

from attrs import Attribute, fields

__all__ = ["Value"]

_SHARED = ("__eq__", "__hash__", "__repr__")


class Value:
    """Something that is what its fields are. Its subclasses are attrs classes, and may have methods of their own."""

    __slots__ = ()

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        for name in _SHARED:  # attrs writes none that a class has already
            if name not in vars(cls):
                setattr(cls, name, vars(Value)[name])

    def __eq__(self, other: object) -> bool:
        if type(other) is not type(self):
            return NotImplemented
        cls: Any = type(self)
        compared = _compared(cls)
        return bool(compared(self) == compared(other))

    def __hash__(self) -> int:
        cls: Any = type(self)
        return hash((cls, _hashed(cls)(self)))

    def __repr__(self) -> str:
        cls: Any = type(self)
        shown = (f"{name}={write(getattr(self, name))}" for name, write in _shown(cls))
        return f"{cls.__qualname__.rpartition('>.')[2]}({', '.join(shown)})"


def _fields(cls: Any) -> "Sequence[Attribute[Any]]":
    return fields(cls)  # type: ignore[no-any-return]  # attrs types it by the class


@cache
def _compared(cls: type) -> Callable[[Any], Any]:
    return _getter([at.name for at in _fields(cls) if at.eq])


@cache
def _hashed(cls: type) -> Callable[[Any], Any]:
    return _getter([at.name for at in _fields(cls) if (at.eq if at.hash is None else at.hash)])


@cache
def _shown(cls: type) -> Sequence[tuple[str, Callable[[Any], str]]]:
    return [(at.name, at.repr if callable(at.repr) else repr) for at in _fields(cls) if at.repr]


def _getter(names: Sequence[str]) -> Callable[[Any], Any]:
    return attrgetter(*names) if names else type  # all that have no fields are the same
