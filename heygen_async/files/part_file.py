"""A file that is not whole yet: beside its target, under a name that nobody else uses, and gone if nothing comes of it.

While a block is on its way to the disk the next one may come, so the network does not wait for the disk. There is one
block in a thread at most, and each is written by one call of the system: between two of them a thread has to wait its
turn with the event loop.
"""

import asyncio
import os
import re
import sys
import uuid
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import aiofiles
import anyio
from attrs import define, field

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


@define(eq=False)
class PartFile:
    """A file on disk that can be begun anew."""

    _file: Any
    """As aiofiles opens it, without a buffer: what is written here is large, and a buffer would be one more copy."""

    _writing: "asyncio.Future[None] | None" = field(default=None, init=False)

    async def write(self, block: list[bytes]) -> None:
        """Take the next bytes, once those before them are on disk. Raises `OSError` where these could not be."""
        await self.flush()
        loop = asyncio.get_running_loop()
        self._writing = loop.run_in_executor(None, _write_all, self._file.fileno(), block)

    async def flush(self) -> None:
        """Wait until all bytes are on disk. Raises `OSError` where they could not be. Cancelling stops no thread."""
        if self._writing is not None:
            await asyncio.shield(self._writing)
            self._writing = None

    async def restart(self, *, same: bool) -> None:  # noqa: ARG002  # it can be begun anew in any case
        """Forget what came."""
        await self.flush()
        await self._file.seek(0)
        await self._file.truncate()

    async def aclose(self) -> None:
        """Close it, when the thread has let go of it: its number may soon be that of another file."""
        if self._writing is not None:
            await asyncio.gather(self._writing, return_exceptions=True)
        await self._file.close()


@asynccontextmanager
async def opened(part: Path) -> AsyncIterator[PartFile]:
    """Open a part file, and close it. A task that is cancelled waits for the threads: else the file came after all."""
    opening = asyncio.ensure_future(_open(part))
    try:
        yield await asyncio.shield(opening)
    finally:
        with anyio.CancelScope(shield=True):  # a scope of anyio's cancels at every await, not once as a task does
            closing = asyncio.ensure_future((await opening).aclose())
            try:
                await asyncio.shield(closing)
            except asyncio.CancelledError:
                await asyncio.gather(closing, return_exceptions=True)
                raise


async def _open(part: Path) -> PartFile:
    return PartFile(await aiofiles.open(part, "wb", buffering=0))


def _write_all(number: int, pieces: list[bytes]) -> None:
    """Write pieces to the file of this number; a disk may take a part of them at a time."""
    written = 0 if sys.platform == "win32" else os.writev(number, pieces)
    for piece in pieces:
        rest = memoryview(piece)[written:]
        written -= min(written, len(piece))
        while rest:
            rest = rest[os.write(number, rest) :]
