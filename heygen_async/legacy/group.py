"""``heygen.legacy``: the operations of v1 and v2 that HeyGen's older documents describe."""

from collections.abc import Coroutine
from os import PathLike
from typing import Any

import anyio.to_thread

from heygen_async.job import Job
from heygen_async.legacy import binding
from heygen_async.legacy.assets import RawAsset, UploadRawAsset
from heygen_async.legacy.files import PhotoFile, RawFile
from heygen_async.legacy.lists import GetAvatars, GetVoices
from heygen_async.legacy.migration import to_v3
from heygen_async.legacy.photo_avatars import (
    PHOTO_GENERATION,
    AddPhotos,
    CreatePhotoGroup,
    CreateTalkingPhoto,
    DeletePhotoAvatar,
    GeneratePhoto,
    GetPhotoAvatar,
    GetPhotoGeneration,
    PhotoGeneration,
    TalkingPhoto,
    UploadTalkingPhoto,
)
from heygen_async.legacy.videos import LEGACY_VIDEO, GenerateAv4Video, GenerateVideo, GetVideoStatus, VideoStatus
from heygen_async.resource import Resource
from heygen_async.sunset import announce

__all__ = [
    "Legacy",
    "LegacyAssets",
    "LegacyAvatars",
    "LegacyPhotoAvatars",
    "LegacyTalkingPhotos",
    "LegacyVideos",
    "LegacyVoices",
]


class LegacyVideos(Resource):
    """``heygen.legacy.videos``: videos of scenes, and of a photo on Avatar IV; both are jobs."""

    generate = binding.submit(GenerateVideo)
    generate_av4 = binding.submit(GenerateAv4Video)
    status = binding.call(GetVideoStatus)

    def job(self, video_id: str) -> Job[VideoStatus]:
        """Pick up a video by its id, in this process or another. Asks nobody before it is awaited.

        Raises `RequestInvalid` for what cannot be an id.
        """
        announce(GetVideoStatus.endpoint, 2)
        return self._wire.job(LEGACY_VIDEO, video_id)


class LegacyPhotoAvatars(Resource):
    """``heygen.legacy.photo_avatars``: photos from a description, and groups of photos."""

    generate = binding.submit(GeneratePhoto)
    generation = binding.call(GetPhotoGeneration)
    create_group = binding.call(CreatePhotoGroup)
    add = binding.call(AddPhotos)
    get = binding.call(GetPhotoAvatar)
    delete = binding.call(DeletePhotoAvatar)

    def job(self, generation_id: str) -> Job[PhotoGeneration]:
        """Pick up a generation by its id, in this process or another. Asks nobody before it is awaited.

        Raises `RequestInvalid` for what cannot be an id.
        """
        announce(GetPhotoGeneration.endpoint, 2)
        return self._wire.job(PHOTO_GENERATION, generation_id)


class LegacyTalkingPhotos(Resource):
    """``heygen.legacy.talking_photos``: photos that speak."""

    create = binding.call(CreateTalkingPhoto)

    def upload(self, path: str | PathLike[str]) -> Coroutine[Any, Any, TalkingPhoto]:
        """Make a talking photo of a file: JPEG or PNG, at least 512 x 512 pixels, under 10 MB.

        Raises `RequestInvalid` when the file is missing or is not like that, before anything is sent; `APIError`;
        `ConnectionFailed`; `AnswerUnreadable`.
        """
        announce(UploadTalkingPhoto.endpoint, 2)
        return self._upload(path)

    async def _upload(self, path: str | PathLike[str]) -> TalkingPhoto:
        return await self._wire.send(UploadTalkingPhoto(await anyio.to_thread.run_sync(PhotoFile, path)))


class LegacyAvatars(Resource):
    """``heygen.legacy.avatars``: who can be seen."""

    list = binding.call(GetAvatars)


class LegacyVoices(Resource):
    """``heygen.legacy.voices``: who can be heard."""

    list = binding.call(GetVoices)


class LegacyAssets(Resource):
    """``heygen.legacy.assets``: uploads, as bare bytes, to a host of their own."""

    def upload(self, path: str | PathLike[str]) -> Coroutine[Any, Any, RawAsset]:
        """Upload a file, streamed from disk: jpeg, png, mp4, webm, mp3 or wav, 1 byte to 10 MB.

        Raises `RequestInvalid` when the file is missing or is not like that, before anything is sent; `APIError`;
        `ConnectionFailed`; `AnswerUnreadable`.
        """
        announce(UploadRawAsset.endpoint, 2)
        return self._upload(RawFile, path)

    def upload_photo(self, path: str | PathLike[str]) -> Coroutine[Any, Any, RawAsset]:
        """Upload a photo for an avatar: JPEG or PNG, at least 512 x 512 pixels, under 10 MB.

        Raises as `upload` does. ``image_key`` of the answer is what groups and Avatar IV name it by.
        """
        announce(UploadRawAsset.endpoint, 2)
        return self._upload(PhotoFile, path)

    async def _upload(self, kind: type[RawFile], path: str | PathLike[str]) -> RawAsset:
        return await self._wire.send(UploadRawAsset(await anyio.to_thread.run_sync(kind, path)))


class Legacy(Resource):
    """``heygen.legacy``: v1 and v2, which HeyGen retired on 1 November 2026, and the way to v3.

    Each call warns with a `LegacyWarning`, a `DeprecationWarning` that names the successor. With
    ``HeyGen(legacy="translate")`` each call is sent as v3, and its answer comes in the legacy shape.
    """

    to_v3 = staticmethod(to_v3)

    @property
    def videos(self) -> LegacyVideos:
        """Videos of scenes, and of a photo on Avatar IV."""
        return LegacyVideos(self._wire)

    @property
    def photo_avatars(self) -> LegacyPhotoAvatars:
        """Photos from a description, and groups of photos."""
        return LegacyPhotoAvatars(self._wire)

    @property
    def talking_photos(self) -> LegacyTalkingPhotos:
        """Photos that speak."""
        return LegacyTalkingPhotos(self._wire)

    @property
    def avatars(self) -> LegacyAvatars:
        """Who can be seen."""
        return LegacyAvatars(self._wire)

    @property
    def voices(self) -> LegacyVoices:
        """Who can be heard."""
        return LegacyVoices(self._wire)

    @property
    def assets(self) -> LegacyAssets:
        """Uploads."""
        return LegacyAssets(self._wire)
