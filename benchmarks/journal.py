"""A journal on disk: what do its records cost the processor, how long does one wait for the disk, and what does a run.

1. CPU of a job over its four records, as a bulk run of 10 at once writes them: `sent` is waited for, the others are
   noted. Beside it the same records with a commit each in a thread: what a coroutine wrapper of SQLite does.
2. From the beginning of a `write` until it is acknowledged, one at a time, beside a bare fsync of as much.
3. A run of 500 rows in turns with a journal and without, one right after the other, in one process with the
   emulator: 10 at once, 60 to 180 s each, with time going by 600 times as fast as in the world, as in `bulk_run.py`.
   Whatever else the machine does can only make a run longer, so the best of each kind are compared.

    python benchmarks/journal.py           500 rows, 2 pairs of runs
    python benchmarks/journal.py --quick   200 rows
    python benchmarks/journal.py --bare    renders last no time: the run is bound by the processor alone, and no promise
"""

import argparse
import asyncio
import os
import sqlite3
import statistics
import sys
import tempfile
import time
from pathlib import Path

import attrs
from attrs import evolve, frozen
from marks import Mark, settle

from heygen_async import AvatarVideo, HeyGen, ScaledClock
from heygen_async.bulk.journal import Entry, Journal
from heygen_async.emulator import Emulator

MOST = 0.05
AT_ONCE = 10
SHARE = 0.085
"""40 µs of four commits that take 117 µs each: figures of one quiet machine, of which the ratio counts elsewhere."""

REASON = "half is waking the writer's thread, and its commits of ten rows; the rest stamps, encodes and queues 4 rows"
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


def disk_waits(count: int) -> list[float]:
    """Measure small appends with an fsync each, in seconds."""
    waited = []
    with tempfile.NamedTemporaryFile() as file:
        for _ in range(count):
            began = time.perf_counter()
            file.write(b"x" * 4200)  # a page of SQLite's log
            file.flush()
            os.fsync(file.fileno())
            waited.append(time.perf_counter() - began)
    return waited


def entry(number: int) -> Entry:
    """Make a row as a bulk run does."""
    return Entry(work=f"{number:032x}", key=f"run-{number:032x}", file=f"Welcome {number}.mp4", title="Welcome, Ada")


def life(number: int) -> list[Entry]:
    """Make a row's records, each with the times of those before it; its own is for the journal to say."""
    sent = evolve(entry(number), state="sent", intended_at=1.5)
    accepted = evolve(sent, state="accepted", sent_at=1.5, video_id=f"{number:032x}")
    rendered = evolve(accepted, state="rendered", accepted_at=1.5)
    return [sent, accepted, rendered, evolve(rendered, state="downloaded", rendered_at=1.5, size=10_000_000)]


async def grouped(rows: int) -> float:
    """Write four records of each row with the journal, ten rows at once; return seconds of CPU for a row."""
    lives = iter([life(number) for number in range(rows)])

    async def one() -> None:
        for sent, *later in lives:
            await journal.write(sent)
            for row in later:
                journal.note(row)

    with tempfile.TemporaryDirectory() as folder:
        async with Journal(Path(folder, JOURNAL)) as journal:
            before = time.process_time()
            await asyncio.gather(*(one() for _ in range(AT_ONCE)))
        return (time.process_time() - before) / rows


async def alone(rows: int) -> float:
    """Write the same records with a commit each, in a thread; return seconds of CPU for a row."""
    columns = [at.name for at in attrs.fields(Entry)]
    statement = f"INSERT OR REPLACE INTO entries VALUES ({', '.join('?' * len(columns))})"  # noqa: S608  # names of ours
    with tempfile.TemporaryDirectory() as folder:
        connection = sqlite3.connect(Path(folder, JOURNAL), isolation_level=None, check_same_thread=False)
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute(f"CREATE TABLE entries (work TEXT PRIMARY KEY, {', '.join(columns[1:])})")
        records = [attrs.astuple(row) for number in range(rows) for row in life(number)]
        before = time.process_time()
        for record in records:
            await asyncio.to_thread(connection.execute, statement, record)
        used = (time.process_time() - before) / rows
        connection.close()
    return used


async def cost(rows: int, turns: int) -> Mark:
    """Compare both, in turns."""
    ours, single = [], []
    for _ in range(turns):
        ours.append(await grouped(rows))
        single.append(await alone(rows // 10))
    ratio = statistics.median(mine / other for mine, other in zip(ours, single, strict=True))
    peers = {"a commit each, in a thread": statistics.median(single)}
    question = "CPU of a job over its four records"
    return Mark(question, statistics.median(ours), peers, ratio, SHARE, unit="s", reason=REASON)


async def latency(count: int) -> Mark:
    """Compare how long a row waits for the disk with a bare fsync, in turns."""
    waited, bare = [], []
    with tempfile.TemporaryDirectory() as folder:
        async with Journal(Path(folder, JOURNAL)) as journal:
            for number in range(count):
                began = time.perf_counter()
                await journal.write(evolve(entry(number), state="sent"))
                waited.append(time.perf_counter() - began)
                bare += disk_waits(1)
    ours, fsync = statistics.median(waited), statistics.median(bare)
    question = "Wait until a row is on disk, beyond a bare fsync, in ms"
    return Mark(question, ours, {"a bare fsync": fsync}, (ours - fsync) * 1e3, 1, unit="s")


async def compare(rows: int, pairs: int, *, bare: bool) -> Mark:
    """Run in turns, and print the figures."""
    await run(min(rows, 100), "warm.db", bare=True)
    print(f"{rows:,} rows, {pairs} pairs of runs")
    print(f"{'':>8}{'without':>22}{'with a journal':>22}")
    print(f"{'':>8}" + f"{'wall':>11}{'processor':>11}" * 2)
    ran: dict[str | None, list[Ran]] = {None: [], JOURNAL: []}
    for at in range(pairs):
        for name in [None, JOURNAL] if at % 2 == 0 else [JOURNAL, None]:
            ran[name].append(await run(rows, name, bare=bare))
        print(f"{'':>8}{_figures(ran[None][-1:])}{_figures(ran[JOURNAL][-1:])}")
    if any(each.written != rows for each in ran[JOURNAL]):
        raise RuntimeError("not every row is in the journal")
    ours, without = _best(ran[JOURNAL]), _best(ran[None])
    most = 1 + MOST if not bare else 2.0
    return Mark(f"A run of {rows:,} rows with a journal", ours, {"without": without}, ours / without, most, unit="s")


def _best(ran: list[Ran]) -> float:
    return min(each.seconds for each in ran)


def _figures(ran: list[Ran]) -> str:
    return f"{_best(ran):>9.2f} s{min(each.cpu for each in ran):>9.2f} s"


def main() -> int:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else None)
    parser.add_argument("--quick", action="store_true", help="200 rows instead of 500")
    parser.add_argument("--rows", type=int, help="so many rows")
    parser.add_argument("--pairs", type=int, default=2, help="so many pairs of runs; default: %(default)s")
    parser.add_argument("--bare", action="store_true", help="renders last no time")
    given = parser.parse_args()
    rows, turns = (given.rows or 200, 3) if given.quick else (given.rows or 500, 7)
    marks = [
        asyncio.run(cost(rows, turns)),
        asyncio.run(latency(rows)),
        asyncio.run(compare(rows, given.pairs, bare=given.bare)),
    ]
    return settle(marks, quick=given.quick)


if __name__ == "__main__":
    sys.exit(main())
