"""The journal itself is in trouble: it is in use, too new, gone, or the disk is full."""

import asyncio
import shutil
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve
from lives import Life
from runs import client, outcomes_of, paid, statuses, until, video, videos

from heygen_async import JournalFailed, Limits, ManualClock, Outcome
from heygen_async.bulk import journal as journal_room
from heygen_async.emulator import Emulator

pytestmark = pytest.mark.anyio


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
