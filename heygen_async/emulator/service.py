"""HeyGen, as far as it is emulated, without its HTTP."""

import math
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from attrs import astuple, define, field, fields, frozen

from heygen_async.api.videos import VideoRequest
from heygen_async.clock import Clock
from heygen_async.emulator import media
from heygen_async.emulator.account import Account
from heygen_async.emulator.casting import Casting
from heygen_async.emulator.deliveries import Deliveries
from heygen_async.emulator.exhibits import Exhibit
from heygen_async.emulator.faults import FailRender, Faults, GoesBack, NoLink, Stuck, ToWork
from heygen_async.emulator.footage import Studio
from heygen_async.emulator.idempotency import Replays
from heygen_async.emulator.log import Log
from heygen_async.emulator.materials import Materials
from heygen_async.emulator.refusals import Refusal, invalid
from heygen_async.emulator.rendering import Failure, Timeline, usual_seconds
from heygen_async.emulator.screenplay import making_of, roughly
from heygen_async.emulator.shelf import fresh_id
from heygen_async.emulator.signing import Signer
from heygen_async.emulator.sources import Source, Stored
from heygen_async.emulator.threads import Threads
from heygen_async.emulator.works import Order, Production, Work

__all__ = ["Folders", "RenderSeconds", "Service", "Visit"]

W = TypeVar("W", bound=Work[Any])

RenderSeconds = float | Callable[[Any], float] | None
"""Seconds that a work takes, or a function that says so of each request; ``None``: 60 to 180, told by its number."""

_LONGEST_RETRY = 30.0
"""Seconds of the clock that somebody who is refused is told to wait, at most."""


@frozen
class Folders:
    """Where files are."""

    videos: Path
    uploads: Path
    previews: Path

    @classmethod
    def under(cls, folder: Path) -> "Folders":
        """Name them, in one folder."""
        return cls(*(folder / at.name for at in fields(cls)))

    def make(self) -> None:
        """Make them, and the one they are in. Blocks."""
        for path in astuple(self):
            path.mkdir(parents=True, exist_ok=True)


@define(eq=False, kw_only=True)
class Service:
    """The rooms, and what needs several of them."""

    clock: Clock
    epoch: float
    """Unix seconds at which the clock stood at 0."""

    speed: float
    """How many seconds of the clock pass in one of the world."""

    account: Account
    log: Log
    faults: Faults
    folders: Folders
    threads: Threads
    """For files."""

    studio: Studio
    materials: Materials
    casting: Casting
    deliveries: Deliveries
    queue: bool
    """Whether works above the cap wait, instead of being refused."""

    render_seconds: RenderSeconds
    placeholders: bool
    api_key: str | None
    """The only one that opens; ``None``: any does."""

    signer: Signer = field(factory=Signer, init=False)
    replays: Replays = field(factory=Replays, init=False)

    def unix(self, second: float) -> int:
        """Return a second of the clock as Unix seconds."""
        return int(self.epoch + second)

    async def order(self, request: VideoRequest) -> Order[Production]:
        """Look up all that a video needs. Raises `Refusal`."""
        play = await self.casting.cast(request)
        return Order(Production, request, cost=play.price, expected=play.charged_by, making=making_of(play))

    async def seconds_of(self, source: Source, param: str) -> float:
        """Return how long a clip or a sound is; roughly, where the emulator makes nothing.

        Raises `Refusal` (400) for a file that is broken; `param` is the field that names it.
        """
        if not isinstance(source, Stored) or self.studio.synthetic is not None:
            return roughly(source)
        try:
            return (await self.threads.run(media.measure, source.path)).seconds
        except media.UnreadableMedia as fault:
            raise invalid(param, str(fault)) from None

    def undertake(self, path: str, *orders: Order[W]) -> list[W]:
        """Begin works for one POST. Raises `Refusal` (429, 402), and then nothing was begun or charged."""
        now = self.clock.now()
        self.account.advance(now)
        if self.account.slots.full and not self.queue and any(order.kind.takes_slot for order in orders):
            raise Refusal(
                429,
                "rate_limit_exceeded",
                f"Concurrent job limit reached: {self.account.slots.cap} jobs are at work. Retry when one is done.",
                retry_after=self._retry_after(now),
            )
        self.account.wallet.check(sum(order.cost for order in orders))
        return [self.take_on(path, order) for order in orders]

    def take_on(self, path: str, order: Order[W]) -> W:
        """Charge for a work and give it a slot, or a place in the queue. Raises `Refusal` (402)."""
        work_id, now = fresh_id(), self.clock.now()
        self.account.wallet.charge(work_id, order.cost)
        fault = self.faults.take("POST", path, ToWork)
        place = self.account.next_place()
        work = order.kind(
            id=work_id,
            request=order.request,
            cost=order.cost,
            expected=order.expected,
            created_at=self.unix(now),
            timeline=self._timeline(order, place, fault),
            footage=self.studio.make(order.making, work_id, lambda: self.account.filmed(work, self.clock.now())),
            linkless=fault.times if isinstance(fault, NoLink) else 0,
            relapses=fault.times if isinstance(fault, GoesBack) else 0,
            folder_id=getattr(order.request, "folder_id", None),
            then=order.then,
            place=place,
            **order.fields,
        )
        self.account.begin(work, now)
        self.deliveries.expect(getattr(order.request, "callback_url", None))
        return work

    def _timeline(self, order: Order[Work[Any]], number: int, fault: ToWork | None) -> Timeline:
        if isinstance(fault, Stuck):
            return Timeline.stuck()
        wanted = self.render_seconds if order.seconds is None else order.seconds
        seconds = wanted(order.request) if callable(wanted) else usual_seconds(number) if wanted is None else wanted
        failure = Failure(fault.code, fault.message) if isinstance(fault, FailRender) else None
        return Timeline.lasting(seconds, failure)

    def _retry_after(self, now: float) -> int:
        """Return when to come back, in seconds of the world: that is where clients wait."""
        left = self.account.slots.until_next(now)
        wait = _LONGEST_RETRY if left is None else min(left, _LONGEST_RETRY)
        return max(1, math.ceil(wait / self.speed))


@frozen
class Visit:
    """One request being served: where the service is, as the client sees it, and when."""

    service: Service
    base: str
    """``http://127.0.0.1:8080``."""

    path: str
    """``/v3/videos``: where the request came in."""

    @property
    def account(self) -> Account:
        """Whose request it is."""
        return self.service.account

    @property
    def now(self) -> float:
        """The second, by the emulator's clock."""
        return self.service.clock.now()

    @property
    def unix(self) -> int:
        """The same in Unix seconds."""
        return self.service.unix(self.now)

    def undertake(self, order: Order[W]) -> W:
        """Begin what was ordered. Raises `Refusal` (429, 402), and then nothing was begun or charged."""
        (work,) = self.service.undertake(self.path, order)
        return work

    def link(self, path: str) -> str:
        """Return the address of a file, signed for seven days from now."""
        return self.base + self.service.signer.sign(path, self.unix)

    def file(self, work: Work[Any], name: str) -> str | None:
        """Return the address of a file of a work; ``None``: it is not completed, or has no such file."""
        ending = work.footage.ending(name) if work.linked(self.now) else None
        return None if ending is None else self.link(f"/files/{name}/{work.id}{ending}")

    def exhibit(self, name: str, ending: str, content: Callable[[], bytes], seconds: float = 5.0) -> str:
        """Return the address of a file that everybody may see; `content` makes it, once, in a thread.

        Args:
            name: unique among all exhibits, good for an address.
            ending: such as ``.png``.
            content: blocks, and returns the file.
            seconds: of a film or a sound, roughly: its stand-in is so long.

        """
        shelf = self.account.shelf(Exhibit)
        if name not in shelf:
            shelf.add(Exhibit(id=name, ending=ending, content=content, seconds=seconds))
        return f"{self.base}/presets/{name}{ending}"
