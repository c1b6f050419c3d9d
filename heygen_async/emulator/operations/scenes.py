"""Show videos scene by scene."""

from heygen_async.api.compositions import CaptionSetting, GetVideoScenes, VideoScenes, VideoSettings
from heygen_async.emulator.clerk import Clerk
from heygen_async.emulator.compositions import scenes_of
from heygen_async.emulator.refusals import Refusal
from heygen_async.emulator.service import Visit

__all__ = ["scenes"]

scenes = Clerk()


@scenes.answers(GetVideoScenes)
async def read(visit: Visit, request: GetVideoScenes) -> VideoScenes:
    """Show what a video is composed of. While it waits, HeyGen is still preparing that."""
    video = visit.account.video(request.video_id)
    if video.stage(visit.now) == "pending":
        raise Refusal(409, "resource_not_ready", f"The scenes of video {video.id} are being prepared. Retry shortly.")
    asked = video.request
    return VideoScenes(
        video_id=video.id,
        edit_version="1",  # nobody edits a video here
        video=VideoSettings(
            title=video.title,
            resolution=getattr(asked, "resolution", None),
            aspect_ratio=getattr(asked, "aspect_ratio", None),
            caption=CaptionSetting(getattr(asked, "caption", None) is not None),
            brand_glossary_id=getattr(asked, "brand_glossary_id", None),
        ),
        scenes=scenes_of(visit, video.id, asked),
    )
