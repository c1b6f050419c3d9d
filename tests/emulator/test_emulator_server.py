"""The emulator as one thing: begun, ended without a trace, and run from a shell."""

import asyncio
import os
import re
import signal
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from visitor import ANNA, PNG, Visitor, another, until, upload

from heygen_async.clock import ManualClock
from heygen_async.emulator import Chaos, Emulator, MissingExtra, serve
from heygen_async.emulator import server as server_module
from heygen_async.emulator.__main__ import main
from heygen_async.emulator.threads import Threads

pytestmark = pytest.mark.anyio


def threads() -> list[str]:
    return [thread.name for thread in threading.enumerate() if thread.name.startswith("heygen")]


async def test_nothing_is_left_behind(clock: ManualClock) -> None:
    before = asyncio.all_tasks()
    async with Emulator(clock=clock, synthetic=2000, render_seconds=60) as emulator, aiohttp.ClientSession() as session:
        visitor = Visitor(session, emulator.url, clock)
        await upload(visitor, PNG)
        await visitor.completed()
        assert emulator._service is not None
        folder = emulator._service.folders.uploads.parent
        assert threads()
        assert len(list((folder / "uploads").iterdir())) == 1
    assert threads() == []
    assert not folder.exists()
    for _ in range(5):
        await asyncio.sleep(0)
    assert asyncio.all_tasks() == before


async def test_a_download_does_not_hold_up_the_end(clock: ManualClock) -> None:
    async with another(clock, synthetic=50_000_000) as (emulator, visitor):
        session, video = visitor.session, await visitor.completed()
        async with session.get(video["video_url"]) as answer:
            await answer.content.read(10)
            await emulator.aclose()
            with pytest.raises(aiohttp.ClientError):
                await answer.read()
    assert threads() == []


async def test_a_client_that_leaves_in_the_middle_of_a_file_is_no_mistake(
    clock: ManualClock, caplog: pytest.LogCaptureFixture
) -> None:
    async with another(clock, synthetic=50_000_000) as (emulator, visitor):
        video = await visitor.completed()
        async with visitor.session.get(video["video_url"]) as answer:
            await answer.content.read(10)
            answer.close()
        await until(lambda: emulator.log.requests("GET", "/files/*"))
        assert emulator.log.served[-1].status is None
    assert "went wrong" not in caplog.text


async def test_a_folder_of_ones_own_stays(tmp_path: Path, clock: ManualClock) -> None:
    async with another(clock, folder=tmp_path / "new") as (_, visitor):
        video = await visitor.completed()
        await visitor.fetch(video["video_url"])
    assert (tmp_path / "new" / "videos" / f"{video['id']}.mp4").stat().st_size == 2000


async def test_an_emulator_is_started_once() -> None:
    emulator = Emulator(synthetic=2000)
    assert repr(emulator) == "<Emulator not started, 0 videos>"
    with pytest.raises(RuntimeError, match="is not started"):
        _ = emulator.url
    await emulator.idle()
    await emulator.aclose()
    async with emulator:
        assert repr(emulator) == f"<Emulator {emulator.url}, 0 videos>"
        await emulator.idle()
        with pytest.raises(RuntimeError, match="started once"):
            await emulator.start()
    await emulator.aclose()


async def test_an_address_that_is_taken_leaves_nothing_behind(emulator: Emulator) -> None:
    before = threads()
    port = int(emulator.url.rpartition(":")[2])
    with pytest.raises(OSError, match="address already in use"):
        await Emulator(synthetic=2000, port=port).start()
    assert threads() == before


async def test_a_start_that_is_cancelled_leaves_nothing_behind() -> None:
    before = set(Path("/tmp").glob("heygen-emulator-*"))  # noqa: S108  # where such folders go
    task = asyncio.create_task(Emulator(synthetic=2000).start())
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert threads() == []
    assert set(Path("/tmp").glob("heygen-emulator-*")) <= before  # noqa: S108  # as above


@pytest.mark.parametrize(
    ("host", "url"),
    [
        ("127.0.0.1", r"http://127\.0\.0\.1:\d+"),
        ("0.0.0.0", r"http://127\.0\.0\.1:\d+"),  # noqa: S104  # that is the case to test
        ("::1", r"http://\[::1\]:\d+"),
    ],
)
async def test_its_address_can_be_reached(host: str, url: str) -> None:
    async with Emulator(synthetic=2000, host=host) as emulator, aiohttp.ClientSession() as session:
        assert re.fullmatch(url, emulator.url)
        assert (await Visitor(session, emulator.url, ManualClock()).get("/v3/users/me")).status == 200


async def test_links_lead_to_where_the_client_has_asked(visitor: Visitor, emulator: Emulator) -> None:
    answer = await visitor.send("GET", "/v3/voices", headers={"Host": "emulator.test:80"})
    assert answer.data[0]["preview_audio_url"].startswith("http://emulator.test:80/presets/")


@pytest.mark.parametrize(
    "settings",
    [
        {"clock": ManualClock(), "speed": 2},
        {"speed": 0},
        {"renders": 0},
        {"balance": -1},
        {"synthetic": 10},
        {"port": -1},
        {"speed": float("nan")},
    ],
)
def test_settings_that_make_no_sense_are_refused(settings: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"clock|at least"):
        Emulator(**settings)


async def test_without_the_extra_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server_module, "missing_extra", lambda: "pip install this")
    with pytest.raises(MissingExtra, match=r"^pip install this$"):
        await Emulator().start()
    async with Emulator(synthetic=2000):
        pass


async def test_what_needs_the_extra_says_so_when_it_is_asked_for(
    visitor: Visitor, emulator: Emulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing(*_: object) -> bytes:
        raise MissingExtra("pip install this")

    monkeypatch.setattr(server_module, "missing_extra", lambda: "pip install this")
    monkeypatch.setattr("heygen_async.emulator.media.portrait", missing)
    answer = await visitor.fetch(f"{emulator.url}/presets/looks/{ANNA}.png")
    assert answer.refusal == (503, "service_unavailable", None)
    assert answer.error["message"] == "pip install this"


def test_importing_it_needs_no_extra() -> None:
    program = (
        "import sys; sys.modules.update(dict.fromkeys(['av', 'PIL', 'espeakng_loader']));"
        "import heygen_async.emulator, heygen_async.emulator.__main__"
    )
    subprocess.run([sys.executable, "-W", "error", "-c", program], check=True)


async def test_serving_ends_when_it_is_told_to() -> None:
    lines: list[str] = []
    emulator = Emulator(synthetic=2000)
    task = asyncio.create_task(serve(emulator, lines.append))
    await until(lambda: lines)
    assert emulator.url in lines[0]
    os.kill(os.getpid(), signal.SIGTERM)
    await task
    assert threads() == []


async def test_serving_ends_when_it_is_cancelled() -> None:
    lines: list[str] = []
    task = asyncio.create_task(serve(Emulator(synthetic=2000), lines.append))
    await until(lambda: lines)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert threads() == []


async def test_it_runs_from_a_shell_until_ctrl_c(tmp_path: Path) -> None:
    words = ["-m", "heygen_async.emulator", "--port", "0", "--synthetic", "2000", "--folder", str(tmp_path / "f")]
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-W", "error", *words, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    first = (await process.stdout.readline()).decode()
    url = first.split()[-1]
    assert first.startswith("HeyGen's emulator is at http://127.0.0.1:")
    async with aiohttp.ClientSession() as session:
        await Visitor(session, url, ManualClock()).create()
    process.send_signal(signal.SIGINT)
    _, err = await process.communicate()
    assert (process.returncode, err.decode()) == (130, "POST /v3/videos 200\n")


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (["--speed", "0"], "speed is 0.0; it must be at least 1e-06"),
        (["--host", "192.0.2.1", "--synthetic", "2000"], "192.0.2.1"),
    ],
)
def test_a_shell_is_told_in_one_line_why_it_cannot_begin(
    words: list[str], reason: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*words, "--quiet"]) == (2 if words[0] == "--speed" else 1)
    err = capsys.readouterr().err
    assert reason in err
    assert err.count("\n") == 1


def test_a_shell_can_order_trouble(monkeypatch: pytest.MonkeyPatch) -> None:
    begun: list[Emulator] = []

    async def look(emulator: Emulator, _: object) -> None:
        begun.append(emulator)

    monkeypatch.setattr("heygen_async.emulator.__main__.serve", look)
    assert [main([]), main(["--faults", "chaos:7:0.5"])] == [0, 0]
    assert [emulator.faults.pending() for emulator in begun] == [[], list(Chaos(seed=7, rate=0.5))]


@pytest.mark.parametrize("word", ["chaos:x", "chaos:7:2", "no such file.json"])
def test_a_shell_is_told_what_is_wrong_with_the_trouble_it_has_ordered(
    word: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit, match="2"):
        main(["--faults", word])
    assert f"argument --faults: {word!r} cannot be used: " in capsys.readouterr().err


def test_an_end_that_was_asked_for_is_none_of_the_errors(monkeypatch: pytest.MonkeyPatch) -> None:
    async def nothing(*_: object) -> None:
        pass

    async def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    for what, code in ((nothing, 0), (interrupted, 130)):
        monkeypatch.setattr("heygen_async.emulator.__main__.serve", what)
        assert main([]) == code


async def test_cancelling_a_wait_lets_the_thread_finish() -> None:
    pool, go_on, done = Threads(1, "heygen-test"), threading.Event(), threading.Event()

    def work() -> None:
        go_on.wait(10)
        done.set()

    task = asyncio.create_task(pool.run(work))
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    go_on.set()
    await pool.aclose()
    assert done.is_set()
    assert threads() == []


def test_a_loop_that_ends_before_its_threads_is_forgiven() -> None:
    go_on = threading.Event()

    async def leave() -> Threads:
        pool = Threads(1, "heygen-test")
        pool.submit(go_on.wait, 10)
        return pool

    pool = asyncio.run(leave())
    go_on.set()
    pool._pool.shutdown(wait=True)
