"""Whether a file is a whole video: its outermost structure, without decoding anything.

An MP4 is a row of boxes, each with its length in front (ISO/IEC 14496-12): the lengths must add up to the file, and
``ftyp``, ``moov`` and ``mdat`` must be there. A WebM begins with the EBML mark.
"""

import struct
from typing import BinaryIO

__all__ = ["fault"]

_SHORT, _LONG = 8, 16
"""Bytes in the head of a box: four of length and four of name, and eight more where the length is long."""

_EBML = b"\x1a\x45\xdf\xa3"
_NEEDED = {b"ftyp", b"moov", b"mdat"}


def fault(file: BinaryIO) -> str | None:
    """Say what is wrong with the video in `file`, or ``None`` when it is whole. Reads a few bytes for each box."""
    size = file.seek(0, 2)
    file.seek(0)
    if size == 0:
        return "it is empty"
    if file.read(4) == _EBML:
        return None
    found: set[bytes] = set()
    at = 0
    while at < size:
        file.seek(at)
        head = file.read(_LONG)
        length = _length(head, size - at)
        if length < _SHORT or at + length > size or (not found and head[4:8] != b"ftyp"):
            return f"it is not an MP4, or was cut: nothing fits at byte {at:,} of {size:,}"
        found.add(head[4:8])
        at += length
    missing = sorted(name.decode() for name in _NEEDED - found)
    return f"it lacks the MP4 box {' and '.join(missing)}" if missing else None


def _length(head: bytes, rest: int) -> int:
    """Read the length of the box that begins with `head`: 1 means "in the next eight bytes", 0 "to the end"."""
    if len(head) < _SHORT:
        return 0
    short = int(struct.unpack(">I", head[:4])[0])
    if short == 0:
        return rest
    if short != 1:
        return short
    return int(struct.unpack(">Q", head[_SHORT:_LONG])[0]) if len(head) == _LONG else 0
