"""What earlier runs have left, taken up before anything is sent.

The journal says what it knows. What it misses is looked for at HeyGen, and what is found there is the row's. What was
paid for counts against the budget, and what renders holds a slot.
"""

from contextlib import suppress
from pathlib import Path

import anyio.to_thread
from attrs import define, evolve, field

from heygen_async.bulk.agenda import Agenda, Task
from heygen_async.bulk.folder import refuse_unwritable
from heygen_async.bulk.journal import Entry, Journal
from heygen_async.bulk.spending import Spending
from heygen_async.bulk.submitter import Submitter
from heygen_async.bulk.verdicts import may_cost
from heygen_async.durations import Durations
from heygen_async.errors import BadRequest, HeyGenError, JournalFailed, NotFound, NotPermitted

__all__ = ["Inheritance"]

_DURATIONS = "durations"
"""What the journal calls what was learned of how long renders take."""

_KEY_LIFE = 23 * 3600.0
"""Seconds for which an idempotency key is relied on alone. HeyGen says 24 hours, and a repetition may take a while."""


@define(eq=False)
class Inheritance:
    """What earlier runs of a journal have left."""

    journal: Journal
    agenda: Agenda
    fold: bool = True
    """Whether rows that ask for the same share one render."""

    blind: HeyGenError | None = field(default=None, init=False)
    """Why HeyGen showed no list, where the journal misses something; then the idempotency keys have to do."""

    known: bool = field(default=False, init=False)
    """Whether the journal was read, and HeyGen asked."""

    _ours: bool = field(default=False, init=False)
    """Whether the journal was opened here, and so has to be closed."""

    async def learn(self, desk: Submitter, *, looking: bool) -> None:
        """Open the journal, and find out what there is; HeyGen is asked only where `looking`. Harmless when repeated.

        Raises `JournalFailed`, `DownloadFailed` for a folder that cannot be written, and what HeyGen's list may raise.
        """
        if self.known:
            return
        if self.journal.path is not None:
            await anyio.to_thread.run_sync(refuse_unwritable, self.agenda.into)
        self._claim()
        self._ours = not self.journal.is_open
        await self.journal.open()
        await anyio.to_thread.run_sync(self.agenda.arrange)
        if self.journal.path is not None:
            self._recognize(self.journal.path, desk.address)
            if looking:
                await self._look(desk)
        if self.fold:
            await anyio.to_thread.run_sync(self.agenda.fold)
        desk.foresight.remember(Durations.read(self.journal.facts.get(_DURATIONS)))
        self.known = True

    def leave(self, known: Durations) -> None:
        """Leave to later runs what is known of how long renders take. A journal that fails says so elsewhere."""
        if known.fits:
            with suppress(JournalFailed):
                self.journal.remember({_DURATIONS: str(known)})

    def take_up(self, desk: Submitter, spending: Spending) -> list[Task]:
        """Follow what renders, count what is paid for, and return what there is to do: what was begun comes first."""
        self.agenda.insist()
        for task in self.agenda.rendering:
            task.job = desk.pick_up(str(task.entry.video_id), renders=True)
        self._count(spending)
        return sorted((task for task in self.agenda.tasks if not task.folded), key=lambda task: task.urgency)

    def refusal_of(self, entry: Entry) -> HeyGenError | None:
        """Say why a creation must not be repeated: it may be there, HeyGen shows no list, and its key may be over."""
        if entry.state != "ambiguous":
            return None
        in_time = entry.sent_at is not None and 0 <= self.journal.now() - entry.sent_at < _KEY_LIFE
        return None if in_time else self.blind

    async def aclose(self) -> None:
        """Let go of the journal, unless somebody else has opened it."""
        if self.journal.user is self:
            self.journal.user = None
        if self._ours:
            await self.journal.aclose()

    def _claim(self) -> None:
        """Have the journal for this run alone. Another process is kept out by the file's lock."""
        if self.journal.user not in {None, self}:
            message = f"the journal {self.journal.path or 'in memory'} is in use by another run of this program"
            raise JournalFailed(message, path=self.journal.path or Path())
        self.journal.user = self

    def _recognize(self, path: Path, address: str) -> None:
        """Check that the journal is about the API that we talk to: its ids mean nothing elsewhere."""
        before = self.journal.facts.get("address")
        if before is not None and before != address:
            raise JournalFailed(
                f"the journal {path} is about {before}, and this client talks to {address}; give it another journal",
                path=path,
            )
        self.journal.remember({"address": address})

    async def _look(self, desk: Submitter) -> None:
        """Look for what the journal misses. A HeyGen that shows no list leaves us to the idempotency keys."""
        try:
            await self.agenda.adoption.look(desk)
        except (BadRequest, NotFound, NotPermitted) as refusal:
            self.blind = refusal
        else:
            await anyio.to_thread.run_sync(self.agenda.adopt)

    def _count(self, spending: Spending) -> None:
        """Count what earlier runs of this journal have cost, or may have."""
        for task in self.agenda.tasks:
            video = self.agenda.adoption.video_of(task.entry)
            if video is not None and task.entry.state == "downloaded" and task.entry.charged is None:
                charged = spending.quote(task.row.request).actual(video.duration).high
                task.entry = self.journal.note(evolve(task.entry, charged=charged))
        spent = sum(entry.charged or 0.0 for entry in self.journal.entries.values())
        left = sum(entry.quoted or 0.0 for entry in self.agenda.removed if may_cost(entry))
        spending.begin(spent + left)
        for task in self.agenda.tasks:
            if may_cost(task.entry):
                spending.seize(task.entry.work, task.row.request)
