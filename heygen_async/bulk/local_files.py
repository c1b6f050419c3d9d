"""Whether the files of this machine that a run uploads are what HeyGen takes; a look into each, no more.

Blocks: to be called in a thread. What HeyGen's pages agree on is a reason; where they contradict each other it is a
doubt.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, BinaryIO

import attrs
from attrs import frozen

from heygen_async.api.media import SIMPLE_BYTES, LocalFile
from heygen_async.errors import RequestInvalid
from heygen_async.files import mp4, picture, sounds
from heygen_async.operation import on_the_wire

__all__ = ["Look", "files_of", "inspect"]

_LONGEST_SOUND = 600.0
"""Seconds that HeyGen takes of a sound."""

_SMALL = 512
"""Pixels of the shorter side below which HeyGen takes no photo for an avatar."""

_MEGABYTE = 2**20


@frozen
class Look:
    """What a look into a file has shown."""

    reasons: tuple[str, ...] = ()
    """Why HeyGen will not take it."""

    doubts: tuple[str, ...] = ()
    """Why it may not."""

    seconds: float | None = None
    """How long the sound in it is; ``None``: it is none, or does not say."""


def files_of(value: Any, place: str = "") -> Iterator[tuple[str, LocalFile]]:
    """Find the local files in a request, each with the API's name of the place where it stands."""
    if isinstance(value, LocalFile):
        yield place, value
    elif attrs.has(type(value)):
        for at in on_the_wire(type(value)):
            yield from files_of(getattr(value, at.name), f"{place}.{at.name}".lstrip("."))
    elif isinstance(value, Sequence) and not isinstance(value, str):
        for number, item in enumerate(value):
            yield from files_of(item, f"{place}.{number}")


def inspect(file: LocalFile) -> Look:
    """Look into a file as it is now: it may have changed since the request was made."""
    try:
        now = LocalFile(file.path)
        with now.path.open("rb") as content:
            return _within(now, content)
    except RequestInvalid as fault:
        return Look(tuple(problem.reason for problem in fault.problems))
    except OSError as fault:
        return Look((f"{file.path} cannot be read: {fault.strerror or fault}",))


def _within(file: LocalFile, content: BinaryIO) -> Look:
    kind = file.media_type.partition("/")[0]
    seconds = sounds.seconds(content) if kind == "audio" else None
    doubts = []
    if kind != "application" and file.size > SIMPLE_BYTES:
        doubts.append(f"{file.path} has {file.size // _MEGABYTE} MB; HeyGen may take no more than 32")
    small = _small(file.path, content) if kind == "image" else None
    return Look(tuple(_reasons(file, kind, content, seconds)), (*doubts, *([small] if small else [])), seconds)


def _reasons(file: LocalFile, kind: str, content: BinaryIO, seconds: float | None) -> Iterator[str]:
    match kind:
        case "image":
            if picture.look_at(content) is None:
                yield f"{file.path} is broken, or is cut off: it does not say how large the picture is"
        case "audio":
            flaw = sounds.fault(content)
            if flaw:
                yield f"{file.path} is no sound: {flaw}"
            elif seconds is not None and seconds > _LONGEST_SOUND:
                yield f"{file.path} lasts {seconds / 60:.1f} minutes; HeyGen takes 10"
        case "video":
            flaw = mp4.fault(content)
            if flaw:
                yield f"{file.path} is no video: {flaw}"


def _small(path: Path, content: BinaryIO) -> str | None:
    seen = picture.look_at(content)
    if seen is None or min(seen.width, seen.height) >= _SMALL:
        return None
    return f"{path} has {seen.width} x {seen.height} pixels; a photo should have {_SMALL} at least each way"
