"""Who can be seen and heard, without pages."""

from heygen_async.emulator import views
from heygen_async.emulator.account import Look, Speaker
from heygen_async.emulator.clerk import Clerk
from heygen_async.emulator.service import Visit
from heygen_async.legacy.lists import (
    AvatarList,
    GetAvatars,
    GetVoices,
    LegacyAvatar,
    LegacyTalkingPhoto,
    LegacyVoice,
    VoiceList,
)

__all__ = ["lists"]

lists = Clerk()


@lists.answers(GetAvatars)
async def avatars(visit: Visit, _: GetAvatars) -> AvatarList:
    """Show all looks: photo avatars among the talking photos, all others among the avatars."""
    looks = list(visit.account.looks.newest())
    photos = [look for look in looks if look.avatar_type == "photo_avatar"]
    return AvatarList(
        [_avatar(visit, look) for look in looks if look not in photos],
        [LegacyTalkingPhoto(look.id, look.name, views.look(visit, look).preview_image_url) for look in photos],
    )


@lists.answers(GetVoices)
async def voices(visit: Visit, _: GetVoices) -> VoiceList:
    """Show all voices."""
    return VoiceList([_voice(visit, voice) for voice in visit.account.voices.newest()])


def _avatar(visit: Visit, look: Look) -> LegacyAvatar:
    shown = views.look(visit, look)
    return LegacyAvatar(
        avatar_id=look.id,
        avatar_name=look.name,
        gender=shown.gender,
        preview_image_url=shown.preview_image_url,
        preview_video_url=shown.preview_video_url,
        type="avatar",
        tags=look.tags,
        default_voice_id=look.default_voice_id,
    )


def _voice(visit: Visit, speaker: Speaker) -> LegacyVoice:
    return LegacyVoice(
        voice_id=speaker.id,
        display_name=speaker.name,
        language=speaker.language,
        locale=speaker.tag,
        gender=speaker.gender.capitalize(),
        preview={"movio": views.voice(visit, speaker).preview_audio_url},
    )
