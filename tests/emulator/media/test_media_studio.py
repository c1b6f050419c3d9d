"""Whole films, looked at as a viewer would: tracks, size, length, lips, sound, captions, files."""

import os
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from pathlib import Path

import av
import pytest
from PIL import Image, ImageChops
from viewer import Watched, as_jpeg, colour_at, counting, near, seen_through

from heygen_async.emulator.media import (
    Color,
    Film,
    Render,
    Scene,
    Silence,
    Sound,
    Speech,
    UnreadableMedia,
    render,
    sample_sound,
    sound_seconds,
)

HELLO = "Hello, this is a short film. It has two sentences."


def talking(drawn: bytes, **options: object) -> Film:
    scene = Scene(portrait=drawn, sound=Speech(HELLO), backdrop=Color("#2040C0"), cut_out=True)
    return Film(scenes=[scene], **({"width": 256, "height": 144, "fps": 25} | options))  # type: ignore[arg-type]


def test_an_mp4_has_what_players_want(drawn: bytes, tmp_path: Path) -> None:
    made = render(talking(drawn), tmp_path, "film")
    watched = Watched(made.video)
    assert watched.codecs == ["h264", "aac"]
    assert watched.size == (256, 144)
    assert watched.seconds == pytest.approx(made.duration, abs=0.001)
    assert watched.sound_seconds == pytest.approx(made.duration, abs=0.1)
    content = made.video.read_bytes()
    assert content.index(b"moov") < content.index(b"mdat")


def test_the_sound_is_not_silence_and_the_lips_move_with_it(drawn: bytes, tmp_path: Path) -> None:
    watched = Watched(render(talking(drawn), tmp_path, "film").video)
    assert watched.loudness(0, watched.seconds) > 1000
    mouths = [frame.crop((118, 74, 138, 92)) for frame in watched.frames]
    forehead = [frame.crop((112, 40, 144, 50)) for frame in watched.frames]

    def moved(pictures: list[Image.Image], place: int) -> float:
        histogram = ImageChops.difference(pictures[0], pictures[place]).convert("L").histogram()
        return sum(value * count for value, count in enumerate(histogram)) / sum(histogram)

    loud = max(range(10, 60), key=lambda place: watched.loudness(place / 25, (place + 1) / 25))
    assert moved(mouths, loud) > 8
    assert moved(forehead, loud) < 2
    assert moved(mouths, -1) < 3


@pytest.mark.parametrize(("width", "height"), [(256, 144), (144, 256), (160, 160), (130, 94)])
def test_every_size_is_exactly_what_was_asked_for(drawn: bytes, tmp_path: Path, width: int, height: int) -> None:
    film = Film(scenes=[Scene(portrait=drawn, sound=Silence(0.1))], width=width, height=height)
    made = render(film, tmp_path, "film")
    assert Watched(made.video).size == (width, height)
    assert made.thumbnail is not None
    with Image.open(made.thumbnail) as thumbnail:
        assert (thumbnail.format, thumbnail.size) == ("JPEG", (width, height))


def test_a_backdrop_is_behind_whoever_is_cut_out(drawn: bytes, tmp_path: Path) -> None:
    frame = Watched(render(talking(drawn), tmp_path, "film").video).frames[0]
    assert near(colour_at(frame, 10, 10), (0x20, 0x40, 0xC0))
    assert not near(colour_at(frame, 128, 80), (0x20, 0x40, 0xC0))


def test_a_photo_is_cut_out_by_an_oval(photo: bytes, tmp_path: Path) -> None:
    scene = Scene(portrait=photo, sound=Silence(0.1), backdrop=Color("#00FF00"), cut_out=True, fit="contain")
    frame = Watched(render(Film(scenes=[scene], width=160, height=160), tmp_path, "film").video).frames[0]
    assert near(colour_at(frame, 3, 3), (0, 255, 0))
    assert near(colour_at(frame, 156, 3), (0, 255, 0))
    assert not near(colour_at(frame, 80, 70), (0, 255, 0))


def test_a_picture_that_is_cut_out_already_stays_as_it_is(tmp_path: Path) -> None:
    file = BytesIO()
    image = Image.new("RGBA", (100, 100), (255, 0, 0, 255))
    image.paste((0, 0, 0, 0), (0, 0, 50, 100))
    image.save(file, "PNG")
    scene = Scene(portrait=file.getvalue(), sound=Silence(0.1), backdrop=Color("#00FF00"), cut_out=True)
    frame = Watched(render(Film(scenes=[scene], width=100, height=100), tmp_path, "film").video).frames[0]
    assert near(colour_at(frame, 10, 10), (0, 255, 0))
    assert near(colour_at(frame, 95, 95), (255, 0, 0))


@pytest.mark.parametrize("cut_out", [True, False])
@pytest.mark.parametrize("kind", ["drawn", "photo"])
def test_contain_shows_all_of_a_portrait(
    request: pytest.FixtureRequest,
    tmp_path: Path,
    kind: str,
    cut_out: bool,
) -> None:
    picture = request.getfixturevalue(kind)
    scene = Scene(portrait=picture, sound=Silence(0.1), backdrop=Color("#FF00FF"), fit="contain", cut_out=cut_out)
    frame = Watched(render(Film(scenes=[scene], width=256, height=128), tmp_path, "film").video).frames[0]
    assert near(colour_at(frame, 5, 64), (255, 0, 255))
    assert near(colour_at(frame, 72, 8), (255, 0, 255)) == cut_out
    assert not near(colour_at(frame, 128, 120), (255, 0, 255))


def test_an_image_may_be_the_backdrop(tmp_path: Path) -> None:
    backdrop = as_jpeg(Image.new("RGB", (50, 100), "#C08040"))
    film = Film(scenes=[Scene(sound=Silence(0.1), backdrop=backdrop)], width=64, height=64)
    assert near(colour_at(Watched(render(film, tmp_path, "film").video).frames[0], 2, 2), (0xC0, 0x80, 0x40))


def test_nothing_at_all_is_a_dark_frame(silent: Scene, tmp_path: Path) -> None:
    watched = Watched(render(Film(scenes=[silent], width=64, height=64), tmp_path, "film").video)
    assert near(colour_at(watched.frames[0], 2, 2), (32, 35, 41))
    assert watched.loudness(0, 0.2) < 2


def test_scenes_follow_each_other(tmp_path: Path) -> None:
    scenes = [
        Scene(sound=Silence(0.41), backdrop=Color("#FF0000")),
        Scene(sound=Speech("Yes."), backdrop=Color("#0000FF")),
    ]
    made = render(Film(scenes=scenes, width=64, height=64, fps=10), tmp_path, "film")
    watched = Watched(made.video)
    assert near(colour_at(watched.frames[4], 9, 9), (255, 0, 0))
    assert near(colour_at(watched.frames[5], 9, 9), (0, 0, 255))
    assert watched.loudness(0.05, 0.4) < 20
    assert watched.loudness(0.5, 0.9) > 500


def test_a_sound_file_is_lip_synced_too(drawn: bytes, tmp_path: Path) -> None:
    content = sample_sound()
    made = render(
        Film(scenes=[Scene(portrait=drawn, sound=Sound(content))], width=64, height=64, captions=True), tmp_path, "f"
    )
    assert made.duration == pytest.approx(sound_seconds(content), abs=0.05)
    assert made.subtitles is not None
    assert "[speech]" in made.subtitles.read_text()


def test_an_empty_script_is_a_film_of_a_frame_or_two(drawn: bytes, tmp_path: Path) -> None:
    made = render(
        Film(scenes=[Scene(portrait=drawn, sound=Speech(""))], width=64, height=64, captions=True), tmp_path, "f"
    )
    assert 0.04 <= made.duration < 0.2
    assert Watched(made.video).seconds == pytest.approx(made.duration)
    assert made.subtitles is not None
    assert made.subtitles.read_text() == ""


def test_captions_come_as_a_file_and_in_a_copy_of_the_film(drawn: bytes, tmp_path: Path) -> None:
    made = render(talking(drawn, captions=True, burn_captions=True), tmp_path, "film")
    assert made == Render(
        duration=made.duration,
        video=tmp_path / "film.mp4",
        thumbnail=tmp_path / "film.jpg",
        subtitles=tmp_path / "film.srt",
        captioned=tmp_path / "film.captioned.mp4",
    )
    assert (tmp_path / "film.srt").read_text().splitlines()[2] == "Hello, this is a short film."
    assert made.captioned is not None
    plain, captioned = Watched(made.video), Watched(made.captioned)
    assert captioned.seconds == plain.seconds
    box = (
        ImageChops.difference(plain.frames[10], captioned.frames[10]).point(lambda value: 255 * (value > 60)).getbbox()
    )
    assert box is not None
    assert box[1] > 100
    first, second = (captioned.frames[place].crop((0, 110, 256, 144)).tobytes() for place in (10, -5))
    assert first != second


def test_captions_that_were_not_asked_for_do_not_come(drawn: bytes, tmp_path: Path) -> None:
    render(talking(drawn), tmp_path, "film")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["film.jpg", "film.mp4"]


def test_captions_may_be_in_the_picture_only(silent: Scene, tmp_path: Path) -> None:
    made = render(Film(scenes=[silent], width=64, height=64, burn_captions=True), tmp_path, "film")
    assert made.subtitles is None
    assert made.captioned is not None


def test_a_webm_is_transparent_where_nothing_is_drawn(drawn: bytes, tmp_path: Path) -> None:
    scene = Scene(portrait=drawn, sound=Speech("Yes."), cut_out=True)
    made = render(Film(scenes=[scene], width=128, height=128, container="webm"), tmp_path, "film")
    assert made.video.name == "film.webm"
    assert Watched(made.video).codecs == ["vp8", "opus"]
    alpha = seen_through(made.video)
    assert alpha.getpixel((3, 3)) < 10
    assert alpha.getpixel((64, 70)) > 245
    assert made.thumbnail is not None
    with Image.open(made.thumbnail) as thumbnail:
        assert near(colour_at(thumbnail, 3, 3), (255, 255, 255))


def test_a_clip_gives_its_sound_and_its_length(clip: bytes, tmp_path: Path) -> None:
    made = render(Film(scenes=[Scene(clip=clip)], width=64, height=48, fps=10), tmp_path, "film")
    watched = Watched(made.video)
    with av.open(BytesIO(clip)) as file:
        assert made.duration == pytest.approx((file.duration or 0) / 1_000_000, abs=0.11)
    assert watched.loudness(0, watched.seconds) > 500
    assert near(colour_at(watched.frames[3], 20, 20), (255, 0, 0))


def test_a_sound_sets_the_length_of_a_clip_and_somebody_may_stand_before_it(
    clip: bytes, drawn: bytes, tmp_path: Path
) -> None:
    scene = Scene(clip=clip, portrait=drawn, sound=Speech(HELLO), cut_out=True)
    watched = Watched(render(Film(scenes=[scene], width=128, height=128, captions=True), tmp_path, "film").video)
    assert watched.seconds > 2
    for frame in (watched.frames[0], watched.frames[-1]):
        assert near(colour_at(frame, 5, 5), (255, 0, 0))
        assert not near(colour_at(frame, 64, 70), (255, 0, 0))


def test_a_clip_without_sound_is_silent(tmp_path: Path) -> None:
    made = render(Film(scenes=[Scene(clip=counting(5))], width=64, height=32, fps=10), tmp_path, "film")
    assert made.duration == pytest.approx(0.5)
    assert Watched(made.video).loudness(0, 0.5) < 2


@pytest.mark.parametrize(
    "scene",
    [
        Scene(portrait=b"broken", sound=Silence(0.1)),
        Scene(backdrop=b"broken", sound=Silence(0.1)),
        Scene(clip=b"broken", sound=Silence(0.1)),
        Scene(clip=b"broken"),
        Scene(sound=Sound(b"broken")),
    ],
)
def test_a_film_of_broken_things_leaves_no_files(scene: Scene, tmp_path: Path) -> None:
    with pytest.raises(UnreadableMedia):
        render(Film(scenes=[scene], width=64, height=64), tmp_path, "film")
    assert [path.name for path in tmp_path.iterdir() if path.suffix != ".jpg"] == []


def test_a_folder_that_is_not_there_is_an_error_of_the_system(silent: Scene, tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        render(Film(scenes=[silent], width=64, height=64), tmp_path / "absent", "film")


def test_the_film_comes_last_and_whole(silent: Scene, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    moved: list[tuple[str, str]] = []
    replace = Path.replace

    def seen(self: Path, target: Path) -> Path:
        moved.append((self.name, target.name))
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", seen)
    render(Film(scenes=[silent], width=64, height=64, captions=True, burn_captions=True), tmp_path, "film")
    assert [target for _, target in moved] == ["film.jpg", "film.srt", "film.captioned.mp4", "film.mp4"]
    assert all(part.startswith(".") and part.endswith(".part") for part, _ in moved)


def test_several_threads_film_at_once(drawn: bytes, tmp_path: Path) -> None:
    def make(number: int) -> float:
        scene = Scene(portrait=drawn, sound=Speech("word " * (number + 1)))
        return render(Film(scenes=[scene], width=64, height=64), tmp_path, str(number)).duration

    with ThreadPoolExecutor(os.cpu_count() or 2) as threads:
        durations = list(threads.map(make, range(6)))
    assert durations == sorted(durations)
    assert len(list(tmp_path.iterdir())) == 12
