"""Moving pictures: exactly as large and as long as wanted, in motion, and the same each time."""

from pathlib import Path

import pytest
from PIL import Image, ImageChops
from test_media_sound import tone, wav
from viewer import Watched, as_jpeg, colour_at, near, split

from heygen_async.emulator.media import MovingPicture, Sound, UnreadableMedia, treat


def moved(one: Image.Image, other: Image.Image) -> float:
    histogram = ImageChops.difference(one, other).convert("L").histogram()
    return sum(value * count for value, count in enumerate(histogram)) / sum(histogram)


@pytest.mark.parametrize(("width", "height"), [(160, 90), (90, 160), (120, 120), (1024, 64)])
def test_a_moving_picture_has_its_size_and_its_length(tmp_path: Path, width: int, height: int) -> None:
    made = treat(MovingPicture(prompt="a hill", width=width, height=height, seconds=1.5), tmp_path, "m")
    watched = Watched(made.video)
    assert watched.codecs == ["h264", "aac"]
    assert watched.size == (width, height)
    assert watched.seconds == made.duration == 1.5
    assert watched.sound_seconds == pytest.approx(1.5, abs=0.1)
    assert watched.loudness(0.2, 1.4) > 50
    assert made.thumbnail is not None
    with Image.open(made.thumbnail) as thumbnail:
        assert (thumbnail.format, thumbnail.size) == ("JPEG", (width, height))


def test_it_moves_and_starts_and_stops_gently(tmp_path: Path) -> None:
    frames = Watched(treat(MovingPicture(prompt="city", width=160, height=90, seconds=2), tmp_path, "m").video).frames
    assert moved(frames[0], frames[-1]) > 3
    assert moved(frames[23], frames[25]) > moved(frames[0], frames[2])
    assert moved(frames[23], frames[25]) > moved(frames[-3], frames[-1])


def test_equal_prompts_make_equal_pictures_and_seeds_make_others(tmp_path: Path) -> None:
    def first(name: str, prompt: str, seed: int | None) -> Image.Image:
        treatment = MovingPicture(prompt=prompt, width=160, height=90, seconds=0.1, seed=seed)
        return Watched(treat(treatment, tmp_path, name).video).frames[0]

    one = first("a", "a beach", None)
    assert moved(one, first("b", "a beach", None)) == 0
    assert moved(one, first("c", "a beach", 7)) > 1
    assert moved(one, first("d", "a room", None)) > 10


@pytest.mark.parametrize("kind", ["image", "video"])
def test_a_picture_may_be_given(tmp_path: Path, kind: str) -> None:
    halves = Image.new("RGB", (200, 100), "#FF0000")
    halves.paste("#0000FF", (100, 0, 200, 100))
    picture = as_jpeg(halves) if kind == "image" else split(200, 100)
    made = treat(MovingPicture(prompt="", picture=picture, width=64, height=64, seconds=0.5), tmp_path, "m")
    for frame in Watched(made.video).frames:
        assert near(colour_at(frame, 3, 32), (255, 0, 0))
        assert near(colour_at(frame, 60, 32), (0, 0, 255))


def test_a_sound_may_be_given(tmp_path: Path) -> None:
    sound = Sound(wav(tone(0.4, volume=0.9)))
    made = treat(MovingPicture(prompt="x", width=64, height=64, seconds=1, sound=sound), tmp_path, "m")
    watched = Watched(made.video)
    assert watched.loudness(0.1, 0.35) > 10_000
    assert watched.loudness(0.6, 0.9) < 20


def test_a_broken_picture_says_so(tmp_path: Path) -> None:
    with pytest.raises(UnreadableMedia):
        treat(MovingPicture(prompt="x", picture=b"broken", width=64, height=64), tmp_path, "m")
    assert list(tmp_path.iterdir()) == []
