"""How a plan shows itself before a run, and what it cost after it: lines for people, and JSON for programs."""

import json
from collections import Counter
from collections.abc import Iterator, Sequence

from heygen_async.bulk.forecast import Forecast, Quoted, Remark
from heygen_async.bulk.outcome import Outcome
from heygen_async.bulk.span import Span
from heygen_async.bulk.spending import Spending
from heygen_async.errors import BudgetReached, RowProblem
from heygen_async.log import printable
from heygen_async.shell.progress import MINUTE, duration, spans

__all__ = ["bill", "costs_of", "in_lines", "listed", "money", "overview", "plan_json"]

MOST_RENDERS = 20
"""Renders that are listed one by one; of more, the dearest are."""

DEAREST = 5
MOST_ALIKE = 3
"""Rows with the same fault that are listed one by one."""

LONGEST_TITLE = 40
"""Characters of a title in a list."""

_HOUR = 60 * MINUTE
_ROUGHLY = 1.05
"""How far from the quote a bill may be before the price list is doubted."""


def overview(plan: Forecast, *, into: str, budget: float | None = None) -> list[str]:
    """Write a plan for people. `budget`: US dollars, or ``None``."""
    count = len(plan.renders)
    facts = [("renders", f"{count:,} → {printable(into)}/" + _why_fewer(plan))]
    facts += [("length", _length(plan.seconds))]
    facts += [("cost", f"{money(plan.usd)} ({plan.prices.name}, prices of {plan.prices.read_on})")]
    facts += [("wallet", _wallet(plan))]
    facts += [("budget", _budget(plan.usd, budget))] if budget is not None else []
    lines = [f"{name:8} {text}" for name, text in facts]
    lines += ["", *_listed(plan.renders)] if count else []
    lines += ["", *map(_remark, plan.remarks)] if plan.remarks else []
    return [*lines, "", "Nothing was sent."]


def in_lines(plan: Forecast, budget: float | None = None) -> list[str]:
    """Write a plan in a line, for the beginning of a run, and what may go wrong below; nothing where all is made.

    `budget`: US dollars that are left of it, or ``None``.
    """
    if not plan.renders:
        return []
    count = len(plan.renders)
    wallet = "" if plan.balance is None else f"; the wallet has ${plan.balance:,.2f}"
    renders = f"{count:,} {'render' if count == 1 else 'renders'}"
    short = [] if budget is None or budget >= plan.usd.high else [f"Budget: {_budget(plan.usd, budget)}."]
    return [f"Plan: {renders}{_why_fewer(plan)}, {money(plan.usd)}{wallet}.", *short, *map(_remark, plan.remarks)]


def costs_of(
    spending: Spending, outcomes: Sequence[Outcome], before: float | None, after: float | None
) -> Iterator[str]:
    """Write what a run has cost, and what its budget has kept from being sent. `before` and `after` as for `bill`."""
    if any(outcome.charged is not None for outcome in outcomes):
        yield bill(spending.quoted, spending.charged, before, after)
    if spending.bounded:
        waiting = sum(isinstance(outcome.error, BudgetReached) for outcome in outcomes)
        rows = f"{waiting:,} {'row does' if waiting == 1 else 'rows do'} not fit; go on with a larger --budget"
        spent = f"budget: ${spending.budget.spent:,.2f} of ${spending.budget.limit:,.2f} spent"
        yield f"{spent}; {rows}" if waiting else spent


def listed(problems: Sequence[RowProblem]) -> Iterator[str]:
    """Write what is wrong with rows: a line for each, or for all that have the same fault."""
    alike: dict[tuple[str, str], list[RowProblem]] = {}
    for problem in problems:
        alike.setdefault((problem.column, problem.reason), []).append(problem)
    for those in alike.values():
        if len(those) <= MOST_ALIKE:
            yield from map(str, those)
        else:
            lines = sorted({problem.line for problem in those})
            yield str(those[0]).replace(f"line {those[0].line}", spans(lines), 1)


def bill(quoted: Span, charged: float, before: float | None, after: float | None) -> str:
    """Write what a run cost: what its videos are worth by the price list, and what went out of the wallet.

    `before` and `after`: US dollars in the wallet, or ``None`` where nobody knows.
    """
    line = f"cost: quoted {money(quoted)}, about ${charged:,.2f} by the length of the videos"
    if before is None or after is None:
        return line
    if after > before:
        return f"{line}; the wallet has been filled up meanwhile, to ${after:,.2f}"
    paid = before - after
    doubt = " (more than the price list says: is it out of date, or does somebody else spend from it?)"
    surprise = doubt if paid > max(quoted.high, charged) * _ROUGHLY else ""
    return f"{line}; ${paid:,.2f} went out of the wallet, which has ${after:,.2f} left{surprise}"


def plan_json(plan: Forecast) -> Iterator[str]:
    """Write each render of a plan as a line of JSON."""
    for quoted in plan.renders:
        yield json.dumps(
            {
                "line": quoted.fold.first.line,
                "lines": [row.line for row in quoted.fold.rows],
                "title": quoted.fold.first.request.title,
                "seconds": _bounds(quoted.quote.seconds),
                "usd": _bounds(quoted.quote.usd),
                "basis": quoted.quote.basis,
            }
        )


def money(span: Span) -> str:
    """Write US dollars: ``$1.20``, or ``$1.20 to $1.90`` where they are not known better."""
    low, high = f"${span.low:,.2f}", f"${span.high:,.2f}"
    return low if low == high else f"{low} to {high}"


def _bounds(span: Span) -> list[float]:
    return [round(span.low, 4), round(span.high, 4)]


def _length(seconds: Span) -> str:
    low, high = duration(seconds.low), duration(seconds.high)
    return low if low == high else f"{low} to {high} of video"


def _why_fewer(plan: Forecast) -> str:
    """Say why there are fewer renders than rows."""
    folded = plan.rows - len(plan.renders)
    reasons = [f"{plan.kept:,} {'file is' if plan.kept == 1 else 'files are'} there already"] if plan.kept else []
    reasons += [f"{plan.paid:,} paid for already"] if plan.paid else []
    reasons += (
        [f"{folded:,} {'row is' if folded == 1 else 'rows are'} equal to another: a copy of its file"] if folded else []
    )
    return f" ({'; '.join(reasons)})" if reasons else ""


def _wallet(plan: Forecast) -> str:
    if plan.balance is None:
        return "HeyGen does not say what is in it"
    wallet = plan.account.wallet if plan.account else None
    if plan.balance >= plan.usd.high:
        verdict = "enough"
    elif wallet and wallet.auto_reload and wallet.auto_reload.enabled:
        verdict = "not enough, but it fills itself"
    elif plan.balance >= plan.usd.low:
        verdict = "it may be enough"
    else:
        verdict = "not enough: the run will stop when it is empty, and can be resumed"
    return f"${plan.balance:,.2f}, {verdict}"


def _budget(usd: Span, budget: float) -> str:
    if budget >= usd.high:
        verdict = "enough"
    elif budget >= usd.low:
        verdict = "it may be enough"
    else:
        verdict = "not enough: the run will stop at it, and can be resumed with more"
    return f"${budget:,.2f}, {verdict}"


def _listed(renders: Sequence[Quoted]) -> Iterator[str]:
    """List the renders, or the dearest of them."""
    shown = renders
    if len(renders) > MOST_RENDERS:
        shown = sorted(renders, key=lambda quoted: -quoted.quote.usd.high)[:DEAREST]
        yield f"the dearest {DEAREST}:"
    cells = [(_place(quoted), money(quoted.quote.usd), quoted.quote.basis) for quoted in shown]
    place, cost = (max(len(line[column]) for line in cells) for column in (0, 1))
    for line in cells:
        yield f"  {line[0]:{place}}  {line[1]:>{cost}}  {printable(line[2])}"
    everything = Counter(quoted.quote.basis.rpartition("; ")[2] for quoted in renders)
    if len(renders) > MOST_RENDERS:
        yield "by kind: " + ", ".join(f"{count:,} {printable(kind)}" for kind, count in everything.most_common(DEAREST))


def _place(quoted: Quoted) -> str:
    title = printable(quoted.fold.first.request.title or "")
    short = title if len(title) <= LONGEST_TITLE else f"{title[: LONGEST_TITLE - 1]}…"
    return spans([row.line for row in quoted.fold.rows]) + (f' "{short}"' if short else "")


def _remark(remark: Remark) -> str:
    return f"{spans(remark.lines)}: {printable(remark.text)}"
