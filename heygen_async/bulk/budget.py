"""A bound on what is spent, kept by reserving first: nothing is begun that could not be paid within it.

Each row reserves the most that it may cost. When its render has ended, what it did cost is settled and the rest of the
reservation is free again; of a failed one all of it, because HeyGen does not charge failed renders. So
``spent + reserved <= limit`` at any moment, however many rows are under way. Amounts are kept as whole millionths of a
dollar, so that no rounding adds up. Everything is synchronous: whoever has to wait asks to be called.
"""

from collections.abc import Callable
from math import ceil, isfinite

from attrs import define

__all__ = ["Budget", "Reservation"]

_MICRO = 1_000_000
_DUST = 1e-3
"""Millionths that are taken for rounding: 2.1 dollars are 2,100,000 of them and not one more."""


def _micros(dollars: float) -> int:
    """Return an amount in millionths, rounded up. Raises `ValueError` for what is no amount."""
    if isinstance(dollars, bool) or not isinstance(dollars, int | float) or not isfinite(dollars) or dollars < 0:
        raise ValueError(f"{dollars!r} is no amount of US dollars")
    return ceil(dollars * _MICRO - _DUST)


@define(eq=False)
class Reservation:
    """Money that is put aside for one row, until it is settled or released."""

    _budget: "Budget"
    _micros: int

    @property
    def dollars(self) -> float:
        """How much is put aside."""
        return self._micros / _MICRO

    @property
    def open(self) -> bool:
        """Whether it is neither settled nor released."""
        return self in self._budget._open  # noqa: SLF001  # a reservation is a part of its budget

    def settle(self, dollars: float) -> None:
        """Count so much as spent, and free the rest. More than was put aside counts in full. Harmless again."""
        self._budget._close(self, _micros(dollars))  # noqa: SLF001  # as above

    def release(self) -> None:
        """Free all of it: nothing was charged. Harmless after either of them."""
        self._budget._close(self, 0)  # noqa: SLF001  # as above


class Budget:
    """At most `limit` US dollars. One budget may serve several runs.

    `spent`: what was spent of it before, in US dollars. Raises `ValueError` where one of them is no amount.
    """

    def __init__(self, limit: float, *, spent: float = 0.0) -> None:
        self._limit, self._spent, self._reserved = _micros(limit), _micros(spent), 0
        self._open: set[Reservation] = set()
        self._calls: list[Callable[[], object]] = []

    def __repr__(self) -> str:
        return f"<Budget ${self.limit:,.2f}: ${self.spent:,.2f} spent, ${self.reserved:,.2f} reserved>"

    @property
    def limit(self) -> float:
        """US dollars."""
        return self._limit / _MICRO

    @property
    def spent(self) -> float:
        """US dollars that were settled. Above `limit` only if something cost more than was reserved for it."""
        return self._spent / _MICRO

    @property
    def reserved(self) -> float:
        """US dollars that are put aside for what is under way."""
        return self._reserved / _MICRO

    @property
    def free(self) -> float:
        """US dollars that can be reserved now."""
        return max(0, self._limit - self._spent - self._reserved) / _MICRO

    def reserve(self, dollars: float) -> Reservation | None:
        """Put an amount aside; ``None``: it does not fit, now or ever (`allows`)."""
        if self._spent + self._reserved + _micros(dollars) > self._limit:
            return None
        return self.seize(dollars)

    def seize(self, dollars: float) -> Reservation:
        """Put an amount aside whether it fits or not: for what may be paid for already."""
        reservation = Reservation(self, _micros(dollars))
        self._open.add(reservation)
        self._reserved += reservation._micros  # noqa: SLF001  # a reservation is a part of its budget
        return reservation

    def allows(self, dollars: float) -> bool:
        """Whether an amount may fit once what is under way has ended: false is final."""
        return self._spent + _micros(dollars) <= self._limit

    def when_freed(self, call: Callable[[], object]) -> None:
        """Have `call` be called once, when the next reservation is settled or released."""
        self._calls.append(call)

    def _close(self, reservation: Reservation, spent: int) -> None:
        if reservation not in self._open:
            return
        self._open.remove(reservation)
        self._reserved -= reservation._micros  # noqa: SLF001  # as above
        self._spent += spent
        calls, self._calls = self._calls, []
        for call in calls:
            call()
