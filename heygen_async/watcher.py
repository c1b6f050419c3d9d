"""Follows every open job with one task.

A tick is one request: the statuses of up to a hundred jobs (`heygen_async.polling` says which). Most of them have
not changed, and that is all. For each that has ended, one GET follows, because only that brings the result and a
freshly signed link; these run beside the ticks, so a slow one holds nobody up. Kinds of jobs that HeyGen has no
statuses call for are asked one by one.

Nothing is asked for ever: a job leaves when it is terminal, when HeyGen does not know it, when HeyGen refuses to
talk to us (a wrong key), or after `Polling.give_up_after`. What passes (a time-out, a 5xx) is asked again at the
next tick.

The task starts with the first open job and ends with the last. It belongs to the client: `aclose` ends it. A loop
that ends takes it along, and the next loop that waits for a job starts another.

A webhook is a wake-up: `notice` makes the job due at once.
"""

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from typing import Any, Protocol, TypeVar

from attrs import define, field

from heygen_async.clock import Clock
from heygen_async.errors import BadRequest, ClientMisused, HeyGenError, JobTimeout, NotFound, NotPermitted
from heygen_async.job import Job, Stage, stage
from heygen_async.operation import JobKind, Report, Request
from heygen_async.options import Polling
from heygen_async.polling import PAGE, Round

__all__ = ["Watcher"]

T = TypeVar("T")

log = logging.getLogger(__name__)


class Send(Protocol):
    """Make a call to the API and return its answer."""

    def __call__(self, request: Request[T], /) -> Awaitable[T]:
        """Send `request`."""
        ...


@define
class _Follow:
    """What the watcher remembers of an id."""

    since: float
    jobs: list[Job[Any]] = field(factory=list)
    linkless_since: float | None = None


@define
class _Watch:
    """The open jobs of one kind, in the order in which they came."""

    kind: JobKind[Any]
    open: "OrderedDict[str, _Follow]" = field(factory=OrderedDict)
    round: Round[str] = field(factory=Round)
    looking: set[str] = field(factory=set)
    """Ids that a GET is under way for."""


class Watcher:
    """Settles open jobs. One for each client."""

    def __init__(self, send: Send, clock: Clock, polling: Polling) -> None:
        self._send = send
        self._clock = clock
        self._polling = polling
        self._watches: dict[str, _Watch] = {}
        self._task: asyncio.Task[None] | None = None
        self._pause: asyncio.Future[None] | None = None
        self._closed = False

    def __repr__(self) -> str:
        return f"<Watcher {len(self)} open>"

    def __len__(self) -> int:
        return sum(len(watch.open) for watch in self._watches.values())

    @property
    def jobs(self) -> Sequence[Job[Any]]:
        """The open jobs, oldest first within their kind."""
        return [job for watch in self._watches.values() for follow in watch.open.values() for job in follow.jobs]

    def follow(self, job: Job[Any]) -> None:
        """Look after `job` from now on; one that was picked up by its id, which may be long done, at once."""
        if self._closed:
            raise ClientMisused(f"the client is closed; make another one to wait for {job!r}")
        if job.done():
            return
        watch = self._watches.setdefault(job.kind.noun, _Watch(job.kind))
        follow = watch.open.setdefault(job.id, _Follow(self._clock.now()))
        new = job not in follow.jobs
        if new:
            follow.jobs.append(job)
            watch.round.add(job.id)
        self.resume()
        if new and job.request is None:
            self.notice(job.kind.noun, job.id)

    def notice(self, noun: str, job_id: str) -> bool:
        """Look at a job now: somebody says that it changed. False when it is not followed."""
        watch = self._watches.get(noun)
        known = watch is not None and watch.round.hint(job_id)
        if known and self._pause is not None:
            _end(self._pause)
        return known

    def resume(self) -> None:
        """Have the task run in this loop, if there is anything to look after."""
        running = self._task is not None and not self._task.done()
        if running and self._task is not None and self._task.get_loop() is asyncio.get_running_loop():
            return
        if len(self):
            self._pause = None  # an earlier loop's
            self._task = asyncio.get_running_loop().create_task(self._run(), name="heygen_async watcher")

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
        for watch in self._watches.values():
            watch.looking.clear()  # the looks of an earlier loop ended with it
        try:
            while len(self):  # again, for jobs that came while the last looks ended
                async with asyncio.TaskGroup() as looks:
                    await self._keep_looking(looks)
        except Exception as fault:  # a mistake of ours must not leave anybody waiting for ever
            log.exception("the watcher broke")
            reason = repr(fault)
            self._let_go(lambda job: HeyGenError(f"the watcher broke while following {job!r}: {reason}"))

    async def _keep_looking(self, looks: asyncio.TaskGroup) -> None:
        """Tick for as long as there are open jobs."""
        while len(self):
            await self._rest()
            for watch in list(self._watches.values()):
                await self._tick(watch, looks)
            self._give_up()

    async def _rest(self) -> None:
        """Wait for the next tick, or for a notice."""
        if any(watch.round.hinted for watch in self._watches.values()):
            return
        self._pause = pause = asyncio.get_running_loop().create_future()
        alarm = self._clock.call_at(self._clock.now() + self._polling.tick, partial(_end, pause))
        try:
            await pause
        finally:
            alarm.cancel()

    async def _tick(self, watch: _Watch, looks: asyncio.TaskGroup) -> None:
        ids = [job_id for job_id in watch.round.take(PAGE) if job_id not in watch.looking]
        if not ids:
            return
        for job_id in await self._ended(watch, ids):
            watch.looking.add(job_id)
            looks.create_task(self._look(watch, job_id), name=f"heygen_async look {job_id}")

    async def _ended(self, watch: _Watch, ids: Sequence[str]) -> Sequence[str]:
        """Ask for many statuses at once; return those ids that need a look of their own."""
        if watch.kind.statuses is None:
            return ids
        try:
            page = await self._send(watch.kind.statuses(ids))
        except HeyGenError as error:
            if watch.kind.alone and isinstance(error, NotFound | BadRequest | NotPermitted):
                return ids  # the call itself is refused, perhaps for one of them: each id alone may be better
            self._refused(watch, ids, error)
            return ()
        entries = {watch.kind.id_in(entry): entry for entry in page.items}
        return [job_id for job_id in ids if self._has_ended(watch, job_id, entries.get(job_id))]

    def _has_ended(self, watch: _Watch, job_id: str, entry: Any) -> bool:
        """Take in an entry of a statuses call; true when the job needs a look of its own."""
        word = "not_found" if entry is None else entry.status
        if entry is not None and self._hand_over(watch, job_id, entry):
            return False
        if stage(word) not in {Stage.COMPLETED, Stage.FAILED, Stage.GONE}:
            self._settle(watch, job_id, Report(word), None)
            return False
        if watch.kind.successor is None:
            return True
        fault = getattr(entry, "error", None) or {}  # it has ended before it got an id: there is no more to be read
        self._settle(watch, job_id, Report(word, fault.get("code"), fault.get("message")), None)
        return False

    def _hand_over(self, watch: _Watch, job_id: str, answer: Any) -> bool:
        """Follow a job as what it has become, if it has."""
        successor = watch.kind.successor
        new_id = None if successor is None else successor.id_in(answer)
        if successor is None or new_id is None:
            return False
        follow = self._drop(watch, job_id)
        for job in follow.jobs if follow is not None else ():
            job.become(successor.kind, new_id)
            self.follow(job)
        self.notice(successor.kind.noun, new_id)  # it may have ended already
        return True

    async def _look(self, watch: _Watch, job_id: str) -> None:
        """Read one job whole, and settle it."""
        try:
            answer = await self._send(watch.kind.get(job_id))
        except NotFound:
            self._settle(watch, job_id, Report("not_found"), None)
        except HeyGenError as error:
            self._refused(watch, [job_id], error)
        else:
            self._take_in(watch, job_id, answer)
        finally:
            watch.looking.discard(job_id)

    def _take_in(self, watch: _Watch, job_id: str, answer: Any) -> None:
        """Settle a job by what was read of it."""
        if self._hand_over(watch, job_id, answer):
            return
        report = watch.kind.report(answer)
        if self._lacks_link(watch, job_id, report):
            report, answer = Report("processing"), None
        self._settle(watch, job_id, report, answer)

    def _settle(self, watch: _Watch, job_id: str, report: Report, answer: Any) -> None:
        follow = watch.open.get(job_id)
        if follow is None:
            return
        for job in follow.jobs:
            job.settle(report, answer)
        if all(job.done() for job in follow.jobs):
            self._drop(watch, job_id)

    def _lacks_link(self, watch: _Watch, job_id: str, report: Report) -> bool:
        """Tell whether a completed job may still get its link: HeyGen completes some a moment too early."""
        follow = watch.open.get(job_id)
        if follow is None or report.link or stage(report.status) is not Stage.COMPLETED:
            return False
        follow.linkless_since = self._clock.now() if follow.linkless_since is None else follow.linkless_since
        return self._clock.now() - follow.linkless_since < self._polling.link_grace

    def _refused(self, watch: _Watch, ids: Sequence[str], error: HeyGenError) -> None:
        """Let pass what passes; hand everything else to those who wait."""
        if error.retryable:
            log.warning("could not ask for %d %s jobs, will ask again: %s", len(ids), watch.kind.noun, error)
            return
        for job_id in ids:
            self._abandon(watch, job_id, lambda _: error)

    def _give_up(self) -> None:
        """Let go of jobs that were followed for too long; the oldest come first."""
        for watch in self._watches.values():
            for job_id, follow in list(watch.open.items()):
                if self._clock.now() - follow.since < self._polling.give_up_after:
                    break
                self._abandon(watch, job_id, lambda job: JobTimeout(job, self._polling.give_up_after))

    def _abandon(self, watch: _Watch, job_id: str, error: Callable[[Job[Any]], HeyGenError]) -> None:
        follow = self._drop(watch, job_id)
        for job in follow.jobs if follow is not None else ():
            job.abandon(error(job))

    def _let_go(self, error: Callable[[Job[Any]], HeyGenError]) -> None:
        """End the waits for all jobs."""
        for job in self.jobs:
            job.abandon(error(job))
        self._watches.clear()

    def _drop(self, watch: _Watch, job_id: str) -> _Follow | None:
        watch.round.drop(job_id)
        return watch.open.pop(job_id, None)


def _end(pause: "asyncio.Future[None]") -> None:
    if not pause.done():
        pause.set_result(None)
