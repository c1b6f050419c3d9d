"""An emulator that outlives the loops of a test: in a thread and a loop of its own."""

from collections.abc import Iterator
from contextlib import contextmanager

from anyio.from_thread import start_blocking_portal

from heygen_async import Options, Polling
from heygen_async.emulator import Emulator

__all__ = ["FAST", "elsewhere"]

FAST = Options(polling=Polling(tick=0.01))
"""How a client keeps up with it."""


@contextmanager
def elsewhere() -> Iterator[Emulator]:
    """Serve, a thousand times as fast as the world."""
    emulator = Emulator(speed=1000, synthetic=3000, render_seconds=60)
    with start_blocking_portal() as portal, portal.wrap_async_context_manager(emulator):
        yield emulator
