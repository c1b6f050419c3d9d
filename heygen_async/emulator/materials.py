"""The pictures, sounds and clips that a request brings along: found, checked by their bytes, and kept on disk."""

from base64 import b64decode
from hashlib import sha256
from pathlib import Path

from attrs import define

from heygen_async.api.media import Asset, Base64, FileInput, Url
from heygen_async.emulator import media
from heygen_async.emulator.account import Account
from heygen_async.emulator.refusals import Refusal, invalid
from heygen_async.emulator.remote import Remote
from heygen_async.emulator.sources import Kind, Sample, Stored, write_whole
from heygen_async.emulator.threads import Threads

__all__ = ["HEAD", "Materials", "mismatch", "type_of"]

_TYPES: dict[Kind, tuple[str, ...]] = {
    "picture": ("image/png", "image/jpeg"),
    "sound": ("audio/mpeg", "audio/wav", "video/mp4", "video/webm"),
    "clip": ("video/mp4", "video/webm"),
    "reference": ("image/png", "image/jpeg", "video/mp4", "video/webm"),
    "subtitles": ("application/x-subrip",),
    "attachment": (
        "image/png",
        "image/jpeg",
        "video/mp4",
        "video/webm",
        "audio/mpeg",
        "audio/wav",
        "application/pdf",
        "application/x-subrip",
    ),
}
HEAD = 64
"""Bytes that tell what a file is."""


def type_of(declared: str) -> str:
    """Return the usual name of a media type that has several."""
    return {"audio/x-wav": "audio/wav", "audio/mp3": "audio/mpeg", "image/jpg": "image/jpeg"}.get(declared, declared)


@define(eq=False)
class Materials:
    """Where a request's files are looked up."""

    account: Account
    remote: Remote
    folder: Path
    threads: Threads

    async def find(self, file: FileInput, kind: Kind, param: str) -> Stored | Sample:
        """Look up a file that must be of this kind; `param` is the field that names it.

        Raises `Refusal`: 404 ``asset_not_found``, 400 ``download_failed``, 400 ``invalid_parameter``.
        """
        match file:
            case Asset(asset_id=asset_id):
                return self.asset(asset_id, kind, param)
            case Base64():
                return await self._inline(file, kind, param)
            case Url(url=address):
                return await self.at(address, kind, param)
            case _:  # a file on the client's machine: no JSON can say so
                raise invalid(param, "A file of another machine cannot be read")

    def asset(self, asset_id: str, kind: Kind, param: str) -> Stored:
        """Look up an asset that must be of this kind."""
        asset = self.account.asset(asset_id)
        if asset.progress == "pending" or asset.failure is not None:
            raise Refusal(409, "asset_not_available", f"Asset {asset_id} cannot be used: its upload is not complete")
        _check(asset.media_type, kind, param)
        return Stored(asset.path, asset.media_type, asset.size)

    async def at(self, address: str, kind: Kind, param: str) -> Stored | Sample:
        """Look up a file at an address that must be of this kind."""
        content = await self.remote.fetch(address, kind)
        return Sample(kind) if content is None else await self._keep(content, kind, param)

    async def _inline(self, file: Base64, kind: Kind, param: str) -> Stored:
        try:
            content = await self.threads.run(b64decode, file.data, validate=True)
        except ValueError:
            raise invalid(f"{param}.data", "data is not valid base64") from None
        found = media.sniff(content[:HEAD])
        if found != type_of(file.media_type):
            raise mismatch(f"{param}.media_type", file.media_type, found)
        return await self._keep(content, kind, param)

    async def _keep(self, content: bytes, kind: Kind, param: str) -> Stored:
        """Write a file to the folder, once: equal content has one name."""
        found = _check(media.sniff(content[:HEAD]), kind, param)
        return Stored(await self.threads.run(_written, self.folder, content), found, len(content))


def mismatch(param: str, declared: str, found: str | None) -> Refusal:
    """Refuse a file that is not what it is said to be, in HeyGen's words."""
    return invalid(param, f"Content type not match {found or 'application/octet-stream'} != {declared}")


def _check(found: str | None, kind: Kind, param: str) -> str:
    """Return the type of a file, if it is one of its kind."""
    if found is None or found not in _TYPES[kind]:
        is_found = found or "of a type that nobody knows"
        raise invalid(param, f"A {kind} is needed here ({', '.join(_TYPES[kind])}), but the file is {is_found}")
    return found


def _written(folder: Path, content: bytes) -> Path:
    path = folder / sha256(content).hexdigest()
    if not path.exists():
        write_whole(path, content)
    return path
