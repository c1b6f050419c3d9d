"""A HeyGen made by hand, for tests of the watcher in which the order of things has to be exact."""

import asyncio
from typing import Any

from heygen_async import AvatarVideo, ManualClock, Video, VideoJob
from heygen_async.api.batches import BulkStatus
from heygen_async.api.videos import VIDEO, GetVideo, GetVideoStatuses
from heygen_async.errors import NotFound
from heygen_async.job import Job
from heygen_async.operation import Page, Request
from heygen_async.options import Polling
from heygen_async.watcher import Watcher

__all__ = ["Hands"]


class Hands:
    """Says what it is told to, and is the desk of its jobs."""

    def __init__(self, clock: ManualClock, polling: Polling | None = None) -> None:
        self.clock = clock
        self.words: dict[str, str] = {}
        """What is said of each id."""
        self.asked: list[Request[Any]] = []
        self.trouble: dict[type, Exception] = {}
        """What a kind of request ends in."""
        self.gates: dict[type, asyncio.Event] = {}
        """What a kind of request waits for."""
        self.watcher = Watcher(self.send, clock, polling or Polling())

    async def send(self, request: Any) -> Any:
        self.asked.append(request)
        if type(request) in self.gates:
            await self.gates[type(request)].wait()
        if type(request) in self.trouble:
            raise self.trouble[type(request)]
        match request:
            case GetVideoStatuses(video_ids=list(ids)):
                return Page([BulkStatus(self.words[each], each) for each in ids if each in self.words])
            case GetVideo(video_id) if video_id in self.words:
                return Video(video_id, self.words[video_id], video_url="https://files.example/a.mp4")
            case _:
                raise NotFound("unknown", status=404)

    def follow(self, job: Job[Any]) -> None:
        self.watcher.follow(job)

    async def download(self, job: Job[Any], target: Any, *, overwrite: bool) -> None:
        raise NotImplementedError

    def job(self, video_id: str, *, word: str = "processing", picked_up: bool = False) -> VideoJob:
        self.words[video_id] = word
        return Job(video_id, VIDEO, self, None if picked_up else AvatarVideo(avatar_id="look", script="Hello"))

    def count(self, kind: type) -> int:
        return sum(isinstance(request, kind) for request in self.asked)
