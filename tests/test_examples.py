"""Every example runs, as its own process, against the emulator, and leaves the file that it promises."""

import asyncio
import sys
from collections.abc import AsyncIterator
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from heygen_async import ScaledClock
from heygen_async.emulator import Emulator
from heygen_async.emulator.media import sample_picture

pytestmark = pytest.mark.anyio

EXAMPLES = Path(__file__).parent.parent / "examples"

PROMISED = {
    "image_to_video.py": ["person.mp4"],
    "many_videos.py": [f"welcome/Welcome {name}.mp4" for name in ("Ada", "Grace", "Radia")],
    "one_video.py": ["hello.mp4"],
    "photo_to_video.py": ["sarah.mp4"],
    "pick_up_again.py": ["later.mp4"],
    "studio.py": ["chart.mp4"],
}


@pytest.fixture
async def quick() -> AsyncIterator[Emulator]:
    """An emulator that renders at once."""
    async with Emulator(clock=ScaledClock(1000), synthetic=3000) as running:
        yield running


def test_every_example_is_tested() -> None:
    assert {path.name for path in EXAMPLES.glob("*.py")} == set(PROMISED)


@pytest.mark.parametrize("name", sorted(PROMISED))
async def test_the_example_leaves_its_files(name: str, quick: Emulator, tmp_path: Path) -> None:
    picture = Image.open(BytesIO(sample_picture())).convert("RGB")
    for photo in ("portrait.jpg", "person.jpg"):
        picture.save(tmp_path / photo)
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-W",
        "error",
        str(EXAMPLES / name),
        cwd=tmp_path,
        env={"HEYGEN_API_KEY": "example", "HEYGEN_API_BASE": quick.url, "PATH": ""},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    out, err = await process.communicate()
    assert process.returncode == 0, err.decode()
    assert err == b""
    assert out
    for promised in PROMISED[name]:
        assert (tmp_path / promised).stat().st_size == 3000
