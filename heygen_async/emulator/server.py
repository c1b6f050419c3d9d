"""The emulator as one thing: started, looked into, and closed without a trace."""

import asyncio
import ipaddress
import shutil
import signal
import tempfile
import time
from collections.abc import Callable
from contextlib import AsyncExitStack, suppress
from pathlib import Path
from types import TracebackType
from typing import Any, Self, cast, get_args

from aiohttp import web
from attrs import Attribute, define, field
from attrs.validators import in_

from heygen_async.clock import Clock, ScaledClock
from heygen_async.emulator.account import Account
from heygen_async.emulator.app import application
from heygen_async.emulator.casting import Casting
from heygen_async.emulator.deliveries import Deliveries, Generation
from heygen_async.emulator.faults import Faults, faults_of
from heygen_async.emulator.footage import Studio
from heygen_async.emulator.gate import Gate
from heygen_async.emulator.legacy import Legacy, open_legacy
from heygen_async.emulator.log import Log
from heygen_async.emulator.materials import Materials
from heygen_async.emulator.media import MissingExtra, missing_extra
from heygen_async.emulator.presets import settle_in
from heygen_async.emulator.remote import Remote
from heygen_async.emulator.rendering import Slots
from heygen_async.emulator.service import Folders, RenderSeconds, Service, Visit
from heygen_async.emulator.threads import Threads
from heygen_async.emulator.wallet import Wallet

__all__ = ["Emulator", "serve"]

_FILE_THREADS = 4
_GOODBYE = 0.1
"""Real seconds that requests under way have to end, before they are cut off."""

_SMALLEST = 1024
"""Bytes of a synthetic video, at least."""


def _at_least(low: float) -> Callable[[Any, "Attribute[Any]", Any], None]:
    def check(_: object, attribute: "Attribute[Any]", value: float | None) -> None:
        if value is not None and not value >= low:
            raise ValueError(f"{attribute.name} is {value!r}; it must be at least {low:g}")

    return check


@define(kw_only=True, eq=False, repr=False)
class Emulator:
    """HeyGen on this machine: a real HTTP server that holds an account, behaves like the API and costs nothing.

        async with Emulator(speed=60) as emulator:
            async with HeyGen("any key", base_url=emulator.url) as heygen:
                ...

    It needs a running loop from `start` on, lives in that loop, and is started once.
    """

    host: str = "127.0.0.1"
    """Where it listens."""

    port: int = field(default=0, validator=_at_least(0))
    """0: any that is free; `url` says which."""

    clock: Clock | None = None
    """By what videos, links and idempotency keys age; ``None``: real time, `speed` times as fast."""

    speed: float = field(default=1.0, validator=_at_least(1e-6))
    """At 60, a minute lasts a second. Cannot go together with a clock."""

    _api_key: str | None = field(default=None, alias="api_key")
    """The only key that opens; ``None``: any does that is not blank."""

    renders: int = field(default=10, validator=_at_least(1))
    """How many videos render at once."""

    queue: bool = False
    """Whether further ones wait, instead of being refused with 429."""

    balance: float = field(default=1000.0, validator=_at_least(0))
    """US dollars in the wallet."""

    enterprise: bool = False
    """Whether watermarks and stock voices are in the plan."""

    strict_urls: bool = False
    """Whether an address that is not on this machine is refused with ``download_failed``, instead of stood in for."""

    placeholders: bool = True
    """Whether words such as ``YOUR_VOICE_ID`` in HeyGen's samples are understood."""

    synthetic: int | None = field(default=None, validator=_at_least(_SMALLEST))
    """Serve small films of exactly so many bytes, in which nobody speaks; ``None``: real ones."""

    render_seconds: RenderSeconds = None
    """How long a video renders, in seconds of the clock, or a function of the request; 0: it is completed at once;
    ``None``: 60 to 180, the same in each run."""

    legacy: Legacy = field(default="open", validator=in_(get_args(Legacy)))
    """What became of v1 and v2: ``open``, ``gone`` (they answer 410) or ``missing`` (404)."""

    webhooks: Generation = field(default="both", validator=in_(get_args(Generation)))
    """How webhooks are signed: with the headers of ``both`` generations, the ``new`` or the ``old`` ones."""

    faults: Faults = field(factory=Faults, converter=faults_of)
    """What goes wrong, by request or by seed: any `Fault` values, or a `Chaos`. More can be added at any time."""

    folder: Path | None = None
    """Where its files are; ``None``: a temporary folder, which goes at the end."""

    account: Account = field(init=False)
    """What the account holds, to be looked into and changed."""

    log: Log = field(factory=Log, init=False)
    """The requests that were served, and notes on what was made up."""

    _service: Service | None = field(default=None, init=False)
    _closing: AsyncExitStack = field(factory=AsyncExitStack, init=False)
    _url: str = field(default="", init=False)

    def __attrs_post_init__(self) -> None:
        if self.clock is not None and self.speed != 1.0:
            raise ValueError("a clock has a speed of its own: give either clock or speed")
        self.account = Account(wallet=Wallet(self.balance), slots=Slots(self.renders))
        settle_in(self.account)

    def __repr__(self) -> str:
        return f"<Emulator {self._url or 'not started'}, {len(self.account.videos)} videos>"

    @property
    def url(self) -> str:
        """The base address, such as ``http://127.0.0.1:8080``. Raises `RuntimeError` before it is started."""
        if not self._url:
            raise RuntimeError("the emulator is not started; use `async with`")
        return self._url

    @property
    def api_key(self) -> str:
        """A key that opens."""
        return "emulator" if self._api_key is None else self._api_key

    async def __aenter__(self) -> Self:
        return await self.start()

    async def __aexit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self.aclose()

    @property
    def deliveries(self) -> Deliveries:
        """The webhooks: what was delivered, and what is under way. Raises `RuntimeError` before it is started."""
        if self._service is None:
            raise RuntimeError("the emulator is not started; use `async with`")
        return self._service.deliveries

    async def start(self) -> Self:
        """Begin to serve.

        Raises `MissingExtra` when real videos are wanted and cannot be made, `OSError` when the address is taken or
        the folder cannot be written, `RuntimeError` when it was started before.
        """
        advice = missing_extra() if self.synthetic is None else None
        if advice is not None:
            raise MissingExtra(advice)
        if self._service is not None:
            raise RuntimeError("an emulator is started once; make another one")
        async with AsyncExitStack() as stack:
            self._service = await self._set_up(stack)
            self._url = await self._listen(self._service, stack)
            self._closing = stack.pop_all()
        return self

    async def aclose(self) -> None:
        """End: no task, no thread and no temporary file is left. Waits for a film that is being made.

        Harmless before `start`, and a second time.
        """
        await self._closing.aclose()

    async def idle(self) -> None:
        """Wait, in real time, until no film is being made: what is due by the clock is completed then."""
        if self._service is not None:
            await self._service.studio.idle()

    async def _set_up(self, stack: AsyncExitStack) -> Service:
        """Build the service. What is opened last is closed first."""
        threads = Threads(_FILE_THREADS, "heygen-files")
        stack.push_async_callback(threads.aclose)
        folder = self.folder or Path(tempfile.mkdtemp(prefix="heygen-emulator-"))
        folders = Folders.under(folder)
        studio = Studio(folders.videos, self.synthetic, threads)
        if self.folder is None:
            stack.push_async_callback(_remove, folder, studio, threads)
        stack.push_async_callback(studio.aclose)
        await threads.run(folders.make)
        remote = Remote(self.log, self.strict_urls)
        stack.push_async_callback(remote.aclose)
        clock = self.clock or ScaledClock(self.speed)
        epoch = time.time() - clock.now()
        materials = Materials(self.account, remote, folders.uploads, threads)
        deliveries = Deliveries(
            clock=clock,
            account=self.account,
            faults=self.faults,
            log=self.log,
            epoch=epoch,
            generation=self.webhooks,
        )
        stack.push_async_callback(deliveries.aclose)
        return Service(
            clock=clock,
            epoch=epoch,
            speed=self.speed,
            account=self.account,
            log=self.log,
            faults=self.faults,
            folders=folders,
            threads=threads,
            studio=studio,
            materials=materials,
            casting=Casting(self.account, materials, self.enterprise),
            deliveries=deliveries,
            queue=self.queue,
            render_seconds=self.render_seconds,
            placeholders=self.placeholders,
            api_key=self._api_key,
        )

    async def _listen(self, service: Service, stack: AsyncExitStack) -> str:
        gate = Gate(service)
        stack.push_async_callback(gate.empty)
        app = application(service, gate)
        open_legacy(app, service, self.legacy)
        runner = web.AppRunner(app, handler_cancellation=True, shutdown_timeout=_GOODBYE, access_log=None)
        stack.push_async_callback(runner.cleanup)
        await runner.setup()
        stack.push_async_callback(gate.door.aclose)
        await gate.door.open(cast("web.Server", runner.server), self.host, self.port)
        url = _url(gate.door.addresses[0])
        service.deliveries.link = lambda work: Visit(service, url, "").file(work, "video")
        return url


async def _remove(folder: Path, studio: Studio, threads: Threads) -> None:
    """Remove a folder once nobody writes there any more, even when the wait for that was cancelled before."""
    await studio.aclose()
    await threads.idle()
    await threads.run(shutil.rmtree, folder, ignore_errors=True)


async def serve(emulator: Emulator, announce: Callable[[str], object]) -> None:
    """Run an emulator until this is cancelled, or the process is told to end (SIGTERM).

    `announce` gets a few lines that say where it is. Raises as `Emulator.start` does.
    """
    loop, end = asyncio.get_running_loop(), asyncio.Event()
    with suppress(NotImplementedError, ValueError):  # Windows; a loop that is not in the main thread
        loop.add_signal_handler(signal.SIGTERM, end.set)
    try:
        async with emulator:
            announce(
                f"HeyGen's emulator is at {emulator.url}\n"
                f"  export HEYGEN_API_BASE={emulator.url} HEYGEN_API_KEY={emulator.api_key}\n"
                "Ctrl-C ends it, and what it holds is gone then."
            )
            await end.wait()
    finally:
        with suppress(NotImplementedError, ValueError):
            loop.remove_signal_handler(signal.SIGTERM)


def _url(address: Any) -> str:
    """Write a socket's name as an address; one that listens everywhere is reached by the loopback."""
    host, port = address[:2]
    at = ipaddress.ip_address(host)
    if at.is_unspecified:
        at = ipaddress.ip_address("127.0.0.1" if at.version == 4 else "::1")  # noqa: PLR2004  # IPv4
    return f"http://{at}:{port}" if at.version == 4 else f"http://[{at}]:{port}"  # noqa: PLR2004  # IPv4
