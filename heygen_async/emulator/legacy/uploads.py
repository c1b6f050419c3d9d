"""Files that come as bare bytes: assets, and photos that are to speak."""

from aiohttp import web

from heygen_async.api.avatars import PhotoAvatar
from heygen_async.api.media import Asset
from heygen_async.emulator import media, views
from heygen_async.emulator.account import Upload
from heygen_async.emulator.bodies import CHUNK, Received, to_disk
from heygen_async.emulator.clerk import Clerk
from heygen_async.emulator.legacy.portraits import talking_photo
from heygen_async.emulator.materials import type_of
from heygen_async.emulator.refusals import Refusal
from heygen_async.emulator.service import Service, Visit
from heygen_async.emulator.shelf import fresh_id
from heygen_async.legacy.assets import RawAsset, UploadRawAsset
from heygen_async.legacy.photo_avatars import TalkingPhoto, UploadTalkingPhoto

__all__ = ["image_key", "read_raw", "uploads"]

uploads = Clerk()

_LARGEST = 10 * 2**20
"""Bytes."""

_TAKEN = {"image/png", "image/jpeg", "video/mp4", "video/webm", "audio/mpeg", "audio/wav"}


@uploads.answers(UploadRawAsset)
async def upload(visit: Visit, file: Received) -> RawAsset:
    """Take in a file."""
    one = _kept(visit, file)
    kind = one.media_type.partition("/")[0]
    return RawAsset(
        id=one.id,
        name=one.name,
        file_type=kind,
        folder_id="",
        created_ts=one.uploaded_at,
        url=views.asset_link(visit, one),
        image_key=image_key(one) if kind == "image" else None,
    )


@uploads.answers(UploadTalkingPhoto)
async def upload_photo(visit: Visit, file: Received) -> TalkingPhoto:
    """Take in a photo and have it speak."""
    one = _kept(visit, file)
    return await talking_photo(visit, PhotoAvatar(name="Talking photo", file=Asset(one.id)))


def image_key(upload: Upload) -> str:
    """Return what photo avatars and Avatar IV name a picture by."""
    return f"image/{upload.id}/original"


def _kept(visit: Visit, file: Received) -> Upload:
    one = Upload(name=file.name, path=file.path, media_type=file.media_type, size=file.size, uploaded_at=visit.unix)
    return visit.account.assets.add(one)


async def read_raw(http: web.Request, service: Service) -> Received:
    """Stream a body to disk. Raises `Refusal` for one that is empty, too large, or not what its head says."""
    path = service.folders.uploads / fresh_id()
    try:
        head, size = await to_disk(http.content.iter_chunked(CHUNK), path, _LARGEST, service.threads)
        kind = _kind_of(head, type_of(http.content_type))
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return Received(path, path.name, kind, size)


def _kind_of(head: bytes, declared: str) -> str:
    """Tell what a file is by its first bytes. Raises `Refusal` when it is something else, or nothing that is taken."""
    found = media.sniff(head)
    if found is None or found not in _TAKEN or found != declared:
        raise Refusal(400, "unsupported_file", f"Content type not match {found or 'unknown'} != {declared}")
    return found
