"""Video translations: a video that speaks other languages, one translation for each, and `heygen.video_translations`.

Fields are those of https://developers.heygen.com/reference/create-video-translation.
"""

from collections.abc import Iterator, Sequence
from typing import Literal

from attrs import field, frozen

from heygen_async.api.batches import Batches, CreatedBatch, GetBatch, batch, item_kind, item_names, misplaced
from heygen_async.api.deletions import Deleted
from heygen_async.api.dubbing import LANGUAGES, TITLE, DubbedVideo, Translating
from heygen_async.api.media import SOUND, UrlOrAsset
from heygen_async.api.proofreads import Proofreads
from heygen_async.api.translated import (
    VIDEO_TRANSLATION,
    GetVideoTranslation,
    GetVideoTranslationStatuses,
    VideoTranslation,
    VideoTranslationJob,
)
from heygen_async.errors import Problem
from heygen_async.operation import (
    DELETE,
    GET,
    PATCH,
    POST,
    Answer,
    Body,
    JobRequest,
    Keyed,
    PageRequest,
    Request,
    unread,
)
from heygen_async.resource import Resource, call, pages, submit_all
from heygen_async.rules import IDENTIFIER, Between, Count, Length, OneOf, Web, rule

__all__ = [
    "CreateVideoTranslation",
    "CreateVideoTranslationBatch",
    "CreatedVideoTranslations",
    "DeleteVideoTranslation",
    "GetTranslationLanguages",
    "GetVideoTranslationBatch",
    "ListVideoTranslations",
    "StockVoices",
    "TranslationLanguages",
    "UpdateVideoTranslation",
    "VideoTranslationBatches",
    "VideoTranslations",
]


@frozen
class CreatedVideoTranslations(Answer):
    """The receipt for translations."""

    video_translation_ids: Sequence[str] = ()
    """One for each language, in the order they were asked for."""


@frozen
class TranslationLanguages(Answer):
    """What videos can be translated into."""

    languages: Sequence[str] = ()
    """Names, such as ``German`` or ``Spanish (Spain)``."""


@frozen(kw_only=True)
class StockVoices(Body):
    """Voices of HeyGen's instead of the speaker's own, for enterprise accounts."""

    use_stock_voice: bool | None = None
    """HeyGen's default is no: the voice of the video is cloned."""

    preferred_stock_voice_ids: Sequence[str] | None = None
    """Which of them; ``None``: HeyGen chooses."""


@frozen(kw_only=True)
class CreateVideoTranslation(Translating, DubbedVideo, JobRequest[CreatedVideoTranslations, VideoTranslation]):
    """Translate a video, into each language as a job of its own; charged by the second.

    Waits for a render slot first; each further language takes one as well. A `LocalFile` is uploaded before, once per
    client. `Job.download` brings the video, or the sound where only that was translated.
    """

    endpoint = POST("/v3/video-translations")
    kind = VIDEO_TRANSLATION
    input_language: str | None = field(default=None, metadata=rule(IDENTIFIER))
    """What is spoken in the video; ``None``: HeyGen listens."""

    translate_audio_only: bool | None = None
    """Whether only the sound is translated and the picture stays; HeyGen's default is no."""

    audio: UrlOrAsset | None = field(default=None, metadata=rule(SOUND))
    """A sound of yours for the video."""

    fps_mode: Literal["vfr", "cfr", "passthrough"] | None = field(
        default=None, metadata=rule(OneOf("vfr", "cfr", "passthrough"))
    )
    """Frames at a variable or a constant rate, or as in the source; counts only with `audio`."""

    srt_role: Literal["input", "output"] | None = field(default=None, metadata=rule(OneOf("input", "output")))
    """Whether `srt` says what is spoken in the source, or what is to be spoken."""

    stock_voice_config: StockVoices | None = None
    """Whether another voice speaks than that of the video."""

    def job_ids(self, receipt: CreatedVideoTranslations) -> Sequence[str]:
        """Find the ids, one for each language."""
        return receipt.video_translation_ids


@frozen(kw_only=True)
class ListVideoTranslations(PageRequest[VideoTranslation]):
    """The account's translations, newest first."""

    endpoint = GET("/v3/video-translations")
    limit: int | None = field(default=None, metadata=rule(Between(1, 100, whole=True)))
    """How many per page, 1 to 100; HeyGen's default is 10."""

    token: str | None = None
    """Where to go on; the client fills it."""


@frozen
class UpdateVideoTranslation(Request[VideoTranslation]):
    """Give a translation another title."""

    endpoint = PATCH("/v3/video-translations/{video_translation_id}")
    video_translation_id: str = field(metadata=rule(IDENTIFIER))
    title: str = field(kw_only=True, metadata=rule(TITLE))
    """What it is called from now on."""


@frozen
class DeleteVideoTranslation(Request[Deleted]):
    """Delete a translation. The second time answers 404."""

    endpoint = DELETE("/v3/video-translations/{video_translation_id}")
    video_translation_id: str = field(metadata=rule(IDENTIFIER))


@frozen
class GetTranslationLanguages(Request[TranslationLanguages]):
    """What videos can be translated into, in the words that `CreateVideoTranslation.output_languages` takes."""

    endpoint = GET("/v3/video-translations/languages")


_statuses = unread(GetVideoTranslationStatuses)

VIDEO_TRANSLATION_ITEM = item_kind(VIDEO_TRANSLATION, lambda batch_ids: _statuses(batch_ids=batch_ids))
"""How an item of a batch is followed until it is a translation."""


@frozen(kw_only=True)
class CreateVideoTranslationBatch(Keyed, JobRequest[CreatedBatch, VideoTranslation]):
    """Many translations in one request, which HeyGen queues. Each language of each video is an item: 100 at most."""

    endpoint = POST("/v3/video-translations/batches", status=202)
    kind = VIDEO_TRANSLATION_ITEM
    video_translations: Sequence[CreateVideoTranslation] = field(metadata=rule(Count(1, 100)))
    """What is to be made, 1 to 100 of them."""

    title: str | None = field(default=None, metadata=rule(Length(0, 1000)))
    """What the batch is called."""

    callback_url: str | None = field(default=None, metadata=rule(Web()))
    """Where HeyGen calls once, when all of them have ended."""

    @property
    def total_items(self) -> int:
        """How many items it has: one for each language of each video."""
        return sum(len(one.output_languages) for one in self.video_translations)

    def job_ids(self, receipt: CreatedBatch) -> Sequence[str]:
        """Name the items: they get their ids later."""
        return item_names(receipt.batch_id, self.total_items)

    def cross_check(self) -> Iterator[Problem]:
        """Check how many items there are, and that none has a key of its own: it would not be sent."""
        yield from misplaced(self.video_translations, "idempotency_key", "video_translations")
        if self.total_items > LANGUAGES:
            yield Problem("video_translations", f"ask for {self.total_items} languages in all; 100 are allowed")


@frozen
class GetVideoTranslationBatch(GetBatch):
    """A batch with one page of its items."""

    endpoint = GET("/v3/video-translations/batches/{batch_id}")


class VideoTranslationBatches(Batches[VideoTranslation]):
    """``heygen.video_translations.batches``: up to 100 translations per request."""

    kind = VIDEO_TRANSLATION_ITEM
    create = batch(CreateVideoTranslationBatch)
    get = call(GetVideoTranslationBatch)


class VideoTranslations(Resource):
    """``heygen.video_translations``: have videos speak other languages."""

    create = submit_all(CreateVideoTranslation)
    get = call(GetVideoTranslation)
    update = call(UpdateVideoTranslation)
    delete = call(DeleteVideoTranslation)
    languages = call(GetTranslationLanguages)
    statuses = call(GetVideoTranslationStatuses)
    list = pages(ListVideoTranslations)

    @property
    def batches(self) -> VideoTranslationBatches:
        """Up to 100 translations per request."""
        return VideoTranslationBatches(self._wire)

    @property
    def proofreads(self) -> Proofreads:
        """The words of a translation, to be corrected before its video is made."""
        return Proofreads(self._wire)

    def job(self, video_translation_id: str) -> VideoTranslationJob:
        """Pick up a translation by its id, in this process or another. Asks nobody before it is awaited.

        Raises `RequestInvalid` for what cannot be an id.
        """
        return self._wire.job(VIDEO_TRANSLATION, video_translation_id)
