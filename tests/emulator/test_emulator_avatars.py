"""Persons and their looks: public ones to use, own ones to make, change and delete."""

from typing import Any

import pytest
from visitor import ANNA, JPEG, MP4, PNG, TOM, Visitor, upload

from heygen_async.emulator import Emulator

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
    reference = {"reference_look_id": made["avatar_item"]["id"], "template_id": "office"}
    one = (await visitor.post("/v3/avatars/looks", {"type": "template"} | reference)).data
    pack = (await visitor.post("/v3/avatars/looks", {"type": "look_pack", "aspect_ratio": "9:16"} | reference)).data
    assert (one["group_id"], len(one["looks"]), len(pack["looks"])) == (made["avatar_group"]["id"], 1, 3)
    look = (await visitor.get(f"/v3/avatars/looks/{pack['looks'][0]['id']}")).data
    assert (look["name"], look["preferred_orientation"]) == ("office 1", "portrait")
    assert [entry.amount for entry in emulator.account.wallet.entries] == [1.0, 1.0, 1.0]


async def test_further_looks_of_a_public_person_are_the_accounts_own(visitor: Visitor) -> None:
    body = {"type": "template", "reference_look_id": ANNA, "template_id": "gym"}
    made = (await visitor.post("/v3/avatars/looks", body)).data
    person = (await visitor.get(f"/v3/avatars/{made['group_id']}")).data
    assert (person["name"], person["looks_count"]) == ("Anna", 1)
    assert (await visitor.delete(f"/v3/avatars/{made['group_id']}")).status == 200
    body["reference_look_id"] = "nobody"
    assert (await visitor.post("/v3/avatars/looks", body)).refusal == (404, "avatar_not_found", None)
