"""Brand kits of web sites, and glossaries that say how words are spoken."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from visitor import ANNA, Visitor

from heygen_async.api.bodies import video_from_wire
from heygen_async.api.brand_glossaries import Pronunciation
from heygen_async.emulator import Emulator, FailRender, Fault, media
from heygen_async.emulator.glossaries import Glossary

pytestmark = pytest.mark.anyio


# Kits.


async def kit(visitor: Visitor, url: str = "https://www.example.com/about", **fields: Any) -> str:
    answer = await visitor.post("/v3/brand-kits", {"url": url} | fields)
    assert (answer.status, answer.data["status"]) == (201, "loading")
    brand_kit_id: str = answer.data["brand_kit_id"]
    return brand_kit_id


async def test_a_kit_is_loading_and_then_complete(visitor: Visitor) -> None:
    path = f"/v3/brand-kits/{await kit(visitor)}"
    loading = (await visitor.get(path)).data
    assert (loading["name"], loading["status"], loading["colors"]) == ("example.com", "loading", [])
    assert (await visitor.send("PATCH", path, json={"name": "Ours"})).refusal == (409, "brand_kit_not_ready", None)
    await visitor.clock.advance(62)
    shown = (await visitor.get(path)).data
    assert (shown["status"], len(shown["colors"])) == ("completed", 5)
    assert shown["color_roles"]["primary"] == shown["colors"][0]
    assert shown["font_roles"]["title_text"]["font_id"] in {font["font_id"] for font in shown["fonts"]}
    assert shown["logo_roles"]["primary"] == shown["logos"][0]["logo_id"]
    logo = await visitor.fetch(shown["logos"][0]["url"])
    assert logo.headers["Content-Type"] == "image/png"


async def test_the_same_site_has_the_same_colours(visitor: Visitor) -> None:
    ids = [await kit(visitor, url) for url in ("example.com", "https://example.com/shop", "example.org")]
    await visitor.clock.advance(62)
    colors = [(await visitor.get(f"/v3/brand-kits/{one}")).data["colors"] for one in ids]
    assert colors[0] == colors[1] != colors[2]


async def test_a_kit_is_changed_role_by_role(visitor: Visitor) -> None:
    path = f"/v3/brand-kits/{await kit(visitor, name='Ours')}"
    await visitor.clock.advance(62)
    before = (await visitor.get(path)).data
    body = {
        "name": "New",
        "color_roles": {"accent": "#000000"},
        "font_roles": {"body_text": {"weight": 300}},
        "logo_roles": {"primary": "logo-2"},
    }
    after = (await visitor.send("PATCH", path, json=body)).data
    assert (before["name"], after["name"], after["logo_roles"]) == ("Ours", "New", {"primary": "logo-2"})
    assert after["color_roles"] == before["color_roles"] | {"accent": "#000000"}
    assert after["font_roles"]["body_text"] == before["font_roles"]["body_text"] | {"weight": 300}
    assert after["font_roles"]["title_text"] == before["font_roles"]["title_text"]
    assert (await visitor.get(path)).data == after
    assert (await visitor.send("PATCH", path, json={})).data == after


@pytest.mark.parametrize(
    ("body", "param"),
    [
        ({"font_roles": {"title_text": {"font_id": "font-9"}}}, "font_roles.title_text.font_id"),
        ({"logo_roles": {"primary": "logo-9"}}, "logo_roles.primary"),
        ({"font_roles": {"title_text": {"weight": 0}}}, "font_roles.title_text.weight"),
        ({"colour": "red"}, "colour"),
    ],
)
async def test_a_kit_has_only_what_it_has(visitor: Visitor, body: Any, param: str) -> None:
    path = f"/v3/brand-kits/{await kit(visitor)}"
    await visitor.clock.advance(62)
    assert (await visitor.send("PATCH", path, json=body)).refusal == (400, "invalid_parameter", param)


async def test_kits_are_listed_and_deleted(visitor: Visitor) -> None:
    made = [await kit(visitor, f"{at}.example.com") for at in range(3)]
    assert "logo_url" not in (await visitor.get("/v3/brand-kits")).data[0]
    await visitor.clock.advance(62)
    first = (await visitor.get("/v3/brand-kits", limit=2)).body
    rest = (await visitor.get("/v3/brand-kits", token=first["next_token"])).body
    assert [one["brand_kit_id"] for one in (*first["data"], *rest["data"])] == made[::-1]
    assert first["data"][0]["logo_url"].endswith(".png")
    path = f"/v3/brand-kits/{made[0]}"
    assert (await visitor.delete(path)).data == {"brand_kit_id": made[0]}
    assert (await visitor.delete(path)).refusal == (404, "resource_not_found", None)
    assert (await visitor.get(path)).status == 404


async def test_a_site_can_be_unreadable(visitor: Visitor, emulator: Emulator) -> None:
    emulator.faults.add(Fault(FailRender(), path="/v3/brand-kits"))
    path = f"/v3/brand-kits/{await kit(visitor)}"
    await visitor.clock.advance(62)
    assert (await visitor.get(path)).data["status"] == "error"
    assert (await visitor.post("/v3/brand-kits", {"url": "//"})).refusal == (400, "invalid_parameter", "url")


async def test_an_agent_takes_a_kit_that_is_complete(visitor: Visitor) -> None:
    body = {"prompt": "Bread", "brand_kit_id": await kit(visitor)}
    assert (await visitor.post("/v3/video-agents", body)).refusal == (409, "brand_kit_not_ready", None)
    await visitor.clock.advance(62)
    assert (await visitor.post("/v3/video-agents", body)).status == 200


# Glossaries.

TERMS = {
    "name": "House style",
    "terms": [{"term": "HeyGen", "pronunciation": "hey jen"}],
    "forced_translations": [{"term": "Reformer", "translation": "Pilates-Gerät"}],
    "do_not_translate_terms": [{"term": "Launchpad"}],
}


async def glossary(visitor: Visitor, **fields: Any) -> str:
    answer = await visitor.post("/v3/brand-glossaries", TERMS | fields)
    assert answer.status == 201
    brand_glossary_id: str = answer.data["brand_glossary_id"]
    return brand_glossary_id


async def test_a_glossary_is_made_read_changed_listed_and_deleted(visitor: Visitor) -> None:
    made = await glossary(visitor)
    path = f"/v3/brand-glossaries/{made}"
    shown = (await visitor.get(path)).data
    assert {name: shown[name] for name in TERMS} == TERMS
    assert shown["created_at"] == shown["updated_at"]
    assert shown["created_at"].endswith("Z")
    await visitor.clock.advance(60)
    changed = (await visitor.send("PATCH", path, json={"name": "New", "terms": []})).data
    assert (changed["name"], changed["terms"]) == ("New", [])
    assert changed["forced_translations"] == TERMS["forced_translations"]
    assert changed["updated_at"] > changed["created_at"]
    (listed,) = (await visitor.get("/v3/brand-glossaries")).data
    assert listed == {name: changed[name] for name in ("brand_glossary_id", "name", "created_at", "updated_at")}
    assert (await visitor.delete(path)).data == {"brand_glossary_id": made}
    assert (await visitor.delete(path)).refusal == (404, "resource_not_found", None)


async def test_a_glossary_says_how_a_script_is_read(visitor: Visitor, emulator: Emulator) -> None:
    made = await glossary(visitor)
    scenes = [
        {"type": "avatar_video", "input": {"type": "avatar", "avatar_id": ANNA, "script": "Hello HeyGen"}},
        {
            "type": "image",
            "source": {"type": "url", "url": "https://example.com/a.png"},
            "script": "heygen!",
            "voice_id": emulator.account.looks[ANNA].default_voice_id,
        },
        {"type": "video", "source": {"type": "url", "url": "https://example.com/a.mp4"}},
    ]
    for fields, said in (
        ({"script": "Welcome to HEYGEN, not HeyGens."}, ["Welcome to hey jen, not HeyGens."]),
        ({"script": "HeyGen", "caption": {"file_format": "srt"}}, ["HeyGen"]),
        ({"type": "studio", "scenes": scenes, "avatar_id": None, "script": None}, ["Hello hey jen", "hey jen!"]),
    ):
        assert await heard(emulator, {"brand_glossary_id": made} | fields) == said
    assert await visitor.refusal(brand_glossary_id="none") == (404, "resource_not_found", None)


async def heard(emulator: Emulator, fields: Any) -> list[str]:
    """What voices read in a video, as its screenplay says."""
    body = {"type": "avatar", "avatar_id": ANNA, "script": "Hello!"} | fields
    request = video_from_wire({name: value for name, value in body.items() if value is not None})
    assert emulator._service is not None
    play = await emulator._service.casting.cast(request)
    return [shot.sound.text for shot in play.shots if isinstance(shot.sound, media.Speech)]


@given(st.dictionaries(st.text(min_size=1, max_size=5), st.text(min_size=1, max_size=5), max_size=4), st.text())
def test_no_terms_break_a_script(terms: dict[str, str], script: str) -> None:
    spoken = [Pronunciation(term, said) for term, said in terms.items() if term.strip() and said.strip()]
    one = Glossary(name="n", terms=spoken, created_at="", updated_at="")
    read = one.respelled(script)
    if not any(term.lower() in script.lower() for term in terms):
        assert read == script[:5000]
