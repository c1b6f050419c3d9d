"""The client: owns and wires everything else. One attribute for each group of the API.

::

    async with HeyGen() as heygen:
        job = await heygen.videos.create(AvatarVideo(avatar_id="…", script="Hello!", voice_id="…"))
        video = await job
        path = await job.download("hello.mp4")
"""

import os
from collections.abc import Callable, Iterable, Sequence
from contextlib import AsyncExitStack
from functools import partial
from operator import attrgetter
from os import PathLike
from pathlib import Path, PurePosixPath
from types import TracebackType
from typing import Any, BinaryIO, Self, TypeVar
from weakref import WeakSet

import aiohttp
import anyio.to_thread
from attrs import define
from yarl import URL

from heygen_async.api.assets import Assets
from heygen_async.api.avatars import Avatars
from heygen_async.api.users import Users
from heygen_async.api.videos import VIDEO, VideoRequest, Videos
from heygen_async.api.voices import Voices
from heygen_async.bulk import BulkRun
from heygen_async.clock import Clock, SystemClock
from heygen_async.download import Download, Sink, into_file, into_path, refuse_existing, refuse_text
from heygen_async.errors import AnswerUnreadable, ClientMisused, DownloadFailed
from heygen_async.job import Job
from heygen_async.log import show_log
from heygen_async.naming import FileNames
from heygen_async.operation import JobKind, JobRequest, Report, Request
from heygen_async.options import Options
from heygen_async.rows import Row
from heygen_async.scheduler import Lanes, Slot
from heygen_async.transport import ApiKey, Connections, Pause, Transport, base_address
from heygen_async.uploads import Uploads
from heygen_async.watcher import Watcher

__all__ = ["HeyGen"]

T = TypeVar("T")
R = TypeVar("R", bound=Request[Any])

API = "https://api.heygen.com"


class HeyGen:
    """A client of HeyGen's API.

    Making one does no I/O and needs no running event loop. ``async with`` closes it; in a notebook,
    ``heygen = HeyGen()`` and, at the end, ``await heygen.aclose()`` do as well. One client serves a whole program,
    from any number of tasks, and in one event loop after the other.

    `api_key`: ``None`` reads ``HEYGEN_API_KEY``. `base_url`: ``None`` reads ``HEYGEN_API_BASE``, else HeyGen's
    own. `options`: every knob, see `Options`. `session`: an `aiohttp.ClientSession` of yours, which is used as it
    is and never closed. `clock`: what pauses and polls go by; tests pass a `ManualClock`.

    Raises `ClientMisused` without a key, and for an unencrypted base address that is not this machine.
    """

    def __init__(
        self,
        api_key: str | None = None,
        *,
        base_url: str | None = None,
        options: Options | None = None,
        session: aiohttp.ClientSession | None = None,
        clock: Clock | None = None,
    ) -> None:
        show_log()
        api_key = None if api_key is None else ApiKey(api_key)  # tracebacks show the locals of this frame, too
        key, options, clock = _key(api_key), options or Options(), clock or SystemClock()
        base = base_address(base_url or os.environ.get("HEYGEN_API_BASE") or API, insecure_http=options.insecure_http)
        lanes = Lanes.of(options.limits)
        connections = Connections(session)
        transport = Transport(
            key=key,
            base=base,
            options=options,
            clock=clock,
            connections=connections,
            gate=lanes.requests,
        )
        self._wire(_Desk(transport, clock, lanes, connections))

    def _wire(self, desk: "_Desk") -> None:
        self._desk = desk
        self.videos = Videos(desk)
        """Make, read, list and delete videos."""
        self.avatars = Avatars(desk)
        """Persons and their looks."""
        self.voices = Voices(desk)
        """Choose who speaks."""
        self.assets = Assets(desk)
        """Upload, read and delete files."""
        self.users = Users(desk)
        """The account behind the API key."""

    def __repr__(self) -> str:
        if not hasattr(self, "_desk"):  # in a traceback through the constructor
            return "<HeyGen not made>"
        lane = self._desk.lanes.renders
        return f"<HeyGen {self._desk.transport.base} renders {lane.taken}/{lane.limit}, {lane.waiting} waiting>"

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()

    @property
    def options(self) -> Options:
        """The settings of this client."""
        return self._desk.transport.options

    async def send(self, request: Request[T], *, idempotency_key: str | None = None) -> T:
        """Make a call: the way to an operation that has no method yet.

        Local files in it are uploaded before. A job's request answers its receipt; `submit` gives the job.
        Raises `RequestInvalid`, `APIError`, `ConnectionFailed`, `AnswerUnreadable`.
        """
        return await self._desk.send(request, idempotency_key=idempotency_key)

    async def submit(self, request: JobRequest[Any, T], *, idempotency_key: str | None = None) -> Job[T]:
        """Start a job in a render slot, as `Videos.create` does for videos. Raises as `send` does."""
        return await self._desk.submit(request, idempotency_key=idempotency_key)

    async def submit_all(self, request: JobRequest[Any, T], *, idempotency_key: str | None = None) -> list[Job[T]]:
        """Start the jobs of a call that starts several: one for each language, or for each item of a batch.

        Waits for one render slot; the others are taken as well, so nothing else starts while they render. Raises as
        `send` does.
        """
        return await self._desk.submit_all(request, idempotency_key=idempotency_key)

    def bulk(
        self,
        requests: Iterable[Row | VideoRequest],
        *,
        into: str | PathLike[str],
        overwrite: bool = False,
    ) -> BulkRun:
        """Make many videos and bring them into a folder: ``async for outcome in heygen.bulk(…): …``.

        At most `Limits.renders` render at once. Files are named after `Row.file`, else the title, and never leave
        the folder; subtitles that were asked for lie beside as ``.srt``. A row whose file is there already is kept and
        not paid for, unless `overwrite`. One row's failure is its own outcome. Iterating raises `DownloadFailed` when
        the folder cannot be written.
        """
        return BulkRun(self._desk, requests, into, overwrite=overwrite)

    def with_options(self, options: Options) -> Self:
        """Make a client with other settings over the same connections and uploads.

        It shares the render slots and other lanes too, unless `options.limits` differs. Closing this one closes it
        too.
        """
        sibling = object.__new__(type(self))
        sibling._wire(self._desk.sibling(options))
        return sibling

    async def aclose(self) -> None:
        """Stop following jobs and close the connections. Videos go on at HeyGen. Harmless when repeated."""
        await self._desk.aclose()


@define(eq=False, init=False)
class _Desk:
    """What resources, jobs and bulk runs ask of the client, behind its public face."""

    transport: Transport
    clock: Clock
    lanes: Lanes
    uploads: Uploads
    watcher: Watcher
    _connections: Connections
    _siblings: "WeakSet[_Desk]"
    _sibling: bool
    _closed: bool

    def __init__(
        self, transport: Transport, clock: Clock, lanes: Lanes, connections: Connections, *, sibling: bool = False
    ) -> None:
        self.transport = transport
        self.clock = clock
        self.lanes = lanes
        self.uploads = Uploads(self._submit_alone)
        self.watcher = Watcher(self._call, clock, transport.options.polling)
        self._connections = connections
        self._siblings = WeakSet()
        self._sibling = sibling
        self._closed = False

    async def send(self, request: Request[T], *, idempotency_key: str | None = None) -> T:
        if not request.endpoint.reads:
            return await self._submit_alone(await self.uploads.settle(request), idempotency_key=idempotency_key)
        return await self._call(request)

    async def submit(self, request: JobRequest[Any, T], *, idempotency_key: str | None = None) -> Job[T]:
        jobs = await self.submit_all(request, idempotency_key=idempotency_key)
        return jobs[0]

    async def submit_all(self, request: JobRequest[Any, T], *, idempotency_key: str | None = None) -> list[Job[T]]:
        request = await self.prepare(request)
        return await self._start(request, *await self.turn(request.kind), idempotency_key=idempotency_key)

    async def prepare(self, request: R) -> R:
        return await self.uploads.settle(request)

    async def turn(self, kind: JobKind[Any] = VIDEO) -> tuple[Slot, Slot]:
        """Wait for a render slot, if the kind takes one, then for a place among the submissions."""
        self.watcher.resume()  # jobs of an earlier loop may hold the slots
        slot = await self.lanes.renders.acquire() if kind.slot else Slot(None)
        try:
            return slot, await self.lanes.submissions.acquire()
        except BaseException:
            slot.release()
            raise

    async def start(
        self, request: JobRequest[Any, T], slot: Slot, place: Slot, *, pause: Pause | None = None
    ) -> Job[T]:
        """Create one thing, as `_start` does."""
        jobs = await self._start(request, slot, place, pause=pause)
        return jobs[0]

    async def _start(
        self,
        request: JobRequest[Any, T],
        slot: Slot,
        place: Slot,
        *,
        idempotency_key: str | None = None,
        pause: Pause | None = None,
    ) -> list[Job[T]]:
        """Create in `slot`, which is given back when the job has ended, or when nothing came of it."""
        try:
            receipt = await self._call(request, idempotency_key=idempotency_key, pause=pause)
            jobs: list[Job[T]] = [Job(job_id, request.kind, self, request) for job_id in _ids(request, receipt)]
            for job in jobs:
                self.watcher.follow(job)
        except BaseException:
            slot.release()
            raise
        finally:
            place.release()
        jobs[0].on_leaving(slot.release)
        for job in jobs[1:] if request.kind.slot else ():
            job.on_leaving(self.lanes.renders.seize().release)
        return jobs

    def job(self, kind: JobKind[T], job_id: str) -> Job[T]:
        kind.get(job_id)  # checks the id
        return Job(job_id, kind, self)

    def follow(self, job: Job[Any]) -> None:
        self.watcher.follow(job)

    async def download(self, job: Job[Any], target: str | PathLike[str] | BinaryIO, *, overwrite: bool) -> Path | None:
        try:
            if isinstance(target, str | PathLike):
                return await self._bring(job, target, overwrite=overwrite)
            refuse_text(target)
            await job.wait()
            async with self.lanes.downloads:
                await into_file(target, partial(self._begin, job))
        except DownloadFailed as failure:
            failure.job, failure.request = job, job.request  # whoever catches it can fetch the video elsewhere
            raise
        return None

    async def _bring(self, job: Job[Any], target: str | PathLike[str], *, overwrite: bool) -> Path:
        path, folder = Path(target), await anyio.to_thread.run_sync(_is_folder, target)
        if not folder:
            await refuse_existing(path, overwrite=overwrite)
        answer = await job.wait()
        async with self.lanes.downloads:
            path = path / _name(job, answer) if folder else path
            return await into_path(path, partial(self._begin, job), overwrite=overwrite)

    async def subtitles(self, job: Job[Any], path: Path) -> None:
        """Bring the subtitles of a finished job to `path`, replacing what is there; nothing where it has none."""
        if job.kind.report(job.result()).subtitles:
            async with self.lanes.downloads:
                begin = partial(self._begin, job, of=attrgetter("subtitles"))
                await into_path(path, begin, overwrite=True, flaw=None)

    def _begin(self, job: Job[Any], sink: Sink, of: Callable[[Report], str | None] = attrgetter("link")) -> Download:
        return Download(
            fetch=self.transport.fetch,
            link=partial(self._link, job, of),
            sink=sink,
            retry=self.transport.options.retry,
            clock=self.clock,
            name=f"{job.kind.noun} {job.id}",
        )

    def sibling(self, options: Options) -> "_Desk":
        own = self.transport
        lanes = self.lanes if options.limits == own.options.limits else Lanes.of(options.limits)
        transport = own.with_options(options, lanes.requests)
        desk = _Desk(transport, self.clock, lanes, self._connections, sibling=True)
        desk.uploads, desk._siblings = self.uploads, self._siblings
        self._siblings.add(desk)
        return desk

    async def aclose(self) -> None:
        self._closed = True
        async with AsyncExitStack() as closing:  # the last one first, and all of them even if this is cancelled
            if not self._sibling:
                closing.push_async_callback(self._connections.aclose)
                for sibling in self._siblings:
                    closing.push_async_callback(sibling.aclose)
            closing.push_async_callback(self.watcher.aclose)

    async def _call(self, request: Request[T], *, idempotency_key: str | None = None, pause: Pause | None = None) -> T:
        if self._closed:
            raise ClientMisused("the client is closed; make another one")
        return await self.transport.call(request, idempotency_key=idempotency_key, pause=pause)

    async def _submit_alone(self, request: Request[T], *, idempotency_key: str | None = None) -> T:
        async with self.lanes.submissions:
            return await self._call(request, idempotency_key=idempotency_key)

    async def _link(self, job: Job[Any], of: Callable[[Report], str | None], fresh: bool) -> str:  # noqa: FBT001  # bound
        answer = await self._call(job.kind.get(job.id)) if fresh else job.result()
        link = of(job.kind.report(answer))
        if not link:
            raise DownloadFailed(f"{job.kind.noun} {job.id} is completed, but HeyGen gives no link to its file")
        return link


def _ids(request: JobRequest[Any, Any], receipt: object) -> Sequence[str]:
    """Find the ids of what has begun. Raises `AnswerUnreadable` when the receipt names none."""
    ids = request.job_ids(receipt)
    if not ids:
        message = f"{request.endpoint.path} has accepted the request, but names no job"
        raise AnswerUnreadable(message, status=request.endpoint.status, request=request)
    return ids


def _key(given: str | None) -> ApiKey:
    given = ApiKey((given if given is not None else os.environ.get("HEYGEN_API_KEY", "")).strip())
    if not given:
        raise ClientMisused(
            "there is no API key: set HEYGEN_API_KEY or pass HeyGen(api_key=…); without an account, use the "
            "emulator (heygen-async emulator)"
        )
    if not given.isascii() or not given.isprintable():
        raise ClientMisused("the API key has characters that no API key has; copy it again")
    return given


def _is_folder(target: str | PathLike[str]) -> bool:
    return str(target).endswith(("/", os.sep)) or Path(target).is_dir()


def _name(job: Job[Any], answer: object) -> str:
    """Name a file in a folder after the title, else the id; the ending is that of the link."""
    ending = PurePosixPath(URL(job.kind.report(answer).link or "").path).suffix
    suffix = ending if ending in {".mp4", ".webm"} else ".mp4"
    return FileNames().take(getattr(answer, "title", None), job.id, suffix)
