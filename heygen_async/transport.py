"""The one place that opens a connection: aiohttp, time-outs, the retry loop, streaming.

Foreign exceptions are translated here and nowhere else, so what leaves this module is in the tree of
`heygen_async.errors`. The API key is added here and nowhere else, to requests to the API's host only.
"""

import asyncio
import ipaddress
import logging
import random
import re
import uuid
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Iterator, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager
from http import HTTPStatus
from typing import Any, Self, TypeVar

import aiohttp
from aiohttp.payload import Payload
from attrs import define, frozen
from yarl import URL

from heygen_async.clock import Clock
from heygen_async.codec import Sendable, decode, encode
from heygen_async.connections import Connections
from heygen_async.errors import (
    AnswerUnreadable,
    APIError,
    ClientMisused,
    ConnectionFailed,
    HeyGenError,
    Problem,
    RateLimited,
    RequestInvalid,
    RequestTimeout,
)
from heygen_async.files.form import file_body, file_form, stored_body
from heygen_async.files.snapshot import Snapshot
from heygen_async.log import masked
from heygen_async.operation import Endpoint, Request
from heygen_async.options import Options, Timeouts
from heygen_async.retry import Trial, asked_to_wait, may_have_worked, verdict
from heygen_async.rules import IdempotencyKey
from heygen_async.sunset import Notices

__all__ = ["ApiKey", "Fetched", "Transport", "base_address"]

T = TypeVar("T")

Pause = Callable[[Awaitable[None]], Awaitable[bool]]
"""Awaits what has to be waited for before another try; false: somebody wants the call to end instead."""

log = logging.getLogger(__name__)

BLOCK = 2**20
"""How many bytes of a file are read at once."""


class ApiKey(str):
    """An API key that does not show: tracebacks with local variables print the repr of what they find."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "<API key>"


def base_address(address: str, *, insecure_http: bool = False) -> URL:
    """Check the API's address. Raises `ClientMisused` when the API key would travel in the clear."""
    try:
        url = URL(address.rstrip("/"))
    except ValueError as fault:
        raise ClientMisused(f"the base address {address!r} is not an address: {fault}") from None
    if (
        url.scheme not in {"http", "https"}
        or not url.host
        or url.user
        or url.password
        or url.query_string
        or url.fragment
    ):
        raise ClientMisused(f"the base address must look like https://api.heygen.com, not {_without_user(address)!r}")
    if url.scheme == "http" and not insecure_http and not _is_loopback(url.host):
        raise ClientMisused(
            f"the base address {address!r} would send the API key unencrypted; use https://, or pass "
            "Options(insecure_http=True) if you mean it"
        )
    return url


def _without_user(address: str) -> str:
    return re.sub(r"//[^/]*@", "//…@", address)  # what stands there is a password


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


@define
class Cooldown:
    """Until when all requests of a client hold back, because HeyGen answered 429."""

    until: float = float("-inf")
    """Seconds of the client's clock."""


@frozen
class Fetched:
    """A file that is being fetched."""

    status: int
    headers: Mapping[str, str]
    _content: aiohttp.StreamReader

    async def blocks(self) -> AsyncGenerator[bytes]:
        """Yield the body in blocks of about a megabyte. When it is cut, yield what came; then `ConnectionFailed`."""
        whole = False
        while not whole:
            parts: list[bytes] = []
            cut: ConnectionFailed | None = None
            try:
                whole = await self._gather(parts)
            except ConnectionFailed as fault:
                cut = fault
            if parts:
                yield b"".join(parts)
            if cut is not None:
                raise cut

    async def _gather(self, parts: list[bytes]) -> bool:
        """Add what comes to `parts`, up to a block; true when the body has ended."""
        size = 0
        with _translated("the file's host", sent=True):
            async for part in self._content.iter_any():
                parts.append(part)
                size += len(part)
                if size >= BLOCK:
                    return False
        return True


class Transport:
    """Calls to the API, repeated where that is safe, and files from elsewhere."""

    def __init__(
        self,
        *,
        key: ApiKey,
        base: URL,
        options: Options,
        clock: Clock,
        connections: Connections,
        gate: AbstractAsyncContextManager[Any],
        cooldown: Cooldown | None = None,
        notices: Notices | None = None,
    ) -> None:
        self.base = base
        self.notices = notices or Notices()
        self.options = options
        self.cooldown = cooldown or Cooldown()
        self._key = key
        self._clock = clock
        self._connections = connections
        self._gate = gate

    def __repr__(self) -> str:
        return f"<Transport {self.base}>"

    def with_options(self, options: Options, gate: AbstractAsyncContextManager[Any]) -> Self:
        """Make a transport with other settings that shares the connections and the cooling down."""
        return type(self)(
            key=self._key,
            base=self.base,
            options=options,
            clock=self._clock,
            connections=self._connections,
            gate=gate,
            cooldown=self.cooldown,
            notices=self.notices,
        )

    async def call(
        self,
        request: Request[T],
        *,
        idempotency_key: str | None = None,
        pause: Pause | None = None,
        refused: Callable[[], object] | None = None,
    ) -> T:
        """Make a call and return its answer, repeating it as `heygen_async.retry` allows.

        All tries of one call carry the same idempotency key. `pause` can end a call between two tries, as long as
        no try may have been carried out: once one may have, only its repetition can tell. `refused` is told of each
        429. Raises `APIError`, `ConnectionFailed`, `AnswerUnreadable`, and `RequestInvalid` for a key that HeyGen
        would not take.
        """
        sendable, headers = encode(request), self._headers(request, idempotency_key)
        repeatable = request.endpoint.repeatable
        pause, held_back, number, waits, uncertain = pause or self._pause, 0.0, 0, 0, False
        while True:
            number += 1
            try:
                return await self._try(request, sendable, headers, pause)
            except (APIError, ConnectionFailed, AnswerUnreadable) as error:
                waits += asked_to_wait(error)
                uncertain |= may_have_worked(error)
                pause = self._pause if uncertain else pause
                error.uncertain, error.idempotency_key = uncertain, headers.get("Idempotency-Key")
                if refused is not None and isinstance(error, RateLimited):
                    refused()
                wait = self._again(Trial(error, number, held_back, repeatable, waits), sendable)
                if wait is None or not await pause(self._clock.sleep(wait)):
                    raise
                held_back += wait

    def _again(self, trial: Trial, sendable: Sendable) -> float | None:
        """Judge a try that failed; after a 429 the whole client cools down."""
        wait = verdict(trial, self.options.retry, random.random())  # noqa: S311  # jitter is no secret
        if wait is not None:
            log.info("%s: try %d ended in %s; again in %.1f s", _line(sendable), trial.number, trial.error, wait)
            if isinstance(trial.error, RateLimited):
                self.cooldown.until = max(self.cooldown.until, self._clock.now() + wait)
        return wait

    async def _pause(self, wait: Awaitable[None]) -> bool:
        await wait
        return True

    @asynccontextmanager
    async def fetch(self, url: str, *, start: int = 0, etag: str | None = None) -> AsyncIterator[Fetched]:
        """Fetch a file from byte `start` on, without the API key; with `etag`, only if it is still the same.

        Raises `ConnectionFailed`; what the status means is the caller's business.
        """
        headers = {"Accept-Encoding": "identity"}
        if start:
            headers["Range"] = f"bytes={start}-"
            headers |= {"If-Range": etag} if etag else {}
        times = self.options.timeouts
        session = await self._connections.session()
        timeout = aiohttp.ClientTimeout(total=None, connect=times.connect, sock_read=times.silence)
        log.debug("GET %s from byte %d", masked(url), start)
        with _translated("the file's host", sent=False):
            context = session.get(
                _exactly(url),
                headers=headers,
                timeout=timeout,
                read_bufsize=BLOCK,
                max_redirects=5,
                raise_for_status=False,  # whatever a session given by the caller is set to
            )
            answer = await context.__aenter__()
        try:
            yield Fetched(answer.status, answer.headers, answer.content)
        finally:
            answer.close()  # a body that was not read to its end must not go back to the pool

    async def put(self, file: Snapshot, url: str, headers: Mapping[str, str]) -> tuple[int, str]:
        """Send a file to a signed address, with these headers and without the API key.

        Return the status and the beginning of what the host says; what they mean is the caller's business. Raises
        `ConnectionFailed`, and `RequestInvalid` when the file has changed since the snapshot.
        """
        times, session = self.options.timeouts, await self._connections.session()
        log.debug("PUT %s, %d bytes", masked(url), file.size)
        with _translated("the file's host", sent=True):
            async with (
                _while_it_moves(times) as moved,
                session.put(
                    _exactly(url),
                    data=stored_body(file, moved),
                    headers=headers,
                    skip_auto_headers=["Content-Type"],  # the headers are a part of what was signed
                    allow_redirects=False,
                    raise_for_status=False,
                    timeout=aiohttp.ClientTimeout(total=None, connect=times.connect),
                ) as answer,
            ):
                return answer.status, (await answer.content.read(4096)).decode("utf-8", "replace")

    def _headers(self, request: Request[Any], idempotency_key: str | None) -> dict[str, str]:
        headers = {"x-api-key": self._key, "Accept": "application/json"}
        if request.endpoint.keyed:
            key = idempotency_key if idempotency_key is not None else getattr(request, "idempotency_key", None)
            key = uuid.uuid4().hex if key is None else key
            if reason := IdempotencyKey()(key):
                raise RequestInvalid([Problem("idempotency_key", reason)], type(request).__name__)
            headers["Idempotency-Key"] = key
        return headers

    @asynccontextmanager
    async def _turn(self, request: Request[Any], pause: Pause) -> AsyncIterator[None]:
        """Pass the gate at a moment when nothing has to cool down; a wait for that occupies no place."""
        while True:
            while (wait := self.cooldown.until - self._clock.now()) > 0:
                if not await pause(self._clock.sleep(wait)):
                    message = "HeyGen asked for fewer requests, and the wait for that was ended"
                    raise RateLimited(message, status=HTTPStatus.TOO_MANY_REQUESTS, request=request)
            async with self._gate:
                if self.cooldown.until <= self._clock.now():  # a 429 may have come while we stood in line
                    yield
                    return

    async def _try(self, request: Request[T], sendable: Sendable, headers: Mapping[str, str], pause: Pause) -> T:
        async with self._turn(request, pause):
            status, answered, body = await self._exchange(request, sendable, headers)
        log.debug(
            "%s: HTTP %d, %d bytes, request id %s", _line(sendable), status, len(body), answered.get("X-Request-Id")
        )
        self.notices.take(request.endpoint, answered, body)
        return decode(request, status, answered, body)

    async def _exchange(
        self, request: Request[Any], sendable: Sendable, headers: Mapping[str, str]
    ) -> tuple[int, Mapping[str, str], bytes]:
        """Send once and read the whole answer, as far as it is bounded."""
        session = await self._connections.session()
        url = URL(f"{_base(self.base, request.endpoint)}{sendable.path}", encoded=True)
        with _translated(url.host or "", sent=True, request=request):
            async with _deadline(self.options.timeouts, sendable) as moved:
                file = await _file(sendable, moved)
                async with session.request(
                    sendable.method,
                    url.with_query(sendable.query) if sendable.query else url,
                    headers=headers,
                    json=sendable.body,
                    data=file,
                    allow_redirects=False,  # the key must not follow one to another host
                    raise_for_status=False,  # whatever a session given by the caller is set to
                    timeout=aiohttp.ClientTimeout(total=None, connect=self.options.timeouts.connect),
                ) as answer:
                    body = await _read(answer, self.options.limits.answer_bytes, request)
                    return answer.status, answer.headers, body


def _base(base: URL, endpoint: Endpoint) -> URL:
    """Choose the host. The key goes to HeyGen's own only; whatever else `base` is, an emulator say, is but one."""
    return base.with_host("upload.heygen.com") if endpoint.host == "upload" and base.host == "api.heygen.com" else base


async def _file(sendable: Sendable, moved: Callable[[], object]) -> Payload | None:
    """Make the body of an upload: the file alone, or a form around it."""
    if sendable.upload is None:
        return None
    if sendable.raw:
        return await file_body(sendable.upload, moved)
    return await file_form(sendable.upload, moved, sendable.texts)


@asynccontextmanager
async def _deadline(times: Timeouts, sendable: Sendable) -> AsyncIterator[Any]:
    """Bound an exchange: a read and a write as a whole, an upload by how long nothing moves."""
    if sendable.upload is not None:
        async with _while_it_moves(times) as moved:
            yield moved
        return
    async with asyncio.timeout(times.read if sendable.method in {"GET", "DELETE"} else times.write):
        yield None


@asynccontextmanager
async def _while_it_moves(times: Timeouts) -> AsyncIterator[Callable[[], object]]:
    loop = asyncio.get_running_loop()
    async with asyncio.timeout(times.silence) as timeout:
        yield lambda: timeout.reschedule(loop.time() + times.silence)


async def _read(answer: aiohttp.ClientResponse, most: int, request: Request[Any]) -> bytes:
    body = bytearray()
    async for part in answer.content.iter_any():
        body += part
        if len(body) > most:
            raise AnswerUnreadable(
                f"the answer is larger than {most:,} bytes (Limits.answer_bytes)",
                status=answer.status,
                request_id=answer.headers.get("X-Request-Id"),
                request=request,
            )
    return bytes(body)


@contextmanager
def _translated(host: str, *, sent: bool, request: Request[Any] | None = None) -> Iterator[None]:
    """Turn what aiohttp and the operating system raise into errors of ours."""
    try:
        yield
    except (aiohttp.ClientError, ConnectionError, TimeoutError, UnicodeError) as fault:
        if isinstance(fault.__cause__, HeyGenError):  # `heygen_async.files.form` raised it, and aiohttp wrapped it
            raise fault.__cause__ from None
        # A file's address is a secret while its signature is valid, and what aiohttp says may hold it.
        cause = None if request is None else fault
        raise _failure(fault, host, sent=sent, request=request) from cause


def _failure(fault: Exception, host: str, *, sent: bool, request: Request[Any] | None) -> ConnectionFailed:
    """Say in our words what went wrong, without the address."""
    match fault:
        case aiohttp.ConnectionTimeoutError():
            message = f"no connection to {host} in the time that Timeouts.connect allows"
            return RequestTimeout(message, sent=False, request=request)
        case TimeoutError():
            return RequestTimeout(f"{host} did not answer in time", sent=sent, request=request)
        case aiohttp.ClientConnectorError():
            message, sent = f"could not connect to {host}: {fault.os_error or fault}", False
        case UnicodeError():  # from the name look-up
            message, sent = f"could not connect to {host}: that is no name of a host", False
        case aiohttp.InvalidURL() | aiohttp.NonHttpUrlClientError() | aiohttp.TooManyRedirects():
            message = f"{host}: the address is of no use"
        case aiohttp.ClientResponseError():
            message = f"the connection to {host} was lost: what came is not HTTP ({fault.message})"
        case _:
            message = f"the connection to {host} was lost: {masked(str(fault)) or type(fault).__name__}"
    return ConnectionFailed(message, sent=sent, request=request)


def _exactly(url: str) -> URL:
    """Read an address as it stands: a signature is valid for one way of quoting only."""
    try:
        return URL(url, encoded=url.isascii() and url.isprintable() and " " not in url)
    except ValueError:
        raise aiohttp.InvalidURL(url) from None


def _line(sendable: Sendable) -> str:
    return f"{sendable.method} {sendable.path}"
