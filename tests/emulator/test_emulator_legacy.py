"""v1 and v2 as HeyGen served them, and as they are after their sunset: plain HTTP, with none of our client."""

from io import BytesIO
from typing import Any

import pytest
from photos import png
from visitor import ANNA, MP3, Answer, Visitor, another

from heygen_async.clock import ManualClock
from heygen_async.emulator import Emulator, Fault, Refuse

pytestmark = pytest.mark.anyio

VOICE = "447e25dbd26cfc522358bd6f235192e2"
SUNSET = "Sat, 31 Oct 2026 00:00:00 GMT"
SCENE = {
    "character": {"type": "avatar", "avatar_id": ANNA, "avatar_style": "circle"},
    "voice": {"type": "text", "voice_id": VOICE, "input_text": "Hello!"},
}


async def raw(visitor: Visitor, path: str, content: bytes, kind: str) -> Answer:
    return await visitor.send("POST", path, data=BytesIO(content), headers={"Content-Type": kind})


async def generated(visitor: Visitor, **fields: Any) -> Any:
    return (await visitor.post("/v2/video/generate", {"video_inputs": [SCENE]} | fields)).data["video_id"]


# How it is wrapped.


async def test_v2_has_an_error_that_is_null_and_a_warning(visitor: Visitor) -> None:
    answer = await visitor.get("/v2/avatars")
    assert (answer.body["error"], answer.headers["deprecation"], answer.headers["sunset"]) == (None, "true", SUNSET)
    warning = answer.body["warning"]
    assert warning["message"].startswith("This v2 endpoint is Legacy and will be removed on 2026-10-31.")
    assert (warning["v3_endpoint"], warning["sunset_date"]) == ("GET /v3/avatars/looks", "2026-10-31")
    assert answer.data["avatars"][0]["preview_video_url"] is None, "what is null is there"


async def test_v1_has_a_number_and_the_headers(visitor: Visitor) -> None:
    answer = await visitor.get("/v1/voice.list")
    assert {name: value for name, value in answer.body.items() if name != "data"} == {
        "code": 100,
        "msg": None,
        "message": "Success",
    }
    assert answer.headers["sunset"] == SUNSET
    assert answer.data["list"][0]["preview"]["movio"].endswith(".wav")


@pytest.mark.parametrize(
    ("path", "status", "error"),
    [
        ("/v1/video_status.get?video_id=no", 404, {"code": 40104, "message": "Video no not found"}),
        ("/v1/video_status.get", 400, {"code": 400175, "message": "video_id: is required"}),
    ],
)
async def test_v1_says_no_with_a_number(path: str, status: int, error: Any, visitor: Visitor) -> None:
    answer = await visitor.get(path)
    assert answer.status == status
    assert {name: answer.body[name] for name in error} == error


async def test_v2_says_no_with_a_word(visitor: Visitor) -> None:
    answer = await visitor.post("/v2/video/generate", {})
    assert answer.status == 400
    assert answer.body["data"] is None
    assert answer.body["error"] == {"code": "invalid_parameter", "message": "video_inputs: is required"}
    assert answer.body["warning"]["sunset_date"] == "2026-10-31"


@pytest.mark.parametrize(("path", "code"), [("/v1/voice.list", 400112), ("/v2/avatars", None)])
async def test_without_a_key_nobody_comes_in(path: str, code: int | None, visitor: Visitor) -> None:
    answer = await visitor.send("GET", path, headers={"x-api-key": ""})
    assert answer.status == 401
    assert (answer.body["code"] if code else answer.body["error"]["code"]) == (code or "unauthorized")


async def test_too_many_renders_are_told_when_to_come_back(clock: ManualClock) -> None:
    async with another(clock, renders=1) as (_, visitor):
        await generated(visitor)
        answer = await visitor.post("/v2/video/generate", {"video_inputs": [SCENE]})
        assert (answer.status, answer.headers["Retry-After"]) == (429, "30")


# What is shared with v3.


async def test_a_legacy_video_is_one_of_v3(visitor: Visitor, emulator: Emulator, clock: ManualClock) -> None:
    video_id = await generated(visitor, title="Hello", callback_id="c")
    await clock.advance(62)
    assert (await visitor.get(f"/v3/videos/{video_id}")).data["title"] == "Hello"
    status = (await visitor.get("/v1/video_status.get", video_id=video_id)).data
    assert (status["status"], status["callback_id"], status["error"]) == ("completed", "c", None)
    assert len((await visitor.fetch(status["video_url"])).raw) == 3000
    assert any("avatar_style = 'circle': v3 shows the avatar as it was filmed" in note for note in emulator.log.notes)


async def test_a_video_of_v3_has_a_legacy_status(visitor: Visitor) -> None:
    video_id = await visitor.create()
    assert (await visitor.get("/v1/video_status.get", video_id=video_id)).data["status"] == "pending"


async def test_the_key_of_a_photo_has_two_names(visitor: Visitor) -> None:
    key = (await raw(visitor, "/v1/asset", png(), "image/png")).data["image_key"]
    for name in ("image_key", "photo_s3_key"):
        answer = await visitor.post("/v2/video/av4/generate", {name: key, "script": "Hi", "voice_id": VOICE})
        assert answer.data["video_id"]


async def test_what_the_emulator_cannot_show_is_refused(visitor: Visitor) -> None:
    silent = SCENE | {"voice": {"type": "silence", "duration": 3}}
    answer = await visitor.post("/v2/video/generate", {"video_inputs": [silent]})
    assert answer.status == 400
    assert "v3 has no silence for an avatar" in answer.body["error"]["message"]


async def test_the_address_in_heygens_samples_leads_to_the_asset(visitor: Visitor, emulator: Emulator) -> None:
    asset = (await raw(visitor, "/v1/asset", png(), "image/png")).data["id"]
    body = {"image_url": f"https://files.heygen.ai/asset/{asset}"}
    look = (await visitor.post("/v2/talking_photo", body)).data["talking_photo_id"]
    picture: Any = emulator.account.looks[look].picture
    assert picture.path.read_bytes() == png()


async def test_a_key_that_is_none_is_refused(visitor: Visitor) -> None:
    answer = await visitor.post("/v2/photo_avatar/avatar_group/create", {"name": "n", "image_key": "k"})
    assert answer.status == 400
    assert answer.body["error"]["message"] == "k is not the image_key of an upload"


async def test_a_public_group_takes_no_photos(visitor: Visitor, emulator: Emulator) -> None:
    public = next(iter(emulator.account.groups))
    body = {"group_id": public, "image_keys": ["k"], "name": "n"}
    assert (await visitor.post("/v2/photo_avatar/avatar_group/add", body)).status == 403


# Files.


@pytest.mark.parametrize(
    ("content", "kind", "status"),
    [
        (MP3, "audio/mpeg", 200),
        (png(), "image/jpeg", 400),
        (b"nothing known", "image/png", 400),
        (b"", "image/png", 400),
        (png(size=10 * 2**20 + 1), "image/png", 413),
    ],
    ids=["a sound", "another kind", "unknown", "empty", "too large"],
)
async def test_a_file_must_be_what_it_says(content: bytes, kind: str, status: int, visitor: Visitor) -> None:
    answer = await raw(visitor, "/v1/asset", content, kind)
    assert answer.status == status
    if status == 200:
        assert (answer.data["file_type"], answer.data["image_key"]) == ("audio", None)
    elif status == 400:
        assert answer.body["code"] == 400543


async def test_a_file_that_is_refused_leaves_nothing(visitor: Visitor, emulator: Emulator) -> None:
    assert emulator._service is not None
    await raw(visitor, "/v1/asset", b"nothing known", "image/png")
    assert list(emulator._service.folders.uploads.iterdir()) == []


# Real portraits, where the emulator draws.


async def test_four_photos_are_drawn(clock: ManualClock) -> None:
    sarah = {
        "name": "Sarah",
        "age": "Senior",
        "gender": "Woman",
        "ethnicity": "Unspecified",
        "orientation": "square",
        "pose": "close_up",
        "style": "Realistic",
        "appearance": "A hat",
    }
    async with another(clock, synthetic=None) as (emulator, visitor):
        made = (await visitor.post("/v2/photo_avatar/photo/generate", sarah)).data["generation_id"]
        await emulator.idle()
        await clock.advance(62)
        photos = (await visitor.get(f"/v2/photo_avatar/generation/{made}")).data
        assert photos["status"] == "success"
        assert len(set(photos["image_key_list"])) == 4
        drawn = [(await visitor.fetch(link)).raw for link in photos["image_url_list"]]
        assert len(set(drawn)) == 4
        assert all(photo.startswith(b"\x89PNG") for photo in drawn)
        assert len(emulator.account.assets) == 4


# After the sunset.

PATHS = [("GET", "/v2/avatars"), ("GET", "/v1/voice.list"), ("POST", "/v2/video/generate"), ("GET", "/v1/never/was")]


@pytest.mark.parametrize(("method", "path"), PATHS)
async def test_what_is_gone_answers_410_with_the_warning(method: str, path: str, clock: ManualClock) -> None:
    async with another(clock, legacy="gone") as (_, visitor):
        answer = await visitor.send(method, path)
        assert (answer.status, list(answer.body), answer.headers["sunset"]) == (410, ["warning"], SUNSET)
        assert (await visitor.get("/v3/voices")).status == 200


@pytest.mark.parametrize(("method", "path"), PATHS)
async def test_what_is_missing_answers_404(method: str, path: str, clock: ManualClock) -> None:
    async with another(clock, legacy="missing") as (_, visitor):
        assert (await visitor.send(method, path)).status == 404


async def test_there_are_three_ways_to_be() -> None:
    with pytest.raises(ValueError, match="legacy"):
        Emulator(legacy="closed")  # type: ignore[arg-type]  # what a user may write


async def test_a_fault_reaches_a_legacy_path_too(visitor: Visitor, emulator: Emulator) -> None:
    emulator.faults.add(Fault(Refuse(503, "service_unavailable", "busy"), path="/v2/avatars"))
    assert (await visitor.get("/v2/avatars")).status == 503
