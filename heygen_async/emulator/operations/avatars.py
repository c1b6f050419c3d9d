"""Make, read, list, change and delete persons."""

from heygen_async.api.avatars import (
    AvatarConsent,
    AvatarGroup,
    AvatarRequest,
    CreateConsent,
    CreatedAvatar,
    DeleteAvatar,
    DigitalTwin,
    GetAvatar,
    ListAvatars,
    PhotoAvatar,
    PromptAvatar,
    UpdateAvatar,
)
from heygen_async.api.deletions import Deleted
from heygen_async.emulator import media, views
from heygen_async.emulator.account import Look, Person, fresh_id
from heygen_async.emulator.clerk import Clerk
from heygen_async.emulator.paging import page_of, place_of
from heygen_async.emulator.refusals import invalid
from heygen_async.emulator.service import Visit
from heygen_async.emulator.sources import Drawn, Imagined, Source, bytes_of
from heygen_async.emulator.trainings import Consent, train
from heygen_async.emulator.wallet import AVATAR
from heygen_async.operation import Clear, Page

__all__ = ["avatars"]

avatars = Clerk()

_SIZES = {"16:9": (1920, 1080), "9:16": (1080, 1920), "4:5": (1080, 1350), "5:4": (1350, 1080)}
_SQUARE = (1080, 1080)


@avatars.answers(AvatarRequest)
async def create(visit: Visit, request: PhotoAvatar | PromptAvatar | DigitalTwin) -> CreatedAvatar:
    """Make an avatar. A photo can be used at once; what is drawn or trained takes a while."""
    picture = await _picture(visit, request)
    size = await _size(visit, picture)
    account, group_id = visit.account, request.avatar_group_id
    person = _person(visit, request.name) if group_id is None else account.own_group(group_id)
    look = Look(
        name=request.name,
        person=person,
        avatar_type="digital_twin" if isinstance(request, DigitalTwin) else "photo_avatar",
        picture=picture,
        width=size and size[0],
        height=size and size[1],
        engines=("avatar_iii", "avatar_iv", "avatar_v"),
        default_voice_id=person.default_voice_id,
    )
    if isinstance(request, PhotoAvatar):
        account.wallet.charge(f"avatar {request.name}", AVATAR)
    else:
        train(visit, request, [look], AVATAR)
    if isinstance(request, DigitalTwin) and person.consent_status is None:
        person.consent_status = "pending"
    account.groups[person.id] = person
    account.add_look(look)
    return CreatedAvatar(views.group(visit, person), views.look(visit, look))


@avatars.answers(CreateConsent)
async def consent(visit: Visit, request: CreateConsent) -> AvatarConsent:
    """Name a page to consent on; a recording of the consent is taken for it."""
    person = visit.account.own_group(request.group_id)
    if request.consent_video is not None:
        await visit.service.materials.find(request.consent_video, "clip", "consent_video")
        person.consent()
        return AvatarConsent(views.group(visit, person))
    page = Consent.asked(visit, person, request.reroute_url)
    return AvatarConsent(views.group(visit, person), f"{visit.base}/consent/{page.id}")


@avatars.answers(GetAvatar)
async def read(visit: Visit, request: GetAvatar) -> AvatarGroup:
    """Show a person."""
    return views.group(visit, visit.account.group(request.group_id))


@avatars.answers(UpdateAvatar)
async def update(visit: Visit, request: UpdateAvatar) -> AvatarGroup:
    """Set the default voice of a person and of all looks."""
    person = visit.account.own_group(request.group_id)
    if request.default_voice_id is not None:
        wanted = request.default_voice_id
        person.default_voice_id = None if isinstance(wanted, Clear) else visit.account.voice(wanted).id
        for look in person.looks:
            look.default_voice_id = person.default_voice_id
    return views.group(visit, person)


@avatars.answers(DeleteAvatar)
async def delete(visit: Visit, request: DeleteAvatar) -> Deleted:
    """Delete a person with all looks."""
    person = visit.account.own_group(request.group_id)
    for look in tuple(person.looks):
        visit.account.drop_look(look)
    return Deleted(person.id)


@avatars.answers(ListAvatars)
async def listed(visit: Visit, request: ListAvatars) -> Page[AvatarGroup]:
    """Show persons, the account's own first."""
    everybody = reversed(visit.account.groups.values())
    found = (one for one in everybody if request.ownership in {None, one.ownership})
    page = page_of(found, request.limit or 20, request.token, place_of)
    return Page([views.group(visit, one) for one in page.items], page.has_more, page.next_token)


async def _picture(visit: Visit, request: PhotoAvatar | PromptAvatar | DigitalTwin) -> Source:
    """Find what an avatar looks like: its photo, or somebody who is drawn."""
    materials = visit.service.materials
    match request:
        case PhotoAvatar(file=file):
            return await materials.find(file, "picture", "file")
        case DigitalTwin(file=file):
            await materials.find(file, "clip", "file")
            return Drawn(request.name, *_SIZES["16:9"])
        case _:
            like = None if request.avatar_id is None else visit.account.look(request.avatar_id).picture
            for at, image in enumerate(request.reference_images or ()):
                found = await materials.find(image, "picture", f"reference_images.{at}")
                like = like or found
            return Imagined(request.prompt, *_SIZES.get(request.aspect_ratio or "1:1", _SQUARE), like=like)


async def _size(visit: Visit, picture: Source) -> tuple[int, int] | None:
    """Look how large a picture is, where somebody will look at it. Raises `Refusal` for one that is broken."""
    if isinstance(picture, Drawn | Imagined):
        return picture.width, picture.height
    if visit.service.studio.synthetic is not None:
        return None
    try:
        return await visit.service.threads.run(lambda: media.image_size(bytes_of(picture)))
    except media.UnreadableMedia as fault:
        raise invalid("file", str(fault)) from None


def _person(visit: Visit, name: str) -> Person:
    account = visit.account
    first_voice = next(reversed(account.voices), None)
    return Person(
        id=fresh_id(),
        name=name,
        default_voice_id=first_voice,
        created_at=visit.unix,
        place=account.next_place(),
    )
