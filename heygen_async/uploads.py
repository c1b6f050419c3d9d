"""Local files in a request become assets before it is sent: each file is uploaded once per client.

Files are told apart by path, size and time of change. Whoever needs a file that is being uploaded already waits
for that upload; if it fails or is cancelled, the next one tries.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from copy import copy
from typing import Any, TypeVar, cast
from weakref import WeakValueDictionary

import anyio.to_thread
import attrs

from heygen_async.api.assets import UploadAsset, UploadedAsset
from heygen_async.api.media import Asset, LocalFile
from heygen_async.errors import APIError, BadRequest, Problem, RequestInvalid, TooLarge
from heygen_async.operation import Request

__all__ = ["Uploads"]

R = TypeVar("R", bound=Request[Any])

Key = tuple[str, int, int]


class Uploads:
    """What a client has uploaded so far."""

    def __init__(self, upload: Callable[[UploadAsset], Awaitable[UploadedAsset]]) -> None:
        self._upload = upload
        self._assets: dict[Key, Asset] = {}
        self._refused: dict[Key, APIError] = {}
        self._locks: WeakValueDictionary[Key, asyncio.Lock] = WeakValueDictionary()

    async def settle(self, request: R) -> R:
        """Return `request` with an asset in the place of each local file. Raises as the upload does."""
        if isinstance(request, UploadAsset):
            return request
        assets = {file: await self.asset(file) for file in _files(request)}
        return cast(R, _replaced(request, assets)) if assets else request

    async def asset(self, file: LocalFile) -> Asset:
        """Return the asset of `file`, uploading it if this client has not done so yet."""
        key = await anyio.to_thread.run_sync(_key, file)
        lock = self._locks.setdefault(key, asyncio.Lock())
        async with lock:
            if key in self._refused:
                raise copy(self._refused[key])  # each with a traceback of its own
            if key not in self._assets:
                self._assets[key] = await self._send(key, file)
            return self._assets[key]

    async def _send(self, key: Key, file: LocalFile) -> Asset:
        """Upload a file. HeyGen's word that it does not take it is kept: it would say the same for each row."""
        try:
            return Asset((await self._upload(UploadAsset(file))).asset_id)
        except (BadRequest, TooLarge) as refusal:
            self._refused[key] = copy(refusal)
            raise


def _key(file: LocalFile) -> Key:
    try:
        stat = file.path.stat()
    except OSError as fault:
        problem = Problem("", f"{file.path} cannot be read: {fault.strerror}")
        raise RequestInvalid([problem], "LocalFile") from fault
    return str(file.path.resolve()), stat.st_size, stat.st_mtime_ns


def _files(value: Any) -> Iterator[LocalFile]:
    """Find the local files in a request, wherever they are."""
    if isinstance(value, LocalFile):
        yield value
    elif isinstance(value, Sequence) and not isinstance(value, str):
        for item in value:
            yield from _files(item)
    elif attrs.has(type(value)):
        for at in attrs.fields(type(value)):
            yield from _files(getattr(value, at.name))


def _replaced(value: Any, assets: Mapping[LocalFile, Asset]) -> Any:
    """Put assets in the place of files: ``audio_url`` becomes ``audio_asset_id``, ``url`` ``asset_id``."""
    if isinstance(value, LocalFile):
        return assets[value]
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [_replaced(item, assets) for item in value]
    changes: dict[str, Any] = {}
    for at in attrs.fields(type(value)):
        item = getattr(value, at.name)
        if isinstance(item, LocalFile) and at.name.endswith("url"):
            changes |= {at.name: None, at.name.removesuffix("url") + "asset_id": assets[item].asset_id}
        elif any(_files(item)):
            changes[at.name] = _replaced(item, assets)
    return attrs.evolve(value, **changes) if changes else value
