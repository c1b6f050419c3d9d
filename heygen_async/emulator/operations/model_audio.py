"""Make voices of the account's own, read, list and delete them, and have them speak."""

from hashlib import sha256

from attrs import define, field

from heygen_async.api.model_audio import (
    CreatedModelVoice,
    CreateModelSpeech,
    DeletedModelVoice,
    DeleteModelVoice,
    GetModelVoice,
    InstantVoice,
    ListModelVoices,
    ModelSpeech,
    ModelVoice,
    ModelVoiceRequest,
    ProfessionalVoice,
)
from heygen_async.emulator import media
from heygen_async.emulator.clerk import Clerk
from heygen_async.emulator.paging import page_of, place_of
from heygen_async.emulator.recitals import recite, within
from heygen_async.emulator.refusals import Refusal, invalid
from heygen_async.emulator.service import Visit
from heygen_async.emulator.shelf import Thing
from heygen_async.emulator.wallet import SPOKEN_CHARACTER
from heygen_async.emulator.works import Order, Words, Work
from heygen_async.operation import Page

__all__ = ["OwnVoice", "VoiceTraining", "model_audio"]

model_audio = Clerk()

_MODEL = "heygen-voice-1"
_PITCH_OF_A_SEMITONE = 4.0
"""In the units of `media.Speech`, roughly."""


@define(eq=False, kw_only=True)
class VoiceTraining(Work[InstantVoice | ProfessionalVoice]):
    """The making of a voice, or of a better one."""

    noun = "voice training"
    words = Words(pending="PENDING", processing="PENDING", completed="ACTIVE", failed="FAILED")
    takes_slot = False


@define(eq=False, kw_only=True)
class OwnVoice(Thing):
    """A voice of the account's own."""

    noun = "voice"

    name: str
    mode: str
    language: str | None
    gender: media.Gender | None
    created_at: int
    """Unix seconds."""

    training: VoiceTraining = field(repr=False)
    """The last one."""


@model_audio.answers(ModelVoiceRequest)
async def create(visit: Visit, request: InstantVoice | ProfessionalVoice) -> CreatedModelVoice:
    """Begin to make a voice, or to train one anew. However short the recordings are, it becomes one."""
    known = None
    if isinstance(request, ProfessionalVoice) and request.voice_id is not None:
        known = _retrainable(visit, request.voice_id)
    for at, file in enumerate(request.audio):
        await visit.service.materials.find(file, "sound", f"audio.{at}")
    training = visit.undertake(Order(VoiceTraining, request))
    if known is not None:
        known.training = training
        return CreatedModelVoice(known.id)
    voice = OwnVoice(
        name=request.name or "",
        mode=str(request.tag),
        language=request.language,
        gender=_gender(request),
        created_at=visit.unix,
        training=training,
    )
    return CreatedModelVoice(visit.account.shelf(OwnVoice).add(voice).id)


@model_audio.answers(GetModelVoice)
async def read(visit: Visit, request: GetModelVoice) -> ModelVoice:
    """Show a voice."""
    return _view(visit, _find(visit, request.voice_id))


@model_audio.answers(ListModelVoices)
async def listed(visit: Visit, request: ListModelVoices) -> Page[ModelVoice]:
    """Show the account's own voices, the newest first."""
    page = page_of(visit.account.shelf(OwnVoice).newest(), request.limit or 10, request.token, place_of)
    return Page([_view(visit, one) for one in page.items], page.has_more, page.next_token)


@model_audio.answers(DeleteModelVoice)
async def delete(visit: Visit, request: DeleteModelVoice) -> DeletedModelVoice:
    """Delete a voice, unless it is being trained."""
    voice = visit.account.shelf(OwnVoice).find(request.voice_id)
    if voice.mode == ProfessionalVoice.tag and voice.training.ended is None:
        raise Refusal(409, "resource_not_ready", f"Voice {voice.id} is being trained; delete it afterwards")
    visit.account.shelf(OwnVoice).drop(voice.id)
    return DeletedModelVoice()


@model_audio.answers(CreateModelSpeech)
async def tts(visit: Visit, request: CreateModelSpeech) -> ModelSpeech:
    """Speak a text, as a WAV."""
    voice = _find(visit, request.voice_id)
    if request.model not in {None, _MODEL}:
        raise invalid("model", f"model must be {_MODEL}")
    _check_controls(request, voice)
    if voice.training.status(visit.now) != "ACTIVE":
        status = voice.training.status(visit.now)
        raise Refusal(400, "voice_unavailable", f"Voice {voice.id} cannot speak: it is {status}")
    said = media.Speech(
        request.text,
        request.language or voice.language or "en",
        voice.gender,
        speed=within(0.5, request.speed, 1.5, 1.0),
        pitch=within(-50, _PITCH_OF_A_SEMITONE * (request.pitch_shift or 0.0), 50, 0.0),
    )
    heard = await recite(visit, request, said, cost=SPOKEN_CHARACTER * len(request.text))
    return ModelSpeech(heard.link, heard.seconds)


def _check_controls(request: CreateModelSpeech, voice: OwnVoice) -> None:
    """Refuse what only voices of the other mode understand."""
    for_professionals = ("seed", "speed", "pitch_shift", "pitch_variance")
    foreign = for_professionals if voice.mode == InstantVoice.tag else ("expressiveness_boost",)
    for name in foreign:
        if getattr(request, name) is not None:
            raise invalid(name, f"{name} is not for {voice.mode} voices")


def _find(visit: Visit, voice_id: str) -> OwnVoice:
    return visit.account.shelf(OwnVoice).find(voice_id)


def _retrainable(visit: Visit, voice_id: str) -> OwnVoice:
    voice = _find(visit, voice_id)
    if voice.mode != ProfessionalVoice.tag:
        raise invalid("voice_id", "Only professional voices can be trained anew")
    if voice.training.ended is None:
        raise Refusal(409, "resource_not_ready", f"Voice {voice.id} is being trained already")
    return voice


def _gender(request: InstantVoice | ProfessionalVoice) -> media.Gender:
    """Return who will be heard: whom the request names, else whom the voice's name leads to."""
    if isinstance(request, InstantVoice) and request.gender is not None:
        return request.gender
    return "female" if sha256((request.name or "").encode()).digest()[0] % 2 else "male"


def _view(visit: Visit, voice: OwnVoice) -> ModelVoice:
    failure = voice.training.failure
    return ModelVoice(
        voice_id=voice.id,
        name=voice.name,
        mode=voice.mode,
        status=voice.training.status(visit.now),
        language=voice.language,
        failure_reason="TRAINING_FAILED" if failure else None,
        created_at=voice.created_at,
    )
