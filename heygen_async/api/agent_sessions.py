"""A session with the video agent, as one holds it in the hand, and ``heygen.video_agents``."""

from collections.abc import AsyncGenerator, Generator, Sequence
from contextlib import aclosing
from os import PathLike
from pathlib import Path
from typing import Any, BinaryIO, cast, overload

from heygen_async.api.media import FileInput
from heygen_async.api.video_agents import (
    ASKING,
    SESSION,
    AgentMessage,
    AgentTurn,
    CreateVideoAgent,
    GetAgentResource,
    GetVideoAgent,
    ListAgentStyles,
    ListAgentVideos,
    ListVideoAgents,
    SendToVideoAgent,
    StopVideoAgent,
    session_kind,
)
from heygen_async.api.videos import Video
from heygen_async.job import Job, Rendering, Stage, stage
from heygen_async.operation import JobKind, Report
from heygen_async.resource import Method, Resource, Wire, call, pages

__all__ = ["AgentResources", "AgentSession", "AgentStyles", "AgentVideos", "VideoAgents"]


class AgentSession:
    """A conversation with the video agent; `await` it for the finished `Video`.

    ::

        session = await heygen.video_agents.create(prompt="A minute about our bakery", mode="chat")
        while (asked := await session.input_needed()) is not None:
            await session.send(input(asked.content))
        video = await session

    ``session.job`` is the `Job`, with `Job.wait` and its timeout.
    """

    def __init__(self, wire: Wire, job: Job[Video], session_id: str) -> None:
        self.id = session_id
        """HeyGen's id of the session."""
        self.job = job
        """The video that comes of it. At first it has the session's id, and its own as soon as HeyGen makes it."""
        self._wire = wire

    def __repr__(self) -> str:
        return f"<AgentSession {self.id} {self.status}>"

    @property
    def status(self) -> str:
        """HeyGen's word as last seen, such as ``waiting_for_input``, else that of the job. Asks nobody."""
        return self.job.state.word if isinstance(self.job.state, Rendering) else self.job.status

    def __await__(self) -> Generator[Any, None, Video]:
        """Wait for the video. Raises as `Job.wait` does; a session that has ended without one is `JobFailed`."""
        return self.job.__await__()

    @overload
    async def download(self, target: BinaryIO, *, overwrite: bool = False) -> None: ...
    @overload
    async def download(self, target: str | PathLike[str], *, overwrite: bool = False) -> Path: ...
    async def download(self, target: str | PathLike[str] | BinaryIO, *, overwrite: bool = False) -> Path | None:
        """Wait for the video and bring it to `target`, as `Job.download` does. Raises as that does."""
        return await self.job.download(target, overwrite=overwrite)

    async def input_needed(self) -> AgentMessage | None:
        """Wait until the agent wants to hear something, and return what it said last.

        ``None``: it wants nothing more, because the video has come or never will; `await` the session for it. Raises
        as `Job.wait` does while nothing has come of it, and `APIError`.
        """
        async with aclosing(cast(AsyncGenerator[Any, None], self.job.states())) as states:
            async for state in states:
                if isinstance(state, Rendering) and state.word in ASKING:
                    seen = await self._wire.send(GetVideoAgent(self.id))
                    if seen.status in ASKING:
                        return seen.last_word
                    self._goes_on(seen.status)  # somebody has answered since the watcher looked
        return None

    async def send(
        self,
        message: str | None = None,
        *,
        files: Sequence[FileInput] | None = None,
        avatar_id: str | None = None,
        voice_id: str | None = None,
        brand_kit_id: str | None = None,
    ) -> AgentTurn:
        """Answer the agent, or tell it what you wish.

        `message` has 1 to 10,000 characters; `files` are up to 20, and a `LocalFile` is uploaded before. One of the two
        is needed. What else is given counts from here on; ``None`` leaves it. After the video has come, a message
        begins another one: await the session again. While it waits for you, the session takes no render slot; this
        waits for one. Nothing is sent twice: when no answer comes, `HeyGenError.uncertain` says that it may have
        arrived.

        Raises `RequestInvalid`, before anything is sent; `UploadFailed`, `APIError`, `ConnectionFailed`,
        `AnswerUnreadable`.
        """
        said = SendToVideoAgent(
            self.id,
            message=message,
            files=files,
            avatar_id=avatar_id,
            voice_id=voice_id,
            brand_kit_id=brand_kit_id,
        )
        turn = await self._said(said)
        if self.job.done():
            self.job = self._wire.job(self._next_kind(), self.id)
        else:
            self._goes_on("thinking")
        return turn

    async def _said(self, said: SendToVideoAgent) -> AgentTurn:
        """Send it; a session that waited for it takes a render slot again, if it had one."""
        if self.job.request is None or self.status not in ASKING:
            return await self._wire.send(said)
        leave = await self._wire.seat()
        try:
            turn = await self._wire.send(said)
        except BaseException:
            leave()
            raise
        self.job.on_leaving(leave)
        return turn

    async def stop(self) -> None:
        """Have the agent stop. Whoever waits for a video that was not begun gets `JobFailed`.

        Raises `APIError`, `ConnectionFailed`, `AnswerUnreadable`.
        """
        await self._wire.send(StopVideoAgent(self.id))
        seen = await self._wire.send(GetVideoAgent(self.id))
        successor = self.job.kind.successor
        if successor is not None and successor.id_in(seen) is None:
            self.job.settle(Report("cancelled", "stopped", "the session was stopped before there was a video"))

    def _goes_on(self, word: str) -> None:
        """Take in that the agent is at work again: the next look of the watcher may be a while away."""
        if self.job.kind.successor is not None and stage(word) is Stage.RENDERING:
            self.job.settle(Report(word))

    def _next_kind(self) -> JobKind[Video]:
        """Say how the next video is followed: the last one stays with the session until then."""
        if self.job.kind.successor is not None:  # there was none
            return self.job.kind
        return session_kind(f"agent session after {self.job.id}", after=self.job.id)


async def _begin(wire: Wire, request: CreateVideoAgent) -> AgentSession:
    job = await wire.submit(request)
    return AgentSession(wire, job, job.id)


class AgentStyles(Resource):
    """``heygen.video_agents.styles``: looks that HeyGen has composed."""

    list = pages(ListAgentStyles)


class AgentResources(Resource):
    """``heygen.video_agents.resources``: what the messages of a session show."""

    get = call(GetAgentResource)


class AgentVideos(Resource):
    """``heygen.video_agents.videos``: all that came of a session."""

    list = call(ListAgentVideos)


class VideoAgents(Resource):
    """``heygen.video_agents``: make videos by describing them."""

    create = Method(CreateVideoAgent, _begin, AgentSession)
    get = call(GetVideoAgent)
    send = call(SendToVideoAgent)
    stop = call(StopVideoAgent)
    list = pages(ListVideoAgents)

    @property
    def styles(self) -> AgentStyles:
        """Looks that HeyGen has composed."""
        return AgentStyles(self._wire)

    @property
    def resources(self) -> AgentResources:
        """What the messages of a session show."""
        return AgentResources(self._wire)

    @property
    def videos(self) -> AgentVideos:
        """All that came of a session."""
        return AgentVideos(self._wire)

    def session(self, session_id: str) -> AgentSession:
        """Pick up a session by its id, in this process or another. Asks nobody before it is awaited.

        Raises `RequestInvalid` for what cannot be an id.
        """
        return AgentSession(self._wire, self._wire.job(SESSION, session_id), session_id)
