"""A job of several files: where they go, under which names, and what is left when something stops it."""

import asyncio
from io import BytesIO
from pathlib import Path
from typing import Any

import attrs
import pytest
from callers import until
from films import names
from runs import video
from tidy import no_task_left

from heygen_async import HeyGen, ManualClock
from heygen_async.api.ai_clipping import Clip, Clipping, ClippingSettings
from heygen_async.api.background_removals import BackgroundRemoval
from heygen_async.api.media import Url
from heygen_async.api.videos import AvatarVideo, Caption
from heygen_async.emulator import Emulator
from heygen_async.emulator.faults import Cut, Expired, Fault
from heygen_async.errors import DownloadFailed, TargetExists
from heygen_async.job import Completed, Job

pytestmark = pytest.mark.anyio

TALK = Url("https://example.com/talk.mp4")


async def clipped(heygen: HeyGen, clock: ManualClock, *lengths: Any) -> Job[Clipping]:
    job = await heygen.ai_clipping.create(
        video=TALK, output_settings=ClippingSettings(duration_types=lengths or ("30", "60"))
    )
    await clock.drive(job.wait())
    return job


async def removed(heygen: HeyGen, clock: ManualClock, **fields: Any) -> Job[BackgroundRemoval]:
    job = await heygen.background_removals.create(video=TALK, **fields)
    await clock.drive(job.wait())
    return job


async def test_several_files_go_into_a_folder(heygen: HeyGen, clock: ManualClock, tmp_path: Path) -> None:
    job = await clipped(heygen, clock)
    for folder in (f"{tmp_path}/one/", tmp_path / "two"):
        assert await job.download(folder) == Path(folder)
        assert names(Path(folder)) == ["Highlight 1.mp4", "Highlight 2.mp4"]
        assert {path.stat().st_size for path in Path(folder).iterdir()} == {3000}


async def test_several_files_do_not_fit_into_one(heygen: HeyGen, clock: ManualClock, tmp_path: Path) -> None:
    job = await clipped(heygen, clock)
    for target in (tmp_path / "clips.mp4", BytesIO()):
        with pytest.raises(DownloadFailed, match=r'has 2 files: download it into a folder \("clips/"\)') as caught:
            await job.download(target)
        assert caught.value.job is job
    assert names(tmp_path) == []


async def test_the_only_clip_goes_to_a_path_too(heygen: HeyGen, clock: ManualClock, tmp_path: Path) -> None:
    job = await clipped(heygen, clock, "30")
    assert await job.download(tmp_path / "clip.mp4") == tmp_path / "clip.mp4"
    await job.download(f"{tmp_path}/")
    assert names(tmp_path) == ["Highlight 1.mp4", "clip.mp4"]


async def test_layers_go_into_a_folder_and_the_foreground_to_a_path(
    heygen: HeyGen, clock: ManualClock, tmp_path: Path
) -> None:
    job = await removed(heygen, clock)
    assert await job.download(tmp_path / "person.webm") == tmp_path / "person.webm"
    await job.download(f"{tmp_path}/layers/")
    assert names(tmp_path / "layers") == ["background.mp4", "foreground.webm", "mask.mp4"]
    alone = await removed(heygen, clock, layers=["mask"])
    await alone.download(tmp_path / "mask.mp4")


async def test_nothing_is_brought_when_one_of_them_is_there_already(
    heygen: HeyGen, emulator: Emulator, clock: ManualClock, tmp_path: Path
) -> None:
    job = await clipped(heygen, clock)
    (tmp_path / "Highlight 2.mp4").write_text("mine")
    with pytest.raises(TargetExists) as caught:
        await job.download(tmp_path)
    assert caught.value.path == tmp_path / "Highlight 2.mp4"
    assert names(tmp_path) == ["Highlight 2.mp4"]
    await job.download(tmp_path, overwrite=True)
    assert {path.stat().st_size for path in tmp_path.iterdir()} == {3000}


async def test_clips_of_one_name_are_told_apart_and_clips_without_get_their_ids(
    heygen: HeyGen, clock: ManualClock, tmp_path: Path
) -> None:
    job = await clipped(heygen, clock, "30", "30", "30")
    titles = iter(["Best", "best", None])
    clips = [attrs.evolve(clip, title=next(titles)) for clip in job.result().clips]
    job.state = Completed(attrs.evolve(job.result(), clips=clips))
    await job.download(tmp_path)
    assert names(tmp_path) == sorted(["Best.mp4", "best (2).mp4", f"{clips[2].id}.mp4"])


async def test_each_link_that_has_expired_is_read_anew(
    heygen: HeyGen, emulator: Emulator, clock: ManualClock, tmp_path: Path
) -> None:
    job = await clipped(heygen, clock)
    emulator.faults.add(Fault(Expired(), path="/files/clip-0/*", times=1))
    emulator.faults.add(Fault(Cut(1000), path="/files/clip-1/*", times=1))
    await clock.drive(job.download(tmp_path))
    assert {path.stat().st_size for path in tmp_path.iterdir()} == {3000}


async def test_a_clip_that_is_gone_when_its_link_is_read_anew_is_an_error(
    heygen: HeyGen, emulator: Emulator, clock: ManualClock, tmp_path: Path
) -> None:
    job = await clipped(heygen, clock, "30")
    gone = Clip("gone", "completed", "Gone", job.result().clips[0].video_url)
    job.state = Completed(Clipping(job.id, clips=[gone]))
    emulator.faults.add(Fault(Expired(), path="/files/*"))
    with pytest.raises(DownloadFailed, match="gives no link"):
        await clock.drive(job.download(tmp_path))
    assert names(tmp_path) == []


async def test_a_completed_job_without_any_file_says_so(heygen: HeyGen, tmp_path: Path) -> None:
    job = heygen.ai_clipping.job("c1")
    job.state = Completed(Clipping("c1", "completed", clips=[Clip("a", "failed")]))
    with pytest.raises(DownloadFailed, match="gives no link to its file"):
        await job.download(tmp_path)
    assert names(tmp_path) == []


async def test_cancelling_leaves_whole_files_only(
    heygen: HeyGen, emulator: Emulator, clock: ManualClock, tmp_path: Path
) -> None:
    job = await clipped(heygen, clock)
    emulator.faults.add(Fault(Cut(1000), path="/files/clip-1/*"))
    async with no_task_left():
        downloading = asyncio.create_task(job.download(tmp_path))
        await until(lambda: len(names(tmp_path)) == 2)  # the second one is cut, and waits for the clock
        assert names(tmp_path)[0].endswith(".part")
        downloading.cancel()
        with pytest.raises(asyncio.CancelledError):
            await downloading
    assert names(tmp_path) == ["Highlight 1.mp4"]
    assert (tmp_path / "Highlight 1.mp4").stat().st_size == 3000
    emulator.faults.clear()
    await job.download(tmp_path, overwrite=True)
    assert names(tmp_path) == ["Highlight 1.mp4", "Highlight 2.mp4"]


async def test_two_download_the_same_job_at_once(heygen: HeyGen, clock: ManualClock, tmp_path: Path) -> None:
    job = await clipped(heygen, clock)
    await asyncio.gather(job.download(tmp_path / "one"), job.download(tmp_path / "two"))
    for folder in ("one", "two"):
        assert names(tmp_path / folder) == ["Highlight 1.mp4", "Highlight 2.mp4"]


async def test_a_single_file_goes_into_a_file_object(heygen: HeyGen, clock: ManualClock) -> None:
    job, file = await clipped(heygen, clock, "30"), BytesIO()
    await job.download(file)
    assert len(file.getvalue()) == 3000


async def test_subtitles_are_brought_where_there_are_any(heygen: HeyGen, clock: ManualClock, tmp_path: Path) -> None:
    for caption, name in ((Caption(), "with.srt"), (None, "without.srt")):
        video = AvatarVideo(avatar_id="Anna_public_3_20240108", script="Hello!", caption=caption)
        job = await heygen.videos.create(video)
        await clock.drive(job.wait())
        await heygen._desk.subtitles(job, tmp_path / name)
    assert names(tmp_path) == ["with.srt"]
    assert "Hello!" in (tmp_path / "with.srt").read_text()


async def test_the_file_behind_a_link_is_fetched_whole(heygen: HeyGen, clock: ManualClock, tmp_path: Path) -> None:
    made = await clock.drive(await heygen.videos.create(video()))
    assert made.video_url is not None
    path = await heygen.fetch(made.video_url, tmp_path / "again.mp4")
    assert path.stat().st_size == 3000
    with pytest.raises(TargetExists):
        await heygen.fetch(made.video_url, path)
    assert await heygen.fetch(made.video_url, path, overwrite=True) == path


async def test_a_link_that_works_no_more_says_how_to_get_another(
    emulator: Emulator, heygen: HeyGen, clock: ManualClock, tmp_path: Path
) -> None:
    made = await clock.drive(await heygen.videos.create(video()))
    emulator.faults.add(Fault(Expired(), path="/files/*"))
    with pytest.raises(DownloadFailed, match=r"works no more; read what gave it again") as caught:
        await clock.drive(heygen.fetch(made.video_url or "", tmp_path / "again.mp4"))
    assert "Signature" not in str(caught.value)
    assert list(tmp_path.iterdir()) == []
