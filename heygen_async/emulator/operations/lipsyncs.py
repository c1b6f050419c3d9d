"""Give videos another sound."""

from functools import partial

from attrs import define

from heygen_async.api.batches import Batch, BulkStatus, CreatedBatch
from heygen_async.api.deletions import Deleted
from heygen_async.api.lipsyncs import (
    CreatedLipsync,
    CreateLipsync,
    CreateLipsyncBatch,
    DeleteLipsync,
    GetLipsync,
    GetLipsyncBatch,
    GetLipsyncStatuses,
    Lipsync,
    ListLipsyncs,
    UpdateLipsync,
)
from heygen_async.emulator import media, series
from heygen_async.emulator.cabinet import filed
from heygen_async.emulator.clerk import Clerk
from heygen_async.emulator.dubbing import FILES, follows_voice, part_of, price, sound_of
from heygen_async.emulator.footage import treating
from heygen_async.emulator.paging import page_of, place_of
from heygen_async.emulator.service import Visit
from heygen_async.emulator.sources import path_of
from heygen_async.emulator.wallet import DUBBING
from heygen_async.emulator.works import Order, Words, Work
from heygen_async.operation import Page

__all__ = ["LipsyncWork", "lipsyncs"]

lipsyncs = Clerk()


@define(eq=False, kw_only=True)
class LipsyncWork(Work[CreateLipsync]):
    """A video with another sound."""

    noun = "lipsync"
    missing = "resource_not_found"
    words = Words(processing="running")

    title: str | None


@lipsyncs.answers(CreateLipsync)
async def create(visit: Visit, request: CreateLipsync) -> CreatedLipsync:
    """Begin a lipsync."""
    return CreatedLipsync(visit.undertake(await order(visit, request)).id)


async def order(visit: Visit, request: CreateLipsync) -> Order[LipsyncWork]:
    """Look up all that a lipsync needs. Raises `Refusal`."""
    request = filed(visit.account, request)
    part = await part_of(visit, request)
    sound, seconds = await sound_of(visit, request, request.audio, part)
    treatment = media.Lipsync(
        source=path_of(part.video),
        start=part.start,
        end=part.end,
        sound=sound,
        dynamic=follows_voice(request),
        captions=True,
    )
    return Order(
        LipsyncWork,
        request,
        cost=price(DUBBING[request.mode or "speed"], seconds),
        making=treating(treatment, seconds, **FILES),
        fields={"title": request.title},
    )


@lipsyncs.answers(GetLipsync)
async def read(visit: Visit, request: GetLipsync) -> Lipsync:
    """Show a lipsync."""
    work = visit.account.shelf(LipsyncWork).find(request.lipsync_id)
    shown = _shown(visit, work)
    work.looked_at(visit.now)
    return shown


@lipsyncs.answers(UpdateLipsync)
async def update(visit: Visit, request: UpdateLipsync) -> Lipsync:
    """Rename a lipsync."""
    work = visit.account.shelf(LipsyncWork).find(request.lipsync_id)
    work.title = request.title
    return _shown(visit, work)


@lipsyncs.answers(DeleteLipsync)
async def delete(visit: Visit, request: DeleteLipsync) -> Deleted:
    """Delete a lipsync."""
    work = visit.account.shelf(LipsyncWork).find(request.lipsync_id)
    visit.account.drop(work, visit.now)
    return Deleted(work.id)


@lipsyncs.answers(ListLipsyncs)
async def listed(visit: Visit, request: ListLipsyncs) -> Page[Lipsync]:
    """Show lipsyncs, the newest first."""
    page = page_of(visit.account.shelf(LipsyncWork).newest(), request.limit or 10, request.token, place_of)
    return Page([_shown(visit, work) for work in page.items], page.has_more, page.next_token)


@lipsyncs.answers(GetLipsyncStatuses)
async def statuses(visit: Visit, request: GetLipsyncStatuses) -> Page[BulkStatus]:
    """Show the statuses of lipsyncs, and of all items of batches."""
    return series.statuses(visit, LipsyncWork, request.lipsync_ids, request.batch_ids)


@lipsyncs.answers(CreateLipsyncBatch)
async def create_batch(visit: Visit, request: CreateLipsyncBatch) -> CreatedBatch:
    """Begin many."""
    begun = await series.begin(
        visit,
        LipsyncWork,
        request.lipsyncs,
        partial(order, visit),
        title=request.title,
        callback_url=request.callback_url,
    )
    return series.created(begun)


@lipsyncs.answers(GetLipsyncBatch)
async def read_batch(visit: Visit, request: GetLipsyncBatch) -> Batch:
    """Show a batch."""
    return series.shown(visit, LipsyncWork, request.batch_id, request.limit, request.token)


def _shown(visit: Visit, work: LipsyncWork) -> Lipsync:
    return Lipsync(
        id=work.id,
        status=work.status(visit.now),
        title=work.title,
        duration=work.duration(visit.now),
        video_url=visit.file(work, "video"),
        caption_url=visit.file(work, "subtitles"),
        callback_id=work.request.callback_id,
        created_at=work.created_at,
        failure_message=work.failure.message if work.failure else None,
    )
