"""Where somebody speaks in a sound, and where nobody does."""

from itertools import pairwise

from heygen_async.emulator.media.sound import Pcm, levels, loud

__all__ = ["Span", "kept", "talk"]

Span = tuple[float, float]
"""Start and end in seconds."""

_MOMENTS = 50
"""Moments a second whose loudness is looked at."""
_QUIET = 0.08
"""What is below this part of the loud moments is a pause."""
_SILENT = 30.0
"""What is never louder than this, of 32,768, is silence throughout."""


def talk(sound: Pcm, pause: float) -> list[Span]:
    """Return when something is heard; between two times is a pause of so many seconds at the least."""
    moments = levels(sound, round(sound.seconds * _MOMENTS), _MOMENTS)
    if not moments or loud(moments) < _SILENT:
        return []
    limit = max(_SILENT / 2, _QUIET * loud(moments))
    heard = [place for place, level in enumerate(moments) if level >= limit]
    gap = pause * _MOMENTS
    breaks = [(end, start) for end, start in pairwise(heard) if start - end - 1 >= gap]
    starts = [heard[0], *(start for _, start in breaks)]
    ends = [*(end for end, _ in breaks), heard[-1]]
    return [
        (start / _MOMENTS, min(sound.seconds, (end + 1) / _MOMENTS)) for start, end in zip(starts, ends, strict=True)
    ]


def kept(sound: Pcm, pause: float, breath: float) -> list[Span]:
    """Return what is left of a sound without its pauses, but for a breath of each: rising spans with gaps between.

    Args:
        sound: where pauses are looked for.
        pause: seconds of silence that are one.
        breath: seconds that stay of one, half at each end; of one at the sound's start or end stays a half.

    """
    spoken = talk(sound, pause)
    if not spoken:
        return [(0.0, sound.seconds)]
    half = min(breath, pause) / 2
    spans = [(start - half, end + half) for start, end in spoken]
    # A sound may begin or end in the middle of a breath that is too short for a pause.
    first, last = spans[0][0], spans[-1][1]
    spans[0] = 0.0 if first + half < pause else first, spans[0][1]
    spans[-1] = spans[-1][0], sound.seconds if sound.seconds - last + half < pause else last
    return spans
