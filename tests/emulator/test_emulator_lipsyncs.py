"""Lipsyncs: aged, paid for, listed, renamed and deleted; and real ones."""

import math
import struct
import wave
from io import BytesIO
from typing import Any

import pytest
from spectator import see
from visitor import MP3, PNG, Visitor, another, upload

from heygen_async.clock import ManualClock
from heygen_async.emulator import Emulator, FailRender, Fault, NoLink, media
from heygen_async.emulator.media import Color, Film, Scene, Speech
from heygen_async.emulator.operations.lipsyncs import LipsyncWork

pytestmark = pytest.mark.anyio

PATH = "/v3/lipsyncs"
BODY = {
    "video": {"type": "url", "url": "https://example.com/talk.mp4"},
    "audio": {"type": "url", "url": "https://example.com/voice.wav"},
    "title": "Talk",
}


async def create(visitor: Visitor, **fields: Any) -> str:
    one: str = (await visitor.post(PATH, BODY | fields)).data["lipsync_id"]
    return one


async def asset(visitor: Visitor, content: bytes) -> dict[str, str]:
    return {"type": "asset_id", "asset_id": (await upload(visitor, content)).data["asset_id"]}


async def test_a_lipsync_ages_in_heygens_words(visitor: Visitor, clock: ManualClock) -> None:
    one = await create(visitor, callback_id="mine")
    seen = []
    for seconds in (0, 2, 60):
        await clock.advance(seconds)
        seen.append((await visitor.get(f"{PATH}/{one}")).data["status"])
    assert seen == ["pending", "running", "completed"]
    shown = (await visitor.get(f"{PATH}/{one}")).data
    assert shown.pop("created_at") > 1_700_000_000
    links = [(await visitor.fetch(shown.pop(name))).headers["Content-Type"] for name in ("video_url", "caption_url")]
    assert links == ["video/mp4", "application/x-subrip"]
    assert shown == {"id": one, "status": "completed", "title": "Talk", "duration": 5.0, "callback_id": "mine"}


@pytest.mark.parametrize(
    ("fields", "price"),
    [
        ({}, 0.1665),
        ({"mode": "precision"}, 0.3335),
        ({"start_time": 1, "end_time": 3, "enable_dynamic_duration": False}, 0.0666),
    ],
)
async def test_each_second_is_paid_for(
    visitor: Visitor, emulator: Emulator, fields: dict[str, Any], price: float
) -> None:
    one = await create(visitor, **fields)
    assert [(entry.what, entry.amount) for entry in emulator.account.wallet.entries] == [(one, price)]


async def test_it_is_as_long_as_its_sound(visitor: Visitor, emulator: Emulator, clock: ManualClock) -> None:
    one = await create(visitor, audio=await asset(visitor, MP3))  # 32,004 bytes: about two seconds
    await clock.advance(62)
    assert (await visitor.get(f"{PATH}/{one}")).data["duration"] == 2.0
    assert emulator.account.shelf(LipsyncWork).find(one).cost == 0.0666


async def test_one_that_fails_is_paid_back_and_says_why(
    visitor: Visitor, emulator: Emulator, clock: ManualClock
) -> None:
    emulator.faults.add(Fault(FailRender(message="There is no face"), path=PATH, times=1))
    one = await create(visitor)
    await clock.advance(62)
    shown = (await visitor.get(f"{PATH}/{one}")).data
    assert (shown["status"], shown["failure_message"]) == ("failed", "There is no face")
    assert emulator.account.wallet.balance == 1000


async def test_one_without_its_link_gets_it_after_some_looks(
    visitor: Visitor, emulator: Emulator, clock: ManualClock
) -> None:
    emulator.faults.add(Fault(NoLink(times=2), path=PATH, times=1))
    one = await create(visitor)
    await clock.advance(62)
    looks = ["video_url" in (await visitor.get(f"{PATH}/{one}")).data for _ in range(3)]
    assert looks == [False, False, True]


async def test_above_the_cap_it_is_refused(clock: ManualClock) -> None:
    async with another(clock, renders=1) as (_, visitor):
        await create(visitor)
        assert (await visitor.post(PATH, BODY)).refusal == (429, "rate_limit_exceeded", None)


async def test_lipsyncs_are_listed_renamed_and_deleted(visitor: Visitor) -> None:
    ids = [await create(visitor, title=title) for title in ("One", "Two", "Three")]
    page = await visitor.get(PATH, limit=2)
    assert [one["title"] for one in page.data] == ["Three", "Two"]
    rest = await visitor.get(PATH, limit=2, token=page.body["next_token"])
    assert ([one["id"] for one in rest.data], rest.body["has_more"]) == ([ids[0]], False)
    renamed = await visitor.send("PATCH", f"{PATH}/{ids[0]}", json={"title": "First"})
    assert (renamed.data["id"], renamed.data["title"]) == (ids[0], "First")
    assert (await visitor.delete(f"{PATH}/{ids[0]}")).data == {"id": ids[0]}
    for answer in (await visitor.delete(f"{PATH}/{ids[0]}"), await visitor.get(f"{PATH}/{ids[0]}")):
        assert answer.refusal == (404, "resource_not_found", None)


@pytest.mark.parametrize(
    ("fields", "refusal"),
    [
        ({"audio": None}, (400, "invalid_parameter", "audio")),
        ({"audio": {"type": "asset_id", "asset_id": "nothing"}}, (404, "asset_not_found", None)),
        ({"mode": "quality"}, (400, "invalid_parameter", "mode")),
        ({"end_time": -1}, (400, "invalid_parameter", "end_time")),
        ({"voice": "v"}, (400, "invalid_parameter", "voice")),
    ],
)
async def test_what_breaks_a_rule_is_refused(
    visitor: Visitor, emulator: Emulator, fields: dict[str, Any], refusal: tuple[int, str, str | None]
) -> None:
    assert (await visitor.post(PATH, BODY | fields)).refusal == refusal
    assert emulator.account.wallet.entries == []


@pytest.mark.parametrize(("field", "content"), [("video", MP3), ("audio", PNG)])
async def test_a_file_of_another_kind_is_refused(visitor: Visitor, field: str, content: bytes) -> None:
    answer = await visitor.post(PATH, BODY | {field: await asset(visitor, content)})
    assert answer.refusal == (400, "invalid_parameter", field)


async def test_a_batch_is_begun_and_read(visitor: Visitor, clock: ManualClock) -> None:
    nobody = BODY | {"video": {"type": "asset_id", "asset_id": "nothing"}}
    nowhere = BODY | {"folder_id": "nothing"}
    answer = await visitor.post(f"{PATH}/batches", {"lipsyncs": [BODY, nobody, nowhere], "title": "All"})
    assert answer.status == 202
    batch_id = answer.data["batch_id"]
    await clock.advance(62)
    batch = (await visitor.get(f"{PATH}/batches/{batch_id}")).data
    assert (batch["title"], batch["counts_by_status"]) == ("All", {"completed": 1, "failed": 2})
    found = (await visitor.get(f"{PATH}/statuses", batch_ids=batch_id)).data
    assert [one["status"] for one in found] == ["completed", "failed", "failed"]
    one = (await visitor.get(f"{PATH}/statuses", lipsync_ids=found[0]["video_id"])).data[0]
    assert (one["batch_id"], one["item_index"], one["status"]) == (batch_id, 0, "completed")


# Real ones.


@pytest.fixture(scope="module")
def talk(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A second or two of blue with a voice, 64 x 48."""
    film = Film(scenes=[Scene(sound=Speech("One two three."), backdrop=Color("#0000FF"))], width=64, height=48, fps=10)
    return media.render(film, tmp_path_factory.mktemp("talk"), "talk").video.read_bytes()


def tone(seconds: float, pitch: float = 440.0, rate: int = 16_000) -> bytes:
    """A WAV with one plain tone."""
    samples = (round(20_000 * math.sin(2 * math.pi * pitch * at / rate)) for at in range(round(seconds * rate)))
    file = BytesIO()
    with wave.open(file, "wb") as waves:
        waves.setparams((1, 2, rate, 0, "NONE", ""))
        waves.writeframes(b"".join(struct.pack("<h", sample) for sample in samples))
    return file.getvalue()


async def test_in_a_real_one_the_given_sound_is_heard_to_the_same_pictures(clock: ManualClock, talk: bytes) -> None:
    async with another(clock, synthetic=None) as (emulator, visitor):
        one = await create(visitor, video=await asset(visitor, talk), audio=await asset(visitor, tone(2.5)))
        await emulator.idle()
        await clock.advance(62)
        shown = (await visitor.get(f"{PATH}/{one}")).data
        film = see((await visitor.fetch(shown["video_url"])).raw)
        red, green, blue = film.frames[-1].getpixel((32, 24))
        assert (red < 60, green < 60, blue > 200) == (True, True, True)
        assert (film.seconds, shown["duration"]) == (pytest.approx(2.5, abs=0.15), pytest.approx(2.5, abs=0.15))
        assert film.sound_seconds == pytest.approx(2.5, abs=0.3)
        assert film.pitch == pytest.approx(440, rel=0.1)
        assert "[speech]" in (await visitor.fetch(shown["caption_url"])).raw.decode()
        assert emulator.account.wallet.entries[0].amount == pytest.approx(2.5 * 0.0333, abs=0.001)


async def test_a_real_one_can_stay_as_long_as_its_pictures(clock: ManualClock, talk: bytes) -> None:
    async with another(clock, synthetic=None) as (emulator, visitor):
        files = {"video": await asset(visitor, talk), "audio": await asset(visitor, tone(4))}
        one = await create(visitor, **files, enable_dynamic_duration=False)
        await emulator.idle()
        await clock.advance(62)
        shown = (await visitor.get(f"{PATH}/{one}")).data
        assert shown["duration"] == pytest.approx(media.measure(talk).seconds, abs=0.15)
