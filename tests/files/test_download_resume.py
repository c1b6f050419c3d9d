"""A video that was cut goes on where it ended, as long as it is the same and something comes."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from films import FILM, MEGABYTE, OTHER, VIDEO, Fetching, cut, failed, film, got, names, ranges, rest, whole
from hosts import Deed, answer, hosted

from heygen_async import HeyGen, ManualClock
from heygen_async.emulator import Emulator
from heygen_async.emulator.faults import Cut, Fault
from heygen_async.errors import DownloadFailed
from heygen_async.options import Retry

pytestmark = pytest.mark.anyio


@pytest.fixture
async def heygen(clock: ManualClock) -> AsyncIterator[HeyGen]:
    """A client whose transport fetches the files; its API is not asked."""
    async with HeyGen("k", base_url="http://localhost", clock=clock) as client:
        yield client


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
