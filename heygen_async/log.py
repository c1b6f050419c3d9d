"""What the package writes to the log, under the name ``heygen_async``, and how text from outside is shown.

``HEYGEN_LOG=debug`` (or ``info``) shows it on standard error. Addresses are written without their query: a signed
link is a secret for as long as it is valid. The API key is never handed to the log at all.
"""

import logging
import os

__all__ = ["link_repr", "masked", "printable", "show_log"]


def masked(address: str) -> str:
    """Write an address without its query, which may hold a signature."""
    bare, mark, _ = address.partition("?")
    return f"{bare}?…" if mark else bare


def link_repr(link: str | None) -> str:
    """Show a signed link in the repr of what holds it: without its signature."""
    return repr(link and masked(link))


def printable(text: str) -> str:
    """Replace what a terminal would obey instead of showing."""
    return "".join(char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in text)


def show_log(level: str | None = None) -> None:
    """Show the log on standard error from `level` on; ``None`` asks ``HEYGEN_LOG``, and does nothing without it.

    Harmless when called again. An unknown level counts as ``info``.
    """
    wanted = (level or os.environ.get("HEYGEN_LOG", "")).strip().upper()
    logger = logging.getLogger("heygen_async")
    if not wanted or any(isinstance(shown, logging.StreamHandler) for shown in logger.handlers):
        return
    handler = logging.StreamHandler()
    handler.setFormatter(logging.Formatter("%(asctime)s %(name)s %(levelname)s %(message)s"))
    logger.addHandler(handler)
    logger.setLevel(logging.getLevelNamesMapping().get(wanted, logging.INFO))
