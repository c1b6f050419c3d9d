"""Portraits as files, and how to know one's own again. Needs Pillow."""

from functools import lru_cache
from io import BytesIO

from PIL import Image
from PIL.PngImagePlugin import PngInfo

from heygen_async.emulator.media.drawing import portraiture
from heygen_async.emulator.media.drawing.likeness import Gender, Likeness
from heygen_async.emulator.media.picture import Size

__all__ = ["portrait_file", "portrayed", "recognised"]

_TAG = "heygen-async-portrait"
"""The text in a PNG that says whose portrait it is, so that it can be drawn again in any size, and cut out exactly."""


def portrait_file(seed: str, size: Size, gender: Gender | None = None) -> bytes:
    """Return somebody's portrait as a PNG: the same for the same seed, size and gender."""
    looks = Likeness.of(seed, gender)
    tag = PngInfo()
    tag.add_itxt(_TAG, f"{gender or ''}:{seed}")
    file = BytesIO()
    portrayed(looks, size, cut_out=False).convert("RGB").save(file, "PNG", pnginfo=tag, compress_level=4)
    return file.getvalue()


def recognised(image: Image.Image) -> Likeness | None:
    """Return whose portrait an image is, when it was drawn here; None for all others."""
    said = image.info.get(_TAG)
    if not isinstance(said, str):
        return None
    gender, _, seed = said.partition(":")
    return Likeness.of(seed, "female" if gender == "female" else "male" if gender == "male" else None)


@lru_cache(maxsize=8)
def portrayed(looks: Likeness, size: Size, *, cut_out: bool) -> Image.Image:
    """Return somebody's portrait in RGBA, before a backdrop or on nothing; it is shared, so copy it before drawing."""
    figure = portraiture.portray(looks, size)
    if cut_out:
        return figure
    wall = portraiture.backdrop(looks, size).convert("RGBA")
    wall.alpha_composite(figure)
    return wall
