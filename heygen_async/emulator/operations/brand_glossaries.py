"""Make, read, list, change and delete brand glossaries."""

from heygen_async.api.brand_glossaries import (
    BrandGlossary,
    BrandGlossaryDetail,
    CreateBrandGlossary,
    DeleteBrandGlossary,
    DeletedBrandGlossary,
    GetBrandGlossary,
    GlossaryForcedTranslation,
    GlossaryKeptTerm,
    GlossaryTerm,
    ListBrandGlossaries,
    UpdateBrandGlossary,
)
from heygen_async.emulator.clerk import Clerk
from heygen_async.emulator.glossaries import Glossary
from heygen_async.emulator.paging import page_of, place_of
from heygen_async.emulator.service import Visit
from heygen_async.operation import Page

__all__ = ["brand_glossaries"]

brand_glossaries = Clerk()

_LISTS = ("terms", "forced_translations", "do_not_translate_terms")


@brand_glossaries.answers(CreateBrandGlossary)
async def create(visit: Visit, request: CreateBrandGlossary) -> BrandGlossaryDetail:
    """Make a glossary."""
    now = visit.service.deliveries.now_written()
    glossary = Glossary(name=request.name, created_at=now, updated_at=now)
    _fill(glossary, request)
    return _detail(visit.account.shelf(Glossary).add(glossary))


@brand_glossaries.answers(GetBrandGlossary)
async def read(visit: Visit, request: GetBrandGlossary) -> BrandGlossaryDetail:
    """Show a glossary with its terms."""
    return _detail(visit.account.shelf(Glossary).find(request.brand_glossary_id))


@brand_glossaries.answers(ListBrandGlossaries)
async def listed(visit: Visit, request: ListBrandGlossaries) -> Page[BrandGlossary]:
    """Show glossaries, the newest first."""
    page = page_of(visit.account.shelf(Glossary).newest(), request.limit or 10, request.token, place_of)
    shown = [BrandGlossary(one.id, one.name, one.created_at, one.updated_at) for one in page.items]
    return Page(shown, page.has_more, page.next_token)


@brand_glossaries.answers(UpdateBrandGlossary)
async def update(visit: Visit, request: UpdateBrandGlossary) -> BrandGlossaryDetail:
    """Rename a glossary, or replace its lists."""
    glossary = visit.account.shelf(Glossary).find(request.brand_glossary_id)
    glossary.name = request.name or glossary.name
    _fill(glossary, request)
    glossary.updated_at = visit.service.deliveries.now_written()
    return _detail(glossary)


@brand_glossaries.answers(DeleteBrandGlossary)
async def delete(visit: Visit, request: DeleteBrandGlossary) -> DeletedBrandGlossary:
    """Delete a glossary."""
    return DeletedBrandGlossary(visit.account.shelf(Glossary).drop(request.brand_glossary_id).id)


def _fill(glossary: Glossary, request: CreateBrandGlossary | UpdateBrandGlossary) -> None:
    """Replace those lists that are given."""
    for name in _LISTS:
        given = getattr(request, name)
        if given is not None:
            setattr(glossary, name, tuple(given))


def _detail(glossary: Glossary) -> BrandGlossaryDetail:
    return BrandGlossaryDetail(
        brand_glossary_id=glossary.id,
        name=glossary.name,
        terms=[GlossaryTerm(one.term, one.pronunciation) for one in glossary.terms],
        forced_translations=[
            GlossaryForcedTranslation(one.term, one.translation) for one in glossary.forced_translations
        ],
        do_not_translate_terms=[GlossaryKeptTerm(one.term) for one in glossary.do_not_translate_terms],
        created_at=glossary.created_at,
        updated_at=glossary.updated_at,
    )
