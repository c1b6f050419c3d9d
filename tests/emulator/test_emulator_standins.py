"""Small files that stand in: every decoder takes them for what they are, and they are as long as they say."""

import wave
from io import BytesIO
from pathlib import Path

import av
import pytest
from PIL import Image

from heygen_async.emulator.media import image_size, sniff, sound_seconds
from heygen_async.emulator.standins import ENDINGS, stand_in, unspoken


def made(folder: Path, ending: str, seconds: float = 2.5, seed: str = "one") -> Path:
    path = folder / f"{seed}{ending}"
    stand_in(path, 2000, seed, seconds, lambda: unspoken(seconds))
    return path


@pytest.mark.parametrize("ending", [".wav", ".mp3"])
@pytest.mark.parametrize("seconds", [0.5, 2.5, 61.0])
def test_a_sound_is_silent_and_as_long_as_it_says(tmp_path: Path, ending: str, seconds: float) -> None:
    path = made(tmp_path, ending, seconds)
    assert sound_seconds(path.read_bytes()) == pytest.approx(seconds, abs=0.03)
    with av.open(str(path)) as container:
        samples = {sample for frame in container.decode(audio=0) for sample in bytes(frame.planes[0])}
    assert samples <= {0, 0x80}


def test_a_wav_is_read_by_the_standard_library(tmp_path: Path) -> None:
    with wave.open(str(made(tmp_path, ".wav", 0.000125))) as sound:
        assert (sound.getframerate(), sound.getnchannels(), sound.readframes(9)) == (8000, 1, b"\x80")


@pytest.mark.parametrize(("ending", "size"), [(".png", (64, 64)), (".jpg", (8, 8)), (".gif", (1, 1))])
def test_a_picture_is_a_picture(tmp_path: Path, ending: str, size: tuple[int, int]) -> None:
    content = made(tmp_path, ending).read_bytes()
    assert image_size(content) == size
    with Image.open(BytesIO(content)) as picture:
        picture.convert("RGB").load()


def test_pictures_of_different_seeds_differ(tmp_path: Path) -> None:
    contents = {made(tmp_path, ending, seed=seed).read_bytes() for ending in (".png", ".gif") for seed in ("a", "b")}
    assert len(contents) == 4


@pytest.mark.parametrize("ending", [".mp4", ".webm"])
def test_a_film_has_the_size_that_was_asked_for(tmp_path: Path, ending: str) -> None:
    path = made(tmp_path, ending)
    assert path.stat().st_size == 2000
    with av.open(str(path)) as container:
        assert container.duration == 2_500_000


def test_subtitles_say_that_there_is_speech(tmp_path: Path) -> None:
    assert made(tmp_path, ".srt", 61.25).read_text() == "1\n00:00:00,000 --> 00:01:01,250\n[speech]\n"
    assert made(tmp_path, ".vtt", 61.25).read_text().startswith("WEBVTT\n\n")
    assert "00:00:00.000 --> 00:01:01.250\n[speech]" in made(tmp_path, ".vtt", 61.25).read_text()


def test_their_first_bytes_tell_what_they_are(tmp_path: Path) -> None:
    found = {ending: sniff(made(tmp_path, ending).read_bytes()[:64]) for ending in ENDINGS}
    assert {ending: kind for ending, kind in found.items() if kind} == {
        ".mp4": "video/mp4",
        ".webm": "video/mp4",
        ".wav": "audio/wav",
        ".mp3": "audio/mpeg",
        ".png": "image/png",
        ".jpg": "image/jpeg",
        ".srt": "application/x-subrip",
    }


def test_other_endings_are_unknown(tmp_path: Path) -> None:
    with pytest.raises(KeyError):
        made(tmp_path, ".pdf")
