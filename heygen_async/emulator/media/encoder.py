"""Frames and sound become a video file. Needs PyAV."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from fractions import Fraction
from itertools import islice
from os import urandom
from pathlib import Path
from typing import cast

import av
from attrs import frozen
from av.audio.stream import AudioStream
from av.container import OutputContainer
from av.video.frame import VideoFrame
from av.video.stream import VideoStream
from PIL import Image

from heygen_async.emulator.media.film import Container
from heygen_async.emulator.media.picture import Size
from heygen_async.emulator.media.sound import RATE, Pcm, framed

__all__ = ["encoded", "whole", "write"]

_BT709, _BT601 = 1, 5
_LIMITED = 1
"""The numbers that FFmpeg gives to ways of writing colours."""


@frozen
class _Format:
    """How one kind of file is written."""

    video: str
    pixels: str
    colours: int
    audio: str
    file: dict[str, str]
    picture: dict[str, str]


# One thread each: a talking head hardly gets faster with two, and several films are rendered at once.
_FORMATS: dict[Container, _Format] = {
    "mp4": _Format(
        video="libx264",
        pixels="yuv420p",
        colours=_BT709,
        audio="aac",
        # The index goes before the frames, so that a player can start before the file is there as a whole.
        file={"movflags": "+faststart"},
        picture={"preset": "ultrafast", "crf": "21", "threads": "1"},
    ),
    "webm": _Format(
        video="libvpx",
        pixels="yuva420p",
        # VP8 knows no other.
        colours=_BT601,
        audio="libopus",
        file={},
        # An alternate reference frame cannot have transparency; what stands still costs nothing above the threshold.
        picture={
            "deadline": "realtime",
            "cpu-used": "16",
            "crf": "20",
            "b": "2M",
            "auto-alt-ref": "0",
            "static-thresh": "500",
            "threads": "1",
        },
    ),
}


def encoded(picture: Image.Image, container: Container) -> VideoFrame:
    """Return an RGBA picture in the colours that the container's encoder takes; it may be shown any number of times."""
    form = _FORMATS[container]
    frame = VideoFrame.from_bytes(picture.tobytes(), picture.width, picture.height, format="rgba")
    return frame.reformat(format=form.pixels, dst_colorspace=form.colours, dst_color_range=_LIMITED)


def write(path: Path, container: Container, size: Size, fps: int, frames: Iterable[VideoFrame], sound: Pcm) -> None:
    """Write a video file. It appears at its path when it is whole, and replaces one that is there.

    Args:
        path: where to.
        container: "mp4" or "webm".
        size: width and height in pixels.
        fps: frames a second.
        frames: as `encoded` makes them; one of them may come several times.
        sound: at the films' rate, and as long as the frames.

    """
    form = _FORMATS[container]
    with whole(path) as part, av.open(str(part), "w", format=container, options=form.file) as file:
        picture = _picture_track(file, form, size, fps)
        voice = cast("AudioStream", file.add_stream(form.audio, rate=RATE))
        voice.bit_rate = 96_000
        voice.layout = "mono"
        pieces = framed(sound)
        for number, frame in enumerate(frames):
            if number % fps == 0:
                _sound(file, voice, pieces)
            frame.pts, frame.time_base = number, Fraction(1, fps)
            file.mux(picture.encode(frame))
        for track in (picture, voice):
            file.mux(track.encode(None))


@contextmanager
def whole(path: Path) -> Iterator[Path]:
    """Give a hidden name beside the path to write to; at the block's end the file moves to the path, or goes."""
    part = path.with_name(f".{path.name}.{urandom(6).hex()}.part")
    try:
        yield part
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def _picture_track(file: OutputContainer, form: _Format, size: Size, fps: int) -> VideoStream:
    picture = cast("VideoStream", file.add_stream(form.video, rate=fps, options=form.picture))
    picture.width, picture.height = size
    picture.pix_fmt = form.pixels
    picture.time_base = Fraction(1, fps)
    picture.gop_size = 2 * fps
    picture.color_primaries = picture.color_trc = picture.colorspace = form.colours
    picture.color_range = _LIMITED
    if form.pixels == "yuva420p":
        picture.metadata["alpha_mode"] = "1"
    return picture


def _sound(file: OutputContainer, voice: AudioStream, pieces: Iterator["av.AudioFrame"]) -> None:
    """Write the next second of sound, so that the tracks lie side by side in the file."""
    for piece in islice(pieces, 1):
        piece.time_base = Fraction(1, RATE)
        file.mux(voice.encode(piece))
