"""What webhooks tell the watcher leads to one look, and to nothing else; while they come, it looks less often."""

import asyncio
from typing import Any

import attrs
import pytest
from hands import UNLISTED, Hands, entry
from hypothesis import given
from hypothesis import strategies as st
from runs import video
from tidy import no_task_left

from heygen_async import JobFailed, JobTimeout, ManualClock, Video
from heygen_async.api.videos import VIDEO, VIDEO_ITEM, CreateVideoBatch, GetVideo, GetVideoStatuses, ListVideos
from heygen_async.durations import Durations
from heygen_async.errors import NotFound, ServerFailed
from heygen_async.job import Job
from heygen_async.operation import Page, Successor
from heygen_async.options import Polling
from heygen_async.polling import LATE
from heygen_async.webhooks.callbacks import Callbacks, token_in

pytestmark = pytest.mark.anyio

SLOW = 300.0
CALLBACKS = Callbacks.of("key")


@pytest.fixture
def hands(clock: ManualClock) -> Hands:
    return Hands(clock, Polling(safety_tick=SLOW))


def wait_for(job: Job[Any]) -> "asyncio.Future[Any]":
    return asyncio.ensure_future(job.wait())


def with_token(hands: Hands, video_id: str, token_of: str | None = None) -> tuple[Job[Video], str]:
    """Make a job whose creation named a path of its own."""
    address = CALLBACKS.address("https://example.com", token_of or video_id)
    hands.words[video_id] = "processing"
    return Job(video_id, UNLISTED, hands, video(callback_url=address)), token_in(address) or ""


async def trusting(hands: Hands, clock: ManualClock, events: int = 10) -> None:
    """Have so many jobs end of which events tell."""
    for at in range(events):
        wait = wait_for(hands.job(f"early {at}", word="completed"))
        await asyncio.sleep(0)
        hands.watcher.told([f"early {at}"])
        await wait
    hands.asked.clear()


async def settled() -> None:
    """Let everything run that can."""
    for _ in range(20):
        await asyncio.sleep(0)


def name(request: object) -> str:
    return type(request).__name__


def statuses(hands: Hands) -> int:
    return hands.count(GetVideoStatuses)


# Signed events.


async def test_an_event_leads_to_one_get_and_resolves_the_job_at_once(hands: Hands, clock: ManualClock) -> None:
    wait = wait_for(hands.job("a"))
    await clock.until_appointments()
    hands.words["a"] = "completed"
    hands.watcher.told(["a"])
    assert (await wait).id == "a"
    assert (clock.now(), hands.count(GetVideo), statuses(hands)) == (0, 1, 0)


async def test_what_the_api_says_counts_and_not_the_event(hands: Hands, clock: ManualClock) -> None:
    job = hands.job("a")
    wait = wait_for(job)
    await clock.until_appointments()
    for _ in range(3):
        hands.watcher.told(["a"])
        await settled()
    assert not job.done()
    hands.words["a"] = "failed"
    with pytest.raises(JobFailed):
        await clock.drive(wait)


async def test_an_event_for_a_job_that_is_not_known_yet_is_kept(hands: Hands, clock: ManualClock) -> None:
    hands.watcher.told(["a", "b"])
    hands.words["a"] = hands.words["b"] = "completed"
    assert (await wait_for(hands.job("a", word="completed"))).id == "a"
    assert (await wait_for(hands.job("b", word="completed", picked_up=True))).id == "b"
    assert (clock.now(), hands.count(GetVideo), statuses(hands)) == (0, 2, 0)


async def test_an_event_is_kept_for_ten_minutes(hands: Hands, clock: ManualClock) -> None:
    hands.watcher.told(["a"])
    await clock.advance(601)
    wait = wait_for(hands.job("a", word="completed"))
    await clock.until_appointments()
    assert hands.asked == []
    await clock.drive(wait)


async def test_what_changes_while_it_is_looked_at_is_looked_at_again(hands: Hands, clock: ManualClock) -> None:
    hands.gates[GetVideo] = asyncio.Event()
    job = hands.job("a")
    wait = wait_for(job)
    await clock.until_appointments()
    hands.watcher.told(["a"])
    while not hands.asked:  # noqa: ASYNC110  # the hands set no event
        await asyncio.sleep(0)
    for _ in range(3):
        hands.watcher.told(["a"])
    hands.gates[GetVideo].set()  # the first look still finds it at work
    hands.gates[GetVideo].clear()
    await settled()
    hands.words["a"] = "completed"
    hands.gates[GetVideo].set()
    await wait
    assert (clock.now(), hands.count(GetVideo)) == (0, 2)


async def test_a_slow_tick_holds_no_event_up(hands: Hands, clock: ManualClock) -> None:
    hands.gates[GetVideoStatuses] = asyncio.Event()
    waits = [wait_for(hands.job(each)) for each in "ab"]
    await clock.until_appointments()
    await clock.advance(2)
    assert statuses(hands) == 1
    hands.words["a"] = "completed"
    hands.watcher.told(["a"])
    await waits[0]
    late = wait_for(hands.job("c", word="completed"))
    await asyncio.sleep(0)
    hands.watcher.told(["c"])
    await late
    hands.words["b"] = "completed"
    hands.gates[GetVideoStatuses].set()
    await waits[1]
    assert clock.now() == 2


async def test_the_task_ends_at_once_with_the_last_job_even_when_ticks_are_slow(
    hands: Hands, clock: ManualClock
) -> None:
    async with no_task_left():
        await trusting(hands, clock)
    assert clock.now() == 0
    assert clock.appointments == 0


async def test_an_event_about_a_batch_looks_at_all_its_items_in_one_request(clock: ManualClock) -> None:
    class Batched(Hands):
        async def send(self, request: Any, **more: Any) -> Any:
            self.asked.append(request)
            match request:
                case GetVideoStatuses(batch_ids=list(ids)):
                    return Page(
                        [entry("completed", f"{ids[0]}-{at}", batch_id=ids[0], item_index=at) for at in range(3)]
                    )
                case GetVideoStatuses(video_ids=list(ids)):
                    return Page([entry("completed", each) for each in ids])
                case GetVideo(video_id):
                    return Video(video_id, "completed", video_url="https://files.example/a.mp4")
                case ListVideos():
                    raise NotFound("there is no list", status=404)
            raise AssertionError(request)

    hands = Batched(clock)
    request = CreateVideoBatch(videos=[video()] * 3)
    jobs: list[Job[Video]] = [Job(f"batch:{at}", VIDEO_ITEM, hands, request) for at in range(3)]
    waits = [wait_for(job) for job in jobs]
    await clock.until_appointments()
    hands.watcher.told(["batch"])
    videos = await asyncio.gather(*waits)
    assert [each.id for each in videos] == ["batch-0", "batch-1", "batch-2"]
    assert clock.now() == 0
    assert [type(each) for each in hands.asked].count(GetVideo) == 3


async def test_an_event_for_the_video_of_a_batch_before_the_item_is_one_is_kept(clock: ManualClock) -> None:
    hands = Hands(clock)
    hands.watcher.told(["v"])
    item: Job[Video] = Job("v", UNLISTED, hands, CreateVideoBatch(videos=[video()]))
    hands.words["v"] = "completed"
    assert (await wait_for(item)).id == "v"
    assert statuses(hands) == 0


# Hints.


async def test_a_hint_leads_to_one_get_however_often_it_comes(hands: Hands, clock: ManualClock) -> None:
    await trusting(hands, clock)
    job, token = with_token(hands, "a")
    wait = wait_for(job)
    await clock.until_appointments()
    for _ in range(100):
        hands.watcher.hinted(token)
        await settled()
    assert [type(each) for each in hands.asked] == [GetVideo]
    await clock.advance(19)
    assert len(hands.asked) == 1
    await clock.advance(1)
    await settled()
    assert [name(each) for each in hands.asked] == ["GetVideo", "GetVideoStatuses"]
    await clock.advance(100)
    assert len(hands.asked) == 2
    hands.words["a"] = "completed"
    hands.watcher.hinted(token)
    await wait
    assert [name(each) for each in hands.asked] == ["GetVideo", "GetVideoStatuses", "GetVideo"]


async def test_a_hint_before_its_job_is_known_is_kept(hands: Hands, clock: ManualClock) -> None:
    job, token = with_token(hands, "a")
    hands.words["a"] = "completed"
    hands.watcher.hinted(token)
    await wait_for(job)
    assert clock.now() == 0


async def test_a_hint_for_several_jobs_asks_for_all_of_them_in_one_request(hands: Hands, clock: ManualClock) -> None:
    pairs = [with_token(hands, each, token_of="a batch") for each in "abc"]
    waits = [wait_for(job) for job, _ in pairs]
    await clock.until_appointments()
    hands.watcher.hinted(pairs[0][1])
    await settled()
    assert [name(each) for each in hands.asked] == ["GetVideoStatuses"]
    hands.words = dict.fromkeys("abc", "completed")
    await clock.drive(asyncio.gather(*waits))


async def test_a_job_that_is_awaited_again_after_it_was_given_up_is_hinted_at_as_before(clock: ManualClock) -> None:
    hands = Hands(clock, Polling(give_up_after=10))
    job, token = with_token(hands, "a")
    for _ in range(2):
        with pytest.raises(JobTimeout):
            await clock.drive(wait_for(job))
    wait = wait_for(job)
    await clock.until_appointments()
    before = statuses(hands)
    hands.words["a"] = "completed"
    hands.watcher.hinted(token)
    await wait
    assert statuses(hands) == before


async def test_a_token_that_nobody_was_given_costs_nothing(hands: Hands, clock: ManualClock) -> None:
    wait = wait_for(hands.job("a"))
    await clock.until_appointments()
    hands.watcher.hinted("job-forged")
    await settled()
    assert hands.asked == []
    wait.cancel()


async def test_the_tokens_that_are_remembered_are_bounded(
    hands: Hands, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("heygen_async.watches._MOST_TOKENS", 2)
    pairs = [with_token(hands, each) for each in "abc"]
    for job, _ in pairs:
        hands.follow(job)
    await clock.until_appointments()
    for _, token in pairs:
        hands.watcher.hinted(token)
    await settled()
    assert [each.video_id for each in hands.asked if isinstance(each, GetVideo)] == ["b", "c"]
    await hands.watcher.aclose()


# How often it looks.


async def test_while_events_come_it_looks_seldom(hands: Hands, clock: ManualClock) -> None:
    await trusting(hands, clock)
    began = clock.now()
    wait = wait_for(hands.job("a"))
    await clock.until_appointments()
    await clock.advance(SLOW - 1)
    assert hands.asked == []
    hands.words["a"] = "completed"
    await clock.drive(wait)
    assert clock.now() == began + SLOW


async def test_when_events_stop_it_looks_often_again(hands: Hands, clock: ManualClock) -> None:
    await trusting(hands, clock)
    hands.watcher.foresight.known = Durations()  # as if nobody knew that they end at once
    lost, still = wait_for(hands.job("lost")), wait_for(hands.job("still"))
    await clock.until_appointments()
    hands.words["lost"] = "completed"
    await clock.drive(lost)
    hands.asked.clear()
    await clock.advance(LATE)
    assert statuses(hands) == 0
    await clock.advance(10)
    assert statuses(hands) == 5
    hands.words["still"] = "completed"
    await clock.drive(still)


async def test_events_that_come_later_than_our_own_looks_count_too(hands: Hands, clock: ManualClock) -> None:
    for at in range(10):
        wait = wait_for(hands.job(f"{at}", word="completed"))
        await clock.drive(wait)
        await clock.advance(5)
        hands.watcher.told([f"{at}"])
    hands.asked.clear()
    wait = wait_for(hands.job("a"))
    await clock.until_appointments()
    await clock.advance(SLOW - 1)
    assert hands.asked == []
    wait.cancel()


async def test_hints_count_like_events_if_they_were_true(hands: Hands, clock: ManualClock) -> None:
    for at in range(10):
        job, token = with_token(hands, f"{at}")
        wait = wait_for(job)
        await asyncio.sleep(0)
        hands.words[f"{at}"] = "completed"
        hands.watcher.hinted(token)
        await wait
    assert clock.now() == 0
    job, token = with_token(hands, "late")
    wait = wait_for(job)
    await clock.until_appointments()
    await clock.advance(SLOW - 1)
    hands.words["late"] = "completed"
    await clock.drive(wait)
    assert "late" in hands.watcher._watches.by_noun["video"].pace
    hands.watcher.hinted(token)
    assert "late" not in hands.watcher._watches.by_noun["video"].pace


async def test_forged_hints_do_not_make_it_slow(hands: Hands, clock: ManualClock) -> None:
    job, token = with_token(hands, "a")
    wait = wait_for(job)
    await clock.until_appointments()
    for _ in range(20):
        hands.watcher.hinted(token)
        await settled()
        await clock.advance(2)
    assert statuses(hands) == 20
    wait.cancel()


async def test_events_of_one_kind_do_not_slow_another(hands: Hands, clock: ManualClock) -> None:
    await trusting(hands, clock)
    other = attrs.evolve(UNLISTED, noun="clip")
    hands.words["c"] = "completed"
    clip: Job[Video] = Job("c", other, hands, video())
    began = clock.now()
    await clock.drive(clip.wait())
    assert clock.now() == began + 2


async def test_what_has_become_something_else_without_an_event_is_one_that_is_missing(
    hands: Hands, clock: ManualClock
) -> None:
    becomes = Successor(VIDEO, lambda answer: "v" if answer.status == "completed" else None)
    talk: Job[Video] = Job("t", attrs.evolve(UNLISTED, noun="talk", statuses=None, successor=becomes), hands, video())
    hands.words |= {"t": "processing", "v": "completed"}
    wait = wait_for(talk)
    await clock.until_appointments()
    await clock.advance(2)
    hands.words["t"] = "completed"
    assert (await clock.drive(wait)).id == "v"
    assert "t" in hands.watcher._watches.by_noun["talk"].pace


async def test_what_was_long_done_when_it_was_picked_up_is_no_missing_event(hands: Hands, clock: ManualClock) -> None:
    await trusting(hands, clock)
    await hands.job("old", word="completed", picked_up=True)
    wait = wait_for(hands.job("a"))
    await clock.until_appointments()
    hands.asked.clear()
    await clock.advance(LATE + 10)
    assert hands.asked == []
    wait.cancel()


async def test_an_api_that_lags_behind_its_event_is_asked_again_soon(hands: Hands, clock: ManualClock) -> None:
    await trusting(hands, clock)
    wait = wait_for(hands.job("a"))
    await clock.until_appointments()
    began = clock.now()
    hands.watcher.told(["a"])
    await settled()
    assert hands.count(GetVideo) == 1
    hands.words["a"] = "completed"
    await clock.drive(wait)
    assert clock.now() == began + 2


@pytest.mark.parametrize(("lag", "end"), [(20, 20), (29, 30), (60, 30 + SLOW)])
async def test_an_api_that_lags_far_behind_is_asked_often_for_half_a_minute(
    lag: float, end: float, hands: Hands, clock: ManualClock
) -> None:
    await trusting(hands, clock)
    wait = wait_for(hands.job("a"))
    await clock.until_appointments()
    began = clock.now()
    hands.watcher.told(["a"])
    clock.call_at(began + lag, lambda: hands.words.update(a="completed"))
    await clock.drive(wait)
    assert began + lag <= clock.now() <= began + end
    assert statuses(hands) <= 16


async def test_a_look_that_fails_is_repeated_soon(hands: Hands, clock: ManualClock) -> None:
    await trusting(hands, clock)
    wait = wait_for(hands.job("a", word="completed"))
    await clock.until_appointments()
    began = clock.now()
    hands.trouble[GetVideo] = ServerFailed("bad gateway", status=502)
    hands.watcher.told(["a"])
    await settled()
    hands.trouble.clear()
    await clock.drive(wait)
    assert clock.now() == began + 2


async def test_giving_up_does_not_wait_for_a_slow_tick(clock: ManualClock) -> None:
    hands = Hands(clock, Polling(safety_tick=SLOW, give_up_after=100))
    await trusting(hands, clock)
    began = clock.now()
    with pytest.raises(JobTimeout):
        await clock.drive(wait_for(hands.job("a")))
    assert clock.now() == began + 100


# Anything at all.

IDS = [f"v{at}" for at in range(4)]
deliveries = st.lists(
    st.one_of(
        st.tuples(st.just("told"), st.sampled_from([*IDS, "unknown"])),
        st.tuples(st.just("hinted"), st.sampled_from([*IDS, "unknown"])),
        st.tuples(st.just("ends"), st.sampled_from(IDS)),
        st.tuples(st.just("fails"), st.sampled_from(IDS)),
        st.tuples(st.just("passes"), st.sampled_from(["1", "45", "400"])),
        st.tuples(st.just("follow"), st.sampled_from(IDS)),
    ),
    max_size=30,
)


@given(deliveries)
def test_whatever_is_delivered_every_job_ends_as_the_api_says_and_not_before(steps: list[tuple[str, str]]) -> None:
    asyncio.run(_play(steps))


async def _play(steps: list[tuple[str, str]]) -> None:
    clock = ManualClock()
    hands = Hands(clock, Polling(safety_tick=SLOW))
    pairs = {each: with_token(hands, each) for each in IDS}
    waits: dict[str, asyncio.Future[Any]] = {}
    for what, of in steps:
        match what:
            case "told":
                hands.watcher.told([of])
            case "hinted":
                hands.watcher.hinted(pairs[of][1] if of in pairs else "job-forged")
            case "ends" | "fails" if hands.words[of] == "processing":
                hands.words[of] = "completed" if what == "ends" else "failed"
            case "passes":
                await clock.advance(float(of))
            case "follow":
                waits.setdefault(of, wait_for(pairs[of][0]))
                await asyncio.sleep(0)
        for each, (job, _) in pairs.items():
            assert not job.done() or job.status == hands.words[each]
    for each in IDS:
        waits.setdefault(each, wait_for(pairs[each][0]))
        hands.words[each] = hands.words[each].replace("processing", "completed")
    await clock.advance(SLOW + LATE)
    ends = await clock.drive(asyncio.gather(*waits.values(), return_exceptions=True))
    assert len(ends) == len(IDS)
    assert {each: job.status for each, (job, _) in pairs.items()} == hands.words
    assert len(hands.watcher) == 0
