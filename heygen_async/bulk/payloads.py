"""Payloads that somebody wrote for a bulk run: the wire's JSON, in which files of this machine may stand for addresses.

Only here is a local path understood. The API, and the emulator, take addresses and asset ids alone.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, get_args, get_origin

import attrs

from heygen_async.api.bodies import likely_kind, video_from_wire
from heygen_async.api.media import MEDIA_TYPES, LocalFile
from heygen_async.api.videos import AvatarVideo, ImageVideo, VideoRequest
from heygen_async.errors import Problem, RequestInvalid

__all__ = ["request_from"]

_CLASSES: dict[str, Any] = {cls.tag: cls for cls in get_args(VideoRequest)}
_STAND_IN = "https://stand.in"


def request_from(payload: Mapping[str, Any], folder: Path) -> VideoRequest:
    """Read the body of a ``POST /v3/videos`` strictly; an address may be a file's path, relative to `folder`.

    Raises `RequestInvalid` with everything that is wrong, files included.
    """
    problems: list[Problem] = []
    body = {name: _with_files(item, (name,), folder, problems) for name, item in payload.items()}
    try:
        request = video_from_wire(body)
    except RequestInvalid as fault:
        problems += [*fault.problems, *_further(body, fault.problems)]
        raise RequestInvalid(problems, "VideoRequest") from None
    if problems:
        raise RequestInvalid(problems, "VideoRequest")
    return request


# Files where addresses are.


def _with_files(value: Any, place: tuple[str, ...], folder: Path, problems: list[Problem]) -> Any:
    """Copy JSON with a `LocalFile` wherever a path stands for an address; a missing file leaves a stand-in."""
    match value:
        case {"type": "url", "url": str(text)} if len(value) == 2 and place[-1] != "background":  # noqa: PLR2004  # both
            found = _file_or_address(text, (*place, "url"), folder, problems)
            return {"type": "url", "url": found} if isinstance(found, str) else found
        case dict():
            return {name: _with_files(item, (*place, name), folder, problems) for name, item in value.items()}
        case list():
            return [_with_files(item, (*place, str(at)), folder, problems) for at, item in enumerate(value)]
        case str() if place[-1] in {"audio_url", "image_url"} or place[-2:] == ("background", "url"):
            return _file_or_address(value, place, folder, problems)
        case _:
            return value


def _file_or_address(text: str, place: tuple[str, ...], folder: Path, problems: list[Problem]) -> str | LocalFile:
    if not text or re.match(r"[a-z][a-z0-9+.-]+:", text, re.IGNORECASE):  # one letter is a drive of Windows
        return text
    reasons = _reasons_against(folder / text, next((_WANTED[name] for name in place if name in _WANTED), _SEEN))
    if not reasons:
        return LocalFile(folder / text)
    if "background" in place and not (folder / text).exists():
        reasons = [*reasons, "a colour is written #RRGGBB"]
    problems.append(Problem(".".join(place), "; ".join(reasons)))
    return _STAND_IN


_SEEN = ("image/", "video/")
_WANTED = {
    "image": ("image/",),
    "image_url": ("image/",),
    "background": ("image/",),
    "audio_url": ("audio/",),
    "references": _SEEN,
    "source": _SEEN,
}
"""The media types that HeyGen wants, by the name of the field or of one around it."""


def _reasons_against(path: Path, wanted: tuple[str, ...]) -> Sequence[str]:
    """Say why a file cannot be sent; nothing when it can."""
    try:
        LocalFile(path)
    except RequestInvalid as fault:
        return [problem.reason for problem in fault.problems]
    except OSError as fault:
        return [f"{path} cannot be read: {fault.strerror}"]
    if MEDIA_TYPES[path.suffix.lower()].startswith(wanted):
        return []
    endings = (ending for ending, media in MEDIA_TYPES.items() if media.startswith(wanted))
    return [f"{path} must end in one of {', '.join(endings)}"]


# A field that cannot be read hides what is wrong with the others: look again without it.


def _further(body: Mapping[str, Any], known: Iterable[Problem]) -> list[Problem]:
    """Find what shows only when the fields of the `known` problems are out of the way."""
    bad = {problem.field.partition(".")[0] for problem in known}
    bad |= {"image_url", "image_asset_id"} if "image" in bad else set()  # its flat forms
    cls = AvatarVideo if "type" in bad else _class_of(body)
    types = {at.name: at.type for at in attrs.fields(cls)}
    mended = {name: value for name, value in body.items() if name not in bad}
    if "type" in bad:  # of no kind that we know: look at what most kinds share
        mended = {"avatar_id": "-"} | {name: mended[name] for name in mended.keys() & types.keys()}
    stand_ins = {name: stand_in for name in bad & types.keys() if (stand_in := _stand_in(types[name])) is not None}
    try:
        video_from_wire(mended | stand_ins | {"type": cls.tag})
    except RequestInvalid as fault:
        return [problem for problem in fault.problems if problem.field.partition(".")[0] not in bad]
    return []


def _class_of(body: Mapping[str, Any]) -> Any:
    return _CLASSES.get(str(body.get("type"))) or _CLASSES[likely_kind(body) or ImageVideo.tag]


def _stand_in(of: Any) -> Any:
    """Find a value that disturbs no other field; ``None``: the field can be left out as well."""
    members = get_args(of) or (of,)
    if get_origin(of) is Sequence:
        return ["-"]
    if str in members:
        return "-"
    return {"type": "url", "url": _STAND_IN} if LocalFile in members else None
