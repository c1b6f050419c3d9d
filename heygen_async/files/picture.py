"""What a picture file says about itself: PNG or JPEG, and how large, read from its head without decoding anything.

A PNG has its size in the first chunk (https://www.w3.org/TR/png-3/#11IHDR). A JPEG is a row of segments, each with
its length in front; the size is in the frame header (ITU-T T.81, B.2.2).
"""

import struct
from typing import BinaryIO

from attrs import frozen

__all__ = ["Picture", "look_at"]

_PNG = b"\x89PNG\r\n\x1a\n"
_JPEG = b"\xff\xd8\xff"
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
"""Markers of frame headers; the three between them are tables and an extension."""

_ALONE = {0x01, *range(0xD0, 0xD9)}
"""Markers without a segment."""

_MOST_SEGMENTS = 10_000
"""A file that has more before its frame header is no photo."""


@frozen
class Picture:
    """A picture's kind and size."""

    media_type: str
    """``image/png`` or ``image/jpeg``."""

    width: int
    """Pixels."""

    height: int
    """Pixels."""


def look_at(file: BinaryIO) -> Picture | None:
    """Read the kind and the size of a picture; ``None``: it is no PNG or JPEG, or is cut off before its size."""
    file.seek(0)
    head = file.read(24)
    if head.startswith(_PNG):
        whole = len(head) == 24 and head[12:16] == b"IHDR"  # noqa: PLR2004  # mark, chunk head, two sides
        return Picture("image/png", *struct.unpack(">II", head[16:24])) if whole else None
    if head.startswith(_JPEG):
        size = _jpeg_size(file)
        return Picture("image/jpeg", *size) if size is not None else None
    return None


def _jpeg_size(file: BinaryIO) -> tuple[int, int] | None:
    """Go from segment to segment until the frame header."""
    file.seek(2)
    for _ in range(_MOST_SEGMENTS):
        marker = _marker(file)
        if marker is None:
            return None
        if marker in _ALONE:
            continue
        head = file.read(7 if marker in _FRAMES else 2)
        if len(head) < 2:  # noqa: PLR2004  # bytes of a length
            return None
        if marker in _FRAMES:
            height, width = struct.unpack(">HH", head[3:7]) if len(head) == 7 else (0, 0)  # noqa: PLR2004  # as read
            return (width, height) if width and height else None
        file.seek(max(0, int.from_bytes(head) - 2), 1)
    return None


def _marker(file: BinaryIO) -> int | None:
    """Read the next marker; ``None`` where there should be one and is none."""
    if file.read(1) != b"\xff":
        return None
    byte = b"\xff"
    while byte == b"\xff":  # any number of these may stand before a marker
        byte = file.read(1)
    return byte[0] if byte else None
