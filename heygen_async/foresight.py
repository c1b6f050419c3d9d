"""What one client has learned of how long jobs take, and what it makes of that. No I/O and no clock.

The watcher asks it when to look again, and tells it of each end; a job asks it when it will be done; a bulk run brings
along what earlier runs have learned, and takes it with it.
"""

from typing import Any

from attrs import define, field

from heygen_async.durations import ENOUGH, FEW, Case, Durations, Spread, pause
from heygen_async.eta import Eta
from heygen_async.job import Job
from heygen_async.watches import Follow, Watch

__all__ = ["Foresight"]


@define(eq=False)
class Foresight:
    """One for each client, and those that were made from it."""

    known: Durations = field(factory=Durations)
    """What has been learned so far."""

    def remember(self, earlier: Durations) -> None:
        """Take in what was learned elsewhere."""
        self.known = self.known.joined(earlier)

    def pause(self, watch: Watch, now: float) -> float | None:
        """Say in how many seconds to look at the open jobs; ``None``: they are too many, or nothing is known of any."""
        if not self.known.fits or not 0 < len(watch.open) <= FEW:
            return None
        jobs = [(self._spread(follow.job, ENOUGH), now - follow.since) for follow in watch.open.values()]
        return pause(jobs, watch.pace.shortest) if any(spread is not None for spread, _ in jobs) else None

    def ended(self, follow: Follow, now: float) -> None:
        """Learn from a job that has ended well.

        One that was picked up by its id says nothing: nobody knows when it was accepted. Where an event has told of the
        end, it is known to the second; else it was somewhere between the last two looks.
        """
        if follow.job.request is None:
            return
        open_at = None if follow.told >= follow.since else max(0.0, follow.open_at - follow.since)
        self.known = self.known.after(_case(follow.job), now - follow.since, open_at=open_at)

    def eta(self, job: Job[Any], age: float) -> Eta | None:
        """Say when a job of this age will be done; ``None``: no other of its group has ended yet."""
        spread = self._spread(job, 0.0)
        return None if spread is None else spread.eta(max(0.0, age))

    def _spread(self, job: Job[Any], jobs: float) -> Spread | None:
        return None if job.request is None else self.known.spread(_case(job), jobs)


def _case(job: Job[Any]) -> Case:
    return Case.of(job.kind.noun, job.request)
