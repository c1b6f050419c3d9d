"""Clips play in a frame of another size, at another pace, as often as it takes."""

import pytest
from PIL import Image
from viewer import counting

from heygen_async.emulator.media import UnreadableMedia, sample_sound
from heygen_async.emulator.media.clip import clip_has_sound, clip_seconds, played


def greys(pictures: list[Image.Image]) -> list[int]:
    return [round(picture.getpixel((picture.width // 2, picture.height // 2))[0] / 10) for picture in pictures]


def test_a_clip_plays_at_its_own_pace() -> None:
    assert greys(list(played(counting(5), 5, 10, (64, 32), "cover"))) == [0, 1, 2, 3, 4]


def test_a_film_of_another_pace_shows_frames_twice_or_leaves_some_out() -> None:
    assert greys(list(played(counting(4), 8, 20, (64, 32), "cover"))) == [0, 0, 1, 1, 2, 2, 3, 3]
    assert greys(list(played(counting(8), 4, 5, (64, 32), "cover"))) == [0, 2, 4, 6]


def test_a_clip_of_an_instant_is_a_still_picture() -> None:
    assert greys(list(played(counting(1, fps=60), 3, 10, (64, 32), "cover"))) == [0, 0, 0]


def test_a_clip_without_a_single_picture_says_so() -> None:
    with pytest.raises(UnreadableMedia, match="the clip cannot be decoded"):
        clip_seconds(counting(0))


def test_a_short_clip_starts_again() -> None:
    assert greys(list(played(counting(3), 8, 10, (64, 32), "cover"))) == [0, 1, 2, 0, 1, 2, 0, 1]


@pytest.mark.parametrize(("fit", "edge"), [("cover", 255), ("contain", 0)])
def test_a_clip_fills_the_frame_or_leaves_transparent_edges(fit: str, edge: int) -> None:
    (picture,) = played(counting(1), 1, 10, (32, 64), fit)  # type: ignore[arg-type]  # both are fits
    assert picture.size == (32, 64)
    assert picture.getpixel((16, 1))[3] == edge
    assert picture.getpixel((16, 32))[3] == 255


@pytest.mark.parametrize("form", ["mp4", "mjpeg"])
def test_a_clip_has_a_length_even_when_its_file_does_not_say(form: str) -> None:
    assert clip_seconds(counting(5, form=form)) == pytest.approx(0.5 if form == "mp4" else 0.2, abs=0.05)


def test_a_clip_may_have_sound(clip: bytes) -> None:
    assert clip_has_sound(clip)
    assert not clip_has_sound(counting(2))


@pytest.mark.parametrize("content", [b"", b"no clip", b"\0\0\0\x20ftypisom" + bytes(40)])
def test_what_is_no_clip_says_so(content: bytes) -> None:
    with pytest.raises(UnreadableMedia, match="the clip cannot be decoded"):
        clip_seconds(content)
    with pytest.raises(UnreadableMedia, match="the clip cannot be decoded"):
        next(played(content, 1, 10, (64, 32), "cover"))


def test_a_sound_is_no_clip() -> None:
    with pytest.raises(UnreadableMedia, match="no picture"):
        clip_seconds(sample_sound())


def test_a_clip_whose_pictures_are_cut_off_says_so() -> None:
    content = counting(5)
    with pytest.raises(UnreadableMedia, match="the clip cannot be decoded"):
        list(played(content[: content.index(b"mdat") + 4], 5, 10, (64, 32), "cover"))
