"""What a user most likely mixed up, when HeyGen refuses an id.

The commonest mistake of HeyGen's users is to send a person's id (an avatar group's) where a look's belongs, or the
reverse: both are 32 hexadecimal characters, both are called avatar here and there, and HeyGen only says that there is
no such avatar (https://developers.heygen.com/docs/avatars).
"""

from collections.abc import Iterator, Sequence
from typing import Any

import attrs

from heygen_async.operation import Request

__all__ = ["hint_for"]

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

_CODES = {"avatar_not_found": _LOOKS, "avatar_group_not_found": _GROUPS, "voice_not_found": ("voice_id",)}


def hint_for(request: "Request[Any] | None", code: str, param: str | None, message: str) -> str:
    """Say which id was wanted and how to find it, where HeyGen's refusal is about one; else nothing."""
    named = (param or "").rpartition(".")[2]
    if named in _MIXED_UP:
        suspects: Sequence[str] = [named] if code in _CODES or "not found" in message.lower() else []
    else:
        suspects = _CODES.get(code, ())
    given = set(_names(request))
    return next((_MIXED_UP[name].format(name) for name in suspects if name in given), "")


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
