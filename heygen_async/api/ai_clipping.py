"""AI clipping: the best moments of a long video, each as a short clip, and `heygen.ai_clipping`.

Fields and bounds are those of https://developers.heygen.com/reference/create-ai-clipping.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Literal, get_args

from attrs import field, frozen

from heygen_async.api.deletions import Deleted
from heygen_async.api.media import CLIP, UrlOrAsset
from heygen_async.job import Job
from heygen_async.log import link_repr
from heygen_async.operation import (
    DELETE,
    GET,
    POST,
    Answer,
    Body,
    JobKind,
    JobRequest,
    Keyed,
    PageRequest,
    Part,
    Report,
    Request,
    unread,
)
from heygen_async.resource import Resource, call, pages, submit
from heygen_async.rules import IDENTIFIER, Between, Count, Length, OneOf, Web, rule

__all__ = [
    "AIClipping",
    "CaptionStyle",
    "Clip",
    "ClipDuration",
    "Clipping",
    "ClippingSettings",
    "CreateClipping",
    "CreatedClipping",
    "DeleteClipping",
    "GetClipping",
    "ListClippings",
]

ClipDuration = Literal["30", "60", "180", "long"]
"""Seconds that a clip may have; ``long`` leaves it to HeyGen, and is more than 180."""

CaptionStyle = Literal[
    "subtle_gray",
    "shadow_mint",
    "subtle_cyan",
    "stamp_red",
    "retro_gold",
    "block_dark",
    "racing",
    "modern_dark",
    "modern_boxed",
    "chunky",
    "clean",
    "shadow_lime",
    "tag_yellow",
    "pop_purple",
    "spotlight",
    "outline_classic",
    "exotic",
    "golden",
    "simple",
    "pop_single",
    "energy",
    "bold",
    "elegant",
    "neon_pink",
]
"""How the captions look."""


@frozen
class Clip(Answer):
    """One clip of a clipping. What is not known before it is completed is ``None`` until then."""

    id: str
    status: str = ""
    """``pending``, ``completed`` or ``failed``; an open set."""

    title: str | None = None
    """HeyGen's own."""

    video_url: str | None = field(default=None, repr=link_repr)
    """Signed address of the MP4; each `GetClipping` signs a new one."""

    thumbnail_url: str | None = field(default=None, repr=link_repr)
    aspect_ratio: str | None = None
    """``landscape``, ``portrait`` or ``square``."""

    duration_seconds: float | None = None
    """Seconds."""

    virality_score: int | None = None
    """0 to 100: how far it may spread, says HeyGen's model."""

    failure_message: str | None = None


@frozen
class Clipping(Answer):
    """A clipping: one long video, and the clips that were made of it."""

    id: str
    status: str = ""
    """``pending``, ``running``, ``completed``, ``failed`` or ``cancelled``; an open set."""

    title: str | None = None
    progress: int = 0
    """0 to 100. In lists it stays 0 until the end."""

    clips: Sequence[Clip] = ()
    """Grows while HeyGen works."""

    source_duration: float | None = None
    """Seconds of the long video."""

    input_language: str | None = None
    """Such as ``en``, given or recognized."""

    output_settings: Mapping[str, Any] | None = None
    """What was asked for; HeyGen leaves it out at present."""

    callback_id: str | None = None
    created_at: int | None = None
    """Unix seconds."""

    failure_message: str | None = None


@frozen
class CreatedClipping(Answer):
    """The receipt for a clipping. HeyGen's document is silent about it, so its id may have either name."""

    id: str | None = None
    job_id: str | None = None
    status: str = "pending"


@frozen(kw_only=True)
class ClippingSettings(Body):
    """What the clips are to be like. ``None`` leaves it to HeyGen."""

    aspect_ratio: Literal["landscape", "portrait", "square"] | None = field(
        default=None, metadata=rule(OneOf("landscape", "portrait", "square"))
    )
    """HeyGen's default is ``portrait``, 9:16."""

    captions: bool | None = None
    """Whether they are burned in; HeyGen's default is true."""

    caption_style: CaptionStyle | None = field(default=None, metadata=rule(OneOf(*get_args(CaptionStyle))))
    """HeyGen's default is ``outline_classic``."""

    duration_types: Sequence[ClipDuration] | None = field(default=None, metadata=rule(Count(1, 100)))
    """How long the clips may be: each length is a clip of its own."""

    prompt: str | None = field(default=None, metadata=rule(Length(0, 500)))
    """What to look for in the video, up to 500 characters."""


@frozen
class GetClipping(Request[Clipping]):
    """One clipping with its clips, with freshly signed links."""

    endpoint = GET("/v3/ai-clipping/{job_id}")
    job_id: str = field(metadata=rule(IDENTIFIER))


@frozen
class DeleteClipping(Request[Deleted]):
    """Delete a clipping and its clips. The second time answers 404."""

    endpoint = DELETE("/v3/ai-clipping/{job_id}")
    job_id: str = field(metadata=rule(IDENTIFIER))


@frozen(kw_only=True)
class ListClippings(PageRequest[Clipping]):
    """The account's clippings, newest first."""

    endpoint = GET("/v3/ai-clipping")
    limit: int | None = field(default=None, metadata=rule(Between(1, 100, whole=True)))
    """How many per page, 1 to 100; HeyGen's default is 10."""

    token: str | None = None
    """Where to go on; the client fills it."""


def _report(clipping: Clipping) -> Report:
    parts = [Part(clip.id, clip.video_url, clip.title) for clip in clipping.clips if clip.video_url]
    return Report(
        clipping.status,
        message=clipping.failure_message,
        link=parts[0].link if len(parts) == 1 else None,
        parts=parts,
        progress=clipping.progress,
    )


_listing = unread(ListClippings)

CLIPPING = JobKind("AI clipping", get=GetClipping, report=_report, listing=lambda limit: _listing(limit=limit))
"""How a clipping is followed."""


@frozen(kw_only=True)
class CreateClipping(Keyed, JobRequest[CreatedClipping, Clipping]):
    """Make short clips of a long video. $0.15 a clip, says the price list.

    The job's `download` takes a folder, and brings all clips into it.
    """

    endpoint = POST("/v3/ai-clipping", status=202)
    kind = CLIPPING
    video: UrlOrAsset = field(metadata=rule(CLIP))
    """The long video."""

    title: str | None = None
    """HeyGen's default is that of the video."""

    input_language: str | None = None
    """What is spoken in it, such as ``en``; ``None``: HeyGen finds out."""

    output_settings: ClippingSettings | None = None
    """What the clips are to be like."""

    callback_url: str | None = field(default=None, metadata=rule(Web()))
    """Where HeyGen calls at the end; that call is not signed."""

    callback_id: str | None = None
    """Comes back in that call."""

    def job_ids(self, receipt: CreatedClipping) -> Sequence[str]:
        """Find the clipping's id, under whichever name."""
        return [found for found in (receipt.id, receipt.job_id) if found][:1]


class AIClipping(Resource):
    """``heygen.ai_clipping``: make clips of long videos; read, list and delete them."""

    create = submit(CreateClipping)
    get = call(GetClipping)
    delete = call(DeleteClipping)
    list = pages(ListClippings)

    def job(self, job_id: str) -> Job[Clipping]:
        """Pick up a clipping by its id, in this process or another. Asks nobody before it is awaited.

        Raises `RequestInvalid` for what cannot be an id.
        """
        return self._wire.job(CLIPPING, job_id)
