"""What a bulk run needs of the client."""

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, Protocol

from heygen_async.api.videos import Video, VideoJob, VideoRequest
from heygen_async.bulk.roster import Roster
from heygen_async.clock import Clock
from heygen_async.foresight import Foresight
from heygen_async.operation import JobRequest
from heygen_async.resource import Wire
from heygen_async.scheduler import Lanes, Slot

__all__ = ["Submitter"]


class Submitter(Wire, Protocol):
    """The client, as a run sees it."""

    @property
    def lanes(self) -> Lanes:
        """Who waits for what."""
        ...

    @property
    def clock(self) -> Clock:
        """What pauses go by."""
        ...

    @property
    def foresight(self) -> Foresight:
        """What is known of how long renders take."""
        ...

    @property
    def roster(self) -> Roster:
        """Who can perform."""
        ...

    @property
    def address(self) -> str:
        """Where the API is."""
        ...

    async def prepare(self, request: VideoRequest, /) -> VideoRequest:
        """Upload the local files of a request."""
        ...

    async def turn(self) -> tuple[Slot, Slot]:
        """Wait for a render slot, and for a place among the submissions."""
        ...

    async def start(
        self,
        request: JobRequest[Any, Video],
        slot: Slot,
        place: Slot,
        /,
        *,
        idempotency_key: str | None,
        pause: Callable[[Awaitable[None]], Awaitable[bool]],
    ) -> VideoJob:
        """Create a video in a render slot and a place that were taken for it; `pause` can end it between tries."""
        ...

    def pick_up(self, video_id: str, /, *, renders: bool) -> VideoJob:
        """Follow a video of an earlier run; if it still `renders`, it holds a slot."""
        ...

    async def subtitles(self, job: VideoJob, path: Path, /) -> None:
        """Bring the subtitles of a finished video, if it has any."""
        ...
