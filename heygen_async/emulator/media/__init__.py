"""Real media for the emulator: a portrait that speaks a script, a video in another language, a voice, a picture.

Everything here is synchronous and safe to call from several threads: call it off the event loop. The values, `sniff`,
`film_key` and `synthetic` work without the extra; the functions below load Pillow, PyAV and espeakng-loader when they
are first called, and raise `MissingExtra` when that fails. `missing_extra()` tells beforehand.

`render` makes a film from nothing, `treat` another video from one that is there. A file is its bytes, or the path
where they are.
"""

from pathlib import Path
from typing import TYPE_CHECKING

from heygen_async.emulator.media import sentences, subtitles
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
from heygen_async.emulator.media.results import Jingle, Measure, SoundFormat, SoundKind, Spoken, Word
from heygen_async.emulator.media.signature import sniff
from heygen_async.emulator.media.synthetic import synthetic
from heygen_async.emulator.media.treatment import (
    Cut,
    File,
    Lipsync,
    MovingPicture,
    RemoveBackground,
    RemoveFillers,
    Revoice,
    Treatment,
    treatment_key,
)

if TYPE_CHECKING:
    from heygen_async.emulator.media.sound import Pcm

__all__ = [
    "Color",
    "Cut",
    "File",
    "Film",
    "Gender",
    "Jingle",
    "Lipsync",
    "Measure",
    "MissingExtra",
    "MovingPicture",
    "RemoveBackground",
    "RemoveFillers",
    "Render",
    "Revoice",
    "Scene",
    "Silence",
    "Sound",
    "SoundFormat",
    "SoundKind",
    "Speech",
    "Spoken",
    "Treatment",
    "UnreadableMedia",
    "Word",
    "backdrop",
    "film_key",
    "gif",
    "image_size",
    "jingle",
    "look",
    "measure",
    "missing_extra",
    "portrait",
    "render",
    "sample_clip",
    "sample_picture",
    "sample_sound",
    "sample_subtitles",
    "sniff",
    "sound_seconds",
    "speak",
    "speech_file",
    "synthetic",
    "thumbnail",
    "treat",
    "treatment_key",
    "vtt",
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


def treat(treatment: Treatment, folder: Path, name: str) -> Render:
    """Make another video of a source in a folder; the treatment's class says which files.

    They are named as those of `render` are, and appear as they do: each whole, and the video last. In addition there
    may be `name.mp3`, `name.vtt` and `name.matte.mp4`. Five seconds of 720p take one to three seconds.

    Raises:
        UnreadableMedia: when the source or a sound cannot be decoded, has no picture, or ends before the part begins.
        MissingExtra: when the extra is not installed.
        OSError: when a file cannot be read or written.

    """
    with loading():
        from heygen_async.emulator.media import workshop  # noqa: PLC0415 - the extra is loaded when it is needed
    return workshop.treat(treatment, folder, name)


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


def look(
    prompt: str, width: int = 1080, height: int = 1080, *, of: File | None = None, gender: Gender | None = None
) -> bytes:
    """Return somebody who looks as a prompt says, as a PNG.

    Words of English steer the gender, age, hair, clothes, colours, how near the camera is, and what is behind:
    "an elderly man with glasses in a red shirt at the beach, close-up". All else follows from the prompt as a seed.

    Args:
        prompt: equal prompts give equal people.
        width: pixels.
        height: pixels.
        of: an image of somebody who is to look like that. One that was drawn here keeps its face and gets the clothes
            and the surroundings of the prompt; any other is fitted into the frame, in another light. None for nobody.
        gender: goes before what the prompt says; None to leave it to the prompt.

    Raises:
        UnreadableMedia: when the image cannot be decoded.
        MissingExtra: when the extra is not installed.

    """
    with loading():
        from heygen_async.emulator.media import portraits  # noqa: PLC0415 - the extra is loaded when it is needed
    return portraits.look_file(prompt, (width, height), of, gender)


def backdrop(prompt: str, width: int, height: int, seed: int | None = None) -> bytes:
    """Return a drawn scene without people as a PNG: a beach, hills, a city or a room, by day, at dusk or at night.

    Args:
        prompt: words of English steer it.
        width: pixels.
        height: pixels.
        seed: other numbers make other scenes of one prompt; None to leave it to the prompt.

    Raises:
        MissingExtra: when the extra is not installed.

    """
    with loading():
        from heygen_async.emulator.media import portraits  # noqa: PLC0415 - the extra is loaded when it is needed
    return portraits.backdrop_file(prompt, (width, height), seed)


def thumbnail(file: File, width: int = 640) -> bytes:
    """Return the first frame of a video, or an image, as a JPEG no wider than so many pixels.

    Raises:
        UnreadableMedia: when there is no picture in it that can be decoded.
        MissingExtra: when the extra is not installed.
        OSError: when the file cannot be read.

    """
    with loading():
        from heygen_async.emulator.media import preview  # noqa: PLC0415 - the extra is loaded when it is needed
    return preview.thumbnail(file, width)


def gif(file: File, width: int = 320) -> bytes:
    """Return the first seconds of a video as a GIF that repeats, no wider than so many pixels.

    Raises:
        UnreadableMedia: when there is no picture in it that can be decoded.
        MissingExtra: when the extra is not installed.
        OSError: when the file cannot be read.

    """
    with loading():
        from heygen_async.emulator.media import preview  # noqa: PLC0415 - the extra is loaded when it is needed
    return preview.gif(file, width)


def measure(file: File) -> Measure:
    """Return what a media file is: its kind, its length, its size. Nothing is decoded where the file itself says it.

    Raises:
        UnreadableMedia: when it is no image, video or sound.
        MissingExtra: when the extra is not installed.
        OSError: when the file cannot be read.

    """
    with loading():
        from heygen_async.emulator.media import measures  # noqa: PLC0415 - the extra is loaded when it is needed
    return measures.measure(file)


def speech_file(speech: Speech, form: SoundFormat = "wav") -> Spoken:
    """Return a script as a sound file of 44.1 kHz, with the times of its words.

    Tags in the text (SSML) are not spoken, and do nothing but `<break time="1s"/>`.

    Raises:
        MissingExtra: when the extra is not installed.

    """
    with loading():
        from heygen_async.emulator.media import spoken  # noqa: PLC0415 - the extra is loaded when it is needed
    return spoken.speech_file(speech, form)


def jingle(name: str, kind: SoundKind = "music", form: SoundFormat = "mp3") -> Jingle:
    """Return a few seconds of music, or an effect, that its name describes: the same for the same name and kind.

    Words of English steer it, such as calm, happy, rain, whoosh, click or bell.

    Raises:
        MissingExtra: when the extra is not installed.

    """
    with loading():
        from heygen_async.emulator.media import jingles  # noqa: PLC0415 - the extra is loaded when it is needed
    return jingles.jingle_file(name, kind, form)


def sample_clip() -> bytes:
    """Return the video, an MP4 of some seconds, that stands in for one which this machine cannot reach.

    It is made once in a process.

    Raises:
        MissingExtra: when the extra is not installed.

    """
    with loading():
        from heygen_async.emulator.media import workshop  # noqa: PLC0415 - the extra is loaded when it is needed
    return workshop.sample_clip()


def sample_subtitles(language: str, seconds: float) -> str:
    """Return an SRT file's text: what `Revoice` says in this language when nobody knows what is said in the source.

    Args:
        language: a tag ("pt-BR") or an English name ("Portuguese"). An unknown one is answered in English.
        seconds: how long the source is.

    """
    return sentences.sample_subtitles(language, seconds)


def vtt(srt: str) -> str:
    """Return the text of an SRT file as that of a WebVTT file."""
    return subtitles.vtt(subtitles.parsed(srt))


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
