"""Where the bytes of a picture, a sound or a clip are. They are read when a film is made, not before."""

import os
from functools import cache
from pathlib import Path
from typing import Literal

from attrs import frozen

from heygen_async.emulator import media

__all__ = ["Drawn", "Imagined", "Kind", "Sample", "Source", "Stored", "bytes_of", "path_of", "write_whole"]

Kind = Literal["picture", "sound", "clip", "reference", "subtitles", "attachment"]
"""What a file is for; a reference is a picture or a clip, an attachment whatever HeyGen takes as an asset."""


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
class Imagined:
    """The portrait of a person whom a prompt describes."""

    prompt: str
    width: int = 1080
    """Pixels."""

    height: int = 1080
    """Pixels."""

    like: "Source | None" = None
    """Whose face it is to have; ``None``: that of nobody who exists."""


@frozen
class Sample:
    """What stands in for something at an address that is out of reach."""

    kind: Kind


Source = Stored | Drawn | Imagined | Sample


def bytes_of(source: Source) -> bytes:
    """Read, or draw. Blocks, so it belongs into a thread. A clip that is out of reach has a picture for a stand-in."""
    match source:
        case Stored(path=path):
            return path.read_bytes()
        case Drawn():
            return media.portrait(source.seed, source.width, source.height, source.gender)
        case Imagined(prompt=prompt, width=width, height=height, like=like):
            return media.look(prompt, width, height, of=None if like is None else bytes_of(like))
        case Sample(kind="sound"):
            return _sample_sound()
        case _:
            return _sample_picture()


def path_of(source: Source) -> Path | None:
    """Return where a source is, as `media.treat` takes it; ``None``: out of reach, and something built-in stands in."""
    return source.path if isinstance(source, Stored) else None


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
