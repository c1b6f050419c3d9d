from typing import Any

import pytest
from recorder import Recorder

from heygen_async.api.agent_sessions import VideoAgents
from heygen_async.api.media import Asset, Url
from heygen_async.api.video_agents import (
    AgentMessage,
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
from heygen_async.api.videos import Video
from heygen_async.codec import decode, encode
from heygen_async.errors import RequestInvalid
from heygen_async.operation import Page

pytestmark = pytest.mark.anyio


def test_a_session_is_asked_for_with_everything_flat() -> None:
    request = CreateVideoAgent(
        prompt="A minute about bread",
        mode="chat",
        avatar_id="a",
        files=[Url("https://example.com/a.pdf"), Asset("x")],
        orientation="portrait",
        incognito_mode=True,
        callback_url="https://example.com/hook",
    )
    sendable = encode(request)
    assert (sendable.method, sendable.path) == ("POST", "/v3/video-agents")
    assert sendable.body == {
        "prompt": "A minute about bread",
        "mode": "chat",
        "avatar_id": "a",
        "files": [{"type": "url", "url": "https://example.com/a.pdf"}, {"type": "asset_id", "asset_id": "x"}],
        "orientation": "portrait",
        "incognito_mode": True,
        "callback_url": "https://example.com/hook",
    }
    receipt = b'{"data": {"session_id": "s", "status": "generating", "created_at": 1}}'
    assert request.job_id(decode(request, 200, {}, receipt)) == "s"


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"prompt": ""}, "prompt: must not be empty"),
        ({"prompt": "x" * 10_001}, "prompt: has 10,001 characters; at most 10,000 are allowed"),
        ({"files": [Asset("x")] * 21}, "files: has 21 entries; 0 to 20 are allowed"),
        ({"mode": "dream"}, "mode: is 'dream'; it must be one of generate, chat"),
        ({"orientation": "square"}, "orientation: is 'square'; it must be one of landscape, portrait"),
        ({"callback_url": "nowhere"}, "callback_url: is 'nowhere'; it must start with https:// or http://"),
    ],
)
def test_a_session_has_bounds(fields: Any, reason: str) -> None:
    with pytest.raises(RequestInvalid) as caught:
        CreateVideoAgent(**({"prompt": "p"} | fields))
    assert [str(problem) for problem in caught.value.problems] == [reason]


def test_a_message_and_a_stop_name_their_session_in_the_path() -> None:
    message = encode(SendToVideoAgent("s", message="Shorter", files=[Asset("x")], voice_id="v"))
    assert (message.path, message.body) == (
        "/v3/video-agents/s",
        {"message": "Shorter", "files": [{"type": "asset_id", "asset_id": "x"}], "voice_id": "v"},
    )
    assert encode(StopVideoAgent("s")).path == "/v3/video-agents/s/stop"


@pytest.mark.parametrize("fields", [{}, {"files": []}, {"voice_id": "v"}])
async def test_a_message_without_words_and_files_is_refused_before_anything_is_sent(fields: Any) -> None:
    wire = Recorder()
    with pytest.raises(RequestInvalid, match="message: one of message, files is needed"):
        await VideoAgents(wire).send("s", **fields)
    assert wire.sent == []


def test_what_could_be_done_twice_is_not_repeated_and_a_stop_is() -> None:
    assert [cls.endpoint.repeatable for cls in (CreateVideoAgent, SendToVideoAgent, StopVideoAgent)] == [
        False,
        False,
        True,
    ]


def test_styles_are_filtered_by_a_tag_which_is_a_field_like_all_others() -> None:
    assert encode(ListAgentStyles(tag="cinematic", limit=5)).query == (("tag", "cinematic"), ("limit", "5"))
    assert encode(ListAgentStyles()).query == ()


def test_a_session_is_read_with_what_was_said() -> None:
    body = b"""{"data": {"session_id": "s", "status": "reviewing", "progress": 20, "title": "Bread", "messages": [
        {"role": "model", "content": "For whom?", "type": "text", "created_at": 2},
        {"role": "user", "content": "A video", "type": "text", "created_at": 1, "resource_ids": null}]}}"""
    session = decode(GetVideoAgent("s"), 200, {}, body)
    assert (session.progress, session.title, session.video_id) == (20, "Bread", None)
    assert session.last_word == AgentMessage("model", "For whom?", created_at=2)


@pytest.mark.parametrize(
    ("messages", "last"),
    [
        ([], ""),
        ([AgentMessage("user", "Hi")], ""),
        ([AgentMessage("model", "new"), AgentMessage("user", "Hi"), AgentMessage("model", "old")], "new"),
        ([AgentMessage("model", "old", created_at=1), AgentMessage("model", "new", created_at=2)], "new"),
    ],
    ids=["silence", "no answer yet", "without times", "in another order"],
)
def test_the_last_word_is_the_agents(messages: list[AgentMessage], last: str) -> None:
    assert VideoAgent("s", messages=messages).last_word.content == last


async def test_sessions_and_what_belongs_to_them_are_read_and_listed() -> None:
    session, message, resource = VideoAgent("s"), AgentTurn("s", "r"), AgentResource("r", "image")
    video, style, listed = Video("v", "pending"), AgentStyle("style"), ListedVideoAgent("s")
    wire = Recorder(
        [session, message, StoppedVideoAgent("s"), Page([listed]), Page([style]), resource, Page([video])],
    )
    agents = VideoAgents(wire)
    assert await agents.get("s") == session
    assert await agents.send("s", message="Hi") == message
    assert await agents.stop("s") == StoppedVideoAgent("s")
    assert await agents.list().first() == listed
    assert await agents.styles.list(tag="print").first() == style
    assert await agents.resources.get("s", "r") == resource
    assert (await agents.videos.list("s")).items == [video]
    assert wire.sent == [
        GetVideoAgent("s"),
        SendToVideoAgent("s", message="Hi"),
        StopVideoAgent("s"),
        ListVideoAgents(),
        ListAgentStyles(tag="print"),
        GetAgentResource("s", "r"),
        ListAgentVideos("s"),
    ]


def test_a_receipt_may_lack_everything_but_its_id() -> None:
    assert decode(CreateVideoAgent(prompt="p"), 200, {}, b'{"data": {"session_id": "s"}}') == CreatedVideoAgent("s")
