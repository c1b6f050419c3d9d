"""Picture files of any size, without a library that draws: their heads are right, and no more."""

import struct

__all__ = ["jpeg", "png"]


def png(width: int = 512, height: int = 512, size: int = 200) -> bytes:
    """A PNG up to its first chunk, `size` bytes long."""
    head = b"\x89PNG\r\n\x1a\n" + struct.pack(">I4sIIBBBBB", 13, b"IHDR", width, height, 8, 2, 0, 0, 0)
    return head + bytes(max(0, size - len(head)))


def jpeg(width: int = 512, height: int = 512, *before: bytes, marker: int = 0xC0) -> bytes:
    """A JPEG up to its frame header; `before` are segments in front of it."""
    frame = struct.pack(">BBHBHHB", 0xFF, marker, 11, 8, height, width, 1) + bytes(3)
    return b"\xff\xd8" + b"".join(before or [segment(0xE0, b"JFIF\0")]) + frame + bytes(64)


def segment(marker: int, content: bytes) -> bytes:
    """A segment of a JPEG."""
    return bytes([0xFF, marker]) + struct.pack(">H", len(content) + 2) + content
