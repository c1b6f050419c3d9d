"""Videos as HeyGen shows them scene by scene, told by what they were asked for with."""

import re
from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Any, Literal, Protocol, TypeVar

from attrs import evolve, frozen

from heygen_async.api.compositions import (
    AvatarElement,
    ColorFill,
    Element,
    Fill,
    ImageElement,
    Line,
    ReadVoiceSettings,
    SceneDetail,
    ScriptAudio,
    ScriptSilence,
    ScriptText,
    VideoElement,
)
from heygen_async.api.media import Asset, FileInput, Url
from heygen_async.api.scenes import AvatarScene, Background, ClipScene, ImageScene, SceneAvatar, SceneColor
from heygen_async.api.speech import VoiceSettings
from heygen_async.api.videos import AvatarVideo, ImageVideo, StudioVideo
from heygen_async.emulator.service import Visit
from heygen_async.emulator.views import asset_link
from heygen_async.wire import READER, WRITER

__all__ = ["PLACEHOLDER", "Part", "Scenic", "Slot", "bindable_as", "identified", "parts_of", "rewritten", "scenes_of"]

Scenic = AvatarVideo | ImageVideo | StudioVideo
"""What videos that have scenes are asked for with: cinematic ones have none."""

Part = AvatarVideo | ImageVideo | SceneAvatar | ImageScene | ClipScene
"""What one scene is asked for with: in a studio video a part of it, else all of it."""

Slot = Literal["figure", "script", "background"]
"""What of a scene has an id: who or what is seen in it, what is said, and what is behind."""

PLACEHOLDER = re.compile(r"{{\s*(\w+)\s*}}")
"""A text variable in a text."""

P = TypeVar("P", AvatarVideo, ImageVideo, SceneAvatar, ImageScene, ClipScene)


class Change(Protocol):
    """Makes another part of a part."""

    def __call__(self, at: int, part: P, /) -> P:
        """Change what is in the scene at this place."""
        ...


def parts_of(request: object) -> Sequence[Part]:
    """Take a request apart, one part for each scene; none, if it has no scenes."""
    match request:
        case StudioVideo(scenes=scenes):
            return [scene.input if isinstance(scene, AvatarScene) else scene for scene in scenes]
        case AvatarVideo() | ImageVideo():
            return [request]
        case _:
            return []


def rewritten(request: Scenic, change: Change) -> Scenic:
    """Make another request of a request, part by part."""
    match request:
        case StudioVideo(scenes=scenes):
            return evolve(request, scenes=[_rewritten(at, scene, change) for at, scene in enumerate(scenes)])
        case AvatarVideo():
            return change(0, request)
        case ImageVideo():
            return change(0, request)


def _rewritten(
    at: int, scene: AvatarScene | ImageScene | ClipScene, change: Change
) -> AvatarScene | ImageScene | ClipScene:
    match scene:
        case AvatarScene(input=part):
            return evolve(scene, input=change(at, part))
        case ImageScene():
            return change(at, scene)
        case ClipScene():
            return change(at, scene)


def identified(seed: str, at: int, slot: Slot | Literal["scene"]) -> str:
    """Return the id of the scene at this place, or of something in it: the same at any time."""
    return sha256(f"{seed} {at} {slot}".encode()).hexdigest()[:32]


def bindable_as(part: Part, slot: Slot) -> Sequence[str]:
    """List the types of variables that can be bound to something in a scene."""
    match slot, part:
        case "figure", AvatarVideo() | SceneAvatar():
            return ["character"]
        case "figure", ClipScene():
            return ["video"]
        case ("figure", _) | ("background", AvatarVideo(background=Background(type="image"))):
            return ["image"]
        case "background", ImageVideo(background=Background(type="image")):
            return ["image"]
        case "script", _:
            sound = part.audio_url or part.audio_asset_id
            return ["text", "voice"] if part.script is not None else ["audio"] if sound is not None else []
        case _:
            return []


def scenes_of(
    visit: Visit, seed: str, request: object, bound: Mapping[str, str] | None = None
) -> Sequence[SceneDetail]:
    """Show what a video or a template is composed of.

    Args:
        visit: who wants to know.
        seed: ids are made of it: the id of the video or template.
        request: what it was asked for with.
        bound: names of variables by the ids of the elements that they are bound to; None for a video.

    """
    return [_Set(visit, seed, at, part, bound).shown() for at, part in enumerate(parts_of(request))]


@frozen
class _Set:
    """One scene, about to be shown."""

    visit: Visit
    seed: str
    at: int
    part: Part
    bound: Mapping[str, str] | None

    def shown(self) -> SceneDetail:
        return SceneDetail(
            identified(self.seed, self.at, "scene"),
            background=self._background(),
            elements=[self._figure()],
            script=self._script(),
        )

    def _figure(self) -> Element:
        common = self._common("figure")
        match self.part:
            case AvatarVideo() | SceneAvatar() as part:
                return AvatarElement(
                    **common,
                    avatar_id=part.avatar_id,
                    engine=part.engine.tag if part.engine else None,
                    expressiveness=part.expressiveness,
                    motion_prompt=part.motion_prompt,
                )
            case ImageVideo(image=file) | ImageScene(source=file):
                return ImageElement(**common, url=self._address(file))
            case ClipScene(source=file, playback=how):
                volume = None if how is None else 0.0 if how.mute else how.volume
                return VideoElement(
                    **common, url=self._address(file), playback=how.mode if how else None, volume=volume
                )

    def _background(self) -> Fill | None:
        match self.part:
            case AvatarVideo(background=Background() as behind) | ImageVideo(background=Background() as behind):
                if behind.value is not None:
                    return ColorFill(behind.value)
                picture = Asset(behind.asset_id) if behind.asset_id else Url(str(behind.url))
                return ImageElement(**self._common("background"), url=self._address(picture))
            case SceneAvatar(background=SceneColor(color=color)):
                return ColorFill(color)
            case _:
                return None

    def _script(self) -> Sequence[Line]:
        part, common = self.part, self._common("script")
        if part.script is not None:
            common["text_variables"] = PLACEHOLDER.findall(part.script)
            return [
                ScriptText(
                    **common, text=part.script, voice_id=self._voice(), voice_settings=_settings(part.voice_settings)
                )
            ]
        if part.audio_asset_id is not None:
            return [ScriptAudio(**common, audio_url=self._address(Asset(part.audio_asset_id)))]
        if isinstance(part.audio_url, str):
            return [ScriptAudio(**common, audio_url=part.audio_url)]
        seconds = part.duration if isinstance(part, ImageScene) else None
        return [] if seconds is None else [ScriptSilence(id=common["id"], duration=seconds)]

    def _voice(self) -> str | None:
        """Return who speaks: the voice that is named, else that of the look."""
        look = self.visit.account.looks.get(getattr(self.part, "avatar_id", ""))
        return self.part.voice_id or (look.default_voice_id if look else None)

    def _common(self, slot: Slot) -> dict[str, Any]:
        identifier = identified(self.seed, self.at, slot)
        if self.bound is None:
            return {"id": identifier}
        bindable = bindable_as(self.part, slot)
        return {"id": identifier, "bindable_as": bindable, "variable": self.bound.get(identifier)}

    def _address(self, file: FileInput) -> str | None:
        """Return where a file can be seen; ``None``: it came with the request, or is deleted."""
        match file:
            case Url(url=url):
                return url
            case Asset(asset_id=asset_id) if asset_id in self.visit.account.assets:
                return asset_link(self.visit, self.visit.account.asset(asset_id))
            case _:
                return None


def _settings(settings: VoiceSettings | None) -> ReadVoiceSettings | None:
    return None if settings is None else READER.structure(WRITER.unstructure(settings), ReadVoiceSettings)
