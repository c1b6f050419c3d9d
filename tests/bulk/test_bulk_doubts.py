"""What may have been paid for, and nobody knows: it is looked for at HeyGen before anything is sent again."""

import shutil
from pathlib import Path

import pytest
from lives import DAY, Life, unsure
from runs import client, paid, statuses, video, videos

from heygen_async import Limits, NotPermitted, ServerFailed, Timeouts
from heygen_async.bulk.work import Token
from heygen_async.emulator import FailRender, Fault, Hang, Refuse

pytestmark = pytest.mark.anyio


# Creations of which nobody knows.


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


async def test_files_are_known_again_when_the_journal_was_lost(life: Life) -> None:
    await life.run(videos(2))
    life.journal.unlink()
    assert statuses(await life.run(videos(2))) == {"kept": 2}
    (life.into / "Video 1.mp4").unlink()
    assert statuses(await life.run(videos(2))) == {"kept": 1, "done": 1}
    assert paid(life.emulator) == 2


@pytest.mark.parametrize(("cut", "status"), [(False, "kept"), (True, "done")])
async def test_a_film_without_a_note_is_kept_if_it_is_whole_though_heygen_shows_no_list(
    life: Life, cut: bool, status: str
) -> None:
    await unsure(life, carried_out=True)
    film = life.into / "One.mp4"
    await life.clock.drive(brought(life, film))
    if cut:
        film.write_bytes(film.read_bytes()[:2000])
    life.emulator.faults.add(Fault(Refuse(403, "forbidden"), method="GET", path="/v3/videos", times=1))
    assert statuses(await life.run([video("One")])) == {status: 1}
    assert life.films == {"One.mp4": 3000}
    assert paid(life.emulator) == 1


async def brought(life: Life, film: Path) -> None:
    """Bring the newest video, as a process does whose notes are lost."""
    async with client(life.emulator) as heygen:
        await heygen.videos.job(next(iter(life.emulator.account.videos.newest())).id).download(film)


@pytest.mark.parametrize("there", [True, False])
async def test_what_is_found_again_counts_as_spent(life: Life, there: bool) -> None:
    await life.run(videos(2))
    spent = life.last.spending.budget.spent
    life.journal.unlink()
    if not there:
        (life.into / "Video 1.mp4").unlink()
    await life.run(videos(2))
    assert life.last.spending.budget.spent == spent > 0
    await life.run(videos(2))
    assert life.last.spending.budget.spent == spent


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
