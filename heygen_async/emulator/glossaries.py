"""Brand glossaries: what the account has of them, and how they change what is heard."""

import re
from collections.abc import Sequence
from typing import TypeVar

import attrs
from attrs import define

from heygen_async.api.brand_glossaries import ForcedTranslation, KeptTerm, Pronunciation
from heygen_async.api.scenes import AvatarScene, Scene
from heygen_async.api.speech import Spoken
from heygen_async.api.videos import CinematicVideo, StudioVideo, VideoRequest
from heygen_async.emulator.account import Account
from heygen_async.emulator.shelf import Thing

__all__ = ["Glossary", "as_spoken"]

P = TypeVar("P", bound=Spoken)

_LONGEST = 5000
"""Characters of a script."""


@define(eq=False, kw_only=True)
class Glossary(Thing):
    """A brand glossary."""

    noun = "brand glossary"
    missing = "resource_not_found"

    name: str
    terms: Sequence[Pronunciation] = ()
    forced_translations: Sequence[ForcedTranslation] = ()
    do_not_translate_terms: Sequence[KeptTerm] = ()
    created_at: str
    """ISO 8601."""

    updated_at: str
    """ISO 8601."""

    def respelled(self, script: str) -> str:
        """Return a script as its voice reads it."""
        spoken = {one.term.lower(): one.pronunciation for one in self.terms}
        if not spoken:
            return script
        longest_first = sorted(spoken, key=len, reverse=True)
        pattern = "|".join(rf"(?<!\w){re.escape(term)}(?!\w)" for term in longest_first)
        read = re.sub(pattern, lambda found: spoken[found[0].lower()], script, flags=re.IGNORECASE)
        return read[:_LONGEST]


def as_spoken(account: Account, request: VideoRequest) -> VideoRequest:
    """Return a request with its scripts as they are read, after its glossary. Raises `Refusal` (404).

    Captions keep the spelling at HeyGen. Here they are written from what is read: a video with captions is read as it
    is written.
    """
    if isinstance(request, CinematicVideo) or request.brand_glossary_id is None:
        return request
    glossary = account.shelf(Glossary).find(request.brand_glossary_id)
    if request.caption is not None:
        return request
    if isinstance(request, StudioVideo):
        return attrs.evolve(request, scenes=[_scene(scene, glossary) for scene in request.scenes])
    return _read(request, glossary)


def _scene(scene: Scene, glossary: Glossary) -> Scene:
    if isinstance(scene, AvatarScene):
        return attrs.evolve(scene, input=_read(scene.input, glossary))
    return _read(scene, glossary)


def _read(part: P, glossary: Glossary) -> P:
    script = None if part.script is None else glossary.respelled(part.script)
    return part if script is None else attrs.evolve(part, script=script)
