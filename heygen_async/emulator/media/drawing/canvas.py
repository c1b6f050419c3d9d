"""A sheet to draw a person on: smooth outlines, flat colours and soft shades, in units of the person's head.

The figure is drawn at twice the size and reduced at the end, which is what makes its edges smooth. Coordinates are
in heads: (0, 0) is the middle of the face, y = 0.5 the chin, and x grows to the right.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import pairwise

from attrs import define, evolve, field, frozen
from PIL import Image, ImageChops, ImageDraw, ImageFilter

__all__ = [
    "Canvas",
    "Colour",
    "Point",
    "Pose",
    "curve",
    "darker",
    "lighter",
    "mirrored",
    "mix",
    "oval",
    "points",
    "rgb",
]

Point = tuple[float, float]
Colour = tuple[int, int, int]

_STEPS = 14
"""Straight pieces a curve between two points is drawn with."""

_SOFT = 4
"""Shades are drawn this many times coarser: they are blurred anyway, and a blur's cost grows with its area."""


def points(text: str) -> list[Point]:
    """Return the points that a text lists in hundredths of a head: "0,-60 26,-56" is [(0.0, -0.6), (0.26, -0.56)]."""
    pairs = (pair.split(",") for pair in text.split())
    return [(float(x) / 100, float(y) / 100) for x, y in pairs]


def curve(through: Sequence[Point], *, closed: bool = False) -> list[Point]:
    """Return a smooth line through the points: a Catmull-Rom spline, open unless `closed`."""
    around = [through[-1], *through, *through[:2]] if closed else [through[0], *through, through[-1]]
    line: list[Point] = []
    for before, start, end, after in zip(around, around[1:], around[2:], around[3:], strict=False):
        line.extend(_between(before, start, end, after, step / _STEPS) for step in range(_STEPS))
    return line if closed else [*line, through[-1]]


def _between(before: Point, start: Point, end: Point, after: Point, t: float) -> Point:
    def along(a: float, b: float, c: float, d: float) -> float:
        return b + 0.5 * t * (c - a + t * (2 * a - 5 * b + 4 * c - d + t * (3 * (b - c) + d - a)))

    return along(before[0], start[0], end[0], after[0]), along(before[1], start[1], end[1], after[1])


def mirrored(right: Iterable[Point]) -> list[Point]:
    """Return the right half of an outline, drawn from the top down, followed by its mirror image on the left."""
    half = list(right)
    return half + [(-x, y) for x, y in reversed(half) if x]


def oval(x: float, y: float, width: float, height: float) -> list[Point]:
    """Return the outline of an ellipse with its middle at (x, y); width and height are half axes."""
    bend = 0.7071
    ring = ((0, -1), (bend, -bend), (1, 0), (bend, bend), (0, 1), (-bend, bend), (-1, 0), (-bend, -bend))
    return curve([(x + width * dx, y + height * dy) for dx, dy in ring], closed=True)


def mix(colour: Colour, other: Colour, share: float) -> Colour:
    """Return the colour moved towards the other by `share`, 0 to 1."""
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(colour, other, strict=True))
    return red, green, blue


def darker(colour: Colour, share: float = 0.25) -> Colour:
    """Return the colour in shade: darker, and a little warmer, as real shade on skin and cloth is."""
    return mix(colour, (38, 14, 22), share)


def lighter(colour: Colour, share: float = 0.25) -> Colour:
    """Return the colour in light."""
    return mix(colour, (255, 250, 242), share)


def rgb(text: str) -> Colour:
    """Return the colour that "#RRGGBB" spells."""
    return int(text[1:3], 16), int(text[3:5], 16), int(text[5:7], 16)


@frozen
class Pose:
    """Where the head is in a picture: its middle and its height, all in pixels."""

    x: float
    y: float
    head: float

    def place(self, point: Point) -> Point:
        """Return the pixel of a point given in heads."""
        return self.x + point[0] * self.head, self.y + point[1] * self.head


@define
class Canvas:
    """A transparent sheet in which shapes are filled, shaded and lined; positions and widths are in heads."""

    size: tuple[int, int]
    pose: Pose
    image: Image.Image = field(init=False)
    _draw: ImageDraw.ImageDraw = field(init=False)

    def __attrs_post_init__(self) -> None:
        self.image = Image.new("RGBA", self.size, (0, 0, 0, 0))
        self._draw = ImageDraw.Draw(self.image)

    @contextmanager
    def lifted(self, heads: float) -> Iterator[None]:
        """Draw everything within the block this much higher."""
        pose = self.pose
        self.pose = evolve(pose, y=pose.y - heads * pose.head)
        try:
            yield
        finally:
            self.pose = pose

    def fill(self, outline: Iterable[Point], colour: Colour) -> None:
        """Fill an outline with one colour."""
        self._draw.polygon([self.pose.place(point) for point in outline], fill=colour)

    def line(self, through: Sequence[Point], colour: Colour, width: float) -> None:
        """Draw a smooth line with round ends; its width is in heads."""
        thick = max(1.0, width * self.pose.head)
        path = [self.pose.place(point) for point in curve(through)]
        self._draw.line(path, fill=colour, width=round(thick), joint="curve")
        for x, y in (path[0], path[-1]):
            self._draw.circle((x, y), thick / 2, fill=colour)

    def stroke(self, through: Sequence[Point], colour: Colour, width: float) -> None:
        """Draw a smooth line which is `width` heads thick in its middle and pointed at its ends."""
        path = curve(through)
        last = max(1, len(path) - 1)
        upper: list[Point] = []
        lower: list[Point] = []
        for place, ((x0, y0), (x1, y1)) in enumerate(pairwise([*path, path[-1]])):
            length = ((x1 - x0) ** 2 + (y1 - y0) ** 2) ** 0.5 or 1.0
            share = 4 * place / last * (1 - place / last)
            half = width / 2 * (0.25 + 0.75 * max(0.0, share))
            across = (-(y1 - y0) / length * half, (x1 - x0) / length * half)
            upper.append((x0 + across[0], y0 + across[1]))
            lower.append((x0 - across[0], y0 - across[1]))
        self.fill(upper + lower[::-1], colour)

    def shade(
        self,
        outline: Iterable[Point],
        colour: Colour,
        strength: float,
        blur: float,
        within: Sequence[Point] | None = None,
    ) -> None:
        """Lay a soft shade over what is drawn.

        Args:
            outline: the shape of the shade.
            colour: its colour.
            strength: how much it covers at its darkest, 0 to 1.
            blur: how far its edge spreads, in heads.
            within: the outline that the shade must not leave; None for the whole sheet.

        """
        spots = [self.pose.place(point) for point in outline]
        box = self._around(spots, 3 * blur * self.pose.head)
        if box is None:
            return
        size = (box[2] - box[0], box[3] - box[1])
        mask = _polygon((size[0] // _SOFT, size[1] // _SOFT), spots, box, _SOFT, round(255 * strength))
        mask = mask.filter(ImageFilter.GaussianBlur(blur * self.pose.head / _SOFT))
        mask = mask.resize(size, Image.Resampling.BILINEAR)
        if within is not None:
            edge = _polygon(size, [self.pose.place(point) for point in within], box, 1, 255)
            mask = ImageChops.multiply(mask, edge)
        shaded = self.image.crop(box)
        alpha = shaded.getchannel("A")
        shaded.paste(colour, (0, 0), mask)
        shaded.putalpha(alpha)
        self.image.paste(shaded, box)

    def _around(self, spots: list[Point], margin: float) -> tuple[int, int, int, int] | None:
        """Return the part of the sheet that holds the spots and a margin; None when they lie outside of it."""
        across, down = [x for x, _ in spots], [y for _, y in spots]
        left, upper = max(0, int(min(across) - margin)), max(0, int(min(down) - margin))
        right = min(self.size[0], _SOFT + int(max(across) + margin))
        lower = min(self.size[1], _SOFT + int(max(down) + margin))
        if right - left < _SOFT or lower - upper < _SOFT:
            return None
        return left, upper, right, lower


def _polygon(
    size: tuple[int, int], spots: Iterable[Point], box: tuple[int, int, int, int], coarse: int, value: int
) -> Image.Image:
    """Return a mask of a part of the sheet, `coarse` times smaller than that part, with the outline filled in."""
    mask = Image.new("L", size, 0)
    ImageDraw.Draw(mask).polygon([((x - box[0]) / coarse, (y - box[1]) / coarse) for x, y in spots], fill=value)
    return mask
