"""Clients that try once, with a key that must not show; and what the tests of the transport ask of them."""

import asyncio
import traceback
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import anyio
import pytest
from hosts import Host, answer

from heygen_async import AvatarVideo, HeyGen
from heygen_async.api.voices import GetVoice
from heygen_async.options import Options, Retry

__all__ = ["OK", "ONCE", "SECRET", "SIGNED", "VIDEO", "VOICE", "client_of", "hides_the_key", "unspoken", "until"]

SECRET = "sk_V2_nobody-may-see-this"
SIGNED = "Expires=1&Signature=nobody-may-see-this-either~&Key-Pair-Id=K"
VOICE = GetVoice("nobody")
VIDEO = AvatarVideo(avatar_id="Anna_public_3_20240108", script="Hello!")
ONCE = Options(retry=Retry(attempts=1, patience=0))
OK = answer(body=b'{"data": {"voice_id": "nobody", "name": "Nobody"}}', Content_Type="application/json")


@asynccontextmanager
async def client_of(host: Host, options: Options = ONCE, **more: Any) -> AsyncIterator[HeyGen]:
    async with HeyGen(SECRET, base_url=host.url, options=options, **more) as client:
        yield client


@asynccontextmanager
async def unspoken(greeting: bytes = b"", events: list[str] | None = None) -> AsyncIterator[str]:
    """Give the address of a host that accepts connections, and answers no TLS handshake."""

    class Unspoken(asyncio.Protocol):
        def connection_made(self, transport: Any) -> None:
            (events if events is not None else []).append("made")
            transport.write(greeting)

        def connection_lost(self, exc: Exception | None) -> None:
            (events if events is not None else []).append("lost")

    async with await asyncio.get_running_loop().create_server(Unspoken, "127.0.0.1", 0) as server:
        yield "https://{}:{}".format(*server.sockets[0].getsockname())


async def until(ready: Callable[[], bool]) -> None:
    """Wait for what another end of a socket does."""
    with anyio.fail_after(5):
        while not ready():  # noqa: ASYNC110  # sockets set no events
            await asyncio.sleep(0.001)


def hides_the_key(error: BaseException, caplog: pytest.LogCaptureFixture) -> bool:
    """Whether the key is in nothing that an error, its traceback with all local variables, or the log shows."""
    shown = traceback.TracebackException.from_exception(error, capture_locals=True)
    places = ["".join(shown.format()), str(error), repr(error), repr(vars(error)), caplog.text]
    places += [repr(record.__dict__) for record in caplog.records]
    return not any(SECRET in place for place in places)
