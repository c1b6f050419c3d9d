"""One task follows every open job: few requests, every wait ends, and nothing is left behind."""

import asyncio
from urllib.parse import parse_qs

import attrs
import pytest
from hands import UNLISTED, Hands
from runs import video, videos
from tidy import no_task_left

from heygen_async import (
    HeyGen,
    HeyGenError,
    JobFailed,
    JobGone,
    JobTimeout,
    ManualClock,
    NotAuthenticated,
    NotPermitted,
    Options,
    Retry,
    Video,
    VideoJob,
)
from heygen_async.api.videos import GetVideo, GetVideoStatuses
from heygen_async.emulator import Emulator
from heygen_async.emulator.faults import FailRender, Fault, Hang, Happening, NoLink, Page, Refuse, Stuck
from heygen_async.errors import NotFound
from heygen_async.job import Completed, Job, Rendering
from heygen_async.options import Limits, Polling, Timeouts
from heygen_async.watcher import Watcher

pytestmark = pytest.mark.anyio

LIST = "/v3/videos"
STATUSES = "/v3/videos/statuses"
ONE = "/v3/videos/????????????????????????????????"


@pytest.fixture
def hands(clock: ManualClock) -> Hands:
    return Hands(clock)


# How often HeyGen is asked.


async def created(heygen: HeyGen, count: int) -> list[VideoJob]:
    return await asyncio.gather(*(heygen.videos.create(each) for each in videos(count)))


def no_list(emulator: Emulator) -> None:
    """Have the account's list refused."""
    emulator.faults.add(Fault(Refuse(403, "forbidden"), method="GET", path=LIST, times=1))


def named(query: str) -> list[str]:
    return parse_qs(query)["video_ids"][0].split(",")


async def test_a_hundred_open_jobs_cost_one_request_a_tick_and_one_look_each(clock: ManualClock) -> None:
    options = Options(limits=Limits(renders=100, submissions=100, requests=100))
    async with (
        Emulator(clock=clock, synthetic=3000, render_seconds=60, renders=100) as emulator,
        HeyGen(emulator.api_key, base_url=emulator.url, clock=clock, options=options) as heygen,
    ):
        no_list(emulator)
        jobs = await created(heygen, 100)
        await clock.drive(asyncio.gather(*jobs))
    ids = sorted(job.id for job in jobs)
    asked = emulator.log.requests("GET", STATUSES)
    assert [served.at for served in asked] == [2.0 * tick for tick in range(1, 32)]
    assert all(sorted(named(served.query)) == ids for served in asked)
    assert sorted(served.path.split("/")[-1] for served in emulator.log.requests("GET", ONE)) == ids


async def test_two_hundred_and_fifty_open_jobs_have_a_turn_each_in_every_tick(hands: Hands, clock: ManualClock) -> None:
    jobs = [hands.job(f"{at}") for at in range(250)]
    for job in jobs:
        hands.follow(job)
    await clock.until_appointments()
    await clock.advance(4)
    pages = [request.video_ids for request in hands.asked if isinstance(request, GetVideoStatuses)]
    turns = [[f"{(100 * page + at) % 250}" for at in range(100)] for page in range(6)]
    assert pages == turns
    hands.words = dict.fromkeys(hands.words, "completed")
    await clock.advance(4)
    assert all(job.done() for job in jobs)
    assert hands.count(GetVideo) == 250


async def test_a_thousand_open_jobs_have_ten_requests_a_tick_and_many_more_do_not_have_more(
    hands: Hands, clock: ManualClock
) -> None:
    for at in range(2500):
        hands.follow(hands.job(f"{at}"))
    await clock.until_appointments()
    await clock.advance(20)
    assert hands.count(GetVideoStatuses) == pytest.approx(100, abs=1)
    await hands.watcher.aclose()


async def test_the_requests_of_a_round_do_not_wait_for_each_other(hands: Hands, clock: ManualClock) -> None:
    hands.gates[GetVideoStatuses] = asyncio.Event()
    waits = [asyncio.ensure_future(hands.job(f"{at}").wait()) for at in range(250)]
    await clock.until_appointments()
    await clock.advance(10)
    asked = [set(request.video_ids or ()) for request in hands.asked if isinstance(request, GetVideoStatuses)]
    assert len(asked) == 2, "a third one would ask again for some of the first"
    assert not asked[0] & asked[1]
    hands.words = dict.fromkeys(hands.words, "completed")
    hands.gates[GetVideoStatuses].set()
    await clock.drive(asyncio.gather(*waits))


async def test_a_429_on_a_tick_doubles_the_pause_and_answers_bring_it_back(hands: Hands, clock: ManualClock) -> None:
    hands.follow(hands.job("a"))
    await clock.until_appointments()
    hands.refusals = 3
    await clock.advance(2)
    assert hands.count(GetVideoStatuses) == 1
    await clock.advance(14)
    assert hands.count(GetVideoStatuses) == 1, "it was refused three times, so the pause is eight times as long"
    await clock.advance(200)
    hands.asked.clear()
    await clock.advance(20)
    assert hands.count(GetVideoStatuses) == 10
    await hands.watcher.aclose()


async def test_kinds_without_a_statuses_call_are_asked_one_by_one(hands: Hands, clock: ManualClock) -> None:
    alone = attrs.evolve(UNLISTED, noun="clip", statuses=None)
    jobs = [Job(f"c{at}", alone, hands, video()) for at in range(3)]
    hands.words = dict.fromkeys(("c0", "c1", "c2"), "running")
    waits = [asyncio.ensure_future(job.wait()) for job in jobs]
    await clock.until_appointments()
    await clock.advance(2)
    assert hands.count(GetVideo) == 3
    assert [job.state for job in jobs] == [Rendering("running")] * 3
    hands.words = dict.fromkeys(hands.words, "completed")
    await clock.drive(asyncio.gather(*waits))
    assert hands.count(GetVideo) == 6
    assert hands.count(GetVideoStatuses) == 0


async def test_a_job_that_was_picked_up_by_its_id_is_looked_at_at_once(
    emulator: Emulator, heygen: HeyGen, clock: ManualClock
) -> None:
    no_list(emulator)
    made = await heygen.videos.create(video())
    await clock.advance(100)
    emulator.account.advance(clock.now())
    before = clock.now()
    picked_up = heygen.videos.job(made.id)
    assert (await picked_up).status == "completed"
    assert clock.now() == before
    assert emulator.log.counts[f"GET {STATUSES}"] >= 1


async def test_a_notice_ends_the_pause(hands: Hands, clock: ManualClock) -> None:
    job = hands.job("a")
    wait = asyncio.ensure_future(job.wait())
    await clock.until_appointments()
    assert not hands.watcher.notice("video", "b")
    assert not hands.watcher.notice("clip", "a")
    assert hands.asked == []
    hands.words["a"] = "completed"
    assert hands.watcher.notice("video", "a")
    assert hands.watcher.notice("video", "a")
    assert (await wait).id == "a"
    assert clock.now() == 0


async def test_a_notice_before_the_first_pause_is_heard(hands: Hands, clock: ManualClock) -> None:
    job = hands.job("a", word="completed")
    hands.follow(job)
    assert hands.watcher.notice("video", "a")
    await job
    assert clock.now() == 0


async def test_a_job_that_is_being_looked_at_is_not_asked_for_again(hands: Hands, clock: ManualClock) -> None:
    hands.gates[GetVideo] = asyncio.Event()
    slow, other = hands.job("slow", word="completed"), hands.job("other")
    waits = asyncio.gather(slow.wait(), other.wait())
    await clock.until_appointments()
    await clock.advance(10)
    assert hands.count(GetVideo) == 1
    assert [request.video_ids for request in hands.asked if isinstance(request, GetVideoStatuses)][1:] == [
        ["other"]
    ] * 4
    hands.gates[GetVideo].set()
    hands.words["other"] = "completed"
    await clock.drive(waits)


# How a job ends.


async def test_two_handles_of_one_id_cost_one_look_and_end_together(
    emulator: Emulator, heygen: HeyGen, clock: ManualClock
) -> None:
    no_list(emulator)
    first = await heygen.videos.create(video())
    second = heygen.videos.job(first.id)
    results = await clock.drive(asyncio.gather(first, second, second, heygen.videos.job(first.id)))
    assert {result.id for result in results} == {first.id}
    assert first.done()
    assert second.done()
    assert len(emulator.log.requests("GET", ONE)) == 1


async def test_an_id_that_heygen_does_not_know_is_gone(heygen: HeyGen) -> None:
    with pytest.raises(JobGone, match=r"f{32} is unknown to HeyGen"):
        await heygen.videos.job("f" * 32)


async def test_a_video_that_is_deleted_while_it_renders_is_gone(heygen: HeyGen, clock: ManualClock) -> None:
    job = await heygen.videos.create(video())
    await heygen.videos.delete(job.id)
    with pytest.raises(JobGone):
        await clock.drive(job.wait())
    assert job.status == "gone"


async def test_a_video_that_is_deleted_between_its_status_and_its_look_is_gone(
    hands: Hands, clock: ManualClock
) -> None:
    job = hands.job("a", word="completed")
    hands.trouble[GetVideo] = NotFound("deleted", status=404)
    with pytest.raises(JobGone):
        await clock.drive(job.wait())


@pytest.mark.parametrize(
    ("fault", "text"),
    [
        (
            FailRender("BLOCKED_WORDS_DETECTED", "Not these words"),
            r"failed: Not these words \(code BLOCKED_WORDS_DETECTED\)",
        ),
        (FailRender(None, None), "failed: HeyGen gave no reason$"),
    ],
)
async def test_a_render_that_fails_says_why_where_heygen_does(
    emulator: Emulator, heygen: HeyGen, clock: ManualClock, fault: FailRender, text: str
) -> None:
    emulator.faults.add(Fault(fault))
    job = await heygen.videos.create(video())
    with pytest.raises(JobFailed, match=text) as caught:
        await clock.drive(job.wait())
    assert (caught.value.code, caught.value.message) == (fault.code, fault.message)
    assert caught.value.job is job


async def test_a_completed_video_without_a_link_is_waited_for(
    emulator: Emulator, heygen: HeyGen, clock: ManualClock
) -> None:
    no_list(emulator)
    emulator.faults.add(Fault(NoLink(3)))
    job = await heygen.videos.create(video())
    result = await clock.drive(job.wait())
    assert result.video_url
    assert len(emulator.log.requests("GET", ONE)) == 4


async def test_a_link_that_never_comes_is_waited_for_no_longer_than_its_grace(
    emulator: Emulator, heygen: HeyGen, clock: ManualClock
) -> None:
    emulator.faults.add(Fault(NoLink(10_000)))
    job = await heygen.videos.create(video())
    result = await clock.drive(job.wait())
    assert result.status == "completed"
    assert result.video_url is None
    rendered, grace = 62, heygen.options.polling.link_grace
    assert rendered + grace <= clock.now() <= rendered + grace + 2 * heygen.options.polling.tick


async def test_words_that_are_new_to_us_keep_waiting(hands: Hands, clock: ManualClock) -> None:
    job = hands.job("a", word="polishing")
    wait = asyncio.ensure_future(job.wait())
    await clock.until_appointments()
    await clock.advance(20)
    assert (job.status, job.state) == ("rendering", Rendering("polishing"))
    hands.words["a"] = "pending"
    await clock.advance(2)
    assert job.status == "waiting"
    hands.words["a"] = "COMPLETED"
    assert (await clock.drive(wait)).id == "a"
    assert isinstance(job.state, Completed)


async def test_a_video_that_is_stuck_is_given_up_and_can_be_awaited_again(
    emulator: Emulator, clock: ManualClock
) -> None:
    options = Options(polling=Polling(give_up_after=60))
    emulator.faults.add(Fault(Stuck()))
    async with HeyGen(emulator.api_key, base_url=emulator.url, clock=clock, options=options) as heygen:
        job = await heygen.videos.create(video())
        for total in (60, 120):
            with pytest.raises(JobTimeout, match=f"{job.id} was not done after 60 s") as caught:
                await clock.drive(job.wait())
            assert caught.value.job is job
            assert total <= clock.now() <= total + 4
            assert repr(heygen).endswith("renders 0/10, 0 waiting>")
        assert not job.done()


async def test_only_the_jobs_that_are_old_enough_are_given_up(hands: Hands, clock: ManualClock) -> None:
    hands.watcher = Watcher(hands.send, clock, Polling(give_up_after=10))
    old = asyncio.ensure_future(hands.job("old").wait())
    await clock.until_appointments()
    await clock.advance(5)
    young = asyncio.ensure_future(hands.job("young").wait())
    await asyncio.sleep(0)
    await clock.advance(5)
    with pytest.raises(JobTimeout):
        await old
    assert not young.done()
    assert len(hands.watcher) == 1
    with pytest.raises(JobTimeout):
        await clock.drive(young)


async def test_a_job_that_comes_while_the_last_look_ends_is_followed(hands: Hands, clock: ManualClock) -> None:
    hands.watcher = Watcher(hands.send, clock, Polling(give_up_after=10))
    hands.gates[GetVideo] = asyncio.Event()
    with pytest.raises(JobTimeout):
        await clock.drive(hands.job("given up", word="completed").wait())
    late = asyncio.ensure_future(hands.job("late", word="completed").wait())
    await asyncio.sleep(0)
    hands.gates[GetVideo].set()
    assert (await clock.drive(late)).id == "late"


# What passes, and what ends the waits.


@pytest.mark.parametrize("happening", [Refuse(503, "service_unavailable"), Page(502), Hang()])
async def test_what_passes_is_asked_again(emulator: Emulator, clock: ManualClock, happening: Happening) -> None:
    no_list(emulator)
    options = Options(retry=Retry(attempts=1), timeouts=Timeouts(read=0.05))
    async with HeyGen(emulator.api_key, base_url=emulator.url, clock=clock, options=options) as heygen:
        job = await heygen.videos.create(video())
        emulator.faults.add(Fault(happening, method="GET", path=STATUSES, times=2))
        emulator.faults.add(Fault(happening, method="GET", path=ONE, times=2))
        result = await clock.drive(job.wait())
    assert result.status == "completed"
    assert emulator.faults.pending() == []


async def test_a_wrong_key_ends_all_waits(emulator: Emulator, heygen: HeyGen, clock: ManualClock) -> None:
    jobs = await created(heygen, 3)
    emulator.faults.add(Fault(Refuse(401, "unauthorized"), method="GET"))
    ends = await clock.drive(asyncio.gather(*jobs, return_exceptions=True))
    assert [type(end) for end in ends] == [NotAuthenticated] * 3
    assert clock.now() == heygen.options.polling.tick
    emulator.faults.clear()
    assert (await clock.drive(jobs[0].wait())).status == "completed"


async def test_a_refused_look_ends_the_waits_for_that_job_only(
    emulator: Emulator, heygen: HeyGen, clock: ManualClock
) -> None:
    no_list(emulator)
    mine, foreign = await created(heygen, 2)
    emulator.faults.add(Fault(Refuse(403, "resource_access_denied"), method="GET", path=f"/v3/videos/{foreign.id}"))
    ends = await clock.drive(asyncio.gather(mine, foreign, return_exceptions=True))
    assert [type(end) for end in ends] == [Video, NotPermitted]


@pytest.mark.parametrize("status", [400, 403, 404])
async def test_where_the_statuses_call_is_refused_each_job_is_asked_for(
    emulator: Emulator, heygen: HeyGen, clock: ManualClock, status: int
) -> None:
    no_list(emulator)
    emulator.faults.add(Fault(Refuse(status, ""), method="GET", path=STATUSES))
    jobs = await created(heygen, 3)
    unknown = heygen.videos.job("f" * 32)
    ends = await clock.drive(asyncio.gather(*jobs, unknown, return_exceptions=True))
    assert [type(end) for end in ends] == [Video] * 3 + [JobGone]


@pytest.mark.parametrize("kind", [GetVideoStatuses, GetVideo])
async def test_a_mistake_of_ours_ends_the_waits_and_not_the_client(
    hands: Hands, clock: ManualClock, kind: type, caplog: pytest.LogCaptureFixture
) -> None:
    hands.trouble[kind] = ZeroDivisionError("oops")
    waits = [hands.job(each, word="completed").wait() for each in "abc"]
    async with no_task_left():
        ends = await clock.drive(asyncio.gather(*waits, return_exceptions=True))
    assert all(type(end) is HeyGenError and "ZeroDivisionError('oops')" in str(end) for end in ends)
    assert "the watcher broke" in caplog.text
    assert len(hands.watcher) == 0
    hands.trouble.clear()
    assert (await clock.drive(hands.job("d", word="completed").wait())).id == "d"
