"""A picture without whoever is in it."""

import pytest
from PIL import Image, ImageDraw

from heygen_async.emulator.media.plate import grown, plate

SIZE = (160, 90)


def person(size: tuple[int, int] = SIZE) -> Image.Image:
    mask = Image.new("L", size, 0)
    ImageDraw.Draw(mask).rectangle((size[0] // 3, size[1] // 3, 2 * size[0] // 3, size[1]), fill=255)
    return mask


def spread(picture: Image.Image) -> int:
    """How far any colour is from any other, in any channel."""
    return max(high - low for low, high in picture.getextrema())  # type: ignore[misc, operator]  # three channels


def test_a_plain_wall_is_whole_again() -> None:
    picture = Image.new("RGB", SIZE, (32, 192, 96))
    picture.paste((255, 0, 0), mask=person())
    filled = plate(picture, person())
    assert filled.size == SIZE
    assert spread(filled) <= 4
    red, green, blue = filled.resize((1, 1)).tobytes()
    assert (red, green, blue) == pytest.approx((32, 192, 96), abs=4)


def test_what_is_around_is_left_as_it_is_and_what_is_filled_goes_from_one_side_to_the_other() -> None:
    picture = Image.linear_gradient("L").rotate(90).resize(SIZE).convert("RGB")
    before = picture.copy()
    picture.paste((255, 0, 0), mask=person())
    filled = plate(picture, person().resize((48, 27)))
    left, middle, right = (filled.tobytes()[3 * (80 * SIZE[0] + x)] for x in (20, 80, 140))
    assert abs(left - before.tobytes()[3 * (80 * SIZE[0] + 20)]) < 12
    assert min(left, right) < middle < max(left, right)


def test_everything_may_be_hidden() -> None:
    filled = plate(Image.new("RGB", SIZE, (9, 9, 9)), Image.new("L", SIZE, 255))
    assert spread(filled) == 0


def test_a_grown_mask_hides_what_the_mask_hid_and_its_rim() -> None:
    mask, wide = person((144, 81)), grown(person((144, 81)))
    assert wide.size == mask.size
    assert min(wide.tobytes()[at] for at, value in enumerate(mask.tobytes()) if value) > 240
    assert sum(wide.tobytes()) > 1.1 * sum(mask.tobytes())
