"""Find music and sound effects: whatever is asked for is composed when somebody listens."""

from collections.abc import Iterator
from functools import partial
from hashlib import sha256

from heygen_async.api.audio import ListSounds, Sound
from heygen_async.emulator import media
from heygen_async.emulator.clerk import Clerk
from heygen_async.emulator.paging import page_of
from heygen_async.emulator.service import Visit
from heygen_async.operation import Page

__all__ = ["audio"]

audio = Clerk()

_PIECES = 40
"""How many fit a query, more or less."""

_BEST = 0.96
_STEP = 0.01
_ENOUGH = 0.7
"""The score from which on something is shown, unless asked for otherwise."""


@audio.answers(ListSounds)
async def listed(visit: Visit, request: ListSounds) -> Page[Sound]:
    """Show what fits a description, the best first."""
    least = _ENOUGH if request.min_score is None else request.min_score
    found = [sound for sound in _library(visit, request) if sound.score >= least]
    places = {sound.id: -at for at, sound in enumerate(found)}
    return page_of(found, request.limit or 10, request.token, lambda sound: places[sound.id])


def _library(visit: Visit, request: ListSounds) -> Iterator[Sound]:
    """Name pieces after the query. Nobody knows how long they are before they are made."""
    kind = request.type or "music"
    for number in range(1, _PIECES + 1):
        name = f"{request.query} {number}"
        sound_id = sha256(f"{kind} {name}".encode(errors="replace")).hexdigest()[:32]
        yield Sound(
            id=sound_id,
            name=name,
            description=f"{'A piece of music' if kind == 'music' else 'A sound effect'}: {request.query}",
            audio_url=visit.exhibit(sound_id, ".mp3", partial(_composed, name, kind)),
            score=round(_BEST - _STEP * (number - 1), 2),
            type=kind,
        )


def _composed(name: str, kind: media.SoundKind) -> bytes:
    return media.jingle(name, kind).content
