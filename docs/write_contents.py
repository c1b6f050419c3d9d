"""Writes the flat face of the package: ``python docs/write_contents.py``.

Which modules are public is said in ``tests/test_exports.py``, and what is public in a module by its ``__all__``. From
these come `heygen_async/contents.py`, for the interpreter, which brings in a module when somebody asks for a name in
it, and `heygen_async/__init__.pyi`, for type checkers and editors, who know all names at once.
"""

import ast
from collections.abc import Mapping, Sequence
from pathlib import Path
from textwrap import wrap
from typing import Any

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "heygen_async"
WIDTH = 120

CONTENTS = '''"""What the package offers, and in which module. Written by `docs/write_contents.py`; do not edit."""

__all__ = ["CONTENTS", "PLACES", "ROOMS"]

CONTENTS = {{
{modules}
}}
"""The names that each public module offers."""

PLACES = {{name: module for module, names in CONTENTS.items() for name in names.split()}}
"""The module of each name."""

ROOMS = {{module.partition(".")[0] for module in CONTENTS}}
"""What there is to be imported from the package besides: ``heygen_async.errors``, for example."""
'''

STUB = """# What type checkers and editors see of the package. Written by `docs/write_contents.py`; do not edit.

{rooms}
{modules}
"""


def written() -> Mapping[Path, str]:
    """Return both files, and what belongs into them."""
    public = _listed(ROOT / "tests/test_exports.py", "PUBLIC")
    names = {module: _listed(PACKAGE / f"{module.replace('.', '/')}.py", "__all__") for module in public}
    rooms = sorted({module.partition(".")[0] for module in public})
    return {
        PACKAGE / "contents.py": CONTENTS.format(modules="\n".join(_entry(*each) for each in names.items())),
        PACKAGE / "__init__.pyi": STUB.format(
            rooms="\n".join(f"from heygen_async import {room} as {room}" for room in rooms),
            modules="\n".join(f"from heygen_async.{module} import *" for module in public),
        ),
    }


def _listed(path: Path, name: str) -> Sequence[str]:
    """Read the list that a module assigns to `name`, in order."""
    for node in ast.parse(path.read_text("utf-8")).body:
        match node:
            case ast.Assign(targets=[ast.Name(id=found)], value=value) if found == name:
                listed: Any = ast.literal_eval(value)
                return sorted(map(str, listed))
    raise LookupError(f"{path} has no {name}")


def _entry(module: str, names: Sequence[str]) -> str:
    """Write a line of the table, or several, as the formatter would."""
    line = f'    "{module}": "{" ".join(names)}",'
    if len(line) <= WIDTH:
        return line
    lines = wrap(" ".join(names), WIDTH - len('        ""'))
    if len(lines) > 1:
        *above, last = wrap(" ".join(names), WIDTH - len('        " "'))
        lines = [*(f"{line} " for line in above), last]
    return "\n".join([f'    "{module}": (', *(f'        "{line}"' for line in lines), "    ),"])


if __name__ == "__main__":
    for path, text in written().items():
        path.write_text(text, "utf-8")
