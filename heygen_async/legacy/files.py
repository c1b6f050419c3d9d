"""Files for the legacy upload host, which takes their bare bytes; and what HeyGen asks of photos.

Making one looks at the disk, at the beginning of the file too: the legacy API refuses a file that is not what its
``Content-Type`` says, so what it is is told by its bytes where they tell.
"""

from collections.abc import Iterator

from attrs import frozen

from heygen_async.api.media import MEDIA_TYPES, LocalFile
from heygen_async.api.photos import photo_problems, picture_of
from heygen_async.errors import Problem

__all__ = ["PhotoFile", "RawFile"]

_TYPES = MEDIA_TYPES | {".wav": "audio/wav"}
_TAKEN = ("image/jpeg", "image/png", "video/mp4", "video/webm", "audio/mpeg", "audio/wav")
_LARGEST = 10 * 2**20
"""Bytes."""


@frozen
class RawFile(LocalFile):
    """A file for ``POST /v1/asset``: jpeg, png, mp4, webm, mp3 or wav, 1 byte to 10 MB."""

    @property
    def media_type(self) -> str:
        """What it is: pictures by their bytes, the others by their ending."""
        picture = picture_of(self.path)
        return _TYPES.get(self.path.suffix.lower(), "") if picture is None else picture.media_type

    def cross_check(self) -> Iterator[Problem]:
        """Check the file's presence, kind and size, so that nothing is sent in vain."""
        if not self.path.is_file():
            yield Problem("", f"there is no file {self.path}")
            return
        if self.media_type not in _TAKEN:
            yield Problem("", f"{self.path} is none of {', '.join(_TAKEN)}")
        size = self.path.stat().st_size
        if not 0 < size <= _LARGEST:
            yield Problem("", f"{self.path} has {size:,} bytes; the legacy API takes 1 to {_LARGEST:,}")


@frozen
class PhotoFile(RawFile):
    """A photo of a person: JPEG or PNG, at least 512 pixels wide and high, under 10 MB."""

    def cross_check(self) -> Iterator[Problem]:
        """Check what HeyGen asks of a photo, by the file itself."""
        if not self.path.is_file():
            yield Problem("", f"there is no file {self.path}")
            return
        yield from (Problem("", reason) for reason in photo_problems(self.path))
