"""A finished video, streamed to where it is wanted.

Towards a path, the bytes go into a part file beside it; its length and structure are checked, and only then is it
renamed. So a file with the final name is always whole, and whatever goes wrong (an error, a cancelled task) leaves
nothing behind. Memory stays at a few megabytes, whatever the size.

A connection that is cut is taken up again where it ended (``Range``, and ``If-Range`` so that halves of two
different files never meet). Signed links expire: 403 and 404 ask for a fresh one. Neither is repeated for ever: what
counts is how often in a row nothing came.
"""

import logging
import os
import re
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AbstractAsyncContextManager
from http import HTTPStatus
from pathlib import Path
from typing import Any, BinaryIO, Protocol

import aiofiles
import anyio.to_thread
from attrs import define, field, frozen

from heygen_async import mp4
from heygen_async.clock import Clock
from heygen_async.errors import ConnectionFailed, DownloadFailed, TargetExists
from heygen_async.options import Retry

__all__ = ["Download", "Sink", "into_file", "into_path"]

log = logging.getLogger(__name__)

_EXPIRED = {HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND, HTTPStatus.GONE}


class Incoming(Protocol):
    """An answer of the file's host."""

    @property
    def status(self) -> int:
        """The HTTP status."""
        ...

    @property
    def headers(self) -> Mapping[str, str]:
        """Headers, whatever the case."""
        ...

    def blocks(self) -> AsyncIterator[bytes]:
        """Yield the body."""
        ...


class Fetch(Protocol):
    """Fetch a file from a byte on."""

    def __call__(self, url: str, /, *, start: int, etag: str | None) -> AbstractAsyncContextManager[Incoming]:
        """Begin to fetch `url`."""
        ...


class Sink(Protocol):
    """Where the bytes go."""

    async def write(self, block: bytes, /) -> None:
        """Take the next bytes."""
        ...

    async def restart(self) -> None:
        """Forget what came: the beginning comes again."""
        ...


@define
class _PartFile:
    """A file on disk that can be begun anew."""

    _file: Any

    async def write(self, block: bytes) -> None:
        await self._file.write(block)

    async def restart(self) -> None:
        await self._file.seek(0)
        await self._file.truncate()


@define
class _Stream:
    """A file object of the caller, which may not be seekable: bytes that it has already are skipped."""

    _file: BinaryIO
    _has: int = 0
    _at: int = 0

    async def write(self, block: bytes) -> None:
        known = min(len(block), self._has - self._at)
        self._at += len(block)
        if known < len(block):
            await anyio.to_thread.run_sync(self._file.write, block[known:])
            self._has = self._at

    async def restart(self) -> None:
        self._at = 0


@frozen
class _Failure:
    """Why a try brought nothing whole."""

    reason: str
    fresh_link: bool = False


@define
class Download:
    """One file on its way into a sink."""

    fetch: Fetch
    link: Callable[[bool], Awaitable[str]]
    """Gives the address; with ``True``, a freshly signed one."""

    sink: Sink
    retry: Retry
    clock: Clock
    name: str
    """What errors call it."""

    size: int = field(default=0, init=False)
    """How many bytes have come."""

    _etag: str | None = field(default=None, init=False)
    _total: int | None = field(default=None, init=False)

    async def run(self) -> int:
        """Bring all of it; return its size in bytes. Raises `DownloadFailed`."""
        failures, fresh = 0, False
        while True:
            before = self.size
            failure = await self._once(await self.link(fresh))
            if failure is None:
                return self.size
            failures = 1 if self.size > before else failures + 1
            if failures >= self.retry.attempts:
                raise DownloadFailed(
                    f"{self.name} could not be downloaded: {failure.reason} "
                    f"(tried {failures} times; {self.size:,} bytes came)",
                    retryable=True,
                )
            log.info("%s: %s; going on at byte %d", self.name, failure.reason, self.size)
            fresh = failure.fresh_link
            await self.clock.sleep(min(self.retry.backoff * 2 ** (failures - 1), self.retry.longest))

    async def _once(self, url: str) -> _Failure | None:
        try:
            async with self.fetch(url, start=self.size, etag=self._etag) as answer:
                return await self._take(answer)
        except ConnectionFailed as fault:
            return _Failure(str(fault))

    async def _take(self, answer: Incoming) -> _Failure | None:
        """Take what one answer brings; say what was wrong with it, if anything."""
        status = answer.status
        if status in _EXPIRED:
            return _Failure(f"the link has expired (HTTP {status})", fresh_link=True)
        if status not in {HTTPStatus.OK, HTTPStatus.PARTIAL_CONTENT, HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE}:
            server = status >= HTTPStatus.INTERNAL_SERVER_ERROR
            return _Failure(f"the file's host answered HTTP {status}", fresh_link=not server)
        if status == HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE or not await self._aligned(answer):
            return await self._begin_anew("the host did not go on at the byte that was asked for")
        async for block in answer.blocks():
            await self._write(block)
        return await self._measured()

    async def _measured(self) -> _Failure | None:
        """Compare what came with what was announced."""
        if self._total is None or self.size == self._total:
            return None
        if self.size > self._total:
            return await self._begin_anew("more bytes came than were announced")
        return _Failure(f"the connection ended after {self.size:,} of {self._total:,} bytes")

    async def _aligned(self, answer: Incoming) -> bool:
        """Take in what the answer says about its size; false when it does not fit what is there."""
        etag, start = answer.headers.get("ETag"), 0
        length = answer.headers.get("Content-Length", "")
        total = int(length) if length.isdecimal() else None
        if answer.status == HTTPStatus.PARTIAL_CONTENT:
            span = re.fullmatch(r"bytes (\d+)-\d+/(\d+|\*)", answer.headers.get("Content-Range", ""))
            if span is None or int(span[1]) != self.size:
                return False
            start, total = self.size, int(span[2]) if span[2].isdecimal() else self._total
        if start == 0 and self.size:
            await self._restart()
        self._etag, self._total = etag if etag and not etag.startswith("W/") else None, total
        return True

    async def _write(self, block: bytes) -> None:
        try:
            await self.sink.write(block)
        except OSError as fault:
            raise DownloadFailed(f"{self.name} could not be written: {fault.strerror or fault}") from fault
        self.size += len(block)

    async def _begin_anew(self, reason: str) -> _Failure:
        await self._restart()
        return _Failure(reason, fresh_link=True)

    async def _restart(self) -> None:
        await self.sink.restart()
        self.size, self._etag, self._total = 0, None, None


async def into_path(target: Path, begin: Callable[[Sink], Download], *, overwrite: bool) -> Path:
    """Download into `target` by way of a part file beside it; return `target`.

    Raises `TargetExists` when it is there and `overwrite` is false, and `DownloadFailed`.
    """
    await refuse_existing(target, overwrite=overwrite)
    part = target.with_name(f".{target.stem[:40]}-{uuid.uuid4().hex[:8]}.part")
    renamed = False
    try:
        await anyio.to_thread.run_sync(lambda: target.parent.mkdir(parents=True, exist_ok=True))
        async with aiofiles.open(part, "wb") as file:
            await begin(_PartFile(file)).run()
        await anyio.to_thread.run_sync(_finish, part, target)
        renamed = True
    except DownloadFailed as error:
        error.path = target
        raise
    except OSError as fault:
        if isinstance(fault, ConnectionFailed):
            raise
        reason = fault.strerror or str(fault)
        raise DownloadFailed(f"{target} could not be written: {reason}", path=target) from fault
    finally:
        if not renamed:  # at once and not in a thread: a cancelled task must not leave a half file
            part.unlink(missing_ok=True)
    return target


async def into_file(file: BinaryIO, begin: Callable[[Sink], Download]) -> None:
    """Download into an open binary file object, from its position on; it stays open. Raises `DownloadFailed`."""
    await begin(_Stream(file)).run()


async def refuse_existing(target: Path, *, overwrite: bool) -> None:
    """Raise `TargetExists` when `target` is there and must not be replaced."""
    if not overwrite and await anyio.to_thread.run_sync(os.path.lexists, target):
        raise TargetExists(f"{target} exists already; choose another name or pass overwrite=True", path=target)


def _finish(part: Path, target: Path) -> None:
    """Check the part file and give it its name."""
    with part.open("rb") as file:
        wrong = mp4.fault(file)
    if wrong:
        raise DownloadFailed(f"{target.name} is not a whole video: {wrong}", path=target, retryable=True)
    part.replace(target)
