"""Make, read, list and delete videos, and ask for their statuses by the hundred."""

from collections.abc import Iterator

from heygen_async.api.batches import BulkStatus
from heygen_async.api.bodies import video_from_wire
from heygen_async.api.videos import (
    CreatedVideo,
    DeletedVideo,
    DeleteVideo,
    GetVideo,
    GetVideoStatuses,
    ListVideos,
    Video,
    VideoRequest,
)
from heygen_async.emulator import views
from heygen_async.emulator.clerk import Clerk
from heygen_async.emulator.paging import page_of, place_of
from heygen_async.emulator.service import Visit
from heygen_async.operation import Page

__all__ = ["videos"]

videos = Clerk()


@videos.answers(VideoRequest, read=video_from_wire)
async def create(visit: Visit, request: VideoRequest) -> CreatedVideo:
    """Begin a video."""
    production = await visit.service.create(request)
    return CreatedVideo(production.id, output_format=production.container)


@videos.answers(GetVideo)
async def read(visit: Visit, request: GetVideo) -> Video:
    """Show a video."""
    production = visit.account.video(request.video_id)
    shown = views.video(visit, production)
    if shown.status == "completed" and production.linkless:
        production.linkless -= 1
    return shown


@videos.answers(DeleteVideo)
async def delete(visit: Visit, request: DeleteVideo) -> DeletedVideo:
    """Delete a video."""
    production = visit.account.video(request.video_id)
    visit.account.drop_video(production, visit.now)
    return DeletedVideo(production.id)


@videos.answers(ListVideos)
async def listed(visit: Visit, request: ListVideos) -> Page[Video]:
    """Show the account's videos, the newest first."""
    found = (
        one
        for one in reversed(visit.account.videos.values())
        if (request.title is None or request.title in (one.request.title or one.id))
        and (request.folder_id is None or request.folder_id == one.folder_id)
    )
    page = page_of(found, request.limit or 10, request.token, place_of)
    return Page([views.video(visit, one) for one in page.items], page.has_more, page.next_token)


@videos.answers(GetVideoStatuses)
async def statuses(visit: Visit, request: GetVideoStatuses) -> Page[BulkStatus]:
    """Show the statuses of videos, and of all videos of batches."""
    found = [_status(visit, video_id) for video_id in request.video_ids or ()]
    for batch_id in request.batch_ids or ():
        found.extend(_of_batch(visit, batch_id))
    return Page(found)


def _status(visit: Visit, video_id: str) -> BulkStatus:
    production = visit.account.videos.get(video_id)
    if production is None:
        return BulkStatus("not_found", video_id)
    return views.bulk_status(visit, production)


def _of_batch(visit: Visit, batch_id: str) -> Iterator[BulkStatus]:
    series = visit.account.batches.get(batch_id)
    if series is None:
        yield BulkStatus("not_found", batch_id=batch_id)
        return
    for index, item in enumerate(series.items):
        shown = views.batch_item(visit, index, item)
        yield BulkStatus(shown.status, shown.video_id, batch_id, index, shown.error)
