"""Both doors of a receiver, on real sockets: uvicorn for the ASGI application, aiohttp for its handler."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any

import aiohttp
import uvicorn
from aiohttp import web

from heygen_async import Receiver, Secret
from heygen_async.webhooks.webhook import sign

__all__ = ["DOORS", "PATH", "SECRET", "Door", "body_of", "by_aiohttp", "by_asgi", "deliver", "headers_for"]

PATH = "/heygen"
SECRET = Secret("whsec_nobody-may-see-this")

Door = Callable[[Receiver], AbstractAsyncContextManager[str]]


@asynccontextmanager
async def by_asgi(app: Any) -> AsyncIterator[str]:
    """Serve an ASGI application; give the address that HeyGen would call."""
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_config=None, ws="none", timeout_graceful_shutdown=1))
    serving = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110  # uvicorn sets no event
        await asyncio.sleep(0.001)
    try:
        yield "http://{}:{}{}".format(*server.servers[0].sockets[0].getsockname(), PATH)
    finally:
        server.should_exit = True
        await serving


@asynccontextmanager
async def by_aiohttp(receiver: Receiver) -> AsyncIterator[str]:
    """Serve the handler in an aiohttp application."""
    app = web.Application()
    app.add_routes(receiver.routes(PATH))
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        yield "http://{}:{}{}".format(*runner.addresses[0], PATH)
    finally:
        await runner.cleanup()


DOORS = [by_asgi, by_aiohttp]


def body_of(number: int = 1, type: str = "avatar_video.success", **data: Any) -> bytes:  # noqa: A002  # HeyGen's word
    """Write what HeyGen delivers."""
    said = {"video_id": f"v{number}", **data}
    return json.dumps({"event_id": f"evt_{number}", "event_type": type, "event_data": said}).encode()


def headers_for(body: bytes, secret: Secret = SECRET) -> dict[str, str]:
    """Sign as HeyGen does."""
    return {"Heygen-Signature": sign(body, secret)}


async def deliver(url: str, body: bytes, headers: dict[str, str] | None = None, method: str = "POST") -> int:
    """Knock; return the status that comes back."""
    headers = headers_for(body) if headers is None else headers
    async with aiohttp.ClientSession() as session, session.request(method, url, data=body, headers=headers) as answer:
        return answer.status
