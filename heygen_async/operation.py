"""What a call to the API is: a value that knows its endpoint and the type of its answer.

A new operation is one small class, bound to a resource by one line (`heygen_async.resource`)::

    @frozen
    class GetVoice(Request[Voice]):
        endpoint = GET("/v3/voices/{voice_id}")
        voice_id: str

Placement is by rule: a field that the path names fills it; the others are the query of a GET or DELETE and
the JSON body of the rest, or parts of a form where the endpoint says so.
"""

import re
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, ClassVar, Generic, Literal, TypeVar, get_args, get_origin

from attrs import frozen

from heygen_async.rules import Check

__all__ = [
    "DELETE",
    "GET",
    "PATCH",
    "POST",
    "Endpoint",
    "JobKind",
    "JobRequest",
    "Page",
    "PageRequest",
    "Report",
    "Request",
]

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)
Created_co = TypeVar("Created_co", covariant=True)
Result_co = TypeVar("Result_co", covariant=True)


@frozen
class Endpoint:
    """A method and a path of the API."""

    method: str
    """``GET``, ``POST``, ``PATCH`` or ``DELETE``."""

    path: str
    """Such as ``/v3/voices/{voice_id}``."""

    body: Literal["json", "form"] = "json"
    """How a POST carries its fields; ``form`` is ``multipart/form-data``, streamed."""

    status: int = 200
    """What HeyGen answers on success."""

    @property
    def path_fields(self) -> tuple[str, ...]:
        """Names in the path, in order."""
        return tuple(re.findall(r"{(\w+)}", self.path))

    @property
    def keyed(self) -> bool:
        """Whether an ``Idempotency-Key`` goes with it: every POST creates something, and most cost money."""
        return self.method == "POST"

    @property
    def reads(self) -> bool:
        """Whether fields that are not in the path go into the query."""
        return self.method in {"GET", "DELETE"}


GET = partial(Endpoint, "GET")
POST = partial(Endpoint, "POST")
PATCH = partial(Endpoint, "PATCH")
DELETE = partial(Endpoint, "DELETE")


def _answer_of(cls: type) -> Any:
    """Find T of ``Request[T]`` among the bases of a class, through generic classes in between."""
    for base in getattr(cls, "__orig_bases__", ()):
        origin, args = get_origin(base), get_args(base)
        if not (isinstance(origin, type) and issubclass(origin, Request)) or isinstance(args[0], TypeVar):
            continue
        return Page[args[0]] if origin.paged else args[0]  # type: ignore[valid-type]  # known at run time only
    return None


@frozen
class Request(Check, Generic[T_co]):
    """A call to the API, whose answer is a `T`. It checks itself when made and raises `RequestInvalid`."""

    endpoint: ClassVar[Endpoint]
    answer: ClassVar[Any]
    """The type of the answer; taken from ``Request[…]``."""

    paged: ClassVar[bool] = False
    """Whether the answer is a `Page`, and the class names what is on it."""

    tag: ClassVar[str | None] = None
    """The ``type`` that HeyGen tells kinds of one endpoint apart by."""

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        answer = _answer_of(cls)
        if answer is not None:
            cls.answer = answer


@frozen
class Page(Generic[T_co]):
    """One page of a list."""

    items: Sequence[T_co] = ()
    """What is on this page."""

    has_more: bool = False
    """Whether another page follows."""

    next_token: str | None = None
    """What to ask the next page with; ``None`` on the last."""


@frozen(kw_only=True)
class PageRequest(Request[Page[T_co]], Generic[T_co]):
    """A call that answers a page of `T`. Subclasses have the fields ``limit`` and ``token``."""

    paged = True
    limit: int | None
    token: str | None


@frozen
class Report:
    """What an answer says about its job, in the words of no particular kind of job."""

    status: str
    """HeyGen's word; `heygen_async.job.stage` understands it."""

    code: str | None = None
    """Why it failed, as a code."""

    message: str | None = None
    """Why it failed, in words."""

    link: str | None = None
    """Where the file is, once there is one."""

    subtitles: str | None = None
    """Where its subtitles are, if it has any."""


@frozen
class JobKind(Generic[T]):
    """A kind of job: how to look at one, and how to look at many."""

    noun: str
    """What HeyGen calls it, such as ``video``."""

    get: Callable[[str], Request[T]]
    """The request that reads one job by its id."""

    report: Callable[[T], Report]
    """What such an answer says about the job."""

    statuses: Callable[[Sequence[str]], Request[Page[Any]]] | None = None
    """The request that reads the statuses of up to a hundred jobs; ``None``: this kind has none."""


@frozen(kw_only=True)
class JobRequest(Request[Created_co], Generic[Created_co, Result_co]):
    """A call that starts a job: the answer is a receipt, the result comes later."""

    kind: ClassVar[JobKind[Any]]
    """How the job that this starts is followed."""

    @staticmethod
    def job_id(receipt: Any) -> str:
        """Find the job's id in the receipt."""
        raise NotImplementedError
