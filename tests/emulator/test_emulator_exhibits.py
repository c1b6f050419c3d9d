"""What everybody may see: made when somebody first looks, in the open, and stood in for where nothing is made."""

import pytest
from visitor import PNG, Visitor, another, upload

from heygen_async.clock import ManualClock
from heygen_async.emulator import Emulator, media
from heygen_async.emulator.refusals import Refusal
from heygen_async.emulator.service import Visit
from heygen_async.emulator.sources import Drawn, Sample, path_of

pytestmark = pytest.mark.anyio


def at(emulator: Emulator) -> Visit:
    assert emulator._service is not None
    return Visit(emulator._service, emulator.url, "/v3/templates")


async def test_an_exhibit_is_made_once_when_somebody_looks(clock: ManualClock) -> None:
    made = []

    def draw() -> bytes:
        made.append(1)
        return PNG

    async with another(clock, synthetic=None) as (emulator, visitor):
        links = [at(emulator).exhibit("template-1", ".png", draw) for _ in range(2)]
        assert links == [f"{emulator.url}/presets/template-1.png"] * 2
        assert not made
        answers = [await visitor.fetch(link) for link in links]
        assert {(answer.raw, answer.headers["Content-Type"]) for answer in answers} == {(PNG, "image/png")}
        assert made == [1]


async def test_an_exhibit_is_stood_in_for_where_nothing_is_made(emulator: Emulator, visitor: Visitor) -> None:
    sound = at(emulator).exhibit("sound-1", ".wav", lambda: b"never made", seconds=0.5)
    film = at(emulator).exhibit("film-1", ".mp4", lambda: b"never made")
    assert (await visitor.fetch(sound)).raw[:4] == b"RIFF"
    assert len((await visitor.fetch(film)).raw) == 3000


@pytest.mark.parametrize("name", ["nothing.png", "template-1.jpg", "template-1"])
async def test_what_is_not_shown_is_not_found(emulator: Emulator, visitor: Visitor, name: str) -> None:
    at(emulator).exhibit("template-1", ".png", lambda: PNG)
    assert (await visitor.fetch(f"{emulator.url}/presets/{name}")).status == 404


async def test_how_long_a_source_is(clock: ManualClock, monkeypatch: pytest.MonkeyPatch) -> None:
    measured: list[object] = []

    def measure(file: object) -> media.Measure:
        measured.append(file)
        if len(measured) > 1:
            raise media.UnreadableMedia("the clip cannot be decoded")
        return media.Measure("video", seconds=12.5)

    monkeypatch.setattr(media, "measure", measure)
    async with another(clock, synthetic=None) as (emulator, visitor):
        service = at(emulator).service
        asset_id = (await upload(visitor, b"\0\0\0\x18ftypisom" + bytes(100))).data["asset_id"]
        source = service.materials.asset(asset_id, "clip", "video")
        assert await service.seconds_of(source, "video") == 12.5
        assert measured == [source.path] == [path_of(source)]
        assert await service.seconds_of(Sample("clip"), "video") == 5
        assert (path_of(Sample("clip")), path_of(Drawn("somebody"))) == (None, None)
        with pytest.raises(Refusal) as caught:
            await service.seconds_of(source, "video")
        assert (caught.value.status, caught.value.code, caught.value.param) == (400, "invalid_parameter", "video")


async def test_how_long_a_source_is_where_nothing_is_made_is_a_guess(emulator: Emulator, visitor: Visitor) -> None:
    service = at(emulator).service
    asset_id = (await upload(visitor, b"ID3\x04" + bytes(32_000))).data["asset_id"]
    seconds = await service.seconds_of(service.materials.asset(asset_id, "sound", "audio"), "audio")
    assert seconds == pytest.approx(2, abs=0.01)
