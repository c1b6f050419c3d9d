"""HeyGen's own samples run as they were copied, with nothing changed but the base address: curl and Python."""

import asyncio
import json
import shlex
import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from attrs import frozen
from visitor import JPEG, Visitor, another

from heygen_async.clock import ManualClock
from heygen_async.emulator import Emulator
from heygen_async.emulator.placeholders import PLACEHOLDERS, filled_in

pytestmark = pytest.mark.anyio

PAGES = Path(__file__).parent / "samples"
LIVE = "https://api.heygen.com"


@frozen
class Page:
    """A page of HeyGen's documentation, by what it tells its readers to type."""

    text: str

    def commands(self) -> Iterator[str]:
        """The curl commands, in their order."""
        yield from self._whole("curl ", _is_command)

    def payloads(self) -> Iterator[Any]:
        """The JSON that stands alone."""
        for text in self._whole("{", _is_json):
            yield json.loads(text)

    @property
    def program(self) -> str:
        """The Python."""
        return self.text.partition("\nFull example\n\n")[2]

    def _whole(self, start: str, is_whole: Any) -> Iterator[str]:
        """Collect lines from those that start so, until they are whole."""
        lines = iter(self.text.splitlines())
        for line in lines:
            if line.startswith(start):
                text = line
                while not is_whole(text):
                    text += "\n" + next(lines)
                yield text


def _is_command(text: str) -> bool:
    try:
        return bool(shlex.split(text)) and not text.endswith("\\")
    except ValueError:
        return False


def _is_json(text: str) -> bool:
    try:
        return bool(json.loads(text))
    except ValueError:
        return False


@pytest.fixture(params=["photo_avatar", "image_to_video"])
def page(request: pytest.FixtureRequest) -> Page:
    return Page((PAGES / f"{request.param}.txt").read_text("utf-8"))


@pytest.fixture
async def at_once() -> AsyncIterator[Emulator]:
    """An emulator whose videos are completed at the first look, so that no sample has to wait."""
    async with Emulator(synthetic=2000, speed=600, render_seconds=0) as emulator:
        yield emulator


async def run(*words: str, folder: Path) -> str:
    """Run a program and return what it prints."""
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(*words, cwd=folder, stdout=pipe, stderr=pipe)
    out, err = await process.communicate()
    assert process.returncode == 0, err.decode()
    return out.decode()


async def test_the_commands_of_a_page_run_one_after_the_other(page: Page, at_once: Emulator, tmp_path: Path) -> None:
    for name in ("portrait.jpg", "person.jpg"):
        (tmp_path / name).write_bytes(JPEG)
    answers = []
    for command in page.commands():
        assert LIVE in command
        text = await run("sh", "-c", command.replace(LIVE, at_once.url), folder=tmp_path)
        answers.append(json.loads(text))
    assert len(answers) >= 4
    assert [answer for answer in answers if "error" in answer] == []
    newest = next(reversed(at_once.account.videos))
    assert [answer["data"]["status"] for answer in answers if answer["data"] and "video_url" in answer["data"]] == [
        "completed"
    ]
    assert newest in json.dumps(answers)
    assert any(note.startswith("YOUR_VOICE_ID is a placeholder of HeyGen's samples") for note in at_once.log.notes)
    assert any("is out of reach; a built-in picture stands in" in note for note in at_once.log.notes)


async def test_the_program_of_a_page_ends_with_a_link_that_works(page: Page, at_once: Emulator, tmp_path: Path) -> None:
    assert LIVE in page.program
    program = page.program.replace(LIVE, at_once.url)
    out = await run(sys.executable, "-W", "error", "-c", program, folder=tmp_path)
    *_, status, link = out.splitlines()
    assert status == "Status: completed"
    async with aiohttp.ClientSession() as session, session.get(link.removeprefix("Download: ")) as answer:
        assert len(await answer.read()) == 2000


async def test_the_payloads_of_a_page_are_taken(page: Page, at_once: Emulator, clock: ManualClock) -> None:
    payloads = list(page.payloads())
    async with aiohttp.ClientSession() as session:
        visitor = Visitor(session, at_once.url, clock)
        for payload in payloads:
            assert (await visitor.post("/v3/videos", payload)).status == 200
    assert len(payloads) == 1


async def test_an_emulator_can_take_every_word_as_it_is(clock: ManualClock) -> None:
    async with another(clock, placeholders=False) as (emulator, visitor):
        assert await visitor.refusal(voice_id="YOUR_VOICE_ID") == (404, "voice_not_found", None)
        assert (await visitor.get("/v3/videos/YOUR_VIDEO_ID")).status == 404
        assert not emulator.log.notes


async def test_a_placeholder_that_nothing_can_stand_in_for_is_not_found(visitor: Visitor, emulator: Emulator) -> None:
    assert (await visitor.get("/v3/videos/YOUR_VIDEO_ID")).refusal == (404, "video_not_found", None)
    body = {"image_asset_id": "RETURNED_ASSET_ID", "script": "Hi", "voice_id": "YOUR_VOICE_ID"}
    assert (await visitor.post("/v3/videos", body)).refusal == (404, "asset_not_found", None)
    video_id = await visitor.create()
    assert (await visitor.get("/v3/videos/YOUR_VIDEO_ID")).data["id"] == video_id


async def test_placeholders_are_ids_and_nothing_else(emulator: Emulator) -> None:
    account, log = emulator.account, emulator.log
    assert filled_in({"script": "YOUR_VOICE_ID", "voice_id": 5}, account, log) == {
        "script": "YOUR_VOICE_ID",
        "voice_id": 5,
    }
    assert not log.notes
    voice = PLACEHOLDERS["YOUR_VOICE_ID"](account)
    nested = {"scenes": [{"input": {"voice_id": "YOUR_VOICE_ID", "avatar_id": ["a", "YOUR_PHOTO_AVATAR_ID"]}}]}
    assert filled_in(nested, account, log) == {
        "scenes": [{"input": {"voice_id": voice, "avatar_id": ["a", "Sarah_photo_20250120"]}}]
    }
