"""Portraits and places as files, and how to know one's own again. Needs Pillow."""

import json
from functools import lru_cache
from hashlib import sha256
from io import BytesIO
from random import Random

from attrs import evolve, frozen
from PIL import Image, ImageChops
from PIL.PngImagePlugin import PngInfo

from heygen_async.emulator.media.drawing import portraiture
from heygen_async.emulator.media.drawing.likeness import Gender, Likeness
from heygen_async.emulator.media.drawing.scenery import scenery
from heygen_async.emulator.media.drawing.wording import described, dressed, gender_in
from heygen_async.emulator.media.face import Face
from heygen_async.emulator.media.picture import Size, fitting, opened_image
from heygen_async.emulator.media.treatment import File

__all__ = ["backdrop_file", "look_file", "portrait_file", "portrayed", "recognised"]

_TAG = "heygen-async-portrait"
"""The text in a PNG that says whose portrait it is, so that it can be drawn again in any size, and cut out exactly."""
_WORDS = "heygen-async-look"
"""The text that says in which words it was asked for."""
_LIGHTS = ((255, 196, 128), (128, 176, 255), (255, 150, 190), (170, 230, 170), (200, 160, 255))
"""Colours of the light in which photos are shown again."""


@frozen
class _Sitting:
    """Whose portrait it is, in words: enough to draw it again."""

    seed: str
    gender: Gender | None = None
    face: str = ""
    """The prompt that the face follows; "" for the seed alone."""
    outfit: str = ""
    """The prompt that the clothes and the surroundings follow; "" for the seed alone."""

    def likeness(self) -> Likeness:
        """Return the looks."""
        return dressed(described(Likeness.of(self.seed, self.gender), self.face), self.outfit)

    def drawn(self, size: Size) -> bytes:
        """Return the portrait as a PNG that tells of the sitting."""
        tag = PngInfo()
        tag.add_itxt(_TAG, f"{self.gender or ''}:{self.seed}")
        if self.face or self.outfit:
            tag.add_itxt(_WORDS, json.dumps([self.face, self.outfit]))
        return _png(portrayed(self.likeness(), size, cut_out=False), tag)

    @classmethod
    def told(cls, image: Image.Image) -> "_Sitting | None":
        """Return the sitting that an image tells of; None for all that were not drawn here."""
        said, words = image.info.get(_TAG), image.info.get(_WORDS, "")
        if not isinstance(said, str):
            return None
        gender, _, seed = said.partition(":")
        sitting = cls(seed, "female" if gender == "female" else "male" if gender == "male" else None)
        try:
            face, outfit = json.loads(words)
        except (ValueError, TypeError):
            return sitting
        return evolve(sitting, face=str(face), outfit=str(outfit))


def portrait_file(seed: str, size: Size, gender: Gender | None = None) -> bytes:
    """Return somebody's portrait as a PNG: the same for the same seed, size and gender."""
    return _Sitting(seed, gender).drawn(size)


def look_file(prompt: str, size: Size, of: File | None = None, gender: Gender | None = None) -> bytes:
    """Return somebody who looks as a prompt says, as a PNG; `media.look` says more."""
    prompt = prompt.encode(errors="replace").decode()
    if of is None:
        return _Sitting(prompt, gender or gender_in(prompt), prompt, prompt).drawn(size)
    image = opened_image(of if isinstance(of, bytes) else of.read_bytes())
    sitting = _Sitting.told(image)
    return _relit(image, prompt, size) if sitting is None else evolve(sitting, outfit=prompt).drawn(size)


def backdrop_file(prompt: str, size: Size, seed: int | None = None) -> bytes:
    """Return a place without people as a PNG; `media.backdrop` says more."""
    return _png(scenery(prompt, size, seed).flat())


def recognised(image: Image.Image) -> Likeness | None:
    """Return whose portrait an image is, when it was drawn here; None for all others."""
    sitting = _Sitting.told(image)
    return None if sitting is None else sitting.likeness()


def _relit(image: Image.Image, prompt: str, size: Size) -> bytes:
    """Return a photo in another frame and another light, as a PNG."""
    dice = Random(sha256(prompt.encode()).digest())  # noqa: S311 - light is no secret
    place = fitting(image.size, size, "cover", Face.found(image).middle)
    photo = Image.new("RGBA", size, (255, 255, 255, 255))
    photo.alpha_composite(place.lay(image, size))
    light = Image.new("RGBA", size, (*dice.choice(_LIGHTS), 255))
    lit = Image.blend(photo, ImageChops.soft_light(photo.convert("RGB"), light.convert("RGB")).convert("RGBA"), 0.7)
    return _png(lit)


def _png(picture: Image.Image, tag: PngInfo | None = None) -> bytes:
    file = BytesIO()
    picture.convert("RGB").save(file, "PNG", pnginfo=tag, compress_level=4)
    return file.getvalue()


@lru_cache(maxsize=8)
def portrayed(looks: Likeness, size: Size, *, cut_out: bool) -> Image.Image:
    """Return somebody's portrait in RGBA, before a backdrop or on nothing; it is shared, so copy it before drawing."""
    figure = portraiture.portray(looks, size)
    if cut_out:
        return figure
    wall = portraiture.backdrop(looks, size).convert("RGBA")
    wall.alpha_composite(figure)
    return wall
