"""A run with a journal goes on where the last one ended, however that was, and pays for no row twice."""

import asyncio
from pathlib import Path

import pytest
from crashes import crash
from lives import Life
from runs import PNG, arrived, client, most_at_once, outcomes_of, paid, statuses, talking, until, video, videos

from heygen_async import Caption, DownloadFailed, JobFailed, JobGone, Limits, TargetExists, VideoRequest
from heygen_async.emulator import FailRender, Fault, Hang, Page, Refuse, ResetBefore

pytestmark = pytest.mark.anyio


# Going on.


async def test_a_finished_run_is_repeated_without_asking_for_anything(life: Life) -> None:
    assert statuses(await life.run(videos(12))) == {"done": 12}
    served = len(life.emulator.log.served)
    again = await life.run(videos(12))
    assert statuses(again) == {"kept": 12}
    assert {outcome.path for outcome in again} == {life.into / name for name in life.films}
    assert len(life.emulator.log.served) == served
    assert await life.states() == ["downloaded"] * 12


async def test_what_was_rendering_is_picked_up_by_its_id_and_holds_its_slot(life: Life) -> None:
    limits = Limits(renders=3)
    await life.die(videos(8), lambda: len(life.last.jobs) == 3 and life.last.progress.rendering == 3, limits=limits)
    assert paid(life.emulator) == 3
    outcomes = await life.run(videos(8), limits=limits)
    assert statuses(outcomes) == {"done": 8}
    assert paid(life.emulator) == len(life.creations()) == 8
    assert most_at_once(life.emulator) == 3
    assert life.films == {f"Video {at}.mp4": 3000 for at in range(8)}


async def test_what_was_stopped_is_gone_on_with(life: Life) -> None:
    async with client(life.emulator, limits=Limits(renders=2)) as heygen:
        run = heygen.bulk(videos(5), into=life.into, journal=str(life.journal))
        life.into.mkdir()
        running = asyncio.create_task(outcomes_of(run))
        await until(life.clock, lambda: len(run.jobs) == 2)
        run.stop()
        assert statuses(await running) == {"left": 2, "skipped": 3}
    assert not run.journal.is_open
    assert statuses(await life.run(videos(5))) == {"done": 5}
    assert paid(life.emulator) == 5


async def test_a_run_that_is_stopped_before_it_begins_leaves_all_as_it_is(life: Life) -> None:
    await life.die(videos(3), lambda: len(life.last.jobs) == 3)
    async with client(life.emulator) as heygen:
        run = heygen.bulk(videos(6), into=life.into, journal=life.opened())
        run.stop()
        assert statuses(await outcomes_of(run)) == {"left": 3, "skipped": 3}
    assert statuses(await life.run(videos(6))) == {"done": 6}
    assert paid(life.emulator) == 6


@pytest.mark.parametrize("steps", [*range(10), *range(10, 70, 5)])
async def test_wherever_it_crashes_each_row_is_paid_once(life: Life, steps: int) -> None:
    heygen = client(life.emulator, limits=Limits(renders=3, downloads=1))
    run = heygen.bulk(videos(6), into=life.into, journal=life.opened())
    running = asyncio.create_task(outcomes_of(run))
    for _ in range(steps):
        await asyncio.sleep(0.001)
        life.clock._jump(float("inf"))
    await crash(run, running, heygen)
    outcomes = await life.run(videos(6))
    assert statuses(outcomes).keys() <= {"done", "kept"}
    assert paid(life.emulator) == len(life.emulator.account.videos) == 6
    assert life.films == {f"Video {at}.mp4": 3000 for at in range(6)}


async def test_half_files_of_a_killed_process_are_swept(life: Life) -> None:
    await life.run(videos(2))
    (life.into / "Video 1.mp4").unlink()
    (life.into / ".Video 1-0123abcd.part").write_bytes(b"half")
    (life.into / ".somebody else's-0123abcd.part").write_bytes(b"theirs")
    assert statuses(await life.run(videos(2))) == {"kept": 1, "done": 1}
    assert life.films == {"Video 0.mp4": 3000, "Video 1.mp4": 3000, ".somebody else's-0123abcd.part": 6}


async def test_subtitles_are_brought_with_a_video_that_is_picked_up(life: Life) -> None:
    rows = [video("Spoken", caption=Caption())]
    await life.die(rows, lambda: len(life.last.jobs) == 1)
    assert statuses(await life.run(rows)) == {"done": 1}
    assert set(life.films) == {"Spoken.mp4", "Spoken.srt"}


# What is on disk is looked at.


async def test_a_file_that_is_gone_or_cut_is_brought_again_and_not_paid_for(life: Life) -> None:
    await life.run([*videos(3), video("Clear", output_format="webm")])
    (life.into / "Video 0.mp4").unlink()
    for name in ("Video 1.mp4", "Clear.webm"):
        whole = (life.into / name).read_bytes()
        (life.into / name).write_bytes(whole[:2000])
    assert statuses(await life.run([*videos(3), video("Clear", output_format="webm")])) == {"kept": 1, "done": 3}
    assert set(life.films.values()) == {3000}
    assert paid(life.emulator) == 4


async def test_a_whole_film_that_its_owner_has_changed_is_kept(life: Life) -> None:
    await life.run(videos(2))
    film = (life.into / "Video 0.mp4").read_bytes()
    (life.into / "Video 1.mp4").write_bytes(film + (8).to_bytes(4) + b"free")
    assert statuses(await life.run(videos(2))) == {"kept": 2}


async def test_a_file_without_an_entry_is_kept_and_not_paid_for(life: Life) -> None:
    life.into.mkdir()
    (life.into / "Video 0.mp4").write_bytes(b"mine")
    assert statuses(await life.run(videos(2))) == {"kept": 1, "done": 1}
    assert paid(life.emulator) == 1


async def test_a_file_that_comes_meanwhile_is_left_alone_by_later_runs_too(life: Life) -> None:
    async with client(life.emulator) as heygen:
        run = heygen.bulk([video("One")], into=life.into, journal=life.opened())
        running = asyncio.create_task(outcomes_of(run))
        await until(life.clock, lambda: len(run.jobs) == 1)
        (life.into / "One.mp4").write_bytes(b"mine")
        (outcome,) = await life.clock.drive(running)
    for _ in range(2):
        assert isinstance(outcome.error, TargetExists)
        assert life.films == {"One.mp4": 4}
        (outcome,) = await life.run([video("One")])
    (life.into / "One.mp4").unlink()
    assert statuses(await life.run([video("One")])) == {"done": 1}
    assert paid(life.emulator) == 1


async def test_a_download_that_failed_is_made_up_for(life: Life) -> None:
    life.emulator.faults.add(Fault(Page(502), path="/files/*"))
    (outcome,) = await life.run([video("One")])
    assert isinstance(outcome.error, DownloadFailed)
    assert await life.states() == ["rendered"]
    life.emulator.faults.clear()
    assert statuses(await life.run([video("One")])) == {"done": 1}
    assert paid(life.emulator) == 1


async def test_a_folder_in_the_place_of_a_file_is_said_and_nothing_is_paid(life: Life) -> None:
    (life.into / "One.mp4").mkdir(parents=True)
    for _ in range(2):
        (outcome,) = await life.run([video("One")])
        assert isinstance(outcome.error, TargetExists)
    assert paid(life.emulator) == 0


async def test_another_folder_gets_the_same_videos(life: Life, tmp_path: Path) -> None:
    await life.run(videos(2))
    life.into = tmp_path / "copy"
    assert statuses(await life.run(videos(2))) == {"done": 2}
    assert paid(life.emulator) == 2


# What did not work is new work.


async def test_a_render_that_failed_is_asked_for_anew_with_another_key(life: Life) -> None:
    life.emulator.faults.add(Fault(FailRender("FELL", "The avatar fell"), method="POST", times=1))
    (outcome,) = await life.run([video("One")])
    assert isinstance(outcome.error, JobFailed)
    async with life.opened() as journal:
        (entry,) = journal.entries.values()
    assert (entry.state, entry.code) == ("failed", "FELL")
    assert statuses(await life.run([video("One")])) == {"done": 1}
    assert len(set(life.creations())) == 2


async def test_a_request_that_was_refused_is_sent_anew_with_another_key(life: Life) -> None:
    life.emulator.faults.add(Fault(Refuse(400, "invalid_parameter", "no"), method="POST", times=1))
    assert statuses(await life.run([video("One")])) == {"failed": 1}
    assert await life.states() == ["rejected"]
    assert statuses(await life.run([video("One")])) == {"done": 1}
    assert len(set(life.creations())) == 2


async def test_a_connection_that_never_came_about_is_no_doubt(life: Life) -> None:
    life.emulator.faults.add(Fault(ResetBefore(), method="POST", path="/v3/assets"))
    picture = life.into.parent / "face.png"
    picture.write_bytes(PNG)
    assert statuses(await life.run([talking(picture)])) == {"failed": 1}
    assert await life.states() == ["rejected"]
    life.emulator.faults.clear()
    assert statuses(await life.run([talking(picture)])) == {"done": 1}


async def test_a_video_that_was_deleted_at_heygen_is_said_first_and_made_anew_then(life: Life) -> None:
    await life.die([video("One")], lambda: len(life.last.jobs) == 1)
    async with client(life.emulator) as heygen:
        await heygen.videos.delete(next(iter(life.emulator.account.videos)))
    (outcome,) = await life.run([video("One")])
    assert isinstance(outcome.error, JobGone)
    assert len(life.creations()) == 1
    assert statuses(await life.run([video("One")])) == {"done": 1}


async def test_a_creation_that_was_held_back_goes_on_with_its_key(life: Life) -> None:
    async with client(life.emulator) as heygen:
        life.emulator.faults.add(Fault(Refuse(429, "rate_limit_exceeded", retry_after=20), method="POST", times=1))
        run = heygen.bulk([video("One")], into=life.into, journal=life.opened())
        running = asyncio.create_task(outcomes_of(run))
        await arrived(life.emulator)
        await life.clock.until_appointments()
        run.stop()
        assert statuses(await running) == {"skipped": 1}
    assert await life.states() == ["intended"]
    assert statuses(await life.run([video("One")])) == {"done": 1}
    assert len(life.creations()) == 2
    assert len(set(life.creations())) == 1


# Making all anew.


async def test_overwriting_makes_all_anew_and_can_be_gone_on_with(life: Life) -> None:
    await life.run(videos(5))
    (life.into / "mine.mp4").write_bytes(b"mine")
    rows: list[VideoRequest] = [*videos(5), video("mine")]
    limits = Limits(renders=2)
    await life.die(rows, lambda: life.last.progress.done >= 2, overwrite=True, limits=limits)
    assert statuses(await life.run(rows))["done"] >= 3
    assert paid(life.emulator) == 5 + 6
    assert set(life.films.values()) == {3000}
    assert statuses(await life.run(rows)) == {"kept": 6}


async def test_overwriting_adopts_nothing_that_was_there_before(life: Life) -> None:
    await life.run([video("One")])
    life.journal.unlink()
    assert statuses(await life.run([video("One")], overwrite=True)) == {"done": 1}
    assert paid(life.emulator) == 2
    life.emulator.faults.add(Fault(Hang(carried_out=False), method="POST", times=1))
    await life.die([video("One")], lambda: not life.emulator.faults.pending(), overwrite=True)
    assert statuses(await life.run([video("One")])) == {"done": 1}
    assert paid(life.emulator) == 3
