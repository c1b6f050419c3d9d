"""What a search finds: pictures, icons and sounds, which are real files."""

from urllib.parse import urlsplit

import pytest
from visitor import JPEG, PNG, Visitor, another, upload

from heygen_async.clock import ManualClock
from heygen_async.emulator import media
from heygen_async.emulator.library import icon

pytestmark = pytest.mark.anyio


async def test_pictures_are_found_by_what_they_show(visitor: Visitor) -> None:
    found = (await visitor.get("/v3/assets/search", query="a beach", type="image")).data
    assert len(found) == 20
    assert len({picture["id"] for picture in found}) == 20
    assert {picture["orientation"] for picture in found} == {"landscape", "portrait", "square"}
    assert all(picture["type"] == "image" and not picture["is_transparent"] for picture in found)
    assert (await visitor.fetch(found[0]["url"])).headers["Content-Type"] == "image/png"
    again = (await visitor.get("/v3/assets/search", query="a beach", type="image")).data
    assert again == found


async def test_a_search_goes_on_page_by_page_to_its_end(visitor: Visitor) -> None:
    found, token = [], None
    while True:
        more = {} if token is None else {"token": token}
        answer = await visitor.get("/v3/assets/search", query="q", type="icon", limit=50, **more)
        found += answer.data
        token = answer.body["next_token"]
        if not answer.body["has_more"]:
            break
    assert len({one["id"] for one in found}) == len(found) == 60


async def test_ones_own_pictures_are_found_by_name(visitor: Visitor) -> None:
    beach = (await upload(visitor, PNG, "Beach at dusk.png")).data
    await upload(visitor, JPEG, "city.jpg")
    query = {"query": "my beach", "type": "image", "scope": "personal"}
    (found,) = (await visitor.get("/v3/assets/search", **query)).data
    assert found["id"] == beach["asset_id"]
    assert (await visitor.fetch(found["url"])).raw == PNG
    assert (await visitor.get("/v3/assets/search", **query | {"type": "icon"})).data == []


@pytest.mark.parametrize(
    ("query", "param"),
    [
        ({"type": "image"}, "query"),
        ({"query": "q"}, "type"),
        ({"query": "q", "type": "video"}, "type"),
        ({"query": "q", "type": "image", "scope": "all"}, "scope"),
        ({"query": "q", "type": "image", "limit": "51"}, "limit"),
        ({"query": "q", "type": "image", "token": "nonsense"}, "token"),
    ],
)
async def test_a_search_that_cannot_be(visitor: Visitor, query: dict[str, str], param: str) -> None:
    assert (await visitor.get("/v3/assets/search", **query)).refusal == (400, "invalid_parameter", param)


def test_an_icon_is_a_picture_with_nothing_around_it() -> None:
    assert media.image_size(icon("a")) == (96, 96)
    assert icon("a") == icon("a") != icon("b")


async def test_sounds_come_with_falling_scores(visitor: Visitor) -> None:
    answer = await visitor.get("/v3/audio/sounds", query="calm piano")
    scores = [sound["score"] for sound in answer.data]
    assert len(scores) == 10
    assert scores == sorted(scores, reverse=True)
    assert {sound["type"] for sound in answer.data} == {"music"}
    assert all({"id", "name", "description", "audio_url"} <= sound.keys() for sound in answer.data)
    assert answer.body["has_more"]


@pytest.mark.parametrize(("least", "count"), [("0.9", 7), ("0.7", 27), ("-1", 40), ("1", 0), (None, 27)])
async def test_only_what_fits_well_enough_is_shown(visitor: Visitor, least: str | None, count: int) -> None:
    query = {"query": "rain", "type": "sound_effects", "limit": "50"} | ({"min_score": least} if least else {})
    assert len((await visitor.get("/v3/audio/sounds", **query)).data) == count


async def test_what_is_wrong_with_a_search_for_sounds(visitor: Visitor) -> None:
    assert (await visitor.get("/v3/audio/sounds")).refusal == (400, "invalid_parameter", "query")
    for name, value in (("min_score", "1.5"), ("min_score", "much"), ("type", "speech"), ("limit", "0")):
        answer = await visitor.get("/v3/audio/sounds", query="q", **{name: value})
        assert answer.refusal == (400, "invalid_parameter", name)


async def test_what_is_found_are_real_files(clock: ManualClock) -> None:
    async with another(clock, synthetic=None) as (_, visitor):
        sound = (await visitor.get("/v3/audio/sounds", query="whoosh", type="sound_effects")).data[0]
        heard = await visitor.fetch(sound["audio_url"])
        assert heard.headers["Content-Type"] == "audio/mpeg"
        assert media.sound_seconds(heard.raw) > 0.3
        assert not urlsplit(sound["audio_url"]).query
        for kind in ("image", "icon"):
            picture = (await visitor.get("/v3/assets/search", query="a beach", type=kind)).data[1]
            seen = await visitor.fetch(picture["url"])
            assert media.image_size(seen.raw) == (picture["width"], picture["height"])
