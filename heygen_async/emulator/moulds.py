"""Templates: what a video was asked for with, and what of it can be exchanged.

A text variable stands for words of the scripts, wherever they occur or in one scene; any other for an element. The
words and elements are looked for in the original each time, so declaring other variables never leaves traces.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from attrs import define, evolve, field, frozen

from heygen_async.api.media import Asset, Url
from heygen_async.api.scenes import Background, ClipScene, ImageScene
from heygen_async.api.template_variables import TemplateVariable, VariableBinding
from heygen_async.api.videos import AvatarVideo, ImageVideo
from heygen_async.emulator.compositions import (
    PLACEHOLDER,
    P,
    Part,
    Scenic,
    Slot,
    bindable_as,
    identified,
    parts_of,
    rewritten,
)
from heygen_async.emulator.refusals import invalid
from heygen_async.emulator.shelf import Thing

__all__ = ["Mould"]

_SLOTS: tuple[Slot, ...] = ("figure", "script", "background")


@define(eq=False, kw_only=True)
class Mould(Thing):
    """A template."""

    noun = "template"

    name: str
    source_video_id: str
    original: Scenic
    """What the video was asked for with."""

    created_at: int
    """Unix seconds."""

    updated_at: int
    """Unix seconds."""

    bindings: Mapping[str, VariableBinding] = field(init=False)
    """What each variable stands for."""

    edits: int = 1
    """Counts up whenever the variables are declared anew."""

    def __attrs_post_init__(self) -> None:
        found = (name for part in parts_of(self.original) for name in PLACEHOLDER.findall(part.script or ""))
        self.bindings = {name: VariableBinding(type="text") for name in found}

    @property
    def worded(self) -> Scenic:
        """What the video was asked for with, and ``{{name}}`` wherever a text variable is bound."""
        request = self.original
        for name, binding in self.bindings.items():
            if binding.type == "text":
                request = rewritten(request, _Wording(self.id, f"{{{{{name}}}}}", binding))
        return request

    @property
    def bound(self) -> Mapping[str, str]:
        """The names of the variables that are no texts, by the elements that they stand for."""
        pairs = ((binding.element_id, name) for name, binding in self.bindings.items() if binding.type != "text")
        return {element_id: name for element_id, name in pairs if element_id is not None}

    @property
    def scene_ids(self) -> Sequence[str]:
        """The ids of the scenes, in their order."""
        return [identified(self.id, at, "scene") for at, _ in enumerate(parts_of(self.original))]

    def declare(self, bindings: Mapping[str, VariableBinding], now: int) -> None:
        """Have these variables, and no others. Raises `Refusal`, and then nothing is changed."""
        for name, binding in bindings.items():
            self._check(name, binding)
        self.bindings, self.updated_at, self.edits = dict(bindings), now, self.edits + 1

    def places(self, scene_ids: Sequence[str] | None) -> Sequence[int]:
        """Return the places of the scenes with these ids; of all, if none are named. Raises `Refusal`."""
        known = list(self.scene_ids)
        for at, scene_id in enumerate(scene_ids or ()):
            if scene_id not in known:
                raise invalid(f"scene_ids.{at}", f"The template has no scene {scene_id}")
        return [known.index(scene_id) for scene_id in scene_ids or known]

    def filled(self, variables: Mapping[str, TemplateVariable]) -> Scenic:
        """Return the request for a video with these values. Raises `Refusal`."""
        words: dict[str, str] = {}
        request = self.worded
        for name, value in variables.items():
            binding = self.bindings.get(name)
            if binding is None:
                raise invalid(f"variables.{name}", f"The template has no variable {name}")
            if binding.type != value.type:
                raise invalid(f"variables.{name}.type", f"{name} is a variable of type {binding.type}")
            if value.type == "text":
                words[name] = _property(name, value, "content")
            else:
                request = rewritten(request, _Exchange(self.id, name, binding, value))
        return rewritten(request, _Filling(words))

    def current(self, name: str) -> Mapping[str, Any]:
        """Return what a variable stands for now, as it would be filled in."""
        binding = self.bindings[name]
        part = self._part(binding.element_id)
        match binding.type:
            case "text":
                whole = part.script if part is not None and binding.match is None else None
                properties: dict[str, Any] = {"content": binding.match or whole or ""}
            case "character":
                properties = {"character_id": getattr(part, "avatar_id", None), "type": "avatar"}
            case "voice":
                properties = {"voice_id": part.voice_id if part else None}
            case "audio":
                properties = {"url": part.audio_url, "asset_id": part.audio_asset_id} if part else {}
            case _:
                properties = _file_of(part, self._slot(binding.element_id))
        known = {key: value for key, value in properties.items() if value is not None}
        return {"name": name, "type": binding.type, "properties": known}

    def _check(self, name: str, binding: VariableBinding) -> None:
        """Refuse a variable that stands for nothing."""
        at, part, slot = f"variables.{name}", self._part(binding.element_id), self._slot(binding.element_id)
        if binding.element_id is not None and (part is None or slot is None):
            raise invalid(f"{at}.element_id", f"The template has no element {binding.element_id}")
        if part is not None and slot is not None and binding.type not in bindable_as(part, slot):
            raise invalid(f"{at}.type", f"No variable of type {binding.type} can be bound to this element")
        if binding.type != "text":
            if part is None:
                raise invalid(f"{at}.element_id", f"A variable of type {binding.type} needs an element_id")
            return
        texts = [one.script or "" for one in ([part] if part is not None else parts_of(self.original))]
        if binding.match is not None and not any(binding.match in text for text in texts):
            raise invalid(f"{at}.match", "These words are not in the template")
        if binding.match is None and part is None and not any(name in PLACEHOLDER.findall(text) for text in texts):
            raise invalid(at, f"Nothing says {{{{{name}}}}}: a match or an element_id is needed")

    def _slot(self, element_id: str | None) -> Slot | None:
        found = self._found(element_id)
        return None if found is None else found[1]

    def _part(self, element_id: str | None) -> Part | None:
        found = self._found(element_id)
        return None if found is None else found[0]

    def _found(self, element_id: str | None) -> tuple[Part, Slot] | None:
        for at, part in enumerate(parts_of(self.original)):
            for slot in _SLOTS:
                if identified(self.id, at, slot) == element_id:
                    return part, slot
        return None


@frozen
class _Wording:
    """Puts a placeholder into scripts."""

    seed: str
    placeholder: str
    binding: VariableBinding

    def __call__(self, at: int, part: P, /) -> P:
        element_id, match = self.binding.element_id, self.binding.match
        here = element_id in {None, identified(self.seed, at, "script")}
        if part.script is None or not here or (match is None and element_id is None):
            return part
        if match is None:
            return evolve(part, script=self.placeholder)
        # What another variable has put there already is not searched.
        either = re.compile(f"{PLACEHOLDER.pattern}|{re.escape(match)}")
        script = either.sub(lambda found: found[0] if found[1] else self.placeholder, part.script)
        return evolve(part, script=script)


@frozen
class _Filling:
    """Puts words into scripts where they have placeholders. Those that nobody fills stay."""

    words: Mapping[str, str]

    def __call__(self, _: int, part: P, /) -> P:
        if part.script is None:
            return part
        return evolve(part, script=PLACEHOLDER.sub(lambda found: self.words.get(found[1], found[0]), part.script))


@frozen
class _Exchange:
    """Puts something else in the place of an element."""

    seed: str
    name: str
    binding: VariableBinding
    value: TemplateVariable

    def __call__(self, at: int, part: P, /) -> P:
        for slot in _SLOTS:
            if identified(self.seed, at, slot) == self.binding.element_id:
                return evolve(part, **self._changes(part, slot))
        return part

    def _changes(self, part: Part, slot: Slot) -> dict[str, Any]:
        match self.value.type:
            case "character":
                return {"avatar_id": _property(self.name, self.value, "character_id")}
            case "voice":
                return {"voice_id": _property(self.name, self.value, "voice_id")}
            case "audio":
                file = _file(self.name, self.value)
                asset_id = file.asset_id if isinstance(file, Asset) else None
                return {"audio_url": file.url if isinstance(file, Url) else None, "audio_asset_id": asset_id}
            case _ if slot == "background":
                file = _file(self.name, self.value)
                behind = Background(type="image", url=file.url) if isinstance(file, Url) else None
                return {"background": behind or Background(type="image", asset_id=getattr(file, "asset_id", None))}
            case _:
                return {"image" if isinstance(part, ImageVideo) else "source": _file(self.name, self.value)}


def _file_of(part: Part | None, slot: Slot | None) -> dict[str, Any]:
    """Say where the picture or clip of an element is."""
    match slot, part:
        case "background", AvatarVideo(background=Background() as file) | ImageVideo(background=Background() as file):
            return {"url": file.url, "asset_id": file.asset_id}
        case "figure", ImageVideo(image=file) | ImageScene(source=file) | ClipScene(source=file):
            return {"url": getattr(file, "url", None), "asset_id": getattr(file, "asset_id", None)}
        case _:
            return {}


def _file(name: str, value: TemplateVariable) -> Url | Asset:
    if "asset_id" in value.properties:
        return Asset(_property(name, value, "asset_id"))
    return Url(_property(name, value, "url"))


def _property(name: str, value: TemplateVariable, key: str) -> str:
    found = value.properties.get(key)
    if not isinstance(found, str):
        raise invalid(f"variables.{name}.properties.{key}", f"{key} is required, and must be text")
    return found
