"""Many requests in, one outcome each out, as they finish.

A fixed number of workers take rows from a queue, so 5,000 rows cost 5,000 rows and not 5,000 tasks. A row waits
for a render slot, is submitted, renders, gives its slot back, and is downloaded in a lane of its own. What happens
to one row is nobody else's business: an error becomes its outcome, and the run goes on. Some errors concern all rows
alike (a wrong API key, an empty wallet, a full disk), so they end the submissions; what renders by then is paid for,
and brought.

`BulkRun.stop` ends a run in good order: nothing new is submitted, a creation or a download under way is finished,
and what renders is left to HeyGen, with its id in the outcome. Leaving the loop early, an error in it, or a cancelled
task end the run at once.
"""

import asyncio
import errno
import tempfile
import time
from collections import Counter, deque
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Iterable, Iterator
from contextlib import contextmanager
from os import PathLike
from pathlib import Path
from typing import Any, Literal, Protocol

import anyio
import anyio.to_thread
from attrs import define, frozen

from heygen_async.api.videos import Video, VideoJob, VideoRequest
from heygen_async.clock import Clock
from heygen_async.errors import ClientMisused, DownloadFailed, NotAuthenticated, OutOfCredit, RateLimited, TargetExists
from heygen_async.job import Failed, Gone
from heygen_async.naming import FileNames
from heygen_async.operation import JobRequest
from heygen_async.rows import Row
from heygen_async.scheduler import Lanes, Slot

__all__ = ["BulkRun", "Outcome", "Progress"]


class Submitter(Protocol):
    """What a run needs of the client."""

    @property
    def lanes(self) -> Lanes:
        """Who waits for what."""
        ...

    @property
    def clock(self) -> Clock:
        """What pauses go by."""
        ...

    async def prepare(self, request: VideoRequest, /) -> VideoRequest:
        """Upload the local files of a request."""
        ...

    async def turn(self) -> tuple[Slot, Slot]:
        """Wait for a render slot, and for a place among the submissions."""
        ...

    async def start(
        self, request: JobRequest[Any, Video], slot: Slot, place: Slot, /, *, pause: Callable[[float], Awaitable[bool]]
    ) -> VideoJob:
        """Create a video in a render slot and a place that were taken for it; `pause` can end it between tries."""
        ...

    async def subtitles(self, job: VideoJob, path: Path, /) -> None:
        """Bring the subtitles of a finished video, if it has any."""
        ...


@frozen
class Progress:
    """How far a run is, in rows. Waiting, rendering, downloading, done, kept and failed add up to the total."""

    total: int
    waiting: int
    """Not submitted yet, those whose files are being uploaded included."""

    rendering: int
    """Submitted, or being submitted."""

    downloading: int
    """Rendered, and on their way to disk."""

    done: int
    kept: int
    """Their file was there already, so nothing was asked or paid for."""

    failed: int
    """Left or skipped ones, after a stop, included."""

    elapsed: float
    """Real seconds since the run began."""

    remaining: float | None
    """Real seconds until the end, judging by the renders so far; ``None`` before the first one."""


@frozen
class Outcome:
    """What became of a row."""

    row: Row
    status: Literal["done", "kept", "failed", "left", "skipped"]
    """``kept``: the file was there already. After a stop, ``left`` still renders at HeyGen (pick it up by
    ``job.id``) and ``skipped`` was never submitted."""

    job: VideoJob | None = None
    """The video's job, from the moment that HeyGen has accepted it."""

    path: Path | None = None
    """The file, when there is one."""

    error: Exception | None = None
    """Why there is none."""

    seconds: float = 0.0
    """Real seconds from the row's turn to its end."""

    @property
    def request(self) -> VideoRequest:
        """What was asked for."""
        return self.row.request


@define(eq=False)
class _Task:
    """A row on its way."""

    row: Row
    path: Path
    stage: str = "waiting"
    job: VideoJob | None = None
    began: float = 0.0

    def outcome(self, status: Any, *, error: Exception | None = None) -> Outcome:
        """Close the row."""
        path = self.path if status in {"done", "kept"} else None
        seconds = time.monotonic() - self.began if self.began else 0.0
        return Outcome(self.row, status, self.job, path, error, seconds)


class BulkRun:
    """A bulk run: iterate over it for the outcomes, in the order in which they come. It can be iterated once."""

    def __init__(
        self,
        desk: Submitter,
        requests: Iterable[Row | VideoRequest],
        into: str | PathLike[str],
        *,
        overwrite: bool = False,
    ) -> None:
        self.into = Path(into)
        """The folder of the files."""
        self._desk = desk
        self._overwrite = overwrite
        self._tasks = _plan(requests, self.into)
        self._todo = deque(self._tasks)
        self._stages = Counter({"waiting": len(self._tasks)})
        self._began: float | None = None
        self._renders: list[float] = []
        self._workers: list[asyncio.Task[None]] = []
        self._queueing: set[anyio.CancelScope] = set()
        self._watching: set[anyio.CancelScope] = set()
        self._stopped = False
        self._refusal: Exception | None = None

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
        )

    @property
    def jobs(self) -> list[VideoJob]:
        """The videos that HeyGen has accepted, and that are not on disk: rendering, being downloaded, or left there."""
        accepted = (task.job for task in self._tasks if task.job is not None and task.stage != "done")
        return [job for job in accepted if not isinstance(job.state, Failed | Gone)]

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
        await asyncio.gather(*self._workers, return_exceptions=True)

    async def _run(self) -> AsyncGenerator[Outcome]:
        if self._began is not None:
            raise ClientMisused("a bulk run can be iterated once; make another one")
        self._began = time.monotonic()
        await anyio.to_thread.run_sync(_refuse_unwritable, self.into)
        lanes, finished = self._desk.lanes, asyncio.Queue[Outcome | None]()
        size = min(len(self._tasks), lanes.renders.limit + lanes.downloads.limit)
        self._workers = [asyncio.create_task(self._work(finished), name=f"heygen_async bulk {n}") for n in range(size)]
        end = asyncio.gather(*self._workers, return_exceptions=True)
        end.add_done_callback(lambda _: finished.put_nowait(None))
        try:
            while (outcome := await finished.get()) is not None:
                yield outcome
        finally:
            await self.aclose()

    async def _work(self, finished: "asyncio.Queue[Outcome | None]") -> None:
        while self._todo:
            task = self._todo.popleft()
            try:
                outcome = await self._carry_out(task)
            except Exception as error:  # noqa: BLE001  # whatever it is, it is this row's and no other's
                outcome = task.outcome(self._verdict(task, error), error=error)
            self._enter(task, outcome.status)
            finished.put_nowait(outcome)

    def _verdict(self, task: _Task, error: Exception) -> Literal["skipped", "failed"]:
        """Judge what an error means for its row, and whether it concerns all rows."""
        if isinstance(error, RateLimited) and task.stage == "submitting":
            if self._ending and not error.uncertain:
                return "skipped"  # it was held back, then the run was stopped
            if not self._stages["rendering"]:  # 429 for as long as `Retry.patience`, though nothing of ours renders
                self._submit_no_more(error)
        if isinstance(error, NotAuthenticated | OutOfCredit) or _is_full(error):
            self._submit_no_more(error)
        return "failed"

    async def _carry_out(self, task: _Task) -> Outcome:
        if await anyio.to_thread.run_sync(_keeps, task.path, self._overwrite):
            return task.outcome("kept")
        turn: list[Slot] = []
        with _endable(self._queueing, ended=self._ending):
            request = await self._desk.prepare(task.row.request)
            turn.extend(await self._desk.turn())
        if not turn or self._ending:
            for slot in turn:
                slot.release()
            return task.outcome("skipped", error=self._refusal)
        task.began = time.monotonic()
        self._enter(task, "submitting")
        task.job = await self._desk.start(request, *turn, pause=self._pause)
        self._enter(task, "rendering")
        with _endable(self._watching, ended=self._stopped):
            await task.job
        if not task.job.done():
            return task.outcome("left")
        self._renders.append(time.monotonic() - task.began)
        self._enter(task, "downloading")
        await task.job.download(task.path, overwrite=self._overwrite)
        await self._desk.subtitles(task.job, task.path.with_suffix(".srt"))
        return task.outcome("done")

    async def _pause(self, seconds: float) -> bool:
        """Wait between two tries of a creation; false when the run was stopped meanwhile."""
        with _endable(self._queueing, ended=self._ending) as scope:
            await self._desk.clock.sleep(seconds)
        return not scope.cancelled_caught

    @property
    def _ending(self) -> bool:
        return self._stopped or self._refusal is not None

    def _submit_no_more(self, refusal: Exception) -> None:
        self._refusal = self._refusal or refusal
        for scope in self._queueing:
            scope.cancel()

    def _enter(self, task: _Task, stage: str) -> None:
        self._stages[task.stage] -= 1
        self._stages[stage] += 1
        task.stage = stage

    def _remaining(self) -> float | None:
        """Judge by the mean render so far and by how many render at once."""
        if not self._renders:
            return None
        mean = sum(self._renders) / len(self._renders)
        open_ = self._stages["waiting"] + (self._stages["submitting"] + self._stages["rendering"]) / 2
        return mean * open_ / min(self._desk.lanes.renders.limit, max(1, len(self._tasks)))


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


def _plan(requests: Iterable[Row | VideoRequest], into: Path) -> list[_Task]:
    """Give each row its file, so that the same input finds the same files on the next run."""
    names = FileNames()
    tasks = []
    for at, given in enumerate(requests, start=1):
        row = given if isinstance(given, Row) else Row(given, line=at)
        suffix = f".{getattr(row.request, 'output_format', None) or 'mp4'}"
        tasks.append(_Task(row, into / names.take(row.file or row.request.title, f"video-{at:04}", suffix)))
    return tasks


def _is_full(error: Exception) -> bool:
    """Tell whether the disk takes no more: further videos would be paid for and lost."""
    cause = error.__cause__
    return isinstance(cause, OSError) and cause.errno in {errno.ENOSPC, errno.EROFS, getattr(errno, "EDQUOT", -1)}


def _keeps(path: Path, overwrite: bool) -> bool:  # noqa: FBT001  # called in a thread
    """Tell whether a row's file is there already. Raises `TargetExists` where it could never be put there."""
    if path.is_dir() or (path.is_symlink() and not path.exists()):
        raise TargetExists(f"{path} is a folder or a broken link; the video needs that name", path=path)
    return not overwrite and path.exists()


def _refuse_unwritable(folder: Path) -> None:
    """Make the folder and write into it, before anything is paid for."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder) as probe:
            probe.write(b"\0" * 4096)
    except (OSError, ValueError) as fault:
        reason = getattr(fault, "strerror", None) or fault
        raise DownloadFailed(f"cannot write into {folder}: {reason}", path=folder) from fault
