"""Translate videos: one work for each language, re-voiced in it."""

from functools import partial

from attrs import define, evolve

from heygen_async.api.batches import Batch, BulkStatus, CreatedBatch
from heygen_async.api.deletions import Deleted
from heygen_async.api.proofreads import GenerateProofread
from heygen_async.api.translated import GetVideoTranslation, GetVideoTranslationStatuses, VideoTranslation
from heygen_async.api.video_translations import (
    CreatedVideoTranslations,
    CreateVideoTranslation,
    CreateVideoTranslationBatch,
    DeleteVideoTranslation,
    GetTranslationLanguages,
    GetVideoTranslationBatch,
    ListVideoTranslations,
    StockVoices,
    TranslationLanguages,
    UpdateVideoTranslation,
)
from heygen_async.emulator import media, series
from heygen_async.emulator.cabinet import filed
from heygen_async.emulator.clerk import Clerk
from heygen_async.emulator.dubbing import FILES, captions_of, check_glossary, follows_voice, part_of, price, sound_of
from heygen_async.emulator.footage import Making, treating
from heygen_async.emulator.languages import LANGUAGES, language
from heygen_async.emulator.paging import page_of, place_of
from heygen_async.emulator.refusals import forbidden
from heygen_async.emulator.service import Visit
from heygen_async.emulator.sources import path_of
from heygen_async.emulator.wallet import AUDIO_TRANSLATION, DUBBING
from heygen_async.emulator.works import Order, Words, Work
from heygen_async.operation import Page

__all__ = ["TranslationWork", "making_of", "rate", "translations"]

translations = Clerk()


@define(eq=False, kw_only=True)
class TranslationWork(Work[CreateVideoTranslation | GenerateProofread]):
    """A video in one language."""

    noun = "video translation"
    missing = "resource_not_found"
    words = Words(processing="running")

    title: str | None
    input_language: str
    output_language: str
    audio_only: bool
    """Whether only its sound is shown."""


@translations.answers(CreateVideoTranslation)
async def create(visit: Visit, request: CreateVideoTranslation) -> CreatedVideoTranslations:
    """Begin all languages, or none."""
    orders = [await order(visit, (request, name)) for name in request.output_languages]
    return CreatedVideoTranslations([work.id for work in visit.service.undertake(visit.path, *orders)])


async def order(visit: Visit, item: tuple[CreateVideoTranslation, str]) -> Order[TranslationWork]:
    """Look up all that a language of a request needs. Raises `Refusal`."""
    request, spoken = filed(visit.account, item[0]), language(item[1])
    check_glossary(visit, request)
    part = await part_of(visit, request)
    voice = _voice(visit, request.stock_voice_config, spoken)
    sound, seconds = await sound_of(visit, request, request.audio, part)
    captions = await captions_of(visit, request.srt)
    treatment = media.Revoice(
        source=path_of(part.video),
        start=part.start,
        end=part.end,
        voice=sound or voice,
        srt=None if request.srt_role == "input" else captions,
        dynamic=follows_voice(request),
        captions=True,
    )
    audio_only = bool(request.translate_audio_only)
    fields = {"title": request.title, "input_language": request.input_language or "English"}
    return Order(
        TranslationWork,
        request,
        cost=price(rate(request.mode, audio_only=audio_only), seconds),
        making=making_of(treatment, seconds, spoken),
        fields=fields | {"output_language": spoken, "audio_only": audio_only},
    )


def rate(mode: str | None, *, audio_only: bool) -> float:
    """Return US dollars for a second."""
    return AUDIO_TRANSLATION if audio_only else DUBBING[mode or "speed"]


def making_of(treatment: media.Revoice, seconds: float, spoken: str) -> Making:
    """Say how the files of a translation come about; seconds are rough."""
    making = treating(treatment, seconds, **FILES, sound=".mp3", vtt=".vtt")
    return evolve(making, subtitles=lambda: treatment.srt or media.sample_subtitles(spoken, seconds))


@translations.answers(GetVideoTranslation)
async def read(visit: Visit, request: GetVideoTranslation) -> VideoTranslation:
    """Show a translation."""
    work = visit.account.shelf(TranslationWork).find(request.video_translation_id)
    shown = _shown(visit, work)
    work.looked_at(visit.now)
    return shown


@translations.answers(UpdateVideoTranslation)
async def update(visit: Visit, request: UpdateVideoTranslation) -> VideoTranslation:
    """Rename a translation."""
    work = visit.account.shelf(TranslationWork).find(request.video_translation_id)
    work.title = request.title
    return _shown(visit, work)


@translations.answers(DeleteVideoTranslation)
async def delete(visit: Visit, request: DeleteVideoTranslation) -> Deleted:
    """Delete a translation."""
    work = visit.account.shelf(TranslationWork).find(request.video_translation_id)
    visit.account.drop(work, visit.now)
    return Deleted(work.id)


@translations.answers(ListVideoTranslations)
async def listed(visit: Visit, request: ListVideoTranslations) -> Page[VideoTranslation]:
    """Show translations, the newest first."""
    page = page_of(visit.account.shelf(TranslationWork).newest(), request.limit or 10, request.token, place_of)
    return Page([_shown(visit, work) for work in page.items], page.has_more, page.next_token)


@translations.answers(GetTranslationLanguages)
async def languages(_: Visit, __: GetTranslationLanguages) -> TranslationLanguages:
    """Show what there is to translate into."""
    return TranslationLanguages(LANGUAGES)


@translations.answers(GetVideoTranslationStatuses)
async def statuses(visit: Visit, request: GetVideoTranslationStatuses) -> Page[BulkStatus]:
    """Show the statuses of translations, and of all items of batches."""
    return series.statuses(visit, TranslationWork, request.video_translation_ids, request.batch_ids)


@translations.answers(CreateVideoTranslationBatch)
async def create_batch(visit: Visit, request: CreateVideoTranslationBatch) -> CreatedBatch:
    """Begin many: each language of each video is an item."""
    items = [(one, name) for one in request.video_translations for name in one.output_languages]
    begun = await series.begin(
        visit, TranslationWork, items, partial(order, visit), title=request.title, callback_url=request.callback_url
    )
    return series.created(begun)


@translations.answers(GetVideoTranslationBatch)
async def read_batch(visit: Visit, request: GetVideoTranslationBatch) -> Batch:
    """Show a batch."""
    return series.shown(visit, TranslationWork, request.batch_id, request.limit, request.token)


def _shown(visit: Visit, work: TranslationWork) -> VideoTranslation:
    return VideoTranslation(
        id=work.id,
        status=work.status(visit.now),
        title=work.title,
        input_language=work.input_language,
        output_language=work.output_language,
        translate_audio_only=work.audio_only,
        duration=work.duration(visit.now),
        video_url=None if work.audio_only else visit.file(work, "video"),
        audio_url=visit.file(work, "sound"),
        srt_caption_url=visit.file(work, "subtitles"),
        vtt_caption_url=visit.file(work, "vtt"),
        callback_id=work.request.callback_id,
        created_at=work.created_at,
        failure_message=work.failure.message if work.failure else None,
    )


def _voice(visit: Visit, wanted: StockVoices | None, spoken: str) -> media.Speech:
    """Choose who speaks: the voice of the video is not cloned, so it is one of espeak-ng's in any case."""
    if wanted is None or not wanted.use_stock_voice:
        return media.Speech("", language=spoken)
    if not visit.service.casting.enterprise:
        raise forbidden("Stock voices are for enterprise accounts")
    speakers = [visit.account.voice(voice_id) for voice_id in wanted.preferred_stock_voice_ids or ()]
    return media.Speech("", language=spoken, gender=speakers[0].heard_as if speakers else "female")
