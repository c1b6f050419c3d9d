"""A finished video on its way to disk: whole or not at all, resumed where it was cut, in little memory."""

import asyncio
import io
import logging
import struct
import threading
import tracemalloc
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO, cast

import anyio
import pytest
from attrs import define, field
from hosts import Deed, Host, answer, hosted
from threads import SlowThreads

from heygen_async import AvatarVideo, HeyGen, ManualClock, VideoJob
from heygen_async.download import Download, Sink, into_file, into_path
from heygen_async.emulator import Emulator
from heygen_async.emulator.faults import Cut, Expired, Fault, Refuse, WrongLength
from heygen_async.errors import ConnectionFailed, DownloadFailed, NotFound, TargetExists
from heygen_async.options import Limits, Options, Retry

pytestmark = pytest.mark.anyio

VIDEO = AvatarVideo(avatar_id="Anna_public_3_20240108", script="Hello!", title="A greeting")
MEGABYTE = 2**20


def film(size: int, mark: int = 0) -> bytes:
    """A film of `size` bytes; each mark makes another one."""
    head = struct.pack(">I4s8x", 16, b"ftyp") + struct.pack(">I4s", 8, b"moov")
    filler = bytes((at * 7 + mark) % 251 for at in range(min(size, 10_000)))
    rest = size - len(head) - 8
    return head + struct.pack(">I4s", rest + 8, b"mdat") + (filler * (rest // len(filler) + 1))[:rest]


FILM = film(5000)
OTHER = film(5000, mark=1)


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def whole(content: bytes = FILM, etag: str | None = '"v1"') -> bytes:
    return answer(200, content, ETag=etag)


def rest(start: int, content: bytes = FILM, etag: str | None = '"v1"', total: object = None) -> bytes:
    """The end of a film, from `start` on."""
    span = f"bytes {start}-{len(content) - 1}/{len(content) if total is None else total}"
    return answer(206, content[start:], ETag=etag, Content_Range=span)


def cut(complete: bytes, left_out: int) -> list[bytes | Deed]:
    """An answer that ends so many bytes too early."""
    return [complete[:-left_out], Deed.PAUSE]


@define
class Fetching:
    """A download by means of a client's transport, from one address or another."""

    heygen: HeyGen
    links: list[str]
    """The first address, and those that a fresh link brings; the last one again and again."""

    retry: Retry = field(factory=Retry)
    fresh: list[bool] = field(factory=list)
    """What kind of link was asked for, each time."""

    error: Exception | None = None
    """What asking for a fresh one ends in."""

    async def link(self, fresh: bool) -> str:
        await asyncio.sleep(0)
        self.fresh.append(fresh)
        if fresh and self.error is not None:
            raise self.error
        if fresh and len(self.links) > 1:
            del self.links[0]
        return self.links[0]

    def begin(self, sink: Sink) -> Download:
        desk = self.heygen._desk
        return Download(desk.transport.fetch, self.link, sink, self.retry, desk.clock, "video v1")

    async def to(self, target: Path, *, overwrite: bool = False) -> Path:
        clock = cast(ManualClock, self.heygen._desk.clock)
        return await clock.drive(into_path(target, self.begin, overwrite=overwrite))

    async def into(self, file: BinaryIO) -> None:
        clock = cast(ManualClock, self.heygen._desk.clock)
        await clock.drive(into_file(file, self.begin))


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


async def until(ready: Callable[[], bool]) -> None:
    """Wait for what threads and sockets do."""
    with anyio.fail_after(5):
        while not ready():  # noqa: ASYNC110  # neither sets an event
            await asyncio.sleep(0.001)


async def got(answers: list[Any], heygen: HeyGen, folder: Path, **more: Any) -> tuple[bytes, Host, Fetching]:
    """Download what a host with these answers has, and check that nothing else is left."""
    async with hosted(*answers) as host:
        fetching = Fetching(heygen, [f"{host.url}/v1.mp4?Signature=s1", f"{host.url}/v1.mp4?Signature=s2"], **more)
        path = await fetching.to(folder / "film.mp4")
    assert names(folder) == ["film.mp4"]
    return path.read_bytes(), host, fetching


async def failed(answers: list[Any], heygen: HeyGen, folder: Path, **more: Any) -> tuple[DownloadFailed, Host]:
    """Try to download from a host with these answers, and check that nothing is left."""
    async with hosted(*answers) as host:
        with pytest.raises(DownloadFailed) as caught:
            await Fetching(heygen, [f"{host.url}/v1.mp4?Signature=s1"], **more).to(folder / "film.mp4")
    assert names(folder) == []
    assert caught.value.path == folder / "film.mp4"
    return caught.value, host


def ranges(host: Host) -> list[str | None]:
    return [host.header("Range", at) for at in range(len(host.heads))]


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


# When the connection is cut.


async def test_a_video_that_is_cut_goes_on_where_it_ended(heygen: HeyGen, tmp_path: Path) -> None:
    content, host, fetching = await got([cut(whole(), 3500), cut(rest(1500), 1000), rest(4000)], heygen, tmp_path)
    assert content == FILM
    assert ranges(host) == [None, "bytes=1500-", "bytes=4000-"]
    assert [host.header("If-Range", at) for at in range(3)] == [None, '"v1"', '"v1"']
    assert fetching.fresh == [False] * 3


async def test_the_emulator_agrees_about_ranges(clock: ManualClock, tmp_path: Path) -> None:
    async with Emulator(clock=clock, synthetic=3 * MEGABYTE, render_seconds=60) as emulator:
        emulator.faults.add(Fault(Cut(after=MEGABYTE), path="/files/*", times=2))
        async with HeyGen("k", base_url=emulator.url, clock=clock) as client:
            job = await client.videos.create(VIDEO)
            path = await clock.drive(job.download(tmp_path / "cut.mp4"))
            again = await clock.drive(job.download(tmp_path / "whole.mp4"))
            assert client._desk.lanes.downloads.taken == 0
    assert path is not None
    assert again is not None
    assert path.read_bytes() == again.read_bytes()
    *cut_off, resumed, at_once = emulator.log.requests(path="/files/*")
    assert (len(cut_off), resumed.status, at_once.status) == (2, 206, 200)


async def test_as_long_as_something_comes_it_goes_on(heygen: HeyGen, tmp_path: Path) -> None:
    answers = [cut(whole(), 4900), *(cut(rest(at), 4900 - at) for at in range(100, 1000, 100)), rest(1000)]
    content, host, _ = await got(answers, heygen, tmp_path, retry=Retry(attempts=2))
    assert content == FILM
    assert ranges(host)[1:] == [f"bytes={at}-" for at in range(100, 1100, 100)]


async def test_when_nothing_comes_any_more_it_ends(heygen: HeyGen, tmp_path: Path, clock: ManualClock) -> None:
    error, host = await failed([cut(whole(), 3000), [Deed.RESET]], heygen, tmp_path, retry=Retry(attempts=3))
    assert "video v1 could not be downloaded: the connection to the file's host was lost" in str(error)
    assert "(tried 3 times; 2,000 bytes came)" in str(error)
    assert error.retryable
    assert len(host.heads) == 3
    assert clock.now() == 1 + 2


async def test_a_host_that_is_down_for_good_is_given_up(heygen: HeyGen, tmp_path: Path) -> None:
    async with hosted(whole()) as gone:
        pass
    fetching = Fetching(heygen, [gone.url])
    with pytest.raises(DownloadFailed, match="could not connect to the file's host") as caught:
        await fetching.to(tmp_path / "film.mp4")
    assert len(fetching.fresh) == Retry().attempts
    assert caught.value.__cause__ is None
    assert names(tmp_path) == []


async def test_a_file_of_unknown_size_is_resumed_too(heygen: HeyGen, tmp_path: Path) -> None:
    head = answer(200, ETag='"v1"', Content_Length=None, Transfer_Encoding="chunked")
    chunk = b"7d0\r\n" + FILM[:2000] + b"\r\n"
    content, host, _ = await got([[head, chunk, Deed.PAUSE], rest(2000)], heygen, tmp_path)
    assert content == FILM
    assert ranges(host) == [None, "bytes=2000-"]


async def test_a_file_of_unknown_size_that_ends_is_whole(heygen: HeyGen, tmp_path: Path) -> None:
    head = answer(200, Content_Length=None, Transfer_Encoding="chunked")
    content, _, _ = await got([[head, b"1388\r\n" + FILM + b"\r\n0\r\n\r\n"]], heygen, tmp_path)
    assert content == FILM


# When the host does not go on where it was asked to.


@pytest.mark.parametrize(
    ("answers", "asked"),
    [
        ([whole()], 2),
        ([rest(1000), whole()], 3),
        ([answer(206, FILM[2000:], ETag='"v1"'), whole()], 3),
        ([answer(206, FILM[2000:], Content_Range="bytes two-many/5000"), whole()], 3),
        ([answer(416, Content_Range="bytes */5000"), whole()], 3),
    ],
    ids=["the whole file", "another part", "no range", "an unreadable range", "no such range"],
)
async def test_a_host_that_does_not_resume_sends_all_anew(
    heygen: HeyGen, tmp_path: Path, answers: list[bytes], asked: int
) -> None:
    content, host, fetching = await got([cut(whole(), 3000), *answers], heygen, tmp_path)
    assert content == FILM
    assert ranges(host) == [None, "bytes=2000-", None][:asked]
    assert fetching.fresh == [False, False, True][:asked]


@pytest.mark.parametrize(
    "answers",
    [
        [whole(OTHER, '"v2"')],
        [rest(2000, OTHER, '"v2"'), whole(OTHER, '"v2"')],
        [rest(2000, film(6000, 1), '"v1"'), whole(OTHER, '"v2"')],
        [rest(2000, film(6000, 1), None), whole(OTHER, None)],
    ],
    ids=["If-Range is heeded", "If-Range is not heeded", "another size", "no validator"],
)
async def test_halves_of_two_files_never_meet(heygen: HeyGen, tmp_path: Path, answers: list[bytes]) -> None:
    content, _, _ = await got([cut(whole(), 3000), *answers], heygen, tmp_path)
    assert content == OTHER


async def test_a_weak_validator_is_no_condition(heygen: HeyGen, tmp_path: Path) -> None:
    content, host, _ = await got([cut(whole(FILM, 'W/"v1"'), 3000), rest(2000, FILM, 'W/"v2"')], heygen, tmp_path)
    assert content == FILM
    assert host.header("If-Range") is None


async def test_a_part_of_a_file_of_unknown_size_is_taken(heygen: HeyGen, tmp_path: Path) -> None:
    answers = [cut(whole(), 3000), cut(rest(2000, etag=None, total="*"), 1000), rest(4000)]
    content, host, _ = await got(answers, heygen, tmp_path)
    assert content == FILM
    assert host.header("If-Range") == '"v1"'


async def test_a_host_that_sends_only_a_piece_is_asked_for_the_next(heygen: HeyGen, tmp_path: Path) -> None:
    piece = answer(206, FILM[2000:3000], ETag='"v1"', Content_Range="bytes 2000-2999/5000")
    content, host, _ = await got([cut(whole(), 3000), piece, rest(3000)], heygen, tmp_path)
    assert content == FILM
    assert ranges(host) == [None, "bytes=2000-", "bytes=3000-"]


async def test_a_host_that_sends_the_beginning_again_and_again_is_given_up(heygen: HeyGen, tmp_path: Path) -> None:
    error, host = await failed([cut(whole(), 3000), answer(416)] * 20, heygen, tmp_path)
    assert "could not be downloaded" in str(error)
    assert len(host.heads) <= 2 * Retry().attempts


async def test_more_bytes_than_announced_are_not_taken(heygen: HeyGen, tmp_path: Path) -> None:
    too_much = answer(206, FILM[2000:] + b"more", ETag='"v1"', Content_Range="bytes 2000-4999/5000")
    content, _, _ = await got([cut(whole(), 3000), too_much, whole()], heygen, tmp_path)
    assert content == FILM


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
    with pytest.raises(DownloadFailed, match=r"film\.mp4 is not a whole video: it is not an MP4, or was cut") as caught:
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


class Pipe(io.RawIOBase):
    """A file object that cannot seek, and takes no more than `most` bytes at once."""

    def __init__(self, most: int = 10**9) -> None:
        self.most = most
        self.content = b""

    def writable(self) -> bool:
        return True

    def write(self, block: Any, /) -> int:
        taken = bytes(block[: self.most])
        self.content += taken
        return len(taken)


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


# Memory.


async def test_two_hundred_megabytes_take_little_memory(heygen: HeyGen, tmp_path: Path) -> None:
    block, count = b"\xaa" * MEGABYTE, 200
    head = film(64)[:24] + struct.pack(">I4s", count * MEGABYTE + 8, b"mdat")
    announced = answer(200, head, Content_Length=len(head) + count * MEGABYTE)
    async with hosted([announced, *[block] * count]) as host:
        tracemalloc.start()
        try:
            path = await Fetching(heygen, [host.url]).to(tmp_path / "film.mp4")
            _, peak = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
    assert path.stat().st_size == len(head) + count * MEGABYTE
    assert peak < 20 * MEGABYTE
    path.unlink()


# Cancelling.


async def test_cancelling_in_mid_file_leaves_nothing(clock: ManualClock, tmp_path: Path, collected: None) -> None:
    options = Options(limits=Limits(downloads=1))
    async with (
        Emulator(clock=clock, synthetic=3000, render_seconds=60) as emulator,
        HeyGen("k", base_url=emulator.url, clock=clock, options=options) as client,
    ):
        job = await client.videos.create(VIDEO)
        await clock.drive(job.wait())
        emulator.faults.add(Fault(Cut(after=100), path="/files/*", times=1))
        download = asyncio.create_task(job.download(tmp_path / "film.mp4"))
        second = asyncio.create_task(job.download(tmp_path / "second.mp4"))
        await until(lambda: bool(names(tmp_path) and clock.appointments))
        lane = client._desk.lanes.downloads
        assert [name.endswith(".part") for name in names(tmp_path)] == [True]
        assert (lane.taken, lane.waiting) == (1, 1)
        download.cancel()
        with pytest.raises(asyncio.CancelledError):
            await download
        await clock.drive(second)
        assert names(tmp_path) == ["second.mp4"]
        assert lane.taken == 0


@pytest.mark.parametrize("step", ["open", "write", "close"])
async def test_cancelling_while_the_disk_is_at_work_leaves_nothing(
    heygen: HeyGen, tmp_path: Path, collected: None, step: str
) -> None:
    disk = SlowThreads(step)
    asyncio.get_running_loop().set_default_executor(disk)
    async with hosted(whole()) as host:
        task = asyncio.create_task(
            into_path(tmp_path / "film.mp4", Fetching(heygen, [host.url]).begin, overwrite=False)
        )
        await anyio.to_thread.run_sync(disk.reached.wait)
        task.cancel()
        await asyncio.sleep(0)
        disk.go.set()
        with pytest.raises(asyncio.CancelledError):
            await task
    assert names(tmp_path) == []
    await anyio.to_thread.run_sync(partial(disk.shutdown, wait=True))
    assert names(tmp_path) == []


async def test_cancelling_at_any_moment_leaves_all_or_nothing(heygen: HeyGen, tmp_path: Path, collected: None) -> None:
    begun: set[bool] = set()
    async with hosted(whole()) as host:
        for turns in range(0, 150, 3):
            target = tmp_path / f"{turns}.mp4"
            fetching = Fetching(heygen, [host.url])
            task = asyncio.create_task(into_path(target, fetching.begin, overwrite=False))
            for _ in range(turns):
                await asyncio.sleep(0)
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
            assert not [name for name in names(tmp_path) if not name.endswith(".mp4")]
            begun.add(bool(fetching.fresh))
    assert begun == {True, False}
    assert all((tmp_path / name).read_bytes() == FILM for name in names(tmp_path))


async def test_cancelling_a_download_into_a_file_object_closes_the_connection(heygen: HeyGen) -> None:
    written = threading.Event()

    class Slow(Pipe):
        def write(self, block: Any, /) -> int:
            written.set()
            return super().write(block)

    head = answer(200, film(2 * MEGABYTE)[:MEGABYTE], Content_Length=2 * MEGABYTE)
    async with hosted([head, b"x" * 1000, Deed.HANG]) as host:
        begin: Callable[[Sink], Download] = Fetching(heygen, [host.url]).begin
        task = asyncio.create_task(into_file(cast(BinaryIO, Slow()), begin))
        await anyio.to_thread.run_sync(written.wait)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        await host.left_alone()


async def test_a_scope_of_anyio_cancels_at_every_await_and_nothing_is_left(
    heygen: HeyGen, tmp_path: Path, collected: None
) -> None:
    async with hosted(whole()) as host:
        for turns in range(0, 90, 3):
            with anyio.CancelScope() as scope:
                async with anyio.create_task_group() as group:
                    fetching = Fetching(heygen, [host.url])
                    group.start_soon(partial(into_path, tmp_path / f"{turns}.mp4", fetching.begin, overwrite=False))
                    for _ in range(turns):
                        await asyncio.sleep(0)
                    scope.cancel()
            assert not [name for name in names(tmp_path) if not name.endswith(".mp4")]
