"""A cap that nobody has told us: how soon is it found, and what does the search cost.

The same 60 videos twice for each cap, through the emulator: by a client that was told how many may render at once, and
by one that has to find out (`Limits(renders=None)`). Time is a clock that jumps from one appointment to the next as
soon as nothing is under way, so an hour takes seconds and the machine's speed decides nothing. The films are synthetic.

    python benchmarks/caps.py           60 videos for each cap
    python benchmarks/caps.py --quick   40

What was found after how many creations, and what the search has cost, are marks.
"""

import argparse
import asyncio
import sys
import tempfile
from collections import Counter
from collections.abc import Awaitable
from itertools import accumulate
from typing import TypeVar

import anyio.to_thread
from attrs import define, field, frozen
from marks import Mark, settle

from heygen_async import AvatarVideo, HeyGen, Limits, ManualClock, Options
from heygen_async.emulator import Emulator

T = TypeVar("T")

CAPS = (3, 10, 20)
TURNS = 25
"""Turns of the loop in which nothing may be under way before time goes on: what was woken gets to its next request."""

MOMENT = 0.0003
"""Seconds of the world until it is looked again at what is under way: whoever waits takes no processor."""

FILM = 3_000
"""Bytes of each file."""

SOON = 60
"""Within so many creations a cap has to be found."""

LONGER = 1.05
"""How much longer a run may take that has to find out."""


@define
class Jumping(ManualClock):
    """A clock that jumps to the next appointment when nothing is under way, and stands still otherwise."""

    client: HeyGen | None = field(default=None, kw_only=True)

    async def drive(self, awaitable: Awaitable[T]) -> T:
        """Jump until `awaitable` is done; return what it returns."""
        task = asyncio.ensure_future(awaitable)
        while not task.done():
            calm = 0
            while calm < TURNS:
                busy = self._busy()
                await asyncio.sleep(MOMENT if busy else 0)
                calm = 0 if busy else calm + 1
            self._jump(float("inf"))
        return await task

    def _busy(self) -> bool:
        if self.client is None:
            return False
        lanes = self.client._desk.lanes  # noqa: SLF001  # what is under way shows nowhere else
        threads = anyio.to_thread.current_default_thread_limiter().borrowed_tokens
        return bool(lanes.requests.taken or lanes.downloads.taken or threads)


@frozen
class Run:
    """What the emulator saw of a run, and what the client believed."""

    seconds: float
    """From the first render's begin to the last one's end, by the clock."""

    paid: int
    done: int
    refused: int
    """Creations that were refused with 429."""

    most_at_once: int
    found: int | None
    """How many creations it took until the client knew the cap; ``None``: it never did."""

    cap: int | None
    """What it believed at the end."""


async def run(cap: int, told: int | None, rows: int) -> Run:
    """Make the videos once; `told`: what the client is told, ``None``: nothing."""
    clock = Jumping()
    requests = [AvatarVideo(avatar_id="Anna_public_3_20240108", script="Hello", title=f"{at}") for at in range(rows)]
    with tempfile.TemporaryDirectory() as folder:
        async with (
            Emulator(clock=clock, synthetic=FILM, balance=1e6, renders=cap) as emulator,
            HeyGen("any", base_url=emulator.url, clock=clock, options=Options(limits=Limits(renders=told))) as heygen,
        ):
            clock.client = heygen
            bulk = heygen.bulk(requests, into=folder)
            found: list[int] = []

            async def follow() -> Counter[str]:
                statuses = Counter[str]()
                async for outcome in bulk:
                    statuses[outcome.status] += 1
                    if bulk.progress.cap == cap:
                        found.append(len(emulator.account.videos))
                return statuses

            statuses = await clock.drive(follow())
            return look(emulator, statuses["done"], found[0] if found else None, bulk.progress.cap)


def look(emulator: Emulator, done: int, found: int | None, cap: int | None) -> Run:
    """Look into the emulator."""
    made = [(video.begun or 0.0, video.ended or 0.0) for video in emulator.account.videos.values()]
    turns = sorted([(begun, 1) for begun, _ in made] + [(ended, -1) for _, ended in made])
    return Run(
        seconds=turns[-1][0] - turns[0][0],
        paid=sum(entry.amount > 0 for entry in emulator.account.wallet.entries),
        done=done,
        refused=sum(served.status == 429 for served in emulator.log.served),
        most_at_once=max(accumulate(step for _, step in turns)),
        found=found,
        cap=cap,
    )


async def compare(cap: int, rows: int) -> tuple[list[Mark], dict[str, bool]]:
    """Make the videos with and without knowing the cap."""
    knew, sought = await run(cap, cap, rows), await run(cap, None, rows)
    print(f"a cap of {cap}: {sought.refused} creations refused, {knew.refused} where it was told")
    found = float("inf") if sought.found is None else sought.found
    longer = sought.seconds / knew.seconds
    marks = [
        Mark(f"Creations until a cap of {cap} is known", found, {"the cap": cap}, found, SOON),
        Mark(
            f"A run that has to find out a cap of {cap}",
            sought.seconds,
            {"told": knew.seconds},
            longer,
            LONGER,
            unit="s",
        ),
    ]
    paid = {sought.paid, sought.done, knew.paid, knew.done} == {rows}
    return marks, {f"every video is made and paid once, with a cap of {cap}": paid}


def main() -> int:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else None)
    parser.add_argument("--quick", action="store_true", help="40 videos instead of 60")
    given = parser.parse_args()
    compared = [asyncio.run(compare(cap, 40 if given.quick else 60)) for cap in CAPS]
    promises = {promise: kept for _, each in compared for promise, kept in each.items()}
    return settle([mark for marks, _ in compared for mark in marks], quick=given.quick, promises=promises)


if __name__ == "__main__":
    sys.exit(main())
