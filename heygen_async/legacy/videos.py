"""Videos of v2: scenes of a character, a voice and a background, and the talking photos of Avatar IV.

HeyGen's pages contradict each other on some bounds; these are the newest ones, of its studio page.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, ClassVar, Literal

from attrs import field, frozen

from heygen_async.errors import Problem
from heygen_async.legacy.endpoints import GET, POST
from heygen_async.log import link_repr
from heygen_async.operation import Answer, Body, JobKind, JobRequest, Report, Request
from heygen_async.rules import IDENTIFIER, Between, Count, Length, OneOf, Web, rule

__all__ = [
    "AudioVoice",
    "AvatarCharacter",
    "ColorBackground",
    "Dimension",
    "ElevenLabsSettings",
    "GenerateAv4Video",
    "GenerateVideo",
    "GeneratedVideo",
    "GetVideoStatus",
    "ImageBackground",
    "Offset",
    "SilenceVoice",
    "TalkingPhotoCharacter",
    "TextVoice",
    "VideoBackground",
    "VideoFault",
    "VideoInput",
    "VideoStatus",
]

_SIDE = Between(128, 4096, whole=True)


@frozen
class VideoFault(Answer):
    """Why a video failed."""

    code: str | None = None
    """A number, such as ``40119``."""

    detail: str | None = None
    message: str | None = None


@frozen
class VideoStatus(Answer):
    """A video as v1 reports it."""

    id: str
    status: str = ""
    """``waiting``, ``pending``, ``processing``, ``completed`` or ``failed``; an open set."""

    video_url: str | None = field(default=None, repr=link_repr)
    """Signed address of the file, for seven days; each look at the status signs a new one."""

    video_url_caption: str | None = field(default=None, repr=link_repr)
    """A copy with burned-in captions."""

    caption_url: str | None = field(default=None, repr=link_repr)
    """The subtitle file."""

    gif_url: str | None = field(default=None, repr=link_repr)
    thumbnail_url: str | None = field(default=None, repr=link_repr)
    duration: float | None = None
    """Seconds."""

    callback_id: str | None = None
    created_at: int | None = None
    """Unix seconds."""

    error: VideoFault | None = None


@frozen
class GeneratedVideo(Answer):
    """The receipt for a video."""

    video_id: str


@frozen
class GetVideoStatus(Request[VideoStatus]):
    """How far a video is, with a freshly signed link once it is completed."""

    endpoint = GET("/v1/video_status.get", deprecated="GET /v3/videos/{video_id}")
    video_id: str = field(metadata=rule(IDENTIFIER))


def _report(video: VideoStatus) -> Report:
    fault = video.error or VideoFault()
    return Report(video.status, fault.code, fault.detail or fault.message, video.video_url, video.caption_url)


LEGACY_VIDEO = JobKind("legacy video", get=GetVideoStatus, report=_report)
"""How a legacy video is followed: one by one, for v1 knows no statuses by the hundred."""


# Who is seen.


@frozen(kw_only=True)
class Offset(Body):
    """How far the character is from its place, as shares of the frame."""

    x: float
    """A share of the width: 0.1 is a tenth."""

    y: float
    """A share of the height."""


@frozen(kw_only=True)
class AvatarCharacter(Body):
    """An avatar."""

    tag: ClassVar[str] = "avatar"
    avatar_id: str = field(metadata=rule(IDENTIFIER))
    scale: float | None = field(default=None, metadata=rule(Between(0, 5)))
    """0 to 5; 1 leaves the size."""

    avatar_style: Literal["normal", "closeUp", "circle"] | None = field(
        default=None, metadata=rule(OneOf("normal", "closeUp", "circle"))
    )
    offset: Offset | None = None
    matting: bool | None = None
    """Whether the avatar is cut out of its background."""

    circle_background_color: str | None = None
    """Such as ``#FAFAFA``; only with the style ``circle``."""


@frozen(kw_only=True)
class TalkingPhotoCharacter(Body):
    """A photo that speaks."""

    tag: ClassVar[str] = "talking_photo"
    talking_photo_id: str = field(metadata=rule(IDENTIFIER))
    scale: float | None = field(default=None, metadata=rule(Between(0, 2)))
    """0 to 2; 1 leaves the size."""

    talking_photo_style: Literal["square", "circle"] | None = field(
        default=None, metadata=rule(OneOf("square", "circle"))
    )
    talking_style: Literal["stable", "expressive"] | None = field(
        default=None, metadata=rule(OneOf("stable", "expressive"))
    )
    expression: Literal["default", "happy"] | None = field(default=None, metadata=rule(OneOf("default", "happy")))
    super_resolution: bool | None = None
    """Whether the picture is sharpened."""

    matting: bool | None = None
    """Whether the person is cut out of the photo."""

    offset: Offset | None = None
    use_avatar_iv_model: bool | None = None
    """Whether Avatar IV moves the photo."""

    prompt: str | None = None
    """How the person moves, in words; Avatar IV only."""

    keep_original_prompt: bool | None = None
    """Whether `prompt` is taken as it is; else HeyGen works it out."""


# What is heard.

Emotion = Literal["Excited", "Friendly", "Serious", "Soothing", "Broadcaster"]


@frozen(kw_only=True)
class ElevenLabsSettings(Body):
    """Settings of a voice of ElevenLabs."""

    model: str | None = None
    similarity_boost: float | None = field(default=None, metadata=rule(Between(0, 1)))
    stability: float | None = field(default=None, metadata=rule(Between(0, 1)))
    style: float | None = field(default=None, metadata=rule(Between(0, 1)))


@frozen(kw_only=True)
class TextVoice(Body):
    """A script and its voice."""

    tag: ClassVar[str] = "text"
    voice_id: str = field(metadata=rule(IDENTIFIER))
    input_text: str = field(metadata=rule(Length(1, 5000)))
    """1 to 5,000 characters; HeyGen's older pages say 1,500."""

    speed: float | None = field(default=None, metadata=rule(Between(0.5, 1.5)))
    """1 is the voice's own, 0.5 to 1.5."""

    pitch: float | None = field(default=None, metadata=rule(Between(-50, 50)))
    """0 is the voice's own, -50 to 50."""

    emotion: Emotion | None = field(
        default=None, metadata=rule(OneOf("Excited", "Friendly", "Serious", "Soothing", "Broadcaster"))
    )
    locale: str | None = None
    """Accent, such as ``en-GB``."""

    elevenlabs_settings: ElevenLabsSettings | None = None


@frozen(kw_only=True)
class AudioVoice(Body):
    """A sound file instead of a script."""

    tag: ClassVar[str] = "audio"
    audio_url: str | None = field(default=None, metadata=rule(Web()))
    audio_asset_id: str | None = field(default=None, metadata=rule(IDENTIFIER))

    def cross_check(self) -> Iterator[Problem]:
        """Check that there is exactly one file."""
        if (self.audio_url is None) == (self.audio_asset_id is None):
            yield Problem("audio_url", "exactly one of audio_url, audio_asset_id is needed")


@frozen(kw_only=True)
class SilenceVoice(Body):
    """Nobody speaks."""

    tag: ClassVar[str] = "silence"
    duration: float = field(metadata=rule(Between(0.04, 1800)))
    """Seconds, up to half an hour."""


# What is behind.


@frozen(kw_only=True)
class ColorBackground(Body):
    """One colour."""

    tag: ClassVar[str] = "color"
    value: str = field(metadata=rule(Length(1, 32)))
    """Such as ``#FAFAFA``."""


@frozen(kw_only=True)
class ImageBackground(Body):
    """A picture."""

    tag: ClassVar[str] = "image"
    url: str | None = field(default=None, metadata=rule(Web()))
    image_asset_id: str | None = field(default=None, metadata=rule(IDENTIFIER))
    fit: Literal["cover", "crop", "contain", "none"] | None = field(
        default=None, metadata=rule(OneOf("cover", "crop", "contain", "none"))
    )

    def cross_check(self) -> Iterator[Problem]:
        """Check that there is exactly one picture."""
        if (self.url is None) == (self.image_asset_id is None):
            yield Problem("url", "exactly one of url, image_asset_id is needed")


@frozen(kw_only=True)
class VideoBackground(Body):
    """A clip."""

    tag: ClassVar[str] = "video"
    url: str | None = field(default=None, metadata=rule(Web()))
    video_asset_id: str | None = field(default=None, metadata=rule(IDENTIFIER))
    play_style: Literal["fit_to_scene", "freeze", "loop", "once", "full_video"] | None = field(
        default=None, metadata=rule(OneOf("fit_to_scene", "freeze", "loop", "once", "full_video"))
    )
    fit: Literal["cover", "crop", "contain", "none"] | None = field(
        default=None, metadata=rule(OneOf("cover", "crop", "contain", "none"))
    )

    def cross_check(self) -> Iterator[Problem]:
        """Check that there is exactly one clip."""
        if (self.url is None) == (self.video_asset_id is None):
            yield Problem("url", "exactly one of url, video_asset_id is needed")


# The videos.


@frozen(kw_only=True)
class VideoInput(Body):
    """One scene."""

    character: AvatarCharacter | TalkingPhotoCharacter | None = None
    """Who is seen; ``None``: only the background is."""

    voice: TextVoice | AudioVoice | SilenceVoice
    background: ColorBackground | ImageBackground | VideoBackground | None = None
    text: Mapping[str, Any] | None = None
    """Words that lie over the scene, in HeyGen's own fields."""


@frozen(kw_only=True)
class Dimension(Body):
    """How large the video is, in pixels."""

    width: int = field(metadata=rule(_SIDE))
    """Pixels, even."""

    height: int = field(metadata=rule(_SIDE))
    """Pixels, even."""

    def cross_check(self) -> Iterator[Problem]:
        """Check that both sides are even."""
        for name in ("width", "height"):
            if getattr(self, name) % 2:
                yield Problem(name, "must be an even number of pixels")


@frozen(kw_only=True)
class _Generation(JobRequest[GeneratedVideo, VideoStatus]):
    """What both kinds of video share."""

    kind = LEGACY_VIDEO

    @staticmethod
    def job_id(receipt: GeneratedVideo) -> str:
        """Find the video's id."""
        return receipt.video_id


@frozen(kw_only=True)
class GenerateVideo(_Generation):
    """Make a video of one to fifty scenes."""

    endpoint = POST("/v2/video/generate", deprecated="POST /v3/videos")
    video_inputs: Sequence[VideoInput] = field(metadata=rule(Count(1, 50)))
    """The scenes, in their order."""

    dimension: Dimension | None = None
    """How large it is; ``None`` leaves it to HeyGen."""

    aspect_ratio: str | None = None
    """Older than `dimension`, such as ``16:9``."""

    caption: bool | None = None
    """Whether there are captions."""

    caption_mode: Literal["file_only", "burn_in"] | None = field(
        default=None, metadata=rule(OneOf("file_only", "burn_in"))
    )
    """Whether they are a file alone, or burned in."""

    title: str | None = None
    """What it is called."""

    callback_id: str | None = None
    """Comes back in the call to `callback_url`."""

    callback_url: str | None = field(default=None, metadata=rule(Web()))
    """Where HeyGen calls when the video is ready."""

    folder_id: str | None = None
    """Where it goes; ``None``: to the root."""

    fps: int | None = None
    """HeyGen's default, and the only one that is sure to work, is 25."""

    enable_watermark: bool | None = None
    """Whether HeyGen's mark is in the picture."""

    test: bool | None = None
    """A render with a watermark, for no credits."""


@frozen(kw_only=True)
class GenerateAv4Video(_Generation):
    """Make a video of a photo with Avatar IV."""

    endpoint = POST("/v2/video/av4/generate", deprecated="POST /v3/videos (type image)")
    image_key: str = field(metadata=rule(Length(1, 1024)))
    """The photo, by the ``image_key`` of its upload. HeyGen's older pages call this field ``photo_s3_key``."""

    video_title: str | None = field(default=None, metadata=rule(Length(1, 1000)))
    """HeyGen's newer pages ask for one."""

    script: str | None = field(default=None, metadata=rule(Length(1, 5000)))
    """What is said, 1 to 5,000 characters; or else one of the two sound files."""

    voice_id: str | None = field(default=None, metadata=rule(IDENTIFIER))
    """Who says it; needed with a script."""

    audio_url: str | None = field(default=None, metadata=rule(Web()))
    """A sound instead of a script."""

    audio_asset_id: str | None = field(default=None, metadata=rule(IDENTIFIER))
    """An uploaded sound instead of a script."""

    video_orientation: Literal["portrait", "landscape", "square"] | None = field(
        default=None, metadata=rule(OneOf("portrait", "landscape", "square"))
    )
    """Which way the picture lies."""

    fit: Literal["cover", "contain"] | None = field(default=None, metadata=rule(OneOf("cover", "contain")))
    """Whether the photo fills the frame and is cut, or is seen whole."""

    custom_motion_prompt: str | None = None
    """How the person moves, in words."""

    enhance_custom_motion_prompt: bool | None = None
    """Whether HeyGen works out those words first."""

    def cross_check(self) -> Iterator[Problem]:
        """Check that there is exactly one source of sound, and a voice for a script."""
        given = [name for name in ("script", "audio_url", "audio_asset_id") if getattr(self, name) is not None]
        if len(given) != 1:
            yield Problem("script", "exactly one of script, audio_url, audio_asset_id is needed")
        if given == ["script"] and self.voice_id is None:
            yield Problem("voice_id", "is required with a script")
