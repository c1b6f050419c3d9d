"""``heygen-async`` and ``python -m heygen_async``: the way into `heygen_async.shell`, which needs ``[cli]``."""

import signal
import sys
from collections.abc import Sequence
from typing import NoReturn

__all__ = ["console", "main"]

_USAGE = 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Carry out a command line and return its exit code; ``None`` takes ``sys.argv``."""
    try:
        from heygen_async.shell.cli import run  # noqa: PLC0415  # its libraries may be missing
    except ModuleNotFoundError as fault:
        if (fault.name or "").partition(".")[0] not in {"cyclopts", "rich"}:
            raise
        sys.stderr.write(f'heygen-async needs {fault.name}: pip install "heygen-async[cli]"\n')
        return _USAGE
    return run(arguments)


def console() -> NoReturn:
    """Carry out the process's own command line, and leave with its exit code, whoever presses Ctrl-C by then."""
    code = main()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    sys.exit(code)


if __name__ == "__main__":
    console()
