"""``heygen-async bulk`` and ``resume``: a run, from the words of the command to its exit code."""

import asyncio
import os
import shlex
import sys
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Annotated, Literal

import anyio.to_thread
from attrs import field, frozen
from cyclopts import Parameter
from cyclopts.validators import Number

from heygen_async.bulk.journal import Journal
from heygen_async.bulk.order import Order
from heygen_async.bulk.rows import Row
from heygen_async.bulk.run import BulkRun
from heygen_async.bulk.source import Source
from heygen_async.client import HeyGen
from heygen_async.clock import ScaledClock
from heygen_async.options import Limits, Options
from heygen_async.shell.attempt import Attempt, remarks
from heygen_async.shell.endings import DONE, NOT_PERMITTED, Refusal
from heygen_async.shell.overview import costs_of, overview, plan_json
from heygen_async.shell.progress import Board, board_for, summary

__all__ = ["bulk", "resume"]

AtOnce = int | Literal["auto"]


def _check_count(kind: object, value: AtOnce | None) -> None:
    if isinstance(value, int):
        Number(gte=1, lte=100_000)(kind, value)


_COUNT = Parameter(validator=_check_count)
_DOLLARS = Parameter(validator=Number(gte=0, lte=1_000_000_000))

JOURNAL = "journal.db"
"""The journal of a run, in the folder of its videos."""

PLENTY = 1_000_000.0
"""US dollars in the emulator's wallet: a run with ``--emulator`` should not end for want of them."""

SPEED = 60.0
"""How fast the emulator's clock goes, where nobody says."""


def bulk(  # noqa: PLR0913  # each is an option
    input: Annotated[Path, Parameter(allow_leading_hyphen=True)],  # noqa: A002  # so the help calls it INPUT
    /,
    *,
    into: Path,
    at_once: Annotated[AtOnce, _COUNT] = 10,
    emulator: bool = False,
    speed: Annotated[float | None, Parameter(validator=Number(gt=0, lte=1_000_000))] = None,
    json: bool = False,
    overwrite: bool = False,
    base_url: str | None = None,
    journal: Path | None = None,
    budget: Annotated[float | None, _DOLLARS] = None,
    dry_run: bool = False,
    no_fold: bool = False,
    order: Order = "rows",
) -> int:
    """Make a video of each row of a file. The same command again goes on where it stopped.

    Parameters
    ----------
    input
        CSV whose columns are the API's field names, or JSONL of payloads; - is standard input.
    into
        The folder of the videos. Files that are there already are kept and not paid for.
    at_once
        How many videos render at once; HeyGen's pay-as-you-go accounts have 10. auto: as many as HeyGen takes.
    emulator
        Use the emulator inside this program: no account, no charge.
    speed
        How many times as fast as HeyGen the emulator is; default: 60.
    json
        Write one JSON object for each outcome to standard output, and nothing else.
    overwrite
        Make videos again whose files are there already.
    base_url
        Where the API is; default: HEYGEN_API_BASE, else HeyGen's own.
    journal
        Where it is kept what became of each row; default: journal.db in the folder, and none with --emulator.
    budget
        US dollars that are never exceeded, what the journal has spent included. Rows that do not fit are not sent.
    dry_run
        Look everything up, print what would be made and what it would cost, and stop. Nothing is sent.
    no_fold
        Make a video of each row, also where rows are equal. Otherwise they share one, and each has a copy.
    order
        rows: as they come. longest-first: where many render at once, the run ends sooner when the longest begin first.
    """
    source = Source.of(input)
    rows = source.rows()
    if not emulator:
        _check_key("set HEYGEN_API_KEY, or use --emulator, which needs none")
    if emulator and base_url:
        raise Refusal("--emulator brings its own address; leave --base-url away")
    if speed is not None and not emulator:
        raise Refusal("--speed is the emulator's; HeyGen itself goes no faster, so leave it away or add --emulator")
    options = _options(at_once)
    board = board_for(sys.stdout, sys.stderr, as_json=json)
    client = _emulated(options, speed or SPEED, board) if emulator else HeyGen(base_url=base_url, options=options)
    attempt = Attempt(board, _ENDED)
    if not emulator:
        journal = journal or into / JOURNAL
        attempt.resume, attempt.journal = _resume(into, journal), journal
    facts = source.facts(at_once, base_url) | _facts(budget, fold=not no_fold, order=order)
    if journal is not None and dry_run and not journal.exists():
        journal = None  # a look leaves no trace
    kept = None if journal is None else Journal(journal, facts=None if dry_run else facts)  # a plan is no order
    fold = not no_fold
    job = _Order(rows, source, into, kept, overwrite=overwrite, budget=budget, fold=fold, order=order)
    return asyncio.run(_show_plan(job, client, board, json=json) if dry_run else _bulk(job, client, attempt))


def resume(
    into: Path,
    /,
    *,
    journal: Path | None = None,
    at_once: Annotated[AtOnce | None, _COUNT] = None,
    json: bool = False,
    base_url: str | None = None,
    budget: Annotated[float | None, _DOLLARS] = None,
) -> int:
    """Go on with a run that ended early, however it ended. The input is read again; what was paid for is brought.

    Parameters
    ----------
    into
        The folder of the videos.
    journal
        Its journal; default: journal.db in the folder.
    at_once
        How many videos render at once; default: as before.
    json
        Write one JSON object for each outcome to standard output, and nothing else.
    base_url
        Where the API is; default: as before.
    budget
        US dollars that are never exceeded, what was spent before included; default: as before.
    """
    path = journal or into / JOURNAL
    facts = asyncio.run(_remembered(path))
    source = Source.remembered(facts)
    rows = source.rows()
    _check_key("set HEYGEN_API_KEY")
    renders, base_url = at_once or facts.get("at_once", "10"), base_url or facts.get("base_url") or None
    client = HeyGen(base_url=base_url, options=_options(renders))
    board = board_for(sys.stdout, sys.stderr, as_json=json)
    attempt = Attempt(board, resume=_resume(into, path), journal=path)
    budget = float(facts["budget"]) if budget is None and facts.get("budget") else budget
    fold = facts.get("fold") != "no"
    order: Order = "longest-first" if facts.get("order") == "longest-first" else "rows"
    kept = Journal(path, facts=source.facts(renders, base_url) | _facts(budget, fold=fold, order=order))
    job = _Order(rows, source, into, kept, budget=budget, fold=fold, order=order)
    return asyncio.run(_bulk(job, client, attempt))


def _options(at_once: int | str) -> Options:
    return Options(limits=Limits(renders=None if at_once == "auto" else int(at_once)))


_Client = AbstractAsyncContextManager[HeyGen]
_ENDED = "They ended with the emulator of this program."


@asynccontextmanager
async def _emulated(options: Options, speed: float, board: Board) -> AsyncIterator[HeyGen]:
    """Open a client of an emulator in this process; one clock for both, so that waiting is as fast as rendering."""
    from heygen_async.emulator import Emulator  # noqa: PLC0415  # only with --emulator

    clock = ScaledClock(speed)
    async with (
        Emulator(clock=clock, renders=options.limits.renders or 10, balance=PLENTY) as emulated,
        HeyGen(emulated.api_key, base_url=emulated.url, options=options, clock=clock) as heygen,
    ):
        board.say(f"Emulator at {emulated.url}, {speed:g} times as fast as HeyGen: no account, no charge.")
        yield heygen
        for note in dict.fromkeys(emulated.log.notes):
            board.say(f"Emulator: {note}")


def _check_key(advice: str) -> None:
    if not os.environ.get("HEYGEN_API_KEY", "").strip():
        raise Refusal(f"there is no API key: {advice}", NOT_PERMITTED)


def _resume(into: Path, journal: Path) -> str:
    """Say how to go on with a run."""
    named = [] if journal == into / JOURNAL else ["--journal", str(journal)]
    return shlex.join(["heygen-async", "resume", str(into), *named])


async def _remembered(path: Path) -> Mapping[str, str]:
    """Read what a run of bulk has left for its continuation."""
    if not await anyio.to_thread.run_sync(path.exists):
        advice = "heygen-async bulk begins a run, and makes up for a lost journal"
        raise Refusal(f"there is no journal {path}: nothing to go on with. {advice}")
    async with Journal(path) as journal:
        if "source" not in journal.facts:
            raise Refusal(f"the journal {path} does not say where its rows come from; run the same program again")
        return journal.facts


@frozen
class _Order:
    """What a run is to do."""

    rows: list[Row]
    source: Source
    into: Path
    journal: Journal | None
    overwrite: bool = field(default=False, kw_only=True)
    budget: float | None = field(default=None, kw_only=True)
    fold: bool = field(default=True, kw_only=True)
    order: Order = field(default="rows", kw_only=True)

    def run(self, heygen: HeyGen) -> BulkRun:
        """Make the run."""
        return heygen.bulk(
            self.rows,
            into=self.into,
            journal=self.journal,
            budget=self.budget,
            overwrite=self.overwrite,
            fold=self.fold,
            order=self.order,
        )


async def _bulk(order: _Order, client: _Client, attempt: Attempt) -> int:
    began = time.monotonic()
    with attempt.board as board, attempt.within_reach():
        async with client as heygen:
            run = order.run(heygen)
            before = await attempt.check(run, order.source.name)
            await attempt.follow(run)
            seconds = time.monotonic() - began  # the summary comes first: closing can be interrupted too
            lines = summary(attempt.outcomes, len(order.rows), order.into, seconds)
            costs = costs_of(run.spending, attempt.outcomes, before, await attempt.balance(heygen))
            board.close([*lines, *costs, *remarks(run), *attempt.left()])
    return attempt.code()


async def _show_plan(order: _Order, client: _Client, board: Board, *, json: bool) -> int:
    """Print what a run would do, and do nothing of it."""
    with board:
        async with client as heygen:
            run = order.run(heygen)
            try:
                plan = await run.preflight(source=order.source.name)
            finally:
                await run.aclose()
        sys.stdout.writelines(f"{line}\n" for line in (plan_json(plan) if json else ()))
        board.close(overview(plan, into=str(order.into), budget=order.budget))
    return DONE


def _facts(budget: float | None, *, fold: bool, order: Order) -> dict[str, str]:
    """Say what a journal has to remember of the money, and of the order."""
    return {"budget": "" if budget is None else str(budget), "fold": "yes" if fold else "no", "order": order}
