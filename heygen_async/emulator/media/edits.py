"""Plans: which moments of a video are seen in which frame of another one, and what is heard to them.

A treatment of pictures in time comes down to a rising list of moments, one for each frame: consecutive ones are a cut,
denser or sparser ones are slow or fast, some left out are a jump, the last one repeated is a picture that stays.
"""

from collections.abc import Sequence
from itertools import chain
from math import ceil, floor

from attrs import evolve, field, frozen

from heygen_async.emulator.media.captions import captions
from heygen_async.emulator.media.film import Sound, Speech
from heygen_async.emulator.media.pauses import kept, talk
from heygen_async.emulator.media.reel import Reel
from heygen_async.emulator.media.sentences import sentence
from heygen_async.emulator.media.sound import RATE, Pcm, decoded, joined, resampled, silence
from heygen_async.emulator.media.speech import SAMPLE, speak, words_of
from heygen_async.emulator.media.subtitles import Caption, parsed
from heygen_async.emulator.media.treatment import LONGEST, Cut, Lipsync, RemoveFillers, Revoice

__all__ = ["UNKNOWN", "Edit", "cut", "lipsynced", "plain", "revoiced", "without_fillers"]

UNKNOWN = "[speech]"
"""The caption of a sound whose words nobody knows."""
_SPEEDS = (0.5, 2.0)
"""How slow and how fast pictures are shown, at the most, to end with a voice."""
_FASTEST = 1.5
"""How fast a voice speaks, at the most, to end with the pictures."""
_BETWEEN = 0.4
"""Seconds of a pause in speech, and between a sentence and its repetition."""


@frozen
class Edit:
    """What a video is made of."""

    times: list[float] = field(repr=False)
    """For each frame, the second of the reel that it shows."""
    sound: Pcm
    """As long as the frames."""
    captions: list[Caption] = field(factory=list)
    cuts: int = 0
    """How many pauses are left out."""


def cut(treatment: Cut, reel: Reel) -> Edit:
    """Plan a part of a video."""
    text = (treatment.captions or "").strip()
    shown = captions(text, silence(reel.seconds)) if text else []
    return _edit(reel, reel.seconds, reel.heard(), shown)


def plain(reel: Reel) -> Edit:
    """Plan a video as it is."""
    return _edit(reel, reel.seconds, reel.heard())


def lipsynced(treatment: Lipsync, reel: Reel) -> Edit:
    """Plan a video's pictures with a sound."""
    given = treatment.sound
    sound = resampled(speak(Speech(SAMPLE))) if given is None else decoded(given.content, 0.0, LONGEST)
    return _edit(reel, sound.seconds if treatment.dynamic else reel.seconds, sound, _unknown(sound))


def revoiced(treatment: Revoice, reel: Reel) -> Edit:
    """Plan a video's pictures with a voice."""
    if treatment.srt is not None:
        return _dubbed(reel, treatment.speech, parsed(treatment.srt))
    if isinstance(treatment.voice, Sound):
        sound = decoded(treatment.voice.content, 0.0, LONGEST)
        shown = _unknown(sound)
    else:
        room = LONGEST if treatment.dynamic else reel.seconds
        text = treatment.voice.text.strip() or _repeated(treatment.voice, reel.seconds)
        sound = _spoken(evolve(treatment.voice, text=text), room)
        shown = captions(words_of(text), sound)
    if not treatment.dynamic:
        return _edit(reel, reel.seconds, sound, shown)
    speed = min(max(reel.seconds / max(sound.seconds, 0.1), _SPEEDS[0]), _SPEEDS[1])
    return _edit(reel, min(sound.seconds, LONGEST), sound, shown, speed)


def without_fillers(treatment: RemoveFillers, reel: Reel) -> Edit:
    """Plan a video without its pauses."""
    sound = reel.heard()
    whole = _frames(reel.seconds, reel.fps)
    spans = [
        (max(0, floor(start * reel.fps)), min(whole, ceil(end * reel.fps)))
        for start, end in kept(sound, treatment.pause, treatment.breath)
    ]
    edges = [0, *chain.from_iterable(spans), whole]
    cuts = sum(after > before for before, after in zip(edges[::2], edges[1::2], strict=True))
    sound = sound.lasting(whole / reel.fps)
    return Edit(
        times=[_time(place, reel.fps) for start, end in spans for place in range(start, end)],
        sound=joined([sound.between(start / reel.fps, end / reel.fps) for start, end in spans]),
        cuts=cuts,
    )


def _edit(reel: Reel, seconds: float, sound: Pcm, shown: Sequence[Caption] = (), speed: float = 1.0) -> Edit:
    """Plan a video of this length, in which the reel runs so many times as fast, from its start."""
    frames = _frames(seconds, reel.fps)
    seconds = frames / reel.fps
    return Edit(
        times=[_time(place, reel.fps) * speed for place in range(frames)],
        sound=sound.lasting(seconds),
        captions=[evolve(each, end=min(each.end, seconds)) for each in shown if each.start < seconds],
    )


def _frames(seconds: float, fps: int) -> int:
    return max(1, ceil(round(seconds * fps, 3)))


def _time(place: int, fps: int) -> float:
    """Return the middle of a frame: at its edge a rounding would decide which picture is seen."""
    return (place + 0.5) / fps


def _unknown(sound: Pcm) -> list[Caption]:
    return [Caption(start, end, UNKNOWN) for start, end in talk(sound, _BETWEEN)]


def _repeated(voice: Speech, seconds: float) -> str:
    """Return the built-in sentence of a language, as often as it can be said in this time, once at the least."""
    once = sentence(voice.language)
    length = speak(evolve(voice, text=once)).seconds + _BETWEEN
    return " ".join([once] * max(1, int((seconds + _BETWEEN) / length)))


def _spoken(voice: Speech, room: float) -> Pcm:
    """Return a speech at the films' rate: faster than it should be, if it takes longer than there is room."""
    sound = speak(voice)
    if sound.seconds > room and voice.speed < _FASTEST:
        sound = speak(evolve(voice, speed=min(_FASTEST, voice.speed * sound.seconds / room)))
    return resampled(sound)


def _dubbed(reel: Reel, voice: Speech, shown: Sequence[Caption]) -> Edit:
    """Plan a video in which each caption is said at its time, or as soon as the one before it is said."""
    shown = [caption for caption in shown if caption.start < LONGEST]
    said = bytearray()
    for place, caption in enumerate(shown):
        following = shown[place + 1].start if place + 1 < len(shown) else caption.end
        room = max(following, caption.end) - caption.start
        said += silence(max(0.0, caption.start - len(said) / 2 / RATE)).samples
        said += _spoken(evolve(voice, text=caption.text.replace("\n", " ")), room).samples
    sound = Pcm(RATE, bytes(said))
    last = max((caption.end for caption in shown), default=0.0)
    return _edit(reel, min(max(reel.seconds, last, sound.seconds), LONGEST), sound, shown)
