"""What the watcher remembers of the open jobs, and what webhooks have to say about them. No I/O and no clock.

`Watches` turns what was heard, ids that HeyGen vouches for and tokens that it does not, into jobs that are worth a
look. What is heard of a job before anybody follows it is kept for a while.
"""

from collections import OrderedDict
from collections.abc import Callable, Container, Iterator, Sequence
from typing import Any

from attrs import define, field

from heygen_async.errors import HeyGenError
from heygen_async.job import Job, Stage
from heygen_async.operation import JobKind
from heygen_async.options import Polling
from heygen_async.polling import LATE, PAGE, Early, Pace, Round
from heygen_async.webhooks.callbacks import token_in

__all__ = ["Follow", "Learn", "Schedule", "Watch", "Watches"]

_MOST_TOKENS = 20_000
_HINT_TICKS = 10
_UNDER_WAY = 8
"""Requests of one round that may be under way at once."""

_NEVER = float("-inf")
_SPARE = 10
"""How many places deeper into a list we look than should be needed, for what others make meanwhile."""

Place = tuple["Watch", str]
"""Where a job is: its watch and its id."""

Schedule = Callable[["Watch", float], float | None]
"""Says in how many seconds from now to look at the open jobs of a watch; ``None``: the tick is right."""

Learn = Callable[["Follow", float], object]
"""Takes notice that a job has ended well, as was seen now."""


@define
class Follow:
    """What is remembered of an id. There may be a hundred thousand."""

    since: float
    job: Job[Any]
    seen_open: bool = False
    """Whether it was still going on when we began."""

    open_at: float = _NEVER
    """When it was last seen to go on."""

    others: tuple[Job[Any], ...] = ()
    """Further handles of the same id."""

    word: str | None = None
    """HeyGen's word for how far it is, when it was last looked at."""

    level: int | None = None
    """Where it is on the account's list, as `Watch.level` counts; ``None``: not among the newest hundred, it seems."""

    linkless_since: float | None = None
    told: float = _NEVER
    """When HeyGen's event came."""

    hinted: float = _NEVER
    """When somebody without a signature last said that it has changed, and was heeded."""

    again: bool = False
    """Whether it is said to have changed while it was being looked at."""

    @property
    def jobs(self) -> Iterator[Job[Any]]:
        """All handles."""
        yield self.job
        yield from self.others


@define(eq=False)
class Watch:
    """The open jobs of one kind, in the order in which they came."""

    kind: JobKind[Any]
    pace: Pace
    schedule: Schedule | None = None
    """Who knows better than the pace when to look again, if anybody does."""

    learn: Learn | None = None
    """Who learns from the ends how long such jobs take."""

    due: float = 0.0
    """When to tick."""

    ticks: int = 0
    """How many are under way."""

    open: dict[str, Follow] = field(factory=dict)
    round: Round[str] = field(factory=Round)
    looking: set[str] = field(factory=set)
    """Ids that a GET is under way for."""

    asked: dict[str, None] = field(factory=dict)
    """Ids that want a GET of their own."""

    level: int = 0
    """How many jobs were put on the account's list in our time: the newest one is on this level."""

    unlisted: bool = False
    """Whether HeyGen has shown us no list."""

    def follow(self, job: Job[Any], now: float) -> bool:
        """Look after a job; false when that is so already."""
        follow = self.open.get(job.id)
        if follow is None:
            ours = job.request is not None
            self.level += ours
            self.open[job.id] = Follow(now, job, seen_open=ours, level=self.level if ours else None)
            self.round.add(job.id)
            self.due = min(self.due, now + self.pause(now))
        elif any(each is job for each in follow.jobs):
            return False
        else:
            follow.others += (job,)
            follow.word = None  # it is news to this one
        return True

    def pause(self, now: float) -> float:
        """Return the seconds until the next tick."""
        wished = None if self.schedule is None else self.schedule(self, now)
        return self.pace.pause(len(self.open), wished)

    def appointments(self, give_up_after: float) -> Iterator[float]:
        """Say when there is something to do."""
        if self.open and self._has_room:
            yield min(self.due, next(iter(self.open.values())).since + give_up_after)
        if self.pace.checks is not None:
            yield self.pace.checks

    def ready(self, now: float) -> bool:
        """Tell whether to tick."""
        return bool(self.open) and self._has_room and (self.round.hinted or self.due <= now)

    @property
    def _has_room(self) -> bool:
        """Whether another tick may begin: the ids that are asked for must not come round before they are answered."""
        return self.ticks < min(_UNDER_WAY, max(1, len(self.open) // PAGE))

    def begin_tick(self, most: int, now: float) -> list[str]:
        """Take the ids to ask for, and say when the next tick is, unless somebody wants it sooner."""
        self.ticks += 1
        self.due = now + self.pause(now)
        return [job_id for job_id in self.round.take(most) if job_id not in self.looking]

    def end_tick(self, now: float) -> None:
        """Let an API that is slow have half a pause, at least."""
        self.ticks -= 1
        self.due = max(self.due, now + min(self.pause(now), self.pace.shortest) / 2)

    def refused(self, now: float) -> None:
        """Look less often: HeyGen has answered 429."""
        self.pace.refused()
        self.due = max(self.due, now + self.pause(now))

    def soon(self, now: float) -> None:
        """Tick again after the shortest pause."""
        self.due = min(self.due, now + self.pace.strain * self.pace.shortest)

    def overdue(self, since: float) -> str | None:
        """Find a job that has been followed from this second on, or from an earlier one; the oldest come first."""
        job_id, follow = next(iter(self.open.items()), (None, None))
        return job_id if follow is not None and follow.since <= since else None

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

    def abandon(self, job_id: str, error: Callable[[Job[Any]], HeyGenError]) -> None:
        """Follow an id no more, and end the waits for it."""
        follow = self.drop(job_id)
        for job in follow.jobs if follow is not None else ():
            job.abandon(error(job))

    def note_open(self, follow: Follow, now: float) -> None:
        """See that a job still goes on; look again soon where HeyGen has told more than it answers."""
        follow.seen_open, follow.open_at = True, now
        if follow.linkless_since is not None or now - follow.told < LATE:
            self.soon(now)

    def note_end(self, job_id: str, follow: Follow, end: Stage, now: float) -> None:
        """Learn from an end how long such jobs take, and whether events come."""
        if self.learn is not None and end is Stage.COMPLETED:
            self.learn(follow, now)
        if follow.told > _NEVER or end is Stage.GONE or not follow.seen_open:
            return
        if now - follow.hinted < LATE:
            self.pace.heard(job_id)
        else:
            self.pace.ended(job_id, now)

    # Where the jobs are on the account's list, the newest first.

    def reach(self, ids: Sequence[str], least: int) -> int:
        """Say how many of the account's newest to list in order to see these jobs, at `least` so many; 0: in vain."""
        if self.kind.listing is None or self.unlisted:
            return 0
        levels = [self.open[job_id].level for job_id in ids if job_id in self.open]
        depths = [self.level - level + 1 for level in levels if level is not None and self.level - level < PAGE]
        return min(PAGE, max(depths) + _SPARE) if len(depths) >= max(1, least) else 0

    def found(self, job_id: str, place: int) -> None:
        """Take notice that a job was on the list, that many below the newest."""
        self.open[job_id].level = self.level - place

    def missed(self, ids: Sequence[str], shown: Container[str | None], limit: int, now: float) -> list[str]:
        """Return those of the jobs that were not among the newest `limit`, and have to be asked for.

        One that was made a moment ago may not be on the list yet; it can wait.
        """
        deeper = None if limit >= PAGE else self.level + 1 - min(2 * limit, PAGE)
        missed: list[str] = []
        for job_id in ids:
            follow = self.open.get(job_id)
            if follow is None or job_id in shown:
                continue
            if follow.word is None and follow.level is not None and now - follow.since < LATE:
                continue
            follow.level = deeper
            missed.append(job_id)
        return missed


@define(eq=False)
class Watches:
    """All watches, by the noun of their kind."""

    polling: Polling
    schedule: Schedule | None = None
    """What each watch has; see `Watch.schedule`."""

    learn: Learn | None = None
    """As well; see `Watch.learn`."""

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
        return any(watch.ticks or watch.looking for watch in self)

    def of(self, kind: JobKind[Any]) -> Watch:
        """Find the watch for a kind.

        Those of single jobs, such as a session's second video, go once nothing is left in them.
        """
        for noun in [one.kind.noun for one in self if one.kind.passing and not one.open and one.kind.noun != kind.noun]:
            del self.by_noun[noun]
        watch = self.by_noun.get(kind.noun)
        if watch is None:
            pace = Pace(self.polling.tick, self.polling.safety_tick)
            watch = self.by_noun[kind.noun] = Watch(kind, pace, self.schedule, self.learn)
        if not watch.open:
            watch.due = float("inf")
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
