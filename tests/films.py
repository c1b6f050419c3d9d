"""Films, hosts that have them whole or in part, and downloads from there."""

import asyncio
import io
import struct
from pathlib import Path
from typing import Any, BinaryIO, cast

import pytest
from attrs import define, field
from hosts import Deed, Host, answer, hosted

from heygen_async import AvatarVideo, HeyGen, ManualClock
from heygen_async.errors import DownloadFailed
from heygen_async.files.download import Download, Sink, into_file, into_path
from heygen_async.options import Retry

__all__ = [
    "FILM",
    "MEGABYTE",
    "OTHER",
    "VIDEO",
    "Fetching",
    "Pipe",
    "cut",
    "failed",
    "film",
    "got",
    "names",
    "ranges",
    "rest",
    "whole",
]

VIDEO = AvatarVideo(avatar_id="Anna_public_3_20240108", script="Hello!", title="A greeting")
MEGABYTE = 2**20


def film(size: int, mark: int = 0) -> bytes:
    """A film of `size` bytes; each mark makes another one."""
    head = struct.pack(">I4s8x", 16, b"ftyp") + struct.pack(">I4s", 8, b"moov")
    filler = bytes((at * 7 + mark) % 251 for at in range(min(size, 10_000)))
    rest = size - len(head) - 8
    return head + struct.pack(">I4s", rest + 8, b"mdat") + (filler * (rest // len(filler) + 1))[:rest]


FILM = film(5000)
OTHER = film(5000, mark=1)


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def whole(content: bytes = FILM, etag: str | None = '"v1"') -> bytes:
    return answer(200, content, ETag=etag)


def rest(start: int, content: bytes = FILM, etag: str | None = '"v1"', total: object = None) -> bytes:
    """The end of a film, from `start` on."""
    span = f"bytes {start}-{len(content) - 1}/{len(content) if total is None else total}"
    return answer(206, content[start:], ETag=etag, Content_Range=span)


def cut(complete: bytes, left_out: int) -> list[bytes | Deed]:
    """An answer that ends so many bytes too early."""
    return [complete[:-left_out], Deed.PAUSE]


@define
class Fetching:
    """A download by means of a client's transport, from one address or another."""

    heygen: HeyGen
    links: list[str]
    """The first address, and those that a fresh link brings; the last one again and again."""

    retry: Retry = field(factory=Retry)
    fresh: list[bool] = field(factory=list)
    """What kind of link was asked for, each time."""

    error: Exception | None = None
    """What asking for a fresh one ends in."""

    async def link(self, fresh: bool) -> str:
        await asyncio.sleep(0)
        self.fresh.append(fresh)
        if fresh and self.error is not None:
            raise self.error
        if fresh and len(self.links) > 1:
            del self.links[0]
        return self.links[0]

    def begin(self, sink: Sink) -> Download:
        desk = self.heygen._desk
        return Download(desk.transport.fetch, self.link, sink, self.retry, desk.clock, "video v1")

    async def to(self, target: Path, *, overwrite: bool = False) -> Path:
        clock = cast(ManualClock, self.heygen._desk.clock)
        return await clock.drive(into_path(target, self.begin, overwrite=overwrite))

    async def into(self, file: BinaryIO) -> None:
        clock = cast(ManualClock, self.heygen._desk.clock)
        await clock.drive(into_file(file, self.begin))


async def got(answers: list[Any], heygen: HeyGen, folder: Path, **more: Any) -> tuple[bytes, Host, Fetching]:
    """Download what a host with these answers has, and check that nothing else is left."""
    async with hosted(*answers) as host:
        fetching = Fetching(heygen, [f"{host.url}/v1.mp4?Signature=s1", f"{host.url}/v1.mp4?Signature=s2"], **more)
        path = await fetching.to(folder / "film.mp4")
    assert names(folder) == ["film.mp4"]
    return path.read_bytes(), host, fetching


async def failed(answers: list[Any], heygen: HeyGen, folder: Path, **more: Any) -> tuple[DownloadFailed, Host]:
    """Try to download from a host with these answers, and check that nothing is left."""
    async with hosted(*answers) as host:
        with pytest.raises(DownloadFailed) as caught:
            await Fetching(heygen, [f"{host.url}/v1.mp4?Signature=s1"], **more).to(folder / "film.mp4")
    assert names(folder) == []
    assert caught.value.path == folder / "film.mp4"
    return caught.value, host


def ranges(host: Host) -> list[str | None]:
    return [host.header("Range", at) for at in range(len(host.heads))]


class Pipe(io.RawIOBase):
    """A file object that cannot seek, and takes no more than `most` bytes at once."""

    def __init__(self, most: int = 10**9) -> None:
        self.most = most
        self.content = b""

    def writable(self) -> bool:
        return True

    def write(self, block: Any, /) -> int:
        taken = bytes(block[: self.most])
        self.content += taken
        return len(taken)
