"""What is said: a script and a voice, or a sound file."""

from collections.abc import Iterator
from typing import ClassVar, Literal, get_args

from attrs import field, frozen

from heygen_async.api.media import SOUND, Address, LocalFile
from heygen_async.errors import Problem
from heygen_async.operation import Body
from heygen_async.rules import IDENTIFIER, Between, Length, OneOf, rule

__all__ = ["ElevenLabs", "Fish", "Spoken", "Starfish", "VoiceSettings"]

ElevenLabsModel = Literal["eleven_multilingual_v2", "eleven_turbo_v2_5", "eleven_flash_v2_5", "eleven_v3", "eleven_v4"]


@frozen(kw_only=True)
class ElevenLabs(Body):
    """Settings of a voice of ElevenLabs; rejected for other voices."""

    tag: ClassVar[str] = "elevenlabs"
    tag_name: ClassVar[str] = "engine_type"
    model: ElevenLabsModel | None = field(default=None, metadata=rule(OneOf(*get_args(ElevenLabsModel))))
    similarity_boost: float | None = field(default=None, metadata=rule(Between(0, 1)))
    """How close to the recorded voice it stays, 0 to 1."""

    stability: float | None = field(default=None, metadata=rule(Between(0, 1)))
    """How even it sounds, 0 to 1; with ``eleven_v3`` 0, 0.5 or 1."""

    style: float | None = field(default=None, metadata=rule(Between(0, 1)))
    """How much of the speaker's manner is stressed, 0 to 1."""

    use_speaker_boost: bool | None = None
    """Whether the likeness to the speaker is raised."""

    def cross_check(self) -> Iterator[Problem]:
        """Check what ``eleven_v3`` asks of the stability."""
        if self.model == "eleven_v3" and self.stability not in {None, 0, 0.5, 1}:
            yield Problem("stability", "must be 0, 0.5 or 1 with the model eleven_v3")


@frozen(kw_only=True)
class Fish(Body):
    """Settings of a voice of Fish Audio; rejected for other voices."""

    tag: ClassVar[str] = "fish"
    tag_name: ClassVar[str] = "engine_type"
    model: Literal["s1", "s2-pro"] | None = field(default=None, metadata=rule(OneOf("s1", "s2-pro")))
    similarity: float | None = field(default=None, metadata=rule(Between(0, 1)))
    """How close to the recorded voice it stays, 0 to 1."""

    stability: float | None = field(default=None, metadata=rule(Between(0, 1)))
    """How even it sounds, 0 to 1."""


@frozen
class Starfish(Body):
    """HeyGen's own voice engine, which has no settings."""

    tag: ClassVar[str] = "starfish"
    tag_name: ClassVar[str] = "engine_type"


@frozen(kw_only=True)
class VoiceSettings(Body):
    """How a voice speaks. ``None`` leaves a setting to HeyGen."""

    speed: float | None = field(default=None, metadata=rule(Between(0.5, 1.5)))
    """0.5 to 1.5; HeyGen's default is 1."""

    pitch: float | None = field(default=None, metadata=rule(Between(-50, 50)))
    """-50 to 50; HeyGen's default is 0."""

    volume: float | None = field(default=None, metadata=rule(Between(0, 1)))
    """0 to 1; HeyGen's default is 1."""

    locale: str | None = field(default=None, metadata=rule(Length(1, 35)))
    """Accent, such as ``en-GB``, for voices that support it."""

    engine_settings: ElevenLabs | Fish | Starfish | None = None
    """Settings of the engine behind the voice."""


@frozen(kw_only=True)
class Spoken(Body):
    """Where the words come from: a script and its voice, or one sound file. Never both."""

    needs_voice: ClassVar[bool] = True
    """Whether a script needs `voice_id`; an avatar can bring a default voice."""

    needs_sound: ClassVar[bool] = True
    """Whether there must be words at all."""

    script: str | None = field(default=None, metadata=rule(Length(1, 5000)))
    """What is said, 1 to 5,000 characters."""

    voice_id: str | None = field(default=None, metadata=rule(IDENTIFIER))
    """Who says it; from `Voices.list`."""

    audio_url: str | LocalFile | None = field(default=None, metadata=rule(Address(SOUND)))
    """A sound instead of a script, up to 10 minutes: an address, or a `LocalFile`."""

    audio_asset_id: str | None = field(default=None, metadata=rule(IDENTIFIER))
    """An uploaded sound instead of a script."""

    voice_settings: VoiceSettings | None = None
    """How the voice speaks."""

    def cross_check(self) -> Iterator[Problem]:
        """Check that there is exactly one source of sound, and a voice for a script that needs one."""
        names = ("script", "audio_url", "audio_asset_id")
        given = [name for name in names if getattr(self, name) is not None]
        if len(given) > 1:
            yield Problem(given[0], f"cannot go together with {' and '.join(given[1:])}; use one of {', '.join(names)}")
        if not given and self.needs_sound:
            yield Problem("script", f"is missing; one of {', '.join(names)} is needed")
        if given == ["script"] and self.needs_voice and self.voice_id is None:
            yield Problem("voice_id", "is required with a script")


Expressiveness = Literal["high", "medium", "low"]
EXPRESSIVENESS = OneOf("high", "medium", "low")
