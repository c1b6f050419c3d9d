"""Whatever order of crashes, faults, edits and resumes: each row is paid for once, and no file is half."""

import asyncio
import random
import shutil
import tempfile
from collections import Counter
from pathlib import Path

from crashes import crash
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test
from jumping import Jumping
from runs import client, outcomes_of, video

from heygen_async import BulkRun, HeyGen, Journal, Limits, Outcome, Retry, TargetExists, Timeouts
from heygen_async.bulk.work import Token
from heygen_async.emulator import (
    Cut,
    Emulator,
    Expired,
    FailRender,
    Fault,
    Garbage,
    Hang,
    NoLink,
    Page,
    Refuse,
    ResetAfter,
    ResetBefore,
    WrongLength,
)

SIZE = 1500
HOUR = 3600.0

TROUBLE = st.one_of(
    st.sampled_from(
        [
            Fault(what, method="POST", path="/v3/videos", times=1)
            for what in (
                Refuse(429, "rate_limit_exceeded", retry_after=5),
                Refuse(402, "insufficient_credit"),
                Refuse(400, "invalid_parameter"),
                FailRender(),
                NoLink(2),
            )
        ]
    ),
    st.builds(
        Fault,
        st.sampled_from(
            [ResetBefore(), ResetAfter(), Page(502), Garbage(), Refuse(500, "internal_error"), Hang(), Hang(True)]
        ),
        method=st.just("POST"),
        path=st.just("/v3/videos"),
        times=st.integers(1, 3),
    ),
    st.sampled_from(
        [
            Fault(what, method="GET", path="/v3/videos*", times=2)
            for what in (ResetBefore(), Page(502), Refuse(503, "service_unavailable"))
        ]
    ),
    st.sampled_from(
        [Fault(what, path="/files/*", times=2) for what in (Cut(700), WrongLength(50), Expired(), Page(500))]
    ),
)


class BulkLife(RuleBasedStateMachine):
    """One folder, one journal, one account; processes come and go."""

    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.into = Path(tempfile.mkdtemp(prefix="heygen-life-"))
        self.clock = Jumping()
        self.emulator = Emulator(clock=self.clock, synthetic=SIZE, render_seconds=60, renders=100, balance=1e6)
        self.runner.run(self.emulator.start())
        self.titles = ["row 0", "row 1"]
        self.next = 2
        self.shift = 0.0
        self.lost = self.hidden = False
        """Whether the journal was lost, and whether HeyGen once showed no list: both are more than can be met."""
        self.heygen: HeyGen | None = None
        self.run_: BulkRun | None = None
        self.running: asyncio.Task[list[Outcome]] | None = None
        """The process; it is there until it is seen to end, so that what can happen next hangs on no timing."""

    def teardown(self) -> None:
        """Let the last process live to its end, again and again, until all is done: then count."""
        try:
            self.emulator.faults.clear()
            if self.running is not None:
                self.crash()
            self.live_to_the_end()
            assert sorted(path.name for path in self.into.glob("*.part")) == []
            present = {f"{title}.mp4" for title in self.titles}
            assert present <= {path.name for path in self.into.glob("*.mp4")}
            self.nothing_is_paid_twice()
            rendered = {path.read_bytes() for path in self.rendered()}
            assert all(film.read_bytes() in rendered for film in (self.into / name for name in present))
        finally:
            self.runner.run(self.emulator.aclose())
            self.runner.close()
            shutil.rmtree(self.into, ignore_errors=True)

    def live_to_the_end(self) -> None:
        wanting: list[tuple[str, Exception | None]] = []
        for _ in range(6):
            self.begin()
            outcomes = self.runner.run(self.clock.drive(self.ended()))
            wanting = [(outcome.status, outcome.error) for outcome in outcomes if outcome.path is None]
            if outcomes and not wanting:
                return
            for _, error in wanting:
                if isinstance(error, TargetExists) and self.lost:  # a cut film, and nobody knows whose: it is put aside
                    Path(str(error.path)).unlink()
        raise AssertionError(wanting)

    # What happens.

    @precondition(lambda self: self.running is None)
    @rule()
    def begin(self) -> None:
        """A process is started."""
        self.runner.run(self._begin())

    async def _begin(self) -> None:
        self.heygen = client(
            self.emulator,
            limits=Limits(renders=3, downloads=2, submissions=2),
            retry=Retry(attempts=2, patience=60),
            timeouts=Timeouts(write=0.05, read=5),
        )
        self.clock.client = self.heygen
        journal = Journal(self.into / "journal.db", now=lambda: 1_800_000_000 + self.clock.now() + self.shift)
        rows = [video(title) for title in self.titles]
        self.run_ = self.heygen.bulk(rows, into=self.into, journal=journal)
        self.running = asyncio.create_task(outcomes_of(self.run_))

    @precondition(lambda self: self.running is not None)
    @rule(steps=st.integers(1, 40))
    def go_on(self, steps: int) -> None:
        """Some time passes."""
        self.runner.run(self._go_on(steps))

    async def _go_on(self, steps: int) -> None:
        for _ in range(steps):
            await asyncio.sleep(0.001)
            self.clock._jump(float("inf"))

    @precondition(lambda self: self.running is not None)
    @rule()
    def crash(self) -> None:
        """The process is killed."""
        assert self.run_ is not None
        assert self.running is not None
        assert self.heygen is not None
        self.runner.run(crash(self.run_, self.running, self.heygen))
        self.running = self.run_ = self.heygen = None

    @precondition(lambda self: self.running is not None)
    @rule()
    def stop(self) -> None:
        """Somebody presses Ctrl-C."""
        self.runner.run(self._stop())

    @precondition(lambda self: self.running is not None)
    @rule()
    def let_it_end(self) -> None:
        """Nobody disturbs it."""
        self.runner.run(self.clock.drive(self.ended()))

    async def _stop(self) -> None:
        assert self.run_ is not None
        self.run_.stop()
        await self.clock.drive(self.ended())

    async def ended(self) -> list[Outcome]:
        assert self.running is not None
        assert self.heygen is not None
        try:
            return await self.running
        except Exception:  # noqa: BLE001  # HeyGen's list could not be read: nothing was sent
            return []
        finally:
            await self.heygen.aclose()
            self.running = self.run_ = self.heygen = None

    @rule(fault=TROUBLE)
    def trouble(self, fault: Fault) -> None:
        """Something will go wrong."""
        self.emulator.faults.add(fault)

    @rule(hours=st.sampled_from([1, 23, 25, 200]))
    def sleep(self, hours: int) -> None:
        """Nobody does anything for hours."""
        if self.running is None:
            self.runner.run(self.clock.advance(hours * HOUR))

    @rule(days=st.sampled_from([-4000, -2, -0.5, 0, 0.5, 2, 4000]))
    def set_the_clock(self, days: float) -> None:
        """Our clock jumps; HeyGen's does not."""
        self.shift = days * 24 * HOUR

    @precondition(lambda self: self.running is None and not self.hidden)
    @rule()
    def lose_the_journal(self) -> None:
        """Somebody deletes it, between two runs."""
        self.lost = True
        (self.into / "journal.db").unlink(missing_ok=True)

    @precondition(lambda self: not self.lost)
    @rule()
    def hide_the_list(self) -> None:
        """HeyGen does not show its list of videos to the next one who asks."""
        self.hidden = True
        self.emulator.faults.add(Fault(Refuse(403, "forbidden"), method="GET", path="/v3/videos", times=1))

    @precondition(lambda self: self.running is None)
    @rule(which=st.integers(0, 2), cut=st.booleans())
    def lose_a_film(self, which: int, *, cut: bool) -> None:
        """A film disappears, or is cut, as long as the journal is there."""
        film = self.into / f"row {which}.mp4"
        if film.exists() and (self.into / "journal.db").exists():
            if cut:
                film.write_bytes(film.read_bytes()[: SIZE // 2])
            else:
                film.unlink()

    @precondition(lambda self: self.running is None and len(self.titles) < 5)
    @rule()
    def add_a_row(self) -> None:
        """The input grows."""
        self.titles.append(f"row {self.next}")
        self.next += 1

    @precondition(lambda self: self.running is None and len(self.titles) > 1)
    @rule()
    def remove_a_row(self) -> None:
        """The input shrinks; what was paid for stays paid for."""
        self.titles.pop(0)

    # What holds.

    @invariant()
    def nothing_is_paid_twice(self) -> None:
        """At most one video of a row is paid for, and not paid back."""
        wallet = Counter[str]()
        for entry in self.emulator.account.wallet.entries:
            wallet[entry.what] += 1 if entry.amount > 0 else -1
        rows = Counter(
            str(Token.find(made.title) and made.title.partition(" [")[0])
            for made in self.emulator.account.videos.values()
            if wallet[made.id] > 0
        )
        assert all(count == 1 for count in rows.values()), rows

    @invariant()
    def files_are_whole(self) -> None:
        """What has its final name is what HeyGen has rendered, or was cut by us."""
        if self.running is None:
            rendered = {path.read_bytes() for path in self.rendered()}
            cut = {film[: SIZE // 2] for film in rendered}
            assert all(film.read_bytes() in rendered | cut for film in self.into.glob("*.mp4"))

    def rendered(self) -> list[Path]:
        service = self.emulator._service
        assert service is not None
        return list(service.folders.videos.glob("*.mp4"))


def test_whatever_happens_each_row_is_paid_once_and_no_file_is_half() -> None:
    random.seed(0)  # jitter of the pauses
    run_state_machine_as_test(  # type: ignore[no-untyped-call]  # hypothesis has it so
        BulkLife,
        settings=settings(
            max_examples=60,
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
