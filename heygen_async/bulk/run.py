"""Many requests in, one outcome each out, as they finish.

A fixed number of workers take rows from a queue, so 5,000 rows cost 5,000 rows and not 5,000 tasks. A row waits
for a render slot, is submitted, renders, gives its slot back, and is downloaded in a lane of its own. What happens
to one row is nobody else's business: an error becomes its outcome, and the run goes on. Some errors concern all rows
alike (a wrong API key, an empty wallet, a full disk), so they end the submissions; what renders by then is paid for,
and brought.

`BulkRun.stop` ends a run in good order: nothing new is submitted, a creation or a download under way is finished,
and what renders is left to HeyGen, with its id in the outcome. Leaving the loop early, an error in it, or a cancelled
task end the run at once.

With a journal a run can end in any way at all, and the next one goes on: no request leaves before its intent is on
disk, and whatever may have been carried out is looked for at HeyGen, and sent again with the same key only. So the key
is good if its 24 hours are not over, and the search is good if they are; no clock has to be trusted.
"""

import asyncio
import time
from collections import deque
from collections.abc import AsyncGenerator, AsyncIterator, Iterable, Sequence
from copy import copy
from functools import partial
from os import PathLike
from pathlib import Path
from typing import Literal

import anyio.to_thread
from attrs import evolve

from heygen_async.api.videos import Video, VideoJob, VideoRequest
from heygen_async.bulk.agenda import Agenda, Survey, Task
from heygen_async.bulk.brake import Brake
from heygen_async.bulk.budget import Budget
from heygen_async.bulk.folder import refuse_unwritable, size_of
from heygen_async.bulk.forecast import Forecast
from heygen_async.bulk.inheritance import Inheritance
from heygen_async.bulk.journal import Entry, Journal
from heygen_async.bulk.order import Order, check_order, longest_first
from heygen_async.bulk.outcome import Outcome, Progress
from heygen_async.bulk.preflight import preflight
from heygen_async.bulk.rows import Row
from heygen_async.bulk.spending import Spending
from heygen_async.bulk.standing import Standing
from heygen_async.bulk.submitter import Submitter
from heygen_async.bulk.verdicts import concerns_all, may_cost, state_after
from heygen_async.bulk.work import Token
from heygen_async.errors import BudgetReached, ClientMisused, HeyGenError, JobGone, RateLimited
from heygen_async.files.download import duplicate
from heygen_async.files.threads import in_thread
from heygen_async.job import Failed, Gone, Rendering
from heygen_async.scheduler import Slot, enter_group

__all__ = ["BulkRun"]

_LESSONS = 20
"""Renders after which what was learned of their length goes into the journal."""


class BulkRun:
    """A bulk run: iterate over it for the outcomes, in the order in which they come. It can be iterated once."""

    def __init__(
        self,
        desk: Submitter,
        requests: Iterable[Row | VideoRequest],
        into: str | PathLike[str],
        *,
        journal: Journal | str | PathLike[str] | None = None,
        budget: Budget | float | None = None,
        overwrite: bool = False,
        fold: bool = True,
        order: Order = "rows",
    ) -> None:
        check_order(order)
        self.into = Path(into)
        """The folder of the files."""
        self.journal = journal if isinstance(journal, Journal) else Journal(journal)
        """What became of each row; in memory only, where there is no file for it."""
        self.spending = Spending(budget)
        """What it costs, and what it may cost at the most."""
        self._desk = desk
        self._overwrite = overwrite
        self._agenda = Agenda(self.into, self.journal, requests, overwrite)
        self._tasks = self._agenda.tasks
        self._inheritance = Inheritance(self.journal, self._agenda, fold)
        self._standing = Standing(len(self._tasks))
        self._brake = Brake()
        self._rendered = 0
        self._order = order
        self._todo = deque(self._tasks)
        self._workers: list[asyncio.Task[None]] = []

    def __repr__(self) -> str:
        return f"<BulkRun into {self.into} {self.progress}>"

    def __aiter__(self) -> AsyncIterator[Outcome]:
        return self._run()

    @property
    def progress(self) -> Progress:
        """How far the run is, now."""
        renders = self._desk.lanes.renders
        now = self._desk.clock.now() if self._standing.began is not None else 0.0
        known, at_once = self._desk.foresight.known, min(renders.bound, max(1, len(self._tasks)))
        remaining = self._standing.forecast(known, self._todo, at_once=at_once, now=now)
        return self._standing.progress(cap=renders.pace.cap, remaining=remaining)

    @property
    def jobs(self) -> list[VideoJob]:
        """The videos that HeyGen has accepted, and that are not on disk: rendering, being downloaded, or left there."""
        accepted = (task.job for task in self._tasks if task.job is not None and task.stage != "done")
        return [job for job in dict.fromkeys(accepted) if not isinstance(job.state, Failed | Gone)]

    @property
    def removed(self) -> Sequence[Entry]:
        """What the journal has of rows that are not in the input any more: it is left as it is."""
        return self._agenda.removed

    @property
    def unclaimed(self) -> Sequence[Video]:
        """Videos of this journal that were paid for and are no row's, as far as HeyGen's list had to be read."""
        return self._agenda.unclaimed

    @property
    def blind(self) -> HeyGenError | None:
        """Why HeyGen showed no list, where the journal misses something; then the idempotency keys have to do."""
        return self._inheritance.blind

    async def preflight(self, *, source: str = "the requests") -> Forecast:
        """Check all that can be known before anything is paid for, and say what will be made and what it will cost.

        Looks, voices and the wallet are read, nothing is created. `source`: where the rows come from, for messages.
        What is found out makes the quotes of this run better. Iterate afterwards, or call `aclose`. Raises
        `RowsInvalid` with all that is wrong, `JournalFailed`, `APIError` and `ConnectionFailed`.
        """
        await self._prepare()
        survey = await anyio.to_thread.run_sync(self._agenda.survey) if self._inheritance.known else Survey()
        forecast = await preflight(survey.folds, self._desk.roster, source=source, problems=survey.problems)
        self.spending.learn(forecast.known, forecast.prices)
        return evolve(forecast, kept=survey.kept, paid=survey.paid)

    def stop(self) -> None:
        """Submit nothing more and finish in good order: see the module's docstring. Harmless when repeated."""
        self._brake.stop()

    async def aclose(self) -> None:
        """End the run at once. Videos that render go on at HeyGen; no half file stays."""
        self._todo.clear()
        for worker in self._workers:
            worker.cancel()
        try:
            await asyncio.gather(*self._workers, return_exceptions=True)
        finally:
            self.spending.close()
            await self._inheritance.aclose()

    async def _run(self) -> AsyncGenerator[Outcome]:
        if self._standing.began is not None:
            raise ClientMisused("a bulk run can be iterated once; make another one")
        self._standing.begin(self._desk.clock.now())
        await anyio.to_thread.run_sync(refuse_unwritable, self.into)
        finished = asyncio.Queue[Outcome | None]()
        try:
            await self._begin()
            self._workers = [
                asyncio.create_task(self._work(finished), name=f"heygen_async bulk {n}") for n in range(self._hands())
            ]
            end = asyncio.gather(*self._workers, return_exceptions=True)
            end.add_done_callback(lambda _: finished.put_nowait(None))
            while (outcome := await finished.get()) is not None:
                yield outcome
        finally:
            await self.aclose()

    def _hands(self) -> int:
        lanes = self._desk.lanes
        return min(len(self._tasks), lanes.renders.limit + lanes.downloads.limit)

    async def _begin(self) -> None:
        """Take up what earlier runs have left."""
        await self._prepare()
        if self._inheritance.known:
            tasks = self._inheritance.take_up(self._desk, self.spending)
            if self._order == "longest-first":
                known = self._desk.foresight.known
                tasks = await anyio.to_thread.run_sync(longest_first, tasks, self.spending.quote, known)
            self._todo = deque(tasks)

    async def _prepare(self) -> None:
        """Find out what earlier runs have left, unless there is nothing to do. Harmless when repeated."""
        if self._todo:
            await self._inheritance.learn(self._desk, looking=not self._brake.ending)

    async def _work(self, finished: "asyncio.Queue[Outcome | None]") -> None:
        enter_group(self)
        while self._todo:
            task = self._todo.popleft()
            try:
                outcome = await self._carry_out(task)
            except Exception as error:  # noqa: BLE001  # whatever it is, it is this row's and no other's
                verdict = self._verdict(task, error)
                self._write_down(task, error, verdict)
                outcome = task.outcome(verdict, error=error)
            finally:
                self._close_account(task)
            self._standing.enter(task, outcome.status)
            finished.put_nowait(outcome)
            for twin in task.twins:
                shared = await self._share(task, twin, outcome)
                self._standing.enter(twin, shared.status)
                finished.put_nowait(shared)

    async def _share(self, task: Task, twin: Task, outcome: Outcome) -> Outcome:
        """Give a row that asks for the same its copy of the file, or its share of the trouble."""
        twin.job = task.job
        if outcome.path is None:
            return twin.outcome(outcome.status, error=outcome.error)
        try:
            if await anyio.to_thread.run_sync(partial(twin.has_file, overwrite=self._overwrite)):
                return twin.outcome("kept")
            overwrite = self._overwrite or twin.replaces
            await in_thread(duplicate, task.path, twin.path, overwrite=overwrite)
        except Exception as error:  # noqa: BLE001  # as above
            return twin.outcome("failed", error=error)
        brought = evolve(twin.entry, state="downloaded", video_id=task.entry.video_id, size=task.entry.size)
        twin.entry = self.journal.note(brought)
        return twin.outcome("done")

    def _verdict(self, task: Task, error: Exception) -> Literal["skipped", "failed"]:
        """Judge what an error means for its row, and whether it concerns all rows."""
        if isinstance(error, RateLimited) and task.stage == "submitting":
            if self._brake.ending and not error.uncertain:
                return "skipped"  # it was held back, then the run was stopped
            if not self._standing.rendering:  # 429 for as long as `Retry.patience`, though nothing of ours renders
                self._brake.submit_no_more(error)
        if concerns_all(error):
            self._brake.submit_no_more(error)
        if isinstance(error, JobGone):
            task.entry = evolve(task.entry, charged=(task.entry.charged or 0.0) + self.spending.lose(task.entry.work))
        return "skipped" if isinstance(error, BudgetReached) else "failed"

    def _close_account(self, task: Task) -> None:
        """Free what a row has put aside; where it may have been paid for, that counts as spent."""
        close = self.spending.lose if may_cost(task.entry) else self.spending.release
        close(task.entry.work)

    def _write_down(self, task: Task, error: Exception, verdict: str) -> None:
        """Put an error into the journal."""
        code = getattr(error, "code", None) or type(error).__name__
        state = state_after(task.entry, error, held_back=verdict == "skipped")
        task.entry = self.journal.note(evolve(task.entry, state=state, code=code, message=str(error)))

    async def _carry_out(self, task: Task) -> Outcome:
        if await anyio.to_thread.run_sync(partial(task.has_file, overwrite=self._overwrite)):
            return task.outcome("kept")
        if task.entry.video_id is None:
            if not await self._submit(task):
                return task.outcome("skipped", error=self._brake.refusal)
        elif task.job is None:
            task.job = self._desk.pick_up(task.entry.video_id, renders=False)
        return await self._bring(task)

    async def _submit(self, task: Task) -> bool:
        """Wait for a slot, and create the video in it; false when the run was stopped before."""
        if (refusal := self._inheritance.refusal_of(task.entry)) is not None:
            raise copy(refusal)
        turn: list[Slot] = []
        with self._brake.submitting():
            task.quote = await self.spending.reserve(task.entry.work, task.row.request)
            task.entry = evolve(task.entry, quoted=task.quote.usd.high)
            request = await self._desk.prepare(task.row.request)
            turn.extend(await self._desk.turn())
        if not turn or self._brake.ending:
            for slot in turn:
                slot.release()
            return False
        task.began = time.monotonic()
        self._standing.enter(task, "submitting")
        task.job = await self._create(task, request, *turn)
        task.entry = self.journal.note(evolve(task.entry, state="accepted", video_id=task.job.id))
        return True

    async def _create(self, task: Task, request: VideoRequest, slot: Slot, place: Slot) -> VideoJob:
        """Write the intent down, and send it."""
        try:
            if task.entry.state != "ambiguous":  # its key is on disk
                task.entry = await self.journal.write(evolve(task.entry, state="sent"))
        except BaseException:
            slot.release()
            place.release()
            raise
        entry = task.entry
        if self.journal.path is not None:
            request = Token.of(self.journal.project, entry.work, entry.key).on(request)
        return await self._desk.start(request, slot, place, idempotency_key=entry.key, pause=self._brake.pause)

    async def _bring(self, task: Task) -> Outcome:
        """Wait for the video, and download it."""
        job, task.began = task.job, task.began or time.monotonic()
        if job is None:  # pragma: no cover  # whoever comes here has one
            raise AssertionError
        self._standing.renders(task, self._desk.clock.now() - self._age(task))
        with self._brake.watching():
            await self._watch(task, job)
        if not job.done():
            return task.outcome("left")
        self._charge(task, job.result())
        if task.entry.state != "downloaded":
            task.entry = self.journal.note(evolve(task.entry, state="rendered"))
        self._learn()
        self._standing.enter(task, "downloading")
        if task.was_taken and not self._overwrite:
            await anyio.to_thread.run_sync(task.refuse_stranger)
        await job.download(task.path, overwrite=self._overwrite or task.replaces)
        await self._desk.subtitles(job, task.path.with_suffix(".srt"))
        size = await anyio.to_thread.run_sync(size_of, task.path)
        brought = evolve(task.entry, state="downloaded", size=size, code=None, message=None)
        task.entry = self.journal.note(brought)
        return task.outcome("done")

    def _age(self, task: Task) -> float:
        """Return the seconds since HeyGen has accepted a video; one that an earlier run has begun may be old."""
        accepted = task.entry.accepted_at if task.resumed else None
        return 0.0 if accepted is None else max(0.0, self.journal.now() - accepted)

    def _learn(self) -> None:
        """Have what was learned of render times written down, now and then."""
        self._rendered += 1
        if self._rendered % _LESSONS == 0 or not self._todo:
            self._inheritance.leave(self._desk.foresight.known)

    def _charge(self, task: Task, video: Video) -> None:
        """Count what a video has cost."""
        earlier = task.quote is None  # it was not asked for in this run
        cost = self.spending.settle(task.entry.work, video, earlier=earlier)
        if cost is not None:
            task.entry = evolve(task.entry, charged=(task.entry.charged or 0.0) + cost)
            task.charged = None if earlier else cost

    async def _watch(self, task: Task, job: VideoJob) -> None:
        async for state in job.states():
            if isinstance(state, Rendering) and task.entry.state == "accepted":
                task.entry = self.journal.note(evolve(task.entry, state="rendering"))
