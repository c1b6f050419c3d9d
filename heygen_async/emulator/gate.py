"""What every request passes on its way in and out, from the outside to the inside.

1. `stamp`: an ``X-Request-Id``, and a line in the log.
2. `trouble`: the faults that a test has asked for.
3. `refuse`: whatever is refused, or goes wrong, becomes HeyGen's JSON.
4. `authenticate`: the API key.
5. `replay`: an ``Idempotency-Key`` brings its earlier answer again.
"""

import asyncio
import hmac
import logging
from contextvars import ContextVar
from functools import partial
from hashlib import sha256
from typing import Never, cast
from uuid import uuid4
from weakref import WeakSet

from aiohttp import web
from aiohttp.typedefs import Handler
from attrs import define, field

from heygen_async.emulator import faults
from heygen_async.emulator.answers import as_json, refused
from heygen_async.emulator.backdoor import BACKDOOR
from heygen_async.emulator.door import Door
from heygen_async.emulator.idempotency import UNDER, Answered, check_key
from heygen_async.emulator.legacy.envelopes import is_legacy, legacy_refused
from heygen_async.emulator.log import Served
from heygen_async.emulator.media import MissingExtra
from heygen_async.emulator.refusals import Refusal, body_of, invalid_request
from heygen_async.emulator.sending import hang
from heygen_async.emulator.service import Service
from heygen_async.errors import RequestInvalid

__all__ = ["Gate"]

logger = logging.getLogger("heygen_async.emulator")

_API = "/v3/"
_WITH_KEY = (_API, "/v2/", "/v1/")
_CODES = {404: "not_found", 405: "method_not_allowed", 413: "payload_too_large"}
"""What aiohttp refuses, in HeyGen's words."""

_TIMED_OUT = "<html><head><title>504 Gateway Time-out</title></head><body>nginx</body></html>"

_LARGE = 2**18
"""Bytes from which on hashing is left to a thread."""


@define(eq=False)
class _Stamp:
    """What is known of a request."""

    request_id: str = field(factory=lambda: uuid4().hex)
    status: int | None = None
    replayed: bool = False


_STAMP: ContextVar[_Stamp] = ContextVar("heygen_async.emulator.stamp")


@define(eq=False)
class Gate:
    """The middlewares, and who is inside. The back door is passed without a log and without trouble."""

    service: Service
    door: Door = field(init=False)
    """The port behind which it stands."""

    inside: "WeakSet[asyncio.Task[object]]" = field(factory=WeakSet, init=False)
    """The tasks that serve requests; aiohttp cancels them at the end, but does not wait."""

    def __attrs_post_init__(self) -> None:
        self.door = Door(self.service.clock)

    def stand_at(self, app: web.Application) -> None:
        """Have all requests of an application pass."""
        app.middlewares.extend((self.stamp, self.trouble, self.refuse, self.authenticate, self.replay))
        app.on_response_prepare.append(_add_request_id)

    async def empty(self) -> None:
        """Wait until everybody has gone. They were told to."""
        tasks = [task for task in self.inside if not task.done()]
        if tasks:
            await asyncio.wait(tasks)

    @web.middleware
    async def stamp(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Give the request an id, and write down what became of it."""
        self.inside.add(cast("asyncio.Task[object]", asyncio.current_task()))
        stamp = _Stamp()
        _STAMP.set(stamp)
        try:
            response = await handler(request)
            stamp.status = response.status
        finally:
            if not request.path.startswith(BACKDOOR):
                self._log(request, stamp)
        return response

    @web.middleware
    async def trouble(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Let happen what was asked for."""
        if request.path.startswith(BACKDOOR):
            return await handler(request)
        if self.door.is_shut:
            await _reset(request)
        what = self.service.faults.take(request.method, request.path, faults.ToRequest)
        answer = _instead(what)
        if answer is not None:
            return answer
        match what:
            case faults.ResetBefore():
                await _reset(request)
            case faults.ResetAfter():
                await handler(request)
                await _reset(request)
            case faults.Down(seconds):
                await self.door.shut(seconds)
                await _reset(request)
            case faults.Hang(carried_out, seconds):
                if carried_out:
                    await handler(request)
                return await self._time_out(seconds)
        return await handler(request)

    async def _time_out(self, seconds: float | None) -> web.Response:
        """Be the gateway that waits for an answer in vain."""
        if seconds is None:
            await hang()
        await self.service.clock.sleep(seconds)
        return web.Response(status=504, text=_TIMED_OUT, content_type="text/html")

    @web.middleware
    async def refuse(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Say no as HeyGen does."""
        try:
            return await handler(request)
        except ConnectionError:  # the client went away in the middle of a file: there is nobody to answer
            raise
        except Exception as fault:  # noqa: BLE001  # it is answered, and logged if nobody meant it
            say_no = partial(legacy_refused, path=request.path) if is_legacy(request.path) else refused
            return say_no(_refusal_of(fault, request))

    @web.middleware
    async def authenticate(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Look at the API key: any will do, unless there is one in particular."""
        given, wanted = api_key_of(request), self.service.api_key
        good = bool(given) and (wanted is None or _equal(given, wanted))
        closed = _WITH_KEY if wanted is None else (*_WITH_KEY, BACKDOOR)
        if not good and request.path.startswith(closed):
            raise Refusal(401, "unauthorized", "Unauthorized")
        return await handler(request)

    @web.middleware
    async def replay(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Answer a request that was answered before, by its key."""
        heeded = getattr(request.match_info.handler, "heeds_key", False)
        key = request.headers.get("Idempotency-Key") if heeded else None
        UNDER.set(key)
        if key is None:
            return await handler(request)
        check_key(key)
        service, place = self.service, (request.path, key)
        digest = None if request.content_type == "multipart/form-data" else await self._digest(request)
        earlier = service.replays.find(place, service.clock.now())
        if earlier is not None:
            return self._again(request, earlier, digest)
        with service.replays.working(place):
            response = cast(web.Response, await handler(request))  # operations answer with nothing else
            body = cast(bytes, response.body)
            service.replays.keep(place, Answered(response.status, body, digest, service.clock.now()))
        return response

    def _again(self, http: web.Request, earlier: Answered, digest: bytes | None) -> web.Response:
        _STAMP.get().replayed = True
        if earlier.digest != digest:
            key = http.headers["Idempotency-Key"]
            self.service.log.note(f"Idempotency-Key {key} came again with another body; it got the first answer")
        return web.Response(body=earlier.body, status=earlier.status, content_type="application/json")

    async def _digest(self, http: web.Request) -> bytes:
        body = await http.read()
        return (await self.service.threads.run(sha256, body)).digest() if len(body) > _LARGE else sha256(body).digest()

    def _log(self, http: web.Request, stamp: _Stamp) -> None:
        resource = http.match_info.route.resource
        served = Served(
            method=http.method,
            path=http.path,
            query=http.query_string,
            status=stamp.status,
            request_id=stamp.request_id,
            with_key=bool(api_key_of(http)),
            idempotency_key=http.headers.get("Idempotency-Key"),
            replayed=stamp.replayed,
            at=self.service.clock.now(),
        )
        self.service.log.add(served, http.path if resource is None else resource.canonical)


def _instead(what: faults.ToRequest | None) -> web.Response | None:
    """Write what comes instead of the answer; ``None``: it is nothing that could be written."""
    match what:
        case faults.Refuse(status, code, message, retry_after):
            return refused(Refusal(status, code, message, retry_after=retry_after))
        case faults.RefuseUnder200(code, message):
            return as_json(body_of(code, message), 200)
        case faults.Page(status, html):
            return web.Response(status=status, text=html, content_type="text/html")
        case faults.Nothing(status):
            return web.Response(status=status)
        case faults.Garbage(content):
            return web.Response(body=content, content_type="application/json")
        case _:
            return None


def _refusal_of(fault: Exception, http: web.Request) -> Refusal:
    """Say how HeyGen would put it. What nobody has meant to refuse is a mistake in the emulator."""
    match fault:
        case Refusal():
            return fault
        case RequestInvalid():
            return invalid_request(fault)
        case MissingExtra():
            return Refusal(503, "service_unavailable", str(fault))
        case web.HTTPException(status=status, reason=reason) if status in _CODES:
            return Refusal(status, _CODES[status], f"{reason}: {http.method} {http.path}")
        case _:
            logger.error("%s %s went wrong inside the emulator", http.method, http.path, exc_info=fault)
            return Refusal(500, "internal_error", "Something is wrong inside the emulator; its log says what")


def api_key_of(http: web.Request) -> str:
    """Return the API key or the bearer token of a request; empty: there is none."""
    kind, _, token = http.headers.get("Authorization", "").partition(" ")
    bearer = token if kind.lower() == "bearer" else ""
    return (http.headers.get("x-api-key") or bearer).strip()


def _equal(given: str, wanted: str) -> bool:
    """Compare in constant time. What comes over the wire may be no text at all."""
    return hmac.compare_digest(given.encode(errors="surrogateescape"), wanted.encode())


async def _add_request_id(_: web.Request, response: web.StreamResponse) -> None:
    response.headers["X-Request-Id"] = _STAMP.get().request_id


async def _reset(http: web.Request) -> Never:
    """Cut the connection. Its end cancels whoever calls this."""
    if http.transport is not None:  # pragma: no branch  # else somebody was faster
        http.transport.abort()
    await hang()
