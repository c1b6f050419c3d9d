"""The first bytes of files of every kind that HeyGen takes, by their endings."""

from pathlib import Path

from heygen_async.api.media import LocalFile

__all__ = ["HEADS", "written"]

HEADS = {
    ".png": b"\x89PNG\r\n\x1a\n",
    ".jpg": b"\xff\xd8\xff\xe0",
    ".jpeg": b"\xff\xd8\xff\xe1",
    ".mp4": b"\0\0\0\x18ftypmp42",
    ".webm": b"\x1a\x45\xdf\xa3\x9f\x42\x82\x84webm",
    ".mp3": b"ID3\x04",
    ".wav": b"RIFF\0\0\0\0WAVE",
    ".pdf": b"%PDF-1.7",
    ".srt": b"1\n00:00:00,000 --> 00:00:01,000\nHello\n",
    ".zip": b"PK\x03\x04",
}


def written(path: Path, more: bytes = b"") -> LocalFile:
    """Write a file that is what its ending says, as far as its first bytes tell."""
    path.write_bytes(HEADS[path.suffix.lower()] + more)
    return LocalFile(path)
