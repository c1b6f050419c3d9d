"""MP4 files of any size, made in no time and without the extra, for load tests.

Such a file is sound: `ftyp`, `moov` and `mdat` boxes whose lengths sum to the file's size, and a film of one plain
blue frame in it that every player shows. All the rest of `mdat` is filler that no frame refers to. The filler is made
of numbered chunks, so a download that loses, doubles or swaps a piece of it is found out by comparing bytes.
"""

import os
from hashlib import sha256
from pathlib import Path
from random import Random
from struct import pack

from heygen_async.emulator.media.film import Render

__all__ = ["synthetic"]

_FRAME = bytes.fromhex("0000002065888206e7388c500010118e00020951c00040eefbefaebaebaebaebaebaebc0")
_DECODER = bytes.fromhex("0142c00affe100176742c00aa611109a1000000300100000030320f122611801000668c8420444c8")
"""A frame of 64 x 64 pixels in #6080A0 and what a decoder must know to show it.

Made once with PyAV: libx264, baseline profile, constant rate factor 30, `annexb=0`, from an RGB picture of that colour;
the encoder's own remarks (a SEI of 600 bytes) are left out of the frame."""

_SIDE = 64
_CHUNK = 1 << 16
_LARGEST = (1 << 32) - 1
_TICKS = 1000
"""Ticks in a second of the film's clock."""

_AS_IS = pack(">9I", 0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000)
"""The matrix that leaves a picture as it is."""


def synthetic(size: int, path: Path, seed: str, seconds: float = 6.0) -> Render:
    """Write a playable MP4 of exactly `size` bytes, whose content depends on the seed, and return what it is.

    Args:
        size: bytes; a few hundred at the least, and less than 4 GiB.
        path: where to. The file appears there when it is whole; one that is there already is replaced.
        seed: equal seeds make equal files.
        seconds: how long the film says it is.

    Raises:
        ValueError: when no such file can have this size.

    """
    head = _head(seconds)
    filler = size - len(head) - 8 - len(_FRAME)
    if filler < 0 or size > _LARGEST:
        raise ValueError(f"a synthetic MP4 has from {size - filler} to {_LARGEST} bytes, not {size}")
    part = path.with_name(f".{path.name}.{os.urandom(6).hex()}.part")
    try:
        with part.open("wb") as file:
            file.write(head + pack(">I4s", size - len(head), b"mdat") + _FRAME)
            block = Random(sha256(seed.encode()).digest()).randbytes(min(_CHUNK, filler))  # noqa: S311 - filler
            for number, start in enumerate(range(0, filler, _CHUNK)):
                file.write((block[:-8] + number.to_bytes(8))[: filler - start])
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
    return Render(duration=seconds, video=path, thumbnail=None)


def _head(seconds: float) -> bytes:
    """Return all that goes before `mdat`; the second round knows where the frame will be."""
    kind = _box(b"ftyp", b"isom", pack(">I", 0x200), b"isomiso2avc1mp41")
    ticks = round(seconds * _TICKS)
    return kind + _movie(ticks, frame_at=len(kind) + len(_movie(ticks, 0)) + 8)


def _box(name: bytes, *content: bytes) -> bytes:
    body = b"".join(content)
    return pack(">I4s", 8 + len(body), name) + body


def _movie(ticks: int, frame_at: int) -> bytes:
    header = _box(
        b"mvhd",
        pack(">5I", 0, 0, 0, _TICKS, ticks),
        pack(">IHHII", 0x10000, 0x100, 0, 0, 0),
        _AS_IS,
        bytes(24),
        pack(">I", 2),
    )
    size = pack(">II", _SIDE << 16, _SIDE << 16)
    track = _box(b"tkhd", pack(">6I", 3, 0, 0, 1, 0, ticks), bytes(16), _AS_IS, size)
    return _box(b"moov", header, _box(b"trak", track, _medium(ticks, frame_at)))


def _medium(ticks: int, frame_at: int) -> bytes:
    clock = _box(b"mdhd", pack(">5IHH", 0, 0, 0, _TICKS, ticks, 0x55C4, 0))
    kind = _box(b"hdlr", pack(">II4s", 0, 0, b"vide"), bytes(12), b"picture\0")
    here = _box(b"dinf", _box(b"dref", pack(">II", 0, 1), _box(b"url ", pack(">I", 1))))
    content = _box(b"minf", _box(b"vmhd", pack(">III", 1, 0, 0)), here, _samples(ticks, frame_at))
    return _box(b"mdia", clock, kind, content)


def _samples(ticks: int, frame_at: int) -> bytes:
    """Return the table that says: one frame, shown for the whole length, at this place in the file."""
    return _box(
        b"stbl",
        _box(b"stsd", pack(">II", 0, 1), _picture()),
        _box(b"stts", pack(">IIII", 0, 1, 1, ticks)),
        _box(b"stsc", pack(">IIIII", 0, 1, 1, 1, 1)),
        _box(b"stsz", pack(">IIII", 0, 0, 1, len(_FRAME))),
        _box(b"stco", pack(">III", 0, 1, frame_at)),
    )


def _picture() -> bytes:
    size = pack(">HH", _SIDE, _SIDE)
    inches = pack(">II", 72 << 16, 72 << 16)
    return _box(
        b"avc1",
        bytes(6),
        pack(">H", 1),
        bytes(16),
        size,
        inches,
        pack(">IH", 0, 1),
        bytes(32),
        pack(">Hh", 24, -1),
        _box(b"avcC", _DECODER),
    )
