"""What a video or a template is composed of, as HeyGen shows it: scenes, what is seen in them, and what is said.

These are answers. What a studio video is asked for with is in `heygen_async.api.scenes`.
"""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from attrs import field, frozen, resolve_types

from heygen_async.log import link_repr
from heygen_async.operation import GET, Answer, Request
from heygen_async.rules import IDENTIFIER, rule

__all__ = [
    "AvatarElement",
    "CaptionSetting",
    "ColorFill",
    "GetVideoScenes",
    "ImageElement",
    "MediaTrim",
    "OtherElement",
    "ReadVoiceSettings",
    "SceneDetail",
    "ScriptAudio",
    "ScriptSilence",
    "ScriptText",
    "TemplateAudioTrack",
    "TextElement",
    "VideoElement",
    "VideoScenes",
    "VideoSettings",
]


@frozen(kw_only=True)
class _Bindable(Answer):
    """What a variable of a template can be bound to. In a video nothing is bound."""

    id: str = ""
    """Stays the same for as long as the video or template does."""

    bindable_as: Sequence[str] = ()
    """Templates only: the types of variables that it takes: ``text``, ``image``, ``video``, ``audio``, ``character`` or
    ``voice``."""

    text_variables: Sequence[str] = ()
    """Templates only: the names that stand in its text as ``{{name}}``."""

    variable: str | None = None
    """Templates only: the name of the variable that it is bound to, if that is no text."""


@frozen
class ColorFill(Answer):
    """A background in one colour."""

    tag: ClassVar[str] = "color"
    color: str = ""
    """``#RRGGBB``."""


@frozen
class MediaTrim(Answer):
    """The part of a clip that is played."""

    start_offset: float = 0.0
    """Seconds into the clip."""

    end_offset: float = 0.0
    """Seconds into the clip."""


@frozen(kw_only=True)
class AvatarElement(_Bindable):
    """An avatar."""

    tag: ClassVar[str] = "avatar"
    avatar_id: str = ""
    """A look's id."""

    engine: str | None = None
    """``avatar_v``, ``avatar_iv`` or ``avatar_iii``."""

    expressiveness: str | None = None
    motion_prompt: str | None = None


@frozen(kw_only=True)
class ImageElement(_Bindable):
    """A still picture."""

    tag: ClassVar[str] = "image"
    url: str | None = field(default=None, repr=link_repr)


@frozen(kw_only=True)
class VideoElement(_Bindable):
    """A clip."""

    tag: ClassVar[str] = "video"
    url: str | None = field(default=None, repr=link_repr)
    playback: str | None = None
    """What happens when the scene is longer."""

    speed_multiplier: float | None = None
    """1 is the clip's own speed."""

    trim: MediaTrim | None = None
    """``None``: all of it is played."""

    volume: float | None = None
    """0 to 1 of its own sound."""


@frozen(kw_only=True)
class TextElement(_Bindable):
    """Text that is to be seen."""

    tag: ClassVar[str] = "text"
    text: str = ""


@frozen(kw_only=True)
class OtherElement(Answer):
    """Something else: of a type that is newer than this version, or a group of elements."""

    id: str = ""
    type: str = ""
    children: Sequence["Element"] = ()
    """What it holds; shapes and their like hold nothing."""


Element = AvatarElement | ImageElement | VideoElement | TextElement | OtherElement
"""Something that is to be seen in a scene."""

resolve_types(OtherElement)

Fill = ColorFill | ImageElement | VideoElement | OtherElement
"""What is behind everything else."""


@frozen
class ReadVoiceSettings(Answer):
    """How a voice was told to speak. ``None`` left a setting to HeyGen."""

    speed: float | None = None
    pitch: float | None = None
    volume: float | None = None
    locale: str | None = None
    engine_settings: Mapping[str, Any] | None = None
    """As `ElevenLabs`, `Fish` or `Starfish` write them; ``engine_type`` says which."""


@frozen(kw_only=True)
class ScriptText(_Bindable):
    """Words that a voice says."""

    tag: ClassVar[str] = "text"
    text: str = ""
    voice_id: str | None = None
    voice_settings: ReadVoiceSettings | None = None
    trim_to_speech: bool | None = None


@frozen(kw_only=True)
class ScriptAudio(_Bindable):
    """A sound instead of words."""

    tag: ClassVar[str] = "audio"
    audio_url: str | None = field(default=None, repr=link_repr)


@frozen(kw_only=True)
class TemplateAudioTrack(_Bindable):
    """A sound behind the scenes of a template."""

    tag: ClassVar[str] = "audio"
    url: str | None = field(default=None, repr=link_repr)


@frozen(kw_only=True)
class ScriptSilence(Answer):
    """A pause."""

    tag: ClassVar[str] = "silence"
    id: str = ""
    duration: float | None = None
    """Seconds."""


Line = ScriptText | ScriptAudio | ScriptSilence | OtherElement
"""Something that is to be heard in a scene."""


@frozen
class SceneDetail(Answer):
    """One scene."""

    id: str
    background: Fill | None = None
    elements: Sequence[Element] = ()
    """What is seen, the lowest first."""

    script: Sequence[Line] = ()
    """What is said, in its order."""


@frozen
class CaptionSetting(Answer):
    """Whether a video has captions."""

    enabled: bool = False


@frozen
class VideoSettings(Answer):
    """What concerns all scenes of a video."""

    title: str | None = None
    resolution: str | None = None
    """``4k``, ``1080p`` or ``720p``."""

    aspect_ratio: str | None = None
    """Such as ``16:9``."""

    caption: CaptionSetting | None = None
    brand_glossary_id: str | None = None


@frozen
class VideoScenes(Answer):
    """What a video is composed of."""

    video_id: str
    edit_version: str = ""
    """Another one whenever the video was edited."""

    video: VideoSettings = field(factory=VideoSettings)
    scenes: Sequence[SceneDetail] = ()
    """In their order."""


@frozen
class GetVideoScenes(Request[VideoScenes]):
    """What a video is composed of: its scenes, what is seen in them, and what is said.

    HeyGen allows far fewer of these calls than of others. Raises `Conflict` (``resource_not_ready``) while the scenes
    are being prepared, and `NotFound` for an unknown video, or a translated one.
    """

    endpoint = GET("/v3/videos/{video_id}/scenes", since="2026-09")
    video_id: str = field(metadata=rule(IDENTIFIER))
