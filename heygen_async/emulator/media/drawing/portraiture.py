"""A whole portrait: somebody in front of a soft backdrop, in any size, with or without the backdrop."""

from PIL import Image, ImageDraw, ImageFilter

from heygen_async.emulator.media.drawing import figure
from heygen_async.emulator.media.drawing.canvas import Canvas, Pose, lighter
from heygen_async.emulator.media.drawing.likeness import Likeness
from heygen_async.emulator.media.drawing.scenery import scenery

__all__ = ["backdrop", "portray", "pose"]

_FINE = 2
"""The figure is drawn this many times larger than it is shown."""


def pose(size: tuple[int, int], zoom: float = 1.0) -> Pose:
    """Return where the head is in a picture of this size: in its middle, a little above half height.

    Wide pictures show head and shoulders; tall ones come nearer, so that the head does not get lost in them. From
    farther away the head is higher, and more is seen of the body.
    """
    width, height = size
    head = zoom * min(0.45 * height, 0.56 * width)
    return Pose(x=width / 2, y=(0.43 - 0.25 * max(0.0, 1 - zoom)) * height, head=head)


def portray(looks: Likeness, size: tuple[int, int]) -> Image.Image:
    """Return somebody on a transparent ground: an RGBA picture of this width and height in pixels."""
    at = pose(size, looks.zoom)
    fine = Pose(x=at.x * _FINE, y=at.y * _FINE, head=at.head * _FINE)
    canvas = Canvas(size=(size[0] * _FINE, size[1] * _FINE), pose=fine)
    figure.draw(canvas, looks)
    return canvas.image.reduce(_FINE)


def backdrop(looks: Likeness, size: tuple[int, int]) -> Image.Image:
    """Return what somebody stands before: a place, out of focus, or a wall with some light behind the head."""
    if looks.place:
        coarse = max(1, size[0] // 2), max(1, size[1] // 2)
        blurred = scenery(looks.place, coarse).flat().filter(ImageFilter.GaussianBlur(coarse[1] / 120))
        return blurred.resize(size, Image.Resampling.BICUBIC)
    bright, deep = looks.backdrop
    small = (max(1, size[0] // 8), max(1, size[1] // 8))
    fall = Image.linear_gradient("L").resize(small)
    wall = Image.composite(Image.new("RGB", small, deep), Image.new("RGB", small, bright), fall)
    light = Image.new("L", small, 0)
    at = pose(small, looks.zoom)
    ImageDraw.Draw(light).circle((at.x, at.y - 0.05 * at.head), 0.8 * at.head, fill=150)
    wall.paste(lighter(bright, 0.7), (0, 0), light.filter(ImageFilter.GaussianBlur(at.head / 3)))
    return wall.resize(size, Image.Resampling.BICUBIC)
