"""Pictures that people bring are opened upright and laid into a frame."""

from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from viewer import as_jpeg

from heygen_async.emulator.media import UnreadableMedia, image_size
from heygen_async.emulator.media.picture import Size, fitting, opened_image

SIZES = st.tuples(st.integers(1, 400), st.integers(1, 400))


def two_halves(size: Size) -> Image.Image:
    """Red on the left, blue on the right."""
    image = Image.new("RGB", size, (0, 0, 255))
    image.paste((255, 0, 0), (0, 0, size[0] // 2, size[1]))
    return image


def test_a_picture_has_a_size() -> None:
    assert image_size(as_jpeg(two_halves((60, 40)))) == (60, 40)


def test_a_camera_that_was_held_upright_is_noticed() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    content = as_jpeg(two_halves((60, 40)), exif=exif)
    assert image_size(content) == (40, 60)
    image = opened_image(content)
    assert image.size == (40, 60)
    red, _, blue, alpha = image.getpixel((20, 5))
    assert red > 200 > blue
    assert alpha == 255


@pytest.mark.parametrize("mode", ["1", "L", "P", "RGB", "RGBA", "CMYK"])
def test_pictures_of_all_colours_are_opened(mode: str) -> None:
    file = BytesIO()
    two_halves((8, 8)).convert(mode).save(file, "TIFF")
    assert opened_image(file.getvalue()).mode == "RGBA"


def test_of_a_moving_picture_the_first_frame_counts() -> None:
    file = BytesIO()
    Image.new("RGB", (8, 8), "red").save(file, "GIF", save_all=True, append_images=[Image.new("RGB", (8, 8), "blue")])
    assert opened_image(file.getvalue()).getpixel((4, 4)) == (255, 0, 0, 255)


@pytest.mark.parametrize("cut", [0, 5, 60, 400])
def test_what_is_broken_says_so(photo: bytes, cut: int) -> None:
    with pytest.raises(UnreadableMedia, match="the picture cannot be decoded"):
        opened_image(photo[:cut])


def test_what_is_no_picture_has_no_size() -> None:
    with pytest.raises(UnreadableMedia, match="the picture cannot be decoded"):
        image_size(b"%PDF-1.7")


def test_a_picture_that_would_fill_the_memory_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 10)
    with pytest.raises(UnreadableMedia, match="too large"):
        image_size(as_jpeg(two_halves((60, 40))))


@given(SIZES, SIZES)
def test_cover_leaves_no_edge(picture: Size, frame: Size) -> None:
    place = fitting(picture, frame, "cover", (picture[0] / 3, picture[1] / 3))
    assert place.left <= 0
    assert place.top <= 0
    assert place.left + place.size[0] >= frame[0]
    assert place.top + place.size[1] >= frame[1]


@given(SIZES, SIZES)
def test_contain_cuts_nothing(picture: Size, frame: Size) -> None:
    place = fitting(picture, frame, "contain")
    assert place.left >= 0
    assert place.top >= 0
    assert frame[0] in {place.size[0], frame[0] if place.size[1] == frame[1] else -1}


@given(SIZES, SIZES, st.sampled_from(["cover", "contain"]))
def test_whatever_the_sizes_a_picture_can_be_laid(picture: Size, frame: Size, fit: str) -> None:
    laid = fitting(picture, frame, fit).lay(Image.new("RGBA", picture, "red"), frame)  # type: ignore[arg-type]
    assert laid.size == frame
    assert laid.getextrema()[3][1] == 255


def test_a_face_comes_into_the_frame() -> None:
    place = fitting((100, 1000), (100, 100), "cover", (50, 900))
    assert place.place((50, 900))[1] == pytest.approx(42)
    assert fitting((100, 1000), (100, 100), "cover", (50, 5)).top == 0
    assert fitting((1000, 100), (100, 100), "cover", (700, 50)).place((700, 50))[0] == pytest.approx(50)
