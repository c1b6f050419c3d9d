"""How a process dies that does not say goodbye, as far as that can be had within one process."""

import asyncio
from pathlib import Path
from typing import Any

from heygen_async import BulkRun, HeyGen, JournalFailed

__all__ = ["crash"]


async def crash(run: BulkRun, running: "asyncio.Task[Any]", heygen: HeyGen) -> None:
    """End a run in the middle: what is not on disk by now never gets there."""
    run.journal.failure = JournalFailed("the process was killed", path=Path())
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    await run.aclose()
    await heygen.aclose()
