"""A finished video, streamed to where it is wanted.

Towards a path, the bytes go into a part file beside it; its length and structure are checked, and only then is it
renamed. So a file with the final name is always whole, and whatever goes wrong (an error, a cancelled task) leaves
nothing behind. Memory stays at a few megabytes, whatever the size.

A connection that is cut is taken up again where it ended (``Range``, and ``If-Range`` so that halves of two
different files never meet). Signed links expire: 403 and 404 ask for a fresh one. Neither is repeated for ever: what
counts is how often in a row nothing new came.
"""

import io
import logging
import os
import re
import shutil
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterator, Mapping
from contextlib import AbstractAsyncContextManager, aclosing, contextmanager, suppress
from http import HTTPStatus
from pathlib import Path, PurePosixPath
from typing import Any, BinaryIO, Protocol
from urllib.parse import urlsplit

from attrs import define, field, frozen

from heygen_async.clock import Clock
from heygen_async.errors import ConnectionFailed, DownloadFailed, HeyGenError, TargetExists
from heygen_async.files import mp4, sounds
from heygen_async.files.blocks import Block
from heygen_async.files.part_file import opened, part_of
from heygen_async.files.threads import in_thread
from heygen_async.options import Retry

__all__ = ["Download", "Sink", "duplicate", "ending_of", "flaw_of", "into_file", "into_path", "refuse_text"]

log = logging.getLogger(__name__)

_EXPIRED = {HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND, HTTPStatus.GONE}

Flaw = Callable[[BinaryIO], str | None]
"""Says what is wrong with a file, or ``None``."""

_FLAWS: Mapping[str, Flaw | None] = {
    **dict.fromkeys((".mp4", ".webm"), mp4.fault),
    **dict.fromkeys((".mp3", ".wav"), sounds.fault),
    **dict.fromkeys((".srt", ".vtt", ".png", ".jpg", ".jpeg", ".gif", ".pdf", ".zip")),
}
"""How files end that HeyGen makes, and what can be wrong with such a file besides its length."""


def ending_of(link: str | None) -> str:
    """Return how a file ends that a link leads to, such as ``.mp3``; ``.mp4`` where that cannot be told."""
    try:
        ending = PurePosixPath(urlsplit(link or "").path).suffix.lower()
    except ValueError:  # no address at all: whoever fetches it says so
        ending = ""
    return ending if ending in _FLAWS else ".mp4"


def flaw_of(ending: str) -> Flaw | None:
    """Return what tells whether a file with such an ending is whole; ``None``: nothing does."""
    return _FLAWS.get(ending.lower())


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

    def blocks(self) -> AsyncGenerator[Block]:
        """Yield the body, in blocks that are worth a write; each is lent until the next but one is asked for."""
        ...


class Fetch(Protocol):
    """Fetch a file from a byte on."""

    def __call__(self, url: str, /, *, start: int, etag: str | None) -> AbstractAsyncContextManager[Incoming]:
        """Begin to fetch `url`."""
        ...


class Sink(Protocol):
    """Where the bytes go."""

    async def write(self, block: Block, /) -> None:
        """Take the next bytes, in pieces. They may still be on their way when this returns, those before not."""
        ...

    async def flush(self) -> None:
        """Wait until all bytes have arrived."""
        ...

    async def restart(self, *, same: bool) -> None:
        """Forget what came: the beginning comes again, of the `same` file for sure, or maybe of another.

        Raises `DownloadFailed` where what came cannot be taken back.
        """
        ...


@define
class _Stream:
    """A file object of the caller. Bytes that it has already are skipped, or taken back where it can seek."""

    _file: BinaryIO
    _start: int | None
    """Where it stood in the beginning; ``None``: it cannot seek."""

    _has: int = 0
    _at: int = 0

    async def write(self, block: Block) -> None:
        size = sum(map(len, block))
        known = min(size, self._has - self._at)
        if known < size:
            await in_thread(self._write, block, known)
            self._has = self._at + size
        self._at += size

    async def flush(self) -> None:
        """Nothing is on its way: `write` waits."""

    async def restart(self, *, same: bool) -> None:
        if not same and self._has:
            if self._start is None:
                raise DownloadFailed("the file has to be begun anew, and a stream that cannot seek gives nothing back")
            await in_thread(self._take_back, self._start)
            self._has = 0
        self._at = 0

    def _write(self, block: Block, known: int) -> None:
        rest = b"".join(block)[known:]
        while rest:  # a file without a buffer may take a part of it
            taken = self._file.write(rest)
            rest = rest[taken:] if taken is not None else b""

    def _take_back(self, start: int) -> None:
        self._file.seek(start)
        self._file.truncate()


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
        failures, fresh, most = 0, False, 0
        while True:
            failure = await self._once(await self.link(fresh))
            if failure is None:
                return self.size
            failures = 1 if self.size > most else failures + 1
            most = max(most, self.size)
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
        async with aclosing(answer.blocks()) as blocks:
            async for block in blocks:
                await self._write(block)
                del block  # or else what is not lent stays in memory until the next one is complete
        with self._writing():
            await self.sink.flush()  # as long as the memory is lent
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
        etag, length = answer.headers.get("ETag"), answer.headers.get("Content-Length", "")
        etag = etag if etag and not etag.startswith("W/") else None
        total = int(length) if length.isdecimal() else None
        same = (etag, total) == (self._etag, self._total) != (None, None)
        if answer.status == HTTPStatus.PARTIAL_CONTENT:
            span = re.fullmatch(r"bytes (\d+)-\d+/(\d+|\*)", answer.headers.get("Content-Range", ""))
            if span is None or int(span[1]) != self.size:
                return False
            etag, total = etag or self._etag, int(span[2]) if span[2].isdecimal() else self._total
            if self.size and (etag, total) != (self._etag or etag, self._total or total):  # If-Range was not heeded
                return False
        elif self.size:
            await self._restart(same=same)
        self._etag, self._total = etag, total
        return True

    async def _write(self, block: Block) -> None:
        with self._writing():
            await self.sink.write(block)
        self.size += sum(map(len, block))

    @contextmanager
    def _writing(self) -> Iterator[None]:
        try:
            yield
        except OSError as fault:
            if isinstance(fault, DownloadFailed):
                raise
            raise DownloadFailed(f"{self.name} could not be written: {fault.strerror or fault}") from fault

    async def _begin_anew(self, reason: str) -> _Failure:
        await self._restart(same=False)
        return _Failure(reason, fresh_link=True)

    async def _restart(self, *, same: bool) -> None:
        with self._writing():
            await self.sink.restart(same=same)
        self.size, self._etag, self._total = 0, None, None


async def into_path(
    target: Path, begin: Callable[[Sink], Download], *, overwrite: bool, flaw: Flaw | None = mp4.fault
) -> Path:
    """Download into `target` by way of a part file beside it; return `target`.

    `flaw` says what is wrong with what came, besides its length; ``None``: nothing can be. Raises `TargetExists` when
    it is there and `overwrite` is false, and `DownloadFailed`.
    """
    part = part_of(target)
    renamed = False
    try:
        await in_thread(_make_room, target, overwrite=overwrite)
        async with opened(part) as file:
            await begin(file).run()
        await in_thread(_finish, part, target, overwrite=overwrite, flaw=flaw)
        renamed = True
    except DownloadFailed as error:
        error.path = target
        raise
    except OSError as fault:
        if isinstance(fault, HeyGenError):
            raise
        reason = fault.strerror or str(fault)
        raise DownloadFailed(f"{target} could not be written: {reason}", path=target) from fault
    finally:
        if not renamed:  # at once and not in a thread: a cancelled task must not leave a half file
            with suppress(OSError):
                part.unlink()
    return target


async def into_file(file: BinaryIO, begin: Callable[[Sink], Download]) -> None:
    """Download into an open binary file object, from its position on; it stays open. Raises `DownloadFailed`."""
    start = await in_thread(lambda: file.tell() if file.seekable() else None)
    await begin(_Stream(file, start)).run()


def refuse_text(file: BinaryIO) -> None:
    """Raise `DownloadFailed` for a file object that takes no bytes: before anything is waited for."""
    given: Any = file
    text = isinstance(given, io.TextIOBase) or getattr(given, "encoding", None) is not None  # or a wrapper of text
    if text or not file.writable():
        raise DownloadFailed("the file object takes no bytes; open it for writing in binary mode, with 'wb'")


async def refuse_existing(target: Path, *, overwrite: bool) -> None:
    """Raise `TargetExists` when `target` is there and must not be replaced."""
    if not overwrite:
        await in_thread(_refuse, target)


def _make_room(target: Path, *, overwrite: bool) -> None:
    if not overwrite:
        _refuse(target)
    target.parent.mkdir(parents=True, exist_ok=True)


def _refuse(target: Path) -> None:
    if os.path.lexists(target):
        raise TargetExists(f"{target} exists already; choose another name or pass overwrite=True", path=target)


def duplicate(source: Path, target: Path, *, overwrite: bool) -> None:
    """Copy a file that is whole, and its subtitles if it has any. Raises `DownloadFailed` and `TargetExists`. Blocks.

    It is a copy and no hard link: who changes one of them in place must not change the other, and not every disk has
    links.
    """
    for ending in (source.suffix, ".srt"):
        original, copy = source.with_suffix(ending), target.with_suffix(ending)
        if ending == ".srt" and not original.exists():
            return
        part = part_of(copy)
        try:
            shutil.copyfile(original, part)
            _finish(part, copy, overwrite=overwrite or ending == ".srt", flaw=None)
        except DownloadFailed:
            raise
        except OSError as fault:
            raise DownloadFailed(f"{copy} could not be written: {fault.strerror or fault}", path=copy) from fault
        finally:
            part.unlink(missing_ok=True)


def _finish(part: Path, target: Path, *, overwrite: bool, flaw: Flaw | None) -> None:
    """Check the part file and give it its name."""
    with part.open("rb") as file:
        wrong = flaw(file) if flaw is not None else None
    if wrong:
        raise DownloadFailed(f"{target.name} is not whole: {wrong}", path=target, retryable=True)
    if not overwrite:
        _refuse(target)  # it may have come while we were at it
    part.replace(target)
