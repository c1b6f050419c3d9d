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
from collections import Counter, deque
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from copy import copy
from functools import partial
from os import PathLike
from pathlib import Path
from typing import Literal

import anyio
import anyio.to_thread
from attrs import evolve

from heygen_async.api.videos import Video, VideoJob, VideoRequest
from heygen_async.bulk.agenda import Agenda, Survey, Task
from heygen_async.bulk.budget import Budget
from heygen_async.bulk.folder import is_full, refuse_unwritable, size_of
from heygen_async.bulk.forecast import Forecast
from heygen_async.bulk.journal import Entry, Journal, State
from heygen_async.bulk.outcome import Outcome, Progress
from heygen_async.bulk.preflight import preflight
from heygen_async.bulk.rows import Row
from heygen_async.bulk.spending import Spending, lacks_credit
from heygen_async.bulk.submitter import Submitter
from heygen_async.bulk.work import Token
from heygen_async.errors import (
    APIError,
    BadRequest,
    BudgetReached,
    ClientMisused,
    ConnectionFailed,
    HeyGenError,
    JobFailed,
    JobGone,
    JournalFailed,
    NotAuthenticated,
    NotFound,
    NotPermitted,
    RateLimited,
    RequestInvalid,
)
from heygen_async.files.download import duplicate
from heygen_async.job import Failed, Gone, Rendering
from heygen_async.scheduler import Slot

__all__ = ["BulkRun"]

KEY_LIFE = 23 * 3600.0
"""Seconds for which an idempotency key is relied on alone. HeyGen says 24 hours, and a repetition may take a while."""

_MAY_COST = {"sent", "ambiguous", "accepted", "rendering"}
"""States of a row that may be paid for, and has no video yet."""


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
    ) -> None:
        self.into = Path(into)
        """The folder of the files."""
        self.journal = journal if isinstance(journal, Journal) else Journal(journal)
        """What became of each row; in memory only, where there is no file for it."""
        self._desk = desk
        self._overwrite = overwrite
        self._agenda = Agenda(self.into, self.journal, requests, overwrite)
        self._tasks = self._agenda.tasks
        self._fold = fold
        self.spending = Spending(budget)
        """What it costs, and what it may cost at the most."""
        self._todo = deque(self._tasks)
        self._stages = Counter({"waiting": len(self._tasks)})
        self._began: float | None = None
        self._renders: list[float] = []
        self._workers: list[asyncio.Task[None]] = []
        self._queueing: set[anyio.CancelScope] = set()
        self._watching: set[anyio.CancelScope] = set()
        self._stopped = False
        self._refusal: Exception | None = None
        self._blind: HeyGenError | None = None
        self._opened = False
        self._prepared = False

    def __repr__(self) -> str:
        return f"<BulkRun into {self.into} {self.progress}>"

    def __aiter__(self) -> AsyncIterator[Outcome]:
        return self._run()

    @property
    def progress(self) -> Progress:
        """How far the run is, now."""
        count = self._stages
        return Progress(
            total=len(self._tasks),
            waiting=count["waiting"],
            rendering=count["submitting"] + count["rendering"],
            downloading=count["downloading"],
            done=count["done"],
            kept=count["kept"],
            failed=count["failed"] + count["left"] + count["skipped"],
            elapsed=time.monotonic() - self._began if self._began is not None else 0.0,
            remaining=self._remaining(),
            cap=self._desk.lanes.renders.pace.cap,
        )

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
        return self._blind

    async def preflight(self, *, source: str = "the requests") -> Forecast:
        """Check all that can be known before anything is paid for, and say what will be made and what it will cost.

        Looks, voices and the wallet are read, nothing is created. `source`: where the rows come from, for messages.
        What is found out makes the quotes of this run better. Iterate afterwards, or call `aclose`. Raises
        `RowsInvalid` with all that is wrong, `JournalFailed`, `APIError` and `ConnectionFailed`.
        """
        await self._prepare()
        survey = await anyio.to_thread.run_sync(self._agenda.survey) if self._prepared else Survey()
        forecast = await preflight(survey.folds, self._desk.roster, source=source, problems=survey.problems)
        self.spending.learn(forecast.known, forecast.prices)
        return evolve(forecast, kept=survey.kept, paid=survey.paid)

    def stop(self) -> None:
        """Submit nothing more and finish in good order: see the module's docstring. Harmless when repeated."""
        self._stopped = True
        for scope in self._queueing | self._watching:
            scope.cancel()

    async def aclose(self) -> None:
        """End the run at once. Videos that render go on at HeyGen; no half file stays."""
        self._todo.clear()
        for worker in self._workers:
            worker.cancel()
        try:
            await asyncio.gather(*self._workers, return_exceptions=True)
        finally:
            if self._opened:
                await self.journal.aclose()

    async def _run(self) -> AsyncGenerator[Outcome]:
        if self._began is not None:
            raise ClientMisused("a bulk run can be iterated once; make another one")
        self._began = time.monotonic()
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
        if not self._prepared:
            return
        for task in self._agenda.rendering:
            task.job = self._desk.pick_up(str(task.entry.video_id), renders=True)
        self._count_what_is_paid()
        self._todo = deque(sorted((task for task in self._todo if not task.folded), key=lambda task: task.urgency))

    def _count_what_is_paid(self) -> None:
        """Count what earlier runs of this journal have cost, or may have."""
        self.spending.begin(sum(entry.charged or 0.0 for entry in self.journal.entries.values()))
        for task in self._tasks:
            if task.entry.state in _MAY_COST or (task.entry.state == "rendered" and task.entry.charged is None):
                self.spending.seize(task.entry.work, task.row.request)

    async def _prepare(self) -> None:
        """Open the journal, and find out what earlier runs have left. Harmless when repeated."""
        if self._prepared or not self._todo:
            return
        if self.journal.path is not None:
            await anyio.to_thread.run_sync(refuse_unwritable, self.into)
        self._opened = not self.journal.is_open
        await self.journal.open()
        await anyio.to_thread.run_sync(self._agenda.arrange)
        if self.journal.path is not None:
            self._recognize(self.journal.path)
            if not self._ending:
                await self._look()
        if self._fold:
            await anyio.to_thread.run_sync(self._agenda.fold)
        self._prepared = True

    def _recognize(self, path: Path) -> None:
        """Check that the journal is about the API that we talk to: its ids mean nothing elsewhere."""
        before, now = self.journal.facts.get("address"), self._desk.address
        if before is not None and before != now:
            raise JournalFailed(
                f"the journal {path} is about {before}, and this client talks to {now}; give it another journal",
                path=path,
            )
        self.journal.remember({"address": now})

    async def _look(self) -> None:
        """Look for what the journal misses. A HeyGen that shows no list leaves us to the idempotency keys."""
        try:
            await self._agenda.adoption.look(self._desk)
        except (BadRequest, NotFound, NotPermitted) as refusal:
            self._blind = refusal
        else:
            self._agenda.adopt()

    async def _work(self, finished: "asyncio.Queue[Outcome | None]") -> None:
        while self._todo:
            task = self._todo.popleft()
            try:
                outcome = await self._carry_out(task)
            except Exception as error:  # noqa: BLE001  # whatever it is, it is this row's and no other's
                verdict = self._verdict(task, error)
                self._write_down(task, error, verdict)
                outcome = task.outcome(verdict, error=error)
            finally:
                if task.entry.state not in _MAY_COST:
                    self.spending.release(task.entry.work)
            self._enter(task, outcome.status)
            finished.put_nowait(outcome)
            for twin in task.twins:
                shared = await self._share(task, twin, outcome)
                self._enter(twin, shared.status)
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
            await anyio.to_thread.run_sync(partial(duplicate, task.path, twin.path, overwrite=overwrite))
        except Exception as error:  # noqa: BLE001  # as above
            return twin.outcome("failed", error=error)
        brought = evolve(twin.entry, state="downloaded", video_id=task.entry.video_id, size=task.entry.size)
        twin.entry = self.journal.note(brought)
        return twin.outcome("done")

    def _verdict(self, task: Task, error: Exception) -> Literal["skipped", "failed"]:
        """Judge what an error means for its row, and whether it concerns all rows."""
        if isinstance(error, RateLimited) and task.stage == "submitting":
            if self._ending and not error.uncertain:
                return "skipped"  # it was held back, then the run was stopped
            if not self._stages["rendering"]:  # 429 for as long as `Retry.patience`, though nothing of ours renders
                self._submit_no_more(error)
        if isinstance(error, NotAuthenticated | JournalFailed) or is_full(error) or lacks_credit(error):
            self._submit_no_more(error)
        if isinstance(error, JobGone):
            self.spending.lose(task.entry.work)
        return "skipped" if isinstance(error, BudgetReached) else "failed"

    def _write_down(self, task: Task, error: Exception, verdict: str) -> None:
        """Put an error into the journal."""
        code = getattr(error, "code", None) or type(error).__name__
        state = _state_after(task.entry, error, held_back=verdict == "skipped")
        task.entry = self.journal.note(evolve(task.entry, state=state, code=code, message=str(error)))

    async def _carry_out(self, task: Task) -> Outcome:
        if await anyio.to_thread.run_sync(partial(task.has_file, overwrite=self._overwrite)):
            return task.outcome("kept")
        if task.entry.video_id is None:
            if not await self._submit(task):
                return task.outcome("skipped", error=self._refusal)
        elif task.job is None:
            task.job = self._desk.pick_up(task.entry.video_id, renders=False)
        return await self._bring(task)

    async def _submit(self, task: Task) -> bool:
        """Wait for a slot, and create the video in it; false when the run was stopped before."""
        if self._blind is not None and task.entry.state == "ambiguous" and not self._in_time(task.entry):
            raise copy(self._blind)  # it may be there, and nobody can tell
        turn: list[Slot] = []
        with _endable(self._queueing, ended=self._ending):
            task.quote = await self.spending.reserve(task.entry.work, task.row.request)
            task.entry = evolve(task.entry, quoted=task.quote.usd.high)
            request = await self._desk.prepare(task.row.request)
            turn.extend(await self._desk.turn())
        if not turn or self._ending:
            for slot in turn:
                slot.release()
            return False
        task.began = time.monotonic()
        self._enter(task, "submitting")
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
        return await self._desk.start(request, slot, place, idempotency_key=entry.key, pause=self._pause)

    async def _bring(self, task: Task) -> Outcome:
        """Wait for the video, and download it."""
        job, task.began = task.job, task.began or time.monotonic()
        if job is None:  # pragma: no cover  # whoever comes here has one
            raise AssertionError
        self._enter(task, "rendering")
        with _endable(self._watching, ended=self._stopped):
            await self._watch(task, job)
        if not job.done():
            return task.outcome("left")
        self._charge(task, job.result())
        if task.entry.state != "downloaded":
            task.entry = self.journal.note(evolve(task.entry, state="rendered"))
        if not task.resumed:
            self._renders.append(time.monotonic() - task.began)
        self._enter(task, "downloading")
        await job.download(task.path, overwrite=self._overwrite or task.replaces)
        await self._desk.subtitles(job, task.path.with_suffix(".srt"))
        size = await anyio.to_thread.run_sync(size_of, task.path)
        brought = evolve(task.entry, state="downloaded", size=size, code=None, message=None)
        task.entry = self.journal.note(brought)
        return task.outcome("done")

    def _charge(self, task: Task, video: Video) -> None:
        """Count what a video has cost."""
        task.charged = self.spending.settle(task.entry.work, video)
        if task.charged is not None:
            task.entry = evolve(task.entry, charged=(task.entry.charged or 0.0) + task.charged)

    async def _watch(self, task: Task, job: VideoJob) -> None:
        async for state in job.states():
            if isinstance(state, Rendering) and task.entry.state == "accepted":
                task.entry = self.journal.note(evolve(task.entry, state="rendering"))

    def _in_time(self, entry: Entry) -> bool:
        """Tell whether HeyGen still knows the key of a creation, if our clock is right."""
        return entry.sent_at is not None and 0 <= self.journal.now() - entry.sent_at < KEY_LIFE

    async def _pause(self, wait: Awaitable[None]) -> bool:
        """Wait between two tries of a creation; false when the run was stopped meanwhile."""
        with _endable(self._queueing, ended=self._ending) as scope:
            await wait
        return not scope.cancelled_caught

    @property
    def _ending(self) -> bool:
        return self._stopped or self._refusal is not None

    def _submit_no_more(self, refusal: Exception) -> None:
        self._refusal = self._refusal or refusal
        for scope in self._queueing:
            scope.cancel()

    def _enter(self, task: Task, stage: str) -> None:
        self._stages[task.stage] -= 1
        self._stages[stage] += 1
        task.stage = stage

    def _remaining(self) -> float | None:
        """Judge by the mean render so far and by how many render at once."""
        if not self._renders:
            return None
        mean = sum(self._renders) / len(self._renders)
        open_ = self._stages["waiting"] + (self._stages["submitting"] + self._stages["rendering"]) / 2
        return mean * open_ / min(self._desk.lanes.renders.bound, max(1, len(self._tasks)))


@contextmanager
def _endable(scopes: set[anyio.CancelScope], *, ended: bool) -> Iterator[anyio.CancelScope]:
    """Let whoever cancels `scopes` end what is awaited in this block, and nothing else; at once where it `ended`."""
    with anyio.CancelScope() as scope:
        if ended:
            scope.cancel()
        scopes.add(scope)
        try:
            yield scope
        finally:
            scopes.discard(scope)


def _state_after(entry: Entry, error: Exception, *, held_back: bool) -> State:
    """Say how far a row is that ended in `error`."""
    if entry.video_id is not None:
        return "failed" if isinstance(error, JobFailed | JobGone) else entry.state
    if entry.state == "ambiguous":
        return entry.state  # once nobody knows, only HeyGen's list or its answer can tell
    if held_back:
        return "intended"
    known = isinstance(error, APIError | ConnectionFailed | RequestInvalid | ClientMisused) and not error.uncertain
    return "rejected" if known or entry.state != "sent" else "ambiguous"
