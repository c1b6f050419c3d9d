"""A job: something that HeyGen works on while we wait.

A `Job` is a handle, not a task. It holds what was last seen, and a place for everybody who waits. The watcher
settles it; each waiter has a future of its own, so cancelling one ends only that wait, and a job that nobody
waits for costs nothing but its row in the watcher. A job can be awaited any number of times, by any number of
tasks, in one event loop after the other.

HeyGen has many words for a state. The table in this module is the only place that compares them.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Generator
from datetime import timedelta
from enum import Enum
from functools import partial
from os import PathLike
from pathlib import Path
from typing import Any, BinaryIO, Generic, Protocol, TypeVar, overload

from attrs import frozen

from heygen_async.clock import Clock
from heygen_async.errors import HeyGenError, JobError, JobFailed, JobGone, JobTimeout
from heygen_async.eta import Eta
from heygen_async.hints import hint_for_failure, hint_for_unknown
from heygen_async.operation import JobKind, JobRequest, Report

__all__ = ["Completed", "Failed", "Gone", "Job", "Rendering", "Stage", "State", "Waiting", "stage"]

T = TypeVar("T")


class Stage(Enum):
    """How far a job is, in our words."""

    WAITING = "waiting"
    RENDERING = "rendering"
    COMPLETED = "completed"
    FAILED = "failed"
    GONE = "gone"


_STAGES: dict[str, Stage] = {
    **dict.fromkeys(("waiting", "queued", "pending", "pending_upload", "pending_consent"), Stage.WAITING),
    **dict.fromkeys(("processing", "running", "rendering", "generating", "thinking", "loading"), Stage.RENDERING),
    **dict.fromkeys(("reviewing", "waiting_for_input", "in_progress"), Stage.RENDERING),
    **dict.fromkeys(("completed", "complete", "success", "active"), Stage.COMPLETED),
    **dict.fromkeys(("failed", "error", "cancelled", "canceled"), Stage.FAILED),
    **dict.fromkeys(("not_found", "deleted"), Stage.GONE),
}


def stage(word: str) -> Stage:
    """Translate HeyGen's word. One that is new to us counts as rendering: we look again."""
    return _STAGES.get(word.lower(), Stage.RENDERING)


@frozen
class Waiting:
    """In HeyGen's queue."""

    stage = Stage.WAITING


@frozen
class Rendering:
    """Being made."""

    stage = Stage.RENDERING
    word: str = "processing"
    """HeyGen's own word for it."""

    progress: int | None = None
    """How far it is, 0 to 100, where HeyGen says so: for clippings and filler-word removals, not for videos."""


@frozen
class Completed(Generic[T]):
    """Done."""

    stage = Stage.COMPLETED
    result: T
    """What HeyGen says about it, with the link to the file."""


@frozen
class Failed:
    """HeyGen gave it up."""

    stage = Stage.FAILED
    code: str | None = None
    """HeyGen's failure code, often an old name in capitals."""

    message: str | None = None
    """HeyGen's words, where it has any."""


@frozen
class Gone:
    """HeyGen does not know it: deleted, of another account, or never was."""

    stage = Stage.GONE


State = Waiting | Rendering | Completed[T] | Failed | Gone

_WAITING = Waiting()
_ENDED = {Stage.COMPLETED, Stage.FAILED, Stage.GONE}

_Waiter = asyncio.Future[bool]


class Follower(Protocol):
    """Whom a job asks to be followed and downloaded; the client is one."""

    @property
    def clock(self) -> Clock:
        """The clock that `Job.wait` goes by."""
        ...

    def eta(self, job: "Job[Any]", /) -> Eta | None:
        """Say when `job` will be done, as far as anybody knows."""
        ...

    def follow(self, job: "Job[Any]", /) -> None:
        """Look after `job` until it is terminal. Harmless when it is followed already."""
        ...

    async def download(
        self, job: "Job[Any]", target: "str | PathLike[str] | BinaryIO", /, *, overwrite: bool
    ) -> Path | None:
        """Bring the finished file of `job` to `target`."""
        ...


class Job(Generic[T]):
    """A job at HeyGen; `await` it for its result.

    `VideoJob` is ``Job[Video]``. Get one from `Videos.create`, or by id from `Videos.job`, in another process
    too.
    """

    __slots__ = (
        "__weakref__",
        "_desk",
        "_farewells",
        "_waiters",
        "id",
        "kind",
        "receipt",
        "request",
        "state",
    )  # a hundred thousand of them may be pending

    def __init__(
        self,
        job_id: str,
        kind: JobKind[T],
        desk: Follower,
        request: JobRequest[Any, T] | None = None,
        receipt: Any = None,
    ) -> None:
        self.id = job_id
        """HeyGen's id."""
        self.kind = kind
        """What kind of job this is."""
        self.request = request
        """What started it, or ``None`` when it was picked up by id."""
        self.receipt = receipt
        """What HeyGen answered to `request`, such as a `CreatedAvatar`; ``None`` when it was picked up by id."""
        self.state: State[T] = _WAITING
        """What was last seen of it."""
        self._desk = desk
        self._waiters: list[_Waiter] | None = None
        self._farewells: list[Callable[[], object]] | None = None

    def __repr__(self) -> str:
        return f"<Job {self.kind.noun} {self.id} {self.status}>"

    @property
    def status(self) -> str:
        """``waiting``, ``rendering``, ``completed``, ``failed`` or ``gone``, as last seen. Asks nobody."""
        return self.state.stage.value

    def done(self) -> bool:
        """Tell whether the job has ended, well or badly. Asks nobody."""
        return self.state.stage in _ENDED

    @property
    def eta(self) -> Eta | None:
        """Seconds from now until it is done, as an interval in which four of five jobs end. Asks nobody.

        It is learned from the jobs of its kind, engine and resolution that have ended in this client, and in earlier
        runs with the same journal. ``None``: there was none, or the job was picked up by its id.
        """
        return Eta(0.0, 0.0, 0.0) if self.done() else self._desk.eta(self)

    def __await__(self) -> Generator[Any, None, T]:
        while not self.done():
            waiter = self._line_up()
            try:
                yield from waiter
            finally:
                self._step_out(waiter)
        return self.result()

    async def wait(self, timeout: float | timedelta | None = None) -> T:  # noqa: ASYNC109  # part of the promise
        """Wait for the result.

        `timeout` is in seconds; ``None`` waits until HeyGen has decided, at most `Polling.give_up_after`.
        Raises `JobFailed`, `JobGone`, `JobTimeout` (the job goes on, and can be awaited again), or what
        stopped the watcher from asking: `NotAuthenticated`, for example. Cancelling a wait cancels nothing
        else.
        """
        if timeout is None:
            return await self
        seconds = timeout.total_seconds() if isinstance(timeout, timedelta) else timeout
        deadline = self._desk.clock.now() + seconds
        while not self.done():
            if not await self._change(deadline) and not self.done():
                raise JobTimeout(self, seconds)
        return self.result()

    def result(self) -> T:
        """Return the result of a job that is done, without waiting.

        Raises `JobFailed` or `JobGone`, and `JobError` while it is not done.
        """
        match self.state:
            case Completed(result):
                return result
            case Failed(code, message):
                raise JobFailed(self, code, message, hint_for_failure(self.request, code, message))
            case Gone():
                picked_up = self.request is None and self.kind.alone
                raise JobGone(self, hint_for_unknown(self.kind.get(self.id)) if picked_up else "")
            case _:
                raise JobError(self, f"{self.kind.noun} {self.id} is not done yet; await it first")

    async def states(self) -> AsyncIterator[State[T]]:
        """Yield the state now and after each change, the last one when the job is done.

        Raises as `wait` does, but not for a job that ended badly: that is a state.
        """
        seen: State[T] | None = None
        while True:
            if self.state != seen:
                seen = self.state
                yield seen
            elif self.done():
                return
            else:
                await self._change(None)

    @overload
    async def download(self, target: BinaryIO, *, overwrite: bool = False) -> None: ...
    @overload
    async def download(self, target: str | PathLike[str], *, overwrite: bool = False) -> Path: ...
    async def download(self, target: str | PathLike[str] | BinaryIO, *, overwrite: bool = False) -> Path | None:
        """Wait for the result and stream its file to `target`: a path, a directory, or a binary file object.

        A file with the final name is always whole: bytes go to a part file beside it, which is checked and
        then renamed. In a directory the file is named after the title, else the id; a job that makes several files
        brings all of them, and returns the directory. Else returns the path (``None`` for a file object, which stays
        open). Raises `TargetExists` when the file is there and `overwrite` is
        false, `DownloadFailed`, and all that `wait` raises.
        """
        return await self._desk.download(self, target, overwrite=overwrite)

    # What the watcher and the client do with a job.

    def settle(self, report: Report, answer: T | None = None) -> None:
        """Take in what HeyGen reports; `answer` is what a completed job becomes. A terminal state stays."""
        if self.done():
            return
        before = self.state
        match stage(report.status):
            case Stage.COMPLETED if answer is not None:
                self.state = Completed(answer)
            case Stage.FAILED:
                self.state = Failed(report.code, report.message)
            case Stage.GONE:
                self.state = Gone()
            case Stage.WAITING:
                self.state = _WAITING
            case _:
                self.state = Rendering(report.status, report.progress)
        if self.state != before:
            self._wake()
        if self.done() or report.status in self.kind.idle:
            self._leave()

    def abandon(self, error: HeyGenError) -> None:
        """End all waits with `error`: nobody follows the job any more, until somebody waits for it again."""
        for waiter in self._waiters or ():
            if not waiter.done():
                waiter.set_exception(error)
        self._leave()

    def become(self, kind: JobKind[T], job_id: str) -> None:
        """Go on as something else: HeyGen has given the job an id of its own, of this kind."""
        self.kind, self.id = kind, job_id

    def on_leaving(self, farewell: Callable[[], object]) -> None:
        """Call `farewell` once, as soon as the job is done, abandoned, or idle; now, if it is done."""
        if self.done():
            farewell()
        elif self._farewells is None:
            self._farewells = [farewell]
        else:
            self._farewells.append(farewell)

    def _line_up(self) -> _Waiter:
        """Make a waiter, and have the job followed."""
        waiter: _Waiter = asyncio.get_running_loop().create_future()
        self._desk.follow(self)
        if self._waiters is None:
            self._waiters = []
        self._waiters.append(waiter)
        return waiter

    def _step_out(self, waiter: _Waiter) -> None:
        if self._waiters is not None:
            self._waiters.remove(waiter)
            self._waiters = self._waiters or None

    async def _change(self, deadline: float | None) -> bool:
        """Wait for the next change of state; false when the deadline came first."""
        waiter, alarm = self._line_up(), None
        try:
            if deadline is not None:
                alarm = self._desk.clock.call_at(deadline, partial(_tell, waiter, changed=False))
            return await waiter
        finally:
            self._step_out(waiter)
            if alarm is not None:
                alarm.cancel()

    def _wake(self) -> None:
        for waiter in self._waiters or ():
            _tell(waiter, changed=True)

    def _leave(self) -> None:
        farewells, self._farewells = self._farewells or (), None
        for farewell in farewells:
            farewell()


def _tell(waiter: _Waiter, *, changed: bool) -> None:
    if not waiter.done():
        waiter.set_result(changed)
