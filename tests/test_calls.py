"""Every operation over a real socket, end to end; and wherever one is cancelled, nothing stays behind."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from runs import LOOK, PNG, arrived, finished, places, talking, video
from tidy import no_task_left

from heygen_async import (
    Asset,
    CinematicVideo,
    DigitalTwin,
    GetMe,
    GetVoice,
    HeyGen,
    HeyGenError,
    ImageVideo,
    LocalFile,
    LookPackLooks,
    ManualClock,
    NotFound,
    PhotoAvatar,
    PromptAvatar,
    RequestInvalid,
    StudioVideo,
    TemplateLooks,
    VideoJob,
    VideoRequest,
)
from heygen_async.api.scenes import ImageScene
from heygen_async.emulator import Emulator, Fault, Hang, ResetAfter

pytestmark = pytest.mark.anyio

PHOTO = "Sarah_photo_20250120"


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    path = tmp_path / "face.png"
    path.write_bytes(PNG)
    return path


@pytest.fixture
def clip(tmp_path: Path) -> Path:
    path = tmp_path / "clip.mp4"
    path.write_bytes(b"\0\0\0\x18ftypmp42" + bytes(100))
    return path


# Every operation, end to end.


async def test_a_request_can_be_sent_as_it_is(heygen: HeyGen) -> None:
    voices = [voice async for voice in heygen.voices.list()]
    assert (await heygen.send(GetMe())).username == "emulator"
    assert (await heygen.send(GetVoice(voices[0].voice_id))).name == voices[0].name


async def test_a_job_can_be_submitted_as_a_request(heygen: HeyGen, clock: ManualClock) -> None:
    job = await heygen.submit(video(), idempotency_key="mine")
    assert (await clock.drive(job.wait())).id == job.id


KINDS: list[Callable[[Any], VideoRequest]] = [
    lambda _: video("Avatar"),
    lambda picture: ImageVideo(image=picture, script="Hello", voice_id="YOUR_VOICE_ID", title="Image"),
    lambda _: CinematicVideo(avatar_id=[LOOK, PHOTO], prompt="They dance", title="Film"),
    lambda picture: StudioVideo(scenes=[ImageScene(source=picture, duration=3)], title="Studio"),
]


@pytest.mark.parametrize("kind", KINDS)
async def test_each_kind_of_video_is_made_of_a_local_file_and_brought(
    heygen: HeyGen, emulator: Emulator, clock: ManualClock, picture: Path, kind: Callable[[Any], VideoRequest]
) -> None:
    request = kind(LocalFile(picture))
    job = await heygen.videos.create(request)
    made = await clock.drive(job.wait())
    assert (made.title, made.status) == (request.title, "completed")
    assert job.request is not None
    assert emulator.log.counts["POST /v3/assets"] == ("image" in str(request).lower())
    path = await job.download(picture.parent / "out" / "video.mp4")
    assert path.stat().st_size == 3000


async def test_videos_are_read_listed_and_deleted(heygen: HeyGen, clock: ManualClock) -> None:
    jobs = [await heygen.videos.create(video(title)) for title in ("One", "Two", "Three")]
    await clock.drive(asyncio.gather(*jobs))
    assert (await heygen.videos.get(jobs[0].id)).title == "One"
    assert [each.title async for each in heygen.videos.list(limit=2)] == ["Three", "Two", "One"]
    assert [each.id async for each in heygen.videos.list(title="Tw")] == [jobs[1].id]
    statuses = await heygen.videos.statuses(video_ids=[jobs[0].id, "f" * 32])
    assert [entry.status for entry in statuses.items] == ["completed", "not_found"]
    assert (await heygen.videos.delete(jobs[0].id)).deleted
    with pytest.raises(NotFound):
        await heygen.videos.delete(jobs[0].id)


async def test_batches_are_made_and_read(heygen: HeyGen, emulator: Emulator, clock: ManualClock) -> None:
    made = await heygen.videos.batches.create(videos=[video("One"), video("Two"), video("Three")], title="All")
    await clock.advance(100)
    batch = await heygen.videos.batches.get(made.batch_id, limit=2)
    assert (batch.title, batch.total_items, batch.status, batch.has_more) == ("All", 3, "completed", True)
    emulator.log.counts.clear()
    items = [item async for item in heygen.videos.batches.items(made.batch_id)]
    assert [item.item_index for item in items] == [0, 1, 2]
    ids = [item.video_id for item in items if item.video_id]
    results = await asyncio.gather(*(heygen.videos.job(video_id) for video_id in ids))
    assert [result.title for result in results] == ["One", "Two", "Three"]


async def test_assets_are_uploaded_read_listed_and_deleted(heygen: HeyGen, picture: Path) -> None:
    uploaded = await heygen.assets.upload(picture, idempotency_key="face")
    assert (uploaded.mime_type, uploaded.size_bytes) == ("image/png", len(PNG))
    assert (await heygen.assets.upload(picture, idempotency_key="face")) == uploaded
    assert (await heygen.assets.get(uploaded.asset_id)).name == "face.png"
    username = (await heygen.users.me()).username
    assert [asset.id async for asset in heygen.assets.list(username=username)] == [uploaded.asset_id]
    assert (await heygen.assets.delete(uploaded.asset_id)).id == uploaded.asset_id
    with pytest.raises(NotFound):
        await heygen.assets.get(uploaded.asset_id)


async def test_avatars_are_made_read_changed_listed_and_deleted(heygen: HeyGen, picture: Path, clip: Path) -> None:
    photo = await heygen.avatars.create(PhotoAvatar(name="Photo", file=LocalFile(picture)), idempotency_key="photo")
    prompt = await heygen.avatars.create(
        PromptAvatar(name="Prompt", prompt="Somebody", reference_images=[LocalFile(picture)])
    )
    twin = await heygen.avatars.create(DigitalTwin(name="Twin", file=LocalFile(clip)))
    own = [each async for each in heygen.avatars.list(ownership="private")]
    assert [each.name for each in own] == ["Twin", "Prompt", "Photo"]
    assert {made.receipt.avatar_group.id for made in (photo, prompt, twin)} == {each.id for each in own}
    voice = await anext(aiter(heygen.voices.list(language="German")))
    changed = await heygen.avatars.update(own[0].id, default_voice_id=voice.voice_id)
    assert changed.default_voice_id == voice.voice_id
    assert (await heygen.avatars.get(own[0].id)) == changed
    assert (await heygen.avatars.delete(own[0].id)).id == own[0].id
    with pytest.raises(NotFound):
        await heygen.avatars.get(own[0].id)


async def test_looks_are_made_read_changed_listed_and_deleted(heygen: HeyGen) -> None:
    looks = heygen.avatars.looks
    (one,) = await looks.create(TemplateLooks(reference_look_id=PHOTO, template_id="office"))
    pack = await looks.create(LookPackLooks(reference_look_id=one.id, template_id="business"))
    own = [each.id async for each in looks.list(ownership="private", limit=2)]
    assert sorted(own) == sorted(look.id for look in (one, *pack))
    assert (await looks.update(own[0], name="Beach")).name == "Beach"
    assert (await looks.get(own[0])).name == "Beach"
    assert (await looks.delete(own[0])).id == own[0]
    with pytest.raises(NotFound):
        await looks.get(own[0])


async def test_voices_are_listed_and_read(heygen: HeyGen, emulator: Emulator) -> None:
    pages = [page async for page in heygen.voices.list(limit=7).pages()]
    assert [len(page.items) for page in pages] == [7, 7, 2]
    names = [voice.name async for voice in heygen.voices.list(limit=7)]
    assert len(names) == 16
    first = await heygen.voices.list().first()
    assert first is not None
    assert (await heygen.voices.get(first.voice_id)).name == names[0]
    assert emulator.log.counts["GET /v3/voices"] == 7


async def test_the_account_says_what_is_left(heygen: HeyGen) -> None:
    await heygen.videos.create(video())
    me = await heygen.users.me()
    assert me.wallet is not None
    assert me.wallet.remaining_balance is not None
    assert 0 < me.wallet.remaining_balance < 1000


async def test_all_tries_of_a_creation_carry_one_key_and_make_one_video(
    heygen: HeyGen, emulator: Emulator, clock: ManualClock
) -> None:
    emulator.faults.add(Fault(ResetAfter(), method="POST", path="/v3/videos", times=1))
    job = await clock.drive(heygen.videos.create(video()))
    keys = [served.idempotency_key for served in emulator.log.requests("POST", "/v3/videos")]
    assert len(keys) == 2
    assert len(set(keys)) == 1
    assert list(emulator.account.videos) == [job.id]


async def test_a_key_of_the_caller_gets_the_same_video_again(heygen: HeyGen, emulator: Emulator) -> None:
    first = await heygen.videos.create(video(), idempotency_key="launch-1")
    second = await heygen.videos.create(video(), idempotency_key="launch-1")
    assert first.id == second.id
    assert len(emulator.account.wallet.entries) == 1
    with pytest.raises(RequestInvalid, match="idempotency_key"):
        await heygen.videos.create(video(), idempotency_key="")
    assert places(heygen) == (2, 0, 0, 0)


# Whoever is cancelled leaves nothing.


PUBLIC: dict[str, tuple[str, Callable[[HeyGen, VideoJob, Path], Awaitable[Any]]]] = {
    "send": ("/v3/users/me", lambda heygen, _, __: heygen.send(GetMe())),
    "submit": ("/v3/videos", lambda heygen, _, __: heygen.submit(video())),
    "create": ("/v3/videos", lambda heygen, _, __: heygen.videos.create(video())),
    "create with a file": ("/v3/assets", lambda heygen, _, path: heygen.videos.create(talking(path))),
    "upload": ("/v3/assets", lambda heygen, _, path: heygen.assets.upload(path)),
    "avatar": ("/v3/avatars", lambda heygen, _, path: heygen.avatars.create(PhotoAvatar(name="P", file=Asset("a")))),
    "looks": ("/v3/avatars/looks", lambda heygen, _, __: heygen.avatars.looks.create(_suit())),
    "get": ("/v3/videos/*", lambda heygen, job, __: heygen.videos.get(job.id)),
    "list": ("/v3/voices", lambda heygen, _, __: heygen.voices.list().first()),
    "items": ("/v3/videos/batches/b", lambda heygen, _, __: anext(heygen.videos.batches.items("b"))),
    "download": ("/files/*", lambda _, job, path: job.download(path.with_name("out.mp4"))),
    "download into a file": ("/files/*", lambda _, job, __: job.download(BytesIO())),
    "wait": ("/v3/videos/statuses", lambda heygen, job, _: heygen.videos.job(job.id).wait()),
    "states": ("/v3/videos/statuses", lambda heygen, job, _: _last(heygen.videos.job(job.id).states())),
}


def _suit() -> TemplateLooks:
    return TemplateLooks(reference_look_id=PHOTO, template_id="office")


async def _last(states: AsyncIterator[Any]) -> None:
    async for _ in states:
        pass


@pytest.mark.parametrize("name", PUBLIC)
async def test_a_call_that_is_cancelled_on_its_way_leaves_nothing(
    heygen: HeyGen, emulator: Emulator, clock: ManualClock, picture: Path, name: str
) -> None:
    job = await finished(heygen, clock)
    path, call = PUBLIC[name]
    emulator.faults.add(Fault(Hang(), path=path, times=1))
    calling = asyncio.ensure_future(call(heygen, job, picture))
    await arrived(emulator)
    async with no_task_left():
        calling.cancel()
        with pytest.raises(asyncio.CancelledError):
            await calling
        await heygen.aclose()  # it owns the watcher, which goes on for the sake of others
    assert places(heygen) == (0, 0, 0, 0)
    assert list(picture.parent.iterdir()) == [picture]


@pytest.mark.parametrize("name", PUBLIC)
async def test_wherever_a_call_is_cancelled_it_leaves_nothing(
    heygen: HeyGen, emulator: Emulator, clock: ManualClock, picture: Path, name: str
) -> None:
    job = await finished(heygen, clock)
    for turns in (*range(10), *range(10, 50, 4)):
        calling = asyncio.ensure_future(PUBLIC[name][1](heygen, job, picture))
        for _ in range(turns):
            await asyncio.sleep(0)
        calling.cancel()
        with suppress(asyncio.CancelledError, HeyGenError, StopAsyncIteration):
            await calling
        for made in heygen._desk.watcher.jobs:  # it was too fast for us
            await clock.drive(made.wait())
        assert places(heygen) == (0, 0, 0, 0)
        assert {path.name for path in picture.parent.iterdir()} <= {picture.name, "out.mp4"}
        picture.with_name("out.mp4").unlink(missing_ok=True)
