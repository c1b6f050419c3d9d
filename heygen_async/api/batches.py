"""Batches: up to a hundred creations in one request, and the statuses of many jobs at once.

Four groups have batches of their own. HeyGen works through a batch by itself, so its items take no render slots here.
An item has no id before HeyGen begins with it: until then its `Job` is followed by its batch and its place in it, as
``batch_id:3``, and from then on as a job of its group like all others.
"""

from collections.abc import AsyncGenerator, AsyncIterator, Callable, Coroutine, Iterator, Mapping, Sequence
from contextlib import aclosing
from operator import attrgetter
from typing import Any, ClassVar, Generic, ParamSpec, TypeVar, cast

from attrs import field, frozen

from heygen_async.errors import Problem
from heygen_async.faces import result_of
from heygen_async.job import Job
from heygen_async.operation import Answer, JobKind, JobRequest, Page, Report, Request, Successor, Unread, on_the_wire
from heygen_async.resource import Method, Resource, Wire, turned
from heygen_async.rules import IDENTIFIER, Between, Count, rule

__all__ = ["Batch", "BatchItem", "Batches", "BulkStatus", "CreatedBatch", "SentBatch"]

P = ParamSpec("P")
T = TypeVar("T")

_MOST_ITEMS = 1000
"""Items of a batch that are looked at: HeyGen takes 100, and no list may go on for ever."""


@frozen
class CreatedBatch(Answer):
    """The receipt for a batch."""

    batch_id: str
    """Read the batch with it."""


@frozen
class BatchItem(Answer):
    """One thing in a batch."""

    item_index: int | None = None
    """Its place in what was sent, from 0."""

    status: str = ""
    """``queued``, ``processing``, ``completed`` or ``failed``."""

    video_id: str | None = None
    """The id of what the item became, of whatever group; ``None`` while it is queued."""

    error: Mapping[str, Any] | None = None
    """Why it failed: ``code`` and ``message``."""


@frozen
class Batch(Answer):
    """A batch, with one page of its items."""

    batch_id: str
    title: str | None = None
    status: str = ""
    """``processing``, ``completed`` or ``failed``."""

    counts_by_status: Mapping[str, int] = field(factory=dict)
    """How many items are in which status."""

    total_items: int = 0
    """How many items the batch has, on all pages."""

    created_at: int | None = None
    """Unix seconds."""

    items: Sequence[BatchItem] = ()
    """This page's items, in the order they were sent."""

    has_more: bool = False
    """Whether another page of items follows."""

    next_token: str | None = None
    """What to ask the next page with."""


@frozen
class GetBatch(Request[Batch]):
    """A batch with one page of its items. Each group has an endpoint of its own for it."""

    batch_id: str = field(metadata=rule(IDENTIFIER))
    limit: int | None = field(default=None, kw_only=True, metadata=rule(Between(1, 100, whole=True)))
    """Items per page, 1 to 100; HeyGen's default is 100."""

    token: str | None = field(default=None, kw_only=True)
    """`Batch.next_token` of the page before."""


@frozen
class BulkStatus(Answer):
    """The status of one job among many."""

    status: str = ""
    """A word of the group's own, or ``not_found``."""

    video_id: str | None = None
    """The id of the job, whatever its group: HeyGen names the field so everywhere."""

    batch_id: str | None = None
    """The batch that it belongs to, if that was asked for."""

    item_index: int | None = None
    """Its place in the batch, from 0."""

    error: Mapping[str, Any] | None = None
    """Why it failed: ``code`` and ``message``."""


@frozen(kw_only=True)
class GetStatuses(Request[Page[BulkStatus]]):
    """The statuses of up to 100 jobs or batches in one answer. The field of the jobs has its group's own name."""

    batch_ids: Sequence[str] | None = field(default=None, metadata=rule(Count(1, 100)))
    """1 to 100 batches, whose items are answered."""

    def cross_check(self) -> Iterator[Problem]:
        """Check that there is something to look up."""
        names = [at.name for at in on_the_wire(type(self))]
        if all(getattr(self, name) is None for name in names):
            yield Problem(names[-1], f"one of {', '.join(reversed(names))} is needed")


@frozen
class SentBatch(Generic[T]):
    """A batch that HeyGen has accepted."""

    batch_id: str
    """Read the batch with it, or pick its jobs up again in another process."""

    jobs: Sequence[Job[T]]
    """One for each item, in the order they were sent."""


def item_names(batch_id: str, count: int) -> list[str]:
    """Name the items of a batch until they have ids of their own."""
    return [f"{batch_id}:{index}" for index in range(count)]


def misplaced(items: Sequence[object], name: str, place: str) -> Iterator[Problem]:
    """Find the items of a batch that say for themselves what only the batch can say."""
    for at, item in enumerate(items):
        if getattr(item, name) is not None:
            yield Problem(f"{place}.{at}.{name}", "belongs on the batch, not on its items")


def item_kind(kind: JobKind[T], statuses: Callable[[Sequence[str]], Request[Page[Unread[BulkStatus]]]]) -> JobKind[T]:
    """Say how an item of a batch is followed until it is a job of `kind`.

    `statuses` makes the group's statuses request for batch ids.
    """

    def ask(names: Sequence[str]) -> Request[Page[Unread[BulkStatus]]]:
        return statuses(list(dict.fromkeys(name.rpartition(":")[0] for name in names)))

    return JobKind(
        f"{kind.noun} batch item",
        get=cast(Callable[[str], Request[T]], lambda name: ask([name])),  # it is never a result: a successor is
        report=lambda _: Report("queued"),
        statuses=ask,
        id_in=lambda sent: f"{sent.get('batch_id')}:{sent.get('item_index')}",
        slot=False,
        alone=False,
        successor=Successor(kind, attrgetter("video_id")),
    )


def batch(
    make: Callable[P, JobRequest[CreatedBatch, T]],
) -> Method[P, Coroutine[Any, Any, SentBatch[T]]]:
    """Bind the request class of a batch: the method takes its fields and returns `SentBatch`."""

    async def send(wire: Wire, request: JobRequest[CreatedBatch, T]) -> SentBatch[T]:
        jobs = await wire.submit_all(request)
        return SentBatch(jobs[0].id.rpartition(":")[0], jobs)

    return Method(make, send, cast(Any, SentBatch)[result_of(make)])


class Batches(Resource, Generic[T]):
    """The batches of a group."""

    kind: ClassVar[JobKind[Any]]
    """How their items are followed."""

    get: "Method[..., Coroutine[Any, Any, Batch]]"

    async def items(self, batch_id: str) -> AsyncIterator[BatchItem]:
        """Yield all items of a batch, page by page, until HeyGen ends or hands out a token twice.

        Raises `RequestInvalid` for what cannot be an id; `NotFound` and other `APIError`;
        `ConnectionFailed`; `AnswerUnreadable`.
        """
        async with aclosing(turned(lambda token: self.get(batch_id, token=token))) as pages:
            async for page in pages:
                for item in page.items:
                    yield item

    async def jobs(self, batch_id: str) -> Sequence[Job[T]]:
        """Pick up the jobs of a batch, one for each item, in this process or another. Reads all its pages.

        Raises as `items` does; awaiting one of them raises `JobFailed`, `JobGone`, `JobTimeout`.
        """
        places: dict[int, None] = {}  # what is listed counts, whatever `Batch.total_items` says
        async with aclosing(cast(AsyncGenerator[BatchItem, None], self.items(batch_id))) as items:
            async for item in items:
                places[len(places) if item.item_index is None else item.item_index] = None
                if len(places) >= _MOST_ITEMS:
                    break
        return [self._wire.job(self.kind, f"{batch_id}:{place}") for place in sorted(places)]
