"""A picture in slow motion: a camera comes nearer and drifts to a side, and what is near moves more than what is far.

The planes of a frame (its brightness and its two colours) are cut out and scaled one by one: that is several times
faster than to do so with a picture and to turn each into a frame.
"""

from collections.abc import Iterator, Sequence
from hashlib import sha256
from math import ceil, cos, pi
from pathlib import Path
from random import Random

from attrs import frozen
from av.video.frame import VideoFrame
from PIL import Image

from heygen_async.emulator.media.drawing.scenery import scenery
from heygen_async.emulator.media.encoder import encoded, whole, write
from heygen_async.emulator.media.film import Render
from heygen_async.emulator.media.jingles import jingle
from heygen_async.emulator.media.lens import fitted, framed, photo, plane
from heygen_async.emulator.media.picture import Size, fitting
from heygen_async.emulator.media.preview import still
from heygen_async.emulator.media.sound import Pcm, decoded, joined, resampled
from heygen_async.emulator.media.treatment import MovingPicture

__all__ = ["moving_picture"]

_SHARP = 960
"""Pixels of the longer side of what is drawn; a larger frame is made from that."""
_RATE = 24
"""Frames a second."""
_ZOOM = 0.14
"""How much nearer the camera is at the end."""
_DRIFT = 0.5
"""How far it drifts meanwhile, in parts of the margin that it has."""
_NEARER = 1.6
"""How much more the near picture moves than the far one."""


@frozen
class _Camera:
    """Where the camera looks at a moment."""

    zoom: float
    """1 shows all of the picture."""
    x: float
    """-1 to 1, from one side of the margin to the other."""
    y: float

    def box(self, size: Size) -> tuple[float, float, float, float]:
        """Return what part of a picture is seen, in pixels."""
        wide, high = size[0] / self.zoom, size[1] / self.zoom
        left, upper = (size[0] - wide) * (1 + self.x) / 2, (size[1] - high) * (1 + self.y) / 2
        return left, upper, left + wide, upper + high

    def nearer(self) -> "_Camera":
        """Return the same for what is near."""
        return _Camera(1 + (self.zoom - 1) * _NEARER, self.x, self.y)

    def seen(self, picture: Image.Image) -> Image.Image:
        """Return what is seen of a picture, in the picture's size."""
        return picture.resize(picture.size, Image.Resampling.BILINEAR, box=self.box(picture.size))


def moving_picture(treatment: MovingPicture, folder: Path, name: str) -> Render:
    """Make the files of a moving picture; `media.treat` says more."""
    frames = max(1, ceil(round(treatment.seconds * _RATE, 3)))
    size = treatment.width, treatment.height
    video, thumbnail = folder / f"{name}.mp4", folder / f"{name}.jpg"
    far, near = _pictures(treatment, fitted(size, _SHARP))
    way = _way(f"{treatment.seed}:{treatment.prompt}", frames)
    with whole(thumbnail) as part:
        photo(next(_shown(far, near, way, size))).save(part, "JPEG", quality=88)
    write(video, "mp4", size, _RATE, _shown(far, near, way, size), _sound(treatment, frames / _RATE))
    return Render(duration=frames / _RATE, video=video, thumbnail=thumbnail)


def _pictures(treatment: MovingPicture, size: Size) -> tuple[Image.Image, Image.Image | None]:
    """Return what is far and what is near, in RGBA."""
    if treatment.picture is None:
        place = scenery(treatment.prompt, size, treatment.seed)
        return place.far.convert("RGBA"), place.near
    picture = still(treatment.picture)
    return fitting(picture.size, size, "cover").lay(picture.convert("RGBA"), size), None


def _way(seed: str, frames: int) -> list[_Camera]:
    """Return where the camera is in each frame: it starts and stops gently."""
    dice = Random(sha256(seed.encode(errors="replace")).digest())  # noqa: S311 - a camera's way is no secret
    x, y = dice.choice((-1, 1)) * _DRIFT, dice.uniform(-0.5, 0.5) * _DRIFT
    gone = [(1 - cos(pi * place / max(1, frames - 1))) / 2 for place in range(frames)]
    return [_Camera(1.04 + _ZOOM * part, x * (2 * part - 1), y * (2 * part - 1)) for part in gone]


def _shown(far: Image.Image, near: Image.Image | None, way: Sequence[_Camera], size: Size) -> Iterator[VideoFrame]:
    """Yield the frames in this size."""
    behind = _planes(far)
    # Where it is transparent, the near picture has the far one's colours: edges take on some of them as they move.
    before = _planes(Image.alpha_composite(far, near)) if near else []
    for camera in way:
        planes = [camera.seen(picture) for picture in behind]
        if near:
            closer = camera.nearer()
            alpha = closer.seen(near.getchannel("A"))
            masks = alpha, *2 * [alpha.reduce(2)]
            planes = [
                Image.composite(closer.seen(above), below, mask)
                for above, below, mask in zip(before, planes, masks, strict=True)
            ]
        frame = framed("yuv420p", far.size, planes)
        yield frame if far.size == size else frame.reformat(width=size[0], height=size[1])


def _planes(picture: Image.Image) -> list[Image.Image]:
    frame = encoded(picture, "mp4")
    return [plane(frame, place) for place in range(3)]


def _sound(treatment: MovingPicture, seconds: float) -> Pcm:
    if treatment.sound is not None:
        return decoded(treatment.sound.content, 0.0, seconds).lasting(seconds)
    tune = resampled(jingle(treatment.prompt, "music"))
    return joined([tune] * ceil(seconds / tune.seconds)).lasting(seconds)
