"""What is asked of a video that gets another voice: fields of translations, of their proofreads and of lipsyncs.

Fields and bounds are those of https://developers.heygen.com/reference/create-video-translation.
"""

from collections.abc import Iterator, Sequence
from typing import Literal

from attrs import field, frozen

from heygen_async.api.media import CLIP, SUBTITLES, UrlOrAsset
from heygen_async.errors import Problem
from heygen_async.operation import Body, Keyed
from heygen_async.rules import IDENTIFIER, Between, Count, Length, OneOf, Web, rule

__all__ = ["DubbedVideo", "Dubbing", "Translating"]

TITLE = Length(1, 1000)
LANGUAGES = 100
"""Output languages of one request: as many as a batch has items."""

_SECOND = Between(0, 86_400)


@frozen(kw_only=True)
class Dubbing(Keyed):
    """What translations, proofreads and lipsyncs share."""

    video: UrlOrAsset = field(metadata=rule(CLIP))
    """The video that gets another voice: MP4 or WebM."""

    mode: Literal["speed", "precision"] | None = field(default=None, metadata=rule(OneOf("speed", "precision")))
    """``precision`` renders the face anew and costs twice as much; HeyGen's default is ``speed``."""

    disable_music_track: bool | None = None
    """Whether the music in the background goes; HeyGen's default is no."""

    enable_speech_enhancement: bool | None = None
    """Whether the voice is cleaned; HeyGen's default is no."""

    keep_the_same_format: bool | None = None
    """Whether the result has the resolution and the bit rate of the source."""

    folder_id: str | None = None
    """Where it goes; ``None``: to the root."""


@frozen(kw_only=True)
class DubbedVideo(Dubbing):
    """What translations and lipsyncs share: both make a video at once."""

    title: str | None = field(default=None, metadata=rule(Length(0, 1000)))
    """Shown in HeyGen's application, and the name of the downloaded file."""

    start_time: float | None = field(default=None, metadata=rule(_SECOND))
    """Seconds into the video at which the part begins that is made; ``None``: at its beginning."""

    end_time: float | None = field(default=None, metadata=rule(_SECOND))
    """Seconds into the video at which that part ends; ``None``: with the video."""

    enable_dynamic_duration: bool | None = None
    """Whether the result may be longer or shorter than the source, as its voice is; HeyGen's default is yes."""

    enable_caption: bool | None = None
    """Without effect: HeyGen makes the captions in any case."""

    enable_watermark: bool | None = None
    """Whether HeyGen's mark is in the picture."""

    callback_url: str | None = field(default=None, metadata=rule(Web()))
    """Where HeyGen calls when it is ready."""

    callback_id: str | None = None
    """Comes back in that call."""

    def cross_check(self) -> Iterator[Problem]:
        """Check that the part ends after it has begun."""
        yield from super().cross_check()
        start, end = self.start_time or 0, self.end_time
        if end is not None and end <= start:
            yield Problem("end_time", f"is {end:g}; it must come after start_time, which is {start:g}")


@frozen(kw_only=True, slots=False)  # of several bases with fields, Python lets one have slots
class Translating(Body):
    """What translations and proofreads share."""

    output_languages: Sequence[str] = field(metadata=rule(Count(1, LANGUAGES)))
    """Into what, by the names of `VideoTranslations.languages`, such as ``German``. Each makes one of its own."""

    speaker_num: int | None = field(default=None, metadata=rule(Between(1, 100, whole=True)))
    """How many people speak; ``None``: HeyGen finds out."""

    srt: UrlOrAsset | None = field(default=None, metadata=rule(SUBTITLES))
    """Subtitles of yours, an SRT file."""

    brand_glossary_id: str | None = field(default=None, metadata=rule(IDENTIFIER))
    """How names and terms are translated."""

    brand_voice_id: str | None = field(default=None, metadata=rule(IDENTIFIER))
    """The old name of `brand_glossary_id`."""
