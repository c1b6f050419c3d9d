"""A file as the one part of a form, streamed from disk with its length known beforehand."""

import asyncio
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import aiofiles
import aiohttp
import anyio.to_thread
from aiohttp.abc import AbstractStreamWriter
from aiohttp.payload import Payload

from heygen_async.api.media import MEDIA_TYPES, LocalFile
from heygen_async.errors import Problem, RequestInvalid

__all__ = ["file_form"]

BLOCK = 2**18
"""How many bytes are read and sent at once."""


class _File(Payload):
    """A file that is read while it is sent, a block at a time, off the loop."""

    _value: Path

    def __init__(self, path: Path, size: int, moved: Callable[[], object]) -> None:
        super().__init__(path, content_type=MEDIA_TYPES[path.suffix.lower()], filename=path.name)
        self._size: int = size
        self._moved = moved

    def decode(self, encoding: str = "utf-8", errors: str = "strict") -> str:  # noqa: ARG002  # aiohttp's signature
        raise TypeError("a file is sent as it is")

    async def write(self, writer: AbstractStreamWriter) -> None:
        opening = asyncio.ensure_future(_open(self._value))
        try:
            await self._send(await asyncio.shield(opening), writer)
        finally:  # whoever is cancelled while the file is being opened waits for it, so that it is closed
            await (await opening).close()

    async def _send(self, file: Any, writer: AbstractStreamWriter) -> None:
        """Send exactly as much as was announced: less would keep HeyGen waiting, and more is no HTTP."""
        rest = self._size
        while block := await file.read(min(BLOCK, rest + 1)):
            rest -= len(block)
            if rest < 0:
                break
            await writer.write(block)
            self._moved()
        if rest:
            raise _unusable(self._value, "has changed while it was uploaded")


async def file_form(file: LocalFile, moved: Callable[[], object]) -> aiohttp.MultipartWriter:
    """Make a form with `file` as its part ``file``; `moved` is called after each block that went out.

    Raises `RequestInvalid` when the file cannot be read.
    """
    form = aiohttp.MultipartWriter("form-data")
    part: Any = form.append_payload(_File(file.path, await _size(file.path), moved))
    part.set_content_disposition("form-data", quote_fields=False, name="file", filename=_plain(file.path.name))
    return form


async def _open(path: Path) -> Any:
    try:
        return await aiofiles.open(path, "rb")
    except OSError as fault:
        raise _unusable(path, f"cannot be read: {fault.strerror}") from fault


async def _size(path: Path) -> int:
    try:
        return (await anyio.to_thread.run_sync(path.stat)).st_size
    except OSError as fault:
        raise _unusable(path, f"cannot be read: {fault.strerror}") from fault


def _unusable(path: Path, reason: str) -> RequestInvalid:
    return RequestInvalid([Problem("", f"{path} {reason}")], "LocalFile")


def _plain(name: str) -> str:
    """Take out what cannot stand in a header: control characters, and bytes that are no text."""
    return re.sub(r"[\x00-\x1f\x7f\ud800-\udfff]", "_", name)
