"""What a user most likely mixed up, when HeyGen refuses an id.

The commonest mistake of HeyGen's users is to send a person's id (an avatar group's) where a look's belongs, or the
reverse: both are 32 hexadecimal characters, both are called avatar here and there, and HeyGen only says that there is
no such avatar (https://developers.heygen.com/docs/avatars).
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import attrs

from heygen_async.errors import APIError, Conflict, NotFound
from heygen_async.operation import Request

__all__ = ["hint_for", "hint_for_failure", "hint_for_repeated", "hint_for_unknown"]

_LOOKS = ("avatar_id", "look_id", "reference_look_id")
_GROUPS = ("group_id", "avatar_group_id")

_MIXED_UP = {
    **dict.fromkeys(
        _LOOKS,
        "{} wants the id of a look, not that of a person (a group): list a person's looks with "
        "heygen.avatars.looks.list(group_id=…)",
    ),
    **dict.fromkeys(
        _GROUPS,
        "{} wants the id of a person (a group), not that of a look: list the persons with heygen.avatars.list(), or "
        "take AvatarLook.group_id",
    ),
    "voice_id": "{} wants the id of a voice: list them with heygen.voices.list(), or heygen.models.audio.voices.list()",
}

_CODES: Mapping[str, Sequence[str]] = {
    "avatar_not_found": _LOOKS,
    "avatar_group_not_found": _GROUPS,
    "voice_not_found": ("voice_id",),
}
_WORDS: Mapping[str, Sequence[str]] = {"avatar not found": _LOOKS, "voice not found": ("voice_id",)}
"""How the messages of a general code begin."""


def hint_for(request: "Request[Any] | None", code: str, param: str | None, message: str) -> str:
    """Say which id was wanted and how to find it, where HeyGen's refusal is about one; else nothing."""
    named = (param or "").rpartition(".")[2]
    if named in _MIXED_UP:
        suspects: Sequence[str] = [named] if code in _CODES or "not found" in message.lower() else []
    else:
        suspects = _CODES.get(code, ())
    given = set(_names(request))
    return next((_MIXED_UP[name].format(name) for name in suspects if name in given), "")


def hint_for_repeated(request: "Request[Any]", error: APIError) -> str:
    """Say that an earlier try, whose answer was lost, may be why HeyGen refuses its repetition; else nothing."""
    if request.endpoint.method == "DELETE" and isinstance(error, NotFound):
        return "An earlier try of this call got no answer: most likely that one has deleted it"
    if request.endpoint.method in {"PUT", "PATCH"} and isinstance(error, Conflict) and error.code.startswith("stale"):
        return "An earlier try of this call got no answer, and may have made the change: read it again and compare"
    return ""


def hint_for_failure(request: "Request[Any] | None", code: str | None, message: str | None) -> str:
    """Say which id was wanted, where that is why a job has failed: an item of a batch, mostly.

    `request` is what started it; ``None``: it was picked up, and only HeyGen's words can tell.
    """
    words = (message or "").lower()
    found = (suspects for start, suspects in _WORDS.items() if words.startswith(start))
    suspects = _CODES.get((code or "").lower()) or next(found, ())
    given = suspects if request is None else set(_names(request))
    return next((_MIXED_UP[name].format(name) for name in suspects if name in given), "")


def hint_for_unknown(asked: "Request[Any]") -> str:
    """Say which id was wanted to pick a job up, where it is one of those that are mixed up; else nothing."""
    return next((_MIXED_UP[name].format(name) for name in asked.endpoint.path_fields if name in _MIXED_UP), "")


def _names(value: Any) -> Iterator[str]:
    """List the fields that are set in a request, and in its parts."""
    if isinstance(value, Sequence) and not isinstance(value, str):
        for item in value:
            yield from _names(item)
    elif attrs.has(type(value)):
        for at in attrs.fields(type(value)):
            if (inner := getattr(value, at.name, None)) is not None:
                yield at.name
                yield from _names(inner)
