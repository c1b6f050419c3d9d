"""Lists in pages: the newest first, and a token that says where the next page begins.

A token names the place of the last thing on its page, so things that come or go meanwhile shift nothing.
"""

import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Iterable
from itertools import islice
from typing import Protocol, TypeVar

from heygen_async.emulator.refusals import invalid
from heygen_async.operation import Page

__all__ = ["Placed", "page_of", "place_of"]


class Placed(Protocol):
    """Something with a place in a list."""

    @property
    def place(self) -> int:
        """Higher is newer."""
        ...


T = TypeVar("T")


def place_of(thing: Placed) -> int:
    """Return the place of a thing that knows it."""
    return thing.place


def page_of(things: Iterable[T], limit: int, token: str | None, place: Callable[[T], int]) -> Page[T]:
    """Take the next page out of `things`, which come by falling places.

    Raises `Refusal` (400) for a token that was never handed out.
    """
    rest = things if token is None else _below(things, _place(token), place)
    items = list(islice(rest, limit + 1))
    more, shown = len(items) > limit, items[:limit]
    return Page(shown, more, _token(place(shown[-1])) if more else None)


def _below(things: Iterable[T], last: int, place: Callable[[T], int]) -> Iterable[T]:
    return (thing for thing in things if place(thing) < last)


def _token(place: int) -> str:
    return urlsafe_b64encode(f"after:{place}".encode()).decode()


def _place(token: str) -> int:
    try:
        found = re.fullmatch(rb"after:(-?[0-9]{1,18})", urlsafe_b64decode(token.encode()))
    except ValueError:
        found = None
    if found is None:
        raise invalid("token", "token is not one that this list has handed out")
    return int(found[1])
