"""A file as the one part of a form, streamed from disk with its length known beforehand."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import aiofiles
import aiohttp
from aiohttp.abc import AbstractStreamWriter
from aiohttp.payload import Payload

from heygen_async.api.media import MEDIA_TYPES, LocalFile

__all__ = ["file_form"]

BLOCK = 2**18
"""How many bytes are read and sent at once."""


class _File(Payload):
    """A file that is read while it is sent, a block at a time, off the loop."""

    _value: Path

    def __init__(self, path: Path, moved: Callable[[], object]) -> None:
        super().__init__(path, content_type=MEDIA_TYPES[path.suffix.lower()], filename=path.name)
        self._size = path.stat().st_size
        self._moved = moved

    def decode(self, encoding: str = "utf-8", errors: str = "strict") -> str:  # noqa: ARG002  # aiohttp's signature
        raise TypeError("a file is sent as it is")

    async def write(self, writer: AbstractStreamWriter) -> None:
        async with aiofiles.open(self._value, "rb") as file:
            while block := await file.read(BLOCK):
                await writer.write(block)
                self._moved()


def file_form(file: LocalFile, moved: Callable[[], object]) -> aiohttp.MultipartWriter:
    """Make a form with `file` as its part ``file``; `moved` is called after each block that went out."""
    form = aiohttp.MultipartWriter("form-data")
    part: Any = form.append_payload(_File(file.path, moved))
    part.set_content_disposition("form-data", name="file", filename=file.path.name)
    return form
