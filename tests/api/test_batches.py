import json

import pytest
from recorder import Recorder

from heygen_async.api.batches import Batch, BatchItem, BulkStatus, CreatedBatch
from heygen_async.api.videos import AvatarVideo, CreateVideoBatch, GetVideoBatch, GetVideoStatuses, VideoBatches
from heygen_async.codec import decode


def test_a_batch_carries_its_paging_inside() -> None:
    data = {
        "batch_id": "b",
        "status": "processing",
        "counts_by_status": {"queued": 1},
        "total_items": 1,
        "created_at": 1780000000,
        "items": [{"item_index": 0, "status": "queued", "video_id": None}],
        "has_more": True,
        "next_token": "t",
    }
    batch = decode(GetVideoBatch("b"), 200, {}, json.dumps({"data": data}).encode())
    assert (batch.has_more, batch.next_token, list(batch.items)) == (True, "t", [BatchItem(0, "queued")])


def test_every_field_of_a_batch_but_its_id_may_be_missing() -> None:
    assert decode(GetVideoBatch("b"), 200, {}, b'{"data": {"batch_id": "b"}}') == Batch("b")


def test_a_batch_is_accepted_with_202() -> None:
    request = CreateVideoBatch(videos=[AvatarVideo(avatar_id="a", script="Hi")])
    assert request.endpoint.status == 202
    assert decode(request, 202, {}, b'{"data": {"batch_id": "b", "status": "queued"}}') == CreatedBatch(
        "b", extra={"status": "queued"}
    )


def test_a_failed_job_among_many_says_why() -> None:
    body = b'{"data": [{"status": "failed", "batch_id": "b", "item_index": 3, "error": {"code": "x"}}]}'
    page = decode(GetVideoStatuses(batch_ids=["b"]), 200, {}, body)
    assert list(page.items) == [BulkStatus("failed", None, "b", 3, {"code": "x"})]


# Picked up again.


@pytest.mark.anyio
async def test_the_jobs_of_a_batch_are_those_that_its_pages_list_whatever_it_counts() -> None:
    pages = [
        Batch("b", total_items=1, items=[BatchItem(1), BatchItem(0)], has_more=True, next_token="t"),
        Batch("b", total_items=10_000, items=[BatchItem(1), BatchItem()], has_more=False, next_token="u"),
    ]
    wire = Recorder([*pages])
    jobs = await VideoBatches(wire).jobs("b")
    assert [job.id for job in jobs] == ["b:0", "b:1", "b:2"]
    assert wire.sent == [GetVideoBatch("b"), GetVideoBatch("b", token="t")]


@pytest.mark.anyio
async def test_a_batch_that_never_ends_is_left_at_some_point() -> None:
    endless = [
        Batch("b", items=[BatchItem(page * 100 + at) for at in range(100)], has_more=True, next_token=str(page))
        for page in range(50)
    ]
    wire = Recorder([*endless])
    assert len(await VideoBatches(wire).jobs("b")) == 1000
    assert len(wire.sent) == 10
