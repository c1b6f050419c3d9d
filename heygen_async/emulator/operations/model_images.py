"""Make pictures of a person, and show them."""

from hashlib import sha256
from pathlib import Path

from attrs import define

from heygen_async.api.model_images import (
    CreatedModelImages,
    CreateModelImages,
    GetModelImages,
    ModelImage,
    ModelImages,
)
from heygen_async.emulator import media
from heygen_async.emulator.clerk import Clerk
from heygen_async.emulator.footage import Making, Product
from heygen_async.emulator.refusals import invalid
from heygen_async.emulator.service import Visit
from heygen_async.emulator.sources import Source, bytes_of
from heygen_async.emulator.works import Order, Words, Work

__all__ = ["Pictures", "model_images"]

model_images = Clerk()

_MODE = "identity_remix"
_SHORT = 768
"""Pixels of the shorter side."""

_PLACES = ("at the beach", "in a city", "in the hills", "in a room", "in the snow")


@define(eq=False, kw_only=True)
class Pictures(Work[CreateModelImages]):
    """Pictures of somebody."""

    noun = "picture"
    missing = "resource_not_found"
    words = Words(processing="pending")

    size: tuple[int, int]
    """Pixels."""

    seed: int
    """Of the first."""


@model_images.answers(CreateModelImages)
async def create(visit: Visit, request: CreateModelImages) -> CreatedModelImages:
    """Begin to draw. HeyGen has published no price for it, so it costs nothing here."""
    if request.mode not in {None, _MODE}:
        raise invalid("mode", f"mode must be {_MODE}")
    materials = visit.service.materials
    somebody = [
        await materials.find(image, "picture", f"identity_images.{at}")
        for at, image in enumerate(request.identity_images)
    ]
    for at, image in enumerate(request.reference_images):
        await materials.find(image, "picture", f"reference_images.{at}")
    size, count = _size(request.aspect_ratio), request.num_images or 1
    seed = _seed(visit.account.next_place()) if request.seed is None else request.seed
    order = Order(
        Pictures, request, making=_making(somebody[0], size, seed, count), fields={"size": size, "seed": seed}
    )
    return CreatedModelImages(visit.undertake(order).id)


@model_images.answers(GetModelImages)
async def read(visit: Visit, request: GetModelImages) -> ModelImages:
    """Show pictures, with links if all are there."""
    work = visit.account.shelf(Pictures).find(request.generation_id)
    failure = work.failure
    shown = ModelImages(
        generation_id=work.id,
        status=work.status(visit.now),
        model=work.request.model,
        num_images=work.request.num_images or 1,
        images=_images(visit, work),
        failure_code="generation_failed" if failure else None,
        failure_message=failure.message if failure else None,
        created_at=work.created_at,
    )
    work.looked_at(visit.now)
    return shown


def _images(visit: Visit, work: Pictures) -> list[ModelImage]:
    links = (visit.file(work, _name(at)) for at in range(work.request.num_images or 1))
    return [
        ModelImage(f"{work.id}-{at}", link, *work.size, work.seed + at)
        for at, link in enumerate(links)
        if link is not None
    ]


def _making(somebody: Source, size: tuple[int, int], seed: int, count: int) -> Making:
    def draw(folder: Path, name: str) -> Product:
        face = bytes_of(somebody)
        pictures = {
            f"{_name(at)}.png": media.look(f"{_PLACES[(seed + at) % len(_PLACES)]}, {seed + at}", *size, of=face)
            for at in range(count)
        }
        return Product.write(folder, name, 0.0, pictures)

    return Making(make=draw, seconds=0.0, standins={_name(at): ".png" for at in range(count)})


def _name(at: int) -> str:
    return f"picture{at}"


def _size(aspect_ratio: str | None) -> tuple[int, int]:
    wide, high = map(int, (aspect_ratio or "1:1").split(":"))
    short = min(wide, high)
    return _SHORT * wide // short, _SHORT * high // short


def _seed(number: int) -> int:
    """Return any number, the same in each run."""
    return int.from_bytes(sha256(f"pictures {number}".encode()).digest()[:4])
