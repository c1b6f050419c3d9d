"""What somebody who does not exist looks like: every choice that a seed makes, as a value."""

from hashlib import sha256
from random import Random
from typing import Literal, Self

from attrs import frozen

from heygen_async.emulator.media.drawing.canvas import Colour, rgb

__all__ = ["Gender", "Likeness"]

Gender = Literal["female", "male"]
Hair = Literal["short", "parted", "quiff", "curly", "buzz", "long", "bob", "bun", "waves"]
Clothes = Literal["tee", "shirt", "jacket", "rollneck", "blouse"]

_SKINS = ("#F9DCC4", "#F3C9A5", "#E8B48A", "#D79B6E", "#B97A50", "#945A37", "#6F4027", "#F6D2B8")
_FAIR_HAIR = ("#2B1B17", "#4A2C20", "#6B4226", "#8C5A2E", "#B5803F", "#D3A55C", "#A4502B", "#1F1A1C", "#8B8680")
_DARK_HAIR = ("#16110F", "#231815", "#33211B", "#3D2619", "#1C191D")
_CLOTHES = (
    "#2F4B7C",
    "#1F6F6B",
    "#8A3B4C",
    "#4F5D75",
    "#C8553D",
    "#5B4B8A",
    "#2D3142",
    "#D9A441",
    "#3B7A57",
    "#E4E0D8",
)
_BACKDROPS = (
    ("#DCE8F2", "#A9C3DB"),
    ("#F4E6D7", "#DDBF9F"),
    ("#DDEBE0", "#A8C8B4"),
    ("#EBE1F0", "#BFAAD0"),
    ("#F6DFDC", "#DBABA6"),
    ("#E4E7EC", "#AEB7C4"),
    ("#D5E9EA", "#8FBFC3"),
)
_EYES = ("#5B3A21", "#3E2A1B", "#4E6B3F", "#4C7396", "#6E7F86", "#7A5230")
_HAIR: dict[Gender, tuple[Hair, ...]] = {
    "female": ("long", "bob", "bun", "waves", "curly", "long"),
    "male": ("short", "parted", "quiff", "curly", "buzz", "short"),
}
_WARDROBE: dict[Gender, tuple[Clothes, ...]] = {
    "female": ("tee", "jacket", "rollneck", "blouse", "blouse"),
    "male": ("tee", "shirt", "jacket", "rollneck", "shirt"),
}
_FAIR = 4
"""Skins before this one also go with fair hair."""


@frozen(kw_only=True)
class Likeness:
    """Somebody's looks. Colours are red, green and blue from 0 to 255."""

    gender: Gender
    skin: Colour
    hair: Hair
    hair_colour: Colour
    eyes: Colour
    clothes: Clothes
    cloth: Colour
    backdrop: tuple[Colour, Colour]
    width: float
    """How broad the face is; 1 is average."""
    jaw: float
    """How angular the jaw is, 0 to 1."""
    brow: float
    """How heavy the eyebrows are; 1 is average."""
    smile: float
    """How far the corners of the mouth rise; 1 is average."""
    beard: bool
    glasses: bool
    earrings: bool
    zoom: float = 1.0
    """How near the camera is; 1 shows head and shoulders."""
    place: str = ""
    """The prompt of the scenery behind; "" for the plain backdrop."""

    @classmethod
    def of(cls, seed: str, gender: Gender | None = None) -> Self:
        """Return the looks that belong to a seed: the same today, tomorrow and on every machine."""
        dice = Random(int.from_bytes(sha256(seed.encode()).digest()))  # noqa: S311 - looks are no secret
        woman = (gender or dice.choice(("female", "male"))) == "female"
        kind: Gender = "female" if woman else "male"
        tone = dice.randrange(len(_SKINS))
        fair = tone < _FAIR or tone == len(_SKINS) - 1
        bright, deep = dice.choice(_BACKDROPS)
        return cls(
            gender=kind,
            skin=rgb(_SKINS[tone]),
            hair=dice.choice(_HAIR[kind]),
            hair_colour=rgb(dice.choice(_FAIR_HAIR if fair else _DARK_HAIR)),
            eyes=rgb(dice.choice(_EYES if fair else _EYES[:2])),
            clothes=dice.choice(_WARDROBE[kind]),
            cloth=rgb(dice.choice(_CLOTHES)),
            backdrop=(rgb(bright), rgb(deep)),
            width=dice.uniform(0.94, 1.04) * (0.96 if woman else 1.02),
            jaw=dice.uniform(0.0, 0.35) if woman else dice.uniform(0.4, 1.0),
            brow=dice.uniform(0.75, 1.0) if woman else dice.uniform(1.1, 1.5),
            smile=dice.uniform(0.7, 1.3),
            beard=not woman and dice.random() < 0.4,  # noqa: PLR2004 - the share of men with a beard
            glasses=dice.random() < 0.25,  # noqa: PLR2004 - the share of people with glasses
            earrings=woman and dice.random() < 0.5,  # noqa: PLR2004 - the share of women with earrings
        )
