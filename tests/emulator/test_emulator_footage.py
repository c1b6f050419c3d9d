"""Real films: made off the loop, once each, of what was asked for."""

import asyncio
import threading
from io import BytesIO
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from visitor import ANNA, PNG, TOM, Visitor, another, until, upload

from heygen_async.clock import ManualClock
from heygen_async.emulator import Emulator, media
from heygen_async.emulator import footage as footage_module
from heygen_async.emulator.media import Render, Scene, Silence, Sound, Speech, image_size, portrait
from heygen_async.emulator.media.film import Film
from heygen_async.emulator.screenplay import Frame, Screenplay, Shot, film_of
from heygen_async.emulator.sources import Drawn, Sample, Stored, bytes_of

pytestmark = pytest.mark.anyio

URL = {"type": "url", "url": "https://example.com/a.png"}


@pytest.fixture
async def talking(clock: ManualClock) -> Any:
    """An emulator that makes real films, and somebody at its door."""
    async with Emulator(clock=clock, render_seconds=10) as emulator, aiohttp.ClientSession() as session:
        yield emulator, Visitor(session, emulator.url, clock)


class Recorder:
    """Stands where films are rendered: writes down what was to be filmed, and makes a file in no time."""

    def __init__(self) -> None:
        self.films: list[Film] = []
        self.go_on = threading.Event()
        self.go_on.set()
        self.error: Exception | None = None

    def render(self, film: Film, folder: Path, name: str) -> Render:
        self.films.append(film)
        self.go_on.wait(10)
        if self.error is not None:
            raise self.error
        video = folder / f"{name}.{film.container}"
        video.write_bytes(b"film")
        return Render(duration=3.0, video=video, thumbnail=None)


@pytest.fixture
def recorder(monkeypatch: pytest.MonkeyPatch) -> Recorder:
    made = Recorder()
    monkeypatch.setattr(footage_module.media, "render", made.render)
    return made


async def test_a_real_film_with_all_that_belongs_to_it(talking: Any) -> None:
    emulator, visitor = talking
    video_id = await visitor.create(script="Hello there.", caption={"style": "default"})
    await emulator.idle()
    await visitor.clock.advance(12)
    video = (await visitor.get(f"/v3/videos/{video_id}")).data
    assert (video["status"], 0.5 < video["duration"] < 3) == ("completed", True)
    files = {name: await visitor.fetch(video[name]) for name in video if name.endswith("_url") and "page" not in name}
    assert {name: answer.headers["Content-Type"] for name, answer in files.items()} == {
        "video_url": "video/mp4",
        "captioned_video_url": "video/mp4",
        "thumbnail_url": "image/jpeg",
        "subtitle_url": "application/x-subrip",
    }
    assert image_size(files["thumbnail_url"].raw) == (1280, 720)
    assert b"Hello there." in files["subtitle_url"].raw


async def test_a_video_is_processing_until_its_film_is_there(talking: Any, recorder: Recorder) -> None:
    emulator, visitor = talking
    recorder.go_on.clear()
    video_id = await visitor.create()
    await visitor.clock.advance(100)
    assert (await visitor.get(f"/v3/videos/{video_id}")).data["status"] == "processing"
    await visitor.clock.advance(50)
    recorder.go_on.set()
    await emulator.idle()
    video = (await visitor.get(f"/v3/videos/{video_id}")).data
    assert (video["status"], video["completed_at"] - video["created_at"]) == ("completed", 150)


async def test_a_film_that_is_there_early_waits_for_its_time(talking: Any, recorder: Recorder) -> None:
    emulator, visitor = talking
    video_id = await visitor.create()
    await emulator.idle()
    assert (await visitor.get(f"/v3/videos/{video_id}")).data["status"] == "pending"
    await visitor.clock.advance(11)
    assert (await visitor.get(f"/v3/videos/{video_id}")).data["status"] == "processing"


@pytest.mark.parametrize("error", [media.UnreadableMedia("the picture is broken"), OSError("disk full")])
async def test_a_film_that_cannot_be_made_fails_and_is_paid_back(
    talking: Any, recorder: Recorder, error: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    emulator, visitor = talking
    recorder.error = error
    ids = [await visitor.create(), await visitor.create()]
    await emulator.idle()
    await visitor.clock.advance(12)
    for video_id in ids:
        video = (await visitor.get(f"/v3/videos/{video_id}")).data
        assert (video["status"], video["failure_code"]) == ("failed", "rendering_failed")
        assert video["failure_message"] == f"Rendering failed: {error}"
    assert emulator.account.wallet.balance == 1000
    assert ("a film could not be made" in caplog.text) == isinstance(error, OSError)


async def test_a_deleted_video_is_not_filmed_any_more(
    clock: ManualClock, recorder: Recorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(footage_module.os, "cpu_count", lambda: 1)
    recorder.go_on.clear()
    async with Emulator(clock=clock) as emulator, aiohttp.ClientSession() as session:
        visitor = Visitor(session, emulator.url, clock)
        ids = [await visitor.create(script=f"Hello {number}") for number in range(3)]
        await until(lambda: recorder.films)
        for video_id in ids[:2]:
            await visitor.delete(f"/v3/videos/{video_id}")
        recorder.go_on.set()
        await emulator.idle()
        await clock.advance(200)
        assert [video["status"] for video in (await visitor.get("/v3/videos")).data] == ["completed"]
    assert len(recorder.films) == 2


async def test_equal_films_are_made_once(talking: Any, recorder: Recorder) -> None:
    emulator, visitor = talking
    for script in ("Same", "Same", "Other", "Same"):
        await visitor.create(script=script)
    await emulator.idle()
    assert len(recorder.films) == 2
    await visitor.clock.advance(12)
    for video in (await visitor.get("/v3/videos")).data:
        assert (await visitor.fetch(video["video_url"])).raw == b"film"


async def test_what_was_asked_for_is_what_is_filmed(talking: Any, recorder: Recorder) -> None:
    emulator, visitor = talking
    voice = (await visitor.get("/v3/voices", language="English", gender="male")).data[0]["voice_id"]
    await visitor.create(
        avatar_id=TOM,
        script="Hi",
        voice_id=voice,
        voice_settings={"speed": 1.2, "pitch": -5, "volume": 0.5, "locale": "en-GB"},
        background={"type": "color", "value": "#102030"},
        resolution="1080p",
        aspect_ratio="9:16",
        fit="contain",
        caption={"style": "default"},
    )
    await emulator.idle()
    (film,) = recorder.films
    assert (film.width, film.height, film.captions, film.burn_captions, film.container) == (
        1080,
        1920,
        True,
        True,
        "mp4",
    )
    assert film.scenes[0].sound == Speech("Hi", "en-GB", "male", 1.2, -5, 0.5)
    assert film.scenes[0].backdrop == media.Color("#102030")
    assert (film.scenes[0].fit, film.scenes[0].cut_out) == ("contain", True)


async def test_all_kinds_of_scenes(talking: Any, recorder: Recorder) -> None:
    emulator, visitor = talking
    picture = portrait("somebody", 64, 32)
    asset = {"type": "asset_id", "asset_id": (await upload(visitor, picture)).data["asset_id"]}
    wav = b"RIFF0000WAVEfmt "
    sound = (await upload(visitor, wav)).data["asset_id"]
    clip = b"\0\0\0\x18ftypisom"
    film_asset = {"type": "asset_id", "asset_id": (await upload(visitor, clip)).data["asset_id"]}
    scenes = [
        {"type": "image", "source": asset, "duration": 2},
        {"type": "image", "source": asset, "audio_asset_id": sound},
        {"type": "video", "source": film_asset},
        {"type": "video", "source": URL},
        {"type": "video", "source": URL, "script": "Over it", "voice_id": "YOUR_VOICE_ID"},
        {
            "type": "avatar_video",
            "input": {"type": "avatar", "avatar_id": ANNA, "audio_url": "https://a.example/b.mp3"},
        },
    ]
    await visitor.post("/v3/videos", {"type": "studio", "scenes": scenes, "aspect_ratio": "auto"})
    await emulator.idle()
    (film,) = recorder.films
    still, spoken, clipped, stand_in, voiced, speaker = film.scenes
    assert (still.backdrop, still.sound) == (picture, Silence(2))
    assert spoken.sound == Sound(wav)
    assert (clipped.clip, clipped.sound) == (clip, None)
    assert (stand_in.clip, stand_in.backdrop, stand_in.sound) == (None, bytes_of(Sample("picture")), Silence(5))
    assert isinstance(voiced.sound, Speech)
    assert speaker.sound == Sound(bytes_of(Sample("sound")))
    assert (film.width, film.height) == (1440, 720)


async def test_a_picture_alone_and_a_film_without_words(talking: Any, recorder: Recorder) -> None:
    emulator, visitor = talking
    body = {"image_url": "https://e.example/p.jpg", "script": "Hi", "voice_id": "YOUR_VOICE_ID"}
    await visitor.post("/v3/videos", body | {"background": {"type": "image", "url": "https://e.example/b.png"}})
    await visitor.post("/v3/videos", {"avatar_id": [ANNA, TOM], "prompt": "x", "duration": 8, "aspect_ratio": "1:1"})
    await emulator.idle()
    first, second = sorted(recorder.films, key=lambda film: len(film.scenes))
    assert first.scenes[0].portrait == first.scenes[0].backdrop == bytes_of(Sample("picture"))
    assert [scene.sound for scene in second.scenes] == [Silence(4), Silence(4)]
    assert (second.width, second.height) == (720, 720)


async def test_a_broken_photo_makes_no_avatar(talking: Any) -> None:
    _, visitor = talking
    asset = {"type": "asset_id", "asset_id": (await upload(visitor, PNG)).data["asset_id"]}
    answer = await visitor.post("/v3/avatars", {"type": "photo", "name": "P", "file": asset})
    assert answer.refusal == (400, "invalid_parameter", "file")
    asset["asset_id"] = (await upload(visitor, portrait("p", 64, 32))).data["asset_id"]
    item = (await visitor.post("/v3/avatars", {"type": "photo", "name": "P", "file": asset})).data["avatar_item"]
    assert (item["image_width"], item["image_height"], item["preferred_orientation"]) == (64, 32, "landscape")


async def test_the_end_waits_for_the_film_that_is_being_made_and_drops_the_rest(
    clock: ManualClock, recorder: Recorder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(footage_module.os, "cpu_count", lambda: None)
    recorder.go_on.clear()
    emulator = await Emulator(clock=clock, folder=tmp_path).start()
    async with aiohttp.ClientSession() as session:
        visitor = Visitor(session, emulator.url, clock)
        for number in range(3):
            await visitor.create(script=f"Hello {number}")
    await until(lambda: recorder.films)
    makers = emulator._service.studio._makers
    closing = asyncio.create_task(emulator.aclose())
    await until(lambda: makers._pool._shutdown)
    recorder.go_on.set()
    await closing
    assert len(recorder.films) == 1
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("heygen")]


async def test_an_end_that_is_cancelled_leaves_nothing_behind_all_the_same(
    clock: ManualClock, recorder: Recorder
) -> None:
    recorder.go_on.clear()
    emulator = await Emulator(clock=clock).start()
    assert emulator._service is not None
    folder = emulator._service.folders.videos.parent
    async with aiohttp.ClientSession() as session:
        await Visitor(session, emulator.url, clock).create()
    await until(lambda: recorder.films)
    closing = asyncio.create_task(emulator.aclose())
    makers = emulator._service.studio._makers
    await until(lambda: makers._pool._shutdown)
    closing.cancel()
    await asyncio.sleep(0)
    recorder.go_on.set()
    with pytest.raises(asyncio.CancelledError):
        await closing
    assert not folder.exists()
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("heygen")]


async def test_a_file_that_is_being_written_at_the_end_goes_too(
    clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    began, go_on = threading.Event(), threading.Event()

    def slowly(size: int, path: Path, *_: object) -> None:
        began.set()
        go_on.wait(10)
        path.write_bytes(bytes(size))

    monkeypatch.setattr(footage_module.media, "synthetic", slowly)
    async with another(clock) as (emulator, visitor):
        assert emulator._service is not None
        folder = emulator._service.folders.videos.parent
        download = asyncio.create_task(visitor.fetch((await visitor.completed())["video_url"]))
        await until(began.is_set)
        closing = asyncio.create_task(emulator.aclose())
        with pytest.raises(aiohttp.ClientError):
            await download
        assert not closing.done()
        go_on.set()
        await closing
        assert not folder.exists()


def test_sizes_are_even_and_never_too_large() -> None:
    assert Frame(2160, None).size((1000, 5000)) == (2160, 4096)
    assert Frame(720, None).size((333, 100)) == (2398, 720)
    assert [Frame(1080, ratio).size((1, 1)) for ratio in ((16, 9), (9, 16), (4, 5), (5, 4), (1, 1))] == [
        (1920, 1080),
        (1080, 1920),
        (1080, 1350),
        (1350, 1080),
        (1080, 1080),
    ]


def test_a_film_of_nothing_but_clips_is_wide(tmp_path: Path) -> None:
    path = tmp_path / "clip"
    path.write_bytes(b"clip")
    play = Screenplay(shots=(Shot(clip=Stored(path, "video/mp4", 4)),), frame=Frame(720, None))
    assert (film_of(play).width, film_of(play).height) == (1280, 720)
    assert film_of(play).scenes == (Scene(clip=b"clip"),)


def test_a_source_is_drawn_or_stands_in() -> None:
    play = Screenplay(shots=(Shot(portrait=Drawn("a", 64, 32), sound=Sample("sound")),), frame=Frame(720, None))
    film = film_of(play)
    assert (film.width, film.height) == (1440, 720)
    assert BytesIO(film.scenes[0].portrait or b"").read(4) == b"\x89PNG"
    assert play.seconds == 5
