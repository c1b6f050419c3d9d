"""What public avatars look like and how public voices sound: made when somebody asks, once."""

import wave
from io import BytesIO
from pathlib import Path

from attrs import evolve

from heygen_async.emulator import media
from heygen_async.emulator.account import Speaker
from heygen_async.emulator.sources import Drawn, Imagined, Sample, bytes_of, write_whole

__all__ = ["picture_file", "sound_file"]

_GREETINGS = {
    "Chinese": "你好。我的声音是这样的。",
    "Dutch": "Hallo! Zo klink ik.",
    "French": "Bonjour ! Voici ma voix.",
    "German": "Hallo! So klinge ich.",
    "Hindi": "नमस्ते! मेरी आवाज़ ऐसी है।",
    "Italian": "Ciao! Questa è la mia voce.",
    "Polish": "Cześć! Tak brzmię.",
    "Portuguese": "Olá! Esta é a minha voz.",
    "Spanish": "¡Hola! Así es mi voz.",
}
_ENGLISH = "Hello! This is how I sound."
_SHRUNK = 3
"""How many times smaller than the avatar its preview is, in each direction."""


def picture_file(folder: Path, name: str, picture: Drawn | Imagined | Sample) -> Path:
    """Return a PNG of a picture that is in no file. Blocks."""
    path = folder / f"{name}.png"
    if not path.exists():
        if not isinstance(picture, Sample):
            picture = evolve(picture, width=picture.width // _SHRUNK, height=picture.height // _SHRUNK)
        write_whole(path, bytes_of(picture))
    return path


def sound_file(folder: Path, voice: Speaker) -> Path:
    """Return a WAV with a greeting in the voice's language. Blocks."""
    path = folder / f"{voice.id}.wav"
    if not path.exists():
        greeting = media.Speech(_GREETINGS.get(voice.language, _ENGLISH), voice.tag, voice.heard_as)
        sound = media.speak(greeting)
        content = BytesIO()
        with wave.open(content, "wb") as file:
            file.setparams((1, 2, sound.rate, 0, "NONE", ""))
            file.writeframes(sound.samples)
        write_whole(path, content.getvalue())
    return path
