"""The libraries that real videos need, and what to say when they are not installed."""

from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec

__all__ = ["MissingExtra", "loading", "missing_extra"]

_LIBRARIES = {"PIL": "Pillow", "av": "PyAV", "espeakng_loader": "espeakng-loader"}
_INSTALL = 'pip install "heygen-async[emulator]"'


class MissingExtra(ImportError):
    """A library of the extra is not installed; the message says in one line what to install."""


def missing_extra() -> str | None:
    """Return one line that says what to install before real videos can be made; None when all is there."""
    absent = [name for module, name in _LIBRARIES.items() if find_spec(module) is None]
    return _advice(absent) if absent else None


@contextmanager
def loading() -> Iterator[None]:
    """Import modules that need the extra within this block.

    Raises:
        MissingExtra: when a library of the extra is not there.

    """
    try:
        yield
    except ModuleNotFoundError as error:
        library = _LIBRARIES.get((error.name or "").partition(".")[0])
        if library is None:
            raise
        raise MissingExtra(_advice([library]), name=error.name) from error


def _advice(absent: list[str]) -> str:
    return f"Real videos need {' and '.join(absent)}: {_INSTALL}"
