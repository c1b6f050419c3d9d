"""The background of a video goes: what stays is looked for a few times a second, and fades from one to the next."""

from collections.abc import Iterator
from itertools import count
from typing import Self

from attrs import evolve, frozen
from av.video.frame import VideoFrame
from PIL import Image

from heygen_async.emulator.media.encoder import encoded
from heygen_async.emulator.media.film import Color
from heygen_async.emulator.media.lens import blended, fitted, greyed, photo, see_through
from heygen_async.emulator.media.matte import COARSE, mattes
from heygen_async.emulator.media.picture import Size
from heygen_async.emulator.media.plate import grown, plate
from heygen_async.emulator.media.reel import Reel

__all__ = ["Removal"]

_LOOKS = 5
"""How many times a second somebody is looked for."""
_CLEAR = 640
"""Pixels of the longer side of a picture in which a face is found."""


@frozen
class Removal:
    """What is kept of each frame."""

    size: Size
    step: int
    """Frames from one look to the next."""
    masks: list[Image.Image]
    """One for each look, and one more."""

    @classmethod
    def of(cls, reel: Reel, times: list[float], size: Size) -> Self:
        """Look at a reel's frames at these times, to be shown in this size."""
        step = max(1, reel.fps // _LOOKS)
        small = reel.shown(times[::step], fitted(size, COARSE))
        first = photo(next(reel.shown(times, fitted(size, _CLEAR))))
        masks = list(mattes(first, map(photo, small)))
        return cls(size, step, [*masks, masks[-1]])

    def mattes(self) -> Iterator[Image.Image]:
        """Yield what is kept of one frame after the other, for ever: 255 for all, 0 for nothing."""
        for number in count():
            look, share = divmod(number, self.step)
            before, after = self.masks[min(look, len(self.masks) - 2) :][:2]
            yield Image.blend(before, after, share / self.step).resize(self.size, Image.Resampling.BILINEAR)

    def see_through(self, frames: Iterator[VideoFrame]) -> Iterator[VideoFrame]:
        """Yield frames that are transparent where the background was."""
        for frame, matte in zip(frames, self.mattes(), strict=False):
            yield see_through(frame, matte)

    def before(self, backdrop: Color, frames: Iterator[VideoFrame]) -> Iterator[VideoFrame]:
        """Yield frames that have a colour for a background."""
        wall = encoded(Image.new("RGBA", self.size, backdrop.value), "mp4")
        for frame, matte in zip(frames, self.mattes(), strict=False):
            yield blended(wall, frame, matte)

    def behind(self, first: VideoFrame, frames: Iterator[VideoFrame]) -> Iterator[VideoFrame]:
        """Yield frames in which nobody is to be seen; what is behind is guessed from the first of them."""
        wide = evolve(self, masks=[grown(mask) for mask in self.masks])
        wall = encoded(plate(photo(first), wide.masks[0]).convert("RGBA"), "mp4")
        for frame, matte in zip(frames, wide.mattes(), strict=False):
            yield blended(frame, wall, matte)

    def alone(self, frames: int) -> Iterator[VideoFrame]:
        """Yield what is kept of so many frames, in white on black."""
        for _, matte in zip(range(frames), self.mattes(), strict=False):
            yield greyed(matte)
