"""A file that is not whole yet: what was given is on disk in its order, and the disk is done with when it is closed."""

import asyncio
import os
import sys
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
    disk = SlowThreads("_write_all")
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


async def test_it_is_closed_only_when_the_thread_has_let_go_of_it(tmp_path: Path) -> None:
    disk = SlowThreads("_write_all")
    asyncio.get_running_loop().set_default_executor(disk)

    async def write() -> None:
        async with opened(tmp_path / "a.part") as file:
            await file.write([b"one"])
            await file.flush()

    task = asyncio.create_task(write())
    await anyio.to_thread.run_sync(disk.reached.wait)
    task.cancel()
    await asyncio.sleep(0.01)
    assert not task.done()  # its number must not become that of another file meanwhile
    disk.go.set()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert (tmp_path / "a.part").read_bytes() == b"one"


@given(
    pieces=st.lists(st.binary(max_size=20), max_size=8),
    taken=st.lists(st.integers(1, 30), min_size=1, max_size=4),
    at_once=st.booleans(),
)
def test_a_disk_may_take_a_part_at_a_time(pieces: list[bytes], taken: list[int], at_once: bool) -> None:
    content, turns = bytearray(), iter(taken * 100)

    def take(_: int, given: bytes | memoryview) -> int:
        part = bytes(given)[: next(turns)]
        content.extend(part)
        return len(part)

    def take_all(number: int, given: Sequence[bytes]) -> int:
        return take(number, b"".join(given)) if at_once else 0

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "write", take)
        patch.setattr(os, "writev", take_all)
        part_file._write_all(1, pieces)
    assert bytes(content) == b"".join(pieces)


def test_a_system_that_writes_pieces_one_by_one_only_does_that(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.delattr(os, "writev", raising=False)
    with (tmp_path / "a.part").open("wb") as file:
        part_file._write_all(file.fileno(), [b"one ", b"", b"two"])
    assert (tmp_path / "a.part").read_bytes() == b"one two"


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
