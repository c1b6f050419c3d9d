"""Conversations with the video agent, from the client to the emulator."""

import asyncio
import inspect
from pathlib import Path
from typing import Any

import pytest
from runs import LOOK
from tidy import no_task_left

from heygen_async import AvatarVideo, HeyGen, JobFailed, JobGone, JobTimeout, ManualClock
from heygen_async.api.agent_sessions import AgentSession, VideoAgents
from heygen_async.api.media import LocalFile
from heygen_async.api.video_agents import AgentMessage, CreateVideoAgent, GetVideoAgent, VideoAgent
from heygen_async.emulator import Emulator, FailRender, Fault, Refuse
from heygen_async.emulator.agents import Session
from heygen_async.errors import BadRequest, NotFound, RateLimited, ServerFailed
from heygen_async.job import Rendering
from heygen_async.options import Limits, Options, Retry

pytestmark = pytest.mark.anyio


async def talk(session: AgentSession, *answers: str) -> list[AgentMessage]:
    """Answer whatever is asked, and return what it was."""
    asked, left = [], list(answers)
    while (message := await session.input_needed()) is not None:
        asked.append(message)
        await session.send(left.pop(0))
    return asked


def count(emulator: Emulator, method: str, path: str) -> int:
    return len(emulator.log.requests(method, path))


async def test_a_session_is_awaited_for_its_video(heygen: HeyGen, clock: ManualClock, tmp_path: Path) -> None:
    session = await heygen.video_agents.create(prompt="A minute about bread.")
    assert repr(session) == f"<AgentSession {session.id} waiting>"
    video = await clock.drive(session.job.wait())
    assert await session == video
    assert (video.status, session.status, session.job.id) == ("completed", "completed", video.id)
    assert session.id != video.id
    path = await session.download(tmp_path)
    assert path.name == "A minute about bread.mp4"
    with (tmp_path / "again.mp4").open("wb") as file:
        assert await session.download(file) is None
    assert (tmp_path / "again.mp4").read_bytes() == path.read_bytes()


async def test_the_agent_is_answered_until_it_asks_no_more(
    heygen: HeyGen, emulator: Emulator, clock: ManualClock
) -> None:
    session = await heygen.video_agents.create(prompt="Bread? It is warm.", mode="chat")
    question, storyboard = await clock.drive(talk(session, "For bakers.", "Go ahead."))
    assert (question.type, storyboard.type) == ("text", "resource")
    (resource_id,) = storyboard.resource_ids
    resource = await heygen.video_agents.resources.get(session.id, resource_id)
    assert resource.resource_type == "image"
    video = await session
    assert emulator.account.video(video.id).request.script == "It is warm. For bakers. Go ahead."
    assert await session.input_needed() is None


async def test_whoever_waits_for_a_question_gets_none_when_there_will_be_no_video(
    heygen: HeyGen, emulator: Emulator, clock: ManualClock
) -> None:
    emulator.faults.add(Fault(FailRender("agent_failed", "No idea"), path="/v3/video-agents"))
    session = await heygen.video_agents.create(prompt="Bread")
    assert await clock.drive(session.input_needed()) is None
    with pytest.raises(JobFailed, match="No idea"):
        await session
    assert session.status == "failed"


async def test_an_answer_counts_at_once_and_not_at_the_next_look(heygen: HeyGen, clock: ManualClock) -> None:
    session = await heygen.video_agents.create(prompt="Bread?")
    await clock.drive(session.input_needed())
    assert session.status == "waiting_for_input"
    await session.send("Yes.")
    assert session.status == "thinking"
    waiting = asyncio.ensure_future(session.input_needed())
    await asyncio.sleep(0)
    assert not waiting.done()
    assert await clock.drive(waiting) is None


async def test_a_question_that_somebody_else_has_answered_is_none(
    heygen: HeyGen, emulator: Emulator, clock: ManualClock
) -> None:
    session = await heygen.video_agents.create(prompt="Bread?")
    await clock.drive(session.input_needed())
    await heygen.video_agents.send(session.id, message="Answered elsewhere.")
    assert session.status == "waiting_for_input"
    assert await clock.drive(session.input_needed()) is None
    assert emulator.account.video((await session).id).request.script == "Answered elsewhere."


async def test_a_session_that_another_process_has_begun_is_picked_up(
    heygen: HeyGen, emulator: Emulator, clock: ManualClock
) -> None:
    begun = await heygen.video_agents.create(prompt="Bread?")
    await clock.drive(begun.input_needed())
    async with HeyGen(emulator.api_key, base_url=emulator.url, clock=clock) as other:
        session = other.video_agents.session(begun.id)
        message = await clock.drive(session.input_needed())
        assert message is not None
        assert message.content.startswith("Who is the video for")
        await session.send("Bakers.")
        video = await clock.drive(session.job.wait())
    assert video.id == (await clock.drive(begun.job.wait())).id


async def test_nobody_is_asked_before_a_session_is_awaited(heygen: HeyGen, emulator: Emulator) -> None:
    heygen.video_agents.session("s")
    assert emulator.log.requests() == []


async def test_an_unknown_session_is_gone(heygen: HeyGen, clock: ManualClock) -> None:
    session = heygen.video_agents.session("none")
    assert await clock.drive(session.input_needed()) is None
    with pytest.raises(JobGone):
        await session
    with pytest.raises(NotFound):
        await session.send("Hello?")


async def test_a_message_after_the_video_begins_another_one(
    heygen: HeyGen, emulator: Emulator, clock: ManualClock
) -> None:
    session = await heygen.video_agents.create(prompt="Bread.")
    videos = [await clock.drive(session.job.wait())]
    for words in ("Shorter.", "Longer."):
        await session.send(words)
        videos.append(await clock.drive(session.job.wait()))
    assert len({video.id for video in videos}) == 3
    listed = await heygen.video_agents.videos.list(session.id)
    assert [video.id for video in listed.items] == [video.id for video in videos[::-1]]
    assert emulator.account.video(videos[-1].id).request.script == "Bread. Shorter. Longer."


async def test_two_sessions_that_go_on_do_not_get_each_others_videos(heygen: HeyGen, clock: ManualClock) -> None:
    sessions = [await heygen.video_agents.create(prompt=f"About {at}.") for at in range(2)]
    first = await clock.drive(asyncio.gather(*(session.job.wait() for session in sessions)))
    for session in sessions:
        await session.send("Again.")
    second = await clock.drive(asyncio.gather(*(session.job.wait() for session in sessions)))
    assert len({video.id for video in (*first, *second)}) == 4
    assert [video.title for video in second] == ["About 0", "About 1"]


async def test_a_message_to_a_session_that_failed_gives_it_another_chance(
    heygen: HeyGen, emulator: Emulator, clock: ManualClock
) -> None:
    emulator.faults.add(Fault(FailRender(), path="/v3/video-agents", times=1))
    session = await heygen.video_agents.create(prompt="Bread.")
    assert await clock.drive(session.input_needed()) is None
    await session.send("Try again.")
    assert (await clock.drive(session.job.wait())).status == "completed"


async def test_a_stop_ends_the_wait_for_a_video_that_was_not_begun(
    heygen: HeyGen, emulator: Emulator, clock: ManualClock
) -> None:
    session = await heygen.video_agents.create(prompt="Bread.")
    waiting = asyncio.ensure_future(session.job.wait())
    await asyncio.sleep(0)
    await session.stop()
    with pytest.raises(JobFailed, match="stopped before there was a video") as caught:
        await waiting
    assert caught.value.code == "stopped"
    assert repr(heygen).endswith("renders 0/10, 0 waiting>")


async def test_a_stop_after_the_video_has_begun_leaves_it_alone(heygen: HeyGen, clock: ManualClock) -> None:
    session = await heygen.video_agents.create(prompt="Bread.")

    async def begun() -> None:
        async for _ in session.job.states():  # pragma: no branch  # it ends in the middle
            if session.job.id != session.id:
                return

    await clock.drive(begun())
    assert not session.job.done()
    await session.stop()
    assert (await clock.drive(session.job.wait())).status == "completed"


async def test_a_stop_that_the_watcher_has_not_caught_up_with_leaves_the_video_alone(
    heygen: HeyGen, emulator: Emulator, clock: ManualClock
) -> None:
    session = await heygen.video_agents.create(prompt="Bread.")
    emulator.account.advance(100)
    clock_before = clock.now()
    assert emulator.account.shelf(Session)[session.id].videos
    await session.stop()
    assert session.job.done() is False
    assert clock.now() == clock_before
    assert (await clock.drive(session.job.wait())).status == "completed"


async def test_a_second_video_can_be_stopped_too(heygen: HeyGen, clock: ManualClock) -> None:
    session = await heygen.video_agents.create(prompt="Bread.")
    await clock.drive(session.job.wait())
    await session.send("Another one.")
    await session.stop()
    with pytest.raises(JobFailed, match="stopped"):
        await session
    await session.send("After all.")
    assert (await clock.drive(session.job.wait())).status == "completed"


async def test_a_session_that_ends_without_a_video_fails_and_says_so(
    heygen: HeyGen, emulator: Emulator, clock: ManualClock
) -> None:
    session = await heygen.video_agents.create(prompt="Bread?")
    await clock.drive(session.input_needed())
    await heygen.video_agents.stop(session.id)  # by somebody else: the handle knows nothing of it
    with pytest.raises(JobFailed) as caught:
        await clock.drive(session.job.wait())
    assert caught.value.code == "no_video"
    assert "Who is the video for" in str(caught.value)


async def test_a_session_takes_a_render_slot_until_its_video_is_there(emulator: Emulator, clock: ManualClock) -> None:
    options = Options(limits=Limits(renders=1))
    async with HeyGen(emulator.api_key, base_url=emulator.url, clock=clock, options=options) as heygen:
        first = await heygen.video_agents.create(prompt="Bread.")
        second = asyncio.ensure_future(heygen.video_agents.create(prompt="Cake."))
        await clock.drive(first.job.wait())
        made = await second
        assert count(emulator, "POST", "/v3/video-agents") == 2
        assert (await clock.drive(made.job.wait())).title == "Cake"


async def test_a_local_file_is_uploaded_before_a_session_or_a_message(
    heygen: HeyGen, emulator: Emulator, tmp_path: Path
) -> None:
    (tmp_path / "notes.pdf").write_bytes(b"%PDF-1.4 notes")
    file = LocalFile(tmp_path / "notes.pdf")
    session = await heygen.video_agents.create(prompt="Bread.", files=[file])
    await session.send("And this.", files=[file])
    assert len(emulator.account.assets) == 1


async def test_a_message_is_never_sent_twice(emulator: Emulator, clock: ManualClock) -> None:
    options = Options(retry=Retry(attempts=4))
    async with HeyGen(emulator.api_key, base_url=emulator.url, clock=clock, options=options) as heygen:
        session = await heygen.video_agents.create(prompt="Bread.")
        path = f"/v3/video-agents/{session.id}"
        emulator.faults.add(Fault(Refuse(500, "internal_error", "Oops"), path=path, method="POST", times=1))
        with pytest.raises(ServerFailed):
            await clock.drive(session.send("Hi."))
        assert count(emulator, "POST", path) == 1


# Cancelled, and at once.


@pytest.mark.parametrize("what", ["input_needed", "send", "stop"])
async def test_cancelling_leaves_nothing_behind_and_the_session_as_it_was(
    heygen: HeyGen, emulator: Emulator, clock: ManualClock, what: str
) -> None:
    async with no_task_left("heygen_async look"):
        session = await heygen.video_agents.create(prompt="Bread.")
        call = session.send("Hi.") if what == "send" else getattr(session, what)()
        task = asyncio.ensure_future(call)
        for _ in range(3):
            await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert not session.job._waiters
    if what != "stop":  # a stop may have reached the emulator
        assert (await clock.drive(session.job.wait())).status == "completed"


async def test_whoever_has_heard_the_question_listens_no_longer(heygen: HeyGen, clock: ManualClock) -> None:
    session = await heygen.video_agents.create(prompt="Bread?")
    assert await clock.drive(session.input_needed()) is not None
    assert not session.job._waiters


async def test_many_can_wait_for_the_same_question(heygen: HeyGen, clock: ManualClock) -> None:
    session = await heygen.video_agents.create(prompt="Bread?")
    asked = await clock.drive(asyncio.gather(*(session.input_needed() for _ in range(5))))
    assert len({message.content for message in asked if message is not None}) == 1
    assert None not in asked


async def test_twenty_sessions_are_talked_to_at_once(wide: Emulator, clock: ManualClock) -> None:
    options = Options(limits=Limits(renders=20))
    async with HeyGen(wide.api_key, base_url=wide.url, clock=clock, options=options) as heygen:

        async def whole(number: int) -> str | None:
            session = await heygen.video_agents.create(prompt=f"Number {number}?")
            await talk(session, f"It is {number}.")
            return wide.account.video((await session).id).request.script

        scripts = await clock.drive(asyncio.gather(*map(whole, range(20))))
    assert scripts == [f"It is {number}." for number in range(20)]


async def test_a_timeout_leaves_the_session_waiting(heygen: HeyGen, clock: ManualClock) -> None:
    session = await heygen.video_agents.create(prompt="Bread?")
    with pytest.raises(JobTimeout):
        await clock.drive(session.job.wait(timeout=300))
    await session.send("Yes.")
    assert (await clock.drive(session.job.wait())).status == "completed"


async def test_a_refused_look_is_an_error_of_the_wait(heygen: HeyGen, emulator: Emulator, clock: ManualClock) -> None:
    session = await heygen.video_agents.create(prompt="Bread?")
    await clock.drive(session.input_needed())
    fault = Refuse(429, "rate_limit_exceeded", "Slowly", retry_after=1)
    path = f"/v3/video-agents/{session.id}"
    emulator.faults.add(Fault(fault, method="GET", path=path, times=1))
    assert await clock.drive(session.input_needed()) is not None
    impatient = heygen.with_options(Options(retry=Retry(attempts=1, patience=0)))
    emulator.faults.add(Fault(fault, method="GET", path=path))
    with pytest.raises(RateLimited):
        await clock.drive(impatient.video_agents.get(session.id))


class _Scripted:
    """A client whose every answer about a session is given beforehand."""

    def __init__(self, *words: str) -> None:
        self.words = list(words)

    async def send(self, request: Any, /, *, idempotency_key: str | None = None) -> Any:
        assert request == GetVideoAgent("s")
        return VideoAgent("s", self.words.pop(0), messages=[AgentMessage("model", "Well?")])


async def test_a_stale_question_is_looked_at_again_and_passed_over(heygen: HeyGen, clock: ManualClock) -> None:
    made = await heygen.video_agents.create(prompt="Bread?")
    await clock.drive(made.input_needed())
    wire: Any = _Scripted("completed", "thinking", "reviewing")
    session = AgentSession(wire, made.job, "s")
    waiting = asyncio.ensure_future(session.input_needed())
    for word in ("thinking", "waiting_for_input", "thinking", "reviewing"):
        for _ in range(5):
            await asyncio.sleep(0)
        session.job.state = Rendering(word)
        session.job._wake()
    assert await waiting == AgentMessage("model", "Well?")


def test_the_methods_show_their_fields() -> None:
    create = inspect.signature(VideoAgents.create.__get__(VideoAgents(None), VideoAgents))  # type: ignore[arg-type]  # no call
    assert create.return_annotation is AgentSession
    assert {*create.parameters} == {*inspect.signature(CreateVideoAgent).parameters}


async def test_a_session_takes_no_render_slot_while_it_waits_for_the_user(
    heygen: HeyGen, emulator: Emulator, clock: ManualClock
) -> None:
    one = heygen.with_options(Options(limits=Limits(renders=1)))
    session = await one.video_agents.create(prompt="Bread? It is warm.", mode="chat")
    assert await clock.drive(session.input_needed()) is not None
    job = await clock.drive(one.videos.create(AvatarVideo(avatar_id=LOOK, script="Hi")))  # nobody is in its way
    answer = asyncio.ensure_future(session.send("For bakers."))
    for _ in range(20):
        await asyncio.sleep(0)
    assert not answer.done()  # now that one renders
    assert (await clock.drive(job.wait())).status == "completed"
    await clock.drive(answer)
    assert await clock.drive(session.input_needed()) is not None
    await session.send("Go ahead.")
    assert (await clock.drive(session.job.wait())).status == "completed"


async def test_a_message_that_is_refused_gives_its_slot_back(
    heygen: HeyGen, emulator: Emulator, clock: ManualClock
) -> None:
    one = heygen.with_options(Options(limits=Limits(renders=1)))
    session = await one.video_agents.create(prompt="Bread? It is warm.", mode="chat")
    await clock.drive(session.input_needed())
    emulator.faults.add(
        Fault(Refuse(400, "content_policy_violation"), method="POST", path="/v3/video-agents/*", times=1)
    )
    with pytest.raises(BadRequest):
        await clock.drive(session.send("Something else."))
    job = await clock.drive(one.videos.create(AvatarVideo(avatar_id=LOOK, script="Hi")))
    assert (await clock.drive(job.wait())).status == "completed"
