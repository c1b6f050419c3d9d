"""However a download ends, it took little memory and leaves no half file."""

import asyncio
import struct
import threading
import tracemalloc
from collections.abc import AsyncIterator, Callable
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO, cast

import anyio
import pytest
from callers import until
from films import FILM, MEGABYTE, VIDEO, Fetching, Pipe, film, names, whole
from hosts import Deed, answer, hosted
from threads import SlowThreads

from heygen_async import HeyGen, ManualClock
from heygen_async.emulator import Emulator
from heygen_async.emulator.faults import Cut, Fault
from heygen_async.files.download import Download, Sink, into_file, into_path
from heygen_async.options import Limits, Options

pytestmark = pytest.mark.anyio


@pytest.fixture
async def heygen(clock: ManualClock) -> AsyncIterator[HeyGen]:
    """A client whose transport fetches the files; its API is not asked."""
    async with HeyGen("k", base_url="http://localhost", clock=clock) as client:
        yield client


# Memory.


async def test_two_hundred_megabytes_take_little_memory(heygen: HeyGen, tmp_path: Path) -> None:
    block, count = b"\xaa" * MEGABYTE, 200
    head = film(64)[:24] + struct.pack(">I4s", count * MEGABYTE + 8, b"mdat")
    announced = answer(200, head, Content_Length=len(head) + count * MEGABYTE)
    async with hosted([announced, *[block] * count]) as host:
        tracemalloc.start()
        try:
            path = await Fetching(heygen, [host.url]).to(tmp_path / "film.mp4")
            _, peak = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
    assert path.stat().st_size == len(head) + count * MEGABYTE
    assert peak < 20 * MEGABYTE
    path.unlink()


# Cancelling.


async def test_cancelling_in_mid_file_leaves_nothing(clock: ManualClock, tmp_path: Path, collected: None) -> None:
    options = Options(limits=Limits(downloads=1))
    async with (
        Emulator(clock=clock, synthetic=3000, render_seconds=60) as emulator,
        HeyGen("k", base_url=emulator.url, clock=clock, options=options) as client,
    ):
        job = await client.videos.create(VIDEO)
        await clock.drive(job.wait())
        emulator.faults.add(Fault(Cut(after=100), path="/files/*", times=1))
        download = asyncio.create_task(job.download(tmp_path / "film.mp4"))
        await until(lambda: bool(names(tmp_path) and emulator.log.requests(path="/files/*")))
        second, lane = asyncio.create_task(job.download(tmp_path / "second.mp4")), client._desk.lanes.downloads
        await until(lambda: (lane.taken, lane.waiting) == (1, 1))
        assert [name.endswith(".part") for name in names(tmp_path)] == [True]
        download.cancel()
        with pytest.raises(asyncio.CancelledError):
            await download
        await clock.drive(second)
        assert names(tmp_path) == ["second.mp4"]
        assert lane.taken == 0


@pytest.mark.parametrize("step", ["_Disk", "writelines", "close"])
@pytest.mark.parametrize("how", ["once", "at every await"])
async def test_cancelling_while_the_disk_is_at_work_leaves_nothing(
    heygen: HeyGen, tmp_path: Path, collected: None, step: str, how: str
) -> None:
    disk, scope = SlowThreads(step), anyio.CancelScope()
    asyncio.get_running_loop().set_default_executor(disk)

    async def download(url: str) -> None:
        with scope:
            await into_path(tmp_path / "film.mp4", Fetching(heygen, [url]).begin, overwrite=False)

    async with hosted(whole()) as host:
        task = asyncio.create_task(download(host.url))
        await anyio.to_thread.run_sync(disk.reached.wait)
        (task if how == "once" else scope).cancel()
        await asyncio.sleep(0)
        disk.go.set()
        await asyncio.gather(task, return_exceptions=True)
    assert task.cancelled() == (how == "once")
    assert names(tmp_path) == []
    await anyio.to_thread.run_sync(partial(disk.shutdown, wait=True))
    assert names(tmp_path) == []


async def test_cancelling_at_any_moment_leaves_all_or_nothing(heygen: HeyGen, tmp_path: Path, collected: None) -> None:
    async with hosted(whole()) as host:
        for turns in range(0, 150, 3):
            target = tmp_path / f"{turns}.mp4"
            begin = Fetching(heygen, [host.url]).begin
            task = asyncio.create_task(into_path(target, begin, overwrite=False))
            for _ in range(turns):
                await asyncio.sleep(0)
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
            assert not [name for name in names(tmp_path) if not name.endswith(".mp4")]
    assert all((tmp_path / name).read_bytes() == FILM for name in names(tmp_path))


async def test_cancelling_a_download_into_a_file_object_closes_the_connection(heygen: HeyGen) -> None:
    written = threading.Event()

    class Slow(Pipe):
        def write(self, block: Any, /) -> int:
            written.set()
            return super().write(block)

    head = answer(200, film(4 * MEGABYTE)[: 3 * MEGABYTE], Content_Length=4 * MEGABYTE)
    async with hosted([head, b"x" * 1000, Deed.HANG]) as host:
        begin: Callable[[Sink], Download] = Fetching(heygen, [host.url]).begin
        task = asyncio.create_task(into_file(cast(BinaryIO, Slow()), begin))
        await anyio.to_thread.run_sync(written.wait)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        await host.left_alone()


async def test_a_scope_of_anyio_cancels_at_every_await_and_nothing_is_left(
    heygen: HeyGen, tmp_path: Path, collected: None
) -> None:
    async with hosted(whole()) as host:
        for turns in range(0, 90, 3):
            with anyio.CancelScope() as scope:
                async with anyio.create_task_group() as group:
                    fetching = Fetching(heygen, [host.url])
                    group.start_soon(partial(into_path, tmp_path / f"{turns}.mp4", fetching.begin, overwrite=False))
                    for _ in range(turns):
                        await asyncio.sleep(0)
                    scope.cancel()
            assert not [name for name in names(tmp_path) if not name.endswith(".mp4")]
