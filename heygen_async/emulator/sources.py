"""Where the bytes of a picture, a sound or a clip are. They are read when a film is made, not before."""

import os
from functools import cache
from pathlib import Path
from typing import Literal

from attrs import frozen

from heygen_async.emulator import media

__all__ = ["Drawn", "Kind", "Sample", "Source", "Stored", "bytes_of", "write_whole"]

Kind = Literal["picture", "sound", "clip", "reference"]
"""What a file is for; a reference is a picture or a clip."""


@frozen
class Stored:
    """A file of the emulator's own folder: uploaded, sent along, or fetched from this machine."""

    path: Path
    media_type: str
    size: int
    """Bytes."""


@frozen
class Drawn:
    """The portrait of a person that does not exist; equal seeds are the same person."""

    seed: str
    width: int = 1080
    """Pixels."""

    height: int = 1080
    """Pixels."""

    gender: media.Gender | None = None
    """``None`` leaves it to the seed."""


@frozen
class Sample:
    """What stands in for something at an address that is out of reach."""

    kind: Kind


Source = Stored | Drawn | Sample


def bytes_of(source: Source) -> bytes:
    """Read, or draw. Blocks, so it belongs into a thread. A clip that is out of reach has a picture for a stand-in."""
    match source:
        case Stored(path=path):
            return path.read_bytes()
        case Drawn():
            return media.portrait(source.seed, source.width, source.height, source.gender)
        case Sample(kind="sound"):
            return _sample_sound()
        case _:
            return _sample_picture()


@cache
def _sample_sound() -> bytes:
    """Speak the sample once: espeak-ng never says the same in quite the same way, and equal films are made once."""
    return media.sample_sound()


@cache
def _sample_picture() -> bytes:
    return media.sample_picture()


def write_whole(path: Path, content: bytes) -> None:
    """Write a file that others see whole or not at all, even when several threads write it at once. Blocks."""
    part = path.with_name(f"{path.name}.{os.urandom(6).hex()}.part")
    part.write_bytes(content)
    part.replace(path)
