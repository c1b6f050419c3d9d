"""The rules that need the account: who can be asked for what."""

from typing import Any

import pytest
from visitor import ANNA, JPEG, MP3, MP4, PNG, TOM, Visitor, another, upload

from heygen_async.clock import ManualClock
from heygen_async.emulator import Emulator

pytestmark = pytest.mark.anyio

UNCUT = "Anna_public_20240108"
OLD = "Marcus_outdoors_20230927"
TWIN, SISTER = "Priya_twin_front_20250611", "Priya_twin_side_20250611"
SARAH = "Sarah_photo_20250120"
WRONG = "invalid_parameter"
V_WITH_REFERENCE = {"type": "avatar_v", "reference_look_id": SISTER}


@pytest.mark.parametrize(
    ("fields", "refusal"),
    [
        ({"avatar_id": "nobody"}, (404, "avatar_not_found", None)),
        ({"voice_id": "nobody"}, (404, "voice_not_found", None)),
        ({"script": None, "audio_asset_id": "none"}, (404, "asset_not_found", None)),
        ({"engine": {"type": "avatar_v"}}, (400, WRONG, "engine")),
        ({"avatar_id": OLD, "engine": {"type": "avatar_iv"}}, (400, WRONG, "engine")),
        (
            {"avatar_id": TWIN, "engine": {"type": "avatar_v", "reference_look_id": "x"}},
            (404, "avatar_not_found", None),
        ),
        (
            {"avatar_id": TWIN, "engine": {"type": "avatar_v", "reference_look_id": ANNA}},
            (400, WRONG, "engine.reference_look_id"),
        ),
        (
            {"avatar_id": TWIN, "engine": {"type": "avatar_v", "reference_look_id": "Diego_twin_20250702"}},
            (400, WRONG, "engine.reference_look_id"),
        ),
        ({"motion_prompt": "nod"}, (400, WRONG, "motion_prompt")),
        ({"avatar_id": TWIN, "motion_prompt": "nod"}, (400, WRONG, "motion_prompt")),
        ({"avatar_id": OLD, "motion_prompt": "nod"}, (400, WRONG, "motion_prompt")),
        ({"avatar_id": SARAH, "engine": {"type": "avatar_v"}, "motion_prompt": "nod"}, (400, WRONG, "motion_prompt")),
        ({"expressiveness": "high"}, (400, WRONG, "expressiveness")),
        ({"avatar_id": OLD, "expressiveness": "high"}, (400, WRONG, "expressiveness")),
        ({"avatar_id": UNCUT, "output_format": "webm"}, (400, WRONG, "output_format")),
        ({"avatar_id": UNCUT, "remove_background": True}, (400, WRONG, "remove_background")),
        ({"watermark": {"image": {"type": "url", "url": "https://a.example/w.png"}}}, (403, "forbidden", None)),
        (
            {"voice_settings": {"engine_settings": {"engine_type": "fish", "model": "s1"}}},
            (400, WRONG, "voice_settings.engine_settings"),
        ),
    ],
)
async def test_what_does_not_go_together_is_refused(
    visitor: Visitor, emulator: Emulator, fields: dict[str, Any], refusal: tuple[int, str, str | None]
) -> None:
    assert await visitor.refusal(**fields) == refusal
    assert not emulator.account.videos
    assert not emulator.account.wallet.entries


@pytest.mark.parametrize(
    "fields",
    [
        {"avatar_id": OLD},
        {"avatar_id": TOM, "motion_prompt": "nod", "expressiveness": "high"},
        {"avatar_id": TWIN, "engine": V_WITH_REFERENCE, "motion_prompt": "nod"},
        {"avatar_id": UNCUT, "background": {"type": "color", "value": "#FFFFFF"}},
        {"remove_background": True, "background": {"type": "image", "url": "https://example.com/b.png"}},
        {
            "voice_settings": {
                "engine_settings": {"engine_type": "starfish"},
                "locale": "en-GB",
                "pitch": 5,
                "volume": 0,
            }
        },
    ],
)
async def test_what_goes_together_is_taken(visitor: Visitor, fields: dict[str, Any]) -> None:
    assert await visitor.create(**fields)


async def test_a_persons_id_is_no_look(visitor: Visitor) -> None:
    group_id = (await visitor.get("/v3/avatars")).data[0]["id"]
    answer = await visitor.post("/v3/videos", {"avatar_id": group_id, "script": "Hi"})
    assert answer.refusal == (400, WRONG, "avatar_id")
    assert answer.error["message"] == "Avatar not found or you don't have access"


@pytest.mark.parametrize(
    ("status", "code"),
    [
        ("processing", "avatar_not_usable"),
        ("failed", "avatar_not_usable"),
        ("pending_consent", "avatar_consent_required"),
    ],
)
async def test_a_look_that_is_not_ready_cannot_be_used(
    visitor: Visitor, emulator: Emulator, status: str, code: str
) -> None:
    emulator.account.looks[ANNA].status = status
    assert await visitor.refusal() == (400, code, None)
    assert await visitor.refusal(type="cinematic_avatar", avatar_id=[ANNA], prompt="x", script=None) == (
        400,
        code,
        None,
    )


async def test_a_look_without_a_voice_needs_one(visitor: Visitor, emulator: Emulator) -> None:
    emulator.account.looks[ANNA].default_voice_id = None
    assert await visitor.refusal() == (400, WRONG, "voice_id")
    assert await visitor.create(voice_id="YOUR_VOICE_ID")


async def test_an_asset_must_be_of_the_kind_that_is_needed(visitor: Visitor) -> None:
    picture = (await upload(visitor, PNG)).data["asset_id"]
    sound = (await upload(visitor, MP3)).data["asset_id"]
    clip = (await upload(visitor, MP4)).data["asset_id"]
    assert await visitor.refusal(script=None, audio_asset_id=picture) == (400, WRONG, "audio_asset_id")
    background = {"type": "image", "asset_id": sound}
    assert await visitor.refusal(background=background) == (400, WRONG, "background.asset_id")
    scene = {"type": "video", "source": {"type": "asset_id", "asset_id": picture}}
    assert await visitor.refusal(type="studio", avatar_id=None, script=None, scenes=[scene]) == (
        400,
        WRONG,
        "scenes.0.source",
    )
    good = [
        {"script": None, "audio_asset_id": sound},
        {"background": {"type": "image", "asset_id": picture}},
    ]
    for fields in good:
        body = {"avatar_id": ANNA, "script": "Hi"} | fields
        answer = await visitor.post("/v3/videos", {name: value for name, value in body.items() if value})
        assert answer.status == 200
    scene = {
        "type": "video",
        "source": {"type": "asset_id", "asset_id": clip},
        "script": "Hi",
        "voice_id": "YOUR_VOICE_ID",
    }
    assert (await visitor.post("/v3/videos", {"scenes": [scene]})).status == 200


async def test_the_price_of_a_sound_is_by_its_length(visitor: Visitor, emulator: Emulator) -> None:
    sound = (await upload(visitor, b"ID3" + bytes(160_000 - 3))).data["asset_id"]
    answer = await visitor.post("/v3/videos", {"avatar_id": ANNA, "audio_asset_id": sound})
    assert emulator.account.videos[answer.data["video_id"]].cost == pytest.approx(10 * 0.0667)


@pytest.mark.parametrize(
    ("scene", "refusal"),
    [
        ({"avatar_id": "nobody", "script": "Hi"}, (404, "avatar_not_found", None)),
        ({"avatar_id": ANNA, "script": "Hi", "motion_prompt": "nod"}, (400, WRONG, "scenes.1.input.motion_prompt")),
        ({"avatar_id": ANNA, "script": "Hi", "engine": {"type": "avatar_v"}}, (400, WRONG, "scenes.1.input.engine")),
    ],
)
async def test_the_rules_hold_in_scenes(visitor: Visitor, scene: dict[str, Any], refusal: tuple[int, str, str]) -> None:
    first = {"type": "avatar_video", "input": {"type": "avatar", "avatar_id": ANNA, "script": "Hi"}}
    second = {"type": "avatar_video", "input": {"type": "avatar"} | scene}
    body = {"type": "studio", "scenes": [first, second]}
    assert (await visitor.post("/v3/videos", body)).refusal == refusal


async def test_scenes_of_all_kinds(visitor: Visitor, emulator: Emulator) -> None:
    speaker = {"avatar_id": ANNA, "script": "word " * 150, "background": {"type": "color", "color": "#102030"}}
    scenes = [
        {"type": "avatar_video", "input": {"type": "avatar"} | speaker},
        {
            "type": "image",
            "source": {"type": "url", "url": "https://example.com/a.png"},
            "audio_url": "https://e.example/a",
        },
        {"type": "video", "source": {"type": "url", "url": "https://example.com/a.mp4"}},
    ]
    answer = await visitor.post("/v3/videos", {"type": "studio", "scenes": scenes, "caption": {}})
    assert emulator.account.videos[answer.data["video_id"]].cost == pytest.approx(60 * 0.0667)


async def test_references_of_a_cinematic_video_are_pictures_or_clips(visitor: Visitor) -> None:
    picture, sound = (await upload(visitor, JPEG)).data["asset_id"], (await upload(visitor, MP3)).data["asset_id"]
    body = {"avatar_id": [ANNA], "prompt": "A walk", "references": [{"type": "asset_id", "asset_id": picture}]}
    assert (await visitor.post("/v3/videos", body)).status == 200
    body["references"] = [{"type": "asset_id", "asset_id": picture}, {"type": "asset_id", "asset_id": sound}]
    assert (await visitor.post("/v3/videos", body)).refusal == (400, WRONG, "references.1")


async def test_an_enterprise_may_use_watermarks(clock: ManualClock) -> None:
    async with another(clock, enterprise=True) as (_, visitor):
        assert await visitor.create(watermark={"image": {"type": "url", "url": "https://a.example/w.png"}})
