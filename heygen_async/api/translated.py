"""A video in another language, as HeyGen reports it, and how it is followed until it is there."""

from collections.abc import Sequence

from attrs import field, frozen

from heygen_async.api.batches import GetStatuses
from heygen_async.job import Job
from heygen_async.log import link_repr
from heygen_async.operation import GET, Answer, JobKind, Report, Request, unread
from heygen_async.rules import IDENTIFIER, Count, rule

__all__ = ["GetVideoTranslation", "GetVideoTranslationStatuses", "VideoTranslation", "VideoTranslationJob"]


@frozen
class VideoTranslation(Answer):
    """A translation of a video into one language. Every field but the id may be missing."""

    id: str
    status: str = ""
    """``pending``, ``running``, ``completed`` or ``failed``; an open set."""

    title: str | None = None
    input_language: str | None = None
    """What is spoken in the source."""

    output_language: str | None = None
    """What is spoken now."""

    translate_audio_only: bool | None = None
    """Whether only the sound was translated; then `audio_url` is the result."""

    duration: float | None = None
    """Seconds."""

    video_url: str | None = field(default=None, repr=link_repr)
    """Signed address of the video. Each read signs a new one."""

    audio_url: str | None = field(default=None, repr=link_repr)
    """Signed address of the sound alone."""

    srt_caption_url: str | None = field(default=None, repr=link_repr)
    """The subtitles, an SRT file."""

    vtt_caption_url: str | None = field(default=None, repr=link_repr)
    """The same as WebVTT."""

    callback_id: str | None = None
    created_at: int | None = None
    """Unix seconds."""

    failure_message: str | None = None
    """Why it failed, in words."""


VideoTranslationJob = Job[VideoTranslation]
"""A translation that is being made; `await` it for the `VideoTranslation`."""


@frozen
class GetVideoTranslation(Request[VideoTranslation]):
    """One translation, with freshly signed links once it is completed."""

    endpoint = GET("/v3/video-translations/{video_translation_id}")
    video_translation_id: str = field(metadata=rule(IDENTIFIER))


@frozen(kw_only=True)
class GetVideoTranslationStatuses(GetStatuses):
    """The statuses of up to 100 translations or batches in one answer."""

    endpoint = GET("/v3/video-translations/statuses")
    video_translation_ids: Sequence[str] | None = field(default=None, metadata=rule(Count(1, 100)))
    """1 to 100 of them."""


def _link(made: VideoTranslation) -> str | None:
    """Find the file that was asked for: a video has its sound beside it, and that is not what is meant."""
    if made.translate_audio_only:
        return made.audio_url or made.video_url
    return made.video_url or (made.audio_url if made.translate_audio_only is None else None)


def _report(made: VideoTranslation) -> Report:
    return Report(made.status, None, made.failure_message, _link(made), made.srt_caption_url)


_statuses = unread(GetVideoTranslationStatuses)

VIDEO_TRANSLATION = JobKind(
    "video translation",
    get=GetVideoTranslation,
    report=_report,
    statuses=lambda ids: _statuses(video_translation_ids=ids),
)
"""How a translation is followed."""
