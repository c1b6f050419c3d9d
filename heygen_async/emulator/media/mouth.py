"""Lips that open and eyes that blink, laid over a picture at rest. Needs Pillow."""

from PIL import Image, ImageChops, ImageDraw, ImageFilter

from heygen_async.emulator.media.drawing.canvas import Colour, Point, curve, darker, lighter
from heygen_async.emulator.media.face import Face

__all__ = ["speaking"]

_FINE = 4
"""Patches are drawn this many times larger than they are shown, for smooth edges."""
_DARK: Colour = (62, 18, 24)
_TEETH: Colour = (246, 242, 236)
_TONGUE: Colour = (188, 84, 86)
_VISIBLE = 8
"""Pixels of a mouth whose chin is worth moving."""
_JAW = 0.26
"""How far a chin goes down with a mouth that is wide open, in widths of the mouth."""


def speaking(picture: Image.Image, face: Face, opening: float, *, blink: bool) -> Image.Image:
    """Return a picture with its mouth open.

    Args:
        picture: RGBA, with the face at rest; it is not changed.
        face: where the face is in it.
        opening: 0, as it is, to 1, wide open.
        blink: whether the eyes are closed, where it is known where they are.

    """
    spoken = picture.copy()
    if blink:
        for eye in face.eyes:
            _close(spoken, face, eye)
    if opening > 0:
        if not face.head:
            _take_away(spoken, face)
            _drop_jaw(spoken, face, opening)
        _open(spoken, face, opening)
    return spoken


def _open(picture: Image.Image, face: Face, opening: float) -> None:
    patch = _Patch(picture, face.mouth, (0.75 * face.mouth_width, 0.85 * face.mouth_width), face.lip)
    half, rise = 0.5 * face.mouth_width, 0.08 * face.smile * face.mouth_width
    lift, drop = 0.05 * opening * face.mouth_width, (0.05 + 0.33 * opening) * face.mouth_width
    inner = _lens(half * 0.9, rise, lift, drop)
    patch.fill(
        _lens(half * 1.02, rise, lift + 0.13 * face.mouth_width, drop + 0.14 * face.mouth_width), darker(face.lip, 0.04)
    )
    patch.fill(
        _lens(half * 0.97, rise, lift - 0.02 * face.mouth_width, drop + 0.14 * face.mouth_width),
        lighter(face.lip, 0.08),
    )
    patch.fill(inner, _DARK)
    patch.within(
        inner,
        [(-half, -lift - half), (half, -lift - half), (half, drop * 0.26 - lift), (-half, drop * 0.26 - lift)],
        _TEETH,
    )
    patch.within(inner, _lens(half * 0.62, -drop * 0.72, -drop * 0.5, drop * 1.3), _TONGUE)
    patch.lay(0.0 if face.head else 0.03 * face.mouth_width)


def _lens(half: float, rise: float, up: float, down: float) -> list[Point]:
    """Return the outline of an open mouth: two corners, a flat upper edge with a bow, a round lower edge."""
    upper = curve(
        [
            (-half, -rise),
            (-half * 0.55, -up * 0.9),
            (-half * 0.15, -up * 1.1),
            (0.0, -up * 0.95),
            (half * 0.15, -up * 1.1),
            (half * 0.55, -up * 0.9),
            (half, -rise),
        ]
    )
    lower = curve([(half, -rise), (half * 0.62, down * 0.72), (0.0, down), (-half * 0.62, down * 0.72), (-half, -rise)])
    return upper + lower


def _close(picture: Image.Image, face: Face, eye: Point) -> None:
    unit = face.head
    patch = _Patch(picture, eye, (0.13 * unit, 0.09 * unit), face.lid)
    lid = [
        (-0.098, 0.0),
        (-0.06, -0.05),
        (0.0, -0.066),
        (0.06, -0.05),
        (0.102, 0.0),
        (0.06, 0.04),
        (0.0, 0.053),
        (-0.06, 0.04),
    ]
    patch.fill(curve([(x * unit, y * unit) for x, y in lid], closed=True), face.lid)
    lash = [(-0.085, 0.012), (-0.045, 0.034), (0.0, 0.041), (0.045, 0.034), (0.09, 0.01)]
    patch.line([(x * unit, y * unit) for x, y in lash], face.lash, 0.018 * unit)
    patch.lay(0.0)


def _take_away(picture: Image.Image, face: Face) -> None:
    """Cover a photo's own mouth with the skin, or the beard, around it: it may be open, and then there would be two."""
    unit = face.mouth_width
    if unit < _VISIBLE:
        return
    x, y = face.mouth
    box = round(x - 0.85 * unit), round(y - 0.45 * unit), round(x + 0.85 * unit), round(y + 0.88 * unit)
    around = picture.crop(box).convert("RGB")
    own = Image.new("L", around.size, 0)
    edge = (0.18 * unit, 0.18 * unit, around.width - 0.18 * unit, around.height - 0.18 * unit)
    ImageDraw.Draw(own).ellipse(edge, fill=255)
    # Shrunk with a hole and enlarged again: what is transparent has no say in the colours, so the hole is filled, from
    # the finest copy that has a colour there.
    around.putalpha(ImageChops.invert(own))
    filled = Image.new("RGBA", around.size, face.lip)
    for few in ((2, 2), (4, 4), (9, 8)):
        layer = around.resize(few, Image.Resampling.BOX).resize(around.size, Image.Resampling.BILINEAR)
        filled.alpha_composite(layer)
    picture.paste(filled.convert("RGB"), box, own.filter(ImageFilter.GaussianBlur(0.06 * unit)))


def _drop_jaw(picture: Image.Image, face: Face, opening: float) -> None:
    """Move the lower lip and the chin of a photo down, with a soft edge all around."""
    unit = face.mouth_width
    if unit < _VISIBLE:
        return
    x, y = face.mouth
    box = round(x - 0.95 * unit), round(y), round(x + 0.95 * unit), round(y + 1.15 * unit)
    chin = picture.crop(box)
    mask = Image.new("L", chin.size, 0)
    soft = max(1.0, 0.1 * unit)
    ImageDraw.Draw(mask).ellipse((2 * soft, -chin.height, chin.width - 2 * soft, chin.height - 2 * soft), fill=255)
    mask = mask.filter(ImageFilter.GaussianBlur(soft))
    picture.paste(chin, (box[0], box[1] + round(_JAW * opening * unit)), mask)


class _Patch:
    """A small part of a picture, drawn on at a larger scale; points are pixels from its middle."""

    def __init__(self, picture: Image.Image, middle: Point, reach: Point, base: Colour) -> None:
        self._picture = picture
        self._corner = int(middle[0] - reach[0]), int(middle[1] - reach[1])
        self._middle = middle[0] - self._corner[0], middle[1] - self._corner[1]
        self._size = max(1, int(2 * reach[0]) + 2), max(1, int(2 * reach[1]) + 2)
        fine = (self._size[0] * _FINE, self._size[1] * _FINE)
        self._ink = Image.new("RGB", fine, base)
        self._mask = Image.new("L", fine, 0)

    def fill(self, outline: list[Point], colour: Colour) -> None:
        """Fill an outline."""
        spots = self._spots(outline)
        ImageDraw.Draw(self._ink).polygon(spots, fill=colour)
        ImageDraw.Draw(self._mask).polygon(spots, fill=255)

    def within(self, edge: list[Point], outline: list[Point], colour: Colour) -> None:
        """Fill what two outlines share."""
        shared = []
        for part in (edge, outline):
            mask = Image.new("L", self._mask.size, 0)
            ImageDraw.Draw(mask).polygon(self._spots(part), fill=255)
            shared.append(mask)
        self._ink.paste(colour, (0, 0), ImageChops.multiply(*shared))

    def line(self, points: list[Point], colour: Colour, width: float) -> None:
        """Draw a smooth line."""
        thick = max(1, round(width * _FINE))
        for sheet, fill in ((self._ink, colour), (self._mask, 255)):
            ImageDraw.Draw(sheet).line(self._spots(curve(points)), fill=fill, width=thick, joint="curve")

    def lay(self, soft: float) -> None:
        """Put the patch on the picture, its edge blurred by so many pixels."""
        mask = self._mask.filter(ImageFilter.GaussianBlur(soft * _FINE)) if soft else self._mask
        self._picture.paste(self._ink.reduce(_FINE), self._corner, mask.reduce(_FINE))

    def _spots(self, points: list[Point]) -> list[Point]:
        return [((x + self._middle[0]) * _FINE, (y + self._middle[1]) * _FINE) for x, y in points]
