"""Files at addresses. The emulator needs no network: it fetches from this machine only, and stands in for the rest."""

import asyncio
import ipaddress
from urllib.parse import urlsplit

import aiohttp
from attrs import define, field

from heygen_async.emulator.log import Log
from heygen_async.emulator.refusals import Refusal, invalid
from heygen_async.emulator.sources import Kind

__all__ = ["LARGEST", "Remote", "is_loopback"]

LARGEST = 32 * 2**20
"""Bytes of a file at an address, and of an upload."""

_PATIENCE = 20.0
"""Real seconds for fetching one file."""

_CHUNK = 2**18

_STANDINS = {"sound": "sound", "clip": "clip", "subtitles": "subtitle file"}


def is_loopback(address: str) -> bool:
    """Tell whether an address is on this machine."""
    try:
        host = urlsplit(address).hostname or ""
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


@define(eq=False)
class Remote:
    """Fetches files for the emulator, as HeyGen does when a video is created."""

    log: Log
    strict: bool
    """Whether an address that is out of reach is an error, as it is at HeyGen."""

    _session: aiohttp.ClientSession | None = field(default=None, init=False)

    async def fetch(self, address: str, kind: Kind) -> bytes | None:
        """Return a file's content; ``None``: the address is out of reach, and a sample stands in.

        Raises `Refusal`: 400 ``download_failed``, or ``invalid_parameter`` for more than 32 MB.
        """
        if is_loopback(address):
            return await self._download(address)
        if self.strict:
            raise _failed(address, "it is out of the emulator's reach")
        self.log.note(f"{address} is out of reach; a built-in {_STANDINS.get(kind, 'picture')} stands in")
        return None

    async def aclose(self) -> None:
        """Close the connections."""
        if self._session is not None:
            await self._session.close()

    async def _download(self, address: str) -> bytes:
        session = self._session = self._session or aiohttp.ClientSession()
        try:
            async with asyncio.timeout(_PATIENCE), session.get(address, allow_redirects=False) as answer:
                if answer.status != 200:  # noqa: PLR2004  # a redirect could lead off this machine
                    raise _failed(address, f"it answers with status {answer.status}")
                return await _bounded(answer)
        except (aiohttp.ClientError, OSError, ValueError) as fault:  # a TimeoutError is an OSError
            raise _failed(address, str(fault) or type(fault).__name__) from fault


async def _bounded(answer: aiohttp.ClientResponse) -> bytes:
    content = bytearray()
    async for chunk in answer.content.iter_chunked(_CHUNK):
        content += chunk
        if len(content) > LARGEST:
            kind = answer.content_type
            raise invalid("url", f"Maximum size for URL inputs of type '{kind}' is {LARGEST >> 20} MB")
    return bytes(content)


def _failed(address: str, why: str) -> Refusal:
    return Refusal(400, "download_failed", f"Failed to download {address}: {why}")
