"""What a picture file is and how large, from its head alone."""

import io
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from photos import jpeg, png, segment

from heygen_async.emulator.media import sample_picture
from heygen_async.files.picture import Picture, look_at


def look(content: bytes) -> Picture | None:
    return look_at(io.BytesIO(content))


def test_a_png_has_its_size_in_its_first_chunk() -> None:
    assert look(png(640, 480)) == Picture("image/png", 640, 480)


def test_a_real_picture_is_measured_as_pillow_measures_it() -> None:
    from PIL import Image  # noqa: PLC0415  # only here

    content = sample_picture()
    image = Image.open(io.BytesIO(content))
    found = look(content)
    assert found is not None
    assert (found.width, found.height) == image.size


@pytest.mark.parametrize(
    "content",
    [
        jpeg(1024, 768),
        jpeg(1024, 768, marker=0xC2),
        jpeg(1024, 768, segment(0xE1, b"Exif" + jpeg(160, 120)), segment(0xDB, bytes(65))),
        jpeg(1024, 768, segment(0xC4, bytes(20))),
        jpeg(1024, 768, segment(0xE0, b"JFIF\0"), b"\xff\xff\xff"),
        jpeg(1024, 768, segment(0xE0, b"JFIF\0"), b"\xff\x01"),
    ],
    ids=["plain", "progressive", "with a thumbnail", "tables first", "padded", "a marker alone"],
)
def test_a_jpeg_has_its_size_in_its_frame_header(content: bytes) -> None:
    assert look(content) == Picture("image/jpeg", 1024, 768)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"GIF89a" + bytes(100),
        b"\0\0\0\x18ftypmp42",
        png()[:20],
        b"\x89PNG\r\n\x1a\n" + bytes(100),
        jpeg()[:3],
        jpeg()[:-70],
        b"\xff\xd8\xff",
        b"\xff\xd8\xff\xe0\x00",
        jpeg(0, 0),
        b"\xff\xd8" + segment(0xE0, b"JFIF\0") + b"no marker",
        b"\xff\xd8" + segment(0xE0, b"") * 10_001,
    ],
)
def test_anything_else_is_no_picture(content: bytes) -> None:
    assert look(content) is None


@given(st.binary(max_size=200), st.sampled_from([b"", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", png()[:16]]))
def test_no_bytes_are_too_strange(content: bytes, head: bytes) -> None:
    look(head + content)


@given(st.integers(1, 60_000), st.integers(1, 60_000))
def test_every_size_is_read_as_it_was_written(width: int, height: int) -> None:
    for make, kind in ((png, "image/png"), (jpeg, "image/jpeg")):
        maker: Any = make
        assert look(maker(width, height)) == Picture(kind, width, height)
