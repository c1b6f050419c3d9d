"""The command line, from its words to its exit code, against the emulator."""

import asyncio
import inspect
import io
import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
import requests
from attrs import define, field
from processes import unmeasured
from tables import table
from tidy import no_task_left

from heygen_async.__main__ import console, main
from heygen_async.api.videos import VideoRequest
from heygen_async.bulk.source import Source
from heygen_async.client import HeyGen
from heygen_async.clock import ManualClock
from heygen_async.emulator import Emulator, FailRender, Fault, Refuse
from heygen_async.errors import HeyGenError, NotPermitted
from heygen_async.shell import bulking, cli
from heygen_async.shell.attempt import Attempt
from heygen_async.shell.migrate import migrate
from heygen_async.shell.progress import board_for
from heygen_async.version import __version__

LOOK = "Anna_public_3_20240108"
VOICE = "0004827ce86f6d7e1ff85242369f2a53"
REFUSED = {"avatar_id": "Anna_public_20240108", "script": "Hi", "output_format": "webm"}
"""A row of which nobody knows before that HeyGen will refuse it."""

SHELL = [sys.executable, "-m", "heygen_async"]


def rows(*titles: str, **cells: str) -> str:
    return table(*({"avatar_id": LOOK, "script": f"Hello {title}", "title": title} | cells for title in titles))


@pytest.fixture
def csv(tmp_path: Path) -> Callable[[str], str]:
    def write(text: str) -> str:
        (tmp_path / "products.csv").write_text(text)
        return str(tmp_path / "products.csv")

    return write


Csv = Callable[[str], str]


@define
class Shell:
    """Runs command lines in this process. ``--emulator`` gets one with small films, and with `faults`."""

    capture: pytest.CaptureFixture[str]
    into: Path
    faults: list[Fault] = field(factory=list)
    emulators: list[Emulator] = field(factory=list)
    render_seconds: Any = 1
    out: str = ""
    err: str = ""

    def emulate(self, **options: Any) -> Emulator:
        emulator = Emulator(synthetic=3000, render_seconds=self.render_seconds, **options)
        for fault in self.faults:
            emulator.faults.add(fault)
        self.emulators.append(emulator)
        return emulator

    def run(self, *words: str) -> int:
        code = cli.run(words)
        self.out, self.err = self.capture.readouterr()
        return code

    def bulk(self, source: str, *words: str) -> int:
        return self.run("bulk", source, "--into", str(self.into), "--emulator", "--speed", "600", *words)

    @property
    def files(self) -> list[str]:
        return sorted(path.name for path in self.into.iterdir()) if self.into.exists() else []


@pytest.fixture
def shell(capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shell:
    shell = Shell(capsys, tmp_path / "videos")
    monkeypatch.setattr("heygen_async.emulator.Emulator", shell.emulate)
    return shell


class TestRuns:
    def test_each_row_becomes_a_file_and_all_done_is_0(self, shell: Shell, csv: Csv) -> None:
        assert shell.bulk(csv(rows("One", "One", "../../etc/passwd", "CON"))) == 0
        assert shell.files == ["One (2).mp4", "One.mp4", "_CON.mp4", "etc-passwd.mp4"]
        assert {path.stat().st_size for path in shell.into.iterdir()} == {3000}
        *lines, last, cost = shell.out.splitlines()
        assert cost.startswith("cost: quoted $0.")
        assert sorted(line.split("  ")[0] for line in lines) == [f"✓ {name}" for name in shell.files]
        assert last.startswith("4 done, 0 failed, 0 kept in ")
        assert last.endswith(f"→ {shell.into}/")
        assert shell.err.startswith("Emulator at http://127.0.0.1:")
        assert "600 times as fast" in shell.err

    def test_files_that_are_there_are_kept_and_count_as_done(self, shell: Shell, csv: Csv) -> None:
        source = csv(rows("One", "Two"))
        shell.bulk(source)
        assert shell.bulk(source) == 0
        assert "0 done, 0 failed, 2 kept" in shell.out
        assert shell.emulators[-1].log.counts["POST /v3/videos"] == 0
        assert shell.bulk(source, "--overwrite") == 0
        assert "2 done, 0 failed, 0 kept" in shell.out

    def test_a_row_that_is_refused_and_a_render_that_fails_are_1(self, shell: Shell, csv: Csv) -> None:
        shell.faults = [Fault(FailRender("FELL", "The avatar fell"), method="POST", times=1)]
        lines = {"avatar_id": LOOK, "script": "Hi", "title": "Fails"}, REFUSED
        assert shell.bulk(csv(table(*lines, lines[0] | {"title": "Fine"})), "--at-once", "1") == 1
        assert shell.files == ["Fine.mp4"]
        failures = [line for line in shell.out.splitlines() if line.startswith("✗")]
        assert len(failures) == 4
        assert any('line 2 "Fails": video' in line and "The avatar fell (code FELL)" in line for line in failures)
        assert any("line 3: " in line and "code invalid_parameter" in line for line in failures)

    def test_json_is_all_that_is_on_standard_output(self, shell: Shell, csv: Csv) -> None:
        text = table({"avatar_id": LOOK, "script": "Hi", "title": "Fine"}, REFUSED)
        assert shell.bulk(csv(text), "--json") == 1
        told = {one["line"]: one for one in map(json.loads, shell.out.splitlines())}
        assert {line: one["status"] for line, one in told.items()} == {2: "done", 3: "failed"}
        assert told[2]["file"] == str(shell.into / "Fine.mp4")
        assert told[3]["error"]["code"] == "invalid_parameter"
        assert "1 done, 1 failed, 0 kept" in shell.err

    def test_rows_can_come_from_standard_input(self, shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
        line = json.dumps({"avatar_id": LOOK, "script": "Hi", "file": "one.mp4"})
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(line.encode())))
        assert shell.bulk("-") == 0
        assert shell.files == ["one.mp4"]

    def test_what_the_emulator_made_up_is_said_once(self, shell: Shell, csv: Csv) -> None:
        cells = {"image": "https://example.invalid/me.png", "script": "Hi", "voice_id": VOICE}
        assert shell.bulk(csv(table(cells, cells))) == 0
        assert shell.err.count("https://example.invalid/me.png") == 1

    def test_at_once_bounds_the_renders(self, shell: Shell, csv: Csv) -> None:
        most = 0

        def seconds(_: VideoRequest) -> float:
            nonlocal most
            most = max(most, 1 + len(shell.emulators[-1].account.slots.running))
            return 60

        shell.render_seconds = seconds
        assert shell.bulk(csv(rows("1", "2", "3", "4", "5")), "--at-once", "2") == 0
        assert most == 2

    def test_auto_finds_out_how_many_and_says_so(self, shell: Shell, csv: Csv) -> None:
        shell.faults = [Fault(Refuse(429, "rate_limit_exceeded", retry_after=1), method="POST", times=1)]
        assert shell.bulk(csv(rows("1", "2", "3")), "--at-once", "auto") == 0
        assert re.search(r"^HeyGen takes \d+ renders? at once$", shell.out, re.MULTILINE)
        assert shell.bulk(csv(rows("1", "2", "3")), "--at-once", "auto") == 0
        assert "HeyGen takes" not in shell.out, "nobody has refused anything"


class TestBadInput:
    def test_bad_rows_are_listed_and_nothing_is_sent(self, shell: Shell, csv: Csv) -> None:
        good = {"avatar_id": LOOK, "script": "Hi"}
        text = table(good, good | {"voice_settings.speed": "9", "background": "#12"}, good | {"script": ""})
        assert shell.bulk(csv(text)) == 2
        assert shell.err.splitlines() == [
            "line 3, column voice_settings.speed: is 9; it must lie between 0.5 and 1.5",
            "line 3, column background: is '#12'; a colour is written #RRGGBB, such as #1E90FF",
            "line 4, column script: is missing; one of script, audio_url, audio_asset_id is needed",
            "3 problems in 2 rows of products.csv; nothing was sent",
        ]
        assert (shell.out, shell.emulators, shell.files) == ("", [], [])

    @pytest.mark.parametrize("content", [b"", b"avatar_id,script\n", b"\xff\xfe\0"])
    def test_an_input_without_rows_is_one_line(self, shell: Shell, tmp_path: Path, content: bytes) -> None:
        (tmp_path / "t.csv").write_bytes(content)
        assert shell.bulk(str(tmp_path / "t.csv")) == 2
        assert len(shell.err.splitlines()) == 1

    def test_a_folder_for_an_input_is_one_line(self, shell: Shell, tmp_path: Path) -> None:
        assert shell.bulk(str(tmp_path)) == 2
        assert shell.err == f"{tmp_path} is a folder, not a file of rows\n"

    def test_a_folder_that_cannot_be_written_is_found_before_anything_is_paid(self, shell: Shell, csv: Csv) -> None:
        shell.into.write_text("a file")
        assert shell.bulk(csv(rows("One"))) == 2
        assert shell.err.splitlines()[-1] == f"cannot write into {shell.into}: File exists"
        assert shell.emulators[0].log.counts["POST /v3/videos"] == 0

    @pytest.mark.parametrize(
        ("words", "hint"),
        [
            (["bulk"], "INPUT"),
            (["bulk", "t.csv", "--into", "v", "--fast"], "--fast"),
            (["bulk", "t.csv", "--into", "v", "--at-once", "0"], "--at-once"),
            (["bulk", "t.csv", "--into", "v", "--at-once", "many"], "--at-once"),
            (["bulk", "t.csv", "--into", "v", "--emulator", "--speed", "0"], "--speed"),
            (["emulate"], "emulate"),
        ],
    )
    def test_wrong_words_are_two_lines(self, shell: Shell, words: list[str], hint: str) -> None:
        assert shell.run(*words) == 2
        first, second = shell.err.splitlines()
        assert hint in first
        assert second == "heygen-async --help lists the commands and options"

    def test_an_address_is_not_for_the_emulator(self, shell: Shell, csv: Csv) -> None:
        assert shell.bulk(csv(rows("One")), "--base-url", "https://a.b") == 2
        assert "--base-url" in shell.err

    def test_an_address_that_would_leak_the_key_is_refused(
        self, shell: Shell, csv: Csv, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("HEYGEN_API_KEY", "secret")
        words = "bulk", csv(rows("One")), "--into", str(shell.into), "--base-url", "http://example.com"
        assert shell.run(*words) == 2
        assert len(shell.err.splitlines()) == 1
        assert "secret" not in shell.err


class TestPermission:
    def test_without_a_key_one_line_names_it_and_the_emulator(
        self, shell: Shell, csv: Csv, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.delenv("HEYGEN_API_KEY", raising=False)
        assert shell.run("bulk", csv(rows("One")), "--into", str(shell.into)) == 3
        (line,) = shell.err.splitlines()
        assert "HEYGEN_API_KEY" in line
        assert "--emulator" in line

    @pytest.mark.parametrize(
        ("status", "code"), [(401, "unauthorized"), (402, "insufficient_credit"), (403, "forbidden")]
    )
    def test_a_run_that_is_refused_altogether_is_3(self, shell: Shell, csv: Csv, status: int, code: str) -> None:
        shell.faults = [Fault(Refuse(status, code), method="POST", path="/v3/videos")]
        assert shell.bulk(csv(rows("One", "Two", "Three")), "--at-once", "1") == 3
        assert f"code {code}" in shell.out
        assert shell.files == []

    def test_a_wallet_that_runs_empty_midway_is_1(self, shell: Shell, csv: Csv) -> None:
        shell.faults = [Fault(Refuse(402, "insufficient_credit"), method="POST", path="/v3/videos", times=1)]
        shell.into.mkdir()
        (shell.into / "One.mp4").write_bytes(b"kept")
        assert shell.bulk(csv(rows("One", "Two", "Three")), "--at-once", "1") == 1
        assert "0 done, 1 failed, 1 kept, 1 not sent" in shell.out

    def test_an_error_of_the_whole_command_has_its_code_too(self) -> None:
        refused = NotPermitted("no", status=403)
        assert [cli._code(fault) for fault in (refused, HeyGenError("odd"))] == [3, 1]


class TestInterruption:
    """Signals come at known moments: when the emulator is asked for a certain video."""

    def interrupt_at(self, shell: Shell, number: int, *signals: signal.Signals, seconds: float = 1e9) -> None:
        asked = 0

        def interrupt(_: VideoRequest) -> float:
            nonlocal asked
            asked += 1
            if asked == number:
                for one in signals:
                    os.kill(os.getpid(), one)
            return seconds

        shell.render_seconds = interrupt

    @pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
    def test_once_finishes_what_is_under_way_and_names_what_renders(
        self, shell: Shell, csv: Csv, number: signal.Signals
    ) -> None:
        self.interrupt_at(shell, 3, number)
        before = signal.getsignal(number)
        assert shell.bulk(csv(rows("1", "2", "3", "4", "5", "6")), "--at-once", "3") == 130
        assert signal.getsignal(number) is before
        assert "Stopping: no new videos; waiting for " in shell.err
        assert "3 still rendering, 3 not sent" in shell.out
        made = shell.emulators[0].account.videos
        tail = shell.out[shell.out.index("Left at HeyGen:") :].splitlines()
        assert {line.split()[0] for line in tail[1:4]} == set(made)
        assert {line.split()[1] for line in tail[1:4]} == {video.request.title for video in made.values()}
        assert tail[4] == "They ended with the emulator of this program."
        assert shell.files == []

    def test_twice_ends_at_once(self, shell: Shell, csv: Csv) -> None:
        self.interrupt_at(shell, 3, signal.SIGINT, signal.SIGINT, signal.SIGINT)
        assert shell.bulk(csv(rows("1", "2", "3", "4", "5")), "--at-once", "3") == 130
        assert " cut short in " in shell.out
        assert shell.files == []

    def test_a_signal_that_is_ignored_stays_ignored(self, shell: Shell, csv: Csv) -> None:
        before = signal.signal(signal.SIGINT, signal.SIG_IGN)
        try:
            self.interrupt_at(shell, 1, signal.SIGINT, seconds=1)
            assert shell.bulk(csv(rows("One"))) == 0
        finally:
            signal.signal(signal.SIGINT, before)

    def test_before_the_run_ctrl_c_is_130_without_a_word(self, shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
        class Slow(io.BytesIO):
            def read(self, *_: Any) -> bytes:
                raise KeyboardInterrupt

        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(Slow()))
        assert shell.bulk("-") == 130
        assert (shell.out, shell.err) == ("", "")

    @pytest.mark.anyio
    async def test_a_run_that_is_cancelled_from_outside_leaves_nothing(self, csv: Csv, tmp_path: Path) -> None:
        source = Source(Path(csv(rows("One", "Two"))), tmp_path)
        table = source.rows()
        board = board_for(io.StringIO(), io.StringIO(), as_json=False)
        async with emulator_that_waits(1) as (emulator, asked), no_task_left():
            client = HeyGen("key", base_url=emulator.url)
            run = asyncio.create_task(
                bulking._bulk(bulking._Order(table, source, tmp_path / "videos", None), client, Attempt(board, ""))
            )
            await asked.wait()
            run.cancel()
            with pytest.raises(asyncio.CancelledError):
                await run
        assert list((tmp_path / "videos").iterdir()) == []


@asynccontextmanager
async def emulator_that_waits(number: int) -> AsyncIterator[tuple[Emulator, asyncio.Event]]:
    """An emulator whose videos never end, and when it was asked for so many."""
    asked, event = 0, asyncio.Event()

    def seconds(_: VideoRequest) -> float:
        nonlocal asked
        asked += 1
        if asked == number:
            event.set()
        return 60

    async with Emulator(clock=ManualClock(), synthetic=3000, render_seconds=seconds) as emulator:
        yield emulator, event


@pytest.mark.anyio
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGHUP])
async def test_ctrl_c_in_a_shell_says_how_to_go_on(csv: Csv, tmp_path: Path, number: signal.Signals) -> None:
    words = ["bulk", csv(rows("1", "2", "3")), "--into", str(tmp_path / "videos"), "--at-once", "2"]
    async with emulator_that_waits(2) as (emulator, asked):
        process = await asyncio.create_subprocess_exec(
            *SHELL,
            *words,
            env=os.environ | {"HEYGEN_API_KEY": "key", "HEYGEN_API_BASE": emulator.url},
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        await asked.wait()
        process.send_signal(number)
        out, err = (text.decode() for text in await process.communicate())
    assert process.returncode == 4
    assert "Stopping: no new videos" in err
    assert all(name in out for name in emulator.account.videos)
    assert out.splitlines()[-1] == f"Stopped early; go on with: heygen-async resume {tmp_path}/videos"
    assert [path.name for path in (tmp_path / "videos").iterdir()] == ["journal.db"]


class TestHelp:
    def test_the_version_is_printed(self, shell: Shell) -> None:
        assert shell.run("--version") == 0
        assert shell.out.strip() == __version__

    @pytest.mark.parametrize("words", [["--help"], ["bulk", "--help"]])
    def test_help_names_every_option_and_the_exit_codes(self, shell: Shell, words: list[str]) -> None:
        assert shell.run(*words) == 0
        assert "Exit codes:" in shell.out
        for code in ("0 ", "1 ", "2 ", "3 ", "4 ", "130 "):
            assert f"\n  {code}" in shell.out
        for option in ("--at-once", "--json", "INPUT") if words[0] == "bulk" else ("bulk", "emulator"):
            assert option in shell.out

    def test_the_emulator_speaks_for_itself(self, capsys: pytest.CaptureFixture[str]) -> None:
        with pytest.raises(SystemExit, match="0"):
            main(["emulator", "--help"])
        assert "--strict-urls" in capsys.readouterr().out
        with pytest.raises(SystemExit, match="2"):
            main(["emulator", "--port", "70000"])
        assert "heygen-async emulator: error: argument --port" in capsys.readouterr().err


def test_ctrl_c_at_the_very_end_changes_no_exit_code(monkeypatch: pytest.MonkeyPatch) -> None:
    before = signal.getsignal(signal.SIGINT)
    monkeypatch.setattr("heygen_async.__main__.main", lambda: 130)
    try:
        with pytest.raises(SystemExit, match="130"):
            console()
        assert signal.getsignal(signal.SIGINT) is signal.SIG_IGN
    finally:
        signal.signal(signal.SIGINT, before)


class TestQuickHelp:
    def test_it_is_there_without_what_the_commands_need(self) -> None:
        code = (
            "import sys; from heygen_async.shell import cli; code = cli.run(['--help']); "
            "sys.exit(code or [name for name in ('aiohttp', 'cattrs', 'sqlite3', 'heygen_async.client') "
            "if name in sys.modules])"
        )
        done = subprocess.run(
            [sys.executable, "-c", code], env=unmeasured(), capture_output=True, text=True, check=False
        )
        assert done.stderr.strip() == "[]"
        assert "Make a video of each row of a file." in done.stdout

    @pytest.mark.parametrize("command", [bulking.bulk, bulking.resume, migrate])
    def test_a_command_is_called_there_what_it_calls_itself(self, shell: Shell, command: Callable[..., int]) -> None:
        words = inspect.cleandoc(command.__doc__ or "").partition("\n\nParameters")[0]
        assert shell.run(command.__name__, "--help") == 0
        assert " ".join(words.split()) in " ".join(shell.out.split())


class TestExtras:
    @pytest.mark.parametrize("name", ["cyclopts", "rich"])
    def test_without_the_extra_one_line_says_what_to_install(
        self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], name: str
    ) -> None:
        for module in list(sys.modules):
            if module in {"heygen_async.shell.cli", "heygen_async.shell.progress"} or module.partition(".")[0] == name:
                monkeypatch.delitem(sys.modules, module)
        monkeypatch.setitem(sys.modules, name, None)
        assert main(["--help"]) == 2
        assert 'pip install "heygen-async[cli]"' in capsys.readouterr().err

    def test_another_module_that_is_missing_is_a_fault_of_ours(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.delitem(sys.modules, "heygen_async.shell.cli")
        monkeypatch.setitem(sys.modules, "heygen_async.log", None)
        with pytest.raises(ModuleNotFoundError):
            main(["--help"])

    def test_without_the_emulators_extra_one_line_says_what_to_install(
        self, capsys: pytest.CaptureFixture[str], csv: Csv, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setitem(sys.modules, "av", None)
        assert main(["bulk", csv(rows("One")), "--into", str(tmp_path / "v"), "--emulator"]) == 2
        (line,) = capsys.readouterr().err.splitlines()
        assert 'pip install "heygen-async[emulator]"' in line


@pytest.fixture
def emulated() -> Iterator[tuple["subprocess.Popen[str]", str]]:
    """``heygen-async emulator`` in a process of its own, and its address."""
    words = ["emulator", "--port", "0", "--synthetic", "3000", "--api-key", "right"]
    with subprocess.Popen([*SHELL, *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        yield process, process.stdout.readline().split()[-1]
        process.kill()


@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 0), (signal.SIGINT, 130)])
def test_the_emulator_serves_until_it_is_told_to_end(
    emulated: "tuple[subprocess.Popen[str], str]", number: signal.Signals, code: int
) -> None:
    process, url = emulated
    assert requests.get(f"{url}/v3/voices", timeout=30).status_code == 401
    process.send_signal(number)
    _, err = process.communicate(timeout=30)
    assert process.returncode == code
    assert "GET /v3/voices 401" in err
    assert "Traceback" not in err


def test_nobody_reading_the_output_is_no_traceback(
    csv: Csv, tmp_path: Path, emulated: tuple["subprocess.Popen[str]", str]
) -> None:
    words = ["bulk", csv(rows("One")), "--into", str(tmp_path / "none" / "v"), "--json"]
    (tmp_path / "none" / "v").mkdir(parents=True)
    (tmp_path / "none" / "v" / "One.mp4").write_bytes(b"kept")
    surroundings = os.environ | {"HEYGEN_API_KEY": "right", "HEYGEN_API_BASE": emulated[1]}
    read, write = os.pipe()
    os.close(read)
    done = subprocess.run(
        [*SHELL, *words], env=surroundings, stdout=write, stderr=subprocess.PIPE, text=True, check=False
    )
    os.close(write)
    assert (done.returncode, done.stderr) == (130, "")


def test_a_fault_shows_its_traceback_in_the_debug_log_only(tmp_path: Path) -> None:
    words = [*SHELL, "bulk", str(tmp_path / "none.csv"), "--into", "v"]
    for level, traces in (("", 0), ("debug", 1)):
        done = subprocess.run(
            words, env=os.environ | {"HEYGEN_LOG": level}, capture_output=True, text=True, check=False
        )
        assert done.returncode == 2
        assert done.stderr.count("Traceback") == traces
        assert done.stderr.splitlines()[-1] == f"there is no file {tmp_path}/none.csv"
