"""Folders: made, read, and looked up before anything is put into one."""

from typing import Any

import pytest
from visitor import ANNA, Visitor

from heygen_async.emulator import Emulator
from heygen_async.emulator.cabinet import Folder

pytestmark = pytest.mark.anyio

VIDEO = {"type": "avatar", "avatar_id": ANNA, "script": "Hello!"}


async def test_a_folder_is_made_and_read(visitor: Visitor) -> None:
    above = await visitor.folder("Above")
    made = (await visitor.post("/v3/folders", {"name": "Below", "parent_id": above, "type": "video"})).data
    assert (made["name"], made["parent_id"], made["type"], made["is_trash"]) == ("Below", above, "video", False)
    assert made["creator_username"] == "emulator"
    assert made["created_at"] == made["updated_at"]
    assert (await visitor.get(f"/v3/folders/{made['folder_id']}")).data == made


@pytest.mark.parametrize("parent_id", [None, ""])
async def test_a_folder_without_another_around_it_lies_at_the_top(visitor: Visitor, parent_id: str | None) -> None:
    folder_id = await visitor.folder("Top", parent_id=parent_id)
    shown = (await visitor.get(f"/v3/folders/{folder_id}")).data
    assert "parent_id" not in shown
    assert shown["type"] == "mixed"


async def test_two_folders_may_have_one_name(visitor: Visitor) -> None:
    assert await visitor.folder("Launch") != await visitor.folder("Launch")


async def test_the_same_key_makes_one_folder(visitor: Visitor, emulator: Emulator) -> None:
    key = {"Idempotency-Key": "k"}
    made = [(await visitor.post("/v3/folders", {"name": "Launch"}, **key)).data for _ in range(2)]
    assert made[0] == made[1]
    assert len(emulator.account.shelf(Folder)) == 1


@pytest.mark.parametrize(
    ("body", "param"),
    [
        ({}, "name"),
        ({"name": ""}, "name"),
        ({"name": "n" * 257}, "name"),
        ({"name": "n", "type": "asset"}, "type"),
        ({"name": "n", "color": "red"}, "color"),
    ],
)
async def test_a_folder_that_cannot_be(visitor: Visitor, body: dict[str, Any], param: str) -> None:
    assert (await visitor.post("/v3/folders", body)).refusal == (400, "invalid_parameter", param)


async def test_a_folder_that_nobody_has_is_not_found(visitor: Visitor) -> None:
    assert (await visitor.get("/v3/folders/nothing")).refusal == (404, "resource_not_found", None)
    body = {"name": "n", "parent_id": "nothing"}
    assert (await visitor.post("/v3/folders", body)).refusal == (404, "resource_not_found", None)


@pytest.mark.parametrize("trashed", [False, True])
async def test_nothing_is_made_for_a_folder_that_is_not_there_or_in_the_trash(
    visitor: Visitor, emulator: Emulator, trashed: bool
) -> None:
    folder_id = await visitor.folder() if trashed else "nothing"
    for folder in emulator.account.shelf(Folder).values():
        folder.is_trash = True
    balance = emulator.account.wallet.balance
    single = await visitor.post("/v3/videos", VIDEO | {"folder_id": folder_id})
    batch = await visitor.post("/v3/videos/batches", {"videos": [VIDEO], "folder_id": folder_id})
    nested = await visitor.post("/v3/folders", {"name": "n", "parent_id": folder_id})
    assert {answer.refusal for answer in (single, batch, nested)} == {(404, "resource_not_found", None)}
    assert single.error["message"] == f"Folder {folder_id} not found"
    assert (len(emulator.account.videos), len(emulator.account.batches)) == (0, 0)
    assert emulator.account.wallet.balance == balance
    if trashed:
        assert (await visitor.get(f"/v3/folders/{folder_id}")).data["is_trash"] is True


async def test_a_video_goes_into_its_folder_or_to_the_top(visitor: Visitor) -> None:
    folder_id = await visitor.folder()
    for given, shown in ((folder_id, folder_id), ("", None), (None, None)):
        video_id = await visitor.create(folder_id=given)
        assert (await visitor.get(f"/v3/videos/{video_id}")).data.get("folder_id") == shown
