"""What is to be filmed and what comes out, as values: nothing here reads, draws or speaks.

A `Film` is a list of scenes in a size. A `Scene` is somebody's picture or a clip, over a backdrop, with a sound. A
`Render` says where the files are. Two equal films have one `film_key`, so a film needs rendering once only.
"""

import re
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Literal, get_args

from attrs import Attribute, field, fields, frozen, has
from attrs.validators import and_, deep_iterable, ge, gt, in_, instance_of, le, matches_re, min_len, optional

__all__ = [
    "Color",
    "Container",
    "Film",
    "Fit",
    "Gender",
    "Render",
    "Scene",
    "Silence",
    "Sound",
    "Speech",
    "UnreadableMedia",
    "digest",
    "even",
    "film_key",
]

Gender = Literal["female", "male"]
Fit = Literal["cover", "contain"]
Container = Literal["mp4", "webm"]

_EDITION = 2
"""Part of every key. To be raised when a film is drawn or spoken differently, so that older files are not reused."""

_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")


class UnreadableMedia(ValueError):
    """A picture, a sound or a clip is not what it should be: broken, empty, or of a kind that nobody can decode."""


@frozen
class Speech:
    """A script, spoken.

    `<break time="1.5s"/>` in the text is a pause, as it is at HeyGen.
    """

    text: str
    language: str = "en"
    """A tag ("pt-BR") or an English name ("Portuguese"). An unknown one is spoken as English."""
    gender: Gender | None = field(default="female", validator=optional(in_(get_args(Gender))))
    """None for the language's own voice."""
    speed: float = field(default=1.0, validator=and_(ge(0.5), le(1.5)))
    """0.5 to 1.5, in parts of the normal pace."""
    pitch: float = field(default=0.0, validator=and_(ge(-50), le(50)))
    """-50 to 50, where 0 is the voice's own."""
    volume: float = field(default=1.0, validator=and_(ge(0), le(1)))
    """0 to 1."""


@frozen
class Sound:
    """A sound file: MP3, WAV, or anything else with a sound track that PyAV decodes."""

    content: bytes | Path = field(repr=False)
    """The file, or where it is."""


@frozen
class Silence:
    """Nothing to hear for a while."""

    seconds: float = field(validator=gt(0))


@frozen
class Color:
    """A plain backdrop."""

    value: str = field(validator=matches_re(_COLOUR))
    """"#RRGGBB"."""


def _has_substance(scene: "Scene", _: "Attribute[Speech | Sound | Silence | None]", sound: object) -> None:
    if sound is None and scene.clip is None:
        raise ValueError("a scene needs a sound or a clip: nothing else says how long it is")


@frozen(kw_only=True)
class Scene:
    """One shot: somebody in front of something, saying something."""

    portrait: bytes | None = field(default=None, repr=False)
    """An image file of the one who speaks; None when nobody is to be seen."""
    clip: bytes | None = field(default=None, repr=False)
    """A video file that plays behind the portrait, from its start again when the scene is longer; None for none."""
    sound: Speech | Sound | Silence | None = field(default=None, validator=_has_substance)
    """What is heard, and how long the scene is. None: the clip's own sound and length."""
    backdrop: Color | bytes | None = field(
        default=None, repr=lambda value: "…" if isinstance(value, bytes) else repr(value)
    )
    """What is behind it all: a colour, or an image file, which fills the frame. None: nothing, which is a dark grey
    in an MP4 and transparent in a WebM."""
    fit: Fit = field(default="cover", validator=in_(get_args(Fit)))
    """How the portrait and the clip meet another aspect ratio: fill the frame, or show all of themselves."""
    cut_out: bool = False
    """Whether the portrait's own background goes. Portraits that were drawn here are cut out along their outline, all
    others by a soft oval around the head and the shoulders."""


def even(_film: object, attribute: "Attribute[int]", value: int) -> None:
    """Check a side of a picture."""
    if value % 2 or not 2 <= value <= 4096:  # noqa: PLR2004 - what H.264 with 4:2:0 colours can hold
        raise ValueError(f"{attribute.name} must be an even number from 2 to 4096, not {value}")


@frozen(kw_only=True)
class Film:
    """Scenes, one after another, in one size."""

    scenes: tuple[Scene, ...] = field(
        converter=tuple, validator=and_(min_len(1), deep_iterable(instance_of(Scene), instance_of(tuple)))
    )
    width: int = field(validator=even)
    """Pixels, even."""
    height: int = field(validator=even)
    """Pixels, even."""
    captions: bool = False
    """Whether subtitles come with it, as a file."""
    burn_captions: bool = False
    """Whether there is a second copy of the film with the subtitles drawn into the picture."""
    container: Container = field(default="mp4", validator=in_(get_args(Container)))
    """An MP4 has H.264 and AAC; a WebM has VP8 and Opus, and is transparent where nothing is drawn."""
    fps: int = field(default=25, validator=and_(ge(1), le(60)))
    """Frames a second."""


@frozen(kw_only=True)
class Render:
    """The files of a film."""

    duration: float
    """Seconds."""
    video: Path
    thumbnail: Path | None
    """The first frame as a JPEG; None for a synthetic file, in which there is nothing to see."""
    subtitles: Path | None = None
    """An SRT file, when captions were asked for."""
    captioned: Path | None = None
    """The copy with the subtitles in the picture, when that was asked for."""
    vtt: Path | None = None
    """The subtitles once more, as a WebVTT file, where a treatment was asked for them."""
    sound: Path | None = None
    """The sound alone, an MP3, of a video with a new voice."""
    matte: Path | None = None
    """What was kept of a video whose background is gone: an MP4 in which that is white and all the rest black."""
    plate: Path | None = None
    """What was taken away: an MP4 in which nobody is in front of it."""
    source_seconds: float | None = None
    """How long the part of the source is that a treatment has read. None for a film."""
    cuts: int = 0
    """How many pauses were cut out."""


def film_key(film: Film) -> str:
    """Return 64 hexadecimal digits that are equal for equal films, and for them only, in every process.

    They say nothing of the place that a film is rendered to; of a sound at a path they know the path, not the content.
    They change with the version of the drawings, so a name made from them never stands for a film that would look
    different today.
    """
    return digest(film)


def digest(work: object) -> str:
    """Return the key of anything that is made of attrs values, tuples, bytes, and what a `repr` tells in full."""
    key = sha256(f"{_EDITION}".encode())
    for part in _parts(work):
        key.update(f"{len(part)}:".encode())
        key.update(part)
    return key.hexdigest()


def _parts(value: object) -> Iterator[bytes]:
    """Yield the value's content in an order that never changes; a length goes before each, so none run together."""
    if isinstance(value, bytes):
        yield b"bytes"
        yield value
    elif isinstance(value, tuple):
        yield f"tuple {len(value)}".encode()
        for entry in value:
            yield from _parts(entry)
    elif has(kind := type(value)):
        yield kind.__name__.encode()
        for attribute in fields(kind):
            yield attribute.name.encode()
            yield from _parts(getattr(value, attribute.name))
    else:
        yield repr(value).encode()
