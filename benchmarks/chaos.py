"""A bulk run that is killed 200 times, while everything else goes wrong, too.

Is each row paid for once? Is each film there, and whole?

The emulator is a process of its own, with faults of all kinds (``--faults chaos:SEED:RATE``): refusals, gateways, cut
connections, requests that are carried out and never answered, renders that fail, downloads that are cut, slow, expired
or of a wrong length. The command line makes videos of a table of rows there; again and again it is killed with SIGKILL
at a random moment, and begun anew with the same command or with ``resume``. In the end it may finish, faults and all.
Then what the emulator was paid for, and what it has rendered, is compared with what lies in the folder.

    python benchmarks/chaos.py             300 rows, 200 kills
    python benchmarks/chaos.py --quick     40 rows, 20 kills
    python benchmarks/chaos.py --seed 7    other faults, other moments

It prints figures, and ends with 1 where something was paid for twice, lost, or not whole.
"""

import argparse
import csv
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from attrs import define, field

FILM = 20_000
SPEED = 60
AT_ONCE = 3
LOOKS = 20
"""At a video, in the end: more than any fault hides its link for."""

LAST_RUNS = 25
SHELL = [sys.executable, "-m", "heygen_async"]


@contextmanager
def emulated(seed: int, rate: float) -> Iterator[str]:
    """Run the emulator in a process of its own; give its address."""
    words = f"--port 0 --synthetic {FILM} --speed {SPEED} --balance 1000000 --quiet --faults chaos:{seed}:{rate}"
    command = [sys.executable, "-m", "heygen_async.emulator", *words.split()]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:  # noqa: S603  # ours
        assert process.stdout is not None  # noqa: S101  # it is a pipe
        try:
            yield process.stdout.readline().split()[-1]
        finally:
            process.terminate()


def asked(url: str, *, method: str = "GET") -> bytes:
    """Fetch something from the emulator."""
    request = urllib.request.Request(url, method=method, headers={"x-api-key": "any"})  # noqa: S310  # it is on this machine
    with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310  # as above
        return bytes(answer.read())


def write_rows(path: Path, count: int) -> None:
    """Write a table of rows, no two of them alike."""
    with path.open("w", newline="") as file:
        table = csv.writer(file)
        table.writerow(["avatar_id", "script", "title"])
        table.writerows(["Anna_public_3_20240108", f"Hello, number {at}.", f"Row {at:04}"] for at in range(count))


@define
class Job:
    """A run that is begun again and again."""

    folder: Path
    url: str
    dice: random.Random
    rows: int
    killed: int = field(default=0, init=False)
    begun: int = field(default=0, init=False)
    codes: Counter[int] = field(factory=Counter, init=False)
    """How those ended that were not killed."""

    @property
    def films(self) -> list[Path]:
        """What is there under a final name."""
        return sorted((self.folder / "videos").glob("*.mp4"))

    def live(self, longest: float | None) -> None:
        """Begin a process, and kill it within so many seconds; ``None``: let it end."""
        self.begun += 1
        with (self.folder / "log.txt").open("ab") as log:
            process = subprocess.Popen(  # noqa: S603  # ours
                self._command(),
                cwd=self.folder,
                env=os.environ | {"HEYGEN_API_KEY": "any", "HEYGEN_API_BASE": self.url},
                stdout=log,
                stderr=log,
                stdin=subprocess.DEVNULL,
            )
        try:
            process.wait(None if longest is None else self.dice.uniform(0.05, longest))
            self.codes[process.returncode] += 1
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
            process.wait()
            self.killed += 1

    def _command(self) -> list[str]:
        if (self.folder / "videos" / "journal.db").exists() and self.dice.random() < 0.5:
            return [*SHELL, "resume", "videos"]
        return [*SHELL, "bulk", "rows.csv", "--into", "videos", "--at-once", str(AT_ONCE)]

    def be_killed(self, times: int) -> None:
        """Have it killed so many times, spread over the whole job: whoever is ahead gets less time."""
        longest = 3.0
        while self.killed < times:
            self.live(longest)
            ahead = len(self.films) / self.rows > self.killed / times
            longest = max(1.0, longest * 0.9) if ahead else min(10.0, longest * 1.1)
            if self.killed % 20 == 0:
                print(f"{self.killed:>8} kills, {len(self.films):,} of {self.rows:,} films", flush=True)

    def finish(self) -> bool:
        """Let it end; a render that failed is made anew by the next run."""
        for _ in range(LAST_RUNS):
            self.live(None)
            if self.codes[0] and len(self.films) == self.rows:
                return True
        return False


@define
class Verdict:
    """What the emulator was paid for, and what there is."""

    paid: Counter[str] = field(factory=Counter)
    """Works that were paid for and not paid back, by their rows."""

    charged: int = 0
    refunded: int = 0
    unequal: list[str] = field(factory=list)
    twice: int = 0
    """Idempotency keys that were paid for more than once."""

    @classmethod
    def on(cls, job: Job) -> "Verdict":
        """Look at everything."""
        asked(f"{job.url}/emulator/faults", method="DELETE")
        account = json.loads(asked(f"{job.url}/emulator/account"))
        verdict = cls(twice=sum(len(works) > 1 for works in account["by_key"].values()))
        works: dict[str, dict[str, Any]] = {}
        for work in account["works"]:
            row = work["title"].partition(" [")[0]
            verdict.charged += 1
            verdict.refunded += work["refunded"]
            if not work["refunded"]:
                verdict.paid[row] += 1
                works[row] = work
        for film in job.films:
            link = link_of(job.url, works[film.stem]["id"])
            if link is None or asked(link) != film.read_bytes():
                verdict.unequal.append(film.name if link else f"{film.name} (never completed)")
        return verdict


def link_of(url: str, video_id: str) -> str | None:
    """Find the link to what was rendered: a fault may show a video as processing after it was shown as completed."""
    for _ in range(LOOKS):
        video = json.loads(asked(f"{url}/v3/videos/{video_id}"))["data"]
        if video.get("video_url"):
            return str(video["video_url"])
    return None


def report(job: Job, verdict: Verdict, seconds: float, *, finished: bool) -> bool:
    """Print the figures, and tell whether the promises were kept."""
    rows = {f"Row {at:04}" for at in range(job.rows)}
    films = {film.stem for film in job.films}
    left = [path.name for path in (job.folder / "videos").iterdir() if path.name not in {f"{row}.mp4" for row in rows}]
    faults: dict[str, int] = json.loads(asked(f"{job.url}/emulator/faults"))["counts"]
    figures = {
        "rows": job.rows,
        "processes": job.begun,
        "killed": job.killed,
        "others ended with": dict(job.codes),
        "faults that happened": sum(faults.values()),
        "kinds of faults": ", ".join(f"{count} {name}" for name, count in sorted(faults.items())),
        "films": len(films),
        "creations charged": verdict.charged,
        "of them paid back": verdict.refunded,
        "paid twice": sum(count - 1 for count in verdict.paid.values()) + verdict.twice,
        "rows of these": ", ".join(row for row, count in verdict.paid.items() if count > 1) or "none",
        "paid and lost": len(verdict.paid.keys() - films),
        "films that differ": ", ".join(verdict.unequal) or 0,
        "other files": ", ".join(sorted(left)),
        "seconds": f"{seconds:.0f}",
    }
    for name, figure in figures.items():
        print(f"{name:>22}  {figure}")
    kept = {
        "the job came to its end": finished,
        "every row has its film": films == rows,
        "every film is what was rendered": not verdict.unequal,
        "every row is paid for once": verdict.paid == Counter(rows) and not verdict.twice,
        "nothing else is left in the folder": left == ["journal.db"],
    }
    for promise, was_kept in kept.items():
        print(f"{'kept' if was_kept else 'BROKEN':>22}  {promise}")
    return all(kept.values())


def main() -> int:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else None)
    parser.add_argument("--quick", action="store_true", help="40 rows and 20 kills")
    parser.add_argument("--rows", type=int, help="so many rows; default: 300")
    parser.add_argument("--kills", type=int, help="so many kills; default: 200")
    parser.add_argument("--rate", type=float, default=0.15, help="share of requests with faults; default: %(default)s")
    parser.add_argument("--seed", type=int, default=0, help="of the faults and of the moments; default: %(default)s")
    parser.add_argument("--keep", type=Path, help="work in this folder, and leave it")
    given = parser.parse_args()
    rows, kills = given.rows or (40 if given.quick else 300), given.kills or (20 if given.quick else 200)
    with tempfile.TemporaryDirectory() as temporary, emulated(given.seed, given.rate) as url:
        folder = given.keep or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        write_rows(folder / "rows.csv", rows)
        job, began = Job(folder, url, random.Random(given.seed), rows), time.monotonic()  # noqa: S311  # no secret
        job.be_killed(kills)
        finished = job.finish()
        return 0 if report(job, Verdict.on(job), time.monotonic() - began, finished=finished) else 1


if __name__ == "__main__":
    sys.exit(main())
