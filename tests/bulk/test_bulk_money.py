"""A run and its money: nothing is paid for twice, no budget is exceeded, and an empty wallet loses nothing."""

import asyncio
import tempfile
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from runs import LOOK, client, files, outcomes_of, paid, statuses, until, video, videos
from tidy import no_task_left

from heygen_async import (
    AvatarVideo,
    Caption,
    HeyGen,
    JobFailed,
    Limits,
    ManualClock,
    Outcome,
    OutOfCredit,
    Row,
    RowsInvalid,
    TargetExists,
)
from heygen_async.bulk.budget import Budget
from heygen_async.bulk.quotes import quote
from heygen_async.emulator import Emulator, FailRender, Fault, Refuse
from heygen_async.errors import BudgetReached, DownloadFailed

pytestmark = pytest.mark.anyio

MOST = quote(video("Video 0")).usd.high
CHARGED = 0.0667
"""What the emulator takes for one of these: a second."""


def spent(emulator: Emulator) -> float:
    return 1000 - emulator.account.wallet.balance


def errors(outcomes: Sequence[Outcome]) -> set[type[BaseException]]:
    return {type(outcome.error) for outcome in outcomes if outcome.error is not None}


def _one_at_once() -> Limits:
    return Limits(renders=1)


# The budget.


async def test_a_budget_that_is_enough_changes_nothing(wide: Emulator, clock: ManualClock, tmp_path: Path) -> None:
    async with client(wide) as heygen:
        run = heygen.bulk(videos(20), into=tmp_path, budget=20 * MOST)
        outcomes = await clock.drive(outcomes_of(run))
    assert statuses(outcomes) == {"done": 20}
    assert run.spending.charged == pytest.approx(spent(wide))
    assert run.spending.charged in run.spending.quoted
    assert run.spending.budget.reserved == 0
    assert [outcome.charged for outcome in outcomes] == [pytest.approx(CHARGED)] * 20
    assert all(outcome.quote and outcome.quote.usd.high == MOST for outcome in outcomes)


async def test_a_budget_is_used_up_and_never_exceeded(wide: Emulator, clock: ManualClock, tmp_path: Path) -> None:
    budget = 10 * CHARGED + MOST
    async with no_task_left(), client(wide) as heygen:
        run = heygen.bulk(videos(30), into=tmp_path, budget=budget)
        outcomes = await clock.drive(outcomes_of(run))
    count = statuses(outcomes)
    assert count["done"] + count["skipped"] == 30
    assert count["done"] == paid(wide) == 11
    assert budget - MOST < spent(wide) <= budget
    assert errors(outcomes) == {BudgetReached}
    assert run.progress.failed == count["skipped"]


async def test_a_cheaper_row_is_made_although_a_dearer_one_does_not_fit(
    wide: Emulator, clock: ManualClock, tmp_path: Path
) -> None:
    dear = AvatarVideo(avatar_id=LOOK, script="A long story. " * 100, title="Dear")
    async with client(wide) as heygen:
        outcomes = await clock.drive(outcomes_of(heygen.bulk([dear, video("Cheap")], into=tmp_path, budget=MOST)))
    assert {outcome.request.title: outcome.status for outcome in outcomes} == {"Dear": "skipped", "Cheap": "done"}


async def test_a_failed_render_gives_its_money_back_to_the_budget(
    wide: Emulator, clock: ManualClock, tmp_path: Path
) -> None:
    wide.faults.add(Fault(FailRender("FELL", "The avatar fell"), method="POST", times=1))
    async with client(wide, limits=_one_at_once()) as heygen:
        run = heygen.bulk(videos(2), into=tmp_path, budget=MOST)
        outcomes = await clock.drive(outcomes_of(run))
    assert statuses(outcomes) == {"failed": 1, "done": 1}
    assert run.spending.charged == pytest.approx(spent(wide)) == pytest.approx(CHARGED)


async def test_a_row_that_is_refused_costs_nothing(wide: Emulator, clock: ManualClock, tmp_path: Path) -> None:
    nobody = AvatarVideo(avatar_id="nobody", script="Hello")
    async with client(wide) as heygen:
        run = heygen.bulk([nobody, video()], into=tmp_path, budget=MOST + CHARGED)
        assert statuses(await clock.drive(outcomes_of(run))) == {"failed": 1, "done": 1}
    assert run.spending.budget.reserved == 0


async def test_a_stop_ends_the_wait_for_money(wide: Emulator, clock: ManualClock, tmp_path: Path) -> None:
    async with no_task_left(), client(wide) as heygen:
        run = heygen.bulk(videos(3), into=tmp_path, budget=MOST)
        outcomes: list[Outcome] = []

        async def follow() -> None:
            async for outcome in run:
                outcomes.append(outcome)  # noqa: PERF401  # it goes on while others look

        following = asyncio.create_task(follow(), name="follow")
        await until(clock, lambda: run.progress.rendering == 1)
        run.stop()
        await clock.drive(following)
    assert statuses(outcomes) == {"left": 1, "skipped": 2}
    assert run.spending.budget.spent == pytest.approx(MOST, abs=1e-5)


async def test_two_runs_share_a_budget(wide: Emulator, clock: ManualClock, tmp_path: Path) -> None:
    budget = Budget(3 * CHARGED + MOST)
    async with client(wide) as heygen:
        runs = [heygen.bulk(videos(10), into=tmp_path / name, budget=budget) for name in "ab"]
        both = await clock.drive(asyncio.gather(*map(outcomes_of, runs)))
    assert sum((statuses(outcomes) for outcomes in both), statuses([])) == {"done": 4, "skipped": 16}
    assert spent(wide) <= budget.limit


async def test_the_next_run_goes_on_with_what_is_left_of_the_budget(
    wide: Emulator, clock: ManualClock, tmp_path: Path
) -> None:
    journal, budget = tmp_path / "journal.db", 2 * CHARGED + MOST
    async with client(wide) as heygen:
        for _ in range(3):
            run = heygen.bulk(videos(9), into=tmp_path, journal=journal, budget=budget)
            outcomes = await clock.drive(outcomes_of(run))
        assert statuses(outcomes) == {"kept": 3, "skipped": 6}
        assert paid(wide) == 3
        more = heygen.bulk(videos(9), into=tmp_path, journal=journal, budget=budget + CHARGED)
        assert statuses(await clock.drive(outcomes_of(more))) == {"kept": 3, "done": 1, "skipped": 5}
        assert all(entry.quoted and entry.charged for entry in more.journal.entries.values() if entry.video_id)
    assert spent(wide) <= budget + CHARGED


async def test_what_an_earlier_run_has_left_rendering_is_counted(
    wide: Emulator, clock: ManualClock, tmp_path: Path
) -> None:
    journal = tmp_path / "journal.db"
    async with client(wide) as heygen:
        first = heygen.bulk(videos(4), into=tmp_path, journal=journal, budget=MOST)
        following = asyncio.create_task(outcomes_of(first), name="first")
        await until(clock, lambda: first.progress.rendering == 1)
        first.stop()
        await clock.drive(following)
        then = heygen.bulk(videos(4), into=tmp_path, journal=journal, budget=MOST)
        assert statuses(await clock.drive(outcomes_of(then))) == {"done": 1, "skipped": 3}
    assert paid(wide) == 1
    assert spent(wide) <= MOST


LENGTHS = st.lists(st.integers(1, 60), min_size=1, max_size=12)


@settings(max_examples=25)
@given(LENGTHS, st.floats(0, 6), st.sampled_from([None, 1, 2, 3]))
async def test_whatever_the_rows_and_whoever_fails_the_wallet_pays_no_more_than_the_budget(
    lengths: list[int], budget: float, failing: int | None
) -> None:
    clock = ManualClock()
    with tempfile.TemporaryDirectory() as folder:
        async with Emulator(clock=clock, synthetic=3000, render_seconds=60) as emulator, client(emulator) as heygen:
            if failing is not None:
                emulator.faults.add(Fault(FailRender("FELL"), method="POST", path="/v3/videos", every=failing))
            rows = [AvatarVideo(avatar_id=LOOK, script="word " * n, title=str(at)) for at, n in enumerate(lengths)]
            highest = 0.0
            async with asyncio.TaskGroup() as group:
                run = heygen.bulk(rows, into=folder, budget=budget)
                following = group.create_task(clock.drive(outcomes_of(run)))
                while not following.done():
                    highest = max(highest, spent(emulator))
                    await asyncio.sleep(0)
            assert len(following.result()) == len(rows)
            assert max(highest, spent(emulator)) <= budget + 1e-6
            assert run.spending.budget.reserved == 0


# The wallet.


@pytest.mark.parametrize(
    "failure",
    [
        FailRender("MOVIO_PAYMENT_INSUFFICIENT_CREDIT", "Not enough"),
        FailRender(None, "Insufficient credit. This operation requires 'api' credits."),
    ],
)
async def test_credit_that_is_missed_while_rendering_ends_the_submissions(
    wide: Emulator, clock: ManualClock, tmp_path: Path, failure: FailRender
) -> None:
    wide.faults.add(Fault(failure, method="POST", times=1))
    journal = tmp_path / "journal.db"
    async with client(wide, limits=_one_at_once()) as heygen:
        outcomes = await clock.drive(outcomes_of(heygen.bulk(videos(5), into=tmp_path, journal=journal)))
        assert statuses(outcomes) == {"failed": 1, "skipped": 4}
        assert errors(outcomes) == {JobFailed}
        assert wide.log.counts["POST /v3/videos"] == 1
        again = await clock.drive(outcomes_of(heygen.bulk(videos(5), into=tmp_path, journal=journal)))
    assert statuses(again) == {"done": 5}
    assert spent(wide) == pytest.approx(5 * CHARGED)


async def test_a_402_leaves_the_run_resumable(wide: Emulator, clock: ManualClock, tmp_path: Path) -> None:
    wide.account.wallet.balance = 3.5 * CHARGED
    journal = tmp_path / "journal.db"
    async with client(wide) as heygen:
        outcomes = await clock.drive(outcomes_of(heygen.bulk(videos(8), into=tmp_path, journal=journal)))
        assert statuses(outcomes)["done"] == 3
        assert errors(outcomes) == {OutOfCredit}
        wide.account.wallet.balance = 1000
        again = await clock.drive(outcomes_of(heygen.bulk(videos(8), into=tmp_path, journal=journal)))
    assert statuses(again) == {"kept": 3, "done": 5}
    assert paid(wide) == 8


# Equal rows.


async def test_equal_rows_share_a_render_and_each_has_its_file(
    wide: Emulator, clock: ManualClock, tmp_path: Path
) -> None:
    rows = [Row(video("Same", caption=Caption()), name, line) for line, name in enumerate("abc", start=2)]
    async with client(wide) as heygen:
        run = heygen.bulk([*rows, video("Other")], into=tmp_path)
        outcomes = await clock.drive(outcomes_of(run))
    assert statuses(outcomes) == {"done": 4}
    assert paid(wide) == 2
    assert {outcome.row.line: outcome.path for outcome in outcomes if outcome.row in rows} == {
        line: tmp_path / f"{name}.mp4" for line, name in enumerate("abc", start=2)
    }
    assert len({outcome.job.id for outcome in outcomes if outcome.job}) == 2
    assert len({(tmp_path / f"{name}.mp4").read_bytes() for name in "abc"}) == 1
    assert len({(tmp_path / f"{name}.mp4").stat().st_ino for name in "abc"}) == 3
    assert set(files(tmp_path)) == {"Other.mp4", *(f"{name}{end}" for name in "abc" for end in (".mp4", ".srt"))}
    assert sum(outcome.charged or 0 for outcome in outcomes) == pytest.approx(spent(wide))
    assert run.jobs == []


async def test_who_wants_several_takes_can_have_them(wide: Emulator, clock: ManualClock, tmp_path: Path) -> None:
    async with client(wide) as heygen:
        outcomes = await clock.drive(outcomes_of(heygen.bulk([video("Same")] * 3, into=tmp_path, fold=False)))
    assert statuses(outcomes) == {"done": 3}
    assert paid(wide) == 3


async def test_the_trouble_of_one_is_that_of_all_its_twins(wide: Emulator, clock: ManualClock, tmp_path: Path) -> None:
    wide.faults.add(Fault(FailRender("FELL", "The avatar fell"), method="POST", times=1))
    async with client(wide) as heygen:
        outcomes = await clock.drive(outcomes_of(heygen.bulk([video("Same")] * 3, into=tmp_path)))
    assert statuses(outcomes) == {"failed": 3}
    assert len({id(outcome.error) for outcome in outcomes}) == 1
    assert files(tmp_path) == {}


@pytest.mark.parametrize("there", ["Same.mp4", "Same (2).mp4"])
async def test_a_file_that_is_there_is_copied_and_nothing_is_paid(
    wide: Emulator, clock: ManualClock, tmp_path: Path, there: str
) -> None:
    (tmp_path / there).write_bytes(b"mine")
    async with client(wide) as heygen:
        outcomes = await clock.drive(outcomes_of(heygen.bulk([video("Same")] * 3, into=tmp_path)))
    assert statuses(outcomes) == {"kept": 1, "done": 2}
    assert files(tmp_path) == {"Same.mp4": 4, "Same (2).mp4": 4, "Same (3).mp4": 4}
    assert paid(wide) == 0


async def test_a_copy_that_cannot_be_written_is_that_rows_own_failure(
    wide: Emulator, clock: ManualClock, tmp_path: Path
) -> None:
    (tmp_path / "Same (2).mp4").mkdir()
    async with client(wide) as heygen:
        outcomes = await clock.drive(outcomes_of(heygen.bulk([video("Same")] * 3, into=tmp_path)))
    assert statuses(outcomes) == {"done": 2, "failed": 1}
    assert errors(outcomes) == {TargetExists}


async def test_a_full_disk_while_copying_is_said(
    wide: Emulator, clock: ManualClock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("heygen_async.files.download.shutil.copyfile", full)
    async with client(wide) as heygen:
        outcomes = await clock.drive(outcomes_of(heygen.bulk([video("Same")] * 2, into=tmp_path)))
    assert statuses(outcomes) == {"done": 1, "failed": 1}
    assert errors(outcomes) == {DownloadFailed}
    assert list(files(tmp_path)) == ["Same.mp4"]


async def test_twins_are_kept_by_the_next_run_and_made_up_for_where_they_are_gone(
    wide: Emulator, clock: ManualClock, tmp_path: Path
) -> None:
    journal = tmp_path / "journal.db"
    async with client(wide) as heygen:
        for gone in ("Same.mp4", "Same (3).mp4"):
            await clock.drive(outcomes_of(heygen.bulk([video("Same")] * 3, into=tmp_path, journal=journal)))
            (tmp_path / gone).unlink()
        outcomes = await clock.drive(outcomes_of(heygen.bulk([video("Same")] * 3, into=tmp_path, journal=journal)))
    assert statuses(outcomes) == {"kept": 2, "done": 1}
    assert paid(wide) == 1


# Before the run.


async def test_a_preflight_looks_everything_up_and_creates_nothing(
    heygen: HeyGen, emulator: Emulator, clock: ManualClock, tmp_path: Path
) -> None:
    (tmp_path / "Video 0.mp4").write_bytes(b"mine")
    run = heygen.bulk([*videos(5), video("Video 4")], into=tmp_path, budget=5)
    plan = await run.preflight()
    assert (len(plan.renders), plan.rows, plan.kept, plan.paid) == (4, 5, 1, 0)
    assert plan.balance == 1000
    assert {served.method for served in emulator.log.served} == {"GET"}
    outcomes = await clock.drive(outcomes_of(run))
    assert statuses(outcomes) == {"kept": 1, "done": 5}
    assert run.spending.quoted.high == pytest.approx(plan.usd.high)
    assert all(outcome.quote == plan.renders[0].quote for outcome in outcomes if outcome.quote)


async def test_a_preflight_says_all_that_is_wrong(heygen: HeyGen, tmp_path: Path) -> None:
    (tmp_path / "Video 0.mp4").mkdir()
    run = heygen.bulk([*videos(1), AvatarVideo(avatar_id="nobody", script="Hi"), video()], into=tmp_path)
    with pytest.raises(RowsInvalid) as caught:
        await run.preflight(source="products.csv")
    assert [problem.line for problem in caught.value.problems] == [1, 2]
    await run.aclose()


async def test_a_preflight_knows_what_is_paid_for(wide: Emulator, clock: ManualClock, tmp_path: Path) -> None:
    journal = tmp_path / "journal.db"
    async with client(wide) as heygen:
        first = heygen.bulk(videos(3), into=tmp_path, journal=journal)
        following = asyncio.create_task(outcomes_of(first), name="first")
        await until(clock, lambda: first.progress.rendering == 3)
        first.stop()
        await clock.drive(following)
        run = heygen.bulk(videos(5), into=tmp_path, journal=journal)
        plan = await run.preflight()
        assert (len(plan.renders), plan.kept, plan.paid) == (2, 0, 3)
        assert statuses(await clock.drive(outcomes_of(run))) == {"done": 5}
    assert paid(wide) == 5


async def test_a_preflight_of_nothing_asks_nothing(heygen: HeyGen, emulator: Emulator, tmp_path: Path) -> None:
    run = heygen.bulk([], into=tmp_path / "new", journal=tmp_path / "new" / "journal.db")
    plan = await run.preflight()
    assert plan.rows == 0
    assert list(emulator.log.served) == []
    assert not (tmp_path / "new").exists()


async def test_a_preflight_that_fails_leaves_nothing_open(heygen: HeyGen, emulator: Emulator, tmp_path: Path) -> None:
    emulator.faults.add(Fault(Refuse(401, "unauthorized", "No"), method="GET", times=9))
    run = heygen.bulk(videos(1), into=tmp_path, journal=tmp_path / "journal.db")
    async with no_task_left():
        with pytest.raises(Exception, match="unauthorized"):
            await run.preflight()
        await run.aclose()
    assert not run.journal.is_open
