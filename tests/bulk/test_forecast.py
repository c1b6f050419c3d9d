"""A plan as a value: what it adds up to, and what the wallet has for it."""

from typing import Any

from runs import video

from heygen_async.api.users import UsageBased, User, Wallet
from heygen_async.bulk.forecast import Fold, Forecast, Quoted
from heygen_async.bulk.quotes import Quote
from heygen_async.bulk.rows import Row
from heygen_async.bulk.span import Span

QUOTE = Quote(Span(10, 20), Span(0.5, 1.0))


def row(line: int) -> Row:
    return Row(video(), line=line)


def balance(**fields: Any) -> float | None:
    return Forecast(renders=[], account=User("me", **fields)).balance


def test_rows_of_a_fold_stand_in_their_order() -> None:
    assert [row.line for row in Fold(row(4), [row(2), row(9)]).rows] == [2, 4, 9]


def test_a_fold_is_paid_for_once_and_counts_for_all_its_rows() -> None:
    plan = Forecast(renders=[Quoted(Fold(row(2), [row(3)]), QUOTE), Quoted(Fold(row(4)), QUOTE)])
    assert plan.rows == 3
    assert plan.usd == Span(1, 2)
    assert plan.seconds == Span(20, 40)


def test_credits_are_counted_in_dollars() -> None:
    assert balance(wallet=Wallet("credits", 10)) == 5
    assert balance(wallet=Wallet("usd", 10)) == 10


def test_of_some_wallets_nobody_knows_what_is_in_them() -> None:
    assert balance(wallet=Wallet()) is None
    assert balance(usage_based=UsageBased()) is None
    assert Forecast(renders=[]).balance is None
