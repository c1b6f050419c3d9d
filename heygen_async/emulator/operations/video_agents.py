"""Talk to the video agent, and show what came of it."""

from collections.abc import Sequence
from functools import partial

import attrs
from attrs import frozen

from heygen_async.api.media import FileInput
from heygen_async.api.video_agents import (
    AgentResource,
    AgentStyle,
    AgentTurn,
    CreatedVideoAgent,
    CreateVideoAgent,
    GetAgentResource,
    GetVideoAgent,
    ListAgentStyles,
    ListAgentVideos,
    ListedVideoAgent,
    ListVideoAgents,
    SendToVideoAgent,
    StoppedVideoAgent,
    StopVideoAgent,
    VideoAgent,
)
from heygen_async.api.videos import AvatarVideo, Video
from heygen_async.emulator import media, views
from heygen_async.emulator.agents import QUESTION_MARKS, Asking, Run, Session, new_resource, script_of, title_of
from heygen_async.emulator.clerk import Clerk
from heygen_async.emulator.operations.brand_kits import usable_kit
from heygen_async.emulator.paging import page_of, place_of
from heygen_async.emulator.performers import look_for
from heygen_async.emulator.refusals import invalid, unknown
from heygen_async.emulator.rendering import Failure
from heygen_async.emulator.service import Visit
from heygen_async.emulator.shelf import fresh_id
from heygen_async.emulator.wallet import AGENT
from heygen_async.emulator.works import Order, Production
from heygen_async.operation import Page

__all__ = ["video_agents"]

video_agents = Clerk()

_STAR = "Anna_public_3_20240108"
"""Who is seen when nobody is asked for."""

_PROGRESS = {"thinking": 10, "waiting_for_input": 30, "reviewing": 40, "generating": 60, "completed": 100}


@frozen
class _Style:
    name: str
    tags: tuple[str, ...]
    aspect_ratio: str = "16:9"

    @property
    def id(self) -> str:
        return self.name.lower().replace(" ", "-")


_STYLES = (
    _Style("Night city", ("cinematic",)),
    _Style("Paper cut", ("handmade", "print")),
    _Style("Old television", ("retro-tech", "pop-culture"), "4:3"),
    _Style("Bright studio", ("cinematic",)),
    _Style("Poster wall", ("print", "iconic-artist"), "9:16"),
)


@video_agents.answers(CreateVideoAgent)
async def create(visit: Visit, request: CreateVideoAgent) -> CreatedVideoAgent:
    """Open a session. The agent begins to think."""
    if request.style_id is not None and request.style_id not in {style.id for style in _STYLES}:
        raise invalid("style_id", f"Style {request.style_id} not found")
    await _look_at(visit, request.files)
    order = await _order(visit, request, [request.prompt])
    visit.account.wallet.check(order.cost)
    session_id = fresh_id()
    session = Session(
        id=session_id,
        request=request,
        created_at=visit.unix,
        to_ask=_to_ask(request),
        film=partial(visit.service.take_on, f"/v3/video-agents/{session_id}/videos"),
        order=order,
    )
    run = _think(visit, session)
    session.said(request.prompt, visit.unix)
    session.think(run)
    visit.account.shelf(Session).add(session)
    return CreatedVideoAgent(session.id, session.status(visit.now), created_at=session.created_at)


@video_agents.answers(SendToVideoAgent)
async def send(visit: Visit, request: SendToVideoAgent) -> AgentTurn:
    """Take in what the user says. The agent thinks again, unless it is at it."""
    session = visit.account.shelf(Session).find(request.session_id)
    await _look_at(visit, request.files)
    before = session.request
    wished = attrs.evolve(
        before,
        avatar_id=request.avatar_id or before.avatar_id,
        voice_id=request.voice_id or before.voice_id,
        brand_kit_id=request.brand_kit_id or before.brand_kit_id,
    )
    words = request.message or ""
    order = await _order(visit, wished, [*session.wishes, words])
    run = session.run if session.thinking and session.run is not None else _think(visit, session)
    session.request, session.order = wished, order
    session.said(words, visit.unix)
    session.think(run)
    return AgentTurn(session.id, run.id, session.title)


@video_agents.answers(StopVideoAgent)
async def stop(visit: Visit, request: StopVideoAgent) -> StoppedVideoAgent:
    """Let the agent think no more. A video that has begun is made all the same."""
    session = visit.account.shelf(Session).find(request.session_id)
    session.asking = None
    if session.run is not None and session.thinking:
        session.stopped = True
        visit.account.stop(session.run, Failure("stopped", "The session was stopped"), visit.now)
    session.stopped = session.stopped or not session.videos
    return StoppedVideoAgent(session.id)


@video_agents.answers(GetVideoAgent)
async def read(visit: Visit, request: GetVideoAgent) -> VideoAgent:
    """Show a session."""
    session = visit.account.shelf(Session).find(request.session_id)
    status = session.status(visit.now)
    return VideoAgent(
        session_id=session.id,
        status=status,
        title=session.title,
        progress=_PROGRESS.get(status, 0),
        messages=session.shown_messages(),
        video_id=session.videos[-1].id if session.videos else None,
        created_at=session.created_at,
    )


@video_agents.answers(ListVideoAgents)
async def listed(visit: Visit, request: ListVideoAgents) -> Page[ListedVideoAgent]:
    """Show sessions, the newest first."""
    page = page_of(visit.account.shelf(Session).newest(), request.limit or 20, request.token, place_of)
    shown = [ListedVideoAgent(one.id, one.title, one.created_at) for one in page.items]
    return Page(shown, page.has_more, page.next_token)


@video_agents.answers(ListAgentVideos)
async def videos(visit: Visit, request: ListAgentVideos) -> Page[Video]:
    """Show the videos of a session, the newest first."""
    made = visit.account.shelf(Session).find(request.session_id).videos
    return Page([views.video(visit, one) for one in reversed(made) if one.id in visit.account.videos])


@video_agents.answers(GetAgentResource)
async def resource(visit: Visit, request: GetAgentResource) -> AgentResource:
    """Show what a message showed."""
    session = visit.account.shelf(Session).find(request.session_id)
    found = session.resources.get(request.resource_id)
    if found is None:
        raise unknown("resource", request.resource_id)
    return found


@video_agents.answers(ListAgentStyles)
async def styles(visit: Visit, request: ListAgentStyles) -> Page[AgentStyle]:
    """Show the styles."""
    found = [(-at, style) for at, style in enumerate(_STYLES) if request.tag in {None, *style.tags}]
    page = page_of(found, request.limit or 20, request.token, lambda placed: placed[0])
    return Page([_style(visit, style) for _, style in page.items], page.has_more, page.next_token)


def _to_ask(request: CreateVideoAgent) -> list[Asking]:
    asked: list[Asking] = []
    if any(mark in request.prompt for mark in QUESTION_MARKS):
        asked.append("waiting_for_input")
    if request.mode == "chat":
        asked.append("reviewing")
    return asked


def _think(visit: Visit, session: Session) -> Run:
    """Begin a run. Raises `Refusal` (429)."""
    service = visit.service

    def storyboard() -> AgentResource:
        picture = partial(media.backdrop, session.title, 640, 360)
        return new_resource(visit.exhibit(f"storyboard-{session.id}", ".png", picture), _unix())

    def _unix() -> int:
        return service.unix(service.clock.now())

    return visit.undertake(Order(Run, session.request, then=lambda run: session.think_over(run, _unix(), storyboard)))


async def _order(visit: Visit, request: CreateVideoAgent, wishes: Sequence[str]) -> Order[Production]:
    """Plan the video. Raises `Refusal` for an avatar, a voice or a brand kit that cannot be used."""
    if request.brand_kit_id is not None:
        usable_kit(visit, request.brand_kit_id)
    look = look_for(visit.account, request.avatar_id or _STAR, "")
    video = AvatarVideo(
        avatar_id=look.id,
        script=script_of(wishes),
        voice_id=request.voice_id,
        title=title_of(wishes[0]),
        aspect_ratio="9:16" if request.orientation == "portrait" else "16:9",
        callback_url=request.callback_url,
        callback_id=request.callback_id,
    )
    order = await visit.service.order(video)
    seconds = order.making.seconds if order.making is not None else 0.0
    return attrs.evolve(order, cost=round(AGENT * seconds, 4))


async def _look_at(visit: Visit, files: Sequence[FileInput] | None) -> None:
    for at, file in enumerate(files or ()):
        await visit.service.materials.find(file, "attachment", f"files.{at}")


def _style(visit: Visit, style: _Style) -> AgentStyle:
    picture = partial(media.backdrop, style.name, 640, 360)
    return AgentStyle(
        style_id=style.id,
        name=style.name,
        tags=style.tags,
        aspect_ratio=style.aspect_ratio,
        thumbnail_url=visit.exhibit(f"style-{style.id}", ".png", picture),
    )
