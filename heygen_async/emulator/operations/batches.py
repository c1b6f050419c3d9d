"""Up to 100 videos in one request, which wait for their slots."""

from collections import Counter
from collections.abc import Mapping

from heygen_async.api.batches import Batch, CreatedBatch
from heygen_async.api.videos import CreateVideoBatch, GetVideoBatch, VideoRequest
from heygen_async.emulator import views
from heygen_async.emulator.account import Series, fresh_id
from heygen_async.emulator.clerk import Clerk
from heygen_async.emulator.paging import page_of
from heygen_async.emulator.refusals import Refusal
from heygen_async.emulator.screenplay import Screenplay
from heygen_async.emulator.service import Visit

__all__ = ["batches"]

batches = Clerk()


@batches.answers(CreateVideoBatch)
async def create(visit: Visit, request: CreateVideoBatch) -> CreatedBatch:
    """Begin the videos. One that cannot be made fails alone; a wallet that cannot pay for all refuses all."""
    plays = [await _cast(visit, video) for video in request.videos]
    visit.account.wallet.check(sum(play.price for play in plays if isinstance(play, Screenplay)))
    series = Series(id=fresh_id(), title=request.title, created_at=visit.unix)
    for index, (video, play) in enumerate(zip(request.videos, plays, strict=True)):
        if isinstance(play, Screenplay):
            production = visit.service.take_on(video, play, "/v3/videos/batches")
            production.series, production.item_index, production.folder_id = series, index, request.folder_id
            series.items.append(production)
        else:
            series.items.append(play)
    visit.account.batches[series.id] = series
    return CreatedBatch(series.id)


@batches.answers(GetVideoBatch)
async def read(visit: Visit, request: GetVideoBatch) -> Batch:
    """Show a batch, with one page of its items."""
    series = visit.account.batch(request.batch_id)
    items = [views.batch_item(visit, index, item) for index, item in enumerate(series.items)]
    counts = Counter(item.status for item in items)
    page = page_of(items, request.limit or 100, request.token, lambda item: -(item.item_index or 0))
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


async def _cast(visit: Visit, video: VideoRequest) -> Screenplay | Refusal:
    try:
        return await visit.service.casting.cast(video)
    except Refusal as refusal:
        return refusal


def _overall(counts: Mapping[str, int]) -> str:
    """Return ``processing`` while there is something to do, ``failed`` when nothing came of it."""
    if counts.get("queued") or counts.get("processing"):
        return "processing"
    return "completed" if counts.get("completed") else "failed"
