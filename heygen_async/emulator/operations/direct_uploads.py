"""Direct uploads: sign addresses, and take notice that the bytes are there; one file at a time, or a hundred."""

from heygen_async.api.assets import GetAssetBatch, GetAssetStatuses
from heygen_async.api.batches import Batch, BulkStatus, CreatedBatch
from heygen_async.api.direct_uploads import (
    CompletedUpload,
    CompleteUpload,
    CompleteUploadBatch,
    CreateDirectUpload,
    CreateDirectUploadBatch,
    DirectUpload,
    DirectUploadBatch,
    DirectUploadFile,
)
from heygen_async.api.media import MEDIA_TYPES
from heygen_async.emulator import media, series, views
from heygen_async.emulator.account import Series, Upload
from heygen_async.emulator.clerk import Clerk
from heygen_async.emulator.faults import FailRender, Stuck, ToWork
from heygen_async.emulator.materials import HEAD, mismatch, type_of
from heygen_async.emulator.refusals import Refusal, invalid, unknown
from heygen_async.emulator.rendering import Failure
from heygen_async.emulator.service import Visit
from heygen_async.emulator.shelf import fresh_id
from heygen_async.emulator.storage import LIFE, Awaited, most_bytes
from heygen_async.operation import Page

__all__ = ["direct_uploads"]

direct_uploads = Clerk()

_TYPES = frozenset(type_of(media_type) for media_type in MEDIA_TYPES.values())
_ZIP = b"PK\x03\x04"

_LOOKING = 2.0
"""Seconds that a file is looked at, once it is completed."""


@direct_uploads.answers(CreateDirectUpload)
async def sign(visit: Visit, request: CreateDirectUpload) -> DirectUpload:
    """Sign an address for a file."""
    if request.multipart:
        raise invalid("multipart", "The emulator takes files whole: how parts are signed is not documented")
    return _signed(visit, _expected(visit, request, ""))


@direct_uploads.answers(CreateDirectUploadBatch)
async def sign_batch(visit: Visit, request: CreateDirectUploadBatch) -> DirectUploadBatch:
    """Sign addresses for the files of a batch: for all of them, or for none."""
    found = [_expected(visit, file, f"files.{at}.") for at, file in enumerate(request.files)]
    batch = visit.account.batches.add(
        Series(kind=Upload, title=request.title, created_at=visit.unix, callback_url=request.callback_url)
    )
    for index, upload in enumerate(found):
        upload.series, upload.item_index = batch, index
        batch.items.append(upload)
    return DirectUploadBatch(batch.id, [_signed(visit, upload) for upload in found])


@direct_uploads.answers(CompleteUpload)
async def complete(visit: Visit, request: CompleteUpload) -> CompletedUpload:
    """Begin to look at a file that has arrived; the second time, say the same again."""
    upload = visit.account.asset(request.asset_id)
    if isinstance(upload, Awaited) and upload.ready_at is None:
        if request.checksum_sha256 is not None and upload.checksum not in {None, request.checksum_sha256}:
            raise invalid("checksum_sha256", "checksum_sha256 is not that of the stored object")
        await _begin(visit, upload)
    link = views.asset_link(visit, upload)
    status = upload.stage(visit.now)
    return CompletedUpload(upload.id, link, upload.media_type, upload.size, status)


@direct_uploads.answers(CompleteUploadBatch)
async def complete_batch(visit: Visit, request: CompleteUploadBatch) -> CreatedBatch:
    """Begin to look at all files of a batch that have arrived. The others have failed."""
    batch = visit.account.batches.find(request.batch_id)
    if batch.kind is not Upload:
        raise unknown(Series.noun, batch.id, Series.missing)
    for upload in batch.items:
        if isinstance(upload, Awaited) and upload.ready_at is None:
            await _begin_if_possible(visit, upload)
    return CreatedBatch(batch.id)


@direct_uploads.answers(GetAssetBatch)
async def read_batch(visit: Visit, request: GetAssetBatch) -> Batch:
    """Show a batch, with one page of its items."""
    return series.shown(visit, Upload, request.batch_id, request.limit, request.token)


@direct_uploads.answers(GetAssetStatuses)
async def statuses(visit: Visit, request: GetAssetStatuses) -> Page[BulkStatus]:
    """Show the statuses of assets, and of all items of batches."""
    return series.statuses(visit, Upload, request.asset_ids, request.batch_ids)


def _expected(visit: Visit, file: CreateDirectUpload | DirectUploadFile, at: str) -> Awaited:
    """Say what is to come. Raises `Refusal` (400) for a type that HeyGen does not take."""
    if type_of(file.content_type) not in _TYPES:
        raise invalid(f"{at}content_type", f"{file.content_type} is not a supported content type")
    if file.checksum_sha256 is not None and not _is_hex(file.checksum_sha256):
        raise invalid(f"{at}checksum_sha256", "checksum_sha256 must be 64 hexadecimal digits")
    asset_id = fresh_id()
    return Awaited(
        id=asset_id,
        name=file.filename,
        path=visit.service.folders.uploads / asset_id,
        media_type=file.content_type,
        size=file.size_bytes,
        uploaded_at=visit.unix,
        checksum=file.checksum_sha256 and file.checksum_sha256.lower(),
    )


def _is_hex(text: str) -> bool:
    return not text.lower().strip("0123456789abcdef")


def _signed(visit: Visit, upload: Awaited) -> DirectUpload:
    visit.account.assets.add(upload)
    return DirectUpload(
        asset_id=upload.id,
        upload_url=upload.address(visit),
        upload_headers=upload.headers,
        expires_in_seconds=LIFE,
        max_bytes=most_bytes(upload.media_type),
    )


async def _begin(visit: Visit, upload: Awaited) -> None:
    """Look what a file is, and begin to process it. Raises `Refusal` (409, 400) if it is not there, or another."""
    if not upload.arrived:
        raise Refusal(409, "conflict", "Uploaded object not found yet. Retry after the upload PUT returns 200.")
    found = await visit.service.threads.run(_sniffed, upload)
    if found is None or found != type_of(upload.media_type):
        raise mismatch("content_type", upload.media_type, found)
    fault = visit.service.faults.take("POST", visit.path, ToWork)
    upload.progress, upload.media_type = "processing", found
    upload.ready_at = float("inf") if isinstance(fault, Stuck) else visit.now + _LOOKING
    upload.fate = Failure(fault.code, fault.message) if isinstance(fault, FailRender) else None


async def _begin_if_possible(visit: Visit, upload: Awaited) -> None:
    try:
        await _begin(visit, upload)
    except Refusal as refusal:
        upload.failure = Failure(refusal.code, refusal.message)


def _sniffed(upload: Awaited) -> str | None:
    with upload.path.open("rb") as file:
        head = file.read(HEAD)
    return "application/zip" if head.startswith(_ZIP) else media.sniff(head)
