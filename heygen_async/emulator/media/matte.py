"""What of a picture is somebody in front of something: a guess good enough for a plain wall. Needs Pillow.

A wall is smooth, and reaches the upper corners of the picture. So all that can be reached from there without crossing
an edge is background. A shelf or a street is not smooth: where little of a picture can be reached, a soft oval around
the head and the shoulders is kept instead.
"""

from collections.abc import Iterable, Iterator

from PIL import Image, ImageChops, ImageDraw, ImageFilter

from heygen_async.emulator.media.face import Face
from heygen_async.emulator.media.picture import Size
from heygen_async.emulator.media.skin import beside

__all__ = ["COARSE", "mattes"]

COARSE = 144
"""Pixels of the longer side of the pictures in which somebody is looked for."""
_SMOOTH = 12
"""How much the brightest and the darkest of nine neighbouring pixels differ on a wall, at the most."""
_FIRM = [max(0, min(255, round((value - 90) * 1.8))) for value in range(256)]
"""Makes a soft edge narrower, and the figure with it: a rim of wall is worse than a thinner figure."""
_WALL = 0.5
"""How much of what is outside of the oval must be wall; with less there is none."""


def mattes(first: Image.Image, pictures: Iterable[Image.Image]) -> Iterator[Image.Image]:
    """Yield for each of some pictures of one film what is kept of it: 255 for somebody, 0 for the rest.

    Args:
        first: one of them, large enough for a face to be found in it.
        pictures: RGB, all of one size, with `COARSE` pixels at their longer side.

    """
    ovals = _ovals(first)
    for picture in pictures:
        core, around = (oval.resize(picture.size, Image.Resampling.BOX) for oval in ovals)
        wall = _reached(picture)
        outside = ImageChops.invert(around)
        share = _count(ImageChops.multiply(wall, outside)) / max(1, _count(outside))
        if share < _WALL:
            yield around.filter(ImageFilter.GaussianBlur(picture.height / 40))
            continue
        # The edge between wall and somebody belongs to neither: half of it is taken off the figure.
        figure = ImageChops.lighter(ImageChops.invert(wall.filter(ImageFilter.MaxFilter(3))), core)
        yield figure.filter(ImageFilter.GaussianBlur(0.8)).point(_FIRM)


def _ovals(picture: Image.Image) -> tuple[Image.Image, Image.Image]:
    """Return what is surely somebody, the face and what is below it, and what may be."""
    face = Face.found(picture)
    (x, y), unit = face.middle, face.width
    shapes = []
    for head, body in ((0.35, 0.7), (1.0, 2.0)):
        shape = Image.new("L", picture.size, 0)
        draw = ImageDraw.Draw(shape)
        draw.ellipse((x - head * unit, y - 1.4 * head * unit, x + head * unit, y + (0.4 + 0.8 * head) * unit), fill=255)
        top = y + (1.9 - 0.5 * body) * unit
        draw.rounded_rectangle((x - body * unit, top, x + body * unit, picture.height * 2), 0.5 * unit, fill=255)
        shapes.append(shape)
    return shapes[0], shapes[1]


def _reached(picture: Image.Image) -> Image.Image:
    """Return a mask of what can be reached from the upper corners without crossing an edge."""
    bright, dark = picture.filter(ImageFilter.MaxFilter(3)), picture.filter(ImageFilter.MinFilter(3))
    red, green, blue = ImageChops.subtract(bright, dark).split()
    rough = ImageChops.lighter(ImageChops.lighter(red, green), blue)
    free = {place for place, value in enumerate(rough.tobytes()) if value <= _SMOOTH}
    edge = {place for place in (*_corner(picture.size, 0), *_corner(picture.size, 1)) if place in free}
    reached = bytearray(picture.width * picture.height)
    while edge:
        free -= edge
        for place in edge:
            reached[place] = 255
        edge = {near for place in edge for near in beside(place, picture.size)} & free
    return Image.frombytes("L", picture.size, bytes(reached))


def _corner(size: Size, side: int) -> Iterator[int]:
    """Yield the places of an upper corner, a tenth of the picture wide and high, on the left (0) or the right (1)."""
    wide, high = max(1, size[0] // 10), max(1, size[1] // 10)
    first = side * (size[0] - wide)
    for row in range(high):
        yield from range(row * size[0] + first, row * size[0] + first + wide)


def _count(mask: Image.Image) -> int:
    return sum(mask.histogram()[128:])
