"""What kind of file some bytes are, by the first of them: the eight kinds that HeyGen takes as assets."""

import re

__all__ = ["sniff"]

_FIXED = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"%PDF-", "application/pdf"),
    (b"ID3", "audio/mpeg"),
)
_SRT = re.compile(rb"(?:\xef\xbb\xbf)?\s*\d+[ \t]*\r?\n\d{2,}:\d\d:\d\d[,.]\d{3} --> \d{2,}:\d\d:\d\d[,.]\d{3}")
_NOT_VIDEO = (b"heic", b"heix", b"hevc", b"mif1", b"msf1", b"avif", b"avis", b"M4A ", b"M4B ", b"qt  ")
"""Brands of files that are built like an MP4 but are pictures, sounds or QuickTime films."""


def sniff(head: bytes) -> str | None:
    """Return the media type of a file by its first bytes, of which 64 are enough.

    One of image/png, image/jpeg, video/mp4, video/webm, audio/mpeg, audio/wav, application/pdf and
    application/x-subrip; None for anything else.
    """
    for start, kind in _FIXED:
        if head.startswith(start):
            return kind
    if head[4:8] == b"ftyp" and head[8:12] not in _NOT_VIDEO:
        return "video/mp4"
    if head.startswith(b"\x1a\x45\xdf\xa3") and b"webm" in head[:64]:
        return "video/webm"
    if head.startswith(b"RIFF") and head[8:12] == b"WAVE":
        return "audio/wav"
    if _is_mp3_frame(head[:4]):
        return "audio/mpeg"
    return "application/x-subrip" if _SRT.match(head) else None


def _is_mp3_frame(header: bytes) -> bool:
    """Tell whether four bytes head an MPEG layer III frame: eleven set bits, then a version, layer and rates in use."""
    if len(header) < 4 or header[0] != 0xFF or header[1] & 0xE0 != 0xE0:  # noqa: PLR2004 - the format's own numbers
        return False
    version, layer = header[1] >> 3 & 3, header[1] >> 1 & 3
    bit_rate, sample_rate = header[2] >> 4, header[2] >> 2 & 3
    return version != 1 and layer == 1 and bit_rate not in {0, 15} and sample_rate != 3  # noqa: PLR2004 - as above
