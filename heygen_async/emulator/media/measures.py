"""What a media file is: told by its own words, and by its first frame. Needs PyAV and Pillow."""

from av.container import InputContainer
from av.stream import Disposition
from av.video.stream import VideoStream

from heygen_async.emulator.media.film import UnreadableMedia
from heygen_async.emulator.media.lens import upright
from heygen_async.emulator.media.picture import image_size
from heygen_async.emulator.media.results import Measure
from heygen_async.emulator.media.signature import sniff
from heygen_async.emulator.media.sound import MICROSECONDS, opened
from heygen_async.emulator.media.treatment import File

__all__ = ["measure", "picture_track", "usual_rate"]

_USUAL_RATE = 25.0
"""Frames a second of a video that does not say."""
_HEAD = 64


def measure(file: File) -> Measure:
    """Return what a file is; `media.measure` says more."""
    if (sniff(_head(file)) or "").startswith("image/"):
        size = image_size(file if isinstance(file, bytes) else file.read_bytes())
        return Measure("image", width=size[0], height=size[1])
    with opened(file, "file") as container:
        audible = bool(container.streams.audio)
        picture = picture_track(container)
        if picture is None and not audible:
            raise UnreadableMedia("the file has neither a picture nor a sound")
        seconds = (container.duration or 0) / MICROSECONDS or _counted(file)
        if picture is None:
            return Measure("sound", seconds=seconds, audible=True)
        first = next(container.decode(picture), None)
        if first is None:
            raise UnreadableMedia("the video cannot be decoded: there is no picture in it")
        width, height = upright(first)
        return Measure("video", seconds, width, height, audible, usual_rate(picture))


def picture_track(container: InputContainer) -> VideoStream | None:
    """Return the first track of moving pictures; the cover of a record is none."""
    moving = (track for track in container.streams.video if not track.disposition & Disposition.attached_pic)
    return next(moving, None)


def usual_rate(track: VideoStream) -> float:
    """Return how many frames a second a track has, on average; 25 when it does not say."""
    return float(track.average_rate or _USUAL_RATE)


def _head(file: File) -> bytes:
    if isinstance(file, bytes):
        return file[:_HEAD]
    with file.open("rb") as content:
        return content.read(_HEAD)


def _counted(file: File) -> float:
    """Return how long a file is that does not say it: when its last packet ends."""
    last = 0.0
    with opened(file, "file") as container:
        for packet in container.demux():
            if packet.pts is not None:
                last = max(last, float((packet.pts + (packet.duration or 0)) * packet.time_base))
    return last
