"""What can be asked for: each operation is a request class of `heygen_async.api` and the function that answers it.

So the emulator reads requests with the very classes that write them, and its routes are the endpoints of the API.
"""

from collections.abc import Awaitable, Callable, Iterator, Mapping
from typing import Any, get_args

from attrs import NOTHING, Attribute, define, field, frozen

from heygen_async.emulator.service import Visit
from heygen_async.operation import Endpoint, on_the_wire
from heygen_async.wire import read_strictly

__all__ = ["Answer", "Clerk", "Operation"]

Answer = Callable[[Visit, Any], Awaitable[object]]
"""Takes a request and returns what its class promises, or raises `Refusal`."""


@frozen
class Operation:
    """One operation of the API."""

    endpoint: Endpoint
    kinds: tuple[type, ...]
    """The request classes that this endpoint takes."""

    read: Callable[[Mapping[str, Any]], Any]
    """Makes a request of JSON, of the path's variables and of the query. Raises `RequestInvalid`."""

    answer: Answer

    @property
    def query_fields(self) -> Mapping[str, Any]:
        """The fields that a query can have, with their types."""
        (kind,) = self.kinds
        return {at.name: at.type for at in self._fields(kind)}

    @property
    def bare(self) -> bool:
        """Whether it can come without a body: nothing in it is required."""
        return all(at.default is not NOTHING for kind in self.kinds for at in self._fields(kind))

    def _fields(self, kind: type) -> "Iterator[Attribute[Any]]":
        """List the fields of a kind that are not in the path."""
        return (at for at in on_the_wire(kind) if at.name not in self.endpoint.path_fields)


@define
class Clerk:
    """Operations that belong together."""

    operations: list[Operation] = field(factory=list)

    def __iter__(self) -> Iterator[Operation]:
        return iter(self.operations)

    def answers(self, kind: Any, read: Callable[[Mapping[str, Any]], Any] | None = None) -> Callable[[Answer], Answer]:
        """Have a function answer requests of a class, or of a union of classes with one endpoint."""
        kinds = get_args(kind) or (kind,)

        def add(answer: Answer) -> Answer:
            reading = read or (lambda payload: read_strictly(payload, kind))
            self.operations.append(Operation(kinds[0].endpoint, kinds, reading, answer))
            return answer

        return add
