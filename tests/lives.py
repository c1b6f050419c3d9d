"""A folder, a journal and an account, in which processes come and go."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

from crashes import crash
from runs import adds_up, client, files, outcomes_of, places, until, video

from heygen_async import Journal, ManualClock, Outcome
from heygen_async.bulk import journal as journal_room
from heygen_async.emulator import Emulator, Fault, Hang

__all__ = ["DAY", "Life", "unsure"]

DAY = 86_400.0


class Life:
    """Runs the same job again and again, each time as a new process would."""

    def __init__(self, emulator: Emulator, clock: ManualClock, folder: Path) -> None:
        self.emulator, self.clock, self.into = emulator, clock, folder / "videos"
        self.journal = self.into / "journal.db"
        self.shift = 0.0
        """How wrong the wall clock is, in seconds."""

    def now(self) -> float:
        return 1_800_000_000 + self.clock.now() + self.shift

    def opened(self) -> Journal:
        self.into.mkdir(exist_ok=True)
        return Journal(self.journal, now=self.now)

    async def run(self, rows: Any, **options: Any) -> list[Outcome]:
        """Run to the end."""
        overwrite = options.pop("overwrite", False)
        async with client(self.emulator, **options) as heygen:
            self.last = heygen.bulk(rows, into=self.into, journal=self.opened(), overwrite=overwrite)
            outcomes = await self.clock.drive(outcomes_of(self.last))
            assert adds_up(self.last.progress)
            assert places(heygen) == (0, 0, 0, 0)
        return outcomes

    async def run_until_done(self, rows: Any, times: int = 3) -> None:
        """Run until every row has its film, so many times at most."""
        wanting: list[tuple[str, Exception | None]] = []
        for _ in range(times):
            outcomes = await self.run(rows)
            wanting = [(outcome.status, outcome.error) for outcome in outcomes if outcome.path is None]
            if not wanting:
                return
        raise AssertionError(wanting)

    async def die(self, rows: Any, when: Callable[[], bool], **options: Any) -> None:
        """Run, and crash when something is so, and the journal knows it."""
        overwrite = options.pop("overwrite", False)
        heygen = client(self.emulator, **options)
        run = self.last = heygen.bulk(rows, into=self.into, journal=self.opened(), overwrite=overwrite)
        running = asyncio.create_task(outcomes_of(run))
        await until(self.clock, when)
        await known(run.journal)
        await crash(run, running, heygen)

    async def states(self) -> list[str]:
        async with self.opened() as journal:
            return sorted(entry.state for entry in journal.entries.values())

    @property
    def films(self) -> dict[str, int]:
        return {name: size for name, size in files(self.into).items() if not name.startswith("journal.db")}

    def creations(self) -> list[str | None]:
        """The idempotency keys of all creations that came, in their order."""
        return [served.idempotency_key for served in self.emulator.log.requests("POST", "/v3/videos")]


async def known(journal: Journal) -> None:
    """Wait until all that was noted is on disk."""
    written: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    journal._put(journal_room._Item("facts", ("test", "waits"), written))
    await written


async def unsure(life: Life, *, carried_out: bool) -> None:
    """Have the process die while it waits for the answer to a creation."""
    life.emulator.faults.add(Fault(Hang(carried_out), method="POST", times=1))
    await life.die([video("One")], lambda: not life.emulator.faults.pending())
    assert await life.states() == ["sent"]
