"""What tests of bulk runs with a journal begin with."""

from pathlib import Path

import pytest
from lives import Life

from heygen_async import ManualClock
from heygen_async.emulator import Emulator


@pytest.fixture
def life(wide: Emulator, clock: ManualClock, tmp_path: Path) -> Life:
    """A folder in which no run has been yet."""
    return Life(wide, clock, tmp_path)
