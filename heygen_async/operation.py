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
from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from functools import cache, partial
from operator import methodcaller
from types import NoneType
from typing import Any, ClassVar, Generic, Literal, ParamSpec, TypeVar, get_args, get_origin

from attrs import NOTHING, Attribute, field, fields, frozen

from heygen_async.errors import Problem
from heygen_async.legend import explain
from heygen_async.rules import CLEAR, Check, Clear, IdempotencyKey, kinds, misfits, rule
from heygen_async.values import Value

__all__ = [
    "CLEAR",
    "DELETE",
    "GET",
    "PATCH",
    "POST",
    "PUT",
    "Answer",
    "Body",
    "Clear",
    "Endpoint",
    "JobKind",
    "JobRequest",
    "Keyed",
    "Page",
    "PageRequest",
    "Part",
    "Report",
    "Request",
    "Successor",
]

P = ParamSpec("P")
T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)
Created_co = TypeVar("Created_co", covariant=True)
Result_co = TypeVar("Result_co", covariant=True)


@frozen
class Endpoint(Value):
    """A method and a path of the API."""

    method: str
    """``GET``, ``POST``, ``PUT``, ``PATCH`` or ``DELETE``."""

    path: str
    """Such as ``/v3/voices/{voice_id}``."""

    body: Literal["json", "form", "raw", "none"] = "json"
    """How a POST carries its fields; ``form`` is ``multipart/form-data``, streamed; ``raw`` is the file alone;
    ``none``: it has none."""

    host: Literal["api", "upload"] = "api"
    """Which of HeyGen's hosts it is on: v1 has one of its own for uploads."""

    status: int = 200
    """What HeyGen answers on success."""

    keyed: bool = False
    """Whether an ``Idempotency-Key`` goes with it, because HeyGen documents one: a repetition is then safe."""

    harmless: bool = False
    """Whether a POST without a key may be repeated all the same, because doing it twice changes nothing."""

    patient: bool = False
    """Whether a 409 says no more than "not yet" (what it is about is on its way), so that asking again is right."""

    since: str | None = None
    """The month in which HeyGen added it, such as ``2026-10``; ``None``: it was there in July 2026."""

    deprecated: str | None = None
    """What HeyGen has in its place, for an operation that it is leaving behind; ``None``: it stays."""

    path_fields: tuple[str, ...] = field(init=False, eq=False, repr=False)
    """Names in the path, in order."""

    legacy: bool = field(init=False, eq=False, repr=False)
    """Whether it is one of v1 or v2, which HeyGen has retired."""

    def __attrs_post_init__(self) -> None:  # both are asked for with each call
        object.__setattr__(self, "path_fields", tuple(re.findall(r"{(\w+)}", self.path)))
        object.__setattr__(self, "legacy", self.path.startswith(("/v1/", "/v2/")))

    @property
    def repeatable(self) -> bool:
        """Whether doing it twice does no harm."""
        return self.method != "POST" or self.keyed or self.harmless

    @property
    def reads(self) -> bool:
        """Whether fields that are not in the path go into the query."""
        return self.method in {"GET", "DELETE"}


GET = partial(Endpoint, "GET")
POST = partial(Endpoint, "POST", keyed=True)
PUT = partial(Endpoint, "PUT")
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


_OURS = "heygen_async.ours"


def ours() -> dict[str, object]:
    """Metadata for a field that is no field of the API."""
    return {_OURS: True}


def on_the_wire(cls: Any) -> "Iterator[Attribute[Any]]":
    """List the fields of an attrs class that are fields of the API too."""
    return (at for at in fields(cls) if _OURS not in at.metadata)


@cache
def _declared(cls: type) -> Sequence[tuple[str, Any, Container[Any], bool]]:
    """List the name and the type of each such field, what fits it without a closer look, and whether it is required."""
    listed: list[tuple[str, Any, bool]] = [(at.name, at.type, at.default is NOTHING) for at in on_the_wire(cls)]
    return [(name, of, kinds(of) if required else (*kinds(of), NoneType), required) for name, of, required in listed]


@frozen
class Answer(Value):
    """What HeyGen sends, or a part of it. Fields that are new to us are kept."""

    extra: Mapping[str, Any] = field(factory=dict, kw_only=True, hash=False, repr=False, metadata=ours())
    """What HeyGen sent besides, as it came: fields that are newer than this version."""

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        explain(cls, "Attributes")


@frozen
class Body(Value, Check):
    """What we send, or a part of it. It checks itself when made and raises `RequestInvalid`."""

    extra: Mapping[str, Any] | None = field(default=None, kw_only=True, hash=False, repr=False, metadata=ours())
    """Fields to send besides, as they are: those that are newer than this version."""

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        explain(cls, "Args")

    def _field_problems(self) -> list[Problem]:
        found = super()._field_problems()
        found += self._type_problems(found)
        for name in self.extra or ():
            if any(name == at.name for at in on_the_wire(type(self))):
                found.append(Problem(f"extra.{name}", f"is a field of its own: write {name}=…"))
        return found

    def _type_problems(self, known: Sequence[Problem]) -> Iterator[Problem]:
        """Compare each field with its type, unless it is `known` to be wrong."""
        cls: Any = type(self)
        for name, of, plain, required in _declared(cls):
            value = getattr(self, name)
            if type(value) in plain or any(problem.field == name for problem in known):
                continue
            if value is not None:
                yield from misfits(value, of, name)
            elif required:
                yield Problem(name, "is required")


@frozen
class Request(Body, Generic[T_co]):
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
class Page(Value, Generic[T_co]):
    """One page of a list."""

    items: Sequence[T_co] = ()
    """What is on this page."""

    has_more: bool = False
    """Whether another page follows."""

    next_token: str | None = None
    """What to ask the next page with; ``None`` on the last."""


@frozen
class Unread(Generic[T_co]):
    """One thing on a page, as it came: reading it is left to whoever needs it, because most of them do not matter."""

    sent: Mapping[str, Any]
    """What HeyGen sent."""

    _reader: Callable[[Mapping[str, Any]], T_co | None]

    def read(self) -> T_co | None:
        """Read it; ``None``: it is not as documented."""
        return self._reader(self.sent)


def unread(cls: Callable[P, "Request[Page[T]]"]) -> Callable[P, "Request[Page[Unread[T]]]"]:
    """Make a request class out of one that answers a page: whatever is on that page stays unread."""
    page: Any = cls
    of = type(page.__name__, (page,), {"__module__": page.__module__})
    of.answer = Page[Unread[get_args(page.answer)]]  # type: ignore[attr-defined,misc]  # known at run time only
    return of


@frozen(kw_only=True)
class PageRequest(Request[Page[T_co]], Generic[T_co]):
    """A call that answers a page of `T`. Subclasses have the fields ``limit`` and ``token``."""

    paged = True
    limit: int | None
    token: str | None


@frozen
class Part(Value):
    """One of the files of a job that makes several."""

    key: str
    """Finds it again in a later answer, whose link is fresh."""

    link: str
    """Where it is."""

    title: str | None = None
    """What the file is called; ``None``: after its key."""


@frozen
class Report(Value):
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

    parts: Sequence[Part] = ()
    """The files, where there may be several: `link` is then the one that counts as *the* file, if any does."""

    progress: int | None = None
    """How far it is, 0 to 100; ``None``: HeyGen does not say."""


@frozen(kw_only=True)
class Keyed(Body):
    """A creation that HeyGen carries out once for one key, however often it is sent."""

    idempotency_key: str | None = field(default=None, metadata={**rule(IdempotencyKey()), **ours()})
    """1 to 255 characters of ``A-Z a-z 0-9 _ - : .``; ``None`` makes one. The same key within 24 hours gets the same
    thing again and is billed once: keep it, if you may have to repeat the call in another process."""


@frozen
class Successor(Value, Generic[T]):
    """What a job goes on as, once HeyGen has given it another id: a batch's item becomes a video, for example."""

    kind: "JobKind[T]"
    """As what it is followed from then on."""

    id_in: Callable[[Any], str | None]
    """Finds the new id in an answer, or in an entry of a statuses call; ``None``: there is none yet."""


@frozen
class JobKind(Value, Generic[T]):
    """A kind of job: how to look at one, and how to look at many."""

    noun: str
    """What HeyGen calls it, such as ``video``."""

    get: Callable[[str], Request[T]]
    """The request that reads one job by its id."""

    report: Callable[[T], Report]
    """What such an answer says about the job."""

    statuses: Callable[[Sequence[str]], Request[Page[Unread[Any]]]] | None = None
    """The request that reads the statuses of up to a hundred jobs; ``None``: this kind has none."""

    id_in: Callable[[Mapping[str, Any]], str | None] = methodcaller("get", "video_id")
    """Finds the job's id in an entry of a statuses call: HeyGen names the field so in every group."""

    listing: Callable[[int], Request[Page[Unread[T]]]] | None = None
    """The request that reads so many of the account's jobs of this kind, up to a hundred, the newest first, each as
    `get` does; ``None``: there is no such list."""

    id_listed: Callable[[Mapping[str, Any]], str | None] = methodcaller("get", "id")
    """Finds the job's id in an entry of that list."""

    slot: bool = True
    """Whether it takes a render slot: HeyGen counts what renders, and not what is trained or proofread."""

    has_file: bool = True
    """Whether a completed one has a file; a trained voice has none, and nobody has to wait for a link to it."""

    alone: bool = True
    """Whether `get` reads one of them; the items of a batch have no call of their own."""

    passing: bool = False
    """Whether it is the kind of one job only, and nothing of it has to be remembered afterwards."""

    idle: Container[str] = ()
    """HeyGen's words for a job that waits for somebody: it takes no render slot meanwhile."""

    successor: Successor[T] | None = None
    """What such a job goes on as; ``None``: it stays what it is."""


@frozen(kw_only=True)
class JobRequest(Request[Created_co], Generic[Created_co, Result_co]):
    """A call that starts a job: the answer is a receipt, the result comes later."""

    kind: ClassVar[JobKind[Any]]
    """How the job that this starts is followed."""

    @staticmethod
    def job_id(receipt: Any) -> str:
        """Find the job's id in the receipt."""
        raise NotImplementedError

    def job_ids(self, receipt: Any) -> Sequence[str]:
        """Find the ids of all jobs that the call has started; most start one."""
        return [self.job_id(receipt)]

    def shown(self, receipt: Any) -> Result_co | None:  # noqa: ARG002  # subclasses look at it
        """Return what the receipt already shows of its only job, read whole; ``None``: it has to be asked for."""
        return None
