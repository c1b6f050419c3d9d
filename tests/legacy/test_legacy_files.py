"""What the legacy upload host takes, judged by the file before anything is sent."""

from pathlib import Path
from typing import Any

import pytest
from photos import jpeg, png

from heygen_async import HeyGen, RequestInvalid
from heygen_async.emulator import Emulator
from heygen_async.legacy import PhotoFile, RawFile

pytestmark = [pytest.mark.anyio, pytest.mark.filterwarnings("ignore::heygen_async.sunset.LegacyWarning")]

MB = 2**20


def written(folder: Path, content: bytes, name: str = "photo.png") -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


@pytest.mark.parametrize(
    ("name", "content", "media_type"),
    [
        ("a.png", png(10, 10), "image/png"),
        ("a.jpg", jpeg(10, 10), "image/jpeg"),
        ("a.png", jpeg(10, 10), "image/jpeg"),
        ("no ending", png(10, 10), "image/png"),
        ("a.mp4", b"\0\0\0\x18ftypmp42", "video/mp4"),
        ("a.webm", b"x", "video/webm"),
        ("a.mp3", b"x", "audio/mpeg"),
        ("a.WAV", b"x", "audio/wav"),
    ],
)
def test_a_picture_is_told_by_its_bytes_and_the_rest_by_its_ending(
    name: str, content: bytes, media_type: str, tmp_path: Path
) -> None:
    assert RawFile(written(tmp_path, content, name)).media_type == media_type


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("a.pdf", b"x", "is none of image/jpeg, image/png"),
        ("a", b"x", "is none of"),
        ("a.mp4", b"", "has 0 bytes; the legacy API takes 1 to 10,485,760"),
        ("a.mp3", bytes(10 * MB + 1), "has 10,485,761 bytes"),
    ],
)
def test_a_file_that_v1_would_not_take_is_refused_with_the_limit(
    name: str, content: bytes, reason: str, tmp_path: Path
) -> None:
    with pytest.raises(RequestInvalid, match=reason):
        RawFile(written(tmp_path, content, name))


@pytest.mark.parametrize(
    "content", [png(512, 512), png(4000, 512), jpeg(512, 600), png(size=10 * MB - 1)], ids=range(4)
)
def test_a_photo_of_512_pixels_and_less_than_10_mb_is_taken(content: bytes, tmp_path: Path) -> None:
    assert PhotoFile(written(tmp_path, content)).path.name == "photo.png"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (png(511, 512), r"photo\.png has 511 x 512 pixels; a photo needs 512 x 512 at least"),
        (jpeg(5000, 100), "has 5000 x 100 pixels"),
        (png(size=10 * MB), "has 10,485,760 bytes; a photo must have fewer than 10,485,760"),
        (b"GIF89a", "is neither a JPEG nor a PNG, by its bytes"),
        (b"", "is neither a JPEG nor a PNG"),
    ],
)
def test_a_photo_that_heygen_could_not_use_is_refused_with_the_limit(
    content: bytes, reason: str, tmp_path: Path
) -> None:
    with pytest.raises(RequestInvalid, match=reason):
        PhotoFile(written(tmp_path, content))


@pytest.mark.parametrize("kind", [RawFile, PhotoFile])
def test_a_file_that_is_not_there_is_refused(kind: Any, tmp_path: Path) -> None:
    with pytest.raises(RequestInvalid, match="there is no file"):
        kind(tmp_path / "missing.png")


def test_a_picture_that_is_gone_meanwhile_is_told_by_its_ending(photo: Path) -> None:
    file = RawFile(photo)
    photo.unlink()
    assert file.media_type == "image/png"


async def test_nothing_is_sent_for_a_photo_that_is_too_small(
    heygen: HeyGen, emulator: Emulator, tmp_path: Path
) -> None:
    small = written(tmp_path, png(100, 100))
    for upload in (heygen.legacy.assets.upload_photo, heygen.legacy.talking_photos.upload):
        with pytest.raises(RequestInvalid, match="512 x 512"):
            await upload(small)
    assert list(emulator.log.served) == []
    assert (await heygen.legacy.assets.upload(small)).file_type == "image"


async def test_a_jpeg_that_is_called_png_goes_as_what_it_is(heygen: HeyGen, emulator: Emulator, tmp_path: Path) -> None:
    asset = await heygen.legacy.assets.upload(written(tmp_path, jpeg()))
    assert emulator.account.assets[asset.id].media_type == "image/jpeg"
    assert emulator.account.assets[asset.id].path.read_bytes() == jpeg()
