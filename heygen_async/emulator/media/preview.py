"""A first look at a file: one picture of it, or its first seconds in motion. Needs PyAV and Pillow."""

from io import BytesIO

from PIL import Image

from heygen_async.emulator.media.lens import fitted, photo
from heygen_async.emulator.media.measures import measure
from heygen_async.emulator.media.picture import Size, opened_image
from heygen_async.emulator.media.reel import Reel
from heygen_async.emulator.media.treatment import File

__all__ = ["gif", "still", "thumbnail"]

_SECONDS = 3.0
_RATE = 8
"""Frames a second of a GIF."""


def thumbnail(file: File, width: int) -> bytes:
    """Return the first frame of a video, or an image, as a JPEG; `media.thumbnail` says more."""
    picture = still(file)
    small = picture.resize(_narrowed(picture.size, width), Image.Resampling.BICUBIC)
    content = BytesIO()
    small.save(content, "JPEG", quality=85)
    return content.getvalue()


def gif(file: File, width: int) -> bytes:
    """Return the first seconds of a video as a GIF; `media.gif` says more."""
    reel = Reel.opened(file, end=_SECONDS)
    times = [(place + 0.5) / _RATE for place in range(max(1, round(reel.seconds * _RATE)))]
    shown = reel.shown(times, _narrowed(reel.size, width))
    first, *others = (photo(frame).quantize(128, Image.Quantize.FASTOCTREE) for frame in shown)
    content = BytesIO()
    first.save(content, "GIF", save_all=True, append_images=others, duration=1000 // _RATE, loop=0)
    return content.getvalue()


def still(file: File) -> Image.Image:
    """Return an image in RGB, on white where it is transparent, or the first frame of a video.

    Raises:
        UnreadableMedia: when there is no picture in it that can be decoded.
        OSError: when the file cannot be read.

    """
    if measure(file).kind == "image":
        image = opened_image(file if isinstance(file, bytes) else file.read_bytes())
        paper = Image.new("RGBA", image.size, (255, 255, 255, 255))
        paper.alpha_composite(image)
        return paper.convert("RGB")
    reel = Reel.opened(file)
    return photo(next(reel.shown([0.0], fitted(reel.size, max(reel.size)))))


def _narrowed(size: Size, width: int) -> Size:
    """Return a size, both sides even, that is no wider than this."""
    return fitted(size, round(max(size) * min(1.0, width / size[0])))
