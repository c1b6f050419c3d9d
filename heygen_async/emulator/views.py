"""What the account holds, as HeyGen's API shows it: records become answers, with links signed at this moment."""

from heygen_async.api.assets import StoredAsset
from heygen_async.api.avatars import AvatarGroup
from heygen_async.api.looks import AvatarFault, AvatarLook
from heygen_async.api.media import MEDIA_TYPES
from heygen_async.api.videos import Video
from heygen_async.api.voices import Voice, VoiceDetail
from heygen_async.emulator.account import Look, Person, Production, Speaker, Upload
from heygen_async.emulator.materials import type_of
from heygen_async.emulator.service import Visit
from heygen_async.emulator.sources import Stored

__all__ = ["asset", "group", "look", "video", "voice", "voice_detail"]

_ENDINGS = {type_of(media_type): ending for ending, media_type in reversed(MEDIA_TYPES.items())}
"""How the names of files end, by what they are."""


def video(visit: Visit, production: Production) -> Video:
    """Show a video, with links if it is completed and has any."""
    failure, ended = production.failure, production.completion(visit.now)
    return Video(
        id=production.id,
        status=production.status(visit.now),
        title=production.title,
        video_url=visit.file(production, "video"),
        thumbnail_url=visit.file(production, "thumbnail"),
        captioned_video_url=visit.file(production, "captioned"),
        subtitle_url=visit.file(production, "subtitles"),
        duration=production.duration(visit.now),
        created_at=production.created_at,
        completed_at=None if ended is None else visit.service.unix(ended),
        folder_id=production.folder_id,
        failure_code=failure.code if failure else None,
        failure_message=failure.message if failure else None,
        video_page_url=f"https://app.heygen.com/videos/{production.id}",
    )


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
    return visit.link(f"/files/asset/{upload.id}{_ENDINGS.get(type_of(upload.media_type), '')}")


def group(visit: Visit, person: Person) -> AvatarGroup:
    """Show a person."""
    return AvatarGroup(
        id=person.id,
        name=person.name,
        gender=person.gender,
        status=person.status,
        looks_count=len(person.looks),
        default_voice_id=person.default_voice_id,
        consent_status=person.consent_status,
        preview_image_url=_preview(visit, person.looks[0]),
        created_at=person.created_at,
        error=next((fault for fault in map(_fault, person.looks) if fault and person.status == "failed"), None),
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
        error=_fault(one),
    )


def voice(visit: Visit, speaker: Speaker) -> Voice:
    """Show a voice in a list."""
    return Voice(
        voice_id=speaker.id,
        name=speaker.name,
        language=speaker.language,
        gender=speaker.gender,
        type="private" if speaker.own else "public",
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
        status=speaker.status,
        failure_message=speaker.failure.message if speaker.failure else None,
        preview_audio_url=_sample(visit, speaker),
        support_pause=True,
        created_at=speaker.created_at,
    )


def _preview(visit: Visit, one: Look) -> str:
    """Return where a look can be seen: in the open if nobody has to be protected, else behind a signature."""
    if isinstance(one.picture, Stored):
        return visit.link(f"/files/look/{one.id}")
    return f"{visit.base}/presets/looks/{one.id}.png"


def _fault(one: Look) -> AvatarFault | None:
    failure = one.failure
    return None if failure is None else AvatarFault(failure.code or "", failure.message or "")


def _sample(visit: Visit, speaker: Speaker) -> str | None:
    return f"{visit.base}/presets/voices/{speaker.id}.wav" if speaker.usable else None


def _orientation(one: Look) -> str | None:
    if one.width is None or one.height is None:
        return None
    return "square" if one.width == one.height else "landscape" if one.width > one.height else "portrait"
