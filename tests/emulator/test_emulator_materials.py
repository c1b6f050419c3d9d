"""Files that a request brings along: at addresses, as assets, in base64."""

import asyncio
from base64 import b64encode
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from visitor import ANNA, JPEG, MP3, PNG, Visitor, another, upload

from heygen_async.api.media import LocalFile
from heygen_async.clock import ManualClock
from heygen_async.emulator import Emulator
from heygen_async.emulator import remote as remote_module
from heygen_async.emulator.refusals import Refusal
from heygen_async.emulator.remote import is_loopback

pytestmark = pytest.mark.anyio

Host = Callable[..., str]


def serving(content: bytes, status: int = 200) -> Callable[[web.Request], Any]:
    async def serve(_: web.Request) -> web.Response:
        return web.Response(body=content, status=status)

    return serve


def image(address: str) -> dict[str, Any]:
    return {"type": "image", "image": {"type": "url", "url": address}, "script": "Hi", "voice_id": "YOUR_VOICE_ID"}


async def test_an_address_on_this_machine_is_fetched(visitor: Visitor, emulator: Emulator, host: Host) -> None:
    body = {"type": "photo", "name": "P", "file": {"type": "url", "url": host(serving(JPEG))}}
    look = (await visitor.post("/v3/avatars", body)).data["avatar_item"]
    assert (await visitor.fetch(look["preview_image_url"])).raw == JPEG
    again = (await visitor.post("/v3/avatars", body)).data["avatar_item"]
    assert emulator.account.looks[again["id"]].picture == emulator.account.looks[look["id"]].picture
    assert not emulator.log.notes


async def test_the_emulators_own_files_can_be_used(visitor: Visitor) -> None:
    link = (await upload(visitor, PNG)).data["url"]
    assert (await visitor.post("/v3/videos", image(link))).status == 200


async def test_any_other_address_is_stood_in_for(visitor: Visitor, emulator: Emulator) -> None:
    body = {"image_url": "https://example.com/p.jpg", "audio_url": "http://10.0.0.1/narration.mp3"}
    assert (await visitor.post("/v3/videos", body)).status == 200
    assert list(emulator.log.notes) == [
        "https://example.com/p.jpg is out of reach; a built-in picture stands in",
        "http://10.0.0.1/narration.mp3 is out of reach; a built-in sound stands in",
    ]


async def test_strictly_it_is_refused_as_heygen_does(clock: ManualClock, host: Host) -> None:
    async with another(clock, strict_urls=True) as (emulator, visitor):
        answer = await visitor.post("/v3/videos", image("https://example.com/p.jpg"))
        assert answer.refusal == (400, "download_failed", None)
        assert (await visitor.post("/v3/videos", image(host(serving(PNG))))).status == 200
        assert not any("reach" in note for note in emulator.log.notes)


async def test_an_address_that_has_no_file_is_refused(visitor: Visitor, emulator: Emulator, host: Host) -> None:
    async def away(_: web.Request) -> web.Response:
        raise web.HTTPFound("https://example.com/elsewhere.png")

    for address in (host(serving(b"", 404)), host(away), "http://127.0.0.1:1/a.png", "http://[::1]:1/a.png"):
        answer = await visitor.post("/v3/videos", image(address))
        assert answer.refusal == (400, "download_failed", None)
        assert answer.error["message"].startswith(f"Failed to download {address}: ")
    assert not emulator.account.videos


async def test_an_address_that_is_slow_is_given_up(
    visitor: Visitor, host: Host, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def never(_: web.Request) -> web.Response:
        return await asyncio.get_running_loop().create_future()

    monkeypatch.setattr(remote_module, "_PATIENCE", 0.01)
    answer = await visitor.post("/v3/videos", image(host(never)))
    assert answer.refusal == (400, "download_failed", None)


async def test_a_file_of_more_than_32_mb_is_refused(
    visitor: Visitor, host: Host, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(remote_module, "LARGEST", 2**20)
    answer = await visitor.post("/v3/videos", image(host(serving(PNG + bytes(2**20)))))
    assert answer.refusal == (400, "invalid_parameter", "url")
    assert answer.error["message"] == "Maximum size for URL inputs of type 'application/octet-stream' is 1 MB"


@pytest.mark.parametrize("content", [b"hello", MP3, b""])
async def test_a_file_of_another_kind_is_refused(visitor: Visitor, host: Host, content: bytes) -> None:
    answer = await visitor.post("/v3/videos", image(host(serving(content))))
    assert answer.refusal == (400, "invalid_parameter", "image")
    assert answer.error["message"].startswith("A picture is needed here (image/png, image/jpeg), but the file is ")


async def test_a_picture_can_come_inside_the_request(visitor: Visitor) -> None:
    inline = {"type": "base64", "media_type": "image/png", "data": b64encode(PNG).decode()}
    body = {"type": "photo", "name": "P", "file": inline}
    look = (await visitor.post("/v3/avatars", body)).data["avatar_item"]
    assert (await visitor.fetch(look["preview_image_url"])).raw == PNG
    body["file"] = inline | {"data": "no base64!"}
    assert (await visitor.post("/v3/avatars", body)).refusal == (400, "invalid_parameter", "file.data")
    body["file"] = inline | {"media_type": "image/jpeg"}
    answer = await visitor.post("/v3/avatars", body)
    assert answer.refusal == (400, "invalid_parameter", "file.media_type")
    assert answer.error["message"] == "Content type not match image/png != image/jpeg"


async def test_an_unknown_asset_is_not_found(visitor: Visitor) -> None:
    body = image("") | {"image": {"type": "asset_id", "asset_id": "none"}}
    assert (await visitor.post("/v3/videos", body)).refusal == (404, "asset_not_found", None)


async def test_a_deleted_asset_stays_for_the_videos_that_use_it(visitor: Visitor, emulator: Emulator) -> None:
    receipt = (await upload(visitor, MP3)).data
    await visitor.post("/v3/videos", {"avatar_id": ANNA, "audio_asset_id": receipt["asset_id"]})
    path = emulator.account.assets[receipt["asset_id"]].path
    await visitor.delete(f"/v3/assets/{receipt['asset_id']}")
    assert path.read_bytes() == MP3
    assert (await visitor.fetch(receipt["url"])).status == 404


async def test_paths_of_this_machine_are_never_read(visitor: Visitor, emulator: Emulator, tmp_path: Path) -> None:
    for address in ("file:///etc/passwd", "/etc/passwd", "ftp://localhost/a.png"):
        assert (await visitor.post("/v3/videos", image(address))).refusal == (400, "invalid_parameter", "image.url")
    service = emulator._service
    assert service is not None
    mine = tmp_path / "mine.png"
    mine.write_bytes(PNG)
    with pytest.raises(Refusal):
        await service.materials.find(LocalFile(mine), "picture", "image")


@pytest.mark.parametrize(
    ("address", "near"),
    [
        ("http://localhost/a", True),
        ("http://LOCALHOST:80/a", True),
        ("http://127.1.2.3/a", True),
        ("http://[::1]:8080/a", True),
        ("https://example.com/a", False),
        ("http://localhost.example.com/a", False),
        ("http://127.0.0.1.example.com/a", False),
        ("http://[::1", False),
        ("nonsense", False),
    ],
)
def test_what_is_on_this_machine(address: str, near: bool) -> None:
    assert is_loopback(address) == near
