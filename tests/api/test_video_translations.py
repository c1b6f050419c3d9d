"""Translations, through the client against the emulator."""

import asyncio
from contextlib import suppress
from pathlib import Path

import pytest
from runs import arrived, places
from tidy import no_task_left

from heygen_async import HeyGen, HeyGenError, Job, JobFailed, ManualClock, NotFound, RequestInvalid, Url
from heygen_async.api.translated import VideoTranslation
from heygen_async.api.video_translations import CreateVideoTranslation, CreateVideoTranslationBatch, StockVoices
from heygen_async.emulator import Emulator, FailRender, Fault, Hang, ResetAfter
from heygen_async.options import Limits, Options

pytestmark = pytest.mark.anyio

TALK = Url("https://example.com/talk.mp4")


def talk(*languages: str, key: str | None = None) -> CreateVideoTranslation:
    return CreateVideoTranslation(video=TALK, output_languages=languages, title="Talk", idempotency_key=key)


async def create(heygen: HeyGen, *languages: str) -> list[Job[VideoTranslation]]:
    return await heygen.video_translations.create(video=TALK, output_languages=languages, title="Talk")


async def test_each_language_is_a_job_of_its_own(heygen: HeyGen, emulator: Emulator, clock: ManualClock) -> None:
    jobs = await create(heygen, "German", "spanish (mexico)")
    assert places(heygen)[0] == 2
    made = await clock.drive(asyncio.gather(*jobs))
    assert [one.id for one in made] == [job.id for job in jobs]
    assert [one.output_language for one in made] == ["German", "Spanish (Mexico)"]
    assert {(one.status, one.title, one.duration) for one in made} == {("completed", "Talk", 5.0)}
    assert places(heygen) == (0, 0, 0, 0)
    assert emulator.log.counts["GET /v3/video-translations/statuses"] > 0
    assert emulator.log.counts["GET /v3/video-translations/{video_translation_id}"] == 2


async def test_the_video_is_brought_and_its_subtitles_lie_beside(
    heygen: HeyGen, clock: ManualClock, tmp_path: Path
) -> None:
    (job,) = await create(heygen, "German")
    path = await clock.drive(job.download(tmp_path))
    assert path.name == "Talk.mp4"
    await heygen._desk.subtitles(job, path.with_suffix(".srt"))
    assert "Dieses Video spricht jetzt Deutsch." in path.with_suffix(".srt").read_text("utf-8")


async def test_of_a_translated_sound_the_sound_is_brought(heygen: HeyGen, clock: ManualClock, tmp_path: Path) -> None:
    (job,) = await heygen.video_translations.create(
        video=TALK, output_languages=["French"], title="Talk", translate_audio_only=True
    )
    path = await clock.drive(job.download(tmp_path))
    assert path.name == "Talk.mp3"
    assert path.read_bytes()[:1] == b"\xff"
    made = await job
    assert (made.translate_audio_only, made.video_url) == (True, None)


async def test_translations_are_read_renamed_listed_and_deleted(heygen: HeyGen, clock: ManualClock) -> None:
    translations = heygen.video_translations
    jobs = await create(heygen, "German", "French", "Italian")
    await clock.drive(asyncio.gather(*jobs))
    assert [one.output_language async for one in translations.list(limit=2)] == ["Italian", "French", "German"]
    assert (await translations.update(jobs[0].id, title="Vortrag")).title == "Vortrag"
    assert (await translations.get(jobs[0].id)).title == "Vortrag"
    statuses = await translations.statuses(video_translation_ids=[jobs[0].id, "nothing"])
    assert [entry.status for entry in statuses.items] == ["completed", "not_found"]
    assert (await translations.delete(jobs[0].id)).id == jobs[0].id
    with pytest.raises(NotFound):
        await translations.delete(jobs[0].id)
    assert "German" in (await translations.languages()).languages


async def test_a_translation_is_picked_up_by_its_id(heygen: HeyGen, clock: ManualClock) -> None:
    (job,) = await create(heygen, "German")
    again = heygen.video_translations.job(job.id)
    assert repr(again) == f"<Job video translation {job.id} waiting>"
    assert (await clock.drive(again.wait())).output_language == "German"


async def test_one_language_may_fail_alone(heygen: HeyGen, emulator: Emulator, clock: ManualClock) -> None:
    emulator.faults.add(Fault(FailRender(message="No speech"), path="/v3/video-translations", times=1))
    jobs = await create(heygen, "German", "French")
    results = await clock.drive(asyncio.gather(*jobs, return_exceptions=True))
    assert isinstance(results[0], JobFailed)
    assert results[0].message == "No speech"
    assert isinstance(results[1], VideoTranslation)


async def test_all_tries_carry_one_key(heygen: HeyGen, emulator: Emulator, clock: ManualClock) -> None:
    emulator.faults.add(Fault(ResetAfter(), path="/v3/video-translations", times=1))
    jobs = await clock.drive(heygen.submit_all(talk("German", "French", key="talk-1")))
    served = emulator.log.requests("POST", "/v3/video-translations")
    assert [one.idempotency_key for one in served] == ["talk-1", "talk-1"]
    assert len(jobs) == len(emulator.account.wallet.entries) == 2


async def test_calls_at_once_wait_for_their_slots(emulator: Emulator, clock: ManualClock) -> None:
    options = Options(limits=Limits(renders=2))
    async with HeyGen(emulator.api_key, base_url=emulator.url, clock=clock, options=options) as heygen:
        calls = [create(heygen, language) for language in ("German", "French", "Italian", "Polish", "Greek")]
        jobs = [job for made in await clock.drive(asyncio.gather(*calls)) for job in made]
        made = await clock.drive(asyncio.gather(*jobs))
        assert [one.output_language for one in made] == ["German", "French", "Italian", "Polish", "Greek"]
        assert places(heygen) == (0, 0, 0, 0)


async def test_a_creation_that_is_cancelled_on_its_way_leaves_nothing(heygen: HeyGen, emulator: Emulator) -> None:
    emulator.faults.add(Fault(Hang(), path="/v3/video-translations", times=1))
    calling = asyncio.ensure_future(create(heygen, "German", "French"))
    await arrived(emulator)
    async with no_task_left():
        calling.cancel()
        with pytest.raises(asyncio.CancelledError):
            await calling
    assert places(heygen) == (0, 0, 0, 0)


async def test_wherever_a_creation_is_cancelled_it_leaves_nothing(heygen: HeyGen, clock: ManualClock) -> None:
    for turns in range(0, 40, 3):
        calling = asyncio.ensure_future(create(heygen, "German", "French"))
        for _ in range(turns):
            await asyncio.sleep(0)
        calling.cancel()
        with suppress(asyncio.CancelledError, HeyGenError):
            await calling
        for made in heygen._desk.watcher.jobs:  # it was too fast for us
            await clock.drive(made.wait())
        assert places(heygen) == (0, 0, 0, 0)


# Many at once.


async def test_a_batch_has_a_job_for_each_language_of_each_video(
    heygen: HeyGen, clock: ManualClock, tmp_path: Path
) -> None:
    batches = heygen.video_translations.batches
    sent = await batches.create(video_translations=[talk("German", "French"), talk("Klingon"), talk("Greek")])
    assert [job.id for job in sent.jobs] == [f"{sent.batch_id}:{at}" for at in range(4)]
    results = await clock.drive(asyncio.gather(*sent.jobs, return_exceptions=True))
    assert [getattr(one, "output_language", None) for one in results] == ["German", "French", None, "Greek"]
    assert isinstance(results[2], JobFailed)
    assert "Klingon is not a language" in (results[2].message or "")
    batch = await batches.get(sent.batch_id, limit=2)
    assert (batch.total_items, batch.status, batch.has_more) == (4, "completed", True)
    again = (await batches.jobs(sent.batch_id))[3]
    assert (await clock.drive(again.download(tmp_path))).name == "Talk.mp4"


def test_a_batch_has_a_hundred_items_at_most() -> None:
    one = talk(*["German"] * 25)
    assert CreateVideoTranslationBatch(video_translations=[one] * 4).total_items == 100
    with pytest.raises(RequestInvalid, match="ask for 101 languages in all; 100 are allowed"):
        CreateVideoTranslationBatch(video_translations=[one] * 4 + [talk("French")])
    with pytest.raises(RequestInvalid, match="video_translations: is required"):
        CreateVideoTranslationBatch(video_translations=None)  # type: ignore[arg-type]  # that is what is tested


def test_a_batch_has_one_key_and_its_items_have_none() -> None:
    with pytest.raises(RequestInvalid, match=r"video_translations\.1\.idempotency_key: belongs on the batch"):
        CreateVideoTranslationBatch(video_translations=[talk("German"), talk("German", key="k")])


def test_words_that_heygen_does_not_know_are_refused_before_anything_is_sent() -> None:
    with pytest.raises(RequestInvalid) as caught:
        CreateVideoTranslation(
            video=TALK,
            output_languages=["German"],
            fps_mode="fast",  # type: ignore[arg-type]  # that is what is tested
            srt_role="both",  # type: ignore[arg-type]  # as above
            stock_voice_config=StockVoices(use_stock_voice=True),
            callback_url="localhost",
        )
    assert [problem.field for problem in caught.value.problems] == ["callback_url", "fps_mode", "srt_role"]
