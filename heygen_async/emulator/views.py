"""What the account holds, as HeyGen's API shows it: records become answers, with links signed at this moment."""

from collections.abc import Mapping

from heygen_async.api.assets import StoredAsset
from heygen_async.api.avatars import AvatarGroup, AvatarLook
from heygen_async.api.batches import BatchItem, BulkStatus
from heygen_async.api.videos import Video
from heygen_async.api.voices import Voice, VoiceDetail
from heygen_async.emulator.account import Look, Person, Production, Speaker, Upload
from heygen_async.emulator.footage import FileKind
from heygen_async.emulator.refusals import Refusal
from heygen_async.emulator.service import Visit
from heygen_async.emulator.sources import Stored

__all__ = ["asset", "batch_item", "bulk_status", "group", "look", "video", "voice", "voice_detail"]

_QUEUED = {"pending": "queued"}
"""What the statuses and the batches call what a video calls otherwise."""


def video(visit: Visit, production: Production) -> Video:
    """Show a video, with links if it is completed and has any."""
    request, footage = production.request, production.footage
    status = production.status(visit.now)
    failure = production.failure
    linked = status == "completed" and not production.linkless

    def link(kind: FileKind, ending: str) -> str | None:
        return visit.link(f"/files/{kind}/{production.id}.{ending}") if linked and footage.has(kind) else None

    return Video(
        id=production.id,
        status=status,
        title=request.title or production.id,
        video_url=link("video", production.container),
        thumbnail_url=link("thumbnail", "jpg"),
        captioned_video_url=link("captioned", production.container),
        subtitle_url=link("subtitles", "srt"),
        duration=footage.duration if status == "completed" else None,
        created_at=production.created_at,
        completed_at=None if production.ended is None else visit.service.unix(production.ended),
        folder_id=production.folder_id,
        failure_code=failure.code if failure else None,
        failure_message=failure.message if failure else None,
        video_page_url=f"https://app.heygen.com/videos/{production.id}",
    )


def bulk_status(visit: Visit, production: Production) -> BulkStatus:
    """Show what is asked for by the hundred."""
    series = production.series
    return BulkStatus(
        status=_word(visit, production),
        video_id=production.id,
        batch_id=series.id if series else None,
        item_index=production.item_index,
        error=_error(production),
    )


def batch_item(visit: Visit, index: int, item: Production | Refusal) -> BatchItem:
    """Show what became of an item of a batch. While it is queued it has no video id yet."""
    if isinstance(item, Refusal):
        return BatchItem(index, "failed", error={"code": item.code, "message": item.message})
    if item.id not in visit.account.videos:
        return BatchItem(index, "failed", item.id, {"code": "video_not_found", "message": "The video was deleted"})
    status = _word(visit, item)
    return BatchItem(index, status, None if status == "queued" else item.id, _error(item))


def asset(visit: Visit, upload: Upload) -> StoredAsset:
    """Show an uploaded file."""
    return StoredAsset(
        id=upload.id,
        name=upload.name,
        type=upload.media_type.partition("/")[0],
        url=asset_link(visit, upload),
        owner=visit.account.username,
        space_id=visit.account.space_id,
        folder_id=upload.folder_id,
        uploaded_at=upload.uploaded_at,
    )


def asset_link(visit: Visit, upload: Upload) -> str:
    """Return where an uploaded file can be read."""
    return visit.link(f"/files/asset/{upload.id}")


def group(visit: Visit, person: Person) -> AvatarGroup:
    """Show a person."""
    return AvatarGroup(
        id=person.id,
        name=person.name,
        gender=person.gender,
        status="completed",
        looks_count=len(person.looks),
        default_voice_id=person.default_voice_id,
        consent_status=person.consent_status,
        preview_image_url=_preview(visit, person.looks[0]),
        created_at=person.created_at,
    )


def look(visit: Visit, one: Look) -> AvatarLook:
    """Show a look."""
    return AvatarLook(
        id=one.id,
        name=one.name,
        group_id=one.person.id,
        avatar_type=one.avatar_type,
        gender=one.person.gender,
        status=one.status,
        default_voice_id=one.default_voice_id,
        supported_api_engines=one.engines,
        preferred_orientation=_orientation(one),
        image_width=one.width,
        image_height=one.height,
        preview_image_url=_preview(visit, one),
        tags=one.tags,
    )


def voice(visit: Visit, speaker: Speaker) -> Voice:
    """Show a voice in a list."""
    return Voice(
        voice_id=speaker.id,
        name=speaker.name,
        language=speaker.language,
        gender=speaker.gender,
        type="public",
        preview_audio_url=_sample(visit, speaker),
        support_locale=speaker.supports_locale,
        support_pause=True,
    )


def voice_detail(visit: Visit, speaker: Speaker) -> VoiceDetail:
    """Show one voice."""
    return VoiceDetail(
        voice_id=speaker.id,
        name=speaker.name,
        language=speaker.language,
        gender=speaker.gender,
        preview_audio_url=_sample(visit, speaker),
        support_pause=True,
    )


def _word(visit: Visit, production: Production) -> str:
    status = production.status(visit.now)
    return _QUEUED.get(status, status)


def _error(production: Production) -> Mapping[str, str | None] | None:
    failure = production.failure
    return {"code": failure.code, "message": failure.message} if failure else None


def _preview(visit: Visit, one: Look) -> str:
    """Return where a look can be seen: in the open if nobody has to be protected, else behind a signature."""
    if isinstance(one.picture, Stored):
        return visit.link(f"/files/look/{one.id}")
    return f"{visit.base}/presets/looks/{one.id}.png"


def _sample(visit: Visit, speaker: Speaker) -> str:
    return f"{visit.base}/presets/voices/{speaker.id}.wav"


def _orientation(one: Look) -> str | None:
    if one.width is None or one.height is None:
        return None
    return "square" if one.width == one.height else "landscape" if one.width > one.height else "portrait"
