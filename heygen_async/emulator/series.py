"""Batches: up to a hundred works in one request, and the statuses of many works at once, for each group that has them.

A group says what its works are and how an item becomes an order::

    @lipsyncs.answers(CreateLipsyncBatch)
    async def create_batch(visit: Visit, request: CreateLipsyncBatch) -> CreatedBatch:
        begun = await series.begin(visit, Lipsync, request.lipsyncs, partial(order, visit), title=request.title)
        return series.created(begun)

    async def order(visit: Visit, request: LipsyncItem) -> Order[Lipsync]: ...    # raises `Refusal`

    @lipsyncs.answers(GetLipsyncBatch)
    async def read_batch(visit: Visit, request: GetLipsyncBatch) -> Batch:
        return series.shown(visit, Lipsync, request.batch_id, request.limit, request.token)

    @lipsyncs.answers(GetLipsyncStatuses)
    async def statuses(visit: Visit, request: GetLipsyncStatuses) -> Page[BulkStatus]:
        return series.statuses(visit, Lipsync, request.lipsync_ids, request.batch_ids)

An item that cannot be made fails alone; a wallet that cannot pay for all of them refuses all. What waits for a slot
waits in the queue. Assets have batches without orders: they put a `Series` of their `Upload` values on
``account.batches`` themselves.
"""

from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, TypeVar

from heygen_async.api.batches import Batch, BatchItem, BulkStatus, CreatedBatch
from heygen_async.emulator.paging import page_of
from heygen_async.emulator.refusals import Refusal, unknown
from heygen_async.emulator.rendering import Failure
from heygen_async.emulator.service import Visit
from heygen_async.emulator.shelf import Thing
from heygen_async.emulator.works import Batched, Order, Series, Work
from heygen_async.operation import Page

__all__ = ["begin", "created", "shown", "statuses"]

T = TypeVar("T")

_MOST = 100
"""Items on a page, unless asked for less."""


async def begin(
    visit: Visit,
    kind: type[Work[Any]],
    items: Iterable[T],
    order: Callable[[T], Awaitable[Order[Work[Any]]]],
    *,
    title: str | None = None,
    folder_id: str | None = None,
    callback_url: str | None = None,
) -> Series:
    """Begin all works of a batch. Raises `Refusal` (402) when the wallet cannot pay for all.

    Args:
        visit: whose batch it is.
        kind: what the works are.
        items: what was sent for each.
        order: looks up all that an item needs, or raises the `Refusal` with which it fails.
        title: of the batch.
        folder_id: where all works go; None leaves each where its own request says.
        callback_url: who wants to hear of its end.

    """
    orders = [await _ordered(item, order) for item in items]
    visit.account.wallet.check(sum(one.cost for one in orders if isinstance(one, Order)))
    series = visit.account.batches.add(Series(kind=kind, title=title, created_at=visit.unix, callback_url=callback_url))
    for index, one in enumerate(orders):
        if isinstance(one, Refusal):
            series.items.append(one)
            continue
        work = visit.service.take_on(visit.path, one)
        work.series, work.item_index, work.folder_id = series, index, folder_id or work.folder_id
        series.items.append(work)
    visit.service.deliveries.expect(callback_url)
    return series


def created(series: Series) -> CreatedBatch:
    """Show the receipt of a batch."""
    return CreatedBatch(series.id)


def shown(visit: Visit, kind: type[Thing], batch_id: str, limit: int | None, token: str | None) -> Batch:
    """Show a batch of this kind, with one page of its items. Raises `Refusal` (404)."""
    series = visit.account.batches.find(batch_id)
    if series.kind is not kind:
        raise unknown(Series.noun, batch_id, Series.missing)
    items = list(_items(visit, series))
    counts = Counter(item.status for item in items)
    page = page_of(items, limit or _MOST, token, lambda item: -(item.item_index or 0))
    return Batch(
        batch_id=series.id,
        title=series.title,
        status=_overall(counts),
        counts_by_status=counts,
        total_items=len(items),
        created_at=series.created_at,
        items=page.items,
        has_more=page.has_more,
        next_token=page.next_token,
    )


def statuses(
    visit: Visit, kind: type[Thing], ids: Sequence[str] | None, batch_ids: Sequence[str] | None
) -> Page[BulkStatus]:
    """Show the statuses of things of this kind, and of all items of batches; ``not_found`` for what is not there."""
    found = [_status(visit, kind, identifier) for identifier in ids or ()]
    for batch_id in batch_ids or ():
        found.extend(_of_batch(visit, kind, batch_id))
    return Page(found)


async def _ordered(item: T, order: Callable[[T], Awaitable[Order[Work[Any]]]]) -> Order[Work[Any]] | Refusal:
    try:
        return await order(item)
    except Refusal as refusal:
        return refusal


def _status(visit: Visit, kind: type[Any], identifier: str) -> BulkStatus:
    one: Batched | None = visit.account.shelf(kind).get(identifier)
    if one is None:
        return BulkStatus("not_found", identifier)
    batch_id = one.series.id if one.series else None
    return BulkStatus(_word(visit, one), one.id, batch_id, one.item_index, _error(one.failure))


def _of_batch(visit: Visit, kind: type[Thing], batch_id: str) -> Iterator[BulkStatus]:
    series = visit.account.batches.get(batch_id)
    if series is None or series.kind is not kind:
        yield BulkStatus("not_found", batch_id=batch_id)
        return
    for item in _items(visit, series):
        yield BulkStatus(item.status, item.video_id, batch_id, item.item_index, item.error)


def _items(visit: Visit, series: Series) -> Iterator[BatchItem]:
    """Show what became of each item. While it is queued it has no id yet."""
    shelf = visit.account.shelf(series.kind)
    for index, item in enumerate(series.items):
        if isinstance(item, Refusal):
            yield BatchItem(index, "failed", None, _error(Failure(item.code, item.message)))
        elif item.id not in shelf:
            gone = unknown(item.noun, item.id, series.kind.missing)
            yield BatchItem(index, "failed", item.id, _error(Failure(gone.code, f"The {item.noun} was deleted")))
        else:
            word = _word(visit, item)
            yield BatchItem(index, word, None if word == "queued" else item.id, _error(item.failure))


def _word(visit: Visit, item: Batched) -> str:
    """Say how far an item is: the statuses and the batches of all groups have the same words for it."""
    stage = item.stage(visit.now)
    if isinstance(item, Work):
        item.told(visit.now)
    return "queued" if stage == "pending" else stage


def _error(failure: Failure | None) -> Mapping[str, str | None] | None:
    return {"code": failure.code, "message": failure.message} if failure else None


def _overall(counts: Mapping[str, int]) -> str:
    """Return ``processing`` while there is something to do, ``failed`` when nothing came of it."""
    if counts.get("queued") or counts.get("processing"):
        return "processing"
    return "completed" if counts.get("completed") else "failed"
