"""Voices of the account's own, voices by description, and speech alone."""

from io import BytesIO
from typing import Any

import av
import pytest
from visitor import PNG, Visitor, another, upload

from heygen_async.emulator import Emulator, FailRender, Fault, Stuck

pytestmark = pytest.mark.anyio


# Own voices.

SOUND = {"type": "url", "url": "https://example.com/voice.mp3"}


async def clone(visitor: Visitor, **fields: Any) -> str:
    answer = await visitor.post("/v3/voices/clone", {"voice_name": "Sarah", "audio": SOUND} | fields)
    voice_id: str = answer.data["voice_clone_id"]
    return voice_id


async def test_a_clone_is_made_and_can_speak_then(visitor: Visitor, emulator: Emulator) -> None:
    voice_id = await clone(visitor, language="de")
    voice = (await visitor.get(f"/v3/voices/{voice_id}")).data
    assert (voice["name"], voice["status"], "preview_audio_url" in voice) == ("Sarah", "processing", False)
    assert await visitor.refusal(voice_id=voice_id) == (400, "voice_unavailable", None)
    body = {"voice_id": voice_id, "text": "Hi"}
    assert (await visitor.post("/v3/voices/speech", body)).refusal == (400, "voice_unavailable", None)
    await visitor.clock.advance(62)
    voice = (await visitor.get(f"/v3/voices/{voice_id}")).data
    assert (voice["status"], voice["created_at"]) == ("complete", emulator.account.voices[voice_id].created_at)
    assert await visitor.create(voice_id=voice_id)
    assert (await visitor.post("/v3/voices/speech", body)).status == 200


async def test_own_voices_are_listed_apart_from_public_ones(visitor: Visitor) -> None:
    voice_id = await clone(visitor)
    (own,) = (await visitor.get("/v3/voices", type="private")).data
    assert (own["voice_id"], own["type"]) == (voice_id, "private")
    assert voice_id not in {voice["voice_id"] for voice in (await visitor.get("/v3/voices", limit=100)).data}


async def test_a_clone_can_fail(visitor: Visitor, emulator: Emulator) -> None:
    emulator.faults.add(Fault(FailRender("INVALID_AUDIO", "Nothing is heard"), path="/v3/voices/clone"))
    voice_id = await clone(visitor)
    await visitor.clock.advance(62)
    voice = (await visitor.get(f"/v3/voices/{voice_id}")).data
    assert (voice["status"], voice["failure_message"]) == ("failed", "Nothing is heard")


async def test_a_clone_is_made_of_a_sound(visitor: Visitor) -> None:
    asset = (await upload(visitor, PNG)).data["asset_id"]
    body = {"voice_name": "Sarah", "audio": {"type": "asset_id", "asset_id": asset}}
    assert (await visitor.post("/v3/voices/clone", body)).refusal == (400, "invalid_parameter", "audio")


async def test_only_own_voices_are_deleted_and_only_once(visitor: Visitor) -> None:
    voice_id = await clone(visitor)
    assert (await visitor.delete(f"/v3/voices/{voice_id}")).data == {"voice_id": voice_id}
    assert (await visitor.delete(f"/v3/voices/{voice_id}")).refusal == (404, "voice_not_found", None)
    public = (await visitor.get("/v3/voices")).data[0]["voice_id"]
    assert (await visitor.delete(f"/v3/voices/{public}")).refusal == (403, "forbidden", None)


# Voices by description.


async def test_a_description_finds_three_voices_and_the_next_seed_others(visitor: Visitor) -> None:
    async def found(**fields: Any) -> list[Any]:
        answer = (await visitor.post("/v3/voices", {"prompt": "a calm narrator"} | fields)).data
        assert answer["seed"] == fields.get("seed", 0)
        return [voice["voice_id"] for voice in answer["voices"]]

    first, second = await found(), await found(seed=1)
    assert (len(first), len(second), set(first) & set(second)) == (3, 3, set())
    assert await found() == first
    assert await found(seed=9) == []
    assert await found(seed=-1) == []


@pytest.mark.parametrize(
    ("fields", "names"),
    [
        ({"prompt": "a Spanish man"}, {"Mateo"}),
        ({"prompt": "somebody who speaks Spanish"}, {"Lucía", "Mateo"}),
        ({"prompt": "anybody", "gender": "female", "locale": "de-AT"}, {"Hannah"}),
    ],
)
async def test_a_description_says_who_it_is(visitor: Visitor, fields: Any, names: set[str]) -> None:
    assert {voice["name"] for voice in (await visitor.post("/v3/voices", fields)).data["voices"]} == names


# Speech.


async def starfish(visitor: Visitor) -> str:
    voice_id: str = (await visitor.get("/v3/voices", engine="starfish", language="en-US")).data[0]["voice_id"]
    return voice_id


async def test_speech_is_answered_when_it_is_there(visitor: Visitor, emulator: Emulator) -> None:
    text = "One two three."
    speech = (await visitor.post("/v3/voices/speech", {"voice_id": await starfish(visitor), "text": text})).data
    assert [word["word"] for word in speech["word_timestamps"]] == ["One", "two", "three."]
    sound = await visitor.fetch(speech["audio_url"])
    assert (sound.status, sound.headers["Content-Type"]) == (200, "audio/mpeg")
    (entry,) = emulator.account.wallet.entries
    assert entry.amount == pytest.approx(0.000667 * speech["duration"], abs=1e-5)


async def test_only_voices_of_the_right_engine_speak_alone(visitor: Visitor) -> None:
    voice_id = (await visitor.get("/v3/voices", engine="fish")).data[0]["voice_id"]
    answer = await visitor.post("/v3/voices/speech", {"voice_id": voice_id, "text": "Hi"})
    assert answer.refusal == (400, "invalid_parameter", "voice_id")
    answer = await visitor.post("/v3/voices/speech", {"voice_id": "nobody", "text": "Hi"})
    assert answer.refusal == (404, "voice_not_found", None)


async def test_speech_that_cannot_be_paid_or_made(visitor: Visitor, emulator: Emulator) -> None:
    body = {"voice_id": await starfish(visitor), "text": "Hi"}
    emulator.faults.add(Fault(FailRender("x", "Too loud"), path="/v3/voices/speech"))
    assert (await visitor.post("/v3/voices/speech", body)).refusal == (502, "voice_provider_error", None)
    emulator.faults.clear()
    emulator.faults.add(Fault(Stuck(), path="/v3/voices/speech"))
    assert (await visitor.post("/v3/voices/speech", body)).refusal == (504, "gateway_timeout", None)
    emulator.account.wallet.balance = 0.0
    assert (await visitor.post("/v3/voices/speech", body)).refusal == (402, "insufficient_credit", None)


async def test_speech_is_a_real_sound_with_the_times_of_its_words(visitor: Visitor) -> None:
    async with another(visitor.clock, synthetic=None) as (_, real):
        voice_id = await starfish(real)
        body = {"voice_id": voice_id, "text": 'One <break time="1s"/> two.', "input_type": "ssml", "speed": 2}
        speech = (await real.post("/v3/voices/speech", body)).data
        sound = await real.fetch(speech["audio_url"])
    with av.open(BytesIO(sound.raw)) as file:
        seconds = sum(frame.samples for frame in file.decode(audio=0)) / 44_100
    assert seconds == pytest.approx(speech["duration"], abs=0.1)
    one, two = speech["word_timestamps"]
    assert (one["word"], two["word"]) == ("One", "two.")
    assert one["end"] <= two["start"] - 0.8
    assert two["end"] <= speech["duration"]
