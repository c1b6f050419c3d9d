"""Sound as plain samples, and its way from and to the files that people have. Needs PyAV."""

from array import array
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from io import BytesIO
from itertools import pairwise
from pathlib import Path

import av
from attrs import field, frozen
from av.audio.frame import AudioFrame
from av.audio.resampler import AudioResampler
from av.container import InputContainer
from av.error import FFmpegError

from heygen_async.emulator.media.film import UnreadableMedia

__all__ = [
    "MICROSECONDS",
    "RATE",
    "WORTH_SEEKING",
    "Pcm",
    "decoded",
    "framed",
    "joined",
    "jump",
    "levels",
    "loud",
    "opened",
    "openings",
    "resampled",
    "silence",
    "sound_seconds",
]

RATE = 48_000
"""Samples a second of every film: AAC and Opus both take it."""

MICROSECONDS = 1_000_000
"""FFmpeg's own measure of time."""
WORTH_SEEKING = 2.0
"""Seconds from which on a file is jumped into rather than decoded from its beginning."""

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

    def between(self, start: float, end: float) -> "Pcm":
        """Return the part from one second to another."""
        return Pcm(self.rate, self.samples[round(start * self.rate) * _WIDTH : round(end * self.rate) * _WIDTH])


def silence(seconds: float, rate: int = RATE) -> Pcm:
    """Return so many seconds of nothing."""
    return Pcm(rate, b"").lasting(seconds)


def joined(sounds: Sequence[Pcm]) -> Pcm:
    """Return sounds of one rate, one after another."""
    return Pcm(sounds[0].rate, b"".join(sound.samples for sound in sounds))


def decoded(content: bytes | Path, start: float = 0.0, seconds: float | None = None) -> Pcm:
    """Return the first sound track of a file, at the films' rate.

    Args:
        content: the file, or where it is.
        start: the second of the file from which on it is returned. A track that begins later begins with silence.
        seconds: how much of it is returned, at the most; None for all.

    Raises:
        UnreadableMedia: when there is no sound in it that can be decoded.

    """
    resampler = AudioResampler(format="s16", layout="mono", rate=RATE)
    samples, skipped = bytearray(), 0
    enough = None if seconds is None else round(seconds * RATE) * _WIDTH
    with opened(content, "sound") as container:
        origin = (container.start_time or 0) / MICROSECONDS
        if start > WORTH_SEEKING:
            jump(container, origin + start)
        for place, frame in enumerate(_frames(container)):
            if not place:
                ahead = round((origin + start - float(frame.time or origin)) * RATE) * _WIDTH
                samples, skipped = bytearray(max(0, -ahead)), max(0, ahead)
            for piece in resampler.resample(frame):
                samples += _samples(piece)
            if enough is not None and len(samples) >= skipped + enough:
                break
        for piece in resampler.resample(None):
            samples += _samples(piece)
    return Pcm(RATE, bytes(samples[skipped : None if enough is None else skipped + enough]))


def jump(container: InputContainer, second: float) -> None:
    """Go on before a second of a file, where it can be; where it cannot, stay."""
    with suppress(FFmpegError):
        container.seek(round(second * MICROSECONDS))


def resampled(sound: Pcm, rate: int = RATE) -> Pcm:
    """Return a sound at another rate, its marks unchanged."""
    if sound.rate == rate or not sound.samples:
        return Pcm(rate, sound.samples, sound.marks)
    resampler = AudioResampler(format="s16", layout="mono", rate=rate)
    pieces = [_samples(piece) for frame in framed(sound, 10) for piece in resampler.resample(frame)]
    pieces.extend(_samples(piece) for piece in resampler.resample(None))
    return Pcm(rate, b"".join(pieces), sound.marks)


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
    loudness = levels(sound, frames, fps)
    full = loud(loudness)
    open_now, result = 0.0, []
    for level in loudness:
        share = min(1.0, level / full)
        wanted = 0.0 if share < _QUIET else share**0.7
        open_now = max(wanted, open_now * _FALL)
        result.append(open_now)
    return result


def levels(sound: Pcm, count: int, rate: int) -> list[float]:
    """Return how loud a sound is in each of so many moments, of which `rate` are a second: 0 to 32,768."""
    samples = array("h", sound.samples)
    edges = [place * sound.rate // rate for place in range(count + 1)]
    return [_loudness(samples[start:end:4]) for start, end in pairwise(edges)]


def loud(levels: Sequence[float]) -> float:
    """Return what is loud among these levels: the loudest is, if only few are louder than nothing; 1 for silence."""
    return sorted(levels)[int(0.95 * (len(levels) - 1))] or max(levels) or 1.0


def _loudness(samples: "array[int]") -> float:
    return sum(map(abs, samples)) / len(samples) if samples else 0.0


@contextmanager
def opened(content: bytes | Path, what: str) -> Iterator[InputContainer]:
    """Open a media file that is in memory or on disk, and say plainly when it cannot be read.

    Raises:
        UnreadableMedia: when the file, or a part of it that is asked for within the block, cannot be decoded.
        OSError: when there is no such file.

    """
    # PyAV's own errors are errors of the system too, so the file is opened before it comes into play.
    with BytesIO(content) if isinstance(content, bytes) else content.open("rb") as file:
        try:
            with av.open(file, "r") as container:
                yield container
        except (FFmpegError, IndexError) as error:
            reason = getattr(error, "strerror", None) or error
            raise UnreadableMedia(f"the {what} cannot be decoded: {reason}") from error


def _frames(container: InputContainer) -> Iterator[AudioFrame]:
    if not container.streams.audio:
        raise UnreadableMedia("the sound cannot be decoded: there is no sound track in the file")
    yield from container.decode(container.streams.audio[0])


def _samples(frame: AudioFrame) -> bytes:
    return bytes(frame.planes[0])[: frame.samples * _WIDTH]
