"""``python -m heygen_async.emulator``: the emulator as a server, with nothing but what it needs itself."""

import argparse
import asyncio
import logging
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import get_args

from heygen_async.emulator.faults import Fault
from heygen_async.emulator.legacy import Legacy
from heygen_async.emulator.media import MissingExtra
from heygen_async.emulator.notation import read_word
from heygen_async.emulator.server import Emulator, serve

__all__ = ["main"]

_FAILED, _USAGE, _INTERRUPTED = 1, 2, 130
_FAULTS = "what goes wrong: chaos:SEED, chaos:SEED:RATE (chaos:7:0.05), or a JSON file; without it nothing"
MOST = 65_535
"""The highest port there is."""


def main(words: Sequence[str] | None = None, name: str = "python -m heygen_async.emulator") -> int:
    """Run until Ctrl-C and return the exit code: 0 or 130 for an end as asked for, 1 or 2 if it cannot begin.

    `words` are the command line's; ``None``: those of this process. `name` is what the help calls the program.
    """
    given = _parser(name).parse_args(words)
    logging.basicConfig(level=logging.WARNING if given.quiet else logging.INFO, format="%(message)s", stream=sys.stderr)
    try:
        asyncio.run(serve(_emulator(given), lambda text: print(text, flush=True)))  # noqa: T201  # a program's output
    except KeyboardInterrupt:
        return _INTERRUPTED
    except (MissingExtra, OSError, ValueError) as fault:
        print(fault, file=sys.stderr)  # noqa: T201  # as above
        return _FAILED if isinstance(fault, OSError) else _USAGE
    return 0


def _emulator(given: argparse.Namespace) -> Emulator:
    return Emulator(
        host=given.host,
        port=given.port,
        speed=given.speed,
        api_key=given.api_key,
        renders=given.renders,
        queue=given.queue,
        balance=given.balance,
        enterprise=given.enterprise,
        strict_urls=given.strict_urls,
        placeholders=not given.no_placeholders,
        synthetic=given.synthetic,
        render_seconds=given.render_seconds,
        legacy=given.legacy,
        faults=given.faults,
        folder=given.folder,
    )


def _parser(name: str) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog=name,
        description="HeyGen's API on this machine: no account, no network, no bill.",
    )
    add = parser.add_argument
    add("--host", default="127.0.0.1", help="where to listen; default: %(default)s")
    add("--port", type=_port, default=8080, help="0 takes any that is free; default: %(default)s")
    add("--speed", type=float, default=1.0, help="at 60, a minute lasts a second; default: %(default)s")
    add("--api-key", metavar="KEY", help="the only key that opens; without it any does")
    add("--renders", type=int, default=10, metavar="N", help="videos that render at once; default: %(default)s")
    add("--queue", action="store_true", help="let further videos wait, instead of answering 429")
    add("--balance", type=float, default=1000.0, metavar="USD", help="what is in the wallet; default: %(default)s")
    add("--enterprise", action="store_true", help="allow watermarks and stock voices")
    add("--strict-urls", action="store_true", help="refuse addresses that are not on this machine")
    add("--no-placeholders", action="store_true", help="do not understand YOUR_VOICE_ID and the like")
    add("--synthetic", type=int, metavar="BYTES", help="serve films of this size in which nobody speaks")
    add("--render-seconds", type=float, metavar="S", help="how long a video renders; without it 60 to 180 s")
    add("--legacy", choices=get_args(Legacy), default="open", help="what became of v1 and v2; default: %(default)s")
    add("--faults", type=_faults, default=(), metavar="WHAT", help=_FAULTS)
    add("--folder", type=Path, help="where files are kept; without it a temporary one")
    add("--quiet", action="store_true", help="say nothing of the requests that are served")
    return parser


def _faults(word: str) -> list[Fault]:
    try:
        return read_word(word)
    except (OSError, ValueError) as fault:
        raise argparse.ArgumentTypeError(f"{word!r} cannot be used: {fault}") from None


def _port(word: str) -> int:
    if not (word.isdecimal() and int(word) <= MOST):
        raise argparse.ArgumentTypeError(f"{word!r} is not a number from 0 to {MOST}")
    return int(word)


if __name__ == "__main__":
    sys.exit(main())
