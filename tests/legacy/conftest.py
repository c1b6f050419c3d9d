"""Photos to upload."""

from pathlib import Path

import pytest
from photos import png


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    """A portrait that HeyGen would take."""
    path = tmp_path / "sarah.png"
    path.write_bytes(png())
    return path
