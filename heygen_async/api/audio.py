"""Audio: music and sound effects that can be used in videos, and ``heygen.audio``."""

from typing import Literal

from attrs import field, frozen

from heygen_async.operation import GET, Answer, PageRequest
from heygen_async.resource import Resource, pages
from heygen_async.rules import Between, Length, OneOf, rule

__all__ = ["Audio", "ListSounds", "Sound", "Sounds"]


@frozen
class Sound(Answer):
    """A piece of music or a sound effect."""

    id: str
    name: str = ""
    description: str = ""
    audio_url: str = ""
    """Where it can be heard, and what a video takes as its sound."""

    duration: float | None = None
    """Seconds."""

    score: float = 0.0
    """How well it fits the query; 1 is perfect."""

    type: str = ""
    """``music`` or ``sound_effects``."""

    placement: str | None = None
    """Where in a video it fits, in HeyGen's words."""

    peak_offset: float | None = None
    """The second in which it is loudest."""


@frozen(kw_only=True)
class ListSounds(PageRequest[Sound]):
    """Music or sound effects that fit a description, the best first."""

    endpoint = GET("/v3/audio/sounds")
    query: str = field(metadata=rule(Length(1, 10_000)))
    """What to hear, in words: ``calm piano``."""

    type: Literal["music", "sound_effects"] | None = field(default=None, metadata=rule(OneOf("music", "sound_effects")))
    """HeyGen's default is ``music``."""

    min_score: float | None = field(default=None, metadata=rule(Between(-1, 1)))
    """Only what fits at least so well, up to 1; HeyGen's default is 0.7."""

    limit: int | None = field(default=None, metadata=rule(Between(1, 50, whole=True)))
    """How many per page, 1 to 50; HeyGen's default is 10."""

    token: str | None = None
    """Where to go on; the client fills it."""


class Sounds(Resource):
    """``heygen.audio.sounds``: find music and sound effects."""

    list = pages(ListSounds)


class Audio(Resource):
    """``heygen.audio``: sounds for videos."""

    @property
    def sounds(self) -> Sounds:
        """Music and sound effects."""
        return Sounds(self._wire)
