"""Where a face is in a picture, as far as a mouth and a pair of eyes need it. Needs Pillow.

In portraits that were drawn here it is known. In photos it is guessed: the largest patch of skin is taken for a face,
and the place in it where two dark spots lie above a dark line, as wide apart as eyes lie above a mouth, for its
features. Lips alone would not do: in many faces a nose, a cheek or the edge of a beard is redder. Where there is no
patch the face is taken to be where portrait photographers put it.
"""

from collections.abc import Iterator
from itertools import product
from math import log2
from typing import Self

from attrs import frozen
from PIL import Image, ImageChops, ImageFilter, ImageStat

from heygen_async.emulator.media.drawing import figure, portraiture
from heygen_async.emulator.media.drawing.canvas import Colour, Point, darker, mix
from heygen_async.emulator.media.drawing.likeness import Likeness
from heygen_async.emulator.media.picture import Fitting, Size
from heygen_async.emulator.media.skin import Brow, brow_in

__all__ = ["Face"]

_SIDE = 72
"""The longer side of the small copy in which a face is looked for."""
_UNIT = 36
"""How wide a face is, in pixels, in the copy in which eyes and a mouth are looked for."""
_SMALLEST = 8
"""Pixels of a face in which there is a mouth to look for."""
_HEIGHT = 1.4
"""A face from the hairline to the chin, in widths of itself; what is below that is neck."""
_MOUTH_AT = 0.76
"""Where the mouth is, from the hairline to the chin, when nothing tells."""
_MOUTH_SPAN = (0.55, 1.08)
"""Where a mouth is looked for, from the hairline to the chin: below 1 because a fringe makes faces begin late."""
_EYES_APART = (0.28, 0.32, 0.36, 0.4, 0.44, 0.48, 0.52)
"""From one eye to the other, in widths of the face."""
_MOUTH_BELOW = (0.84, 0.9, 0.96, 1.02, 1.08)
"""From the eyes down to the mouth, in distances between the eyes."""
_MOUTH_WIDTH = 0.8
"""How wide a mouth is, in distances between the eyes."""
_APART = 0.45
"""How far apart eyes usually are, in widths of the face."""
_DARK_ENOUGH = 4.0
"""How much darker than the skin around it an eye is, in hundredths of the brightness of the face."""
_PLENTY = 20.0
"""The same, from where on more makes nothing surer."""
_LARGE = 16.0
"""What a face twice as large as another is ahead of it, in the same measure."""


@frozen(kw_only=True)
class Face:
    """A face in a picture. Points and lengths are pixels."""

    middle: Point
    width: float
    mouth: Point
    mouth_width: float
    lip: Colour
    eyes: tuple[Point, ...] = ()
    """Where to blink; empty when that is not known."""
    head: float = 0.0
    """The height of a drawn head; 0 for a photo."""
    lid: Colour = (0, 0, 0)
    lash: Colour = (0, 0, 0)
    smile: float = 0.0
    """How far the corners of the mouth rise; 1 is average, 0 is not at all."""

    @classmethod
    def drawn(cls, looks: Likeness, size: Size) -> Self:
        """Return the face in a portrait that was drawn in this size."""
        at = portraiture.pose(size, looks.zoom)
        return cls(
            middle=(at.x, at.y),
            width=0.72 * at.head,
            mouth=at.place(figure.MOUTH),
            mouth_width=figure.MOUTH_WIDTH * at.head,
            lip=figure.lip(looks),
            eyes=(at.place((-figure.EYE[0], figure.EYE[1])), at.place(figure.EYE)),
            head=at.head,
            lid=darker(looks.skin, 0.1),
            lash=figure.lash(looks),
            smile=looks.smile,
        )

    @classmethod
    def found(cls, image: Image.Image) -> Self:
        """Return the face in a photo, or where one would be."""
        photo = image.convert("RGB")
        small = photo.copy()
        small.thumbnail((_SIDE, _SIDE))
        times = image.width / small.width
        # A patch of skin may be half a cheek or a neck, so the usual place is looked at too, and the better one wins.
        brows = [_larger(brow, times) for brow in (brow_in(small), _usual(small.size)) if brow]
        rated = [pair for brow in brows for pair in _rated(photo, brow)]
        seen = max(rated, key=lambda pair: pair[0] + _LARGE * log2(pair[1].apart))[1] if rated else _assumed(brows[0])
        x, y = seen.eyes
        skin = _colour(photo, (x, y + 0.45 * seen.apart), 0.3 * seen.apart)
        return cls(
            middle=(x, 0.75 * y + 0.25 * seen.mouth),
            width=seen.apart / _APART,
            mouth=(x, seen.mouth),
            mouth_width=_MOUTH_WIDTH * seen.apart,
            lip=mix(darker(skin, 0.2), (168, 70, 72), 0.45),
        )

    def within(self, fit: Fitting) -> Self:
        """Return the same face in the frame that its picture was fitted into."""
        return type(self)(
            middle=fit.place(self.middle),
            width=self.width * fit.scale,
            mouth=fit.place(self.mouth),
            mouth_width=self.mouth_width * fit.scale,
            lip=self.lip,
            eyes=tuple(map(fit.place, self.eyes)),
            head=self.head * fit.scale,
            lid=self.lid,
            lash=self.lash,
            smile=self.smile,
        )


@frozen
class _Features:
    """A pair of eyes and a mouth below them: the point between the eyes, their distance, the line of the mouth."""

    eyes: Point
    apart: float
    mouth: float

    def larger(self, times: float) -> "_Features":
        """Return the same features in a picture that is so many times larger."""
        return _Features((self.eyes[0] * times, self.eyes[1] * times), self.apart * times, self.mouth * times)


def _larger(brow: Brow, times: float) -> Brow:
    left, top, right = brow
    return left * times, top * times, right * times


def _rated(photo: Image.Image, brow: Brow) -> list[tuple[float, _Features]]:
    """Return the best eyes and mouth of the face that has this brow, and how good they are; nothing when none are."""
    scale = min(1.0, _UNIT / (brow[2] - brow[0]))
    if scale * (brow[2] - brow[0]) < _SMALLEST:
        return []
    size = max(1, round(photo.width * scale)), max(1, round(photo.height * scale))
    there = _larger(brow, scale)
    shadows = _Shadows.of(photo.resize(size, Image.Resampling.BOX), there)
    rated = [
        (eyes + shadows.mouth(seen) - _strangeness(seen, there), seen)
        for eyes, pair in _pairs(shadows, there)
        for seen in pair
    ]
    rated.sort(key=lambda pair: pair[0])
    return [(worth, seen.larger(1 / scale)) for worth, seen in rated[-1:] if worth > 0]


def _pairs(shadows: "_Shadows", brow: Brow) -> Iterator[tuple[float, list[_Features]]]:
    """Yield the pairs of dark spots that may be eyes: how much they look like eyes, and the same with each mouth."""
    left, top, right = brow
    unit, middle = right - left, (left + right) / 2
    highest, lowest = (top + share * _HEIGHT * unit for share in _MOUTH_SPAN)
    columns = [middle + 0.04 * step * unit for step in range(-3, 4)]
    rows = range(round(top + 0.2 * unit), round(top + 1.1 * unit))
    for share, x, y in product(_EYES_APART, columns, rows):
        apart = share * unit
        if shadows.pair(x, y, apart) >= _DARK_ENOUGH and (eyes := shadows.eyes((x, y), apart)) > 0:
            mouths = (y + times * apart for times in _MOUTH_BELOW)
            yield eyes, [_Features((x, y), apart, mouth) for mouth in mouths if highest <= mouth <= lowest]


def _strangeness(seen: _Features, brow: Brow) -> float:
    """Return how far some features are from where those of most faces are, as a price in darkness."""
    left, top, right = brow
    unit = right - left
    aside = (seen.eyes[0] - (left + right) / 2) / unit
    low = (seen.mouth - top) / (_HEIGHT * unit) - _MOUTH_AT
    wide = abs(seen.apart / unit - _APART)
    long = abs((seen.mouth - seen.eyes[1]) / seen.apart - 0.95)
    return 100 * aside**2 + 450 * low**2 + 40 * wide + 20 * long


@frozen
class _Shadows:
    """What is darker than its surroundings in a small picture, in hundredths of the brightness of the face."""

    size: Size
    spots: bytes
    """Darker than what is beside it and than what is above and below it, as eyes are."""
    lines: bytes
    """Darker than what is above and below it, as mouths, brows and the rims of glasses are."""
    gain: float

    @classmethod
    def of(cls, copy: Image.Image, brow: Brow) -> Self:
        """Return the shadows in a copy in which this is the brow of the face."""
        left, top, right = brow
        unit = right - left
        light = copy.convert("L").filter(ImageFilter.BoxBlur(0.03 * unit))
        # Narrow surroundings: in wide ones the edges of hair and beard outdo everything within the face.
        across, down = (
            ImageChops.subtract(light.filter(ImageFilter.BoxBlur(reach)), light)
            for reach in ((0.14 * unit, 0.0), (0.0, 0.14 * unit))
        )
        spots = ImageChops.darker(across, down).filter(ImageFilter.MaxFilter(3)).filter(ImageFilter.BoxBlur(1))
        lines = down.filter(ImageFilter.BoxBlur(1))
        face = _around(light, ((left + right) / 2, top + 0.6 * unit), 0.5 * unit)
        return cls(light.size, spots.tobytes(), lines.tobytes(), 100 / (1 + ImageStat.Stat(face).mean[0]))

    def pair(self, x: float, y: float, apart: float) -> float:
        """Return how dark the brighter one of two eyes is."""
        return min(self._at(self.spots, x - apart / 2, y), self._at(self.spots, x + apart / 2, y))

    def eyes(self, between: Point, unit: float) -> float:
        """Return how much two places look like eyes: dark, below brows, with a bright nose and bright cheeks."""
        x, y = between
        sides = x - unit / 2, x + unit / 2
        nose = self._at(self.lines, x, y + 0.15 * unit)
        cheeks = max(self._at(self.lines, side, y + below * unit) for side in sides for below in (0.45, 0.6))
        brows = min(max(self._at(self.lines, side, y - above * unit) for above in (0.28, 0.36)) for side in sides)
        return self.pair(x, y, unit) + 0.6 * brows - 0.5 * nose - 0.5 * cheeks

    def mouth(self, seen: _Features) -> float:
        """Return how much a place looks like a mouth: a dark line that ends where a mouth does."""
        x, unit = seen.eyes[0], seen.apart
        within = min(self._at(self.lines, x + aside * unit, seen.mouth) for aside in (-0.2, 0.0, 0.2))
        beyond = max(self._at(self.lines, x + aside * unit, seen.mouth) for aside in (-0.65, 0.65))
        return within - 0.3 * beyond

    def _at(self, shadows: bytes, x: float, y: float) -> float:
        column = min(max(0, round(x)), self.size[0] - 1)
        row = min(max(0, round(y)), self.size[1] - 1)
        return min(_PLENTY, shadows[row * self.size[0] + column] * self.gain)


def _assumed(brow: Brow) -> _Features:
    """Return where features are in most faces with this brow."""
    left, top, right = brow
    apart = _APART * (right - left)
    mouth = top + _MOUTH_AT * _HEIGHT * (right - left)
    return _Features(((left + right) / 2, mouth - 0.95 * apart), apart, mouth)


def _usual(size: Size) -> Brow:
    """Return where a face is in most portraits, which is where the portraits that are drawn here have theirs."""
    at = portraiture.pose(size)
    half = 0.32 * at.head
    top = at.y + figure.MOUTH[1] * at.head - _MOUTH_AT * _HEIGHT * 2 * half
    return at.x - half, top, at.x + half


def _colour(image: Image.Image, at: Point, reach: float) -> Colour:
    """Return the average colour around a point."""
    red, green, blue = ImageStat.Stat(_around(image, at, reach)).mean
    return round(red), round(green), round(blue)


def _around(image: Image.Image, at: Point, reach: float) -> Image.Image:
    """Return what of an image is around a point: one pixel at the least, the nearest one for a point outside."""
    x, y = (min(max(0.0, place), side - 1.0) for place, side in zip(at, image.size, strict=True))
    right, lower = min(image.width, int(x + reach) + 1), min(image.height, int(y + reach) + 1)
    return image.crop((max(0, int(x - reach)), max(0, int(y - reach)), right, lower))
