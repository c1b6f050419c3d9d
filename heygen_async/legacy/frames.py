"""How large a video is: legacy dimensions in pixels, v3's resolution and aspect ratio."""

from typing import get_args

from heygen_async.api.videos import AspectRatio
from heygen_async.legacy.draft import Draft
from heygen_async.legacy.payload import Payload, Taken

__all__ = ["put_dimension", "put_orientation"]

_RESOLUTIONS = {720: "720p", 1080: "1080p", 2160: "4k"}
"""By the shorter side."""

_ORIENTATIONS = {"portrait": "9:16", "landscape": "16:9", "square": "1:1"}


def put_dimension(given: Payload, draft: Draft) -> None:
    """Write ``dimension``, or the older ``aspect_ratio``, which does not count beside it."""
    dimension = given.part("dimension")
    if dimension is None:
        draft.move(given, "aspect_ratio", "aspect_ratio")
        return
    _put_pixels(dimension, draft)
    dimension.rest()
    given.lose("aspect_ratio", "does not count beside a dimension", draft.values.get("aspect_ratio"))


def put_orientation(given: Payload, draft: Draft) -> None:
    """Write ``video_orientation``, which stands for a shape with a shorter side of 720 pixels."""
    taken = given.take("video_orientation")
    if taken is None:
        return
    if taken.value not in tuple(_ORIENTATIONS):
        given.report(taken, f"is none of {', '.join(_ORIENTATIONS)}")
        return
    draft.write("aspect_ratio", _ORIENTATIONS[taken.value], taken)
    draft.write("resolution", "720p", taken)


def _put_pixels(dimension: Payload, draft: Draft) -> None:
    """Write the resolution and the shape that come nearest, and say so where they are not the same."""
    wide, high = dimension.take("width"), dimension.take("height")
    sides = [side.value for side in (wide, high) if side is not None and type(side.value) is int and side.value > 0]
    if wide is None or high is None or len(sides) < len((wide, high)):
        for side in filter(None, (wide, high)):
            dimension.report(side, "width and height must both be whole numbers of pixels")
        return
    width, height = sides
    resolution = _RESOLUTIONS[min(_RESOLUTIONS, key=lambda side: abs(side - min(width, height)))]
    shape = min(_shapes(), key=lambda name: abs(_shapes()[name] - width / height))
    whole = Taken(dimension.path, {"width": width, "height": height})
    draft.write("resolution", resolution, whole)
    draft.write("aspect_ratio", shape, whole)
    if abs(_shapes()[shape] * height - width) > 1 or min(width, height) not in _RESOLUTIONS:
        dimension.report(whole, f"v3 has no such size; {resolution} in {shape} comes nearest")


def _shapes() -> dict[str, float]:
    names = [name for name in get_args(AspectRatio) if ":" in name]
    return {name: int(name.partition(":")[0]) / int(name.partition(":")[2]) for name in names}
