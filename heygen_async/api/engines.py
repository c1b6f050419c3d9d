"""HeyGen's render engines, and what each refuses."""

from collections.abc import Iterator
from typing import ClassVar

from attrs import field, frozen

from heygen_async.errors import Problem
from heygen_async.operation import Body
from heygen_async.rules import IDENTIFIER, rule

__all__ = ["AvatarIII", "AvatarIV", "AvatarV", "Engine", "engine_problems"]


@frozen
class AvatarIII(Body):
    """The oldest engine: no motion prompt, no expressiveness, not for a bare image."""

    tag: ClassVar[str] = "avatar_iii"


@frozen
class AvatarIV(Body):
    """HeyGen's default engine."""

    tag: ClassVar[str] = "avatar_iv"


@frozen(kw_only=True)
class AvatarV(Body):
    """The newest engine."""

    tag: ClassVar[str] = "avatar_v"
    reference_look_id: str | None = field(default=None, metadata=rule(IDENTIFIER))
    """A digital twin's look of the same group, to move like."""


Engine = AvatarV | AvatarIV | AvatarIII
"""Which of HeyGen's engines renders; the look says which it supports (`AvatarLook.supported_api_engines`)."""


def engine_problems(engine: Engine | None, motion_prompt: str | None, expressiveness: str | None) -> Iterator[Problem]:
    """Check what engines refuse whatever the look is."""
    if isinstance(engine, AvatarIII) and motion_prompt is not None:
        yield Problem("motion_prompt", "is not supported by the engine avatar_iii")
    if engine is not None and not isinstance(engine, AvatarIV) and expressiveness is not None:
        yield Problem("expressiveness", "is supported by the engine avatar_iv only")
