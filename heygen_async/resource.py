"""How an operation becomes a method: ``get = call(GetVoice)``.

The descriptors are generic in `ParamSpec`, so a type checker knows the parameters of ``heygen.voices.get`` from
the fields of `GetVoice`; what they return carries the signature, the name and the docstring for editors that
look at run time (IPython, Jupyter).
"""

import inspect
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import aclosing
from typing import Any, Generic, ParamSpec, Protocol, Self, TypeVar, cast, get_args, overload

import attrs

from heygen_async.job import Job
from heygen_async.operation import JobKind, JobRequest, Page, PageRequest, Request

__all__ = ["Call", "Pages", "PagesOf", "Resource", "Wire", "call", "pages"]

P = ParamSpec("P")
T = TypeVar("T")
M = TypeVar("M", bound=Callable[..., Any])


class Wire(Protocol):
    """What a resource needs of the client."""

    async def send(self, request: Request[T], /, *, idempotency_key: str | None = None) -> T:
        """Make a call and return its answer."""
        ...

    async def submit(self, request: JobRequest[Any, T], /, *, idempotency_key: str | None = None) -> Job[T]:
        """Start a job, in a render slot."""
        ...

    def job(self, kind: JobKind[T], job_id: str, /) -> Job[T]:
        """Pick up a job by its id."""
        ...


class Resource:
    """A group of operations over one client."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire

    def __repr__(self) -> str:
        return f"<heygen.{type(self).__name__.lower()}>"


class Pages(Generic[T]):
    """A list that arrives page by page: ``async for thing in heygen.voices.list(): …``.

    Nothing is asked before the first turn; each iteration begins anew.
    """

    def __init__(self, wire: Wire, request: PageRequest[T]) -> None:
        self._wire = wire
        self.request = request
        """What the first page is asked with."""

    def __repr__(self) -> str:
        return f"<Pages {self.request!r}>"

    async def __aiter__(self) -> AsyncGenerator[T, None]:
        async with aclosing(self.pages()) as pages:
            async for page in pages:
                for item in page.items:
                    yield item

    async def pages(self) -> AsyncGenerator[Page[T], None]:
        """Yield the pages themselves. Ends when HeyGen says so, or hands out the same token twice."""
        request, seen = self.request, {self.request.token}
        while True:
            page = await self._wire.send(request)
            yield page
            if not page.has_more or page.next_token is None or page.next_token in seen:
                return
            seen.add(page.next_token)
            request = attrs.evolve(request, token=page.next_token)

    async def first(self) -> T | None:
        """Return the first thing, or ``None`` when there is none. Asks for one page."""
        async with aclosing(self.__aiter__()) as items:
            return await anext(items, None)


class Call(Generic[P, T]):
    """A method that sends what `make` makes."""

    def __init__(self, make: Callable[P, Request[T]]) -> None:
        self._make = make
        self._name = ""

    def __set_name__(self, owner: type, name: str) -> None:
        self._name = name

    @overload
    def __get__(self, resource: None, owner: type) -> Self: ...
    @overload
    def __get__(self, resource: Resource, owner: type) -> Callable[P, Awaitable[T]]: ...
    def __get__(self, resource: Resource | None, owner: type) -> Self | Callable[P, Awaitable[T]]:
        if resource is None:
            return self
        wire, make = resource._wire, self._make  # noqa: SLF001  # the descriptor is the resource's own part

        async def method(*args: P.args, **kwargs: P.kwargs) -> T:
            return await wire.send(make(*args, **kwargs))

        return _dressed(method, f"{owner.__name__}.{self._name}", make, _answer(make))


class PagesOf(Generic[P, T]):
    """A method that lists, page by page, what `make` asks for."""

    def __init__(self, make: Callable[P, PageRequest[T]]) -> None:
        self._make = make
        self._name = ""

    def __set_name__(self, owner: type, name: str) -> None:
        self._name = name

    @overload
    def __get__(self, resource: None, owner: type) -> Self: ...
    @overload
    def __get__(self, resource: Resource, owner: type) -> Callable[P, Pages[T]]: ...
    def __get__(self, resource: Resource | None, owner: type) -> Self | Callable[P, Pages[T]]:
        if resource is None:
            return self
        wire, make = resource._wire, self._make  # noqa: SLF001  # the descriptor is the resource's own part

        def method(*args: P.args, **kwargs: P.kwargs) -> Pages[T]:
            return Pages(wire, make(*args, **kwargs))

        of = get_args(_answer(make))
        returned = cast(Any, Pages)[of] if of else Pages
        return _dressed(method, f"{owner.__name__}.{self._name}", make, returned)


def call(make: Callable[P, Request[T]]) -> Call[P, T]:
    """Bind a request class: the method takes its fields and returns its answer."""
    return Call(make)


def pages(make: Callable[P, PageRequest[T]]) -> PagesOf[P, T]:
    """Bind a page request class: the method takes its fields and returns `Pages`."""
    return PagesOf(make)


def _answer(make: Callable[..., Any]) -> Any:
    return getattr(make, "answer", inspect.Signature.empty)


def _dressed(method: M, name: str, make: Callable[..., Any], answer: Any) -> M:
    """Give a method the face of the request it sends."""
    method.__name__, method.__qualname__ = name.rpartition(".")[2], name
    method.__doc__ = make.__doc__
    cast(Any, method).__signature__ = inspect.signature(make).replace(return_annotation=answer)
    return method
