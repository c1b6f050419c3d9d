"""Make scenes from a prompt, and show them."""

from functools import cache
from hashlib import sha256
from pathlib import Path

from attrs import define

from heygen_async.api.model_videos import (
    CreatedModelVideo,
    GetModelVideo,
    ImageToVideo,
    ModelTimings,
    ModelVideo,
    ModelVideoRequest,
    ReferenceToVideo,
    TextToVideo,
)
from heygen_async.emulator import media
from heygen_async.emulator.clerk import Clerk
from heygen_async.emulator.footage import Making
from heygen_async.emulator.refusals import invalid
from heygen_async.emulator.service import Visit
from heygen_async.emulator.sources import Sample, Source, bytes_of
from heygen_async.emulator.works import Order, Work

__all__ = ["ModelScene", "model_videos"]

model_videos = Clerk()

_SIDES = {"480p": 480, "768p": 768, "1080p": 1080, "2k": 1440}
_SECONDS = 5
_WIDE = (16, 9)
_EXTREME = 4
"""How many times longer than the other a side may be."""


@define(eq=False, kw_only=True)
class ModelScene(Work[TextToVideo | ImageToVideo | ReferenceToVideo]):
    """A scene from a prompt."""

    noun = "model video"
    missing = "video_not_found"

    size: tuple[int, int]
    """Pixels."""

    seed: int


@model_videos.answers(ModelVideoRequest)
async def create(visit: Visit, request: TextToVideo | ImageToVideo | ReferenceToVideo) -> CreatedModelVideo:
    """Begin a scene. HeyGen has published no price for it, so it costs nothing here."""
    picture, sound = await _references(visit, request)
    wide, high = await _ratio(visit, request, picture)
    side = _SIDES[request.resolution or "768p"]
    size = _even(side * wide / min(wide, high)), _even(side * high / min(wide, high))
    seed = _seed(visit.account.next_place()) if request.seed is None else request.seed
    making = _making(request, picture, sound, size, seed)
    scene = visit.undertake(Order(ModelScene, request, making=making, fields={"size": size, "seed": seed}))
    return CreatedModelVideo(scene.id, scene.status(visit.now))


@model_videos.answers(GetModelVideo)
async def read(visit: Visit, request: GetModelVideo) -> ModelVideo:
    """Show a scene, with a link if it is completed."""
    scene = visit.account.shelf(ModelScene).find(request.video_id)
    failure, asked = scene.failure, scene.request
    took = None if scene.ended is None or scene.begun is None else ModelTimings(scene.ended - scene.begun)
    shown = ModelVideo(
        video_id=scene.id,
        status=scene.status(visit.now),
        model=asked.model,
        video_url=visit.file(scene, "video"),
        duration=asked.duration or _SECONDS,
        width=scene.size[0],
        height=scene.size[1],
        aspect_ratio=asked.aspect_ratio,
        seed=scene.seed,
        timings=took,
        failure_code="generation_failed" if failure else None,
        failure_message=failure.message if failure else None,
        created_at=scene.created_at,
    )
    scene.looked_at(visit.now)
    return shown


async def _references(
    visit: Visit, request: TextToVideo | ImageToVideo | ReferenceToVideo
) -> tuple[Source | None, Source | None]:
    """Look up what a scene is made of: the first picture, or clip, and the first sound are used."""
    find = visit.service.materials.find
    match request:
        case ImageToVideo(image=image):
            return await find(image, "picture", "image"), None
        case ReferenceToVideo():
            pictures = [
                await find(file, "picture", f"reference_images.{at}")
                for at, file in enumerate(request.reference_images or ())
            ]
            clips = [
                await find(file, "clip", f"reference_videos.{at}")
                for at, file in enumerate(request.reference_videos or ())
            ]
            sounds = [
                await find(file, "sound", f"reference_audio.{at}")
                for at, file in enumerate(request.reference_audio or ())
            ]
            return next(iter((*pictures, *clips)), None), next(iter(sounds), None)
        case _:
            return None, None


async def _ratio(
    visit: Visit, request: TextToVideo | ImageToVideo | ReferenceToVideo, picture: Source | None
) -> tuple[int, int]:
    """Return width to height: what was asked for, else that of the picture, as far as somebody will look at it."""
    if request.aspect_ratio not in {None, "adaptive"} and not isinstance(request, ImageToVideo):
        wide, high = map(int, str(request.aspect_ratio).split(":"))
        return wide, high
    if picture is None or isinstance(picture, Sample) or visit.service.studio.synthetic is not None:
        return _WIDE
    try:
        found = await visit.service.threads.run(lambda: media.measure(bytes_of(picture)))
    except media.UnreadableMedia as fault:
        raise invalid("image", str(fault)) from None
    if max(found.width, found.height) > _EXTREME * min(found.width, found.height):
        raise invalid("image", f"{found.width} x {found.height} pixels are not between 1:4 and 4:1")
    return found.width, found.height


def _making(
    request: TextToVideo | ImageToVideo | ReferenceToVideo,
    picture: Source | None,
    sound: Source | None,
    size: tuple[int, int],
    seed: int,
) -> Making:
    seconds = float(request.duration or _SECONDS)

    @cache
    def treatment() -> media.MovingPicture:
        return media.MovingPicture(
            prompt=request.prompt,
            picture=None if picture is None else bytes_of(picture),
            sound=None if sound is None else media.Sound(bytes_of(sound)),
            width=size[0],
            height=size[1],
            seconds=seconds,
            seed=seed,
        )

    def make(folder: Path, name: str) -> media.Render:
        return media.treat(treatment(), folder, name)

    key = cache(lambda: media.treatment_key(treatment()))
    return Making(make=make, key=key, seconds=seconds, standins={"video": ".mp4"})


def _even(pixels: float) -> int:
    return 2 * round(pixels / 2)


def _seed(number: int) -> int:
    """Return any number, the same in each run."""
    return int.from_bytes(sha256(f"scene {number}".encode()).digest()[:4])
