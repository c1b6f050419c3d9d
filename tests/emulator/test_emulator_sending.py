"""Files behind links: signed, in ranges, and as broken as a test asks for."""

from urllib.parse import parse_qs, urlsplit

import aiohttp
import pytest
from hypothesis import given
from hypothesis import strategies as st
from visitor import JPEG, Visitor, upload

from heygen_async.clock import ManualClock
from heygen_async.emulator import Cut, Emulator, Expired, ExpiresAfter, Fault, Slow, WrongLength
from heygen_async.emulator.sending import Part, part_of
from heygen_async.emulator.signing import Signer

pytestmark = pytest.mark.anyio


async def test_a_link_needs_no_key_and_tells_its_length_and_kind(visitor: Visitor, emulator: Emulator) -> None:
    video = await visitor.completed()
    answer = await visitor.fetch(video["video_url"])
    assert (answer.status, len(answer.raw), answer.headers["Content-Length"]) == (200, 3000, "3000")
    assert (answer.headers["Content-Type"], answer.headers["Accept-Ranges"]) == ("video/mp4", "bytes")
    assert urlsplit(video["video_url"]).path == f"/files/video/{video['id']}.mp4"
    assert not emulator.log.served[-1].with_key


async def test_each_read_signs_a_new_link_for_seven_days(visitor: Visitor, clock: ManualClock) -> None:
    video = await visitor.completed()
    query = parse_qs(urlsplit(video["video_url"]).query)
    assert query.keys() == {"Expires", "Signature", "Key-Pair-Id"}
    assert int(query["Expires"][0]) - video["completed_at"] == 7 * 24 * 3600
    await clock.advance(7 * 24 * 3600 - 10)
    fresh = (await visitor.get(f"/v3/videos/{video['id']}")).data["video_url"]
    assert fresh != video["video_url"]
    assert (await visitor.fetch(video["video_url"])).status == 200
    await clock.advance(10)
    expired = await visitor.fetch(video["video_url"])
    assert (expired.status, expired.headers["Content-Type"]) == (403, "application/xml; charset=utf-8")
    assert b"<Code>AccessDenied</Code>" in expired.raw
    assert (await visitor.fetch(fresh)).status == 200


async def test_a_forged_link_opens_nothing(visitor: Visitor) -> None:
    video, other = await visitor.completed(), await visitor.completed()
    link: str = video["video_url"]
    path, _, query = link.partition("?")
    forged = [
        path,
        link.replace("Expires=1", "Expires=2"),
        link.replace("Signature=", "Signature=0"),
        f"{other['video_url'].partition('?')[0]}?{query}",
        link.replace("/files/video/", "/files/captioned/"),
        f"{path}?Expires=&Signature=é",
    ]
    assert {(await visitor.fetch(each)).status for each in forged} == {403}


async def test_the_link_of_a_deleted_video_leads_nowhere(visitor: Visitor) -> None:
    video = await visitor.completed()
    await visitor.delete(f"/v3/videos/{video['id']}")
    answer = await visitor.fetch(video["video_url"])
    assert answer.status == 404
    assert b"<Code>NoSuchKey</Code>" in answer.raw


async def test_a_signed_link_to_nothing_leads_nowhere(visitor: Visitor, emulator: Emulator) -> None:
    service = emulator._service
    assert service is not None
    video = await visitor.completed()
    for path in ("/files/asset/x", "/files/look/x", "/files/what/x", f"/files/thumbnail/{video['id']}.jpg"):
        link = service.signer.sign(path, service.unix(visitor.clock.now()))
        assert (await visitor.fetch(emulator.url + link)).status == 404


async def test_a_part_of_a_file(visitor: Visitor) -> None:
    link = (await visitor.completed())["video_url"]
    whole = (await visitor.fetch(link)).raw
    for wanted, start, stop in (
        ("bytes=0-0", 0, 1),
        ("bytes=10-19", 10, 20),
        ("bytes=2990-", 2990, 3000),
        ("bytes=2990-9999", 2990, 3000),
        ("bytes=-7", 2993, 3000),
        ("bytes=-9999", 0, 3000),
    ):
        answer = await visitor.fetch(link, Range=wanted)
        assert (answer.status, answer.raw) == (206, whole[start:stop])
        assert answer.headers["Content-Range"] == f"bytes {start}-{stop - 1}/3000"
        assert answer.headers["Content-Length"] == str(stop - start)


@pytest.mark.parametrize("wanted", ["bytes=3000-", "bytes=9999-", "bytes=-0"])
async def test_a_part_behind_the_end_is_refused(visitor: Visitor, wanted: str) -> None:
    answer = await visitor.fetch((await visitor.completed())["video_url"], Range=wanted)
    assert (answer.status, answer.headers["Content-Range"]) == (416, "bytes */3000")


@pytest.mark.parametrize("wanted", ["bytes=-", "bytes=5-2", "bytes=0-1,5-6", "lines=1-2", "bytes=a-b"])
async def test_a_range_that_nobody_understands_gets_the_whole_file(visitor: Visitor, wanted: str) -> None:
    answer = await visitor.fetch((await visitor.completed())["video_url"], Range=wanted)
    assert (answer.status, len(answer.raw)) == (200, 3000)


async def test_a_part_is_only_for_those_who_have_the_same_file(visitor: Visitor) -> None:
    link = (await visitor.completed())["video_url"]
    headers = (await visitor.fetch(link)).headers
    for condition, status in ((headers["ETag"], 206), (headers["Last-Modified"], 206), ('"other"', 200)):
        answer = await visitor.fetch(link, **{"Range": "bytes=10-19", "If-Range": condition})
        assert answer.status == status
        assert answer.headers["ETag"] == headers["ETag"]


async def test_head_tells_the_length_only(visitor: Visitor, emulator: Emulator) -> None:
    link = (await visitor.completed())["video_url"]
    emulator.faults.add(Fault(Cut(10)))
    answer = await visitor.send("HEAD", link)
    assert (answer.status, answer.raw, answer.headers["Content-Length"]) == (200, b"", "3000")


async def test_a_file_is_sent_in_chunks(visitor: Visitor) -> None:
    large = JPEG + bytes(range(256)) * 2400
    asset = (await upload(visitor, large)).data
    assert (await visitor.fetch(asset["url"])).raw == large


async def test_a_cut_comes_after_so_many_bytes(visitor: Visitor, emulator: Emulator) -> None:
    link = (await visitor.completed())["video_url"]
    emulator.faults.add(Fault(Cut(1000), path="/files/*", times=1))
    got = bytearray()

    async def read(stream: aiohttp.StreamReader) -> None:
        while True:
            got.extend(await stream.read(100))

    async with visitor.session.get(link) as answer:
        assert answer.headers["Content-Length"] == "3000"
        with pytest.raises(aiohttp.ClientPayloadError):
            await read(answer.content)
    assert len(got) == 1000
    assert (await visitor.fetch(link, Range="bytes=1000-")).status == 206


async def test_a_length_can_be_a_lie(visitor: Visitor, emulator: Emulator) -> None:
    link = (await visitor.completed())["video_url"]
    emulator.faults.add(Fault(WrongLength(5), path="/files/*", times=1))
    async with visitor.session.get(link) as answer:
        assert answer.headers["Content-Length"] == "3005"
        with pytest.raises(aiohttp.ClientPayloadError):
            await answer.read()
    emulator.faults.add(Fault(WrongLength(-5), path="/files/*", times=1))
    assert len((await visitor.fetch(link)).raw) == 2995


async def test_a_link_can_expire_when_a_test_asks_for_it(visitor: Visitor, emulator: Emulator) -> None:
    link = (await visitor.completed())["video_url"]
    emulator.faults.add(Fault(Expired(), path="/files/video/*", times=1))
    assert [(await visitor.fetch(link)).status for _ in range(2)] == [403, 200]


async def test_a_link_can_expire_in_the_middle_of_the_file(visitor: Visitor, emulator: Emulator) -> None:
    video = await visitor.completed()
    link = video["video_url"]
    emulator.faults.add(Fault(ExpiresAfter(1000), path="/files/video/*", times=1))
    with pytest.raises(aiohttp.ClientPayloadError):
        await visitor.fetch(link)
    assert (await visitor.fetch(link, Range="bytes=1000-")).status == 403
    fresh = (await visitor.get(f"/v3/videos/{video['id']}")).data["video_url"]
    rest = await visitor.fetch(fresh, Range="bytes=1000-")
    assert (rest.status, len(rest.raw)) == (206, 2000)
    assert (await visitor.fetch(link)).status == 403


async def test_a_file_can_come_slowly_by_the_clock(visitor: Visitor, emulator: Emulator) -> None:
    video = await visitor.completed()
    before, clock = visitor.clock.now(), visitor.clock
    emulator.faults.add(Fault(Slow(400), path="/files/video/*", times=1))
    async with visitor.session.get(video["video_url"]) as answer:
        assert await clock.drive(answer.content.readexactly(400))
        assert clock.now() - before >= 1
        assert len(await clock.drive(answer.read())) == 2600
    assert clock.now() - before == 7.5


@given(st.integers(0, 10_000), st.one_of(st.none(), st.integers(0, 10_000)), st.integers(1, 5_000))
def test_a_part_lies_within_its_file(start: int, last: int | None, size: int) -> None:
    header = f"bytes={start}-{'' if last is None else last}"
    try:
        part = part_of(header, size)
    except ValueError:
        assert start >= size
        return
    if part is None:
        assert last is not None
        assert last < start
    else:
        assert 0 <= part.start < part.stop <= size
        assert part == Part(start, min(size, size if last is None else last + 1))


def test_no_header_is_no_part() -> None:
    assert part_of(None, 10) is None


@given(st.text(), st.floats(0, 2**40))
def test_only_what_was_signed_is_allowed(path: str, now: float) -> None:
    signer, stranger = Signer(), Signer()
    query = parse_qs(signer.sign(path, now).rpartition("?")[2])
    expires, signature = query["Expires"][0], query["Signature"][0]
    assert signer.allows(path, expires, signature, now)
    assert not signer.allows(path, expires, signature, now + 7 * 24 * 3600)
    assert not signer.allows(path + "x", expires, signature, now)
    assert not stranger.allows(path, expires, signature, now)
    assert "Signer" in repr(signer)
    assert signature not in repr(signer)
