"""What could lose somebody's money or files: old journals, other accounts, files of their own, rows taken out."""

import asyncio
import shutil
from collections.abc import Sequence
from pathlib import Path

import pytest
from lives import Life
from runs import client, outcomes_of, paid, statuses, until, video, videos

from heygen_async import Caption, HeyGen, JobGone, JournalFailed, Limits, Outcome, TargetExists, Timeouts, VideoRequest
from heygen_async.bulk.quotes import quote
from heygen_async.emulator import Fault, Hang, Refuse
from heygen_async.errors import BudgetReached

pytestmark = pytest.mark.anyio

MOST = quote(video("Video 0")).usd.high


# Journals that know less than they did.


@pytest.mark.parametrize("others", [0, 150])
async def test_an_old_copy_of_the_journal_pays_for_nothing_again(life: Life, tmp_path: Path, others: int) -> None:
    await life.run(videos(2))
    shutil.copy(life.journal, tmp_path / "copy.db")
    async with client(life.emulator) as heygen:
        for at in range(others):
            await life.clock.drive(heygen.videos.create(video(f"Other {at}")))
    await life.run(videos(5))
    shutil.copy(tmp_path / "copy.db", life.journal)
    for name in ("Video 3.mp4", "Video 4.mp4"):
        (life.into / name).unlink()
    assert statuses(await life.run([*videos(5), video("New")])) == {"kept": 3, "done": 3}
    assert paid(life.emulator) == 6 + others


async def test_a_run_that_goes_on_reads_no_more_of_the_list_than_it_needs(life: Life) -> None:
    async with client(life.emulator) as heygen:
        for at in range(250):
            await life.clock.drive(heygen.videos.create(video(f"Other {at}")))
    await life.clock.advance(3600)
    await life.run(videos(2))
    assert looks(life) == 3
    await life.run(videos(3))
    assert looks(life) == 3 + 1


def looks(life: Life) -> int:
    """How many pages of the list were read in search of videos."""
    return sum(served.query.startswith("limit=100") for served in life.emulator.log.requests("GET", "/v3/videos"))


async def test_the_key_of_another_account_does_not_have_the_videos_made_again(life: Life) -> None:
    await life.die(videos(3), lambda: len(life.last.jobs) == 3)
    life.emulator.faults.add(Fault(Refuse(404, "video_not_found"), method="GET", path="/v3/videos*"))
    outcomes = await life.run(videos(3))
    assert {type(outcome.error) for outcome in outcomes} == {JobGone}
    life.emulator.faults.clear()
    assert statuses(await life.run(videos(3))) == {"done": 3}
    assert paid(life.emulator) == 3


async def test_two_runs_cannot_share_an_open_journal(life: Life) -> None:
    async with life.opened() as journal, client(life.emulator) as heygen:
        first = heygen.bulk(videos(2), into=life.into, journal=journal)
        running = asyncio.create_task(outcomes_of(first))
        await until(life.clock, lambda: len(first.jobs) == 2)
        with pytest.raises(JournalFailed, match="in use"):
            await outcomes_of(heygen.bulk(videos(2), into=life.into, journal=journal))
        assert statuses(await life.clock.drive(running)) == {"done": 2}
        again = heygen.bulk(videos(2), into=life.into, journal=journal)
        assert statuses(await life.clock.drive(outcomes_of(again))) == {"kept": 2}
    assert paid(life.emulator) == 2


# A creation that HeyGen has carried out is never called refused.


async def test_a_client_that_is_closed_while_a_creation_is_under_way_leaves_it_in_doubt(life: Life) -> None:
    heygen = client(life.emulator)
    run = heygen.bulk([video("One")], into=life.into, journal=life.opened())
    heygen._desk.watcher._closed = True  # as it is while the client closes
    outcomes = await life.clock.drive(outcomes_of(run))
    heygen._desk.watcher._closed = False
    await heygen.aclose()
    assert statuses(outcomes) == {"failed": 1}
    assert await life.states() == ["ambiguous"]


# Somebody's own files.


@pytest.mark.parametrize("rendered", [True, False])
async def test_a_lost_journal_replaces_no_file_of_somebodys_own(life: Life, rendered: bool) -> None:
    if rendered:
        await life.run([video("One")])
    else:
        await life.die([video("One")], lambda: len(life.last.jobs) == 1)
    life.journal.unlink()
    (life.into / "One.mp4").write_bytes(b"mine")
    for _ in range(2):
        (outcome,) = await life.run([video("One")])
        assert isinstance(outcome.error, TargetExists)
        assert "put it aside" in str(outcome.error)
        assert life.films == {"One.mp4": 4}
    (life.into / "One.mp4").unlink()
    assert statuses(await life.run([video("One")])) == {"done": 1}
    assert paid(life.emulator) == 1


async def test_subtitles_of_somebodys_own_are_not_replaced_and_nothing_is_paid(life: Life) -> None:
    life.into.mkdir()
    (life.into / "One.srt").write_text("mine")
    (outcome,) = await life.run([video("One", caption=Caption())])
    assert isinstance(outcome.error, TargetExists)
    assert (life.into / "One.srt").read_text() == "mine"
    assert paid(life.emulator) == 0


async def test_films_of_one_name_and_two_kinds_have_subtitles_of_their_own(life: Life) -> None:
    rows = [video("One", caption=Caption()), video("One", caption=Caption(), output_format="webm")]
    assert statuses(await life.run(rows)) == {"done": 2}
    assert sum(name.endswith(".srt") for name in life.films) == 2


# Plans.


async def test_a_plan_to_make_all_anew_makes_nothing_anew_later(life: Life) -> None:
    await life.run(videos(3))
    async with client(life.emulator) as heygen:
        run = heygen.bulk(videos(3), into=life.into, journal=life.opened(), overwrite=True)
        assert len((await run.preflight()).renders) == 3
        await run.aclose()
    assert statuses(await life.run(videos(3))) == {"kept": 3}
    assert paid(life.emulator) == 3


# The budget.


async def within(life: Life, rows: Sequence[VideoRequest], budget: float, heygen: HeyGen) -> list[Outcome]:
    life.last = heygen.bulk(rows, into=life.into, journal=life.opened(), budget=budget)
    return await life.clock.drive(outcomes_of(life.last))


async def test_nobody_waits_for_the_money_of_a_creation_that_stays_in_doubt(life: Life) -> None:
    life.emulator.faults.add(Fault(Hang(carried_out=True), method="POST"))
    async with client(life.emulator, timeouts=Timeouts(write=0.05), limits=Limits(renders=1)) as heygen:
        outcomes = await within(life, videos(2), MOST, heygen)
    assert {type(outcome.error) for outcome in outcomes} >= {BudgetReached}


async def test_nobody_waits_for_the_money_of_a_video_that_cannot_be_watched(life: Life) -> None:
    async with client(life.emulator) as heygen:
        running = asyncio.create_task(within(life, videos(2), MOST, heygen))
        await until(life.clock, lambda: len(life.last.jobs) == 1)
        life.emulator.faults.add(Fault(Refuse(403, "forbidden"), method="GET"))
        outcomes = await running
    assert BudgetReached in {type(outcome.error) for outcome in outcomes}


async def test_rows_that_are_taken_out_while_they_render_count_against_the_budget(life: Life) -> None:
    await life.die(videos(2), lambda: len(life.last.jobs) == 2)
    async with client(life.emulator) as heygen:
        outcomes = await within(life, [video("New")], 2 * MOST, heygen)
    assert statuses(outcomes) == {"skipped": 1}
    assert paid(life.emulator) == 2


async def test_a_video_that_is_gone_counts_against_the_budget_in_later_runs_too(life: Life) -> None:
    await life.die(videos(1), lambda: len(life.last.jobs) == 1)
    async with client(life.emulator) as heygen:
        await heygen.videos.delete(next(iter(life.emulator.account.videos)))
    for rows in (videos(1), [video("New")]):
        async with client(life.emulator) as heygen:
            outcomes = await within(life, rows, MOST, heygen)
    assert statuses(outcomes) == {"skipped": 1}


async def test_a_video_found_again_that_cannot_be_read_keeps_its_share_of_the_budget(life: Life) -> None:
    await life.run(videos(1))
    shutil.rmtree(life.into)
    found = next(iter(life.emulator.account.videos))
    life.emulator.faults.add(Fault(Refuse(403, "forbidden"), method="GET", path=f"/v3/videos/{found}"))
    async with client(life.emulator, limits=Limits(renders=1)) as heygen:
        outcomes = await within(life, [*videos(1), video("New")], MOST, heygen)
    assert paid(life.emulator) == 1, outcomes
