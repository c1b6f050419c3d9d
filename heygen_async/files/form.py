"""A file as what a request carries: a part of a form, or all of it. Streamed, with its length known beforehand."""

import re
from collections.abc import Callable, Iterable
from operator import attrgetter
from typing import Any

import aiohttp
import anyio.to_thread
from aiohttp.abc import AbstractStreamWriter
from aiohttp.payload import Payload, StringPayload

from heygen_async.api.media import LocalFile
from heygen_async.files.snapshot import BLOCK, Snapshot

__all__ = ["file_body", "file_form", "stored_body"]


class _File(Payload):
    """A file that is read while it is sent, a block at a time, off the loop."""

    _value: Snapshot

    def __init__(self, file: Snapshot, media_type: str, moved: Callable[[], object]) -> None:
        super().__init__(file, content_type=media_type)
        self._size = file.size
        self._moved = moved

    def decode(self, encoding: str = "utf-8", errors: str = "strict") -> str:  # noqa: ARG002  # aiohttp's signature
        raise TypeError("a file is sent as it is")

    async def write(self, writer: AbstractStreamWriter) -> None:
        for start in range(0, self._value.size, BLOCK):
            await writer.write(await self._value.block(start))
            self._moved()


def stored_body(file: Snapshot, moved: Callable[[], object]) -> Payload:
    """Make a body of nothing but a file as it was; `moved` is called after each block that went out.

    Sending it raises `RequestInvalid` when the file has changed since.
    """
    return _File(file, "application/octet-stream", moved)


async def file_body(file: LocalFile, moved: Callable[[], object]) -> Payload:
    """Make a body of nothing but `file`, as `stored_body` does, with its media type.

    Raises `RequestInvalid` when the file cannot be read.
    """
    media_type = await anyio.to_thread.run_sync(attrgetter("media_type"), file)  # it may look at the bytes
    return _File(await Snapshot.of(file.path), media_type, moved)


async def file_form(
    file: LocalFile, moved: Callable[[], object], texts: Iterable[tuple[str, str]] = ()
) -> aiohttp.MultipartWriter:
    """Make a form of `texts`, pairs of name and value, and of `file` as its part ``file``.

    `moved` is called after each block of the file that went out. Raises `RequestInvalid` when the file cannot be
    read; sending it does so too, and when it changes meanwhile.
    """
    content = await file_body(file, moved)
    form = aiohttp.MultipartWriter("form-data")
    for name, text in texts:
        _add(form, StringPayload(text), name=_plain(name))
    _add(form, content, name="file", filename=_plain(file.path.name))
    return form


def _add(form: aiohttp.MultipartWriter, content: Payload, **names: str) -> None:
    part: Any = form.append_payload(content)
    part.set_content_disposition("form-data", quote_fields=False, **names)


def _plain(name: str) -> str:
    """Take out what cannot stand in a header: control characters, and bytes that are no text."""
    return re.sub(r"[\x00-\x1f\x7f\ud800-\udfff]", "_", name)
