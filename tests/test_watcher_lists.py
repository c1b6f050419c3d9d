"""One page of the account's list tells of all open jobs, and shows those that have ended, where they are on it."""

import asyncio
from collections.abc import Callable
from typing import Any

import attrs
import pytest
from hands import Hands, entry
from runs import video, videos

from heygen_async import HeyGen, JobFailed, ManualClock, NotAuthenticated, Video
from heygen_async.api.videos import VIDEO, GetVideo, GetVideoStatuses, ListVideos
from heygen_async.emulator import Emulator
from heygen_async.emulator.faults import FailRender, Fault, NoLink, Refuse
from heygen_async.errors import AnswerUnreadable, ServerFailed
from heygen_async.job import Job, Rendering
from heygen_async.operation import Page, Unread
from heygen_async.wire import READER

pytestmark = pytest.mark.anyio

LINK = "https://files.example/a.mp4"


class Listed(Hands):
    """A HeyGen with a list, the newest first."""

    def __init__(self, clock: ManualClock) -> None:
        super().__init__(clock)
        self.kind = VIDEO
        self.list: list[str] = []
        self.more: dict[str, Any] = {"video_url": LINK}
        """What the list says of each besides."""

    def job(self, video_id: str, *, word: str = "processing", picked_up: bool = False) -> Job[Video]:
        self.list.insert(0, video_id)
        return super().job(video_id, word=word, picked_up=picked_up)

    async def send(self, request: Any, *, refused: Callable[[], object] | None = None) -> Any:
        if not isinstance(request, ListVideos) or any(isinstance(request, kind) for kind in self.trouble):
            return await super().send(request, refused=refused)
        self.asked.append(request)
        shown = self.list[: request.limit]
        return Page([self._shown(each) for each in shown], has_more=len(shown) < len(self.list))

    def _shown(self, video_id: str) -> Unread[Video]:
        sent = {"id": video_id, "status": self.words.get(video_id, "processing"), **self.more}
        return Unread(sent, lambda given: READER.structure(given, Video) if given.get("status") != 7 else None)

    @property
    def names(self) -> list[str]:
        """What was asked, in order."""
        return [type(request).__name__ for request in self.asked]

    @property
    def limits(self) -> list[int | None]:
        """How much of the list was asked for."""
        return [request.limit for request in self.asked if isinstance(request, ListVideos)]


@pytest.fixture
def hands(clock: ManualClock) -> Listed:
    return Listed(clock)


def waits_for(jobs: list[Job[Video]]) -> "asyncio.Future[list[Any]]":
    return asyncio.gather(*(job.wait() for job in jobs), return_exceptions=True)


async def test_a_page_of_the_list_replaces_the_statuses_and_the_gets(emulator: Emulator, clock: ManualClock) -> None:
    async with HeyGen(emulator.api_key, base_url=emulator.url, clock=clock) as heygen:
        jobs = await asyncio.gather(*(heygen.videos.create(each) for each in videos(5)))
        made = await clock.drive(asyncio.gather(*jobs))
        looks = dict(emulator.log.counts)
        read = [await heygen.videos.get(one.id) for one in made]
    assert set(looks) == {"POST /v3/videos", "GET /v3/videos"}
    assert all(one.video_url for one in made)
    shown, got = ([attrs.asdict(each, filter=_is_no_link) for each in videos] for videos in (made, read))
    assert shown == got, "a list shows what a GET shows; each read signs its links anew"


def _is_no_link(at: "attrs.Attribute[Any]", _: object) -> bool:
    return not at.name.endswith("_url")


async def test_no_more_is_listed_than_is_needed(hands: Listed, clock: ManualClock) -> None:
    waits = waits_for([hands.job(f"{at}") for at in range(3)])
    await clock.until_appointments()
    await clock.advance(4)
    assert hands.limits == [13, 13]
    hands.words = dict.fromkeys(hands.words, "completed")
    await clock.drive(waits)
    assert hands.names == ["ListVideos"] * 3


async def test_what_others_make_pushes_ours_down_and_the_page_grows_with_it(hands: Listed, clock: ManualClock) -> None:
    waits = waits_for([hands.job("a")])
    await clock.until_appointments()
    for tick in range(14):
        hands.list[:0] = [f"foreign {tick}-{at}" for at in range(8)]
        await clock.advance(2)
    assert hands.limits == [11, 19, 27, 35, 43, 51, 59, 67, 75, 83, 91, 99, 100]
    assert hands.names[12:] == ["ListVideos", "GetVideoStatuses", "GetVideoStatuses"], "then it is too deep"
    hands.words["a"] = "completed"
    await clock.drive(waits)


async def test_what_is_not_on_the_page_is_asked_for_by_its_status(hands: Listed, clock: ManualClock) -> None:
    waits = waits_for([hands.job("a"), hands.job("b")])
    await clock.until_appointments()
    await clock.advance(2)
    hands.list[1:1] = [f"foreign {at}" for at in range(15)]
    await clock.advance(2)
    assert hands.names == ["ListVideos", "ListVideos", "GetVideoStatuses"]
    assert [request.video_ids for request in hands.asked if isinstance(request, GetVideoStatuses)] == [["a"]]
    await clock.advance(2)
    assert hands.limits == [12, 12, 34], "it was looked for deeper"
    hands.words = dict.fromkeys(hands.words, "completed")
    await clock.drive(waits)


async def test_a_list_that_lags_is_waited_for_half_a_minute(hands: Listed, clock: ManualClock) -> None:
    wait = waits_for([hands.job("a")])
    hands.list.clear()
    await clock.until_appointments()
    await clock.advance(28)
    assert set(hands.names) == {"ListVideos"}
    await clock.advance(4)
    assert hands.names[-2:] == ["GetVideoStatuses"] * 2
    hands.words["a"] = "completed"
    await clock.drive(wait)
    assert hands.count(GetVideo) == 1


async def test_what_was_on_the_list_and_is_no_more_is_asked_for(hands: Listed, clock: ManualClock) -> None:
    job = hands.job("a")
    wait = waits_for([job])
    await clock.until_appointments()
    await clock.advance(2)
    hands.list.clear()
    del hands.words["a"]
    await clock.drive(wait)
    assert job.status == "gone"


async def test_a_job_that_was_picked_up_by_its_id_is_asked_for_by_its_status(hands: Listed, clock: ManualClock) -> None:
    hands.list = [f"foreign {at}" for at in range(500)]
    hands.words["old"] = "completed"
    assert (await Job("old", VIDEO, hands)).id == "old"
    assert hands.names == ["GetVideoStatuses", "GetVideo"]


@pytest.mark.parametrize("error", [AnswerUnreadable("a list of nothing", status=200), None])
async def test_where_the_list_is_refused_nobody_asks_for_it_again(
    error: Exception | None, emulator: Emulator, heygen: HeyGen, clock: ManualClock
) -> None:
    hands = Listed(clock)
    if error is not None:
        hands.trouble[ListVideos] = error
        waits = waits_for([hands.job("a")])
        await clock.until_appointments()
        await clock.advance(6)
        assert hands.names == ["ListVideos", *["GetVideoStatuses"] * 3]
        hands.words["a"] = "completed"
        await clock.drive(waits)
        return
    emulator.faults.add(Fault(Refuse(403, "forbidden"), method="GET", path="/v3/videos"))
    for _ in range(2):
        await clock.drive((await heygen.videos.create(video())).wait())
    assert emulator.log.counts["GET /v3/videos"] == 1


async def test_a_list_that_fails_for_the_moment_is_asked_again(hands: Listed, clock: ManualClock) -> None:
    wait = waits_for([hands.job("a")])
    await clock.until_appointments()
    hands.trouble[ListVideos] = ServerFailed("bad gateway", status=502)
    await clock.advance(4)
    hands.trouble.clear()
    hands.words["a"] = "completed"
    await clock.drive(wait)
    assert hands.names == ["ListVideos"] * 3


async def test_a_wrong_key_ends_the_waits_of_those_on_the_list(hands: Listed, clock: ManualClock) -> None:
    hands.trouble[ListVideos] = NotAuthenticated("no", status=401)
    (end,) = await clock.drive(waits_for([hands.job("a")]))
    assert isinstance(end, NotAuthenticated)


async def test_a_failure_on_the_list_says_why(emulator: Emulator, heygen: HeyGen, clock: ManualClock) -> None:
    emulator.faults.add(Fault(FailRender("BLOCKED_WORDS_DETECTED", "Not these words")))
    job = await heygen.videos.create(video())
    with pytest.raises(JobFailed, match="Not these words"):
        await clock.drive(job.wait())
    assert "GET /v3/videos/{video_id}" not in emulator.log.counts


@pytest.mark.parametrize(("word", "more"), [("completed", {}), ("failed", {}), (7, {"video_url": LINK})])
async def test_what_the_list_does_not_show_whole_is_read_by_a_get(
    word: Any, more: dict[str, Any], hands: Listed, clock: ManualClock
) -> None:
    wait = waits_for([hands.job("a")])
    await clock.until_appointments()
    hands.more, hands.words["a"] = more, word
    await clock.advance(1)
    hands.asked.clear()
    await clock.advance(1)
    hands.words["a"] = "completed" if word == 7 else word
    await clock.drive(wait)
    assert hands.names[:2] == ["ListVideos", "GetVideo"]


async def test_a_completed_video_without_a_link_is_waited_for(
    emulator: Emulator, heygen: HeyGen, clock: ManualClock
) -> None:
    emulator.faults.add(Fault(NoLink(3)))
    job = await heygen.videos.create(video())
    assert (await clock.drive(job.wait())).video_url


async def test_a_job_that_is_being_read_is_left_alone_by_the_list(hands: Listed, clock: ManualClock) -> None:
    job = hands.job("a")
    waits = waits_for([job, hands.job("b")])
    await clock.until_appointments()
    hands.gates[GetVideo] = asyncio.Event()
    hands.watcher.told(["a"])
    await clock.advance(2)
    hands.words = dict.fromkeys(hands.words, "completed")
    await clock.advance(2)
    assert (hands.count(GetVideo), job.done()) == (1, False)
    hands.gates[GetVideo].set()
    assert all(isinstance(end, Video) for end in await clock.drive(waits))


async def test_several_that_have_ended_too_deep_for_one_page_of_all_are_read_in_one(
    hands: Listed, clock: ManualClock
) -> None:
    deep = Job("deep", VIDEO, hands)
    hands.words["deep"] = "processing"
    near = [hands.job(f"{at}") for at in range(5)]
    waits = waits_for([deep, *near])
    await clock.until_appointments()
    await clock.advance(2)
    assert set(hands.names) == {"GetVideoStatuses"}
    hands.asked.clear()
    hands.words = dict.fromkeys(hands.words, "completed")
    await clock.drive(waits)
    assert hands.names == ["GetVideoStatuses", "ListVideos", "GetVideo"]


async def test_kinds_without_statuses_share_a_page_and_the_others_are_asked_one_by_one(clock: ManualClock) -> None:
    hands = Listed(clock)
    hands.kind = attrs.evolve(VIDEO, noun="clip", statuses=None)
    old = Job("old", hands.kind, hands)
    hands.words["old"] = "processing"
    waits = waits_for([old, *(hands.job(f"{at}") for at in range(4))])
    await clock.until_appointments()
    hands.asked.clear()
    await clock.advance(2)
    assert hands.names == ["ListVideos", "GetVideo"]
    hands.words = dict.fromkeys(hands.words, "completed")
    await clock.drive(waits)


async def test_progress_on_the_list_is_seen(hands: Listed, clock: ManualClock) -> None:
    report = hands.kind.report
    hands.kind = attrs.evolve(
        hands.kind, report=lambda made: attrs.evolve(report(made), progress=made.extra["progress"])
    )
    job = hands.job("a")
    wait = waits_for([job])
    await clock.until_appointments()
    for progress in (10, 60):
        hands.more = {"progress": progress}
        await clock.advance(2)
        assert job.state == Rendering("processing", progress)
    hands.more, hands.words["a"] = {"progress": 100, "video_url": LINK}, "completed"
    await clock.drive(wait)


async def test_an_entry_that_says_nothing_new_is_not_read(hands: Listed, clock: ManualClock) -> None:
    read: list[str] = []

    async def send(request: Any, **_: Any) -> Any:
        sent = [{"id": each, "status": hands.words[each], "video_url": LINK} for each in hands.list]
        assert isinstance(request, ListVideos)
        return Page([Unread(each, note) for each in sent])

    def note(given: Any) -> Video:
        read.append(given["id"])
        return Video(**given)

    hands.watcher._inquiries = attrs.evolve(hands.watcher._inquiries, ask=send)
    waits = waits_for([hands.job("a"), hands.job("b")])
    await clock.until_appointments()
    await clock.advance(10)
    assert sorted(read) == ["a", "b"]
    hands.words["a"] = "completed"
    await clock.advance(2)
    assert sorted(read) == ["a", "a", "b"]
    hands.words["b"] = "completed"
    await clock.drive(waits)


def test_an_entry_that_is_not_as_documented_is_read_as_nothing() -> None:
    of = Unread[Video]
    assert READER.structure({"status": "completed"}, of).read() is None
    assert READER.structure({"id": "a"}, of).read() == Video("a")
    with pytest.raises(TypeError, match="an object was expected, not str"):
        READER.structure("a", of)
    assert entry("completed", "a").sent["video_id"] == "a"
