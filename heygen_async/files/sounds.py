"""Whether a file is a whole sound, and how long it is, without decoding anything.

A WAV is a RIFF file, which says how long it is. An MP3 begins with an ID3 tag or with a frame, and does not say where
it ends: that is up to the length that its host announces.
"""

import struct
from typing import BinaryIO

__all__ = ["fault", "seconds"]

_HEAD = 12
"""Bytes that say what a file is."""

_UNKNOWN = {0, 0xFFFFFFFF}
"""Lengths that are written where a WAV was streamed: nobody knew how long it would be."""


def fault(file: BinaryIO) -> str | None:
    """Say what is wrong with the sound in `file`, or ``None`` when it is whole, as far as that can be told."""
    size = file.seek(0, 2)
    file.seek(0)
    head = file.read(_HEAD)
    if size == 0:
        return "it is empty"
    if head[:4] == b"RIFF" and head[8:] == b"WAVE":
        length = int(struct.unpack("<I", head[4:8])[0])
        missing = length + 8 - size
        return f"it was cut: {missing:,} bytes are missing" if missing > 0 and length not in _UNKNOWN else None
    return None if _begins_mp3(head) else "it is neither a WAV nor an MP3"


def _begins_mp3(head: bytes) -> bool:
    """Tell whether this is the beginning of an MP3: a tag, or the eleven bits that every frame has."""
    return head[:3] == b"ID3" or (head[:1] == b"\xff" and head[1:2] >= b"\xe0")


# How long it is.


_SAMPLES = {3: 1152, 2: 576, 0: 576}
"""Samples in a frame of an MP3, by the version of MPEG in its head."""

_RATES = {3: (44_100, 48_000, 32_000), 2: (22_050, 24_000, 16_000), 0: (11_025, 12_000, 8_000)}
"""Samples a second, by the version and by another two bits."""

_RESERVED = 3
_FRAME = 64
"""Bytes of the first frame that are looked at: the count of frames stands there, if it is anywhere."""

_LONGEST_HEAD = 2**20
"""Bytes that are looked at of what stands before the sound."""


def seconds(file: BinaryIO) -> float | None:
    """Read how long the sound in `file` is; ``None``: it does not say, as many an MP3 does not."""
    file.seek(0)
    head = file.read(_HEAD)
    if head[:4] == b"RIFF" and head[8:] == b"WAVE":
        return _seconds_of_wav(file)
    return _seconds_of_mp3(file) if _begins_mp3(head) else None


def _seconds_of_wav(file: BinaryIO) -> float | None:
    """Go from chunk to chunk: ``fmt`` has the bytes of a second, ``data`` how many there are."""
    pace, rest = 0, _LONGEST_HEAD
    while rest > 0:
        head = file.read(8)
        length = int.from_bytes(head[4:], "little")
        if len(head) < 8 or (head[:4] == b"data" and length in _UNKNOWN):  # noqa: PLR2004  # name and length
            return None
        if head[:4] == b"data":
            return length / pace if pace else None
        chunk = file.read(min(length + length % 2, rest))
        rest -= len(chunk) + 8
        if head[:4] == b"fmt ":
            pace = int.from_bytes(chunk[8:12], "little")
    return None


def _seconds_of_mp3(file: BinaryIO) -> float | None:
    """Read how many frames there are, which the encoder writes into the first one (``Xing`` or ``Info``)."""
    file.seek(0)
    tag = file.read(10).ljust(10, b"\0")
    start = 0
    if tag[:3] == b"ID3":
        start = 10 + sum((byte & 0x7F) << shift for byte, shift in zip(tag[6:10], (21, 14, 7, 0), strict=True))
    file.seek(start)
    frame = file.read(_FRAME).ljust(_FRAME, b"\0")
    version, rate = frame[1] >> 3 & 3, frame[2] >> 2 & 3
    at = max(frame.find(b"Xing"), frame.find(b"Info"))
    counted = 0 < at <= _FRAME - 12 and frame[at + 7] & 1
    if frame[0] != 0xFF or version not in _RATES or rate == _RESERVED or not counted:  # noqa: PLR2004  # as all begin
        return None
    return int.from_bytes(frame[at + 8 : at + 12]) * _SAMPLES[version] / _RATES[version][rate]
