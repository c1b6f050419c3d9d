"""Frames of any size, turned upright, cut to a shape and scaled; and frames laid over each other. Needs PyAV."""

from collections.abc import Sequence
from typing import cast

from attrs import define, field
from av.filter import Graph
from av.video.frame import VideoFrame
from PIL import Image

from heygen_async.emulator.media.picture import Size

__all__ = ["Lens", "blended", "fitted", "framed", "greyed", "photo", "plane", "see_through", "upright"]

_TURNS = {90: ("transpose", "cclock"), -90: ("transpose", "clock"), 180: ("rotate", "PI"), -180: ("rotate", "PI")}
"""How FFmpeg turns a frame that was filmed at an angle, by what the frame says of itself."""
_BT709 = 1
"""The number that FFmpeg gives to the colours of an MP4."""
_GREY = 128
"""The two colours of what has none."""
_LIMITED = [round(16 + value * 219 / 255) for value in range(256)]
"""Brightness as video counts it: black is 16, and white 235."""


def fitted(size: Size, largest: int, ratio: tuple[int, int] | None = None) -> Size:
    """Return the size, both sides even, in which the middle of a picture is shown.

    Args:
        size: of the picture.
        largest: pixels of the longer side, at the most.
        ratio: width to height of the part that is shown; None for all of it.

    """
    wide, high = ratio or size
    # Of the largest part that has this ratio, and fits into the picture.
    scale = min(size[0] / wide, size[1] / high)
    scale = min(scale, largest / max(wide, high))
    return max(2, 2 * round(wide * scale / 2)), max(2, 2 * round(high * scale / 2))


def upright(frame: VideoFrame) -> Size:
    """Return the size in which a frame is meant to be seen."""
    return (frame.height, frame.width) if frame.rotation % 180 else (frame.width, frame.height)


@define
class Lens:
    """Shows the middle of each frame in one size, in the colours of an MP4."""

    size: Size
    _kind: tuple[object, ...] = field(default=(), init=False)
    _graph: Graph | None = field(default=None, init=False)

    def seen(self, frame: VideoFrame) -> VideoFrame:
        """Return the middle of a frame; it is not changed. Frames may differ in size."""
        kind = (frame.width, frame.height, frame.format.name, frame.rotation)
        if self._graph is None or kind != self._kind:
            self._graph, self._kind = self._set_up(frame), kind
        self._graph.push(frame)
        return cast("VideoFrame", self._graph.pull())

    def _set_up(self, frame: VideoFrame) -> Graph:
        graph = Graph()
        wide, high = upright(frame)
        scale = max(self.size[0] / wide, self.size[1] / high)
        part = max(1, round(self.size[0] / scale)), max(1, round(self.size[1] / scale))
        steps = [
            graph.add_buffer(
                width=frame.width, height=frame.height, format=frame.format, time_base=frame.time_base, name="in"
            ),
            *([graph.add(*_TURNS[frame.rotation])] if frame.rotation in _TURNS else []),
            graph.add("crop", f"{min(wide, part[0])}:{min(high, part[1])}"),
            graph.add(
                "scale",
                f"{self.size[0]}:{self.size[1]}:flags=bilinear+accurate_rnd:out_color_matrix=bt709:out_range=tv",
            ),
            graph.add("format", "pix_fmts=yuv420p"),
            graph.add("buffersink"),
        ]
        graph.link_nodes(*steps).configure()
        return graph


def plane(frame: VideoFrame, place: int) -> Image.Image:
    """Return one plane of a frame: its brightness, or a colour in half the size, or how opaque it is."""
    content = frame.planes[place]
    size = content.width, content.height
    return Image.frombuffer("L", size, bytes(content), "raw", "L", content.line_size, 1)


def photo(frame: VideoFrame) -> Image.Image:
    """Return a frame in the colours of an MP4 as a picture, RGB; how opaque it is does not count."""
    seen = frame.reformat(format="rgb24", src_colorspace=_BT709)
    content = seen.planes[0]
    return Image.frombuffer("RGB", (seen.width, seen.height), bytes(content), "raw", "RGB", content.line_size, 1)


def blended(below: VideoFrame, above: VideoFrame, mask: Image.Image) -> VideoFrame:
    """Return a frame with another over it where a mask says so: 255 shows the upper one, 0 the lower one.

    Both frames have the mask's size and the colours of an MP4; they are not changed.
    """
    masks = mask, *2 * [mask.reduce(2)]
    planes = (Image.composite(plane(above, at), plane(below, at), masks[at]) for at in range(3))
    return framed("yuv420p", mask.size, list(planes))


def see_through(frame: VideoFrame, mask: Image.Image) -> VideoFrame:
    """Return a frame that is opaque where its mask is 255, and transparent where it is 0."""
    return framed("yuva420p", mask.size, [*(plane(frame, at) for at in range(3)), mask])


def greyed(picture: Image.Image) -> VideoFrame:
    """Return a frame, in the colours of an MP4, of a picture in shades of grey."""
    grey = Image.new("L", (picture.width // 2, picture.height // 2), _GREY)
    return framed("yuv420p", picture.size, [picture.point(_LIMITED), grey, grey])


def framed(form: str, size: Size, planes: Sequence[Image.Image]) -> VideoFrame:
    """Return a frame made of planes, as `plane` returns them."""
    frame = VideoFrame(*size, form)
    for target, content in zip(frame.planes, planes, strict=True):
        # A row in memory may be longer than a row of the picture; what is cut beyond an edge is black.
        target.update(content.crop((0, 0, target.line_size, target.height)).tobytes())
    return frame
