"""Bodies and queries: strict where HeyGen is, within bounds, and never a traceback."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from visitor import ANNA, JPEG, MP3, MP4, PNG, Visitor, upload

from heygen_async.emulator import Emulator, bodies

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize(
    ("body", "param"),
    [
        ({}, "type"),
        ({"type": "film"}, "type"),
        ({"type": "avatar", "avatar_id": ANNA}, "script"),
        ({"type": "avatar", "avatar_id": ANNA, "script": "Hi", "scirpt": "Hi"}, "scirpt"),
        ({"type": "avatar", "avatar_id": ANNA, "script": "x" * 5001}, "script"),
        ({"type": "avatar", "avatar_id": ANNA, "script": 5}, "script"),
        ({"type": "avatar", "avatar_id": ANNA, "script": "Hi", "voice_settings": {"speed": 9}}, "voice_settings.speed"),
        ({"type": "avatar", "avatar_id": ANNA, "script": "Hi", "resolution": "8k"}, "resolution"),
        ({"type": "avatar", "avatar_id": ANNA, "script": "Hi", "audio_url": "https://a.example/b"}, "script"),
        ({"avatar_id": ANNA, "script": "Hi", "background": {"type": "color", "value": "red"}}, "background.value"),
        ({"type": "image", "image": {"type": "file"}, "script": "Hi", "voice_id": "v"}, "image.type"),
        ({"type": "studio", "scenes": []}, "scenes"),
    ],
)
async def test_a_body_that_breaks_a_rule_is_refused_by_its_field(
    visitor: Visitor, emulator: Emulator, body: dict[str, Any], param: str
) -> None:
    answer = await visitor.post("/v3/videos", body)
    assert answer.refusal == (400, "invalid_parameter", param)
    assert param in answer.error["message"]
    assert not emulator.account.videos
    assert not emulator.account.wallet.entries


@pytest.mark.parametrize("raw", [b"", b"{", b"[]", b"null", b'"text"', b"\xff", b"[" * 100_000, b'{"a":' * 100_000])
async def test_a_body_that_is_no_json_object_is_refused(visitor: Visitor, raw: bytes) -> None:
    answer = await visitor.send("POST", "/v3/videos", data=raw)
    assert answer.refusal == (400, "invalid_parameter", None)


async def test_a_body_that_is_nested_too_deeply_is_refused(visitor: Visitor) -> None:
    raw = b'{"scenes":' + b"[" * 900 + b"]" * 900 + b"}"
    assert (await visitor.send("POST", "/v3/videos", data=raw)).status == 400


async def test_the_content_type_of_json_does_not_matter(visitor: Visitor) -> None:
    raw = json.dumps({"avatar_id": ANNA, "script": "Hi"}).encode()
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    assert (await visitor.send("POST", "/v3/videos", data=raw, headers=headers)).status == 200


async def test_a_body_of_more_than_64_mb_is_too_large(visitor: Visitor) -> None:
    async def endless() -> Any:
        for _ in range(65):
            yield bytes(2**20)

    answer = await visitor.send("POST", "/v3/videos", data=endless())
    assert answer.refusal == (413, "payload_too_large", None)


async def test_a_large_body_is_read_all_the_same(visitor: Visitor) -> None:
    body = {"type": "avatar", "avatar_id": ANNA, "script": "Hi", "title": "x" * 2**19}
    assert (await visitor.post("/v3/videos", body)).refusal == (400, "invalid_parameter", "title")


@pytest.mark.parametrize(
    ("path", "query", "param"),
    [
        ("/v3/videos", {"limit": "0"}, "limit"),
        ("/v3/videos", {"limit": "101"}, "limit"),
        ("/v3/videos", {"limit": "ten"}, "limit"),
        ("/v3/videos", {"limit": "9" * 5000}, "limit"),
        ("/v3/videos", {"token": "forged"}, "token"),
        ("/v3/avatars", {"limit": "51"}, "limit"),
        ("/v3/avatars/looks", {"avatar_type": "cat"}, "avatar_type"),
        ("/v3/avatars/looks", {"ownership": "mine"}, "ownership"),
        ("/v3/voices", {"type": "loud"}, "type"),
        ("/v3/assets", {}, "username"),
        ("/v3/videos/statuses", {}, "video_ids"),
        ("/v3/videos/statuses", {"video_ids": ""}, "video_ids"),
        ("/v3/videos/statuses", {"video_ids": ",".join(["a"] * 101)}, "video_ids"),
    ],
)
async def test_a_query_is_checked_too(visitor: Visitor, path: str, query: dict[str, str], param: str) -> None:
    assert (await visitor.get(path, **query)).refusal == (400, "invalid_parameter", param)


async def test_what_a_query_has_besides_is_ignored(visitor: Visitor) -> None:
    assert (await visitor.get("/v3/videos", utm_source="mail")).status == 200


async def test_a_field_of_the_path_belongs_in_the_path(visitor: Visitor) -> None:
    answer = await visitor.send("PATCH", "/v3/avatars/looks/abc", json={"look_id": "def", "name": "N"})
    assert answer.refusal == (400, "invalid_parameter", "look_id")


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (PNG, "image/png"),
        (JPEG, "image/jpeg"),
        (MP3, "audio/mpeg"),
        (MP4, "video/mp4"),
        (b"RIFF0000WAVEfmt ", "audio/wav"),
        (b"%PDF-1.7", "application/pdf"),
        (b"1\n00:00:00,000 --> 00:00:01,000\nHi\n", "application/x-subrip"),
    ],
)
async def test_a_file_is_what_its_bytes_say(visitor: Visitor, emulator: Emulator, content: bytes, kind: str) -> None:
    for declared in (None, kind):
        answer = await upload(visitor, content, "häns & co.bin", declared)
        assert (answer.data["mime_type"], answer.data["size_bytes"]) == (kind, len(content))
    asset = emulator.account.assets[answer.data["asset_id"]]
    assert (asset.path.read_bytes(), asset.name) == (content, "häns & co.bin")
    assert (await visitor.fetch(answer.data["url"])).raw == content


async def test_a_wav_may_go_by_its_other_name(visitor: Visitor) -> None:
    assert (await upload(visitor, b"RIFF0000WAVEfmt ", "a.wav", "audio/x-wav")).status == 200


@pytest.mark.parametrize(
    ("content", "kind", "words"),
    [
        (PNG, "image/jpeg", "Content type not match image/png != image/jpeg"),
        (b"hello", None, "The file is none of png, jpeg, mp4, webm, mp3, wav, pdf, srt"),
        (b"", None, "The file is empty"),
    ],
)
async def test_a_file_that_is_not_what_it_should_be_is_refused(
    visitor: Visitor, emulator: Emulator, content: bytes, kind: str | None, words: str
) -> None:
    answer = await upload(visitor, content, "a", kind)
    assert answer.refusal == (400, "invalid_parameter", "file")
    assert answer.error["message"] == words
    assert left_behind(emulator) == []


async def test_a_form_without_a_file_is_refused(visitor: Visitor) -> None:
    form = aiohttp.FormData({"name": "value"})
    form.add_field("other", PNG, filename="a.png")
    for how in ({"data": form}, {"json": {"file": "x"}}, {"data": b""}):
        answer = await visitor.send("POST", "/v3/assets", **how)
        assert answer.refusal == (400, "invalid_parameter", "file")


@pytest.mark.parametrize("kind", ["multipart/form-data", "multipart/form-data; boundary=b"])
async def test_a_form_that_cannot_be_read_is_refused(visitor: Visitor, kind: str) -> None:
    answer = await visitor.send("POST", "/v3/assets", data=b"nonsense", headers={"Content-Type": kind})
    assert answer.refusal == (400, "invalid_parameter", "file")


async def test_a_file_of_more_than_32_mb_is_too_large(visitor: Visitor, emulator: Emulator) -> None:
    async def large() -> Any:
        yield b'--b\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n' + PNG
        for _ in range(32):
            yield bytes(2**20)
        yield b"\r\n--b--\r\n"

    headers = {"Content-Type": "multipart/form-data; boundary=b"}
    answer = await visitor.send("POST", "/v3/assets", data=large(), headers=headers)
    assert answer.refusal == (413, "payload_too_large", None)
    assert left_behind(emulator) == []


def left_behind(emulator: Emulator) -> list[Path]:
    service = emulator._service
    assert service is not None
    return list(service.folders.uploads.iterdir())


async def test_a_body_may_be_missing_where_nothing_in_it_is_required(visitor: Visitor) -> None:
    assert (await visitor.send("PATCH", f"/v3/avatars/looks/{ANNA}")).refusal == (403, "forbidden", None)
    assert (await visitor.send("PATCH", f"/v3/avatars/looks/{ANNA}", data=b"no")).refusal[0] == 400


@pytest.mark.parametrize(
    ("value", "kind", "read"),
    [
        ("0.7", float | None, 0.7),
        ("-1e-07", float, -1e-07),
        ("3", float, 3.0),
        ("nan", float, "nan"),
        ("1e999", float, "1e999"),
        ("7", int | None, 7),
        ("7.5", int, "7.5"),
        ("a,b", Sequence[str] | None, ["a", "b"]),
    ],
)
def test_a_query_is_read_by_the_types_of_its_fields(value: str, kind: Any, read: object) -> None:
    assert bodies._typed(value, kind) == read
