"""Up to 100 videos in one request, which wait for their slots."""

from heygen_async.api.batches import Batch, CreatedBatch
from heygen_async.api.videos import CreateVideoBatch, GetVideoBatch
from heygen_async.emulator import series
from heygen_async.emulator.account import Production
from heygen_async.emulator.clerk import Clerk
from heygen_async.emulator.service import Visit

__all__ = ["batches"]

batches = Clerk()


@batches.answers(CreateVideoBatch)
async def create(visit: Visit, request: CreateVideoBatch) -> CreatedBatch:
    """Begin the videos."""
    begun = await series.begin(
        visit,
        Production,
        request.videos,
        visit.service.order,
        title=request.title,
        folder_id=request.folder_id,
        callback_url=request.callback_url,
    )
    return series.created(begun)


@batches.answers(GetVideoBatch)
async def read(visit: Visit, request: GetVideoBatch) -> Batch:
    """Show a batch, with one page of its items."""
    return series.shown(visit, Production, request.batch_id, request.limit, request.token)
