"""Voices: who can speak a script, found, cloned and heard alone; ``heygen.voices``.

HeyGen is leaving these behind for ``heygen.models.audio``, which has the account's own voices only. They go on working.
"""

from collections.abc import Sequence
from typing import Literal

from attrs import field, frozen

from heygen_async.api.media import SOUND, FileInput
from heygen_async.job import Job
from heygen_async.log import link_repr
from heygen_async.operation import DELETE, GET, POST, Answer, JobKind, JobRequest, PageRequest, Report, Request
from heygen_async.resource import Resource, call, pages, submit
from heygen_async.rules import IDENTIFIER, Between, Length, OneOf, rule

__all__ = [
    "CloneVoice",
    "CreateSpeech",
    "DeleteVoice",
    "DeletedVoice",
    "DesignVoices",
    "DesignedVoices",
    "GetVoice",
    "ListVoices",
    "Speech",
    "Voice",
    "VoiceClone",
    "VoiceDetail",
    "Voices",
    "WordTimestamp",
]


@frozen
class Voice(Answer):
    """A voice in a list."""

    voice_id: str
    """What a video names it by."""

    name: str = ""
    language: str = ""
    """In words, such as ``English``."""

    gender: str = ""
    type: str = ""
    """``public`` or ``private``."""

    preview_audio_url: str | None = None
    support_locale: bool = False
    """Whether `VoiceSettings.locale` changes its accent."""

    support_pause: bool = False
    """Whether it takes pauses in the script."""


@frozen
class VoiceDetail(Answer):
    """One voice, with its clone status."""

    voice_id: str
    name: str | None = None
    language: str | None = None
    gender: str | None = None
    status: str | None = None
    """``processing``, ``complete`` or ``failed`` for a clone; an open set."""

    failure_message: str | None = None
    preview_audio_url: str | None = None
    support_pause: bool = False
    support_interactive_avatar: bool = False
    created_at: int | None = None
    """Unix seconds."""


@frozen
class DesignedVoices(Answer):
    """The voices that fit a description, the best first."""

    voices: Sequence[Voice] = ()
    seed: int = 0
    """What they were asked with: the next number asks for others."""


@frozen
class VoiceClone(Answer):
    """The receipt for a clone."""

    voice_clone_id: str
    """What a video names the voice by, once it is complete."""


@frozen
class DeletedVoice(Answer):
    """The receipt for a deletion."""

    voice_id: str


@frozen
class WordTimestamp(Answer):
    """When a word is heard."""

    word: str = ""
    start: float = 0.0
    """Seconds."""

    end: float = 0.0
    """Seconds."""


@frozen
class Speech(Answer):
    """A text, spoken."""

    audio_url: str = field(default="", repr=link_repr)
    """Signed address of the sound."""

    duration: float = 0.0
    """Seconds."""

    word_timestamps: Sequence[WordTimestamp] = ()
    """When each word is heard, if HeyGen says so."""

    request_id: str | None = None


@frozen
class GetVoice(Request[VoiceDetail]):
    """One voice, with its clone status."""

    endpoint = GET("/v3/voices/{voice_id}", deprecated="heygen.models.audio.voices.get")
    voice_id: str = field(metadata=rule(IDENTIFIER))


@frozen(kw_only=True)
class ListVoices(PageRequest[Voice]):
    """The voices that can be used."""

    endpoint = GET("/v3/voices", deprecated="heygen.models.audio.voices.list")
    type: Literal["public", "private"] | None = field(default=None, metadata=rule(OneOf("public", "private")))
    """``private`` are the account's own; HeyGen's default is ``public``."""

    engine: str | None = None
    """Only those of one engine, such as ``starfish``; ``None``: of any."""

    language: str | None = None
    """In words, such as ``English``."""

    gender: str | None = None
    """``male`` or ``female``."""

    limit: int | None = field(default=None, metadata=rule(Between(1, 100, whole=True)))
    """How many per page, 1 to 100; HeyGen's default is 20."""

    token: str | None = None
    """Where to go on; the client fills it."""


@frozen(kw_only=True)
class DesignVoices(Request[DesignedVoices]):
    """Find up to three voices that fit a description. The same description and seed find the same ones."""

    endpoint = POST("/v3/voices", keyed=False, harmless=True, deprecated="heygen.models.audio.voices.create")
    prompt: str = field(metadata=rule(Length(1, 10_000)))
    """How it sounds, such as ``a calm woman who reads to children``."""

    gender: str | None = field(default=None, metadata=rule(IDENTIFIER))
    """``male`` or ``female``."""

    locale: str | None = field(default=None, metadata=rule(Length(1, 35)))
    """Such as ``en-GB``."""

    seed: int | None = None
    """0, HeyGen's default, finds the best three, 1 the next three, and so on."""


@frozen
class DeleteVoice(Request[DeletedVoice]):
    """Delete a cloned voice. The second time answers 404."""

    endpoint = DELETE("/v3/voices/{voice_id}", deprecated="heygen.models.audio.voices.delete")
    voice_id: str = field(metadata=rule(IDENTIFIER))


@frozen(kw_only=True)
class CreateSpeech(Request[Speech]):
    """Speak a text. HeyGen answers when it is spoken. $0.000667 a second, says the price list."""

    endpoint = POST("/v3/voices/speech", keyed=False, deprecated="heygen.models.audio.tts")
    text: str = field(metadata=rule(Length(1, 5000)))
    """1 to 5,000 characters."""

    voice_id: str = field(metadata=rule(IDENTIFIER))
    """One of the engine ``starfish``: ``heygen.voices.list(engine="starfish")``."""

    input_type: str | None = None
    """``text``, HeyGen's default, or ``ssml``."""

    speed: float | None = None
    """1 is the voice's own; HeyGen takes about 0.5 to 2."""

    language: str | None = field(default=None, metadata=rule(Length(1, 35)))
    """Such as ``en``; ``None``: HeyGen tells it by the text."""

    locale: str | None = field(default=None, metadata=rule(Length(1, 35)))
    """Such as ``en-GB``; it goes before `language`."""


def _report(voice: VoiceDetail) -> Report:
    """Report a voice; one that was never a clone has no status, and can be used."""
    return Report(voice.status or "complete", message=voice.failure_message, link=voice.preview_audio_url)


VOICE = JobKind("voice clone", get=GetVoice, report=_report, slot=False, has_file=False)
"""How a clone is followed."""


@frozen(kw_only=True)
class CloneVoice(JobRequest[VoiceClone, VoiceDetail]):
    """Make a voice of a recording of one. It takes no render slot."""

    endpoint = POST("/v3/voices/clone", keyed=False, deprecated="heygen.models.audio.voices.create")
    kind = VOICE
    voice_name: str = field(metadata=rule(IDENTIFIER))
    """What it is called."""

    audio: FileInput = field(metadata=rule(SOUND))
    """The recording."""

    language: str | None = field(default=None, metadata=rule(Length(1, 35)))
    """Such as ``en``; ``None``: HeyGen tells it by the recording."""

    remove_background_noise: bool | None = None
    """HeyGen's default is to remove it."""

    @staticmethod
    def job_id(receipt: VoiceClone) -> str:
        """Find the voice's id."""
        return receipt.voice_clone_id


class Voices(Resource):
    """``heygen.voices``: choose who speaks, clone a voice, and hear a text alone."""

    get = call(GetVoice)
    create = call(DesignVoices)
    clone = submit(CloneVoice)
    speech = call(CreateSpeech)
    delete = call(DeleteVoice)
    list = pages(ListVoices)

    def job(self, voice_clone_id: str) -> Job[VoiceDetail]:
        """Pick up a clone by its id, in this process or another. Asks nobody before it is awaited.

        Raises `RequestInvalid` for what cannot be an id.
        """
        return self._wire.job(VOICE, voice_clone_id)
