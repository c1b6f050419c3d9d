"""Avatars: groups, which are persons, and how they and their looks are made; ``heygen.avatars``."""

from collections.abc import Iterator, Sequence
from typing import ClassVar, Literal

from attrs import field, frozen

from heygen_async.api.deletions import Deleted
from heygen_async.api.looks import (
    LOOK,
    OWNERSHIP,
    AvatarFault,
    AvatarLook,
    LookJob,
    Looks,
    LookTemplates,
    training,
)
from heygen_async.api.media import CLIP, PICTURE, FileInput, LocalFile
from heygen_async.api.photos import photo_problems
from heygen_async.errors import Problem
from heygen_async.job import Job
from heygen_async.operation import DELETE, GET, PATCH, POST, Answer, JobKind, JobRequest, Keyed, PageRequest, Request
from heygen_async.resource import Resource, call, pages
from heygen_async.rules import IDENTIFIER, Between, Clear, Count, Length, OneOf, Web, rule

__all__ = [
    "AvatarConsent",
    "AvatarGroup",
    "AvatarRequest",
    "Avatars",
    "CreateConsent",
    "CreatedAvatar",
    "DeleteAvatar",
    "DigitalTwin",
    "GetAvatar",
    "ListAvatars",
    "PhotoAvatar",
    "PromptAvatar",
    "UpdateAvatar",
]


@frozen
class AvatarGroup(Answer):
    """A person. Its id is not what a video wants: that is a look's."""

    id: str
    name: str = ""
    gender: str | None = None
    status: str | None = None
    """``processing``, ``pending_consent``, ``failed`` or ``completed``; an open set."""

    looks_count: int = 0
    default_voice_id: str | None = None
    consent_status: str | None = None
    preview_image_url: str | None = None
    preview_video_url: str | None = None
    error: AvatarFault | None = None
    created_at: int | None = None
    """Unix seconds."""


@frozen
class CreatedAvatar(Answer):
    """What came of a creation: the person, and the look to make videos with."""

    avatar_group: AvatarGroup | None = None
    avatar_item: AvatarLook | None = None
    """`AvatarLook.id` of it is the ``avatar_id`` of a video."""


@frozen(kw_only=True)
class _Creation(JobRequest[CreatedAvatar, AvatarLook]):
    """What all kinds share."""

    endpoint = POST("/v3/avatars")
    kind = LOOK

    def job_ids(self, receipt: CreatedAvatar) -> Sequence[str]:
        """Find the look, if it is named."""
        return [] if receipt.avatar_item is None else [receipt.avatar_item.id]

    def shown(self, receipt: CreatedAvatar) -> AvatarLook | None:
        """Return the look, if the receipt says how far it is: a photo may be ready at once."""
        item = receipt.avatar_item
        return item if item is not None and item.status is not None else None


@frozen(kw_only=True)
class PhotoAvatar(_Creation):
    """Make an avatar of one photo: PNG or JPEG, one face, from the front. $1, says the price list."""

    tag: ClassVar[str] = "photo"
    name: str = field(metadata=rule(IDENTIFIER))
    file: FileInput
    """The photo, at least 512 pixels wide and high, and less than 10 MB."""

    avatar_group_id: str | None = field(default=None, metadata=rule(IDENTIFIER))
    """Add a look to this person; ``None`` makes a new one."""

    def cross_check(self) -> Iterator[Problem]:
        """Check a photo of this machine by the file itself."""
        if isinstance(self.file, LocalFile):
            yield from (Problem("file", reason) for reason in photo_problems(self.file.path))


@frozen(kw_only=True)
class PromptAvatar(_Creation):
    """Make an avatar from a description."""

    tag: ClassVar[str] = "prompt"
    name: str = field(metadata=rule(IDENTIFIER))
    prompt: str = field(metadata=rule(Length(1, 10_000)))
    reference_images: Sequence[FileInput] | None = field(default=None, metadata=rule(Count(0, 3, PICTURE)))
    aspect_ratio: Literal["auto", "16:9", "9:16", "1:1", "4:5", "5:4"] | None = field(
        default=None, metadata=rule(OneOf("auto", "16:9", "9:16", "1:1", "4:5", "5:4"))
    )
    avatar_id: str | None = field(default=None, metadata=rule(IDENTIFIER))
    avatar_group_id: str | None = field(default=None, metadata=rule(IDENTIFIER))
    """Add a look to this person; ``None`` makes a new one."""


@frozen(kw_only=True)
class DigitalTwin(_Creation):
    """Make an avatar of footage of one person, who has to consent to it."""

    tag: ClassVar[str] = "digital_twin"
    name: str = field(metadata=rule(IDENTIFIER))
    file: FileInput = field(metadata=rule(CLIP))
    """The footage, MP4 or WebM."""

    avatar_group_id: str | None = field(default=None, metadata=rule(IDENTIFIER))
    """Add a look to this person; ``None`` makes a new one."""


AvatarRequest = PhotoAvatar | PromptAvatar | DigitalTwin
"""Whatever an avatar can be made of."""


@frozen
class GetAvatar(Request[AvatarGroup]):
    """One person."""

    endpoint = GET("/v3/avatars/{group_id}")
    group_id: str = field(metadata=rule(IDENTIFIER))


@frozen
class UpdateAvatar(Request[AvatarGroup]):
    """Set the voice that speaks when a video names none."""

    endpoint = PATCH("/v3/avatars/{group_id}", since="2026-09")
    group_id: str = field(metadata=rule(IDENTIFIER))
    default_voice_id: str | Clear | None = field(default=None, kw_only=True, metadata=rule(IDENTIFIER))
    """Who speaks where a video names no voice. ``None`` leaves it as it is, `CLEAR` takes it away."""


@frozen
class DeleteAvatar(Request[Deleted]):
    """Delete a person with all looks."""

    endpoint = DELETE("/v3/avatars/{group_id}")
    group_id: str = field(metadata=rule(IDENTIFIER))


@frozen(kw_only=True)
class ListAvatars(PageRequest[AvatarGroup]):
    """The persons that can be used."""

    endpoint = GET("/v3/avatars")
    ownership: Literal["public", "private"] | None = field(default=None, metadata=rule(OWNERSHIP))
    """``private`` are the account's own; ``None``: both."""

    limit: int | None = field(default=None, metadata=rule(Between(1, 50, whole=True)))
    """How many per page, 1 to 50; HeyGen's default is 20."""

    token: str | None = None
    """Where to go on; the client fills it."""


@frozen
class AvatarConsent(Answer):
    """Where a person can consent."""

    avatar_group: AvatarGroup | None = None
    url: str | None = None
    """The page to send the person to; it is there for a day. ``None``: a video has said it all."""


@frozen
class CreateConsent(Keyed, Request[AvatarConsent]):
    """Ask the person behind a digital twin for consent: without it, no video can be made."""

    endpoint = POST("/v3/avatars/{group_id}/consent")
    group_id: str = field(metadata=rule(IDENTIFIER))
    reroute_url: str | None = field(default=None, kw_only=True, metadata=rule(Web()))
    """Where the page sends the person afterwards; ``None``: to a page of HeyGen's."""

    consent_video: FileInput | None = field(default=None, kw_only=True, metadata=rule(CLIP))
    """A recording in which the person consents; ``None``: the page records one."""

    consent_text: str | None = field(default=None, kw_only=True)
    """What is said in it."""


AVATAR = JobKind(
    "avatar", get=GetAvatar, report=lambda person: training(person.status, person.error), slot=False, has_file=False
)
"""How a person is followed until videos can be made."""


class Avatars(Resource):
    """``heygen.avatars``: persons and their looks."""

    get = call(GetAvatar)
    update = call(UpdateAvatar)
    delete = call(DeleteAvatar)
    consent = call(CreateConsent)
    list = pages(ListAvatars)

    @property
    def looks(self) -> Looks:
        """What videos are made with."""
        return Looks(self._wire)

    @property
    def look_templates(self) -> LookTemplates:
        """What further looks can be made after."""
        return LookTemplates(self._wire)

    def job(self, group_id: str) -> Job[AvatarGroup]:
        """Wait for a person as `Looks.job` does for a look. Asks nobody before it is awaited.

        Raises `RequestInvalid` for what cannot be an id.
        """
        return self._wire.job(AVATAR, group_id)

    async def create(self, request: AvatarRequest, *, idempotency_key: str | None = None) -> LookJob:
        """Make an avatar of a photo, a description or footage, and return the job of its look.

        The job's id, which is that of the look, is the ``avatar_id`` of videos; it is done when the
        look is drawn or trained, and takes no render slot. A digital twin waits for consent (`consent`)
        before that: ``job.receipt.avatar_group.id`` names its person at once.

        `request`: a `PhotoAvatar`, `PromptAvatar` or `DigitalTwin`; ``help()`` of each lists its fields
        with their bounds. A `LocalFile` in it is uploaded before. `idempotency_key`: 1 to 255
        characters of ``A-Z a-z 0-9 _ - : .``; ``None`` makes one. Raises as `Videos.create` does, and
        its job as those do.
        """
        return await self._wire.submit(request, idempotency_key=idempotency_key)
