"""A bulk run and somebody who asks for one video share a client: neither waits for the other."""

import asyncio
from pathlib import Path

import pytest
from runs import outcomes_of, until, video, videos

from heygen_async import HeyGen, Limits, ManualClock, Options
from heygen_async.emulator import Emulator

pytestmark = pytest.mark.anyio


async def test_a_video_that_is_asked_for_by_hand_gets_the_next_slot_of_a_run(
    emulator: Emulator, clock: ManualClock, tmp_path: Path
) -> None:
    options = Options(limits=Limits(renders=2, submissions=1))
    async with HeyGen(emulator.api_key, base_url=emulator.url, clock=clock, options=options) as heygen:
        run = asyncio.ensure_future(outcomes_of(heygen.bulk(videos(8), into=tmp_path)))
        await until(clock, lambda: len(emulator.account.videos) == 2)
        by_hand = asyncio.ensure_future(heygen.videos.create(video(title="by hand")))
        await until(clock, by_hand.done)
        titles = [made.title for made in emulator.account.videos.values()]
        assert titles.index("by hand") <= 3, "after one more row, at the most"
        await clock.drive(asyncio.gather(run, by_hand.result().wait()))
    assert len(emulator.account.videos) == 9


async def test_a_run_gets_its_turns_while_many_videos_are_asked_for_by_hand(
    emulator: Emulator, clock: ManualClock, tmp_path: Path
) -> None:
    options = Options(limits=Limits(renders=2, submissions=2))
    async with HeyGen(emulator.api_key, base_url=emulator.url, clock=clock, options=options) as heygen:
        by_hand = asyncio.gather(*(heygen.videos.create(video(title="by hand")) for _ in range(10)))
        await until(clock, lambda: len(emulator.account.videos) == 2)
        outcomes = await clock.drive(outcomes_of(heygen.bulk(videos(3), into=tmp_path)))
        assert [outcome.status for outcome in outcomes] == ["done"] * 3
        assert len(emulator.account.videos) <= 10, "the run has ended, and some by hand still wait"
        await clock.drive(by_hand)
