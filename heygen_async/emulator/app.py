"""The application: one route for each endpoint of the request classes in `heygen_async.api`, and the files."""

from collections.abc import Awaitable, Callable

from aiohttp import web

from heygen_async.emulator.answers import answered
from heygen_async.emulator.backdoor import Backdoor
from heygen_async.emulator.bodies import JSON_BYTES, read_request
from heygen_async.emulator.cabinet import filed
from heygen_async.emulator.clerk import Operation
from heygen_async.emulator.files import Files
from heygen_async.emulator.gate import Gate
from heygen_async.emulator.operations import OPERATIONS
from heygen_async.emulator.service import Service, Visit
from heygen_async.emulator.storage import Storage
from heygen_async.emulator.trainings import Consents

__all__ = ["application"]


def application(service: Service, gate: Gate) -> web.Application:
    """Put a service behind HTTP."""
    app = web.Application(client_max_size=JSON_BYTES)
    gate.stand_at(app)
    fixed_first = sorted(OPERATIONS, key=lambda operation: len(operation.endpoint.path_fields))
    for operation in fixed_first:
        app.router.add_route(operation.endpoint.method, operation.endpoint.path, _window(service, operation))
    app.add_routes(Files(service).routes())
    app.add_routes(Storage(service).routes())
    app.add_routes(Consents(service).routes())
    app.add_routes(Backdoor(service).routes())
    return app


def _window(service: Service, operation: Operation) -> Callable[[web.Request], Awaitable[web.Response]]:
    """Make the handler of an operation."""

    async def serve(http: web.Request) -> web.Response:
        request = await read_request(http, operation, service)
        service.account.advance(service.clock.now())
        if not operation.endpoint.reads:
            request = filed(service.account, request)
        visit = Visit(service, f"{http.scheme}://{http.host}", http.path)
        return answered(await operation.answer(visit, request), operation.endpoint.status)

    serve.heeds_key = operation.endpoint.keyed  # type: ignore[attr-defined]  # the gate looks for it
    return serve
