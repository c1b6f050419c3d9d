"""Voices, the account, and uploads: what is simply there."""

import pytest
from visitor import JPEG, PNG, Visitor, upload

from heygen_async.emulator import Emulator

pytestmark = pytest.mark.anyio


async def test_voices_in_several_languages(visitor: Visitor) -> None:
    voices = (await visitor.get("/v3/voices", limit=100)).data
    assert len(voices) >= 12
    assert {"English", "Spanish", "German", "French"} <= {voice["language"] for voice in voices}
    assert {voice["gender"] for voice in voices} == {"female", "male"}
    assert {voice["type"] for voice in voices} == {"public"}
    assert len({voice["voice_id"] for voice in voices}) == len(voices)


async def test_voices_are_listed_by_what_is_wanted(visitor: Visitor) -> None:
    for query, names in (
        ({"language": "german"}, ["Hannah", "Jonas"]),
        ({"language": "pt-BR"}, ["Rafael"]),
        ({"language": "English", "gender": "Male"}, ["James", "Oliver"]),
        ({"engine": "fish"}, ["Jonas"]),
        ({"language": "Klingon"}, []),
        ({"type": "private"}, []),
    ):
        assert [voice["name"] for voice in (await visitor.get("/v3/voices", **query)).data] == names


async def test_one_voice(visitor: Visitor) -> None:
    voice = (await visitor.get("/v3/voices", limit=1)).data[0]
    detail = (await visitor.get(f"/v3/voices/{voice['voice_id']}")).data
    assert {name: detail[name] for name in ("voice_id", "name", "language", "gender", "preview_audio_url")} == {
        name: voice[name] for name in ("voice_id", "name", "language", "gender", "preview_audio_url")
    }
    assert (await visitor.get("/v3/voices/none")).refusal == (404, "voice_not_found", None)


async def test_a_voice_can_be_heard_and_a_face_be_seen(visitor: Visitor, emulator: Emulator) -> None:
    for voice in (await visitor.get("/v3/voices", limit=2)).data:
        for _ in range(2):
            answer = await visitor.fetch(voice["preview_audio_url"])
            assert (answer.raw[:4], answer.headers["Content-Type"]) == (b"RIFF", "audio/wav")
            assert len(answer.raw) > 20_000
    look = (await visitor.get("/v3/avatars/looks", limit=1)).data[0]
    for _ in range(2):
        answer = await visitor.fetch(look["preview_image_url"])
        assert (answer.raw[:8], answer.headers["Content-Type"]) == (PNG[:8], "image/png")
    assert emulator.url + "/presets/" in look["preview_image_url"]


async def test_a_stand_in_can_be_seen_too(visitor: Visitor) -> None:
    body = {"type": "photo", "name": "S", "file": {"type": "url", "url": "https://example.com/s.png"}}
    look = (await visitor.post("/v3/avatars", body)).data["avatar_item"]
    assert (await visitor.fetch(look["preview_image_url"])).raw[:8] == PNG[:8]


async def test_there_is_nothing_to_see_of_nobody(visitor: Visitor, emulator: Emulator) -> None:
    asset = (await upload(visitor, JPEG)).data["asset_id"]
    body = {"type": "photo", "name": "S", "file": {"type": "asset_id", "asset_id": asset}}
    look = (await visitor.post("/v3/avatars", body)).data["avatar_item"]["id"]
    for path in ("/presets/looks/nobody.png", f"/presets/looks/{look}.png", "/presets/voices/nobody.wav"):
        assert (await visitor.fetch(emulator.url + path)).status == 404


async def test_the_account(visitor: Visitor) -> None:
    assert (await visitor.get("/v3/users/me")).data == {
        "username": "emulator",
        "email": "emulator@example.com",
        "first_name": "Emulated",
        "last_name": "Account",
        "billing_type": "wallet",
        "wallet": {"currency": "usd", "remaining_balance": 1000.0, "auto_reload": {"enabled": False}},
    }


async def test_assets_are_read_listed_and_deleted(visitor: Visitor) -> None:
    receipts = [
        (await upload(visitor, PNG + bytes([number]), f"{number}.png", "image/png")).data for number in range(3)
    ]
    asset = (await visitor.get(f"/v3/assets/{receipts[0]['asset_id']}")).data
    assert (asset["name"], asset["type"], asset["owner"]) == ("0.png", "image", "emulator")
    assert (await visitor.fetch(asset["url"])).raw == PNG + b"\0"
    first = (await visitor.get("/v3/assets", username="emulator", limit=2)).body
    rest = (await visitor.get("/v3/assets", username="emulator", limit=2, token=first["next_token"])).body
    assert [each["name"] for each in (*first["data"], *rest["data"])] == ["2.png", "1.png", "0.png"]
    assert (await visitor.get("/v3/assets", username="somebody")).data == []
    assert (await visitor.get("/v3/assets", username="emulator", folder_id="f")).data == []
    assert (await visitor.delete(f"/v3/assets/{asset['id']}")).data == {"id": asset["id"]}
    for method in ("GET", "DELETE"):
        answer = await visitor.send(method, f"/v3/assets/{asset['id']}")
        assert answer.refusal == (404, "asset_not_found", None)
        assert answer.error["message"] == f"Asset {asset['id']} not found"
