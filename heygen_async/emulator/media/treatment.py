"""What is done to a file that somebody brought, as values: nothing here reads, cuts or speaks.

Each treatment has a source: the bytes of a video, or where they are. `None` stands for a video that is out of reach; a
built-in one of some seconds, in which somebody speaks, takes its place. However long and large a source is, no more
than `LONGEST` seconds of it are shown, and no side is longer than `LARGEST` pixels.
"""

from pathlib import Path

from attrs import Attribute, field, frozen
from attrs.validators import and_, ge, gt, le, optional

from heygen_async.emulator.media.film import Color, Sound, Speech, digest, even

__all__ = [
    "LARGEST",
    "LONGEST",
    "Cut",
    "File",
    "Lipsync",
    "MovingPicture",
    "RemoveBackground",
    "RemoveFillers",
    "Revoice",
    "Treatment",
    "treatment_key",
]

File = bytes | Path

LONGEST = 60.0
"""Seconds of a source that are shown, at the most."""
LARGEST = 1280
"""Pixels of the longer side of what is made from a source; a larger source is made smaller, its ratio kept."""


def _shown(value: object) -> str:
    """Show a source briefly: bytes would fill the screen."""
    return "…" if isinstance(value, bytes) else repr(value)


def _after_start(span: "_Span", _: "Attribute[float | None]", end: float | None) -> None:
    if end is not None and end <= span.start:
        raise ValueError(f"a part must end after its start, not at {end} with the start at {span.start}")


@frozen(kw_only=True)
class _Span:
    """A part of a source."""

    source: File | None = field(default=None, repr=_shown)
    """A video file, MP4 or WebM or another that PyAV decodes. None: a built-in one stands in."""
    start: float = field(default=0.0, validator=ge(0))
    """Seconds into the source at which the part begins."""
    end: float | None = field(default=None, validator=_after_start)
    """Seconds into the source at which it ends. None: with the source, or when it is `LONGEST` seconds long."""


@frozen(kw_only=True)
class Cut(_Span):
    """A part of a video as a video of its own, with its sound. Makes `video` and `thumbnail`."""

    ratio: tuple[int, int] | None = field(default=None)
    """Width to height, such as (9, 16): as much of the middle as has this shape stays. None: all of the picture."""
    captions: str | None = None
    """A text that is drawn into the foot of the picture, spread over the clip. None: nothing is."""


@frozen(kw_only=True)
class Revoice(_Span):
    """A video's pictures with another voice; the sound that it had is gone.

    Makes `video`, `thumbnail`, `sound` (the new voice alone, an MP3), and with captions `subtitles` and `vtt`.
    """

    voice: Speech | Sound
    """What is said instead. A `Speech` with an empty text says a built-in sentence of its language (or of English) as
    often as the part is long: nobody knows what is said in the source."""
    srt: str | None = None
    """The text of an SRT file: each of its captions is said at its time, or as soon as the one before is said, as
    `voice` speaks; by an English voice when that is a sound. None: the voice's own text."""
    dynamic: bool = True
    """Whether the pictures follow the voice: they run up to twice as fast or as slow, so that both end together; where
    that is not enough the last picture stays, or what is left is cut. False: the film is as long as the part, and the
    voice is cut or followed by silence. With `srt` the film is as long as the part, or longer if the captions are."""
    captions: bool = False
    """Whether subtitles come with it, as an SRT and a WebVTT file."""

    @property
    def speech(self) -> Speech:
        """How captions are spoken."""
        return self.voice if isinstance(self.voice, Speech) else Speech("")


@frozen(kw_only=True)
class Lipsync(_Span):
    """A video's pictures with a given sound. Makes `video`, `thumbnail`, and with captions `subtitles` and `vtt`.

    The lips stay as they are: it is the sound, the length and the files that are real.
    """

    sound: Sound | None = None
    """A sound file, or a video whose sound is taken. None: a built-in sentence stands in."""
    dynamic: bool = True
    """Whether the film is as long as the sound: the pictures are cut, or the last one stays. False: it is as long as
    the part, and the sound is cut or followed by silence."""
    captions: bool = False
    """Whether subtitles come with it. Nobody knows the words, so they say that there is speech, and when."""


@frozen(kw_only=True)
class RemoveBackground(_Span):
    """A video in which only what stands in the middle is left, with its sound.

    Makes `video`, `thumbnail`, and if they are wanted `matte` and `plate`.

    What looks like the upper corners of a frame is taken for the background; where that leads nowhere, all that is
    outside of an oval around the head and the shoulders is.
    """

    backdrop: Color | None = None
    """What is there instead, in an MP4. None: nothing; the video is a WebM, VP8 with transparency."""
    matte: bool = False
    """Whether there is also an MP4 that shows what was kept: white for somebody, black for the rest."""
    plate: bool = False
    """Whether there is also an MP4 of the rest, in which the colours around somebody fill the place."""


@frozen(kw_only=True)
class RemoveFillers(_Span):
    """A video without its pauses. Makes `video` and `thumbnail`, and tells `cuts` and `source_seconds`.

    A pause is where nothing is heard for `pause` seconds; "um" is taken for a word. A source without sound, or with
    nothing but silence, stays as it is.
    """

    pause: float = field(default=0.35, validator=gt(0))
    """Seconds of silence that are one pause."""
    breath: float = field(default=0.12, validator=ge(0))
    """Seconds that stay of a pause, half of them at each end, so that words do not run together."""


@frozen(kw_only=True)
class MovingPicture:
    """A picture in slow motion: a camera that moves over it. Makes `video` and `thumbnail`.

    Equal values make equal pictures on every machine.
    """

    prompt: str
    """What is to be seen. Without a picture a scene is drawn; words such as beach, city, night or snow steer it."""
    picture: File | None = field(default=None, repr=_shown)
    """An image, or a video whose first frame is taken. None: a scene is drawn."""
    sound: Sound | None = None
    """What is heard, cut to the length. None: soft music of the prompt's own."""
    width: int = field(validator=even)
    """Pixels, even."""
    height: int = field(validator=even)
    """Pixels, even."""
    seconds: float = field(default=5.0, validator=and_(gt(0.0), le(LONGEST)))
    """How long it is; at HeyGen 5 to 15."""
    seed: int | None = field(default=None, validator=optional(ge(0)))
    """Other numbers make other scenes of one prompt. None: the prompt decides."""


Treatment = Cut | Revoice | Lipsync | RemoveBackground | RemoveFillers | MovingPicture


def treatment_key(treatment: Treatment) -> str:
    """Return 64 hexadecimal digits that are equal for equal treatments, and for them only, in every process.

    Of a file at a path they know the path, not the content.
    """
    return digest(treatment)
