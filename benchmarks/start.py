"""How long does it take until a program can do something.

Processor time of whole processes, against one that imports what the package is built on: aiohttp, attrs, cattrs and
anyio. All kinds of processes take turns; bytecode is written before, and each ratio is one of neighbours in time.

* `import heygen_async`, which brings in nothing but a table of names;
* the first lines of the README: a client and a video to ask for, which is what a user waits for;
* ``heygen-async --help``.

``--quick`` takes turns less often. That a client brings in nothing of the emulator, rich or cyclopts is a promise.
"""

import argparse
import os
import resource
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from marks import Mark, release, settle

PEER = "import aiohttp, attrs, cattrs, anyio"
README = "from heygen_async import HeyGen, AvatarVideo; HeyGen(api_key='x')"
FOREIGN = ("rich", "cyclopts", "heygen_async.emulator")
PROGRAMS = {
    "peer": ("-c", PEER),
    "import": ("-c", f"{PEER}; import heygen_async"),
    "readme": ("-c", README),
    "help": ("-m", "heygen_async", "--help"),
    "cyclopts": ("-c", "import cyclopts, rich.panel"),
}
QUESTIONS = {
    "import": ("import heygen_async", 1.3, "its table of names alone; the peer's own imports are counted in both"),
    "readme": (
        "README's first lines: a client and an AvatarVideo",
        1.3,
        "attrs makes some 120 classes for it; compiling their __init__ is most of what is left",
    ),
    "help": ("heygen-async --help", 1.5, "cyclopts and rich draw it; of ours, the errors are all that is brought in"),
}


def seconds(program: Sequence[str], environment: Mapping[str, str]) -> float:
    """Run Python and return the processor time that it took."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, *program], check=True, stdout=subprocess.DEVNULL, env=environment)  # noqa: S603  # ours
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def measured(turns: int, environment: Mapping[str, str]) -> Mapping[str, Sequence[float]]:
    """Let all programs take turns, after a first one each that writes the bytecode."""
    for program in PROGRAMS.values():
        seconds(program, environment)
    rounds = [[seconds(program, environment) for program in PROGRAMS.values()] for _ in range(turns)]
    return dict(zip(PROGRAMS, zip(*rounds, strict=True), strict=True))


def foreign(environment: Mapping[str, str]) -> Sequence[str]:
    """Name what a client has brought in that is none of its business."""
    code = f"{README}; import sys; print(*[name for name in {FOREIGN} if name in sys.modules])"
    done = subprocess.run(  # noqa: S603  # ours
        [sys.executable, "-c", code], check=True, capture_output=True, text=True, env=environment
    )
    return done.stdout.split()


def main() -> int:
    """Measure, print and judge."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="take turns less often")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as warm:
        kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
        environment = kept | {"PYTHONPYCACHEPREFIX": warm, "PYTHONPATH": str(Path(__file__).parent.parent)}
        found = measured(5 if given.quick else 9, environment)
        strangers = foreign(environment)
    peers = ", ".join(map(release, ("aiohttp", "attrs", "cattrs", "anyio")))
    middle = {name: statistics.median(figures) for name, figures in found.items()}
    marks = [
        Mark(
            question,
            ours=middle[name],
            peers={peers: middle["peer"]} | ({release("cyclopts"): middle["cyclopts"]} if name == "help" else {}),
            ratio=statistics.median(map(float.__truediv__, found[name], found["peer"])),
            mark=mark,
            unit="s",
            reason=reason,
        )
        for name, (question, mark, reason) in QUESTIONS.items()
    ]
    return settle(
        marks, quick=given.quick, promises={"a client brings in no emulator, rich or cyclopts": not strangers}
    )


if __name__ == "__main__":
    sys.exit(main())
