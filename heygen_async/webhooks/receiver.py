"""What HeyGen's webhooks reach: an ASGI application and an aiohttp handler over one core.

::

    receiver = heygen.receiver(secret="whsec_…")
    app.mount("/heygen", receiver)                       # FastAPI, Starlette: HeyGen is given …/heygen/, with the slash
    app.add_routes(receiver.routes("/heygen"))           # aiohttp.web

    @receiver.on("avatar_video.success")
    async def done(event): ...

A delivery is checked, remembered and answered; only then is anything done about it. An event is taken once, however
often it comes. Jobs hear of it first, and then look at HeyGen themselves: an event resolves nothing by itself.

Deliveries to the path of one job, which `Options.callback_url` asks for, carry no signature. They are hints to look
at that job and reach no handler.
"""

import asyncio
import logging
import time
from collections.abc import (
    AsyncGenerator,
    AsyncIterator,
    Awaitable,
    Callable,
    Iterable,
    Mapping,
    MutableMapping,
    Sequence,
)
from contextlib import suppress
from datetime import datetime
from functools import partial
from types import TracebackType
from typing import Any, Protocol, Self, TypeVar

from aiohttp import ClientError, web
from attrs import define

from heygen_async.errors import ClientMisused, DeliveryRefused
from heygen_async.webhooks.callbacks import Callbacks
from heygen_async.webhooks.dispatch import Dispatch, Handler
from heygen_async.webhooks.secret_stores import SecretStore
from heygen_async.webhooks.webhook import HEARD, LARGEST, Event, Received, Secret, delivered, is_signed

__all__ = ["Event", "Receiver", "Secret"]

log = logging.getLogger(__name__)

H = TypeVar("H", bound=Handler)

_PATIENCE = 10.0
"""Seconds that a body may take: HeyGen itself waits no longer for an answer."""

_DISORDER = 600.0
"""Seconds by which events may stand in the wrong order in HeyGen's log."""

_OK, _UNAUTHORIZED = 200, 401
_ALLOW = "GET, HEAD, OPTIONS, POST"
_HEADERS = {name.encode(): name for name in (*HEARD, "content-length")}

Read = Callable[[], Awaitable[bytes]]
"""Reads a body, `LARGEST` bytes at most. Raises `DeliveryRefused` for a larger one."""

Message = MutableMapping[str, Any]


class Jobs(Protocol):
    """Who wants to hear that jobs have changed; the client's watcher does."""

    def told(self, ids: Sequence[str], /) -> None:
        """HeyGen says that what has one of these ids has changed."""
        ...

    def hinted(self, token: str, /) -> None:
        """Somebody who knows the path of a job says that it has changed."""
        ...


class Receiver:
    """Takes what HeyGen delivers. Get one from `HeyGen.receiver`, so that jobs hear of it.

    It lives in the event loop of the server that calls it, which has to be that of the client.
    """

    def __init__(
        self,
        *,
        secrets: Iterable[str | Secret] = (),
        store: SecretStore | None = None,
        jobs: Jobs | None = None,
        callbacks: Callbacks | None = None,
        history: Callable[[], AsyncIterator[Event]] | None = None,
        dispatch: Dispatch | None = None,
        now: Callable[[], float] = time.time,
    ) -> None:
        """Make one. `now` returns Unix seconds; `history` yields HeyGen's log of events, the newest first.

        Raises `ValueError` for an empty secret.
        """
        given = tuple(Secret(each) if isinstance(each, str) else each for each in secrets)
        self._keys = _Keys(given, store, now)
        self._jobs = jobs
        self._callbacks = callbacks
        self._history = history
        self._dispatch = dispatch or Dispatch()
        self._received = Received()
        self._now = now
        self._closed = False

    def __repr__(self) -> str:
        return f"<Receiver {len(self._received)} events remembered{', closed' if self._closed else ''}>"

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()

    # What becomes of events.

    def on(self, *types: str) -> Callable[[H], H]:
        """Have a function called for signed events of these types; without any, for all.

        A coroutine function runs as a task of the receiver, a plain one in a thread. Handlers run beside each other,
        in no particular order. One that raises is logged with the event's id, and the others run.
        """

        def add(handler: H) -> H:
            self._dispatch.add(handler, types)
            return handler

        return add

    def events(self) -> AsyncGenerator[Event, None]:
        """Iterate over every signed event from the first turn on: ``async for event in receiver.events(): …``.

        Ends when the receiver is closed. One that lags far behind makes further deliveries wait at HeyGen.
        """
        return self._dispatch.listen()

    async def backfill(self, since: datetime | float) -> int:
        """Take in what HeyGen's log of events holds from `since` on and was not received; return how many that were.

        For the time after a downtime, or regularly. `since`: a date, or Unix seconds. An event that was handled by
        an earlier process comes once more: handlers should bear that. Raises `ClientMisused` for a receiver without
        a client and for one that is closed, and `APIError`.
        """
        if self._history is None:
            raise ClientMisused("only a receiver that HeyGen.receiver made can ask for the log of events")
        since = since.timestamp() if isinstance(since, datetime) else since
        missed = [event async for event in _since(self._history(), since) if event not in self._received]
        for event in reversed(missed):
            await self._dispatch.room()
            if self._closed:  # meanwhile
                raise ClientMisused("the receiver is closed")
            self._take(event)
        return len(missed)

    async def idle(self) -> None:
        """Wait until the handlers have done what there is to do."""
        await self._dispatch.idle()

    async def aclose(self) -> None:
        """End: cancel the handlers and end the loops over `events`. Deliveries get 503, so HeyGen brings them again.

        Harmless when repeated.
        """
        self._closed = True
        await self._dispatch.aclose()

    # The two faces.

    async def __call__(
        self,
        scope: Mapping[str, Any],
        receive: Callable[[], Awaitable[Message]],
        send: Callable[[Message], Awaitable[None]],
    ) -> None:
        """Serve as an ASGI 3 application, under whatever path it is mounted."""
        match scope["type"]:
            case "http":
                headers = _asgi_headers_in(scope["headers"])
                status = await self.answer(scope["method"], scope["path"], headers, partial(_asgi_body, receive))
                with suppress(OSError):  # the caller is gone
                    await send({"type": "http.response.start", "status": status, "headers": _asgi_headers_out(status)})
                    await send({"type": "http.response.body", "body": b""})
            case "lifespan":
                await self._live(receive, send)
            case "websocket":
                await send({"type": "websocket.close", "code": 1000})

    async def aiohttp(self, request: web.Request) -> web.Response:
        """Serve as a handler of aiohttp.web; `routes` says under which paths."""
        content = request.content
        whole = content.is_eof() and content.exception() is None  # as it mostly is: then nobody has to wait for it
        read = content.read_nowait() if whole else partial(_aiohttp_body, request)
        status = await self.answer(request.method, request.path, request.headers, read)
        return web.Response(status=status, headers=None if request.method == "POST" else {"Allow": _ALLOW})

    def routes(self, path: str) -> Sequence[web.RouteDef]:
        """Return the routes for an aiohttp application: `path`, and the paths of single jobs below it."""
        path = path.rstrip("/")
        return [web.route("*", path or "/", self.aiohttp), web.route("*", path + "/{token}", self.aiohttp)]

    async def answer(self, method: str, path: str, headers: Mapping[str, str], read: Read | bytes) -> int:
        """Take a request in and return the HTTP status to answer with: the core of both faces. Never raises.

        `headers` are found by names in lower case; `read` reads the body, or is the body.
        """
        if method in {"OPTIONS", "GET", "HEAD"}:
            return 200  # somebody wants to know whether we are here
        if method != "POST":
            return 405
        try:
            await self._deliver(path, headers, read)
        except DeliveryRefused as refusal:
            log.warning("refused a delivery: %s", refusal)
            return refusal.status
        except Exception:
            log.exception("could not take a delivery; HeyGen will bring it again")
            return 500
        return 200

    async def _deliver(self, path: str, headers: Mapping[str, str], read: Read | bytes) -> None:
        token = self._callbacks.token(path) if self._callbacks is not None else None
        if token is None and not is_signed(headers):
            raise DeliveryRefused("it is not signed", status=401)
        self._check_open()
        _refuse_large(headers)
        body = read if isinstance(read, bytes) else await _read(read)
        event = await self._event(headers, body, hint=token is not None)
        self._check_open()  # reading takes time
        if event.signed:
            self._take(event)
        elif self._jobs is not None and token is not None:
            self._jobs.hinted(token)

    def _check_open(self) -> None:
        if self._closed:
            raise DeliveryRefused("the receiver is closed", status=503)

    async def _event(self, headers: Mapping[str, str], body: bytes, *, hint: bool) -> Event:
        """Read a delivery. One to the path of a job may go without a signature."""
        secrets = await self._keys.known()
        try:
            return delivered(headers, body, secrets, now=self._now())
        except DeliveryRefused as refusal:
            if refusal.status != _UNAUTHORIZED or not (hint or await self._keys.renewed(secrets)):
                raise
        return delivered(headers, body, None if hint else await self._keys.known(), now=self._now())

    def _take(self, event: Event) -> None:
        """Take in an event that HeyGen vouches for, unless it was here before."""
        if event in self._received:
            return
        if self._jobs is not None:
            self._jobs.told(event.ids)
        if self._dispatch.full:
            raise DeliveryRefused("the handlers are too far behind", status=503)
        self._received.add(event)
        self._dispatch.hand_out(event)

    async def _live(
        self, receive: Callable[[], Awaitable[Message]], send: Callable[[Message], Awaitable[None]]
    ) -> None:
        """Begin and end with a server that runs nothing but this."""
        while True:
            message = await receive()
            if message["type"] == "lifespan.shutdown":
                await self.aclose()
                await send({"type": "lifespan.shutdown.complete"})
                return
            await send({"type": "lifespan.startup.complete"})


@define(eq=False)
class _Keys:
    """The secrets that count: given ones, and those of a store, which another process may change at any time."""

    given: tuple[Secret, ...]
    store: SecretStore | None
    now: Callable[[], float]
    _loaded: tuple[Secret, ...] | None = None
    _when: float = 0.0
    _reading: asyncio.Event | None = None
    """Is set when the store has been read; ``None``: nobody is reading it."""

    async def known(self) -> Sequence[Secret]:
        """Return them; what is in the store is read once."""
        if self.store is not None and self._loaded is None:
            await self._load(self.store)
        return (*self.given, *(self._loaded or ()))

    async def renewed(self, tried: Sequence[Secret]) -> bool:
        """Tell whether there are others by now than those that were `tried`.

        The store is read for it, at most once a second: forgers are many. Whoever comes meanwhile waits for that.
        """
        if self._reading is not None:
            await self._reading.wait()
        elif self.store is not None and abs(self.now() - self._when) >= 1:
            await self._load(self.store)
        return await self.known() != tried

    async def _load(self, store: SecretStore) -> None:
        self._when = self.now()
        self._reading = reading = asyncio.Event()
        try:
            self._loaded = (await store.load()).secrets
        finally:
            self._reading = None
            reading.set()


def _refuse_large(headers: Mapping[str, str]) -> None:
    """Refuse a body that says by itself that it is too large, before any of it is read."""
    length = headers.get("content-length", "0")
    if not length.isdecimal() or int(length[:20]) > LARGEST:
        raise _too_large()


async def _read(read: Read) -> bytes:
    """Read a body that is not here yet."""
    try:
        async with asyncio.timeout(_PATIENCE):
            return await read()
    except TimeoutError:
        raise DeliveryRefused("the body did not come in time", status=400) from None


async def _asgi_body(receive: Callable[[], Awaitable[Message]]) -> bytes:
    body = bytearray()
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise _broken_off()
        body += message.get("body", b"")
        if len(body) > LARGEST:
            raise _too_large()
        if not message.get("more_body"):
            return bytes(body)


async def _aiohttp_body(request: web.Request) -> bytes:
    body = bytearray()
    try:
        async for chunk in request.content.iter_any():
            body += chunk
            if len(body) > LARGEST:
                raise _too_large()
    except (web.RequestPayloadError, ClientError, OSError):
        raise _broken_off() from None
    return bytes(body)


def _asgi_headers_in(headers: Iterable[tuple[bytes, bytes]]) -> Mapping[str, str]:
    """Read those headers that count; proxies add many others."""
    known = ((_HEADERS.get(name.lower()), value) for name, value in headers)
    return {name: value.decode("latin-1") for name, value in known if name is not None}


def _asgi_headers_out(status: int) -> list[tuple[bytes, bytes]]:
    headers = [(b"content-length", b"0"), (b"allow", _ALLOW.encode())]
    return headers if status == _OK else [*headers, (b"connection", b"close")]  # its body may not have been read


def _too_large() -> DeliveryRefused:
    return DeliveryRefused(f"the body has more than {LARGEST:,} bytes", status=400)


def _broken_off() -> DeliveryRefused:
    return DeliveryRefused("the body broke off", status=400)


async def _since(log_of_events: AsyncIterator[Event], since: float) -> AsyncIterator[Event]:
    """Yield events from `since` on. Where the log goes back in time, its rest is not read."""
    first: float | None = None
    async for event in log_of_events:
        when = event.happened
        if when is None or when >= since:
            yield event
        if when is not None:
            first = when if first is None else first
            if when < min(first, since) - _DISORDER:
                return
