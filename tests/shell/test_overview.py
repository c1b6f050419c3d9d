"""How a plan shows itself, and a bill."""

import json
from typing import Any

import pytest
from runs import video

from heygen_async.api.users import AutoReload, User, Wallet
from heygen_async.api.videos import Video
from heygen_async.bulk.forecast import Fold, Forecast, Quoted, Remark
from heygen_async.bulk.outcome import Outcome
from heygen_async.bulk.quotes import Quote
from heygen_async.bulk.rows import Row
from heygen_async.bulk.span import Span
from heygen_async.bulk.spending import Spending
from heygen_async.errors import BudgetReached, RowProblem
from heygen_async.shell.overview import bill, costs_of, in_lines, listed, money, overview, plan_json

QUOTE = Quote(Span(10, 20), Span(0.5, 1.0), Span.exactly(0.05), "300 characters, English; photo_avatar on avatar_iv")


def row(line: int, title: str | None = "Hello") -> Row:
    return Row(video(title), line=line)


def forecast(count: int = 2, balance: float | None = 5.0, **fields: Any) -> Forecast:
    wallet = Wallet("usd", balance, fields.pop("reload", None))
    renders = [Quoted(Fold(row(at)), QUOTE) for at in range(2, 2 + count)]
    return Forecast(**{"renders": renders, "account": User("me", wallet=wallet)} | fields)


def fact(plan: Forecast, name: str, budget: float | None = None) -> str:
    return next(line for line in overview(plan, into="videos", budget=budget) if line.startswith(name))


def test_a_plan_says_what_will_be_made_and_what_it_costs() -> None:
    assert overview(forecast(), into="videos") == [
        "renders  2 → videos/",
        "length   20.0 s to 40.0 s of video",
        "cost     $1.00 to $2.00 (pay as you go, prices of 2026-11-21)",
        "wallet   $5.00, enough",
        "",
        '  line 2 "Hello"  $0.50 to $1.00  300 characters, English; photo_avatar on avatar_iv',
        '  line 3 "Hello"  $0.50 to $1.00  300 characters, English; photo_avatar on avatar_iv',
        "",
        "Nothing was sent.",
    ]


def test_it_says_why_there_are_fewer_renders_than_rows() -> None:
    fold = Fold(row(2), [row(3), row(4)])
    plan = forecast(renders=[Quoted(fold, QUOTE)], kept=1, paid=2)
    assert fact(plan, "renders") == (
        "renders  1 → videos/ (1 file is there already; 2 paid for already; 2 rows are equal to another: "
        "a copy of its file)"
    )
    assert 'lines 2-4 "Hello"' in "\n".join(overview(plan, into="videos"))
    one = forecast(renders=[Quoted(Fold(row(2), [row(3)]), QUOTE)], kept=2)
    assert fact(one, "renders").endswith("(2 files are there already; 1 row is equal to another: a copy of its file)")


@pytest.mark.parametrize(
    ("balance", "verdict"),
    [
        (2.0, "$2.00, enough"),
        (1.5, "$1.50, it may be enough"),
        (0.2, "$0.20, not enough: the run will stop when it is empty, and can be resumed"),
        (None, "HeyGen does not say what is in it"),
    ],
)
def test_the_wallet_is_compared_with_the_cost(balance: float | None, verdict: str) -> None:
    assert fact(forecast(balance=balance), "wallet") == f"wallet   {verdict}"


def test_a_wallet_that_fills_itself_is_enough() -> None:
    assert fact(forecast(balance=0.2, reload=AutoReload(enabled=True)), "wallet").endswith("but it fills itself")
    assert fact(forecast(balance=0.2, reload=AutoReload()), "wallet").endswith("can be resumed")


@pytest.mark.parametrize(
    ("budget", "verdict"), [(2, "enough"), (1.5, "it may be enough"), (0.5, "not enough: the run will stop at it, and")]
)
def test_the_budget_is_compared_with_the_cost(budget: float, verdict: str) -> None:
    assert fact(forecast(), "budget", budget).startswith(f"budget   ${budget:.2f}, {verdict}")


def test_of_many_renders_the_dearest_are_listed() -> None:
    dear = Quoted(Fold(row(99, "x" * 50)), Quote(Span(1, 1), Span.exactly(7), None, "$7 a video, however long"))
    lines = overview(forecast(renders=[*forecast(21).renders, dear]), into="videos")
    at = lines.index("the dearest 5:")
    assert lines[at + 1] == f'  line 99 "{"x" * 39}…"           $7.00  $7 a video, however long'
    assert len(lines[at:]) == 9
    assert "by kind: 21 photo_avatar on avatar_iv, 1 $7 a video, however long" in lines


def test_what_may_go_wrong_stands_at_the_end() -> None:
    lines = overview(forecast(remarks=[Remark([2, 3, 7], "webm:\x1b[31m")]), into="videos")
    assert lines[-3:-1] == ["lines 2-3, 7: webm:\N{REPLACEMENT CHARACTER}[31m", ""]


def test_nothing_to_make_is_a_plan_too() -> None:
    plan = forecast(0, kept=3)
    assert fact(plan, "renders") == "renders  0 → videos/ (3 files are there already)"
    assert fact(plan, "cost") == "cost     $0.00 (pay as you go, prices of 2026-11-21)"
    assert list(plan_json(plan)) == []


def test_a_plan_fits_in_lines() -> None:
    assert in_lines(forecast()) == ["Plan: 2 renders, $1.00 to $2.00; the wallet has $5.00."]
    assert in_lines(forecast(1, None, kept=1, remarks=[Remark([2], "webm")])) == [
        "Plan: 1 render (1 file is there already), $0.50 to $1.00.",
        "line 2: webm",
    ]


def test_a_budget_that_is_too_small_is_said_at_once() -> None:
    assert in_lines(forecast(), 2) == in_lines(forecast())
    assert in_lines(forecast(), 1.5)[1:] == ["Budget: $1.50, it may be enough."]
    assert in_lines(forecast(), 0.5)[1:] == [
        "Budget: $0.50, not enough: the run will stop at it, and can be resumed with more."
    ]


def test_programs_get_json() -> None:
    plan = forecast(renders=[Quoted(Fold(row(3), [row(2)]), QUOTE)])
    (line,) = plan_json(plan)
    assert json.loads(line) == {
        "line": 3,
        "lines": [2, 3],
        "title": "Hello",
        "seconds": [10, 20],
        "usd": [0.5, 1.0],
        "basis": QUOTE.basis,
    }


def test_money_is_written_as_a_figure_or_as_two() -> None:
    assert money(Span(1234.5, 1234.5001)) == "$1,234.50"
    assert money(Span(0.004, 1)) == "$0.00 to $1.00"


DOUBT = " (more than the price list says: is it out of date, or does somebody else spend from it?)"
QUOTED = "cost: quoted $1.00 to $2.00, about $1.50 by the length of the videos"


@pytest.mark.parametrize(
    ("before", "after", "rest"),
    [
        (None, 5, ""),
        (5, None, ""),
        (5, 3.5, "; $1.50 went out of the wallet, which has $3.50 left"),
        (5, 20, "; the wallet has been filled up meanwhile, to $20.00"),
        (
            5,
            1,
            f"; $4.00 went out of the wallet, which has $1.00 left{DOUBT}",
        ),
    ],
)
def test_a_bill_holds_the_quote_against_what_was_paid(before: float | None, after: float | None, rest: str) -> None:
    assert bill(Span(1, 2), 1.5, before, after) == QUOTED + rest


def outcome(**fields: Any) -> Outcome:
    return Outcome(row(2), fields.pop("status", "done"), **fields)


def spending(budget: float | None = None) -> Spending:
    made = Spending(budget)
    made.seize("a", video())
    made.settle("a", Video("v", "completed", duration=10.0))
    return made


def test_a_run_that_made_nothing_has_no_bill() -> None:
    assert list(costs_of(Spending(), [outcome(status="kept")], 5, 5)) == []


def test_a_run_with_a_bound_says_how_much_of_it_is_spent() -> None:
    assert [line.partition(":")[0] for line in costs_of(spending(5), [outcome(charged=0.667)], None, None)] == [
        "cost",
        "budget",
    ]
    full = outcome(status="skipped", error=BudgetReached("too much", needed=9, limit=5))
    spent = "budget: $0.67 of $5.00 spent"
    assert list(costs_of(spending(5), [outcome(status="kept")], None, None)) == [spent]
    assert list(costs_of(spending(5), [full], None, None)) == [
        f"{spent}; 1 row does not fit; go on with a larger --budget"
    ]
    assert list(costs_of(spending(5), [full, full], None, None)) == [
        f"{spent}; 2 rows do not fit; go on with a larger --budget"
    ]


def test_many_rows_with_the_same_fault_are_one_line() -> None:
    alike = [RowProblem(line, "avatar_id", "is nobody's") for line in (2, 3, 4, 9)]
    assert list(listed([*alike, RowProblem(5, "script", "is missing")])) == [
        "lines 2-4, 9, column avatar_id: is nobody's",
        "line 5, column script: is missing",
    ]
    assert list(listed(alike[:3])) == [str(problem) for problem in alike[:3]]


def test_a_run_that_makes_nothing_says_no_plan() -> None:
    assert in_lines(forecast(0, kept=2)) == []
