"""Videos: the four kinds that can be asked for, what HeyGen says of them, and `heygen.videos`.

Fields, bounds and rules are those of https://developers.heygen.com/reference/create-video.
"""

from collections.abc import Iterator, Sequence
from typing import ClassVar, Literal

from attrs import field, frozen

from heygen_async.api.batches import (
    Batches,
    CreatedBatch,
    GetBatch,
    GetStatuses,
    batch,
    item_kind,
    item_names,
    misplaced,
)
from heygen_async.api.compositions import GetVideoScenes
from heygen_async.api.deletions import ConfirmedDeletion
from heygen_async.api.engines import Engine, engine_problems
from heygen_async.api.media import PICTURE, VISUAL, FileInput
from heygen_async.api.scenes import Background, Scene
from heygen_async.api.speech import EXPRESSIVENESS, Expressiveness, Spoken
from heygen_async.errors import Problem
from heygen_async.job import Job
from heygen_async.log import link_repr
from heygen_async.operation import (
    DELETE,
    GET,
    POST,
    Answer,
    Body,
    JobKind,
    JobRequest,
    Keyed,
    PageRequest,
    Report,
    Request,
    unread,
)
from heygen_async.resource import Resource, call, pages
from heygen_async.rules import IDENTIFIER, Between, Count, Length, OneOf, Web, rule

__all__ = [
    "AvatarVideo",
    "Caption",
    "CinematicVideo",
    "CreateVideoBatch",
    "CreatedVideo",
    "DeleteVideo",
    "GetVideo",
    "GetVideoBatch",
    "GetVideoStatuses",
    "ImageVideo",
    "ListVideos",
    "StudioVideo",
    "Video",
    "VideoBatches",
    "VideoJob",
    "VideoRequest",
    "Videos",
    "Watermark",
    "WatermarkPlacement",
]

Resolution = Literal["4k", "1080p", "720p"]
AspectRatio = Literal["16:9", "9:16", "4:5", "5:4", "1:1", "auto"]
RESOLUTION = OneOf("4k", "1080p", "720p")
ASPECT_RATIO = OneOf("16:9", "9:16", "4:5", "5:4", "1:1", "auto")


@frozen
class Video(Answer):
    """A video as HeyGen reports it. Every field but the id may be missing."""

    id: str
    """32 hexadecimal characters."""

    status: str = ""
    """``pending``, ``processing``, ``completed`` or ``failed``; an open set."""

    title: str | None = None
    """The id, when none was given."""

    video_url: str | None = field(default=None, repr=link_repr)
    """Signed address of the file. Each read signs a new one, which works for about seven days."""

    thumbnail_url: str | None = field(default=None, repr=link_repr)
    gif_url: str | None = field(default=None, repr=link_repr)
    captioned_video_url: str | None = field(default=None, repr=link_repr)
    """A copy with burned-in captions, when `Caption.style` was given."""

    subtitle_url: str | None = field(default=None, repr=link_repr)
    """The SRT file, when captions were asked for."""

    duration: float | None = None
    """Seconds."""

    created_at: int | None = None
    """Unix seconds."""

    completed_at: int | None = None
    """Unix seconds."""

    folder_id: str | None = None
    output_language: str | None = None
    failure_code: str | None = None
    """Why it failed; often an old name in capitals, and sometimes missing."""

    failure_message: str | None = None
    video_page_url: str | None = None
    """Where it shows in HeyGen's web application."""


VideoJob = Job[Video]
"""A video that is being made; `await` it for the `Video`."""


@frozen
class CreatedVideo(Answer):
    """The receipt for a video."""

    video_id: str
    status: str = "waiting"
    output_format: str = "mp4"


@frozen
class GetVideo(Request[Video]):
    """One video, with a freshly signed link once it is completed."""

    endpoint = GET("/v3/videos/{video_id}")
    video_id: str = field(metadata=rule(IDENTIFIER))


@frozen
class DeleteVideo(Request[ConfirmedDeletion]):
    """Delete a video. The second time answers 404."""

    endpoint = DELETE("/v3/videos/{video_id}")
    video_id: str = field(metadata=rule(IDENTIFIER))


@frozen(kw_only=True)
class ListVideos(PageRequest[Video]):
    """The account's videos, newest first."""

    endpoint = GET("/v3/videos")
    title: str | None = None
    """Only those whose title contains this."""

    folder_id: str | None = None
    """Only those in this folder."""

    limit: int | None = field(default=None, metadata=rule(Between(1, 100, whole=True)))
    """How many per page, 1 to 100; HeyGen's default is 10."""

    token: str | None = None
    """Where to go on; the client fills it."""


@frozen(kw_only=True)
class GetVideoStatuses(GetStatuses):
    """The statuses of up to 100 videos or batches in one answer."""

    endpoint = GET("/v3/videos/statuses")
    video_ids: Sequence[str] | None = field(default=None, metadata=rule(Count(1, 100)))


def _report(video: Video) -> Report:
    return Report(video.status, video.failure_code, video.failure_message, video.video_url, video.subtitle_url)


_statuses, _listing = unread(GetVideoStatuses), unread(ListVideos)

VIDEO = JobKind(
    "video",
    get=GetVideo,
    report=_report,
    statuses=lambda ids: _statuses(video_ids=ids),
    listing=lambda limit: _listing(limit=limit),
)
"""How a video is followed."""


@frozen(kw_only=True)
class Caption(Body):
    """Ask for captions: an SRT file, and a burned-in copy when `style` is given."""

    file_format: Literal["srt"] = field(default="srt", metadata=rule(OneOf("srt")))
    style: Literal["default"] | None = field(default=None, metadata=rule(OneOf("default")))
    """``default`` burns captions into a copy; ``None``: there is only the file."""


@frozen(kw_only=True)
class WatermarkPlacement(Body):
    """Where a watermark lies."""

    position: Literal["top_left", "top_right", "bottom_left", "bottom_right"] | None = field(
        default=None, metadata=rule(OneOf("top_left", "top_right", "bottom_left", "bottom_right"))
    )
    offset_x: float | None = None
    offset_y: float | None = None


@frozen(kw_only=True)
class Watermark(Body):
    """A picture over the video; enterprise accounts only."""

    image: FileInput = field(metadata=rule(PICTURE))
    opacity: float | None = field(default=None, metadata=rule(Between(0, 1)))
    scale: float | None = None
    """1, HeyGen's default, leaves the picture its size."""

    placement: WatermarkPlacement | None = None


@frozen(kw_only=True)
class _Creation(JobRequest[CreatedVideo, Video]):
    """What all four kinds share."""

    endpoint = POST("/v3/videos")
    kind = VIDEO

    @staticmethod
    def job_id(receipt: CreatedVideo) -> str:
        """Find the video's id."""
        return receipt.video_id


@frozen(kw_only=True)
class _Talking(Spoken, _Creation):
    """What a video of an avatar and one of a picture share."""

    title: str | None = field(default=None, metadata=rule(Length(0, 1000)))
    """Shown in HeyGen's application, and the name of the downloaded file."""

    resolution: Resolution | None = field(default=None, metadata=rule(RESOLUTION))
    aspect_ratio: AspectRatio | None = field(default=None, metadata=rule(ASPECT_RATIO))
    """HeyGen's default is ``16:9``."""

    output_format: Literal["mp4", "webm"] | None = field(default=None, metadata=rule(OneOf("mp4", "webm")))
    """``webm`` is transparent: it takes no background, and needs an avatar that can be cut out."""

    fit: Literal["contain", "cover"] | None = field(default=None, metadata=rule(OneOf("contain", "cover")))
    """Whether the picture is seen whole, or fills the frame and is cut."""

    background: Background | None = None
    """What is behind; ``None``: what the avatar or the picture has."""

    remove_background: bool | None = None
    """Whether the own background goes."""

    motion_prompt: str | None = field(default=None, metadata=rule(Length(1, 10_000)))
    """How the body moves, in words. Photo avatars only."""

    expressiveness: Expressiveness | None = field(default=None, metadata=rule(EXPRESSIVENESS))
    """Photo avatars on Avatar IV only."""

    caption: Caption | None = None
    watermark: Watermark | None = None
    brand_glossary_id: str | None = field(default=None, metadata=rule(IDENTIFIER))
    """How words are spoken; from `BrandGlossaries.list`."""

    folder_id: str | None = None
    """Where it goes; ``None``: to the root."""

    callback_url: str | None = field(default=None, metadata=rule(Web()))
    """Where HeyGen calls when the video is ready."""

    callback_id: str | None = None
    """Comes back in that call."""

    def cross_check(self) -> Iterator[Problem]:
        """Check that there is one source of sound, and that a transparent video has no background."""
        yield from super().cross_check()
        if self.output_format == "webm" and self.background is not None:
            yield Problem("background", "cannot be set with output_format webm, which is transparent")


@frozen(kw_only=True)
class AvatarVideo(_Talking):
    """A video in which an avatar speaks."""

    tag: ClassVar[str] = "avatar"
    needs_voice: ClassVar[bool] = False
    avatar_id: str = field(metadata=rule(IDENTIFIER))
    """A look's id, from `Looks.list`; not a group's. Without `voice_id` its default voice speaks."""

    engine: Engine | None = None
    """HeyGen's default is `AvatarIV`."""

    def cross_check(self) -> Iterator[Problem]:
        """Check that there is one source of sound, no background in a transparent video, an engine that can do it."""
        yield from super().cross_check()
        yield from engine_problems(self.engine, self.motion_prompt, self.expressiveness)


@frozen(kw_only=True)
class ImageVideo(_Talking):
    """A video in which the person of a picture speaks; no avatar is made of it."""

    tag: ClassVar[str] = "image"
    image: FileInput = field(metadata=rule(PICTURE))
    """A portrait, PNG or JPEG."""


@frozen(kw_only=True)
class CinematicVideo(_Creation):
    """A short film of one to three avatars after a prompt. $7 each, says the price list."""

    tag: ClassVar[str] = "cinematic_avatar"
    avatar_id: Sequence[str] = field(metadata=rule(Count(1, 3)))
    """One to three looks."""

    prompt: str = field(metadata=rule(Length(1, 10_000)))
    """What happens, 1 to 10,000 characters."""

    duration: int | None = field(default=None, metadata=rule(Between(4, 15, whole=True)))
    """Seconds, 4 to 15; HeyGen's default is 10."""

    auto_duration: bool | None = None
    """Whether HeyGen chooses the seconds after the prompt."""

    enhance_prompt: bool | None = None
    """Whether HeyGen works out the prompt first."""

    references: Sequence[FileInput] | None = field(default=None, metadata=rule(Count(0, 12, VISUAL)))
    """Up to three clips and nine pictures."""

    resolution: Literal["720p", "1080p"] | None = field(default=None, metadata=rule(OneOf("720p", "1080p")))
    aspect_ratio: Literal["16:9", "9:16", "1:1"] | None = field(
        default=None, metadata=rule(OneOf("16:9", "9:16", "1:1"))
    )
    title: str | None = field(default=None, metadata=rule(Length(0, 1000)))
    folder_id: str | None = None


@frozen(kw_only=True)
class StudioVideo(_Creation):
    """A video of one to fifty scenes."""

    tag: ClassVar[str] = "studio"
    scenes: Sequence[Scene] = field(metadata=rule(Count(1, 50)))
    """In their order."""

    resolution: Resolution | None = field(default=None, metadata=rule(RESOLUTION))
    aspect_ratio: AspectRatio | None = field(default=None, metadata=rule(ASPECT_RATIO))
    caption: Caption | None = None
    watermark: Watermark | None = None
    brand_glossary_id: str | None = field(default=None, metadata=rule(IDENTIFIER))
    title: str | None = field(default=None, metadata=rule(Length(0, 1000)))
    folder_id: str | None = None
    callback_url: str | None = field(default=None, metadata=rule(Web()))
    callback_id: str | None = None


VideoRequest = AvatarVideo | ImageVideo | CinematicVideo | StudioVideo
"""Whatever a video can be asked for with."""


VIDEO_ITEM = item_kind(VIDEO, lambda batch_ids: _statuses(batch_ids=batch_ids))
"""How an item of a batch is followed until it is a video."""


@frozen(kw_only=True)
class CreateVideoBatch(Keyed, JobRequest[CreatedBatch, Video]):
    """Up to 100 videos in one request. HeyGen queues them; the batch has one `folder_id` for all."""

    endpoint = POST("/v3/videos/batches", status=202)
    kind = VIDEO_ITEM
    videos: Sequence[VideoRequest] = field(metadata=rule(Count(1, 100)))
    title: str | None = field(default=None, metadata=rule(Length(0, 1000)))
    folder_id: str | None = None
    """Where all of them go; ``None``: to the root."""

    callback_url: str | None = field(default=None, metadata=rule(Web()))
    """Where HeyGen calls once, when all of them have ended."""

    def job_ids(self, receipt: CreatedBatch) -> Sequence[str]:
        """Name the items: they get their ids later."""
        return item_names(receipt.batch_id, len(self.videos))

    def cross_check(self) -> Iterator[Problem]:
        """Check that no video names a folder of its own."""
        yield from misplaced(self.videos, "folder_id", "videos")


@frozen
class GetVideoBatch(GetBatch):
    """A batch with one page of its items."""

    endpoint = GET("/v3/videos/batches/{batch_id}")


class VideoBatches(Batches[Video]):
    """``heygen.videos.batches``: up to 100 videos per request."""

    kind = VIDEO_ITEM
    create = batch(CreateVideoBatch)
    get = call(GetVideoBatch)


class Videos(Resource):
    """``heygen.videos``: make, read, list and delete videos."""

    get = call(GetVideo)
    delete = call(DeleteVideo)
    statuses = call(GetVideoStatuses)
    scenes = call(GetVideoScenes)
    list = pages(ListVideos)

    @property
    def batches(self) -> VideoBatches:
        """Up to 100 videos per request."""
        return VideoBatches(self._wire)

    async def create(self, request: VideoRequest, *, idempotency_key: str | None = None) -> VideoJob:
        """Ask for a video, and return the job as soon as HeyGen has accepted it.

        `request`: an `AvatarVideo`, `ImageVideo`, `CinematicVideo` or `StudioVideo`; ``help()`` of each
        lists its fields with their units and bounds. A `LocalFile` in it is uploaded before, once per
        client. Waits for a render slot first (`Limits.renders`), and holds it until the render's end.

        `idempotency_key`: 1 to 255 characters of ``A-Z a-z 0-9 _ - : .``; ``None`` makes one. The same
        key within 24 hours gets the same video again, and is billed once: keep it, if you may have to
        repeat the call in another process. Raises `RequestInvalid` before anything is sent;
        `UploadFailed`; `APIError`, such as `OutOfCredit`; `ConnectionFailed`; `AnswerUnreadable`.
        Awaiting the job raises `JobFailed`, `JobGone`, `JobTimeout`.
        """
        return await self._wire.submit(request, idempotency_key=idempotency_key)

    def job(self, video_id: str) -> VideoJob:
        """Pick up a video by its id, in this process or another. Asks nobody before it is awaited.

        Raises `RequestInvalid` for what cannot be an id.
        """
        return self._wire.job(VIDEO, video_id)
