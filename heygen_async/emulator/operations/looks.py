"""Read, list, rename and delete looks, and make further ones of one."""

from heygen_async.api.avatars import (
    AvatarLook,
    CreatedLook,
    CreatedLooks,
    DeletedAvatar,
    DeleteLook,
    GetLook,
    ListLooks,
    LookPackLooks,
    TemplateLooks,
    UpdateLook,
)
from heygen_async.emulator import views
from heygen_async.emulator.account import Account, Look, Person, fresh_id
from heygen_async.emulator.clerk import Clerk
from heygen_async.emulator.paging import page_of, place_of
from heygen_async.emulator.service import Visit
from heygen_async.emulator.sources import Drawn
from heygen_async.emulator.wallet import AVATAR
from heygen_async.operation import Page

__all__ = ["looks"]

looks = Clerk()

_IN_A_PACK = 3


@looks.answers(TemplateLooks | LookPackLooks)
async def create(visit: Visit, request: TemplateLooks | LookPackLooks) -> CreatedLooks:
    """Draw further looks of a person; of a public one they go to a person of the account's own."""
    account = visit.account
    reference = account.look(request.reference_look_id)
    account.wallet.charge(f"looks of {reference.id}", AVATAR)
    person = _owner(visit, reference.person)
    number = _IN_A_PACK if isinstance(request, LookPackLooks) else 1
    tall = isinstance(request, LookPackLooks) and request.aspect_ratio == "9:16"
    width, height = (1080, 1920) if tall else (1920, 1080)
    names = [f"{request.template_id} {at}" for at in range(1, number + 1)]
    made = [_look(account, person, name, Drawn(f"{reference.id} {name}", width, height)) for name in names]
    return CreatedLooks(person.id, [CreatedLook(look.id) for look in made])


@looks.answers(GetLook)
async def read(visit: Visit, request: GetLook) -> AvatarLook:
    """Show a look."""
    return views.look(visit, visit.account.look(request.look_id))


@looks.answers(UpdateLook)
async def update(visit: Visit, request: UpdateLook) -> AvatarLook:
    """Rename a look."""
    look = visit.account.own_look(request.look_id)
    look.name = request.name or look.name
    return views.look(visit, look)


@looks.answers(DeleteLook)
async def delete(visit: Visit, request: DeleteLook) -> DeletedAvatar:
    """Delete a look, and its person with the last of them."""
    look = visit.account.own_look(request.look_id)
    visit.account.drop_look(look)
    return DeletedAvatar(look.id)


@looks.answers(ListLooks)
async def listed(visit: Visit, request: ListLooks) -> Page[AvatarLook]:
    """Show looks, the account's own first."""
    found = (one for one in reversed(visit.account.looks.values()) if _wanted(one, request))
    page = page_of(found, request.limit or 20, request.token, place_of)
    return Page([views.look(visit, one) for one in page.items], page.has_more, page.next_token)


def _wanted(look: Look, request: ListLooks) -> bool:
    return (
        request.ownership in {None, look.person.ownership}
        and request.avatar_type in {None, look.avatar_type}
        and request.group_id in {None, look.person.id}
    )


def _owner(visit: Visit, person: Person) -> Person:
    if not person.public:
        return person
    return visit.account.add_person(
        Person(
            id=fresh_id(),
            name=person.name,
            gender=person.gender,
            default_voice_id=person.default_voice_id,
            created_at=visit.unix,
            place=visit.account.next_place(),
        )
    )


def _look(account: Account, person: Person, name: str, picture: Drawn) -> Look:
    return account.add_look(
        Look(
            id=fresh_id(),
            name=name,
            person=person,
            avatar_type="photo_avatar",
            picture=picture,
            width=picture.width,
            height=picture.height,
            default_voice_id=person.default_voice_id,
            place=account.next_place(),
        )
    )
