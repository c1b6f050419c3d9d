"""A file as the one part of a form, streamed from disk with its length known beforehand."""

import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import aiohttp
import anyio.to_thread
from aiohttp.abc import AbstractStreamWriter
from aiohttp.payload import Payload
from attrs import frozen

from heygen_async.api.media import MEDIA_TYPES, LocalFile
from heygen_async.errors import Problem, RequestInvalid

__all__ = ["file_form"]

BLOCK = 2**18
"""How many bytes are read and sent at once."""


@frozen
class _Version:
    """What changes when a file does."""

    size: int
    changed: int
    number: int

    @classmethod
    def of(cls, stat: os.stat_result) -> "_Version":
        return cls(stat.st_size, stat.st_mtime_ns, stat.st_ino)


class _File(Payload):
    """A file that is read while it is sent, a block at a time, off the loop."""

    _value: Path

    def __init__(self, path: Path, version: _Version, moved: Callable[[], object]) -> None:
        super().__init__(path, content_type=MEDIA_TYPES[path.suffix.lower()], filename=path.name)
        self._size = version.size
        self._version = version
        self._moved = moved

    def decode(self, encoding: str = "utf-8", errors: str = "strict") -> str:  # noqa: ARG002  # aiohttp's signature
        raise TypeError("a file is sent as it is")

    async def write(self, writer: AbstractStreamWriter) -> None:
        for start in range(0, self._version.size, BLOCK):
            await writer.write(await anyio.to_thread.run_sync(_block, self._value, start, self._version))
            self._moved()


async def file_form(file: LocalFile, moved: Callable[[], object]) -> aiohttp.MultipartWriter:
    """Make a form with `file` as its part ``file``; `moved` is called after each block that went out.

    Raises `RequestInvalid` when the file cannot be read; sending it does so too, and when it changes meanwhile.
    """
    version = await anyio.to_thread.run_sync(_version, file.path)
    form = aiohttp.MultipartWriter("form-data")
    part: Any = form.append_payload(_File(file.path, version, moved))
    part.set_content_disposition("form-data", quote_fields=False, name="file", filename=_plain(file.path.name))
    return form


def _block(path: Path, start: int, version: _Version) -> bytes:
    """Open, read, close: nothing is left open when the upload is cancelled between two blocks."""
    try:
        with path.open("rb") as file:
            file.seek(start)
            block = file.read(BLOCK)
            same = _Version.of(os.fstat(file.fileno())) == version
    except OSError as fault:
        raise _unreadable(path, fault) from fault
    if not same:  # less would keep HeyGen waiting for the rest, more is no HTTP, and a mixture is no file
        raise _unusable(path, "has changed while it was uploaded")
    return block


def _version(path: Path) -> _Version:
    try:
        with path.open("rb") as file:  # the same way as each block: on Windows `stat` says other things
            return _Version.of(os.fstat(file.fileno()))
    except OSError as fault:
        raise _unreadable(path, fault) from fault


def _unreadable(path: Path, fault: OSError) -> RequestInvalid:
    return _unusable(path, f"cannot be read: {fault.strerror or fault}")


def _unusable(path: Path, reason: str) -> RequestInvalid:
    return RequestInvalid([Problem("", f"{path} {reason}")], "LocalFile")


def _plain(name: str) -> str:
    """Take out what cannot stand in a header: control characters, and bytes that are no text."""
    return re.sub(r"[\x00-\x1f\x7f\ud800-\udfff]", "_", name)
