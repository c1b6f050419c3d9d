"""The client: how it is made, slots that always come back, files, and an end that leaves nothing."""

import asyncio
import gc
import traceback
from contextlib import suppress
from io import BytesIO
from pathlib import Path

import aiohttp
import attrs
import pytest
from elsewhere import FAST, elsewhere
from runs import PNG, arrived, files, finished, places, talking, video
from tidy import no_task_left, our_tasks

from heygen_async import (
    AvatarVideo,
    ClientMisused,
    DownloadFailed,
    HeyGen,
    JobFailed,
    Limits,
    ManualClock,
    NotFound,
    Options,
    OutOfCredit,
    Polling,
    TargetExists,
    Video,
    VideoJob,
)
from heygen_async.emulator import Emulator, Expired, FailRender, Fault, Hang, NoLink, Refuse

pytestmark = pytest.mark.anyio


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    path = tmp_path / "face.png"
    path.write_bytes(PNG)
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


def test_a_group_is_made_when_somebody_asks_for_it_and_kept() -> None:
    heygen, other = HeyGen("key"), HeyGen("key")
    assert {"videos", "lipsyncs", "legacy"} <= {*dir(heygen)}
    assert "lipsyncs" not in vars(heygen)
    assert heygen.lipsyncs is heygen.lipsyncs
    assert heygen.lipsyncs is not other.lipsyncs
    assert repr(HeyGen.lipsyncs) == "<heygen.lipsyncs>"


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


# Slots.


async def full_house(heygen: HeyGen) -> tuple[list[VideoJob], "asyncio.Task[VideoJob]"]:
    """Ten that render, and one that waits."""
    jobs = [await heygen.videos.create(video()) for _ in range(10)]
    eleventh = asyncio.create_task(heygen.videos.create(video("Eleventh")))
    await asyncio.sleep(0)
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
    assert places(heygen) == (0, 0, 0, 0)


async def test_whoever_gives_up_waiting_takes_no_slot(heygen: HeyGen, clock: ManualClock) -> None:
    jobs, eleventh = await full_house(heygen)
    eleventh.cancel()
    with pytest.raises(asyncio.CancelledError):
        await eleventh
    assert places(heygen) == (10, 0, 0, 0)
    await clock.drive(asyncio.gather(*jobs))
    assert places(heygen) == (0, 0, 0, 0)


async def test_a_render_that_fails_gives_its_slot_back(heygen: HeyGen, emulator: Emulator, clock: ManualClock) -> None:
    emulator.faults.add(Fault(FailRender()))
    job = await heygen.videos.create(video())
    assert places(heygen)[0] == 1
    with pytest.raises(JobFailed):
        await clock.drive(job.wait())
    assert places(heygen) == (0, 0, 0, 0)


async def test_a_refused_creation_gives_its_slot_back(heygen: HeyGen, emulator: Emulator) -> None:
    emulator.faults.add(Fault(Refuse(402, "insufficient_credit"), method="POST", times=1))
    with pytest.raises(OutOfCredit):
        await heygen.videos.create(video())
    with pytest.raises(NotFound):
        await heygen.videos.create(AvatarVideo(avatar_id="nobody", script="Hello"))
    assert places(heygen) == (0, 0, 0, 0)


async def test_a_creation_that_is_cancelled_on_its_way_gives_its_slot_back(heygen: HeyGen, emulator: Emulator) -> None:
    emulator.faults.add(Fault(Hang(), method="POST", times=1))
    creating = asyncio.create_task(heygen.videos.create(video()))
    await arrived(emulator)
    assert places(heygen) == (1, 1, 1, 0)
    async with no_task_left():
        creating.cancel()
        with pytest.raises(asyncio.CancelledError):
            await creating
    assert places(heygen) == (0, 0, 0, 0)


async def test_whoever_is_cancelled_between_the_two_queues_gives_the_render_slot_back(
    emulator: Emulator, clock: ManualClock
) -> None:
    options = Options(limits=Limits(submissions=1))
    async with HeyGen(emulator.api_key, base_url=emulator.url, clock=clock, options=options) as heygen:
        emulator.faults.add(Fault(Hang(), method="POST", times=1))
        first, second = (asyncio.create_task(heygen.videos.create(video())) for _ in range(2))
        await arrived(emulator)
        assert places(heygen) == (2, 2, 1, 0)
        for creating in (second, first):
            creating.cancel()
            with pytest.raises(asyncio.CancelledError):
                await creating
        assert places(heygen) == (0, 0, 0, 0)


# Files.


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
    await job.download(file)
    assert file.getvalue() == (tmp_path / "x.mp4").read_bytes()
    assert len(file.getvalue()) == 3000
    assert places(heygen) == (0, 0, 0, 0)


async def test_a_transparent_video_in_a_folder_is_called_webm(
    heygen: HeyGen, clock: ManualClock, tmp_path: Path
) -> None:
    job = await finished(heygen, clock, title="Clear", output_format="webm")
    with suppress(DownloadFailed):  # a synthetic video is an MP4 whatever was asked for
        assert (await job.download(tmp_path)).name == "Clear.webm"
    assert {Path(name).suffix for name in files(tmp_path)} <= {".webm"}


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
    assert files(tmp_path) == {}


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
    assert places(heygen) == (0, 0, 0, 0)
    assert (await done).status == "completed"


async def test_closing_wakes_those_who_wait_for_a_slot(heygen: HeyGen) -> None:
    _, eleventh = await full_house(heygen)
    await heygen.aclose()
    with pytest.raises(ClientMisused, match="the client is closed"):
        await eleventh
    assert places(heygen) == (0, 0, 0, 0)


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
    first, second = await heygen.videos.create(talking(picture)), await patient.videos.create(talking(picture))
    assert places(heygen) == places(patient) == (2, 0, 0, 0)
    assert emulator.log.counts["POST /v3/assets"] == 1
    assert patient._desk._connections is heygen._desk._connections
    await clock.drive(asyncio.gather(first, second))
    await patient.aclose()
    assert (await heygen.users.me()).username == "emulator"


async def test_a_client_with_other_limits_has_lanes_of_its_own(heygen: HeyGen) -> None:
    narrow = heygen.with_options(Options(limits=Limits(renders=1)))
    await narrow.videos.create(video())
    assert places(narrow) == (1, 0, 0, 0)
    assert places(heygen) == (0, 0, 0, 0)


async def test_closing_a_client_closes_those_that_were_made_of_it(heygen: HeyGen) -> None:
    job = await heygen.with_options(Options()).with_options(Options()).videos.create(video())
    gc.collect()
    assert our_tasks() == {"heygen_async watcher"}
    async with no_task_left():
        await heygen.aclose()
    with pytest.raises(ClientMisused):
        await job


# From one loop to the next.


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


async def test_a_file_object_that_takes_no_bytes_is_refused_before_anything_is_waited_for(
    heygen: HeyGen, tmp_path: Path
) -> None:
    job = heygen.videos.job("any")
    (tmp_path / "readable").touch()
    for mode in ("w", "rb"):
        with (tmp_path / "readable").open(mode) as file, pytest.raises(DownloadFailed, match="binary mode") as caught:
            await job.download(file)  # type: ignore[call-overload]  # that is what is tested
        assert caught.value.job is job


async def test_a_video_shows_its_links_without_their_signatures(heygen: HeyGen, clock: ManualClock) -> None:
    job = await finished(heygen, clock)
    video = await job
    assert "Signature" in (video.video_url or "")
    assert "Signature" not in repr(video)
    assert "/files/video/" in repr(video)


async def test_a_webm_that_is_picked_up_by_its_id_keeps_its_ending(
    heygen: HeyGen, clock: ManualClock, tmp_path: Path
) -> None:
    job = await finished(heygen, clock, title="Clear", output_format="webm")
    path = await heygen.videos.job(job.id).download(tmp_path)
    assert path.name == "Clear.webm"


@pytest.mark.parametrize(("key", "base"), [("sk_V2_secret\x00", None), ("sk_V2_secret", "http://example.com")])
def test_a_refused_constructor_shows_the_key_in_no_frame_of_ours(key: str, base: str | None) -> None:
    with pytest.raises(ClientMisused) as caught:
        HeyGen(key, base_url=base)
    frames = traceback.TracebackException.from_exception(caught.value, capture_locals=True).stack
    ours = [frame for frame in frames if "heygen_async" in frame.filename]
    assert {frame.name for frame in ours} >= {"__init__"}
    assert all("secret" not in str(frame.locals) for frame in ours)


async def test_a_client_that_only_reads_keeps_no_uploads(emulator: Emulator, heygen: HeyGen) -> None:
    await heygen.users.me()
    with pytest.raises(NotFound):
        await heygen.videos.get("0123456789abcdef0123456789abcdef")
    assert heygen._desk._uploads is None
