"""What is seen in one scene: a ground, a clip, somebody who speaks and captions, put together for each frame.

Most frames of a talking head are equal: there are eight mouths and two kinds of eyes. Each combination is put together
once, when it is first needed, and shown again from then on; only a scene with a clip has new frames throughout.
"""

from attrs import define, field, frozen
from PIL import Image, ImageDraw, ImageFilter

from heygen_async.emulator.media.captions import burned
from heygen_async.emulator.media.drawing.canvas import rgb
from heygen_async.emulator.media.face import Face
from heygen_async.emulator.media.film import Color, Film, Scene
from heygen_async.emulator.media.mouth import speaking
from heygen_async.emulator.media.picture import Size, fitting, opened_image
from heygen_async.emulator.media.portraits import portrayed, recognised

__all__ = ["MOUTHS", "Look", "Stage"]

MOUTHS = 8
"""Openings of a mouth that are told apart, closed being the first."""
_DARK = (32, 35, 41, 255)
_NOTHING = (0, 0, 0, 0)
_BLINK_EVERY, _BLINK_LASTS, _BLINK_FIRST = 3.7, 0.13, 1.6
"""Seconds."""


@frozen
class Look:
    """One moment: how the mouth and the eyes are, and what is to be read. Equal looks have equal frames."""

    mouth: int = 0
    blink: bool = False
    caption: str = ""

    @classmethod
    def at(cls, second: float, opening: float, caption: str) -> "Look":
        """Return the look of a time in the scene; the opening of the mouth is 0 to 1."""
        blink = second >= _BLINK_FIRST and (second - _BLINK_FIRST) % _BLINK_EVERY < _BLINK_LASTS
        return cls(round(opening * (MOUTHS - 1)), blink, caption)


@define
class Stage:
    """One scene, set up."""

    ground: Image.Image
    """RGBA, in the size of the film."""
    cast: Image.Image | None = None
    """The one who speaks, at rest, in RGBA and in the size of the film; None for nobody."""
    face: Face | None = None
    """Where that one's face is."""
    _still: Image.Image | None = field(default=None, init=False)
    _poses: dict[tuple[int, bool], Image.Image] = field(factory=dict, init=False)

    @classmethod
    def set_up(cls, scene: Scene, film: Film) -> "Stage":
        """Open a scene's pictures and lay them out.

        Raises:
            UnreadableMedia: when one of them cannot be decoded.

        """
        size = film.width, film.height
        ground = _ground(scene.backdrop, size, transparent=film.container == "webm")
        if scene.portrait is None:
            return cls(ground)
        return cls(ground, *_cast(opened_image(scene.portrait), scene, size))

    def shown(self, look: Look, clip: Image.Image | None = None) -> Image.Image:
        """Return one frame in RGBA; `clip` is the clip's picture of the moment, None when there is no clip."""
        picture = self._before_clip(look, clip) if clip is not None else self._standing(look)
        return burned(picture, look.caption) if look.caption else picture

    def _standing(self, look: Look) -> Image.Image:
        """Move the lips of a picture that was put together once."""
        if self._still is None:
            self._still = self.ground if self.cast is None else Image.alpha_composite(self.ground, self.cast)
        return self._speaking(self._still, look)

    def _before_clip(self, look: Look, clip: Image.Image) -> Image.Image:
        """Put the one who speaks before a clip; what that one looks like is drawn once for each mouth."""
        picture = Image.alpha_composite(self.ground, clip)
        if self.cast is not None:
            pose = look.mouth, look.blink
            if pose not in self._poses:
                self._poses[pose] = self._speaking(self.cast, look)
            picture.alpha_composite(self._poses[pose])
        return picture

    def _speaking(self, picture: Image.Image, look: Look) -> Image.Image:
        if self.face is None:
            return picture
        return speaking(picture, self.face, look.mouth / (MOUTHS - 1), blink=look.blink)


def _ground(backdrop: Color | bytes | None, size: Size, *, transparent: bool) -> Image.Image:
    if isinstance(backdrop, Color):
        return Image.new("RGBA", size, (*rgb(backdrop.value), 255))
    ground = Image.new("RGBA", size, _NOTHING if transparent else _DARK)
    if backdrop is not None:
        image = opened_image(backdrop)
        ground.alpha_composite(fitting(image.size, size, "cover").lay(image, size))
    return ground


def _cast(image: Image.Image, scene: Scene, size: Size) -> tuple[Image.Image, Face]:
    """Return the one who speaks in a frame of this size, and the face in it."""
    looks = recognised(image)
    if looks is not None and scene.fit == "cover":
        return portrayed(looks, size, cut_out=scene.cut_out), Face.drawn(looks, size)
    if looks is not None:
        image, face = portrayed(looks, image.size, cut_out=scene.cut_out), Face.drawn(looks, image.size)
    else:
        image.thumbnail((2 * max(size), 2 * max(size)))
        face = Face.found(image)
        if scene.cut_out:
            _cut_out(image, face)
    place = fitting(image.size, size, scene.fit, face.middle)
    return place.lay(image, size), face.within(place)


def _cut_out(image: Image.Image, face: Face) -> None:
    """Make everything transparent but a soft oval around a head and its shoulders; not where that is done already."""
    alpha = image.getchannel("A")
    if alpha.getextrema() != (255, 255):
        return
    coarse = max(1, image.width // 4), max(1, image.height // 4)
    x, y, unit = face.middle[0] / 4, face.middle[1] / 4, face.width / 4
    soft = unit / 8
    aside = max(soft, min(1.5 * unit, x - 3 * soft, coarse[0] - x - 3 * soft))
    oval = Image.new("L", coarse, 0)
    ImageDraw.Draw(oval).ellipse((x - aside, max(3 * soft, y - 1.5 * unit), x + aside, y + 2.1 * unit), fill=255)
    image.putalpha(oval.filter(ImageFilter.GaussianBlur(soft)).resize(image.size, Image.Resampling.BILINEAR))
