"""Filler-word removals: paid for by the minute, paid back when nothing was cut; and real ones."""

from pathlib import Path
from typing import Any

import pytest
from spectator import see
from visitor import Visitor, another, upload

from heygen_async.clock import ManualClock
from heygen_async.emulator import Emulator, FailRender, Fault, media
from heygen_async.emulator.account import Upload
from heygen_async.emulator.media import Color, Film, Scene, Speech

pytestmark = pytest.mark.anyio

PATH = "/v3/filler-word-removals"
TALK = {"type": "url", "url": "https://example.com/talk.mp4"}


async def create(visitor: Visitor, **fields: Any) -> str:
    answer = await visitor.post(PATH, {"video": TALK} | fields)
    assert answer.status == 202
    removal_id: str = answer.data["filler_word_removal_id"]
    return removal_id


async def test_a_removal_ages_in_heygens_words(visitor: Visitor, clock: ManualClock) -> None:
    one = await create(visitor, callback_id="mine")
    seen = []
    for seconds in (0, 2, 29, 31):
        await clock.advance(seconds)
        shown = (await visitor.get(f"{PATH}/{one}")).data
        seen.append((shown["status"], shown["progress"]))
    assert seen == [("pending", 0), ("running", 3), ("running", 50), ("completed", 100)]
    assert (shown["title"], shown["callback_id"], shown["num_cuts"]) == ("Filler Removal", "mine", 0)
    assert (shown["original_duration"], shown["output_duration"], shown["reduction_pct"]) == (5.0, 4.25, 15.0)
    assert len((await visitor.fetch(shown["video_url"])).raw) == 3000


async def test_a_minute_is_the_least_that_is_paid(visitor: Visitor, emulator: Emulator, clock: ManualClock) -> None:
    wallet = emulator.account.wallet
    before = wallet.balance
    await create(visitor)
    assert before - wallet.balance == pytest.approx(0.30)
    large = Upload(name="talk", path=Path("talk"), media_type="video/mp4", size=16_000 * 90, uploaded_at=0)
    emulator.account.assets.add(large)  # about a minute and a half
    await create(visitor, video={"type": "asset_id", "asset_id": large.id})
    assert before - wallet.balance == pytest.approx(0.75)
    await clock.advance(62)
    assert before - wallet.balance == pytest.approx(0.75)


async def test_what_fails_is_paid_back_once(visitor: Visitor, emulator: Emulator, clock: ManualClock) -> None:
    before = emulator.account.wallet.balance
    emulator.faults.add(Fault(FailRender(message="No sound")))
    one = await create(visitor)
    await clock.advance(62)
    shown = (await visitor.get(f"{PATH}/{one}")).data
    assert (shown["status"], shown["failure_message"], shown["progress"]) == ("failed", "No sound", 0)
    assert emulator.account.wallet.balance == before


async def test_an_unknown_one_is_not_found(visitor: Visitor) -> None:
    assert (await visitor.get(f"{PATH}/unknown")).refusal == (404, "resource_not_found", None)


# Real ones.


async def test_pauses_go_and_a_video_without_any_is_paid_back(clock: ManualClock, tmp_path: Path) -> None:
    script = 'One two three. <break time="1.5s"/> Four five six. <break time="1.5s"/> Seven.'
    scene = Scene(sound=Speech(script), backdrop=Color("#FF0000"))
    film = media.render(Film(scenes=[scene], width=64, height=48, fps=10), tmp_path, "talk")
    async with another(clock, synthetic=None) as (emulator, visitor):
        wallet = emulator.account.wallet
        before = wallet.balance
        shown = await finished(emulator, visitor, film.video.read_bytes())
        assert shown["num_cuts"] >= 2
        assert shown["original_duration"] == pytest.approx(film.duration, abs=0.1)
        assert shown["original_duration"] - shown["output_duration"] > 2
        gone = 100 * (1 - shown["output_duration"] / shown["original_duration"])
        assert shown["reduction_pct"] == pytest.approx(gone, abs=0.2)
        cleaned = (await visitor.fetch(shown["video_url"])).raw
        assert see(cleaned).seconds == pytest.approx(shown["output_duration"], abs=0.15)
        assert before - wallet.balance == pytest.approx(0.30)
        again = await finished(emulator, visitor, cleaned)
        assert (again["status"], again["num_cuts"], again["reduction_pct"]) == ("completed", 0, 0)
        assert before - wallet.balance == pytest.approx(0.30)
        assert again["video_url"]


async def finished(emulator: Emulator, visitor: Visitor, content: bytes) -> Any:
    asset_id = (await upload(visitor, content)).data["asset_id"]
    one = await create(visitor, video={"type": "asset_id", "asset_id": asset_id})
    await emulator.idle()
    await visitor.clock.advance(62)
    return (await visitor.get(f"{PATH}/{one}")).data
