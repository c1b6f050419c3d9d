"""A host that answers exactly the bytes that a test wants: for what no decent server does."""

import asyncio
import os
import socket
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from enum import Enum

import anyio
from attrs import define, field

__all__ = ["Deed", "Host", "answer", "hosted"]


class Deed(Enum):
    """What a host does instead of sending bytes."""

    HANG = "nothing, until the client goes away"
    RESET = "cut the connection"
    PAUSE = "let the client take in what came"
    END = "say that nothing more comes, without the farewell of TLS"


Part = bytes | Deed | Awaitable[object]
"""What comes next: bytes, a deed, or a wait for something."""


def answer(status: int = 200, body: bytes = b"", **headers: object) -> bytes:
    """An answer of HTTP. Underscores in the names of headers are hyphens; ``None`` leaves one out."""
    fields = {"Connection": "close", "Content-Length": len(body)}
    fields |= {name.replace("_", "-"): value for name, value in headers.items()}
    lines = [f"{name}: {value}" for name, value in fields.items() if value is not None]
    return "\r\n".join([f"HTTP/1.1 {status} So be it", *lines, "", ""]).encode() + body


@define(eq=False)
class Host:
    """It gives its answers in turn, and the last one again and again.

    That is one for each connection, unless the answer says that it stays open (``Connection: keep-alive``).
    """

    answers: Sequence[Sequence[Part]]
    before: Callable[[], object] = lambda: None
    """Called, and awaited where it can be, when the head of a request has come."""

    url: str = field(default="", init=False)
    heads: list[str] = field(factory=list, init=False, repr=False)  # keys may be in them
    """What came, from the request line to the blank one."""

    bodies: list[bytes] = field(factory=list, init=False, repr=False)
    """What came after it, as long as ``Content-Length`` says."""

    open: int = field(default=0, init=False)
    """Connections that are open now."""

    made: int = field(default=0, init=False)
    """Connections that there have been."""

    most: int = field(default=0, init=False)
    """Connections that were open at once."""

    def header(self, name: str, at: int = -1) -> str | None:
        """Find a header of a request."""
        for line in self.heads[at].splitlines():
            field_name, _, value = line.partition(": ")
            if field_name.lower() == name.lower():
                return value
        return None

    async def left_alone(self) -> None:
        """Wait until every connection is closed."""
        with anyio.fail_after(5):
            while self.open:  # noqa: ASYNC110  # sockets set no events
                await asyncio.sleep(0.001)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.open += 1
        self.made += 1
        self.most = max(self.most, self.open)
        try:
            with suppress(ConnectionError, asyncio.IncompleteReadError):
                while await self._answer(reader, writer):
                    pass
        finally:
            self.open -= 1
            writer.close()
            with suppress(ConnectionError):
                await writer.wait_closed()

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        self.heads.append((await reader.readuntil(b"\r\n\r\n")).decode())
        parts = self.answers[min(len(self.heads), len(self.answers)) - 1]
        waiting = self.before()
        if asyncio.iscoroutine(waiting):
            await waiting
        self.bodies.append(await reader.readexactly(int(self.header("Content-Length") or 0)))
        for part in parts:
            match part:
                case Deed.HANG:
                    await reader.read()
                case Deed.RESET:
                    writer.transport.abort()
                case Deed.PAUSE:
                    for _ in range(30):  # client and host share a loop
                        await asyncio.sleep(0)
                case Deed.END:
                    while writer.transport.get_write_buffer_size():  # noqa: ASYNC110  # sockets set no events
                        await asyncio.sleep(0.001)
                    with socket.socket(fileno=os.dup(writer.get_extra_info("socket").fileno())) as own:
                        own.shutdown(socket.SHUT_WR)
                case bytes():
                    writer.write(part)
                    await writer.drain()
                case _:
                    await part
        return isinstance(parts[0], bytes) and b"Connection: keep-alive\r\n" in parts[0]


@asynccontextmanager
async def hosted(
    *answers: bytes | Deed | Sequence[Part],
    before: Callable[[], object] = lambda: None,
    tls: ssl.SSLContext | None = None,
) -> AsyncIterator[Host]:
    """Run a host on loopback."""
    host = Host([[given] if isinstance(given, bytes | Deed) else given for given in answers], before)
    server = await asyncio.start_server(host.serve, "127.0.0.1", 0, ssl=tls)
    host.url = "http{}://{}:{}".format("s" if tls else "", *server.sockets[0].getsockname())
    try:
        yield host
        await host.left_alone()
    finally:
        server.close()
        await server.wait_closed()
