"""Many rows: each has its outcome and is paid for once, whatever happens to the others."""

import asyncio
from contextlib import aclosing
from itertools import pairwise
from pathlib import Path

import pytest
from heads import written
from runs import PNG, adds_up, client, files, most_at_once, outcomes_of, paid, statuses, until, video, videos
from tidy import no_task_left

from heygen_async import (
    AvatarVideo,
    Caption,
    DownloadFailed,
    HeyGen,
    ImageVideo,
    JobFailed,
    Limits,
    LocalFile,
    ManualClock,
    NotAuthenticated,
    NotFound,
    OutOfCredit,
    RateLimited,
    Retry,
    Row,
    TargetExists,
    VideoRequest,
)
from heygen_async.emulator import Emulator, Expired, FailRender, Fault, Hang, Page, Refuse
from heygen_async.eta import Eta

pytestmark = pytest.mark.anyio


# A run that goes well.


async def test_thirty_rows_become_thirty_files_ten_at_once_each_paid_once(
    wide: Emulator, clock: ManualClock, tmp_path: Path
) -> None:
    async with no_task_left(), client(wide) as heygen:
        run = heygen.bulk(videos(30), into=tmp_path)
        outcomes = await clock.drive(outcomes_of(run))
    assert statuses(outcomes) == {"done": 30}
    assert {outcome.request.title for outcome in outcomes} == {f"Video {at}" for at in range(30)}
    assert files(tmp_path) == {f"Video {at}.mp4": 3000 for at in range(30)}
    assert all(outcome.path == tmp_path / f"{outcome.request.title}.mp4" for outcome in outcomes)
    assert all(outcome.job and outcome.job.done() and outcome.seconds > 0 for outcome in outcomes)
    assert most_at_once(wide) == 10
    assert len(wide.account.videos) == paid(wide) == 30
    keys = [served.idempotency_key for served in wide.log.requests("POST")]
    assert len(keys) == len(set(keys)) == 30
    assert run.jobs == []


async def test_two_hundred_rows_cost_two_hundred_creations_and_one_statuses_request_a_tick(
    wide: Emulator, clock: ManualClock, tmp_path: Path
) -> None:
    """benchmarks/bulk_run.py does so with a thousand."""
    async with client(wide) as heygen:
        outcomes = await clock.drive(outcomes_of(heygen.bulk(videos(200), into=tmp_path)))
        tick = heygen.options.polling.tick
    assert statuses(outcomes) == {"done": 200}
    assert list(files(tmp_path).values()) == [3000] * 200
    assert wide.log.counts["POST /v3/videos"] == paid(wide) == 200
    looks = [*wide.log.requests("GET", "/v3/videos/*"), *wide.log.requests("GET", "/v3/videos")]
    assert wide.log.counts["GET /v3/videos/{video_id}"] == 0, "the list shows what has been made"
    times = sorted({served.at for served in looks})  # a page of the list may show what the statuses say has ended
    assert len(times) <= (times[-1] - times[0]) / tick + 1
    assert all(later - earlier >= tick / 4 for earlier, later in pairwise(times))  # the last ones are looked at in time


async def test_no_input_is_no_trouble(heygen: HeyGen, emulator: Emulator, tmp_path: Path) -> None:
    run = heygen.bulk([], into=tmp_path / "new")
    assert await outcomes_of(run) == []
    assert run.progress.total == 0
    assert list(emulator.log.served) == []


async def test_rows_and_requests_go_together(heygen: HeyGen, clock: ManualClock, tmp_path: Path) -> None:
    row = Row(video("Title"), file="wanted.mp4", line=7)
    rows: list[Row | VideoRequest] = [row, video("Clear", output_format="webm"), video()]
    outcomes = await clock.drive(outcomes_of(heygen.bulk(rows, into=str(tmp_path))))
    lines = {outcome.row.line: outcome for outcome in outcomes}
    assert sorted(lines) == [2, 3, 7]
    assert set(files(tmp_path)) == {"wanted.mp4", "Clear.webm", "video-0003.mp4"}
    assert lines[7].row is row


async def test_a_local_file_is_uploaded_once_for_all_rows(
    heygen: HeyGen, emulator: Emulator, clock: ManualClock, tmp_path: Path
) -> None:
    picture = tmp_path / "face.png"
    picture.write_bytes(PNG)
    request = ImageVideo(image=LocalFile(picture), script="Hello", voice_id="YOUR_VOICE_ID")
    outcomes = await clock.drive(outcomes_of(heygen.bulk([request] * 12, into=tmp_path / "out")))
    assert statuses(outcomes) == {"done": 12}
    assert emulator.log.counts["POST /v3/assets"] == 1
    assert all(outcome.request == request for outcome in outcomes)


# Names and files that are there.


HOSTILE = ["../../etc/passwd", "/etc/passwd", "a/b", "x" * 300, "👋🏽", "CON", "..", "\0", "same", "same", "SAME", " "]


async def test_whatever_a_row_is_called_its_file_lies_in_the_folder(
    heygen: HeyGen, clock: ManualClock, tmp_path: Path
) -> None:
    into = tmp_path / "deep" / "out"
    rows = [Row(video(title[:1000]), file=title) for title in HOSTILE] + [Row(video(title)) for title in HOSTILE]
    outcomes = await clock.drive(outcomes_of(heygen.bulk(rows, into=into)))
    assert statuses(outcomes) == {"done": len(rows)}
    assert len(files(tmp_path)) == len(rows)
    assert {outcome.path for outcome in outcomes} == {tmp_path / name for name in files(tmp_path)}
    assert {outcome.path.parent for outcome in outcomes if outcome.path} == {into}


async def test_a_file_that_is_there_is_kept_and_not_paid_for(
    heygen: HeyGen, emulator: Emulator, clock: ManualClock, tmp_path: Path
) -> None:
    (tmp_path / "Video 1.mp4").write_bytes(b"mine")
    run = heygen.bulk(videos(3), into=tmp_path)
    outcomes = await clock.drive(outcomes_of(run))
    kept = next(outcome for outcome in outcomes if outcome.status == "kept")
    assert (kept.path, kept.job, kept.error, kept.seconds) == (tmp_path / "Video 1.mp4", None, None, 0)
    assert files(tmp_path)["Video 1.mp4"] == 4
    assert paid(emulator) == 2
    assert (run.progress.kept, run.progress.done) == (1, 2)
    again = await clock.drive(outcomes_of(heygen.bulk(videos(3), into=tmp_path)))
    assert statuses(again) == {"kept": 3}
    assert paid(emulator) == 2


async def test_overwriting_makes_it_anew(
    heygen: HeyGen, emulator: Emulator, clock: ManualClock, tmp_path: Path
) -> None:
    (tmp_path / "Video 1.mp4").write_bytes(b"mine")
    outcomes = await clock.drive(outcomes_of(heygen.bulk(videos(3), into=tmp_path, overwrite=True)))
    assert statuses(outcomes) == {"done": 3}
    assert set(files(tmp_path).values()) == {3000}
    assert paid(emulator) == 3


async def test_a_file_that_comes_meanwhile_is_left_alone(heygen: HeyGen, clock: ManualClock, tmp_path: Path) -> None:
    run = heygen.bulk(videos(2), into=tmp_path)
    running = asyncio.create_task(outcomes_of(run))
    await until(clock, lambda: run.progress.rendering == 2)
    (tmp_path / "Video 0.mp4").write_bytes(b"mine")
    outcomes = await clock.drive(running)
    assert statuses(outcomes) == {"done": 1, "failed": 1}
    assert files(tmp_path) == {"Video 0.mp4": 4, "Video 1.mp4": 3000}


@pytest.mark.parametrize("into", ["file", "file/deeper", "\0"])
async def test_a_folder_that_cannot_be_written_is_found_before_anything_is_sent(
    heygen: HeyGen, emulator: Emulator, tmp_path: Path, into: str
) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(DownloadFailed, match="cannot write into"):
        await outcomes_of(heygen.bulk(videos(2), into=tmp_path / into))
    assert list(emulator.log.served) == []


# One row's trouble.


async def test_what_happens_to_one_row_is_nobody_elses_business(
    heygen: HeyGen, emulator: Emulator, clock: ManualClock, tmp_path: Path
) -> None:
    emulator.faults.add(Fault(FailRender("BLOCKED_WORDS_DETECTED", "Not these words"), times=1))
    gone = written(tmp_path / "gone.png")
    lost = ImageVideo(image=gone, script="Hello", voice_id="YOUR_VOICE_ID", title="lost")
    gone.path.unlink()
    rows: list[VideoRequest] = [*videos(11), AvatarVideo(avatar_id="nobody", script="Hello", title="nobody"), lost]
    run = heygen.bulk(rows, into=tmp_path)
    outcomes = await clock.drive(outcomes_of(run))
    assert statuses(outcomes) == {"done": 10, "failed": 3}
    errors = {outcome.request.title: outcome.error for outcome in outcomes if outcome.status == "failed"}
    failed = next(error for error in errors.values() if isinstance(error, JobFailed))
    assert (failed.code, failed.message) == ("BLOCKED_WORDS_DETECTED", "Not these words")
    assert isinstance(errors["nobody"], NotFound)
    assert "gone.png cannot be read" in str(errors["lost"])
    assert all(outcome.path is None for outcome in outcomes if outcome.error)
    assert len(files(tmp_path)) == 10
    assert run.progress.failed == 3


async def test_a_download_that_fails_fails_its_row_only(wide: Emulator, clock: ManualClock, tmp_path: Path) -> None:
    async with client(wide, retry=Retry(attempts=1), limits=Limits(renders=1, downloads=1)) as heygen:
        wide.faults.add(Fault(Page(502), path="/files/*", times=1))
        outcomes = await clock.drive(outcomes_of(heygen.bulk(videos(3), into=tmp_path)))
        assert statuses(outcomes) == {"done": 2, "failed": 1}
        assert isinstance(outcomes[0].error, DownloadFailed)
        assert outcomes[0].job is not None
        assert "renders 0/1" in repr(heygen)
    assert sorted(files(tmp_path).values()) == [3000, 3000]


async def test_a_download_that_hangs_holds_no_render_slot(wide: Emulator, clock: ManualClock, tmp_path: Path) -> None:
    async with client(wide, limits=Limits(renders=1)) as heygen:
        wide.faults.add(Fault(Hang(), path="/files/*", times=1))
        run = heygen.bulk(videos(4), into=tmp_path)
        outcomes = aiter(run)
        async with aclosing(run):
            done = [await clock.drive(anext(outcomes)) for _ in range(3)]
            assert statuses(done) == {"done": 3}
            assert run.progress.downloading == 1
            assert most_at_once(wide) == 1
    assert len(files(tmp_path)) == 3


# Trouble that concerns all rows.


async def test_an_empty_wallet_ends_the_submissions_and_what_is_paid_is_brought(
    wide: Emulator, clock: ManualClock, tmp_path: Path
) -> None:
    async with client(wide, limits=Limits(renders=3, submissions=1)) as heygen:
        await heygen.videos.create(video())
        price = wide.account.wallet.entries[0].amount
        wide.account.wallet.balance = 2.5 * price
        outcomes = await clock.drive(outcomes_of(heygen.bulk(videos(8), into=tmp_path)))
    assert statuses(outcomes) == {"done": 2, "failed": 1, "skipped": 5}
    assert all(isinstance(outcome.error, OutOfCredit) for outcome in outcomes if outcome.status != "done")
    assert wide.log.counts["POST /v3/videos"] == 1 + 3
    assert len(files(tmp_path)) == 2


async def test_a_wrong_key_ends_the_submissions(wide: Emulator, clock: ManualClock, tmp_path: Path) -> None:
    wide.faults.add(Fault(Refuse(401, "unauthorized"), method="POST"))
    async with client(wide, limits=Limits(submissions=1)) as heygen:
        outcomes = await clock.drive(outcomes_of(heygen.bulk(videos(20), into=tmp_path)))
        assert "renders 0/10, 0 waiting" in repr(heygen)
    assert statuses(outcomes) == {"failed": 1, "skipped": 19}
    assert {type(outcome.error) for outcome in outcomes} == {NotAuthenticated}
    assert wide.log.counts["POST /v3/videos"] == 1


async def test_a_key_that_is_revoked_while_videos_render_ends_the_run(
    wide: Emulator, clock: ManualClock, tmp_path: Path
) -> None:
    async with client(wide) as heygen:
        run = heygen.bulk(videos(14), into=tmp_path)
        running = asyncio.create_task(outcomes_of(run))
        await until(clock, lambda: len(run.jobs) == 10)
        wide.faults.add(Fault(Refuse(401, "unauthorized")))
        outcomes = await clock.drive(running)
    failed = [outcome for outcome in outcomes if outcome.status == "failed"]
    assert len(outcomes) == 14
    assert len([outcome for outcome in failed if outcome.job]) == 10
    assert {type(outcome.error) for outcome in outcomes} == {NotAuthenticated}
    assert paid(wide) == 10


# How far it is.


async def test_the_numbers_always_add_up(wide: Emulator, clock: ManualClock, tmp_path: Path) -> None:
    (tmp_path / "Video 3.mp4").touch()
    wide.faults.add(Fault(FailRender(), times=2))
    async with client(wide, limits=Limits(renders=4)) as heygen:
        run = heygen.bulk(videos(12), into=tmp_path)
        before = run.progress
        assert (before.total, before.waiting, before.elapsed, before.remaining) == (12, 12, 0, None)
        assert repr(run).startswith(f"<BulkRun into {tmp_path} Progress(total=12, waiting=12")
        seen = [before]
        running = asyncio.create_task(outcomes_of(run))

        def look() -> bool:
            if run.progress.waiting != seen[-1].waiting or run.progress.rendering != seen[-1].rendering:
                seen.append(run.progress)
            assert adds_up(run.progress)
            return running.done()

        await until(clock, look)
    assert max(progress.rendering for progress in seen) == 4
    assert max(progress.downloading for progress in seen) >= 1
    after = run.progress
    assert (after.done, after.kept, after.failed, after.remaining) == (9, 1, 2, Eta(0.0, 0.0, 0.0))
    assert seen[0].remaining is None
    assert any(progress.remaining for progress in seen)
    assert after.elapsed > 0


async def test_a_name_that_a_folder_or_a_broken_link_has_is_refused_before_anything_is_paid(
    emulator: Emulator, clock: ManualClock, tmp_path: Path
) -> None:
    (tmp_path / "Video 0.mp4").mkdir()
    (tmp_path / "Video 1.mp4").symlink_to(tmp_path / "nowhere")
    for overwrite in (False, True):
        async with client(emulator) as heygen:
            outcomes = await clock.drive(outcomes_of(heygen.bulk(videos(2), into=tmp_path, overwrite=overwrite)))
        assert [type(outcome.error) for outcome in outcomes] == [TargetExists] * 2
    assert paid(emulator) == 0


async def test_a_429_that_outlasts_all_patience_ends_the_submissions(clock: ManualClock, tmp_path: Path) -> None:
    retry = Retry(patience=60)
    async with (
        Emulator(clock=clock, synthetic=3000) as emulator,
        client(emulator, retry=retry, limits=Limits(renders=2)) as heygen,
    ):
        emulator.faults.add(Fault(Refuse(429, "quota_exceeded", retry_after=20), method="POST"))
        outcomes = await clock.drive(outcomes_of(heygen.bulk(videos(9), into=tmp_path)))
        assert statuses(outcomes) == {"failed": 2, "skipped": 7} or statuses(outcomes) == {"failed": 1, "skipped": 8}
        assert all(isinstance(outcome.error, RateLimited) for outcome in outcomes)
        assert emulator.log.counts["POST /v3/videos"] < 12


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no full device")
async def test_a_full_disk_ends_the_submissions_and_the_job_of_what_is_lost_is_known(
    wide: Emulator, clock: ManualClock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(target: Path) -> Path:
        part = target.with_suffix(".part")
        part.symlink_to("/dev/full")
        return part

    monkeypatch.setattr("heygen_async.files.download.part_of", full)
    async with client(wide, limits=Limits(renders=2)) as heygen:
        run = heygen.bulk(videos(12), into=tmp_path)
        outcomes = await clock.drive(outcomes_of(run))
        lost = [outcome.error for outcome in outcomes if outcome.status == "failed"]
        assert lost
        assert all(isinstance(error, DownloadFailed) and "No space left" in str(error) for error in lost)
        assert {error.job.id for error in lost if isinstance(error, DownloadFailed) and error.job} == {
            job.id for job in run.jobs
        }
        assert statuses(outcomes)["skipped"] >= 12 - 6
    assert paid(wide) == len(lost) + statuses(outcomes)["done"]


async def test_subtitles_that_were_asked_for_lie_beside_the_video(
    wide: Emulator, clock: ManualClock, tmp_path: Path
) -> None:
    async with client(wide) as heygen:
        spoken = [video("With", caption=Caption()), video("Without")]
        outcomes = await clock.drive(outcomes_of(heygen.bulk(spoken, into=tmp_path)))
    assert statuses(outcomes) == {"done": 2}
    assert set(files(tmp_path)) == {"With.mp4", "With.srt", "Without.mp4"}
    assert "-->" in (tmp_path / "With.srt").read_text(encoding="utf-8")


async def test_subtitles_that_cannot_be_brought_fail_their_row(
    wide: Emulator, clock: ManualClock, tmp_path: Path
) -> None:
    async with client(wide) as heygen:
        wide.faults.add(Fault(Expired(), path="/files/subtitles/*"))
        outcomes = await clock.drive(outcomes_of(heygen.bulk([video("With", caption=Caption())], into=tmp_path)))
        assert statuses(outcomes) == {"failed": 1}
        assert "the link has expired" in str(outcomes[0].error)
    assert set(files(tmp_path)) == {"With.mp4"}
