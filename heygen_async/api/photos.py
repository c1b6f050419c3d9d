"""Photos of persons: what HeyGen asks of them, looked up in the file itself before anything is uploaded."""

from collections.abc import Iterator
from pathlib import Path

from heygen_async.files.picture import Picture, look_at

__all__ = ["photo_problems", "picture_of"]

_SMALLEST_SIDE = 512
"""Pixels of a photo (https://developers.heygen.com/docs/photo-avatar)."""

_LARGEST = 10 * 2**20
"""Bytes that a photo must stay below."""


def photo_problems(path: Path) -> Iterator[str]:
    """Say what is wrong with a photo of a person.

    It must be a JPEG or a PNG, 512 pixels wide and high at least, and have less than 10 MB.
    """
    picture, size = picture_of(path), path.stat().st_size if path.is_file() else 0
    if size >= _LARGEST:
        yield f"{path} has {size:,} bytes; a photo must have fewer than {_LARGEST:,}"
    if picture is None:
        yield f"{path} is neither a JPEG nor a PNG, by its bytes"
    elif min(picture.width, picture.height) < _SMALLEST_SIDE:
        measured = f"{picture.width} x {picture.height} pixels"
        yield f"{path} has {measured}; a photo needs {_SMALLEST_SIDE} x {_SMALLEST_SIDE} at least"


def picture_of(path: Path) -> Picture | None:
    """Look at a file; ``None``: it is no picture, or cannot be read."""
    try:
        with path.open("rb") as file:
            return look_at(file)
    except OSError:
        return None
