"""A script as a sound file, with the times of its words. Needs espeakng-loader and PyAV."""

import re
from collections.abc import Iterator

from heygen_async.emulator.media.captions import times_of
from heygen_async.emulator.media.film import Speech
from heygen_async.emulator.media.results import SoundFormat, Spoken, Word
from heygen_async.emulator.media.sound import Pcm, levels, loud
from heygen_async.emulator.media.soundfile import sound_file
from heygen_async.emulator.media.speech import speak, words_of

__all__ = ["speech_file", "words"]

_WORD = re.compile(r"\S+")
_JOINED_SCRIPTS = "\u3000"
"""From here on characters are those of languages that write their words without spaces between them."""
_MOMENTS = 100
"""Moments a second whose loudness is looked at."""
_QUIET = 0.02
"""What is below this part of the loud moments is no part of a word."""


def speech_file(speech: Speech, form: SoundFormat) -> Spoken:
    """Return a script as a sound file; `media.speech_file` says more."""
    sound = speak(speech)
    return Spoken(sound_file(sound, form), round(sound.seconds, 3), tuple(words(words_of(speech.text), sound)))


def words(text: str, sound: Pcm) -> Iterator[Word]:
    """Yield the words of a spoken text and when they are heard."""
    spans = list(_spans(text, {place for place, _ in sound.marks}))
    starts = times_of(text, sound, [start for start, _ in spans])
    moments = levels(sound, round(sound.seconds * _MOMENTS), _MOMENTS)
    limit = _QUIET * loud(moments) if moments else 0.0
    for (start, end), begin, following in zip(spans, starts, [*starts, sound.seconds][1:], strict=True):
        # A pause after a word belongs to nobody.
        last = int(following * _MOMENTS)
        while last > begin * _MOMENTS + 1 and moments[last - 1] < limit:
            last -= 1
        yield Word(text[start:end], round(begin, 3), round(max(begin, min(following, last / _MOMENTS)), 3))


def _spans(text: str, marks: set[int]) -> Iterator[tuple[int, int]]:
    """Yield where words begin and end: at spaces, and where the speaker says so in a script without spaces."""
    for found in _WORD.finditer(text):
        start = found.start()
        for place in range(start + 1, found.end()):
            if place in marks and min(text[place - 1], text[place]) >= _JOINED_SCRIPTS:
                yield start, place
                start = place
        yield start, found.end()
