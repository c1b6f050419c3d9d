"""Where a picture, a sound or a clip comes from."""

from collections.abc import Iterator
from pathlib import Path
from typing import ClassVar

from attrs import Factory, field, frozen

from heygen_async.errors import Problem
from heygen_async.files.signature import HEAD, kind_of
from heygen_async.operation import Body
from heygen_async.rules import Check, Length, Web, rule

__all__ = ["MEDIA_TYPES", "Address", "Asset", "Base64", "FileInput", "LocalFile", "Url", "UrlOrAsset"]

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
    ".zip": "application/zip",
}
"""File endings that HeyGen takes as assets, with their media types (https://developers.heygen.com/docs/assets).

A ``.zip``, which is a HyperFrames project, takes the direct way only."""

SIMPLE_BYTES = 32 * 2**20
"""Bytes that HeyGen's simple upload takes, at most. What has more is uploaded directly to HeyGen's storage."""

_PROJECT_BYTES = 200 * 2**20
"""Bytes of a zipped project, at most."""


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

    Making one looks at the disk: that the file is there and not empty, its ending, and whether its first bytes are of
    the kind that the ending says. Up to 32 MB take HeyGen's simple upload; for what has more, HeyGen names its limit at
    the upload.
    """

    path: Path = field(converter=Path)
    """Where it is."""

    size: int = field(init=False, eq=False, repr=False, default=Factory(lambda file: _size(file.path), takes_self=True))
    """Bytes, when it was looked at."""

    @property
    def media_type(self) -> str:
        """What it is, by its ending."""
        return MEDIA_TYPES.get(self.path.suffix.lower(), "")

    @property
    def simple(self) -> bool:
        """Whether HeyGen's simple upload takes it."""
        return self.size <= SIMPLE_BYTES and self.media_type != MEDIA_TYPES[".zip"]

    def cross_check(self) -> Iterator[Problem]:
        """Check the file's presence, ending and size, so that nothing is sent in vain."""
        if not self.path.is_file():
            yield Problem("", f"there is no file {self.path}")
            return
        if not self.media_type:
            yield Problem("", f"{self.path} ends in none of {', '.join(MEDIA_TYPES)}")
        if not self.size:
            yield Problem("", f"{self.path} is empty")
        elif self.media_type and (reason := _disguise(self.path, self.media_type)):
            yield Problem("", reason)
        if self.media_type == MEDIA_TYPES[".zip"] and self.size > _PROJECT_BYTES:
            yield Problem("", f"{self.path} has {self.size:,} bytes; HeyGen takes projects of up to {_PROJECT_BYTES:,}")


def _size(path: Path) -> int:
    return path.stat().st_size if path.is_file() else 0


def _disguise(path: Path, claimed: str) -> str | None:
    """Say what a file is by its first bytes, if that is not what its ending claims. Subtitles have no mark."""
    try:
        with path.open("rb") as file:
            found = kind_of(file.read(HEAD))
    except OSError as fault:
        return f"{path} cannot be read: {fault.strerror or fault}"
    if found == claimed or (not found and claimed == MEDIA_TYPES[".srt"]):
        return None
    return f"{path} is {found or f'no {claimed}'} by its bytes" + (
        f", and not {claimed} as it is called" if found else ""
    )


@frozen
class FileOf:
    """A file of one kind. Only of one on this machine is anything known: its ending, which its bytes agree with."""

    kind: str
    """In words, such as ``picture``."""

    media_types: tuple[str, ...]
    """How the media types begin that it may have."""

    def __str__(self) -> str:
        return f"a local file ends in one of {self._endings}"

    def __call__(self, value: object, /) -> str | None:
        """Say whether `value` is a file of this machine whose ending is of another kind."""
        if not isinstance(value, LocalFile) or value.media_type.startswith(self.media_types):
            return None
        return f"{value.path} is no {self.kind}, by its ending: that is one of {self._endings}"

    @property
    def _endings(self) -> str:
        return ", ".join(end for end, of in MEDIA_TYPES.items() if of.startswith(self.media_types))


PICTURE = FileOf("picture", ("image/",))
VISUAL = FileOf("picture or video", ("image/", "video/"))
CLIP = FileOf("video", ("video/",))
SOUND = FileOf("sound", ("audio/", "video/"))
SUBTITLES = FileOf("subtitle file", (MEDIA_TYPES[".srt"],))


@frozen
class Address:
    """An ``http(s)://`` address, or a `LocalFile` that will get one."""

    of: FileOf | None = None
    """What kind of file is there; ``None``: any."""

    def __str__(self) -> str:
        return f"{Web()}, or be a `LocalFile`{f'; {self.of}' if self.of else ''}"

    def __call__(self, value: object, /) -> str | None:
        """Say whether `value` is neither, or a file of another kind."""
        if isinstance(value, LocalFile):
            return self.of(value) if self.of else None
        return Web()(value)


FileInput = Url | Asset | Base64 | LocalFile
"""What the API calls ``FileInput``, and our `LocalFile`."""

UrlOrAsset = Url | Asset | LocalFile
"""What the API calls ``UrlOrAsset``, and our `LocalFile`: no bytes inside the request."""
