"""HeyGen Video: a scene with its sound, made of a prompt; ``heygen.models.videos``."""

from collections.abc import Iterator, Sequence
from typing import ClassVar, Literal

from attrs import field, frozen

from heygen_async.api.media import CLIP, PICTURE, SOUND, FileInput
from heygen_async.errors import Problem
from heygen_async.job import Job
from heygen_async.log import link_repr
from heygen_async.operation import GET, POST, Answer, JobKind, JobRequest, Report, Request
from heygen_async.resource import Resource, call
from heygen_async.rules import IDENTIFIER, Between, Count, Length, OneOf, Web, rule

__all__ = [
    "CreatedModelVideo",
    "GetModelVideo",
    "ImageToVideo",
    "ModelTimings",
    "ModelVideo",
    "ModelVideoRequest",
    "ModelVideos",
    "ReferenceToVideo",
    "TextToVideo",
]

Resolution = Literal["480p", "768p", "1080p", "2k"]
Enhancement = Literal["turbo", "quality", "default", "disabled"]
RESOLUTION = OneOf("480p", "768p", "1080p", "2k")
ENHANCEMENT = OneOf("turbo", "quality", "default", "disabled")
RATIOS = ("21:9", "16:9", "4:3", "1:1", "3:4", "9:16")
LARGE = ("1080p", "2k")
SHAPES_OF_LARGE = ("16:9", "9:16")
MOST_REFERENCES = 12


@frozen
class ModelTimings(Answer):
    """How long the work took."""

    inference: float = 0.0
    """Seconds."""


@frozen
class ModelVideo(Answer):
    """A scene that was made of a prompt, or is being made."""

    video_id: str
    status: str = ""
    """``pending``, ``processing``, ``completed``, ``failed`` or ``cancelled``; an open set."""

    model: str = ""
    video_url: str | None = field(default=None, repr=link_repr)
    """Signed address of the file. Each read signs a new one."""

    duration: int | None = None
    """Seconds."""

    width: int | None = None
    """Pixels."""

    height: int | None = None
    """Pixels."""

    aspect_ratio: str | None = None
    seed: int | None = None
    """What it was made with."""

    timings: ModelTimings | None = None
    failure_code: str | None = None
    """``generation_failed`` or ``generation_cancelled``; an open set."""

    failure_message: str | None = None
    created_at: int | None = None
    """Unix seconds."""


@frozen
class CreatedModelVideo(Answer):
    """The receipt for a scene."""

    video_id: str
    status: str = "pending"


@frozen
class GetModelVideo(Request[ModelVideo]):
    """One scene, with a freshly signed link once it is completed."""

    endpoint = GET("/v3/models/videos/{video_id}", since="2026-10")
    video_id: str = field(metadata=rule(IDENTIFIER))


def _report(video: ModelVideo) -> Report:
    return Report(video.status, video.failure_code, video.failure_message, video.video_url)


MODEL_VIDEO = JobKind("model video", get=GetModelVideo, report=_report)
"""How a scene is followed."""


@frozen(kw_only=True)
class _Creation(JobRequest[CreatedModelVideo, ModelVideo]):
    """What all three modes share."""

    endpoint = POST("/v3/models/videos", status=202, since="2026-10")
    kind = MODEL_VIDEO
    tag_name: ClassVar[str] = "mode"
    model: Literal["heygen-video-1"] = field(metadata=rule(OneOf("heygen-video-1")))
    prompt: str = field(metadata=rule(Length(1, 16_000)))
    """What happens and is heard, 1 to 16,000 characters."""

    duration: int | None = field(default=None, metadata=rule(Between(5, 15, whole=True)))
    """Seconds, 5 to 15; HeyGen's default is 5."""

    resolution: Resolution | None = field(default=None, metadata=rule(RESOLUTION))
    """HeyGen's default is ``768p``."""

    prompt_enhancement: Enhancement | None = field(default=None, metadata=rule(ENHANCEMENT))
    """Whether HeyGen rewrites the prompt first; its default is ``quality``."""

    seed: int | None = None
    """``None``: any."""

    callback_url: str | None = field(default=None, metadata=rule(Web()))
    """Where HeyGen calls when the scene is ready."""

    callback_id: str | None = None
    """Comes back in that call."""

    @staticmethod
    def job_id(receipt: CreatedModelVideo) -> str:
        """Find the scene's id."""
        return receipt.video_id


def _shape(resolution: str | None, aspect_ratio: str) -> Iterator[Problem]:
    """Check what the large resolutions ask of the shape."""
    if resolution in LARGE and aspect_ratio not in SHAPES_OF_LARGE:
        yield Problem("aspect_ratio", f"must be 16:9 or 9:16 with the resolution {resolution}")


@frozen(kw_only=True)
class TextToVideo(_Creation):
    """Make a scene of the prompt alone."""

    tag: ClassVar[str] = "text_to_video"
    aspect_ratio: Literal["21:9", "16:9", "4:3", "1:1", "3:4", "9:16"] | None = field(
        default=None, metadata=rule(OneOf(*RATIOS))
    )
    """HeyGen's default is ``16:9``, and 1080p and 2k come in that and ``9:16`` only."""

    def cross_check(self) -> Iterator[Problem]:
        """Check that the resolution comes in this shape."""
        yield from super().cross_check()
        yield from _shape(self.resolution, self.aspect_ratio or "16:9")


@frozen(kw_only=True)
class ImageToVideo(_Creation):
    """Make a scene that begins with a picture, and has its shape."""

    tag: ClassVar[str] = "image_to_video"
    image: FileInput = field(metadata=rule(PICTURE))
    """The first frame."""

    aspect_ratio: Literal["21:9", "16:9", "4:3", "1:1", "3:4", "9:16", "adaptive"] | None = field(
        default=None, metadata=rule(OneOf(*RATIOS, "adaptive"))
    )
    """HeyGen ignores it: the picture decides."""


@frozen(kw_only=True)
class ReferenceToVideo(_Creation):
    """Make a scene with what is seen and heard in up to twelve references."""

    tag: ClassVar[str] = "reference_to_video"
    aspect_ratio: Literal["21:9", "16:9", "4:3", "1:1", "3:4", "9:16", "adaptive"] | None = field(
        default=None, metadata=rule(OneOf(*RATIOS, "adaptive"))
    )
    """HeyGen's default is ``adaptive``; 1080p and 2k come in ``16:9`` and ``9:16`` only."""

    reference_images: Sequence[FileInput] | None = field(default=None, metadata=rule(Count(0, 9, PICTURE)))
    reference_videos: Sequence[FileInput] | None = field(default=None, metadata=rule(Count(0, 3, CLIP)))
    """Between 1:4 and 4:1 in shape."""

    reference_audio: Sequence[FileInput] | None = field(default=None, metadata=rule(Count(0, 3, SOUND)))

    def cross_check(self) -> Iterator[Problem]:
        """Check that the resolution comes in this shape, and how many references there are in all."""
        yield from super().cross_check()
        yield from _shape(self.resolution, self.aspect_ratio or "adaptive")
        given = (self.reference_images, self.reference_videos, self.reference_audio)
        count = sum(len(some) for some in given if some is not None)
        if count > MOST_REFERENCES:
            yield Problem("reference_images", f"{count} references are too many; {MOST_REFERENCES} are allowed in all")


ModelVideoRequest = TextToVideo | ImageToVideo | ReferenceToVideo
"""Whatever a scene can be made of."""


class ModelVideos(Resource):
    """``heygen.models.videos``: scenes from a prompt. For a person who speaks a script, see `Videos`."""

    get = call(GetModelVideo)

    async def create(self, request: ModelVideoRequest, *, idempotency_key: str | None = None) -> Job[ModelVideo]:
        """Have a scene made, and return the job as soon as HeyGen has accepted it.

        `request`: `TextToVideo`, `ImageToVideo` or `ReferenceToVideo`; ``help()`` of each lists its
        fields with their units and bounds. A `LocalFile` in it is uploaded before. Waits for a render
        slot and holds it. `idempotency_key`: 1 to 255 characters of ``A-Z a-z 0-9 _ - : .``; ``None``
        makes one. Raises as `Videos.create` does, and its job as those do.
        """
        return await self._wire.submit(request, idempotency_key=idempotency_key)

    def job(self, video_id: str) -> Job[ModelVideo]:
        """Pick up a scene by its id, in this process or another. Asks nobody before it is awaited.

        Raises `RequestInvalid` for what cannot be an id.
        """
        return self._wire.job(MODEL_VIDEO, video_id)
