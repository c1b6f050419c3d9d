"""Samples become sound files: WAV and MP3. Needs PyAV."""

import wave
from array import array
from fractions import Fraction
from io import BytesIO
from sys import byteorder

import av

from heygen_async.emulator.media.results import SoundFormat
from heygen_async.emulator.media.sound import Pcm, framed, resampled

__all__ = ["FILE_RATE", "sound_file"]

FILE_RATE = 44_100
"""Samples a second of a sound file."""
_BITS = 96_000
"""Bits a second of an MP3."""


def sound_file(sound: Pcm, form: SoundFormat) -> bytes:
    """Return a sound as a file of 44.1 kHz and one channel."""
    sound = resampled(sound, FILE_RATE)
    return _wav(sound) if form == "wav" else _mp3(sound)


def _wav(sound: Pcm) -> bytes:
    samples = array("h", sound.samples)
    if byteorder == "big":  # pragma: no cover - a WAV has the lower byte first on every machine
        samples.byteswap()
    file = BytesIO()
    with wave.open(file, "wb") as waves:
        waves.setparams((1, 2, sound.rate, 0, "NONE", ""))
        waves.writeframes(samples.tobytes())
    return file.getvalue()


def _mp3(sound: Pcm) -> bytes:
    file = BytesIO()
    with av.open(file, "w", format="mp3") as container:
        track = container.add_stream("libmp3lame", rate=sound.rate)
        track.bit_rate = _BITS
        track.layout = "mono"
        for piece in framed(sound):
            piece.time_base = Fraction(1, sound.rate)
            container.mux(track.encode(piece))
        container.mux(track.encode(None))
    return file.getvalue()
