"""How an operation becomes a method: ``get = call(GetVoice)``.

The descriptors are generic in `ParamSpec`, so a type checker knows the parameters of ``heygen.voices.get`` from
the fields of `GetVoice`; at run time `heygen_async.faces` makes the signature and the docstring, for ``help()`` and
for editors that look there (IPython, Jupyter).
"""

import inspect
from collections.abc import AsyncGenerator, Awaitable, Callable, Coroutine, Mapping
from contextlib import aclosing
from types import MethodType
from typing import Any, Generic, ParamSpec, Protocol, Self, TypeVar, cast, get_args, overload

import attrs

from heygen_async.faces import Face, docstring, result_of, signature
from heygen_async.files.snapshot import Snapshot
from heygen_async.job import Job
from heygen_async.operation import JobKind, JobRequest, Page, PageRequest, Request

__all__ = [
    "Method",
    "Pages",
    "Resource",
    "Wire",
    "call",
    "pages",
    "submit",
    "submit_all",
    "turned",
]

P = ParamSpec("P")
T = TypeVar("T")
Q = TypeVar("Q")
R = TypeVar("R")
S = TypeVar("S", bound="Sheet")


class Wire(Protocol):
    """What a resource needs of the client."""

    async def send(self, request: Request[T], /, *, idempotency_key: str | None = None) -> T:
        """Make a call and return its answer."""
        ...

    async def submit(self, request: JobRequest[Any, T], /, *, idempotency_key: str | None = None) -> Job[T]:
        """Start a job, in a render slot."""
        ...

    async def submit_all(self, request: JobRequest[Any, T], /, *, idempotency_key: str | None = None) -> list[Job[T]]:
        """Start all jobs of a call that starts several."""
        ...

    def job(self, kind: JobKind[T], job_id: str, /) -> Job[T]:
        """Pick up a job by its id."""
        ...

    async def put(self, file: Snapshot, url: str, headers: Mapping[str, str], /) -> None:
        """Send a file to the address that was signed for it. Raises `UploadFailed` and `ConnectionFailed`."""
        ...

    async def seat(self) -> Callable[[], object]:
        """Wait for a render slot, and return what gives it back."""
        ...


class Resource:
    """A group of operations over one client."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire

    def __repr__(self) -> str:
        return f"<heygen.{type(self).__name__.lower()}>"


class Sheet(Protocol):
    """A page, of whatever."""

    @property
    def has_more(self) -> bool:
        """Whether another one follows."""
        ...

    @property
    def next_token(self) -> str | None:
        """What to ask for it with."""
        ...


async def turned(ask: Callable[[str | None], Awaitable[S]], token: str | None = None) -> AsyncGenerator[S, None]:
    """Ask for one page after the other, from `token` on; ends when there are no more, or a token comes twice."""
    seen = {token, None}
    while True:
        page = await ask(token)
        yield page
        token = page.next_token
        if not page.has_more or token in seen:
            return
        seen.add(token)


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

    def pages(self) -> AsyncGenerator[Page[T], None]:
        """Yield the pages themselves. Ends when HeyGen says so, or hands out the same token twice."""
        return turned(self._page, self.request.token)

    async def first(self) -> T | None:
        """Return the first thing, or ``None`` when there is none. Asks for one page."""
        async with aclosing(self.__aiter__()) as items:
            return await anext(items, None)

    def _page(self, token: str | None) -> Awaitable[Page[T]]:
        return self._wire.send(attrs.evolve(self.request, token=token))


class Method(Generic[P, R]):
    """A method that does something with the request which `make` makes."""

    __doc__ = cast(Any, Face(docstring, __doc__))  # that of a method; this one is the class's own
    __signature__ = Face(signature, None)

    def __init__(self, make: Callable[P, Q], act: Callable[[Wire, Q], R], returns: Any) -> None:
        self.make = make
        """What makes the request; a request class, mostly."""
        self.returns = returns
        """What the method gives, behind its ``await`` where it has one."""
        self._act = act

    def __set_name__(self, owner: type, name: str) -> None:
        self.__name__ = name
        self.__qualname__ = f"{owner.__qualname__}.{name}"
        self.__module__ = owner.__module__

    def __call__(self, resource: Resource, /, *args: P.args, **kwargs: P.kwargs) -> R:
        """Make the request and act on it."""
        return self._act(resource._wire, self.make(*args, **kwargs))  # noqa: SLF001  # it is the resource's own part

    @overload
    def __get__(self, resource: None, owner: type) -> Self: ...
    @overload
    def __get__(self, resource: Resource, owner: type) -> Callable[P, R]: ...
    def __get__(self, resource: Resource | None, owner: type) -> Self | Callable[P, R]:
        return self if resource is None else MethodType(self, resource)


def call(make: Callable[P, Request[T]]) -> Method[P, Coroutine[Any, Any, T]]:
    """Bind a request class: the method takes its fields and returns its answer."""
    return Method(make, lambda wire, request: wire.send(request), _answer(make))


def pages(make: Callable[P, PageRequest[T]]) -> Method[P, Pages[T]]:
    """Bind a page request class: the method takes its fields and returns `Pages`."""
    of = get_args(_answer(make))
    return Method(make, Pages, _of(Pages, of) if of else Pages)


def submit(make: Callable[P, JobRequest[Any, T]]) -> Method[P, Coroutine[Any, Any, Job[T]]]:
    """Bind the request class of a job: the method takes its fields, waits for a render slot and returns the `Job`."""
    return Method(make, lambda wire, request: wire.submit(request), _of(Job, result_of(make)))


def submit_all(make: Callable[P, JobRequest[Any, T]]) -> Method[P, Coroutine[Any, Any, list[Job[T]]]]:
    """Bind the request class of several jobs: the method takes its fields and returns the `Job` of each, in order."""
    return Method(make, lambda wire, request: wire.submit_all(request), _of(list, _of(Job, result_of(make))))


def _answer(make: Callable[..., Any]) -> Any:
    return getattr(make, "answer", inspect.Signature.empty)


def _of(kind: Any, of: Any) -> Any:
    """Return a generic class of a type that is known at run time only."""
    return kind[of]
