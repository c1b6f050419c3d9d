"""What most tests need: a clock to move, an emulator on a real socket, a client that talks to it."""

import gc
import os
import signal
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest
from document import WHERE
from documented import Inspector
from hypothesis import settings

from heygen_async import HeyGen, ManualClock
from heygen_async.emulator import Emulator, server

# No timing decides a test, so hypothesis must not either.
settings.register_profile("steady", deadline=None)
settings.load_profile("steady")

# A shell that runs the tests in the background has them ignore Ctrl-C, and the programs that they start as well.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture
def anyio_backend() -> tuple[str, dict[str, Any]]:
    """asyncio's own loop, or uvloop where ``HEYGEN_TEST_LOOP`` says so."""
    return "asyncio", {"use_uvloop": os.environ.get("HEYGEN_TEST_LOOP") == "uvloop"}


@pytest.fixture(autouse=True)
def _no_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HEYGEN_API_KEY", "HEYGEN_API_BASE", "HEYGEN_LOG"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(autouse=True)
def _answers_are_as_documented(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Hold the emulator's answers against HeyGen's document, where there is one."""
    inspector = Inspector()
    if WHERE.is_file():
        monkeypatch.setattr(server, "application", inspector.watch(server.application))
    yield
    assert inspector.faults == []


@pytest.fixture
def collected() -> Iterator[None]:
    """Collect garbage at the end, so that what was left open shows as a warning in this test and no other."""
    yield
    gc.collect()


@pytest.fixture
def clock() -> ManualClock:
    """A clock that stands until the test moves it."""
    return ManualClock()


@pytest.fixture
async def emulator(clock: ManualClock) -> AsyncIterator[Emulator]:
    """An emulator whose videos are small synthetic files, rendered in a minute of the clock."""
    async with Emulator(clock=clock, synthetic=3000, render_seconds=60) as running:
        yield running


@pytest.fixture
async def wide(clock: ManualClock) -> AsyncIterator[Emulator]:
    """An emulator that lets a hundred videos render at once, so that only the client holds back."""
    async with Emulator(clock=clock, synthetic=3000, render_seconds=60, renders=100) as running:
        yield running


@pytest.fixture
async def heygen(emulator: Emulator, clock: ManualClock) -> AsyncIterator[HeyGen]:
    """A client of that emulator, on the same clock."""
    async with HeyGen(emulator.api_key, base_url=emulator.url, clock=clock) as client:
        yield client
