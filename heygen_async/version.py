"""The version of the package."""

from importlib.metadata import PackageNotFoundError, version

__all__ = ["__version__"]

try:
    __version__ = version("heygen-async")
except PackageNotFoundError:  # pragma: no cover  # run from a folder that was never installed
    __version__ = "0"
