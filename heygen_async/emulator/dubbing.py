"""What translations, proofreads and lipsyncs look up before they begin: the video, its part, and what is said in it."""

from collections.abc import Mapping

from attrs import frozen

from heygen_async.api.dubbing import DubbedVideo, Translating
from heygen_async.api.media import UrlOrAsset
from heygen_async.emulator import media
from heygen_async.emulator.glossaries import Glossary
from heygen_async.emulator.service import Visit
from heygen_async.emulator.sources import Source, Stored, path_of

__all__ = ["FILES", "Part", "captions_of", "check_glossary", "follows_voice", "part_of", "price", "sound_of"]

FILES: Mapping[str, str] = {"video": ".mp4", "thumbnail": ".jpg", "subtitles": ".srt"}
"""What stands in for the files of a dubbed video."""


@frozen
class Part:
    """The part of a video that gets another voice."""

    video: Source
    seconds: float
    """How long it is; roughly, where nobody has looked."""

    start: float = 0.0
    """Seconds into the video."""

    end: float | None = None
    """Seconds into the video; ``None``: with it."""


async def part_of(visit: Visit, request: DubbedVideo) -> Part:
    """Look up the video of a request. Raises `Refusal`: 404 or 400."""
    video = await visit.service.materials.find(request.video, "clip", "video")
    length = await visit.service.seconds_of(video, "video")
    start, end = request.start_time or 0.0, request.end_time
    return Part(video, max(1.0, min(end or length, length) - start), start, end)


async def sound_of(
    visit: Visit, request: DubbedVideo, file: UrlOrAsset | None, part: Part
) -> tuple[media.Sound | None, float]:
    """Look up the sound of a request, and how long the video will be: as the sound is, or the part of the source.

    The sound is ``None`` where there is none, or none within reach.
    """
    if file is None:
        return None, part.seconds
    found = await visit.service.materials.find(file, "sound", "audio")
    seconds = await visit.service.seconds_of(found, "audio") if follows_voice(request) else part.seconds
    path = path_of(found)
    return None if path is None else media.Sound(path), seconds


def follows_voice(request: DubbedVideo) -> bool:
    """Tell whether the video is to be as long as its voice."""
    return request.enable_dynamic_duration is not False


async def captions_of(visit: Visit, file: UrlOrAsset | None) -> str | None:
    """Read the SRT file of a request; ``None``: there is none, or it is out of reach."""
    found = None if file is None else await visit.service.materials.find(file, "subtitles", "srt")
    return await visit.service.threads.run(_text, found) if isinstance(found, Stored) else None


def check_glossary(visit: Visit, request: Translating) -> None:
    """Check that the glossary of a request is there; what it says changes nothing. Raises `Refusal` (404)."""
    glossary_id = request.brand_glossary_id or request.brand_voice_id
    if glossary_id is not None:
        visit.account.shelf(Glossary).find(glossary_id)


def price(rate: float, seconds: float) -> float:
    """Return US dollars for so many seconds."""
    return round(rate * seconds, 4)


def _text(file: Stored) -> str:
    return file.path.read_text("utf-8-sig", errors="replace")
