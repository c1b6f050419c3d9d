"""Make, read, list and delete videos, and ask for their statuses by the hundred."""

from heygen_async.api.batches import BulkStatus
from heygen_async.api.bodies import video_from_wire
from heygen_async.api.deletions import ConfirmedDeletion
from heygen_async.api.videos import (
    CreatedVideo,
    DeleteVideo,
    GetVideo,
    GetVideoStatuses,
    ListVideos,
    Video,
    VideoRequest,
)
from heygen_async.emulator import series, views
from heygen_async.emulator.account import Production
from heygen_async.emulator.clerk import Clerk
from heygen_async.emulator.paging import page_of, place_of
from heygen_async.emulator.service import Visit
from heygen_async.operation import Page

__all__ = ["videos"]

videos = Clerk()


@videos.answers(VideoRequest, read=video_from_wire)
async def create(visit: Visit, request: VideoRequest) -> CreatedVideo:
    """Begin a video."""
    production = visit.undertake(await visit.service.order(request))
    return CreatedVideo(production.id, output_format=production.container)


@videos.answers(GetVideo)
async def read(visit: Visit, request: GetVideo) -> Video:
    """Show a video."""
    production = visit.account.video(request.video_id)
    shown = views.video(visit, production)
    production.looked_at(visit.now)
    return shown


@videos.answers(DeleteVideo)
async def delete(visit: Visit, request: DeleteVideo) -> ConfirmedDeletion:
    """Delete a video."""
    production = visit.account.video(request.video_id)
    visit.account.drop(production, visit.now)
    return ConfirmedDeletion(production.id)


@videos.answers(ListVideos)
async def listed(visit: Visit, request: ListVideos) -> Page[Video]:
    """Show the account's videos, the newest first."""
    found = (
        one
        for one in visit.account.videos.newest()
        if (request.title is None or request.title in one.title)
        and (request.folder_id is None or request.folder_id == one.folder_id)
    )
    page = page_of(found, request.limit or 10, request.token, place_of)
    return Page([views.video(visit, one) for one in page.items], page.has_more, page.next_token)


@videos.answers(GetVideoStatuses)
async def statuses(visit: Visit, request: GetVideoStatuses) -> Page[BulkStatus]:
    """Show the statuses of videos, and of all videos of batches."""
    return series.statuses(visit, Production, request.video_ids, request.batch_ids)
