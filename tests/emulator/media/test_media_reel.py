"""Videos that people bring: shown at any times, heard, and no more of them read than is bearable."""

from io import BytesIO
from pathlib import Path

import av
import pytest
from PIL import Image
from viewer import counting

from heygen_async.emulator.media import UnreadableMedia, sample_sound, synthetic
from heygen_async.emulator.media.lens import photo
from heygen_async.emulator.media.reel import Reel


def greys(reel: Reel, times: list[float]) -> list[int]:
    return [round(photo(frame).getpixel((32, 16))[0] / 10) for frame in reel.shown(times, reel.size)]  # type: ignore[index]


def without_length(frames: int) -> bytes:
    """The same film as `counting`, from a machine that did not know how long it would be."""
    file = BytesIO()
    with av.open(BytesIO(counting(frames))) as source, av.open(Pipe(file), "w", format="webm") as target:
        track = target.add_stream("libvpx", rate=10)
        track.width, track.height, track.pix_fmt = 64, 32, "yuv420p"
        for frame in source.decode(video=0):
            target.mux(track.encode(frame))
        target.mux(track.encode(None))
    return file.getvalue()


class Pipe:
    """Where nothing can be written a second time."""

    def __init__(self, file: BytesIO) -> None:
        self.write = file.write


def test_a_reel_says_what_it_is(talk: Path) -> None:
    reel = Reel.opened(talk)
    assert (reel.size, reel.fps, reel.audible) == ((256, 144), 25, True)
    assert reel.seconds > 2.5
    assert not Reel.opened(counting(3)).audible


def test_each_moment_shows_the_frame_of_its_time() -> None:
    reel = Reel.opened(counting(10))
    assert greys(reel, [0.0, 0.05, 0.1, 0.35, 0.35, 0.9]) == [0, 0, 1, 3, 3, 9]


def test_after_the_end_the_last_frame_stays() -> None:
    assert greys(Reel.opened(counting(3)), [0.25, 0.31, 5.0]) == [2, 2, 2]


def test_a_part_has_times_of_its_own() -> None:
    reel = Reel.opened(counting(20), 0.5, 1.5)
    assert reel.seconds == pytest.approx(1.0)
    assert greys(reel, [0.05, 0.95]) == [5, 14]


@pytest.mark.parametrize("form", ["mp4", "webm"])
def test_a_part_far_from_the_start_is_jumped_to(form: str) -> None:
    file = BytesIO()
    with av.open(file, "w", format=form) as container:
        track = container.add_stream("libx264" if form == "mp4" else "libvpx", rate=10, options={"crf": "4"})
        track.width, track.height, track.pix_fmt, track.gop_size = 64, 32, "yuv420p", 10
        for number in range(60):
            grey = Image.new("RGBA", (64, 32), (4 * number,) * 3)
            frame = av.VideoFrame.from_bytes(grey.tobytes(), 64, 32).reformat(format="yuv420p")
            frame.pts = number
            container.mux(track.encode(frame))
        container.mux(track.encode(None))
    reel = Reel.opened(file.getvalue(), 4.3)
    shown = [photo(frame).getpixel((32, 16))[0] for frame in reel.shown([0.05, 1.05], reel.size)]  # type: ignore[index]
    assert shown == pytest.approx([4 * 43, 4 * 53], abs=2)


def test_what_cannot_be_jumped_in_is_shown_from_its_start() -> None:
    content = counting(25, form="mjpeg")
    reel = Reel(content, 2.2, 0.5, (64, 32), 10, audible=False)
    assert len(greys(reel, [0.0, 0.1])) == 2


def test_sound_and_picture_of_a_part_belong_together(talk: Path) -> None:
    whole = Reel.opened(talk).heard()
    for start in (0.5, 2.2):
        part = Reel.opened(talk, start).heard()
        assert part.seconds == pytest.approx(whole.seconds - start, abs=0.001)
        loud, also = (memoryview(sound.samples).cast("h") for sound in (whole.between(start, whole.seconds), part))
        assert sum(abs(a - b) for a, b in zip(loud, also, strict=False)) / len(also) < 50


def test_a_video_without_sound_is_silent() -> None:
    heard = Reel.opened(counting(5)).heard()
    assert heard.seconds == pytest.approx(0.5)
    assert set(heard.samples) == {0}


def test_the_length_is_counted_where_the_file_does_not_say() -> None:
    content = without_length(12)
    with av.open(BytesIO(content)) as file:
        assert file.duration is None
    assert Reel.opened(content).seconds == pytest.approx(1.2, abs=0.11)


def test_no_more_than_a_minute_is_shown(tmp_path: Path) -> None:
    long = synthetic(3000, tmp_path / "long.mp4", "s", seconds=500).video
    reel = Reel.opened(long)
    assert (reel.seconds, reel.fps) == (60, 10)
    assert Reel.opened(long, 480).seconds == pytest.approx(20)


def test_a_fast_video_is_shown_slower() -> None:
    assert Reel.opened(counting(10, fps=60)).fps == 30


@pytest.mark.parametrize(("start", "end"), [(3.0, None), (0.5, None), (0.5, 0.7)])
def test_a_part_that_begins_after_the_end_says_so(start: float, end: float | None) -> None:
    with pytest.raises(UnreadableMedia, match=r"ends after 0\.5 s"):
        Reel.opened(counting(5), start, end)


@pytest.mark.parametrize("content", [b"", b"nothing", sample_sound(), counting(0)])
def test_what_is_no_video_says_so(content: bytes) -> None:
    with pytest.raises(UnreadableMedia):
        Reel.opened(content)


def test_an_image_is_no_video(photo: bytes) -> None:
    with pytest.raises(UnreadableMedia, match="no moving picture"):
        Reel.opened(photo)


def test_a_file_that_is_not_there_is_an_error_of_the_system(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        Reel.opened(tmp_path / "absent.mp4")


def test_a_video_that_breaks_off_says_so_or_shows_what_there_is() -> None:
    content = counting(20)
    reel = Reel.opened(content)
    broken = Reel(content[: content.index(b"mdat") + 4], 0, 1, reel.size, 10, audible=False)
    with pytest.raises(UnreadableMedia, match="the video cannot be decoded"):
        list(broken.shown([0.5], reel.size))
