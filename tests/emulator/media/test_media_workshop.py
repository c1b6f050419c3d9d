"""Treatments made and looked at as a viewer would: length, sound, pictures, files."""

import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from PIL import Image, ImageChops
from viewer import Watched, colour_at, counting, near, red, seen_through, split

from heygen_async.emulator.media import (
    Color,
    Cut,
    File,
    Lipsync,
    RemoveBackground,
    RemoveFillers,
    Revoice,
    Sound,
    Speech,
    Treatment,
    UnreadableMedia,
    measure,
    sample_clip,
    sample_sound,
    sample_subtitles,
    sniff,
    sound_seconds,
    synthetic,
    treat,
)
from heygen_async.emulator.media.sentences import sentence
from heygen_async.emulator.media.subtitles import parsed

FRENCH = Speech("Bonjour tout le monde, ceci est une voix.", language="fr")


def seconds_of(file: File) -> float:
    return measure(file).seconds


def greys(watched: Watched) -> list[int]:
    return [round(colour_at(frame, 32, 16)[0] / 10) for frame in watched.frames]


def words_of(path: Path | None) -> str:
    assert path is not None
    return " ".join(" ".join(caption.text.split()) for caption in parsed(path.read_text(encoding="utf-8")))


# Cut


def test_a_cut_has_the_pictures_and_the_sound_of_its_part(talk: Path, tmp_path: Path) -> None:
    made = treat(Cut(source=talk, start=0.4, end=1.6), tmp_path, "cut")
    watched = Watched(made.video)
    assert watched.codecs == ["h264", "aac"]
    assert watched.size == (256, 144)
    assert watched.seconds == pytest.approx(made.duration) == pytest.approx(1.2, abs=0.05)
    assert watched.sound_seconds == pytest.approx(1.2, abs=0.1)
    whole = Watched(talk)
    assert watched.loudness(0, 0.2) == pytest.approx(whole.loudness(0.4, 0.6), rel=0.3)
    assert watched.loudness(0.7, 1.1) < 20
    assert made.source_seconds == pytest.approx(1.2)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["cut.jpg", "cut.mp4"]


def test_a_cut_begins_with_the_right_picture(tmp_path: Path) -> None:
    assert greys(Watched(treat(Cut(source=counting(10), start=0.3, end=0.7), tmp_path, "cut").video)) == [3, 4, 5, 6]


@pytest.mark.parametrize(("ratio", "size"), [((9, 16), (80, 144)), ((1, 1), (144, 144)), ((16, 9), (256, 144))])
def test_a_cut_may_have_another_shape(
    talk: Path, tmp_path: Path, ratio: tuple[int, int], size: tuple[int, int]
) -> None:
    made = treat(Cut(source=talk, end=0.2, ratio=ratio), tmp_path, "cut")
    assert Watched(made.video).size == size
    assert made.thumbnail is not None
    with Image.open(made.thumbnail) as thumbnail:
        assert (thumbnail.format, thumbnail.size) == ("JPEG", size)


def test_a_shape_is_cut_out_of_the_middle(tmp_path: Path) -> None:
    frame = Watched(treat(Cut(source=split(96, 32), ratio=(1, 1)), tmp_path, "cut").video).frames[0]
    assert frame.size == (32, 32)
    assert red(frame, 3, 16)
    assert not red(frame, 28, 16)


def test_captions_are_drawn_into_the_foot_of_a_cut(talk: Path, tmp_path: Path) -> None:
    plain, captioned = (
        Watched(treat(Cut(source=talk, end=1, captions=text), tmp_path, f"{bool(text)}").video)
        for text in (None, "First words here. And then some others.")
    )
    box = ImageChops.difference(plain.frames[5], captioned.frames[5]).point(lambda value: 255 * (value > 60)).getbbox()
    assert box is not None
    assert box[1] > 100
    first, last = (captioned.frames[place].crop((0, 110, 256, 144)) for place in (2, -2))
    assert first.tobytes() != last.tobytes()


def test_a_text_of_nothing_draws_nothing(tmp_path: Path) -> None:
    assert greys(Watched(treat(Cut(source=counting(3), captions="  "), tmp_path, "cut").video)) == [0, 1, 2]


def test_a_large_source_is_made_smaller(tmp_path: Path) -> None:
    assert Watched(treat(Cut(source=split(2000, 1000)), tmp_path, "cut").video).size == (1280, 640)


def test_a_part_that_ends_after_its_source_ends_with_it(tmp_path: Path) -> None:
    assert treat(Cut(source=counting(5), end=100), tmp_path, "cut").duration == pytest.approx(0.5)


def test_a_synthetic_file_is_a_source_too(tmp_path: Path) -> None:
    source = synthetic(2000, tmp_path / "synthetic.mp4", "s", seconds=2.0).video
    watched = Watched(treat(Cut(source=source), tmp_path, "cut").video)
    assert watched.seconds == pytest.approx(2)
    assert near(colour_at(watched.frames[-1], 30, 30), (0x60, 0x80, 0xA0))


# Revoice


def test_another_voice_takes_the_place_of_the_sound(talk: Path, tmp_path: Path) -> None:
    made = treat(Revoice(source=talk, voice=FRENCH, captions=True), tmp_path, "fr")
    watched = Watched(made.video)
    assert watched.loudness(0, watched.seconds) > 500
    assert made.sound is not None
    content = made.sound.read_bytes()
    assert sniff(content[:64]) == "audio/mpeg"
    assert sound_seconds(content) == pytest.approx(made.duration, abs=0.1)
    assert words_of(made.subtitles) == words_of(made.vtt) == FRENCH.text
    assert made.vtt is not None
    assert made.vtt.read_text().startswith("WEBVTT\n")


def test_pictures_run_at_the_pace_of_the_voice(tmp_path: Path) -> None:
    source = counting(20)
    made = treat(Revoice(source=source, voice=Speech("One, two, three, four.")), tmp_path, "slow")
    shown = greys(Watched(made.video))
    assert 10 * made.duration == pytest.approx(len(shown))
    expected = [min(19, int((place + 0.5) * min(2, max(0.5, 2 / made.duration)))) for place in range(len(shown))]
    assert shown == pytest.approx(expected, abs=1)
    assert made.subtitles is None


@pytest.mark.parametrize(("frames", "speed"), [(25, 2.0), (3, 0.5)])
def test_pictures_are_no_more_than_twice_as_fast_or_slow(tmp_path: Path, frames: int, speed: float) -> None:
    shown = greys(Watched(treat(Revoice(source=counting(frames), voice=Speech("Yes, yes.")), tmp_path, "x").video))
    assert shown == pytest.approx([min(frames - 1, int((at + 0.5) * speed)) for at in range(len(shown))], abs=1)


def test_a_voice_may_have_to_fit(talk: Path, tmp_path: Path) -> None:
    length = seconds_of(talk)
    long = Speech("This is far too much to be said in the time that there is, " * 3)
    short = treat(Revoice(source=talk, voice=FRENCH, dynamic=False, captions=True), tmp_path, "short")
    made = treat(Revoice(source=talk, voice=long, dynamic=False, captions=True), tmp_path, "long")
    assert made.duration == pytest.approx(length, abs=0.05)
    assert Watched(made.video).loudness(length - 0.5, length) > 200
    assert made.subtitles is not None
    assert parsed(made.subtitles.read_text())[-1].end <= made.duration + 0.001
    assert short.duration == pytest.approx(length, abs=0.05)


def test_a_sound_may_be_the_voice(talk: Path, tmp_path: Path) -> None:
    made = treat(Revoice(source=talk, voice=Sound(sample_sound()), captions=True), tmp_path, "sound")
    assert made.duration == pytest.approx(sound_seconds(sample_sound()), abs=0.1)
    assert "[speech]" in words_of(made.subtitles)


def test_a_voice_without_words_says_what_it_can(talk: Path, tmp_path: Path) -> None:
    made = treat(Revoice(source=talk, voice=Speech("", language="Spanish"), captions=True), tmp_path, "es")
    said = words_of(made.subtitles)
    assert set(said.replace(sentence("es"), "").split()) == set()
    assert made.duration <= seconds_of(talk) + 0.5


def test_subtitles_are_spoken_at_their_times(tmp_path: Path) -> None:
    text = "1\n00:00:00,500 --> 00:00:01,000\nOne.\n\n2\n00:00:02,500 --> 00:00:03,300\nTwo.\n"
    made = treat(Revoice(source=counting(5), voice=Speech(""), srt=text, captions=True), tmp_path, "srt")
    watched = Watched(made.video)
    assert made.duration == pytest.approx(3.3, abs=0.1)
    assert watched.loudness(0.05, 0.4) < 20
    assert watched.loudness(0.5, 1.0) > 500
    assert watched.loudness(1.4, 2.4) < 20
    assert watched.loudness(2.5, 3.0) > 500
    assert made.subtitles is not None
    assert made.subtitles.read_text() == text


def test_subtitles_that_come_too_fast_wait_for_each_other(tmp_path: Path) -> None:
    text = "1\n00:00:00,000 --> 00:00:00,100\nFive hundred words.\n\n2\n00:00:00,100 --> 00:00:00,200\nAnd more.\n"
    made = treat(Revoice(source=counting(2), voice=Sound(sample_sound()), srt=text), tmp_path, "srt")
    assert 1 < made.duration < 3


@pytest.mark.parametrize("text", ["", "no subtitles", "1\n01:00:00,000 --> 01:00:01,000\nLate.\n"])
def test_subtitles_that_are_none_leave_silence(tmp_path: Path, text: str) -> None:
    made = treat(Revoice(source=counting(5), voice=Speech(""), srt=text), tmp_path, "srt")
    assert made.duration == pytest.approx(0.5)
    assert Watched(made.video).loudness(0, 0.5) < 2


def test_built_in_subtitles_are_spoken(talk: Path, tmp_path: Path) -> None:
    made = treat(Revoice(source=talk, voice=Speech("", "de"), srt=sample_subtitles("de", 4)), tmp_path, "de")
    assert Watched(made.video).loudness(0, 1.5) > 300


# Lipsync


def test_pictures_are_as_long_as_a_given_sound(tmp_path: Path) -> None:
    made = treat(Lipsync(source=counting(10), sound=Sound(sample_sound()), captions=True), tmp_path, "lips")
    watched = Watched(made.video)
    assert watched.seconds == pytest.approx(sound_seconds(sample_sound()), abs=0.11)
    assert greys(watched)[:12] == [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 9, 9]
    assert watched.loudness(0, 1) > 500
    assert "[speech]" in words_of(made.subtitles)


def test_a_sound_may_have_to_fit(talk: Path, tmp_path: Path) -> None:
    made = treat(Lipsync(source=talk, sound=Sound(talk), dynamic=False, start=0.5, end=1.0), tmp_path, "lips")
    assert made.duration == pytest.approx(0.5, abs=0.05)
    assert made.subtitles is None


def test_a_sentence_stands_in_for_a_sound(tmp_path: Path) -> None:
    assert treat(Lipsync(source=counting(3)), tmp_path, "lips").duration > 3


# RemoveFillers


def test_pauses_are_cut_out_of_picture_and_sound(talk: Path, tmp_path: Path) -> None:
    made = treat(RemoveFillers(source=talk), tmp_path, "short")
    before, after = Watched(talk), Watched(made.video)
    assert made.cuts == 1
    assert made.source_seconds == pytest.approx(before.seconds, abs=0.01)
    assert after.seconds == pytest.approx(made.duration)
    assert 0.9 < before.seconds - after.seconds < 1.3
    assert after.sound_seconds == pytest.approx(after.seconds, abs=0.1)
    quiet = [after.loudness(place / 10, place / 10 + 0.3) < 20 for place in range(int(10 * after.seconds) - 3)]
    assert not any(quiet)


@pytest.mark.parametrize("silent", [True, False])
def test_what_has_no_pauses_stays_as_it_is(tmp_path: Path, clip: bytes, silent: bool) -> None:
    made = treat(RemoveFillers(source=counting(5) if silent else clip), tmp_path, "same")
    assert made.cuts == 0
    assert made.duration == pytest.approx(made.source_seconds, abs=0.11)


# RemoveBackground


def test_a_background_becomes_transparent(talk: Path, tmp_path: Path) -> None:
    made = treat(RemoveBackground(source=talk, end=0.5, matte=True, plate=True), tmp_path, "out")
    assert made.video.name == "out.webm"
    assert Watched(made.video).codecs == ["vp8", "opus"]
    alpha = seen_through(made.video)
    assert alpha.getpixel((5, 5)) < 10
    assert alpha.getpixel((128, 70)) > 245
    assert made.matte is not None
    matte = Watched(made.matte).frames[3]
    assert near(colour_at(matte, 5, 5), (0, 0, 0))
    assert near(colour_at(matte, 128, 70), (255, 255, 255))
    assert made.thumbnail is not None
    with Image.open(made.thumbnail) as thumbnail:
        assert near(colour_at(thumbnail, 5, 5), (255, 255, 255))


def test_the_place_is_left_without_anybody(talk: Path, tmp_path: Path) -> None:
    made = treat(RemoveBackground(source=talk, end=0.3, plate=True), tmp_path, "out")
    assert made.plate is not None
    place, before = Watched(made.plate).frames[0], Watched(talk).frames[0]
    assert near(colour_at(place, 5, 5), colour_at(before, 5, 5))
    colours = [colour_at(place, x, y) for x in range(20, 240, 20) for y in (20, 70, 130)]
    assert all(max(colour) - min(colour) < 60 and min(colour) > 120 for colour in colours)
    assert made.matte is None


def test_a_colour_may_take_the_place_of_a_background(talk: Path, tmp_path: Path) -> None:
    made = treat(RemoveBackground(source=talk, backdrop=Color("#00B140")), tmp_path, "out")
    assert made.video.name == "out.mp4"
    watched = Watched(made.video)
    assert watched.seconds == pytest.approx(Watched(talk).seconds)
    assert watched.loudness(0, 0.5) > 500
    for frame in (watched.frames[0], watched.frames[-1]):
        assert near(colour_at(frame, 5, 5), (0, 0xB1, 0x40))
        assert not near(colour_at(frame, 128, 70), (0, 0xB1, 0x40))


# All


@pytest.mark.parametrize(
    "treatment",
    [Cut(end=0.5), Revoice(voice=Speech("Yes.")), Lipsync(sound=Sound(sample_sound())), RemoveFillers()],
)
def test_something_stands_in_for_a_source_that_is_out_of_reach(tmp_path: Path, treatment: Treatment) -> None:
    made = treat(treatment, tmp_path, "made")
    assert Watched(made.video).size == (1280, 720)


def test_what_stands_in_is_a_real_video() -> None:
    seen = measure(sample_clip())
    assert (seen.kind, seen.width, seen.height, seen.audible) == ("video", 1280, 720, True)
    assert sample_clip() is sample_clip()


@pytest.mark.parametrize("content", [b"", b"broken", sample_sound()])
@pytest.mark.parametrize("kind", [Cut, RemoveFillers, RemoveBackground, Lipsync])
def test_a_source_that_is_no_video_leaves_no_files(content: bytes, kind: type[Cut], tmp_path: Path) -> None:
    with pytest.raises(UnreadableMedia):
        treat(kind(source=content), tmp_path, "made")
    assert list(tmp_path.iterdir()) == []


def test_a_broken_sound_says_so(tmp_path: Path) -> None:
    with pytest.raises(UnreadableMedia, match="sound"):
        treat(Lipsync(source=counting(3), sound=Sound(b"broken")), tmp_path, "made")


def test_the_video_comes_last_and_whole(talk: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    moved: list[str] = []
    replace = Path.replace

    def seen(self: Path, target: Path) -> Path:
        moved.append(target.name)
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", seen)
    treat(Revoice(source=talk, voice=Speech("Yes."), captions=True), tmp_path, "v1")
    assert moved == ["v1.jpg", "v1.srt", "v1.vtt", "v1.mp3", "v1.mp4"]


def test_several_threads_work_at_once(talk: Path, tmp_path: Path) -> None:
    works: list[Treatment] = [
        Cut(source=talk, end=0.5),
        Revoice(source=talk, voice=FRENCH),
        RemoveFillers(source=talk),
        RemoveBackground(source=talk, end=0.4),
    ]
    with ThreadPoolExecutor(os.cpu_count() or 2) as threads:
        made = list(threads.map(lambda place: treat(works[place % 4], tmp_path, str(place)), range(8)))
    assert [one.duration for one in made[:4]] == pytest.approx([one.duration for one in made[4:]], abs=0.05)
