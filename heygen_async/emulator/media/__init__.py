"""Real videos for the emulator: a portrait that speaks a script, in front of a backdrop, as an MP4.

Everything here is synchronous and safe to call from several threads: call it off the event loop. The values, `sniff`,
`film_key` and `synthetic` work without the extra; the functions below load Pillow, PyAV and espeakng-loader when they
are first called, and raise `MissingExtra` when that fails. `missing_extra()` tells beforehand.
"""

from pathlib import Path
from typing import TYPE_CHECKING

from heygen_async.emulator.media.extra import MissingExtra, loading, missing_extra
from heygen_async.emulator.media.film import (
    Color,
    Film,
    Gender,
    Render,
    Scene,
    Silence,
    Sound,
    Speech,
    UnreadableMedia,
    film_key,
)
from heygen_async.emulator.media.signature import sniff
from heygen_async.emulator.media.synthetic import synthetic

if TYPE_CHECKING:
    from heygen_async.emulator.media.sound import Pcm

__all__ = [
    "Color",
    "Film",
    "Gender",
    "MissingExtra",
    "Render",
    "Scene",
    "Silence",
    "Sound",
    "Speech",
    "UnreadableMedia",
    "film_key",
    "image_size",
    "missing_extra",
    "portrait",
    "render",
    "sample_picture",
    "sample_sound",
    "sniff",
    "sound_seconds",
    "speak",
    "synthetic",
]


def render(film: Film, folder: Path, name: str) -> Render:
    """Make a film's files in a folder: `name.mp4` (or `.webm`), `name.jpg`, and with captions `name.srt` and more.

    Each file appears when it is whole, and the film itself last: where it is, the others are.

    Raises:
        UnreadableMedia: when a picture, a sound or a clip of the film cannot be decoded.
        MissingExtra: when the extra is not installed.
        OSError: when the folder cannot be written.

    """
    with loading():
        from heygen_async.emulator.media import studio  # noqa: PLC0415 - the extra is loaded when it is needed
    return studio.render(film, folder, name)


def portrait(seed: str, width: int = 1080, height: int = 1080, gender: Gender | None = None) -> bytes:
    """Return a drawn portrait of somebody who does not exist, as a PNG.

    Args:
        seed: equal seeds give equal people.
        width: pixels.
        height: pixels.
        gender: None to leave it to the seed.

    Raises:
        MissingExtra: when the extra is not installed.

    """
    with loading():
        from heygen_async.emulator.media import portraits  # noqa: PLC0415 - the extra is loaded when it is needed
    return portraits.portrait_file(seed, (width, height), gender)


def sample_picture() -> bytes:
    """Return the portrait, a PNG, that stands in for a picture which this machine cannot reach.

    Raises:
        MissingExtra: when the extra is not installed.

    """
    return portrait("sample picture")


def sample_sound() -> bytes:
    """Return a short spoken sentence, a WAV, that stands in for a sound which this machine cannot reach.

    Raises:
        MissingExtra: when the extra is not installed.

    """
    with loading():
        from heygen_async.emulator.media import speech  # noqa: PLC0415 - the extra is loaded when it is needed
    return speech.sample_sound()


def speak(speech: Speech) -> "Pcm":
    """Return a script as sound: its rate, its samples, its length in seconds, and when which word is heard.

    Raises:
        MissingExtra: when the extra is not installed.

    """
    with loading():
        from heygen_async.emulator.media import speech as voices  # noqa: PLC0415 - the extra is loaded when it is needed
    return voices.speak(speech)


def image_size(content: bytes) -> tuple[int, int]:
    """Return an image file's width and height in pixels, upright.

    Raises:
        UnreadableMedia: when it is no image that Pillow knows.
        MissingExtra: when the extra is not installed.

    """
    with loading():
        from heygen_async.emulator.media import picture  # noqa: PLC0415 - the extra is loaded when it is needed
    return picture.image_size(content)


def sound_seconds(content: bytes) -> float:
    """Return how long the sound in a file is, in seconds, counted and not as the file claims.

    Raises:
        UnreadableMedia: when there is no sound in it that can be decoded.
        MissingExtra: when the extra is not installed.

    """
    with loading():
        from heygen_async.emulator.media import sound  # noqa: PLC0415 - the extra is loaded when it is needed
    return sound.sound_seconds(content)
