"""Every example runs, as its own process, against the emulator, and leaves the file that it promises."""

import asyncio
import socket
import sys
from collections.abc import AsyncIterator
from io import BytesIO
from pathlib import Path

import aiohttp
import pytest
from PIL import Image

from heygen_async import AvatarVideo, HeyGen, ScaledClock
from heygen_async.emulator import Emulator
from heygen_async.emulator.media import sample_picture

pytestmark = pytest.mark.anyio

EXAMPLES = Path(__file__).parent.parent / "examples"

PROMISED = {
    "agent.py": ["bakery.mp4"],
    "from_v2.py": ["from_v2.mp4"],
    "image_to_video.py": ["person.mp4"],
    "many_videos.py": [f"welcome/Welcome {name}.mp4" for name in ("Ada", "Grace", "Radia")],
    "one_video.py": ["hello.mp4"],
    "photo_to_video.py": ["sarah.mp4"],
    "pick_up_again.py": ["later.mp4"],
    "studio.py": ["chart.mp4"],
    "translate.py": ["german.mp4", "spanish.mp4"],
}


@pytest.fixture
async def quick() -> AsyncIterator[Emulator]:
    """An emulator that renders at once."""
    async with Emulator(clock=ScaledClock(1000), synthetic=3000) as running:
        yield running


APPS = {"aiohttp_app.py": ["aiohttp_app.py"], "fastapi_app.py": ["-m", "uvicorn", "fastapi_app:app", "--port"]}
"""What starts an app; uvicorn is told the port on the line."""


def test_every_example_is_tested() -> None:
    assert {path.name for path in EXAMPLES.glob("*.py")} == {*PROMISED, *APPS}


@pytest.mark.parametrize("name", sorted(PROMISED))
async def test_the_example_leaves_its_files(name: str, quick: Emulator, tmp_path: Path) -> None:
    picture = Image.open(BytesIO(sample_picture())).convert("RGB")
    for photo in ("portrait.jpg", "person.jpg"):
        picture.save(tmp_path / photo)
    if name == "translate.py":
        await _made(quick)
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


@pytest.mark.parametrize("name", sorted(APPS))
async def test_the_app_answers_as_soon_as_heygen_has_called(name: str, quick: Emulator, tmp_path: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    line = [*APPS[name], port] if "uvicorn" in APPS[name] else APPS[name]
    url = f"http://127.0.0.1:{port}"
    env = {"HEYGEN_API_KEY": "example", "HEYGEN_API_BASE": quick.url, "PUBLIC_URL": url, "PORT": port}
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-W",
        "error",
        *(str(EXAMPLES / word) if word.endswith(".py") else word for word in line),
        cwd=tmp_path,
        env=env | {"PYTHONPATH": str(EXAMPLES), "PATH": ""},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    try:
        async with asyncio.timeout(60), aiohttp.ClientSession() as session:
            await _until_it_listens(session, url, process)
            if name == "fastapi_app.py":
                async with session.post(f"{url}/register") as registered:
                    assert registered.status == 200, await registered.text()
            async with session.get(f"{url}/hello", params={"name": "Ada"}) as answer:
                made = await answer.json()
    finally:
        process.terminate()
        out, _ = await process.communicate()
    assert made["id"] in quick.account.videos, out.decode()
    assert made["url"]
    assert [attempt.status for attempt in quick.deliveries.attempts] == [200]
    assert b"Traceback" not in out


async def _made(emulator: Emulator) -> None:
    """Give the account a video."""
    async with HeyGen("example", base_url=emulator.url, clock=ScaledClock(1000)) as heygen:
        look = await heygen.avatars.looks.list().first()
        assert look is not None
        await (await heygen.videos.create(AvatarVideo(avatar_id=look.id, script="Hello!")))


async def _until_it_listens(session: aiohttp.ClientSession, url: str, process: asyncio.subprocess.Process) -> None:
    while process.returncode is None:
        try:
            async with session.options(f"{url}/heygen/anything"):
                return
        except aiohttp.ClientConnectionError:
            await asyncio.sleep(0.05)
