"""Memory that files come into: blocks that are worth a write, lent to one file after the other.

New memory costs as much as filling it, because the system hands it out page by page, in the event loop.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

__all__ = ["LARGE", "ROOM", "SMALL", "Block", "Blocks"]

Block = Sequence[bytes | memoryview]
"""Bytes that are written together, in the pieces that they came in. The memory of memoryviews is lent: until the next
but one is asked for, or its file has come."""

SMALL, LARGE = 2**18, 2**21
"""Bytes of a block, at least and at most: for each one a thread has to wait its turn with the event loop."""

ROOM = 2**24
"""Bytes that the blocks which come at the same time have together, until there are so many that each is small. As many
again may be on their way to disk."""


class Blocks:
    """The blocks of all files that come through a client."""

    def __init__(self) -> None:
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
        """Count a file in as long as it comes. After the last one no memory is kept."""
        self.files += 1
        try:
            yield
        finally:
            self.files -= 1
            if not self.files:
                self._spare.clear()

    def lend(self) -> memoryview:
        """Lend the memory of a block, and one byte more, to see whether too much comes."""
        while self._spare:
            if self.fits(spare := self._spare.pop()):
                return spare
        return memoryview(bytearray(self.size + 1))

    def fits(self, memory: memoryview) -> bool:
        """Tell whether it is of the size that blocks have now."""
        return len(memory) == self.size + 1

    def take_back(self, memory: memoryview) -> None:
        """Keep what was lent for the next file, as long as any file comes. Nobody may be at it any more."""
        self._spare.append(memory)
