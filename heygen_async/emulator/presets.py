"""What every account finds on its first day: public avatars with their looks, and public voices.

Nobody of them exists: their portraits are drawn from their names, and espeak-ng speaks for them.
"""

from hashlib import md5
from itertools import count

from attrs import frozen

from heygen_async.emulator.account import Account, Look, Person, Speaker
from heygen_async.emulator.sources import Drawn

__all__ = ["settle_in"]


@frozen
class _Voice:
    name: str
    language: str
    tag: str
    gender: str
    engine: str = "starfish"


@frozen
class _Look:
    id: str
    name: str
    avatar_type: str
    size: tuple[int, int]
    engines: tuple[str, ...]
    can_be_cut_out: bool = True


@frozen
class _Person:
    name: str
    gender: str
    voice: str
    """The name of the default voice."""

    looks: tuple[_Look, ...]


_VOICES = (
    _Voice("Emma", "English", "en-US", "female"),
    _Voice("James", "English", "en-US", "male", "elevenlabs"),
    _Voice("Olivia", "English", "en-GB", "female", "elevenlabs"),
    _Voice("Oliver", "English", "en-GB", "male"),
    _Voice("Lucía", "Spanish", "es-ES", "female"),
    _Voice("Mateo", "Spanish", "es-419", "male"),
    _Voice("Hannah", "German", "de-DE", "female"),
    _Voice("Jonas", "German", "de-DE", "male", "fish"),
    _Voice("Camille", "French", "fr-FR", "female"),
    _Voice("Louis", "French", "fr-FR", "male"),
    _Voice("Giulia", "Italian", "it-IT", "female"),
    _Voice("Rafael", "Portuguese", "pt-BR", "male"),
    _Voice("Anna", "Polish", "pl-PL", "female"),
    _Voice("Daan", "Dutch", "nl-NL", "male"),
    _Voice("Aarav", "Hindi", "hi-IN", "male"),
    _Voice("Mei", "Chinese", "cmn", "female"),
)

_OPENING = 1_704_672_000
"""Unix seconds from which on they are there."""

_WIDE, _TALL, _SQUARE = (1920, 1080), (1080, 1920), (1024, 1024)
_CLASSIC = ("avatar_iii", "avatar_iv")
_NEWEST = ("avatar_iii", "avatar_iv", "avatar_v")

_PEOPLE = (
    _Person(
        "Anna",
        "female",
        "Emma",
        (
            _Look("Anna_public_3_20240108", "Anna in the office", "studio_avatar", _WIDE, _CLASSIC),
            _Look("Anna_public_20240108", "Anna on the sofa", "studio_avatar", _TALL, _CLASSIC, can_be_cut_out=False),
        ),
    ),
    _Person(
        "Marcus",
        "male",
        "James",
        (
            _Look("Marcus_public_2_20240318", "Marcus in a suit", "studio_avatar", _WIDE, _CLASSIC),
            _Look("Marcus_outdoors_20230927", "Marcus outdoors", "studio_avatar", _WIDE, ("avatar_iii",)),
            _Look("Marcus_sitting_20240318", "Marcus at a desk", "studio_avatar", _TALL, _CLASSIC),
        ),
    ),
    _Person(
        "Priya",
        "female",
        "Olivia",
        (
            _Look("Priya_twin_front_20250611", "Priya from the front", "digital_twin", _WIDE, _NEWEST),
            _Look("Priya_twin_side_20250611", "Priya at home", "digital_twin", _WIDE, _NEWEST, can_be_cut_out=False),
        ),
    ),
    _Person("Diego", "male", "Mateo", (_Look("Diego_twin_20250702", "Diego", "digital_twin", _TALL, _NEWEST),)),
    _Person(
        "Sarah",
        "female",
        "Emma",
        (
            _Look("Sarah_photo_20250120", "Sarah's portrait", "photo_avatar", _SQUARE, _NEWEST),
            _Look("Sarah_photo_beach_20250120", "Sarah at the beach", "photo_avatar", _TALL, _CLASSIC),
        ),
    ),
    _Person("Tom", "male", "Oliver", (_Look("Tom_photo_20250204", "Tom", "photo_avatar", _SQUARE, _CLASSIC),)),
)


def settle_in(account: Account) -> None:
    """Put the presets into an account. Lists show the newest first, so the last of these tables is put in first."""
    places = count(-1000)
    for voice in reversed(_VOICES):
        account.voices[_voice_id(voice.name)] = _speaker(voice, next(places))
    for preset in reversed(_PEOPLE):
        person = account.add_person(_person(preset, next(places)))
        for look in reversed(preset.looks):
            account.add_look(_look(look, person, next(places)))


def _person(preset: _Person, place: int) -> Person:
    return Person(
        id=_id("person", preset.name),
        name=preset.name,
        gender=preset.gender,
        public=True,
        default_voice_id=_voice_id(preset.voice),
        created_at=_OPENING,
        place=place,
    )


def _speaker(voice: _Voice, place: int) -> Speaker:
    return Speaker(
        id=_voice_id(voice.name),
        name=voice.name,
        language=voice.language,
        tag=voice.tag,
        gender=voice.gender,
        engine=voice.engine,
        supports_locale=voice.language == "English",
        place=place,
    )


def _look(look: _Look, person: Person, place: int) -> Look:
    width, height = look.size
    return Look(
        id=look.id,
        name=look.name,
        person=person,
        avatar_type=look.avatar_type,
        picture=Drawn(person.name, width, height, person.drawn_as),
        width=width,
        height=height,
        engines=look.engines,
        can_be_cut_out=look.can_be_cut_out,
        tags=(look.avatar_type.upper(),),
        default_voice_id=person.default_voice_id,
        place=place,
    )


def _voice_id(name: str) -> str:
    return _id("voice", name)


def _id(kind: str, name: str) -> str:
    """Return 32 hexadecimal characters, the same in each run."""
    return md5(f"{kind} {name}".encode(), usedforsecurity=False).hexdigest()
