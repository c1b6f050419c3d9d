"""The scenes of a studio video: an avatar that speaks, a still picture, or a clip."""

from collections.abc import Iterator
from typing import ClassVar, Literal

from attrs import field, frozen

from heygen_async.api.engines import Engine, engine_problems
from heygen_async.api.media import CLIP, PICTURE, Address, FileInput, LocalFile
from heygen_async.api.speech import EXPRESSIVENESS, Expressiveness, Spoken
from heygen_async.errors import Problem
from heygen_async.operation import Body
from heygen_async.rules import IDENTIFIER, Between, HexColor, Length, OneOf, rule

__all__ = [
    "AvatarScene",
    "Background",
    "ClipScene",
    "ImageScene",
    "Playback",
    "Scene",
    "SceneAvatar",
    "SceneColor",
]


@frozen(kw_only=True)
class Background(Body):
    """What is behind the avatar: a colour (``value``) or a picture (``url`` or ``asset_id``)."""

    type: Literal["color", "image"] = field(metadata=rule(OneOf("color", "image")))
    """Which of the two."""

    value: str | None = field(default=None, metadata=rule(HexColor()))
    """The colour, ``#RRGGBB``."""

    url: str | LocalFile | None = field(default=None, metadata=rule(Address(PICTURE)))
    """The picture's address, or a `LocalFile`."""

    asset_id: str | None = field(default=None, metadata=rule(IDENTIFIER))
    """The uploaded picture."""

    def cross_check(self) -> Iterator[Problem]:
        """Check that exactly the field of the type is given."""
        pictures = [self.url, self.asset_id]
        if self.type == "color":
            if self.value is None:
                yield Problem("value", "is required for a background of type color")
            if pictures != [None, None]:
                yield Problem("url", "belongs to a background of type image")
        elif self.type == "image":
            if self.value is not None:
                yield Problem("value", "belongs to a background of type color")
            if pictures.count(None) != 1:
                yield Problem("url", "exactly one of url, asset_id is needed for a background of type image")


@frozen(kw_only=True)
class SceneColor(Body):
    """A scene's background in one colour."""

    tag: ClassVar[str] = "color"
    color: str = field(metadata=rule(HexColor()))
    """``#RRGGBB``."""


@frozen(kw_only=True)
class SceneAvatar(Spoken):
    """Who speaks in a scene, and what."""

    tag: ClassVar[str] = "avatar"
    needs_voice: ClassVar[bool] = False
    avatar_id: str = field(metadata=rule(IDENTIFIER))
    """A look's id, from `Looks.list`; not a group's."""

    background: SceneColor | None = None
    engine: Engine | None = None
    motion_prompt: str | None = field(default=None, metadata=rule(Length(1, 10_000)))
    expressiveness: Expressiveness | None = field(default=None, metadata=rule(EXPRESSIVENESS))

    def cross_check(self) -> Iterator[Problem]:
        """Check that there is one source of sound, and that the engine can move the avatar so."""
        yield from super().cross_check()
        yield from engine_problems(self.engine, self.motion_prompt, self.expressiveness)


@frozen(kw_only=True)
class AvatarScene(Body):
    """A scene in which an avatar speaks."""

    tag: ClassVar[str] = "avatar_video"
    input: SceneAvatar


@frozen(kw_only=True)
class ImageScene(Spoken):
    """A still picture, for `duration` seconds or for as long as its sound lasts."""

    tag: ClassVar[str] = "image"
    needs_sound: ClassVar[bool] = False
    source: FileInput = field(metadata=rule(PICTURE))
    """The picture."""

    duration: float | None = field(default=None, metadata=rule(Between(0.04, 300)))
    """Seconds, up to 300; one frame (0.04) at least. Not together with a sound."""

    def cross_check(self) -> Iterator[Problem]:
        """Check that there is either a duration or a sound."""
        yield from super().cross_check()
        sounds = (self.script, self.audio_url, self.audio_asset_id)
        if (self.duration is None) == all(sound is None for sound in sounds):
            yield Problem("duration", "either a duration or a sound is needed, not both")


@frozen(kw_only=True)
class Playback(Body):
    """How a clip plays in its scene."""

    mode: Literal["freeze", "loop", "fit_to_scene"] | None = field(
        default=None, metadata=rule(OneOf("freeze", "loop", "fit_to_scene"))
    )
    """What happens when the voice-over is longer; needs one."""

    volume: float | None = field(default=None, metadata=rule(Between(0, 1)))
    """0 to 1 of the clip's own sound."""

    mute: bool | None = None
    """Whether the clip's own sound is left out."""


@frozen(kw_only=True)
class ClipScene(Spoken):
    """A clip (MP4), with its own sound or a voice-over that drives the length."""

    tag: ClassVar[str] = "video"
    needs_sound: ClassVar[bool] = False
    source: FileInput = field(metadata=rule(CLIP))
    """The clip."""

    playback: Playback | None = None

    def cross_check(self) -> Iterator[Problem]:
        """Check the voice-over, and that a playback mode has one."""
        yield from super().cross_check()
        if self.playback and self.playback.mode and not (self.script or self.audio_url or self.audio_asset_id):
            yield Problem("playback.mode", "needs a voice-over: script, audio_url or audio_asset_id")


Scene = AvatarScene | ImageScene | ClipScene
"""One scene of a `StudioVideo`."""
