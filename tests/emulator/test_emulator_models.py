"""HeyGen's own models: voices and their speech, pictures of a person, scenes from a prompt."""

from io import BytesIO
from typing import Any

import av
import pytest
from PIL import Image
from visitor import MP3, PNG, Visitor, another, upload

from heygen_async.emulator import Emulator, FailRender, Fault, NoLink

pytestmark = pytest.mark.anyio

SOUND = {"type": "url", "url": "https://example.com/voice.mp3"}
PICTURE = {"type": "url", "url": "https://example.com/person.jpg"}
CLIP = {"type": "url", "url": "https://example.com/walk.mp4"}
INSTANT = {"mode": "instant", "name": "Sarah", "audio": [SOUND]}
PROFESSIONAL = {"mode": "professional", "name": "Tom", "audio": [SOUND, SOUND], "language": "de"}
SCENE = {"mode": "text_to_video", "model": "heygen-video-1", "prompt": "A beach at dusk"}
PORTRAITS = {"model": "heygen-image-1", "identity_images": [PICTURE], "reference_images": [PICTURE]}


# Voices.


async def voice(visitor: Visitor, body: Any = INSTANT, **fields: Any) -> str:
    answer = await visitor.post("/v3/models/audio/voices", body | fields)
    assert answer.status == 202
    voice_id: str = answer.data["voice_id"]
    return voice_id


async def test_a_voice_is_pending_and_then_active(visitor: Visitor) -> None:
    voice_id = await voice(visitor, gender="female")
    path = f"/v3/models/audio/voices/{voice_id}"
    one = (await visitor.get(path)).data
    assert (one["name"], one["mode"], one["status"], "failure_reason" in one) == ("Sarah", "instant", "PENDING", False)
    body = {"voice_id": voice_id, "text": "Hi"}
    assert (await visitor.post("/v3/models/audio/tts", body)).refusal == (400, "voice_unavailable", None)
    await visitor.clock.advance(62)
    assert (await visitor.get(path)).data["status"] == "ACTIVE"
    assert (await visitor.post("/v3/models/audio/tts", body)).status == 200


async def test_a_training_that_fails_says_why(visitor: Visitor, emulator: Emulator) -> None:
    emulator.faults.add(Fault(FailRender(), path="/v3/models/audio/voices"))
    voice_id = await voice(visitor, PROFESSIONAL)
    await visitor.clock.advance(62)
    one = (await visitor.get(f"/v3/models/audio/voices/{voice_id}")).data
    assert (one["status"], one["failure_reason"]) == ("FAILED", "TRAINING_FAILED")


async def test_voices_are_listed_the_newest_first_in_pages(visitor: Visitor) -> None:
    made = [await voice(visitor, name=f"Voice {at}") for at in range(3)]
    first = (await visitor.get("/v3/models/audio/voices", limit=2)).body
    rest = (await visitor.get("/v3/models/audio/voices", token=first["next_token"])).body
    assert [one["voice_id"] for one in (*first["data"], *rest["data"])] == made[::-1]


async def test_a_second_deletion_is_answered_like_the_first(visitor: Visitor) -> None:
    voice_id = await voice(visitor)
    path = f"/v3/models/audio/voices/{voice_id}"
    assert (await visitor.delete(path)).data == {"status": "ok"}
    assert (await visitor.delete(path)).refusal == (404, "voice_not_found", None)
    assert (await visitor.get(path)).refusal == (404, "voice_not_found", None)
    assert (await visitor.get("/v3/models/audio/voices")).data == []
    assert (await visitor.delete("/v3/models/audio/voices/none")).refusal == (404, "voice_not_found", None)


async def test_a_professional_voice_is_deleted_or_trained_anew_after_its_training(visitor: Visitor) -> None:
    voice_id = await voice(visitor, PROFESSIONAL)
    path, again = f"/v3/models/audio/voices/{voice_id}", PROFESSIONAL | {"voice_id": voice_id}
    assert (await visitor.delete(path)).refusal == (409, "resource_not_ready", None)
    assert (await visitor.post("/v3/models/audio/voices", again)).refusal == (409, "resource_not_ready", None)
    await visitor.clock.advance(62)
    assert await voice(visitor, again, name="Another") == voice_id
    one = (await visitor.get(path)).data
    assert (one["name"], one["status"]) == ("Tom", "PENDING")
    await visitor.clock.advance(62)
    assert (await visitor.get(path)).data["status"] == "ACTIVE"


async def test_an_instant_voice_is_not_trained_anew(visitor: Visitor) -> None:
    body = PROFESSIONAL | {"voice_id": await voice(visitor)}
    assert (await visitor.post("/v3/models/audio/voices", body)).refusal == (400, "invalid_parameter", "voice_id")
    body = PROFESSIONAL | {"voice_id": "none"}
    assert (await visitor.post("/v3/models/audio/voices", body)).refusal == (404, "voice_not_found", None)


async def test_a_voice_is_made_of_sounds(visitor: Visitor) -> None:
    picture, sound = [(await upload(visitor, content)).data["asset_id"] for content in (PNG, MP3)]
    body = PROFESSIONAL | {"audio": [{"type": "asset_id", "asset_id": asset} for asset in (sound, picture)]}
    assert (await visitor.post("/v3/models/audio/voices", body)).refusal == (400, "invalid_parameter", "audio.1")


# Speech.


@pytest.mark.parametrize(
    ("body", "field"),
    [
        (INSTANT, {"seed": 1}),
        (INSTANT, {"speed": 1.2}),
        (INSTANT, {"pitch_shift": 1.0}),
        (INSTANT, {"pitch_variance": 1.0}),
        (PROFESSIONAL, {"expressiveness_boost": 0.5}),
        (PROFESSIONAL, {"model": "heygen-voice-2"}),
    ],
)
async def test_each_mode_has_controls_of_its_own(visitor: Visitor, body: Any, field: dict[str, Any]) -> None:
    voice_id = await voice(visitor, body)
    await visitor.clock.advance(62)
    answer = await visitor.post("/v3/models/audio/tts", {"voice_id": voice_id, "text": "Hi"} | field)
    assert answer.refusal == (400, "invalid_parameter", next(iter(field)))


async def test_speech_costs_by_the_character(visitor: Visitor, emulator: Emulator) -> None:
    voice_id = await voice(visitor)
    await visitor.clock.advance(62)
    await visitor.post("/v3/models/audio/tts", {"voice_id": voice_id, "text": "x" * 10_000})
    assert [entry.amount for entry in emulator.account.wallet.entries] == [pytest.approx(0.15)]
    answer = await visitor.post("/v3/models/audio/tts", {"voice_id": "none", "text": "Hi"})
    assert answer.refusal == (404, "voice_not_found", None)


async def test_speech_is_a_mono_wav_of_44_kilohertz(visitor: Visitor) -> None:
    async with another(visitor.clock, synthetic=None) as (_, real):
        voice_id = await voice(real, PROFESSIONAL)
        await visitor.clock.advance(62)
        body = {"voice_id": voice_id, "text": "Guten Tag!", "speed": 1.2, "pitch_shift": -2}
        speech = (await real.post("/v3/models/audio/tts", body)).data
        sound = await real.fetch(speech["audio_url"])
    with av.open(BytesIO(sound.raw)) as file:
        (track,) = file.streams.audio
        shape = (file.format.name, track.rate, track.channels)
        seconds = sum(frame.samples for frame in file.decode(audio=0)) / 44_100
    assert shape == ("wav", 44_100, 1)
    assert seconds == pytest.approx(speech["duration"], abs=0.01)


# Pictures.


async def test_pictures_come_all_at_once_with_links_and_seeds(visitor: Visitor) -> None:
    body = PORTRAITS | {"num_images": 2, "seed": 7, "aspect_ratio": "4:5"}
    answer = await visitor.post("/v3/models/images", body)
    path = f"/v3/models/images/{answer.data['generation_id']}"
    assert answer.status == 202
    shown = (await visitor.get(path)).data
    assert (shown["status"], shown["images"], shown["num_images"]) == ("pending", [], 2)
    await visitor.clock.advance(62)
    shown = (await visitor.get(path)).data
    assert shown["status"] == "completed"
    assert [(one["seed"], one["width"], one["height"]) for one in shown["images"]] == [(7, 768, 960), (8, 768, 960)]
    files = [await visitor.fetch(one["image_url"]) for one in shown["images"]]
    assert {file.headers["Content-Type"] for file in files} == {"image/png"}


async def test_pictures_are_really_drawn(visitor: Visitor) -> None:
    async with another(visitor.clock, synthetic=None) as (emulator, real):
        made = (await real.post("/v3/models/images", PORTRAITS | {"num_images": 2, "aspect_ratio": "2:3"})).data
        await visitor.clock.advance(62)
        await emulator.idle()
        shown = (await real.get(f"/v3/models/images/{made['generation_id']}")).data
        files = [(await real.fetch(one["image_url"])).raw for one in shown["images"]]
    sizes = {Image.open(BytesIO(file)).size for file in files}
    assert sizes == {(shown["images"][0]["width"], shown["images"][0]["height"])} == {(768, 1152)}
    assert files[0] != files[1]


async def test_pictures_that_fail_or_are_unknown(visitor: Visitor, emulator: Emulator) -> None:
    emulator.faults.add(Fault(FailRender("x", "No face"), path="/v3/models/images"))
    made = (await visitor.post("/v3/models/images", PORTRAITS)).data
    await visitor.clock.advance(62)
    shown = (await visitor.get(f"/v3/models/images/{made['generation_id']}")).data
    assert (shown["status"], shown["failure_code"], shown["failure_message"]) == (
        "failed",
        "generation_failed",
        "No face",
    )
    assert (await visitor.get("/v3/models/images/none")).refusal == (404, "resource_not_found", None)
    answer = await visitor.post("/v3/models/images", PORTRAITS | {"mode": "dream"})
    assert answer.refusal == (400, "invalid_parameter", "mode")


# Scenes.


@pytest.mark.parametrize(
    ("body", "size"),
    [
        (SCENE, (1366, 768)),
        (SCENE | {"resolution": "480p", "aspect_ratio": "21:9"}, (1120, 480)),
        (SCENE | {"resolution": "2k", "aspect_ratio": "9:16"}, (1440, 2560)),
        (SCENE | {"mode": "image_to_video", "image": PICTURE}, (1366, 768)),
        (SCENE | {"mode": "reference_to_video", "reference_videos": [CLIP], "reference_audio": [SOUND]}, (1366, 768)),
        (SCENE | {"mode": "reference_to_video", "reference_images": [PICTURE], "aspect_ratio": "1:1"}, (768, 768)),
    ],
)
async def test_a_scene_has_the_size_that_was_asked_for(visitor: Visitor, body: Any, size: tuple[int, int]) -> None:
    answer = await visitor.post("/v3/models/videos", body)
    assert (answer.status, answer.data["status"]) == (202, "pending")
    path = f"/v3/models/videos/{answer.data['video_id']}"
    await visitor.clock.advance(3)
    assert (await visitor.get(path)).data["status"] == "processing"
    await visitor.clock.advance(62)
    shown = (await visitor.get(path)).data
    assert (shown["status"], shown["width"], shown["height"], shown["duration"]) == ("completed", *size, 5)
    assert shown["timings"] == {"inference": pytest.approx(62)}
    assert (await visitor.fetch(shown["video_url"])).headers["Content-Type"] == "video/mp4"


async def test_a_scene_takes_a_slot_and_can_fail(visitor: Visitor, emulator: Emulator) -> None:
    emulator.account.slots.cap = 1
    emulator.faults.add(Fault(FailRender("x", "Too dark"), path="/v3/models/videos"))
    video_id = (await visitor.post("/v3/models/videos", SCENE)).data["video_id"]
    assert (await visitor.post("/v3/models/videos", SCENE)).refusal == (429, "rate_limit_exceeded", None)
    await visitor.clock.advance(62)
    shown = (await visitor.get(f"/v3/models/videos/{video_id}")).data
    assert (shown["status"], shown["failure_code"], "video_url" in shown) == ("failed", "generation_failed", False)
    assert (await visitor.get("/v3/models/videos/none")).refusal == (404, "video_not_found", None)


async def test_a_scene_can_be_late_with_its_link(visitor: Visitor, emulator: Emulator) -> None:
    emulator.faults.add(Fault(NoLink(times=1), path="/v3/models/videos"))
    video_id = (await visitor.post("/v3/models/videos", SCENE)).data["video_id"]
    await visitor.clock.advance(62)
    shown = [(await visitor.get(f"/v3/models/videos/{video_id}")).data for _ in range(2)]
    assert ["video_url" in one for one in shown] == [False, True]


async def test_a_scene_moves_and_sounds_and_follows_its_picture(visitor: Visitor) -> None:
    file = BytesIO()
    Image.new("RGB", (64, 128), "navy").save(file, "PNG")
    async with another(visitor.clock, synthetic=None) as (emulator, real):
        asset = (await upload(real, file.getvalue())).data["asset_id"]
        image = {"type": "asset_id", "asset_id": asset}
        body = SCENE | {"mode": "image_to_video", "image": image, "resolution": "480p", "seed": 3}
        made = (await real.post("/v3/models/videos", body)).data
        await visitor.clock.advance(62)
        await emulator.idle()
        shown = (await real.get(f"/v3/models/videos/{made['video_id']}")).data
        video = await real.fetch(shown["video_url"])
    with av.open(BytesIO(video.raw)) as film:
        frames = list(film.decode(video=0))
        (picture,) = film.streams.video
        size, rate, audible = (picture.width, picture.height), picture.average_rate, bool(film.streams.audio)
    assert size == (shown["width"], shown["height"]) == (480, 960)
    assert rate is not None
    assert len(frames) / rate == 5
    assert audible
    assert shown["seed"] == 3


async def test_a_picture_is_no_ribbon_and_no_text(visitor: Visitor) -> None:
    file = BytesIO()
    Image.new("RGB", (10, 100)).save(file, "PNG")
    async with another(visitor.clock, synthetic=None) as (_, real):
        for content in (file.getvalue(), PNG):
            asset = (await upload(real, content)).data["asset_id"]
            body = SCENE | {"mode": "image_to_video", "image": {"type": "asset_id", "asset_id": asset}}
            answer = await real.post("/v3/models/videos", body)
            assert answer.refusal == (400, "invalid_parameter", "image")


async def test_references_are_of_their_kind(visitor: Visitor) -> None:
    picture = {"type": "asset_id", "asset_id": (await upload(visitor, PNG)).data["asset_id"]}
    for name in ("reference_videos", "reference_audio"):
        body = SCENE | {"mode": "reference_to_video", name: [picture]}
        assert (await visitor.post("/v3/models/videos", body)).refusal == (400, "invalid_parameter", f"{name}.0")
