"""Asks HeyGen how far open jobs are, and takes in what it says.

Many are asked about at once: by one page of the account's list where they are all on it (`Watch.reach`), which shows
those that have ended whole, with their links; else by their statuses. A page of either is mostly about jobs that have
not changed, so an entry is read only where its word is another one than before. Whatever has ended and was not shown
whole wants a look of its own, a GET.
"""

import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from sys import intern
from typing import Any, Protocol, TypeVar

from attrs import evolve, frozen

from heygen_async.clock import Clock
from heygen_async.errors import AnswerUnreadable, BadRequest, HeyGenError, NotFound, NotPermitted
from heygen_async.job import Job, Stage, stage
from heygen_async.operation import Report, Request, Unread
from heygen_async.options import Polling
from heygen_async.polling import PAGE
from heygen_async.watches import Watch

__all__ = ["Inquiries"]

T = TypeVar("T")

log = logging.getLogger(__name__)

_ENDS = {Stage.COMPLETED, Stage.FAILED, Stage.GONE}


class Ask(Protocol):
    """Make a call to the API and return its answer."""

    def __call__(self, request: Request[T], /, *, refused: Callable[[], object] | None = None) -> Awaitable[T]:
        """Send `request`; `refused` is told of each 429."""
        ...


@frozen
class Inquiries:
    """What a watcher asks, and what it makes of the answers."""

    _ask: Ask
    _clock: Clock
    _polling: Polling
    _go_on: Callable[[Job[Any]], object]
    """Follows a job as what it has become."""

    async def ended(self, watch: Watch, ids: Sequence[str]) -> Sequence[str]:
        """Ask about several at once; return those ids that need a look of their own."""
        looks: list[str] = []
        if limit := watch.reach(ids, 2 if watch.kind.statuses is None else len(ids)):  # it saves a request
            ids = await self._from_list(watch, ids, limit, looks)
        if ids:
            looks += await self._shown(watch, await self._from_statuses(watch, ids))
        return looks

    async def _shown(self, watch: Watch, ended: Sequence[str]) -> Sequence[str]:
        """Read several that have ended in one page of the list; return those that need a look of their own."""
        if watch.kind.statuses is not None and (limit := watch.reach(ended, 2)):
            await self._from_list(watch, (), limit, [])
        return [job_id for job_id in ended if job_id in watch.open]

    async def look(self, watch: Watch, job_id: str) -> None:
        """Read one job whole, and settle it."""
        try:
            answer = await self._send(watch, watch.kind.get(job_id))
        except NotFound:
            self._settle(watch, job_id, Report("not_found"), None)
        except HeyGenError as error:
            self._refused(watch, [job_id], error)
        else:
            self._take_in(watch, job_id, answer)

    async def _from_list(self, watch: Watch, ids: Sequence[str], limit: int, looks: list[str]) -> Sequence[str]:
        """Read the newest of the account; return the ids that are still to be asked about. Adds to `looks`."""
        if watch.kind.listing is None:  # pragma: no cover  # then there is no reach
            return ids
        try:
            page = await self._send(watch, watch.kind.listing(limit))
        except (BadRequest, NotFound, NotPermitted, AnswerUnreadable) as error:
            watch.unlisted = True
            log.info("%s jobs are not looked up in their list any more: %s", watch.kind.noun, error)
            return ids
        except HeyGenError as error:
            self._refused(watch, ids, error)
            return ()
        now = self._clock.now()
        shown = {watch.kind.id_listed(entry.sent): (place, entry) for place, entry in enumerate(page.items)}
        for job_id, (place, entry) in shown.items():
            if job_id in watch.open and job_id not in watch.looking:
                watch.found(job_id, place)
                if not self._shows(watch, job_id, entry, now):
                    looks.append(job_id)
        return watch.missed(ids, shown, limit if page.has_more else PAGE, now)

    def _shows(self, watch: Watch, job_id: str, entry: Unread[Any], now: float) -> bool:
        """Take in an entry of a list; false when the job needs a look of its own."""
        if self._is_as_before(watch, job_id, entry, now):
            return True
        answer = entry.read()
        if answer is None:
            return False
        report = watch.kind.report(answer)
        match stage(report.status):
            case Stage.COMPLETED if not (report.link or report.parts):
                return False
            case Stage.FAILED if not (report.code or report.message):
                return False
        self._take_in(watch, job_id, answer)
        return True

    async def _from_statuses(self, watch: Watch, ids: Sequence[str]) -> Sequence[str]:
        """Ask for many statuses at once; return those ids that need a look of their own."""
        if watch.kind.statuses is None:
            return ids
        try:
            page = await self._send(watch, watch.kind.statuses(ids))
        except HeyGenError as error:
            if watch.kind.alone and isinstance(error, NotFound | BadRequest | NotPermitted):
                return ids  # the call itself is refused, perhaps for one of them: each id alone may be better
            self._refused(watch, ids, error)
            return ()
        entries = {watch.kind.id_in(entry.sent): entry for entry in page.items}
        unnamed = "" if page.has_more else "not_found"  # of an answer that was cut, what is not in it says nothing
        now = self._clock.now()
        news = [
            (job_id, entry)
            for job_id in ids
            if not self._is_as_before(watch, job_id, entry := entries.get(job_id), now)
        ]
        return [job_id for job_id, entry in news if self._has_ended(watch, job_id, entry, unnamed)]

    def _has_ended(self, watch: Watch, job_id: str, entry: Unread[Any] | None, unnamed: str) -> bool:
        """Take in an entry of a statuses call that says something new; true when the job needs a look of its own."""
        word = unnamed if entry is None else _word(entry.sent)
        if entry is not None and self._hand_over(watch, job_id, entry.read):
            return False
        if stage(word) not in _ENDS or self._is_too_new(watch, job_id, word):
            self._settle(watch, job_id, Report("queued" if stage(word) is Stage.GONE else word), None)
            return False
        if watch.kind.successor is None:
            return True
        fault = entry.sent.get("error") if entry is not None else None  # it has ended before it got an id:
        fault = fault if isinstance(fault, Mapping) else {}  # there is no more to be read
        self._settle(watch, job_id, Report(word, _text(fault.get("code")), _text(fault.get("message"))), None)
        return False

    def _is_as_before(self, watch: Watch, job_id: str, entry: Unread[Any] | None, now: float) -> bool:
        """Tell whether an entry says no more than was known; most do not, so this is quick."""
        follow = watch.open.get(job_id)
        if follow is None or follow.word is None or entry is None or entry.sent.get("status") != follow.word:
            return False
        if "progress" in entry.sent or (watch.kind.successor is not None and entry.sent.get("video_id")):
            return False
        watch.note_open(follow, now)
        return True

    def _is_too_new(self, watch: Watch, job_id: str, word: str) -> bool:
        """Tell whether HeyGen may only not have listed the item of a batch yet: it was accepted a moment ago."""
        follow = watch.open.get(job_id)
        if watch.kind.alone or follow is None or stage(word) is not Stage.GONE:
            return False
        return self._clock.now() - follow.since < self._polling.link_grace

    def _hand_over(self, watch: Watch, job_id: str, read: Callable[[], Any]) -> bool:
        """Follow a job as what it has become, if it has."""
        successor = watch.kind.successor
        answer = None if successor is None else read()
        new_id = None if successor is None or answer is None else successor.id_in(answer)
        if successor is None or new_id is None:
            return False
        if (follow := watch.drop(job_id)) is not None:
            watch.note_end(job_id, follow, Stage.COMPLETED, self._clock.now())
            for job in follow.jobs:
                job.become(successor.kind, new_id)
                self._go_on(job)
        return True

    def _take_in(self, watch: Watch, job_id: str, answer: Any) -> None:
        """Settle a job by what was read of it."""
        if self._hand_over(watch, job_id, lambda: answer):
            return
        report = watch.kind.report(answer)
        if self._lacks_link(watch, job_id, report):
            report, answer = Report("processing"), None
        elif watch.kind.successor is not None and stage(report.status) is Stage.COMPLETED:
            report = evolve(report, status="failed")  # it has ended, and nothing has come of it
        self._settle(watch, job_id, report, answer)

    def _settle(self, watch: Watch, job_id: str, report: Report, answer: Any) -> None:
        follow = watch.open.get(job_id)
        if follow is None:
            return
        follow.word = None if stage(report.status) in _ENDS else intern(report.status)
        for job in follow.jobs:
            job.settle(report, answer)
        if all(job.done() for job in follow.jobs):
            watch.drop(job_id)
            watch.note_end(job_id, follow, stage(report.status), self._clock.now())
        else:
            watch.note_open(follow, self._clock.now())

    def _lacks_link(self, watch: Watch, job_id: str, report: Report) -> bool:
        """Tell whether a completed job may still get its link: HeyGen completes some a moment too early."""
        follow = watch.open.get(job_id)
        completed = stage(report.status) is Stage.COMPLETED
        if follow is None or report.link or report.parts or not completed or not watch.kind.has_file:
            return False
        follow.linkless_since = self._clock.now() if follow.linkless_since is None else follow.linkless_since
        return self._clock.now() - follow.linkless_since < self._polling.link_grace

    def _refused(self, watch: Watch, ids: Sequence[str], error: HeyGenError) -> None:
        """Let pass what passes; hand everything else to those who wait."""
        if error.retryable:
            log.warning("could not ask for %d %s jobs, will ask again: %s", len(ids), watch.kind.noun, error)
            watch.soon(self._clock.now())
            return
        for job_id in ids:
            watch.abandon(job_id, lambda _: error)

    async def _send(self, watch: Watch, request: Request[T]) -> T:
        answer = await self._ask(request, refused=lambda: watch.refused(self._clock.now()))
        watch.pace.answered()
        return answer


def _word(sent: Mapping[str, Any]) -> str:
    """Find HeyGen's word for how far something is."""
    word = sent.get("status")
    return word if isinstance(word, str) else ""


def _text(value: object) -> str | None:
    return None if value is None else str(value)
