"""The largest patch of skin in a photo, taken for a face. Needs Pillow.

Skin differs much in brightness from one person to the next, but little in hue. So do hair, wood and beige walls: hair
is told apart by being much darker than the skin beside it, and a wall by reaching the upper corners of the picture. A
guess that is unsure is worse than none, since most faces are in the middle of their picture.
"""

from collections.abc import Iterator

from PIL import Image, ImageChops, ImageFilter

from heygen_async.emulator.media.picture import Size

__all__ = ["Brow", "beside", "brow_in"]

Brow = tuple[float, float, float]
"""A face's left edge, its upper edge and its right edge; its height follows from its width."""

_BLUE = (82, 130)
_RED = (134, 172)
"""The hue of skin, as the two colour channels of a JPEG write it."""
_HAIR_BELOW = 0.5
"""What is darker than this part of the bright skin is hair."""
_SMALLEST, _LARGEST = 0.015, 0.5
"""Parts of the picture that a face may fill."""
_NARROWEST = 0.3
"""How wide a face is at the least, in heights of its patch, which has a neck and sometimes shoulders below it."""


def brow_in(image: Image.Image) -> Brow | None:
    """Return the upper edges of the face in a small RGB picture; None when there is none.

    The width is that of the patch's upper part only: below it come a neck and shoulders.
    """
    size = image.size
    bands = image.convert("YCbCr").split()
    faces = [patch for patch in _patches(_skin(*bands)) if _is_face(patch, size)]
    return _brow(max(faces, key=len), size) if faces else None


def _is_face(patch: set[int], size: Size) -> bool:
    corners = {0, size[0] - 1}
    return not patch & corners and _SMALLEST <= len(patch) / (size[0] * size[1]) <= _LARGEST


def _brow(face: set[int], size: Size) -> Brow | None:
    rows: dict[int, list[int]] = {}
    for place in face:
        rows.setdefault(place // size[0], []).append(place % size[0])
    top, bottom = min(rows), max(rows)
    upper = [columns for row, columns in rows.items() if row <= top + 0.6 * (bottom - top)]
    lefts, rights = sorted(map(min, upper)), sorted(map(max, upper))
    left, right = lefts[len(upper) // 2], rights[len(upper) // 2] + 1
    return (left, top, right) if right - left >= _NARROWEST * (bottom - top) else None


def _skin(light: Image.Image, blue: Image.Image, red: Image.Image) -> Image.Image:
    """Return a mask in which skin is 255, with the gaps closed that glasses and brows leave in it."""
    hue = ImageChops.multiply(_between(blue, _BLUE), _between(red, _RED))
    width, height = light.size
    near = Image.new("L", light.size, 0)
    near.paste(255, (width // 4, height // 5, max(1, 3 * width // 4), max(1, 3 * height // 4)))
    bright = _percentile(light.histogram(ImageChops.multiply(hue, near)), 0.85)
    skin = ImageChops.multiply(hue, _between(light, (round(_HAIR_BELOW * bright), 255)))
    return skin.filter(ImageFilter.MedianFilter(3)).filter(ImageFilter.MaxFilter(5)).filter(ImageFilter.MinFilter(5))


def _between(band: Image.Image, span: tuple[int, int]) -> Image.Image:
    return band.point([255 * (span[0] <= value <= span[1]) for value in range(256)])


def _percentile(histogram: list[int], share: float) -> int:
    """Return the value below which this share of a histogram lies."""
    wanted, seen = share * sum(histogram), 0
    for value, count in enumerate(histogram):
        seen += count
        if seen >= wanted:
            return value
    raise AssertionError  # pragma: no cover - the shares sum to one


def _patches(mask: Image.Image) -> Iterator[set[int]]:
    """Yield the connected patches of a mask as places counted along its rows."""
    left = {place for place, value in enumerate(mask.tobytes()) if value}
    while left:
        patch, edge = set[int](), {left.pop()}
        while edge:
            patch |= edge
            edge = {near for place in edge for near in beside(place, mask.size)} & left
            left -= edge
        yield patch


def beside(place: int, size: Size) -> Iterator[int]:
    """Yield the places around one; those above and below the picture are in no mask, so they need no care."""
    if place % size[0]:
        yield place - 1
    if (place + 1) % size[0]:
        yield place + 1
    yield place - size[0]
    yield place + size[0]
