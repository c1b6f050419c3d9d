"""A file as it was at one moment: read in blocks, hashed in blocks, and never a mixture of two versions."""

import asyncio
import os
import shutil
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heygen_async.errors import RequestInvalid
from heygen_async.files import snapshot as module
from heygen_async.files.snapshot import Snapshot

pytestmark = pytest.mark.anyio

CHANGES: dict[str, Callable[[Path], object]] = {
    "shorter": lambda path: os.truncate(path, 5),
    "longer": lambda path: os.truncate(path, 500),
    "touched": lambda path: os.utime(path, (1, 1)),
    "replaced": lambda path: (shutil.copy2(path, f"{path}.new"), Path(f"{path}.new").replace(path)),
}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "file.bin"
    path.write_bytes(bytes(range(100)))
    return path


async def test_a_block_is_what_lies_between_two_bytes(file: Path) -> None:
    snapshot = await Snapshot.of(file)
    assert snapshot.size == 100
    assert await snapshot.block(10, 5) == bytes(range(10, 15))
    assert await snapshot.block(90) == bytes(range(90, 100))


async def test_equal_snapshots_are_one_unchanged_file(file: Path) -> None:
    first = await Snapshot.of(file)
    assert await Snapshot.of(file) == first
    os.utime(file, (1, 1))
    assert await Snapshot.of(file) != first


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
async def test_a_file_that_has_changed_is_read_no_more(file: Path, change: Callable[[Path], object]) -> None:
    snapshot = await Snapshot.of(file)
    change(file)
    with pytest.raises(RequestInvalid, match=r"file\.bin has changed while it was uploaded"):
        await snapshot.block(0)
    with pytest.raises(RequestInvalid, match="has changed"):
        await snapshot.checksum()


async def test_a_file_that_has_gone_is_named(file: Path) -> None:
    snapshot = await Snapshot.of(file)
    await asyncio.to_thread(file.unlink)
    for reading in (snapshot.block(0), Snapshot.of(file)):
        with pytest.raises(RequestInvalid, match=r"file\.bin cannot be read: No such file"):
            await reading


@given(st.binary(max_size=50), st.integers(1, 60))
def test_the_checksum_is_that_of_all_bytes_however_they_are_read(content: bytes, block: int) -> None:
    with TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "_HASHED", block)
        path = Path(folder, "file")
        path.write_bytes(content)

        async def hashed() -> str:
            return await (await Snapshot.of(path)).checksum()

        assert asyncio.run(hashed()) == sha256(content).hexdigest()


async def test_a_checksum_that_is_cancelled_ends_after_the_block_at_hand(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, read = tmp_path / "large.bin", 0
    with path.open("wb") as file:
        file.truncate(2**30)
    block, reached, go = Snapshot._block, asyncio.Event(), asyncio.Event()
    loop = asyncio.get_running_loop()

    def slowly(self: Snapshot, start: int, size: int) -> bytes:
        nonlocal read
        read += 1
        loop.call_soon_threadsafe(reached.set)
        asyncio.run_coroutine_threadsafe(go.wait(), loop).result(10)
        return block(self, start, size)

    monkeypatch.setattr(Snapshot, "_block", slowly)
    hashing = asyncio.create_task((await Snapshot.of(path)).checksum())
    await reached.wait()
    hashing.cancel()
    go.set()
    await asyncio.wait([hashing])
    assert hashing.cancelled()
    assert read == 1
