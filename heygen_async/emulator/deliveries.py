"""Webhooks: what becomes of works is delivered to the endpoints that want to know, and to the works' own callbacks.

Nothing runs in the background of the emulator, but somebody who is called cannot come and ask. So as soon as there is
anybody to call, an alarm of the clock lets the works age when the next of them is due. Every delivery is a task of its
own until it has arrived; `Deliveries.aclose` ends them all.

Signed as HeyGen does: hexadecimal HMAC-SHA256 of the body with the whole secret, under both names of the header. A
call that is not answered with 2xx within ten seconds is repeated after 5 s, 10 s, 20 s and so on, for 24 hours of the
clock; callbacks of single works, which are not signed, three times in all. The emulator calls this machine only.
"""

import asyncio
import json
import logging
import secrets
import time
from collections import deque
from collections.abc import Callable, Coroutine, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, Literal
from urllib.parse import urlsplit

import aiohttp
from attrs import define, field, frozen

from heygen_async.clock import Alarm, Clock
from heygen_async.emulator import faults
from heygen_async.emulator.account import Account
from heygen_async.emulator.agents import Session
from heygen_async.emulator.faults import Faults
from heygen_async.emulator.log import Log
from heygen_async.emulator.remote import is_loopback
from heygen_async.emulator.shelf import Thing
from heygen_async.emulator.works import Series, Work
from heygen_async.webhooks.webhook import Secret, sign

__all__ = ["Attempt", "Deliveries", "Generation", "Happened", "Hook", "new_secret"]

logger = logging.getLogger("heygen_async.emulator")

Generation = Literal["both", "new", "old"]
"""How deliveries are written: with the headers of both generations, with the newer ones (and a timestamp and the
event's id), or as of old: ``Signature`` alone, and a body without the event's id and date."""

_FIRST_PAUSE, _LONGEST_PAUSE, _LIFE = 5.0, 6 * 3600.0, 24 * 3600.0
"""Seconds of the clock before the second try, between two tries at most, and from the first to the last."""

_CALLBACK_TRIES = 3
_PROBE = 1.0
"""Real seconds that an endpoint has to answer an OPTIONS request."""

_KINDS = {
    "video": ("avatar_video", "video_id"),
    "video translation": ("video_translate", "video_translate_id"),
    "proofread": ("proofread_creation", "proofread_id"),
    "training": ("photo_avatar_train", "id"),
    "agent run": (None, "id"),
    "AI clipping": ("ai_clipping", "id"),
    "filler word removal": ("filler_word_removal", "id"),
}
"""What the events of a work are called, and where they have its id; the others are heard of by callbacks only."""


def new_secret() -> str:
    """Make what an endpoint's deliveries are signed with."""
    return f"whsec_{secrets.token_urlsafe(24)}"


@define(eq=False, kw_only=True)
class Hook(Thing):
    """An endpoint."""

    noun = "webhook endpoint"
    missing = "webhook_not_found"

    url: str
    events: tuple[str, ...] | None
    """What it wants to know; ``None``: everything."""

    secret: str = field(factory=new_secret, repr=False)
    created_at: str
    """ISO 8601."""

    def wants(self, kind: str) -> bool:
        """Tell whether it wants to know of events of this type."""
        return self.events is None or kind in self.events


@define(eq=False, kw_only=True)
class Happened(Thing):
    """An event; its id begins with ``evt_``."""

    noun = "event"

    id: str = field(factory=lambda: f"evt_{secrets.token_hex(12)}")
    type: str
    data: Mapping[str, Any]
    created_at: str
    """ISO 8601."""

    def body(self, generation: Generation) -> bytes:
        """Write what is delivered."""
        old = {"event_type": self.type, "event_data": self.data}
        new = {"event_id": self.id, **old, "created_at": self.created_at}
        return json.dumps(old if generation == "old" else new).encode()


@frozen(kw_only=True)
class Attempt:
    """A call that was made, or should have been."""

    event: Happened
    url: str
    at: float
    """When it ended, by the emulator's clock."""

    status: int | None
    """What was answered; ``None``: nothing, or it was lost."""

    fate: faults.ToDelivery | None = None
    """What went wrong with it on request."""


@define(eq=False, kw_only=True)
class Deliveries:
    """Who is called, what is under way, and what there was."""

    clock: Clock
    account: Account
    faults: Faults
    log: Log
    epoch: float
    """Unix seconds at which the clock stood at 0."""

    generation: Generation = "both"
    patience: float = 10.0
    """Real seconds that somebody who is called has to answer."""

    link: Callable[[Work[Any]], str | None] = field(default=lambda _: None)
    """Finds the address of a work's film."""

    attempts: deque[Attempt] = field(factory=lambda: deque(maxlen=20_000), init=False)
    """The calls, in the order in which they ended."""

    _called: bool = field(default=False, init=False)
    _alarm: Alarm | None = field(default=None, init=False)
    _tasks: "set[asyncio.Task[None]]" = field(factory=set, init=False)
    _session: aiohttp.ClientSession | None = field(default=None, init=False)
    _passing: asyncio.Event = field(factory=asyncio.Event, init=False)
    _closed: bool = field(default=False, init=False)

    def __attrs_post_init__(self) -> None:
        self.account.on_end.append(self._tell)

    def now_written(self) -> str:
        """Write the time of the clock as HeyGen does."""
        return datetime.fromtimestamp(int(self.epoch + self.clock.now()), UTC).isoformat().replace("+00:00", "Z")

    def expect(self, *callbacks: str | None) -> None:
        """Have works age by themselves from now on, if there is anybody to call; `callbacks` are those of a request."""
        self._called = self._called or bool(self.account.shelf(Hook)) or any(map(_is_near, callbacks))
        if self._called and not self._closed:
            self._set_alarm()

    async def probe(self, url: str) -> bool:
        """Ask an endpoint whether it is there, with an OPTIONS request. What is not on this machine counts as there."""
        if not is_loopback(url):
            self.log.note(f"{url} is out of reach; nothing will be delivered there")
            return True
        try:
            async with asyncio.timeout(_PROBE), self._connections().options(url, allow_redirects=False) as answer:
                return answer.status < 400  # noqa: PLR2004  # what HTTP calls an error
        except (aiohttp.ClientError, OSError):  # a TimeoutError is an OSError
            return False

    def tell(self, kind: str, data: Mapping[str, Any], callback: str | None = None) -> Happened:
        """Deliver an event to the endpoints that want to know, and to a callback."""
        event = Happened(type=kind, data=data, created_at=self.now_written())
        hooks = [hook for hook in self.account.shelf(Hook).values() if hook.wants(kind)]
        if hooks:
            self.account.shelf(Happened).add(event)
        for hook in hooks:
            self._begin(hook.url, self._deliver(event, hook.url, hook))
        if callback is not None:
            self._begin(callback, self._deliver(event, callback, None))
        return event

    async def forge(self, url: str, kind: str, data: Mapping[str, Any], *, signed: bool = True) -> int | None:
        """Call `url` as somebody who knows no secret would, and return the status; `signed`: with a made-up one."""
        event = Happened(type=kind, data=data, created_at=self.now_written())
        return await self._post(event, url, new_secret() if signed else None)

    async def idle(self) -> None:
        """Wait until nothing is under way. What waits for its next try counts as being so."""
        while self._tasks:
            await asyncio.wait(self._tasks)

    async def aclose(self) -> None:
        """End everything that is under way."""
        self._closed = True
        if self._alarm is not None:
            self._alarm.cancel()
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        if self._session is not None:
            await self._session.close()

    def _tell(self, work: Work[Any]) -> None:
        """Tell of the end of a work, and of its batch."""
        callback = getattr(work.request, "callback_url", None)
        prefix, place = _KINDS.get(work.noun, (work.noun.replace(" ", "_"), "id"))
        if prefix is not None and (callback or work.noun in _KINDS):
            end = "fail" if work.failure else "success"
            self.tell(f"{prefix}.{end}", dict(self._story(work, place)), callback)
        for session in self.account.shelf(Session).values():
            if work in session.videos:
                end = "fail" if work.failure else "success"
                self.tell(f"video_agent.{end}", {"session_id": session.id, "video_id": work.id})
        series = work.series
        if series is not None and all(_has_ended(item) for item in series.items) and _last(series) is work:
            self.tell("batch.finished", {"batch_id": series.id}, series.callback_url)
        self.expect()

    def _story(self, work: Work[Any], place: str) -> Iterator[tuple[str, Any]]:
        """Say what an event says of a work."""
        yield place, work.id
        yield "callback_id", getattr(work.request, "callback_id", None)
        if work.failure:
            yield ("msg" if work.noun == "video" else "message"), work.failure.message
            return
        yield "url", self.link(work)
        if work.noun == "video":
            yield "folder_id", work.folder_id
            yield "video_page_url", f"https://app.heygen.com/videos/{work.id}"
        if (language := getattr(work, "output_language", None)) is not None:
            yield "output_language", language

    def _set_alarm(self) -> None:
        if self._alarm is not None:
            self._alarm.cancel()
        now = self.clock.now()
        left = self.account.until_next(now)
        self._alarm = None if left is None else self.clock.call_at(now + left, self._age)

    def _age(self) -> None:
        if not self._closed:
            self.account.advance(self.clock.now())
            self._set_alarm()

    def _begin(self, url: str, delivery: Coroutine[Any, Any, None]) -> None:
        if self._closed or not is_loopback(url):
            self.log.note(f"{url} is out of reach; it is not called")
            delivery.close()
            return
        task = asyncio.get_running_loop().create_task(delivery, name="heygen_async.emulator delivery")
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _deliver(self, event: Happened, url: str, hook: Hook | None) -> None:
        """Call until it is answered with 2xx, or is too old."""
        began, pause, tries = self.clock.now(), _FIRST_PAUSE, 0
        while not await self._try(event, url, hook):
            tries += 1
            late = self.clock.now() + pause - began > _LIFE
            if late or (hook is None and tries >= _CALLBACK_TRIES):
                self.log.note(f"{event.type} {event.id} could not be delivered to {url}")
                return
            await self.clock.sleep(pause)
            pause = min(2 * pause, _LONGEST_PAUSE)
            if hook is not None and hook.id not in self.account.shelf(Hook):
                return

    async def _try(self, event: Happened, url: str, hook: Hook | None) -> bool:
        """Call once, or as a test wants it; true if HeyGen believes that it has arrived."""
        fate = self.faults.take("POST", urlsplit(url).path, faults.ToDelivery)
        status: int | None = None
        match fate:
            case faults.Delayed(seconds):
                await self.clock.sleep(seconds)
            case faults.Overtaken():
                await self._be_overtaken()
            case faults.Doubled():
                await self._post(event, url, None if hook is None else hook.secret)
        if isinstance(fate, faults.Forged):
            status = await self._post(event, url, new_secret())
        elif not isinstance(fate, faults.Lost):
            status = await self._post(event, url, None if hook is None else hook.secret)
        self.attempts.append(Attempt(event=event, url=url, at=self.clock.now(), status=status, fate=fate))
        return isinstance(fate, faults.Lost) or (status is not None and 200 <= status < 300)  # noqa: PLR2004  # 2xx

    async def _be_overtaken(self) -> None:
        """Wait until another call was made."""
        self._passing.clear()
        passing, clock = asyncio.ensure_future(self._passing.wait()), asyncio.ensure_future(self.clock.sleep(60))
        try:
            await asyncio.wait([passing, clock], return_when=asyncio.FIRST_COMPLETED)
        finally:
            passing.cancel()
            clock.cancel()

    async def _post(self, event: Happened, url: str, secret: str | None) -> int | None:
        """Make a call; ``None``: no answer. A redirect is an answer, and could lead off this machine."""
        body = event.body(self.generation)
        try:
            async with (
                asyncio.timeout(self.patience),
                self._connections().post(
                    url, data=body, headers=self._headers(event, body, secret), allow_redirects=False
                ) as answer,
            ):
                return answer.status
        except (aiohttp.ClientError, OSError) as fault:
            logger.info("%s could not be reached: %s", url, type(fault).__name__)
            return None
        finally:
            self._passing.set()

    def _headers(self, event: Happened, body: bytes, secret: str | None) -> dict[str, str]:
        headers = {"Content-Type": "application/json"}
        if secret is None:
            return headers
        signature = sign(body, Secret(secret))
        if self.generation != "new":
            headers["Signature"] = signature
        if self.generation != "old":
            headers["Heygen-Signature"] = signature
            headers["Heygen-Timestamp"] = f"{time.time():.0f}"  # whoever is called goes by the world's clock
            headers["Heygen-Event-Id"] = event.id
        return headers

    def _connections(self) -> aiohttp.ClientSession:
        self._session = self._session or aiohttp.ClientSession()
        return self._session


def _is_near(url: str | None) -> bool:
    return url is not None and is_loopback(url)


def _has_ended(item: object) -> bool:
    return not isinstance(item, Work) or item.ended is not None


def _last(series: Series) -> Work[Any] | None:
    """Find the work of a batch that ended last."""
    works = [item for item in series.items if isinstance(item, Work)]
    return max(works, key=lambda work: (work.ended or 0.0, work.item_index or 0), default=None)
