"""Take the background out of videos, in up to three layers. Which price HeyGen has for it is not documented."""

from collections.abc import Sequence
from pathlib import Path

from attrs import define

from heygen_async.api.background_removals import (
    BackgroundRemoval,
    CreateBackgroundRemoval,
    DeleteBackgroundRemoval,
    GetBackgroundRemoval,
    Layer,
    ListBackgroundRemovals,
)
from heygen_async.api.deletions import ConfirmedDeletion
from heygen_async.emulator import media
from heygen_async.emulator.clerk import Clerk
from heygen_async.emulator.footage import Making, Product
from heygen_async.emulator.paging import page_of, place_of
from heygen_async.emulator.service import Visit
from heygen_async.emulator.sources import path_of
from heygen_async.emulator.works import Order, Work
from heygen_async.operation import Page

__all__ = ["background_removals"]

background_removals = Clerk()

_ENDINGS: dict[Layer, str] = {"foreground": ".webm", "mask": ".mp4", "background": ".mp4"}


@define(eq=False, kw_only=True)
class _Removal(Work[CreateBackgroundRemoval]):
    """A video whose background goes."""

    noun = "background removal"
    missing = "resource_not_found"

    layers: Sequence[Layer]


@background_removals.answers(CreateBackgroundRemoval)
async def create(visit: Visit, request: CreateBackgroundRemoval) -> BackgroundRemoval:
    """Begin a removal, or show the one that this ``request_id`` has begun before, whatever else it says."""
    if earlier := _begun(visit, request):
        return _shown(visit, earlier)
    source = await visit.service.materials.find(request.video, "clip", "video")
    seconds = await visit.service.seconds_of(source, "video")
    layers = request.layers or tuple(_ENDINGS)
    order = Order(_Removal, request, making=_making(path_of(source), layers, seconds), fields={"layers": layers})
    return _shown(visit, _begun(visit, request) or visit.undertake(order))  # it may have come twice meanwhile


@background_removals.answers(GetBackgroundRemoval)
async def read(visit: Visit, request: GetBackgroundRemoval) -> BackgroundRemoval:
    """Show a removal."""
    work = visit.account.shelf(_Removal).find(request.job_id)
    shown = _shown(visit, work)
    work.looked_at(visit.now)
    return shown


@background_removals.answers(DeleteBackgroundRemoval)
async def delete(visit: Visit, request: DeleteBackgroundRemoval) -> ConfirmedDeletion:
    """Delete a removal."""
    work = visit.account.shelf(_Removal).find(request.job_id)
    visit.account.drop(work, visit.now)
    return ConfirmedDeletion(work.id)


@background_removals.answers(ListBackgroundRemovals)
async def listed(visit: Visit, request: ListBackgroundRemovals) -> Page[BackgroundRemoval]:
    """Show the account's removals, the newest first."""
    page = page_of(visit.account.shelf(_Removal).newest(), request.limit or 10, request.token, place_of)
    return Page([_shown(visit, work) for work in page.items], page.has_more, page.next_token)


def _begun(visit: Visit, request: CreateBackgroundRemoval) -> _Removal | None:
    works = visit.account.shelf(_Removal).values()
    return next((work for work in works if work.request.request_id == request.request_id), None)


def _making(source: Path | None, layers: Sequence[Layer], seconds: float) -> Making:
    treatment = media.RemoveBackground(source=source, matte="mask" in layers, plate="background" in layers)

    def make(folder: Path, name: str) -> Product:
        made = media.treat(treatment, folder, name)
        files = {"foreground": made.video, "mask": made.matte, "background": made.plate}
        return Product(made.duration, {layer: path for layer in layers if (path := files[layer])})

    key = f"{'-'.join(sorted(layers))}-"
    return Making(
        make=make,
        key=lambda: key + media.treatment_key(treatment),
        seconds=seconds,
        standins={layer: _ENDINGS[layer] for layer in layers},
    )


def _shown(visit: Visit, work: _Removal) -> BackgroundRemoval:
    links, ended = {layer: visit.file(work, layer) for layer in work.layers}, work.completion(visit.now)
    return BackgroundRemoval(
        id=work.id,
        status=work.status(visit.now),
        layers={layer: link for layer, link in links.items() if link},
        duration=work.duration(visit.now),
        created_at=work.created_at,
        completed_at=None if ended is None else visit.service.unix(ended),
        error=work.failure.message if work.failure else None,
    )
