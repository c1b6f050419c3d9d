"""The command line: ``heygen-async bulk``, ``resume``, ``migrate`` and ``emulator``.

Exit codes:

====  ==============================================================================================
  0   all done: each row has its file, those that were there already included
  1   some rows failed, or something was lost on the way from v2 to v3
  2   usage: a wrong option, bad rows, a folder that cannot be written; nothing was sent
  3   not permitted: no API key, or HeyGen refused everything with 401, 402 or 403
  4   stopped before the end, by a signal or an empty wallet: ``heygen-async resume`` goes on
130   interrupted by Ctrl-C or SIGTERM without a journal; what still renders is listed with its ids
====  ==============================================================================================

The commands are elsewhere, and brought in when they are called: this is one of two places with imports inside
functions, so that ``--help`` answers at once.
"""

import asyncio
import logging
import os
import sys
from collections.abc import Sequence
from typing import Annotated

import rich  # noqa: F401  # cyclopts and the commands need it: better to miss it now than later
from cyclopts import App, CycloptsError, Parameter

from heygen_async.errors import (
    ClientMisused,
    DownloadFailed,
    HeyGenError,
    JournalFailed,
    NotAuthenticated,
    NotPermitted,
    OutOfCredit,
    RowsInvalid,
)
from heygen_async.log import show_log
from heygen_async.shell.endings import DONE, INTERRUPTED, NOT_PERMITTED, SOME_FAILED, USAGE, PayloadsInvalid, Refusal
from heygen_async.version import __version__

__all__ = ["run"]

log = logging.getLogger(__name__)

_EXIT_CODES = """\
Exit codes:
  0    all done; files that were there already count
  1    some rows failed, or something was lost on the way from v2 to v3
  2    usage: a wrong option, bad rows, an unwritable folder; nothing was sent
  3    not permitted: no API key, or everything was refused with 401, 402 or 403
  4    stopped before the end; heygen-async resume goes on
  130  interrupted, and there is no journal; what still renders is listed with its ids"""

app = App(
    name="heygen-async",
    help="Talking videos from HeyGen, many at once.",
    help_epilogue=_EXIT_CODES,
    help_format="plaintext",
    version=__version__,
    default_parameter=Parameter(negative=(), show_default=lambda value: value or None),
)

app.command(
    "heygen_async.shell.bulking:bulk",
    help="Make a video of each row of a file. The same command again goes on where it stopped.",
)
app.command(
    "heygen_async.shell.bulking:resume",
    help="Go on with a run that ended early, however it ended. The input is read again; what was paid for is brought.",
)


@app.command(help_flags=(), version_flags=())
def emulator(*words: Annotated[str, Parameter(allow_leading_hyphen=True)]) -> int:
    """Serve HeyGen's API on this machine, with real videos, no account and no charge."""
    from heygen_async.emulator.__main__ import main

    return main(words, name="heygen-async emulator")


app.command(
    "heygen_async.shell.migrate:migrate",
    help=(
        "Translate payloads of v2's video/generate and av4/generate to v3.\n\n"
        "What v3 cannot say is reported on standard error, field by field; the exit code is 1 then."
    ),
)


def run(arguments: Sequence[str] | None = None) -> int:
    """Carry out a command line and return its exit code; ``None`` takes ``sys.argv``."""
    show_log()
    try:
        command, bound, _ = app.parse_args(arguments, print_error=False, exit_on_error=False)
        return command(*bound.args, **bound.kwargs) or DONE
    except (KeyboardInterrupt, asyncio.CancelledError, BrokenPipeError) as fault:
        return _give_up(fault)
    except (CycloptsError, RowsInvalid, HeyGenError, Refusal, ImportError, OSError) as fault:
        log.debug("gave up", exc_info=fault)
        _complain(fault)
        return _code(fault)


# What a failure of the whole command looks like.


def _complain(fault: Exception) -> None:
    lines = str(fault).splitlines() or [type(fault).__name__]
    if isinstance(fault, RowsInvalid):
        from heygen_async.shell.attempt import several
        from heygen_async.shell.overview import listed

        bad = {problem.line for problem in fault.problems}
        count = f"{several(len(fault.problems), 'problem', 'problems')} in {several(len(bad), 'row', 'rows')}"
        ending = "nothing was written" if isinstance(fault, PayloadsInvalid) else "nothing was sent"
        lines = [*listed(fault.problems), *([f"{count} of {fault.source}; {ending}"] if bad != {0} else [])]
    elif isinstance(fault, CycloptsError):
        lines = [" ".join(str(fault).split()), "heygen-async --help lists the commands and options"]
    sys.stderr.write("".join(f"{line}\n" for line in lines))


def _code(fault: Exception) -> int:
    match fault:
        case Refusal():
            return fault.code
        case NotAuthenticated() | OutOfCredit() | NotPermitted():
            return NOT_PERMITTED
        case RowsInvalid() | ClientMisused() | DownloadFailed() | JournalFailed():
            return USAGE
        case _:
            return SOME_FAILED if isinstance(fault, HeyGenError) else USAGE


def _give_up(fault: BaseException) -> int:
    """End quietly when Ctrl-C came outside a run, or when nobody reads our output any more."""
    if isinstance(fault, BrokenPipeError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # or the interpreter complains at its exit
    return INTERRUPTED
