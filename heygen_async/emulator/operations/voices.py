"""Find, clone, read, list and delete voices, and have them speak."""

from collections.abc import Collection, Iterator
from hashlib import sha256

from attrs import define

from heygen_async.api.voices import (
    CloneVoice,
    CreateSpeech,
    DeletedVoice,
    DeleteVoice,
    DesignedVoices,
    DesignVoices,
    GetVoice,
    ListVoices,
    Speech,
    Voice,
    VoiceClone,
    VoiceDetail,
    WordTimestamp,
)
from heygen_async.emulator import media, views
from heygen_async.emulator.account import Speaker
from heygen_async.emulator.clerk import Clerk
from heygen_async.emulator.paging import page_of, place_of
from heygen_async.emulator.recitals import recite, within
from heygen_async.emulator.refusals import Refusal, forbidden, invalid
from heygen_async.emulator.service import Visit
from heygen_async.emulator.works import Order, Words, Work
from heygen_async.operation import Page

__all__ = ["Clone", "voices"]

voices = Clerk()

_AT_ONCE = 3
"""Voices that fit a description."""


@define(eq=False, kw_only=True)
class Clone(Work[CloneVoice]):
    """The making of a voice; the voice has the same id."""

    noun = "voice clone"
    words = Words(pending="processing", completed="complete")
    takes_slot = False

    voice: Speaker


@voices.answers(GetVoice)
async def read(visit: Visit, request: GetVoice) -> VoiceDetail:
    """Show a voice."""
    return views.voice_detail(visit, visit.account.voice(request.voice_id))


@voices.answers(ListVoices)
async def listed(visit: Visit, request: ListVoices) -> Page[Voice]:
    """Show voices: the public ones, unless the account's own are asked for."""
    found = (one for one in visit.account.voices.newest() if _wanted(one, request))
    page = page_of(found, request.limit or 20, request.token, place_of)
    return Page([views.voice(visit, one) for one in page.items], page.has_more, page.next_token)


@voices.answers(DesignVoices)
async def design(visit: Visit, request: DesignVoices) -> DesignedVoices:
    """Show three public voices: those of the language and gender that the description names, in an order of its own."""
    seed = request.seed or 0
    fitting = sorted(_fitting(visit.account.voices.values(), request), key=lambda one: _rank(one, request.prompt))
    shown = fitting[_AT_ONCE * seed :][:_AT_ONCE] if seed >= 0 else []
    return DesignedVoices([views.voice(visit, one) for one in shown], seed)


@voices.answers(CloneVoice)
async def clone(visit: Visit, request: CloneVoice) -> VoiceClone:
    """Begin to clone a voice. It costs nothing; espeak-ng speaks for it."""
    await visit.service.materials.find(request.audio, "sound", "audio")
    voice = Speaker(
        name=request.voice_name,
        language="English",
        tag=request.language or "en",
        gender="unknown",
        own=True,
        status="processing",
        created_at=visit.unix,
    )
    work = visit.undertake(Order(Clone, request, fields={"voice": voice}, then=_speaks))
    voice.id = work.id
    visit.account.voices.add(voice)
    return VoiceClone(voice.id)


@voices.answers(DeleteVoice)
async def delete(visit: Visit, request: DeleteVoice) -> DeletedVoice:
    """Delete a voice of the account's own."""
    voice = visit.account.voice(request.voice_id)
    if not voice.own:
        raise forbidden("This voice is public: it can be used, but not deleted")
    visit.account.voices.drop(voice.id)
    return DeletedVoice(voice.id)


@voices.answers(CreateSpeech)
async def speech(visit: Visit, request: CreateSpeech) -> Speech:
    """Speak a text, as an MP3."""
    voice = visit.account.voice(request.voice_id)
    if voice.engine != "starfish":
        raise invalid("voice_id", f"Voice {voice.id} does not support the engine starfish: it is of {voice.engine}")
    if not voice.usable:
        raise Refusal(400, "voice_unavailable", f"Voice {voice.id} cannot be used: it is {voice.status}")
    language = request.locale or request.language or voice.tag
    said = media.Speech(request.text, language, voice.heard_as, speed=within(0.5, request.speed, 1.5, 1.0))
    heard = await recite(visit, request, said, form="mp3")
    words = [WordTimestamp(word.word, word.start, word.end) for word in heard.words]
    return Speech(heard.link, heard.seconds, words, heard.id)


def _speaks(clone: Clone) -> None:
    """Take notice that a voice can speak, or never will."""
    clone.voice.failure = clone.failure
    clone.voice.status = "failed" if clone.failure else "complete"


def _wanted(voice: Speaker, request: ListVoices) -> bool:
    return (
        voice.own == (request.type == "private")
        and request.engine in {None, voice.engine}
        and (request.language or voice.language).lower() in {voice.language.lower(), voice.tag.lower()}
        and (request.gender or voice.gender).lower() == voice.gender
    )


def _fitting(some: Collection[Speaker], request: DesignVoices) -> Iterator[Speaker]:
    said = set(request.prompt.lower().replace(",", " ").split())
    gender = request.gender or _named(said, {"female": {"woman", "girl", "female"}, "male": {"man", "boy", "male"}})
    spoken = {voice.language.lower() for voice in some} & said
    for voice in some:
        if voice.own or (gender is not None and voice.gender != gender.lower()):
            continue
        if request.locale is not None and not _same_language(voice.tag, request.locale):
            continue
        if request.locale is not None or not spoken or voice.language.lower() in spoken:
            yield voice


def _named(said: set[str], meanings: dict[str, set[str]]) -> str | None:
    return next((word for word, names in meanings.items() if names & said), None)


def _same_language(tag: str, locale: str) -> bool:
    return tag.lower().partition("-")[0] == locale.lower().partition("-")[0]


def _rank(voice: Speaker, prompt: str) -> str:
    return sha256(f"{prompt} {voice.id}".encode()).hexdigest()
