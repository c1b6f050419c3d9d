"""Batches and statuses of any group: begun, shown and told apart by what their items are."""

from pathlib import Path

import pytest
from attrs import define
from visitor import Visitor

from heygen_async.clock import ManualClock
from heygen_async.emulator import Emulator, series
from heygen_async.emulator.account import Production, Series, Upload
from heygen_async.emulator.refusals import Refusal, unknown
from heygen_async.emulator.rendering import Failure
from heygen_async.emulator.service import Visit
from heygen_async.emulator.works import Order, Words, Work

pytestmark = pytest.mark.anyio


@define(eq=False, kw_only=True)
class Translation(Work[str]):
    noun = "video translation"
    words = Words(processing="running")


@pytest.fixture
def visit(emulator: Emulator) -> Visit:
    assert emulator._service is not None
    return Visit(emulator._service, emulator.url, "/v3/video-translations/batches")


async def order(language: str) -> Order[Translation]:
    if language == "Klingon":
        raise unknown("language", language)
    return Order(Translation, language, cost=1.0)


async def test_a_batch_of_any_group(visit: Visit, clock: ManualClock) -> None:
    items = ["German", "Klingon", *["French"] * 10]
    begun = await series.begin(
        visit, Translation, items, order, title="All", folder_id="f1", callback_url="https://a.example"
    )
    assert (begun.callback_url, series.created(begun).batch_id) == ("https://a.example", begun.id)
    assert {work.folder_id for work in visit.account.shelf(Translation).values()} == {"f1"}
    batch = series.shown(visit, Translation, begun.id, None, None)
    assert (batch.title, batch.status, batch.counts_by_status) == ("All", "processing", {"queued": 11, "failed": 1})
    assert batch.items[1].error == {"code": "language_not_found", "message": "Language Klingon not found"}
    await clock.advance(10)
    visit.account.advance(visit.now)
    batch = series.shown(visit, Translation, begun.id, 2, None)
    assert batch.counts_by_status == {"processing": 10, "queued": 1, "failed": 1}
    assert [(item.item_index, item.video_id is None) for item in batch.items] == [(0, False), (1, True)]
    again = series.shown(visit, Translation, begun.id, 100, batch.next_token)
    assert [item.item_index for item in again.items] == list(range(2, 12))
    await clock.advance(200)
    visit.account.advance(visit.now)
    assert series.shown(visit, Translation, begun.id, None, None).status == "completed"
    assert visit.account.wallet.balance == 1000 - 11


async def test_a_wallet_that_cannot_pay_for_all_refuses_all(visit: Visit) -> None:
    visit.account.wallet.balance = 1.5
    with pytest.raises(Refusal, match="insufficient_credit"):
        await series.begin(visit, Translation, ["German", "French"], order)
    assert not visit.account.batches
    assert not visit.account.shelf(Translation)


async def test_another_group_does_not_find_a_batch(visit: Visit, visitor: Visitor) -> None:
    begun = await series.begin(visit, Translation, ["German"], order)
    assert (await visitor.get(f"/v3/videos/batches/{begun.id}")).refusal == (404, "resource_not_found", None)
    (status,) = series.statuses(visit, Production, None, [begun.id]).items
    assert (status.status, status.batch_id) == ("not_found", begun.id)


async def test_statuses_of_any_group(visit: Visit, clock: ManualClock) -> None:
    begun = await series.begin(visit, Translation, ["Klingon", "German"], order)
    alone = visit.undertake(Order(Translation, "French"))
    await clock.advance(10)
    of_batch = series.statuses(visit, Translation, None, [begun.id]).items
    assert [(one.status, one.item_index, one.batch_id) for one in of_batch] == [
        ("failed", 0, begun.id),
        ("processing", 1, begun.id),
    ]
    found = series.statuses(visit, Translation, [alone.id, of_batch[1].video_id or "", "none"], None).items
    assert [(one.status, one.batch_id, one.item_index) for one in found] == [
        ("processing", None, None),
        ("processing", begun.id, 1),
        ("not_found", None, None),
    ]


async def test_a_deleted_item_has_failed_in_the_words_of_its_group(visit: Visit) -> None:
    begun = await series.begin(visit, Translation, ["German"], order)
    (work,) = visit.account.shelf(Translation).values()
    visit.account.drop(work, visit.now)
    (item,) = series.shown(visit, Translation, begun.id, None, None).items
    assert (item.status, item.video_id, item.error) == (
        "failed",
        work.id,
        {"code": "video_translation_not_found", "message": "The video translation was deleted"},
    )


async def test_assets_have_batches_too(visit: Visit) -> None:
    batch = visit.account.batches.add(Series(kind=Upload, created_at=visit.unix))
    for index in range(3):
        asset = Upload(name="a", path=Path("a"), media_type="image/png", size=1, uploaded_at=0)
        asset.series, asset.item_index, asset.progress = batch, index, "pending"
        batch.items.append(visit.account.assets.add(asset))
    first, second, _ = visit.account.assets.values()
    first.progress, second.failure = "completed", Failure("asset_broken", "It is broken")
    shown = series.shown(visit, Upload, batch.id, None, None)
    assert [(item.status, item.video_id) for item in shown.items] == [
        ("completed", first.id),
        ("failed", second.id),
        ("queued", None),
    ]
    found = series.statuses(visit, Upload, [second.id], None).items[0]
    assert (found.status, found.error) == ("failed", {"code": "asset_broken", "message": "It is broken"})
