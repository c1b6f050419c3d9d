"""Up to a hundred videos in one request."""

import pytest
from visitor import ANNA, Visitor

from heygen_async.clock import ManualClock
from heygen_async.emulator import Emulator, FailRender, Fault

pytestmark = pytest.mark.anyio

ONE = {"type": "avatar", "avatar_id": ANNA, "script": "Hello!"}
NOBODY = ONE | {"avatar_id": "nobody"}


async def test_a_batch_queues_and_renders_ten_at_once(visitor: Visitor, clock: ManualClock) -> None:
    answer = await visitor.post("/v3/videos/batches", {"videos": [ONE] * 12, "title": "Launch"})
    assert answer.status == 202
    path = f"/v3/videos/batches/{answer.data['batch_id']}"
    batch = (await visitor.get(path)).data
    assert batch.pop("created_at") > 1_700_000_000
    assert [item["item_index"] for item in batch.pop("items")] == list(range(12))
    assert batch == {
        "batch_id": answer.data["batch_id"],
        "title": "Launch",
        "status": "processing",
        "counts_by_status": {"queued": 12},
        "total_items": 12,
        "has_more": False,
    }
    await clock.advance(2)
    batch = (await visitor.get(path)).data
    assert batch["counts_by_status"] == {"processing": 10, "queued": 2}
    assert ["video_id" in item for item in batch["items"]] == [True] * 10 + [False] * 2
    await clock.advance(200)
    batch = (await visitor.get(path)).data
    assert (batch["status"], batch["counts_by_status"]) == ("completed", {"completed": 12})


async def test_the_items_of_a_batch_come_in_pages(visitor: Visitor) -> None:
    batch_id = (await visitor.post("/v3/videos/batches", {"videos": [ONE] * 5})).data["batch_id"]
    seen, token = [], {}
    while True:
        page = (await visitor.get(f"/v3/videos/batches/{batch_id}", limit=2, **token)).data
        seen += [item["item_index"] for item in page["items"]]
        if not page["has_more"]:
            break
        token = {"token": page["next_token"]}
    assert seen == [0, 1, 2, 3, 4]


async def test_an_item_that_cannot_be_made_fails_alone(
    visitor: Visitor, emulator: Emulator, clock: ManualClock
) -> None:
    emulator.faults.add(Fault(FailRender(), path="/v3/videos/batches", times=1))
    batch_id = (await visitor.post("/v3/videos/batches", {"videos": [NOBODY, ONE, ONE]})).data["batch_id"]
    await clock.advance(62)
    batch = (await visitor.get(f"/v3/videos/batches/{batch_id}")).data
    assert (batch["status"], [item["status"] for item in batch["items"]]) == (
        "completed",
        ["failed", "failed", "completed"],
    )
    assert [item.get("error", {}).get("code") for item in batch["items"]] == [
        "avatar_not_found",
        "rendering_failed",
        None,
    ]
    assert len(emulator.account.videos) == 2


async def test_a_batch_of_which_nothing_came_has_failed(visitor: Visitor) -> None:
    batch_id = (await visitor.post("/v3/videos/batches", {"videos": [NOBODY]})).data["batch_id"]
    assert (await visitor.get(f"/v3/videos/batches/{batch_id}")).data["status"] == "failed"


async def test_a_deleted_item_has_failed(visitor: Visitor, clock: ManualClock) -> None:
    batch_id = (await visitor.post("/v3/videos/batches", {"videos": [ONE, ONE]})).data["batch_id"]
    await clock.advance(2)
    path = f"/v3/videos/batches/{batch_id}"
    await visitor.delete(f"/v3/videos/{(await visitor.get(path)).data['items'][0]['video_id']}")
    await clock.advance(60)
    batch = (await visitor.get(path)).data
    assert [item["status"] for item in batch["items"]] == ["failed", "completed"]
    assert batch["items"][0]["error"]["code"] == "video_not_found"


async def test_statuses_know_batches(visitor: Visitor, clock: ManualClock) -> None:
    batch_id = (await visitor.post("/v3/videos/batches", {"videos": [NOBODY, ONE]})).data["batch_id"]
    await clock.advance(2)
    found = (await visitor.get("/v3/videos/statuses", batch_ids=f"{batch_id},none")).data
    assert [(each["batch_id"], each.get("item_index"), each["status"]) for each in found] == [
        (batch_id, 0, "failed"),
        (batch_id, 1, "processing"),
        ("none", None, "not_found"),
    ]
    video = (await visitor.get("/v3/videos/statuses", video_ids=found[1]["video_id"])).data[0]
    assert (video["batch_id"], video["item_index"]) == (batch_id, 1)


async def test_the_folder_of_a_batch_is_that_of_its_videos(visitor: Visitor) -> None:
    folder_id = await visitor.folder()
    await visitor.post("/v3/videos/batches", {"videos": [ONE, ONE], "folder_id": folder_id})
    found = (await visitor.get("/v3/videos", folder_id=folder_id)).data
    assert [video["folder_id"] for video in found] == [folder_id, folder_id]


async def test_a_wallet_that_cannot_pay_for_all_refuses_all(visitor: Visitor, emulator: Emulator) -> None:
    emulator.account.wallet.balance = 0.1
    answer = await visitor.post("/v3/videos/batches", {"videos": [ONE, ONE]})
    assert answer.refusal == (402, "insufficient_credit", None)
    assert (emulator.account.wallet.balance, emulator.account.batches) == (0.1, {})


@pytest.mark.parametrize(
    ("body", "param"),
    [
        ({"videos": []}, "videos"),
        ({"videos": [ONE] * 101}, "videos"),
        ({"videos": [ONE, ONE | {"script": ""}]}, "videos.1.script"),
        ({"videos": [ONE | {"folder_id": "f"}]}, "videos.0.folder_id"),
    ],
)
async def test_a_batch_that_breaks_a_rule_is_refused(visitor: Visitor, body: dict[str, object], param: str) -> None:
    assert (await visitor.post("/v3/videos/batches", body)).refusal == (400, "invalid_parameter", param)


async def test_an_unknown_batch_is_not_found(visitor: Visitor) -> None:
    assert (await visitor.get("/v3/videos/batches/none")).refusal == (404, "resource_not_found", None)


async def test_the_same_key_gets_the_same_batch(visitor: Visitor, emulator: Emulator) -> None:
    key = {"Idempotency-Key": "batch-1"}
    answers = [await visitor.post("/v3/videos/batches", {"videos": [ONE]}, **key) for _ in range(2)]
    assert answers[0].raw == answers[1].raw
    assert [answer.status for answer in answers] == [202, 202]
    assert len(emulator.account.videos) == 1
