"""A picture without whoever is in it: the place is filled with the colours around it. Needs Pillow."""

from PIL import Image, ImageChops, ImageFilter

__all__ = ["grown", "plate"]

_SIDES = (1, 4, 16, 48)
"""How many pixels the picture is reduced to, from the broad colours to what still can be guessed of the rest."""


def grown(mask: Image.Image) -> Image.Image:
    """Return a mask with a wider, soft edge, so that no rim of what it hides is left."""
    return mask.filter(ImageFilter.MaxFilter(7)).filter(ImageFilter.GaussianBlur(1.5))


def plate(picture: Image.Image, mask: Image.Image) -> Image.Image:
    """Return a picture, RGB, in which the colours around fill what a mask hides: 255 for what goes, 0 for the rest."""
    seen = picture.convert("RGBA")
    seen.putalpha(ImageChops.invert(mask.resize(picture.size, Image.Resampling.BILINEAR)))
    weighed = seen.convert("RGBa")  # colours that count for as much as they are opaque
    filled = Image.new("RGBA", picture.size)
    for side in _SIDES:
        level = weighed.resize((side, side), Image.Resampling.BOX).convert("RGBA")
        if side == 1:
            level.putalpha(255)
        filled.alpha_composite(level.resize(picture.size, Image.Resampling.BILINEAR))
    return filled.convert("RGB")
