"""What the account holds, plain and open to inspection: tests look inside, and may change what they find."""

from itertools import count
from pathlib import Path
from typing import TypeVar
from uuid import uuid4

from attrs import define, field

from heygen_async.api.videos import VideoRequest
from heygen_async.emulator.footage import Footage
from heygen_async.emulator.media import Gender
from heygen_async.emulator.refusals import Refusal, forbidden, unknown
from heygen_async.emulator.rendering import Failure, Slots, Timeline
from heygen_async.emulator.sources import Source
from heygen_async.emulator.wallet import Wallet

__all__ = ["Account", "Look", "Person", "Production", "Series", "Speaker", "Upload", "fresh_id"]

T = TypeVar("T")


def fresh_id() -> str:
    """Return 32 hexadecimal characters that nobody had before."""
    return uuid4().hex


@define(eq=False, kw_only=True)
class Speaker:
    """A voice."""

    id: str
    name: str
    language: str
    """In words, such as ``English``."""

    tag: str
    """The same as a tag, such as ``en-US``."""

    gender: str
    engine: str = "starfish"
    """Whose settings it takes: ``starfish``, ``elevenlabs`` or ``fish``."""

    supports_locale: bool = False
    place: int = 0

    @property
    def heard_as(self) -> Gender | None:
        """The gender, if espeak-ng has a voice for it."""
        return _gender(self.gender)


@define(eq=False, kw_only=True)
class Person:
    """An avatar group."""

    id: str
    name: str
    gender: str | None = None
    public: bool = False
    default_voice_id: str | None = None
    created_at: int = 0
    """Unix seconds."""

    consent_status: str | None = None
    looks: list["Look"] = field(factory=list, repr=False)
    place: int = 0

    @property
    def drawn_as(self) -> Gender | None:
        """The gender, if portraits have it."""
        return _gender(self.gender)

    @property
    def ownership(self) -> str:
        """``public`` or ``private``."""
        return "public" if self.public else "private"


@define(eq=False, kw_only=True)
class Look:
    """A look of a person; a video's ``avatar_id`` is the id of one."""

    id: str
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
    tags: tuple[str, ...] = ()
    default_voice_id: str | None = None
    place: int = 0


@define(eq=False, kw_only=True)
class Upload:
    """An asset."""

    id: str
    name: str
    path: Path
    media_type: str
    size: int
    """Bytes."""

    uploaded_at: int
    """Unix seconds."""

    folder_id: str | None = None
    place: int = 0


@define(eq=False, kw_only=True)
class Production:
    """A video that is being made, or was."""

    id: str
    request: VideoRequest
    """What was asked for, after placeholders were filled in."""

    cost: float
    """US dollars that were charged."""

    created_at: int
    """Unix seconds."""

    timeline: Timeline
    footage: Footage
    begun: float | None = None
    """When it got its slot, by the emulator's clock."""

    ended: float | None = None
    """When it was completed or failed, by the emulator's clock."""

    linkless: int = 0
    """How often it will still be shown as completed, but without a link to its file."""

    folder_id: str | None = None
    series: "Series | None" = field(default=None, repr=False)
    """The batch that it came with."""

    item_index: int | None = None
    """Its place in the batch, from 0."""

    place: int = 0

    @property
    def filmed(self) -> bool:
        """Whether its file is there, or never will be."""
        return self.footage.ready

    @property
    def failure(self) -> Failure | None:
        """Why it failed, once it has."""
        return None if self.ended is None else self.timeline.failure or self.footage.failure

    @property
    def container(self) -> str:
        """``mp4`` or ``webm``."""
        return getattr(self.request, "output_format", None) or "mp4"

    def status(self, now: float) -> str:
        """``pending``, ``processing``, ``completed`` or ``failed``."""
        if self.ended is not None:
            return "failed" if self.failure else "completed"
        return "pending" if self.begun is None else self.timeline.word(now - self.begun)


@define(eq=False, kw_only=True)
class Series:
    """A batch."""

    id: str
    title: str | None
    created_at: int
    """Unix seconds."""

    items: list[Production | Refusal] = field(factory=list)
    """In the order they were sent: a video, or why there is none."""


@define(eq=False, kw_only=True)
class Account:
    """Everything that belongs to the holder of the API key, and the presets that everybody has."""

    username: str = "emulator"
    space_id: str = field(factory=fresh_id)
    wallet: Wallet
    slots: Slots[Production]
    videos: dict[str, Production] = field(factory=dict)
    """By id, the oldest first; so are all of these."""

    batches: dict[str, Series] = field(factory=dict)
    assets: dict[str, Upload] = field(factory=dict)
    groups: dict[str, Person] = field(factory=dict)
    looks: dict[str, Look] = field(factory=dict)
    voices: dict[str, Speaker] = field(factory=dict)
    _places: "count[int]" = field(factory=lambda: count(1), init=False)

    def next_place(self) -> int:
        """Return a place behind everything that is there: lists show the highest first."""
        return next(self._places)

    def video(self, video_id: str) -> Production:
        """Find a video. Raises `Refusal` (404), as the others do."""
        return _found(self.videos, "video", video_id)

    def batch(self, batch_id: str) -> Series:
        """Find a batch."""
        return _found(self.batches, "batch", batch_id, "resource_not_found")

    def asset(self, asset_id: str) -> Upload:
        """Find an asset."""
        return _found(self.assets, "asset", asset_id)

    def group(self, group_id: str) -> Person:
        """Find a person."""
        return _found(self.groups, "avatar group", group_id, "avatar_group_not_found")

    def look(self, look_id: str) -> Look:
        """Find a look."""
        return _found(self.looks, "avatar", look_id)

    def voice(self, voice_id: str) -> Speaker:
        """Find a voice."""
        return _found(self.voices, "voice", voice_id)

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

    def add_person(self, person: Person) -> Person:
        """Take in a person."""
        self.groups[person.id] = person
        return person

    def add_look(self, look: Look) -> Look:
        """Take in a look of a person that is there."""
        self.looks[look.id] = look
        look.person.looks.append(look)
        return look

    def drop_look(self, look: Look) -> None:
        """Delete a look, and its person with the last of them."""
        del self.looks[look.id]
        look.person.looks.remove(look)
        if not look.person.looks:
            del self.groups[look.person.id]

    def advance(self, now: float) -> None:
        """Let the videos age up to `now`. What failed is paid back."""
        self._settle(self.slots.advance(now))

    def filmed(self, production: Production, now: float) -> None:
        """Take notice that the file of a video is there, or never will be."""
        self._settle(self.slots.filmed(production, now))

    def drop_video(self, production: Production, now: float) -> None:
        """Delete a video. One that nobody has begun to render is paid back."""
        del self.videos[production.id]
        if production.status(now) == "pending":
            self.wallet.refund(production.id, production.cost)
        self.slots.leave(production, now)
        production.footage.drop()

    def _settle(self, ended: list[Production]) -> None:
        for production in ended:
            if production.failure:
                self.wallet.refund(production.id, production.cost)


def _gender(word: str | None) -> Gender | None:
    return "female" if word == "female" else "male" if word == "male" else None


def _found(things: dict[str, T], noun: str, identifier: str, code: str | None = None) -> T:
    thing = things.get(identifier)
    if thing is None:
        raise unknown(noun, identifier, code)
    return thing


def _public() -> Refusal:
    return forbidden("This avatar is public: it can be used, but not changed or deleted")
