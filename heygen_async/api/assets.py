"""Assets: files that were uploaded, and ``heygen.assets``."""

from os import PathLike

import anyio.to_thread
from attrs import field, frozen

from heygen_async.api.media import LocalFile
from heygen_async.operation import DELETE, GET, POST, Answer, PageRequest, Request
from heygen_async.resource import Resource, call, pages
from heygen_async.rules import Between, Length, rule

__all__ = [
    "Assets",
    "DeleteAsset",
    "DeletedAsset",
    "GetAsset",
    "ListAssets",
    "StoredAsset",
    "UploadAsset",
    "UploadedAsset",
]

IDENTIFIER = Length(1, 255)


@frozen
class UploadedAsset(Answer):
    """The receipt for an upload. `Asset(asset_id)` uses it in a request."""

    asset_id: str
    url: str = ""
    """Where HeyGen keeps it."""

    mime_type: str = ""
    """What HeyGen found it to be, from its bytes."""

    size_bytes: int = 0


@frozen
class StoredAsset(Answer):
    """An uploaded file."""

    id: str
    name: str = ""
    type: str = ""
    url: str | None = None
    owner: str = ""
    space_id: str = ""
    folder_id: str | None = None
    uploaded_at: int | None = None
    """Unix seconds."""


@frozen
class DeletedAsset(Answer):
    """The receipt for a deletion."""

    id: str


@frozen
class UploadAsset(Request[UploadedAsset]):
    """Upload a file: png, jpeg, mp4, webm, mp3, wav, pdf or srt, up to 32 MB; streamed from disk."""

    endpoint = POST("/v3/assets", body="form")
    file: LocalFile


@frozen
class GetAsset(Request[StoredAsset]):
    """One uploaded file."""

    endpoint = GET("/v3/assets/{asset_id}")
    asset_id: str = field(metadata=rule(IDENTIFIER))


@frozen
class DeleteAsset(Request[DeletedAsset]):
    """Delete an uploaded file."""

    endpoint = DELETE("/v3/assets/{asset_id}")
    asset_id: str = field(metadata=rule(IDENTIFIER))


@frozen(kw_only=True)
class ListAssets(PageRequest[StoredAsset]):
    """The files that a user has uploaded."""

    endpoint = GET("/v3/assets")
    username: str = field(metadata=rule(IDENTIFIER))
    """HeyGen asks for it; ``(await heygen.users.me()).username``."""

    folder_id: str | None = None
    limit: int | None = field(default=None, metadata=rule(Between(1, 100, whole=True)))
    """How many per page, 1 to 100; HeyGen's default is 20."""

    token: str | None = None
    """Where to go on; the client fills it."""


class Assets(Resource):
    """``heygen.assets``: upload, read and delete files."""

    get = call(GetAsset)
    delete = call(DeleteAsset)
    list = pages(ListAssets)

    async def upload(self, path: str | PathLike[str], *, idempotency_key: str | None = None) -> UploadedAsset:
        """Upload a file, streamed from disk and never read whole.

        HeyGen takes 1 byte to 32 MB of png, jpeg, mp4, webm, mp3, wav, pdf or srt. Raises `RequestInvalid`
        when the file is missing, of another kind or too large, before anything is sent; and `APIError`.
        """
        file = await anyio.to_thread.run_sync(LocalFile, path)  # it looks at the disk
        return await self._wire.send(UploadAsset(file), idempotency_key=idempotency_key)
