"""heygen_async: the asyncio-first Python SDK for HeyGen's video API.

Start at `HeyGen`. Every default is in `heygen_async.options`, every error in `heygen_async.errors`, and each group
of the API in a file of `heygen_async.api`.

All public names can be imported from here. The module of a name is brought in when somebody asks for it, because a
program needs few of the hundreds of classes. `heygen_async.contents` says where they are; ``__init__.pyi`` says the
same to type checkers and editors.
"""

import logging
from importlib import import_module
from typing import Any

from heygen_async.contents import PLACES, ROOMS

__all__ = [*PLACES]  # noqa: PLE0604  # pyright: ignore[reportUnsupportedDunderAll]  # they are names

logging.getLogger(__name__).addHandler(logging.NullHandler())  # a program that sets up no log sees nothing


def __getattr__(name: str) -> Any:
    if name in ROOMS:
        return import_module(f"{__name__}.{name}")
    if name not in PLACES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    globals()[name] = thing = getattr(import_module(f"{__name__}.{PLACES[name]}"), name)
    return thing


def __dir__() -> list[str]:
    return sorted({*globals(), *PLACES, *ROOMS})
