"""Make clips of long videos: parts of them, cut to shape, with captions. Which moments are good, only HeyGen knows."""

from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path, PurePosixPath
from urllib.parse import unquote

from attrs import define, field, frozen

from heygen_async.api.ai_clipping import (
    Clip,
    Clipping,
    ClippingSettings,
    CreateClipping,
    CreatedClipping,
    DeleteClipping,
    GetClipping,
    ListClippings,
)
from heygen_async.api.deletions import Deleted
from heygen_async.api.media import Asset, Url, UrlOrAsset
from heygen_async.emulator import media
from heygen_async.emulator.account import Account
from heygen_async.emulator.clerk import Clerk
from heygen_async.emulator.footage import Making, Product
from heygen_async.emulator.paging import page_of, place_of
from heygen_async.emulator.service import Visit
from heygen_async.emulator.shelf import fresh_id
from heygen_async.emulator.sources import path_of
from heygen_async.emulator.wallet import CLIP
from heygen_async.emulator.works import Order, Words, Work
from heygen_async.operation import Page

__all__ = ["ai_clipping"]

ai_clipping = Clerk()

_RATIOS = {"landscape": (16, 9), "portrait": (9, 16), "square": (1, 1)}
_SECONDS = {"30": 30.0, "60": 60.0, "180": 180.0, "long": 240.0}
_USUAL = ("30", "60")
"""How long the clips are, where nobody says so: HeyGen's own choice is not documented."""


@frozen
class _Cut:
    """One clip to be."""

    start: float
    """Seconds into the long video."""

    end: float
    title: str
    ratio: str
    captions: bool
    id: str = field(factory=fresh_id)

    @property
    def virality_score(self) -> int:
        """A number that looks like HeyGen's, and is the same for the same title."""
        return 60 + sha256(self.title.encode()).digest()[0] % 40


@define(eq=False, kw_only=True)
class _Clipping(Work[CreateClipping]):
    """A long video that is being cut."""

    noun = "AI clipping"
    missing = "resource_not_found"
    words = Words(processing="running")

    title: str
    source_seconds: float
    cuts: Sequence[_Cut]


@ai_clipping.answers(CreateClipping)
async def create(visit: Visit, request: CreateClipping) -> CreatedClipping:
    """Begin a clipping. Each clip is paid for."""
    source = await visit.service.materials.find(request.video, "clip", "video")
    seconds = await visit.service.seconds_of(source, "video")
    cuts = _plan(request.output_settings or ClippingSettings(), seconds)
    title = request.title or _name(visit.account, request.video)
    work = visit.undertake(
        Order(
            _Clipping,
            request,
            cost=CLIP * len(cuts),
            making=_making(path_of(source), cuts),
            fields={"title": title, "source_seconds": seconds, "cuts": cuts},
        )
    )
    return CreatedClipping(work.id)


@ai_clipping.answers(GetClipping)
async def read(visit: Visit, request: GetClipping) -> Clipping:
    """Show a clipping."""
    work = visit.account.shelf(_Clipping).find(request.job_id)
    shown = await _shown(visit, work, work.progress(visit.now))
    work.looked_at(visit.now)
    return shown


@ai_clipping.answers(DeleteClipping)
async def delete(visit: Visit, request: DeleteClipping) -> Deleted:
    """Delete a clipping with its clips."""
    work = visit.account.shelf(_Clipping).find(request.job_id)
    visit.account.drop(work, visit.now)
    return Deleted(work.id)


@ai_clipping.answers(ListClippings)
async def listed(visit: Visit, request: ListClippings) -> Page[Clipping]:
    """Show the account's clippings, the newest first, with no progress before the end, as HeyGen does."""
    page = page_of(visit.account.shelf(_Clipping).newest(), request.limit or 10, request.token, place_of)
    shown = [await _shown(visit, work, work.progress(visit.now) // 100 * 100) for work in page.items]
    return Page(shown, page.has_more, page.next_token)


def _plan(settings: ClippingSettings, seconds: float) -> Sequence[_Cut]:
    """Spread the clips over the video: one for each length that was asked for."""
    lengths = settings.duration_types or _USUAL
    share = seconds / len(lengths)
    return [
        _Cut(
            at * share,
            at * share + min(_SECONDS[length], share),
            f"Highlight {at + 1}",
            settings.aspect_ratio or "portrait",
            settings.captions is not False,
        )
        for at, length in enumerate(lengths)
    ]


def _making(source: Path | None, cuts: Sequence[_Cut]) -> Making:
    def make(folder: Path, name: str) -> Product:
        made = [media.treat(_treatment(source, cut), folder, f"{name}-{at}") for at, cut in enumerate(cuts)]
        files = {f"clip-{at}": clip.video for at, clip in enumerate(made)}
        thumbnails = {f"thumbnail-{at}": clip.thumbnail for at, clip in enumerate(made) if clip.thumbnail}
        durations = [clip.duration for clip in made]
        return Product(sum(durations), files | thumbnails, durations)

    kinds = {"clip": ".mp4", "thumbnail": ".jpg"}
    standins = {f"{kind}-{at}": ending for at in range(len(cuts)) for kind, ending in kinds.items()}
    return Making(make=make, seconds=cuts[0].end - cuts[0].start, standins=standins)


def _treatment(source: Path | None, cut: _Cut) -> media.Cut:
    return media.Cut(
        source=source,
        start=cut.start,
        end=cut.end,
        ratio=_RATIOS[cut.ratio],
        captions=cut.title if cut.captions else None,
    )


def _name(account: Account, video: UrlOrAsset) -> str | None:
    """Name a clipping after its video."""
    match video:
        case Asset(asset_id=asset_id):
            return PurePosixPath(account.asset(asset_id).name).stem
        case Url(url=url):
            return PurePosixPath(unquote(url.partition("?")[0])).stem
        case _:
            return None


async def _shown(visit: Visit, work: _Clipping, progress: int) -> Clipping:
    completed = work.stage(visit.now) == "completed"
    made = await work.footage.made() if completed else None
    durations = made.result if isinstance(made, Product) else [cut.end - cut.start for cut in work.cuts]
    return Clipping(
        id=work.id,
        status=work.status(visit.now),
        title=work.title,
        progress=progress,
        clips=[_clip(visit, work, at, seconds) for at, seconds in enumerate(durations)] if completed else (),
        source_duration=round(work.source_seconds, 2),
        input_language=work.request.input_language or "en",
        callback_id=work.request.callback_id,
        created_at=work.created_at,
        failure_message=work.failure.message if work.failure else None,
    )


def _clip(visit: Visit, work: _Clipping, at: int, seconds: float) -> Clip:
    cut = work.cuts[at]
    return Clip(
        id=cut.id,
        status="completed",
        title=cut.title,
        video_url=visit.file(work, f"clip-{at}"),
        thumbnail_url=visit.file(work, f"thumbnail-{at}"),
        aspect_ratio=cut.ratio,
        duration_seconds=round(seconds, 2),
        virality_score=cut.virality_score,
    )
