"""A HeyGen made by hand, for tests of the watcher in which the order of things has to be exact."""

import asyncio
from collections.abc import Callable
from typing import Any

from attrs import evolve

from heygen_async import AvatarVideo, ManualClock, Video, VideoJob
from heygen_async.api.batches import BulkStatus
from heygen_async.api.videos import VIDEO, GetVideo, GetVideoStatuses
from heygen_async.errors import NotFound
from heygen_async.eta import Eta
from heygen_async.job import Job
from heygen_async.operation import Page, Request, Unread
from heygen_async.options import Polling
from heygen_async.watcher import Watcher
from heygen_async.wire import READER

__all__ = ["UNLISTED", "Hands", "entry"]

UNLISTED = evolve(VIDEO, listing=None)
"""A kind of jobs that HeyGen has no list of."""


def entry(status: str, video_id: str | None = None, **more: Any) -> Unread[BulkStatus]:
    """One of the statuses of a page, as it comes."""
    sent = {"status": status, "video_id": video_id, **more}
    return Unread(sent, lambda given: READER.structure(given, BulkStatus))


class Hands:
    """Says what it is told to, and is the desk of its jobs."""

    def __init__(self, clock: ManualClock, polling: Polling | None = None) -> None:
        self.clock = clock
        self.kind = UNLISTED
        self.words: dict[str, str] = {}
        """What is said of each id."""
        self.asked: list[Request[Any]] = []
        self.trouble: dict[type, Exception] = {}
        """What a kind of request ends in."""
        self.gates: dict[type, asyncio.Event] = {}
        """What a kind of request waits for."""
        self.refusals = 0
        """How often the next request is refused with 429 before it is answered."""
        self.watcher = Watcher(self.send, clock, polling or Polling())

    async def send(self, request: Any, *, refused: Callable[[], object] | None = None) -> Any:
        self.asked.append(request)
        for _ in range(self.refusals):
            if refused is not None:
                refused()
        self.refusals = 0
        for kind, gate in list(self.gates.items()):
            if isinstance(request, kind):
                await gate.wait()
        for kind, trouble in self.trouble.items():
            if isinstance(request, kind):
                raise trouble
        match request:
            case GetVideoStatuses(video_ids=list(ids)):
                return Page([entry(self.words[each], each) for each in ids if each in self.words])
            case GetVideo(video_id) if video_id in self.words:
                return Video(video_id, self.words[video_id], video_url="https://files.example/a.mp4")
            case _:
                raise NotFound("unknown", status=404)

    def eta(self, job: Job[Any]) -> Eta | None:
        return self.watcher.eta(job)

    def follow(self, job: Job[Any]) -> None:
        self.watcher.follow(job)

    async def download(self, job: Job[Any], target: Any, *, overwrite: bool) -> None:
        raise NotImplementedError

    def job(self, video_id: str, *, word: str = "processing", picked_up: bool = False) -> VideoJob:
        self.words[video_id] = word
        return Job(video_id, self.kind, self, None if picked_up else AvatarVideo(avatar_id="look", script="Hello"))

    def count(self, kind: type) -> int:
        return sum(isinstance(request, kind) for request in self.asked)
