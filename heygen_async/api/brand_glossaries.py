"""Brand glossaries: how words are spoken and translated, and which stay; ``heygen.brand_glossaries``.

A term keeps its spelling in captions: a glossary changes what is heard.
"""

from collections.abc import Sequence

from attrs import field, frozen

from heygen_async.operation import DELETE, GET, PATCH, POST, Answer, Body, Keyed, PageRequest, Request
from heygen_async.resource import Resource, call, pages
from heygen_async.rules import IDENTIFIER, Between, Length, rule

__all__ = [
    "BrandGlossaries",
    "BrandGlossary",
    "BrandGlossaryDetail",
    "CreateBrandGlossary",
    "DeleteBrandGlossary",
    "DeletedBrandGlossary",
    "ForcedTranslation",
    "GetBrandGlossary",
    "GlossaryForcedTranslation",
    "GlossaryKeptTerm",
    "GlossaryTerm",
    "KeptTerm",
    "ListBrandGlossaries",
    "Pronunciation",
    "UpdateBrandGlossary",
]

NAME = Length(1, 64)
WORDS = Length(1, 5000)


@frozen
class BrandGlossary(Answer):
    """A brand glossary in a list."""

    brand_glossary_id: str
    name: str = ""
    created_at: str = ""
    """ISO 8601, UTC."""

    updated_at: str = ""
    """ISO 8601, UTC."""


@frozen
class GlossaryTerm(Answer):
    """How a term is spoken."""

    term: str = ""
    """As it is written in scripts, whatever the case."""

    pronunciation: str = ""


@frozen
class GlossaryForcedTranslation(Answer):
    """How a term is translated."""

    term: str = ""
    translation: str = ""


@frozen
class GlossaryKeptTerm(Answer):
    """A term that no translation changes."""

    term: str = ""


@frozen
class BrandGlossaryDetail(Answer):
    """One brand glossary, with all that is in it."""

    brand_glossary_id: str
    name: str = ""
    terms: Sequence[GlossaryTerm] = ()
    """How terms are spoken."""

    forced_translations: Sequence[GlossaryForcedTranslation] = ()
    """How terms are translated."""

    do_not_translate_terms: Sequence[GlossaryKeptTerm] = ()
    """Terms that no translation changes."""

    created_at: str = ""
    """ISO 8601, UTC."""

    updated_at: str = ""
    """ISO 8601, UTC."""


@frozen
class DeletedBrandGlossary(Answer):
    """The receipt for a deletion."""

    brand_glossary_id: str


@frozen
class Pronunciation(Body):
    """Say how a term is spoken: ``Pronunciation("HeyGen", "hey jen")``."""

    term: str = field(metadata=rule(WORDS))
    pronunciation: str = field(metadata=rule(WORDS))
    """What the voice reads in its place."""


@frozen
class ForcedTranslation(Body):
    """Say how a term is translated."""

    term: str = field(metadata=rule(WORDS))
    translation: str = field(metadata=rule(WORDS))


@frozen
class KeptTerm(Body):
    """Keep a term as it is, whatever it is translated into."""

    term: str = field(metadata=rule(WORDS))


@frozen
class GetBrandGlossary(Request[BrandGlossaryDetail]):
    """One brand glossary, with all that is in it."""

    endpoint = GET("/v3/brand-glossaries/{brand_glossary_id}", since="2026-08")
    brand_glossary_id: str = field(metadata=rule(IDENTIFIER))


@frozen(kw_only=True)
class ListBrandGlossaries(PageRequest[BrandGlossary]):
    """The account's brand glossaries."""

    endpoint = GET("/v3/brand-glossaries")
    limit: int | None = field(default=None, metadata=rule(Between(1, 100, whole=True)))
    """How many per page, 1 to 100; HeyGen's default is 10."""

    token: str | None = None
    """Where to go on; the client fills it."""


@frozen(kw_only=True)
class CreateBrandGlossary(Keyed, Request[BrandGlossaryDetail]):
    """Make a brand glossary. Its id goes into videos and translations."""

    endpoint = POST("/v3/brand-glossaries", status=201, since="2026-09")
    name: str = field(metadata=rule(NAME))
    """1 to 64 characters."""

    terms: Sequence[Pronunciation] | None = None
    """How words are spoken."""

    forced_translations: Sequence[ForcedTranslation] | None = None
    """How words are translated."""

    do_not_translate_terms: Sequence[KeptTerm] | None = None
    """Which words stay as they are."""


@frozen
class UpdateBrandGlossary(Request[BrandGlossaryDetail]):
    """Rename a brand glossary, or give it other terms: a list that is given replaces what was there."""

    endpoint = PATCH("/v3/brand-glossaries/{brand_glossary_id}", since="2026-09")
    brand_glossary_id: str = field(metadata=rule(IDENTIFIER))
    name: str | None = field(default=None, kw_only=True, metadata=rule(NAME))
    """1 to 64 characters; ``None`` leaves it, as for all that follows."""

    terms: Sequence[Pronunciation] | None = field(default=None, kw_only=True)
    """How words are spoken."""

    forced_translations: Sequence[ForcedTranslation] | None = field(default=None, kw_only=True)
    """How words are translated."""

    do_not_translate_terms: Sequence[KeptTerm] | None = field(default=None, kw_only=True)
    """Which words stay as they are."""


@frozen
class DeleteBrandGlossary(Request[DeletedBrandGlossary]):
    """Delete a brand glossary."""

    endpoint = DELETE("/v3/brand-glossaries/{brand_glossary_id}", since="2026-09")
    brand_glossary_id: str = field(metadata=rule(IDENTIFIER))


class BrandGlossaries(Resource):
    """``heygen.brand_glossaries``: how words are spoken and translated."""

    create = call(CreateBrandGlossary)
    get = call(GetBrandGlossary)
    update = call(UpdateBrandGlossary)
    delete = call(DeleteBrandGlossary)
    list = pages(ListBrandGlossaries)
