"""Each thing that goes wrong, one at a time: a bulk run comes through it to whole files that are paid for once."""

from collections import Counter
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from lives import Life
from runs import files, videos

from heygen_async import JobTimeout, ManualClock, Polling
from heygen_async.emulator import (
    Cut,
    Down,
    Emulator,
    Expired,
    ExpiresAfter,
    FailRender,
    Fault,
    Garbage,
    GoesBack,
    Hang,
    NoLink,
    Nothing,
    Page,
    Refuse,
    RefuseUnder200,
    ResetAfter,
    ResetBefore,
    Slow,
    Stuck,
    WrongLength,
)
from heygen_async.emulator.notation import write_fault

pytestmark = pytest.mark.anyio

CREATION: dict[str, Any] = {"method": "POST", "path": "/v3/videos"}
FILE: dict[str, Any] = {"path": "/files/video/*"}

TROUBLE = {
    "connections are refused for a while": Fault(Down(5), **CREATION, times=1),
    "a connection is cut before the request was carried out": Fault(ResetBefore(), **CREATION, times=2),
    "a connection is cut after the request was carried out": Fault(ResetAfter(), **CREATION, times=2),
    "a gateway gives up after the request was carried out": Fault(Hang(True, 30), **CREATION, times=1),
    "a gateway gives up, and nothing was carried out": Fault(Hang(False, 30), **CREATION, times=1),
    "a storm of 429": Fault(Refuse(429, "rate_limit_exceeded", retry_after=1), **CREATION, times=10),
    "a burst of 5xx": Fault(Refuse(503, "service_unavailable"), **CREATION, times=5),
    "slow downloads": Fault(Slow(500), **FILE, times=2),
    "downloads that are cut": Fault(Cut(1000), **FILE, times=3),
    "links that have expired": Fault(Expired(), **FILE, times=2),
    "links that expire in mid-file": Fault(ExpiresAfter(1000), **FILE, times=2),
    "completed without a link for a while": Fault(NoLink(3), **CREATION, times=2),
    "a Content-Length that is too large": Fault(WrongLength(700), **FILE, times=2),
    "a Content-Length that is too small": Fault(WrongLength(-700), **FILE, times=2),
    "an error under the status 200": Fault(RefuseUnder200("internal_error"), **CREATION, times=2),
    "a page of a gateway": Fault(Page(502), **CREATION, times=4),
    "an empty answer": Fault(Nothing(), **CREATION, times=1),
    "an answer that is cut": Fault(Garbage(), **CREATION, times=1),
    "a render that fails without a reason": Fault(FailRender(None, None), **CREATION, times=1),
    "a status that goes back": Fault(GoesBack(2), **CREATION, times=3),
}


SOON = Polling(give_up_after=600)


async def order(life: Life, fault: Fault, way: str) -> None:
    """Have it happen: as in the same process, or as from another one."""
    if way == "faults=":
        return  # the emulator was made with it
    async with aiohttp.ClientSession() as session:
        answer = await session.post(f"{life.emulator.url}/emulator/faults", json=write_fault(fault))
        assert answer.status == 200, await answer.text()


def paid_for(emulator: Emulator) -> Counter[str]:
    """How often each row is paid for and not paid back."""
    balance = Counter[str]()
    for entry in emulator.account.wallet.entries:
        balance[entry.what] += 1 if entry.amount > 0 else -1
    made = emulator.account.videos.values()
    return +Counter({video.title.partition(" [")[0]: balance[video.id] for video in made if balance[video.id]})


@pytest.mark.parametrize("way", ["faults=", "JSON"])
@pytest.mark.parametrize("name", TROUBLE)
async def test_rows_come_through(clock: ManualClock, tmp_path: Path, name: str, way: str) -> None:
    fault = TROUBLE[name]
    early = [fault] if way == "faults=" else []
    async with Emulator(clock=clock, synthetic=3000, render_seconds=60, faults=early) as emulator:
        life = Life(emulator, clock, tmp_path)
        await order(life, fault, way)
        await life.run_until_done(videos(3))
        assert emulator.faults.counts[fault.what.tag] > 0
        assert paid_for(emulator) == Counter(f"Video {at}" for at in range(3))
        assert {size for file, size in files(life.into).items() if file.endswith(".mp4")} == {3000}
        assert len(life.films) == 3


@pytest.mark.parametrize("way", ["faults=", "JSON"])
async def test_a_video_that_is_stuck_ends_its_row_in_time_and_is_not_paid_again(
    clock: ManualClock, tmp_path: Path, way: str
) -> None:
    fault = Fault(Stuck(), **CREATION, times=1)
    early = [fault] if way == "faults=" else []
    async with Emulator(clock=clock, synthetic=3000, render_seconds=60, faults=early) as emulator:
        life = Life(emulator, clock, tmp_path)
        await order(life, fault, way)
        error = await given_up(life)
        assert (await given_up(life)).job.id == error.job.id
        assert paid_for(emulator) == Counter(f"Video {at}" for at in range(3))
        assert len(life.films) == 2
        await life.clock.drive(deleted(life, error.job.id))
        await life.run_until_done(videos(3))
        assert len(life.films) == 3


async def given_up(life: Life) -> JobTimeout:
    """Run, and return why one row has ended without a film."""
    outcomes = await life.run(videos(3), polling=SOON)
    (error,) = [outcome.error for outcome in outcomes if outcome.path is None]
    assert isinstance(error, JobTimeout)
    return error


async def deleted(life: Life, video_id: str) -> None:
    """Delete a video at HeyGen."""
    async with aiohttp.ClientSession() as session:
        await session.delete(f"{life.emulator.url}/v3/videos/{video_id}", headers={"x-api-key": "any"})
