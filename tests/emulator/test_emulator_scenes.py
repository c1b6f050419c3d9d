"""Videos scene by scene."""

from typing import Any

import pytest
from visitor import ANNA, MP3, PNG, TOM, Visitor, upload

from heygen_async.clock import ManualClock

pytestmark = pytest.mark.anyio


async def scenes(visitor: Visitor, body: Any) -> Any:
    video_id = (await visitor.post("/v3/videos", body)).data["video_id"]
    await visitor.clock.advance(62)
    return (await visitor.get(f"/v3/videos/{video_id}/scenes")).data


async def test_scenes_are_prepared_before_they_are_shown(visitor: Visitor, clock: ManualClock) -> None:
    video_id = await visitor.create(caption={"file_format": "srt"}, resolution="1080p", title="T")
    answer = await visitor.get(f"/v3/videos/{video_id}/scenes")
    assert answer.refusal == (409, "resource_not_ready", None)
    await clock.advance(2)
    shown = (await visitor.get(f"/v3/videos/{video_id}/scenes")).data
    assert (shown["video_id"], shown["edit_version"]) == (video_id, "1")
    assert shown["video"] == {"title": "T", "resolution": "1080p", "caption": {"enabled": True}}
    assert (await visitor.get("/v3/videos/unknown/scenes")).refusal == (404, "video_not_found", None)


async def test_ids_stay_and_nothing_is_bindable(visitor: Visitor, clock: ManualClock) -> None:
    video_id = await visitor.create()
    await clock.advance(62)
    first, second = [(await visitor.get(f"/v3/videos/{video_id}/scenes")).data["scenes"] for _ in range(2)]
    assert first == second
    assert first[0]["elements"][0]["bindable_as"] == []


async def test_an_avatar_shows_its_engine_its_voice_and_what_is_behind(visitor: Visitor) -> None:
    body = {
        "type": "avatar",
        "avatar_id": TOM,
        "script": "Hello!",
        "engine": {"type": "avatar_iv"},
        "motion_prompt": "nodding",
        "expressiveness": "low",
        "voice_settings": {"speed": 1.2, "locale": "en-GB"},
        "background": {"type": "color", "value": "#1E90FF"},
    }
    (scene,) = (await scenes(visitor, body))["scenes"]
    (avatar,), (line,) = scene["elements"], scene["script"]
    assert (avatar["avatar_id"], avatar["engine"], avatar["motion_prompt"]) == (TOM, "avatar_iv", "nodding")
    assert line["voice_settings"] == {"speed": 1.2, "locale": "en-GB"}
    assert scene["background"] == {"type": "color", "color": "#1E90FF"}


async def test_files_are_shown_by_their_addresses_while_they_are_there(visitor: Visitor) -> None:
    picture, sound = [(await upload(visitor, content)).data["asset_id"] for content in (PNG, MP3)]
    inline = {"type": "base64", "media_type": "image/png", "data": "iVBORw0KGgoAAAAA"}
    body = {
        "type": "studio",
        "scenes": [
            {"type": "image", "source": {"type": "asset_id", "asset_id": picture}, "audio_asset_id": sound},
            {"type": "image", "source": inline, "audio_url": "https://example.com/a.mp3"},
            {
                "type": "video",
                "source": {"type": "url", "url": "https://example.com/a.mp4"},
                "script": "Over it",
                "voice_id": (await visitor.get("/v3/voices")).body["data"][0]["voice_id"],
                "playback": {"mode": "loop", "volume": 0.3},
            },
            {
                "type": "avatar_video",
                "input": {
                    "type": "avatar",
                    "avatar_id": ANNA,
                    "script": "Hello!",
                    "background": {"type": "color", "color": "#000000"},
                },
            },
        ],
    }
    video_id = (await visitor.post("/v3/videos", body)).data["video_id"]
    await visitor.clock.advance(62)
    first, second, third, fourth = (await visitor.get(f"/v3/videos/{video_id}/scenes")).data["scenes"]
    assert (await visitor.fetch(first["elements"][0]["url"])).raw == PNG
    assert (await visitor.fetch(first["script"][0]["audio_url"])).raw == MP3
    assert "url" not in second["elements"][0]
    assert second["script"][0]["audio_url"] == "https://example.com/a.mp3"
    assert (third["elements"][0]["playback"], third["elements"][0]["volume"]) == ("loop", 0.3)
    assert fourth["background"] == {"type": "color", "color": "#000000"}
    await visitor.delete(f"/v3/assets/{picture}")
    first, *_ = (await visitor.get(f"/v3/videos/{video_id}/scenes")).data["scenes"]
    assert "url" not in first["elements"][0]


async def test_a_cinematic_video_has_no_scenes(visitor: Visitor) -> None:
    shown = await scenes(visitor, {"type": "cinematic_avatar", "avatar_id": [ANNA], "prompt": "A dance"})
    assert shown["scenes"] == []
