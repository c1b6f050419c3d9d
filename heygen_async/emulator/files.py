"""What the links lead to: the files of works, uploads, and what everybody may see. No key is needed.

``/files/{name}/{id}.{ending}`` is a file of a work, by the name that its making gave it: see `Visit.file`.
"""

from pathlib import Path

from aiohttp import web
from attrs import define, frozen

from heygen_async.emulator.exhibits import Exhibit
from heygen_async.emulator.faults import Expired, ExpiresAfter, ToFile
from heygen_async.emulator.previews import picture_file, sound_file
from heygen_async.emulator.sending import send_file
from heygen_async.emulator.service import Service
from heygen_async.emulator.sources import Stored

__all__ = ["Files"]

_TYPES = {
    ".mp4": "video/mp4",
    ".webm": "video/webm",
    ".gif": "image/gif",
    ".jpg": "image/jpeg",
    ".png": "image/png",
    ".mp3": "audio/mpeg",
    ".wav": "audio/wav",
    ".srt": "application/x-subrip",
    ".vtt": "text/vtt",
    ".json": "application/json",
}
_BYTES = "application/octet-stream"


@frozen
class _Found:
    path: Path
    media_type: str


@define(eq=False)
class Files:
    """The file host."""

    service: Service

    def routes(self) -> list[web.RouteDef]:
        """Where the files are."""
        return [
            web.get("/files/{kind}/{name}", self.signed),
            web.get("/presets/looks/{name}.png", self.look),
            web.get("/presets/voices/{name}.wav", self.voice),
            web.get("/presets/{name}", self.exhibit),
        ]

    async def signed(self, http: web.Request) -> web.StreamResponse:
        """Serve what a signed link leads to: 403 when the signature is not ours, or its time is over."""
        service, query = self.service, http.query
        fault = service.faults.take(http.method, http.path, ToFile)
        now = service.unix(service.clock.now())
        allowed = service.signer.allows(http.path, query.get("Expires", ""), query.get("Signature", ""), now)
        if not allowed or isinstance(fault, Expired):
            return _refused(403, "AccessDenied", "Access denied")
        if isinstance(fault, ExpiresAfter):
            service.signer.revoke(query["Signature"])
        found = await self._find(http.match_info["kind"], http.match_info["name"])
        return await self._send(http, found, fault)

    async def look(self, http: web.Request) -> web.StreamResponse:
        """Serve the portrait of somebody who does not exist."""
        look = self.service.account.looks.get(http.match_info["name"])
        if look is None or isinstance(look.picture, Stored):
            return await self._send(http, None)
        path = await self.service.threads.run(picture_file, self.service.folders.previews, look.id, look.picture)
        return await self._send(http, _Found(path, "image/png"))

    async def voice(self, http: web.Request) -> web.StreamResponse:
        """Serve a greeting."""
        voice = self.service.account.voices.get(http.match_info["name"])
        if voice is None:
            return await self._send(http, None)
        path = await self.service.threads.run(sound_file, self.service.folders.previews, voice)
        return await self._send(http, _Found(path, "audio/wav"))

    async def exhibit(self, http: web.Request) -> web.StreamResponse:
        """Serve what a record shows."""
        service, name = self.service, Path(http.match_info["name"])
        one = service.account.shelf(Exhibit).get(name.stem)
        if one is None or one.ending != name.suffix:
            return await self._send(http, None)
        path = await service.threads.run(one.file, service.folders.previews, service.studio.synthetic)
        return await self._send(http, _Found(path, _TYPES.get(path.suffix, _BYTES)))

    async def _send(self, http: web.Request, found: _Found | None, fault: ToFile | None = None) -> web.StreamResponse:
        if found is None:
            return _refused(404, "NoSuchKey", "The specified key does not exist")
        service = self.service
        return await send_file(http, service.threads, found.path, found.media_type, clock=service.clock, fault=fault)

    async def _find(self, kind: str, name: str) -> _Found | None:
        account, identifier = self.service.account, name.partition(".")[0]
        if kind == "asset":
            asset = account.assets.get(identifier)
            return _Found(asset.path, asset.media_type) if asset and asset.progress != "pending" else None
        if kind == "look" and name in account.looks:
            picture = account.looks[name].picture
            return _Found(picture.path, picture.media_type) if isinstance(picture, Stored) else None
        work = account.work(identifier)
        path = await work.footage.file(kind) if work else None
        return _Found(path, _TYPES.get(path.suffix, _BYTES)) if path else None


def _refused(status: int, code: str, message: str) -> web.Response:
    """Answer as CloudFront does, which knows nothing of HeyGen's JSON."""
    text = f'<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>{code}</Code><Message>{message}</Message></Error>'
    return web.Response(status=status, text=text, content_type="application/xml")
