"""Sessions with the video agent: it thinks, asks if it has to, and makes a video."""

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from visitor import PNG, TOM, Visitor, another, upload

from heygen_async.emulator import Emulator, FailRender, Fault
from heygen_async.emulator.agents import Session, script_of, title_of

pytestmark = pytest.mark.anyio

THINKING = 62
"""Seconds that a run takes, and a video."""


async def open_session(visitor: Visitor, prompt: str = "A minute about bread. It is warm.", **fields: Any) -> str:
    answer = (await visitor.post("/v3/video-agents", {"prompt": prompt} | fields)).data
    assert answer["status"] == "thinking"
    session_id: str = answer["session_id"]
    return session_id


async def seen(visitor: Visitor, session_id: str) -> Any:
    return (await visitor.get(f"/v3/video-agents/{session_id}")).data


async def later(visitor: Visitor, session_id: str, seconds: float = THINKING) -> Any:
    await visitor.clock.advance(seconds)
    return await seen(visitor, session_id)


async def test_a_prompt_becomes_a_video_in_which_it_is_read(visitor: Visitor, emulator: Emulator) -> None:
    session_id = await open_session(visitor, orientation="portrait")
    assert (await seen(visitor, session_id))["status"] == "thinking"
    session = await later(visitor, session_id)
    assert (session["status"], session["title"]) == ("generating", "A minute about bread. It is")
    assert "video_id" in session
    video = emulator.account.video(session["video_id"])
    assert (video.request.script, video.request.aspect_ratio) == ("A minute about bread. It is warm.", "9:16")
    session = await later(visitor, session_id)
    assert (session["status"], session["progress"], session["video_id"]) == ("completed", 100, video.id)
    listed = (await visitor.get(f"/v3/video-agents/{session_id}/videos")).data
    assert [one["id"] for one in listed] == [video.id]
    assert f"/files/video/{video.id}.mp4?" in listed[0]["video_url"]


async def test_a_video_of_the_agent_costs_by_the_second(visitor: Visitor, emulator: Emulator) -> None:
    session_id = await open_session(visitor, "word " * 150)
    assert emulator.account.wallet.entries == []
    video_id = (await later(visitor, session_id))["video_id"]
    (entry,) = emulator.account.wallet.entries
    assert (entry.what, entry.amount) == (video_id, pytest.approx(60 * 0.0333, rel=0.01))


async def test_a_question_in_whatever_script_is_one(visitor: Visitor) -> None:
    session_id = await open_session(visitor, "パンの動画を作れますか？")  # noqa: RUF001  # full-width
    assert (await later(visitor, session_id))["status"] == "waiting_for_input"


async def test_a_question_in_the_prompt_is_answered_by_one(visitor: Visitor, emulator: Emulator) -> None:
    session_id = await open_session(visitor, "Can you make a video? It is about bread.")
    session = await later(visitor, session_id)
    assert (session["status"], session["messages"][0]["role"]) == ("waiting_for_input", "model")
    await visitor.clock.advance(3600)
    assert (await seen(visitor, session_id))["status"] == "waiting_for_input"
    turn = (await visitor.post(f"/v3/video-agents/{session_id}", {"message": "It is for bakers."})).data
    assert (turn["session_id"], turn["title"]) == (session_id, "Can you make a video? It")
    assert (await seen(visitor, session_id))["status"] == "thinking"
    session = await later(visitor, session_id)
    assert session["status"] == "generating"
    assert emulator.account.video(session["video_id"]).request.script == "It is about bread. It is for bakers."


async def test_a_chat_shows_a_storyboard_first(visitor: Visitor) -> None:
    session_id = await open_session(visitor, mode="chat")
    session = await later(visitor, session_id)
    (resource_id,) = session["messages"][0]["resource_ids"]
    assert (session["status"], session["messages"][0]["type"]) == ("reviewing", "resource")
    resource = (await visitor.get(f"/v3/video-agents/{session_id}/resources/{resource_id}")).data
    assert (resource["resource_type"], resource["source_type"]) == ("image", "generated")
    assert (await visitor.fetch(resource["url"])).headers["Content-Type"] == "image/png"
    answer = await visitor.get(f"/v3/video-agents/{session_id}/resources/none")
    assert answer.refusal == (404, "resource_not_found", None)
    await visitor.post(f"/v3/video-agents/{session_id}", {"message": "Good!"})
    assert (await later(visitor, session_id))["status"] == "generating"


async def test_messages_are_shown_the_newest_first_and_no_more_than_forty(visitor: Visitor) -> None:
    session_id = await open_session(visitor)
    for number in range(45):
        await visitor.post(f"/v3/video-agents/{session_id}", {"message": f"Word {number}."})
    messages = (await seen(visitor, session_id))["messages"]
    assert [message["content"] for message in messages] == [f"Word {number}." for number in range(44, 4, -1)]


async def test_a_message_to_an_agent_that_thinks_joins_the_same_run(visitor: Visitor, emulator: Emulator) -> None:
    session_id = await open_session(visitor)
    runs = {
        (await visitor.post(f"/v3/video-agents/{session_id}", {"message": f"Word {at}."})).data["run_id"]
        for at in range(2)
    }
    assert len(runs) == 1
    session = await later(visitor, session_id)
    script = emulator.account.video(session["video_id"]).request.script
    assert script == "A minute about bread. It is warm. Word 0. Word 1."


async def test_a_message_after_the_video_leads_to_another_one(visitor: Visitor, emulator: Emulator) -> None:
    session_id = await open_session(visitor)
    first = (await later(visitor, session_id))["video_id"]
    await later(visitor, session_id)
    await visitor.post(f"/v3/video-agents/{session_id}", {"message": "Shorter.", "avatar_id": TOM})
    assert await seen(visitor, session_id) | {"messages": None} == {
        "session_id": session_id,
        "status": "thinking",
        "title": "A minute about bread. It is",
        "progress": 10,
        "messages": None,
        "video_id": first,
        "created_at": emulator.account.shelf(Session)[session_id].created_at,
    }
    second = (await later(visitor, session_id))["video_id"]
    assert second != first
    assert emulator.account.video(second).request.avatar_id == TOM
    videos = (await visitor.get(f"/v3/video-agents/{session_id}/videos")).data
    assert [one["id"] for one in videos] == [second, first]
    await visitor.delete(f"/v3/videos/{first}")
    videos = (await visitor.get(f"/v3/video-agents/{session_id}/videos")).data
    assert [one["id"] for one in videos] == [second]


async def test_a_stop_ends_the_thinking_and_frees_the_slot(visitor: Visitor, emulator: Emulator) -> None:
    session_id = await open_session(visitor)
    assert len(emulator.account.slots.running) == 1
    answer = await visitor.post(f"/v3/video-agents/{session_id}/stop", {})
    assert answer.data == {"session_id": session_id}
    assert len(emulator.account.slots.running) == 0
    session = await later(visitor, session_id, 1000)
    assert (session["status"], "video_id" in session) == ("completed", False)
    await visitor.post(f"/v3/video-agents/{session_id}", {"message": "Go on."})
    assert (await later(visitor, session_id))["status"] == "generating"


async def test_a_stop_takes_no_question_back_and_no_video(visitor: Visitor) -> None:
    asked = await open_session(visitor, "Now?")
    await later(visitor, asked)
    await visitor.post(f"/v3/video-agents/{asked}/stop", {})
    assert (await seen(visitor, asked))["status"] == "completed"
    made = await open_session(visitor)
    await later(visitor, made)
    await visitor.post(f"/v3/video-agents/{made}/stop", {})
    assert (await seen(visitor, made))["status"] == "generating"
    assert (await later(visitor, made))["status"] == "completed"


async def test_a_session_can_fail_in_its_thoughts_or_in_its_video(visitor: Visitor, emulator: Emulator) -> None:
    emulator.faults.add(Fault(FailRender("agent_failed", "No idea"), path="/v3/video-agents"))
    emulator.faults.add(Fault(FailRender(), path="/v3/video-agents/*/videos"))
    session_id = await open_session(visitor)
    session = await later(visitor, session_id)
    assert (session["status"], session["messages"][0]["type"]) == ("failed", "error")
    assert session["messages"][0]["content"] == "No idea"
    session_id = await open_session(visitor)
    await later(visitor, session_id)
    assert (await later(visitor, session_id))["status"] == "failed"


async def test_a_wallet_can_be_too_light_at_once_or_become_so(visitor: Visitor, emulator: Emulator) -> None:
    session_id = await open_session(visitor)
    emulator.account.wallet.balance = 0.0
    assert (await visitor.post("/v3/video-agents", {"prompt": "Hi"})).refusal == (402, "insufficient_credit", None)
    session = await later(visitor, session_id)
    assert (session["status"], session["messages"][0]["type"]) == ("failed", "error")
    assert session["messages"][0]["content"].startswith("Insufficient credit")


async def test_sessions_share_the_slots_with_videos(visitor: Visitor, emulator: Emulator) -> None:
    emulator.account.slots.cap = 1
    session_id = await open_session(visitor)
    assert await visitor.refusal() == (429, "rate_limit_exceeded", None)
    await later(visitor, session_id)
    await visitor.clock.advance(THINKING)
    assert await visitor.create()


@pytest.mark.parametrize(
    ("fields", "refusal"),
    [
        ({"avatar_id": "nobody"}, (404, "avatar_not_found", None)),
        ({"voice_id": "nobody"}, (404, "voice_not_found", None)),
        ({"style_id": "none"}, (400, "invalid_parameter", "style_id")),
        ({"brand_kit_id": "none"}, (400, "invalid_parameter", "brand_kit_id")),
        ({"files": [{"type": "asset_id", "asset_id": "none"}]}, (404, "asset_not_found", None)),
        ({"prompt": ""}, (400, "invalid_parameter", "prompt")),
        ({"mode": "dream"}, (400, "invalid_parameter", "mode")),
    ],
)
async def test_what_cannot_be_used_opens_no_session(visitor: Visitor, fields: Any, refusal: Any) -> None:
    assert (await visitor.post("/v3/video-agents", {"prompt": "Hi"} | fields)).refusal == refusal
    assert (await visitor.get("/v3/video-agents")).data == []


async def test_a_message_says_or_brings_something(visitor: Visitor) -> None:
    session_id = await open_session(visitor)
    path = f"/v3/video-agents/{session_id}"
    assert (await visitor.post(path, {})).refusal == (400, "invalid_parameter", "message")
    asset = (await upload(visitor, PNG)).data["asset_id"]
    assert (await visitor.post(path, {"files": [{"type": "asset_id", "asset_id": asset}]})).status == 200
    assert (await visitor.post(path, {"message": "Hi", "avatar_id": "nobody"})).status == 404
    assert len((await seen(visitor, session_id))["messages"]) == 2


async def test_unknown_sessions_are_unknown_everywhere(visitor: Visitor) -> None:
    answers = [
        await visitor.get("/v3/video-agents/none"),
        await visitor.get("/v3/video-agents/none/videos"),
        await visitor.get("/v3/video-agents/none/resources/none"),
        await visitor.post("/v3/video-agents/none", {"message": "Hi"}),
        await visitor.post("/v3/video-agents/none/stop", {}),
    ]
    assert [answer.refusal for answer in answers] == [(404, "resource_not_found", None)] * 5


async def test_sessions_are_listed_the_newest_first_in_pages(visitor: Visitor) -> None:
    made = [await open_session(visitor, f"About {at}") for at in range(3)]
    first = (await visitor.get("/v3/video-agents", limit=2)).body
    rest = (await visitor.get("/v3/video-agents", token=first["next_token"])).body
    assert [one["session_id"] for one in (*first["data"], *rest["data"])] == made[::-1]
    assert [one["title"] for one in first["data"]] == ["About 2", "About 1"]


async def test_styles_are_listed_by_tag(visitor: Visitor) -> None:
    everything = (await visitor.get("/v3/video-agents/styles")).data
    found = (await visitor.get("/v3/video-agents/styles", tag="print")).data
    assert [style["style_id"] for style in found] == ["paper-cut", "poster-wall"]
    assert len(everything) == 5
    assert (await visitor.fetch(found[0]["thumbnail_url"])).headers["Content-Type"] == "image/png"
    assert await open_session(visitor, style_id="paper-cut")


async def test_without_waiting_a_session_still_goes_step_by_step(visitor: Visitor) -> None:
    async with another(visitor.clock, render_seconds=0) as (_, quick):
        session_id = await open_session(quick)
        words = [(await seen(quick, session_id))["status"] for _ in range(3)]
    assert words[-1] == "completed"


@given(st.lists(st.text(max_size=40), min_size=1, max_size=5))
def test_a_script_asks_nothing_and_is_never_longer_than_a_script_may_be(wishes: list[str]) -> None:
    script = script_of(wishes)
    assert len(script) <= 5000
    told = [one for words in wishes for one in re.findall(r"[^.!?。！？\n]+[.!?。！？]*", words)]  # noqa: RUF001  # as it says
    if any(one.strip() and not one.strip().endswith(("?", "？")) for one in told):  # noqa: RUF001  # full-width
        assert not script.endswith(("?", "？"))  # noqa: RUF001  # full-width


@pytest.mark.parametrize(
    ("prompt", "title"), [("One two three four five six seven", "One two three four five six"), ("?", "Video")]
)
def test_a_title_is_a_few_words(prompt: str, title: str) -> None:
    assert title_of(prompt) == title


def test_a_prompt_that_is_nothing_but_a_question_is_read_all_the_same() -> None:
    assert script_of(["Why bread?"]) == "Why bread?"
    assert len(script_of(["word. " * 2000])) == 5000
