"""Lipsyncs: a video whose lips move to another sound, and `heygen.lipsyncs`.

Fields are those of https://developers.heygen.com/reference/create-lipsync.
"""

from collections.abc import Iterator, Sequence

from attrs import field, frozen

from heygen_async.api.batches import (
    Batches,
    CreatedBatch,
    GetBatch,
    GetStatuses,
    batch,
    item_kind,
    item_names,
    misplaced,
)
from heygen_async.api.deletions import Deleted
from heygen_async.api.dubbing import TITLE, DubbedVideo
from heygen_async.api.media import SOUND, UrlOrAsset
from heygen_async.errors import Problem
from heygen_async.job import Job
from heygen_async.log import link_repr
from heygen_async.operation import (
    DELETE,
    GET,
    PATCH,
    POST,
    Answer,
    JobKind,
    JobRequest,
    Keyed,
    PageRequest,
    Report,
    Request,
    unread,
)
from heygen_async.resource import Resource, call, pages, submit
from heygen_async.rules import IDENTIFIER, Between, Count, Length, Web, rule

__all__ = [
    "CreateLipsync",
    "CreateLipsyncBatch",
    "CreatedLipsync",
    "DeleteLipsync",
    "GetLipsync",
    "GetLipsyncBatch",
    "GetLipsyncStatuses",
    "Lipsync",
    "LipsyncBatches",
    "LipsyncJob",
    "Lipsyncs",
    "ListLipsyncs",
    "UpdateLipsync",
]


@frozen
class Lipsync(Answer):
    """A lipsync as HeyGen reports it. Every field but the id may be missing."""

    id: str
    status: str = ""
    """``pending``, ``running``, ``completed`` or ``failed``; an open set."""

    title: str | None = None
    duration: float | None = None
    """Seconds."""

    video_url: str | None = field(default=None, repr=link_repr)
    """Signed address of the video. Each read signs a new one."""

    caption_url: str | None = field(default=None, repr=link_repr)
    """The subtitles, an SRT file."""

    callback_id: str | None = None
    created_at: int | None = None
    """Unix seconds."""

    failure_message: str | None = None
    """Why it failed, in words."""


LipsyncJob = Job[Lipsync]
"""A lipsync that is being made; `await` it for the `Lipsync`."""


@frozen
class CreatedLipsync(Answer):
    """The receipt for a lipsync."""

    lipsync_id: str


@frozen
class GetLipsync(Request[Lipsync]):
    """One lipsync, with freshly signed links once it is completed."""

    endpoint = GET("/v3/lipsyncs/{lipsync_id}")
    lipsync_id: str = field(metadata=rule(IDENTIFIER))


@frozen(kw_only=True)
class ListLipsyncs(PageRequest[Lipsync]):
    """The account's lipsyncs, newest first."""

    endpoint = GET("/v3/lipsyncs")
    limit: int | None = field(default=None, metadata=rule(Between(1, 100, whole=True)))
    """How many per page, 1 to 100; HeyGen's default is 10."""

    token: str | None = None
    """Where to go on; the client fills it."""


@frozen
class UpdateLipsync(Request[Lipsync]):
    """Give a lipsync another title."""

    endpoint = PATCH("/v3/lipsyncs/{lipsync_id}")
    lipsync_id: str = field(metadata=rule(IDENTIFIER))
    title: str = field(kw_only=True, metadata=rule(TITLE))
    """What it is called from now on."""


@frozen
class DeleteLipsync(Request[Deleted]):
    """Delete a lipsync. The second time answers 404."""

    endpoint = DELETE("/v3/lipsyncs/{lipsync_id}")
    lipsync_id: str = field(metadata=rule(IDENTIFIER))


@frozen(kw_only=True)
class GetLipsyncStatuses(GetStatuses):
    """The statuses of up to 100 lipsyncs or batches in one answer."""

    endpoint = GET("/v3/lipsyncs/statuses")
    lipsync_ids: Sequence[str] | None = field(default=None, metadata=rule(Count(1, 100)))
    """1 to 100 of them."""


def _report(made: Lipsync) -> Report:
    return Report(made.status, None, made.failure_message, made.video_url, made.caption_url)


_statuses, _listing = unread(GetLipsyncStatuses), unread(ListLipsyncs)

LIPSYNC = JobKind(
    "lipsync",
    get=GetLipsync,
    report=_report,
    statuses=lambda ids: _statuses(lipsync_ids=ids),
    listing=lambda limit: _listing(limit=limit),
)
"""How a lipsync is followed."""


@frozen(kw_only=True)
class CreateLipsync(DubbedVideo, JobRequest[CreatedLipsync, Lipsync]):
    """Give a video another sound, and lips that move to it; charged by the second.

    Waits for a render slot first. A `LocalFile` is uploaded before, once per client.
    """

    endpoint = POST("/v3/lipsyncs")
    kind = LIPSYNC
    audio: UrlOrAsset = field(metadata=rule(SOUND))
    """What is heard instead: WAV or MP3."""

    fps_mode: str | None = None
    """``vfr``, ``cfr`` or ``passthrough``: frames at a variable or a constant rate, or as in the source."""

    @staticmethod
    def job_id(receipt: CreatedLipsync) -> str:
        """Find the lipsync's id."""
        return receipt.lipsync_id


LIPSYNC_ITEM = item_kind(LIPSYNC, lambda batch_ids: _statuses(batch_ids=batch_ids))
"""How an item of a batch is followed until it is a lipsync."""


@frozen(kw_only=True)
class CreateLipsyncBatch(Keyed, JobRequest[CreatedBatch, Lipsync]):
    """Up to 100 lipsyncs in one request, which HeyGen queues."""

    endpoint = POST("/v3/lipsyncs/batches", status=202)
    kind = LIPSYNC_ITEM
    lipsyncs: Sequence[CreateLipsync] = field(metadata=rule(Count(1, 100)))
    """What is to be made, 1 to 100 of them."""

    title: str | None = field(default=None, metadata=rule(Length(0, 1000)))
    """What the batch is called."""

    callback_url: str | None = field(default=None, metadata=rule(Web()))
    """Where HeyGen calls once, when all of them have ended."""

    def job_ids(self, receipt: CreatedBatch) -> Sequence[str]:
        """Name the items: they get their ids later."""
        return item_names(receipt.batch_id, len(self.lipsyncs))

    def cross_check(self) -> Iterator[Problem]:
        """Check that no item has a key of its own: it would not be sent."""
        yield from misplaced(self.lipsyncs, "idempotency_key", "lipsyncs")


@frozen
class GetLipsyncBatch(GetBatch):
    """A batch with one page of its items."""

    endpoint = GET("/v3/lipsyncs/batches/{batch_id}")


class LipsyncBatches(Batches[Lipsync]):
    """``heygen.lipsyncs.batches``: up to 100 lipsyncs per request."""

    kind = LIPSYNC_ITEM
    create = batch(CreateLipsyncBatch)
    get = call(GetLipsyncBatch)


class Lipsyncs(Resource):
    """``heygen.lipsyncs``: have videos speak with another sound."""

    create = submit(CreateLipsync)
    get = call(GetLipsync)
    update = call(UpdateLipsync)
    delete = call(DeleteLipsync)
    statuses = call(GetLipsyncStatuses)
    list = pages(ListLipsyncs)

    @property
    def batches(self) -> LipsyncBatches:
        """Up to 100 lipsyncs per request."""
        return LipsyncBatches(self._wire)

    def job(self, lipsync_id: str) -> LipsyncJob:
        """Pick up a lipsync by its id, in this process or another. Asks nobody before it is awaited.

        Raises `RequestInvalid` for what cannot be an id.
        """
        return self._wire.job(LIPSYNC, lipsync_id)
