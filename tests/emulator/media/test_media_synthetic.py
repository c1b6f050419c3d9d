"""Synthetic files are real MP4s of the size that was asked for."""

from pathlib import Path

import av
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from heygen_async.emulator.media import Render, sniff, synthetic


def boxes(content: bytes) -> list[tuple[bytes, int]]:
    found, place = [], 0
    while place < len(content):
        size = int.from_bytes(content[place : place + 4])
        found.append((content[place + 4 : place + 8], size))
        place += size
    assert place == len(content)
    return found


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("synthetic")


@settings(max_examples=25)
@given(size=st.integers(690, 300_000), seed=st.text(max_size=5))
def test_the_boxes_fill_the_file_to_the_byte(folder: Path, size: int, seed: str) -> None:
    made = synthetic(size, folder / "a.mp4", seed)
    content = made.video.read_bytes()
    assert len(content) == size
    assert [name for name, _ in boxes(content)] == [b"ftyp", b"moov", b"mdat"]
    assert sniff(content) == "video/mp4"
    assert [path.name for path in folder.iterdir()] == ["a.mp4"]


@pytest.mark.parametrize("size", [690, 100_000])
def test_it_plays(tmp_path: Path, size: int) -> None:
    made = synthetic(size, tmp_path / "a.mp4", "seed", seconds=2.5)
    assert made == Render(duration=2.5, video=tmp_path / "a.mp4", thumbnail=None)
    with av.open(str(made.video)) as file:
        assert file.duration == 2_500_000
        (frame,) = list(file.decode(video=0))
        assert (frame.width, frame.height) == (64, 64)
        red, green, blue = frame.to_image().getpixel((32, 32))
        assert abs(red - 0x60) + abs(green - 0x80) + abs(blue - 0xA0) < 12


def test_equal_seeds_make_equal_files_and_others_do_not(tmp_path: Path) -> None:
    one, same, other = (synthetic(5000, tmp_path / name, seed).video.read_bytes() for name, seed in ("1a", "2a", "3b"))
    assert one == same != other


def test_no_piece_of_a_file_is_equal_to_another(tmp_path: Path) -> None:
    content = synthetic(400_000, tmp_path / "a.mp4", "seed").video.read_bytes()
    pieces = [content[start : start + 65_536] for start in range(1000, 320_000, 65_536)]
    assert len(set(pieces)) == len(pieces)


@pytest.mark.parametrize("size", [-1, 0, 689, 1 << 32])
def test_a_size_that_no_such_file_has_is_refused(tmp_path: Path, size: int) -> None:
    with pytest.raises(ValueError, match=f"from 690 to 4294967295 bytes, not {size}"):
        synthetic(size, tmp_path / "a.mp4", "seed")
    assert list(tmp_path.iterdir()) == []


def test_nothing_is_left_where_it_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "a.mp4").mkdir()
    with pytest.raises(OSError, match=r"a\.mp4"):
        synthetic(1000, tmp_path / "a.mp4", "seed")
    assert [path.name for path in tmp_path.iterdir()] == ["a.mp4"]
