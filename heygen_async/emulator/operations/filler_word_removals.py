"""Cut pauses out of videos. HeyGen hears filler words; here pauses are cut, and counted instead."""

from functools import partial

from attrs import define

from heygen_async.api.filler_word_removals import (
    CreatedFillerWordRemoval,
    CreateFillerWordRemoval,
    FillerWordRemoval,
    GetFillerWordRemoval,
)
from heygen_async.emulator import media
from heygen_async.emulator.clerk import Clerk
from heygen_async.emulator.footage import treating
from heygen_async.emulator.service import Visit
from heygen_async.emulator.sources import path_of
from heygen_async.emulator.wallet import FILLER_WORDS, Wallet
from heygen_async.emulator.works import Order, Words, Work

__all__ = ["filler_word_removals"]

filler_word_removals = Clerk()

_LEFT = 0.85
"""How much of a video a stand-in leaves."""

_NOTHING = 0.1
"""Seconds by which a video that was only written anew may be shorter."""


@define(eq=False, kw_only=True)
class _Removal(Work[CreateFillerWordRemoval]):
    """A video that is being cut."""

    noun = "filler word removal"
    missing = "resource_not_found"
    words = Words(processing="running")

    source_seconds: float

    @property
    def gone(self) -> float:
        """How many seconds are cut out, once it is completed."""
        shorter = self.source_seconds - self.footage.duration
        return shorter if shorter > _NOTHING else 0.0


@filler_word_removals.answers(CreateFillerWordRemoval)
async def create(visit: Visit, request: CreateFillerWordRemoval) -> CreatedFillerWordRemoval:
    """Begin a removal. It is paid by the minute of the video, and paid back when nothing is cut."""
    source = await visit.service.materials.find(request.video, "clip", "video")
    seconds = await visit.service.seconds_of(source, "video")
    making = treating(media.RemoveFillers(source=path_of(source)), _LEFT * seconds, video=".mp4", thumbnail=".jpg")
    order = Order(
        _Removal,
        request,
        cost=FILLER_WORDS * max(1.0, seconds / 60),
        making=making,
        fields={"source_seconds": seconds},
        then=partial(_settle, visit.account.wallet),
    )
    work = visit.undertake(order)
    return CreatedFillerWordRemoval(filler_word_removal_id=work.id)


@filler_word_removals.answers(GetFillerWordRemoval)
async def read(visit: Visit, request: GetFillerWordRemoval) -> FillerWordRemoval:
    """Show a removal, with what was cut once it is completed."""
    work = visit.account.shelf(_Removal).find(request.filler_word_removal_id)
    completed = work.stage(visit.now) == "completed"
    shown = FillerWordRemoval(
        id=work.id,
        status=work.status(visit.now),
        title=work.request.title or "Filler Removal",
        progress=work.progress(visit.now),
        video_url=visit.file(work, "video"),
        thumbnail_url=visit.file(work, "thumbnail"),
        num_cuts=await _cuts(work) if completed else None,
        reduction_pct=round(100 * work.gone / work.source_seconds, 1) if completed else None,
        original_duration=round(work.source_seconds, 2) if completed else None,
        output_duration=work.duration(visit.now),
        callback_id=work.request.callback_id,
        created_at=work.created_at,
        failure_message=work.failure.message if work.failure else None,
    )
    work.looked_at(visit.now)
    return shown


async def _cuts(work: _Removal) -> int:
    made = await work.footage.made()
    return made.cuts if isinstance(made, media.Render) else int(work.gone)


def _settle(wallet: Wallet, work: _Removal) -> None:
    """Pay back what changed nothing. What failed is paid back anyway."""
    if not work.failure and not work.gone:
        wallet.refund(work.id, work.cost)
