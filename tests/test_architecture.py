"""The floors of the house: an import goes down, or stays on its floor, and never round in a circle.

``pytest tests/test_architecture.py -s`` prints them.
"""

import ast
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

import heygen_async

PACKAGE = Path(heygen_async.__file__).parent

FLOORS = {
    5: [
        "__init__",
        "__main__",
        "client",
        "desk",
        "emulator",
        "shell.attempt",
        "shell.bulking",
        "shell.cli",
        "shell.overview",
        "shell.progress",
    ],
    4: [
        "bulk.agenda",
        "bulk.inheritance",
        "bulk.run",
        "files.courier",
        "shell.endings",
        "shell.migrate",
        "bulk.order",
        "bulk.outcome",
        "bulk.preflight",
        "webhooks.receiver",
        "scheduler",
        "bulk.spending",
        "bulk.standing",
        "bulk.submitter",
        "bulk.verdicts",
    ],
    3: [
        "bulk.adoption",
        "api",
        "bulk.auditions",
        "bulk.brake",
        "bulk.columns",
        "webhooks.dispatch",
        "files.download",
        "bulk.folder",
        "bulk.forecast",
        "bulk.journal",
        "legacy",
        "bulk.local_files",
        "bulk.outlook",
        "bulk.payloads",
        "bulk.quotes",
        "bulk.roster",
        "bulk.rows",
        "webhooks.secret_stores",
        "bulk.source",
        "files.uploads",
        "inquiries",
        "watcher",
    ],
    2: [
        "connections",
        "fetched",
        "files.form",
        "files.inflow",
        "files.part_file",
        "files.threads",
        "foreign",
        "resource",
        "files.snapshot",
        "transport",
    ],
    1: [
        "webhooks.callbacks",
        "codec",
        "durations",
        "foresight",
        "faces",
        "hints",
        "job",
        "files.mp4",
        "files.blocks",
        "files.naming",
        "files.picture",
        "polling",
        "retry",
        "files.sounds",
        "sunset",
        "watches",
        "webhooks.webhook",
        "wire",
        "bulk.work",
    ],
    0: [
        "api.__init__",
        "bulk.__init__",
        "files.__init__",
        "shell.__init__",
        "webhooks.__init__",
        "api.media",
        "bulk.budget",
        "clock",
        "codes",
        "contents",
        "errors",
        "eta",
        "legend",
        "log",
        "operation",
        "options",
        "pacing",
        "files.signature",
        "bulk.prices",
        "rules",
        "bulk.span",
        "bulk.speaking",
        "values",
        "version",
    ],
}

MOVES_BYTES = {
    "aiohttp",
    "aiofiles",
    "anyio",
    "socket",
    "ssl",
    "sqlite3",
    "subprocess",
    "http.client",
    "urllib.request",
}
MAKES_FUTURES = {"job", "clock"}
"""The only ones below floor 2 that know an event loop, because what they are is made of futures."""

SPEAKS_HTTP = {"client", "foreign", "connections", "fetched", "files.form", "webhooks.receiver", "transport"}


def modules() -> Iterator[tuple[str, ast.Module]]:
    for path in sorted(PACKAGE.rglob("*.py")):
        name = ".".join(path.relative_to(PACKAGE).with_suffix("").parts)
        yield name, ast.parse(path.read_text(encoding="utf-8"))


def floor(name: str) -> int:
    """The floor of a module: its own entry, else that of the package it is in."""
    while True:
        for level, rooms in FLOORS.items():
            if name in rooms:
                return level
        name, dot, _ = name.rpartition(".")
        assert dot, f"a new room: put it on a floor of FLOORS, and into CONTRIBUTING.md ({name})"


def imports(tree: ast.AST) -> Iterator[tuple[str, str]]:
    """Which (module, name) a module imports when it runs; imports for type checkers only do not count."""
    for node in ast.iter_child_nodes(tree):
        match node:
            case ast.If(test=ast.Name(id="TYPE_CHECKING")):
                continue
            case ast.Import(names=names):
                yield from ((alias.name, "") for alias in names)
            case ast.ImportFrom(module=str(module), names=names):
                yield from ((module, alias.name) for alias in names)
            case _:
                yield from imports(node)


def own_imports(tree: ast.AST, known: set[str]) -> set[str]:
    """The modules of the package that a module imports, be it whole or a name out of it."""
    found = set()
    for module, name in imports(tree):
        candidates = (f"{module}.{name}", f"{module}.{name}.__init__", module, f"{module}.__init__")
        inside = [one.removeprefix("heygen_async.") for one in candidates if one.startswith("heygen_async.")]
        found.update([one for one in inside if one in known][:1])
    return found


def roots(tree: ast.AST) -> set[str]:
    return {part for module, _ in imports(tree) for part in (module, module.split(".")[0])}


TREES = dict(modules())
NEEDS = {name: own_imports(tree, set(TREES)) for name, tree in TREES.items()}


def test_every_import_goes_down_or_stays_on_its_floor() -> None:
    up = [
        f"{name} (floor {floor(name)}) imports {needed} (floor {floor(needed)})"
        for name, needs in NEEDS.items()
        for needed in needs
        if floor(needed) > floor(name)
    ]
    assert up == []


def test_no_import_goes_round_in_a_circle() -> None:
    assert list(TopologicalSorter(NEEDS).static_order())


@pytest.mark.parametrize("name", [name for name in TREES if floor(name) <= 1])
def test_the_lower_floors_move_no_bytes(name: str) -> None:
    assert roots(TREES[name]).isdisjoint(MOVES_BYTES)
    assert "asyncio" not in roots(TREES[name]) or name in MAKES_FUTURES


def test_only_those_who_must_speak_http() -> None:
    speakers = {name for name, tree in TREES.items() if "aiohttp" in roots(tree)}
    assert {name for name in speakers if not name.startswith("emulator")} == SPEAKS_HTTP


def test_nobody_needs_the_emulator_but_the_shell() -> None:
    assert [
        name
        for name, needs in NEEDS.items()
        if not name.startswith("emulator") and any(needed.startswith("emulator") for needed in needs)
    ] in ([], ["shell.bulking", "shell.cli"])


def test_the_emulator_knows_no_client() -> None:
    files = {"files.download", "files.uploads"}
    clients = {"client", "transport", "watcher", "scheduler", "bulk.run", "bulk.rows", *files}
    assert {
        name: needs & clients for name, needs in NEEDS.items() if name.startswith("emulator") and needs & clients
    } == {}


def test_no_file_is_long_and_every_module_says_what_it_is() -> None:
    long = {
        path.name: lines
        for path in set(PACKAGE.rglob("*.py")) - {PACKAGE / "__init__.py"}  # the face is a list, and as long as the API
        if (lines := len(path.read_text(encoding="utf-8").splitlines())) > 450
    }
    assert long == {}
    assert [name for name, tree in TREES.items() if not ast.get_docstring(tree)] == []


def test_the_floors_are_printed() -> None:
    for level, rooms in FLOORS.items():
        print(level, ", ".join(room for room in rooms if room != "api.__init__"))  # noqa: T201  # its purpose
    assert {room for rooms in FLOORS.values() for room in rooms} <= {*TREES, "api", "emulator", "legacy"}
