from pathlib import Path
from typing import Any

import pytest
from recorder import Recorder

from heygen_async.api.assets import (
    Assets,
    DeleteAsset,
    FoundAsset,
    GetAsset,
    GetAssetStatuses,
    ListAssets,
    SearchAssets,
    StoredAsset,
    UploadAsset,
    UploadedAsset,
)
from heygen_async.api.batches import BulkStatus
from heygen_async.api.deletions import Deleted
from heygen_async.api.media import LocalFile
from heygen_async.errors import RequestInvalid
from heygen_async.operation import Page

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize("as_path", [Path, str])
async def test_a_file_is_uploaded_from_its_path_with_the_callers_key(tmp_path: Path, as_path: Any) -> None:
    picture = tmp_path / "a.png"
    picture.write_bytes(b"\x89PNG\r\n\x1a\n")
    wire = Recorder([UploadedAsset("asset-1")])
    assert (await Assets(wire).upload(as_path(picture), idempotency_key="k")).asset_id == "asset-1"
    assert (wire.sent, wire.keys) == ([UploadAsset(LocalFile(picture))], ["k"])


async def test_a_file_takes_the_way_that_is_asked_for(tmp_path: Path) -> None:
    picture = tmp_path / "a.png"
    picture.write_bytes(b"\x89PNG\r\n\x1a\n")
    wire = Recorder([UploadedAsset("a")] * 3)
    for direct in (None, True, False):
        await Assets(wire).upload(picture, direct=direct)
    assert wire.sent == [UploadAsset(LocalFile(picture), direct=direct) for direct in (None, True, False)]


async def test_a_file_that_heygen_would_not_take_is_never_sent(tmp_path: Path) -> None:
    wire = Recorder()
    with pytest.raises(RequestInvalid, match="there is no file"):
        await Assets(wire).upload(tmp_path / "missing.png")
    assert wire.sent == []


async def test_assets_are_read_listed_and_deleted() -> None:
    wire = Recorder([StoredAsset("a"), Deleted("a"), Page([StoredAsset("a")])])
    assets = Assets(wire)
    assert await assets.get("a") == StoredAsset("a")
    assert await assets.delete("a") == Deleted("a")
    assert await assets.list(username="u", folder_id="f").first() == StoredAsset("a")
    expected = [GetAsset("a"), DeleteAsset("a"), ListAssets(username="u", folder_id="f")]
    assert wire.sent == expected


def test_a_list_of_assets_needs_a_user() -> None:
    with pytest.raises(RequestInvalid, match="username: must not be empty"):
        ListAssets(username="")


async def test_assets_are_searched_and_their_statuses_read() -> None:
    found, status = FoundAsset("a", type="icon", is_transparent=True), BulkStatus("completed", "a")
    wire = Recorder([Page([found]), Page([status])])
    assets = Assets(wire)
    assert [asset async for asset in assets.search(query="a rocket", type="icon", scope="public")] == [found]
    assert (await assets.statuses(asset_ids=["a"])).items == [status]
    assert wire.sent == [
        SearchAssets(query="a rocket", type="icon", scope="public"),
        GetAssetStatuses(asset_ids=["a"]),
    ]


def test_statuses_are_asked_of_something() -> None:
    with pytest.raises(RequestInvalid, match="one of asset_ids, batch_ids is needed"):
        GetAssetStatuses()
    with pytest.raises(RequestInvalid, match="asset_ids: has 101 entries; 1 to 100 are allowed"):
        GetAssetStatuses(asset_ids=["a"] * 101)


def test_a_search_needs_words_and_a_kind() -> None:
    with pytest.raises(RequestInvalid, match=r"query: must not be empty; type: is 'video'"):
        SearchAssets(query="", type="video")  # type: ignore[arg-type]  # that is what is tested


def test_the_resource_leads_to_its_parts() -> None:
    assets = Assets(Recorder())
    assert repr((assets, assets.batches, assets.direct_uploads)) == (
        "(<heygen.assets>, <heygen.assetbatches>, <heygen.directuploads>)"
    )
