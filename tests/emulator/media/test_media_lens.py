"""Frames of any size and turn become frames of one size, and lie over each other."""

from io import BytesIO
from struct import pack

import av
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from viewer import colour_at, near, red, split

from heygen_async.emulator.media.encoder import encoded
from heygen_async.emulator.media.lens import Lens, blended, fitted, greyed, photo, plane, see_through, upright

SIDES = st.integers(2, 5000)
ONE = 1 << 16


def filmed(content: bytes) -> av.VideoFrame:
    with av.open(BytesIO(content)) as file:
        return next(file.decode(video=0))


def turned(matrix: tuple[int, ...]) -> av.VideoFrame:
    """A frame that was filmed at an angle: red, then blue, from left to right before it is turned."""
    content = split()
    at = content.index(b"tkhd") + 44
    return filmed(content[:at] + pack(">9i", *matrix) + content[at + 36 :])


@given(SIDES, SIDES, SIDES, st.none() | st.tuples(st.integers(1, 30), st.integers(1, 30)))
def test_a_size_is_even_and_neither_too_large_nor_enlarged(
    width: int, height: int, largest: int, ratio: tuple[int, int] | None
) -> None:
    size = fitted((width, height), largest, ratio)
    assert all(side % 2 == 0 for side in size)
    assert max(size) <= largest + 1
    assert all(side <= before + 1 for side, before in zip(size, (width, height), strict=True))


def test_a_size_keeps_its_ratio_or_gets_the_one_that_is_asked_for() -> None:
    assert fitted((1920, 1080), 1280) == (1280, 720)
    assert fitted((1920, 1080), 1280, (9, 16)) == (608, 1080)
    assert fitted((1080, 1920), 1280, (1, 1)) == (1080, 1080)


def test_the_middle_is_what_is_seen() -> None:
    frame = filmed(split(64, 32))
    narrow = photo(Lens((8, 32)).seen(frame))
    assert narrow.size == (8, 32)
    assert red(narrow, 1, 16)
    assert not red(narrow, 6, 16)
    flat = photo(Lens((64, 8)).seen(frame))
    assert red(flat, 1, 4)
    assert not red(flat, 62, 4)


def test_frames_may_change_their_size_on_the_way() -> None:
    lens = Lens((32, 32))
    assert [photo(lens.seen(filmed(split(*size)))).size for size in ((64, 32), (40, 80), (64, 32))] == [(32, 32)] * 3


@pytest.mark.parametrize(
    ("matrix", "size", "red_at"),
    [
        ((0, ONE, 0, -ONE, 0, 0, 32 * ONE, 0, 1 << 30), (32, 64), (16, 2)),
        ((0, -ONE, 0, ONE, 0, 0, 0, 64 * ONE, 1 << 30), (32, 64), (16, 61)),
        ((-ONE, 0, 0, 0, -ONE, 0, 64 * ONE, 32 * ONE, 1 << 30), (64, 32), (61, 16)),
        ((ONE, 0, 0, 0, ONE, 0, 0, 0, 1 << 30), (64, 32), (2, 16)),
    ],
)
def test_what_was_filmed_at_an_angle_stands_upright(
    matrix: tuple[int, ...], size: tuple[int, int], red_at: tuple[int, int]
) -> None:
    frame = turned(matrix)
    assert upright(frame) == size
    seen = photo(Lens(size).seen(frame))
    assert red(seen, *red_at)
    assert not red(seen, size[0] - 1 - red_at[0], size[1] - 1 - red_at[1])


@pytest.mark.parametrize("width", [64, 50])
def test_one_frame_lies_over_another_where_the_mask_says_so(width: int) -> None:
    below, above = (encoded(Image.new("RGBA", (width, 32), colour), "mp4") for colour in ("#FF0000", "#0000FF"))
    mask = Image.new("L", (width, 32), 0)
    mask.paste(255, (0, 0, width // 2, 32))
    both = photo(blended(below, above, mask))
    assert red(both, width - 3, 10)
    assert near(colour_at(both, 3, 10), (0, 0, 255))
    assert red(photo(below), 3, 10)


def test_a_frame_is_as_see_through_as_its_mask() -> None:
    mask = Image.linear_gradient("L").resize((50, 30))
    frame = see_through(encoded(Image.new("RGBA", (50, 30), "#FF0000"), "mp4"), mask)
    assert frame.format.name == "yuva420p"
    assert plane(frame, 3).tobytes() == mask.tobytes()
    assert red(photo(frame), 10, 10)


def test_a_grey_picture_keeps_its_shades_in_a_frame() -> None:
    seen = photo(greyed(Image.linear_gradient("L").resize((16, 64))))
    assert near(colour_at(seen, 8, 1), (0, 0, 0))
    assert near(colour_at(seen, 8, 32), (128, 128, 128))
    assert near(colour_at(seen, 8, 62), (255, 255, 255))
