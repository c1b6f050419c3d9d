"""The environment of the programs that tests start."""

import os

__all__ = ["unmeasured"]


def unmeasured() -> dict[str, str]:
    """Return our environment without what has coverage measure a program: coverage imports things of its own."""
    return {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE")}
