"""Where direct uploads go: each signed address takes the bytes of one file, in the manner of S3. No key is needed.

What was signed is the path, the size and the headers: anything else is refused, and so is a late comer. The bytes go
to disk as they come, and count when all of them are there and have the checksum that was announced.
"""

from base64 import b64encode
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from typing import ClassVar
from uuid import uuid4

from aiohttp import web
from attrs import define

from heygen_async.emulator.account import Upload
from heygen_async.emulator.faults import Cut, Expired, ToFile
from heygen_async.emulator.rendering import Failure, Stage
from heygen_async.emulator.sending import hang
from heygen_async.emulator.service import Service, Visit

__all__ = ["LIFE", "Awaited", "Storage", "most_bytes"]

LIFE = 3600
"""Seconds that an address is good for."""

_MOST = {"application/zip": 200 * 2**20}
_MOST_OTHERS = 2 * 2**30
_CHUNK = 2**18


def most_bytes(media_type: str) -> int:
    """Return how large a file of this type may be."""
    return _MOST.get(media_type, _MOST_OTHERS)


@define(eq=False, kw_only=True)
class Awaited(Upload):
    """An asset whose bytes come by a direct upload."""

    noun: ClassVar[str] = "asset"
    checksum: str | None = None
    """SHA-256 in hexadecimal, if it was announced."""

    arrived: bool = False
    """Whether its bytes are there."""

    ready_at: float | None = None
    """When it can be called completed, by the emulator's clock; ``None``: its upload is not."""

    fate: Failure | None = None
    """How it will end; ``None``: well."""

    progress: Stage = "pending"

    def stage(self, now: float) -> Stage:
        """Say how far it is: once all is there, it is looked at for a moment."""
        if self.ready_at is not None and now >= self.ready_at and self.failure is None:
            self.progress, self.failure = "completed", self.fate
        return super().stage(now)

    @property
    def headers(self) -> Mapping[str, str]:
        """What has to come with the bytes."""
        headers = {"Content-Type": self.media_type}
        if self.checksum is not None:
            headers["x-amz-checksum-sha256"] = b64encode(bytes.fromhex(self.checksum)).decode()
        return headers

    def address(self, visit: Visit) -> str:
        """Return where the bytes are to be sent, signed for an hour from now."""
        return visit.base + visit.service.signer.sign(f"/uploads/{self.id}", visit.unix, LIFE)


class _No(Exception):
    """An answer that is an error."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        text = f'<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>{code}</Code><Message>{message}</Message></Error>'
        self.answer = web.Response(status=status, text=text, content_type="application/xml")


@define(eq=False)
class Storage:
    """The storage behind the addresses."""

    service: Service

    def routes(self) -> list[web.RouteDef]:
        """Where the bytes go."""
        return [web.put("/uploads/{asset_id}", self.put)]

    async def put(self, http: web.Request) -> web.StreamResponse:
        """Take in a file, whole or not at all."""
        fault = self.service.faults.take(http.method, http.path, ToFile)
        try:
            upload = self._admitted(http, expired=isinstance(fault, Expired))
            part = upload.path.with_name(f"{upload.id}.{uuid4().hex}.part")
            try:
                await self._receive(http, upload, part, fault.after if isinstance(fault, Cut) else None)
            finally:
                await self.service.threads.run(part.unlink, missing_ok=True)
        except _No as no:
            return no.answer
        return web.Response(headers={"ETag": f'"{upload.id}"'})

    def _admitted(self, http: web.Request, *, expired: bool) -> Awaited:
        """Find the asset that an address was signed for, if what comes is what was signed."""
        service, query = self.service, http.query
        now = service.unix(service.clock.now())
        if not service.signer.allows(http.path, query.get("Expires", ""), query.get("Signature", ""), now) or expired:
            raise _No(403, "AccessDenied", "Request has expired")
        upload = service.account.assets.get(http.match_info["asset_id"])
        if not isinstance(upload, Awaited) or upload.progress != "pending":
            raise _No(403, "AccessDenied", "Access Denied")
        if http.content_length is None:
            raise _No(411, "MissingContentLength", "You must provide the Content-Length HTTP header.")
        if http.content_length > most_bytes(upload.media_type):
            raise _No(400, "EntityTooLarge", "Your proposed upload exceeds the maximum allowed size")
        if http.content_length != upload.size or any(
            http.headers.get(name) != value for name, value in upload.headers.items()
        ):
            raise _No(403, "SignatureDoesNotMatch", "The request does not match what was signed")
        return upload

    async def _receive(self, http: web.Request, upload: Awaited, part: Path, cut_after: int | None) -> None:
        """Write what comes to `part`, and put it in its place when it is whole."""
        digest, threads, size = sha256(), self.service.threads, 0
        await threads.run(part.touch)
        async for chunk in http.content.iter_chunked(_CHUNK):
            size += len(chunk)
            if cut_after is not None and size >= cut_after:
                if http.transport is not None:  # pragma: no branch  # else somebody was faster
                    http.transport.abort()
                await hang()
            await threads.run(_append, part, chunk)
            await threads.run(digest.update, chunk)
        if upload.checksum not in {None, digest.hexdigest()}:
            raise _No(400, "BadDigest", "The SHA256 you specified did not match the calculated checksum.")
        await threads.run(part.replace, upload.path)
        upload.arrived = True


def _append(path: Path, chunk: bytes) -> None:
    with path.open("r+b") as file:  # it is there, unless somebody has given up meanwhile
        file.seek(0, 2)
        file.write(chunk)
