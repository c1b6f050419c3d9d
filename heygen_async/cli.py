"""The command line: ``heygen-async bulk`` and ``heygen-async emulator``.

Exit codes:

====  ==============================================================================================
  0   all done: each row has its file, those that were there already included
  1   some rows failed
  2   usage: a wrong option, bad rows, a folder that cannot be written; nothing was sent
  3   not permitted: no API key, or HeyGen refused everything with 401, 402 or 403
130   interrupted by Ctrl-C or SIGTERM; what still renders is listed with its ids
====  ==============================================================================================
"""

import asyncio
import logging
import os
import signal
import sys
import time
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager
from pathlib import Path
from typing import Annotated, Any

from attrs import define, field
from cyclopts import App, CycloptsError, Parameter
from cyclopts.validators import Number

from heygen_async.api.videos import VideoJob
from heygen_async.bulk import BulkRun, Outcome
from heygen_async.client import HeyGen
from heygen_async.clock import ScaledClock
from heygen_async.errors import (
    ClientMisused,
    DownloadFailed,
    HeyGenError,
    NotAuthenticated,
    NotPermitted,
    OutOfCredit,
    RowsInvalid,
)
from heygen_async.log import printable, show_log
from heygen_async.options import Limits, Options
from heygen_async.progress import Board, board_for, summary
from heygen_async.rows import Row, read_rows
from heygen_async.version import __version__

__all__ = ["run"]

log = logging.getLogger(__name__)

DONE, SOME_FAILED, USAGE, NOT_PERMITTED, INTERRUPTED = 0, 1, 2, 3, 130
TWICE = 2
REFUSALS = NotAuthenticated | OutOfCredit | NotPermitted
PLENTY = 1_000_000.0
"""US dollars in the emulator's wallet: a run with ``--emulator`` should not end for want of them."""

SPEED = 60.0
"""How fast the emulator's clock goes, where nobody says."""

REDRAW_EVERY = 0.2
"""Seconds between two looks at a run."""

_EXIT_CODES = """\
Exit codes:
  0    all done; files that were there already count
  1    some rows failed
  2    usage: a wrong option, bad rows, an unwritable folder; nothing was sent
  3    not permitted: no API key, or everything was refused with 401, 402 or 403
  130  interrupted; what still renders is listed with its ids"""

app = App(
    name="heygen-async",
    help="Talking videos from HeyGen, many at once.",
    help_epilogue=_EXIT_CODES,
    help_format="plaintext",
    version=__version__,
    default_parameter=Parameter(negative=(), show_default=lambda value: value or None),
)


class _Refusal(Exception):
    """The command cannot be carried out as it was given."""

    def __init__(self, message: str, code: int = USAGE) -> None:
        super().__init__(message)
        self.code = code


def run(arguments: Sequence[str] | None = None) -> int:
    """Carry out a command line and return its exit code; ``None`` takes ``sys.argv``."""
    show_log()
    try:
        command, bound, _ = app.parse_args(arguments, print_error=False, exit_on_error=False)
        return command(*bound.args, **bound.kwargs) or DONE
    except (KeyboardInterrupt, asyncio.CancelledError, BrokenPipeError) as fault:
        return _give_up(fault)
    except (CycloptsError, RowsInvalid, HeyGenError, _Refusal, ImportError, OSError) as fault:
        log.debug("gave up", exc_info=fault)
        _complain(fault)
        return _code(fault)


@app.command
def bulk(
    input: Annotated[Path, Parameter(allow_leading_hyphen=True)],  # noqa: A002  # so the help calls it INPUT
    /,
    *,
    into: Path,
    at_once: Annotated[int, Parameter(validator=Number(gte=1, lte=100_000))] = 10,
    emulator: bool = False,
    speed: Annotated[float | None, Parameter(validator=Number(gt=0, lte=1_000_000))] = None,
    json: bool = False,
    overwrite: bool = False,
    base_url: str | None = None,
) -> int:
    """Make a video of each row of a file.

    Parameters
    ----------
    input
        CSV whose columns are the API's field names, or JSONL of payloads; - is standard input.
    into
        The folder of the videos. Files that are there already are kept and not paid for.
    at_once
        How many videos render at once. HeyGen's pay-as-you-go accounts have 10.
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
    """
    rows = read_rows(sys.stdin.buffer if str(input) == "-" else input)
    if not emulator and not os.environ.get("HEYGEN_API_KEY", "").strip():
        raise _Refusal("there is no API key: set HEYGEN_API_KEY, or use --emulator, which needs none", NOT_PERMITTED)
    if emulator and base_url:
        raise _Refusal("--emulator brings its own address; leave --base-url away")
    if speed is not None and not emulator:
        raise _Refusal("--speed is the emulator's; HeyGen itself goes no faster, so leave it away or add --emulator")
    options = Options(limits=Limits(renders=at_once))
    board = board_for(sys.stdout, sys.stderr, as_json=json)
    client = _emulated(options, speed or SPEED, board) if emulator else HeyGen(base_url=base_url, options=options)
    later = _ENDED if emulator else _LATER.format(into=into)
    return asyncio.run(_bulk(rows, into, client, board, later, overwrite=overwrite))


@app.command(help_flags=(), version_flags=())
def emulator(*words: Annotated[str, Parameter(allow_leading_hyphen=True)]) -> int:
    """Serve HeyGen's API on this machine, with real videos, no account and no charge."""
    from heygen_async.emulator.__main__ import main  # noqa: PLC0415  # only this command needs it

    return main(words, name="heygen-async emulator")


# A bulk run.


_Client = AbstractAsyncContextManager[HeyGen]
_LATER = """\
Fetch each later: await heygen.videos.job("ID").download("{into}/")
The same command run again would ask for these videos again, and pay for them again."""
_ENDED = "They ended with the emulator of this program."


@asynccontextmanager
async def _emulated(options: Options, speed: float, board: Board) -> AsyncIterator[HeyGen]:
    """Open a client of an emulator in this process; one clock for both, so that waiting is as fast as rendering."""
    from heygen_async.emulator import Emulator  # noqa: PLC0415  # only with --emulator

    clock = ScaledClock(speed)
    async with (
        Emulator(clock=clock, renders=options.limits.renders, balance=PLENTY) as emulated,
        HeyGen(emulated.api_key, base_url=emulated.url, options=options, clock=clock) as heygen,
    ):
        board.say(f"Emulator at {emulated.url}, {speed:g} times as fast as HeyGen: no account, no charge.")
        yield heygen
        for note in dict.fromkeys(emulated.log.notes):
            board.say(f"Emulator: {note}")


async def _bulk(rows: list[Row], into: Path, client: _Client, board: Board, later: str, *, overwrite: bool) -> int:
    began = time.monotonic()
    attempt = _Attempt(board)
    with board, _signals(attempt.interrupt):
        async with client as heygen:
            await attempt.follow(heygen.bulk(rows, into=into, overwrite=overwrite))
            seconds = time.monotonic() - began  # the summary comes first: closing can be interrupted too
            board.close([*summary(attempt.outcomes, len(rows), into, seconds), *attempt.left(later)])
    return attempt.code()


@define(eq=False)
class _Attempt:
    """A bulk run under somebody's eyes, and within reach of Ctrl-C."""

    board: Board
    outcomes: list[Outcome] = field(factory=list, init=False)
    left_there: list[VideoJob] = field(factory=list, init=False)
    """What HeyGen has and the run did not bring."""

    _run: BulkRun | None = field(default=None, init=False)
    _task: "asyncio.Task[Any] | None" = field(factory=asyncio.current_task, init=False)
    _signals: int = field(default=0, init=False)

    async def follow(self, run: BulkRun) -> None:
        """Show the run until its end, or until it was interrupted twice."""
        self._run = run
        try:
            async with _each(REDRAW_EVERY, lambda: self.board.show(run.progress)):
                async for outcome in run:
                    self.outcomes.append(outcome)
                    self.board.tell(outcome)
        except asyncio.CancelledError:
            if self._signals < TWICE or self._task is None:
                raise
            self._task.uncancel()
        finally:
            self._run = None
            self.left_there = run.jobs
            await run.aclose()

    def code(self) -> int:
        """Sum the outcomes up in an exit code."""
        if self._signals:
            return INTERRUPTED
        bad = [outcome.error for outcome in self.outcomes if outcome.status not in {"done", "kept"}]
        if not bad:
            return DONE
        refused = len(bad) == len(self.outcomes) and all(isinstance(error, REFUSALS) for error in bad)
        return NOT_PERMITTED if refused else SOME_FAILED

    def left(self, later: str) -> list[str]:
        """List what HeyGen has and the run did not bring, and say how to get it `later`."""
        titles = [printable(getattr(job.request, "title", None) or "") for job in self.left_there]
        there = [f"  {job.id}  {title}".rstrip() for job, title in zip(self.left_there, titles, strict=True)]
        return ["Left at HeyGen:", *there, later] if there else []

    def interrupt(self) -> None:
        """Stop at the first signal, and at once at the second; what comes later would only disturb the clearing up."""
        self._signals += 1
        if self._run is not None and self._signals == 1:
            self._run.stop()
            self.board.say(f"Stopping: no new videos; {_under_way(self._run)}. Once more stops at once.")
        elif self._task is not None and self._signals == (TWICE if self._run is not None else 1):
            self._task.cancel()


def _under_way(run: BulkRun) -> str:
    progress = run.progress
    count = progress.rendering - sum(not job.done() for job in run.jobs) + progress.downloading
    return (
        f"waiting for {_several(count, 'request or download', 'requests and downloads')} under way"
        if count
        else ("nothing else is under way")
    )


@asynccontextmanager
async def _each(seconds: float, call: Callable[[], object]) -> AsyncIterator[None]:
    """Make a call now and again while the block lasts."""

    async def repeat() -> None:
        while True:
            call()
            await asyncio.sleep(seconds)

    task = asyncio.create_task(repeat(), name="heygen_async progress")
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


@contextmanager
def _signals(call: Callable[[], object]) -> Iterator[None]:
    """Make a call at each SIGINT, SIGTERM and SIGHUP while the block lasts, instead of what they do otherwise."""
    loop = asyncio.get_running_loop()
    ends = [signal.SIGINT, signal.SIGTERM, *([signal.SIGHUP] if hasattr(signal, "SIGHUP") else [])]
    wanted = [one for one in ends if signal.getsignal(one) is not signal.SIG_IGN]
    before = {number: signal.signal(number, lambda *_: loop.call_soon_threadsafe(call)) for number in wanted}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


# What a failure of the whole command looks like.


def _complain(fault: Exception) -> None:
    lines = str(fault).splitlines() or [type(fault).__name__]
    if isinstance(fault, RowsInvalid):
        bad = {problem.line for problem in fault.problems}
        count = f"{_several(len(fault.problems), 'problem', 'problems')} in {_several(len(bad), 'row', 'rows')}"
        lines += [f"{count} of {fault.source}; nothing was sent"] if bad != {0} else []
    elif isinstance(fault, CycloptsError):
        lines = [" ".join(str(fault).split()), "heygen-async --help lists the commands and options"]
    sys.stderr.write("".join(f"{line}\n" for line in lines))


def _several(count: int, one: str, more: str) -> str:
    return f"{count:,} {one if count == 1 else more}"


def _code(fault: Exception) -> int:
    match fault:
        case _Refusal():
            return fault.code
        case NotAuthenticated() | OutOfCredit() | NotPermitted():
            return NOT_PERMITTED
        case RowsInvalid() | ClientMisused() | DownloadFailed():
            return USAGE
        case _:
            return SOME_FAILED if isinstance(fault, HeyGenError) else USAGE


def _give_up(fault: BaseException) -> int:
    """End quietly when Ctrl-C came outside a run, or when nobody reads our output any more."""
    if isinstance(fault, BrokenPipeError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # or the interpreter complains at its exit
    return INTERRUPTED
