"""A file that is being fetched, in blocks that are worth a write.

Two ways lead to it. A long body whose length is known comes straight off the connection's socket
(`heygen_async.files.inflow`), with less work: aiohttp has read the head, and gets its connection back when all has
come. Any other is read through aiohttp; so are all on Windows, whose event loop gives a protocol more than it has asked
for.
"""

import asyncio
import sys
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from contextlib import suppress
from functools import partial

import aiohttp
from attrs import define, field

from heygen_async.errors import ConnectionFailed
from heygen_async.files.blocks import SMALL, Block, Blocks
from heygen_async.files.inflow import Inflow
from heygen_async.foreign import translated

__all__ = ["PIECES", "Fetched"]

_STRAIGHT = sys.platform != "win32"
"""Whether a transport stops at once when it is told to."""

PIECES = 1024
"""Of how many pieces a block is made at most: from a slow host come many small ones."""


@define(eq=False)
class Fetched:
    """A file that is being fetched."""

    _answer: aiohttp.ClientResponse
    _blocks: Blocks
    _silence: float
    """Seconds without a byte after which it is given up."""

    _inflow: Inflow | None = field(default=None, init=False)

    @property
    def status(self) -> int:
        """The HTTP status."""
        return self._answer.status

    @property
    def headers(self) -> Mapping[str, str]:
        """Headers, whatever the case."""
        return self._answer.headers

    async def blocks(self) -> AsyncGenerator[Block]:
        """Yield the body in blocks of about two megabytes at most, each in the pieces that it came in, without a copy.

        A block is lent: until the next but one is asked for, or this is released. When the body is cut, yield what
        came; then `ConnectionFailed`.
        """
        with translated("the file's host", sent=True):
            gather, pieces = self._way()
        whole = False
        while not whole:
            cut: ConnectionFailed | None = None
            try:
                with translated("the file's host", sent=True):
                    whole = await gather(pieces)
            except ConnectionFailed as fault:
                cut = fault
            if pieces:
                yield pieces
            if cut is not None:
                raise cut
            pieces = []

    def release(self) -> None:
        """Let the memory of its blocks be used again: all of them have been written."""
        if self._inflow is not None and not self._inflow.left:
            self._inflow.release()

    def close(self) -> None:
        """Cut the connection, if the body was not read to its end."""
        if (connection := self._answer.connection) is not None:
            if connection.transport is not None:
                with suppress(RuntimeError):  # its loop is closed
                    connection.transport.abort()  # a TLS transport that is not read from would wait for a farewell
            self._answer.close()

    def _way(self) -> tuple[Callable[[list[bytes | memoryview]], Awaitable[bool]], list[bytes | memoryview]]:
        """Choose how the body is read; return also the bytes that have been read by then."""
        answer = self._answer
        plain = answer.headers.keys().isdisjoint(("Transfer-Encoding", "Content-Encoding"))
        length = answer.headers.get("Content-Length", "")
        if not (_STRAIGHT and plain and length.isdecimal() and int(length) > SMALL):
            return self._gather, []
        begun: list[bytes | memoryview] = list(iter(answer.content.read_nowait, b""))
        left = int(length) - sum(map(len, begun))
        if left <= 0 or (transport := self._free_transport()) is None:
            return self._gather, begun
        self._inflow = Inflow(transport, left, self._blocks, silence=self._silence)
        return partial(self._draw, self._inflow), begun

    def _free_transport(self) -> asyncio.Transport | None:
        """Take aiohttp's hands off the connection; ``None``: it is about to end, and aiohttp should see that."""
        connection = self._answer.connection
        if connection is None or connection.protocol is None or connection.transport is None:
            return None
        if connection.transport.get_protocol() is not connection.protocol:
            return None
        connection.protocol.pause_reading()  # ends its timer, too
        return connection.transport

    async def _draw(self, inflow: Inflow, pieces: list[bytes | memoryview]) -> bool:
        """Add the next block to `pieces`; true when the body has ended."""
        wanted = self._blocks.size - sum(map(len, pieces))
        if wanted > 0 and (block := await inflow.take(wanted)):
            pieces.append(block)
        if inflow.left:
            return False
        if not inflow.excessive:
            inflow.give_back()
            self._answer.content.feed_eof()  # so that aiohttp keeps the connection for the next request
        return True

    async def _gather(self, pieces: list[bytes | memoryview]) -> bool:
        """Add what comes to `pieces`, up to a block; true when the body has ended."""
        size, enough = 0, self._blocks.size
        async for piece, _ in self._answer.content.iter_chunks():
            if piece:  # a chunk of HTTP may end after its bytes have been read
                pieces.append(piece)
            size += len(piece)
            if size >= enough or len(pieces) >= PIECES:
                return False
        return True
