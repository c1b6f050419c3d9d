"""Photo avatars of v2 as looks of v3."""

from heygen_async.api.assets import UploadAsset
from heygen_async.api.avatars import CreatedAvatar, PhotoAvatar, PromptAvatar
from heygen_async.api.looks import AvatarLook, DeleteLook, GetLook
from heygen_async.api.media import Asset, Url
from heygen_async.errors import AnswerUnreadable
from heygen_async.job import Stage, stage
from heygen_async.legacy.payload import Remark
from heygen_async.legacy.photo_avatars import (
    AddedPhotos,
    AddPhotos,
    CreatePhotoGroup,
    CreateTalkingPhoto,
    DeletePhotoAvatar,
    GeneratePhoto,
    GetPhotoAvatar,
    GetPhotoGeneration,
    LegacyPhotoAvatar,
    PhotoGeneration,
    PhotoReceipt,
    TalkingPhoto,
    UploadTalkingPhoto,
)
from heygen_async.legacy.sender import Send, migrated, tell
from heygen_async.operation import Request

__all__ = ["PHOTO_WAYS"]

_SHAPES = {"square": "1:1", "horizontal": "16:9", "vertical": "9:16"}
_UNCALLED = "v3 calls nobody when a photo is ready; wait for the job, or register a webhook"


async def _generate(request: GeneratePhoto, send: Send, key: str | None) -> PhotoReceipt:
    tell(request, [Remark(name, value, _UNCALLED) for name, value in _callback(request).items() if value is not None])
    prompt = PromptAvatar(
        name=request.name,
        prompt=_described(request),
        aspect_ratio=_SHAPES[request.orientation],  # type: ignore[arg-type]  # mypy sees text, not these words
    )
    return PhotoReceipt(_look(prompt, await send(prompt, idempotency_key=key)).id)


def _callback(request: GeneratePhoto) -> dict[str, str | None]:
    return {"callback_url": request.callback_url, "callback_id": request.callback_id}


def _described(request: GeneratePhoto) -> str:
    """Put the fields into words: v3 has one description in their place."""
    who = [word for word in (request.age, request.ethnicity, request.gender) if word != "Unspecified"]
    style = "" if request.style == "Unspecified" else f"{request.style} style, "
    return f"{style}{request.pose.replace('_', ' ')}. {' '.join(who) or 'Person'}. {request.appearance}"


async def _generation(request: GetPhotoGeneration, send: Send, _: str | None) -> PhotoGeneration:
    look = await send(GetLook(request.generation_id))
    status = look.status or "completed"
    done = stage(status) is Stage.COMPLETED  # v3 shows what it has of a look before that
    picture = look.preview_image_url if done else None
    pictures = tuple(filter(None, [picture]))
    return PhotoGeneration(
        id=look.id,
        status=status,
        msg=look.error.message if look.error else None,
        image_url=picture,
        image_key=picture,
        image_url_list=pictures,
        image_key_list=pictures,
    )


async def _group(request: CreatePhotoGroup, send: Send, key: str | None) -> LegacyPhotoAvatar:
    """Make an avatar of the photo; one that v3 has generated is an avatar already, and is not paid for twice."""
    if request.generation_id is not None:
        return _shown(await send(GetLook(request.generation_id)))
    return await _photo(request, PhotoAvatar(name=request.name, file=_file(request.image_key)), send, key)


async def _add(request: AddPhotos, send: Send, key: str | None) -> AddedPhotos:
    photos = [
        PhotoAvatar(name=request.name, file=_file(one), avatar_group_id=request.group_id) for one in request.image_keys
    ]
    keys = [key and f"{key}.{at}" for at in range(len(photos))]
    return AddedPhotos([await _photo(request, photo, send, one) for photo, one in zip(photos, keys, strict=True)])


async def _photo(request: Request[object], photo: PhotoAvatar, send: Send, key: str | None) -> LegacyPhotoAvatar:
    return _shown(_look(request, await send(photo, idempotency_key=key)))


async def _get(request: GetPhotoAvatar, send: Send, _: str | None) -> LegacyPhotoAvatar:
    return _shown(await send(GetLook(request.photo_avatar_id)))


async def _delete(request: DeletePhotoAvatar, send: Send, _: str | None) -> None:
    await send(DeleteLook(request.photo_avatar_id))


async def _talk(request: CreateTalkingPhoto, send: Send, key: str | None) -> TalkingPhoto:
    photo = migrated(request).request
    assert isinstance(photo, PhotoAvatar)  # noqa: S101  # told from the payload
    return _talking(_look(request, await send(photo, idempotency_key=key)))


async def _upload(request: UploadTalkingPhoto, send: Send, key: str | None) -> TalkingPhoto:
    asset = await send(UploadAsset(request.file))
    photo = PhotoAvatar(name=request.file.path.stem[:255] or "Talking photo", file=Asset(asset.asset_id))
    return _talking(_look(request, await send(photo, idempotency_key=key)))


def _file(image_key: str) -> Url | Asset:
    """Understand an image key of a translated answer: the address of a picture, or an asset's id."""
    return Url(image_key) if image_key.startswith(("https://", "http://")) else Asset(image_key)


def _look(request: Request[object], created: CreatedAvatar) -> AvatarLook:
    """Find the look in the receipt. Raises `AnswerUnreadable` when it names none."""
    if created.avatar_item is None:
        raise AnswerUnreadable("HeyGen has made an avatar, but names no look of it", status=200, request=request)
    return created.avatar_item


def _talking(look: AvatarLook) -> TalkingPhoto:
    return TalkingPhoto(look.id, look.preview_image_url)


def _shown(look: AvatarLook) -> LegacyPhotoAvatar:
    return LegacyPhotoAvatar(look.id, look.name, look.group_id, look.preview_image_url, look.status)


PHOTO_WAYS = {
    GeneratePhoto: _generate,
    GetPhotoGeneration: _generation,
    CreatePhotoGroup: _group,
    AddPhotos: _add,
    GetPhotoAvatar: _get,
    DeletePhotoAvatar: _delete,
    CreateTalkingPhoto: _talk,
    UploadTalkingPhoto: _upload,
}
"""How each of these calls is carried out."""
