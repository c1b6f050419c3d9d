"""Assets: files that were uploaded, and ``heygen.assets``."""

from collections.abc import Iterable, Iterator, Sequence
from os import PathLike
from typing import Any, Literal

import anyio.to_thread
from attrs import field, frozen

from heygen_async.api.batches import Batches, GetBatch, GetStatuses, SentBatch, item_kind
from heygen_async.api.deletions import Deleted
from heygen_async.api.direct_uploads import (
    CompleteUpload,
    CompleteUploadBatch,
    CreateDirectUploadBatch,
    DirectUploads,
    upload_together,
)
from heygen_async.api.media import SIMPLE_BYTES, LocalFile
from heygen_async.errors import HeyGenError, Problem
from heygen_async.job import Job, Stage, stage
from heygen_async.log import link_repr
from heygen_async.operation import (
    DELETE,
    GET,
    POST,
    Answer,
    JobKind,
    PageRequest,
    Report,
    Request,
    Successor,
    ours,
    unread,
)
from heygen_async.resource import Resource, call, pages
from heygen_async.rules import IDENTIFIER, Between, Count, Length, OneOf, rule

__all__ = [
    "AssetBatches",
    "AssetJob",
    "Assets",
    "DeleteAsset",
    "FoundAsset",
    "GetAsset",
    "GetAssetBatch",
    "GetAssetStatuses",
    "ListAssets",
    "SearchAssets",
    "StoredAsset",
    "UploadAsset",
    "UploadedAsset",
]


@frozen
class UploadedAsset(Answer):
    """The receipt for an upload. `Asset(asset_id)` uses it in a request."""

    asset_id: str
    url: str = field(default="", repr=link_repr)
    """Where HeyGen keeps it."""

    mime_type: str = ""
    """What HeyGen found it to be, from its bytes."""

    size_bytes: int = 0
    """Bytes."""


@frozen
class StoredAsset(Answer):
    """An uploaded file."""

    id: str
    name: str = ""
    type: str = ""
    """``image``, ``video``, ``audio`` and so on; an open set."""

    url: str | None = field(default=None, repr=link_repr)
    owner: str = ""
    space_id: str = ""
    folder_id: str | None = None
    uploaded_at: int | None = None
    """Unix seconds."""


AssetJob = Job[StoredAsset]
"""A file that HeyGen is looking at; `await` it for the `StoredAsset`."""


@frozen
class FoundAsset(Answer):
    """A picture or an icon that a search has found. Its address can be used wherever the API takes one."""

    id: str
    url: str = ""
    type: str = ""
    """``image`` or ``icon``."""

    width: int | None = None
    """Pixels."""

    height: int | None = None
    """Pixels."""

    orientation: str | None = None
    """``landscape``, ``portrait`` or ``square``."""

    is_transparent: bool | None = None


@frozen
class UploadAsset(Request[UploadedAsset]):
    """Upload a file: png, jpeg, mp4, webm, mp3, wav, pdf or srt; streamed from disk. `extra` goes into the form."""

    endpoint = POST("/v3/assets", body="form")
    file: LocalFile
    direct: bool | None = field(default=None, kw_only=True, metadata=ours())
    """Whether it goes straight to HeyGen's storage, which takes more than the 32 MB of the simple way; ``None``: if it
    is too large for that."""

    anew: bool = field(default=False, kw_only=True, metadata=ours())
    """Whether it is sent even if this client has sent the same bytes before, and becomes another asset."""

    def cross_check(self) -> Iterator[Problem]:
        """Check that the file can take the way that was asked for."""
        if self.direct is False and not self.file.simple:
            reason = f"{self.file.path} has {self.file.size:,} bytes; without direct=False it could be uploaded"
            yield Problem("file", f"{reason}, as HeyGen's simple upload takes {SIMPLE_BYTES:,}, and no zip")


@frozen
class GetAsset(Request[StoredAsset]):
    """One uploaded file."""

    endpoint = GET("/v3/assets/{asset_id}")
    asset_id: str = field(metadata=rule(IDENTIFIER))


@frozen
class DeleteAsset(Request[Deleted]):
    """Delete an uploaded file. The second time answers 404."""

    endpoint = DELETE("/v3/assets/{asset_id}")
    asset_id: str = field(metadata=rule(IDENTIFIER))


@frozen(kw_only=True)
class ListAssets(PageRequest[StoredAsset]):
    """The files that a user has uploaded."""

    endpoint = GET("/v3/assets")
    username: str = field(metadata=rule(IDENTIFIER))
    """HeyGen asks for it; ``(await heygen.users.me()).username``."""

    folder_id: str | None = None
    """Only those in this folder; ``None``: in any."""

    limit: int | None = field(default=None, metadata=rule(Between(1, 100, whole=True)))
    """How many per page, 1 to 100; HeyGen's default is 20."""

    token: str | None = None
    """Where to go on; the client fills it."""


@frozen(kw_only=True)
class SearchAssets(PageRequest[FoundAsset]):
    """Pictures or icons that show what is described, the best first; HeyGen may not have it for every account."""

    endpoint = GET("/v3/assets/search")
    query: str = field(metadata=rule(Length(1, 10_000)))
    """What to see, in words: ``a red bicycle in the rain``."""

    type: Literal["image", "icon"] = field(metadata=rule(OneOf("image", "icon")))
    scope: Literal["public", "personal"] | None = field(default=None, metadata=rule(OneOf("public", "personal")))
    """Whose; HeyGen's default is ``public``."""

    limit: int | None = field(default=None, metadata=rule(Between(1, 50, whole=True)))
    """How many per page, 1 to 50; HeyGen's default is 20."""

    token: str | None = None
    """Where to go on; the client fills it."""


@frozen(kw_only=True)
class GetAssetStatuses(GetStatuses):
    """The statuses of up to 100 assets or batches in one answer; `BulkStatus.video_id` is the asset's id."""

    endpoint = GET("/v3/assets/statuses")
    asset_ids: Sequence[str] | None = field(default=None, metadata=rule(Count(1, 100)))
    """1 to 100 of them."""


@frozen
class GetAssetBatch(GetBatch):
    """A batch with one page of its items."""

    endpoint = GET("/v3/assets/batches/{batch_id}")


# An asset itself has no status, so only the statuses call can tell when HeyGen is done with an upload.


def _when_ready(entry: Any) -> str | None:
    return entry.video_id if stage(entry.status) is Stage.COMPLETED else None


ASSET = JobKind("asset", get=GetAsset, report=lambda asset: Report("completed", link=asset.url), slot=False)
"""A file that HeyGen has taken in."""

_statuses = unread(GetAssetStatuses)

UPLOAD = JobKind(
    "asset upload",
    get=GetAsset,
    report=lambda _: Report("processing"),
    statuses=lambda ids: _statuses(asset_ids=ids),
    slot=False,
    alone=False,
    successor=Successor(ASSET, _when_ready),
)
"""How an upload is followed until it is an asset."""

UPLOAD_ITEM = item_kind(UPLOAD, lambda batch_ids: _statuses(batch_ids=batch_ids))
"""How an item of a batch is followed until it is an upload."""


class AssetBatches(Batches[StoredAsset]):
    """``heygen.assets.batches``: up to 100 files at a time, straight to HeyGen's storage."""

    kind = UPLOAD_ITEM
    create = call(CreateDirectUploadBatch)
    complete = call(CompleteUploadBatch)
    get = call(GetAssetBatch)

    async def upload(
        self,
        paths: Iterable[str | PathLike[str]],
        *,
        title: str | None = None,
        callback_url: str | None = None,
        idempotency_key: str | None = None,
    ) -> SentBatch[StoredAsset]:
        """Upload 1 to 100 files together, and return a job for each, in their order.

        A job's id is that of the asset; it is done when HeyGen has looked at the file. A file that did
        not reach HeyGen, after all retries, is a job that has failed, and disturbs no other. `title`:
        what the batch is called, up to 1,000 characters. `callback_url`: where HeyGen calls when all of
        them are done. `idempotency_key`: 1 to 255 characters of ``A-Z a-z 0-9 _ - : .``; ``None`` makes
        one. Raises `RequestInvalid` for files that are missing, empty or of another kind, before
        anything is sent; `UploadFailed` and others when no file arrives; `APIError`;
        `ConnectionFailed`; `AnswerUnreadable`.
        """
        batch, sent = await upload_together(
            self._wire, paths, title=title, callback_url=callback_url, idempotency_key=idempotency_key
        )
        return SentBatch(batch.batch_id, [self._job(file.asset_id, file.fault) for file in sent])

    def _job(self, asset_id: str, fault: HeyGenError | None) -> AssetJob:
        job = self._wire.job(UPLOAD, asset_id)
        if fault is not None:
            job.settle(Report("failed", "upload_failed", str(fault)))
        return job


class Assets(Resource):
    """``heygen.assets``: upload, find, read and delete files."""

    get = call(GetAsset)
    delete = call(DeleteAsset)
    complete = call(CompleteUpload)
    statuses = call(GetAssetStatuses)
    search = pages(SearchAssets)
    list = pages(ListAssets)

    @property
    def batches(self) -> AssetBatches:
        """Up to 100 files at a time."""
        return AssetBatches(self._wire)

    @property
    def direct_uploads(self) -> DirectUploads:
        """The first step of an upload, for those who send the bytes themselves."""
        return DirectUploads(self._wire)

    async def upload(
        self,
        path: str | PathLike[str],
        *,
        direct: bool | None = None,
        anew: bool = False,
        idempotency_key: str | None = None,
    ) -> UploadedAsset:
        """Upload a file, streamed from disk and never read whole, unless this client has uploaded it before.

        Files are told apart by what is in them (SHA-256) and by the kind that their ending names, and
        not by their name: whoever uploads the same again, or at the same time, or has it as a
        `LocalFile` in a request, gets the same asset, until that is deleted or HeyGen says that it is
        gone. `anew` sends it in any case, as another asset; so do further form fields
        (`UploadAsset.extra`).

        HeyGen takes png, jpeg, mp4, webm, mp3, wav, pdf and srt, and zip directly. `direct`: whether
        the file goes straight to HeyGen's storage; ``None`` does so for more than 32 MB. HeyGen looks
        at such a file for a moment after this returns: `job` tells when it is done. Raises
        `RequestInvalid` when the file is missing, empty, of another kind or too large, before any of it
        is sent; `UploadFailed`; `APIError`; `ConnectionFailed`; `AnswerUnreadable`. `idempotency_key`:
        1 to 255 characters of ``A-Z a-z 0-9 _ - : .``; ``None`` makes one.
        """
        file = await anyio.to_thread.run_sync(LocalFile, path)  # it looks at the disk
        return await self._wire.send(UploadAsset(file, direct=direct, anew=anew), idempotency_key=idempotency_key)

    def job(self, asset_id: str) -> AssetJob:
        """Pick up an upload by its id, to wait until HeyGen has taken it in. Asks nobody before it is awaited.

        Raises `RequestInvalid` for what cannot be an id.
        """
        return self._wire.job(UPLOAD, asset_id)
