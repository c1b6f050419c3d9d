"""What the account holds, plain and open to inspection: tests look inside, and may change what they find.

There is one shelf for each kind of thing, made when it is first asked for: ``account.shelf(BrandKit)``. The kinds that
several rooms know are here, and have shelves with names; others stand beside their operations (see `shelf`).
"""

import sys
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from typing import Any, TypeVar

from attrs import define, evolve, field

from heygen_async.emulator.media import Gender
from heygen_async.emulator.refusals import Refusal, forbidden
from heygen_async.emulator.rendering import Failure, Slots, Stage
from heygen_async.emulator.shelf import Shelf, Thing, fresh_id
from heygen_async.emulator.sources import Source
from heygen_async.emulator.wallet import Wallet
from heygen_async.emulator.works import Production, Series, Work

__all__ = ["Account", "Look", "Person", "Production", "Series", "Speaker", "Upload", "fresh_id"]

T = TypeVar("T", bound=Thing)


@define(eq=False, kw_only=True)
class Speaker(Thing):
    """A voice."""

    noun = "voice"

    name: str
    language: str
    """In words, such as ``English``."""

    tag: str
    """The same as a tag, such as ``en-US``."""

    gender: str
    engine: str = "starfish"
    """Whose settings it takes: ``starfish``, ``elevenlabs`` or ``fish``."""

    supports_locale: bool = False
    own: bool = False
    """Whether it is the account's own: a clone."""

    status: str | None = None
    """``processing``, ``complete`` or ``failed`` for a clone; ``None``: it is none, and can be used."""

    failure: Failure | None = None
    """Why it could not be cloned."""

    created_at: int | None = None
    """Unix seconds; ``None``: it was always there."""

    @property
    def usable(self) -> bool:
        """Whether it can speak."""
        return self.status in {None, "complete"}

    @property
    def heard_as(self) -> Gender | None:
        """The gender, if espeak-ng has a voice for it."""
        return _gender(self.gender)


@define(eq=False, kw_only=True)
class Person(Thing):
    """An avatar group."""

    noun = "avatar group"

    name: str
    gender: str | None = None
    public: bool = False
    default_voice_id: str | None = None
    created_at: int = 0
    """Unix seconds."""

    consent_status: str | None = None
    """``pending`` or ``approved``; ``None``: nobody has to consent."""

    looks: list["Look"] = field(factory=list, repr=False)

    @property
    def status(self) -> str:
        """What its looks say: videos can be made as soon as there is one to make them with."""
        words = [look.status for look in self.looks]
        return "completed" if "completed" in words or not words else words[0]

    @property
    def drawn_as(self) -> Gender | None:
        """The gender, if portraits have it."""
        return _gender(self.gender)

    def consent(self) -> None:
        """Have the person say yes: looks that have waited for that can be used."""
        self.consent_status = "approved"
        for look in self.looks:
            if look.status == "pending_consent":
                look.status = "completed"

    @property
    def ownership(self) -> str:
        """``public`` or ``private``."""
        return "public" if self.public else "private"


@define(eq=False, kw_only=True)
class Look(Thing):
    """A look of a person; a video's ``avatar_id`` is the id of one."""

    noun = "avatar"

    name: str
    person: Person = field(repr=False)
    avatar_type: str
    """``studio_avatar``, ``digital_twin`` or ``photo_avatar``."""

    picture: Source
    width: int | None = None
    """Pixels of the picture; ``None``: nobody has looked."""

    height: int | None = None
    """Pixels."""

    engines: tuple[str, ...] = ("avatar_iii", "avatar_iv")
    can_be_cut_out: bool = True
    """Whether its background can go: HeyGen calls it trained with matting."""

    status: str = "completed"
    """``processing``, ``pending_consent``, ``completed`` or ``failed``."""

    failure: Failure | None = None
    """Why it could not be made."""

    tags: tuple[str, ...] = ()
    default_voice_id: str | None = None


@define(eq=False, kw_only=True)
class Upload(Thing):
    """An asset."""

    noun = "asset"

    name: str
    path: Path
    media_type: str
    size: int
    """Bytes."""

    uploaded_at: int
    """Unix seconds."""

    folder_id: str | None = None
    series: Series | None = field(default=None, repr=False)
    """The batch that it came with."""

    item_index: int | None = None
    """Its place in the batch, from 0."""

    failure: Failure | None = None
    """Why it cannot be used; ``None``: it can, or will be."""

    progress: Stage = "completed"
    """How far it is: ``pending`` while its bytes are still to come."""

    def stage(self, now: float) -> Stage:  # noqa: ARG002  # works have the same question, and need the time
        """Say how far it is."""
        return "failed" if self.failure else self.progress


@define(eq=False, kw_only=True)
class Account:
    """Everything that belongs to the holder of the API key, and the presets that everybody has."""

    username: str = "emulator"
    space_id: str = field(factory=fresh_id)
    wallet: Wallet
    slots: Slots[Work[Any]]
    """Who is at work, of those that count."""

    backstage: Slots[Work[Any]] = field(factory=lambda: Slots(sys.maxsize))
    """The same for works that take no slot: any number of them."""

    on_end: list[Callable[[Work[Any]], object]] = field(factory=list)
    """Are called with each work that has ended, well or not."""

    _shelves: dict[type[Thing], Shelf[Any]] = field(factory=dict, init=False)
    _places: "count[int]" = field(factory=lambda: count(1), init=False)

    def next_place(self) -> int:
        """Return a place behind everything that is there: lists show the highest first."""
        return next(self._places)

    def shelf(self, kind: type[T]) -> Shelf[T]:
        """Return what there is of one kind."""
        return self._shelves.setdefault(kind, Shelf(kind, self.next_place))

    @property
    def videos(self) -> Shelf[Production]:
        """All videos."""
        return self.shelf(Production)

    @property
    def batches(self) -> Shelf[Series]:
        """All batches, of whatever group."""
        return self.shelf(Series)

    @property
    def assets(self) -> Shelf[Upload]:
        """All assets."""
        return self.shelf(Upload)

    @property
    def groups(self) -> Shelf[Person]:
        """All avatar groups, also public ones."""
        return self.shelf(Person)

    @property
    def looks(self) -> Shelf[Look]:
        """All looks, also public ones."""
        return self.shelf(Look)

    @property
    def voices(self) -> Shelf[Speaker]:
        """All voices, also public ones."""
        return self.shelf(Speaker)

    def works(self) -> Iterator[Work[Any]]:
        """Go through the works of all kinds, the oldest of each kind first."""
        for kind, shelf in self._shelves.items():
            if issubclass(kind, Work):
                yield from shelf.values()

    def work(self, identifier: str) -> Work[Any] | None:
        """Find a work of whatever kind."""
        found = (shelf.get(identifier) for kind, shelf in self._shelves.items() if issubclass(kind, Work))
        return next((work for work in found if work is not None), None)

    def video(self, video_id: str) -> Production:
        """Find a video. Raises `Refusal` (404), as the others do."""
        return self.videos.find(video_id)

    def asset(self, asset_id: str) -> Upload:
        """Find an asset."""
        return self.assets.find(asset_id)

    def group(self, group_id: str) -> Person:
        """Find a person."""
        return self.groups.find(group_id)

    def look(self, look_id: str) -> Look:
        """Find a look."""
        return self.looks.find(look_id)

    def voice(self, voice_id: str) -> Speaker:
        """Find a voice."""
        return self.voices.find(voice_id)

    def own_group(self, group_id: str) -> Person:
        """Find a person that may be changed. Raises `Refusal`: 404, or 403 for a public one."""
        person = self.group(group_id)
        if person.public:
            raise _public()
        return person

    def own_look(self, look_id: str) -> Look:
        """Find a look that may be changed. Raises `Refusal`: 404, or 403 for a public one."""
        look = self.look(look_id)
        if look.person.public:
            raise _public()
        return look

    def consent(self, group_id: str) -> None:
        """Have a person consent, as the page does that `CreateConsent` names. Raises `Refusal`: 404 or 403."""
        self.own_group(group_id).consent()

    def add_person(self, person: Person) -> Person:
        """Take in a person."""
        return self.groups.add(person)

    def add_look(self, look: Look) -> Look:
        """Take in a look of a person that is there."""
        self.looks.add(look)
        look.person.looks.append(look)
        return look

    def drop_look(self, look: Look) -> None:
        """Delete a look, and its person with the last of them."""
        del self.looks[look.id]
        look.person.looks.remove(look)
        if not look.person.looks:
            del self.groups[look.person.id]

    def advance(self, now: float) -> None:
        """Let the works age up to `now`. What failed is paid back."""
        self._settle(self.slots.advance(now))
        self._settle(self.backstage.advance(now))

    def until_next(self, now: float) -> float | None:
        """Return the seconds until some work has ended, as far as the clock can tell; ``None``: nobody knows."""
        waits = (self.slots.until_next(now), self.backstage.until_next(now))
        return min((wait for wait in waits if wait is not None), default=None)

    def begin(self, work: Work[Any], now: float) -> None:
        """Take in a work, and give it a slot or a place in the queue."""
        self.shelf(type(work)).add(work)
        self._slots(work).admit(work, now)

    def filmed(self, work: Work[Any], now: float) -> None:
        """Take notice that the files of a work are there, or never will be."""
        self._settle(self._slots(work).filmed(work, now))

    def stop(self, work: Work[Any], failure: Failure, now: float) -> None:
        """End a work before its time: it has failed, and is paid back. Nothing happens to one that has ended."""
        if work.ended is None:
            self._leave(work, now)
            work.timeline, work.ended = evolve(work.timeline, failure=failure), now
            self._settle([work])

    def drop(self, work: Work[Any], now: float) -> None:
        """Delete a work. One that nobody has begun with is paid back."""
        self.shelf(type(work)).drop(work.id)
        if work.stage(now) == "pending":
            self.wallet.refund(work.id, work.cost)
        self._leave(work, now)

    def _leave(self, work: Work[Any], now: float) -> None:
        self._slots(work).leave(work, now)
        work.footage.drop()

    def _slots(self, work: Work[Any]) -> Slots[Work[Any]]:
        return self.slots if work.takes_slot else self.backstage

    def _settle(self, ended: list[Work[Any]]) -> None:
        """Pay back what failed, and charge for the rest by the length that it has become."""
        for work in ended:
            if work.failure:
                self.wallet.refund(work.id, work.cost)
            elif work.expected:
                work.cost = round(work.cost * work.footage.duration / work.expected, 4)
                self.wallet.correct(work.id, work.cost)
            for tell in (work.then, *self.on_end):
                if tell is not None:
                    tell(work)


def _gender(word: str | None) -> Gender | None:
    return "female" if word == "female" else "male" if word == "male" else None


def _public() -> Refusal:
    return forbidden("This avatar is public: it can be used, but not changed or deleted")
