import asyncio
from typing import Any

import pytest

from heygen_async import HeyGen, NotFound
from heygen_async.api.brand_glossaries import (
    CreateBrandGlossary,
    ForcedTranslation,
    GetBrandGlossary,
    GlossaryTerm,
    KeptTerm,
    Pronunciation,
    UpdateBrandGlossary,
)
from heygen_async.codec import decode, encode
from heygen_async.errors import RequestInvalid

pytestmark = pytest.mark.anyio


def test_a_glossary_says_how_words_are_spoken_and_translated() -> None:
    request = CreateBrandGlossary(
        name="House",
        terms=[Pronunciation("HeyGen", "hey jen")],
        forced_translations=[ForcedTranslation("Reformer", "Pilates-Gerät")],
        do_not_translate_terms=[KeptTerm("Launchpad")],
    )
    assert encode(request).body == {
        "name": "House",
        "terms": [{"term": "HeyGen", "pronunciation": "hey jen"}],
        "forced_translations": [{"term": "Reformer", "translation": "Pilates-Gerät"}],
        "do_not_translate_terms": [{"term": "Launchpad"}],
    }
    assert encode(UpdateBrandGlossary("g", terms=[])).body == {"terms": []}


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (lambda: CreateBrandGlossary(name=""), "name: must not be empty"),
        (lambda: CreateBrandGlossary(name="x" * 65), "name: has 65 characters; at most 64 are allowed"),
        (lambda: UpdateBrandGlossary("g", name="x" * 65), "name: has 65 characters; at most 64 are allowed"),
        (lambda: Pronunciation("", "x"), "term: must not be empty"),
        (lambda: ForcedTranslation("x", ""), "translation: must not be empty"),
    ],
)
def test_names_and_terms_have_bounds(make: Any, reason: str) -> None:
    with pytest.raises(RequestInvalid, match=reason):
        make()


def test_a_glossary_is_read_even_if_a_term_is_odd() -> None:
    body = b'{"data": {"brand_glossary_id": "g", "terms": [{"term": "a"}, {"pronunciation": "b", "new": 1}]}}'
    glossary = decode(GetBrandGlossary("g"), 200, {}, body)
    assert glossary.terms == (GlossaryTerm("a"), GlossaryTerm(pronunciation="b", extra={"new": 1}))


async def test_a_glossary_is_made_read_changed_listed_and_deleted(heygen: HeyGen) -> None:
    glossaries = heygen.brand_glossaries
    made = await glossaries.create(name="House", terms=[Pronunciation("HeyGen", "hey jen")])
    assert await glossaries.get(made.brand_glossary_id) == made
    changed = await glossaries.update(made.brand_glossary_id, name="Ours")
    assert (changed.name, changed.terms) == ("Ours", made.terms)
    assert [one.name async for one in glossaries.list()] == ["Ours"]
    assert (await glossaries.delete(made.brand_glossary_id)).brand_glossary_id == made.brand_glossary_id
    with pytest.raises(NotFound):
        await glossaries.delete(made.brand_glossary_id)


async def test_many_are_made_at_once_and_the_same_key_makes_one(heygen: HeyGen) -> None:
    made = await asyncio.gather(*(heygen.brand_glossaries.create(name=f"No. {number}") for number in range(10)))
    assert len({one.brand_glossary_id for one in made}) == 10
    same = [await heygen.brand_glossaries.create(name="Again", idempotency_key="k") for _ in range(2)]
    assert same[0] == same[1]
    assert len([one async for one in heygen.brand_glossaries.list()]) == 11
