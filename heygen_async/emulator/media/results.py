"""What comes out of the smaller works, as values: a spoken text, a piece of music, what a file is."""

from typing import Literal

from attrs import field, frozen

__all__ = ["Jingle", "Measure", "MediaKind", "SoundFormat", "SoundKind", "Spoken", "Word"]

SoundFormat = Literal["wav", "mp3"]
SoundKind = Literal["music", "sound_effects"]
MediaKind = Literal["image", "video", "sound"]


@frozen
class Word:
    """One word of a spoken text and when it is heard, in seconds; in Chinese and its like, a few characters."""

    word: str
    start: float
    end: float


@frozen
class Spoken:
    """A text as a sound file."""

    content: bytes = field(repr=False)
    """A WAV of 44.1 kHz, 16 bits, one channel, or an MP3 of the same."""
    seconds: float
    words: tuple[Word, ...] = field(repr=False)
    """In the order of the text, none before the end of the one before it."""


@frozen
class Jingle:
    """A short piece of music or a sound effect."""

    content: bytes = field(repr=False)
    """An MP3, or a WAV."""
    seconds: float
    peak: float
    """When it is loudest, in seconds."""


@frozen
class Measure:
    """What a media file is."""

    kind: MediaKind
    """A video has a moving picture; a sound has none."""
    seconds: float = 0.0
    """How long it is, as the file says where it says so; 0 for an image."""
    width: int = 0
    """Pixels, upright; 0 for a sound."""
    height: int = 0
    """Pixels, upright; 0 for a sound."""
    audible: bool = False
    """Whether it has a sound track."""
    rate: float = 0.0
    """Frames a second of a video, on average."""
