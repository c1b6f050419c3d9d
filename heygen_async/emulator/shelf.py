"""Things of one kind by their ids: what an account holds of each, from assets to brand kits.

A group of operations that keeps something writes a small record, beside its operations, and asks for its shelf. There
is nothing to add to the account::

    @define(eq=False, kw_only=True)
    class BrandKit(Thing):
        noun = "brand kit"                                    # 404 brand_kit_not_found, unless `missing` says otherwise
        name: str

    kits = visit.account.shelf(BrandKit)
    kit = kits.add(BrandKit(name=request.name))               # it has an id and a place now
    kit = kits.find(request.brand_kit_id)                     # or 404
    page = page_of(kits.newest(), request.limit or 20, request.token, place_of)
    kits.drop(request.brand_kit_id)                           # the second time 404
"""

from collections.abc import Callable, Iterator
from typing import ClassVar, TypeVar
from uuid import uuid4

from attrs import define, field

from heygen_async.emulator.refusals import unknown

__all__ = ["Shelf", "Thing", "fresh_id"]


def fresh_id() -> str:
    """Return 32 hexadecimal characters that nobody had before."""
    return uuid4().hex


@define(eq=False, kw_only=True)
class Thing:
    """Something that an account holds."""

    noun: ClassVar[str]
    """What HeyGen calls it, in words."""

    missing: ClassVar[str | None] = None
    """HeyGen's code for one that is not there; ``None``: the noun with ``_not_found``."""

    id: str = field(factory=fresh_id)
    place: int = 0
    """Its place in lists, which show the highest first; 0: none yet."""


T = TypeVar("T", bound=Thing)


class Shelf(dict[str, T]):
    """Things of one kind by id, the oldest first. It is a plain dictionary, with verbs."""

    def __init__(self, kind: type[T], next_place: Callable[[], int]) -> None:
        super().__init__()
        self.kind = kind
        """What is on it."""
        self._next_place = next_place

    def find(self, identifier: str) -> T:
        """Return a thing. Raises `Refusal` (404) when there is none with this id."""
        thing = self.get(identifier)
        if thing is None:
            raise unknown(self.kind.noun, identifier, self.kind.missing)
        return thing

    def add(self, thing: T) -> T:
        """Take in a thing. It gets a place before all others, unless it has one."""
        thing.place = thing.place or self._next_place()
        self[thing.id] = thing
        return thing

    def drop(self, identifier: str) -> T:
        """Remove a thing and return it. Raises `Refusal` (404) when there is none, as the second time."""
        thing = self.find(identifier)
        del self[identifier]
        return thing

    def newest(self) -> Iterator[T]:
        """Go through the things, the newest first."""
        return reversed(self.values())
