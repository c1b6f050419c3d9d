"""Templates: stateful, paid for by the second of what they make; and a real one that says what was filled in."""

from pathlib import Path
from typing import Any

import pytest
from spectator import see
from visitor import ANNA, MP3, PNG, TOM, Visitor, another, upload

from heygen_async.clock import ManualClock
from heygen_async.emulator import Emulator, FailRender, Fault

pytestmark = pytest.mark.anyio

PATH = "/v3/templates"
PICTURE = {"type": "url", "url": "https://example.com/a.png"}
SCRIPT = "Hello Ada, welcome to Berlin."
STUDIO = {
    "type": "studio",
    "script": None,
    "avatar_id": None,
    "scenes": [
        {"type": "avatar_video", "input": {"type": "avatar", "avatar_id": ANNA, "script": SCRIPT}},
        {"type": "image", "source": PICTURE, "duration": 2},
        {"type": "video", "source": {"type": "url", "url": "https://example.com/b.mp4"}, "playback": {"mute": True}},
    ],
}


async def create(visitor: Visitor, **video: Any) -> Any:
    """Make a template of a video; without fields, of one in which Anna greets."""
    fields = {"script": SCRIPT} | video
    body = {"type": "avatar", "avatar_id": ANNA} | fields
    video_id = (await visitor.post("/v3/videos", {k: v for k, v in body.items() if v is not None})).data["video_id"]
    return (await visitor.post(PATH, {"video_id": video_id, "name": "Greeting"})).data


async def declare(visitor: Visitor, template: Any, **variables: Any) -> Any:
    return await visitor.send("PUT", f"{PATH}/{template['id']}/variables", json={"variables": variables})


async def generate(visitor: Visitor, template: Any, variables: Any = None, **fields: Any) -> Any:
    return await visitor.post(f"{PATH}/{template['id']}", {"variables": variables or {}} | fields)


def element(template: Any, scene: int = 0) -> str:
    found: str = template["composition"]["scenes"][scene]["elements"][0]["id"]
    return found


def line(template: Any, scene: int = 0) -> str:
    found: str = template["composition"]["scenes"][scene]["script"][0]["id"]
    return found


async def test_a_template_shows_what_its_video_is_composed_of(visitor: Visitor) -> None:
    template = await create(visitor, **STUDIO)
    scenes = template["composition"]["scenes"]
    assert [scene["id"] for scene in scenes] == template["scene_ids"]
    assert [scene["elements"][0]["type"] for scene in scenes] == ["avatar", "image", "video"]
    assert [scene["elements"][0]["bindable_as"] for scene in scenes] == [["character"], ["image"], ["video"]]
    assert scenes[0]["script"][0]["bindable_as"] == ["text", "voice"]
    assert scenes[0]["script"][0]["voice_id"]
    assert (scenes[1]["script"][0]["type"], scenes[1]["script"][0]["duration"]) == ("silence", 2)
    assert (scenes[2]["script"], scenes[2]["elements"][0]["volume"]) == ([], 0.0)
    assert [scene["script"] for scene in template["scenes"] if "script" in scene] == [SCRIPT]
    assert (template["name"], template["edit_version"], template["variables"]) == ("Greeting", "1", {})
    preview = await visitor.fetch(template["thumbnail_url"])
    assert preview.headers["Content-Type"] == "image/png"


async def test_placeholders_in_a_script_are_variables_from_the_start(visitor: Visitor) -> None:
    template = await create(visitor, script="Hello {{ name }}, this is {{city}}.")
    assert {name: one["type"] for name, one in template["variables"].items()} == {"name": "text", "city": "text"}
    name = {"type": "text", "properties": {"content": "Ada"}}
    video_id = (await generate(visitor, template, {"name": name})).data["id"]
    assert await said(visitor, video_id) == ["Hello Ada, this is {{city}}."]


async def said(visitor: Visitor, video_id: str) -> list[str]:
    await visitor.clock.advance(62)
    scenes = (await visitor.get(f"/v3/videos/{video_id}/scenes")).data["scenes"]
    return [each["text"] for scene in scenes for each in scene["script"] if each["type"] == "text"]


async def test_declaring_replaces_everything_and_counts_up(visitor: Visitor) -> None:
    template = await create(visitor)
    await declare(visitor, template, name={"type": "text", "match": "Ada"}, city={"type": "text", "match": "Berlin"})
    once = (await visitor.get(f"{PATH}/{template['id']}")).data
    assert once["scenes"][0]["script"] == "Hello {{name}}, welcome to {{city}}."
    assert [one["name"] for one in once["scenes"][0]["variables"]] == ["name", "city"]
    twice = (await declare(visitor, template, name={"type": "text", "match": "Hello"})).data
    assert (twice["scenes"][0]["script"], twice["edit_version"]) == ("{{name}} Ada, welcome to Berlin.", "3")
    assert twice["variables"] == {"name": {"name": "name", "type": "text", "properties": {"content": "Hello"}}}


async def test_every_type_of_variable_is_bound_and_filled(visitor: Visitor) -> None:
    template = await create(visitor, **STUDIO)
    voice = next(
        one["voice_id"]
        for one in (await visitor.get("/v3/voices", limit="100")).body["data"]
        if one["voice_id"] != template["composition"]["scenes"][0]["script"][0]["voice_id"]
    )
    asset = (await upload(visitor, PNG)).data["asset_id"]
    bound = await declare(
        visitor,
        template,
        greeting={"type": "text", "element_id": line(template)},
        voice={"type": "voice", "element_id": line(template)},
        who={"type": "character", "element_id": element(template)},
        picture={"type": "image", "element_id": element(template, 1)},
        clip={"type": "video", "element_id": element(template, 2)},
    )
    shown = bound.data["variables"]
    assert {name: one["properties"] for name, one in shown.items()} == {
        "greeting": {"content": SCRIPT},
        "voice": {},
        "who": {"character_id": ANNA, "type": "avatar"},
        "picture": {"url": "https://example.com/a.png"},
        "clip": {"url": "https://example.com/b.mp4"},
    }
    scenes = bound.data["composition"]["scenes"]
    assert [scene["elements"][0]["variable"] for scene in scenes] == ["who", "picture", "clip"]
    values = {
        "greeting": {"type": "text", "properties": {"content": "Guten Tag!"}},
        "voice": {"type": "voice", "properties": {"voice_id": voice}},
        "who": {"type": "character", "properties": {"character_id": TOM, "type": "talking_photo"}},
        "picture": {"type": "image", "properties": {"asset_id": asset}},
        "clip": {"type": "video", "properties": {"url": "https://example.com/c.mp4"}},
    }
    video = (await generate(visitor, template, values)).data
    assert (video["title"], video["status"]) == ("Greeting", "pending")
    await visitor.clock.advance(62)
    first, second, third = (await visitor.get(f"/v3/videos/{video['id']}/scenes")).data["scenes"]
    assert (first["script"][0]["text"], first["script"][0]["voice_id"]) == ("Guten Tag!", voice)
    assert first["elements"][0]["avatar_id"] == TOM
    assert asset in second["elements"][0]["url"]
    assert third["elements"][0]["url"] == "https://example.com/c.mp4"


async def test_a_sound_a_picture_and_a_background_can_be_exchanged(visitor: Visitor) -> None:
    sound, picture = [(await upload(visitor, content)).data["asset_id"] for content in (MP3, PNG)]
    template = await create(
        visitor,
        type="image",
        avatar_id=None,
        script=None,
        image={"type": "asset_id", "asset_id": picture},
        audio_url="https://example.com/a.mp3",
        background={"type": "image", "url": "https://example.com/wall.png"},
    )
    (scene,) = template["composition"]["scenes"]
    bound = await declare(
        visitor,
        template,
        sound={"type": "audio", "element_id": scene["script"][0]["id"]},
        face={"type": "image", "element_id": scene["elements"][0]["id"]},
        wall={"type": "image", "element_id": scene["background"]["id"]},
    )
    assert {name: one["properties"] for name, one in bound.data["variables"].items()} == {
        "sound": {"url": "https://example.com/a.mp3"},
        "face": {"asset_id": picture},
        "wall": {"url": "https://example.com/wall.png"},
    }
    values = {
        "sound": {"type": "audio", "properties": {"asset_id": sound}},
        "face": {"type": "image", "properties": {"url": "https://example.com/b.png"}},
        "wall": {"type": "image", "properties": {"asset_id": picture}},
    }
    video_id = (await generate(visitor, template, values)).data["id"]
    back = {"wall": {"type": "image", "properties": {"url": "https://example.com/c.png"}}}
    back["sound"] = {"type": "audio", "properties": {"url": "https://example.com/b.mp3"}}
    other_id = (await generate(visitor, template, back)).data["id"]
    await visitor.clock.advance(62)
    (shown,) = (await visitor.get(f"/v3/videos/{video_id}/scenes")).data["scenes"]
    assert sound in shown["script"][0]["audio_url"]
    assert shown["elements"][0]["url"] == "https://example.com/b.png"
    assert picture in shown["background"]["url"]
    (shown,) = (await visitor.get(f"/v3/videos/{other_id}/scenes")).data["scenes"]
    assert shown["script"][0]["audio_url"] == "https://example.com/b.mp3"
    assert shown["background"]["url"] == "https://example.com/c.png"


async def test_scenes_are_chosen_repeated_and_put_in_another_order(visitor: Visitor, emulator: Emulator) -> None:
    template = await create(visitor, **STUDIO)
    greeting, picture, _ = template["scene_ids"]
    video = (await generate(visitor, template, scene_ids=[picture, greeting, greeting])).data
    assert await said(visitor, video["id"]) == [SCRIPT, SCRIPT]
    alone = await create(visitor)
    once, twice = [
        (await generate(visitor, alone, scene_ids=alone["scene_ids"] * times)).data["id"] for times in (1, 2)
    ]
    videos = emulator.account.videos
    assert videos[twice].cost == pytest.approx(2 * videos[once].cost)
    answer = await generate(visitor, alone, scene_ids=[greeting])
    assert answer.refusal == (400, "invalid_parameter", "scene_ids.0")


@pytest.mark.parametrize(
    ("variables", "param"),
    [
        ({"x": {"type": "text", "match": "Grace"}}, "variables.x.match"),
        ({"x": {"type": "text"}}, "variables.x"),
        ({"x": {"type": "text", "element_id": "unknown"}}, "variables.x.element_id"),
        ({"x": {"type": "voice"}}, "variables.x.element_id"),
        ({"x": {"type": "image", "element_id": "AVATAR"}}, "variables.x.type"),
        ({"x": {"type": "audio", "element_id": "SCRIPT"}}, "variables.x.type"),
        ({"x y": {"type": "text", "match": "Ada"}}, "variables"),
        ({"x": {"type": "music"}}, "variables.x.type"),
    ],
)
async def test_a_variable_that_stands_for_nothing_is_refused(visitor: Visitor, variables: Any, param: str) -> None:
    template = await create(visitor)
    places = {"AVATAR": element(template), "SCRIPT": line(template)}
    for one in variables.values():
        one.update({name: places[value] for name, value in one.items() if value in places})
    assert (await declare(visitor, template, **variables)).refusal == (400, "invalid_parameter", param)
    assert (await visitor.get(f"{PATH}/{template['id']}")).data["edit_version"] == "1"


@pytest.mark.parametrize(
    ("variables", "param"),
    [
        ({"unknown": {"type": "text", "properties": {"content": "x"}}}, "variables.unknown"),
        ({"name": {"type": "voice", "properties": {"voice_id": "v"}}}, "variables.name.type"),
        ({"name": {"type": "text", "properties": {}}}, "variables.name.properties.content"),
        ({"name": {"type": "text", "properties": {"content": 5}}}, "variables.name.properties.content"),
        ({"name": "Ada"}, "variables.name"),
    ],
)
async def test_what_cannot_be_filled_in_is_refused(visitor: Visitor, variables: Any, param: str) -> None:
    template = await create(visitor)
    await declare(visitor, template, name={"type": "text", "match": "Ada"})
    assert (await generate(visitor, template, variables)).refusal == (400, "invalid_parameter", param)


async def test_what_is_filled_in_must_exist(visitor: Visitor) -> None:
    template = await create(visitor)
    await declare(visitor, template, who={"type": "character", "element_id": element(template)})
    values = {"who": {"type": "character", "properties": {"character_id": "nobody", "type": "avatar"}}}
    assert (await generate(visitor, template, values)).refusal == (404, "avatar_not_found", None)


async def test_a_size_has_the_shape_of_the_template(visitor: Visitor) -> None:
    template = await create(visitor)
    for size in ({"width": 854, "height": 480}, {"width": 640, "height": 360}):
        assert (await generate(visitor, template, dimension=size)).status == 200
    answer = await generate(visitor, template, dimension={"width": 720, "height": 1280})
    assert answer.refusal == (400, "invalid_parameter", "dimension")


async def test_not_every_video_becomes_a_template(visitor: Visitor, emulator: Emulator, clock: ManualClock) -> None:
    cinematic = {"type": "cinematic_avatar", "avatar_id": [ANNA], "prompt": "A dance"}
    emulator.faults.add(Fault(FailRender()))
    for body in (cinematic, {"type": "avatar", "avatar_id": ANNA, "script": "Hello"}):
        video_id = (await visitor.post("/v3/videos", body)).data["video_id"]
        await clock.advance(62)
        answer = await visitor.post(PATH, {"video_id": video_id})
        assert answer.refusal == (400, "template_source_unsupported", None)
    assert (await visitor.post(PATH, {"video_id": "unknown"})).refusal == (404, "video_not_found", None)


async def test_a_template_outlives_its_video_and_is_deleted_once(visitor: Visitor) -> None:
    template = await create(visitor)
    await visitor.delete(f"/v3/videos/{template['source_video_id']}")
    assert (await generate(visitor, template)).status == 200
    path = f"{PATH}/{template['id']}"
    renamed = (await visitor.send("PATCH", path, json={"name": "Hi"})).data
    assert (renamed["name"], renamed["edit_version"]) == ("Hi", "1")
    assert [one["name"] for one in (await visitor.get(PATH)).body["data"]] == ["Hi"]
    assert (await visitor.delete(path)).data == {"id": template["id"], "deleted": True}
    for answer in (await visitor.delete(path), await visitor.get(path), await generate(visitor, template)):
        assert answer.refusal == (404, "template_not_found", None)


async def test_a_stale_edit_version_is_a_conflict(visitor: Visitor) -> None:
    template = await create(visitor)
    await declare(visitor, template, name={"type": "text", "match": "Ada"})
    body = {"variables": {}, "expected_edit_version": template["edit_version"]}
    answer = await visitor.send("PUT", f"{PATH}/{template['id']}/variables", json=body)
    assert answer.refusal == (409, "stale_edit_version", None)


async def test_a_real_template_speaks_what_was_filled_in(clock: ManualClock) -> None:
    async with another(clock, synthetic=None) as (emulator, visitor):
        template = await create(visitor, script="Hello Ada.")
        await declare(visitor, template, name={"type": "text", "match": "Ada"})
        made = []
        for words in ("Ada", "everybody who has come from far away to be here today"):
            values = {"name": {"type": "text", "properties": {"content": words}}}
            options = {"dimension": {"width": 320, "height": 180}, "fps": 30, "caption": True}
            video_id = (await generate(visitor, template, values, **options)).data["id"]
            await emulator.idle()
            await clock.advance(62)
            made.append((await visitor.get(f"/v3/videos/{video_id}")).data)
        short, long = [see((await visitor.fetch(video["video_url"])).raw) for video in made]
        assert (short.frames[0].size, len(short.frames) / short.seconds) == ((320, 180), 30.0)
        assert long.seconds > short.seconds + 1
        assert min(short.loudness, long.loudness) > 100
        subtitles = (await visitor.fetch(made[1]["subtitle_url"])).raw.decode()
        assert "everybody" in subtitles
        assert made[1]["captioned_video_url"]
        assert Path(made[1]["video_url"].partition("?")[0]).suffix == ".mp4"
