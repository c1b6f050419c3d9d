"""Legacy calls sent as v3: `carry_out` makes the v3 calls that do the same, and puts the answer into the legacy shape.

What v3 says in other words is put so that further legacy calls can use it: the id of a talking photo or of a generated
photo is that of its look, and an image key is an asset's id or an address.
"""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, TypeVar, cast

from heygen_async.api.assets import UploadAsset
from heygen_async.api.looks import AvatarLook, ListLooks
from heygen_async.api.videos import CreatedVideo, GetVideo
from heygen_async.api.voices import ListVoices, Voice
from heygen_async.errors import Problem, RequestInvalid
from heygen_async.legacy.assets import RawAsset, UploadRawAsset
from heygen_async.legacy.lists import (
    AvatarList,
    GetAvatars,
    GetVoices,
    LegacyAvatar,
    LegacyTalkingPhoto,
    LegacyVoice,
    VoiceList,
)
from heygen_async.legacy.photos_translation import PHOTO_WAYS
from heygen_async.legacy.sender import Send, everything, migrated
from heygen_async.legacy.videos import (
    GenerateAv4Video,
    GeneratedVideo,
    GenerateVideo,
    GetVideoStatus,
    VideoFault,
    VideoStatus,
)
from heygen_async.operation import Request

__all__ = ["carry_out"]

T = TypeVar("T")

_PHOTO = "photo_avatar"


async def carry_out(request: Request[T], send: Send, idempotency_key: str | None = None) -> T:
    """Make a legacy call as v3 and return the legacy answer.

    What v3 cannot say is told by a `LegacyWarning` each. Raises `RequestInvalid` for what cannot be said at all, and
    whatever `send` raises.
    """
    way = _WAYS.get(type(request))
    if way is None:
        reason = f"{request.endpoint.method} {request.endpoint.path} has no translation; v3 has {_successor(request)}"
        raise RequestInvalid([Problem("", reason)], type(request).__name__)
    return cast(T, await way(request, send, idempotency_key))


def _successor(request: Request[Any]) -> str:
    return request.endpoint.deprecated or "nothing like it"


async def _generate(request: GenerateVideo | GenerateAv4Video, send: Send, key: str | None) -> GeneratedVideo:
    receipt = await send(migrated(request).request, idempotency_key=key)
    return GeneratedVideo(cast(CreatedVideo, receipt).video_id)


async def _status(request: GetVideoStatus, send: Send, _: str | None) -> VideoStatus:
    video = await send(GetVideo(request.video_id))
    failed = video.failure_code is not None or video.failure_message is not None
    return VideoStatus(
        id=video.id,
        status=video.status,
        video_url=video.video_url,
        video_url_caption=video.captioned_video_url,
        caption_url=video.subtitle_url,
        gif_url=video.gif_url,
        thumbnail_url=video.thumbnail_url,
        duration=video.duration,
        created_at=video.created_at,
        error=VideoFault(video.failure_code, video.failure_message, video.failure_message) if failed else None,
    )


async def _avatars(_: GetAvatars, send: Send, __: str | None) -> AvatarList:
    looks = await everything(send, ListLooks(limit=50))
    photos = [look for look in looks if look.avatar_type == _PHOTO]
    return AvatarList(
        [_avatar(look) for look in looks if look.avatar_type != _PHOTO],
        [LegacyTalkingPhoto(look.id, look.name, look.preview_image_url) for look in photos],
    )


def _avatar(look: AvatarLook) -> LegacyAvatar:
    return LegacyAvatar(
        avatar_id=look.id,
        avatar_name=look.name,
        gender=look.gender,
        preview_image_url=look.preview_image_url,
        preview_video_url=look.preview_video_url,
        tags=look.tags,
        default_voice_id=look.default_voice_id,
    )


async def _voices(_: GetVoices, send: Send, __: str | None) -> VoiceList:
    own = await everything(send, ListVoices(type="private", limit=100))
    public = await everything(send, ListVoices(type="public", limit=100))
    return VoiceList([*(_voice(voice, own=True) for voice in own), *(_voice(voice, own=False) for voice in public)])


def _voice(voice: Voice, *, own: bool) -> LegacyVoice:
    return LegacyVoice(
        voice_id=voice.voice_id,
        display_name=voice.name,
        language=voice.language,
        gender=voice.gender,
        preview={"movio": voice.preview_audio_url} if voice.preview_audio_url else {},
        is_customer=own,
    )


async def _upload(request: UploadRawAsset, send: Send, key: str | None) -> RawAsset:
    asset = await send(UploadAsset(request.file), idempotency_key=key)
    kind = asset.mime_type.partition("/")[0]
    return RawAsset(
        id=asset.asset_id,
        name=request.file.path.name,
        file_type=kind or None,
        url=asset.url or None,
        image_key=asset.asset_id if kind == "image" else None,
    )


_Way = Callable[[Any, Send, str | None], Awaitable[object]]
_WAYS: Mapping[type, _Way] = {
    **cast(Mapping[type, _Way], PHOTO_WAYS),
    GenerateVideo: _generate,
    GenerateAv4Video: _generate,
    GetVideoStatus: _status,
    GetAvatars: _avatars,
    GetVoices: _voices,
    UploadRawAsset: _upload,
}
"""How each call is carried out."""
