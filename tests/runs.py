"""What tests of the client and of bulk runs share: videos to ask for, moments to wait for, and what to look at."""

import asyncio
import struct
from collections import Counter
from collections.abc import Callable, Sequence
from itertools import accumulate
from pathlib import Path
from typing import Any

from heygen_async import (
    AvatarVideo,
    BulkRun,
    HeyGen,
    ImageVideo,
    LocalFile,
    ManualClock,
    Options,
    Outcome,
    Progress,
    VideoJob,
)
from heygen_async.emulator import Emulator

__all__ = [
    "LOOK",
    "PNG",
    "adds_up",
    "arrived",
    "client",
    "files",
    "finished",
    "most_at_once",
    "outcomes_of",
    "paid",
    "places",
    "statuses",
    "talking",
    "until",
    "video",
    "videos",
]

LOOK = "Anna_public_3_20240108"
"""An avatar that everybody may use."""

PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + struct.pack(">II", 600, 600) + bytes(100)
"""As much of a picture as anybody looks at: what it is, and its size."""
"""What passes for a picture, as long as nobody draws with it."""


def video(title: str | None = None, **fields: Any) -> AvatarVideo:
    return AvatarVideo(avatar_id=LOOK, script="Hello", title=title, **fields)


def videos(count: int) -> list[AvatarVideo]:
    return [video(f"Video {at}") for at in range(count)]


def talking(picture: Path) -> ImageVideo:
    return ImageVideo(image=LocalFile(picture), script="Hello", voice_id="YOUR_VOICE_ID", title=picture.stem)


def client(emulator: Emulator, **options: Any) -> HeyGen:
    """Make a client that goes by the emulator's clock; `options` are those of `Options`."""
    return HeyGen(emulator.api_key, base_url=emulator.url, clock=emulator.clock, options=Options(**options))


async def outcomes_of(run: BulkRun) -> list[Outcome]:
    return [outcome async for outcome in run]


def statuses(outcomes: Sequence[Outcome]) -> Counter[str]:
    return Counter(outcome.status for outcome in outcomes)


def adds_up(now: Progress) -> bool:
    """Whether every row is in one place, and in one only."""
    return now.waiting + now.rendering + now.downloading + now.done + now.kept + now.failed == now.total


def files(folder: Path) -> dict[str, int]:
    """All files below a folder, the hidden ones too, with their sizes."""
    return {str(path.relative_to(folder)): path.stat().st_size for path in folder.rglob("*") if path.is_file()}


def places(heygen: HeyGen) -> tuple[int, ...]:
    """How many have or want a place: among renders, submissions, requests and downloads."""
    lanes = heygen._desk.lanes
    return tuple(
        lane.taken + lane.waiting for lane in (lanes.renders, lanes.submissions, lanes.requests, lanes.downloads)
    )


def most_at_once(emulator: Emulator) -> int:
    """How many videos rendered at the same time at most, as the emulator saw it."""
    made = emulator.account.videos.values()
    turns = [(each.begun, 1) for each in made] + [(each.ended, -1) for each in made]
    return max(accumulate(step for _, step in sorted((when, step) for when, step in turns if when is not None)))


def paid(emulator: Emulator) -> int:
    """How often something was paid for."""
    return sum(entry.amount > 0 for entry in emulator.account.wallet.entries)


async def finished(heygen: HeyGen, clock: ManualClock, **fields: Any) -> VideoJob:
    """Make a video, and wait until it is rendered."""
    job = await heygen.videos.create(video(**fields))
    await clock.drive(job.wait())
    return job


async def arrived(emulator: Emulator) -> None:
    """Wait until all the trouble that was ordered has met its requests."""
    while emulator.faults.pending():  # noqa: ASYNC110  # the emulator sets no event
        await asyncio.sleep(0.001)


async def until(clock: ManualClock, met: Callable[[], bool]) -> None:
    """Let time jump from appointment to appointment until something is so."""

    async def watch() -> None:
        while not met():  # noqa: ASYNC110  # what is waited for sets no event
            await asyncio.sleep(0.001)

    await clock.drive(watch())
