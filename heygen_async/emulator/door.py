"""The port: open, or shut for a while so that connections are refused, as those of a machine that is down."""

import asyncio
import socket

from aiohttp import web
from attrs import define, field

from heygen_async.clock import Alarm, Clock

__all__ = ["Door"]

_BACKLOG = 128


@define(eq=False)
class Door:
    """Lets connections in. Nobody else gets the port meanwhile, because it stays bound."""

    clock: Clock
    _runner: web.AppRunner | None = field(default=None, init=False)
    _sites: list[web.BaseSite] = field(factory=list, init=False)
    _bound: list[socket.socket] = field(factory=list, init=False)
    _until: float = field(default=0.0, init=False)
    _alarm: Alarm | None = field(default=None, init=False)
    _opening: "asyncio.Task[None] | None" = field(default=None, init=False)

    @property
    def is_shut(self) -> bool:
        """Whether connections are refused: whoever still comes, on one that was there before, should be cut off."""
        return bool(self._bound)

    async def open(self, runner: web.AppRunner, host: str, port: int) -> None:
        """Listen for the first time. Raises `OSError` when the address is taken."""
        site = web.TCPSite(runner, host, port, backlog=_BACKLOG)
        await site.start()
        self._runner, self._sites = runner, [site]

    async def shut(self, seconds: float) -> None:
        """Refuse connections for so many seconds of the clock, at least. Those that are there stay, see `is_shut`."""
        if self._opening is not None:
            await asyncio.wait([self._opening])
        self._until = max(self._until, self.clock.now() + seconds)
        if not self._bound and self._runner is not None:
            await self._close(self._runner)
        if self._alarm is not None:
            self._alarm.cancel()
        self._alarm = self.clock.call_at(self._until, self._begin_to_open)

    async def aclose(self) -> None:
        """Open no more. Whoever has made the runner stops what is open."""
        if self._alarm is not None:
            self._alarm.cancel()
        if self._opening is not None:
            await asyncio.wait([self._opening])
        for bound in self._bound:
            bound.close()

    async def _close(self, runner: web.AppRunner) -> None:
        addresses, sites, self._sites = runner.addresses, self._sites, []
        for site in sites:
            await site.stop()
        self._bound = [_bind(address) for address in addresses]

    def _begin_to_open(self) -> None:
        if self._runner is not None:  # pragma: no branch  # else it was never shut
            opening = self._listen(self._runner)
            self._opening = asyncio.get_running_loop().create_task(opening, name="heygen_async.emulator door")

    async def _listen(self, runner: web.AppRunner) -> None:
        """Listen again. This is never cancelled, because half of it would leave a socket to nobody."""
        bound, self._bound = self._bound, []
        for each in bound:
            site = web.SockSite(runner, each, backlog=_BACKLOG)
            await site.start()
            self._sites.append(site)


def _bind(address: tuple[str, int]) -> socket.socket:
    """Hold a port without listening: a connection to it is refused."""
    sixth = len(address) > 2  # noqa: PLR2004  # IPv6 has a flow and a scope besides
    bound = socket.socket(socket.AF_INET6 if sixth else socket.AF_INET)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    if sixth:
        bound.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
    bound.setblocking(False)
    bound.bind(address)
    return bound
