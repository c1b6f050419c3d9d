"""Talks to the emulator as curl would: plain HTTP, with none of our client in between."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
from attrs import define, frozen

from heygen_async.clock import ManualClock
from heygen_async.emulator import Emulator

__all__ = ["ANNA", "JPEG", "MP3", "MP4", "PNG", "TOM", "Answer", "Visitor", "another", "until", "upload"]

ANNA = "Anna_public_3_20240108"
"""A public studio avatar."""
TOM = "Tom_photo_20250204"
"""A public photo avatar."""

PNG = b"\x89PNG\r\n\x1a\n" + bytes(100)
JPEG = b"\xff\xd8\xff\xe0" + bytes(100)
MP3 = b"ID3\x04" + bytes(32_000)
MP4 = b"\0\0\0\x18ftypisom" + bytes(100)


@frozen
class Answer:
    """What came back."""

    status: int
    headers: Mapping[str, str]
    raw: bytes

    @property
    def body(self) -> Any:
        return json.loads(self.raw)

    @property
    def data(self) -> Any:
        """The data of an answer that must be good."""
        assert self.status < 300, self.raw
        return self.body["data"]

    @property
    def error(self) -> Any:
        """The error of an answer that must be one."""
        assert self.status >= 400, self.raw
        assert self.body["error"]["doc_url"].startswith("https://developers.heygen.com/docs/error-codes#")
        return self.body["error"]

    @property
    def refusal(self) -> tuple[int, str, str | None]:
        """Status, code and field of an error."""
        return self.status, self.error["code"], self.error.get("param")


@define
class Visitor:
    """Somebody with an API key."""

    session: aiohttp.ClientSession
    base: str
    clock: ManualClock

    async def send(self, method: str, path: str, **how: Any) -> Answer:
        address = path if path.startswith("http") else self.base + path
        headers = {"x-api-key": "any"} | how.pop("headers", {})
        async with self.session.request(method, address, headers=headers, **how) as response:
            return Answer(response.status, response.headers, await response.read())

    async def get(self, path: str, **query: Any) -> Answer:
        return await self.send("GET", path, params=query)

    async def post(self, path: str, body: Any, **headers: str) -> Answer:
        return await self.send("POST", path, json=body, headers=headers)

    async def delete(self, path: str) -> Answer:
        return await self.send("DELETE", path)

    async def fetch(self, link: str, **headers: str) -> Answer:
        """Read a file, without a key."""
        async with self.session.get(link, headers=headers) as response:
            return Answer(response.status, response.headers, await response.read())

    async def create(self, **fields: Any) -> str:
        """Ask for a video that is all right, and return its id."""
        answer = await self.post("/v3/videos", {"type": "avatar", "avatar_id": ANNA, "script": "Hello!"} | fields)
        video_id: str = answer.data["video_id"]
        return video_id

    async def folder(self, name: str = "Launch", **fields: Any) -> str:
        """Make a folder, and return its id."""
        folder_id: str = (await self.post("/v3/folders", {"name": name} | fields)).data["folder_id"]
        return folder_id

    async def refusal(self, **fields: Any) -> tuple[int, str, str | None]:
        """Ask for a video that is not all right, and return status, code and field."""
        body = {"type": "avatar", "avatar_id": ANNA, "script": "Hello!"} | fields
        return (
            await self.post("/v3/videos", {name: value for name, value in body.items() if value is not None})
        ).refusal

    async def completed(self, **fields: Any) -> Any:
        """Have a video made, and return what the API says of it."""
        video_id = await self.create(**fields)
        await self.clock.advance(62)
        return (await self.get(f"/v3/videos/{video_id}")).data


@asynccontextmanager
async def another(clock: ManualClock, **settings: Any) -> AsyncIterator[tuple[Emulator, Visitor]]:
    """An emulator with other settings, and somebody at its door."""
    how = {"clock": clock, "synthetic": 2000, "render_seconds": 60} | settings
    async with Emulator(**how) as emulator, aiohttp.ClientSession() as session:
        yield emulator, Visitor(session, emulator.url, clock)


async def until(happened: Callable[[], object]) -> None:
    """Let the loop and the network run until something has happened."""
    while not happened():  # noqa: ASYNC110  # what happens here knows nothing of events
        await asyncio.sleep(0.001)


async def upload(visitor: Visitor, content: bytes, name: str = "file.bin", kind: str | None = None) -> Answer:
    """Send a file as a form does."""
    form = aiohttp.FormData(quote_fields=False)
    form.add_field("file", content, filename=name, content_type=kind or "application/octet-stream")
    return await visitor.send("POST", "/v3/assets", data=form)
