"""Avatars: groups, which are persons, and their looks, which videos are made with; ``heygen.avatars``."""

from collections.abc import Iterator, Sequence
from typing import ClassVar, Literal

from attrs import field, frozen

from heygen_async.api.media import CLIP, FileInput, LocalFile
from heygen_async.api.photos import photo_problems
from heygen_async.errors import Problem
from heygen_async.job import Job
from heygen_async.operation import DELETE, GET, PATCH, POST, Answer, JobKind, Keyed, PageRequest, Report, Request
from heygen_async.resource import Resource, call, pages
from heygen_async.rules import IDENTIFIER, Between, Count, Length, OneOf, Web, rule

__all__ = [
    "AvatarConsent",
    "AvatarFault",
    "AvatarGroup",
    "AvatarLook",
    "AvatarRequest",
    "Avatars",
    "CreateConsent",
    "CreatedAvatar",
    "CreatedLook",
    "CreatedLooks",
    "DeleteAvatar",
    "DeleteLook",
    "DeletedAvatar",
    "DigitalTwin",
    "GetAvatar",
    "GetLook",
    "ListAvatars",
    "ListLookTemplates",
    "ListLooks",
    "LookPackLooks",
    "LookTemplate",
    "LookTemplates",
    "Looks",
    "PhotoAvatar",
    "PromptAvatar",
    "TemplateLooks",
    "UpdateAvatar",
    "UpdateLook",
]

OWNERSHIP = OneOf("public", "private")


@frozen
class AvatarFault(Answer):
    """Why an avatar could not be made."""

    code: str = ""
    message: str = ""


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
class AvatarLook(Answer):
    """One look of a person. `id` is the ``avatar_id`` of a video."""

    id: str
    name: str = ""
    group_id: str | None = None
    avatar_type: str = ""
    """``studio_avatar``, ``digital_twin`` or ``photo_avatar``."""

    gender: str | None = None
    status: str | None = None
    """``processing``, ``pending_consent``, ``failed`` or ``completed``; an open set."""

    default_voice_id: str | None = None
    """Who speaks when a video names no voice."""

    supported_api_engines: Sequence[str] = ()
    """Such as ``avatar_iv``."""

    preferred_orientation: str | None = None
    image_width: int | None = None
    """Pixels."""

    image_height: int | None = None
    """Pixels."""

    preview_image_url: str | None = None
    preview_video_url: str | None = None
    tags: Sequence[str] = ()
    error: AvatarFault | None = None


@frozen
class CreatedAvatar(Answer):
    """What came of a creation: the person, and the look to make videos with."""

    avatar_group: AvatarGroup | None = None
    avatar_item: AvatarLook | None = None
    """`AvatarLook.id` of it is the ``avatar_id`` of a video."""


@frozen
class DeletedAvatar(Answer):
    """The receipt for a deletion."""

    id: str


@frozen(kw_only=True)
class PhotoAvatar(Request[CreatedAvatar]):
    """Make an avatar of one photo: PNG or JPEG, one face, from the front. $1, says the price list."""

    endpoint = POST("/v3/avatars")
    tag: ClassVar[str] = "photo"
    name: str = field(metadata=rule(IDENTIFIER))
    file: FileInput
    """The photo, at least 512 pixels wide and high."""

    avatar_group_id: str | None = field(default=None, metadata=rule(IDENTIFIER))
    """Add a look to this person; ``None`` makes a new one."""

    def cross_check(self) -> Iterator[Problem]:
        """Check a photo of this machine by the file itself."""
        if isinstance(self.file, LocalFile):
            yield from (Problem("file", reason) for reason in photo_problems(self.file.path))


@frozen(kw_only=True)
class PromptAvatar(Request[CreatedAvatar]):
    """Make an avatar from a description."""

    endpoint = POST("/v3/avatars")
    tag: ClassVar[str] = "prompt"
    name: str = field(metadata=rule(IDENTIFIER))
    prompt: str = field(metadata=rule(Length(1, 10_000)))
    reference_images: Sequence[FileInput] | None = field(default=None, metadata=rule(Count(0, 3)))
    aspect_ratio: Literal["auto", "16:9", "9:16", "1:1", "4:5", "5:4"] | None = field(
        default=None, metadata=rule(OneOf("auto", "16:9", "9:16", "1:1", "4:5", "5:4"))
    )
    avatar_id: str | None = field(default=None, metadata=rule(IDENTIFIER))
    avatar_group_id: str | None = field(default=None, metadata=rule(IDENTIFIER))
    """Add a look to this person; ``None`` makes a new one."""


@frozen(kw_only=True)
class DigitalTwin(Request[CreatedAvatar]):
    """Make an avatar of footage of one person, who has to consent to it."""

    endpoint = POST("/v3/avatars")
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
    default_voice_id: str | None = field(default=None, kw_only=True, metadata=rule(IDENTIFIER))


@frozen
class DeleteAvatar(Request[DeletedAvatar]):
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


@frozen(kw_only=True)
class ListLooks(PageRequest[AvatarLook]):
    """The looks that can be used as ``avatar_id``."""

    endpoint = GET("/v3/avatars/looks")
    group_id: str | None = field(default=None, metadata=rule(IDENTIFIER))
    """Only looks of this person."""

    avatar_type: Literal["studio_avatar", "digital_twin", "photo_avatar"] | None = field(
        default=None, metadata=rule(OneOf("studio_avatar", "digital_twin", "photo_avatar"))
    )
    ownership: Literal["public", "private"] | None = field(default=None, metadata=rule(OWNERSHIP))
    """``private`` are the account's own; ``None``: both."""

    limit: int | None = field(default=None, metadata=rule(Between(1, 50, whole=True)))
    """How many per page, 1 to 50; HeyGen's default is 20."""

    token: str | None = None
    """Where to go on; the client fills it."""


@frozen
class GetLook(Request[AvatarLook]):
    """One look."""

    endpoint = GET("/v3/avatars/looks/{look_id}")
    look_id: str = field(metadata=rule(IDENTIFIER))


@frozen
class UpdateLook(Request[AvatarLook]):
    """Rename a look."""

    endpoint = PATCH("/v3/avatars/looks/{look_id}")
    look_id: str = field(metadata=rule(IDENTIFIER))
    name: str | None = field(default=None, kw_only=True, metadata=rule(IDENTIFIER))


@frozen
class DeleteLook(Request[DeletedAvatar]):
    """Delete a look. With its last look the person goes too."""

    endpoint = DELETE("/v3/avatars/looks/{look_id}")
    look_id: str = field(metadata=rule(IDENTIFIER))


@frozen
class CreatedLook(Answer):
    """A look that is being made."""

    id: str


@frozen
class CreatedLooks(Answer):
    """The looks that are being made of a template."""

    group_id: str
    looks: Sequence[CreatedLook] = ()


@frozen(kw_only=True)
class TemplateLooks(Request[CreatedLooks]):
    """Dress a look after a look template."""

    endpoint = POST("/v3/avatars/looks", since="2026-10")
    tag: ClassVar[str] = "template"
    reference_look_id: str = field(metadata=rule(IDENTIFIER))
    template_id: str = field(metadata=rule(IDENTIFIER))


@frozen(kw_only=True)
class LookPackLooks(Request[CreatedLooks]):
    """Make all looks of a look pack from one."""

    endpoint = POST("/v3/avatars/looks", since="2026-10")
    tag: ClassVar[str] = "look_pack"
    reference_look_id: str = field(metadata=rule(IDENTIFIER))
    template_id: str = field(metadata=rule(IDENTIFIER))
    aspect_ratio: Literal["16:9", "9:16"] | None = field(default=None, metadata=rule(OneOf("16:9", "9:16")))


@frozen
class LookTemplate(Answer):
    """Something that further looks can be made after; `id` is the ``template_id`` of such a creation."""

    id: str
    name: str | None = None
    type: str = ""
    """``template`` for one look or ``look_pack`` for several; an open set."""

    gender: str | None = None
    looks_count: int = 0
    """How many looks come of it."""

    preview_image_url: str | None = None


@frozen(kw_only=True)
class ListLookTemplates(PageRequest[LookTemplate]):
    """The look templates and look packs that there are."""

    endpoint = GET("/v3/avatars/look-templates", since="2026-10")
    type: Literal["look_pack", "template"] | None = field(default=None, metadata=rule(OneOf("look_pack", "template")))
    """``None``: both."""

    gender: Literal["male", "female"] | None = field(default=None, metadata=rule(OneOf("male", "female")))
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


def _report(made: AvatarGroup | AvatarLook) -> Report:
    """Report a person or a look; what is ready without training has no status."""
    error = made.error or AvatarFault()
    return Report(made.status or "completed", error.code or None, error.message or None)


AVATAR = JobKind("avatar", get=GetAvatar, report=_report, slot=False, has_file=False)
"""How a person is followed until videos can be made."""

LOOK = JobKind("avatar look", get=GetLook, report=_report, slot=False, has_file=False)
"""How a look is followed until videos can be made with it."""


class LookTemplates(Resource):
    """``heygen.avatars.look_templates``: what further looks can be made after."""

    list = pages(ListLookTemplates)


class Looks(Resource):
    """``heygen.avatars.looks``: what videos are made with."""

    get = call(GetLook)
    update = call(UpdateLook)
    delete = call(DeleteLook)
    list = pages(ListLooks)

    def job(self, look_id: str) -> Job[AvatarLook]:
        """Wait for a look: it is drawn or trained, and a digital twin needs consent. Asks nobody before that.

        While consent is missing, `AvatarLook.status` is ``pending_consent`` and the job waits.
        """
        return self._wire.job(LOOK, look_id)

    async def create(
        self, request: TemplateLooks | LookPackLooks, *, idempotency_key: str | None = None
    ) -> CreatedLooks:
        """Make further looks of one, after a template or a look pack.

        `idempotency_key` as for `Avatars.create`. Raises `APIError`.
        """
        return await self._wire.send(request, idempotency_key=idempotency_key)


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
        """Wait for a person as `Looks.job` does for a look. Asks nobody before it is awaited."""
        return self._wire.job(AVATAR, group_id)

    async def create(self, request: AvatarRequest, *, idempotency_key: str | None = None) -> CreatedAvatar:
        """Make an avatar of a photo, a description or footage.

        ``avatar_item.id`` of the answer is the ``avatar_id`` of videos.
        A `LocalFile` in the request is uploaded before. `idempotency_key`: 1 to 255 characters of
        ``A-Z a-z 0-9 _ - : .``; ``None`` makes one. Raises `RequestInvalid` and `APIError`.
        """
        return await self._wire.send(request, idempotency_key=idempotency_key)
