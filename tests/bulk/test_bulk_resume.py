"""A run with a journal goes on where the last one ended, however that was, and pays for no row twice."""

import asyncio
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve
from crashes import crash
from runs import (
    PNG,
    adds_up,
    arrived,
    client,
    files,
    most_at_once,
    outcomes_of,
    paid,
    places,
    statuses,
    talking,
    until,
    video,
    videos,
)

from heygen_async import (
    AvatarVideo,
    Caption,
    DownloadFailed,
    JobFailed,
    JobGone,
    Journal,
    JournalFailed,
    Limits,
    ManualClock,
    NotPermitted,
    Outcome,
    Row,
    ServerFailed,
    TargetExists,
    Timeouts,
    VideoRequest,
)
from heygen_async.bulk import journal as journal_room
from heygen_async.bulk.work import Token
from heygen_async.emulator import Emulator, FailRender, Fault, Hang, Page, Refuse, ResetBefore

pytestmark = pytest.mark.anyio

DAY = 86_400.0


class Life:
    """Runs the same job again and again, each time as a new process would."""

    def __init__(self, emulator: Emulator, clock: ManualClock, folder: Path) -> None:
        self.emulator, self.clock, self.into = emulator, clock, folder / "videos"
        self.journal = self.into / "journal.db"
        self.shift = 0.0
        """How wrong the wall clock is, in seconds."""

    def now(self) -> float:
        return 1_800_000_000 + self.clock.now() + self.shift

    def opened(self) -> Journal:
        self.into.mkdir(exist_ok=True)
        return Journal(self.journal, now=self.now)

    async def run(self, rows: Any, **options: Any) -> list[Outcome]:
        """Run to the end."""
        overwrite = options.pop("overwrite", False)
        async with client(self.emulator, **options) as heygen:
            self.last = heygen.bulk(rows, into=self.into, journal=self.opened(), overwrite=overwrite)
            outcomes = await self.clock.drive(outcomes_of(self.last))
            assert adds_up(self.last.progress)
            assert places(heygen) == (0, 0, 0, 0)
        return outcomes

    async def die(self, rows: Any, when: Callable[[], bool], **options: Any) -> None:
        """Run, and crash when something is so, and the journal knows it."""
        overwrite = options.pop("overwrite", False)
        heygen = client(self.emulator, **options)
        run = self.last = heygen.bulk(rows, into=self.into, journal=self.opened(), overwrite=overwrite)
        running = asyncio.create_task(outcomes_of(run))
        await until(self.clock, when)
        await known(run.journal)
        await crash(run, running, heygen)

    async def states(self) -> list[str]:
        async with self.opened() as journal:
            return sorted(entry.state for entry in journal.entries.values())

    @property
    def films(self) -> dict[str, int]:
        return {name: size for name, size in files(self.into).items() if not name.startswith("journal.db")}

    def creations(self) -> list[str | None]:
        """The idempotency keys of all creations that came, in their order."""
        return [served.idempotency_key for served in self.emulator.log.requests("POST", "/v3/videos")]


async def known(journal: Journal) -> None:
    """Wait until all that was noted is on disk."""
    written: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    journal._put(journal_room._Item("facts", ("test", "waits"), written))
    await written


@pytest.fixture
def life(wide: Emulator, clock: ManualClock, tmp_path: Path) -> Life:
    return Life(wide, clock, tmp_path)


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


# Creations of which nobody knows.


async def unsure(life: Life, *, carried_out: bool) -> None:
    """Have the process die while it waits for the answer to a creation."""
    life.emulator.faults.add(Fault(Hang(carried_out), method="POST", times=1))
    await life.die([video("One")], lambda: not life.emulator.faults.pending())
    assert await life.states() == ["sent"]


@pytest.mark.parametrize("carried_out", [True, False])
@pytest.mark.parametrize("later", [0, 25 * 3600])
async def test_a_creation_without_an_answer_is_looked_for_and_else_sent_again_with_its_key(
    life: Life, carried_out: bool, later: float
) -> None:
    await unsure(life, carried_out=carried_out)
    await life.clock.advance(later)
    assert statuses(await life.run([video("One")])) == {"done": 1}
    assert paid(life.emulator) == 1
    keys = life.creations()
    assert len(keys) == (1 if carried_out else 2)
    assert len(set(keys)) == 1


@pytest.mark.parametrize("shift", [-3650 * DAY, -20 * 3600, 20 * 3600, 3650 * DAY])
@pytest.mark.parametrize("later", [60, 25 * 3600, 50 * DAY])
async def test_a_clock_that_jumps_loses_nothing_and_pays_nothing_twice(life: Life, shift: float, later: float) -> None:
    await unsure(life, carried_out=True)
    await life.clock.advance(later)
    life.shift = shift
    for at in range(3):  # others use the account, too
        async with client(life.emulator) as heygen:
            await life.clock.drive(heygen.videos.create(video(f"Other {at}")))
    assert statuses(await life.run([video("One")])) == {"done": 1}
    assert paid(life.emulator) == 1 + 3
    assert len(life.creations()) == 1 + 3


async def test_an_answer_that_is_lost_in_a_run_is_remembered_as_ambiguous(life: Life) -> None:
    life.emulator.faults.add(Fault(Hang(carried_out=True), method="POST"))
    (outcome,) = await life.run([video("One")], timeouts=Timeouts(write=0.05))
    assert outcome.status == "failed"
    assert await life.states() == ["ambiguous"]
    life.emulator.faults.clear()
    assert statuses(await life.run([video("One")])) == {"done": 1}
    assert (paid(life.emulator), len(set(life.creations()))) == (1, 1)


async def test_what_is_unsure_stays_so_when_its_repetition_is_refused(life: Life) -> None:
    await unsure(life, carried_out=False)
    life.emulator.faults.add(Fault(Refuse(402, "insufficient_credit"), method="POST", times=1))
    assert statuses(await life.run([video("One")])) == {"failed": 1}
    assert await life.states() == ["ambiguous"]
    assert statuses(await life.run([video("One")])) == {"done": 1}
    assert len(set(life.creations())) == 1


@pytest.mark.parametrize(("later", "ends"), [(22 * 3600, "done"), (24 * 3600, "failed"), (-60, "failed")])
async def test_where_heygen_shows_no_list_only_a_valid_key_is_relied_on(life: Life, later: float, ends: str) -> None:
    await unsure(life, carried_out=True)
    life.shift = later
    life.emulator.faults.add(Fault(Refuse(403, "forbidden"), method="GET", path="/v3/videos"))
    (outcome,) = await life.run([video("One")])
    assert outcome.status == ends
    assert isinstance(outcome.error, NotPermitted) == (ends == "failed")
    assert isinstance(life.last.blind, NotPermitted)
    assert paid(life.emulator) == 1
    assert len(life.creations()) == (2 if ends == "done" else 1)


async def test_a_list_that_cannot_be_read_now_ends_the_run_before_anything_is_sent(life: Life) -> None:
    life.emulator.faults.add(Fault(Refuse(503, "service_unavailable"), method="GET", path="/v3/videos"))
    with pytest.raises(ServerFailed):
        await life.run(videos(3))
    assert life.creations() == []
    life.emulator.faults.clear()
    assert statuses(await life.run(videos(3))) == {"done": 3}


# A journal that is lost.


async def test_a_lost_journal_is_made_up_for_by_the_titles_at_heygen(life: Life) -> None:
    await life.die(videos(6), lambda: life.last.progress.done >= 2, limits=Limits(renders=3))
    made, there = paid(life.emulator), len(life.films)
    life.journal.unlink()
    outcomes = await life.run([*videos(6), video("New")])
    assert statuses(outcomes) == {"kept": there, "done": 7 - there}
    assert paid(life.emulator) == 7
    assert made >= 3
    assert life.last.unclaimed == []


async def test_what_was_paid_for_and_is_no_rows_is_reported(life: Life) -> None:
    await life.die(videos(3), lambda: len(life.last.jobs) == 3)
    life.journal.unlink()
    outcomes = await life.run(videos(2))
    assert statuses(outcomes) == {"done": 2}
    (spare,) = life.last.unclaimed
    token = Token.find(spare.title)
    assert spare.title == f"Video 2 {token}"
    assert paid(life.emulator) == 3


async def test_failed_videos_are_not_adopted(life: Life) -> None:
    life.emulator.faults.add(Fault(FailRender(), method="POST", times=1))
    await life.run([video("One")])
    life.journal.unlink()
    assert statuses(await life.run([video("One")])) == {"done": 1}
    assert len(life.creations()) == 2


async def test_another_journal_is_another_project(life: Life, tmp_path: Path) -> None:
    await life.run(videos(2))
    life.into = tmp_path / "again"
    life.journal = life.into / "journal.db"
    assert statuses(await life.run(videos(2))) == {"done": 2}
    assert paid(life.emulator) == 4


async def test_a_crash_before_the_list_was_read_does_not_make_the_journal_look_complete(life: Life) -> None:
    await life.run(videos(2))
    shutil.rmtree(life.into)
    life.emulator.faults.add(Fault(Hang(), method="GET", path="/v3/videos", times=1))
    await life.die(videos(2), lambda: not life.emulator.faults.pending())
    assert statuses(await life.run(videos(2))) == {"done": 2}
    assert paid(life.emulator) == 2


# The input is edited.


async def test_new_rows_are_added_changed_rows_are_new_work_and_removed_rows_are_left(life: Life) -> None:
    before = [*videos(3), video("Last")]
    await life.run(before)
    changed = AvatarVideo(avatar_id=before[1].avatar_id, script="Something else", title="Video 1")
    outcomes = await life.run([before[0], changed, video("New"), before[2]])
    assert {str(outcome.path and outcome.path.name): outcome.status for outcome in outcomes} == {
        "Video 0.mp4": "kept",
        "Video 1 (2).mp4": "done",
        "New.mp4": "done",
        "Video 2.mp4": "kept",
    }
    assert {entry.file for entry in life.last.removed} == {"Video 1.mp4", "Last.mp4"}
    assert set(life.films) == {"Video 0.mp4", "Video 1.mp4", "Video 1 (2).mp4", "Video 2.mp4", "Last.mp4", "New.mp4"}
    assert paid(life.emulator) == 6


async def test_rows_keep_their_files_when_those_before_them_go(life: Life) -> None:
    same = [AvatarVideo(avatar_id=video().avatar_id, script=script, title="Same") for script in ("One", "Two")]
    await life.run(same)
    (outcome,) = await life.run(same[1:])
    assert (outcome.status, outcome.path) == ("kept", life.into / "Same (2).mp4")


async def test_equal_rows_are_as_many_videos(life: Life) -> None:
    await life.run([video("Same")] * 3)
    assert statuses(await life.run([video("Same")] * 4)) == {"kept": 3, "done": 1}
    assert set(life.films) == {"Same.mp4", "Same (2).mp4", "Same (3).mp4", "Same (4).mp4"}


async def test_a_picture_counts_with_what_is_in_it(life: Life, tmp_path: Path) -> None:
    picture = tmp_path / "face.png"
    picture.write_bytes(PNG)
    await life.run([talking(picture)])
    moved = tmp_path / "elsewhere"
    moved.mkdir()
    picture.rename(moved / "face.png")
    assert statuses(await life.run([talking(moved / "face.png")])) == {"kept": 1}
    (moved / "face.png").write_bytes(PNG + b"another")
    assert statuses(await life.run([talking(moved / "face.png")])) == {"done": 1}


async def test_the_line_and_the_title_of_a_row_are_kept_up_to_date(life: Life) -> None:
    await life.die([Row(video("One"), line=7)], lambda: len(life.last.jobs) == 1)
    await life.run([Row(video("One"), line=9)])
    async with life.opened() as journal:
        (entry,) = journal.entries.values()
    assert (entry.line, entry.title, entry.size, entry.state) == (9, "One", 3000, "downloaded")
    times = entry.intended_at, entry.sent_at, entry.accepted_at, entry.rendered_at, entry.ended_at
    assert list(times) == sorted(time for time in times if time is not None)


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


# Titles.


async def test_titles_end_in_a_token_and_files_do_not(life: Life) -> None:
    rows = [video("One"), video(), video("x" * 1000)]
    await life.run(rows)
    titles = [each.title for each in life.emulator.account.videos.values()]
    tokens = [Token.find(title) for title in titles]
    assert None not in tokens
    assert len({token.work for token in tokens if token}) == 3
    bare = min(titles, key=len)
    assert bare == str(Token.find(bare))
    assert max(map(len, titles)) == 1000
    assert set(life.films) == {"One.mp4", "video-0002.mp4", "x" * 196 + ".mp4"}
    async with client(life.emulator) as heygen:
        await life.clock.drive(outcomes_of(heygen.bulk([video("Plain")], into=life.into)))
    assert [each.title for each in life.emulator.account.videos.values()][-1] == "Plain"


# Trouble with the journal itself.


async def test_a_journal_in_use_is_refused_before_anything_is_sent(life: Life) -> None:
    async with life.opened():
        with pytest.raises(JournalFailed, match="in use by another run"):
            await life.run(videos(2))
    assert list(life.emulator.log.served) == []


async def test_a_newer_journal_is_refused_before_anything_is_sent(life: Life, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(journal_room, "_VERSION", 2)
    await life.run(videos(1))
    monkeypatch.undo()
    served = len(life.emulator.log.served)
    with pytest.raises(JournalFailed, match="newer version"):
        await life.run(videos(2))
    assert len(life.emulator.log.served) == served


async def test_the_journal_of_another_api_is_refused(life: Life, clock: ManualClock) -> None:
    await life.run(videos(1))
    async with Emulator(clock=clock, synthetic=3000) as other:
        life.emulator = other
        with pytest.raises(JournalFailed, match="is about http://127"):
            await life.run(videos(1))
        assert list(other.log.served) == []


@pytest.mark.parametrize("what", ["journal", "folder"])
async def test_a_journal_that_disappears_ends_the_spending_and_what_is_paid_is_brought(life: Life, what: str) -> None:
    async with client(life.emulator, limits=Limits(renders=2)) as heygen:
        run = heygen.bulk(videos(9), into=life.into, journal=life.opened())
        running = asyncio.create_task(outcomes_of(run))
        await until(life.clock, lambda: run.progress.done >= 2)
        if what == "folder":
            shutil.rmtree(life.into)
        else:
            life.journal.unlink()
        outcomes = await life.clock.drive(running)
        assert "has disappeared" in str(run.journal.failure)
    failed = [outcome for outcome in outcomes if outcome.status == "failed"]
    assert failed
    assert all("has disappeared" in str(outcome.error) for outcome in failed)
    assert statuses(outcomes)["done"] == paid(life.emulator) < 9
    (life.into / "journal.db-wal").unlink(missing_ok=True)
    assert statuses(await life.run(videos(9))).keys() <= {"kept", "done"}
    assert paid(life.emulator) == 9
    assert len(life.films) == 9


async def test_a_disk_that_fills_up_ends_the_spending_and_nothing_is_lost(
    life: Life, monkeypatch: pytest.MonkeyPatch
) -> None:
    connected = journal_room._connected

    def small(path: Path) -> Any:
        connection = connected(path)
        connection.execute("PRAGMA max_page_count = 8")
        return connection

    monkeypatch.setattr(journal_room, "_connected", small)
    rows = [video("x" * 800 + str(at)) for at in range(40)]
    outcomes = await life.run(rows, limits=Limits(renders=2, submissions=1))
    monkeypatch.undo()
    failed = [outcome for outcome in outcomes if outcome.status == "failed"]
    assert failed
    assert all("the disk is full" in str(outcome.error) for outcome in failed)
    assert statuses(outcomes)["done"] == paid(life.emulator) < 40
    assert statuses(await life.run(rows)).keys() <= {"kept", "done"}
    assert paid(life.emulator) == 40


async def test_an_open_journal_stays_open(life: Life) -> None:
    async with life.opened() as journal, client(life.emulator) as heygen:
        for count in (1, 2):
            run = heygen.bulk(videos(count), into=life.into, journal=journal)
            await life.clock.drive(outcomes_of(run))
            await run.aclose()
            assert journal.is_open
        assert len(journal.entries) == 2


async def test_a_run_that_is_cancelled_or_left_lets_go_of_the_journal(life: Life) -> None:
    async def first() -> Outcome | None:
        async for outcome in run:
            return outcome
        return None

    async with client(life.emulator) as heygen:
        run = heygen.bulk(videos(4), into=life.into, journal=life.opened())
        await life.clock.drive(first())
        await run.aclose()
        async with life.opened() as journal:
            assert len(journal.entries) == 4
        run = heygen.bulk(videos(4), into=life.into, journal=life.opened())
        running = asyncio.create_task(outcomes_of(run))
        await until(life.clock, lambda: run.journal.is_open)
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        assert not run.journal.is_open
    assert statuses(await life.run(videos(4))).keys() <= {"kept", "done"}


async def test_a_cost_can_be_kept_beside_each_row(life: Life) -> None:
    """Others may quote and charge: the journal has room for it."""
    async with life.opened() as journal:
        entry = await journal.write(journal_room.Entry(work="w", key="k", file="f", quoted=0.5))
        journal.note(evolve(entry, charged=0.4))
    async with life.opened() as journal:
        assert (journal.entries["w"].quoted, journal.entries["w"].charged) == (0.5, 0.4)
