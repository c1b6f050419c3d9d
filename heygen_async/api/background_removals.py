"""Background removals: a video's people without what is behind them, and `heygen.background_removals`.

Fields and words are those of https://developers.heygen.com/reference/create-background-removal.
"""

from collections.abc import Mapping, Sequence
from typing import Literal
from uuid import uuid4

from attrs import field, frozen

from heygen_async.api.deletions import ConfirmedDeletion
from heygen_async.api.media import CLIP, FileInput
from heygen_async.job import Job
from heygen_async.log import masked
from heygen_async.operation import (
    DELETE,
    GET,
    POST,
    Answer,
    JobKind,
    JobRequest,
    PageRequest,
    Part,
    Report,
    Request,
    unread,
)
from heygen_async.resource import Resource, call, pages, submit
from heygen_async.rules import IDENTIFIER, Between, Count, rule

__all__ = [
    "BackgroundRemoval",
    "BackgroundRemovals",
    "CreateBackgroundRemoval",
    "DeleteBackgroundRemoval",
    "GetBackgroundRemoval",
    "Layer",
    "ListBackgroundRemovals",
]

Layer = Literal["foreground", "mask", "background"]
"""``foreground``: the people, transparent around them; ``mask``: where they are, in greys; ``background``: the scene
without them."""


def _masked(links: Mapping[str, str]) -> str:
    return repr({name: masked(link) for name, link in links.items()})


def _request_id(given: str | None) -> str:
    return given if given is not None else uuid4().hex


@frozen
class BackgroundRemoval(Answer):
    """A background removal as HeyGen reports it."""

    id: str
    status: str = ""
    """``pending``, ``processing``, ``completed``, ``failed`` or ``deleted``; an open set."""

    layers: Mapping[str, str] = field(factory=dict, repr=_masked)
    """Signed addresses of what was made, by layer; none before it is completed."""

    duration: float | None = None
    """Seconds."""

    created_at: int | None = None
    """Unix seconds."""

    completed_at: int | None = None
    """Unix seconds."""

    error: str | None = None
    """Why it failed, in words."""


@frozen
class GetBackgroundRemoval(Request[BackgroundRemoval]):
    """One background removal, with freshly signed links once it is completed."""

    endpoint = GET("/v3/background-removals/{job_id}")
    job_id: str = field(metadata=rule(IDENTIFIER))


@frozen
class DeleteBackgroundRemoval(Request[ConfirmedDeletion]):
    """Delete a background removal. The second time answers 404."""

    endpoint = DELETE("/v3/background-removals/{job_id}")
    job_id: str = field(metadata=rule(IDENTIFIER))


@frozen(kw_only=True)
class ListBackgroundRemovals(PageRequest[BackgroundRemoval]):
    """The account's background removals, newest first."""

    endpoint = GET("/v3/background-removals")
    limit: int | None = field(default=None, metadata=rule(Between(1, 100, whole=True)))
    """How many per page, 1 to 100; HeyGen's default is 10."""

    token: str | None = None
    """Where to go on; the client fills it."""


def _report(removal: BackgroundRemoval) -> Report:
    parts = [Part(name, link) for name, link in removal.layers.items() if link]
    main = removal.layers.get("foreground") or (parts[0].link if len(parts) == 1 else None)
    return Report(removal.status, message=removal.error, link=main, parts=parts)


_listing = unread(ListBackgroundRemovals)

BACKGROUND_REMOVAL = JobKind(
    "background removal", get=GetBackgroundRemoval, report=_report, listing=lambda limit: _listing(limit=limit)
)
"""How a background removal is followed."""


@frozen(kw_only=True)
class CreateBackgroundRemoval(JobRequest[BackgroundRemoval, BackgroundRemoval]):
    """Take the background out of a video.

    The job's `download` brings the ``foreground``, or into a folder all layers.
    """

    endpoint = POST("/v3/background-removals", keyed=False, harmless=True)  # `request_id` is its key
    kind = BACKGROUND_REMOVAL
    video: FileInput = field(metadata=rule(CLIP))
    """The video whose background goes."""

    layers: Sequence[Layer] | None = field(default=None, metadata=rule(Count(1, 3)))
    """What to make; HeyGen's default is all three."""

    title: str | None = None
    """What it is called; ``None`` leaves it to HeyGen."""

    request_id: str | None = field(default=None, converter=_request_id, metadata=rule(IDENTIFIER))
    """HeyGen carries out one removal for one id, and bills it once, whatever the rest says: keep it, if you may have to
    repeat the call in another process. ``None`` makes one."""

    @staticmethod
    def job_id(receipt: BackgroundRemoval) -> str:
        """Find the removal's id."""
        return receipt.id


class BackgroundRemovals(Resource):
    """``heygen.background_removals``: take the background out of videos."""

    create = submit(CreateBackgroundRemoval)
    get = call(GetBackgroundRemoval)
    delete = call(DeleteBackgroundRemoval)
    list = pages(ListBackgroundRemovals)

    def job(self, job_id: str) -> Job[BackgroundRemoval]:
        """Pick up a removal by its id, in this process or another. Asks nobody before it is awaited.

        Raises `RequestInvalid` for what cannot be an id.
        """
        return self._wire.job(BACKGROUND_REMOVAL, job_id)
