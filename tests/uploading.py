"""Clips to upload, the requests that uploads are made of, and what must not be left of one."""

import asyncio
from collections.abc import Callable
from pathlib import Path

from heygen_async import HeyGen
from heygen_async.emulator import Emulator

__all__ = ["COMPLETE", "MP4", "PUT", "SIGN", "UPLOAD", "clip", "idle", "litter", "until"]

MP4 = b"\0\0\0\x18ftypisom"
UPLOAD = "POST /v3/assets"
SIGN = "POST /v3/assets/direct-uploads"
PUT = "PUT /uploads/{asset_id}"
COMPLETE = "POST /v3/assets/{asset_id}/complete"


def clip(path: Path, size: int = 1_000_000, mark: int = 0) -> Path:
    """Something that counts as a clip, of which the disk holds next to nothing."""
    with path.open("wb") as file:
        file.write(MP4 + bytes([mark]))
        file.truncate(size)
    return path


def idle(heygen: HeyGen) -> bool:
    lanes = heygen._desk.lanes
    return (lanes.requests.taken, lanes.submissions.taken, lanes.renders.taken) == (0, 0, 0)


def litter(emulator: Emulator) -> list[Path]:
    """Half files in the storage."""
    assert emulator._service is not None
    return list(emulator._service.folders.uploads.glob("*.part"))


async def until(ready: Callable[[], object]) -> None:
    async with asyncio.timeout(10):
        while not ready():  # noqa: ASYNC110  # sockets set no events
            await asyncio.sleep(0.001)
