"""Looks: what videos are made with; ``heygen.avatars.looks``. Each is one of a person's, an avatar group's."""

from collections.abc import Sequence
from typing import ClassVar, Literal

from attrs import field, frozen

from heygen_async.api.deletions import Deleted
from heygen_async.job import Job
from heygen_async.operation import DELETE, GET, PATCH, POST, Answer, JobKind, JobRequest, PageRequest, Report, Request
from heygen_async.resource import Resource, call, pages
from heygen_async.rules import IDENTIFIER, Between, OneOf, rule

__all__ = [
    "AvatarFault",
    "AvatarLook",
    "CreatedLook",
    "CreatedLooks",
    "DeleteLook",
    "GetLook",
    "ListLookTemplates",
    "ListLooks",
    "LookJob",
    "LookPackLooks",
    "LookTemplate",
    "LookTemplates",
    "Looks",
    "TemplateLooks",
    "UpdateLook",
]

OWNERSHIP = OneOf("public", "private")


@frozen
class AvatarFault(Answer):
    """Why an avatar could not be made."""

    code: str = ""
    message: str = ""


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


LookJob = Job[AvatarLook]
"""A look that is drawn or trained; `await` it for the `AvatarLook`, whose `AvatarLook.group_id` names the person."""


@frozen(kw_only=True)
class ListLooks(PageRequest[AvatarLook]):
    """The looks that can be used as ``avatar_id``."""

    endpoint = GET("/v3/avatars/looks")
    group_id: str | None = field(default=None, metadata=rule(IDENTIFIER))
    """Only looks of this person."""

    avatar_type: Literal["studio_avatar", "digital_twin", "photo_avatar"] | None = field(
        default=None, metadata=rule(OneOf("studio_avatar", "digital_twin", "photo_avatar"))
    )
    """Only those of one kind; ``None``: of any."""

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
    """What it is called from now on."""


@frozen
class DeleteLook(Request[Deleted]):
    """Delete a look. With its last look the person goes too."""

    endpoint = DELETE("/v3/avatars/looks/{look_id}")
    look_id: str = field(metadata=rule(IDENTIFIER))


def training(status: str | None, fault: AvatarFault | None) -> Report:
    """Report a look or a person; what is ready without training has no status."""
    fault = fault or AvatarFault()
    return Report(status or "completed", fault.code or None, fault.message or None)


LOOK = JobKind(
    "avatar look", get=GetLook, report=lambda look: training(look.status, look.error), slot=False, has_file=False
)
"""How a look is followed until videos can be made with it."""


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
class _Creation(JobRequest[CreatedLooks, AvatarLook]):
    """What both kinds share."""

    endpoint = POST("/v3/avatars/looks", since="2026-10")
    kind = LOOK

    def job_ids(self, receipt: CreatedLooks) -> Sequence[str]:
        """Find the ids of all looks."""
        return [look.id for look in receipt.looks]


@frozen(kw_only=True)
class TemplateLooks(_Creation):
    """Dress a look after a look template."""

    tag: ClassVar[str] = "template"
    reference_look_id: str = field(metadata=rule(IDENTIFIER))
    template_id: str = field(metadata=rule(IDENTIFIER))


@frozen(kw_only=True)
class LookPackLooks(_Creation):
    """Make all looks of a look pack from one."""

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
    """Only those for one; ``None``: for any."""

    limit: int | None = field(default=None, metadata=rule(Between(1, 50, whole=True)))
    """How many per page, 1 to 50; HeyGen's default is 20."""

    token: str | None = None
    """Where to go on; the client fills it."""


class LookTemplates(Resource):
    """``heygen.avatars.look_templates``: what further looks can be made after."""

    list = pages(ListLookTemplates)


class Looks(Resource):
    """``heygen.avatars.looks``: what videos are made with."""

    get = call(GetLook)
    update = call(UpdateLook)
    delete = call(DeleteLook)
    list = pages(ListLooks)

    def job(self, look_id: str) -> LookJob:
        """Pick up a look by its id, in this process or another. Asks nobody before it is awaited.

        While consent is missing, `AvatarLook.status` is ``pending_consent`` and the job waits. Raises
        `RequestInvalid` for what cannot be an id.
        """
        return self._wire.job(LOOK, look_id)

    async def create(
        self, request: TemplateLooks | LookPackLooks, *, idempotency_key: str | None = None
    ) -> Sequence[LookJob]:
        """Make further looks of one, after a template or a look pack; return a job for each. They take no render slots.

        `request`: `TemplateLooks` or `LookPackLooks`; ``help()`` of each lists its fields. ``job.receipt.group_id`` is
        the person that they go to. `idempotency_key`: 1 to 255 characters of ``A-Z a-z 0-9 _ - : .``; ``None`` makes
        one. Raises as `Videos.create` does, and each job as those do.
        """
        return await self._wire.submit_all(request, idempotency_key=idempotency_key)
