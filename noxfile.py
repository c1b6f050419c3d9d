"""Sessions: `tests` (the default), `readme`, `lint`, `typing`, `contract`, `uvloop`, `bench`.

Only `tests` runs by itself: ``python -m pip install nox && nox`` is all a newcomer needs.
"""

import os
import shutil
from pathlib import Path

import nox

nox.options.sessions = ["tests"]
nox.options.error_on_external_run = True
nox.options.reuse_existing_virtualenvs = True

EXTRAS = ".[cli,emulator]"
ENOUGH = 5
PLACES = ("heygen_async", "tests", "examples", "benchmarks", "docs", "noxfile.py")


def _install(session: nox.Session, group: str) -> None:
    session.install("-e", EXTRAS, *nox.project.dependency_groups(nox.project.load_toml("pyproject.toml"), group))


@nox.session
def tests(session: nox.Session) -> None:
    """Run the tests and measure which branches they reach."""
    _install(session, "test")
    session.run("coverage", "erase")
    session.run("coverage", "run", "-m", "pytest", *session.posargs)
    session.run("coverage", "combine", "--quiet")
    if not session.posargs:
        session.run("coverage", "report")


@nox.session
def uvloop(session: nox.Session) -> None:
    """Run the tests once more under uvloop, but for those of pictures and sounds, which know no loop."""
    _install(session, "test")
    session.run("pytest", "-q", "--ignore=tests/emulator/media", *session.posargs, env={"HEYGEN_TEST_LOOP": "uvloop"})


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
    """Answer the benchmarks' questions; ``-- --quick`` for the short form."""
    session.install("-e", ".[cli,emulator,fastapi]")
    for script in sorted(Path("benchmarks").glob("*.py")):
        session.run("python", str(script), *session.posargs)
