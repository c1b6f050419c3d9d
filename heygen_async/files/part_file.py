"""A file that is not whole yet: beside its target, under a name that nobody else uses, and gone if nothing comes of it.

While a block is on its way to the disk the next one may come, so the network does not wait for the disk. There is one
block in a thread at most, and where the system can do that it is written by one call: between two of them a thread has
to wait its turn with the event loop.

The file itself knows when a thread is at it, and is closed only after that, whoever was cancelled meanwhile: its number
may be that of somebody else's file a moment later.
"""

import asyncio
import os
import re
import sys
import uuid
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager, suppress
from io import FileIO
from pathlib import Path
from threading import Lock
from typing import Any

from aiofiles.threadpool import wrap
from attrs import define, field

from heygen_async.files.blocks import Block
from heygen_async.files.threads import noted, outwait

__all__ = ["PartFile", "opened", "part_of", "sweep"]

_STEM = 40
"""Characters of a file's name that its part file has."""


def part_of(target: Path) -> Path:
    """Name the part file: beside the target, so that it can be renamed, and of a name that nobody else uses."""
    return target.with_name(f".{target.stem[:_STEM]}-{uuid.uuid4().hex[:8]}.part")


def sweep(folder: Path, names: Iterable[str]) -> int:
    """Remove the part files that a process which was killed has left of these files; return how many. Blocks."""
    stems, swept = {Path(name).stem[:_STEM] for name in names}, 0
    for part in folder.glob(".*.part"):
        found = re.fullmatch(r"\.(.*)-[0-9a-f]{8}\.part", part.name, re.DOTALL)
        if found is not None and found[1] in stems:
            with suppress(OSError):
                part.unlink()
                swept += 1
    return swept


class _Disk(FileIO):
    """A file without a buffer, for threads, one at a time: what is written is large, and a buffer would be a copy."""

    def __init__(self, path: Path) -> None:
        self._at_work = Lock()
        super().__init__(path, "wb")

    def writelines(self, pieces: Iterable[Any]) -> None:
        """Write all of them; a disk may take a part at a time."""
        pieces = list(pieces)
        with self._at_work:
            written = 0 if sys.platform == "win32" else os.writev(self.fileno(), pieces)
            for piece in pieces:
                rest = memoryview(piece)[written:]
                written -= min(written, len(piece))
                while rest:
                    rest = rest[os.write(self.fileno(), rest) :]

    def truncate(self, size: int | None = None) -> int:
        """Forget what comes after so many bytes, and go on there; ``None``: after those that it is at."""
        with self._at_work:
            if size is not None:
                self.seek(size)
            return super().truncate()

    def close(self) -> None:
        """Close it when nobody is at it any more."""
        with self._at_work:
            super().close()


@define(eq=False)
class PartFile:
    """A file on disk that can be begun anew."""

    _disk: _Disk

    writing: "asyncio.Future[None] | None" = field(default=None, init=False)
    """The block that is on its way to the disk."""

    async def write(self, block: Block) -> None:
        """Take the next bytes, once those before them are on disk. Raises `OSError` where these could not be."""
        await self.flush()
        self.writing = asyncio.get_running_loop().run_in_executor(None, self._disk.writelines, block)
        self.writing.add_done_callback(noted)

    async def flush(self) -> None:
        """Wait until all bytes are on disk. Raises `OSError` where they could not be. Cancelling stops no thread."""
        if self.writing is not None:
            await asyncio.shield(self.writing)
            self.writing = None

    async def restart(self, *, same: bool) -> None:  # noqa: ARG002  # it can be begun anew in any case
        """Forget what came."""
        await self.flush()
        await wrap(self._disk).truncate(0)


@asynccontextmanager
async def opened(part: Path) -> AsyncIterator[PartFile]:
    """Open a part file, and close it. A task that is cancelled waits for the threads: else the file came after all."""
    opening = asyncio.get_running_loop().run_in_executor(None, _Disk, part)
    file: PartFile | None = None
    try:
        file = PartFile(await asyncio.shield(opening))
        yield file
    except BaseException:
        await _close(opening, file)
        raise
    if (fault := await _close(opening, file)) is not None:
        raise fault


async def _close(opening: "asyncio.Future[_Disk]", file: PartFile | None) -> BaseException | None:
    """Wait for what is under way, and close; return why that failed. Whoever cancels this is heard only then."""
    cancelled, fault = await outwait(opening), noted(opening)
    if fault is None:
        if file is not None and file.writing is not None:
            cancelled = await outwait(file.writing) or cancelled
        try:
            closing = asyncio.get_running_loop().run_in_executor(None, opening.result().close)
        except RuntimeError:  # the loop has no threads any more
            opening.result().close()
        else:
            cancelled = await outwait(closing) or cancelled
            fault = noted(closing)
    if cancelled is not None:
        raise cancelled
    return fault
