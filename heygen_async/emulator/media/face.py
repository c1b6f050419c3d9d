"""Where a face is in a picture, as far as a mouth and a pair of eyes need it. Needs Pillow.

In portraits that were drawn here it is known. In photos it is guessed: the largest patch of skin is taken for a face,
and the reddest line in its lower half for the lips. Where there is no such patch the face is taken to be where portrait
photographers put it.
"""

from typing import Self

from attrs import frozen
from PIL import Image

from heygen_async.emulator.media.drawing import figure, portraiture
from heygen_async.emulator.media.drawing.canvas import Colour, Point, darker, mix
from heygen_async.emulator.media.drawing.likeness import Likeness
from heygen_async.emulator.media.picture import Fitting, Size
from heygen_async.emulator.media.skin import Brow, brow_in

__all__ = ["Face"]

_SIDE = 72
"""The longer side of the small copy in which a face is looked for."""
_HEIGHT = 1.4
"""A face from the hairline to the chin, in widths of itself; what is below that is neck."""
_MOUTH_AT = 0.76
"""Where the mouth is, from the hairline to the chin, when lips do not tell."""
_LIPS = (0.42, 0.92)
"""Where lips are looked for, from the hairline to the chin."""
_RED_ENOUGH = 4
"""How much redder than the skin around them lips are, at the least."""
_ROWS = 36
"""Lines in which lips are looked for."""
_MOUTH_WIDTH = 0.4
"""How wide a mouth is, in widths of the face."""


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
        at = portraiture.pose(size)
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
        small = image.convert("RGB")
        small.thumbnail((_SIDE, _SIDE))
        left, top, right = brow_in(small) or _usual(small.size)
        times = image.width / small.width
        width = right - left
        height = _HEIGHT * width
        mouth = ((left + right) / 2, top + _lips(image, (left * times, top * times, right * times)) * height)
        there = _colour(small, mouth)
        return cls(
            middle=(mouth[0] * times, (top + height / 2) * times),
            width=width * times,
            mouth=(mouth[0] * times, mouth[1] * times),
            mouth_width=_MOUTH_WIDTH * width * times,
            lip=mix(darker(there, 0.2), (168, 70, 72), 0.45),
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


def _lips(image: Image.Image, brow: Brow) -> float:
    """Return where the lips are, from the top of the face, 0, to its chin, 1: at its reddest line if one stands out."""
    left, top, right = brow
    start, end = (min(image.height - 1.0, top + share * _HEIGHT * (right - left)) for share in _LIPS)
    third = (right - left) / 3
    line = image.convert("RGB").resize(
        (1, _ROWS), Image.Resampling.BOX, box=(left + third, start, right - third, end + 1)
    )
    reds = line.convert("YCbCr").getchannel("Cr").tobytes()
    # Something redder at the end of the line, such as a collar, is no peak.
    peaks = [row for row in range(3, _ROWS - 3) if reds[row] == max(reds[row - 3 : row + 4])]
    row = max(peaks, key=lambda peak: reds[peak], default=0)
    if reds[row] - min(reds[max(0, row - 8) : row + 9]) < _RED_ENOUGH:
        return _MOUTH_AT
    return _LIPS[0] + (_LIPS[1] - _LIPS[0]) * (row + 0.5) / _ROWS


def _usual(size: Size) -> Brow:
    """Return where a face is in most portraits, which is where the portraits that are drawn here have theirs."""
    at = portraiture.pose(size)
    half = 0.32 * at.head
    top = at.y + figure.MOUTH[1] * at.head - _MOUTH_AT * _HEIGHT * 2 * half
    return at.x - half, top, at.x + half


def _colour(image: Image.Image, at: Point) -> Colour:
    x, y = (min(max(0, round(place)), side - 1) for place, side in zip(at, image.size, strict=True))
    red, green, blue = image.crop((x, y, x + 1, y + 1)).tobytes()
    return red, green, blue
