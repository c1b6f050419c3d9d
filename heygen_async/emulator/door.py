"""The port: open, or shut for a while so that connections are refused, as those of a machine that is down."""

import asyncio
import socket
from collections.abc import Callable
from typing import Any

from attrs import define, field

from heygen_async.clock import Alarm, Clock

__all__ = ["Door"]

_BACKLOG = 128


@define(eq=False)
class Door:
    """Lets connections in. Nobody else gets the port meanwhile, because it stays bound."""

    clock: Clock
    addresses: list[tuple[Any, ...]] = field(factory=list, init=False)
    """Where it is: a host and a port, and two more numbers where the protocol is IPv6."""

    _protocol: Callable[[], asyncio.Protocol] | None = field(default=None, init=False)
    """Talks to whoever comes in; ``None``: it was not opened yet, or is closed for good."""

    _servers: list[asyncio.Server] = field(factory=list, init=False)
    _bound: list[socket.socket] = field(factory=list, init=False)
    _until: float = field(default=0.0, init=False)
    _alarm: Alarm | None = field(default=None, init=False)
    _opening: "asyncio.Task[None] | None" = field(default=None, init=False)

    @property
    def is_shut(self) -> bool:
        """Whether connections are refused: whoever still comes, on one that was there before, should be cut off."""
        return bool(self._bound)

    async def open(self, protocol: Callable[[], asyncio.Protocol], host: str, port: int) -> None:
        """Listen for the first time. Raises `OSError` when the address is taken."""
        server = await asyncio.get_running_loop().create_server(protocol, host, port, backlog=_BACKLOG)
        self._protocol, self._servers = protocol, [server]
        self.addresses = [each.getsockname() for each in server.sockets]

    async def shut(self, seconds: float) -> None:
        """Refuse connections for so many seconds of the clock, at least. Those that are there stay, see `is_shut`.

        It is too late for that once `aclose` was called: a request that is being answered then changes nothing.
        """
        if self._opening is not None:
            await asyncio.wait([self._opening])
        try:
            await self._last_guests()
        finally:
            if self._protocol is not None:
                self._lock(seconds)

    async def aclose(self) -> None:
        """Let nobody in any more. Those that are there are for whoever has made the protocol."""
        if self._alarm is not None:
            self._alarm.cancel()
        if self._opening is not None:
            await asyncio.wait([self._opening])
        self._protocol = None
        try:
            await self._last_guests()
        finally:
            self._close()
            for bound in self._bound:
                bound.close()

    async def _last_guests(self) -> None:
        """Accept nobody any more, and have those come in who were accepted already.

        asyncio lets a connection in one turn of the loop after it was accepted, and forgets its socket if the server
        was closed between the two (CPython's issue 109564).
        """
        loop = asyncio.get_running_loop()
        for server in self._servers:
            for listening in server.sockets:
                loop.remove_reader(listening.fileno())
        await asyncio.sleep(0)

    def _lock(self, seconds: float) -> None:
        self._until = max(self._until, self.clock.now() + seconds)
        if self._servers:
            self._close()
            self._bound = [_bind(address) for address in self.addresses]
        if self._alarm is not None:
            self._alarm.cancel()
        self._alarm = self.clock.call_at(self._until, self._begin_to_open)

    def _close(self) -> None:
        servers, self._servers = self._servers, []
        for server in servers:
            server.close()

    def _begin_to_open(self) -> None:
        if self._protocol is not None:  # pragma: no branch  # else it was never shut
            opening = self._listen(self._protocol)
            self._opening = asyncio.get_running_loop().create_task(opening, name="heygen_async.emulator door")

    async def _listen(self, protocol: Callable[[], asyncio.Protocol]) -> None:
        """Listen again. This is never cancelled, because half of it would leave a socket to nobody."""
        bound, self._bound = self._bound, []
        for each in bound:
            server = await asyncio.get_running_loop().create_server(protocol, sock=each, backlog=_BACKLOG)
            self._servers.append(server)


def _bind(address: tuple[Any, ...]) -> socket.socket:
    """Hold a port without listening: a connection to it is refused."""
    sixth = len(address) > 2  # noqa: PLR2004  # IPv6 has a flow and a scope besides
    bound = socket.socket(socket.AF_INET6 if sixth else socket.AF_INET)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    if sixth:
        bound.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
    bound.setblocking(False)
    bound.bind(address)
    return bound
