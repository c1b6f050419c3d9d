"""Legacy videos: made as those of v3 are, so what v3 cannot say is not in the picture; a note in the log says so."""

from collections.abc import Mapping
from typing import Any, cast

from heygen_async.api.videos import VideoRequest
from heygen_async.emulator import views
from heygen_async.emulator.clerk import Clerk
from heygen_async.emulator.service import Visit
from heygen_async.legacy.migration import to_v3
from heygen_async.legacy.videos import (
    GenerateAv4Video,
    GeneratedVideo,
    GenerateVideo,
    GetVideoStatus,
    VideoFault,
    VideoStatus,
)
from heygen_async.wire import read_strictly

__all__ = ["videos"]

videos = Clerk()

_FAILED = "40119"
"""The number of a failure that has none."""


def _read_av4(payload: Mapping[str, Any]) -> GenerateAv4Video:
    """Read a body, in which the photo may have the name of HeyGen's older pages."""
    body = dict(payload)
    if "photo_s3_key" in body:
        body.setdefault("image_key", body.pop("photo_s3_key"))
    request: GenerateAv4Video = read_strictly(body, GenerateAv4Video)
    return request


@videos.answers(GenerateVideo)
async def generate(visit: Visit, request: GenerateVideo) -> GeneratedVideo:
    """Begin a video of scenes."""
    return await _begun(visit, request)


@videos.answers(GenerateAv4Video, read=_read_av4)
async def generate_av4(visit: Visit, request: GenerateAv4Video) -> GeneratedVideo:
    """Begin a video of a photo."""
    return await _begun(visit, request)


@videos.answers(GetVideoStatus)
async def status(visit: Visit, request: GetVideoStatus) -> VideoStatus:
    """Show a video, whichever version it was asked for in."""
    production = visit.account.video(request.video_id)
    video = views.video(visit, production)
    production.looked_at(visit.now)
    failure = production.failure
    return VideoStatus(
        id=video.id,
        status=video.status,
        video_url=video.video_url,
        video_url_caption=video.captioned_video_url,
        caption_url=video.subtitle_url,
        gif_url=video.gif_url,
        thumbnail_url=video.thumbnail_url,
        duration=video.duration,
        callback_id=getattr(production.request, "callback_id", None),
        created_at=video.created_at,
        error=VideoFault(failure.code or _FAILED, failure.message, failure.message) if failure else None,
    )


async def _begun(visit: Visit, request: GenerateVideo | GenerateAv4Video) -> GeneratedVideo:
    migration = to_v3(request)
    for remark in migration.lost:
        visit.service.log.note(f"{visit.path}: {remark}")
    production = visit.undertake(await visit.service.order(cast(VideoRequest, migration.request)))
    return GeneratedVideo(production.id)
