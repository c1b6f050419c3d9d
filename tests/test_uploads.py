"""Local files in a request: each is uploaded once, whoever needs it, and takes the form that the field wants."""

import asyncio
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import attrs
import pytest
from attrs import define, field

from heygen_async import (
    Asset,
    AvatarScene,
    AvatarVideo,
    Background,
    CinematicVideo,
    ClipScene,
    HeyGen,
    ImageScene,
    ImageVideo,
    LocalFile,
    ManualClock,
    Scene,
    SceneAvatar,
    StudioVideo,
    Url,
)
from heygen_async.api.assets import UploadAsset, UploadedAsset
from heygen_async.api.avatars import PhotoAvatar
from heygen_async.emulator import Emulator
from heygen_async.emulator.faults import Fault, Refuse
from heygen_async.errors import BadRequest, NotPermitted, RequestInvalid
from heygen_async.uploads import Uploads

pytestmark = pytest.mark.anyio

PNG = b"\x89PNG\r\n\x1a\n"


@pytest.fixture
def picture(tmp_path: Path) -> LocalFile:
    """Something that counts as a picture."""
    return written(tmp_path / "picture.png", PNG)


def written(path: Path, content: bytes) -> LocalFile:
    path.write_bytes(content)
    return LocalFile(path)


def uploads_of(emulator: Emulator) -> int:
    return emulator.log.counts["POST /v3/assets"]


@define
class Hands:
    """Uploads by hand: one after the other ends when it is told to, and how."""

    under_way: "list[asyncio.Future[UploadedAsset]]" = field(factory=list)

    async def upload(self, request: UploadAsset) -> UploadedAsset:
        self.under_way.append(asyncio.get_running_loop().create_future())
        return await self.under_way[-1]

    async def until(self, count: int) -> None:
        await until(lambda: len(self.under_way) == count)


async def until(ready: Callable[[], bool]) -> None:
    async with asyncio.timeout(5):
        while not ready():  # noqa: ASYNC110  # files are looked at in threads
            await asyncio.sleep(0.001)


def queue(uploads: Uploads) -> list[Any]:
    """Those who wait at the lock of the one file."""
    (lock,) = uploads._locks.values()
    return list(getattr(lock, "_waiters", None) or ())


# Once.


async def test_twenty_who_need_a_file_at_once_upload_it_once(
    emulator: Emulator, heygen: HeyGen, picture: LocalFile
) -> None:
    request = ImageVideo(image=picture, script="Hello!", voice_id="v")
    settled = await asyncio.gather(*(heygen._desk.uploads.settle(request) for _ in range(20)))
    assert uploads_of(emulator) == 1
    (asset,) = emulator.account.assets.values()
    assert {video.image for video in settled} == {Asset(asset.id)}


async def test_one_file_under_two_names_is_uploaded_once(emulator: Emulator, heygen: HeyGen, tmp_path: Path) -> None:
    file = written(tmp_path / "a.png", PNG)
    (tmp_path / "b.png").symlink_to(file.path)
    (tmp_path / "folder").mkdir()
    names = [file, LocalFile(tmp_path / "b.png"), LocalFile(tmp_path / "folder" / ".." / "a.png")]
    assert len({await heygen._desk.uploads.asset(name) for name in names}) == 1
    assert uploads_of(emulator) == 1


async def test_two_files_are_two_assets(emulator: Emulator, heygen: HeyGen, tmp_path: Path, picture: LocalFile) -> None:
    other = written(tmp_path / "other.png", PNG)
    assert await heygen._desk.uploads.asset(picture) != await heygen._desk.uploads.asset(other)
    assert uploads_of(emulator) == 2


@pytest.mark.parametrize(
    "change",
    [lambda path: path.write_bytes(PNG * 2), lambda path: os.utime(path, (1, 1))],
    ids=["another size", "another time"],
)
async def test_a_file_that_has_changed_is_uploaded_anew(
    emulator: Emulator, heygen: HeyGen, picture: LocalFile, change: Callable[[Path], object]
) -> None:
    first = await heygen._desk.uploads.asset(picture)
    change(picture.path)
    assert await heygen._desk.uploads.asset(picture) != first
    assert uploads_of(emulator) == 2


async def test_clients_over_the_same_connections_share_what_was_uploaded(
    emulator: Emulator, heygen: HeyGen, picture: LocalFile
) -> None:
    sibling = heygen.with_options(heygen.options)
    assert await heygen._desk.uploads.asset(picture) == await sibling._desk.uploads.asset(picture)
    assert uploads_of(emulator) == 1


async def test_a_video_goes_out_with_the_asset_in_it(
    emulator: Emulator, heygen: HeyGen, clock: ManualClock, picture: LocalFile
) -> None:
    voice = next(iter(emulator.account.voices))
    job = await heygen.videos.create(ImageVideo(image=picture, script="Hello!", voice_id=voice))
    (asset,) = emulator.account.assets
    assert getattr(emulator.account.videos[job.id].request, "image", None) == Asset(asset)
    again = await heygen.send(ImageVideo(image=picture, script="Hello again!", voice_id=voice))
    assert again.video_id != job.id
    assert uploads_of(emulator) == 1


async def test_an_upload_that_is_asked_for_is_made_each_time(
    emulator: Emulator, heygen: HeyGen, picture: LocalFile
) -> None:
    await heygen.assets.upload(picture.path)
    await heygen.send(UploadAsset(picture))
    assert uploads_of(emulator) == 2


# When it goes wrong.


async def test_a_failed_upload_lets_the_next_one_try(emulator: Emulator, heygen: HeyGen, picture: LocalFile) -> None:
    emulator.faults.add(Fault(Refuse(403, "forbidden"), path="/v3/assets", times=1))
    results = await asyncio.gather(*(heygen._desk.uploads.asset(picture) for _ in range(5)), return_exceptions=True)
    failures = [result for result in results if isinstance(result, BaseException)]
    assert [type(failure) for failure in failures] == [NotPermitted]
    assert len({result for result in results if isinstance(result, Asset)}) == 1
    assert uploads_of(emulator) == 2


async def test_a_file_that_heygen_does_not_take_is_sent_once(
    emulator: Emulator, heygen: HeyGen, picture: LocalFile
) -> None:
    emulator.faults.add(Fault(Refuse(400, "invalid_parameter"), path="/v3/assets"))
    results = await asyncio.gather(*(heygen._desk.uploads.asset(picture) for _ in range(5)), return_exceptions=True)
    assert [type(result) for result in results] == [BadRequest] * 5
    assert len({id(result) for result in results}) == 5
    assert len({str(result) for result in results}) == 1
    assert uploads_of(emulator) == 1


async def test_a_cancelled_upload_lets_the_next_one_try(picture: LocalFile) -> None:
    hands = Hands()
    uploads = Uploads(hands.upload)
    first = asyncio.create_task(uploads.asset(picture))
    await hands.until(1)
    second = asyncio.create_task(uploads.asset(picture))
    await until(lambda: bool(queue(uploads)))
    first.cancel()
    await hands.until(2)
    hands.under_way[1].set_result(UploadedAsset("a2"))
    assert await second == Asset("a2")
    assert first.cancelled()


async def test_cancelling_one_who_waits_disturbs_nobody(picture: LocalFile) -> None:
    hands = Hands()
    uploads = Uploads(hands.upload)
    first = asyncio.create_task(uploads.asset(picture))
    await hands.until(1)
    second = asyncio.create_task(uploads.asset(picture))
    await until(lambda: bool(queue(uploads)))
    second.cancel()
    await asyncio.gather(second, return_exceptions=True)
    hands.under_way[0].set_result(UploadedAsset("a1"))
    assert await first == Asset("a1")


async def test_a_file_that_has_gone_is_named_before_anything_is_sent(
    emulator: Emulator, heygen: HeyGen, picture: LocalFile
) -> None:
    video = ImageVideo(image=picture, script="Hello!", voice_id="v")
    picture.path.unlink()
    with pytest.raises(RequestInvalid, match=r"picture\.png cannot be read: No such file"):
        await heygen.send(video)
    assert not emulator.log.served


def test_files_are_remembered_from_one_event_loop_to_the_next(picture: LocalFile) -> None:
    count = 0

    async def upload(request: UploadAsset) -> UploadedAsset:
        nonlocal count
        count += 1
        await asyncio.sleep(0)
        return UploadedAsset(f"a{count}")

    uploads = Uploads(upload)

    async def crowd() -> list[Asset]:
        return await asyncio.gather(*(uploads.asset(picture) for _ in range(3)))

    assert asyncio.run(crowd()) + asyncio.run(crowd()) == [Asset("a1")] * 6
    os.utime(picture.path, (1, 1))
    assert asyncio.run(crowd()) == [Asset("a2")] * 3


# What stands where the file stood.


def described(request: Any) -> dict[str, Any]:
    """The fields of a request that are given."""
    return attrs.asdict(request, recurse=False, filter=lambda _, value: value is not None)


async def settled(request: Any) -> Any:
    async def upload(upload: UploadAsset) -> UploadedAsset:
        await asyncio.sleep(0)
        return UploadedAsset(upload.file.path.stem)

    return await Uploads(upload).settle(request)


async def test_a_sound_becomes_the_id_of_an_asset(tmp_path: Path) -> None:
    sound = written(tmp_path / "sound.wav", b"RIFF")
    video = await settled(AvatarVideo(avatar_id="a", audio_url=sound, title="Hi"))
    assert described(video) == {"avatar_id": "a", "audio_asset_id": "sound", "title": "Hi"}


async def test_a_background_becomes_the_id_of_an_asset(tmp_path: Path, picture: LocalFile) -> None:
    behind = Background(type="image", url=picture)
    video = await settled(AvatarVideo(avatar_id="a", script="Hi", voice_id="v", background=behind))
    assert video.background == Background(type="image", asset_id="picture")


async def test_references_become_assets_and_others_stay(picture: LocalFile) -> None:
    there = Url("https://example.com/a.png")
    video = await settled(CinematicVideo(avatar_id=["a", "b"], prompt="A walk", references=[there, picture]))
    assert video.references == [there, Asset("picture")]
    assert video.avatar_id == ["a", "b"]


async def test_scenes_are_looked_into(tmp_path: Path, picture: LocalFile) -> None:
    sound, clip = written(tmp_path / "sound.mp3", b"ID3"), written(tmp_path / "clip.mp4", b"ftyp")
    speaking = AvatarScene(input=SceneAvatar(avatar_id="a", audio_url=sound))
    silent = AvatarScene(input=SceneAvatar(avatar_id="a", script="Hi", voice_id="v"))
    scenes: list[Scene] = [speaking, silent, ImageScene(source=picture, audio_url=sound), ClipScene(source=clip)]
    video = await settled(StudioVideo(scenes=scenes))
    assert list(video.scenes) == [
        AvatarScene(input=SceneAvatar(avatar_id="a", audio_asset_id="sound")),
        silent,
        ImageScene(source=Asset("picture"), audio_asset_id="sound"),
        ClipScene(source=Asset("clip")),
    ]


async def test_a_photo_becomes_an_asset(picture: LocalFile) -> None:
    avatar = await settled(PhotoAvatar(name="Me", file=picture))
    assert avatar.file == Asset("picture")


@pytest.mark.parametrize(
    "request_",
    [
        AvatarVideo(avatar_id="a", script="Hi", voice_id="v"),
        CinematicVideo(avatar_id=["a"], prompt="A walk"),
        ImageVideo(image=Asset("a1"), audio_url="https://example.com/a.mp3"),
    ],
)
async def test_a_request_without_files_is_left_as_it_is(request_: Any) -> None:
    assert await settled(request_) is request_
