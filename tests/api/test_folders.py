import pytest
from recorder import Recorder

from heygen_async.api.folders import CreateFolder, Folder, Folders, GetFolder
from heygen_async.errors import RequestInvalid

pytestmark = pytest.mark.anyio


async def test_folders_are_made_and_read() -> None:
    wire = Recorder([Folder("f1", "Launch"), Folder("f1", "Launch")])
    folders = Folders(wire)
    made = await folders.create(name="Launch", parent_id="f0", type="video", idempotency_key="k")
    assert await folders.get("f1") == made
    assert wire.sent == [
        CreateFolder(name="Launch", parent_id="f0", type="video", idempotency_key="k"),
        GetFolder("f1"),
    ]


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"name": ""}, "name: must not be empty"),
        ({"name": "n" * 257}, "name: has 257 characters; at most 256 are allowed"),
        ({"name": "n", "type": "asset"}, "type: is 'asset'; it must be one of mixed, video, video_translate"),
    ],
)
def test_what_is_wrong_with_a_folder_is_told(fields: dict[str, str], reason: str) -> None:
    with pytest.raises(RequestInvalid, match=reason):
        CreateFolder(**fields)  # type: ignore[arg-type]  # that is what is tested
