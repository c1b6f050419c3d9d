"""Somebody who is called: a server that keeps what is delivered and answers as it is told."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import web
from attrs import define, field

__all__ = ["Letter", "Letterbox", "letterbox"]


@define
class Letter:
    """What was delivered."""

    headers: dict[str, str]
    body: bytes
    event: dict[str, Any]


@define
class Letterbox:
    """The letters, and what is answered: the statuses of `answers` one after the other, then 200."""

    url: str = ""
    answers: list[int] = field(factory=list)
    """0: no answer."""

    probes: int = 200
    letters: list[Letter] = field(factory=list)

    async def take(self, http: web.Request) -> web.Response:
        """Take a request."""
        if http.method == "OPTIONS":
            return web.Response(status=await self._status(self.probes))
        self.letters.append(Letter(dict(http.headers), await http.read(), await http.json()))
        status = await self._status(self.answers.pop(0) if self.answers else 200)
        return web.Response(status=status, headers={"Location": self.url})  # which only matters to a redirect

    async def _status(self, wanted: int) -> int:
        if not wanted:
            await asyncio.Event().wait()
        return wanted

    async def until(self, count: int) -> list[Letter]:
        """Wait for so many letters."""
        async with asyncio.timeout(10):
            while len(self.letters) < count:  # noqa: ASYNC110  # sockets set no events
                await asyncio.sleep(0.001)
        return self.letters


@asynccontextmanager
async def letterbox() -> AsyncIterator[Letterbox]:
    """Open one."""
    box, app = Letterbox(), web.Application()
    app.router.add_route("*", "/{tail:.*}", box.take)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1, handler_cancellation=True)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        box.url = "http://{}:{}/hook".format(*runner.addresses[0])
        yield box
    finally:
        await runner.cleanup()
