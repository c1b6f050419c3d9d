"""A video that somebody brought: measured, then shown at any rising times, and heard. Needs PyAV."""

from collections.abc import Iterable, Iterator
from typing import Self

from attrs import frozen
from av.container import InputContainer
from av.video.frame import VideoFrame

from heygen_async.emulator.media.film import UnreadableMedia
from heygen_async.emulator.media.lens import Lens
from heygen_async.emulator.media.measures import measure, picture_track, usual_rate
from heygen_async.emulator.media.picture import Size
from heygen_async.emulator.media.sound import WORTH_SEEKING, Pcm, decoded, jump, opened, silence
from heygen_async.emulator.media.treatment import LONGEST, File

__all__ = ["Reel"]

_RATES = (10, 30)
"""Frames a second that are shown, at the least and at the most."""


@frozen
class Reel:
    """A part of a video, of `LONGEST` seconds at the most."""

    source: File
    start: float
    """Where the part begins, in seconds."""
    seconds: float
    size: Size
    """Width and height in pixels, upright."""
    fps: int
    audible: bool
    """Whether there is a sound track."""

    @classmethod
    def opened(cls, source: File, start: float = 0.0, end: float | None = None) -> Self:
        """Look at a video, without decoding more than its first frame.

        Raises:
            UnreadableMedia: when there is no picture in it that can be decoded, or it ends before the part begins.
            OSError: when there is no such file.

        """
        seen = measure(source)
        if seen.kind != "video":
            raise UnreadableMedia("the video cannot be decoded: there is no moving picture in it")
        last = min(seen.seconds, start + LONGEST, end or start + LONGEST)
        if last <= start:
            raise UnreadableMedia(f"the video ends after {last:.1f} s, before the part that begins at {start:.1f} s")
        rate = min(max(round(seen.rate), _RATES[0]), _RATES[1])
        return cls(source, start, last - start, (seen.width, seen.height), rate, seen.audible)

    def shown(self, times: Iterable[float], size: Size) -> Iterator[VideoFrame]:
        """Yield what is to be seen at each of some times, its middle in this size, in the colours of an MP4.

        Args:
            times: seconds into the part, none smaller than the one before. After the video's end its last frame stays.
            size: width and height in pixels, even.

        Raises:
            UnreadableMedia: when a part of the video that is asked for cannot be decoded.

        """
        lens = Lens(size)
        with opened(self.source, "video") as container:
            frames = self._frames(container)
            _, now = next(frames)
            following = next(frames, None)
            seen = None
            for time in times:
                while following is not None and following[0] <= self.start + time:
                    (_, now), seen = following, None
                    following = next(frames, None)
                seen = seen or lens.seen(now)
                yield seen

    def heard(self) -> Pcm:
        """Return the part's sound, exactly as long as the part: silence where there is none.

        Raises:
            UnreadableMedia: when there is a sound track, and it cannot be decoded.

        """
        if not self.audible:
            return silence(self.seconds)
        return decoded(self.source, self.start, self.seconds).lasting(self.seconds)

    def _frames(self, container: InputContainer) -> Iterator[tuple[float, VideoFrame]]:
        """Yield the frames, some from before the part and then its own, each with its time from the first one on."""
        track = picture_track(container) or container.streams.video[0]
        track.thread_type = "AUTO"
        step = 1 / usual_rate(track)
        frames = container.decode(track)
        first = next(frames)
        origin = time = float(first.time or 0.0)
        yield 0.0, first
        if self.start > WORTH_SEEKING:
            jump(container, origin + self.start)
            frames = container.decode(track)
        for frame in frames:
            time = time + step if frame.time is None else float(frame.time)
            yield time - origin, frame
