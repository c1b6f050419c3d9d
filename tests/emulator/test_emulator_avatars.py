"""Persons and their looks: public ones to use, own ones to make, change and delete."""

from io import BytesIO
from typing import Any

import pytest
from PIL import Image
from visitor import ANNA, JPEG, MP4, PNG, TOM, Visitor, another, upload

from heygen_async.emulator import Emulator, FailRender, Fault

pytestmark = pytest.mark.anyio

PHOTO = {"type": "photo", "name": "Sarah", "file": {"type": "url", "url": "https://example.com/portrait.jpg"}}


async def make(visitor: Visitor, **fields: Any) -> Any:
    body = {name: value for name, value in (PHOTO | fields).items() if value is not None}
    return (await visitor.post("/v3/avatars", body)).data


async def test_a_photo_avatar_can_be_used_in_the_next_line(visitor: Visitor, emulator: Emulator) -> None:
    made = await make(visitor)
    group, item = made["avatar_group"], made["avatar_item"]
    assert (group["name"], group["status"], group["looks_count"]) == ("Sarah", "completed", 1)
    assert (item["group_id"], item["avatar_type"], item["status"]) == (group["id"], "photo_avatar", "completed")
    assert await visitor.create(avatar_id=item["id"], motion_prompt="nodding gently", expressiveness="high")
    assert emulator.account.wallet.entries[0].amount == 1.0
    assert "https://example.com/portrait.jpg is out of reach; a built-in picture stands in" in emulator.log.notes


async def test_an_uploaded_photo_is_the_preview(visitor: Visitor) -> None:
    asset = (await upload(visitor, JPEG)).data["asset_id"]
    item = (await make(visitor, file={"type": "asset_id", "asset_id": asset}))["avatar_item"]
    answer = await visitor.fetch(item["preview_image_url"])
    assert (answer.raw, answer.headers["Content-Type"]) == (JPEG, "image/jpeg")
    assert "image_width" not in item
    assert "preferred_orientation" not in item


async def test_a_prompt_makes_somebody_of_the_wanted_shape(visitor: Visitor) -> None:
    made = await make(visitor, type="prompt", prompt="a friendly baker", aspect_ratio="9:16", file=None)
    item = made["avatar_item"]
    assert (item["image_width"], item["image_height"], item["preferred_orientation"]) == (1080, 1920, "portrait")
    body = {"prompt": "x", "type": "prompt", "file": None, "reference_images": [PHOTO["file"]], "avatar_id": ANNA}
    assert (await make(visitor, **body))["avatar_item"]["preferred_orientation"] == "square"
    answer = await visitor.post("/v3/avatars", {"type": "prompt", "name": "N", "prompt": "x", "avatar_id": "nobody"})
    assert answer.refusal == (404, "avatar_not_found", None)


async def test_footage_makes_a_twin(visitor: Visitor) -> None:
    clip = (await upload(visitor, MP4)).data["asset_id"]
    made = await make(visitor, type="digital_twin", file={"type": "asset_id", "asset_id": clip})
    item = made["avatar_item"]
    assert (item["avatar_type"], item["supported_api_engines"]) == (
        "digital_twin",
        ["avatar_iii", "avatar_iv", "avatar_v"],
    )
    picture = (await upload(visitor, PNG)).data["asset_id"]
    answer = await visitor.post(
        "/v3/avatars", PHOTO | {"type": "digital_twin", "file": {"type": "asset_id", "asset_id": picture}}
    )
    assert answer.refusal == (400, "invalid_parameter", "file")


async def test_a_second_look_of_the_same_person(visitor: Visitor) -> None:
    group_id = (await make(visitor))["avatar_group"]["id"]
    made = await make(visitor, name="At the beach", avatar_group_id=group_id)
    assert (made["avatar_group"]["looks_count"], made["avatar_item"]["group_id"]) == (2, group_id)
    answer = await visitor.post("/v3/avatars", PHOTO | {"avatar_group_id": "nobody"})
    assert answer.refusal == (404, "avatar_group_not_found", None)


async def test_public_persons_can_be_used_only(visitor: Visitor, emulator: Emulator) -> None:
    group_id = emulator.account.looks[ANNA].person.id
    answers = [
        await visitor.delete(f"/v3/avatars/{group_id}"),
        await visitor.delete(f"/v3/avatars/looks/{ANNA}"),
        await visitor.send("PATCH", f"/v3/avatars/{group_id}", json={}),
        await visitor.send("PATCH", f"/v3/avatars/looks/{ANNA}", json={"name": "Mine"}),
        await visitor.post("/v3/avatars", PHOTO | {"avatar_group_id": group_id}),
    ]
    assert [answer.refusal for answer in answers] == [(403, "forbidden", None)] * 5
    assert not emulator.account.wallet.entries


async def test_an_avatar_costs_a_dollar_if_there_is_one(visitor: Visitor, emulator: Emulator) -> None:
    emulator.account.wallet.balance = 0.5
    groups = len(emulator.account.groups)
    assert (await visitor.post("/v3/avatars", PHOTO)).refusal == (402, "insufficient_credit", None)
    assert len(emulator.account.groups) == groups


async def test_persons_and_looks_are_read_one_by_one(visitor: Visitor) -> None:
    made = await make(visitor)
    group, item = made["avatar_group"], made["avatar_item"]
    assert (await visitor.get(f"/v3/avatars/{group['id']}")).data == group
    assert (await visitor.get(f"/v3/avatars/looks/{item['id']}")).data == item
    assert (await visitor.get("/v3/avatars/none")).refusal == (404, "avatar_group_not_found", None)
    assert (await visitor.get("/v3/avatars/looks/none")).refusal == (404, "avatar_not_found", None)


async def test_the_accounts_own_come_first(visitor: Visitor) -> None:
    own = (await make(visitor))["avatar_group"]["id"]
    everybody = (await visitor.get("/v3/avatars")).data
    assert everybody[0]["id"] == own
    assert [person["name"] for person in everybody] == ["Sarah", "Anna", "Marcus", "Priya", "Diego", "Sarah", "Tom"]
    private = (await visitor.get("/v3/avatars", ownership="private")).data
    public = (await visitor.get("/v3/avatars", ownership="public")).data
    assert [person["id"] for person in (*private, *public)] == [person["id"] for person in everybody]


async def test_looks_are_listed_by_person_kind_and_owner(visitor: Visitor, emulator: Emulator) -> None:
    own = (await make(visitor))["avatar_item"]["id"]
    query = {"avatar_type": "photo_avatar", "ownership": "public"}
    found = (await visitor.get("/v3/avatars/looks", **query)).data
    assert [look["id"] for look in found] == ["Sarah_photo_20250120", "Sarah_photo_beach_20250120", TOM]
    assert {look["avatar_type"] for look in found} == {"photo_avatar"}
    of_anna = await visitor.get("/v3/avatars/looks", group_id=emulator.account.looks[ANNA].person.id)
    assert [look["id"] for look in of_anna.data] == [ANNA, "Anna_public_20240108"]
    private = await visitor.get("/v3/avatars/looks", ownership="private")
    assert [look["id"] for look in private.data] == [own]


async def test_looks_come_in_pages(visitor: Visitor) -> None:
    await make(visitor)
    everybody = [look["id"] for look in (await visitor.get("/v3/avatars/looks")).data]
    seen: list[str] = []
    token: dict[str, str] = {}
    while len(seen) < len(everybody):
        page = (await visitor.get("/v3/avatars/looks", limit=3, **token)).body
        seen += [look["id"] for look in page["data"]]
        token = {"token": page["next_token"]}
    assert seen == everybody
    assert page["has_more"] is False


async def test_a_look_can_be_renamed(visitor: Visitor) -> None:
    look_id = (await make(visitor))["avatar_item"]["id"]
    answer = await visitor.send("PATCH", f"/v3/avatars/looks/{look_id}", json={"name": "New"})
    assert answer.data["name"] == "New"
    assert (await visitor.send("PATCH", f"/v3/avatars/looks/{look_id}", json={})).data["name"] == "New"


async def test_a_person_can_have_another_voice(visitor: Visitor) -> None:
    made = await make(visitor)
    voice_id = (await visitor.get("/v3/voices", language="German")).data[0]["voice_id"]
    path = f"/v3/avatars/{made['avatar_group']['id']}"
    assert (await visitor.send("PATCH", path, json={"default_voice_id": voice_id})).data["default_voice_id"] == voice_id
    assert (await visitor.send("PATCH", path, json={})).data["default_voice_id"] == voice_id
    look = (await visitor.get(f"/v3/avatars/looks/{made['avatar_item']['id']}")).data
    assert look["default_voice_id"] == voice_id
    answer = await visitor.send("PATCH", path, json={"default_voice_id": "none"})
    assert answer.refusal == (404, "voice_not_found", None)


async def test_the_last_look_takes_its_person_along(visitor: Visitor) -> None:
    made = await make(visitor)
    group_id, first = made["avatar_group"]["id"], made["avatar_item"]["id"]
    second = (await make(visitor, avatar_group_id=group_id))["avatar_item"]["id"]
    assert (await visitor.delete(f"/v3/avatars/looks/{first}")).data == {"id": first}
    assert (await visitor.get(f"/v3/avatars/{group_id}")).data["looks_count"] == 1
    await visitor.delete(f"/v3/avatars/looks/{second}")
    assert (await visitor.get(f"/v3/avatars/{group_id}")).status == 404
    assert (await visitor.delete(f"/v3/avatars/looks/{second}")).status == 404


async def test_a_person_goes_with_all_looks(visitor: Visitor) -> None:
    made = await make(visitor)
    group_id = made["avatar_group"]["id"]
    await make(visitor, avatar_group_id=group_id)
    assert (await visitor.delete(f"/v3/avatars/{group_id}")).data == {"id": group_id}
    assert (await visitor.get("/v3/avatars/looks", ownership="private")).data == []
    assert await visitor.refusal(avatar_id=made["avatar_item"]["id"]) == (404, "avatar_not_found", None)


async def test_further_looks_of_a_template_and_of_a_pack(visitor: Visitor, emulator: Emulator) -> None:
    made = await make(visitor)
    reference = {"reference_look_id": made["avatar_item"]["id"]}
    office = {"type": "template", "template_id": "office"} | reference
    business = {"type": "look_pack", "template_id": "business", "aspect_ratio": "9:16"} | reference
    one = (await visitor.post("/v3/avatars/looks", office)).data
    pack = (await visitor.post("/v3/avatars/looks", business)).data
    assert (one["group_id"], len(one["looks"]), len(pack["looks"])) == (made["avatar_group"]["id"], 1, 3)
    path = f"/v3/avatars/looks/{pack['looks'][0]['id']}"
    look = (await visitor.get(path)).data
    assert (look["name"], look["preferred_orientation"], look["status"]) == ("Business 1", "portrait", "processing")
    assert await visitor.refusal(avatar_id=look["id"]) == (400, "avatar_not_usable", None)
    await visitor.clock.advance(62)
    assert (await visitor.get(path)).data["status"] == "completed"
    assert await visitor.create(avatar_id=look["id"])
    assert [entry.amount for entry in emulator.account.wallet.entries][:3] == [1.0, 1.0, 1.0]


async def test_further_looks_of_a_public_person_are_the_accounts_own(visitor: Visitor) -> None:
    body = {"type": "template", "reference_look_id": ANNA, "template_id": "gym"}
    made = (await visitor.post("/v3/avatars/looks", body)).data
    person = (await visitor.get(f"/v3/avatars/{made['group_id']}")).data
    assert (person["name"], person["looks_count"], person["status"]) == ("Anna", 1, "processing")
    assert (await visitor.delete(f"/v3/avatars/{made['group_id']}")).status == 200
    body["reference_look_id"] = "nobody"
    assert (await visitor.post("/v3/avatars/looks", body)).refusal == (404, "avatar_not_found", None)


@pytest.mark.parametrize(
    ("kind", "template_id", "refusal"),
    [
        ("template", "none", (404, "resource_not_found", None)),
        ("template", "business", (400, "invalid_parameter", "template_id")),
        ("look_pack", "office", (400, "invalid_parameter", "template_id")),
    ],
)
async def test_a_template_is_one_of_its_kind(visitor: Visitor, kind: str, template_id: str, refusal: Any) -> None:
    body = {"type": kind, "reference_look_id": ANNA, "template_id": template_id}
    assert (await visitor.post("/v3/avatars/looks", body)).refusal == refusal


async def test_look_templates_are_listed_by_kind_and_gender_in_pages(visitor: Visitor) -> None:
    first = (await visitor.get("/v3/avatars/look-templates", limit=4)).body
    rest = (await visitor.get("/v3/avatars/look-templates", token=first["next_token"])).body
    everything = first["data"] + rest["data"]
    assert [one["id"] for one in everything] == ["office", "gym", "beach", "gala", "dinner", "business", "travel"]
    assert [one["looks_count"] for one in everything] == [1, 1, 1, 1, 1, 3, 4]
    packs = (await visitor.get("/v3/avatars/look-templates", type="look_pack")).data
    assert [one["id"] for one in packs] == ["business", "travel"]
    male = (await visitor.get("/v3/avatars/look-templates", gender="male", type="template")).data
    assert [one["id"] for one in male] == ["office", "gym", "beach", "dinner"]
    picture = await visitor.fetch(packs[0]["preview_image_url"])
    assert (picture.status, picture.headers["Content-Type"]) == (200, "image/png")


# What is not there at once.


async def test_somebody_from_a_prompt_is_drawn_for_a_while(visitor: Visitor, emulator: Emulator) -> None:
    made = await make(visitor, type="prompt", prompt="a friendly baker", file=None)
    group_id, look_id = made["avatar_group"]["id"], made["avatar_item"]["id"]
    assert (made["avatar_group"]["status"], made["avatar_item"]["status"]) == ("processing", "processing")
    assert await visitor.refusal(avatar_id=look_id) == (400, "avatar_not_usable", None)
    assert [entry.amount for entry in emulator.account.wallet.entries] == [1.0]
    await visitor.clock.advance(62)
    assert (await visitor.get(f"/v3/avatars/{group_id}")).data["status"] == "completed"
    assert await visitor.create(avatar_id=look_id)


async def test_what_could_not_be_drawn_says_why_and_costs_nothing(visitor: Visitor, emulator: Emulator) -> None:
    emulator.faults.add(Fault(FailRender("TRAINING_FAILED", "Nobody to be seen"), path="/v3/avatars"))
    made = await make(visitor, type="prompt", prompt="nobody", file=None)
    await visitor.clock.advance(62)
    look = (await visitor.get(f"/v3/avatars/looks/{made['avatar_item']['id']}")).data
    group = (await visitor.get(f"/v3/avatars/{made['avatar_group']['id']}")).data
    error = {"code": "TRAINING_FAILED", "message": "Nobody to be seen"}
    assert (look["status"], look["error"], group["status"], group["error"]) == ("failed", error, "failed", error)
    assert [entry.amount for entry in emulator.account.wallet.entries] == [1.0, -1.0]


async def test_people_from_prompts_are_really_drawn(visitor: Visitor) -> None:
    portrait = BytesIO()
    Image.new("RGB", (90, 60), "tan").save(portrait, "JPEG")
    async with another(visitor.clock, synthetic=None) as (_, real):
        made = await make(real, type="prompt", prompt="an elderly man with glasses", aspect_ratio="9:16", file=None)
        asset = (await upload(real, portrait.getvalue())).data["asset_id"]
        photo = await make(real, file={"type": "asset_id", "asset_id": asset})
        body = {"type": "template", "reference_look_id": ANNA, "template_id": "beach"}
        dressed = (await real.post("/v3/avatars/looks", body)).data["looks"][0]["id"]
        templates = (await real.get("/v3/avatars/look-templates", limit=1)).data
        look = (await real.get(f"/v3/avatars/looks/{dressed}")).data
        links = [one["preview_image_url"] for one in (made["avatar_item"], look, templates[0])]
        pictures = [(await real.fetch(link)).raw for link in links]
        asset = (await upload(real, JPEG)).data["asset_id"]
        broken = await real.post("/v3/avatars", PHOTO | {"file": {"type": "asset_id", "asset_id": asset}})
    sizes = [Image.open(BytesIO(picture)).size for picture in pictures]
    assert sizes == [(360, 640), (640, 360), (360, 640)]
    assert (photo["avatar_item"]["image_width"], photo["avatar_item"]["image_height"]) == (90, 60)
    assert broken.refusal == (400, "invalid_parameter", "file")


async def twin(visitor: Visitor, **fields: Any) -> tuple[str, str]:
    """Make a digital twin, and return the ids of the person and of the look."""
    file = {"type": "url", "url": "https://example.com/footage.mp4"}
    made = await make(visitor, type="digital_twin", file=file, **fields)
    return made["avatar_group"]["id"], made["avatar_item"]["id"]


async def test_a_twin_is_trained_and_then_waits_for_consent_on_a_page(visitor: Visitor) -> None:
    group_id, look_id = await twin(visitor)
    await visitor.clock.advance(62)
    group = (await visitor.get(f"/v3/avatars/{group_id}")).data
    assert (group["status"], group["consent_status"]) == ("pending_consent", "pending")
    assert await visitor.refusal(avatar_id=look_id) == (400, "avatar_consent_required", None)
    asked = (await visitor.post(f"/v3/avatars/{group_id}/consent", {})).data
    assert asked["avatar_group"]["id"] == group_id
    page = await visitor.fetch(asked["url"])
    assert (page.status, page.headers["Content-Type"]) == (200, "text/html; charset=utf-8")
    group = (await visitor.get(f"/v3/avatars/{group_id}")).data
    assert (group["status"], group["consent_status"]) == ("completed", "approved")
    assert await visitor.create(avatar_id=look_id)


async def test_consent_can_come_before_the_training_has_ended(visitor: Visitor, emulator: Emulator) -> None:
    group_id, look_id = await twin(visitor)
    emulator.account.consent(group_id)
    assert (await visitor.get(f"/v3/avatars/looks/{look_id}")).data["status"] == "processing"
    await visitor.clock.advance(62)
    assert (await visitor.get(f"/v3/avatars/looks/{look_id}")).data["status"] == "completed"
    _, second = await twin(visitor, avatar_group_id=group_id)
    await visitor.clock.advance(62)
    assert (await visitor.get(f"/v3/avatars/looks/{second}")).data["status"] == "completed"


async def test_a_recording_of_the_consent_needs_no_page(visitor: Visitor) -> None:
    group_id, _ = await twin(visitor)
    body = {"consent_video": {"type": "url", "url": "https://example.com/yes.mp4"}, "consent_text": "Yes"}
    answer = (await visitor.post(f"/v3/avatars/{group_id}/consent", body)).data
    assert answer["avatar_group"]["consent_status"] == "approved"
    assert "url" not in answer


async def test_a_page_leads_where_it_was_told_and_is_there_for_a_day(visitor: Visitor) -> None:
    group_id, _ = await twin(visitor)
    body = {"reroute_url": f"{visitor.base}/presets/none"}
    url = (await visitor.post(f"/v3/avatars/{group_id}/consent", body)).data["url"]
    answer = await visitor.send("GET", url, allow_redirects=False)
    assert (answer.status, answer.headers["Location"]) == (302, body["reroute_url"])
    await visitor.clock.advance(86_401)
    assert (await visitor.fetch(url)).status == 404
    assert (await visitor.fetch(f"{visitor.base}/consent/none")).status == 404


async def test_consent_is_asked_of_an_own_person(visitor: Visitor, emulator: Emulator) -> None:
    answer = await visitor.post(f"/v3/avatars/{emulator.account.looks[ANNA].person.id}/consent", {})
    assert answer.refusal == (403, "forbidden", None)
    assert (await visitor.post(f"/v3/avatars/{ANNA}/consent", {})).refusal == (404, "avatar_group_not_found", None)
