"""The client: every operation over a real socket, slots that always come back, and an end that leaves nothing."""

import asyncio
import gc
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress
from io import BytesIO
from pathlib import Path
from typing import Any

import aiohttp
import attrs
import pytest
from anyio.from_thread import start_blocking_portal
from tidy import no_task_left, our_tasks

from heygen_async import (
    Asset,
    AvatarVideo,
    BadRequest,
    CinematicVideo,
    ClientMisused,
    DigitalTwin,
    DownloadFailed,
    GetMe,
    GetVoice,
    HeyGen,
    HeyGenError,
    ImageVideo,
    JobFailed,
    JobGone,
    Limits,
    LocalFile,
    LookPackLooks,
    ManualClock,
    NotFound,
    Options,
    OutOfCredit,
    PhotoAvatar,
    Polling,
    PromptAvatar,
    RateLimited,
    RequestInvalid,
    Retry,
    StudioVideo,
    TargetExists,
    TemplateLooks,
    Url,
    Video,
    VideoJob,
    VideoRequest,
)
from heygen_async.api.scenes import ImageScene
from heygen_async.emulator import Emulator, Expired, FailRender, Fault, Hang, NoLink, Refuse, ResetAfter

pytestmark = pytest.mark.anyio

LOOK = "Anna_public_3_20240108"
PHOTO = "Sarah_photo_20250120"


def video(title: str | None = None, **fields: Any) -> AvatarVideo:
    return AvatarVideo(avatar_id=LOOK, script="Hello", title=title, **fields)


def lanes(heygen: HeyGen) -> tuple[int, ...]:
    """How many slots are taken, and how many wait, over all lanes."""
    lanes = attrs.astuple(heygen._desk.lanes, recurse=False)
    return tuple(lane.taken + lane.waiting for lane in lanes)


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    path = tmp_path / "face.png"
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(100))
    return path


@pytest.fixture
def clip(tmp_path: Path) -> Path:
    path = tmp_path / "clip.mp4"
    path.write_bytes(b"\0\0\0\x18ftypmp42" + bytes(100))
    return path


# How it is made.


def test_a_client_without_a_key_says_where_to_get_one() -> None:
    for key in (None, "", "  "):
        with pytest.raises(ClientMisused, match=r"HEYGEN_API_KEY.*emulator"):
            HeyGen(key)


@pytest.mark.parametrize("key", ["two\nlines", "schlüssel", "bell\a"])
def test_a_key_that_can_be_none_is_refused_and_not_repeated(key: str) -> None:
    with pytest.raises(ClientMisused, match="characters that no API key has") as caught:
        HeyGen(key)
    assert key not in str(caught.value)


def test_a_client_is_made_without_a_loop_and_hides_its_key() -> None:
    heygen = HeyGen("sk_V2_secret")
    assert repr(heygen) == "<HeyGen https://api.heygen.com renders 0/10, 0 waiting>"
    for part in (heygen, heygen._desk, heygen._desk.transport, heygen.videos, heygen._desk.lanes, heygen.options):
        assert "secret" not in repr(part)


async def test_key_and_address_come_from_the_environment(emulator: Emulator, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HEYGEN_API_KEY", f" {emulator.api_key}\n")
    monkeypatch.setenv("HEYGEN_API_BASE", f"{emulator.url}/")
    async with HeyGen() as heygen:
        assert (await heygen.users.me()).username == "emulator"
    assert emulator.log.served[-1].with_key


def test_an_address_that_would_give_the_key_away_is_refused() -> None:
    with pytest.raises(ClientMisused, match="unencrypted"):
        HeyGen("key", base_url="http://example.com")
    HeyGen("key", base_url="http://example.com", options=Options(insecure_http=True))


async def test_a_session_of_the_caller_is_used_and_stays_open(emulator: Emulator) -> None:
    async with aiohttp.ClientSession(headers={"X-Mark": "mine"}) as session:
        async with HeyGen(emulator.api_key, base_url=emulator.url, session=session) as heygen:
            await heygen.users.me()
        assert not session.closed


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
    assert (uploaded.mime_type, uploaded.size_bytes) == ("image/png", 108)
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
    assert {made.avatar_group.id for made in (photo, prompt, twin) if made.avatar_group} == {each.id for each in own}
    voice = await anext(aiter(heygen.voices.list(language="German")))
    changed = await heygen.avatars.update(own[0].id, default_voice_id=voice.voice_id)
    assert changed.default_voice_id == voice.voice_id
    assert (await heygen.avatars.get(own[0].id)) == changed
    assert (await heygen.avatars.delete(own[0].id)).id == own[0].id
    with pytest.raises(NotFound):
        await heygen.avatars.get(own[0].id)


async def test_looks_are_made_read_changed_listed_and_deleted(heygen: HeyGen) -> None:
    looks = heygen.avatars.looks
    one = await looks.create(TemplateLooks(reference_look_id=PHOTO, template_id="suit"))
    pack = await looks.create(LookPackLooks(reference_look_id=one.looks[0].id, template_id="holiday"))
    own = [each.id async for each in looks.list(ownership="private", limit=2)]
    assert sorted(own) == sorted(look.id for made in (one, pack) for look in made.looks)
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
    assert lanes(heygen) == (2, 0, 0, 0)


# Slots.


async def full_house(heygen: HeyGen) -> tuple[list[VideoJob], "asyncio.Task[VideoJob]"]:
    """Ten that render, and one that waits."""
    jobs = [await heygen.videos.create(video()) for _ in range(10)]
    eleventh = asyncio.create_task(heygen.videos.create(video("Eleventh")))
    await asyncio.sleep(0.01)
    assert repr(heygen).endswith("renders 10/10, 1 waiting>")
    return jobs, eleventh


async def test_the_eleventh_waits_until_a_render_has_ended(
    heygen: HeyGen, emulator: Emulator, clock: ManualClock
) -> None:
    jobs, eleventh = await full_house(heygen)
    assert len(emulator.account.videos) == 10
    job = await clock.drive(eleventh)
    assert clock.now() >= 62
    assert any(other.done() for other in jobs)
    assert {served.status for served in emulator.log.requests("POST")} == {200}
    await clock.drive(job.wait())
    assert lanes(heygen) == (0, 0, 0, 0)


async def test_whoever_gives_up_waiting_takes_no_slot(heygen: HeyGen, clock: ManualClock) -> None:
    jobs, eleventh = await full_house(heygen)
    eleventh.cancel()
    with pytest.raises(asyncio.CancelledError):
        await eleventh
    assert lanes(heygen) == (10, 0, 0, 0)
    await clock.drive(asyncio.gather(*jobs))
    assert lanes(heygen) == (0, 0, 0, 0)


async def test_a_render_that_fails_gives_its_slot_back(heygen: HeyGen, emulator: Emulator, clock: ManualClock) -> None:
    emulator.faults.add(Fault(FailRender()))
    job = await heygen.videos.create(video())
    assert lanes(heygen)[0] == 1
    with pytest.raises(JobFailed):
        await clock.drive(job.wait())
    assert lanes(heygen) == (0, 0, 0, 0)


async def test_a_refused_creation_gives_its_slot_back(heygen: HeyGen, emulator: Emulator) -> None:
    emulator.faults.add(Fault(Refuse(402, "insufficient_credit"), method="POST", times=1))
    with pytest.raises(OutOfCredit):
        await heygen.videos.create(video())
    with pytest.raises(NotFound):
        await heygen.videos.create(AvatarVideo(avatar_id="nobody", script="Hello"))
    assert lanes(heygen) == (0, 0, 0, 0)


async def test_a_creation_that_is_cancelled_on_its_way_gives_its_slot_back(heygen: HeyGen, emulator: Emulator) -> None:
    emulator.faults.add(Fault(Hang(), method="POST", times=1))
    creating = asyncio.create_task(heygen.videos.create(video()))
    await arrived(emulator)
    assert lanes(heygen) == (1, 1, 1, 0)
    async with no_task_left():
        creating.cancel()
        with pytest.raises(asyncio.CancelledError):
            await creating
    assert lanes(heygen) == (0, 0, 0, 0)


async def test_whoever_is_cancelled_between_the_two_queues_gives_the_render_slot_back(
    emulator: Emulator, clock: ManualClock
) -> None:
    options = Options(limits=Limits(submissions=1))
    async with HeyGen(emulator.api_key, base_url=emulator.url, clock=clock, options=options) as heygen:
        emulator.faults.add(Fault(Hang(), method="POST", times=1))
        first, second = (asyncio.create_task(heygen.videos.create(video())) for _ in range(2))
        await arrived(emulator)
        assert lanes(heygen) == (2, 2, 1, 0)
        for creating in (second, first):
            creating.cancel()
            with pytest.raises(asyncio.CancelledError):
                await creating
        assert lanes(heygen) == (0, 0, 0, 0)


async def arrived(emulator: Emulator) -> None:
    """Wait until all the trouble that was ordered has met its requests."""
    while emulator.faults.pending():
        await asyncio.sleep(0.001)


# Files.


async def finished(heygen: HeyGen, clock: ManualClock, **fields: Any) -> VideoJob:
    job = await heygen.videos.create(video(**fields))
    await clock.drive(job.wait())
    return job


async def test_a_file_goes_to_a_path_a_folder_or_a_file_object(
    heygen: HeyGen, clock: ManualClock, tmp_path: Path
) -> None:
    job = await finished(heygen, clock, title="a/b: “Hello”")
    untitled = await finished(heygen, clock)
    assert await job.download(tmp_path / "x.mp4") == tmp_path / "x.mp4"
    assert await job.download(str(tmp_path)) == tmp_path / "a-b- “Hello”.mp4"
    assert await job.download(f"{tmp_path}/new/") == tmp_path / "new" / "a-b- “Hello”.mp4"
    assert await untitled.download(tmp_path) == tmp_path / f"{untitled.id}.mp4"
    file = BytesIO()
    assert await job.download(file) is None
    assert file.getvalue() == (tmp_path / "x.mp4").read_bytes()
    assert len(file.getvalue()) == 3000
    assert lanes(heygen) == (0, 0, 0, 0)


async def test_a_transparent_video_in_a_folder_is_called_webm(
    heygen: HeyGen, clock: ManualClock, tmp_path: Path
) -> None:
    job = await finished(heygen, clock, title="Clear", output_format="webm")
    with suppress(DownloadFailed):  # a synthetic video is an MP4 whatever was asked for
        assert (await job.download(tmp_path)).name == "Clear.webm"
    assert {path.suffix for path in tmp_path.iterdir()} <= {".webm"}


async def test_a_file_that_is_there_is_refused_before_anybody_waits(
    heygen: HeyGen, clock: ManualClock, tmp_path: Path
) -> None:
    job = await heygen.videos.create(video())
    target = tmp_path / "x.mp4"
    target.write_bytes(b"mine")
    with pytest.raises(TargetExists):
        await job.download(target)
    assert not job.done()
    await clock.drive(job.download(target, overwrite=True))
    assert target.stat().st_size == 3000


async def test_a_link_that_has_expired_is_replaced(
    heygen: HeyGen, emulator: Emulator, clock: ManualClock, tmp_path: Path
) -> None:
    job = await finished(heygen, clock)
    reads = emulator.log.counts["GET /v3/videos/{video_id}"]
    emulator.faults.add(Fault(Expired(), times=1))
    await clock.drive(job.download(tmp_path / "x.mp4"))
    assert emulator.log.counts["GET /v3/videos/{video_id}"] == reads + 1
    assert not any(served.with_key for served in emulator.log.requests("GET", "/files/*"))


async def test_a_video_without_a_link_cannot_be_brought(emulator: Emulator, clock: ManualClock, tmp_path: Path) -> None:
    options = Options(polling=Polling(link_grace=0))
    async with HeyGen(emulator.api_key, base_url=emulator.url, clock=clock, options=options) as heygen:
        emulator.faults.add(Fault(NoLink(1000)))
        job = await finished(heygen, clock)
        with pytest.raises(DownloadFailed, match="HeyGen gives no link"):
            await job.download(tmp_path / "x.mp4")
    assert list(tmp_path.iterdir()) == []


# Whoever is cancelled leaves nothing.


PUBLIC: dict[str, tuple[str, Callable[[HeyGen, VideoJob, Path], Awaitable[Any]]]] = {
    "send": ("/v3/users/me", lambda heygen, _, __: heygen.send(GetMe())),
    "submit": ("/v3/videos", lambda heygen, _, __: heygen.submit(video())),
    "create": ("/v3/videos", lambda heygen, _, __: heygen.videos.create(video())),
    "create with a file": ("/v3/assets", lambda heygen, _, path: heygen.videos.create(_of(path))),
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


def _of(path: Path) -> ImageVideo:
    return ImageVideo(image=LocalFile(path), script="Hello", voice_id="YOUR_VOICE_ID")


def _suit() -> TemplateLooks:
    return TemplateLooks(reference_look_id=PHOTO, template_id="suit")


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
    assert lanes(heygen) == (0, 0, 0, 0)
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
        assert lanes(heygen) == (0, 0, 0, 0)
        assert {path.name for path in picture.parent.iterdir()} <= {picture.name, "out.mp4"}
        picture.with_name("out.mp4").unlink(missing_ok=True)


# The end.


async def test_a_closed_client_says_so(heygen: HeyGen, clock: ManualClock, tmp_path: Path) -> None:
    done, open_ = await finished(heygen, clock), await heygen.videos.create(video())
    async with no_task_left():
        await heygen.aclose()
        await heygen.aclose()
    calls = [
        heygen.users.me(),
        heygen.videos.create(video()),
        heygen.voices.list().first(),
        heygen.videos.job(open_.id).wait(),
        open_.wait(),
        open_.download(tmp_path / "x.mp4"),
    ]
    for call in calls:
        with pytest.raises(ClientMisused, match="the client is closed"):
            await call
    assert lanes(heygen) == (0, 0, 0, 0)
    assert (await done).status == "completed"


async def test_closing_wakes_those_who_wait_for_a_slot(heygen: HeyGen) -> None:
    _, eleventh = await full_house(heygen)
    await heygen.aclose()
    with pytest.raises(ClientMisused, match="the client is closed"):
        await eleventh
    assert lanes(heygen) == (0, 0, 0, 0)


async def test_closing_closes_the_connections_even_when_it_is_cancelled(heygen: HeyGen) -> None:
    waiting = asyncio.create_task((await heygen.videos.create(video())).wait())
    await asyncio.sleep(0)
    session = await heygen._desk._connections.session()
    async with no_task_left():
        closing = asyncio.create_task(heygen.aclose())
        await asyncio.sleep(0)
        closing.cancel()
        with suppress(asyncio.CancelledError):
            await closing
        with pytest.raises(ClientMisused):
            await waiting
    assert session.closed


async def test_a_client_with_other_options_shares_connections_lanes_and_uploads(
    heygen: HeyGen, emulator: Emulator, clock: ManualClock, picture: Path
) -> None:
    patient = heygen.with_options(attrs.evolve(heygen.options, polling=Polling(tick=10)))
    assert patient.options.polling.tick == 10
    assert heygen.options.polling.tick == 2
    first, second = await heygen.videos.create(_of(picture)), await patient.videos.create(_of(picture))
    assert lanes(heygen) == lanes(patient) == (2, 0, 0, 0)
    assert emulator.log.counts["POST /v3/assets"] == 1
    assert patient._desk._connections is heygen._desk._connections
    await clock.drive(asyncio.gather(first, second))
    await patient.aclose()
    assert (await heygen.users.me()).username == "emulator"


async def test_a_client_with_other_limits_has_lanes_of_its_own(heygen: HeyGen) -> None:
    narrow = heygen.with_options(Options(limits=Limits(renders=1)))
    await narrow.videos.create(video())
    assert lanes(narrow) == (1, 0, 0, 0)
    assert lanes(heygen) == (0, 0, 0, 0)


async def test_closing_a_client_closes_those_that_were_made_of_it(heygen: HeyGen) -> None:
    job = await heygen.with_options(Options()).with_options(Options()).videos.create(video())
    gc.collect()
    assert our_tasks() == {"heygen_async watcher"}
    async with no_task_left():
        await heygen.aclose()
    with pytest.raises(ClientMisused):
        await job


# From one loop to the next.


@contextmanager
def elsewhere() -> Iterator[Emulator]:
    """An emulator in a thread and a loop of its own, a thousand times as fast as the world."""
    emulator = Emulator(speed=1000, synthetic=3000, render_seconds=60)
    with start_blocking_portal() as portal, portal.wrap_async_context_manager(emulator):
        yield emulator


FAST = Options(polling=Polling(tick=0.01))


def test_a_client_lives_from_one_loop_to_the_next(tmp_path: Path, collected: None) -> None:
    with elsewhere() as emulator:
        heygen = HeyGen(emulator.api_key, base_url=emulator.url, options=FAST)
        job = asyncio.run(heygen.videos.create(video("Cell")))
        assert asyncio.run(job.download(tmp_path)).name == "Cell.mp4"
        assert asyncio.run(_read(job)).id == job.id
        asyncio.run(heygen.aclose())
        with pytest.raises(ClientMisused):
            asyncio.run(heygen.videos.create(video()))


def test_a_client_that_nobody_closes_leaves_no_warning(tmp_path: Path, collected: None) -> None:
    with elsewhere() as emulator:
        job = asyncio.run(HeyGen(emulator.api_key, base_url=emulator.url, options=FAST).videos.create(video()))
        assert job.status == "waiting"


def test_slots_of_an_earlier_loop_come_back(collected: None) -> None:
    with elsewhere() as emulator:
        heygen = HeyGen(emulator.api_key, base_url=emulator.url, options=attrs.evolve(FAST, limits=Limits(renders=1)))
        first = asyncio.run(heygen.videos.create(video()))
        second = asyncio.run(heygen.videos.create(video()))
        assert first.done()
        assert not second.done()
        asyncio.run(heygen.aclose())


async def _read(job: VideoJob) -> Video:
    return await job
