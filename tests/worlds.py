"""A HeyGen with a cap, and a client with a pace, without sockets and loops: an hour of renders takes a millisecond."""

import heapq
from collections.abc import Callable
from random import Random

from attrs import define, field, frozen

from heygen_async.pacing import LONGEST, SHORTEST, Pace

__all__ = ["Run", "World"]


@frozen
class World:
    """What the client knows nothing of."""

    cap: Callable[[float], int]
    """How many renders of ours go in at a second; 0: HeyGen refuses everything."""

    seed: int = 0
    retry_after: float = 10.0
    latency: float = 3.0
    """Seconds from a creation to its answer, at most; HeyGen decides half way."""

    lag: float = 4.0
    """Seconds until the client learns of the end of a render, at most."""

    seconds: Callable[[int], float] | None = None
    """How long the n-th render takes; ``None``: 60 to 180 seconds, whoever asks for it."""

    def seconds_of(self, number: int) -> float:
        """Say how long the n-th render takes."""
        if self.seconds is not None:
            return self.seconds(number)
        return Random(f"{self.seed} {number}").uniform(60, 180)  # noqa: S311  # it guards nothing


@define
class Run:
    """So many renders, made at a pace. As in the client, a refusal makes everything wait, the news of ends included."""

    world: World
    pace: Pace
    todo: int
    at_once: int = 5
    """How many creations may be under way."""

    now: float = 0.0
    done: int = 0
    refused: int = 0
    refused_at: list[float] = field(factory=list)
    levels: list[tuple[float, int]] = field(factory=list)
    """The level after each event, with its second."""

    sent: int = 0
    """Creations that were accepted."""

    _taken: int = 0
    _under_way: int = 0
    _rendering: int = 0
    _there: int = 0
    """How many HeyGen renders: not what the client believes."""

    _begun: int = 0

    _cool: float = 0.0
    _events: list[tuple[float, int, Callable[[], None]]] = field(factory=list)
    _order: int = 0
    _chance: Random = field(init=False)

    def __attrs_post_init__(self) -> None:
        self._chance = Random(self.world.seed)  # noqa: S311  # it guards nothing

    def until(self, over: Callable[["Run"], bool] = lambda run: not run.todo and not run._taken) -> "Run":
        """Let time pass until it is `over`: when all is rendered, if nobody says otherwise."""
        self._go_on()
        while not over(self):
            self.now, _, event = heapq.heappop(self._events)
            event()
            self._go_on()
            self._check()
        return self

    def level_at(self, second: float) -> int:
        return [level for when, level in self.levels if when <= second][-1]

    def _check(self) -> None:
        pace = self.pace
        assert 1 <= pace.bound <= pace.most
        assert 1 <= pace.level <= pace.most
        assert pace.bound <= pace.level + 1
        assert pace.gap == 0 or SHORTEST <= pace.gap <= LONGEST
        assert self.todo == 0 or self._events, "somebody waits, and nothing will ever happen"
        self.levels.append((self.now, pace.level))

    def _at(self, when: float, event: Callable[[], None]) -> None:
        self._order += 1
        heapq.heappush(self._events, (when, self._order, event))

    def _go_on(self) -> None:
        """Send what may be sent, and come back when more may be."""
        while self.todo and self.now >= self._cool and self._taken < self.pace.bound and self._under_way < self.at_once:
            self.todo, self._taken, self._under_way = self.todo - 1, self._taken + 1, self._under_way + 1
            half = self._chance.uniform(0, self.world.latency / 2)
            self._at(self.now + half, lambda half=half: self._arrive(half))
        if self.todo and self.now < self._cool:
            self._at(self._cool, lambda: None)
        elif self.todo and self._taken >= self.pace.bound and self.pace.next_look is not None:
            self._at(max(self.pace.next_look, self.now), self._wake)

    def _wake(self) -> None:
        if self.todo and self._taken >= self.pace.bound and self.pace.next_look is not None:
            self.pace = self.pace.looking(self.now)

    def _arrive(self, half: float) -> None:
        """A creation reaches HeyGen."""
        fits = self._there < self.world.cap(self.now)
        self._there += fits
        self._begun += fits
        if fits:
            self._at(self.now + self.world.seconds_of(self._begun), self._end)
        self._at(self.now + half, self._take_in if fits else self._be_refused)

    def _take_in(self) -> None:
        self._under_way -= 1
        self._rendering += 1
        self.sent += 1
        self.pace = self.pace.accepted(self._rendering, self.now)

    def _be_refused(self) -> None:
        self._under_way -= 1
        self._taken -= 1
        self.todo += 1
        self.refused += 1
        self.refused_at.append(self.now)
        self.pace = self.pace.refused(self._rendering, self.now)
        self._cool = max(self._cool, self.now + self.world.retry_after)

    def _end(self) -> None:
        self._there -= 1
        self._at(self.now + self._chance.uniform(0, self.world.lag), self._learn)

    def _learn(self) -> None:
        if self.now < self._cool:
            self._at(self._cool, self._learn)
            return
        self._rendering -= 1
        self._taken -= 1
        self.done += 1
        self.pace = self.pace.ended(self._rendering, self.now)
