"""What a prompt says of somebody: English words become looks. What it does not say stays as it is."""

import re

from attrs import evolve

from heygen_async.emulator.media.drawing.canvas import darker, lighter, rgb
from heygen_async.emulator.media.drawing.likeness import Clothes, Gender, Hair, Likeness
from heygen_async.emulator.media.drawing.scenery import first, place_in

__all__ = ["described", "dressed", "gender_in"]

_COLOURS = {
    "black": "#24262B",
    "white": "#F1EFEA",
    "grey": "#8B9097",
    "gray": "#8B9097",
    "red": "#B5363A",
    "orange": "#D9742B",
    "yellow": "#DDB33B",
    "green": "#3B7A57",
    "teal": "#1F6F6B",
    "blue": "#2F5DA8",
    "navy": "#22335C",
    "purple": "#6A4A9A",
    "pink": "#D77A98",
    "brown": "#6E4A33",
    "beige": "#D8C5A5",
}
_GENDERS: dict[Gender, str] = {
    "female": "woman|women|female|girl|lady|she|her|mother|grandmother|businesswoman|actress",
    "male": "man|men|male|boy|gentleman|guy|he|his|father|grandfather|businessman|actor",
}
_HAIR_COLOURS = {
    "#BDBAB4": "old|elderly|senior|aged|retired|grandmother|grandfather",
    "#D3A55C": "blonde?|fair haired",
    "#4A2C20": "brunette",
    "#A4502B": "redhead|ginger",
}
_HAIR: dict[Hair, str] = {
    "curly": "curly|curls",
    "buzz": "buzz|bald",
    "waves": "wavy",
    "bun": "bun|ponytail",
    "bob": "bob",
}
_SKINS = {
    "#6F4027": "african|black (?:wo)?man|dark skinned",
    "#D79B6E": "hispanic|latin[ao]|middle eastern|indian|south asian|pacific|brown skinned",
    "#F3C9A5": "asian|chinese|japanese|korean",
    "#F9DCC4": "caucasian|european|white (?:wo)?man|light skinned",
}
_CLOTHES: dict[Clothes, str] = {
    "jacket": "suit|blazer|jacket|business|formal|tuxedo|coat|businessman|businesswoman",
    "tee": "tee|t shirt|tshirt|casual|hoodie",
    "rollneck": "sweater|turtleneck|rollneck|pullover|jumper",
    "shirt": "shirt|polo|uniform",
    "blouse": "blouse|dress|gown|top",
}
_DISTANCES = {1.3: "close up|closeup|headshot", 0.85: "half body", 0.62: "full body|wide shot"}
_COLOUR = rf"\b({'|'.join(_COLOURS)})"
_DYED = rf"{_COLOUR} (?:\w+ )?hair"
_CLOTH = rf"{_COLOUR} (?:\w+ )?(?:{'|'.join(_CLOTHES.values())})\b"
_WALL = rf"{_COLOUR} (?:\w+ )?(?:background|backdrop|wall)\b"


def gender_in(prompt: str) -> Gender | None:
    """Return whether a prompt speaks of a woman or of a man; None when it does not say."""
    return first(_plain(prompt), _GENDERS)


def described(looks: Likeness, prompt: str) -> Likeness:
    """Return looks with the face and the hair of which a prompt speaks."""
    text = _plain(prompt)
    dyed = _colour(text, _DYED) or first(text, _HAIR_COLOURS)
    skin = first(text, _SKINS)
    shaved, bearded = _has(text, "clean shaven"), _has(text, "beard|bearded")
    return evolve(
        looks,
        skin=rgb(skin) if skin else looks.skin,
        hair=first(text, _HAIR) or _length(text, looks),
        hair_colour=rgb(dyed) if dyed else looks.hair_colour,
        glasses=looks.glasses or _has(text, "glasses|spectacles"),
        beard=looks.gender == "male" and not shaved and (looks.beard or bearded),
        smile=1.4 if _has(text, "smil(?:e|es|ing)|happy|friendly") else looks.smile,
    )


def dressed(looks: Likeness, prompt: str) -> Likeness:
    """Return looks with the clothes, the surroundings and the distance of which a prompt speaks."""
    text = _plain(prompt)
    cloth = _colour(text, _CLOTH) or _colour(text, rf"\bin {_COLOUR}\b")
    wall = _colour(text, _WALL)
    return evolve(
        looks,
        clothes=first(text, _CLOTHES) or looks.clothes,
        cloth=rgb(cloth) if cloth else looks.cloth,
        backdrop=(lighter(rgb(wall), 0.35), darker(rgb(wall), 0.1)) if wall else looks.backdrop,
        zoom=first(text, _DISTANCES) or looks.zoom,
        place=prompt if wall is None and place_in(prompt) else "" if wall else looks.place,
    )


def _length(text: str, looks: Likeness) -> Hair:
    if _has(text, "long hair(?:ed)?"):
        return "long"
    if _has(text, "short hair(?:ed)?"):
        return "bob" if looks.gender == "female" else "short"
    return looks.hair


def _plain(prompt: str) -> str:
    return prompt.lower().replace("-", " ")


def _has(text: str, words: str) -> bool:
    return re.search(rf"\b(?:{words})\b", text) is not None


def _colour(text: str, pattern: str) -> str | None:
    found = re.search(pattern, text)
    return _COLOURS[found[1]] if found else None
