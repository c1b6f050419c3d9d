"""Small files that stand in for real ones, where an emulator is to make nothing: right in kind and length, no more.

They need no espeak-ng, no PyAV and no Pillow. Films are those of `media.synthetic`; sounds are silent; pictures are of
one colour.
"""

import zlib
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from struct import pack

from heygen_async.emulator import media
from heygen_async.emulator.sources import write_whole

__all__ = ["ENDINGS", "stand_in", "unspoken"]

_SIDE = 64
"""Pixels of a picture."""

_RATE = 8000
"""Samples a second of a WAV, of one byte each."""

_SILENCE = 0x80
"""A sample of 8 bits at rest."""

_FRAME = pack(">I", 0xFFFB10C0) + bytes(100)
"""A frame of an MP3 with nothing in it: MPEG-1, layer III, 32 kbit/s, 44,100 Hz, mono; 144 * 32,000 // 44,100 bytes."""

_FRAME_SECONDS = 1152 / 44_100

_GREY = bytes.fromhex(
    "ffd8ffe000104a46494600010100000100010000ffdb0043001b12141714111b1716171e1c1b2028422b28252528513a3d3042605565645f"
    "555d5b6a7899816a7190735b5d85b586909ea3abadab6780bcc9baa6c799a8aba4ffc0000b080008000801011100ffc40014000100000000"
    "000000000000000000000000ffc40014100100000000000000000000000000000000ffda0008010100003f003fffd9"
)
"""A grey JPEG of 8 x 8 pixels, made once with Pillow: quality 30, optimized."""


def stand_in(path: Path, size: int, seed: str, seconds: float, subtitles: Callable[[], str]) -> None:
    """Write the file that stands in at `path`, of the kind that its ending says. Blocks.

    Args:
        path: where to; others see it whole or not at all.
        size: bytes of a film; other files are as large as they are.
        seed: equal seeds make equal films and equal pictures.
        seconds: how long a film or a sound is.
        subtitles: returns what is said, as SRT.

    Raises:
        KeyError: for an ending that is not one of `ENDINGS`.

    """
    write = ENDINGS[path.suffix]
    if write is None:
        media.synthetic(size, path, seed, seconds)
    else:
        write_whole(path, write(seed, seconds, subtitles))


def unspoken(seconds: float) -> str:
    """Return the SRT of a film whose words nobody knows."""
    minutes, rest = divmod(round(seconds * 1000), 60_000)
    end = f"{minutes // 60:02}:{minutes % 60:02}:{rest // 1000:02},{rest % 1000:03}"
    return f"1\n00:00:00,000 --> {end}\n[speech]\n"


def _wav(_: str, seconds: float, __: object) -> bytes:
    count = round(seconds * _RATE)
    kind = pack("<4sIHHIIHH", b"fmt ", 16, 1, 1, _RATE, _RATE, 1, 8)
    body = b"WAVE" + kind + pack("<4sI", b"data", count) + bytes([_SILENCE]) * count + bytes(count % 2)
    return pack("<4sI", b"RIFF", len(body)) + body


def _mp3(_: str, seconds: float, __: object) -> bytes:
    return _FRAME * max(1, round(seconds / _FRAME_SECONDS))


def _png(seed: str, _: float, __: object) -> bytes:
    colour = sha256(seed.encode()).digest()[:3]
    rows = (b"\0" + colour * _SIDE) * _SIDE
    head = pack(">IIBBBBB", _SIDE, _SIDE, 8, 2, 0, 0, 0)
    parts = _chunk(b"IHDR", head) + _chunk(b"IDAT", zlib.compress(rows)) + _chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + parts


def _chunk(name: bytes, content: bytes) -> bytes:
    return pack(">I", len(content)) + name + content + pack(">I", zlib.crc32(name + content))


def _jpeg(_: str, __: float, ___: object) -> bytes:
    return _GREY


def _gif(seed: str, _: float, __: object) -> bytes:
    """Return a picture of one pixel, in the seed's colour."""
    colours = sha256(seed.encode()).digest()[:3] + bytes(3)
    image = b"\x2c" + pack("<4HB", 0, 0, 1, 1, 0) + b"\x02\x02\x44\x01\x00"
    return b"GIF89a" + pack("<HHBBB", 1, 1, 0x80, 0, 0) + colours + image + b"\x3b"


def _srt(_: str, __: float, subtitles: Callable[[], str]) -> bytes:
    return subtitles().encode(errors="replace")


def _vtt(_: str, __: float, subtitles: Callable[[], str]) -> bytes:
    return media.vtt(subtitles()).encode(errors="replace")


ENDINGS: dict[str, Callable[[str, float, Callable[[], str]], bytes] | None] = {
    ".mp4": None,
    ".webm": None,
    ".wav": _wav,
    ".mp3": _mp3,
    ".png": _png,
    ".jpg": _jpeg,
    ".gif": _gif,
    ".srt": _srt,
    ".vtt": _vtt,
}
"""What can be stood in for, and by what; ``None``: by a synthetic film, whatever its container is called."""
