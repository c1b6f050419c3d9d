import asyncio
from typing import Any

import pytest
from recorder import Recorder
from tidy import no_task_left

from heygen_async import HeyGen, JobFailed, ManualClock, NotFound
from heygen_async.api.media import Asset, Url
from heygen_async.api.model_audio import (
    CreateModelSpeech,
    DeletedModelVoice,
    DeleteModelVoice,
    GetModelVoice,
    InstantVoice,
    ModelVoice,
    ModelVoiceRequest,
    ModelVoices,
    ProfessionalVoice,
)
from heygen_async.codec import decode, encode
from heygen_async.emulator import Emulator, FailRender, Fault
from heygen_async.errors import Conflict, RequestInvalid
from heygen_async.job import Waiting
from heygen_async.wire import WRITER, read_strictly

pytestmark = pytest.mark.anyio

SOUND = Url("https://example.com/a.mp3")
INSTANT = InstantVoice(name="Sarah", audio=[SOUND], similarity="max", age="young")
PROFESSIONAL = ProfessionalVoice(name="Tom", audio=[SOUND, Asset("x")], language="de")


@pytest.mark.parametrize(
    ("request_", "body"),
    [
        (
            INSTANT,
            {
                "mode": "instant",
                "name": "Sarah",
                "audio": [{"type": "url", "url": SOUND.url}],
                "similarity": "max",
                "age": "young",
            },
        ),
        (
            PROFESSIONAL,
            {
                "mode": "professional",
                "name": "Tom",
                "audio": [{"type": "url", "url": SOUND.url}, {"type": "asset_id", "asset_id": "x"}],
                "language": "de",
            },
        ),
    ],
    ids=["instant", "professional"],
)
def test_a_voice_says_of_which_mode_it_is(request_: Any, body: Any) -> None:
    assert WRITER.unstructure(request_) == body
    assert WRITER.unstructure(read_strictly(body, ModelVoiceRequest)) == body
    assert request_.job_id(decode(request_, 202, {}, b'{"data": {"voice_id": "v"}}')) == "v"


@pytest.mark.parametrize(
    ("make", "fields", "reason"),
    [
        (InstantVoice, {"name": "n", "audio": [SOUND, SOUND]}, "audio: has 2 entries; 1 to 1 are allowed"),
        (InstantVoice, {"name": "n", "audio": []}, "audio: has 0 entries; 1 to 1 are allowed"),
        (
            InstantVoice,
            {"name": "n", "audio": [SOUND], "gender": "x"},
            "gender: is 'x'; it must be one of male, female",
        ),
        (ProfessionalVoice, {"audio": [SOUND]}, "name: is needed for a new voice; voice_id trains one anew"),
        (
            CreateModelSpeech,
            {"voice_id": "v", "text": "Hi", "expressiveness_boost": 2},
            "expressiveness_boost: is 2; it must lie between 0 and 1",
        ),
    ],
)
def test_voices_and_speech_have_bounds(make: Any, fields: Any, reason: str) -> None:
    with pytest.raises(RequestInvalid) as caught:
        make(**fields)
    assert [str(problem) for problem in caught.value.problems] == [reason]
    ProfessionalVoice(audio=[SOUND], voice_id="v")


async def test_voices_are_made_with_the_callers_key_read_listed_and_deleted() -> None:
    wire = Recorder([ModelVoice("v"), DeletedModelVoice()])
    voices = ModelVoices(wire)
    job = await voices.create(INSTANT, idempotency_key="k")
    assert repr(job) == "<Job voice v1 waiting>"
    assert await voices.get("v") == ModelVoice("v")
    assert (await voices.delete("v")).status == "ok"
    assert wire.sent == [INSTANT, GetModelVoice("v"), DeleteModelVoice("v")]
    assert wire.keys[0] == "k"


async def test_a_voice_is_a_job_that_ends_when_it_can_speak(heygen: HeyGen, clock: ManualClock) -> None:
    voices = heygen.models.audio.voices
    job = await voices.create(INSTANT)
    states = [state async for state in clock_states(job, clock)]
    assert states[0] == Waiting()
    voice = await job
    assert (voice.status, voice.mode, voice.voice_id) == ("ACTIVE", "instant", job.id)
    assert clock.now() < 100  # nobody waits for a link that never comes
    speech = await heygen.models.audio.tts(voice_id=job.id, text="Hello!")
    assert speech.duration > 0
    assert [one.voice_id async for one in voices.list()] == [job.id]
    assert await clock.drive(voices.job(job.id).wait()) == voice
    await voices.delete(job.id)
    with pytest.raises(NotFound):
        await voices.delete(job.id)
    with pytest.raises(NotFound):
        await voices.get(job.id)


async def clock_states(job: Any, clock: ManualClock) -> Any:
    """The states of a job, while the clock goes on."""
    seen: list[Any] = []

    async def collect() -> None:
        seen.extend([state async for state in job.states()])

    await clock.drive(collect())
    for state in seen:
        yield state


async def test_a_professional_voice_is_not_deleted_while_it_is_trained(heygen: HeyGen, clock: ManualClock) -> None:
    job = await heygen.models.audio.voices.create(ProfessionalVoice(name="Tom", audio=[SOUND]))
    with pytest.raises(Conflict):
        await clock.drive(heygen.models.audio.voices.delete(job.id))


async def test_a_training_that_fails_names_the_reason(heygen: HeyGen, emulator: Emulator, clock: ManualClock) -> None:
    emulator.faults.add(Fault(FailRender(), path="/v3/models/audio/voices"))
    job = await heygen.models.audio.voices.create(INSTANT)
    with pytest.raises(JobFailed) as caught:
        await clock.drive(job.wait())
    assert caught.value.code == "TRAINING_FAILED"


async def test_many_texts_are_spoken_at_once_and_cancelling_leaves_nothing(heygen: HeyGen, clock: ManualClock) -> None:
    job = await heygen.models.audio.voices.create(INSTANT)
    await clock.drive(job.wait())
    tts = heygen.models.audio.tts
    async with no_task_left():
        said = await asyncio.gather(*(tts(voice_id=job.id, text=f"{number}") for number in range(10)))
        assert len({speech.audio_url for speech in said}) == 10
        task = asyncio.ensure_future(heygen.models.audio.voices.create(INSTANT))
        for _ in range(5):
            await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task


def test_speech_goes_out_with_its_controls() -> None:
    request = CreateModelSpeech(voice_id="v", text="Hi", speed=1.2, pitch_shift=-2, seed=1, language="en")
    assert encode(request).body == {
        "voice_id": "v",
        "text": "Hi",
        "speed": 1.2,
        "pitch_shift": -2,
        "seed": 1,
        "language": "en",
    }
    assert not request.endpoint.repeatable
