"""Clippings: aged, paid for by the clip, listed and deleted; and real ones."""

from pathlib import Path
from typing import Any

import pytest
from spectator import see
from visitor import MP4, PNG, Visitor, another, upload

from heygen_async.clock import ManualClock
from heygen_async.emulator import Emulator, FailRender, Fault, media
from heygen_async.emulator.media import Color, Film, Scene, Speech

pytestmark = pytest.mark.anyio

PATH = "/v3/ai-clipping"
TALK = {"type": "url", "url": "https://example.com/Long%20talk.mp4?x=1"}


async def create(visitor: Visitor, **fields: Any) -> str:
    answer = await visitor.post(PATH, {"video": TALK} | fields)
    assert answer.status == 202
    clipping_id: str = answer.data["id"]
    return clipping_id


async def test_a_clipping_ages_in_heygens_words(visitor: Visitor, clock: ManualClock) -> None:
    one = await create(visitor, callback_id="mine", input_language="es")
    seen = []
    for seconds in (0, 2, 29, 31):
        await clock.advance(seconds)
        shown = (await visitor.get(f"{PATH}/{one}")).data
        seen.append((shown["status"], shown["progress"], len(shown["clips"])))
    assert seen == [("pending", 0, 0), ("running", 3, 0), ("running", 50, 0), ("completed", 100, 2)]
    assert (shown["title"], shown["input_language"], shown["callback_id"]) == ("Long talk", "es", "mine")
    assert shown["source_duration"] == 5.0


async def test_each_length_is_a_clip_of_its_own(visitor: Visitor, clock: ManualClock) -> None:
    settings = {"duration_types": ["30", "180", "long"], "aspect_ratio": "square", "captions": False}
    one = await create(visitor, output_settings=settings)
    await clock.advance(62)
    clips = (await visitor.get(f"{PATH}/{one}")).data["clips"]
    assert [clip["title"] for clip in clips] == ["Highlight 1", "Highlight 2", "Highlight 3"]
    assert {clip["aspect_ratio"] for clip in clips} == {"square"}
    assert [clip["duration_seconds"] for clip in clips] == [1.67] * 3
    assert all(0 <= clip["virality_score"] <= 100 for clip in clips)
    assert len({clip["id"] for clip in clips}) == 3
    kinds = [(await visitor.fetch(clips[0][name])).headers["Content-Type"] for name in ("video_url", "thumbnail_url")]
    assert kinds == ["video/mp4", "image/jpeg"]


async def test_a_list_is_short_of_progress_and_newest_first(visitor: Visitor, clock: ManualClock) -> None:
    first = await create(visitor, title="One")
    await clock.advance(30)
    second = await create(visitor, title="Two")
    await clock.advance(32)
    page = (await visitor.get(PATH, limit="1")).body
    assert [(one["id"], one["progress"]) for one in page["data"]] == [(second, 0)]
    page = (await visitor.get(PATH, limit="1", token=page["next_token"])).body
    assert [(one["id"], one["progress"]) for one in page["data"]] == [(first, 100)]
    assert page["has_more"] is False


async def test_clips_are_paid_for_and_paid_back_when_they_fail(
    visitor: Visitor, emulator: Emulator, clock: ManualClock
) -> None:
    wallet = emulator.account.wallet
    before = wallet.balance
    emulator.faults.add(Fault(FailRender(message="No speech"), times=1))
    one = await create(visitor, output_settings={"duration_types": ["30", "60", "180"]})
    assert before - wallet.balance == pytest.approx(0.45)
    await clock.advance(62)
    shown = (await visitor.get(f"{PATH}/{one}")).data
    assert (shown["status"], shown["failure_message"], shown["clips"], shown["progress"]) == (
        "failed",
        "No speech",
        [],
        0,
    )
    assert wallet.balance == before
    await create(visitor)
    assert before - wallet.balance == pytest.approx(0.30)


async def test_a_second_delete_answers_404(visitor: Visitor) -> None:
    one = await create(visitor)
    assert (await visitor.delete(f"{PATH}/{one}")).data == {"id": one}
    for answer in (await visitor.delete(f"{PATH}/{one}"), await visitor.get(f"{PATH}/{one}")):
        assert answer.refusal == (404, "resource_not_found", None)


async def test_what_is_no_video_is_refused(visitor: Visitor) -> None:
    picture = (await upload(visitor, PNG)).data["asset_id"]
    bodies: list[Any] = [
        {},
        {"video": {"type": "asset_id", "asset_id": picture}},
        {"video": {"type": "base64", "media_type": "video/mp4", "data": "AAAA"}},
        {"video": TALK, "output_settings": {"duration_types": ["45"]}},
    ]
    refusals = [(await visitor.post(PATH, body)).refusal for body in bodies]
    assert [refusal[0] for refusal in refusals] == [400] * 4
    assert [refusal[2] for refusal in refusals] == ["video", "video", "video.type", "output_settings.duration_types.0"]


async def test_an_asset_gives_its_name(visitor: Visitor) -> None:
    asset_id = (await upload(visitor, MP4, "My talk.mp4")).data["asset_id"]
    one = await create(visitor, video={"type": "asset_id", "asset_id": asset_id})
    assert (await visitor.get(f"{PATH}/{one}")).data["title"] == "My talk"


# Real ones.


async def test_real_clips_are_parts_in_shape_with_a_caption(clock: ManualClock, tmp_path: Path) -> None:
    scenes = [Scene(sound=Speech("One two three."), backdrop=Color(color)) for color in ("#FF0000", "#0000FF")]
    film = media.render(Film(scenes=scenes, width=96, height=64, fps=10), tmp_path, "talk")
    async with another(clock, synthetic=None) as (emulator, visitor):
        asset_id = (await upload(visitor, film.video.read_bytes())).data["asset_id"]
        one = await create(visitor, video={"type": "asset_id", "asset_id": asset_id})
        await emulator.idle()
        await clock.advance(62)
        shown = (await visitor.get(f"{PATH}/{one}")).data
        assert shown["source_duration"] == pytest.approx(film.duration, abs=0.1)
        first, second = [see((await visitor.fetch(clip["video_url"])).raw) for clip in shown["clips"]]
        assert first.seconds + second.seconds == pytest.approx(film.duration, abs=0.4)
        assert first.seconds == pytest.approx(shown["clips"][0]["duration_seconds"], abs=0.1)
        assert {first.frames[0].size, second.frames[0].size} == {(36, 64)}
        assert min(first.loudness, second.loudness) > 100
        tops = [one.frames[len(one.frames) // 2].resize((1, 3)).tobytes()[:3] for one in (first, second)]
        assert [(red > 150, blue > 150) for red, _, blue in tops] == [(True, False), (False, True)]
        assert (await visitor.fetch(shown["clips"][0]["thumbnail_url"])).raw[:3] == b"\xff\xd8\xff"


async def test_a_video_that_is_broken_is_refused(clock: ManualClock) -> None:
    async with another(clock, synthetic=None) as (_, visitor):
        asset_id = (await upload(visitor, MP4)).data["asset_id"]
        answer = await visitor.post(PATH, {"video": {"type": "asset_id", "asset_id": asset_id}})
        assert answer.refusal == (400, "invalid_parameter", "video")
