"""A bulk run under somebody's eyes: shown, stopped by signals, and summed up in an exit code."""

import asyncio
import signal
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

from attrs import define, field

from heygen_async.api.videos import VideoJob
from heygen_async.bulk.forecast import Forecast
from heygen_async.bulk.outcome import Outcome
from heygen_async.bulk.run import BulkRun
from heygen_async.client import HeyGen
from heygen_async.errors import BadRequest, HeyGenError, NotAuthenticated, NotFound, NotPermitted, OutOfCredit
from heygen_async.log import printable
from heygen_async.shell.endings import DONE, INTERRUPTED, NOT_PERMITTED, RESUME_ME, SOME_FAILED
from heygen_async.shell.overview import in_lines
from heygen_async.shell.progress import Board

__all__ = ["Attempt", "remarks", "several"]

TWICE = 2
REFUSALS = NotAuthenticated | OutOfCredit | NotPermitted

REDRAW_EVERY = 0.2
"""Seconds between two looks at a run."""


@define(eq=False)
class Attempt:
    """A bulk run under somebody's eyes, and within reach of Ctrl-C."""

    board: Board
    later: str = ""
    """What becomes of the videos that a run without a journal leaves."""

    resume: str | None = None
    """The command line that goes on with a run that ended early; ``None``: it has no journal."""

    journal: Path | None = None
    """Where its journal is."""

    outcomes: list[Outcome] = field(factory=list, init=False)
    left_there: list[VideoJob] = field(factory=list, init=False)
    """What HeyGen has and the run did not bring."""

    _run: BulkRun | None = field(default=None, init=False)
    _task: "asyncio.Task[Any] | None" = field(default=None, init=False)
    _signals: int = field(default=0, init=False)
    _begun: bool = field(default=False, init=False)

    @contextmanager
    def within_reach(self) -> Iterator[None]:
        """Heed signals while the block lasts. One that comes before anything is sent ends the block in good order."""
        self._task = asyncio.current_task()
        with _signals(self.interrupt):
            try:
                yield
            except asyncio.CancelledError:
                if self._begun or not self._signals or self._task is None or self.resume is None:
                    raise
                self._task.uncancel()
                self.board.close(self.left())

    async def check(self, run: BulkRun, source: str) -> float | None:
        """Look everything up before anything is paid for, say so in a line, and return what the wallet has.

        Raises `RowsInvalid` with all that is wrong. A key that may not look is no obstacle.
        """
        try:
            plan = await run.preflight(source=source)
        except (BadRequest, NotFound, NotPermitted) as refusal:
            self.board.say(f"The rows could not be looked up: {refusal}")
            return None
        except BaseException:
            await run.aclose()
            raise
        spent = sum(entry.charged or 0.0 for entry in run.journal.entries.values())
        budget = max(0.0, run.spending.budget.limit - spent) if run.spending.bounded else None
        for line in in_lines(plan, budget):
            self.board.say(line)
        return plan.balance

    async def balance(self, heygen: HeyGen) -> float | None:
        """Read what the wallet has after the run; ``None``: nobody says so, or somebody is in a hurry."""
        if self._signals:
            return None
        try:
            return Forecast.dollars_of(await heygen.users.me())
        except HeyGenError:
            return None

    async def follow(self, run: BulkRun) -> None:
        """Show the run until its end, or until it was interrupted twice."""
        self._run, self._begun = run, True
        try:
            async with each(REDRAW_EVERY, lambda: self.board.show(run.progress)):
                async for outcome in run:
                    self.outcomes.append(outcome)
                    self.board.tell(outcome)
        except asyncio.CancelledError:
            if self._signals < TWICE or self._task is None:
                raise
            self._task.uncancel()
        finally:
            self._run = None
            self.left_there = run.jobs
            await run.aclose()

    def code(self) -> int:
        """Sum the outcomes up in an exit code."""
        if self._signals:
            return INTERRUPTED if self.resume is None else RESUME_ME
        bad = [outcome.error for outcome in self.outcomes if outcome.status not in {"done", "kept"}]
        if not bad:
            return DONE
        if len(bad) == len(self.outcomes) and all(isinstance(error, REFUSALS) for error in bad):
            return NOT_PERMITTED
        early = any(outcome.status in {"left", "skipped"} for outcome in self.outcomes)
        return RESUME_ME if early and self.resume is not None else SOME_FAILED

    def left(self) -> list[str]:
        """List what HeyGen has and the run did not bring, and say how to go on."""
        titles = [printable(getattr(job.request, "title", None) or "") for job in self.left_there]
        there = [f"  {job.id}  {title}".rstrip() for job, title in zip(self.left_there, titles, strict=True)]
        listed = ["Left at HeyGen:", *there, *([self.later] if self.resume is None else [])] if there else []
        return [*listed, self._advice()] if self.code() == RESUME_ME else listed

    def _advice(self) -> str:
        if self.journal is not None and not self.journal.exists():
            return "Stopped early, and the journal is gone: run bulk again, which looks up what was paid for"
        return f"Stopped early; go on with: {self.resume}"

    def interrupt(self) -> None:
        """Stop at the first signal, and at once at the second; what comes later would only disturb the clearing up."""
        self._signals += 1
        if self._run is not None and self._signals == 1:
            self._run.stop()
            self.board.say(f"Stopping: no new videos; {_under_way(self._run)}. Once more stops at once.")
        elif self._task is not None and self._signals == (TWICE if self._run is not None else 1):
            self._task.cancel()


def remarks(run: BulkRun) -> list[str]:
    """Say what the journal and HeyGen's list have besides the rows, and what was found out."""
    lines = []
    if run.removed:
        files = sum(entry.state == "downloaded" for entry in run.removed)
        there = [entry.video_id for entry in run.removed if entry.state in {"accepted", "rendering", "rendered"}]
        rows = several(len(run.removed), "row", "rows")
        left = f"; at HeyGen: {', '.join(map(str, there))}" if there else ""
        lines += [
            f"No longer in the input, and left alone: {rows} of earlier runs, {several(files, 'file', 'files')}{left}"
        ]
    if run.blind is not None:
        lines += [f"HeyGen shows no list of videos, so what was paid for before could not be looked up: {run.blind}"]
    if run.unclaimed:
        lines += ["Paid for by earlier runs, and no row's:"]
        lines += [f"  {video.id}  {printable(video.title or '')}".rstrip() for video in run.unclaimed]
    if run.progress.cap is not None:
        lines += [f"HeyGen takes {several(run.progress.cap, 'render', 'renders')} at once"]
    if run.journal.failure is not None:
        lines += [f"Not all of this is in the journal: {run.journal.failure}"]
    return lines


def _under_way(run: BulkRun) -> str:
    progress = run.progress
    count = progress.rendering - sum(not job.done() for job in run.jobs) + progress.downloading
    return (
        f"waiting for {several(count, 'request or download', 'requests and downloads')} under way"
        if count
        else ("nothing else is under way")
    )


@asynccontextmanager
async def each(seconds: float, call: Callable[[], object]) -> AsyncIterator[None]:
    """Make a call now and again while the block lasts."""

    async def repeat() -> None:
        while True:
            call()
            await asyncio.sleep(seconds)

    task = asyncio.create_task(repeat(), name="heygen_async progress")
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


@contextmanager
def _signals(call: Callable[[], object]) -> Iterator[None]:
    """Make a call at each SIGINT, SIGTERM and SIGHUP while the block lasts, instead of what they do otherwise."""
    loop = asyncio.get_running_loop()
    ends = [signal.SIGINT, signal.SIGTERM, *([signal.SIGHUP] if hasattr(signal, "SIGHUP") else [])]
    wanted = [one for one in ends if signal.getsignal(one) is not signal.SIG_IGN]
    before = {number: signal.signal(number, lambda *_: loop.call_soon_threadsafe(call)) for number in wanted}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def several(count: int, one: str, more: str) -> str:
    """Write a number of things."""
    return f"{count:,} {one if count == 1 else more}"
