"""Music and effects that their names describe: simple, and the same for the same name. Needs PyAV to become a file."""

from array import array
from hashlib import sha256
from itertools import product
from random import Random
from typing import Literal

from heygen_async.emulator.media.drawing.scenery import first
from heygen_async.emulator.media.results import Jingle, SoundFormat, SoundKind
from heygen_async.emulator.media.sound import Pcm, levels
from heygen_async.emulator.media.soundfile import sound_file
from heygen_async.emulator.media.waves import WAVE_RATE, Mix, crackle, hiss, pluck, sweep, swell

__all__ = ["jingle", "jingle_file"]

Mood = Literal["calm", "sad", "happy"]
Effect = Literal["whoosh", "rush", "clicks", "bell", "boom", "beep", "chirp"]

_MOODS: dict[Mood, str] = {
    "calm": "calm|ambient|soft|slow|relax\\w*|peaceful|gentle|meditation|lofi|lo fi|dreamy|piano",
    "sad": "sad|dark|dramatic|tense|suspense|mystery|melanchol\\w*|night|epic|cinematic",
    "happy": "happy|upbeat|energetic|fun|corporate|bright|dance|pop|motivat\\w+|inspir\\w+|positive|summer|beach",
}
_EFFECTS: dict[Effect, str] = {
    "whoosh": "whoosh|swoosh|swish|swipe|transition|wind|fly\\w*|pass",
    "rush": "rain|applause|clap\\w*|crowd|waves?|ocean|sea|water|fire|static|noise|wind",
    "clicks": "click\\w*|tap|button|keyboard|typing|camera|shutter|mouse|switch|pop",
    "bell": "bells?|ding|chimes?|notification|success|alert|correct|magic|sparkle",
    "boom": "boom|explosion|thunder|impact|drums?|hit|bass|crash|punch|door",
    "beep": "beeps?|error|buzzer|alarm|wrong|siren|horn|robot",
}
_SCALES: dict[Mood, tuple[tuple[int, int, int], ...]] = {
    "calm": ((0, 4, 7), (9, 12, 16), (5, 9, 12), (7, 11, 14)),
    "sad": ((0, 3, 7), (-4, 0, 3), (3, 7, 10), (-2, 2, 5)),
    "happy": ((0, 4, 7), (7, 11, 14), (9, 12, 16), (5, 9, 12)),
}
"""Four chords each, in half tones above the key."""
_BEATS: dict[Mood, float] = {"calm": 76.0, "sad": 68.0, "happy": 118.0}
"""Beats a minute."""
_LOUD = 20_000
"""The largest sample."""


def jingle_file(name: str, kind: SoundKind, form: SoundFormat) -> Jingle:
    """Return a jingle as a file; `media.jingle` says more."""
    sound = jingle(name, kind)
    moments = levels(sound, max(1, round(sound.seconds * 20)), 20)
    return Jingle(sound_file(sound, form), round(sound.seconds, 3), moments.index(max(moments)) / 20)


def jingle(name: str, kind: SoundKind) -> Pcm:
    """Return a jingle as samples."""
    dice = Random(sha256(f"{kind}:{name}".encode(errors="replace")).digest())  # noqa: S311 - music is no secret
    samples = _music(first(name, _MOODS) or "calm", dice) if kind == "music" else _effect(name, dice)
    scale = _LOUD / max(map(abs, samples))
    return Pcm(WAVE_RATE, array("h", [round(value * scale) for value in samples]).tobytes())


def _music(mood: Mood, dice: Random) -> list[float]:
    """Return four chords of four beats: a soft one below, a bass, and single notes above."""
    beat = 60 / (_BEATS[mood] * dice.uniform(0.94, 1.06))
    key = dice.randint(-5, 4)
    order = dice.choice(((0, 1, 2, 1), (0, 2, 1, 2), (2, 1, 0, 1)))
    mix = Mix(16.5 * beat)
    for bar, chord in enumerate(_SCALES[mood]):
        start = 4 * bar * beat
        for note in chord:
            mix.add(start, swell(_pitch(key + note), 4.4 * beat), 0.16)
        mix.add(start, pluck(_pitch(key + chord[0] - 12), 4 * beat, decay=1.2), 0.35)
        for step, place in product(range(2), range(4)):
            note = chord[order[place]] + 12
            mix.add(start + (2 * step + place / 2) * beat, pluck(_pitch(key + note), 2 * beat), 0.3)
    return mix.samples


def _pitch(halves: int) -> float:
    """Return the hertz of a note so many half tones above middle C."""
    pitch: float = 261.63 * 2 ** (halves / 12)
    return pitch


def _effect(name: str, dice: Random) -> list[float]:
    mix = Mix(3.0)
    match first(name, _EFFECTS):
        case "whoosh":
            mix = Mix(0.9)
            mix.add(0, hiss(dice, 0.9, (0.04, 0.5), dice.uniform(0.4, 0.65)))
        case "rush":
            mix.add(0, hiss(dice, 3.0, (0.5, 0.4)), 0.5)
            mix.add(0, crackle(dice, 3.0, 60))
        case "clicks":
            mix = Mix(0.6)
            mix.add(0.05, crackle(dice, 0.4, dice.choice((3, 12))))
        case "bell":
            mix.add(0, pluck(dice.uniform(700, 1100), 3.0, 2.5, ((2.76, 0.5), (5.4, 0.25))))
            mix.add(0.18, pluck(dice.uniform(1100, 1500), 2.8, 2.5, ((2.76, 0.4),)), 0.8)
        case "boom":
            mix.add(0, sweep(95, 34, 2.6, decay=4.0))
            mix.add(0, hiss(dice, 1.8, (0.2, 0.01), 0.02), 0.9)
        case "beep":
            mix = Mix(1.2)
            pitch = dice.uniform(420, 900)
            for place in range(3):
                mix.add(0.4 * place, pluck(pitch, 0.22, 0.5, ((3.0, 0.33), (5.0, 0.2))))
        case _:
            mix = Mix(1.0)
            mix.add(0, sweep(dice.uniform(250, 500), dice.uniform(700, 1500), 1.0, decay=2.0))
    return mix.samples
