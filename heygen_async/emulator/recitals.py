"""Speech that is answered when it is spoken: the request waits until its file is there."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from attrs import define, frozen

from heygen_async.emulator import media
from heygen_async.emulator.footage import Making, Product
from heygen_async.emulator.refusals import Refusal
from heygen_async.emulator.screenplay import Shot
from heygen_async.emulator.service import Visit
from heygen_async.emulator.wallet import SPEECH
from heygen_async.emulator.works import Order, Work

__all__ = ["Heard", "Recital", "recite", "within"]

_PACE = 0.4
"""Seconds for a word that nobody has really spoken."""


@define(eq=False, kw_only=True)
class Recital(Work[Any]):
    """A text that is spoken, or was."""

    noun = "speech"
    takes_slot = False


@frozen
class Heard:
    """A recital that is over."""

    id: str
    link: str
    seconds: float
    words: Sequence[media.Word]


async def recite(
    visit: Visit, request: object, speech: media.Speech, *, form: media.SoundFormat = "wav", cost: float | None = None
) -> Heard:
    """Speak a text and wait for it. Raises `Refusal`: 402; 502 and 504 when nothing came of it.

    `cost` is in US dollars; ``None``: what a second of speech costs, for each.
    """
    seconds = Shot(sound=speech).seconds

    def perform(folder: Path, name: str) -> Product:
        spoken = media.speech_file(speech, form)
        return Product.write(folder, name, spoken.seconds, {f"audio.{form}": spoken.content}, result=spoken)

    making = Making(make=perform, seconds=seconds, standins={"audio": f".{form}"})
    price = SPEECH * seconds if cost is None else cost
    work = visit.undertake(Order(Recital, request, cost=round(price, 6), making=making, seconds=0))
    made = await work.footage.made()
    visit.account.advance(visit.now)
    if work.failure is not None:
        raise Refusal(502, "voice_provider_error", work.failure.message or "The text could not be spoken")
    link = visit.file(work, "audio")
    if link is None:
        raise Refusal(504, "gateway_timeout", "The text was not spoken in time")
    words = made.result.words if isinstance(made, Product) else tuple(_paced(speech.text))
    return Heard(work.id, link, round(work.footage.duration, 3), words)


def within(low: float, value: float | None, high: float, default: float) -> float:
    """Return a setting as far as espeak-ng can follow it."""
    return default if value is None else min(high, max(low, value))


def _paced(text: str) -> Iterator[media.Word]:
    for at, word in enumerate(text.split()):
        yield media.Word(word, round(at * _PACE, 3), round((at + 1) * _PACE, 3))
