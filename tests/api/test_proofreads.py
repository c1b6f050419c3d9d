"""Proofreads, through the client against the emulator."""

import asyncio
from pathlib import Path

import pytest
from runs import arrived, places
from tidy import no_task_left

from heygen_async import (
    Conflict,
    HeyGen,
    Job,
    JobFailed,
    JobGone,
    LocalFile,
    ManualClock,
    NotFound,
    RequestInvalid,
    Url,
)
from heygen_async.api.proofreads import CreateProofread, ProofreadSrt
from heygen_async.emulator import Emulator, FailRender, Fault, Hang

pytestmark = pytest.mark.anyio

TALK = Url("https://example.com/talk.mp4")
GERMAN = "Dieses Video spricht jetzt Deutsch."


async def create(heygen: HeyGen, *languages: str) -> list[Job[ProofreadSrt]]:
    return await heygen.video_translations.proofreads.create(video=TALK, output_languages=languages, title="Talk")


async def test_the_words_are_brought_corrected_and_spoken(heygen: HeyGen, clock: ManualClock, tmp_path: Path) -> None:
    proofreads = heygen.video_translations.proofreads
    (job,) = await create(heygen, "German")
    path = await clock.drive(job.download(tmp_path))
    assert path.name == f"{job.id}.srt"
    words = path.read_text("utf-8")
    assert GERMAN in words
    path.write_text(words.replace(GERMAN, "Guten Tag!"), "utf-8")
    assert (await proofreads.srt.update(job.id, srt=LocalFile(path))).status == "completed"
    translation = await proofreads.generate(job.id, callback_id="mine")
    made = await clock.drive(translation.wait())
    assert (made.title, made.output_language, made.callback_id) == ("Talk", "German", "mine")
    subtitles = tmp_path / "talk.srt"
    await heygen._desk.subtitles(translation, subtitles)
    assert "Guten Tag!" in subtitles.read_text("utf-8")


async def test_a_proofread_ends_as_its_words_and_takes_no_slot(heygen: HeyGen, clock: ManualClock) -> None:
    jobs = await create(heygen, "German", "French")
    assert places(heygen)[0] == 0
    assert [repr(job) for job in jobs] == [f"<Job proofread {job.id} waiting>" for job in jobs]
    made = await clock.drive(asyncio.gather(*jobs))
    assert all("/files/srt/" in words.srt_url and words.original_srt_url for words in made)
    assert "Signature" not in repr(made[0])
    assert (await heygen.video_translations.proofreads.get(jobs[1].id)).output_language == "French"


async def test_proofreads_are_read_listed_and_deleted(heygen: HeyGen, clock: ManualClock) -> None:
    proofreads = heygen.video_translations.proofreads
    jobs = await create(heygen, "German", "French", "Italian")
    assert (await proofreads.get(jobs[0].id)).status == "processing"
    await clock.drive(asyncio.gather(*jobs))
    assert [one.output_language async for one in proofreads.list(limit=2)] == ["Italian", "French", "German"]
    assert (await proofreads.delete(jobs[0].id)).id == jobs[0].id
    with pytest.raises(NotFound):
        await proofreads.delete(jobs[0].id)
    with pytest.raises(JobGone):
        await clock.drive(proofreads.job(jobs[0].id).wait())


async def test_words_that_are_not_there_yet_are_no_words(heygen: HeyGen, clock: ManualClock) -> None:
    proofreads = heygen.video_translations.proofreads
    (job,) = await create(heygen, "German")
    for call in (proofreads.srt.get(job.id), proofreads.generate(job.id)):
        with pytest.raises(Conflict, match="still being processed"):
            await clock.drive(call)


async def test_a_proofread_that_fails_says_why(heygen: HeyGen, emulator: Emulator, clock: ManualClock) -> None:
    emulator.faults.add(Fault(FailRender(message="Nobody speaks"), path="/v3/video-translations/proofreads", times=1))
    (job,) = await create(heygen, "German")
    with pytest.raises(JobFailed, match="Nobody speaks"):
        await clock.drive(job.wait())


async def test_a_proofread_is_picked_up_by_its_id_after_its_end(heygen: HeyGen, clock: ManualClock) -> None:
    (job,) = await create(heygen, "German")
    await clock.drive(job.wait())
    again = heygen.video_translations.proofreads.job(job.id)
    assert "/files/srt/" in (await again).srt_url
    assert repr(again) == f"<Job proofread srt {job.id} completed>"


async def test_calls_at_once_make_what_each_asked_for(heygen: HeyGen, clock: ManualClock) -> None:
    jobs = await asyncio.gather(create(heygen, "German"), create(heygen, "French", "Greek"))
    assert [len(made) for made in jobs] == [1, 2]
    await clock.drive(asyncio.gather(*jobs[0], *jobs[1]))
    assert places(heygen) == (0, 0, 0, 0)


@pytest.mark.parametrize("path", ["/v3/video-translations/proofreads", "/v3/video-translations/proofreads/*"])
async def test_a_wait_that_is_cancelled_leaves_nothing(heygen: HeyGen, emulator: Emulator, path: str) -> None:
    emulator.faults.add(Fault(Hang(), path=path, times=1))

    async def whole() -> None:
        await asyncio.gather(*await create(heygen, "German"))
        await heygen.video_translations.proofreads.job("any")

    async with no_task_left():
        calling = asyncio.ensure_future(
            heygen.video_translations.proofreads.job("any").wait() if "*" in path else whole()
        )
        await arrived(emulator)
        calling.cancel()
        with pytest.raises(asyncio.CancelledError):
            await calling
        await heygen.aclose()
    assert places(heygen) == (0, 0, 0, 0)


def test_a_proofread_has_a_title() -> None:
    with pytest.raises(RequestInvalid, match="title: must not be empty"):
        CreateProofread(video=TALK, output_languages=["German"], title="")
