"""Bytes straight off a socket, into two blocks by turns.

What asyncio does for a protocol of streams, memory that is new with each read, and what is done with such pieces
afterwards, copying them into one stream and out of it, costs more than the way from the socket itself. So a long body
of known length is taken off its transport here (`asyncio.BufferedProtocol`), and the transport is given back after it.
"""

import asyncio

from heygen_async.files.blocks import Blocks

__all__ = ["Inflow"]

_NONE = memoryview(b"")


class Inflow(asyncio.BufferedProtocol):
    """A transport's protocol for the time of so many bytes.

    Next to nothing is read while a full block is not taken, so who writes slowly slows the other side down.
    """

    def __init__(self, transport: asyncio.Transport, length: int, blocks: Blocks, *, silence: float) -> None:
        """Take `length` bytes off a transport, each of them at most `silence` seconds after the one before it."""
        self.left = length
        """How many bytes have not come yet."""

        self.excessive = False
        """Whether more came than these: then the connection is good for nothing else."""

        self._transport, self._before = transport, transport.get_protocol()
        self._blocks = blocks
        self._silence = silence
        self._loop = asyncio.get_running_loop()
        self._heard = 0.0
        """When the last bytes came, by the loop's time."""

        self._block, self._other = _NONE, _NONE
        """The one that is filled, and the one that may still be read."""

        self._room, self._at = 0, 0
        """How many bytes the block is to have, and has."""

        self._fault: Exception | None = None
        self._waiting: asyncio.Future[None] | None = None
        transport.pause_reading()
        transport.set_protocol(self)

    async def take(self, most: int) -> memoryview:
        """Return the next bytes: a block, or `most` of one; with the tail at the end; fewer when the connection ends.

        They are lent: until the next but one is asked for. Raises what has ended the connection, and `TimeoutError`,
        when no more has come.
        """
        self._block, self._other = self._other, self._block
        if not self._blocks.fits(self._block):
            self._block = self._blocks.lend()
        most = min(most, self._blocks.size)
        self._room, self._at = self.left if self.left <= most + self._blocks.tail else most, 0
        if self._fault is None and self._room:
            await self._fill()
        if self._fault is not None and not self._at:
            raise self._fault
        return self._block[: self._at]

    def give_back(self) -> None:
        """Let the transport go on as before, when all bytes have come, and no more."""
        self._transport.set_protocol(self._before)
        self._transport.resume_reading()

    def release(self) -> None:
        """Give back the memory. Nobody may be at it any more."""
        for memory in filter(None, (self._block, self._other)):
            self._blocks.take_back(memory)
        self._block = self._other = _NONE

    async def _fill(self) -> None:
        """Read until the block is full, or there is nothing more to be had."""
        self._heard = self._loop.time()
        self._transport.resume_reading()
        while self._at < self._room and self._fault is None:
            self._waiting = self._loop.create_future()
            try:
                async with asyncio.timeout_at(self._heard + self._silence):
                    await self._waiting
            except TimeoutError as fault:
                if self._loop.time() >= self._heard + self._silence:
                    self._fault = fault

    def _wake(self) -> None:
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_result(None)

    def get_buffer(self, sizehint: int) -> memoryview:  # noqa: ARG002  # what fits, fits
        """Say where the next bytes go."""
        last = self.left == self._room - self._at
        return self._block[self._at : self._room + last]

    def buffer_updated(self, nbytes: int) -> None:
        """Take notice of bytes."""
        wanted = min(nbytes, self._room - self._at)
        self.excessive = wanted < nbytes
        self._at += wanted
        self.left -= wanted
        self._heard = self._loop.time()
        if self._at == self._room:
            self._transport.pause_reading()
            self._wake()

    def connection_lost(self, exc: Exception | None) -> None:
        """Take notice of the end, and pass it on: whoever keeps the connection has to know."""
        self._before.connection_lost(exc)
        self._fault = exc or ConnectionError(f"it ended {self.left:,} bytes before its time")
        self._wake()
