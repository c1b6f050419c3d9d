"""A journal on disk, and what it costs a run of a thousand rows.

The same rows are run in turns with a journal and without, one right after the other, in one process with the emulator:
10 at once, 60 to 180 s each, with time going by 600 times as fast as in the world, as in `bulk_run.py`. The films are
synthetic. Whatever else the machine does can only make a run longer, so the best of each kind are compared.

    python benchmarks/journal.py           1,000 rows, 3 pairs of runs
    python benchmarks/journal.py --quick   200 rows, 3 pairs
    python benchmarks/journal.py --bare    renders last no time: the run is bound by the processor alone, and no promise

It prints figures, and ends with 1 where the journal costs more than 5 % of a run's throughput.
"""

import argparse
import asyncio
import os
import sqlite3
import sys
import tempfile
import time
from pathlib import Path

from attrs import frozen

from heygen_async import AvatarVideo, HeyGen, ScaledClock
from heygen_async.emulator import Emulator

MOST = 0.05
JOURNAL = "journal.db"
FILM = 20_000
SPEED = 600


@frozen
class Ran:
    """What a run cost."""

    seconds: float
    cpu: float
    written: int
    """Rows in the journal that are downloaded."""


async def run(rows: int, journal: str | None, *, bare: bool) -> Ran:
    """Run once, through an emulator of its own."""
    clock = ScaledClock(SPEED)
    requests = [AvatarVideo(avatar_id="Anna_public_3_20240108", script="Hello", title=f"{at}") for at in range(rows)]
    with tempfile.TemporaryDirectory() as folder:
        path = None if journal is None else Path(folder, journal)
        async with (
            Emulator(clock=clock, synthetic=FILM, balance=1e6, render_seconds=0 if bare else None) as emulator,
            HeyGen("any", base_url=emulator.url, clock=clock) as heygen,
        ):
            began, before = time.perf_counter(), time.process_time()
            done = [outcome.status async for outcome in heygen.bulk(requests, into=folder, journal=path, fold=False)]
            ran = time.perf_counter() - began, time.process_time() - before
            paid = sum(entry.amount > 0 for entry in emulator.account.wallet.entries)
        if done != ["done"] * rows or paid != rows:
            raise RuntimeError(f"{done.count('done')} of {rows} rows done, {paid} paid")
        return Ran(*ran, 0 if path is None else downloaded(path))


def downloaded(path: Path) -> int:
    """Count what the journal says."""
    with sqlite3.connect(path) as connection:
        (count,) = connection.execute("SELECT count(*) FROM entries WHERE state = 'downloaded'").fetchone()
    connection.close()
    return int(count)


def disk() -> float:
    """Measure how long a small write to this disk takes, in seconds."""
    with tempfile.NamedTemporaryFile() as file:
        began = time.perf_counter()
        for _ in range(50):
            file.write(b"x" * 1000)
            file.flush()
            os.fsync(file.fileno())
        return (time.perf_counter() - began) / 50


async def compare(rows: int, pairs: int, *, bare: bool) -> bool:
    """Run in turns, print the figures, and tell whether the promise was kept."""
    await run(min(rows, 100), "warm.db", bare=True)
    print(f"{rows:,} rows, {pairs} pairs of runs; a write to this disk takes {disk() * 1000:.2f} ms")
    print(f"{'':>8}{'without':>22}{'with a journal':>22}")
    print(f"{'':>8}" + f"{'wall':>11}{'processor':>11}" * 2)
    ran: dict[str | None, list[Ran]] = {None: [], JOURNAL: []}
    for at in range(pairs):
        for name in [None, JOURNAL] if at % 2 == 0 else [JOURNAL, None]:
            ran[name].append(await run(rows, name, bare=bare))
        print(f"{'':>8}{_figures(ran[None][-1:])}{_figures(ran[JOURNAL][-1:])}")
    print(f"{'best':>8}{_figures(ran[None])}{_figures(ran[JOURNAL])}")
    if any(each.written != rows for each in ran[JOURNAL]):
        raise RuntimeError("not every row is in the journal")
    lost = 1 - _best(ran[None]) / _best(ran[JOURNAL])
    word = "noted" if bare else "kept" if lost <= MOST else "BROKEN"
    print(f"{word:>8}  the journal costs {lost:.1%} of the throughput (at most {MOST:.0%})")
    return bare or lost <= MOST


def _best(ran: list[Ran]) -> float:
    return min(each.seconds for each in ran)


def _figures(ran: list[Ran]) -> str:
    return f"{_best(ran):>9.2f} s{min(each.cpu for each in ran):>9.2f} s"


def main() -> int:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else None)
    parser.add_argument("--quick", action="store_true", help="200 rows instead of 1,000")
    parser.add_argument("--rows", type=int, help="so many rows")
    parser.add_argument("--pairs", type=int, default=3, help="so many pairs of runs; default: %(default)s")
    parser.add_argument("--bare", action="store_true", help="renders last no time")
    given = parser.parse_args()
    rows = given.rows or (200 if given.quick else 1000)
    return 0 if asyncio.run(compare(rows, given.pairs, bare=given.bare)) else 1


if __name__ == "__main__":
    sys.exit(main())
