"""Sees and hears a film that came over HTTP: its pictures, and its sound at 16 kHz."""

from io import BytesIO
from itertools import pairwise

import av
from attrs import frozen
from PIL import Image

__all__ = ["Seen", "see"]

RATE = 16_000


@frozen
class Seen:
    """What there is to see and to hear; a sound has no pictures."""

    frames: list[Image.Image]
    seconds: float
    """Of the pictures."""

    samples: "memoryview[int]"
    """16 bits each."""

    @property
    def sound_seconds(self) -> float:
        return len(self.samples) / RATE

    @property
    def loudness(self) -> float:
        """The root of the mean square of the samples."""
        return float((sum(value * value for value in self.samples) / max(1, len(self.samples))) ** 0.5)

    @property
    def pitch(self) -> float:
        """How often a second the sound swings, for a plain tone."""
        signs = [value >= 0 for value in self.samples]
        return sum(before != after for before, after in pairwise(signs)) / 2 / self.sound_seconds


def see(content: bytes) -> Seen:
    """Decode a film or a sound."""
    with av.open(BytesIO(content)) as file:
        frames = [frame.to_image() for frame in file.decode(video=0)] if file.streams.video else []
        rate = float(file.streams.video[0].average_rate or 1) if frames else 1.0
    with av.open(BytesIO(content)) as file:
        resampler = av.AudioResampler(format="s16", layout="mono", rate=RATE)
        heard = [piece for frame in file.decode(audio=0) for piece in resampler.resample(frame)]
    samples = b"".join(bytes(piece.planes[0])[: piece.samples * 2] for piece in heard)
    return Seen(frames, len(frames) / rate, memoryview(samples).cast("h"))
