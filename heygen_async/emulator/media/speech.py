"""A script becomes a sound: who speaks it, in which language, where the pauses are. Needs espeakng-loader."""

import re
import wave
from collections.abc import Iterator
from html import unescape
from io import BytesIO

from heygen_async.emulator.media.espeak import Espeak
from heygen_async.emulator.media.film import Speech
from heygen_async.emulator.media.sound import Pcm

__all__ = ["SAMPLE", "sample_sound", "speak", "voice_of", "words_of"]

SAMPLE = "Hello! This is a sample voice. It stands in for a sound that could not be fetched."

_BREAK = re.compile(r"""<break\s+time\s*=\s*["']?\s*(\d{1,3}(?:\.\d{1,3})?)\s*(ms|s)\s*["']?\s*/?>""", re.IGNORECASE)
_TAG = re.compile(r"<(?:/?(?:(p|s|speak|voice)\b|[a-z])[^<>]*|\?[^<>]*\?|!--.*?--)>", re.IGNORECASE | re.DOTALL)
_LONGEST_BREAK = 30.0
_VARIANTS = {"female": "+f3", "male": "+m3", None: ""}
_ENGLISH = "en-us"
_ALIASES = {
    "zh": "cmn",
    "no": "nb",
    "iw": "he",
    "in": "id",
    "en": _ENGLISH,
    "english": _ENGLISH,
    "norwegian": "nb",
    "farsi": "fa",
}
"""What a language is called elsewhere, and what espeak-ng calls it. American English is plain English at HeyGen."""

_espeak = Espeak()


def words_of(text: str) -> str:
    """Return the text of a script without its pauses and its markup: what is spoken, and what captions show."""
    return "".join(piece for piece in _pieces(text) if isinstance(piece, str))


def speak(speech: Speech) -> Pcm:
    """Return a script as sound, with marks that say when which character of `words_of(speech.text)` is heard.

    Scripts may have any length; 5,000 characters are some five minutes. Several threads may call it at once: they take
    turns.
    """
    _espeak.start()
    voice = voice_of(speech)
    samples, marks, said = bytearray(), list[tuple[int, float]](), 0
    for piece in _pieces(speech.text):
        before = len(samples) / 2 / _espeak.rate
        if isinstance(piece, str):
            sound, words = _espeak.say(piece, voice, speed=speech.speed, pitch=speech.pitch, volume=speech.volume)
            marks.extend(_rising([(said + place, before + second) for place, second in words]))
            said += len(piece)
            samples += sound
        else:
            samples += bytes(2 * round(piece * _espeak.rate))
    return Pcm(_espeak.rate, bytes(samples), tuple(marks))


def voice_of(speech: Speech) -> str:
    """Return espeak-ng's name for the voice that a speech asks for; English when it has no such language."""
    _espeak.start()
    called = speech.language.strip().lower().replace("_", "-")
    names = (called, called.partition("-")[0], called.partition(" (")[0])
    tags = (_espeak.languages.get(_ALIASES.get(name, name)) for name in names)
    return next(filter(None, tags), _ENGLISH) + _VARIANTS[speech.gender]


def sample_sound() -> bytes:
    """Return a short sentence as a WAV file: it stands in for a sound that nobody can reach."""
    sound = speak(Speech(SAMPLE))
    file = BytesIO()
    with wave.open(file, "wb") as waves:
        waves.setparams((1, 2, sound.rate, 0, "NONE", ""))
        waves.writeframes(sound.samples)
    return file.getvalue()


def _rising(words: list[tuple[int, float]]) -> Iterator[tuple[int, float]]:
    """Yield the words without those that are spoken before one that is written before them, such as a currency."""
    last = -1
    for place, second in words:
        if place > last:
            last = place
            yield place, second


def _pieces(text: str) -> Iterator[str | float]:
    """Yield what to say and, as seconds, how long to be silent."""
    end = 0
    for pause in _BREAK.finditer(text):
        yield _plain(text[end : pause.start()])
        yield min(_LONGEST_BREAK, float(pause[1]) / (1000 if pause[2].lower() == "ms" else 1))
        end = pause.end()
    yield _plain(text[end:])


def _plain(text: str) -> str:
    """Return a text without tags; where one begins or ends a sentence, a space stands for it."""
    return unescape(_TAG.sub(lambda tag: " " if tag[1] else "", text))
