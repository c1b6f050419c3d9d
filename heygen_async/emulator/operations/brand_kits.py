"""Make brand kits. Nobody looks at the web site: its colours, fonts and logos follow from the address."""

from collections.abc import Mapping, Sequence
from functools import partial
from hashlib import sha256
from typing import Any, TypeVar
from urllib.parse import urlsplit

import attrs
from attrs import define, field

from heygen_async.api.brand_kits import (
    BrandFont,
    BrandFonts,
    BrandKit,
    BrandKitColors,
    BrandKitDetail,
    BrandKitFont,
    BrandKitFontRole,
    BrandKitFonts,
    BrandKitLogo,
    BrandKitLogos,
    CreateBrandKit,
    CreatedBrandKit,
    DeleteBrandKit,
    DeletedBrandKit,
    GetBrandKit,
    ListBrandKits,
    UpdateBrandKit,
)
from heygen_async.emulator import media
from heygen_async.emulator.clerk import Clerk
from heygen_async.emulator.paging import page_of, place_of
from heygen_async.emulator.refusals import Refusal, invalid
from heygen_async.emulator.service import Visit
from heygen_async.emulator.works import Order, Words, Work
from heygen_async.operation import CLEAR, Body, Clear, Page, on_the_wire

__all__ = ["House", "brand_kits", "usable_kit"]

Roles = TypeVar("Roles", BrandKitColors, BrandKitFonts, BrandKitLogos, BrandKitFontRole)

brand_kits = Clerk()

_FONTS = ("Inter", "Lora", "Montserrat", "Playfair Display", "Roboto", "Source Serif")
_COLORS = 5


@define(eq=False, kw_only=True)
class House(Work[CreateBrandKit]):
    """A brand kit."""

    noun = "brand kit"
    missing = "resource_not_found"
    words = Words(pending="loading", processing="loading", failed="error")
    takes_slot = False

    name: str
    colors: Sequence[str]
    fonts: Sequence[str]
    color_roles: BrandKitColors
    font_roles: BrandKitFonts
    logo_roles: BrandKitLogos = field(factory=lambda: BrandKitLogos("logo-1"))


def usable_kit(visit: Visit, brand_kit_id: str) -> House:
    """Find a brand kit that a video can have. Raises `Refusal`: 400 for one that nobody knows, 409 for one to come."""
    kit = visit.account.shelf(House).get(brand_kit_id)
    if kit is None:
        raise invalid("brand_kit_id", f"Brand kit {brand_kit_id} not found")
    if kit.status(visit.now) != "completed":
        raise Refusal(409, "brand_kit_not_ready", f"Brand kit {brand_kit_id} is {kit.status(visit.now)}")
    return kit


@brand_kits.answers(CreateBrandKit)
async def create(visit: Visit, request: CreateBrandKit) -> CreatedBrandKit:
    """Begin to make a brand kit."""
    site = urlsplit(request.url if "//" in request.url else f"//{request.url}").hostname
    if site is None:
        raise invalid("url", f"{request.url} is no address of a web site")
    digest = sha256(site.encode()).digest()
    colors = [f"#{digest[3 * at : 3 * at + 3].hex().upper()}" for at in range(_COLORS)]
    fonts = sorted({_FONTS[byte % len(_FONTS)] for byte in digest[-2:]})
    fields = {
        "name": request.name or site.removeprefix("www."),
        "colors": colors,
        "fonts": fonts,
        "color_roles": BrandKitColors(*colors[:4]),
        "font_roles": BrandKitFonts(BrandKitFontRole("font-1", 700), BrandKitFontRole(f"font-{len(fonts)}", 400)),
    }
    return CreatedBrandKit(visit.undertake(Order(House, request, fields=fields)).id)


@brand_kits.answers(GetBrandKit)
async def read(visit: Visit, request: GetBrandKit) -> BrandKitDetail:
    """Show a brand kit, with all that is in it once it is completed."""
    return _detail(visit, visit.account.shelf(House).find(request.brand_kit_id))


@brand_kits.answers(ListBrandKits)
async def listed(visit: Visit, request: ListBrandKits) -> Page[BrandKit]:
    """Show brand kits, the newest first."""
    page = page_of(visit.account.shelf(House).newest(), request.limit or 20, request.token, place_of)
    return Page([_brief(visit, kit) for kit in page.items], page.has_more, page.next_token)


@brand_kits.answers(UpdateBrandKit)
async def update(visit: Visit, request: UpdateBrandKit) -> BrandKitDetail:
    """Rename a brand kit, and give its colours, fonts and logos other parts."""
    kit = visit.account.shelf(House).find(request.brand_kit_id)
    usable_kit(visit, kit.id)
    fonts = _known_fonts(kit, request.font_roles) if request.font_roles else kit.font_roles
    if request.logo_roles and request.logo_roles.primary not in {None, CLEAR, *_logo_ids()}:
        raise invalid("logo_roles.primary", f"The kit has no logo {request.logo_roles.primary}")
    kit.name = request.name or kit.name
    kit.color_roles = _changed(kit.color_roles, request.color_roles)
    kit.font_roles = fonts
    kit.logo_roles = _changed(kit.logo_roles, request.logo_roles)
    return _detail(visit, kit)


@brand_kits.answers(DeleteBrandKit)
async def delete(visit: Visit, request: DeleteBrandKit) -> DeletedBrandKit:
    """Delete a brand kit."""
    kit = visit.account.shelf(House).find(request.brand_kit_id)
    visit.account.drop(kit, visit.now)
    return DeletedBrandKit(kit.id)


def _known_fonts(kit: House, wanted: BrandFonts) -> BrandKitFonts:
    """Give other fonts to texts. Raises `Refusal` for a font that the kit does not have."""
    roles = kit.font_roles
    for name in ("title_text", "body_text"):
        role: BrandFont | Clear | None = getattr(wanted, name)
        if role is None:
            continue
        if isinstance(role, Clear):
            roles = _with(roles, {name: None})
            continue
        if role.font_id not in {None, CLEAR, *_font_ids(kit)}:
            raise invalid(f"font_roles.{name}.font_id", f"The kit has no font {role.font_id}")
        roles = _with(roles, {name: _changed(getattr(roles, name) or BrandKitFontRole(), role)})
    return roles


def _changed(roles: Roles, wanted: Body | None) -> Roles:
    """Take over what is given, and nothing else."""
    if wanted is None:
        return roles
    given = {at.name: getattr(wanted, at.name) for at in on_the_wire(type(wanted))}
    changes = {name: None if value is CLEAR else value for name, value in given.items() if value is not None}
    return _with(roles, changes)


def _with(roles: Roles, changes: Mapping[str, Any]) -> Roles:
    return attrs.evolve(roles, **changes)


def _font_ids(kit: House) -> list[str]:
    return [f"font-{number}" for number, _ in enumerate(kit.fonts, 1)]


def _logo_ids() -> list[str]:
    return ["logo-1", "logo-2"]


def _detail(visit: Visit, kit: House) -> BrandKitDetail:
    if kit.stage(visit.now) != "completed":
        return BrandKitDetail(kit.id, kit.name, kit.status(visit.now))
    return BrandKitDetail(
        brand_kit_id=kit.id,
        name=kit.name,
        status=kit.status(visit.now),
        colors=kit.colors,
        color_roles=kit.color_roles,
        fonts=[BrandKitFont(font_id, name) for font_id, name in zip(_font_ids(kit), kit.fonts, strict=True)],
        font_roles=kit.font_roles,
        logos=[BrandKitLogo(logo_id, f"{kit.name} {logo_id}", _logo(visit, kit, logo_id)) for logo_id in _logo_ids()],
        logo_roles=kit.logo_roles,
    )


def _brief(visit: Visit, kit: House) -> BrandKit:
    done = kit.stage(visit.now) == "completed"
    logo = _logo(visit, kit, kit.logo_roles.primary) if done and kit.logo_roles.primary else None
    return BrandKit(kit.id, kit.name, kit.colors if done else (), logo)


def _logo(visit: Visit, kit: House, logo_id: str) -> str:
    """Return where a logo can be seen."""
    return visit.exhibit(f"{kit.id}-{logo_id}", ".png", partial(media.backdrop, f"{kit.name} {logo_id}", 256, 256))
