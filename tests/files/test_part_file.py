"""A file that is not whole yet: what was given is on disk in its order, and the disk is done with when it is closed."""

import asyncio
import os
import sys
import threading
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

import anyio.to_thread
import pytest
from hypothesis import given
from hypothesis import strategies as st
from threads import SlowThreads

from heygen_async.files import part_file
from heygen_async.files.part_file import opened, part_of, sweep

pytestmark = pytest.mark.anyio


async def test_blocks_come_to_disk_in_their_order_and_in_all_their_pieces(tmp_path: Path) -> None:
    async with opened(tmp_path / "a.part") as file:
        await file.write([b"one ", b"two "])
        await file.write([b"three ", b"", b"four"])
        await file.flush()
        assert (tmp_path / "a.part").read_bytes() == b"one two three four"


async def test_the_next_block_may_come_while_one_is_being_written(tmp_path: Path) -> None:
    disk = SlowThreads("writelines")
    asyncio.get_running_loop().set_default_executor(disk)
    async with opened(tmp_path / "a.part") as file:
        await file.write([b"one "])  # returns although the disk is at work
        await anyio.to_thread.run_sync(disk.reached.wait)
        second = asyncio.create_task(file.write([b"two"]))
        await asyncio.sleep(0)
        assert not second.done()  # there is one block in a thread at most
        disk.go.set()
        await second
    assert (tmp_path / "a.part").read_bytes() == b"one two"


async def test_what_was_begun_anew_holds_nothing_of_before(tmp_path: Path) -> None:
    async with opened(tmp_path / "a.part") as file:
        await file.write([b"something long"])
        await file.restart(same=False)
        await file.write([b"short"])
    assert (tmp_path / "a.part").read_bytes() == b"short"


async def test_a_disk_that_refuses_is_told_with_the_next_block_and_whenever_asked(tmp_path: Path) -> None:
    if not Path("/dev/full").exists():
        pytest.xfail("this system has no full device")
    async with opened(Path("/dev/full")) as file:
        await file.write([b"one"])
        for later in (partial(file.write, [b"two"]), file.flush, file.flush):
            with pytest.raises(OSError, match="No space left"):
                await later()


async def one_and_two(path: Path) -> None:
    async with opened(path) as file:
        await file.write([b"one"])
        await file.restart(same=False)
        await file.write([b"two"])


@pytest.mark.parametrize("times", [1, 2, 3, 5])
@pytest.mark.parametrize("step", ["_Disk", "writelines", "truncate", "close"])
async def test_however_often_it_is_cancelled_it_is_closed_first(
    tmp_path: Path, collected: None, step: str, times: int
) -> None:
    disk = SlowThreads(step)
    asyncio.get_running_loop().set_default_executor(disk)
    task = asyncio.create_task(one_and_two(tmp_path / "a.part"))
    await anyio.to_thread.run_sync(disk.reached.wait)
    for _ in range(times):
        task.cancel()
        await asyncio.sleep(0)
        await asyncio.sleep(0)
    assert not task.done() or step == "truncate"  # of which nothing has begun yet, and nothing will
    disk.go.set()
    with pytest.raises(asyncio.CancelledError):
        await task


def test_a_number_is_never_that_of_another_file_while_a_thread_writes_to_it(
    tmp_path: Path, collected: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, go, over, real = threading.Event(), threading.Event(), threading.Event(), os.writev

    def write_slowly(number: int, pieces: Sequence[bytes]) -> int:
        begun.set()
        go.wait(10)
        try:
            return real(number, pieces)
        finally:
            over.set()

    async def write() -> None:
        try:
            await one_and_two(tmp_path / "a.part")
        finally:  # the loop is at its end, and has cancelled every task
            with (tmp_path / "other").open("wb", buffering=0) as other:
                go.set()  # a thread that were still at it would write now, into this file
                over.wait(10)
                other.write(b"other")

    async def main() -> None:
        task = asyncio.create_task(write())
        await anyio.to_thread.run_sync(begun.wait)
        task.cancel()
        threading.Timer(0.05, go.set).start()

    monkeypatch.setattr(os, "writev", write_slowly)
    asyncio.run(main())
    assert (tmp_path / "other").read_bytes() == b"other"


@pytest.mark.parametrize("step", ["_Disk", "writelines", "truncate", "close"])
async def test_a_scope_of_anyio_is_left_only_when_it_is_closed(tmp_path: Path, collected: None, step: str) -> None:
    disk = SlowThreads(step)
    asyncio.get_running_loop().set_default_executor(disk)

    async def write(scope: anyio.CancelScope) -> None:
        with scope:
            await one_and_two(tmp_path / "a.part")

    scope = anyio.CancelScope()
    task = asyncio.create_task(write(scope))
    await anyio.to_thread.run_sync(disk.reached.wait)
    scope.cancel()
    for _ in range(5):
        await asyncio.sleep(0)
    assert not task.done() or step == "truncate"
    disk.go.set()
    await task
    assert scope.cancelled_caught is (step != "close")  # then all was done, and nobody awaits anything more


@pytest.mark.parametrize("cancelled", [True, False])
@pytest.mark.parametrize("body", [None, KeyError("mine")], ids=["well", "in an error"])
async def test_a_close_that_fails_hides_neither_a_cancellation_nor_what_went_wrong_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, cancelled: bool, body: Exception | None
) -> None:
    disk, real = SlowThreads("close"), part_file._Disk.close

    def close(self: part_file._Disk) -> None:
        if not self.closed:
            real(self)
            raise OSError(28, "No space left on device")

    monkeypatch.setattr(part_file._Disk, "close", close)
    asyncio.get_running_loop().set_default_executor(disk)

    async def write() -> None:
        async with opened(tmp_path / "a.part"):
            if body is not None:
                raise body

    task = asyncio.create_task(write())
    await anyio.to_thread.run_sync(disk.reached.wait)
    if cancelled:
        task.cancel()
    disk.go.set()
    with pytest.raises(asyncio.CancelledError if cancelled else type(body) if body else OSError):
        await task


async def test_a_loop_without_threads_closes_it_all_the_same(tmp_path: Path, collected: None) -> None:
    async def write() -> None:
        async with opened(tmp_path / "a.part") as file:
            await file.write([b"one"])
            await file.flush()
            await asyncio.get_running_loop().shutdown_default_executor()

    await write()
    assert (tmp_path / "a.part").read_bytes() == b"one"


async def test_a_disk_that_refuses_to_open_says_so_unless_somebody_has_cancelled(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        async with opened(tmp_path / "nowhere" / "a.part"):
            pass
    disk = SlowThreads("_Disk")
    asyncio.get_running_loop().set_default_executor(disk)

    async def write() -> None:
        async with opened(tmp_path / "nowhere" / "a.part"):
            pass

    task = asyncio.create_task(write())
    await anyio.to_thread.run_sync(disk.reached.wait)
    task.cancel()
    await asyncio.sleep(0)
    disk.go.set()
    with pytest.raises(asyncio.CancelledError):
        await task


@given(
    pieces=st.lists(st.binary(max_size=20), max_size=8),
    taken=st.lists(st.integers(1, 30), min_size=1, max_size=4),
    at_once=st.booleans(),
)
def test_a_disk_may_take_a_part_at_a_time(pieces: list[bytes], taken: list[int], at_once: bool) -> None:
    content, turns = bytearray(), iter(taken * 200)

    def take(_: int, given: bytes | memoryview) -> int:
        part = bytes(given)[: next(turns)]
        content.extend(part)
        return len(part)

    def take_all(number: int, given: Sequence[bytes]) -> int:
        return take(number, b"".join(given)) if at_once else 0

    with pytest.MonkeyPatch.context() as patch, part_file._Disk(Path(os.devnull)) as disk:
        patch.setattr(os, "write", take)
        patch.setattr(os, "writev", take_all)
        disk.writelines(pieces)
    assert bytes(content) == b"".join(pieces)


def test_a_system_that_writes_pieces_one_by_one_only_does_that(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.delattr(os, "writev", raising=False)
    with part_file._Disk(tmp_path / "a.part") as disk:
        disk.writelines([b"one ", b"", b"two"])
    assert (tmp_path / "a.part").read_bytes() == b"one two"


def test_a_file_is_cut_where_it_is_at_or_where_it_is_told(tmp_path: Path) -> None:
    with part_file._Disk(tmp_path / "a.part") as disk:
        disk.writelines([b"one two three"])
        disk.truncate(7)
        disk.truncate()
        disk.writelines([b"!"])
    assert (tmp_path / "a.part").read_bytes() == b"one two!"


@pytest.mark.parametrize("name", ["film.mp4", "ä" * 80 + ".mp4", "a.b.mp4"])
def test_what_a_killed_process_has_left_is_swept_and_nothing_else(tmp_path: Path, name: str) -> None:
    target, other = tmp_path / name, tmp_path / ".mine-01234567.part"
    parts = {part_of(target) for _ in range(3)}
    assert len(parts) == 3
    touch: Callable[[Path], None] = Path.touch
    for path in (*parts, other, target):
        touch(path)
    assert sweep(tmp_path, [name]) == 3
    assert {path.name for path in tmp_path.iterdir()} == {name, other.name}
