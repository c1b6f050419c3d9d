"""What the watcher remembers of the open jobs, and what webhooks have to say about them. No I/O and no clock.

`Watches` turns what was heard, ids that HeyGen vouches for and tokens that it does not, into jobs that are worth a
look. What is heard of a job before anybody follows it is kept for a while.
"""

from collections import OrderedDict
from collections.abc import Iterator
from typing import Any

from attrs import define, field

from heygen_async.job import Job, Stage
from heygen_async.operation import JobKind
from heygen_async.options import Polling
from heygen_async.polling import LATE, Early, Pace, Round
from heygen_async.webhooks.callbacks import token_in

__all__ = ["Follow", "Watch", "Watches"]

_MOST_TOKENS = 20_000
_HINT_TICKS = 10

Place = tuple["Watch", str]
"""Where a job is: its watch and its id."""


@define
class Follow:
    """What is remembered of an id."""

    since: float
    jobs: list[Job[Any]] = field(factory=list)
    linkless_since: float | None = None
    seen_open: bool = False
    """Whether it was still going on when we began."""

    told: float = float("-inf")
    """When HeyGen's event came."""

    hinted: float = float("-inf")
    """When somebody without a signature last said that it has changed, and was heeded."""

    again: bool = False
    """Whether it is said to have changed while it was being looked at."""


@define(eq=False)
class Watch:
    """The open jobs of one kind, in the order in which they came."""

    kind: JobKind[Any]
    pace: Pace
    due: float = 0.0
    """When to tick."""

    ticking: bool = False
    open: OrderedDict[str, Follow] = field(factory=OrderedDict)
    round: Round[str] = field(factory=Round)
    looking: set[str] = field(factory=set)
    """Ids that a GET is under way for."""

    asked: dict[str, None] = field(factory=dict)
    """Ids that want a GET of their own."""

    def appointments(self, give_up_after: float) -> Iterator[float]:
        """Say when there is something to do."""
        if self.open and not self.ticking:
            yield min(self.due, next(iter(self.open.values())).since + give_up_after)
        if self.pace.checks is not None:
            yield self.pace.checks

    def ready(self, now: float) -> bool:
        """Tell whether to tick."""
        return bool(self.open) and not self.ticking and (self.round.hinted or self.due <= now)

    def begin_tick(self, most: int) -> list[str]:
        """Take the ids to ask for. Until `end_tick` there is no other tick."""
        self.ticking, self.due = True, float("inf")
        return [job_id for job_id in self.round.take(most) if job_id not in self.looking]

    def end_tick(self, now: float) -> None:
        """Say when the next one is, unless somebody wants it sooner."""
        self.ticking = False
        self.due = min(self.due, now + self.pace.pause(len(self.open)))

    def soon(self, now: float) -> None:
        """Tick again after the shortest pause."""
        self.due = min(self.due, now + self.pace.shortest)

    def ask(self, job_id: str, *, alone: bool) -> None:
        """Want a look at a job out of turn: `alone`, or together with others where the kind can."""
        if not self.kind.alone or (self.kind.statuses is not None and not alone):
            self.round.hint(job_id)
        elif job_id in self.looking:
            self.open[job_id].again = True
        else:
            self.asked[job_id] = None

    def take_asked(self) -> list[str]:
        """Return the open ids that want a GET, and forget that they do."""
        ids = [job_id for job_id in self.asked if job_id in self.open and job_id not in self.looking]
        self.asked.clear()
        return ids

    def drop(self, job_id: str) -> Follow | None:
        """Follow an id no more."""
        self.round.drop(job_id)
        return self.open.pop(job_id, None)

    def note_open(self, follow: Follow, now: float) -> None:
        """See that a job still goes on; look again soon where HeyGen has told more than it answers."""
        follow.seen_open = True
        if follow.linkless_since is not None or now - follow.told < LATE:
            self.soon(now)

    def note_end(self, job_id: str, follow: Follow, end: Stage, now: float) -> None:
        """Learn from an end whether events come."""
        if follow.told > float("-inf") or end is Stage.GONE or not follow.seen_open:
            return
        if now - follow.hinted < LATE:
            self.pace.heard(job_id)
        else:
            self.pace.ended(job_id, now)


@define(eq=False)
class Watches:
    """All watches, by the noun of their kind."""

    polling: Polling
    by_noun: dict[str, Watch] = field(factory=dict)
    _early: Early = field(factory=Early, init=False)
    _tokens: OrderedDict[str, dict[Place, None]] = field(factory=OrderedDict, init=False)

    def __len__(self) -> int:
        return sum(len(watch.open) for watch in self)

    def __iter__(self) -> Iterator[Watch]:
        return iter(tuple(self.by_noun.values()))

    def clear(self) -> None:
        """Follow nothing any more."""
        self.by_noun.clear()
        self._tokens.clear()

    @property
    def busy(self) -> bool:
        """Whether requests are under way."""
        return any(watch.ticking or watch.looking for watch in self)

    def of(self, kind: JobKind[Any], now: float) -> Watch:
        """Find the watch for a kind; where nothing was open, the first tick is a pause away.

        Those of single jobs, such as a session's second video, go once nothing is left in them.
        """
        for noun in [one.kind.noun for one in self if one.kind.passing and not one.open and one.kind.noun != kind.noun]:
            del self.by_noun[noun]
        watch = self.by_noun.get(kind.noun)
        if watch is None:
            pace = Pace(self.polling.tick, self.polling.safety_tick)
            watch = self.by_noun[kind.noun] = Watch(kind, pace)
        if not watch.open:
            watch.due = now + watch.pace.pause(1)
        return watch

    def appointment(self) -> float | None:
        """Say when there is something to do next."""
        found = (when for watch in self for when in watch.appointments(self.polling.give_up_after))
        return min(found, default=None)

    def welcome(self, watch: Watch, job: Job[Any], now: float) -> bool:
        """Take in a new job, and tell whether something was heard of it before: then it wants a look."""
        token = token_in(getattr(job.request, "callback_url", None) or "")
        if token is not None:
            self._tokens.setdefault(token, {})[watch, job.id] = None
            if len(self._tokens) > _MOST_TOKENS:
                self._tokens.popitem(last=False)
        if self._early.claim(job.id, now):
            return self.told(job.id, now)
        return token is not None and self._early.claim(token, now) and self.hinted(token, now)

    def told(self, job_id: str, now: float) -> bool:
        """Take in that HeyGen says, signed, that something has changed; true if that wants a look."""
        found = list(self._find(job_id))
        for watch, each in found:
            watch.open[each].told = now
            watch.pace.heard(each)
            watch.ask(each, alone=True)
        if not found and not self._came_late(job_id):
            self._early.keep(job_id, now)
        return bool(found)

    def hinted(self, token: str, now: float) -> bool:
        """Take in that somebody who knows this token says that something has changed; true if that wants a look.

        Each job gets one look for it at once. What is said in the next ten ticks is looked into after them, in one
        request with others; several jobs of one token share a request too.
        """
        places = self._tokens.get(token)
        if places is None:
            self._early.keep(token, now)
            return False
        for _, job_id in places:
            self._came_late(job_id)
        open_ones = [(watch, job_id) for watch, job_id in places if job_id in watch.open]
        for watch, job_id in open_ones:
            follow, gap = watch.open[job_id], _HINT_TICKS * self.polling.tick
            if now - follow.hinted >= gap:
                follow.hinted = now
                watch.ask(job_id, alone=len(open_ones) == 1)
            else:
                watch.due = min(watch.due, follow.hinted + gap)
        return bool(open_ones)

    def _came_late(self, job_id: str) -> bool:
        """Take notice of an event about something that we saw for ourselves a moment ago."""
        late = [watch for watch in self if job_id in watch.pace]
        for watch in late:
            watch.pace.heard(job_id)
        return bool(late)

    def _find(self, job_id: str) -> Iterator[Place]:
        """Find a job of any kind by its id, and the items of a batch by that of the batch."""
        for watch in self:
            if job_id in watch.open:
                yield watch, job_id
            elif not watch.kind.alone:
                yield from ((watch, name) for name in watch.open if name.rpartition(":")[0] == job_id)
