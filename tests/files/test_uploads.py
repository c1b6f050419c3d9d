"""Local files in a request: each is uploaded once, whoever needs it, and takes the form that the field wants."""

import asyncio
import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import attrs
import pytest
from attrs import define, field
from photos import png

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
    Limits,
    LocalFile,
    ManualClock,
    Options,
    Scene,
    SceneAvatar,
    StudioVideo,
    Url,
)
from heygen_async.api.assets import DeleteAsset, GetAsset, UploadAsset, UploadedAsset
from heygen_async.api.avatars import PhotoAvatar
from heygen_async.emulator import Emulator
from heygen_async.emulator.faults import Fault, Refuse
from heygen_async.errors import APIError, BadRequest, NotFound, NotPermitted, RequestInvalid
from heygen_async.files.snapshot import Snapshot
from heygen_async.files.uploads import Uploads
from heygen_async.operation import POST, Body, Request

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
    """A desk at which uploads are made by hand: one after the other ends when it is told to, and how."""

    under_way: "list[asyncio.Future[UploadedAsset]]" = field(factory=list)

    def uploads(self) -> Uploads:
        desk: Any = self
        return Uploads(desk)

    async def submit_alone(self, request: UploadAsset, *, idempotency_key: str | None = None) -> UploadedAsset:
        self.under_way.append(asyncio.get_running_loop().create_future())
        return await self.under_way[-1]

    async def until(self, count: int) -> None:
        await until(lambda: len(self.under_way) == count)


@define
class Prompt:
    """A desk that uploads at once; an asset is named after its file."""

    count: int = 0

    def uploads(self) -> Uploads:
        desk: Any = self
        return Uploads(desk)

    async def submit_alone(self, request: UploadAsset, *, idempotency_key: str | None = None) -> UploadedAsset:
        self.count += 1
        await asyncio.sleep(0)
        return UploadedAsset(request.file.path.stem)


async def until(ready: Callable[[], bool]) -> None:
    async with asyncio.timeout(5):
        while not ready():  # noqa: ASYNC110  # files are looked at in threads
            await asyncio.sleep(0.001)


def queue(uploads: Uploads) -> list[Any]:
    """Those who wait at the lock of the one file."""
    return [waiter for lock in list(uploads._locks.values()) for waiter in getattr(lock, "_waiters", None) or ()]


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


async def test_two_files_with_the_same_in_them_are_one_asset(
    emulator: Emulator, heygen: HeyGen, tmp_path: Path, picture: LocalFile
) -> None:
    other = written(tmp_path / "other.png", PNG)
    assert await heygen._desk.uploads.asset(picture) == await heygen._desk.uploads.asset(other)
    assert uploads_of(emulator) == 1


async def test_two_rows_at_once_with_copies_of_a_file_upload_it_once(
    emulator: Emulator, heygen: HeyGen, tmp_path: Path
) -> None:
    files = [written(tmp_path / f"{number}.png", PNG + bytes(300_000)) for number in range(10)]
    assert len(set(await asyncio.gather(*map(heygen._desk.uploads.asset, files)))) == 1
    assert uploads_of(emulator) == 1


async def test_two_files_are_two_assets(emulator: Emulator, heygen: HeyGen, tmp_path: Path, picture: LocalFile) -> None:
    other = written(tmp_path / "other.png", PNG + b"other")
    assert await heygen._desk.uploads.asset(picture) != await heygen._desk.uploads.asset(other)
    assert uploads_of(emulator) == 2


async def test_two_endings_of_one_kind_are_the_same_file(tmp_path: Path) -> None:
    desk = Prompt()
    uploads = desk.uploads()
    for name in ("a.jpg", "b.jpeg", "c.JPG"):
        await uploads.asset(written(tmp_path / name, b"\xff\xd8\xff\xe0"))
    assert desk.count == 1


async def test_a_file_that_has_changed_is_uploaded_anew(emulator: Emulator, heygen: HeyGen, picture: LocalFile) -> None:
    first = await heygen._desk.uploads.asset(picture)
    picture.path.write_bytes(PNG * 2)
    assert await heygen._desk.uploads.asset(picture) != first
    assert uploads_of(emulator) == 2


async def test_a_file_that_changes_while_it_is_uploaded_is_not_taken_for_what_it_was(picture: LocalFile) -> None:
    hands = Hands()
    uploads = hands.uploads()
    first = asyncio.create_task(uploads.asset(picture))
    await hands.until(1)
    picture.path.write_bytes(PNG * 2)
    hands.under_way[0].set_result(UploadedAsset("a1"))
    assert await first == Asset("a1")
    picture.path.write_bytes(PNG)
    second = asyncio.create_task(uploads.asset(picture))
    await hands.until(2)
    hands.under_way[1].set_result(UploadedAsset("a2"))
    assert await second == Asset("a2")


async def test_a_file_that_is_gone_when_its_upload_has_ended_was_uploaded_all_the_same(picture: LocalFile) -> None:
    hands = Hands()
    upload = asyncio.create_task(hands.uploads().upload(UploadAsset(picture)))
    await hands.until(1)
    picture.path.unlink()
    hands.under_way[0].set_result(UploadedAsset("a1"))
    assert (await upload).asset_id == "a1"


async def test_a_file_that_was_merely_touched_is_known_again(
    emulator: Emulator, heygen: HeyGen, picture: LocalFile
) -> None:
    first = await heygen._desk.uploads.asset(picture)
    os.utime(picture.path, (1, 1))
    assert await heygen._desk.uploads.asset(picture) == first
    assert uploads_of(emulator) == 1


async def test_a_file_is_read_once_for_its_checksum_until_it_changes(
    tmp_path: Path, picture: LocalFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[Path] = []
    checksum = Snapshot.checksum

    async def counted(self: Snapshot) -> str:
        read.append(self.path)
        return await checksum(self)

    monkeypatch.setattr(Snapshot, "checksum", counted)
    uploads = Prompt().uploads()
    await asyncio.gather(*(uploads.asset(picture) for _ in range(20)))
    assert len(read) == 1
    os.utime(picture.path, (1, 1))
    await uploads.asset(picture)
    assert len(read) == 2


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


async def test_a_file_that_is_uploaded_by_hand_is_sent_once_too(
    emulator: Emulator, heygen: HeyGen, tmp_path: Path, picture: LocalFile
) -> None:
    copy = written(tmp_path / "copy.png", PNG)
    receipts = await asyncio.gather(
        *(heygen.assets.upload(picture.path) for _ in range(5)),
        *(heygen.assets.upload(copy.path, direct=True) for _ in range(5)),
        heygen.send(UploadAsset(copy)),
    )
    assert all(receipt == receipts[0] for receipt in receipts)
    assert (receipts[0].mime_type, receipts[0].size_bytes) == ("image/png", len(PNG))
    assert await heygen._desk.uploads.asset(picture) == Asset(receipts[0].asset_id)
    assert len(emulator.account.assets) == 1


async def test_what_a_request_has_brought_is_found_by_hand(
    emulator: Emulator, heygen: HeyGen, picture: LocalFile
) -> None:
    asset = await heygen._desk.uploads.asset(picture)
    assert (await heygen.assets.upload(picture.path)).asset_id == asset.asset_id
    assert uploads_of(emulator) == 1


async def test_an_upload_anew_is_made_each_time_and_the_last_one_is_used(
    emulator: Emulator, heygen: HeyGen, picture: LocalFile
) -> None:
    receipts = [await heygen.assets.upload(picture.path, anew=True) for _ in range(2)]
    receipts += [await heygen.send(UploadAsset(picture, extra={"folder_id": "f"}))]  # it says more than the file
    assert uploads_of(emulator) == len({receipt.asset_id for receipt in receipts}) == 3
    assert await heygen._desk.uploads.asset(picture) == Asset(receipts[-1].asset_id)
    assert await heygen.assets.upload(picture.path) == receipts[-1]
    assert uploads_of(emulator) == 3


async def test_an_upload_by_hand_that_failed_lets_the_next_one_try(
    emulator: Emulator, heygen: HeyGen, picture: LocalFile
) -> None:
    emulator.faults.add(Fault(Refuse(403, "forbidden"), path="/v3/assets", times=1))
    results = await asyncio.gather(*(heygen.assets.upload(picture.path) for _ in range(5)), return_exceptions=True)
    failures = [result for result in results if isinstance(result, BaseException)]
    assert [type(failure) for failure in failures] == [NotPermitted]
    assert len({result.asset_id for result in results if isinstance(result, UploadedAsset)}) == 1
    assert uploads_of(emulator) == 2


async def test_an_upload_by_hand_that_is_cancelled_lets_the_next_one_try(picture: LocalFile) -> None:
    hands = Hands()
    uploads = hands.uploads()
    first = asyncio.create_task(uploads.upload(UploadAsset(picture)))
    await hands.until(1)
    second = asyncio.create_task(uploads.upload(UploadAsset(picture)))
    await until(lambda: bool(queue(uploads)))
    first.cancel()
    await hands.until(2)
    hands.under_way[1].set_result(UploadedAsset("a2"))
    assert (await second).asset_id == "a2"
    assert first.cancelled()


async def test_what_heygen_has_refused_is_sent_again_by_hand_and_can_then_be_used(
    emulator: Emulator, heygen: HeyGen, picture: LocalFile
) -> None:
    emulator.faults.add(Fault(Refuse(400, "invalid_parameter"), path="/v3/assets", times=1))
    for _ in range(2):
        with pytest.raises(BadRequest):
            await heygen._desk.uploads.asset(picture)
    receipt = await heygen.assets.upload(picture.path)
    assert await heygen._desk.uploads.asset(picture) == Asset(receipt.asset_id)
    assert uploads_of(emulator) == 2


async def test_a_deleted_asset_is_not_found_again_by_hand(
    emulator: Emulator, heygen: HeyGen, picture: LocalFile
) -> None:
    first = await heygen.assets.upload(picture.path)
    await heygen.assets.delete(first.asset_id)
    assert await heygen.assets.upload(picture.path) != first
    assert uploads_of(emulator) == 2


async def test_a_file_that_changes_while_it_is_sent_is_not_remembered_as_what_it_was(picture: LocalFile) -> None:
    hands = Hands()
    uploads = hands.uploads()
    upload = asyncio.create_task(uploads.upload(UploadAsset(picture)))
    await hands.until(1)
    picture.path.write_bytes(PNG * 3)
    hands.under_way[0].set_result(UploadedAsset("a1"))
    assert (await upload).asset_id == "a1"
    assert uploads._assets == {}


# Forgotten.


async def test_a_deleted_asset_is_forgotten(emulator: Emulator, heygen: HeyGen, picture: LocalFile) -> None:
    first = await heygen._desk.uploads.asset(picture)
    await heygen.assets.delete(first.asset_id)
    assert await heygen._desk.uploads.asset(picture) != first
    assert uploads_of(emulator) == 2


async def test_an_asset_that_somebody_else_has_deleted_is_forgotten_when_it_is_missed(
    emulator: Emulator, heygen: HeyGen, picture: LocalFile, tmp_path: Path
) -> None:
    sound = written(tmp_path / "a.mp3", b"ID3\x04" + bytes(100))
    kept = await heygen._desk.uploads.asset(sound)
    gone = await heygen._desk.uploads.asset(picture)
    emulator.account.assets.drop(gone.asset_id)
    video = ImageVideo(image=picture, audio_url=sound)
    with pytest.raises(NotFound, match="not found"):
        await heygen.videos.create(video)
    job = await heygen.videos.create(video)
    sent = emulator.account.videos[job.id].request
    assert sent.image not in {gone, None}
    assert sent.audio_asset_id == kept.asset_id
    assert uploads_of(emulator) == 3


@pytest.mark.parametrize("message", ["Asset picture not found", "An asset is not available"])
@pytest.mark.parametrize("code", ["asset_not_found", "asset_not_available"])
async def test_all_that_may_be_gone_is_forgotten(tmp_path: Path, picture: LocalFile, message: str, code: str) -> None:
    uploads = Prompt().uploads()
    assets = [await uploads.asset(picture), await uploads.asset(written(tmp_path / "other.png", PNG * 2))]
    video = CinematicVideo(avatar_id=["a"], prompt="A walk", references=assets)
    uploads.heed(video, APIError(message, status=409, code=code))
    kept = {Asset(receipt.asset_id) for receipt in uploads._assets.values()}
    assert kept == ({assets[1]} if "picture" in message else set())


async def test_what_says_nothing_about_assets_forgets_none(picture: LocalFile) -> None:
    uploads = Prompt().uploads()
    asset = await uploads.asset(picture)
    uploads.heed(GetAsset("picture"))
    uploads.heed(DeleteAsset("picture"), NotFound("no such thing", status=404, code="not_found"))
    assert [receipt.asset_id for receipt in uploads._assets.values()] == [asset.asset_id]


# In vain.


@pytest.mark.parametrize("key", ["", "a b", "é", "k" * 256])
async def test_a_key_that_heygen_would_not_take_is_refused_before_anything_is_uploaded(
    emulator: Emulator, heygen: HeyGen, picture: LocalFile, key: str
) -> None:
    video = ImageVideo(image=picture, script="Hello!", voice_id="v")
    for call in (
        heygen.send(video, idempotency_key=key),
        heygen.videos.create(video, idempotency_key=key),
        heygen.assets.upload(picture.path, idempotency_key=key),
        heygen.assets.upload(picture.path, direct=True, idempotency_key=key),
    ):
        with pytest.raises(RequestInvalid, match="idempotency_key"):
            await call
    assert not emulator.log.served


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
    uploads = hands.uploads()
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
    uploads = hands.uploads()
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
    desk = Prompt()
    uploads = desk.uploads()

    async def crowd() -> list[Asset]:
        return await asyncio.gather(*(uploads.asset(picture) for _ in range(3)))

    assert asyncio.run(crowd()) + asyncio.run(crowd()) == [Asset("picture")] * 6
    assert desk.count == 1
    picture.path.write_bytes(PNG * 2)
    assert asyncio.run(crowd()) == [Asset("picture")] * 3
    assert desk.count == 2


# What stands where the file stood.


def described(request: Any) -> dict[str, Any]:
    """The fields of a request that are given."""
    return attrs.asdict(request, recurse=False, filter=lambda _, value: value is not None)


async def settled(request: Any) -> Any:
    return await Prompt().uploads().settle(request)


async def test_a_sound_becomes_the_id_of_an_asset(tmp_path: Path) -> None:
    sound = written(tmp_path / "sound.wav", b"RIFF\0\0\0\0WAVE")
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
    sound, clip = written(tmp_path / "sound.mp3", b"ID3"), written(tmp_path / "clip.mp4", b"\0\0\0\x18ftypmp42")
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


async def test_a_photo_becomes_an_asset(tmp_path: Path) -> None:
    avatar = await settled(PhotoAvatar(name="Me", file=written(tmp_path / "photo.png", png())))
    assert avatar.file == Asset("photo")


async def test_what_carries_its_file_itself_is_left_as_it_is(picture: LocalFile) -> None:
    upload = UploadAsset(picture)
    assert await settled(upload) is upload


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


@attrs.frozen
class Filled(Body):
    """A value in a mapping, as templates have them."""

    source: Url | Asset | LocalFile


@attrs.frozen(kw_only=True)
class Fill(Request[None]):
    """A request with a mapping."""

    endpoint = POST("/v3/fill")
    variables: Mapping[str, Filled | str]


async def test_mappings_are_looked_into(picture: LocalFile) -> None:
    filled = await settled(Fill(variables={"face": Filled(picture), "name": "Ann"}, extra={"left": "alone"}))
    assert filled == Fill(variables={"face": Filled(Asset("picture")), "name": "Ann"}, extra={"left": "alone"})


# Several at once.


def three(tmp_path: Path) -> CinematicVideo:
    files = [written(tmp_path / f"{number}.png", PNG + bytes([number])) for number in range(3)]
    return CinematicVideo(avatar_id=["a"], prompt="A walk", references=[*files, files[0]])


async def test_the_files_of_a_request_are_sent_at_once(tmp_path: Path) -> None:
    hands = Hands()
    settling = asyncio.create_task(hands.uploads().settle(three(tmp_path)))
    await hands.until(3)
    for number, upload in enumerate(hands.under_way):
        upload.set_result(UploadedAsset(f"a{number}"))
    references = (await settling).references
    assert references is not None
    assert len(references) == 4
    assert references[0] == references[3]


async def test_one_upload_that_fails_cancels_the_others_and_its_error_is_the_answer(tmp_path: Path) -> None:
    hands = Hands()
    settling = asyncio.create_task(hands.uploads().settle(three(tmp_path)))
    await hands.until(3)
    hands.under_way[1].set_exception(NotPermitted("no", status=403))
    with pytest.raises(NotPermitted):
        await settling
    assert [upload.cancelled() for upload in hands.under_way] == [True, False, True]


async def test_whoever_is_cancelled_cancels_all_uploads(tmp_path: Path) -> None:
    hands = Hands()
    settling = asyncio.create_task(hands.uploads().settle(three(tmp_path)))
    await hands.until(3)
    settling.cancel()
    with pytest.raises(asyncio.CancelledError):
        await settling
    assert all(upload.cancelled() for upload in hands.under_way)


async def test_several_uploads_keep_to_the_lane_of_the_submissions(
    emulator: Emulator, heygen: HeyGen, tmp_path: Path
) -> None:
    one = heygen.with_options(Options(limits=Limits(submissions=1)))
    settled = await one._desk.uploads.settle(three(tmp_path))
    assert settled.references is not None
    assert len(set(settled.references)) == uploads_of(emulator) == 3
