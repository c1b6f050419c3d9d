"""The journal: on disk when it says so, for one run at a time, and clear about what is wrong."""

import asyncio
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from heygen_async import Entry, Journal, JournalFailed
from heygen_async.bulk import journal as room

pytestmark = pytest.mark.anyio


def an_entry(work: str = "w.1", **fields: Any) -> Entry:
    return Entry(work=work, key="k", file="a.mp4", **fields)


def threads() -> list[str]:
    return [thread.name for thread in threading.enumerate() if "journal" in thread.name]


async def entries_in(path: Path) -> dict[str, Entry]:
    async with Journal(path) as journal:
        return dict(journal.entries)


# What is written stays.


async def test_what_was_written_is_there_when_it_is_opened_again(tmp_path: Path) -> None:
    path = tmp_path / "journal.db"
    async with Journal(path, now=lambda: 12.5) as journal:
        written = await journal.write(an_entry(title="Ä", line=3, video_id="v", size=5, anew=True, quoted=0.5))
        journal.note(an_entry("w.2", state="sent"))
        journal.remember({"source": "a.csv"})
        assert repr(journal) == f"<Journal {path}, 2 rows>"
        project = journal.project
    async with Journal(path) as journal:
        assert journal.entries == {"w.1": written, "w.2": an_entry("w.2", state="sent", intended_at=12.5, sent_at=12.5)}
        assert journal.facts == {"source": "a.csv", "project": project}
        assert journal.entries["w.1"].anew is True
    assert threads() == []
    assert [file.name for file in tmp_path.iterdir()] == ["journal.db"]


async def test_each_state_gets_its_time_once(tmp_path: Path) -> None:
    times = iter(range(100))
    async with Journal(tmp_path / "j", now=lambda: float(next(times))) as journal:
        entry = journal.note(an_entry())
        entry = await journal.write(evolve(entry, state="sent"))
        entry = await journal.write(evolve(entry, state="sent"))
        entry = journal.note(evolve(entry, state="ambiguous"))
        for state in ("accepted", "rendering", "rendered", "downloaded"):
            entry = journal.note(evolve(entry, state=state))
    assert (entry.intended_at, entry.sent_at, entry.accepted_at, entry.rendered_at, entry.ended_at) == (0, 1, 2, 3, 4)
    assert await entries_in(tmp_path / "j") == {"w.1": entry}


@given(
    title=st.none() | st.text(st.characters(exclude_categories=[])),
    size=st.none() | st.integers(0, 2**62),
    sent_at=st.none() | st.floats(allow_nan=False),
)
def test_whatever_a_row_says_it_is_kept(title: str | None, size: int | None, sent_at: float | None) -> None:
    async def live(path: Path) -> tuple[Entry, Entry]:
        async with Journal(path) as journal:
            entry = await journal.write(an_entry(title=title, size=size, sent_at=sent_at))
        return entry, (await entries_in(path))["w.1"]

    with tempfile.TemporaryDirectory() as folder:
        entry, back = asyncio.run(live(Path(folder, "j")))
    legible = None if title is None else title.encode("utf-8", "replace").decode()  # no halves of surrogate pairs
    assert back == evolve(entry, title=legible)


async def test_many_rows_at_once_are_few_transactions(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sizes: list[int] = []
    gate, commit = threading.Event(), room._commit

    def counted(connection: sqlite3.Connection, batch: list[Any]) -> None:
        assert gate.wait(10)
        sizes.append(len(batch))
        commit(connection, batch)

    async with Journal(tmp_path / "j") as journal:
        monkeypatch.setattr(room, "_commit", counted)
        writes = [asyncio.create_task(journal.write(an_entry(f"w.{at}"))) for at in range(200)]
        await asyncio.sleep(0)
        assert not any(write.done() for write in writes)
        gate.set()
        await asyncio.gather(*writes)
    assert sum(sizes) >= 200  # a fact is remembered at the beginning, and may have been written before
    assert len(sizes) <= 3


async def test_a_journal_in_memory_has_no_thread_and_no_file() -> None:
    async with Journal() as journal:
        await journal.write(an_entry())
        journal.note(an_entry("w.2"))
        journal.remember({"a": "b"})
        assert (journal.is_open, threads(), len(journal.entries)) == (True, [], 2)
    assert repr(journal) == "<Journal in memory, 2 rows>"


async def test_one_that_is_made_anew_in_the_same_place_has_the_same_project(tmp_path: Path) -> None:
    projects = set()
    for name in ("a", "a", "b"):
        async with Journal(tmp_path / name) as journal:
            projects.add((name, journal.project))
        (tmp_path / name).unlink()
    assert len(projects) == 2
    async with Journal(tmp_path / "a") as journal:
        project = journal.project
    (tmp_path / "a").rename(tmp_path / "moved")
    async with Journal(tmp_path / "moved") as journal:
        assert journal.project == project


# For one at a time.


async def test_a_second_one_is_refused_until_the_first_is_closed(tmp_path: Path) -> None:
    async with Journal(tmp_path / "j") as first:
        await first.open()
        second = Journal(tmp_path / "j")
        with pytest.raises(JournalFailed, match="is in use by another run") as refusal:
            await second.open()
        assert refusal.value.path == tmp_path / "j"
        assert not second.is_open
        await first.write(an_entry())
    async with second:
        assert list(second.entries) == ["w.1"]
        assert second.failure is None
    assert threads() == []


HOLDS = """
import asyncio, sys
from heygen_async import Entry, Journal

async def hold():
    async with Journal(sys.argv[1]) as journal:
        for at in range(10_000):
            await journal.write(Entry(work=str(at), key="k", file="f"))
            print(at, flush=True)

asyncio.run(hold())
"""


def test_what_another_process_has_written_outlives_its_death_and_the_lock_does_not(tmp_path: Path) -> None:
    words = [sys.executable, "-c", HOLDS, str(tmp_path / "j")]
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        told = [process.stdout.readline() for _ in range(50)]
        with pytest.raises(JournalFailed, match="is in use"):
            asyncio.run(Journal(tmp_path / "j").open())
        process.kill()
        told += process.stdout.readlines()
    works = {line.strip() for line in told if line.endswith("\n")}
    assert works <= asyncio.run(entries_in(tmp_path / "j")).keys()


# What is wrong is said.


def newer(path: Path) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA user_version = 2")
        connection.execute(f"PRAGMA application_id = {room._OURS}")
        connection.execute("CREATE TABLE something (new)")
    connection.close()


def another_program(path: Path) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE bookmarks (address)")
    connection.close()


def text(path: Path) -> None:
    path.write_text("avatar_id,script\n" * 100)


def folder(path: Path) -> None:
    path.mkdir()


def nowhere(path: Path) -> None:
    path.parent.rmdir()


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (newer, "was made by a newer version"),
        (another_program, "is not a journal of heygen_async"),
        (text, "is not a journal of heygen_async"),
        (folder, "is a folder; choose a file"),
        (nowhere, "cannot be opened"),
    ],
)
async def test_what_is_no_journal_of_ours_is_refused_and_left_alone(
    tmp_path: Path, make: Callable[[Path], None], words: str
) -> None:
    path = tmp_path / "in" / "j"
    path.parent.mkdir()
    make(path)
    before = path.read_bytes() if path.is_file() else None
    with pytest.raises(JournalFailed, match=words):
        await Journal(path).open()
    assert (path.read_bytes() if path.is_file() else None) == before
    assert threads() == []


async def test_a_damaged_journal_says_so(tmp_path: Path) -> None:
    path = tmp_path / "j"
    async with Journal(path) as journal:
        for at in range(200):
            journal.note(an_entry(f"w.{at}", title="x" * 200))
    content = bytearray(path.read_bytes())
    content[4096:] = os.urandom(len(content) - 4096)
    path.write_bytes(content)
    with pytest.raises(JournalFailed, match="is damaged"):
        await Journal(path).open()


async def test_a_full_disk_ends_the_writing_and_what_was_written_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    connected = room._connected

    def small(path: Path) -> sqlite3.Connection:
        connection = connected(path)
        connection.execute("PRAGMA max_page_count = 12")
        return connection

    monkeypatch.setattr(room, "_connected", small)
    written = 0
    async with Journal(tmp_path / "j") as journal:
        with pytest.raises(JournalFailed, match="the disk is full"):  # noqa: PT012  # whichever it is that does not fit
            for at in range(1000):
                await journal.write(an_entry(f"w.{at:04}", title="x" * 500))
                written += 1
        assert isinstance(journal.failure, JournalFailed)
        journal.note(an_entry("later"))
        with pytest.raises(JournalFailed, match="the disk is full"):
            await journal.write(an_entry("later still"))
    monkeypatch.undo()
    assert list(await entries_in(tmp_path / "j")) == [f"w.{at:04}" for at in range(written)]
    assert written > 5


@pytest.mark.parametrize("how", ["removed", "replaced", "with its folder"])
async def test_a_journal_that_disappears_is_noticed_at_the_next_write(tmp_path: Path, how: str) -> None:
    path = tmp_path / "in" / "j"
    path.parent.mkdir()
    async with Journal(path) as journal:
        await journal.write(an_entry())
        if how == "with its folder":
            shutil.rmtree(path.parent)
        else:
            path.unlink()
        if how == "replaced":
            path.touch()
        with pytest.raises(JournalFailed, match="has disappeared"):
            await journal.write(an_entry("w.2"))


async def test_a_note_that_could_not_be_written_shows_in_the_failure(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "j")
    await journal.open()
    (tmp_path / "j").unlink()
    journal.note(an_entry())
    await journal.aclose()
    assert "has disappeared" in str(journal.failure)


async def test_an_unexpected_fault_reaches_whoever_waits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with Journal(tmp_path / "j") as journal:
        await journal.write(an_entry())
        monkeypatch.setattr(room, "_check_still_there", lambda *_: 1 / 0)
        with pytest.raises(JournalFailed, match="ZeroDivisionError"):
            await journal.write(an_entry())


async def test_rows_and_facts_go_together_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with Journal(tmp_path / "j") as journal:
        await journal.write(an_entry())
        monkeypatch.setattr(room, "_statement", lambda *_: "INSERT INTO entries VALUES (no such thing)")
        monkeypatch.setattr(room, "_PATIENCE", 5)
        journal.remember({"a": "b"})
        with pytest.raises(JournalFailed, match="cannot be written"):
            await journal.write(an_entry("w.2"))
    monkeypatch.undo()
    async with Journal(tmp_path / "j") as journal:
        assert (list(journal.entries), journal.facts.keys()) == (["w.1"], {"project"})


async def test_a_folder_that_may_not_be_read_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    async with Journal(tmp_path / "j") as journal:
        await journal.write(an_entry())
        monkeypatch.setattr(room, "_check_still_there", refused)
        with pytest.raises(JournalFailed, match="cannot be read: Permission denied"):
            await journal.write(an_entry())


# However it ends.


async def test_a_closed_journal_takes_nothing(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "j")
    for _ in range(2):
        with pytest.raises(JournalFailed, match="is closed"):
            await journal.write(an_entry())
        journal.note(an_entry())
        await journal.open()
        await journal.aclose()
        await journal.aclose()


async def test_a_write_that_is_cancelled_is_carried_out_and_disturbs_nobody(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate, commit = threading.Event(), room._commit

    def slow(connection: sqlite3.Connection, batch: list[Any]) -> None:
        assert gate.wait(10)
        commit(connection, batch)

    async with Journal(tmp_path / "j") as journal:
        monkeypatch.setattr(room, "_commit", slow)
        first, second = (asyncio.create_task(journal.write(an_entry(work))) for work in ("w.1", "w.2"))
        await asyncio.sleep(0)
        first.cancel()
        await asyncio.gather(first, return_exceptions=True)
        gate.set()
        assert (await second).work == "w.2"
    assert set(await entries_in(tmp_path / "j")) == {"w.1", "w.2"}


async def test_opening_and_closing_can_be_cancelled_and_leave_no_thread(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate, connected = threading.Event(), room._connected

    def slow(path: Path) -> sqlite3.Connection:
        assert gate.wait(10)
        return connected(path)

    monkeypatch.setattr(room, "_connected", slow)
    journal = Journal(tmp_path / "j")
    opening = asyncio.create_task(journal.open())
    await asyncio.sleep(0)
    opening.cancel()
    asyncio.get_running_loop().call_later(0.01, gate.set)
    with pytest.raises(asyncio.CancelledError):
        await opening
    assert threads() == []
    await journal.open()
    closing = asyncio.create_task(journal.aclose())
    await asyncio.sleep(0)
    closing.cancel()
    with pytest.raises(asyncio.CancelledError):
        await closing
    assert threads() == []


def test_a_journal_outlives_the_loop_in_which_it_was_opened(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "j")
    asyncio.run(journal.open())

    async def leave() -> None:
        asyncio.get_running_loop().call_soon(asyncio.current_task().cancel)  # type: ignore[union-attr]  # it runs
        await journal.write(an_entry("w.1"))

    with pytest.raises(asyncio.CancelledError):
        asyncio.run(leave())

    async def end() -> Entry:
        try:
            return await journal.write(an_entry("w.2"))
        finally:
            await journal.aclose()

    assert asyncio.run(end()).work == "w.2"
    assert threads() == []
