"""Bodies of a ``POST /v3/videos`` that somebody else wrote: a payload file, or a client of the emulator."""

from collections.abc import Container, Mapping
from typing import Any

from heygen_async.api.media import LocalFile
from heygen_async.api.videos import CinematicVideo, VideoRequest
from heygen_async.errors import Problem, RequestInvalid
from heygen_async.wire import read_strictly

__all__ = ["video_from_wire"]

_MARKS = {"cinematic_avatar": "prompt", "avatar": "avatar_id", "image": "image", "studio": "scenes"}
"""The field that each kind of video is known by, where ``type`` is not written."""


def likely_kind(fields: Container[str]) -> str | None:
    """Tell the kind of video (its ``type``) that has one of `fields` as its mark; ``None``: there is no mark.

    A cinematic video comes first, because it has an ``avatar_id`` too.
    """
    return next((kind for kind, mark in _MARKS.items() if mark in fields), None)


def video_from_wire(payload: Mapping[str, Any]) -> VideoRequest:
    """Read the body of a ``POST /v3/videos`` that somebody wrote, strictly.

    A body without ``type`` is understood by its fields, and so is the flat ``image_url`` or ``image_asset_id``
    of older samples. Raises `RequestInvalid` with everything that is wrong.
    """
    if not isinstance(payload, Mapping):
        raise RequestInvalid([Problem("", "must be an object")], "VideoRequest")
    body = {name: value for name, value in payload.items() if (name, value) != ("type", None)}
    if "type" not in body:
        _unflatten_image(body)
        body["type"] = _type_by_fields(body)
    request: VideoRequest = read_strictly(body, VideoRequest)
    return request


def _unflatten_image(body: dict[str, Any]) -> None:
    """Write ``image_url: …`` as ``image: {"type": "url", "url": …}``, in place."""
    given = [name for name in ("image", "image_url", "image_asset_id") if body.get(name) is not None]
    if len(given) > 1:
        reason = f"cannot go together with {given[0]}; use one of them"
        raise RequestInvalid([Problem(given[1], reason)], "VideoRequest")
    for flat, tag, name in (("image_url", "url", "url"), ("image_asset_id", "asset_id", "asset_id")):
        if flat not in body:
            continue
        value = body.pop(flat)
        if value is not None or not given:
            body["image"] = value if isinstance(value, LocalFile) else {"type": tag, name: value}


def _type_by_fields(body: Mapping[str, Any]) -> str:
    """Tell the kind of video by the field that only it has."""
    chosen = [kind for kind, mark in _MARKS.items() if mark in body]
    likely = likely_kind(body)
    if likely is not None and (len(chosen) == 1 or likely == CinematicVideo.tag):
        return likely
    together, missing = " and ".join(_MARKS[kind] for kind in chosen), ", ".join(_MARKS.values())
    reason = f"{together} cannot go together" if chosen else f"{missing} are all missing; give one of them"
    raise RequestInvalid([Problem("type", reason)], "VideoRequest")
