"""What a file is, by its first bytes: the kinds that HeyGen takes, and those that are most often taken for them.

HeyGen looks at the bytes too, and refuses a file whose ending says something else
(https://developers.heygen.com/docs/assets).
"""

__all__ = ["HEAD", "kind_of"]

HEAD = 4096
"""Bytes of a file's beginning that are looked at."""

_STARTS = {
    b"\x89PNG\r\n\x1a\n": "image/png",
    b"\xff\xd8\xff": "image/jpeg",
    b"GIF8": "image/gif",
    b"BM": "image/bmp",
    b"%PDF-": "application/pdf",
    b"PK\x03\x04": "application/zip",
    b"PK\x05\x06": "application/zip",
    b"ID3": "audio/mpeg",
    b"OggS": "audio/ogg",
    b"fLaC": "audio/flac",
    b"\x1a\x45\xdf\xa3": "video/webm",
}
_RIFFS = {b"WAVE": "audio/x-wav", b"WEBP": "image/webp", b"AVI ": "video/x-msvideo"}
_BOXES = {b"ftyp", b"moov", b"mdat", b"free", b"skip", b"wide"}
"""What the first box of an MP4 may be."""

_BRANDS = {
    **dict.fromkeys((b"heic", b"heix", b"hevc", b"mif1", b"msf1"), "image/heic"),
    **dict.fromkeys((b"avif", b"avis"), "image/avif"),
    **dict.fromkeys((b"M4A ", b"M4B "), "audio/mp4"),
    b"qt  ": "video/quicktime",
}
"""What else is built like an MP4; the photos of telephones are."""

_SYNC, _VERSION, _LAYER = 0xE0, 0x18, 0x06
"""Bits of the second byte of an MPEG frame: the end of the mark, then two that are not both off."""


def kind_of(head: bytes) -> str:
    """Return the media type of a file that begins with `head`; empty: it is none that we know by its bytes."""
    start = next((kind for mark, kind in _STARTS.items() if head.startswith(mark)), "")
    if start == "video/webm" and b"webm" not in head:
        return "video/x-matroska"
    if start:
        return start
    if head[:4] in {b"RIFF", b"RF64"}:
        return _RIFFS.get(head[8:12], "")
    if head[4:8] in _BOXES:
        return _BRANDS.get(head[8:12], "video/mp4") if head[4:8] == b"ftyp" else "video/mp4"
    return "audio/mpeg" if _begins_frame(head.lstrip(b"\0")) else ""


def _begins_frame(head: bytes) -> bool:
    """Tell whether this is a frame of an MP3: eleven bits that are on, then its version and layer."""
    if head[:1] != b"\xff" or len(head) < 2:  # noqa: PLR2004  # mark, and what kind of frame
        return False
    second = head[1]
    return second & _SYNC == _SYNC and second & _VERSION != 0x08 and second & _LAYER != 0  # noqa: PLR2004  # reserved
