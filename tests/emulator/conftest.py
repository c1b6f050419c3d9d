"""Who visits the emulator, and a machine that it can fetch files from."""

from collections.abc import AsyncIterator, Awaitable, Callable

import aiohttp
import pytest
from aiohttp import web
from visitor import Visitor

from heygen_async.clock import ManualClock
from heygen_async.emulator import Emulator

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@pytest.fixture
async def visitor(emulator: Emulator, clock: ManualClock) -> AsyncIterator[Visitor]:
    """Somebody with an API key at the door of the emulator."""
    async with aiohttp.ClientSession() as session:
        yield Visitor(session, emulator.url, clock)


@pytest.fixture
async def host() -> AsyncIterator[Callable[[Handler], str]]:
    """Another server on this machine: give it a handler, and it says where the handler is."""
    handlers: list[Handler] = []

    async def serve(request: web.Request) -> web.StreamResponse:
        return await handlers[int(request.path[1:])](request)

    app = web.Application()
    app.router.add_get("/{at}", serve)
    runner = web.AppRunner(app, handler_cancellation=True, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    port = runner.addresses[0][1]

    def add(handler: Handler) -> str:
        handlers.append(handler)
        return f"http://localhost:{port}/{len(handlers) - 1}"

    yield add
    await runner.cleanup()
