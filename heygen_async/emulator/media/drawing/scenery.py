"""Places without people: hills, a beach, a city, a room; by day, at dusk or at night. Needs Pillow.

A place is two pictures: what is far, which fills the frame, and what is near, transparent above. A camera that moves
over them shifts the near one more than the far one.
"""

import re
from collections.abc import Mapping
from hashlib import sha256
from random import Random
from typing import TypeVar

from attrs import frozen
from PIL import Image

from heygen_async.emulator.media.drawing.canvas import Colour
from heygen_async.emulator.media.drawing.places import SAND, Hour, Place, Sheet, drawn

__all__ = ["Scenery", "first", "place_in", "scenery"]

T = TypeVar("T")

_PLACES: dict[Place, str] = {
    "beach": "beach|sea|seaside|ocean|island|coast|shore|lake|boat|harbou?r|tropical",
    "city": "city|street|downtown|skyline|urban|skyscrapers?|town|traffic|new york|tokyo",
    "room": "room|office|kitchen|studio|desk|indoors?|home|house|classroom|library|cafe|restaurant|shop|hospital|gym",
    "hills": "hills?|mountains?|forest|fields?|nature|landscape|trees?|meadow|garden|park|desert|outdoors?|snow|valley",
}
_HOURS: dict[Hour, str] = {
    "dusk": "sunset|dusk|evening|golden hour|dawn|sunrise|twilight|warm",
    "night": "night|moon|moonlight|stars?|starry|midnight|dark|neon",
}
_GROUNDS: dict[Colour, str] = {
    (232, 238, 244): "snow|snowy|winter|ice",
    SAND: "desert|dunes?|sand",
    (185, 119, 58): "autumn|fall",
}
_GREEN: Colour = (92, 143, 82)
_OPEN: tuple[Place, ...] = ("hills", "beach", "city")
"""What is drawn when a prompt speaks of no place."""
_FINE = 2
"""Shapes are drawn this many times larger than they are shown, for smooth edges."""


@frozen
class Scenery:
    """A place, drawn."""

    far: Image.Image
    """RGB."""
    near: Image.Image
    """RGBA, of the same size."""

    def flat(self) -> Image.Image:
        """Return it as one picture, in RGB."""
        whole = self.far.convert("RGBA")
        whole.alpha_composite(self.near)
        return whole.convert("RGB")


def place_in(prompt: str) -> Place | None:
    """Return the kind of place of which a prompt speaks first; None for none."""
    return first(prompt, _PLACES)


def scenery(prompt: str, size: tuple[int, int], seed: int | None = None) -> Scenery:
    """Draw the place of which a prompt speaks, or one of its own for a prompt that speaks of none.

    Args:
        prompt: English words steer it; equal prompts make equal pictures.
        size: width and height in pixels.
        seed: other numbers make other pictures of one prompt; None for the prompt's own.

    """
    dice = Random(sha256(f"{seed}:{prompt}".encode(errors="replace")).digest())  # noqa: S311 - a picture is no secret
    spoken_of = place_in(prompt)
    place = dice.choice(_OPEN) if spoken_of is None else spoken_of
    hour: Hour = first(prompt, _HOURS) or "day"
    ground = first(prompt, _GROUNDS) or _GREEN
    far, near = drawn(place, Sheet((size[0] * _FINE, size[1] * _FINE), hour, ground, dice))
    return Scenery(far.reduce(_FINE).convert("RGB"), near.reduce(_FINE))


def first(prompt: str, table: Mapping[T, str]) -> T | None:
    """Return the meaning of which a prompt speaks first.

    Args:
        prompt: any text.
        table: for each meaning the words that say so, as a pattern in small letters, without hyphens.

    """
    text = prompt.lower().replace("-", " ")
    found = [(re.search(rf"\b(?:{words})\b", text), meaning) for meaning, words in table.items()]
    places = [(match.start(), -len(match[0]), number) for number, (match, _) in enumerate(found) if match]
    return found[min(places)[2]][1] if places else None
