"""Sounds for tests: 8,000 samples a second of two bytes each."""

import io
import wave

__all__ = ["wav"]


def wav(samples: bytes = bytes(400)) -> bytes:
    file = io.BytesIO()
    with wave.open(file, "wb") as waves:
        waves.setparams((1, 2, 8000, 0, "NONE", ""))
        waves.writeframes(samples)
    return file.getvalue()
