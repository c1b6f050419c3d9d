from pathlib import Path
from typing import Any

import pytest
from recorder import Recorder

from heygen_async.api.assets import (
    Assets,
    DeleteAsset,
    DeletedAsset,
    GetAsset,
    ListAssets,
    StoredAsset,
    UploadAsset,
    UploadedAsset,
)
from heygen_async.api.media import LocalFile
from heygen_async.errors import RequestInvalid
from heygen_async.operation import Page

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize("as_path", [Path, str])
async def test_a_file_is_uploaded_from_its_path_with_the_callers_key(tmp_path: Path, as_path: Any) -> None:
    picture = tmp_path / "a.png"
    picture.write_bytes(b"x")
    wire = Recorder([UploadedAsset("asset-1")])
    assert (await Assets(wire).upload(as_path(picture), idempotency_key="k")).asset_id == "asset-1"
    assert (wire.sent, wire.keys) == ([UploadAsset(LocalFile(picture))], ["k"])


async def test_a_file_that_heygen_would_not_take_is_never_sent(tmp_path: Path) -> None:
    wire = Recorder()
    with pytest.raises(RequestInvalid, match="there is no file"):
        await Assets(wire).upload(tmp_path / "missing.png")
    assert wire.sent == []


async def test_assets_are_read_listed_and_deleted() -> None:
    wire = Recorder([StoredAsset("a"), DeletedAsset("a"), Page([StoredAsset("a")])])
    assets = Assets(wire)
    assert await assets.get("a") == StoredAsset("a")
    assert await assets.delete("a") == DeletedAsset("a")
    assert await assets.list(username="u", folder_id="f").first() == StoredAsset("a")
    expected = [GetAsset("a"), DeleteAsset("a"), ListAssets(username="u", folder_id="f")]
    assert wire.sent == expected


def test_a_list_of_assets_needs_a_user() -> None:
    with pytest.raises(RequestInvalid, match="username: must not be empty"):
        ListAssets(username="")
