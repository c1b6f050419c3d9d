"""Pictures that people bring: opened, turned upright, and fitted into a frame. Needs Pillow."""

from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO

from attrs import frozen
from PIL import Image, ImageOps

from heygen_async.emulator.media.drawing.canvas import Point
from heygen_async.emulator.media.film import Fit, UnreadableMedia

__all__ = ["Fitting", "Size", "fitting", "image_size", "opened_image"]

Size = tuple[int, int]

_ORIENTATION = 0x0112
_SIDEWAYS = (5, 6, 7, 8)
"""EXIF orientations in which a camera was held upright, so that width and height change places."""
_HEAD_AT = 0.42
"""Where a face comes to lie in a frame that cannot show all of its picture, from the top."""


def image_size(content: bytes) -> Size:
    """Return an image's width and height in pixels, upright.

    Raises:
        UnreadableMedia: when it is no image that Pillow knows.

    """
    with _decoding():
        image = Image.open(BytesIO(content))
        turned = image.getexif().get(_ORIENTATION) in _SIDEWAYS
    return (image.height, image.width) if turned else image.size


def opened_image(content: bytes) -> Image.Image:
    """Return an image, upright, in RGBA; of a moving one, its first frame. Its `info` holds what its file says.

    Raises:
        UnreadableMedia: when it is no image that Pillow knows, or is broken.

    """
    with _decoding():
        image = Image.open(BytesIO(content))
        said = dict(image.info)
        upright = ImageOps.exif_transpose(image).convert("RGBA")
    upright.info = said
    return upright


@contextmanager
def _decoding() -> Iterator[None]:
    try:
        yield
    except (OSError, ValueError, SyntaxError, EOFError, Image.DecompressionBombError) as error:
        raise UnreadableMedia(
            "the picture cannot be decoded: it is broken, too large, or of a kind that Pillow does not know"
        ) from error


@frozen
class Fitting:
    """How a picture lies in a frame: its size there, and where its upper left corner is, which may be outside."""

    scale: float
    left: float
    top: float
    size: Size

    def place(self, point: Point) -> Point:
        """Return where in the frame a point of the picture is."""
        return self.left + point[0] * self.scale, self.top + point[1] * self.scale

    def lay(self, image: Image.Image, frame: Size) -> Image.Image:
        """Return a transparent frame with the picture in its place."""
        corner = round(self.left), round(self.top)
        box = (
            max(0, corner[0]),
            max(0, corner[1]),
            min(frame[0], corner[0] + self.size[0]),
            min(frame[1], corner[1] + self.size[1]),
        )
        across, down = image.width / self.size[0], image.height / self.size[1]
        seen = (
            (box[0] - corner[0]) * across,
            (box[1] - corner[1]) * down,
            (box[2] - corner[0]) * across,
            (box[3] - corner[1]) * down,
        )
        laid = Image.new("RGBA", frame, (0, 0, 0, 0))
        laid.paste(image.resize((box[2] - box[0], box[3] - box[1]), Image.Resampling.BICUBIC, box=seen), box)
        return laid


def fitting(picture: Size, frame: Size, fit: Fit, focus: Point | None = None) -> Fitting:
    """Return how a picture of one size lies in a frame of another.

    Args:
        picture: width and height of the picture.
        frame: width and height of the frame.
        fit: "cover" fills the frame and cuts what is too much; "contain" shows all and leaves edges.
        focus: the point of the picture that must be seen, such as a face; None for its middle.

    """
    ratios = (frame[0] / picture[0], frame[1] / picture[1])
    scale = max(ratios) if fit == "cover" else min(ratios)
    size = max(1, round(picture[0] * scale)), max(1, round(picture[1] * scale))
    spare = frame[0] - size[0], frame[1] - size[1]
    if fit == "contain" or focus is None:
        return Fitting(scale, spare[0] / 2, spare[1] / 2, size)
    left = min(0.0, max(float(spare[0]), frame[0] / 2 - focus[0] * scale))
    top = min(0.0, max(float(spare[1]), frame[1] * _HEAD_AT - focus[1] * scale))
    return Fitting(scale, left, top, size)
