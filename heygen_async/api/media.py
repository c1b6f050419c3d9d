"""Where a picture, a sound or a clip comes from."""

from collections.abc import Iterator
from pathlib import Path
from typing import ClassVar

from attrs import field, frozen

from heygen_async.errors import Problem
from heygen_async.operation import Body
from heygen_async.rules import Check, Length, Web, rule

__all__ = ["MEDIA_TYPES", "Address", "Asset", "Base64", "FileInput", "LocalFile", "Url"]

MEDIA_TYPES = {
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".mp4": "video/mp4",
    ".webm": "video/webm",
    ".mp3": "audio/mpeg",
    ".wav": "audio/x-wav",
    ".pdf": "application/pdf",
    ".srt": "application/x-subrip",
}
"""File endings that HeyGen takes as assets, with their media types (https://developers.heygen.com/docs/assets)."""


@frozen
class Url(Body):
    """A file at a public address. HeyGen fetches it when the video is created."""

    tag: ClassVar[str] = "url"
    url: str = field(metadata=rule(Web()))
    """``https://…`` or ``http://…``"""


@frozen
class Asset(Body):
    """A file that was uploaded before, by its asset id."""

    tag: ClassVar[str] = "asset_id"
    asset_id: str = field(metadata=rule(Length(1, 255)))
    """From `Assets.upload`."""


@frozen
class Base64(Body):
    """A small file inside the request itself."""

    tag: ClassVar[str] = "base64"
    media_type: str = field(metadata=rule(Length(1, 255)))
    """Such as ``image/png``."""

    data: str = field(repr=False, metadata=rule(Length(1, 50 * 2**20)))
    """The bytes in base64."""


@frozen
class LocalFile(Check):
    """A file on this machine, wherever the API takes an address: uploaded once per client, then an `Asset`.

    Making one looks at the disk: that the file is there, its ending and its size. HeyGen's simple upload takes 32 MB;
    the media type is told by the ending.
    """

    path: Path = field(converter=Path)
    """Where it is."""

    def cross_check(self) -> Iterator[Problem]:
        """Check the file's presence, ending and size (32 MB), so that nothing is sent in vain."""
        if not self.path.is_file():
            yield Problem("", f"there is no file {self.path}")
            return
        if self.path.suffix.lower() not in MEDIA_TYPES:
            yield Problem("", f"{self.path} ends in none of {', '.join(MEDIA_TYPES)}")
        size = self.path.stat().st_size
        if not 0 < size <= 32 * 2**20:
            yield Problem("", f"{self.path} has {size:,} bytes; HeyGen takes 1 to {32 * 2**20:,}")


@frozen
class Address:
    """An ``http(s)://`` address, or a `LocalFile` that will get one."""

    def __call__(self, value: object, /) -> str | None:
        """Say whether `value` is neither."""
        return None if isinstance(value, LocalFile) else Web()(value)


FileInput = Url | Asset | Base64 | LocalFile
"""What the API calls ``FileInput``, and our `LocalFile`."""
