"""Tones and noises as lists of samples from -1 to 1, of `WAVE_RATE` a second."""

from collections.abc import Iterable, Sequence
from math import cos, exp, pi, sin
from random import Random

__all__ = ["WAVE_RATE", "Mix", "crackle", "hiss", "pluck", "sweep", "swell"]

WAVE_RATE = 12_000
_FADE = 0.01
"""Seconds in which a sound comes, or goes: at once would click."""


class Mix:
    """Sounds laid over each other."""

    def __init__(self, seconds: float) -> None:
        self.samples = [0.0] * round(seconds * WAVE_RATE)

    def add(self, start: float, wave: Iterable[float], volume: float = 1.0) -> None:
        """Lay a sound over the others from a second on; what is beyond the end is left out."""
        place = round(start * WAVE_RATE)
        mixed = [below + volume * above for below, above in zip(self.samples[place:], wave, strict=False)]
        self.samples[place : place + len(mixed)] = mixed


def pluck(
    pitch: float, seconds: float, decay: float = 5.0, overtones: Sequence[tuple[float, float]] = ((2.0, 0.3),)
) -> list[float]:
    """Return a tone that dies away, like that of a string or a bell.

    Args:
        pitch: hertz.
        seconds: how long it is.
        decay: how fast it dies away: after 1 / decay seconds a third is left.
        overtones: how many times as high as the pitch, and how loud in parts of it.

    """
    count, fall = round(seconds * WAVE_RATE), exp(-decay / WAVE_RATE)
    rings = [_ring(pitch * times, loudness, fall, count) for times, loudness in ((1.0, 1.0), *overtones)]
    return _gently([sum(values) for values in zip(*rings, strict=True)])


def swell(pitch: float, seconds: float) -> list[float]:
    """Return a soft tone that comes and goes within its time."""
    count = round(seconds * WAVE_RATE)
    step = pi / count
    return [sin(step * place) * value for place, value in enumerate(_ring(pitch, 1.0, 1.0, count))]


def sweep(start: float, end: float, seconds: float, decay: float = 3.0) -> list[float]:
    """Return a tone that glides from one pitch to another and dies away."""
    count, phase, wave = round(seconds * WAVE_RATE), 0.0, []
    for place in range(count):
        share = place / count
        phase += 2 * pi * (start + (end - start) * share) / WAVE_RATE
        wave.append(exp(-decay * share) * sin(phase))
    return _gently(wave)


def hiss(dice: Random, seconds: float, sharpness: tuple[float, float], rise: float = 0.5) -> list[float]:
    """Return a noise that swells up to a part of its time and then fades.

    Args:
        dice: where the noise comes from.
        seconds: how long it is.
        sharpness: from 0, a rumble, to 1, a hiss; at the start and at the end.
        rise: when it is loudest, in parts of its time.

    """
    count, level, wave = round(seconds * WAVE_RATE), 0.0, []
    for place in range(count):
        share = place / count
        level += (sharpness[0] + (sharpness[1] - sharpness[0]) * share) * (dice.uniform(-1, 1) - level)
        envelope = share / rise if share < rise else (1 - share) / (1 - rise)
        wave.append(envelope * level)
    return _gently(wave)


def crackle(dice: Random, seconds: float, often: float) -> list[float]:
    """Return so many short clicks a second, as of drops, hands or keys."""
    mix = Mix(seconds)
    for _ in range(max(1, round(seconds * often))):
        mix.add(dice.uniform(0, seconds), pluck(dice.uniform(900, 4200), 0.015, decay=350.0), dice.uniform(0.3, 1.0))
    return mix.samples


def _ring(pitch: float, loudness: float, fall: float, count: int) -> list[float]:
    """Return a plain tone, of which each sample is so many times as loud as the one before it.

    Each follows from the two before it, as it does in anything that swings: no sine is needed but the first.
    """
    step = 2 * pi * pitch / WAVE_RATE
    spring, friction = 2 * fall * cos(step), fall * fall
    before, now, wave = 0.0, loudness * fall * sin(step), []
    for _ in range(count):
        wave.append(now)
        before, now = now, spring * now - friction * before
    return wave


def _gently(wave: list[float]) -> list[float]:
    """Take the clicks off both ends of a sound."""
    edge = min(len(wave) // 2, round(_FADE * WAVE_RATE))
    for place in range(edge):
        wave[place] *= place / edge
        wave[-1 - place] *= place / edge
    return wave
