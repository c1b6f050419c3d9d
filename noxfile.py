"""Sessions: `tests` (the default), `readme`, `lint`, `typing`, `contract`, `uvloop`, `bench`, `chaos`.

Only `tests` runs by itself: ``python -m pip install nox && nox`` is all a newcomer needs.
"""

import os
import shutil
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import nox
from nox.command import CommandFailed

nox.options.sessions = ["tests"]
nox.options.error_on_external_run = True
nox.options.reuse_existing_virtualenvs = True

EXTRAS = ".[cli,emulator]"
ENOUGH = 5
SIMULATED = ("watching.py", "waiting.py", "order.py", "caps.py")
"""Benchmarks on a clock that jumps: what else the machine does changes none of their figures."""

MEASURED = (
    "scale.py",
    "bulk_run.py",
    "requests.py",
    "pending.py",
    "downloads.py",
    "start.py",
    "journal.py",
    "webhooks.py",
)
"""Benchmarks whose figures are of this machine, one after the other; the first one, the longest, beside those above."""

FAR_OFF = 2
"""What a benchmark ends with where nothing is broken, and a figure is much worse than its mark."""

EVERY_CORE = ("--numprocesses=auto", "--dist=worksteal")
PLACES = ("heygen_async", "tests", "examples", "benchmarks", "docs", "noxfile.py")


def _install(session: nox.Session, group: str) -> None:
    session.install("-e", EXTRAS, *nox.project.dependency_groups(nox.project.load_toml("pyproject.toml"), group))


@nox.session
def tests(session: nox.Session) -> None:
    """Run the tests and measure which branches they reach."""
    _install(session, "test")
    session.run("coverage", "erase")
    session.run("coverage", "run", "-m", "pytest", *EVERY_CORE, *session.posargs)
    session.run("coverage", "combine", "--quiet")
    if not session.posargs:
        session.run("coverage", "report")


@nox.session
def uvloop(session: nox.Session) -> None:
    """Run the tests once more under uvloop, but for those of pictures and sounds, which know no loop."""
    _install(session, "test")
    chosen = ("-q", "--ignore=tests/emulator/media", *EVERY_CORE, *session.posargs)
    session.run("pytest", *chosen, env={"HEYGEN_TEST_LOOP": "uvloop"})


@nox.session
def readme(session: nox.Session) -> None:
    """Make the videos that the README promises, in an environment that has nothing but what it says to install."""
    session.install("-e", EXTRAS)
    folder = Path(session.create_tmp()) / "videos"
    shutil.rmtree(folder, ignore_errors=True)
    session.run("heygen-async", "bulk", "examples/welcome.csv", "--emulator", "--into", str(folder))
    made = sorted(path.name for path in folder.iterdir())
    session.log("made %s", ", ".join(made))
    if len(made) < ENOUGH or not all(name.endswith(".mp4") for name in made):
        session.error(f"the README promises at least {ENOUGH} videos, and nothing else in the folder")


@nox.session
def lint(session: nox.Session) -> None:
    """Check style, with every rule that ruff has."""
    session.install(*nox.project.dependency_groups(nox.project.load_toml("pyproject.toml"), "lint"))
    session.run("ruff", "check", *PLACES)
    session.run("ruff", "format", "--check", *PLACES)


@nox.session
def typing(session: nox.Session) -> None:
    """Check types, twice."""
    _install(session, "typing")
    session.run("mypy")
    session.run("basedpyright")


@nox.session
def contract(session: nox.Session) -> None:
    """Hold the package against HeyGen's OpenAPI document, which ``HEYGEN_OPENAPI`` names."""
    _install(session, "test")
    document = os.environ.get("HEYGEN_OPENAPI", "")
    if not Path(document).is_file():
        session.error("set HEYGEN_OPENAPI to the path of HeyGen's OpenAPI document")
    session.run("pytest", "-q", "tests/test_contract.py", *session.posargs)


@nox.session
def bench(session: nox.Session) -> None:
    """Answer the benchmarks' questions in benchmarks/results.md; ``-- --quick`` only looks for what is far off."""
    _install(session, "bench")
    marks = Path(session.create_tmp(), "marks.jsonl")
    marks.unlink(missing_ok=True)

    def failed_of(scripts: Sequence[str]) -> list[str]:
        return [script for script in scripts if not _answered(session, script, marks)]

    with ThreadPoolExecutor(1) as beside:
        simulated = beside.submit(failed_of, SIMULATED)
        failed = failed_of(MEASURED[:1]) + simulated.result()
    failed += failed_of(MEASURED[1:])
    if not session.posargs:
        session.run("python", "benchmarks/marks.py", str(marks), "benchmarks/results.md")
    if failed:
        session.error(f"broken: {', '.join(failed)}")


def _answered(session: nox.Session, script: str, marks: Path, chances: int = 2) -> bool:
    """Ask one question; once more where a figure was far off, because it may have been the machine's bad moment."""
    try:
        session.run("python", f"benchmarks/{script}", *session.posargs, env={"HEYGEN_MARKS": str(marks)})
    except CommandFailed as failure:
        if (failure.return_code or 0) < 0:  # by a signal: whoever sent it wants no further question
            raise
        again = failure.return_code == FAR_OFF and chances > 1
        return again and _answered(session, script, marks, chances - 1)
    return True


@nox.session
def chaos(session: nox.Session) -> None:
    """Kill a run two hundred times and look whether anything was paid twice; ``-- --quick`` kills it less often."""
    session.install("-e", EXTRAS)
    session.run("python", "benchmarks/chaos.py", *session.posargs)
