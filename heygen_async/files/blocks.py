"""Memory that files come into: blocks that are worth a write, lent to one file after the other.

New memory costs as much as filling it, because the system hands it out page by page, in the event loop.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

__all__ = ["LARGE", "ROOM", "SMALL", "TAIL", "Block", "Blocks"]

Block = Sequence[bytes | memoryview]
"""Bytes that are written together, in the pieces that they came in. The memory of memoryviews is lent: until the next
but one is asked for, or their file is done with."""

SMALL, LARGE = 2**18, 2**21
"""Bytes of a block, at least and at most: for each one a thread has to wait its turn with the event loop."""

ROOM = 2**23
"""Bytes that the blocks which come at the same time have together, until there are so many that each is small. As many
again may be on their way to disk, and each may be longer by a tail."""

TAIL = 2**18 + 2**15
"""Bytes, at most, that a file's end comes with its last block. A TLS transport that is paused has read so much more, up
to 256 KB and a record, and some forget it when the host closes: so nothing is paused so shortly before the end."""


class Blocks:
    """The blocks of all files that come through a client."""

    def __init__(self, tail: int = TAIL) -> None:
        self.tail = tail
        """How many bytes more the last block of a file may have."""

        self.files = 0
        """How many files are coming."""

        self._spare: list[memoryview] = []

    @property
    def size(self) -> int:
        """How many bytes a block has: a power of two, and a smaller one the more files come, for the sake of memory."""
        share = ROOM // max(1, self.files)
        return max(SMALL, min(LARGE, 1 << share.bit_length() - 1))

    @contextmanager
    def counted(self) -> Iterator[None]:
        """Count a file in as long as it comes. No more memory is kept than for those that are still coming."""
        self.files += 1
        try:
            yield
        finally:
            self.files -= 1
            del self._spare[2 * self.files :]

    def lend(self) -> memoryview:
        """Lend the memory of a block and a tail, and one byte more, to see whether too much comes."""
        while self._spare:
            if self.fits(spare := self._spare.pop()):
                return spare
        return memoryview(bytearray(self._bytes))

    def fits(self, memory: memoryview) -> bool:
        """Tell whether it is of the size that blocks have now."""
        return len(memory) == self._bytes

    def take_back(self, memory: memoryview) -> None:
        """Keep what was lent for the next file, as long as any file comes. Nobody may be at it any more."""
        if self.fits(memory):
            self._spare.append(memory)

    @property
    def _bytes(self) -> int:
        return self.size + self.tail + 1
