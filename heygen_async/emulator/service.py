"""HeyGen, as far as it is emulated, without its HTTP."""

import math
from collections.abc import Callable
from pathlib import Path

from attrs import astuple, define, field, fields, frozen

from heygen_async.api.videos import VideoRequest
from heygen_async.clock import Clock
from heygen_async.emulator.account import Account, Production, fresh_id
from heygen_async.emulator.casting import Casting
from heygen_async.emulator.faults import FailRender, Faults, NoLink, Stuck, ToVideo
from heygen_async.emulator.footage import Studio
from heygen_async.emulator.idempotency import Replays
from heygen_async.emulator.log import Log
from heygen_async.emulator.materials import Materials
from heygen_async.emulator.refusals import Refusal
from heygen_async.emulator.rendering import Failure, Timeline, usual_seconds
from heygen_async.emulator.screenplay import Screenplay
from heygen_async.emulator.signing import Signer
from heygen_async.emulator.threads import Threads

__all__ = ["Folders", "RenderSeconds", "Service", "Visit"]

RenderSeconds = float | Callable[[VideoRequest], float] | None
"""Seconds that a render takes, or a function that says so for each video; ``None``: 60 to 180, told by its number."""

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
    queue: bool
    """Whether videos above the cap wait, instead of being refused."""

    render_seconds: RenderSeconds
    placeholders: bool
    api_key: str | None
    """The only one that opens; ``None``: any does."""

    signer: Signer = field(factory=Signer, init=False)
    replays: Replays = field(factory=Replays, init=False)

    def unix(self, second: float) -> int:
        """Return a second of the clock as Unix seconds."""
        return int(self.epoch + second)

    async def create(self, request: VideoRequest) -> Production:
        """Begin a video. Raises `Refusal`, and then nothing was begun or charged."""
        play = await self.casting.cast(request)
        now = self.clock.now()
        self.account.advance(now)
        if self.account.slots.full and not self.queue:
            cap = self.account.slots.cap
            raise Refusal(
                429,
                "rate_limit_exceeded",
                f"Concurrent video limit reached: {cap} videos are rendering. Retry when one of them is done.",
                retry_after=self._retry_after(now),
            )
        return self.take_on(request, play, "/v3/videos")

    def take_on(self, request: VideoRequest, play: Screenplay, path: str) -> Production:
        """Charge for a video and give it a slot, or a place in the queue. Raises `Refusal` (402)."""
        video_id, now = fresh_id(), self.clock.now()
        self.account.wallet.charge(video_id, play.price)
        fault = self.faults.take("POST", path, ToVideo)
        place = self.account.next_place()
        production = Production(
            id=video_id,
            request=request,
            cost=play.price,
            created_at=self.unix(now),
            timeline=self._timeline(request, place, fault),
            footage=self.studio.film(play, video_id, lambda: self.account.filmed(production, self.clock.now())),
            linkless=fault.times if isinstance(fault, NoLink) else 0,
            folder_id=request.folder_id,
            place=place,
        )
        self.account.videos[video_id] = production
        self.account.slots.admit(production, now)
        return production

    def _timeline(self, request: VideoRequest, number: int, fault: ToVideo | None) -> Timeline:
        if isinstance(fault, Stuck):
            return Timeline.stuck()
        wanted = self.render_seconds
        seconds = wanted(request) if callable(wanted) else usual_seconds(number) if wanted is None else wanted
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

    def link(self, path: str) -> str:
        """Return the address of a file, signed for seven days from now."""
        return self.base + self.service.signer.sign(path, self.unix)
