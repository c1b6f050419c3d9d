"""A budget is never exceeded, in whatever order rows reserve, end and fail."""

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, invariant, multiple, rule

from heygen_async.bulk.budget import Budget, Reservation

MONEY = st.floats(0, 20, allow_nan=False)


class Spending(RuleBasedStateMachine):
    """Rows that reserve, and then cost no more than that, or fail."""

    def __init__(self) -> None:
        super().__init__()
        self.budget = Budget(50)
        self.charged = 0.0
        self.aside: dict[Reservation, float] = {}
        self.calls = 0

    open_rows = Bundle("open_rows")

    @rule(target=open_rows, dollars=MONEY)
    def begin(self, dollars: float) -> object:
        free = self.budget.free
        reservation = self.budget.reserve(dollars)
        if reservation is None:
            assert dollars > free - 1e-5
            return multiple()
        assert self.budget.allows(0)
        assert reservation.open
        self.aside[reservation] = dollars
        return reservation

    @rule(row=consumes(open_rows), share=st.floats(0, 1))
    def end(self, row: Reservation, share: float) -> None:
        self.charged += self.aside.pop(row) * share
        row.settle(row.dollars * share)
        row.settle(1000)  # harmless: it is settled
        row.release()
        assert not row.open

    @rule(row=consumes(open_rows))
    def fail(self, row: Reservation) -> None:
        self.aside.pop(row)
        row.release()
        row.settle(1000)  # as above

    @rule(dollars=MONEY)
    def refuse_for_good(self, dollars: float) -> None:
        if not self.budget.allows(dollars):
            assert self.budget.reserve(dollars) is None

    @invariant()
    def never_exceeded(self) -> None:
        assert self.charged <= 50 + 1e-9
        assert self.budget.spent + self.budget.reserved <= 50
        assert self.budget.spent == pytest.approx(self.charged, abs=1e-3)
        assert self.budget.reserved == pytest.approx(sum(self.aside.values()), abs=1e-3)
        assert self.budget.free == pytest.approx(50 - self.budget.spent - self.budget.reserved)


TestSpending = Spending.TestCase


def test_who_waits_is_called_once_when_something_is_freed() -> None:
    budget, calls = Budget(3), list[str]()
    first, second = budget.reserve(2), budget.reserve(1)
    assert first is not None
    assert second is not None
    assert budget.reserve(0.01) is None
    budget.when_freed(lambda: calls.append("freed"))
    first.release()
    second.release()
    assert calls == ["freed"]


def test_who_is_called_may_reserve_at_once() -> None:
    budget = Budget(1)
    first, later = budget.reserve(1), list[Reservation | None]()
    budget.when_freed(lambda: later.append(budget.reserve(0.7)))
    assert first is not None
    first.settle(0.3)
    assert [one and one.dollars for one in later] == [0.7]
    assert budget.free == 0


def test_what_cost_more_than_was_put_aside_counts_in_full() -> None:
    budget = Budget(10)
    row = budget.reserve(8)
    assert row is not None
    row.settle(11)
    assert (budget.spent, budget.free) == (11, 0)
    assert not budget.allows(0.01)


def test_what_was_spent_before_counts() -> None:
    budget = Budget(10, spent=9.5)
    assert budget.reserve(0.51) is None
    assert budget.reserve(0.5) is not None
    assert repr(budget) == "<Budget $10.00: $9.50 spent, $0.50 reserved>"
    assert (budget.limit, budget.reserved) == (10, 0.5)


def test_ten_cents_a_hundred_times_are_ten_dollars() -> None:
    budget = Budget(10)
    assert all(budget.reserve(0.1) for _ in range(100))
    assert budget.free == 0
    assert budget.reserve(0.000001) is None


@pytest.mark.parametrize("amount", [-0.01, float("nan"), float("inf"), "5", True, None])
def test_no_amount_is_no_budget(amount: float) -> None:
    with pytest.raises(ValueError, match="no amount"):
        Budget(amount)
    with pytest.raises(ValueError, match="no amount"):
        Budget(5).reserve(amount)
