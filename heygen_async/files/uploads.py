"""How files get to HeyGen, and which of them are there already.

Local files in a request become assets before it is sent, and each is uploaded once per client, also where somebody
uploads it by hand. Files are told apart by what is in them, whatever they are called; one that has not changed is read
once for that. Whoever needs a file that is being uploaded already waits for that upload; if it fails or is cancelled,
the next one tries. An asset that was deleted is forgotten, so that the next one who needs the file uploads it again.

Up to 32 MB go through the API; what has more goes straight to HeyGen's storage.
"""

import asyncio
import logging
import random
import re
from collections.abc import Awaitable, Callable, Coroutine, Hashable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from copy import copy
from functools import partial
from http import HTTPStatus
from pathlib import Path
from typing import Any, Protocol, TypeVar, cast
from weakref import WeakValueDictionary

import attrs

from heygen_async.api.assets import DeleteAsset, GetAssetStatuses, UploadAsset, UploadedAsset
from heygen_async.api.direct_uploads import CompletedUpload, Prepared, upload_directly
from heygen_async.api.media import Asset, LocalFile
from heygen_async.clock import Clock
from heygen_async.errors import (
    APIError,
    BadRequest,
    ConnectionFailed,
    Problem,
    RequestInvalid,
    TooLarge,
    UploadFailed,
)
from heygen_async.files.snapshot import Snapshot
from heygen_async.job import Stage, stage
from heygen_async.log import printable
from heygen_async.operation import Request, on_the_wire
from heygen_async.options import Retry
from heygen_async.resource import Wire
from heygen_async.retry import Trial, verdict
from heygen_async.rules import IdempotencyKey

__all__ = ["Uploads", "delivered"]

T = TypeVar("T")
R = TypeVar("R", bound=Request[Any])

Content = tuple[str, str]
"""What tells files apart: the checksum, and the media type that the ending stands for."""

_LOOKS = (0, 1, 2, 4, 8, 15, 30, 60)
"""Seconds before each look whether HeyGen has taken in a large file; after the last one it is used in any case."""

_PASSING = {HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_MANY_REQUESTS}
"""Besides 5xx: what the storage answers when it would like to have the file later."""

_GONE = {"asset_not_found", "asset_not_available"}
"""What HeyGen calls an asset that cannot be used any more."""

log = logging.getLogger(__name__)


class Desk(Wire, Protocol):
    """What uploads need of the client."""

    @property
    def clock(self) -> Clock:
        """The clock that pauses go by."""
        ...

    async def submit_alone(self, request: Request[T], /, *, idempotency_key: str | None = None) -> T:
        """Make a call as it stands, without looking for files in it."""
        ...


class Uploads:
    """What a client has uploaded so far."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._checksums: dict[Snapshot, str] = {}
        self._assets: dict[Content, UploadedAsset] = {}
        self._refused: dict[Content, APIError] = {}
        self._locks: WeakValueDictionary[Hashable, asyncio.Lock] = WeakValueDictionary()

    async def settle(self, request: R, *, idempotency_key: str | None = None) -> R:
        """Return `request` with an asset in the place of each local file. Raises as the upload does.

        Several are uploaded at once, as the lane of the submissions allows; when one fails, the others are cancelled.
        A key that HeyGen would not take is refused first: nothing is uploaded in vain.
        """
        _check_key(request, idempotency_key)
        if request.endpoint.body != "json":
            return request
        files = list(dict.fromkeys(_files(request)))
        assets = dict(zip(files, await _together(partial(self.asset, file) for file in files), strict=True))
        return cast(R, _replaced(request, assets)) if assets else request

    async def asset(self, file: LocalFile) -> Asset:
        """Return the asset of `file`, uploading it if this client has not done so yet."""
        prepared = await self._prepared(file)
        content = _content(prepared)
        lock = self._lock(content)
        async with lock:
            if content in self._refused:
                raise copy(self._refused[content])  # each with a traceback of its own
            if content not in self._assets:
                return Asset((await self._kept(prepared, await self._uploaded(prepared))).asset_id)
            return Asset(self._assets[content].asset_id)

    async def upload(self, request: UploadAsset, *, idempotency_key: str | None = None) -> UploadedAsset:
        """Upload a file because somebody asks for it, unless it is there already.

        What HeyGen has refused before is sent again: whoever asks may know better.
        """
        _check_key(request, idempotency_key)
        prepared = await self._prepared(request.file)
        if request.anew or request.extra:
            return await self._kept(prepared, await self._sent(request, prepared, idempotency_key))
        lock = self._lock(_content(prepared))
        async with lock:
            found = self._assets.get(_content(prepared))
            return found or await self._kept(prepared, await self._sent(request, prepared, idempotency_key))

    def heed(self, request: Request[Any], error: APIError | None = None) -> None:
        """Forget the assets of `request` if the call has deleted them, or has shown with `error` that they are gone."""
        if error is None and isinstance(request, DeleteAsset):
            self._forget({request.asset_id})
        if error is not None and error.code in _GONE:
            gone = set(_asset_ids(request))
            self._forget({asset_id for asset_id in gone if asset_id in error.message} or gone)

    async def _kept(self, prepared: Prepared, sent: UploadedAsset | CompletedUpload) -> UploadedAsset:
        """Return what a file became, and keep it, unless something else may have been sent than was read."""
        receipt = UploadedAsset(sent.asset_id, sent.url, sent.mime_type, sent.size_bytes, extra=sent.extra)
        with suppress(RequestInvalid):  # it is gone already: it was uploaded all the same
            if await Snapshot.of(prepared.file.path) == prepared.snapshot:
                self._assets[_content(prepared)] = receipt
                self._refused.pop(_content(prepared), None)
        return receipt

    def _forget(self, gone: set[str]) -> None:
        self._assets = {content: asset for content, asset in self._assets.items() if asset.asset_id not in gone}

    async def _prepared(self, file: LocalFile) -> Prepared:
        """Read a file for its checksum, if it has not been read since it changed."""
        snapshot = await Snapshot.of(file.path)
        lock = self._lock(snapshot)
        async with lock:
            if snapshot not in self._checksums:
                self._checksums[snapshot] = await snapshot.checksum()
        return Prepared(file, snapshot, self._checksums[snapshot])

    async def _uploaded(self, prepared: Prepared) -> UploadedAsset | CompletedUpload:
        """Upload a file to use it. HeyGen's word that it does not take it is kept: it would say the same again."""
        try:
            receipt = await self._sent(UploadAsset(prepared.file), prepared)
        except (BadRequest, TooLarge) as refusal:
            self._refused[_content(prepared)] = copy(refusal)
            raise
        if isinstance(receipt, CompletedUpload):
            await self._taken_in(prepared.file.path, receipt)
        return receipt

    async def _sent(
        self, request: UploadAsset, prepared: Prepared, idempotency_key: str | None = None
    ) -> UploadedAsset | CompletedUpload:
        """Upload a file the way that was asked for, or else that its size asks for."""
        if request.direct or (request.direct is None and not request.file.simple):
            return await upload_directly(self._desk, prepared, idempotency_key=idempotency_key, extra=request.extra)
        return await self._desk.submit_alone(request, idempotency_key=idempotency_key)

    async def _taken_in(self, path: Path, receipt: CompletedUpload) -> None:
        """Wait until HeyGen has looked at a file that it did not see on its way, as far as it says so."""
        word, pauses = receipt.status, iter(_LOOKS)
        while stage(word) not in {Stage.COMPLETED, Stage.GONE}:
            if stage(word) is Stage.FAILED:
                raise UploadFailed(f"HeyGen could not process {path} (asset {receipt.asset_id})", path=path)
            pause = next(pauses, None)
            if pause is None:
                log.info("HeyGen is still looking at %s; it is used all the same", path)
                return
            await self._desk.clock.sleep(pause)
            page = await self._desk.send(GetAssetStatuses(asset_ids=[receipt.asset_id]))
            word = page.items[0].status if page.items else "not_found"

    def _lock(self, key: Hashable) -> asyncio.Lock:
        return self._locks.setdefault(key, asyncio.Lock())


async def _together(works: Iterable[Callable[[], Coroutine[Any, Any, T]]]) -> Sequence[T]:
    """Do several things at once. Raises what the first of them that fails raises; the others are cancelled then."""
    try:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(work()) for work in works]
    except BaseExceptionGroup as failures:
        raise failures.exceptions[0] from None
    return [task.result() for task in tasks]


async def delivered(put: Callable[[], Awaitable[tuple[int, str]]], path: Path, retry: Retry, clock: Clock) -> None:
    """Send a file to the storage, again where that may help. Raises `UploadFailed` and `ConnectionFailed`."""
    started, number = clock.now(), 0
    while True:
        number += 1
        try:
            return _check_taken(path, *await put())
        except (ConnectionFailed, UploadFailed) as fault:
            trial = Trial(fault, number, clock.now() - started, repeatable=True)
            wait = verdict(trial, retry, random.random())  # noqa: S311  # jitter is no secret
            if wait is None:
                raise
            log.info("%s: try %d ended in %s; again in %.1f s", path, number, fault, wait)
        await clock.sleep(wait)


def _check_taken(path: Path, status: int, said: str) -> None:
    """Raise `UploadFailed` unless the storage has taken the file. What it says is XML, as S3 writes it."""
    if HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES:
        return
    words = [found[1] for tag in ("Code", "Message") if (found := re.search(f"<{tag}>([^<]{{1,200}})<", said))]
    passing = status >= HTTPStatus.INTERNAL_SERVER_ERROR or status in _PASSING or "RequestTimeout" in words
    reason = printable(": ".join([f"HTTP {status}", *words]))
    message = f"the storage did not take {path}: {reason}"
    raise UploadFailed(message, path=path, status=status, retryable=passing)


def _check_key(request: Request[Any], idempotency_key: str | None) -> None:
    reason = None if idempotency_key is None else IdempotencyKey()(idempotency_key)
    if reason:
        raise RequestInvalid([Problem("idempotency_key", reason)], type(request).__name__)


def _content(prepared: Prepared) -> Content:
    return prepared.checksum, prepared.file.media_type


def _within(value: Any) -> Iterator[tuple[str, Any]]:
    """Yield what is directly in a value of the API, by name where it has one."""
    match value:
        case str() | LocalFile():
            return
        case Mapping():
            yield from ((str(name), item) for name, item in value.items())
        case Sequence():
            yield from (("", item) for item in value)
        case _ if attrs.has(type(value)):
            yield from ((at.name, getattr(value, at.name)) for at in on_the_wire(type(value)))


def _files(value: Any) -> Iterator[LocalFile]:
    """Find the local files in a request, wherever they are."""
    if isinstance(value, LocalFile):
        yield value
    for _, item in _within(value):
        yield from _files(item)


def _asset_ids(value: Any) -> Iterator[str]:
    """Find the ids of assets in a request, wherever they are."""
    for name, item in _within(value):
        if isinstance(item, str) and name.endswith("asset_id"):
            yield item
        yield from _asset_ids(item)


def _replaced(value: Any, assets: Mapping[LocalFile, Asset]) -> Any:
    """Put assets in the place of files: ``audio_url`` becomes ``audio_asset_id``, ``url`` ``asset_id``."""
    if isinstance(value, LocalFile):
        return assets[value]
    if not any(_files(value)):
        return value
    if isinstance(value, Sequence):
        return [_replaced(item, assets) for item in value]
    changes: dict[str, Any] = {}
    for name, item in _within(value):
        if isinstance(item, LocalFile) and name.endswith("url"):
            changes |= {name: None, name.removesuffix("url") + "asset_id": assets[item].asset_id}
        elif any(_files(item)):
            changes[name] = _replaced(item, assets)
    if isinstance(value, Mapping):
        return {name: item for name, item in {**value, **changes}.items() if item is not None or name not in changes}
    return attrs.evolve(value, **changes)
