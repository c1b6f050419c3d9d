"""Follows every open job with one task.

A tick is one request for up to a hundred jobs: a page of the account's list, or their statuses
(`heygen_async.inquiries` chooses). Most of them have not changed, and that is all. What has ended and was not shown
whole is read by a GET, for its result and a freshly signed link; these run beside the ticks, so a slow one holds nobody
up. Kinds of jobs that HeyGen has neither a list nor a statuses call for are asked one by one. When a tick is due is
`heygen_async.polling`'s business, or, for a few jobs of a sort that is known, `heygen_async.foresight`'s.

Nothing is asked for ever: a job leaves when it is terminal, when HeyGen does not know it, when HeyGen refuses to
talk to us (a wrong key), or after `Polling.give_up_after`. What passes (a time-out, a 5xx) is asked again at the
next tick.

The task starts with the first open job and ends with the last. It belongs to the client: `aclose` ends it. A loop
that ends takes it along, and the next loop that waits for a job starts another.

A webhook is a wake-up: whoever is `told` of, or `hinted` at, is looked at at once, by a GET of its own. Only what that
GET says counts. So an event that is forged, late, doubled or in the wrong order changes nothing, and one that is lost
is found out at the next tick, the latest after `Polling.safety_tick`.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from contextvars import Context
from functools import partial
from typing import Any, Protocol, TypeVar
from weakref import WeakSet

from heygen_async.clock import Clock
from heygen_async.errors import ClientMisused, HeyGenError, JobTimeout
from heygen_async.eta import Eta
from heygen_async.foresight import Foresight
from heygen_async.inquiries import Ask, Inquiries
from heygen_async.job import Job
from heygen_async.operation import Request
from heygen_async.options import Polling
from heygen_async.polling import PAGE
from heygen_async.watches import Watch, Watches

__all__ = ["Watcher", "Watchers"]

T = TypeVar("T")

log = logging.getLogger(__name__)


class Send(Protocol):
    """Make a call to the API and return its answer."""

    def __call__(self, request: Request[T], /) -> Awaitable[T]:
        """Send `request`."""
        ...


class Watcher:
    """Settles open jobs. One for each client."""

    def __init__(self, ask: Ask, clock: Clock, polling: Polling, foresight: Foresight | None = None) -> None:
        self._clock = clock
        self._polling = polling
        self.foresight = foresight or Foresight()
        """What is learned of how long jobs take."""
        self._watches = Watches(polling, self.foresight.pause, self.foresight.ended)
        self._inquiries = Inquiries(ask, clock, polling, self._go_on)
        self._task: asyncio.Task[None] | None = None
        self._pause: asyncio.Future[None] | None = None
        self._closed = False

    def __repr__(self) -> str:
        return f"<Watcher {len(self)} open>"

    def __len__(self) -> int:
        return len(self._watches)

    @property
    def jobs(self) -> Sequence[Job[Any]]:
        """The open jobs, oldest first within their kind."""
        return [job for watch in self._watches for follow in watch.open.values() for job in follow.jobs]

    def follow(self, job: Job[Any]) -> None:
        """Look after `job` from now on; one that was picked up by its id, which may be long done, at once."""
        if self._closed:
            raise ClientMisused(f"the client is closed; make another one to wait for {job!r}")
        if job.done():
            return
        now = self._clock.now()
        watch = self._watches.of(job.kind)
        new = watch.follow(job, now)
        self.resume()
        if new and not self._watches.welcome(watch, job, now) and job.request is None:
            watch.round.hint(job.id)
        self._wake()

    def eta(self, job: Job[Any]) -> Eta | None:
        """Say when an open job will be done; ``None``: it is not followed, or nothing is known of its like."""
        watch = self._watches.by_noun.get(job.kind.noun)
        follow = None if watch is None else watch.open.get(job.id)
        return None if follow is None else self.foresight.eta(job, self._clock.now() - follow.since)

    def _go_on(self, job: Job[Any]) -> None:
        """Follow a job as what it has become; it may have ended already."""
        self.follow(job)
        self.notice(job.kind.noun, job.id)

    def notice(self, noun: str, job_id: str) -> bool:
        """Have a job in the next tick, and that now. False when it is not followed."""
        watch = self._watches.by_noun.get(noun)
        known = watch is not None and watch.round.hint(job_id)
        if known:
            self._wake()
        return known

    def told(self, ids: Sequence[str]) -> None:
        """Look at whatever has one of these ids: HeyGen says, signed, that it has changed.

        What nobody follows yet is kept for ten minutes.
        """
        now = self._clock.now()
        wanted = [self._watches.told(each, now) for each in ids]
        if any(wanted):
            self.resume()
            self._wake()

    def hinted(self, token: str) -> None:
        """Look at the job whose path has this token: whoever knows it says that it has changed.

        The same job is looked at once in ten ticks, whatever is said; several jobs share one request.
        """
        if self._watches.hinted(token, self._clock.now()):
            self.resume()
            self._wake()

    def resume(self) -> None:
        """Have the task run in this loop, if there is anything to look after."""
        running = self._task is not None and not self._task.done()
        if running and self._task is not None and self._task.get_loop() is asyncio.get_running_loop():
            return
        if len(self):
            self._pause = None  # an earlier loop's
            self._task = asyncio.get_running_loop().create_task(
                self._run(),
                name="heygen_async watcher",
                context=Context(),  # it works for all, and not for who comes first
            )

    async def aclose(self) -> None:
        """Stop, and end all waits: the jobs themselves go on at HeyGen."""
        self._closed = True
        task, self._task = self._task, None
        try:
            if task is not None and task.get_loop() is asyncio.get_running_loop():
                task.cancel()
                await asyncio.gather(task, return_exceptions=True)
        finally:  # whoever closes may be cancelled meanwhile; nobody must wait for a task that has ended
            self._let_go(
                lambda job: ClientMisused(f"the client was closed; {job.kind.noun} {job.id} goes on at HeyGen")
            )

    async def _run(self) -> None:
        for watch in self._watches:  # what an earlier loop did ended with it
            watch.looking.clear()
            watch.ticks = 0
        try:
            while len(self):  # again, for jobs that came while the last looks ended
                async with asyncio.TaskGroup() as looks:
                    await self._keep_looking(looks)
        except Exception as fault:  # a mistake of ours must not leave anybody waiting for ever
            log.exception("the watcher broke")
            reason = repr(fault)
            self._let_go(lambda job: HeyGenError(f"the watcher broke while following {job!r}: {reason}"))

    async def _keep_looking(self, looks: asyncio.TaskGroup) -> None:
        """Go on for as long as there are open jobs, or requests under way. Ticks and looks run beside each other."""
        while len(self) or self._watches.busy:
            await self._rest()
            now = self._clock.now()
            for watch in self._watches:
                if watch.pace.check(now):
                    watch.soon(now)
                for job_id in watch.take_asked():
                    self._begin_look(watch, job_id, looks)
                if watch.ready(now):
                    ids = watch.begin_tick(PAGE, now)
                    looks.create_task(self._tick(watch, ids, looks), name=f"heygen_async tick {watch.kind.noun}")
            self._give_up()

    async def _rest(self) -> None:
        """Wait until there is something to do."""
        now = self._clock.now()
        if any(watch.asked or watch.ready(now) for watch in self._watches):
            return
        self._pause = pause = asyncio.get_running_loop().create_future()
        when = self._watches.appointment()
        alarm = None if when is None else self._clock.call_at(when, partial(_end, pause))
        try:
            await pause
        finally:
            if alarm is not None:
                alarm.cancel()

    def _wake(self) -> None:
        if self._pause is not None:
            _end(self._pause)

    async def _tick(self, watch: Watch, ids: Sequence[str], looks: asyncio.TaskGroup) -> None:
        try:
            for job_id in await self._inquiries.ended(watch, ids):
                self._begin_look(watch, job_id, looks)
        finally:
            watch.end_tick(self._clock.now())
            self._wake()

    def _begin_look(self, watch: Watch, job_id: str, looks: asyncio.TaskGroup) -> None:
        if job_id in watch.open and job_id not in watch.looking:
            watch.looking.add(job_id)
            looks.create_task(self._look(watch, job_id), name=f"heygen_async look {job_id}")

    async def _look(self, watch: Watch, job_id: str) -> None:
        try:
            await self._inquiries.look(watch, job_id)
        finally:
            watch.looking.discard(job_id)
            self._look_back(watch, job_id)
            self._wake()

    def _look_back(self, watch: Watch, job_id: str) -> None:
        """Look again at a job that is said to have changed meanwhile."""
        follow = watch.open.get(job_id)
        if follow is not None and follow.again:
            follow.again = False
            watch.ask(job_id, alone=True)

    def _give_up(self) -> None:
        """Let go of jobs that were followed for too long."""
        patience = self._polling.give_up_after
        for watch in self._watches:
            while (job_id := watch.overdue(self._clock.now() - patience)) is not None:
                watch.abandon(job_id, lambda job: JobTimeout(job, patience))

    def _let_go(self, error: Callable[[Job[Any]], HeyGenError]) -> None:
        """End the waits for all jobs."""
        for job in self.jobs:
            job.abandon(error(job))
        self._watches.clear()


class Watchers:
    """The watchers of a client and of those made from it: what webhooks tell is meant for all of them."""

    def __init__(self) -> None:
        self._all = WeakSet[Watcher]()

    def add(self, watcher: Watcher) -> Watcher:
        """Have a watcher hear of everything."""
        self._all.add(watcher)
        return watcher

    def told(self, ids: Sequence[str]) -> None:
        """HeyGen says, signed, that what has one of these ids has changed."""
        for watcher in self._all:
            watcher.told(ids)

    def hinted(self, token: str) -> None:
        """Whoever knows the path of a job says that it has changed."""
        for watcher in self._all:
            watcher.hinted(token)


def _end(pause: "asyncio.Future[None]") -> None:
    if not pause.done():
        pause.set_result(None)
