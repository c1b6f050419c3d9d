"""Proofreads: the words of a translation, to be read and corrected before the video is made.

::

    proofreads = heygen.video_translations.proofreads
    (job,) = await proofreads.create(video=LocalFile("talk.mp4"), output_languages=["German"], title="Talk")
    path = await job.download("talk.srt")                         # edit it
    await proofreads.srt.update(job.id, srt=LocalFile(path))
    translation = await proofreads.generate(job.id)

Fields are those of https://developers.heygen.com/reference/create-proofread.
"""

from collections.abc import Callable, Sequence
from typing import Any, cast

from attrs import field, frozen

from heygen_async.api.deletions import Deleted
from heygen_async.api.dubbing import TITLE, Dubbing, Translating
from heygen_async.api.media import SUBTITLES, UrlOrAsset
from heygen_async.api.translated import VIDEO_TRANSLATION, VideoTranslation
from heygen_async.job import Job, Stage, stage
from heygen_async.log import link_repr
from heygen_async.operation import (
    DELETE,
    GET,
    POST,
    PUT,
    Answer,
    JobKind,
    JobRequest,
    Keyed,
    PageRequest,
    Report,
    Request,
    Successor,
)
from heygen_async.resource import Resource, call, pages, submit, submit_all
from heygen_async.rules import IDENTIFIER, Between, Web, rule

__all__ = [
    "CreateProofread",
    "CreatedProofreads",
    "DeleteProofread",
    "GenerateProofread",
    "GeneratedProofread",
    "GetProofread",
    "GetProofreadSrt",
    "ListProofreads",
    "Proofread",
    "ProofreadJob",
    "ProofreadSrt",
    "ProofreadSrts",
    "Proofreads",
    "UpdateProofreadSrt",
]


@frozen
class Proofread(Answer):
    """The words of a video in one language. Every field but the id may be missing."""

    id: str
    status: str = ""
    """``processing``, ``completed`` or ``failed``; an open set."""

    title: str | None = None
    input_language: str | None = None
    """What is spoken in the video."""

    output_language: str | None = None
    """What it is translated into."""

    submitted_for_review: bool | None = None
    """Whether somebody at HeyGen was asked to look at it."""

    created_at: int | None = None
    """Unix seconds."""

    failure_message: str | None = None
    """Why it failed, in words."""


@frozen
class ProofreadSrt(Answer):
    """Where the words of a proofread are. Each read signs new links."""

    srt_url: str = field(repr=link_repr)
    """The translation, an SRT file, with all corrections."""

    original_srt_url: str | None = field(default=None, repr=link_repr)
    """What is said in the source, an SRT file."""


ProofreadJob = Job[ProofreadSrt]
"""A proofread that is being made; `await` it for the `ProofreadSrt`, or download its SRT file."""


@frozen
class CreatedProofreads(Answer):
    """The receipt for proofreads."""

    proofread_ids: Sequence[str] = ()
    """One for each language, in the order they were asked for."""

    status: str = ""


@frozen
class GeneratedProofread(Answer):
    """The receipt for a translation that is made from a proofread."""

    video_translation_id: str
    status: str = ""


@frozen
class GetProofread(Request[Proofread]):
    """One proofread."""

    endpoint = GET("/v3/video-translations/proofreads/{proofread_id}")
    proofread_id: str = field(metadata=rule(IDENTIFIER))


@frozen(kw_only=True)
class ListProofreads(PageRequest[Proofread]):
    """The account's proofreads, newest first."""

    endpoint = GET("/v3/video-translations/proofreads", since="2026-10")
    limit: int | None = field(default=None, metadata=rule(Between(1, 100, whole=True)))
    """How many per page, 1 to 100; HeyGen's default is 10."""

    token: str | None = None
    """Where to go on; the client fills it."""


@frozen
class DeleteProofread(Request[Deleted]):
    """Delete a proofread. The second time answers 404."""

    endpoint = DELETE("/v3/video-translations/proofreads/{proofread_id}", since="2026-10")
    proofread_id: str = field(metadata=rule(IDENTIFIER))


@frozen
class GetProofreadSrt(Request[ProofreadSrt]):
    """Where the words of a completed proofread are. Raises `Conflict` before."""

    endpoint = GET("/v3/video-translations/proofreads/{proofread_id}/srt")
    proofread_id: str = field(metadata=rule(IDENTIFIER))


@frozen
class UpdateProofreadSrt(Request[Proofread]):
    """Put corrected words in the place of those that are there."""

    endpoint = PUT("/v3/video-translations/proofreads/{proofread_id}/srt")
    proofread_id: str = field(metadata=rule(IDENTIFIER))
    srt: UrlOrAsset = field(kw_only=True, metadata=rule(SUBTITLES))
    """An SRT file."""


PROOFREAD_SRT = JobKind(
    "proofread srt", get=GetProofreadSrt, report=lambda srt: Report("completed", link=srt.srt_url), slot=False
)
"""What a proofread ends as: its words."""


def _report(proofread: Any) -> Report:
    return Report(proofread.status, None, proofread.failure_message)


def _completed(proofread: Proofread) -> str | None:
    return proofread.id if stage(proofread.status) is Stage.COMPLETED else None


PROOFREAD: JobKind[ProofreadSrt] = JobKind(
    "proofread",
    get=cast("Callable[[str], Request[ProofreadSrt]]", GetProofread),  # never a result: its successor is
    report=_report,
    slot=False,
    successor=Successor(PROOFREAD_SRT, _completed),
)
"""How a proofread is followed until its words can be read."""


@frozen(kw_only=True)
class CreateProofread(Translating, Dubbing, JobRequest[CreatedProofreads, ProofreadSrt]):
    """Translate the words of a video and make no video yet: one proofread for each language.

    It takes no render slot. The `Job` is done when the words can be read, and `Job.download` brings them as an SRT
    file.
    """

    endpoint = POST("/v3/video-translations/proofreads")
    kind = PROOFREAD
    title: str = field(metadata=rule(TITLE))
    """Shown in HeyGen's application."""

    enable_video_stretching: bool | None = None
    """Whether the video may become longer or shorter, as its voice is; HeyGen's default is no."""

    def job_ids(self, receipt: CreatedProofreads) -> Sequence[str]:
        """Find the ids, one for each language."""
        return receipt.proofread_ids


@frozen
class GenerateProofread(Keyed, JobRequest[GeneratedProofread, VideoTranslation]):
    """Make the video of a completed proofread, with the words as they are now. Raises `Conflict` before."""

    endpoint = POST("/v3/video-translations/proofreads/{proofread_id}/generate")
    kind = VIDEO_TRANSLATION
    proofread_id: str = field(metadata=rule(IDENTIFIER))
    translate_audio_only: bool | None = field(default=None, kw_only=True)
    """Whether only the sound is made; HeyGen's default is no."""

    captions: bool | None = field(default=None, kw_only=True)
    """Without effect: HeyGen makes the captions in any case."""

    callback_url: str | None = field(default=None, kw_only=True, metadata=rule(Web()))
    """Where HeyGen calls when the video is ready."""

    callback_id: str | None = field(default=None, kw_only=True)
    """Comes back in that call."""

    @staticmethod
    def job_id(receipt: GeneratedProofread) -> str:
        """Find the translation's id."""
        return receipt.video_translation_id


class ProofreadSrts(Resource):
    """``heygen.video_translations.proofreads.srt``: read and correct the words."""

    get = call(GetProofreadSrt)
    update = call(UpdateProofreadSrt)


class Proofreads(Resource):
    """``heygen.video_translations.proofreads``: correct the words of a translation before its video is made."""

    create = submit_all(CreateProofread)
    get = call(GetProofread)
    delete = call(DeleteProofread)
    generate = submit(GenerateProofread)
    list = pages(ListProofreads)

    @property
    def srt(self) -> ProofreadSrts:
        """The words themselves."""
        return ProofreadSrts(self._wire)

    def job(self, proofread_id: str) -> ProofreadJob:
        """Pick up a proofread by its id, in this process or another. Asks nobody before it is awaited.

        Raises `RequestInvalid` for what cannot be an id.
        """
        return self._wire.job(PROOFREAD, proofread_id)
