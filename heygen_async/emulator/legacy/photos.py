"""Photo avatars of v2: photos from a description, groups, and talking photos."""

from functools import partial
from pathlib import Path

from attrs import define, field

from heygen_async.api.avatars import PhotoAvatar
from heygen_async.api.looks import DeleteLook
from heygen_async.emulator import media, views
from heygen_async.emulator.account import Upload
from heygen_async.emulator.clerk import Clerk
from heygen_async.emulator.footage import Making, Product
from heygen_async.emulator.legacy.portraits import photo_at, photo_avatar, photo_by_key, shown, talking_photo
from heygen_async.emulator.legacy.uploads import image_key
from heygen_async.emulator.operations.looks import delete as delete_look
from heygen_async.emulator.service import Visit
from heygen_async.emulator.wallet import AVATAR
from heygen_async.emulator.works import Order, Words, Work
from heygen_async.legacy.photo_avatars import (
    AddedPhotos,
    AddPhotos,
    CreatePhotoGroup,
    CreateTalkingPhoto,
    DeletePhotoAvatar,
    GeneratePhoto,
    GetPhotoAvatar,
    GetPhotoGeneration,
    LegacyPhotoAvatar,
    PhotoGeneration,
    PhotoReceipt,
    TalkingPhoto,
)

__all__ = ["PhotoSitting", "photos"]

photos = Clerk()

_NAMES = ("photo_1", "photo_2", "photo_3", "photo_4")
_SIZES = {"square": (1024, 1024), "horizontal": (1920, 1080), "vertical": (1080, 1920)}
_GENDERS: dict[str, media.Gender] = {"Woman": "female", "Man": "male"}


@define(eq=False, kw_only=True)
class PhotoSitting(Work[GeneratePhoto]):
    """Four photos of somebody who does not exist."""

    noun = "photo generation"
    missing = "resource_not_found"
    words = Words(processing="in_progress", completed="success")
    takes_slot = False

    uploads: list[Upload] = field(factory=list)
    """The photos as assets, once somebody has seen them."""


@photos.answers(GeneratePhoto)
async def generate(visit: Visit, request: GeneratePhoto) -> PhotoReceipt:
    """Begin to draw."""
    making = Making(make=partial(_drawn, request), standins=dict.fromkeys(_NAMES, ".png"))
    sitting = visit.undertake(Order(PhotoSitting, request, cost=AVATAR, making=making))
    return PhotoReceipt(sitting.id)


@photos.answers(GetPhotoGeneration)
async def generation(visit: Visit, request: GetPhotoGeneration) -> PhotoGeneration:
    """Show how far the photos are."""
    sitting = visit.account.shelf(PhotoSitting).find(request.generation_id)
    if sitting.linked(visit.now) and not sitting.uploads:
        sitting.uploads = [await _kept(visit, sitting, name) for name in _NAMES]
    sitting.looked_at(visit.now)
    return PhotoGeneration(
        id=sitting.id,
        status=sitting.status(visit.now),
        msg=sitting.failure.message if sitting.failure else None,
        image_url_list=[views.asset_link(visit, upload) for upload in sitting.uploads],
        image_key_list=[image_key(upload) for upload in sitting.uploads],
    )


@photos.answers(CreatePhotoGroup)
async def create_group(visit: Visit, request: CreatePhotoGroup) -> LegacyPhotoAvatar:
    """Make a person of a photo."""
    photo = PhotoAvatar(name=request.name, file=photo_by_key(request.image_key, "image_key"))
    return shown(visit, await photo_avatar(visit, photo), "pending")


@photos.answers(AddPhotos)
async def add(visit: Visit, request: AddPhotos) -> AddedPhotos:
    """Give a person further looks."""
    visit.account.own_group(request.group_id)
    files = [photo_by_key(key, "image_keys") for key in request.image_keys]
    asked = [PhotoAvatar(name=request.name, file=file, avatar_group_id=request.group_id) for file in files]
    return AddedPhotos([shown(visit, await photo_avatar(visit, photo), "pending") for photo in asked])


@photos.answers(GetPhotoAvatar)
async def read(visit: Visit, request: GetPhotoAvatar) -> LegacyPhotoAvatar:
    """Show a photo avatar."""
    return shown(visit, views.look(visit, visit.account.look(request.photo_avatar_id)))


@photos.answers(DeletePhotoAvatar)
async def delete(visit: Visit, request: DeletePhotoAvatar) -> None:
    """Delete a photo avatar."""
    await delete_look(visit, DeleteLook(request.photo_avatar_id))


@photos.answers(CreateTalkingPhoto)
async def create_talking_photo(visit: Visit, request: CreateTalkingPhoto) -> TalkingPhoto:
    """Make a picture speak."""
    return await talking_photo(visit, PhotoAvatar(name="Talking photo", file=photo_at(visit, request.image_url)))


def _drawn(request: GeneratePhoto, folder: Path, name: str) -> Product:
    """Draw four people of one description. Blocks."""
    width, height = _SIZES[request.orientation]
    gender = _GENDERS.get(request.gender)
    seeds = {shot: f"{request.name} {request.appearance} {shot}" for shot in _NAMES}
    contents = {f"{shot}.png": media.portrait(seed, width, height, gender) for shot, seed in seeds.items()}
    return Product.write(folder, name, 0.0, contents)


async def _kept(visit: Visit, sitting: PhotoSitting, name: str) -> Upload:
    """Put a photo among the assets, where an image key finds it."""
    path = await sitting.footage.file(name)
    assert path is not None  # noqa: S101  # it is completed
    facts = await visit.service.threads.run(path.stat)
    one = Upload(
        name=f"{sitting.request.name}.png",
        path=path,
        media_type="image/png",
        size=facts.st_size,
        uploaded_at=visit.unix,
    )
    return visit.account.assets.add(one)
