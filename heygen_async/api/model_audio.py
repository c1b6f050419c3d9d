"""HeyGen Voice: speech by the account's own voices, and how to make them; ``heygen.models.audio``."""

from collections.abc import Iterator, Sequence
from typing import ClassVar, Literal

from attrs import field, frozen

from heygen_async.api.media import SOUND, FileInput, LocalFile
from heygen_async.errors import Problem
from heygen_async.job import Job
from heygen_async.log import link_repr
from heygen_async.operation import DELETE, GET, POST, Answer, JobKind, JobRequest, PageRequest, Report, Request
from heygen_async.resource import Resource, call, pages
from heygen_async.rules import IDENTIFIER, Between, Count, Length, OneOf, rule

__all__ = [
    "CreateModelSpeech",
    "CreatedModelVoice",
    "DeleteModelVoice",
    "DeletedModelVoice",
    "GetModelVoice",
    "InstantVoice",
    "ListModelVoices",
    "ModelAudio",
    "ModelSpeech",
    "ModelVoice",
    "ModelVoiceRequest",
    "ModelVoices",
    "ProfessionalVoice",
]

LANGUAGE = Length(1, 35)

_TRAINING_BYTES = 3 * 2**29
"""Of the recordings of a professional voice, all of them together: 1.5 GB."""


@frozen
class ModelSpeech(Answer):
    """A text, spoken: a mono WAV file of 44.1 kHz."""

    audio_url: str = field(default="", repr=link_repr)
    """Signed address of the sound."""

    duration: float = 0.0
    """Seconds."""


@frozen
class ModelVoice(Answer):
    """A voice of the account's own."""

    voice_id: str
    name: str = ""
    mode: str = ""
    """``professional`` or ``instant``; an open set."""

    status: str = ""
    """``PENDING``, ``ACTIVE`` (it can speak) or ``FAILED``; an open set."""

    language: str | None = None
    """Such as ``en``."""

    failure_reason: str | None = None
    """Such as ``INSUFFICIENT_AUDIO``."""

    created_at: int | None = None
    """Unix seconds."""


@frozen
class CreatedModelVoice(Answer):
    """The receipt for a voice."""

    voice_id: str


@frozen
class DeletedModelVoice(Answer):
    """The receipt for a deletion."""

    status: str = "ok"


@frozen(kw_only=True)
class CreateModelSpeech(Request[ModelSpeech]):
    """Speak a text with an own voice. HeyGen answers when it is spoken; it takes 30 calls a minute.

    $15 for a million characters, says the price list. `Timeouts.write` has to be long enough for long texts.
    """

    endpoint = POST("/v3/models/audio/tts", keyed=False, since="2026-10")
    voice_id: str = field(metadata=rule(IDENTIFIER))
    """An active one of `ModelVoices.list`."""

    text: str = field(metadata=rule(Length(1, 100_000)))
    """Plain text. A professional voice understands pauses: ``<break time="0.5s"/>``, up to 5 seconds each."""

    model: str | None = None
    """``heygen-voice-1``, HeyGen's default and only one."""

    language: str | None = field(default=None, metadata=rule(LANGUAGE))
    """Such as ``en``; ``None``: HeyGen tells it by the text."""

    expressiveness_boost: float | None = field(default=None, metadata=rule(Between(0, 1)))
    """For instant voices: 0 to 1, HeyGen's default."""

    speed: float | None = None
    """For professional voices: 1 is the voice's own, 2 is twice as fast."""

    pitch_shift: float | None = None
    """For professional voices: semitones up or down."""

    pitch_variance: float | None = None
    """For professional voices: 1 is the voice's own liveliness, less is flatter."""

    seed: int | None = None
    """For professional voices: the same one speaks nearly the same way again."""


@frozen
class GetModelVoice(Request[ModelVoice]):
    """One own voice, and whether it can speak."""

    endpoint = GET("/v3/models/audio/voices/{voice_id}", since="2026-10")
    voice_id: str = field(metadata=rule(IDENTIFIER))


@frozen(kw_only=True)
class ListModelVoices(PageRequest[ModelVoice]):
    """The account's own voices, newest first."""

    endpoint = GET("/v3/models/audio/voices", since="2026-10")
    limit: int | None = field(default=None, metadata=rule(Between(1, 100, whole=True)))
    """How many per page, 1 to 100; HeyGen's default is 10."""

    token: str | None = None
    """Where to go on; the client fills it."""


@frozen
class DeleteModelVoice(Request[DeletedModelVoice]):
    """Delete an own voice. The second time answers 404. A professional one has to be trained first."""

    endpoint = DELETE("/v3/models/audio/voices/{voice_id}", since="2026-10")
    voice_id: str = field(metadata=rule(IDENTIFIER))


def _report(voice: ModelVoice) -> Report:
    return Report(voice.status, voice.failure_reason)


MODEL_VOICE = JobKind("voice", get=GetModelVoice, report=_report, slot=False, has_file=False)
"""How a voice is followed until it can speak."""


@frozen(kw_only=True)
class _Creation(JobRequest[CreatedModelVoice, ModelVoice]):
    """What both modes share."""

    endpoint = POST("/v3/models/audio/voices", status=202, since="2026-10")
    kind = MODEL_VOICE
    tag_name: ClassVar[str] = "mode"

    @staticmethod
    def job_id(receipt: CreatedModelVoice) -> str:
        """Find the voice's id."""
        return receipt.voice_id


@frozen(kw_only=True)
class InstantVoice(_Creation):
    """Make a voice of one short recording. It costs nothing, and can speak soon."""

    tag: ClassVar[str] = "instant"
    name: str = field(metadata=rule(IDENTIFIER))
    audio: Sequence[FileInput] = field(metadata=rule(Count(1, 1, SOUND)))
    """The recording, as a list of one."""

    language: str | None = field(default=None, metadata=rule(LANGUAGE))
    """Such as ``en``; ``None``: HeyGen tells it by the recording."""

    gender: Literal["male", "female"] | None = field(default=None, metadata=rule(OneOf("male", "female")))
    age: Literal["young", "old"] | None = field(default=None, metadata=rule(OneOf("young", "old")))
    remove_background_noise: bool | None = None
    """HeyGen's default is to remove it."""

    similarity: Literal["medium", "high", "mel", "extra_high", "max"] | None = field(
        default=None, metadata=rule(OneOf("medium", "high", "mel", "extra_high", "max"))
    )
    """How closely it keeps to the recording; HeyGen's default is ``extra_high``."""


@frozen(kw_only=True)
class ProfessionalVoice(_Creation):
    """Train a voice with long recordings of one person, or train one anew. The account needs a slot for each."""

    tag: ClassVar[str] = "professional"
    audio: Sequence[FileInput] = field(metadata=rule(Count(1, 1000, SOUND)))
    """At least 20 minutes and at most 1.5 GB, all of them together."""

    name: str | None = field(default=None, metadata=rule(IDENTIFIER))
    """Of a new voice; one that is trained anew keeps its own."""

    language: str | None = field(default=None, metadata=rule(LANGUAGE))
    """Of a new voice, such as ``en``."""

    voice_id: str | None = field(default=None, metadata=rule(IDENTIFIER))
    """Train this one anew; ``None`` makes a new one."""

    def cross_check(self) -> Iterator[Problem]:
        """Check that a new voice has a name, and how much those recordings are that are on this machine."""
        yield from super().cross_check()
        size = sum(file.size for file in self.audio if isinstance(file, LocalFile))
        if size > _TRAINING_BYTES:
            yield Problem("audio", f"has {size:,} bytes in all; HeyGen takes at most {_TRAINING_BYTES:,}")
        if self.name is None and self.voice_id is None:
            yield Problem("name", "is needed for a new voice; voice_id trains one anew")


ModelVoiceRequest = InstantVoice | ProfessionalVoice
"""Whatever a voice can be made of."""


class ModelVoices(Resource):
    """``heygen.models.audio.voices``: the account's own voices."""

    get = call(GetModelVoice)
    delete = call(DeleteModelVoice)
    list = pages(ListModelVoices)

    async def create(self, request: ModelVoiceRequest, *, idempotency_key: str | None = None) -> Job[ModelVoice]:
        """Make a voice; the job ends when it can speak. It takes no render slot.

        `request`: an `InstantVoice` or a `ProfessionalVoice`; ``help()`` of each lists its fields with
        their bounds. A `LocalFile` in it is uploaded before. `idempotency_key`: 1 to 255 characters of
        ``A-Z a-z 0-9 _ - : .``; ``None`` makes one. Raises as `Videos.create` does, and its job as
        those do.
        """
        return await self._wire.submit(request, idempotency_key=idempotency_key)

    def job(self, voice_id: str) -> Job[ModelVoice]:
        """Pick up a voice that is being made, in this process or another. Asks nobody before it is awaited.

        Raises `RequestInvalid` for what cannot be an id.
        """
        return self._wire.job(MODEL_VOICE, voice_id)


class ModelAudio(Resource):
    """``heygen.models.audio``: speech, and the voices for it."""

    tts = call(CreateModelSpeech)

    @property
    def voices(self) -> ModelVoices:
        """The account's own voices."""
        return ModelVoices(self._wire)
