"""Sound as plain samples, and its way from and to the files that people have. Needs PyAV."""

from array import array
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from io import BytesIO
from itertools import pairwise

import av
from attrs import field, frozen
from av.audio.frame import AudioFrame
from av.audio.resampler import AudioResampler
from av.container import InputContainer
from av.error import FFmpegError

from heygen_async.emulator.media.film import UnreadableMedia

__all__ = ["RATE", "Pcm", "decoded", "framed", "joined", "opened", "openings", "resampled", "silence", "sound_seconds"]

RATE = 48_000
"""Samples a second of every film: AAC and Opus both take it."""

_WIDTH = 2
"""Bytes a sample."""

_QUIET = 0.06
"""Below this part of the loudest moments a mouth is closed."""

_FALL = 0.55
"""How much of its opening a closing mouth keeps from one frame to the next: it opens at once, but closes gently."""


@frozen
class Pcm:
    """Sound as samples: one channel, 16 bits a sample, in this machine's byte order."""

    rate: int
    """Samples a second."""
    samples: bytes = field(repr=False)
    marks: tuple[tuple[int, float], ...] = field(default=(), repr=False)
    """Of a spoken text: pairs of a character's place in it and the second in which it is heard, both rising."""

    @property
    def seconds(self) -> float:
        """How long it is."""
        return len(self.samples) / _WIDTH / self.rate

    def lasting(self, seconds: float) -> "Pcm":
        """Return it at this length: cut, or with silence at its end."""
        size = round(seconds * self.rate) * _WIDTH
        return Pcm(self.rate, self.samples[:size].ljust(size, b"\0"), self.marks)


def silence(seconds: float, rate: int = RATE) -> Pcm:
    """Return so many seconds of nothing."""
    return Pcm(rate, b"").lasting(seconds)


def joined(sounds: Sequence[Pcm]) -> Pcm:
    """Return sounds of one rate, one after another."""
    return Pcm(sounds[0].rate, b"".join(sound.samples for sound in sounds))


def decoded(content: bytes) -> Pcm:
    """Return the first sound track of a file, at the films' rate.

    Raises:
        UnreadableMedia: when there is no sound in it that can be decoded.

    """
    resampler = AudioResampler(format="s16", layout="mono", rate=RATE)
    with opened(content, "sound") as container:
        pieces = [_samples(piece) for frame in _frames(container) for piece in resampler.resample(frame)]
        pieces.extend(_samples(piece) for piece in resampler.resample(None))
    return Pcm(RATE, b"".join(pieces))


def resampled(sound: Pcm) -> Pcm:
    """Return a sound at the films' rate, its marks unchanged."""
    if sound.rate == RATE or not sound.samples:
        return Pcm(RATE, sound.samples, sound.marks)
    resampler = AudioResampler(format="s16", layout="mono", rate=RATE)
    pieces = [_samples(piece) for frame in framed(sound, 10) for piece in resampler.resample(frame)]
    pieces.extend(_samples(piece) for piece in resampler.resample(None))
    return Pcm(RATE, b"".join(pieces), sound.marks)


def sound_seconds(content: bytes) -> float:
    """Return how long the sound in a file is, counted and not as the file claims.

    Raises:
        UnreadableMedia: when there is no sound in it that can be decoded.

    """
    with opened(content, "sound") as container:
        return sum(frame.samples / frame.sample_rate for frame in _frames(container))


def framed(sound: Pcm, seconds: float = 1.0) -> Iterator[AudioFrame]:
    """Cut a sound into frames of so many seconds, for an encoder."""
    step = max(1, round(seconds * sound.rate)) * _WIDTH
    for start in range(0, len(sound.samples), step):
        piece = sound.samples[start : start + step]
        frame = AudioFrame(format="s16", layout="mono", samples=len(piece) // _WIDTH, align=1)
        frame.planes[0].update(piece)
        frame.rate = sound.rate
        frame.pts = start // _WIDTH
        yield frame


def openings(sound: Pcm, frames: int, fps: int) -> list[float]:
    """Return how wide a mouth is open in each frame of a film with this sound: 0, closed, to 1.

    It follows the loudness, measured against the sound's own loudest moments, so a whisper moves lips as speech does.
    """
    samples = array("h", sound.samples)
    edges = [place * sound.rate // fps for place in range(frames + 1)]
    loudness = [_loudness(samples[start:end:4]) for start, end in pairwise(edges)]
    full = sorted(loudness)[int(0.95 * (frames - 1))] or max(loudness) or 1.0
    open_now, result = 0.0, []
    for level in loudness:
        share = min(1.0, level / full)
        wanted = 0.0 if share < _QUIET else share**0.7
        open_now = max(wanted, open_now * _FALL)
        result.append(open_now)
    return result


def _loudness(samples: "array[int]") -> float:
    return sum(map(abs, samples)) / len(samples) if samples else 0.0


@contextmanager
def opened(content: bytes, what: str) -> Iterator[InputContainer]:
    """Open a media file that is in memory, and say plainly when it cannot be read.

    Raises:
        UnreadableMedia: when the file, or a part of it that is asked for within the block, cannot be decoded.

    """
    try:
        with av.open(BytesIO(content), "r") as container:
            yield container
    except (FFmpegError, IndexError) as error:
        raise UnreadableMedia(f"the {what} cannot be decoded: {getattr(error, 'strerror', None) or error}") from error


def _frames(container: InputContainer) -> Iterator[AudioFrame]:
    if not container.streams.audio:
        raise UnreadableMedia("the sound cannot be decoded: there is no sound track in the file")
    yield from container.decode(container.streams.audio[0])


def _samples(frame: AudioFrame) -> bytes:
    return bytes(frame.planes[0])[: frame.samples * _WIDTH]
