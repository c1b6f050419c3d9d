"""The money of a run: what its rows are quoted, what is put aside for them, and what they have cost.

A row puts aside the most that it may cost before anything of it is sent, and waits for that if others have to end
first. What may have been paid for counts as spent in the end: a creation without an answer, a video that nobody has
waited for.
"""

import asyncio

from attrs import frozen

from heygen_async.api.videos import Video, VideoRequest
from heygen_async.bulk.budget import Budget, Reservation
from heygen_async.bulk.prices import PAY_AS_YOU_GO, PriceList
from heygen_async.bulk.quotes import Known, Quote, quote
from heygen_async.bulk.span import Span
from heygen_async.errors import BudgetReached, JobFailed, OutOfCredit

__all__ = ["Spending", "lacks_credit"]

_UNBOUNDED = 1e12
"""US dollars where nobody has set a bound."""


_NO_CREDIT = {"movio_payment_insufficient_credit", "insufficient_credit"}
"""Codes of a render that failed for want of money: HeyGen may notice that after it has accepted the video."""


def lacks_credit(error: Exception) -> bool:
    """Tell whether the wallet is empty: HeyGen says so at once, or lets a render fail, with a code or in words."""
    if not isinstance(error, JobFailed):
        return isinstance(error, OutOfCredit)
    return (error.code or "").lower() in _NO_CREDIT or (error.message or "").lower().startswith("insufficient credit")


@frozen
class _Account:
    """What one row has put aside."""

    quote: Quote
    reservation: Reservation


class Spending:
    """Keeps a run within `budget` (a `Budget`, US dollars, or ``None``: no bound), and adds up what it cost."""

    def __init__(self, budget: Budget | float | None = None) -> None:
        self.budget = budget if isinstance(budget, Budget) else Budget(_UNBOUNDED if budget is None else budget)
        self._own = not isinstance(budget, Budget)
        self.bounded = budget is not None
        """Whether somebody has set a bound."""
        self.quoted = Span.exactly(0)
        """US dollars that the videos were quoted which this run has asked for and seen finished."""
        self.charged = 0.0
        """US dollars that they have cost, by their length and the price list."""
        self._known, self._prices = Known(), PAY_AS_YOU_GO
        self._open: dict[str, _Account] = {}

    def begin(self, spent: float) -> None:
        """Count what earlier runs have spent. A `Budget` of the caller's knows that itself."""
        if self._own:
            self.budget.seize(spent).settle(spent)

    def learn(self, known: Known, prices: PriceList) -> None:
        """Quote by what was found out."""
        self._known, self._prices = known, prices

    def quote(self, request: VideoRequest) -> Quote:
        """Quote a request by what is known."""
        return quote(request, self._known, self._prices)

    async def reserve(self, work: str, request: VideoRequest) -> Quote:
        """Put aside what a row may cost; wait where others have to end first. Raises `BudgetReached` for too much."""
        quoted = self.quote(request)
        while work not in self._open:
            reservation = self.budget.reserve(quoted.usd.high)
            if reservation is not None:
                self._open[work] = _Account(quoted, reservation)
            elif self.budget.allows(quoted.usd.high):
                await self._freed()
            else:
                raise self._too_much(quoted.usd.high)
        return self._open[work].quote

    def seize(self, work: str, request: VideoRequest) -> None:
        """Put aside what a row may cost that may be paid for already, whether that fits or not."""
        if work not in self._open:
            quoted = self.quote(request)
            self._open[work] = _Account(quoted, self.budget.seize(quoted.usd.high))

    def settle(self, work: str, video: Video, *, earlier: bool = False) -> float | None:
        """Count a finished video, and return what it cost in US dollars; ``None``: it was counted before.

        `earlier`: whether an earlier run has paid for it. Then it counts against the budget, and not as this run's.
        """
        account = self._open.pop(work, None)
        if account is None:
            return None
        cost = account.quote.actual(video.duration).high
        account.reservation.settle(cost)
        if not earlier:
            self.quoted += account.quote.usd
            self.charged += cost
        return cost

    def lose(self, work: str) -> float:
        """Count what may have been paid for, and of which this run will learn no more; return the most it may cost.

        As long as it was only put aside, others would wait for it, and nothing would ever give it back.
        """
        account = self._open.pop(work, None)
        if account is None:
            return 0.0
        account.reservation.settle(account.quote.usd.high)
        return account.quote.usd.high

    def release(self, work: str) -> None:
        """Free what a row has put aside that has cost nothing."""
        account = self._open.pop(work, None)
        if account is not None:
            account.reservation.release()

    def close(self) -> None:
        """Count what a run that ends has not come to: nobody else may wait for it."""
        for work in list(self._open):
            self.lose(work)

    def _too_much(self, needed: float) -> BudgetReached:
        left = self.budget.limit - self.budget.spent
        message = f"it may cost ${needed:,.2f}, and of the budget of ${self.budget.limit:,.2f} ${left:,.2f} are left"
        return BudgetReached(message, needed=needed, limit=self.budget.limit)

    async def _freed(self) -> None:
        """Wait until something that was put aside is free again."""
        freed: asyncio.Future[None] = asyncio.get_running_loop().create_future()

        def tell() -> None:
            if not freed.done():
                freed.set_result(None)

        self.budget.when_freed(tell)
        await freed
