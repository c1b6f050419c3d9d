import os
from pathlib import Path

import pytest

from heygen_async.api.media import MEDIA_TYPES, Address, Asset, Base64, LocalFile, Url
from heygen_async.errors import RequestInvalid


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    path = tmp_path / "face.png"
    path.write_bytes(b"x")
    return path


@pytest.mark.parametrize("ending", MEDIA_TYPES)
def test_a_file_of_every_kind_that_heygen_takes_is_fine_in_any_case(tmp_path: Path, ending: str) -> None:
    for name in (f"a{ending}", f"B{ending.upper()}"):
        (tmp_path / name).write_bytes(b"x")
        assert LocalFile(tmp_path / name).path == tmp_path / name


def test_a_path_may_be_text(picture: Path) -> None:
    assert LocalFile(str(picture)) == LocalFile(picture)


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(RequestInvalid, match=r"there is no file .*missing\.png"):
        LocalFile(tmp_path / "missing.png")


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    (tmp_path / "folder.png").mkdir()
    with pytest.raises(RequestInvalid, match="there is no file"):
        LocalFile(tmp_path / "folder.png")


def test_a_file_of_another_kind_is_told_which_there_are(tmp_path: Path) -> None:
    (tmp_path / "a.bmp").write_bytes(b"x")
    with pytest.raises(RequestInvalid, match=r"a\.bmp ends in none of \.png, \.jpg"):
        LocalFile(tmp_path / "a.bmp")


@pytest.mark.parametrize("size", [0, 32 * 2**20 + 1])
def test_a_file_that_is_empty_or_too_large_is_told_its_size(tmp_path: Path, size: int) -> None:
    path = tmp_path / "a.mp4"
    path.touch()
    os.truncate(path, size)
    with pytest.raises(RequestInvalid, match=f"has {size:,} bytes; HeyGen takes 1 to 33,554,432"):
        LocalFile(path)


def test_a_file_of_exactly_the_largest_size_is_fine(tmp_path: Path) -> None:
    path = tmp_path / "a.mp4"
    path.touch()
    os.truncate(path, 32 * 2**20)
    LocalFile(path)


def test_everything_that_is_wrong_with_a_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "a.txt").touch()
    with pytest.raises(RequestInvalid) as caught:
        LocalFile(tmp_path / "a.txt")
    assert len(caught.value.problems) == 2


def test_an_address_is_one_of_the_web_or_a_local_file(picture: Path) -> None:
    assert Address()(LocalFile(picture)) is None
    assert Address()("https://a/b") is None
    assert "must start with https://" in (Address()(str(picture)) or "")


def test_an_address_that_is_none_an_empty_id_and_empty_bytes_are_refused() -> None:
    with pytest.raises(RequestInvalid, match=r"url: is 'a\.png'"):
        Url("a.png")
    with pytest.raises(RequestInvalid, match="asset_id: must not be empty"):
        Asset(" ")
    with pytest.raises(RequestInvalid, match=r"media_type: must not be empty; data: must not be empty"):
        Base64("", "")


def test_bytes_are_not_in_the_repr() -> None:
    assert repr(Base64("image/png", "aGVsbG8=")) == "Base64(media_type='image/png')"
