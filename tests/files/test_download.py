"""A finished video on its way: to where it was wanted, whole or not at all."""

import io
import logging
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO, cast

import pytest
from films import FILM, MEGABYTE, OTHER, VIDEO, Fetching, Pipe, cut, failed, film, got, names, rest, whole
from hosts import answer, hosted

from heygen_async import AvatarVideo, HeyGen, ManualClock, VideoJob
from heygen_async.emulator import Emulator
from heygen_async.emulator.faults import Cut, Expired, Fault, Refuse, WrongLength
from heygen_async.errors import ConnectionFailed, DownloadFailed, NotFound, TargetExists
from heygen_async.files.download import into_path
from heygen_async.options import Retry

pytestmark = pytest.mark.anyio


@pytest.fixture
async def heygen(clock: ManualClock) -> AsyncIterator[HeyGen]:
    """A client whose transport fetches the files; its API is not asked."""
    async with HeyGen("k", base_url="http://localhost", clock=clock) as client:
        yield client


@pytest.fixture
async def job(emulator: Emulator, clock: ManualClock) -> AsyncIterator[VideoJob]:
    """A video that is completed."""
    async with HeyGen(emulator.api_key, base_url=emulator.url, clock=clock) as client:
        job = await client.videos.create(VIDEO)
        await clock.drive(job.wait())
        yield job


# Where it goes.


async def test_a_video_comes_to_a_path(emulator: Emulator, job: VideoJob, tmp_path: Path) -> None:
    target = tmp_path / "new" / "folders" / "hello.mp4"
    assert await job.download(target) == target
    assert target.stat().st_size == 3000
    assert names(target.parent) == ["hello.mp4"]
    (served,) = emulator.log.requests(path="/files/*")
    assert (served.status, served.with_key) == (200, False)


async def test_a_video_comes_into_a_folder_under_its_title(job: VideoJob, tmp_path: Path) -> None:
    assert await job.download(tmp_path) == tmp_path / "A greeting.mp4"
    assert await job.download(f"{tmp_path}/new/") == tmp_path / "new" / "A greeting.mp4"


async def test_a_video_without_a_title_is_named_after_its_id(
    emulator: Emulator, clock: ManualClock, tmp_path: Path
) -> None:
    async with HeyGen(emulator.api_key, base_url=emulator.url, clock=clock) as client:
        job = await client.videos.create(AvatarVideo(avatar_id="Anna_public_3_20240108", script="Hello!"))
        path = await clock.drive(job.download(tmp_path))
    assert path == tmp_path / f"{job.id}.mp4"


async def test_a_video_comes_into_an_open_file(job: VideoJob, tmp_path: Path) -> None:
    memory = io.BytesIO(b"before")
    memory.seek(6)
    await job.download(memory)
    await job.download(tmp_path / "film.mp4")
    assert memory.getvalue() == b"before" + (tmp_path / "film.mp4").read_bytes()
    with (tmp_path / "own.mp4").open("wb") as own:
        await job.download(own)
        assert not own.closed
    assert (tmp_path / "own.mp4").read_bytes() == (tmp_path / "film.mp4").read_bytes()


async def test_a_file_that_takes_no_bytes_is_refused_before_anything_is_waited_for(
    emulator: Emulator, job: VideoJob, tmp_path: Path
) -> None:
    for wrong in (io.StringIO(), io.TextIOWrapper(io.BytesIO()), io.BufferedReader(cast(io.RawIOBase, io.BytesIO()))):
        with pytest.raises(DownloadFailed, match="the file object takes no bytes"):
            await job.download(cast(BinaryIO, wrong))
    assert not emulator.log.requests(path="/files/*")


async def test_a_video_that_renders_is_waited_for(emulator: Emulator, clock: ManualClock, tmp_path: Path) -> None:
    async with HeyGen(emulator.api_key, base_url=emulator.url, clock=clock) as client:
        job = await client.videos.create(VIDEO)
        await clock.drive(job.download(tmp_path / "film.mp4"))
    assert clock.now() >= 60


async def test_a_file_that_is_there_is_kept(emulator: Emulator, job: VideoJob, tmp_path: Path) -> None:
    target = tmp_path / "film.mp4"
    target.write_bytes(b"mine")
    with pytest.raises(TargetExists, match="exists already") as caught:
        await job.download(target)
    assert (caught.value.path, target.read_bytes()) == (target, b"mine")
    assert not emulator.log.requests(path="/files/*")
    await job.download(target, overwrite=True)
    assert target.stat().st_size == 3000


async def test_a_link_that_leads_nowhere_is_kept_too(job: VideoJob, tmp_path: Path) -> None:
    target = tmp_path / "film.mp4"
    target.symlink_to(tmp_path / "nowhere")
    with pytest.raises(TargetExists):
        await job.download(target)


async def test_a_file_that_comes_meanwhile_is_kept(heygen: HeyGen, tmp_path: Path) -> None:
    target = tmp_path / "film.mp4"
    async with hosted(whole(), before=lambda: target.write_bytes(b"mine")) as host:
        with pytest.raises(TargetExists) as caught:
            await Fetching(heygen, [host.url]).to(target)
        assert caught.value.path == target
        assert (names(tmp_path), target.read_bytes()) == (["film.mp4"], b"mine")
        await Fetching(heygen, [host.url]).to(target, overwrite=True)
    assert target.read_bytes() == FILM


# When the link or the file is wrong.


@pytest.mark.parametrize("status", [403, 404, 410, 400])
async def test_a_link_that_has_expired_is_replaced(heygen: HeyGen, tmp_path: Path, status: int) -> None:
    content, host, fetching = await got([cut(whole(), 3000), answer(status), rest(2000)], heygen, tmp_path)
    assert content == FILM
    assert fetching.fresh == [False, False, True]
    assert [head.partition(" HTTP")[0] for head in host.heads[1:]] == [
        "GET /v1.mp4?Signature=s1",
        "GET /v1.mp4?Signature=s2",
    ]


@pytest.mark.parametrize("status", [500, 503])
async def test_a_host_in_trouble_is_asked_again_under_the_same_link(
    heygen: HeyGen, tmp_path: Path, status: int
) -> None:
    content, _, fetching = await got([answer(status), whole()], heygen, tmp_path)
    assert content == FILM
    assert fetching.fresh == [False, False]


async def test_the_emulator_gives_a_fresh_link(
    emulator: Emulator, job: VideoJob, clock: ManualClock, tmp_path: Path
) -> None:
    emulator.faults.add(Fault(Expired(), path="/files/*", times=1))
    asked = len(emulator.log.requests(path=f"/v3/videos/{job.id}"))
    await clock.drive(job.download(tmp_path))
    assert len(emulator.log.requests(path=f"/v3/videos/{job.id}")) == asked + 1
    assert [served.status for served in emulator.log.requests(path="/files/*")] == [403, 200]


async def test_a_link_that_is_a_week_old_is_replaced(
    emulator: Emulator, job: VideoJob, clock: ManualClock, tmp_path: Path
) -> None:
    await clock.advance(8 * 86_400)
    await clock.drive(job.download(tmp_path))
    assert [served.status for served in emulator.log.requests(path="/files/*")] == [403, 200]


async def test_a_video_that_was_deleted_is_not_found(
    emulator: Emulator, job: VideoJob, clock: ManualClock, tmp_path: Path
) -> None:
    emulator.faults.add(Fault(Expired(), path="/files/*"))
    del emulator.account.videos[job.id]
    with pytest.raises(NotFound):
        await clock.drive(job.download(tmp_path / "film.mp4"))
    assert names(tmp_path) == []


async def test_an_api_that_is_down_is_not_a_wrong_disk(heygen: HeyGen, tmp_path: Path) -> None:
    async with hosted(answer(403)) as host:
        fetching = Fetching(heygen, [host.url], error=ConnectionFailed("no answer", sent=True))
        with pytest.raises(ConnectionFailed, match="no answer"):
            await fetching.to(tmp_path / "film.mp4")
    assert names(tmp_path) == []


async def test_a_promise_of_too_many_bytes_does_not_keep_us_for_ever(
    emulator: Emulator, job: VideoJob, clock: ManualClock, tmp_path: Path
) -> None:
    emulator.faults.add(Fault(WrongLength(extra=100), path="/files/*"))
    with pytest.raises(DownloadFailed, match="could not be downloaded"):
        await clock.drive(job.download(tmp_path / "film.mp4"))
    assert len(emulator.log.requests(path="/files/*")) <= 2 * Retry().attempts
    assert names(tmp_path) == []


async def test_a_video_that_is_shorter_than_its_boxes_is_not_whole(
    emulator: Emulator, job: VideoJob, clock: ManualClock, tmp_path: Path
) -> None:
    emulator.faults.add(Fault(WrongLength(extra=-100), path="/files/*"))
    with pytest.raises(DownloadFailed, match=r"film\.mp4 is not whole: it is not an MP4, or was cut") as caught:
        await clock.drive(job.download(tmp_path / "film.mp4"))
    assert (caught.value.path, caught.value.retryable) == (tmp_path / "film.mp4", True)
    assert names(tmp_path) == []


@pytest.mark.parametrize(
    ("body", "reason"),
    [(b"<html>Sign in</html>", "it is not an MP4"), (b"", "it is empty"), (film(100)[:24], "lacks the MP4 box mdat")],
)
async def test_what_is_no_video_is_not_kept(heygen: HeyGen, tmp_path: Path, body: bytes, reason: str) -> None:
    error, host = await failed([answer(200, body)], heygen, tmp_path)
    assert reason in str(error)
    assert len(host.heads) == 1


async def test_what_need_not_be_a_video_is_taken_by_its_length(heygen: HeyGen, tmp_path: Path) -> None:
    async with hosted(answer(200, b"1\n00:00 --> 00:01\nHello!")) as host:
        await into_path(tmp_path / "film.srt", Fetching(heygen, [host.url]).begin, overwrite=False, flaw=None)
    assert names(tmp_path) == ["film.srt"]


async def test_no_error_and_no_log_line_shows_a_signature(
    emulator: Emulator, job: VideoJob, clock: ManualClock, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, logger="heygen_async")
    link = job.result().video_url
    assert link is not None
    emulator.faults.add(Fault(Cut(after=100), path="/files/*", times=1))
    emulator.faults.add(Fault(Expired(), path="/files/*", times=1))
    emulator.faults.add(Fault(Refuse(500, "x"), path="/files/*", times=4))
    with pytest.raises(DownloadFailed) as caught:
        await clock.drive(job.download(tmp_path / "film.mp4"))
    assert "GET http://127.0.0.1" in caplog.text
    assert "Signature" in link
    assert "Signature" not in caplog.text + str(caught.value) + repr(caught.value)


# When the disk or the file object is wrong.


@pytest.mark.parametrize("target", ["file/film.mp4", "file/deeper/film.mp4", "folder"])
async def test_a_target_that_cannot_be_is_a_failed_download(heygen: HeyGen, tmp_path: Path, target: str) -> None:
    (tmp_path / "file").write_bytes(b"mine")
    (tmp_path / "folder").mkdir()
    async with hosted(whole()) as host:
        with pytest.raises(DownloadFailed, match="could not be written") as caught:
            await Fetching(heygen, [host.url]).to(tmp_path / target, overwrite=True)
    assert caught.value.path == tmp_path / target
    assert names(tmp_path) == ["file", "folder"]
    assert names(tmp_path / "folder") == []
    assert (tmp_path / "file").read_bytes() == b"mine"


@contextmanager
def largest_file(size: int) -> Iterator[None]:
    """Let the operating system refuse to make a file larger than this."""
    resource = pytest.importorskip("resource")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.mark.parametrize("size", [5000, 3 * MEGABYTE], ids=["at the end", "in the middle"])
async def test_a_disk_that_takes_no_more_fails_the_download(heygen: HeyGen, tmp_path: Path, size: int) -> None:
    async with hosted(whole(film(size))) as host:
        with largest_file(4096), pytest.raises(DownloadFailed, match="could not be written: File too large") as caught:
            await Fetching(heygen, [host.url]).to(tmp_path / "film.mp4")
    assert caught.value.path == tmp_path / "film.mp4"
    assert names(tmp_path) == []


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no full device")
async def test_a_full_disk_behind_a_file_object_fails_the_download(heygen: HeyGen) -> None:
    async with hosted(whole()) as host:
        with opened(Path("/dev/full")) as full, pytest.raises(DownloadFailed, match="written: No space left on device"):
            await Fetching(heygen, [host.url]).into(full)


def opened(path: Path) -> BinaryIO:
    return cast(BinaryIO, path.open("r+b" if path.exists() else "w+b", buffering=0))


async def test_a_file_object_may_take_a_part_at_a_time(heygen: HeyGen) -> None:
    pipe = Pipe(most=7)
    async with hosted(whole()) as host:
        await Fetching(heygen, [host.url]).into(cast(BinaryIO, pipe))
    assert pipe.content == FILM


async def test_a_file_object_that_counts_nothing_is_believed(heygen: HeyGen) -> None:
    class Silent(Pipe):
        def write(self, block: Any, /) -> Any:
            super().write(block)

    pipe = Silent()
    async with hosted(whole()) as host:
        await Fetching(heygen, [host.url]).into(cast(BinaryIO, pipe))
    assert pipe.content == FILM


@pytest.mark.parametrize("etag", ['"v1"', None])
async def test_a_stream_that_has_the_beginning_gets_only_the_rest(heygen: HeyGen, etag: str | None) -> None:
    pipe = Pipe()
    answers: list[Any] = [cut(whole(FILM, etag), 3000), cut(whole(FILM, etag), 4000), whole(FILM, etag)]
    async with hosted(*answers) as host:
        await Fetching(heygen, [host.url]).into(cast(BinaryIO, pipe))
    assert pipe.content == FILM


@pytest.mark.parametrize("answers", [[whole(OTHER, '"v2"')], [answer(416)]], ids=["another file", "no way on"])
async def test_a_stream_that_cannot_give_back_ends_when_the_file_changes(heygen: HeyGen, answers: list[bytes]) -> None:
    pipe = Pipe()
    async with hosted(cut(whole(), 3000), *answers) as host:
        with pytest.raises(DownloadFailed, match="a stream that cannot seek gives nothing back"):
            await Fetching(heygen, [host.url]).into(cast(BinaryIO, pipe))
    assert pipe.content == FILM[:2000]


async def test_a_file_object_that_can_seek_gives_back_what_came(heygen: HeyGen, tmp_path: Path) -> None:
    with (tmp_path / "own").open("w+b") as own:
        own.write(b"before")
        async with hosted(cut(whole(film(6000)), 1000), whole(OTHER, '"v2"')) as host:
            await Fetching(heygen, [host.url]).into(own)
    assert (tmp_path / "own").read_bytes() == b"before" + OTHER


async def test_a_file_object_that_has_nothing_yet_may_begin_anew(heygen: HeyGen) -> None:
    pipe = Pipe()
    async with hosted(answer(416), whole()) as host:
        await Fetching(heygen, [host.url]).into(cast(BinaryIO, pipe))
    assert pipe.content == FILM
