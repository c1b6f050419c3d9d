"""A first look at files: what they are, one picture, a few seconds in motion."""

from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import av
import pytest
from PIL import Image
from test_media_sound import mp3, tone, wav
from viewer import as_jpeg, colour_at, counting, near, red, split

from heygen_async.emulator.media import (
    Cut,
    Measure,
    UnreadableMedia,
    gif,
    measure,
    portrait,
    synthetic,
    thumbnail,
    treat,
)
from heygen_async.emulator.media.sound import framed


def with_cover(sound: bytes) -> bytes:
    """An MP3 that has a picture of its record."""
    file = BytesIO()
    with av.open(BytesIO(sound)) as source, av.open(file, "w", format="mp3") as target:
        track = target.add_stream_from_template(source.streams.audio[0])
        cover = target.add_stream("mjpeg", rate=1)
        cover.width, cover.height, cover.pix_fmt = 32, 32, "yuvj420p"
        cover.disposition = av.stream.Disposition.attached_pic
        for packet in source.demux(audio=0):
            if packet.pts is not None:
                packet.stream = track
                target.mux(packet)
        frame = av.VideoFrame.from_bytes(bytes(32 * 32 * 4), 32, 32).reformat(format="yuvj420p")
        target.mux([*cover.encode(frame), *cover.encode(None)])
    return file.getvalue()


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (portrait("x", 60, 40), Measure("image", width=60, height=40)),
        (as_jpeg(Image.new("RGB", (30, 20))), Measure("image", width=30, height=20)),
        (wav(tone(0.5)), Measure("sound", 0.5, audible=True)),
        (counting(5), Measure("video", 0.5, 64, 32, audible=False, rate=10.0)),
    ],
)
def test_a_file_says_what_it_is(content: bytes, expected: Measure, tmp_path: Path) -> None:
    assert measure(content) == expected
    (tmp_path / "file").write_bytes(content)
    assert measure(tmp_path / "file") == expected


def test_a_talking_video_can_be_heard(talk: Path) -> None:
    seen = measure(talk)
    assert (seen.kind, seen.width, seen.height, seen.audible, seen.rate) == ("video", 256, 144, True, 25)


def test_an_mp3_is_a_sound_even_with_a_cover() -> None:
    plain = mp3(tone(1.0, 44_100))
    for content in (plain, with_cover(plain)):
        seen = measure(content)
        assert (seen.kind, seen.audible) == ("sound", True)
        assert seen.seconds == pytest.approx(1.0, abs=0.1)


def test_all_of_a_long_file_is_measured(tmp_path: Path) -> None:
    assert measure(synthetic(3000, tmp_path / "long.mp4", "s", seconds=500).video).seconds == 500


@pytest.mark.parametrize("content", [b"", b"text", b"%PDF-1.4\n", b"\x89PNG\r\n\x1a\n", counting(0)])
def test_what_is_neither_seen_nor_heard_says_so(content: bytes) -> None:
    with pytest.raises(UnreadableMedia):
        measure(content)


def test_a_video_without_a_single_picture_says_so() -> None:
    file = BytesIO()
    with av.open(file, "w", format="webm") as container:
        picture, voice = container.add_stream("libvpx", rate=10), container.add_stream("libopus", rate=48_000)
        picture.width, picture.height, picture.pix_fmt, voice.layout = 64, 32, "yuv420p", "mono"
        for piece in framed(tone(0.3)):
            container.mux(voice.encode(piece))
        container.mux(voice.encode(None))
    with pytest.raises(UnreadableMedia, match="no picture in it"):
        measure(file.getvalue())


def test_subtitles_are_neither_seen_nor_heard() -> None:
    with pytest.raises(UnreadableMedia, match="neither a picture nor a sound"):
        measure(b"1\n00:00:00,000 --> 00:00:01,000\nHi\n")


def test_a_thumbnail_is_the_first_frame() -> None:
    with Image.open(BytesIO(thumbnail(split(200, 100), 80))) as image:
        assert (image.format, image.size) == ("JPEG", (80, 40))
        assert red(image, 10, 20)
        assert not red(image, 70, 20)


def test_a_thumbnail_is_never_larger_than_its_picture(photo: bytes) -> None:
    with Image.open(BytesIO(thumbnail(photo))) as image:
        assert image.size == (160, 160)


def test_a_thumbnail_is_white_where_an_image_is_transparent() -> None:
    file = BytesIO()
    Image.new("RGBA", (20, 20), (255, 0, 0, 0)).save(file, "PNG")
    with Image.open(BytesIO(thumbnail(file.getvalue()))) as image:
        assert near(colour_at(image, 9, 9), (255, 255, 255))


def test_a_gif_moves_for_a_few_seconds(talk: Path, tmp_path: Path) -> None:
    with Image.open(BytesIO(gif(talk, 128))) as image:
        assert (image.format, image.size) == ("GIF", (128, 72))
        assert getattr(image, "n_frames", 1) > 10
        assert image.info["loop"] == 0
        assert 0 < image.info["duration"] * 24 <= 3100
    short = treat(Cut(source=talk, end=0.05), tmp_path, "short").video
    with Image.open(BytesIO(gif(short))) as image:
        assert image.size == (256, 144)


@pytest.mark.parametrize("look", [thumbnail, gif])
def test_a_sound_has_no_picture(look: Callable[[bytes], bytes]) -> None:
    with pytest.raises(UnreadableMedia):
        look(wav(tone(0.2)))
