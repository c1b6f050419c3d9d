"""The variables of templates: what they stand for, and what they are filled with.

A text variable stands in texts as ``{{name}}``; all others take the place of an element: a picture, a clip, a sound, an
avatar or a voice. What they are filled with has the shape of https://developers.heygen.com/template-api.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any, Literal, cast, get_args

from attrs import field, frozen

from heygen_async.api.media import CLIP, PICTURE, SOUND, Asset, FileOf, Url, UrlOrAsset
from heygen_async.errors import Problem, RequestInvalid
from heygen_async.operation import Body
from heygen_async.rules import IDENTIFIER, OneOf, brief, rule

__all__ = ["TemplateVariable", "VariableBinding", "VariableType"]

VariableType = Literal["text", "image", "video", "audio", "character", "voice"]
Fit = Literal["cover", "contain", "crop", "none"]

_TYPE = OneOf(*get_args(VariableType))
_FILES: Mapping[str, FileOf] = {"image": PICTURE, "video": CLIP, "audio": SOUND}
"""What kinds of files fill variables of these types."""

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,63}")


@frozen
class Named:
    """A mapping whose keys are names: 1 to 64 of ``A-Z a-z 0-9 _``, and no digit in front."""

    def __str__(self) -> str:
        return "a name has 1 to 64 of A-Z a-z 0-9 _, and no digit in front"

    def __call__(self, value: Any, /) -> str | None:
        """Say what else `value` is, or which of its names is wrong."""
        if not isinstance(value, Mapping):
            return f"must be a mapping of names, not {brief(value)}"
        wrong = next((name for name in value if not _NAME.fullmatch(str(name))), None)
        if wrong is None:
            return None
        return f"has the name {brief(wrong)}; {self}"


@frozen(kw_only=True)
class TemplateVariable(Body):
    """What a variable is filled with. There is a function for each type: ``TemplateVariable.text("Hello!")``."""

    type: VariableType = field(metadata=rule(_TYPE))
    properties: Mapping[str, Any]
    """What the type needs, as HeyGen writes it. A `LocalFile` in it is uploaded before."""

    name: str | None = None
    """HeyGen needs none beside the key."""

    def cross_check(self) -> Iterator[Problem]:
        """Check that a file of this machine is of the type's kind."""
        check = _FILES.get(self.type)
        for name, value in self.properties.items() if check is not None else ():
            if check is not None and (reason := check(value)):
                yield Problem(f"properties.{name}", reason)

    @classmethod
    def text(cls, content: str) -> "TemplateVariable":
        """Fill in words."""
        return cls(type="text", properties={"content": content})

    @classmethod
    def image(cls, file: UrlOrAsset, *, fit: Fit | None = None) -> "TemplateVariable":
        """Show another picture."""
        return cls(type="image", properties=_file(file, fit=fit))

    @classmethod
    def video(cls, file: UrlOrAsset, *, fit: Fit | None = None) -> "TemplateVariable":
        """Show another clip."""
        return cls(type="video", properties=_file(file, fit=fit))

    @classmethod
    def audio(cls, file: UrlOrAsset) -> "TemplateVariable":
        """Let another sound be heard."""
        return cls(type="audio", properties=_file(file))

    @classmethod
    def character(cls, character_id: str, *, kind: Literal["avatar", "talking_photo"] = "avatar") -> "TemplateVariable":
        """Let another look appear; `kind` is ``talking_photo`` for a photo avatar."""
        return cls(type="character", properties={"character_id": character_id, "type": kind})

    @classmethod
    def voice(cls, voice_id: str, *, locale: str | None = None) -> "TemplateVariable":
        """Let another voice speak."""
        return cls(type="voice", properties={"voice_id": voice_id} | ({} if locale is None else {"locale": locale}))


@frozen(kw_only=True)
class VariableBinding(Body):
    """What a variable stands for in a template."""

    type: VariableType = field(metadata=rule(_TYPE))
    element_id: str | None = field(default=None, metadata=rule(IDENTIFIER))
    """The element that it takes the place of, from `TemplateDetail.composition`; for text, the one to look in."""

    match: str | None = None
    """Text only: the words that ``{{name}}`` takes the place of."""


Filling = TemplateVariable | Mapping[str, Any] | str
"""What a variable can be filled with: text as it is, and a variable, ours or as HeyGen writes it."""


def filled(variables: Mapping[str, Filling]) -> Mapping[str, TemplateVariable]:
    """Write whatever was handed over in one way. Raises `RequestInvalid` with everything that is wrong, by name."""
    if not isinstance(variables, Mapping):
        raise RequestInvalid([Problem("variables", f"must be a mapping of names, not {brief(variables)}")])
    written: dict[str, TemplateVariable] = {}
    problems: list[Problem] = []
    for name, value in variables.items():
        try:
            written[name] = _written(value)
        except RequestInvalid as fault:
            problems += [Problem(f"variables.{name}.{at.field}".rstrip("."), at.reason) for at in fault.problems]
    if problems:
        raise RequestInvalid(problems, "GenerateTemplateVideo")
    return written


def _written(value: Filling) -> TemplateVariable:
    match value:
        case TemplateVariable():
            return value
        case str():
            return TemplateVariable.text(value)
        case Mapping():
            return _read(value)
        case _:
            raise RequestInvalid([Problem("", f"must be text or a variable, not {brief(value)}")])


def _read(value: Mapping[str, Any]) -> TemplateVariable:
    """Read a variable as HeyGen writes it; what is new to us goes along."""
    extra = {name: item for name, item in value.items() if name not in {"type", "name", "properties"}}
    kind = cast(VariableType, value.get("type"))  # if it is none of them, its rule says so
    return TemplateVariable(
        type=kind, name=value.get("name"), properties=value.get("properties") or {}, extra=extra or None
    )


def _file(file: UrlOrAsset, *, fit: Fit | None = None) -> Mapping[str, Any]:
    match file:
        case Asset(asset_id=asset_id):
            place: dict[str, Any] = {"asset_id": asset_id}
        case Url(url=url):
            place = {"url": url}
        case _:
            place = {"url": file}
    return place | ({} if fit is None else {"fit": fit})
