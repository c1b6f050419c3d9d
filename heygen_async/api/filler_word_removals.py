"""Filler-word removals: a video without its "um" and its long pauses, and `heygen.filler_word_removals`.

Fields are those of https://developers.heygen.com/reference/create-filler-word-removal.
"""

from collections.abc import Sequence

from attrs import field, frozen

from heygen_async.api.media import CLIP, UrlOrAsset
from heygen_async.job import Job
from heygen_async.log import link_repr
from heygen_async.operation import GET, POST, Answer, JobKind, JobRequest, Keyed, Report, Request
from heygen_async.resource import Resource, call, submit
from heygen_async.rules import IDENTIFIER, Web, rule

__all__ = [
    "CreateFillerWordRemoval",
    "CreatedFillerWordRemoval",
    "FillerWordRemoval",
    "FillerWordRemovals",
    "GetFillerWordRemoval",
]


@frozen
class FillerWordRemoval(Answer):
    """A filler-word removal. What was counted and measured is there once it is completed."""

    id: str
    status: str = ""
    """``pending``, ``running``, ``completed`` or ``failed``; an open set."""

    title: str | None = None
    progress: int = 0
    """0 to 100."""

    video_url: str | None = field(default=None, repr=link_repr)
    """Signed address of the cleaned video, also when there was nothing to clean; each read signs a new one."""

    thumbnail_url: str | None = field(default=None, repr=link_repr)
    num_cuts: int | None = None
    """How many filler words are gone. Pauses do not count."""

    reduction_pct: float | None = None
    """How much shorter it is, in per cent. With 0 nothing was changed, and HeyGen pays the price back."""

    original_duration: float | None = None
    """Seconds."""

    output_duration: float | None = None
    """Seconds."""

    callback_id: str | None = None
    created_at: int | None = None
    """Unix seconds."""

    failure_message: str | None = None


@frozen
class CreatedFillerWordRemoval(Answer):
    """The receipt for a removal. HeyGen's document is silent about it, so its id may have either name."""

    id: str | None = None
    filler_word_removal_id: str | None = None
    status: str = "pending"


@frozen
class GetFillerWordRemoval(Request[FillerWordRemoval]):
    """One filler-word removal, with a freshly signed link once it is completed."""

    endpoint = GET("/v3/filler-word-removals/{filler_word_removal_id}", since="2026-08")
    filler_word_removal_id: str = field(metadata=rule(IDENTIFIER))


def _report(removal: FillerWordRemoval) -> Report:
    return Report(removal.status, message=removal.failure_message, link=removal.video_url, progress=removal.progress)


FILLER_WORD_REMOVAL = JobKind("filler word removal", get=GetFillerWordRemoval, report=_report)
"""How a filler-word removal is followed."""


@frozen(kw_only=True)
class CreateFillerWordRemoval(Keyed, JobRequest[CreatedFillerWordRemoval, FillerWordRemoval]):
    """Cut filler words and long pauses out of a video. $0.30 a minute of it, one minute at least."""

    endpoint = POST("/v3/filler-word-removals", status=202, since="2026-08")
    kind = FILLER_WORD_REMOVAL
    video: UrlOrAsset = field(metadata=rule(CLIP))
    """The video that is cut."""

    title: str | None = None
    """HeyGen's default is ``Filler Removal``."""

    callback_url: str | None = field(default=None, metadata=rule(Web()))
    """Where HeyGen calls at the end; that call is not signed."""

    callback_id: str | None = None
    """Comes back in that call."""

    def job_ids(self, receipt: CreatedFillerWordRemoval) -> Sequence[str]:
        """Find the removal's id, under whichever name."""
        return [found for found in (receipt.id, receipt.filler_word_removal_id) if found][:1]


class FillerWordRemovals(Resource):
    """``heygen.filler_word_removals``: cut filler words and long pauses."""

    create = submit(CreateFillerWordRemoval)
    get = call(GetFillerWordRemoval)

    def job(self, filler_word_removal_id: str) -> Job[FillerWordRemoval]:
        """Pick up a removal by its id, in this process or another. Asks nobody before it is awaited.

        Raises `RequestInvalid` for what cannot be an id.
        """
        return self._wire.job(FILLER_WORD_REMOVAL, filler_word_removal_id)
