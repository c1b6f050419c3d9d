import asyncio
from collections.abc import Callable

import pytest
from tidy import no_task_left

from heygen_async import HeyGen, JobFailed, ManualClock, NotFound
from heygen_async.api.media import Asset, Url
from heygen_async.api.voices import (
    CloneVoice,
    CreateSpeech,
    DeleteVoice,
    DesignVoices,
    GetVoice,
    ListVoices,
    Speech,
    Voice,
    VoiceDetail,
    WordTimestamp,
)
from heygen_async.codec import decode, encode
from heygen_async.emulator import Emulator, FailRender, Fault
from heygen_async.errors import RequestInvalid

pytestmark = pytest.mark.anyio


def test_a_voice_is_read_alone_and_in_a_list() -> None:
    alone = b'{"data": {"voice_id": "v", "status": "complete"}}'
    assert decode(GetVoice("v"), 200, {}, alone) == VoiceDetail("v", status="complete")
    listed = b'{"data": [{"voice_id": "v", "language": "English", "support_pause": true}]}'
    page = decode(ListVoices(), 200, {}, listed)
    assert list(page.items) == [Voice("v", language="English", support_pause=True)]


def test_voices_are_chosen_by_kind_language_and_gender() -> None:
    query = encode(ListVoices(type="private", language="English", gender="female", engine="starfish", limit=100)).query
    assert query == (
        ("type", "private"),
        ("engine", "starfish"),
        ("language", "English"),
        ("gender", "female"),
        ("limit", "100"),
    )


def test_a_page_of_voices_has_up_to_a_hundred() -> None:
    with pytest.raises(RequestInvalid, match="limit: is 0; it must lie between 1 and 100"):
        ListVoices(limit=0)


# By description, cloned, and heard alone.


def test_a_voice_is_described_cloned_and_heard_as_heygen_wants_it() -> None:
    design = encode(DesignVoices(prompt="a calm narrator", gender="female", locale="en-GB", seed=1))
    assert (design.path, design.body) == (
        "/v3/voices",
        {"prompt": "a calm narrator", "gender": "female", "locale": "en-GB", "seed": 1},
    )
    clone = encode(CloneVoice(voice_name="Sarah", audio=Asset("x"), remove_background_noise=False))
    assert (clone.path, clone.body) == (
        "/v3/voices/clone",
        {
            "voice_name": "Sarah",
            "audio": {"type": "asset_id", "asset_id": "x"},
            "remove_background_noise": False,
        },
    )
    speech = encode(CreateSpeech(voice_id="v", text="Hi", input_type="ssml", speed=1.1))
    assert (speech.path, speech.body) == (
        "/v3/voices/speech",
        {"voice_id": "v", "text": "Hi", "input_type": "ssml", "speed": 1.1},
    )


def test_speech_is_read_with_the_times_of_its_words() -> None:
    body = b"""{"data": {"audio_url": "https://a/b.mp3", "duration": 1.5, "request_id": "r",
        "word_timestamps": [{"word": "Hi", "start": 0.1, "end": 0.4}]}}"""
    speech = decode(CreateSpeech(voice_id="v", text="Hi"), 200, {}, body)
    assert speech == Speech("https://a/b.mp3", 1.5, (WordTimestamp("Hi", 0.1, 0.4),), "r")
    bare = decode(CreateSpeech(voice_id="v", text="Hi"), 200, {}, b'{"data": {"word_timestamps": null}}')
    assert bare == Speech()


def test_a_signed_link_does_not_show() -> None:
    assert "secret" not in repr(Speech("https://a/b.mp3?Signature=secret"))


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (lambda: CreateSpeech(voice_id="v", text="x" * 5001), "text: has 5,001 characters; at most 5,000 are allowed"),
        (lambda: CreateSpeech(voice_id="v", text=""), "text: must not be empty"),
        (lambda: DesignVoices(prompt=" "), "prompt: must not be empty"),
        (lambda: CloneVoice(voice_name="", audio=Asset("x")), "voice_name: must not be empty"),
    ],
)
def test_what_is_said_and_wished_for_has_bounds(make: Callable[[], object], reason: str) -> None:
    with pytest.raises(RequestInvalid, match=reason):
        make()


def test_finding_voices_may_be_repeated_and_speaking_may_not() -> None:
    assert [cls.endpoint.repeatable for cls in (DesignVoices, CreateSpeech, CloneVoice)] == [True, False, False]
    assert all(cls.endpoint.deprecated for cls in (DesignVoices, CreateSpeech, CloneVoice, DeleteVoice, GetVoice))


async def test_a_clone_is_a_job_that_ends_when_the_voice_can_speak(
    heygen: HeyGen, emulator: Emulator, clock: ManualClock
) -> None:
    job = await heygen.voices.clone(voice_name="Sarah", audio=Url("https://example.com/a.mp3"))
    assert repr(heygen).endswith("renders 0/10, 0 waiting>")
    voice = await clock.drive(job.wait())
    assert (voice.voice_id, voice.status, voice.name) == (job.id, "complete", "Sarah")
    assert clock.now() < 100  # nobody waits for a link that never comes
    assert await clock.drive(heygen.voices.job(job.id).wait()) == voice
    assert (await heygen.voices.delete(job.id)).voice_id == job.id
    with pytest.raises(NotFound):
        await heygen.voices.delete(job.id)


async def test_a_voice_that_was_never_a_clone_is_ready(heygen: HeyGen, clock: ManualClock) -> None:
    public = await heygen.voices.list().first()
    assert public is not None
    assert (await clock.drive(heygen.voices.job(public.voice_id).wait())).status is None


async def test_a_clone_that_fails_says_why(heygen: HeyGen, emulator: Emulator, clock: ManualClock) -> None:
    emulator.faults.add(Fault(FailRender("x", "Nothing is heard"), path="/v3/voices/clone"))
    job = await heygen.voices.clone(voice_name="Sarah", audio=Url("https://example.com/a.mp3"))
    with pytest.raises(JobFailed, match="Nothing is heard"):
        await clock.drive(job.wait())


async def test_ten_texts_are_spoken_at_once_and_one_that_is_cancelled_leaves_nothing(heygen: HeyGen) -> None:
    voice = await heygen.voices.list(engine="starfish").first()
    assert voice is not None
    async with no_task_left():
        said = await asyncio.gather(*(heygen.voices.speech(voice_id=voice.voice_id, text=f"{n}") for n in range(10)))
        assert len({speech.audio_url for speech in said}) == 10
        task = asyncio.ensure_future(heygen.voices.speech(voice_id=voice.voice_id, text="Hi"))
        for _ in range(5):
            await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task


async def test_voices_are_found_by_description(heygen: HeyGen) -> None:
    found = await heygen.voices.create(prompt="a French woman")
    assert [voice.name for voice in found.voices] == ["Camille"]
