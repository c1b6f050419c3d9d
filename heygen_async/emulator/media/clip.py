"""Clips that people bring, played frame by frame in a frame of another size and pace. Needs PyAV and Pillow."""

from collections.abc import Iterator
from itertools import chain, islice, repeat

from av.container import InputContainer
from av.video.frame import VideoFrame
from PIL import Image

from heygen_async.emulator.media.film import Fit, UnreadableMedia
from heygen_async.emulator.media.picture import Size, fitting
from heygen_async.emulator.media.sound import MICROSECONDS, opened

__all__ = ["clip_has_sound", "clip_seconds", "played"]

_USUAL_RATE = 25
"""Frames a second of a clip that does not say."""


def clip_seconds(content: bytes) -> float:
    """Return how long a clip's picture is, in seconds.

    Raises:
        UnreadableMedia: when there is no picture in it that can be decoded.

    """
    with opened(content, "clip") as container:
        frames = _lasting(container)
        _, end = next(frames)
        if container.duration:
            return container.duration / MICROSECONDS
        return max([end, *(end for _, end in frames)])


def clip_has_sound(content: bytes) -> bool:
    """Tell whether a clip has a sound track."""
    with opened(content, "clip") as container:
        return bool(container.streams.audio)


def played(content: bytes, frames: int, fps: int, size: Size, fit: Fit) -> Iterator[Image.Image]:
    """Yield a clip as so many pictures in RGBA, fitted into a transparent frame, from its start again if it is shorter.

    Raises:
        UnreadableMedia: when it cannot be decoded.

    """
    endless = chain.from_iterable(_once(content, fps, size, fit) for _ in repeat(None))
    return islice(endless, frames)


def _once(content: bytes, fps: int, size: Size, fit: Fit) -> Iterator[Image.Image]:
    """Yield the clip's pictures once, at the film's pace: the first in any case, each other one if it is due."""
    shown = 0
    with opened(content, "clip") as container:
        for frame, end in _lasting(container):
            picture = None
            while shown + 0.5 <= max(0.5, end * fps):
                picture = picture or _laid(frame, size, fit)
                yield picture
                shown += 1


def _lasting(container: InputContainer) -> Iterator[tuple[VideoFrame, float]]:
    """Yield each frame, one at the least, and the second, counted from the first frame, in which it ends."""
    frames = _frames(container)
    before = next(frames)
    start = _time(before)
    for frame in frames:
        yield before, _time(frame) - start
        before = frame
    yield before, _time(before) - start + 1 / float(container.streams.video[0].average_rate or _USUAL_RATE)


def _frames(container: InputContainer) -> Iterator[VideoFrame]:
    frames = 0
    if container.streams.video:
        container.streams.video[0].thread_type = "AUTO"
        for frame in container.decode(container.streams.video[0]):
            yield frame
            frames += 1
    if not frames:
        raise UnreadableMedia("the clip cannot be decoded: there is no picture in it")


def _time(frame: VideoFrame) -> float:
    return float(frame.time or 0.0)


def _laid(frame: VideoFrame, size: Size, fit: Fit) -> Image.Image:
    place = fitting((frame.width, frame.height), size, fit)
    scaled = frame.reformat(width=place.size[0], height=place.size[1], format="rgba")
    plane = scaled.planes[0]
    picture = Image.frombuffer("RGBA", place.size, bytes(plane), "raw", "RGBA", plane.line_size, 1)
    if place.size == size:
        return picture
    laid = Image.new("RGBA", size, (0, 0, 0, 0))
    laid.paste(picture, (round(place.left), round(place.top)))
    return laid
