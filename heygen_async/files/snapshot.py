"""A file on disk as it is at one moment, read in blocks and off the loop.

Whoever reads a snapshot gets what the file held then, or `RequestInvalid`: bytes of two versions never meet, in an
upload or in a checksum. Each block opens the file and closes it, so nothing is left open when a task is cancelled.
"""

import hashlib
import os
from pathlib import Path
from typing import Self

import anyio.to_thread
from attrs import frozen

from heygen_async.errors import Problem, RequestInvalid

__all__ = ["BLOCK", "Snapshot"]

BLOCK = 2**18
"""How many bytes are read and sent at once."""

_HASHED = 2**22
"""How many bytes are hashed at once: a few milliseconds, so that a task that is cancelled ends soon."""


@frozen
class Snapshot:
    """What changes when a file does. Equal ones are the same file, unchanged."""

    path: Path
    size: int
    """Bytes."""

    changed: int
    """When it was written last, in nanoseconds."""

    number: int
    """Of the file in its file system: one that was replaced has another."""

    @classmethod
    async def of(cls, path: Path) -> Self:
        """Look at a file. Raises `RequestInvalid` when it cannot be read."""
        return await anyio.to_thread.run_sync(cls._taken, path)

    async def block(self, start: int, size: int = BLOCK) -> bytes:
        """Read up to `size` bytes from byte `start` on. Raises `RequestInvalid` when the file has changed."""
        return await anyio.to_thread.run_sync(self._block, start, size)

    async def checksum(self) -> str:
        """Return the SHA-256 of all of it, in hexadecimal. Raises `RequestInvalid` when the file has changed."""
        digest = hashlib.sha256()
        for start in range(0, self.size, _HASHED):
            await anyio.to_thread.run_sync(lambda at: digest.update(self._block(at, _HASHED)), start)
        return digest.hexdigest()

    @classmethod
    def _taken(cls, path: Path) -> Self:
        try:
            with path.open("rb") as file:  # the same way as each block: on Windows `stat` says other things
                return cls._of(path, os.fstat(file.fileno()))
        except OSError as fault:
            raise _unreadable(path, fault) from fault

    @classmethod
    def _of(cls, path: Path, stat: os.stat_result) -> Self:
        return cls(path, stat.st_size, stat.st_mtime_ns, stat.st_ino)

    def _block(self, start: int, size: int) -> bytes:
        try:
            with self.path.open("rb") as file:
                file.seek(start)
                block = file.read(size)
                same = self._of(self.path, os.fstat(file.fileno())) == self
        except OSError as fault:
            raise _unreadable(self.path, fault) from fault
        if not same:  # less would keep HeyGen waiting for the rest, more is no HTTP, and a mixture is no file
            raise _unusable(self.path, "has changed while it was uploaded")
        return block


def _unreadable(path: Path, fault: OSError) -> RequestInvalid:
    return _unusable(path, f"cannot be read: {fault.strerror or fault}")


def _unusable(path: Path, reason: str) -> RequestInvalid:
    return RequestInvalid([Problem("", f"{path} {reason}")], "LocalFile")
