"""How far a run is: where each row stands, and when the last one will be done."""

import time
from collections import Counter
from collections.abc import Collection

from attrs import define, evolve, field

from heygen_async.bulk.agenda import Task
from heygen_async.bulk.outcome import Progress
from heygen_async.bulk.outlook import outlook
from heygen_async.durations import Case, Durations
from heygen_async.eta import Eta

__all__ = ["Standing"]

_FRESH = 1.0
"""Seconds for which a forecast is good enough: it is asked for several times a second, and takes some milliseconds."""


@define(eq=False)
class Standing:
    """Counts the rows of a run by their stages."""

    total: int
    began: float | None = field(default=None, init=False)
    """When the run began, by ``time.monotonic``."""

    _stages: Counter[str] = field(init=False)
    _since: dict[Task, float] = field(factory=dict, init=False)
    """What renders, and since when, by the client's clock."""

    _start: float = field(default=0.0, init=False)
    _remaining: Eta | None = field(default=None, init=False)
    _stale: float = field(default=0.0, init=False)
    """When the forecast is too old, by ``time.monotonic``."""

    def __attrs_post_init__(self) -> None:
        self._stages = Counter({"waiting": self.total})

    def begin(self, now: float) -> None:
        """Take notice that the run begins; `now`: by the client's clock."""
        self.began, self._start = time.monotonic(), now

    def enter(self, task: Task, stage: str) -> None:
        """Move a row to its next stage."""
        self._stages[task.stage] -= 1
        self._stages[stage] += 1
        task.stage = stage
        if stage != "rendering":
            self._since.pop(task, None)

    def renders(self, task: Task, since: float) -> None:
        """Take notice that HeyGen works on a row; `since`: when it was accepted, by the client's clock."""
        self.enter(task, "rendering")
        self._since[task] = since

    @property
    def rendering(self) -> int:
        """Rows whose video HeyGen works on."""
        return self._stages["rendering"]

    def progress(self, *, cap: int | None, remaining: Eta | None = None) -> Progress:
        """Say how far the run is. `cap`: as far as it was found out; `remaining`: what `forecast` says."""
        count = self._stages
        return Progress(
            total=self.total,
            waiting=count["waiting"],
            rendering=count["submitting"] + count["rendering"],
            downloading=count["downloading"],
            done=count["done"],
            kept=count["kept"],
            failed=count["failed"] + count["left"] + count["skipped"],
            elapsed=time.monotonic() - self.began if self.began is not None else 0.0,
            remaining=remaining,
            cap=cap,
        )

    def forecast(self, known: Durations, todo: Collection[Task], *, at_once: int, now: float) -> Eta | None:
        """Say in how many real seconds the run will be done; ``None``: too few renders have ended yet.

        `todo`: the rows that wait, in their order; `now`: by the client's clock.
        """
        if self.began is None:
            return None
        if not self._since and not todo:
            return Eta(0.0, 0.0, 0.0)
        if time.monotonic() >= self._stale:
            rendering = [(_case(task), max(0.0, now - since)) for task, since in self._since.items()]
            eta = outlook(known, rendering, list(todo), at_once, case_of=_case)
            self._remaining = None if eta is None else self._real(eta, now)
            self._stale = time.monotonic() + _FRESH if eta is not None else 0.0
        return self._remaining

    def _real(self, eta: Eta, now: float) -> Eta:
        """Turn seconds of the client's clock into those of the world; the emulator's may be shorter."""
        passed = now - self._start
        ratio = (time.monotonic() - (self.began or 0.0)) / passed if passed > 0 else 1.0
        return evolve(eta, likely=eta.likely * ratio, low=eta.low * ratio, high=eta.high * ratio)


def _case(task: Task) -> Case:
    request = task.row.request
    if task.case is None:
        task.case = Case.of(request.kind.noun, request)
    return task.case
