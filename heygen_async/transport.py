"""The one place that opens a connection: aiohttp, time-outs, the retry loop, streaming.

Foreign exceptions become ours before they leave this module (`heygen_async.foreign`): those in the tree of
`heygen_async.errors`. The API key is added here and nowhere else, to requests to the API's host only.
"""

import asyncio
import ipaddress
import logging
import random
import re
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from http import HTTPStatus
from typing import Any, Self, TypeVar

import aiohttp
from aiohttp.payload import Payload
from attrs import define
from yarl import URL

from heygen_async.api.media import LocalFile
from heygen_async.clock import Clock
from heygen_async.codec import Sendable, decode, encode
from heygen_async.connections import Connections
from heygen_async.errors import (
    AnswerUnreadable,
    APIError,
    ClientMisused,
    ConnectionFailed,
    Problem,
    RateLimited,
    RequestInvalid,
)
from heygen_async.fetched import Fetched
from heygen_async.files.form import file_body, file_form, stored_body
from heygen_async.files.snapshot import Snapshot
from heygen_async.foreign import FOREIGN, failure, translated, unwrap
from heygen_async.hints import hint_for_repeated
from heygen_async.log import masked
from heygen_async.operation import Request
from heygen_async.options import Options, Timeouts
from heygen_async.retry import Trial, asked_to_wait, may_have_worked, verdict
from heygen_async.rules import IdempotencyKey
from heygen_async.sunset import Notices

__all__ = ["ApiKey", "Transport", "base_address"]

T = TypeVar("T")

Pause = Callable[[Awaitable[None]], Awaitable[bool]]
"""Awaits what has to be waited for before another try; false: somebody wants the call to end instead."""

log = logging.getLogger(__name__)


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

    until: float | None = None
    """Seconds of the client's clock; ``None``: it has never been asked to."""

    def left(self, clock: Clock) -> float:
        """Return for how many more seconds."""
        return 0.0 if self.until is None else max(0.0, self.until - clock.now())


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
        self._patience = aiohttp.ClientTimeout(total=None, connect=options.timeouts.connect)
        self._roots = {host: str(_root(base, host)) for host in ("api", "upload")}

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
                if uncertain and isinstance(error, APIError):
                    error.hint = hint_for_repeated(request, error) or error.hint
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
                self.cooldown.until = self._clock.now() + max(wait, self.cooldown.left(self._clock))
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
        with translated("the file's host", sent=False):
            context = session.get(
                _exactly(url),
                headers=headers,
                timeout=timeout,
                max_redirects=5,
                raise_for_status=False,  # whatever a session given by the caller is set to
            )
            answer = await context.__aenter__()
        with self._connections.blocks.counted():
            fetched = Fetched(answer, self._connections.blocks, times.silence)
            try:
                yield fetched
                fetched.release()  # not after an error: a thread may be at its memory still
            finally:
                fetched.close()

    async def put(self, file: Snapshot, url: str, headers: Mapping[str, str]) -> tuple[int, str]:
        """Send a file to a signed address, with these headers and without the API key.

        Return the status and the beginning of what the host says; what they mean is the caller's business. Raises
        `ConnectionFailed`, and `RequestInvalid` when the file has changed since the snapshot.
        """
        times, session = self.options.timeouts, await self._connections.session()
        log.debug("PUT %s, %d bytes", masked(url), file.size)
        with translated("the file's host", sent=True):
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

    async def _calm(self, request: Request[Any], pause: Pause) -> None:
        """Wait until nothing has to cool down."""
        while wait := self.cooldown.left(self._clock):
            if not await pause(self._clock.sleep(wait)):
                message = "HeyGen asked for fewer requests, and the wait for that was ended"
                raise RateLimited(message, status=HTTPStatus.TOO_MANY_REQUESTS, request=request)

    async def _try(self, request: Request[T], sendable: Sendable, headers: Mapping[str, str], pause: Pause) -> T:
        """Pass the gate at a moment when nothing has to cool down; a wait for that occupies no place."""
        while True:
            async with self._gate:
                if not self.cooldown.left(self._clock):
                    status, answered, body = await self._exchange(request, sendable, headers)
                    break
            await self._calm(request, pause)
        if log.isEnabledFor(logging.DEBUG):
            noted = status, len(body), answered.get("X-Request-Id")
            log.debug("%s: HTTP %d, %d bytes, request id %s", _line(sendable), *noted)
        self.notices.take(request.endpoint, answered, body)
        return decode(request, status, answered, body)

    async def _exchange(
        self, request: Request[Any], sendable: Sendable, headers: Mapping[str, str]
    ) -> tuple[int, Mapping[str, str], bytes]:
        """Send once and read the whole answer, as far as it is bounded."""
        session = await self._connections.session()
        url = URL(f"{self._roots[request.endpoint.host]}{sendable.path}", encoded=True)
        try:
            async with _deadline(self.options.timeouts, sendable) as moved:
                file = None if sendable.upload is None else await _file(sendable.upload, sendable, moved)
                async with session.request(
                    sendable.method,
                    url.with_query(sendable.query) if sendable.query else url,
                    headers=headers,
                    json=sendable.body,
                    data=file,
                    allow_redirects=False,  # the key must not follow one to another host
                    raise_for_status=False,  # whatever a session given by the caller is set to
                    timeout=self._patience,
                ) as answer:
                    body = await _read(answer, self.options.limits.answer_bytes, request)
                    return answer.status, answer.headers, body
        except FOREIGN as fault:
            unwrap(fault)
            raise failure(fault, url.host or "", sent=True, request=request) from fault


def _root(base: URL, host: str) -> URL:
    """Choose the host. The key goes to HeyGen's own only; whatever else `base` is, an emulator say, is but one."""
    return base.with_host("upload.heygen.com") if host == "upload" and base.host == "api.heygen.com" else base


async def _file(file: LocalFile, sendable: Sendable, moved: Callable[[], object]) -> Payload:
    """Make the body of an upload: the file alone, or a form around it."""
    return await (file_body(file, moved) if sendable.raw else file_form(file, moved, sendable.texts))


def _deadline(times: Timeouts, sendable: Sendable) -> AbstractAsyncContextManager[Any]:
    """Bound an exchange: a read and a write as a whole, an upload by how long nothing moves.

    By asyncio's own timer: that of aiohttp loses a cancellation that comes in the same turn of the loop.
    """
    if sendable.upload is not None:
        return _while_it_moves(times)
    return asyncio.timeout(times.read if sendable.method in {"GET", "DELETE"} else times.write)


@asynccontextmanager
async def _while_it_moves(times: Timeouts) -> AsyncIterator[Callable[[], object]]:
    """Bound an upload by how long nothing moves; what is yielded says that something has."""
    loop = asyncio.get_running_loop()
    async with asyncio.timeout(times.silence) as timeout:
        yield lambda: timeout.reschedule(loop.time() + times.silence)


async def _read(answer: aiohttp.ClientResponse, most: int, request: Request[Any]) -> bytes:
    parts, size, content = [], 0, answer.content
    while not content.at_eof():
        parts.append(content.read_nowait() if content.is_eof() else await content.readany())
        size += len(parts[-1])
        if size > most:
            raise AnswerUnreadable(
                f"the answer is larger than {most:,} bytes (Limits.answer_bytes)",
                status=answer.status,
                request_id=answer.headers.get("X-Request-Id"),
                request=request,
            )
    return b"".join(parts)


def _exactly(url: str) -> URL:
    """Read an address as it stands: a signature is valid for one way of quoting only."""
    try:
        return URL(url, encoded=url.isascii() and url.isprintable() and " " not in url)
    except ValueError:
        raise aiohttp.InvalidURL(url) from None


def _line(sendable: Sendable) -> str:
    return f"{sendable.method} {sendable.path}"
