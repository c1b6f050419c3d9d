"""Somebody before a wall is found; before anything else, a soft oval is kept."""

from io import BytesIO
from random import Random

import pytest
from PIL import Image, ImageDraw

from heygen_async.emulator.media import look
from heygen_async.emulator.media.matte import mattes
from heygen_async.emulator.media.plate import grown, plate


@pytest.fixture(scope="module")
def person() -> Image.Image:
    """Somebody before a light wall."""
    return Image.open(BytesIO(look("a man in a black sweater, grey background", 640, 360))).convert("RGB")


def small(picture: Image.Image) -> Image.Image:
    return picture.resize((144, 81), Image.Resampling.BOX)


def share(matte: Image.Image, box: tuple[int, int, int, int]) -> float:
    histogram = matte.crop(box).histogram()
    return sum(histogram[128:]) / sum(histogram)


def test_somebody_before_a_wall_is_kept_and_the_wall_is_not(person: Image.Image) -> None:
    (matte,) = mattes(person, [small(person)])
    assert matte.size == (144, 81)
    assert share(matte, (0, 0, 40, 40)) == share(matte, (104, 0, 144, 40)) == 0
    assert share(matte, (66, 25, 78, 45)) == 1
    assert share(matte, (60, 70, 84, 81)) == 1


def test_each_picture_has_a_matte_of_its_own(person: Image.Image) -> None:
    moved = Image.new("RGB", person.size, person.getpixel((3, 3)))
    moved.paste(person, (60, 0))
    first, second = mattes(person, [small(person), small(moved)])
    assert first.tobytes() != second.tobytes()


def test_before_a_street_an_oval_is_kept(person: Image.Image) -> None:
    dice = Random(1)  # noqa: S311 - a street is no secret
    street = person.copy()
    draw = ImageDraw.Draw(street)
    for _ in range(900):
        x, y = dice.randrange(640), dice.randrange(360)
        if abs(x - 320) > 110:
            colour = dice.randrange(256), dice.randrange(256), dice.randrange(256)
            draw.rectangle((x, y, x + 24, y + 24), fill=colour)
    (matte,) = mattes(street, [small(street)])
    assert share(matte, (66, 25, 78, 45)) == 1
    assert share(matte, (0, 0, 20, 60)) == 0
    assert len(set(matte.tobytes())) > 20


def test_a_place_is_filled_with_the_colours_around() -> None:
    picture = Image.new("RGB", (80, 60), (200, 100, 50))
    picture.paste((0, 0, 255), (30, 20, 50, 60))
    mask = Image.new("L", (40, 30), 0)
    mask.paste(255, (15, 10, 25, 30))
    filled = plate(picture, grown(mask))
    colours = {filled.getpixel((x, y)) for x in range(0, 80, 5) for y in range(0, 60, 5)}
    assert all(abs(red - 200) < 12 and abs(blue - 50) < 30 for red, _, blue in colours)  # type: ignore[misc]


def test_a_mask_grows_softly() -> None:
    mask = Image.new("L", (30, 30), 0)
    mask.paste(255, (14, 14, 16, 16))
    wide = grown(mask)
    assert sum(wide.tobytes()) > sum(mask.tobytes())
    assert len(set(wide.tobytes())) > 4
