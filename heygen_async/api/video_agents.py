"""Video agents: a description becomes a video, and whoever asked for it can be asked back; ``heygen.video_agents``.

A session is a conversation. `AgentSession` in `heygen_async.api.agent_sessions` is what one holds in the hand.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Literal, cast

from attrs import field, frozen

from heygen_async.api.media import FileInput
from heygen_async.api.videos import VIDEO, Video
from heygen_async.errors import Problem
from heygen_async.job import Stage, stage
from heygen_async.log import link_repr
from heygen_async.operation import (
    GET,
    POST,
    Answer,
    JobKind,
    JobRequest,
    Page,
    PageRequest,
    Report,
    Request,
    Successor,
)
from heygen_async.rules import IDENTIFIER, Between, Count, Length, OneOf, Web, rule

__all__ = [
    "AgentMessage",
    "AgentResource",
    "AgentStyle",
    "AgentTurn",
    "CreateVideoAgent",
    "CreatedVideoAgent",
    "GetAgentResource",
    "GetVideoAgent",
    "ListAgentStyles",
    "ListAgentVideos",
    "ListVideoAgents",
    "ListedVideoAgent",
    "SendToVideoAgent",
    "StopVideoAgent",
    "StoppedVideoAgent",
    "VideoAgent",
]

PER_PAGE = Between(1, 100, whole=True)
WORDS = Length(1, 10_000)


@frozen
class AgentMessage(Answer):
    """One thing that was said in a session."""

    role: str = ""
    """``user``, or ``model`` for the agent."""

    content: str = ""
    """The words."""

    type: str = "text"
    """``text``, ``resource`` or ``error``; an open set."""

    resource_ids: Sequence[str] = ()
    """What it shows, such as a storyboard: see `AgentResources.get`."""

    created_at: int | None = None
    """Unix seconds."""


@frozen
class VideoAgent(Answer):
    """A session with the video agent."""

    session_id: str
    status: str = ""
    """``thinking``, ``waiting_for_input``, ``reviewing``, ``generating``, ``completed`` or ``failed``; an open set."""

    title: str | None = None
    progress: int = 0
    """0 to 100."""

    messages: Sequence[AgentMessage] = ()
    """What was said last, the newest first."""

    video_id: str | None = None
    """The video, as soon as it is being made."""

    created_at: int | None = None
    """Unix seconds."""

    @property
    def last_word(self) -> AgentMessage:
        """What the agent said last; an empty message when it has said nothing."""
        said = [message for message in self.messages if message.role != "user"]
        return max(said, key=lambda message: message.created_at or 0, default=AgentMessage())


@frozen
class CreatedVideoAgent(Answer):
    """The receipt for a session."""

    session_id: str
    status: str = ""
    video_id: str | None = None
    created_at: int | None = None
    """Unix seconds."""


@frozen
class ListedVideoAgent(Answer):
    """A session in a list."""

    session_id: str
    title: str | None = None
    created_at: int | None = None
    """Unix seconds."""


@frozen
class AgentTurn(Answer):
    """The receipt for a message: the agent has begun to work on it."""

    session_id: str
    run_id: str = ""
    title: str | None = None


@frozen
class StoppedVideoAgent(Answer):
    """The receipt for a stop."""

    session_id: str


@frozen
class AgentResource(Answer):
    """Something that a session has made or was given: a storyboard, a picture, a clip, a draft."""

    resource_id: str
    resource_type: str = ""
    """Such as ``image``, ``video`` or ``draft``; an open set."""

    source_type: str | None = None
    """``generated`` or ``user_uploaded``; an open set."""

    url: str | None = field(default=None, repr=link_repr)
    thumbnail_url: str | None = field(default=None, repr=link_repr)
    preview_url: str | None = field(default=None, repr=link_repr)
    metadata: Mapping[str, Any] | None = None
    """What there is to say about a thing of its type."""

    created_at: int | None = None
    """Unix seconds."""


@frozen
class AgentStyle(Answer):
    """A look and a rhythm that HeyGen has composed; `style_id` goes into `CreateVideoAgent`."""

    style_id: str
    name: str = ""
    tags: Sequence[str] = ()
    """Such as ``cinematic``."""

    aspect_ratio: str | None = None
    """Such as ``16:9``."""

    thumbnail_url: str | None = None
    preview_video_url: str | None = None


@frozen
class GetVideoAgent(Request[VideoAgent]):
    """One session, with what was said last in it."""

    endpoint = GET("/v3/video-agents/{session_id}")
    session_id: str = field(metadata=rule(IDENTIFIER))


@frozen(kw_only=True)
class ListVideoAgents(PageRequest[ListedVideoAgent]):
    """The account's sessions, newest first."""

    endpoint = GET("/v3/video-agents")
    limit: int | None = field(default=None, metadata=rule(PER_PAGE))
    """How many per page, 1 to 100; HeyGen's default is 20."""

    token: str | None = None
    """Where to go on; the client fills it."""


def _report(session: Any) -> Report:
    """Report a session that has no video yet. Where it ends without one, the agent's last words say why."""
    return Report(
        session.status,
        code="no_video" if stage(session.status) is Stage.COMPLETED else None,
        message=session.last_word.content or None,
        progress=session.progress,
    )


ASKING = frozenset({"waiting_for_input", "reviewing"})
"""The words for a session that goes on only when the user has said something."""


def session_kind(noun: str = "agent session", after: str | None = None) -> JobKind[Video]:
    """Say how a session is followed until it has a video, and from then on as that; `after` is one that it had."""
    return JobKind(
        noun,
        get=cast(Any, GetVideoAgent),  # a session is never the result: its video is
        report=_report,
        passing=after is not None,
        idle=ASKING,
        successor=Successor(VIDEO, lambda session: session.video_id if session.video_id != after else None),
    )


SESSION = session_kind()
"""How a session is followed until it has its first video."""


@frozen(kw_only=True)
class CreateVideoAgent(JobRequest[CreatedVideoAgent, Video]):
    """Have the agent make a video of a description. It takes a render slot; $0.0333 a second, says the price list."""

    endpoint = POST("/v3/video-agents", keyed=False)
    kind = SESSION
    prompt: str = field(metadata=rule(WORDS))
    """What the video is to be, 1 to 10,000 characters."""

    mode: Literal["generate", "chat"] | None = field(default=None, metadata=rule(OneOf("generate", "chat")))
    """``chat`` asks back and shows a storyboard before it makes anything; HeyGen's default is ``generate``."""

    avatar_id: str | None = field(default=None, metadata=rule(IDENTIFIER))
    """Who is seen: a look's id. ``None`` leaves the choice to the agent, as for all that follows."""

    voice_id: str | None = field(default=None, metadata=rule(IDENTIFIER))
    """Who speaks."""

    style_id: str | None = field(default=None, metadata=rule(IDENTIFIER))
    """From `AgentStyles.list`."""

    brand_kit_id: str | None = field(default=None, metadata=rule(IDENTIFIER))
    """Whose colours, fonts and logo it has; from `BrandKits.list`."""

    orientation: Literal["landscape", "portrait"] | None = field(
        default=None, metadata=rule(OneOf("landscape", "portrait"))
    )
    """Which way the picture lies."""

    files: Sequence[FileInput] | None = field(default=None, metadata=rule(Count(0, 20)))
    """What it may use or should know: up to 20 pictures, clips, sounds and PDFs."""

    incognito_mode: bool | None = None
    """Neither use nor keep what HeyGen remembers of earlier sessions."""

    callback_url: str | None = field(default=None, metadata=rule(Web()))
    """Where HeyGen calls when the video is ready."""

    callback_id: str | None = None
    """Comes back in that call."""

    @staticmethod
    def job_id(receipt: CreatedVideoAgent) -> str:
        """Find the session's id."""
        return receipt.session_id


@frozen
class SendToVideoAgent(Request[AgentTurn]):
    """Say something in a session: an answer, a wish, or files alone. It is not repeated when no answer comes."""

    endpoint = POST("/v3/video-agents/{session_id}", keyed=False)
    session_id: str = field(metadata=rule(IDENTIFIER))
    message: str | None = field(default=None, kw_only=True, metadata=rule(WORDS))
    """The words, 1 to 10,000 characters; ``None``: the files speak for themselves."""

    files: Sequence[FileInput] | None = field(default=None, kw_only=True, metadata=rule(Count(0, 20)))
    """What the agent may use or should know: up to 20 pictures, clips, sounds and PDFs."""

    avatar_id: str | None = field(default=None, kw_only=True, metadata=rule(IDENTIFIER))
    """Who is seen from here on: a look's id. ``None`` changes nothing, as for all that follows."""

    voice_id: str | None = field(default=None, kw_only=True, metadata=rule(IDENTIFIER))
    """Who speaks from here on."""

    brand_kit_id: str | None = field(default=None, kw_only=True, metadata=rule(IDENTIFIER))
    """Whose colours, fonts and logo it has from here on; from `BrandKits.list`."""

    def cross_check(self) -> Iterator[Problem]:
        """Check that there is a message, or files."""
        if self.message is None and not self.files:
            yield Problem("message", "one of message, files is needed")


@frozen
class StopVideoAgent(Request[StoppedVideoAgent]):
    """Have the agent stop at the next good moment. What it has made stays."""

    endpoint = POST("/v3/video-agents/{session_id}/stop", keyed=False, harmless=True)
    session_id: str = field(metadata=rule(IDENTIFIER))


@frozen
class ListAgentVideos(Request[Page[Video]]):
    """All videos of a session, in one answer."""

    endpoint = GET("/v3/video-agents/{session_id}/videos")
    session_id: str = field(metadata=rule(IDENTIFIER))


@frozen
class GetAgentResource(Request[AgentResource]):
    """Something that a message of a session shows, with links to it."""

    endpoint = GET("/v3/video-agents/{session_id}/resources/{resource_id}")
    session_id: str = field(metadata=rule(IDENTIFIER))
    resource_id: str = field(metadata=rule(IDENTIFIER))


@frozen(kw_only=True)
class ListAgentStyles(PageRequest[AgentStyle]):
    """The styles that a session can be given."""

    endpoint = GET("/v3/video-agents/styles")
    tag: str | None = None  # type: ignore[misc]  # HeyGen calls the filter so; there are no kinds to tell apart
    """Only those with this tag, such as ``cinematic``."""

    limit: int | None = field(default=None, metadata=rule(PER_PAGE))
    """How many per page, 1 to 100; HeyGen's default is 20."""

    token: str | None = None
    """Where to go on; the client fills it."""
