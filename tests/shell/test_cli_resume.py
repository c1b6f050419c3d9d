"""The command line goes on where it stopped: real processes, real signals, the emulator."""

import asyncio
import io
import os
import signal
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path

import pytest
from attrs import define, evolve
from elsewhere import FAST, elsewhere
from runs import PNG, files, paid
from tables import table

from heygen_async import Journal, JournalFailed, ManualClock, Options
from heygen_async.bulk import journal as journal_room
from heygen_async.emulator import Emulator, Fault, Hang, Refuse
from heygen_async.shell import bulking, cli
from heygen_async.shell.attempt import Attempt
from heygen_async.shell.progress import PlainBoard

LOOK = "Anna_public_3_20240108"
SHELL = [sys.executable, "-W", "error", "-m", "heygen_async"]


def rows(*titles: str) -> str:
    return table(*({"avatar_id": LOOK, "script": f"Hello {title}", "title": title} for title in titles))


@define
class Ended:
    code: int
    out: str
    err: str


@define
class Terminal:
    """Where commands are typed."""

    folder: Path
    url: str

    async def begin(self, *words: str) -> asyncio.subprocess.Process:
        return await asyncio.create_subprocess_exec(
            *SHELL,
            *words,
            cwd=self.folder,
            env=os.environ | {"HEYGEN_API_KEY": "key", "HEYGEN_API_BASE": self.url},
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )

    async def run(self, *words: str) -> Ended:
        return await self.end(await self.begin(*words))

    async def end(self, process: asyncio.subprocess.Process) -> Ended:
        out, err = (text.decode() for text in await process.communicate())
        assert "Traceback" not in err
        return Ended(process.returncode or 0, out, err)

    @property
    def films(self) -> dict[str, int]:
        return {name: size for name, size in files(self.folder / "videos").items() if name.endswith(".mp4")}


@asynccontextmanager
async def stuck(folder: Path) -> AsyncIterator[tuple[Emulator, Terminal, ManualClock]]:
    """An emulator whose time stands still."""
    (folder / "rows.csv").write_text(rows("One", "Two", "Three"))
    clock = ManualClock()
    async with Emulator(clock=clock, synthetic=3000, render_seconds=60) as emulator:
        yield emulator, Terminal(folder, emulator.url), clock


@asynccontextmanager
async def passing(clock: ManualClock) -> AsyncIterator[None]:
    """Let time go by: the other process has a clock of its own, and waits in the world."""

    async def go() -> None:
        while True:
            await clock.advance(1)
            await asyncio.sleep(0.001)

    task = asyncio.create_task(go())
    yield
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def wait_for(met: Callable[[], bool]) -> None:
    while not met():  # noqa: ASYNC110  # the emulator sets no event
        await asyncio.sleep(0.01)


BULK = ("bulk", "rows.csv", "--into", "videos", "--at-once", "2")


@pytest.mark.anyio
@pytest.mark.parametrize(("number", "again"), [(signal.SIGTERM, ("resume", "videos")), (signal.SIGKILL, BULK)])
async def test_a_run_that_was_ended_goes_on_and_pays_once(
    tmp_path: Path, number: signal.Signals, again: tuple[str, ...]
) -> None:
    async with stuck(tmp_path) as (emulator, terminal, clock):
        process = await terminal.begin(*BULK)
        await wait_for(lambda: len(emulator.account.videos) == 2)
        process.send_signal(number)
        ended = await terminal.end(process)
        if number is signal.SIGTERM:
            assert ended.code == 4
            assert ended.out.splitlines()[-1] == "Stopped early; go on with: heygen-async resume videos"
        assert terminal.films == {}
        async with passing(clock):
            ended = await terminal.run(*again)
        assert ended.code == 0, ended.err
        assert "3 done, 0 failed, 0 kept" in ended.out
        assert terminal.films == {"One.mp4": 3000, "Two.mp4": 3000, "Three.mp4": 3000}
        assert paid(emulator) == len(emulator.account.videos) == 3
        ended = await terminal.run("resume", "videos")
        assert (ended.code, "0 done, 0 failed, 3 kept" in ended.out) == (0, True)


@pytest.mark.anyio
async def test_a_second_signal_ends_at_once_and_loses_nothing(tmp_path: Path) -> None:
    async with stuck(tmp_path) as (emulator, terminal, clock):
        emulator.faults.add(Fault(Hang(carried_out=True), method="POST", times=1))
        process = await terminal.begin(*BULK)
        await wait_for(lambda: not emulator.faults.pending() and len(emulator.account.videos) == 2)
        process.send_signal(signal.SIGINT)
        assert process.stderr is not None
        while b"Once more stops at once" not in (line := await process.stderr.readline()):
            assert line, "it has ended before"
        process.send_signal(signal.SIGINT)
        ended = await terminal.end(process)
        assert ended.code == 4
        assert "cut short" in ended.out
        async with passing(clock):
            ended = await terminal.run("resume", "videos")
        assert ended.code == 0
        assert len(terminal.films) == 3
        assert paid(emulator) == 3


@pytest.mark.anyio
async def test_a_second_run_over_the_same_journal_is_refused(tmp_path: Path) -> None:
    async with stuck(tmp_path) as (emulator, terminal, _):
        process = await terminal.begin(*BULK)
        await wait_for(lambda: len(emulator.account.videos) == 2)
        for words in (BULK, ("resume", "videos")):
            ended = await terminal.run(*words)
            assert ended.code == 2
            assert ended.err == (
                "the journal videos/journal.db is in use by another run; wait for its end, or give this one a journal "
                "of its own\n"
            )
        process.kill()
        await terminal.end(process)
        assert len(emulator.account.videos) == 2


@pytest.mark.anyio
async def test_a_signal_before_anything_is_sent_can_be_gone_on_with(tmp_path: Path) -> None:
    async with stuck(tmp_path) as (emulator, terminal, clock):
        emulator.faults.add(Fault(Hang(), method="GET", times=1))
        process = await terminal.begin(*BULK)
        await wait_for(lambda: not emulator.faults.pending())
        process.send_signal(signal.SIGTERM)
        ended = await terminal.end(process)
        assert (ended.code, ended.out) == (4, "Stopped early; go on with: heygen-async resume videos\n")
        async with passing(clock):
            assert (await terminal.run("resume", "videos")).code == 0
        assert paid(emulator) == 3


# What needs no process of its own.


@define
class Shell:
    """Carries out commands in this process, in a folder, against an emulator in another thread."""

    folder: Path
    emulator: Emulator
    capture: pytest.CaptureFixture[str]

    def run(self, *words: str) -> Ended:
        code = cli.run(words)
        return Ended(code, *self.capture.readouterr())

    @property
    def films(self) -> dict[str, int]:
        return {name: size for name, size in files(self.folder / "videos").items() if name.endswith(".mp4")}


@pytest.fixture
def shell(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, collected: None
) -> Iterator[Shell]:
    (tmp_path / "rows.csv").write_text(rows("One", "Two", "Three"))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(bulking, "Options", partial(Options, polling=FAST.polling))
    monkeypatch.setenv("HEYGEN_API_KEY", "key")
    with elsewhere() as emulator:
        monkeypatch.setenv("HEYGEN_API_BASE", emulator.url)
        yield Shell(tmp_path, emulator, capsys)


def test_rows_of_standard_input_are_kept_in_the_journal(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    (shell.folder / "face.png").write_bytes(PNG)
    line = '{"image": {"type": "url", "url": "face.png"}, "script": "Hi", "voice_id": "YOUR_VOICE_ID", "file": "one"}'
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(line.encode())))
    assert shell.run("bulk", "-", "--into", "videos").code == 0
    (shell.folder / "videos" / "one.mp4").unlink()
    monkeypatch.chdir(shell.folder.parent)
    ended = shell.run("resume", str(shell.folder / "videos"))
    assert ended.code == 0, ended.err
    assert shell.films == {"one.mp4": 3000}
    assert paid(shell.emulator) == 1


def test_a_journal_can_lie_elsewhere_and_the_input_can_be_edited(shell: Shell) -> None:
    words = ("--journal", "kept.db")
    assert shell.run(*BULK, *words).code == 0
    assert files(shell.folder / "videos").keys() == {"One.mp4", "Two.mp4", "Three.mp4"}
    (shell.folder / "rows.csv").write_text(rows("One", "Four"))
    ended = shell.run("resume", "videos", *words)
    assert ended.code == 0
    assert "1 done, 0 failed, 1 kept" in ended.out
    assert "No longer in the input, and left alone: 2 rows of earlier runs, 2 files" in ended.out
    assert paid(shell.emulator) == 4


def test_paid_videos_that_no_row_claims_are_listed(shell: Shell) -> None:
    assert shell.run(*BULK).code == 0
    for name in ("journal.db", "One.mp4", "Two.mp4"):
        (shell.folder / "videos" / name).unlink()
    (shell.folder / "rows.csv").write_text(rows("One"))
    ended = shell.run(*BULK)
    assert ended.code == 0
    listed = ended.out[ended.out.index("Paid for by earlier runs, and no row's:") :].splitlines()[1:]
    assert {line.split()[1] for line in listed if "[hg-" in line} == {"Two", "Three"}
    assert paid(shell.emulator) == 3


def test_what_renders_of_removed_rows_is_named(shell: Shell) -> None:
    shell.emulator.render_seconds = 0
    assert shell.run(*BULK).code == 0

    async def forget() -> str:
        async with Journal(shell.folder / "videos" / "journal.db") as journal:
            entry = next(entry for entry in journal.entries.values() if entry.title == "Two")
            journal.note(evolve(entry, state="rendering"))
            return str(entry.video_id)

    video_id = asyncio.run(forget())
    (shell.folder / "rows.csv").write_text(rows("One", "Three"))
    ended = shell.run("resume", "videos")
    assert f"No longer in the input, and left alone: 1 row of earlier runs, 0 files; at HeyGen: {video_id}" in ended.out


def test_a_list_that_heygen_does_not_show_is_said_at_the_end(shell: Shell) -> None:
    shell.emulator.faults.add(Fault(Refuse(403, "forbidden"), method="GET", path="/v3/videos"))
    ended = shell.run(*BULK)
    assert ended.code == 0
    assert "HeyGen shows no list of videos, so what was paid for before could not be looked up" in ended.out


def test_a_journal_that_fails_is_said_at_the_end(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    assert shell.run(*BULK).code == 0
    (shell.folder / "videos" / "Two.mp4").unlink()

    def vanished(path: Path, _: object) -> None:
        raise JournalFailed(f"the journal {path} has disappeared", path=path)

    monkeypatch.setattr(journal_room, "_check_still_there", vanished)
    ended = shell.run("resume", "videos")
    assert "Not all of this is in the journal: the journal videos/journal.db has disappeared" in ended.out
    assert shell.films.keys() == {"One.mp4", "Two.mp4", "Three.mp4"}


def test_who_has_no_journal_any_more_is_not_told_to_resume(tmp_path: Path) -> None:
    attempt = Attempt(PlainBoard(io.StringIO(), io.StringIO()), resume="heygen-async resume videos")
    attempt.journal = tmp_path / "journal.db"
    attempt.interrupt()
    gone = "Stopped early, and the journal is gone: run bulk again, which looks up what was paid for"
    assert attempt.left() == [gone]
    attempt.journal.touch()
    assert attempt.left() == ["Stopped early; go on with: heygen-async resume videos"]


def test_without_a_journal_there_is_nothing_to_go_on_with(shell: Shell) -> None:
    ended = shell.run("resume", "videos")
    said = "there is no journal videos/journal.db: nothing to go on with."
    advice = "heygen-async bulk begins a run, and makes up for a lost journal"
    assert (ended.code, ended.err) == (2, f"{said} {advice}\n")
    asyncio.run(opened_and_closed(shell.folder / "program.db"))
    ended = shell.run("resume", "videos", "--journal", "program.db")
    assert ended.code == 2
    assert "does not say where its rows come from" in ended.err
    assert list(shell.emulator.log.served) == []


async def opened_and_closed(path: Path) -> None:
    async with Journal(path):
        pass


def test_an_input_that_is_gone_and_a_missing_key_are_said_first(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    assert shell.run(*BULK).code == 0
    served = len(shell.emulator.log.served)
    monkeypatch.delenv("HEYGEN_API_KEY")
    assert shell.run("resume", "videos").code == 3
    (shell.folder / "rows.csv").unlink()
    ended = shell.run("resume", "videos")
    assert (ended.code, "there is no file" in ended.err) == (2, True)
    assert len(shell.emulator.log.served) == served
