"""Direct uploads: files that go straight to HeyGen's storage, one by one or a hundred at a time.

Three steps: an address is signed, the file is sent there, and the upload is completed. After that HeyGen looks at the
file, and then it is an asset like any other.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from functools import partial
from http import HTTPStatus
from os import PathLike
from typing import Any, Self, TypeVar

import anyio.to_thread
import attrs
from attrs import field, frozen

from heygen_async.api.media import LocalFile
from heygen_async.errors import AnswerUnreadable, HeyGenError, Problem, RequestInvalid, UploadFailed
from heygen_async.files.snapshot import Snapshot
from heygen_async.log import link_repr
from heygen_async.operation import POST, Answer, Body, Keyed, Request
from heygen_async.resource import Resource, Wire, call
from heygen_async.rules import Between, Count, Length, Web, rule

__all__ = [
    "CompleteUpload",
    "CompleteUploadBatch",
    "CompletedUpload",
    "CreateDirectUpload",
    "CreateDirectUploadBatch",
    "DirectUpload",
    "DirectUploadBatch",
    "DirectUploadFile",
    "DirectUploads",
]

T = TypeVar("T")

_HASHERS = 4
"""How many files of a batch are read at once for their checksums."""


@frozen
class DirectUpload(Answer):
    """Where a file is to be sent, by a PUT of its bytes, and what it will be called."""

    asset_id: str
    """Can be used once the upload is completed."""

    upload_url: str = field(repr=link_repr)
    """Signed: no API key belongs into that request."""

    upload_headers: Mapping[str, str] = field(factory=dict, repr=False)
    """To be sent along, exactly as they are."""

    expires_in_seconds: int = 0
    """How long the address is good for."""

    max_bytes: int = 0
    """How large the file may be; 0: HeyGen does not say."""

    status: str = "pending_upload"


@frozen
class DirectUploadBatch(Answer):
    """Where the files of a batch are to be sent."""

    batch_id: str
    items: Sequence[DirectUpload] = ()
    """One for each file, in the order they were given."""


@frozen
class CompletedUpload(Answer):
    """The receipt for an upload that was completed."""

    asset_id: str
    url: str = field(default="", repr=link_repr)
    """Where HeyGen keeps it."""

    mime_type: str = ""
    """What HeyGen found it to be, from its bytes."""

    size_bytes: int = 0
    """Bytes."""

    status: str = ""
    """``processing`` while HeyGen looks at the file; an open set."""


@frozen(kw_only=True)
class DirectUploadFile(Body):
    """A file that will be sent, as one of a batch."""

    filename: str = field(metadata=rule(Length(1, 1024)))
    """What it is called, with its ending."""

    content_type: str = field(metadata=rule(Length(1, 255)))
    """Such as ``video/mp4``. HeyGen compares it with the bytes in the end."""

    size_bytes: int = field(metadata=rule(Between(1, 2**53, whole=True)))
    """Exactly: the signature holds for this size."""

    checksum_sha256: str | None = field(default=None, metadata=rule(Length(64, 64)))
    """64 hexadecimal digits. The storage then refuses other bytes."""


@frozen(kw_only=True)
class CreateDirectUpload(Keyed, Request[DirectUpload]):
    """Have an address signed that one file can be sent to. `Assets.upload` does this, and the rest."""

    endpoint = POST("/v3/assets/direct-uploads")
    filename: str = field(metadata=rule(Length(1, 1024)))
    """What it is called, with its ending."""

    content_type: str = field(metadata=rule(Length(1, 255)))
    """Such as ``video/mp4``. HeyGen compares it with the bytes in the end."""

    size_bytes: int = field(metadata=rule(Between(1, 2**53, whole=True)))
    """Exactly: the signature holds for this size."""

    checksum_sha256: str | None = field(default=None, metadata=rule(Length(64, 64)))
    """64 hexadecimal digits. The storage then refuses other bytes."""

    multipart: bool | None = None
    """Whether the file will come in parts. HeyGen does not document how they are signed; we send files whole."""


@frozen(kw_only=True)
class CreateDirectUploadBatch(Keyed, Request[DirectUploadBatch]):
    """Have addresses signed for up to 100 files. `AssetBatches.upload` does this, and the rest."""

    endpoint = POST("/v3/assets/direct-uploads/batches")
    files: Sequence[DirectUploadFile] = field(metadata=rule(Count(1, 100)))
    """1 to 100 of them."""

    title: str | None = field(default=None, metadata=rule(Length(0, 1000)))
    """What the batch is called."""

    callback_url: str | None = field(default=None, metadata=rule(Web()))
    """Where HeyGen calls when all of them are assets, or have failed."""


@frozen
class CompleteUpload(Request[CompletedUpload]):
    """Say that a file was sent. Saying it twice changes nothing; too early answers 409, and the client asks again."""

    endpoint = POST("/v3/assets/{asset_id}/complete", keyed=False, harmless=True, patient=True)
    asset_id: str = field(metadata=rule(Length(1, 255)))
    checksum_sha256: str | None = field(default=None, kw_only=True, metadata=rule(Length(64, 64)))
    """64 hexadecimal digits, to be compared with what the storage has."""

    multipart_upload_id: str | None = field(default=None, kw_only=True)
    """Of a file that came in parts."""


@frozen
class CompleteUploadBatch(Request[None]):
    """Say that the files of a batch were sent; HeyGen looks at them one after the other."""

    endpoint = POST("/v3/assets/complete/batches", keyed=False, harmless=True, patient=True, status=202)
    batch_id: str = field(metadata=rule(Length(1, 255)))


class DirectUploads(Resource):
    """``heygen.assets.direct_uploads``: the first step of an upload, for those who send the bytes themselves."""

    create = call(CreateDirectUpload)


# What the steps make together, for one file and for many.


@frozen
class Prepared:
    """A file that was read once: it is sent as it was then, or not at all."""

    file: LocalFile
    snapshot: Snapshot
    checksum: str
    """SHA-256 in hexadecimal."""

    @classmethod
    async def of(cls, file: LocalFile) -> Self:
        """Read a file. Raises `RequestInvalid` when it cannot be, or changes meanwhile."""
        snapshot = await Snapshot.of(file.path)
        return cls(file, snapshot, await snapshot.checksum())

    @property
    def described(self) -> Mapping[str, Any]:
        """The file in the fields of the API."""
        return {
            "filename": self.file.path.name.encode("utf-8", "replace").decode(),  # a name may be no text
            "content_type": self.file.media_type,
            "size_bytes": self.snapshot.size,
            "checksum_sha256": self.checksum,
        }

    async def send(self, wire: Wire, upload: DirectUpload) -> None:
        """Send the file where it was signed for. Raises `RequestInvalid` when HeyGen does not take so much."""
        if 0 < upload.max_bytes < self.snapshot.size:
            reason = f"{self.file.path} has {self.snapshot.size:,} bytes; HeyGen takes at most {upload.max_bytes:,}"
            raise RequestInvalid([Problem("", reason)], "LocalFile")
        await wire.put(self.snapshot, upload.upload_url, upload.upload_headers)


async def upload_directly(
    wire: Wire, file: Prepared, *, idempotency_key: str | None = None, extra: Mapping[str, Any] | None = None
) -> CompletedUpload:
    """Sign, send and complete. Raises `RequestInvalid`, `UploadFailed`, and what every call raises."""
    signing = CreateDirectUpload(**file.described, extra=extra, idempotency_key=idempotency_key)
    upload = await wire.send(signing)
    try:
        await file.send(wire, upload)
    except UploadFailed as failure:
        if failure.status != HTTPStatus.FORBIDDEN:
            raise
        upload = await wire.send(attrs.evolve(signing, idempotency_key=None))  # it had expired before its turn came
        await file.send(wire, upload)
    return await wire.send(CompleteUpload(upload.asset_id, checksum_sha256=file.checksum))


@frozen
class SentFile:
    """What became of a file of a batch."""

    asset_id: str
    fault: HeyGenError | None
    """Why it did not reach HeyGen's storage; ``None``: it did."""


async def upload_together(
    wire: Wire, paths: Iterable[str | PathLike[str]], **fields: Any
) -> tuple[DirectUploadBatch, Sequence[SentFile]]:
    """Sign all, send all and complete what arrived. Raises as `upload_directly` does, when no file arrives."""
    files = await anyio.to_thread.run_sync(_local_files, paths)  # it looks at the disk
    readers = asyncio.Semaphore(_HASHERS)

    async def read(file: LocalFile) -> Prepared:
        async with readers:
            return await Prepared.of(file)

    prepared = [_good(one) for one in await _each(partial(read, file) for file in files)]
    described = [DirectUploadFile(**file.described) for file in prepared]
    signing = CreateDirectUploadBatch(files=described, **fields)
    batch = await wire.send(signing)
    if len(batch.items) != len(prepared):
        message = f"{len(prepared)} files were to be signed, but HeyGen signed {len(batch.items)}"
        raise AnswerUnreadable(message, status=signing.endpoint.status, request=signing)
    pairs = list(zip(prepared, batch.items, strict=True))
    faults = await _each(partial(file.send, wire, upload) for file, upload in pairs)
    if None not in faults:
        _good(faults[0])
    await wire.send(CompleteUploadBatch(batch.batch_id))
    return batch, [SentFile(upload.asset_id, fault) for upload, fault in zip(batch.items, faults, strict=True)]


def _local_files(paths: Iterable[str | PathLike[str]]) -> Sequence[LocalFile]:
    """Look at many files. Raises `RequestInvalid` with everything that is wrong with any of them."""
    given = paths if isinstance(paths, str) else tuple(paths)
    reason = Count(1, 100)(given)
    problems = [Problem("paths", reason)] if reason else []
    files = []
    for at, path in enumerate(() if problems else given):
        try:
            files.append(LocalFile(path))
        except RequestInvalid as fault:
            problems.extend(Problem(f"paths.{at}", problem.reason) for problem in fault.problems)
    if problems:
        raise RequestInvalid(problems, "AssetBatches.upload")
    return files


async def _each(works: Iterable[Callable[[], Awaitable[T]]]) -> Sequence[T | HeyGenError]:
    """Do many things at once. Where one fails, its error stands for its result."""

    async def done(work: Callable[[], Awaitable[T]]) -> T | HeyGenError:
        try:
            return await work()
        except HeyGenError as fault:
            return fault

    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(done(work)) for work in works]
    return [task.result() for task in tasks]


def _good(outcome: T | HeyGenError) -> T:
    if isinstance(outcome, HeyGenError):
        raise outcome
    return outcome
