"""What resources, jobs and bulk runs ask of the client, behind its public face.

A desk owns what one client needs: the transport, the lanes, the watcher. A client that was made by
`HeyGen.with_options` has a desk of its own, over the same connections.

This is one of two places with imports inside functions: a client that uploads nothing, downloads nothing and makes no
bulk run never loads what does. The other one is the command line.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import AsyncExitStack
from functools import cached_property, partial
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, TypeVar, cast
from weakref import WeakSet

from attrs import define

from heygen_async.clock import Clock
from heygen_async.connections import Connections
from heygen_async.errors import AnswerUnreadable, APIError, ClientMisused, HeyGenError
from heygen_async.eta import Eta
from heygen_async.files.snapshot import Snapshot
from heygen_async.foresight import Foresight
from heygen_async.job import Job
from heygen_async.operation import JobKind, JobRequest, Request
from heygen_async.options import Options
from heygen_async.scheduler import Lanes, Slot
from heygen_async.transport import Pause, Transport
from heygen_async.watcher import Watcher, Watchers
from heygen_async.webhooks.callbacks import Callbacks

if TYPE_CHECKING:
    from heygen_async.api.videos import Video
    from heygen_async.bulk.roster import Roster
    from heygen_async.files.courier import Courier
    from heygen_async.files.uploads import Uploads
    from heygen_async.webhooks.receiver import Receiver

__all__ = ["Desk"]

T = TypeVar("T")
R = TypeVar("R", bound=Request[Any])


@define(eq=False, init=False)
class Desk:
    """One for each client; the face of it is `HeyGen`."""

    transport: Transport
    clock: Clock
    lanes: Lanes
    watcher: Watcher
    callbacks: Callbacks
    watchers: Watchers
    receivers: "list[Receiver]"
    _connections: Connections
    _siblings: "WeakSet[Desk]"
    _of: "Desk | None"
    _uploads: "Uploads | None"
    _closed: bool

    def __init__(
        self,
        transport: Transport,
        clock: Clock,
        lanes: Lanes,
        connections: Connections,
        callbacks: Callbacks,
        of: "Desk | None" = None,
    ) -> None:
        self.transport = transport
        self.clock = clock
        self.lanes = lanes
        self.watchers = Watchers() if of is None else of.watchers
        foresight = None if of is None else of.watcher.foresight
        self.watcher = self.watchers.add(Watcher(self._call, clock, transport.options.polling, foresight))
        self.callbacks = callbacks
        self.receivers = []
        self._connections = connections
        self._siblings = WeakSet() if of is None else of._siblings  # noqa: SLF001  # another one of these
        self._of = of
        self._uploads = None
        self._closed = False

    @property
    def uploads(self) -> "Uploads":
        """What has been uploaded so far, by any of those that share the connections."""
        if self._of is not None:
            return self._of.uploads
        if self._uploads is None:
            from heygen_async.files.uploads import Uploads

            self._uploads = Uploads(self)
        return self._uploads

    @cached_property
    def courier(self) -> "Courier":
        """Who brings files."""
        from heygen_async.files.courier import Courier

        transport = self.transport
        return Courier(self._call, transport.fetch, self.lanes.downloads, transport.options.retry, self.clock)

    @property
    def roster(self) -> "Roster":
        """The looks and voices that bulk runs have asked for, shared as the uploads are."""
        return self._roster  # a protocol wants a property

    @cached_property
    def _roster(self) -> "Roster":
        from heygen_async.bulk.roster import Roster

        return Roster(self) if self._of is None else self._of.roster

    @property
    def address(self) -> str:
        """Where the API is."""
        return str(self.transport.base)

    async def send(self, request: Request[T], *, idempotency_key: str | None = None) -> T:
        """Make a call. Local files in it are uploaded before."""
        if request.endpoint.reads:
            return await self._call(request)
        from heygen_async.api.assets import UploadAsset

        if isinstance(request, UploadAsset):
            return cast(T, await self.uploads.upload(request, idempotency_key=idempotency_key))
        settled = await self.uploads.settle(request, idempotency_key=idempotency_key)
        return await self.submit_alone(settled, idempotency_key=idempotency_key)

    async def submit(self, request: JobRequest[Any, T], *, idempotency_key: str | None = None) -> Job[T]:
        """Start a job in a render slot."""
        jobs = await self.submit_all(request, idempotency_key=idempotency_key)
        return jobs[0]

    async def submit_all(self, request: JobRequest[Any, T], *, idempotency_key: str | None = None) -> list[Job[T]]:
        """Start the jobs of one call, in a render slot."""
        request = await self.uploads.settle(request, idempotency_key=idempotency_key)
        return await self._start(request, *await self.turn(request.kind), idempotency_key=idempotency_key)

    async def prepare(self, request: R) -> R:
        """Upload the local files of a request."""
        return await self.uploads.settle(request)

    async def turn(self, kind: JobKind[Any] | None = None) -> tuple[Slot, Slot]:
        """Wait for a render slot, if the kind takes one, then for a place among the submissions. ``None``: a video."""
        self.watcher.resume()  # jobs of an earlier loop may hold the slots
        slot = await self.lanes.renders.acquire() if kind is None or kind.slot else Slot(None)
        try:
            return slot, await self.lanes.submissions.acquire()
        except BaseException:
            slot.release()
            raise

    async def start(
        self,
        request: JobRequest[Any, T],
        slot: Slot,
        place: Slot,
        *,
        idempotency_key: str | None = None,
        pause: Pause | None = None,
    ) -> Job[T]:
        """Create one thing, as `_start` does."""
        jobs = await self._start(request, slot, place, idempotency_key=idempotency_key, pause=pause)
        return jobs[0]

    def pick_up(self, video_id: str, *, renders: bool) -> "Job[Video]":
        """Follow a video of an earlier process; one that still `renders` takes a slot, even above the limit."""
        from heygen_async.api.videos import VIDEO

        job = self.job(VIDEO, video_id)
        self.watcher.follow(job)
        if renders:
            job.on_leaving(self.lanes.renders.seize().release)
        return job

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
        created = False
        try:
            key = idempotency_key or getattr(request, "idempotency_key", None)
            request = self.callbacks.put_on(request, self.transport.options.callback_url, key)
            held = partial(_give_way, slot, place, pause)
            refused = self.lanes.renders.refused if request.kind.slot else None
            receipt = await self._call(request, idempotency_key=idempotency_key, pause=held, refused=refused)
            created = True
            if request.kind.slot:
                self.lanes.renders.accepted(slot)
            ids = _ids(request, receipt)
            jobs: list[Job[T]] = [Job(job_id, request.kind, self, request, receipt) for job_id in ids]
            if (seen := request.shown(receipt)) is not None:
                jobs[0].settle(request.kind.report(seen), seen)
            for job in jobs:
                self.watcher.follow(job)
            jobs[0].on_leaving(slot.release)
            for job in jobs[1:] if request.kind.slot else ():
                job.on_leaving(self.lanes.renders.seize().release)
        except BaseException as error:
            slot.release()
            if created and isinstance(error, HeyGenError):
                error.uncertain = True  # HeyGen has begun it, whatever went wrong here
            raise
        finally:
            place.release()
        return jobs

    def job(self, kind: JobKind[T], job_id: str) -> Job[T]:
        """Pick up a job by its id. Raises `RequestInvalid` for what is no id."""
        kind.get(job_id)  # checks the id
        return Job(job_id, kind, self)

    @property
    def foresight(self) -> Foresight:
        """What is known of how long jobs take."""
        return self.watcher.foresight

    def eta(self, job: Job[Any]) -> Eta | None:
        """Say when a job will be done."""
        return self.watcher.eta(job)

    def follow(self, job: Job[Any]) -> None:
        """Look after a job."""
        self.watcher.follow(job)

    async def download(self, job: Job[Any], target: str | PathLike[str] | BinaryIO, *, overwrite: bool) -> Path | None:
        """Bring the finished file of a job to `target`."""
        return await self.courier.bring(job, target, overwrite=overwrite)

    async def subtitles(self, job: Job[Any], path: Path) -> None:
        """Bring the subtitles of a finished job to `path`."""
        await self.courier.bring_subtitles(job, path)

    def sibling(self, options: Options) -> "Desk":
        """Make a desk with other settings, over the same connections and uploads."""
        own = self.transport
        lanes = self.lanes if options.limits == own.options.limits else Lanes.of(options.limits, self.clock)
        transport = own.with_options(options, lanes.requests)
        desk = Desk(transport, self.clock, lanes, self._connections, self.callbacks, self)
        self._siblings.add(desk)
        return desk

    async def aclose(self) -> None:
        """Close everything that belongs to it, and to those that were made from it."""
        self._closed = True
        async with AsyncExitStack() as closing:  # the last one first, and all of them even if this is cancelled
            if self._of is None:
                closing.push_async_callback(self._connections.aclose)
                for sibling in self._siblings:
                    closing.push_async_callback(sibling.aclose)
            closing.push_async_callback(self.watcher.aclose)
            for receiver in self.receivers:
                closing.push_async_callback(receiver.aclose)

    async def _call(
        self,
        request: Request[T],
        *,
        idempotency_key: str | None = None,
        pause: Pause | None = None,
        refused: Callable[[], object] | None = None,
    ) -> T:
        if self._closed:
            raise ClientMisused("the client is closed; make another one")
        call = self.transport.call(request, idempotency_key=idempotency_key, pause=pause, refused=refused)
        try:
            answer = await call
        except APIError as error:
            self._heed(request, error)
            raise
        self._heed(request)
        return answer

    def _heed(self, request: Request[Any], error: APIError | None = None) -> None:
        """Have uploads forgotten that are gone by this call, or turn out to be; where there are none, nothing is."""
        if self._of is not None:
            self._of._heed(request, error)  # noqa: SLF001  # another one of these
        elif self._uploads is not None:
            self._uploads.heed(request, error)

    async def seat(self) -> Callable[[], object]:
        """Wait for a render slot, and return what gives it back."""
        return (await self.lanes.renders.acquire()).release

    async def put(self, file: Snapshot, url: str, headers: Mapping[str, str]) -> None:
        """Upload a file to where HeyGen wants it, without the API key."""
        from heygen_async.files.uploads import delivered

        async with self.lanes.submissions:
            put = partial(self.transport.put, file, url, headers)
            await delivered(put, file.path, self.transport.options.retry, self.clock)

    async def submit_alone(self, request: Request[T], *, idempotency_key: str | None = None) -> T:
        """Make a call that creates something, and takes no render slot."""
        async with self.lanes.submissions:
            return await self._call(request, idempotency_key=idempotency_key)


async def _give_way(slot: Slot, place: Slot, pause: Pause | None, wait: Awaitable[None]) -> bool:
    """Let others go first while a creation has to wait: a `Pause` that gives its slot and its place back meanwhile."""

    async def return_() -> None:
        await wait
        await slot.retake()
        await place.retake()

    slot.release()
    place.release()
    if pause is not None:
        return await pause(return_())
    await return_()
    return True


def _ids(request: JobRequest[Any, Any], receipt: object) -> Sequence[str]:
    """Find the ids of what has begun. Raises `AnswerUnreadable` when the receipt names none."""
    ids = request.job_ids(receipt)
    if not ids:
        message = f"{request.endpoint.path} has accepted the request, but names no job: {receipt!r:.500}"
        raise AnswerUnreadable(message, status=request.endpoint.status, request=request)
    return ids
