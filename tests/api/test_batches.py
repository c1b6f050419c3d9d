import json

from heygen_async.api.batches import Batch, BatchItem, BulkStatus, CreatedBatch
from heygen_async.api.videos import AvatarVideo, CreateVideoBatch, GetVideoBatch, GetVideoStatuses
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
