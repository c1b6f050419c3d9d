"""Where the legacy operations are served, while they are; afterwards, what is in their place."""

from collections.abc import Awaitable, Callable
from typing import Literal

from aiohttp import web

from heygen_async.emulator.bodies import read_request
from heygen_async.emulator.clerk import Operation
from heygen_async.emulator.legacy.envelopes import gone, legacy_answered
from heygen_async.emulator.legacy.lists import lists
from heygen_async.emulator.legacy.photos import photos
from heygen_async.emulator.legacy.uploads import read_raw, uploads
from heygen_async.emulator.legacy.videos import videos
from heygen_async.emulator.service import Service, Visit

__all__ = ["LEGACY_OPERATIONS", "Legacy", "open_legacy"]

Legacy = Literal["open", "gone", "missing"]
"""``open``: v1 and v2 work, as before their sunset; ``gone``: they answer 410; ``missing``: they answer 404."""

LEGACY_OPERATIONS = (*videos, *lists, *uploads, *photos)
"""All that are emulated."""


def open_legacy(app: web.Application, service: Service, legacy: Legacy) -> None:
    """Put v1 and v2 behind HTTP, or what is in their place."""
    if legacy == "gone":
        app.router.add_route("*", "/{version:v[12]}/{path:.*}", _gone)
    for operation in LEGACY_OPERATIONS if legacy == "open" else ():
        app.router.add_route(operation.endpoint.method, operation.endpoint.path, _window(service, operation))


async def _gone(http: web.Request) -> web.Response:
    return gone(http.path)


def _window(service: Service, operation: Operation) -> Callable[[web.Request], Awaitable[web.Response]]:
    """Make the handler of an operation."""
    end = operation.endpoint

    async def serve(http: web.Request) -> web.Response:
        request = await (read_raw(http, service) if end.body == "raw" else read_request(http, operation, service))
        service.account.advance(service.clock.now())
        visit = Visit(service, f"{http.scheme}://{http.host}", http.path)
        return legacy_answered(await operation.answer(visit, request), end)

    return serve
