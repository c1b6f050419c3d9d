"""Read, list, rename and delete looks, and make further ones of one."""

from operator import itemgetter

from heygen_async.api.deletions import Deleted
from heygen_async.api.looks import (
    AvatarLook,
    CreatedLook,
    CreatedLooks,
    DeleteLook,
    GetLook,
    ListLooks,
    ListLookTemplates,
    LookPackLooks,
    LookTemplate,
    TemplateLooks,
    UpdateLook,
)
from heygen_async.emulator import media, views
from heygen_async.emulator.account import Look, Person
from heygen_async.emulator.clerk import Clerk
from heygen_async.emulator.look_templates import TEMPLATES, Template, template_for
from heygen_async.emulator.paging import page_of, place_of
from heygen_async.emulator.service import Visit
from heygen_async.emulator.sources import Imagined
from heygen_async.emulator.trainings import train
from heygen_async.emulator.wallet import AVATAR
from heygen_async.operation import Page

__all__ = ["looks"]

looks = Clerk()


@looks.answers(TemplateLooks | LookPackLooks)
async def create(visit: Visit, request: TemplateLooks | LookPackLooks) -> CreatedLooks:
    """Begin to draw further looks of a person; of a public one they go to a person of the account's own."""
    account = visit.account
    reference = account.look(request.reference_look_id)
    template = template_for(request.template_id, request.tag)
    tall = isinstance(request, LookPackLooks) and request.aspect_ratio == "9:16"
    size = (1080, 1920) if tall else (1920, 1080)
    person = _owner(visit, reference.person)
    made = [
        _look(person, f"{template.name} {number}", Imagined(prompt, *size, like=reference.picture))
        for number, prompt in enumerate(template.prompts, 1)
    ]
    train(visit, request, made, AVATAR)
    account.groups.setdefault(person.id, person)
    for look in made:
        account.add_look(look)
    return CreatedLooks(person.id, [CreatedLook(look.id) for look in made])


@looks.answers(ListLookTemplates)
async def templates(visit: Visit, request: ListLookTemplates) -> Page[LookTemplate]:
    """Show what looks can be made after."""
    found = [(-place, one) for place, one in enumerate(TEMPLATES) if _fits(one, request)]
    page = page_of(found, request.limit or 20, request.token, itemgetter(0))
    return Page([_template(visit, one) for _, one in page.items], page.has_more, page.next_token)


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
async def delete(visit: Visit, request: DeleteLook) -> Deleted:
    """Delete a look, and its person with the last of them."""
    look = visit.account.own_look(request.look_id)
    visit.account.drop_look(look)
    return Deleted(look.id)


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


def _fits(template: Template, request: ListLookTemplates) -> bool:
    return request.type in {None, template.type} and (
        request.gender is None or template.gender in {None, request.gender}
    )


def _template(visit: Visit, one: Template) -> LookTemplate:
    def preview() -> bytes:
        return media.look(one.prompts[0], 360, 640)

    return LookTemplate(
        id=one.id,
        name=one.name,
        type=one.type,
        gender=one.gender,
        looks_count=len(one.prompts),
        preview_image_url=visit.exhibit(f"look-template-{one.id}", ".png", preview),
    )


def _owner(visit: Visit, person: Person) -> Person:
    """Find whose looks they become; somebody new is on no shelf yet."""
    if not person.public:
        return person
    return Person(
        name=person.name,
        gender=person.gender,
        default_voice_id=person.default_voice_id,
        created_at=visit.unix,
        place=visit.account.next_place(),
    )


def _look(person: Person, name: str, picture: Imagined) -> Look:
    return Look(
        name=name,
        person=person,
        avatar_type="photo_avatar",
        picture=picture,
        width=picture.width,
        height=picture.height,
        default_voice_id=person.default_voice_id,
    )
