"""The life of a video, as its maker sees it."""

from typing import Any

import aiohttp
import pytest
from visitor import ANNA, TOM, Visitor, another

from heygen_async.clock import ManualClock
from heygen_async.emulator import Emulator, FailRender, Fault

pytestmark = pytest.mark.anyio

STILL = {"type": "image", "source": {"type": "url", "url": "https://example.com/a.png"}, "duration": 3}
KINDS = {
    "avatar": {"type": "avatar", "avatar_id": ANNA, "script": "Hello!"},
    "image": {
        "type": "image",
        "image": {"type": "url", "url": "https://example.com/a.png"},
        "audio_url": "https://example.com/a.mp3",
    },
    "cinematic": {"type": "cinematic_avatar", "avatar_id": [ANNA, TOM], "prompt": "They dance", "duration": 6},
    "studio": {"type": "studio", "scenes": [STILL]},
}


@pytest.mark.parametrize("kind", KINDS)
async def test_each_kind_waits_renders_and_is_completed(visitor: Visitor, clock: ManualClock, kind: str) -> None:
    receipt = (await visitor.post("/v3/videos", KINDS[kind])).data
    assert receipt == {"video_id": receipt["video_id"], "status": "waiting", "output_format": "mp4"}
    path = f"/v3/videos/{receipt['video_id']}"
    assert len(bytes.fromhex(receipt["video_id"])) == 16
    seen = []
    for seconds in (0, 2, 59, 1):
        await clock.advance(seconds)
        seen.append((await visitor.get(path)).data["status"])
    assert seen == ["pending", "processing", "processing", "completed"]
    assert len((await visitor.fetch((await visitor.get(path)).data["video_url"])).raw) == 3000


async def test_what_is_null_is_not_there(visitor: Visitor, clock: ManualClock) -> None:
    video_id = await visitor.create()
    video = (await visitor.get(f"/v3/videos/{video_id}")).data
    created = video.pop("created_at")
    assert video == {
        "id": video_id,
        "status": "pending",
        "title": video_id,
        "video_page_url": f"https://app.heygen.com/videos/{video_id}",
    }
    await clock.advance(62)
    video = (await visitor.get(f"/v3/videos/{video_id}")).data
    assert video.keys() == {
        "id",
        "status",
        "title",
        "video_page_url",
        "created_at",
        "completed_at",
        "duration",
        "video_url",
    }
    assert video["completed_at"] - created == 62


async def test_captions_come_as_a_file_and_burned_in(visitor: Visitor) -> None:
    plain = await visitor.completed(script="One <break time='1s'/> two.", caption={"file_format": "srt"})
    assert "captioned_video_url" not in plain
    answer = await visitor.fetch(plain["subtitle_url"])
    assert answer.headers["Content-Type"] == "application/x-subrip"
    assert answer.raw.decode() == "1\n00:00:00,000 --> 00:00:01,600\nOne  two.\n"
    both = await visitor.completed(audio_url="https://example.com/a.mp3", script=None, caption={"style": "default"})
    assert b"[speech]" in (await visitor.fetch(both["subtitle_url"])).raw
    assert len((await visitor.fetch(both["captioned_video_url"])).raw) == 3000


async def test_a_transparent_video_is_a_webm(visitor: Visitor) -> None:
    receipt = (await visitor.post("/v3/videos", KINDS["avatar"] | {"output_format": "webm"})).data
    assert receipt["output_format"] == "webm"
    await visitor.clock.advance(62)
    link = (await visitor.get(f"/v3/videos/{receipt['video_id']}")).data["video_url"]
    assert (await visitor.fetch(link)).headers["Content-Type"] == "video/webm"


async def test_an_unknown_video_is_not_found(visitor: Visitor) -> None:
    for method in ("GET", "DELETE"):
        answer = await visitor.send(method, "/v3/videos/vid-1")
        assert answer.body == {
            "error": {
                "code": "video_not_found",
                "doc_url": "https://developers.heygen.com/docs/error-codes#video-not-found",
                "message": "Video vid-1 not found",
            }
        }
        assert answer.status == 404


async def test_a_second_delete_answers_404(visitor: Visitor) -> None:
    video_id = await visitor.create()
    assert (await visitor.delete(f"/v3/videos/{video_id}")).data == {"id": video_id, "deleted": True}
    assert (await visitor.delete(f"/v3/videos/{video_id}")).status == 404
    assert (await visitor.get(f"/v3/videos/{video_id}")).status == 404


async def test_the_eleventh_video_at_once_is_refused_and_costs_nothing(
    visitor: Visitor, emulator: Emulator, clock: ManualClock
) -> None:
    for _ in range(10):
        await visitor.create()
    paid = len(emulator.account.wallet.entries)
    answer = await visitor.post("/v3/videos", KINDS["avatar"])
    assert answer.refusal == (429, "rate_limit_exceeded", None)
    assert answer.headers["Retry-After"] == "30"
    assert (len(emulator.account.videos), len(emulator.account.wallet.entries)) == (10, paid)
    await clock.advance(50)
    assert (await visitor.post("/v3/videos", KINDS["avatar"])).headers["Retry-After"] == "12"
    await clock.advance(12)
    assert (await visitor.post("/v3/videos", KINDS["avatar"])).status == 200


async def test_deleting_a_video_frees_its_slot(clock: ManualClock) -> None:
    async with another(clock, renders=1) as (_, visitor):
        first = await visitor.create()
        assert (await visitor.refusal())[0] == 429
        await visitor.delete(f"/v3/videos/{first}")
        await visitor.create()


async def test_where_videos_queue_each_gets_its_slot_in_turn(clock: ManualClock) -> None:
    async with another(clock, renders=2, queue=True) as (_, visitor):
        ids = [await visitor.create() for _ in range(5)]
        seen = []
        for seconds in (5, 57, 62, 62):
            await clock.advance(seconds)
            seen.append([(await visitor.get(f"/v3/videos/{each}")).data["status"][:4] for each in ids])
        assert seen == [
            ["proc", "proc", "pend", "pend", "pend"],
            ["comp", "comp", "pend", "pend", "pend"],
            ["comp", "comp", "comp", "comp", "pend"],
            ["comp"] * 5,
        ]


async def test_with_a_fast_clock_the_wait_is_told_in_real_seconds() -> None:
    async with (
        Emulator(synthetic=2000, speed=10, renders=1, render_seconds=10_000) as emulator,
        aiohttp.ClientSession() as session,
    ):
        visitor = Visitor(session, emulator.url, ManualClock())
        await visitor.create()
        answer = await visitor.post("/v3/videos", KINDS["avatar"])
        assert answer.headers["Retry-After"] == "3"


async def test_how_long_a_video_renders_can_be_chosen(clock: ManualClock) -> None:
    async with another(clock, render_seconds=lambda request: len(request.title)) as (_, visitor):
        short, long = await visitor.create(title="x"), await visitor.create(title="x" * 100)
        await clock.advance(3)
        found = [(await visitor.get(f"/v3/videos/{each}")).data["status"] for each in (short, long)]
        assert found == ["completed", "processing"]
    async with another(clock, render_seconds=0) as (_, visitor):
        video_id = await visitor.create()
        assert (await visitor.get(f"/v3/videos/{video_id}")).data["status"] == "completed"
    async with another(clock, render_seconds=None) as (_, visitor):
        await visitor.create()
        await clock.advance(61)
        assert (await visitor.get("/v3/videos")).data[0]["status"] == "processing"
        await clock.advance(122)
        assert (await visitor.get("/v3/videos")).data[0]["status"] == "completed"


async def test_videos_are_listed_newest_first_in_pages(visitor: Visitor) -> None:
    ids = [await visitor.create(title=f"Title {number % 2}") for number in range(5)]
    first = await visitor.get("/v3/videos", limit=2)
    assert [video["id"] for video in first.data] == ids[:2:-1]
    await visitor.create()
    second = await visitor.get("/v3/videos", limit=2, token=first.body["next_token"])
    third = await visitor.get("/v3/videos", limit=2, token=second.body["next_token"])
    assert [video["id"] for video in (*second.data, *third.data)] == ids[2::-1]
    assert (third.body["has_more"], third.body["next_token"]) == (False, None)


async def test_videos_are_listed_by_title_and_folder(visitor: Visitor) -> None:
    folder_id = await visitor.folder()
    found, untitled = await visitor.create(title="Launch day", folder_id=folder_id), await visitor.create()
    for query, expected in (
        ({"title": "day"}, [found]),
        ({"title": untitled[:20]}, [untitled]),
        ({"folder_id": folder_id}, [found]),
        ({"folder_id": "f2"}, []),
        ({}, [untitled, found]),
    ):
        assert [video["id"] for video in (await visitor.get("/v3/videos", **query)).data] == expected


async def test_the_statuses_of_many_in_one_answer(visitor: Visitor, emulator: Emulator, clock: ManualClock) -> None:
    emulator.faults.add(Fault(FailRender(), times=1))
    failed, good = await visitor.create(), await visitor.create()
    await clock.advance(30)
    late = await visitor.create()
    answer = await visitor.get("/v3/videos/statuses", video_ids=f"{failed},{good},{late},nobody")
    assert [each["status"] for each in answer.data] == ["processing", "processing", "queued", "not_found"]
    assert [each["video_id"] for each in answer.data] == [failed, good, late, "nobody"]
    await clock.advance(32)
    answer = await visitor.get("/v3/videos/statuses", video_ids=f"{failed},{good},{late}")
    assert [each["status"] for each in answer.data] == ["failed", "completed", "processing"]
    assert answer.data[0]["error"] == {"code": "rendering_failed", "message": "Avatar rendering timed out"}
    assert (answer.body["has_more"], answer.body["next_token"]) == (False, None)


async def test_a_video_is_paid_when_it_begins_and_paid_back_when_it_fails(
    visitor: Visitor, emulator: Emulator, clock: ManualClock
) -> None:
    wallet = emulator.account.wallet
    emulator.faults.add(Fault(FailRender(), times=1))
    video_id = await visitor.create(script="word " * 150)
    cost = emulator.account.videos[video_id].cost
    assert cost == pytest.approx(60 * 0.0667)
    assert (await visitor.get("/v3/users/me")).data["wallet"]["remaining_balance"] == 1000 - cost
    await clock.advance(62)
    assert (await visitor.get("/v3/users/me")).data["wallet"]["remaining_balance"] == 1000
    assert [(entry.what, entry.amount) for entry in wallet.entries] == [(video_id, cost), (video_id, -cost)]


async def test_a_video_is_charged_by_the_length_that_it_has_become(
    visitor: Visitor, emulator: Emulator, clock: ManualClock
) -> None:
    video_id = await visitor.create(script="word " * 150)
    await visitor.create()
    video = emulator.account.videos[video_id]
    video.expected = 120.0  # and a minute is what it becomes
    first, other = emulator.account.wallet.entries
    await clock.advance(62)
    assert (await visitor.get("/v3/users/me")).data["wallet"]["remaining_balance"] == pytest.approx(
        1000 - first.amount / 2 - other.amount, abs=1e-4
    )
    assert video.cost == pytest.approx(first.amount / 2, abs=1e-4)
    assert [entry.what for entry in emulator.account.wallet.entries] == [first.what, other.what]


async def test_a_video_that_is_deleted_before_it_renders_is_paid_back(
    visitor: Visitor, emulator: Emulator, clock: ManualClock
) -> None:
    early, late = await visitor.create(), await visitor.create()
    await visitor.delete(f"/v3/videos/{early}")
    await clock.advance(2)
    cost = emulator.account.videos[late].cost
    await visitor.delete(f"/v3/videos/{late}")
    assert emulator.account.wallet.balance == 1000 - cost


@pytest.mark.parametrize(
    ("fields", "dollars"),
    [
        ({"script": "word " * 150, "engine": {"type": "avatar_iii"}}, 60 * 0.0167),
        ({"script": "word " * 150, "avatar_id": TOM}, 60 * 0.05),
        ({"script": "word " * 150, "voice_settings": {"speed": 1.5}}, 40 * 0.0667),
        ({"script": "字" * 1200}, 40 * 0.0667),
        ({"script": "x"}, 0.0667),
        (KINDS["cinematic"] | {"script": None}, 7.0),
        ({"type": "studio", "avatar_id": None, "script": None, "scenes": [STILL]}, 0),
    ],
)
async def test_what_a_video_costs(visitor: Visitor, emulator: Emulator, fields: dict[str, Any], dollars: float) -> None:
    body = KINDS["avatar"] | fields
    answer = await visitor.post("/v3/videos", {name: value for name, value in body.items() if value is not None})
    assert emulator.account.videos[answer.data["video_id"]].cost == pytest.approx(dollars, abs=1e-4)


async def test_an_empty_wallet_pays_for_nothing(clock: ManualClock) -> None:
    async with another(clock, balance=6.5) as (emulator, visitor):
        answer = await visitor.post("/v3/videos", KINDS["cinematic"])
        assert answer.refusal == (402, "insufficient_credit", None)
        assert answer.error["message"] == "Insufficient credit: the balance is $6.50 and this costs $7.00"
        assert not emulator.account.videos
        assert await visitor.create()
