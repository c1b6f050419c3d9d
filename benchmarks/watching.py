"""Waiting for a thousand videos: how many calls does it take, how late is the news, how much longer is the run.

Render times are lognormal (median 180 s, sigma 0.6), 10 or 100 render at once, and a slot is free again when the client
knows that its render has ended: so lateness is paid in run length. The watcher, the lanes and the jobs are the real
ones, on an event loop whose time jumps to the next thing that is due; the API is a stand-in that answers after 0.1 s.
Two ways of waiting that we do not have are computed from the same durations: a fixed 10 s, and the official command
line's pauses from 2 to 30 s. One case is repeated with the real client and the whole emulator.

    python benchmarks/watching.py           1,000 videos
    python benchmarks/watching.py --quick   200

"Ideal" is the same run with news at no time: the length of the same queue, served first come, first served.
"""

import argparse
import asyncio
import heapq
import selectors
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Coroutine, Iterator
from random import Random
from typing import Any, TypeVar

from attrs import define, evolve, field, frozen
from caps import Jumping
from marks import Mark, settle

from heygen_async import AvatarVideo, HeyGen, Limits, Options, Polling, SystemClock, Video
from heygen_async.api.videos import VIDEO, GetVideo, GetVideoStatuses, ListVideos
from heygen_async.emulator import Emulator
from heygen_async.job import Job
from heygen_async.operation import Page, Unread
from heygen_async.scheduler import Lanes
from heygen_async.watcher import Watcher

T = TypeVar("T")

LATENCY = 0.1
"""Seconds from a request to its answer; HeyGen looks half way."""

EVENT = 1.2
"""Seconds from the end of a render to its webhook, on the average."""

REQUEST = AvatarVideo(avatar_id="Anna_public_3_20240108", script="Hello")


def durations(count: int) -> list[float]:
    """Draw how long each video renders, in seconds."""
    chance = Random(6)  # noqa: S311  # it guards nothing
    return [chance.lognormvariate(5.193, 0.6) for _ in range(count)]  # the logarithm of 180


def queue(seconds: list[float], at_once: int, notice: Callable[[float], float] = lambda taken: taken) -> float:
    """Return the length of a run whose slots are free again `notice(duration)` after a creation."""
    slots = [0.0] * at_once
    for each in seconds:
        heapq.heapreplace(slots, slots[0] + LATENCY + notice(each))
    return max(slots)


@frozen
class Found:
    """What a way of waiting costs."""

    way: str
    at_once: int
    calls: float
    """API calls a video, its creation included."""

    delay: float
    """Seconds from the end of a render until the client knows, on the average."""

    length: float
    """Of the run, by the ideal one."""

    def __str__(self) -> str:
        return f"{self.way:>28} {self.at_once:>4}  {self.calls:6.2f} calls  {self.delay:5.2f} s  {self.length:.4f}"


def alone(way: str, pauses: Callable[[], Iterator[float]], seconds: list[float], at_once: int) -> Found:
    """Compute a way of waiting in which each video is asked for by itself, with these pauses."""
    asked = 0

    def notice(taken: float) -> float:
        nonlocal asked
        now = 0.0
        for pause in pauses():
            now, asked = now + pause + LATENCY, asked + 1
            if now - LATENCY / 2 >= taken:
                return now
        raise AssertionError

    noticed = [notice(each) for each in seconds]
    late = sum(when - each for when, each in zip(noticed, seconds, strict=True)) / len(seconds)
    length = queue(noticed, at_once) / queue(seconds, at_once)
    return Found(way, at_once, 1 + asked / len(seconds), late, length)


def fixed() -> Iterator[float]:
    """Ten seconds, always."""
    while True:
        yield 10.0


def backoff() -> Iterator[float]:
    """From 2 to 30 s, half as much again each time."""
    pause = 2.0
    while True:
        yield pause
        pause = min(30.0, 1.5 * pause)


class Skipping(selectors.DefaultSelector):
    """Waits for nothing: the time that somebody would wait has gone by."""

    def __init__(self) -> None:
        super().__init__()
        self.now = 0.0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        """Skip the time until the next thing that is due."""
        self.now += timeout or 0.0
        return super().select(0 if timeout is not None else None)


class Loop(asyncio.SelectorEventLoop):
    """A loop whose time jumps."""

    def __init__(self) -> None:
        self._skipping = Skipping()
        super().__init__(self._skipping)

    def time(self) -> float:
        """Return the seconds that were skipped."""
        return self._skipping.now


def run(coroutine: Coroutine[Any, Any, T]) -> T:
    """Run on such a loop."""
    with asyncio.Runner(loop_factory=Loop) as runner:
        return runner.run(coroutine)


@define
class StandIn:
    """HeyGen, as far as watching goes."""

    seconds: list[float]
    clock: SystemClock = field(factory=SystemClock)
    ends: dict[str, float] = field(factory=dict)
    calls: Counter[str] = field(factory=Counter)
    watcher: Watcher = field(init=False)

    async def send(self, request: Any, *, refused: Callable[[], object] | None = None) -> Any:  # noqa: ARG002  # it refuses nothing
        """Answer after a while."""
        self.calls[type(request).__name__] += 1
        await asyncio.sleep(LATENCY / 2)
        answer = self._answer(request)
        await asyncio.sleep(LATENCY / 2)
        return answer

    def _answer(self, request: Any) -> Any:
        match request:
            case AvatarVideo():
                number = len(self.ends)
                self.ends[f"{number:032x}"] = self.clock.now() + self.seconds[number]
                return f"{number:032x}"
            case GetVideoStatuses(video_ids=list(ids)):
                return Page([self._entry({"video_id": each, "status": self._word(each)}) for each in ids])
            case ListVideos(limit=int(limit)):
                newest = list(self.ends)[: -limit - 1 : -1]
                return Page([self._entry({"id": each, "status": self._word(each)}) for each in newest], has_more=True)
            case GetVideo(video_id):
                return Video(video_id, self._word(video_id), video_url="https://files.example/a.mp4")
        raise AssertionError(request)

    def _word(self, video_id: str) -> str:
        return "completed" if self.ends[video_id] <= self.clock.now() else "processing"

    def _entry(self, sent: dict[str, Any]) -> Unread[Any]:
        return Unread(sent, lambda given: Video(given["id"], given["status"], video_url="https://files.example/a.mp4"))

    def follow(self, job: Job[Any]) -> None:
        """Be the desk of the jobs."""
        self.watcher.follow(job)


async def watch(way: str, seconds: list[float], at_once: int, *, listed: bool, heard: float = 0.0) -> Found:
    """Run once with the real watcher; `heard`: how many of the ends an event tells of, from 0 to 1."""
    api, chance = StandIn(seconds), Random(7)  # noqa: S311  # it guards nothing
    kind = VIDEO if listed else evolve(VIDEO, listing=None)
    api.watcher = Watcher(api.send, api.clock, Polling())
    lanes = Lanes.of(Limits(renders=at_once), api.clock)
    late: list[float] = []
    loop, began = asyncio.get_running_loop(), api.clock.now()

    async def make() -> None:
        slot = await lanes.renders.acquire()
        job: Job[Video] = Job(await api.send(REQUEST), kind, api, REQUEST)  # type: ignore[arg-type]  # all that jobs need
        api.watcher.follow(job)
        if chance.random() < heard:
            loop.call_at(api.ends[job.id] + chance.expovariate(1 / EVENT), api.watcher.told, [job.id])
        await job
        slot.release()
        late.append(api.clock.now() - api.ends[job.id])

    await asyncio.gather(*(make() for _ in seconds))
    calls, length = api.calls.total() / len(seconds), api.clock.now() - began
    await api.watcher.aclose()
    return Found(way, at_once, calls, sum(late) / len(late), length / queue(seconds, at_once))


async def whole(count: int, at_once: int) -> tuple[float, float]:
    """Do it with the real client and the emulator; return the calls a video, and the mean delay."""
    clock = Jumping()
    requests = [evolve(REQUEST, title=f"{at}") for at in range(count)]
    options = Options(limits=Limits(renders=at_once))
    with tempfile.TemporaryDirectory() as folder:
        async with (
            Emulator(clock=clock, synthetic=3_000, balance=1e6, renders=at_once) as emulator,
            HeyGen("any", base_url=emulator.url, clock=clock, options=options) as heygen,
        ):
            clock.client = heygen

            async def follow() -> int:
                return len([each async for each in heygen.bulk(requests, into=folder) if each.status == "done"])

            done = await clock.drive(follow())
            asked = sum(count for path, count in emulator.log.counts.items() if "/v3/videos" in path)
            videos = list(emulator.account.videos.values())
    mean = sum((video.ended or 0.0) - (video.begun or 0.0) for video in videos) / len(videos)
    return asked / done, mean


def compare(count: int) -> list[Found]:
    """Try all ways of waiting."""
    seconds, found = durations(count), []
    for at_once in (10, 100):
        found += [
            alone("fixed 10 s a job", fixed, seconds, at_once),
            alone("2 to 30 s a job", backoff, seconds, at_once),
            run(watch("statuses", seconds, at_once, listed=False)),
            run(watch("list pages", seconds, at_once, listed=True)),
            run(watch("webhooks", seconds, at_once, listed=True, heard=1.0)),
            run(watch("webhooks, 2 % of them lost", seconds, at_once, listed=True, heard=0.98)),
        ]
    return [*found, run(watch("a thousand open", durations(1000), 1000, listed=True))]


ASKED = {
    ("statuses", 10): (12.9, 1.1, 1.007),
    ("statuses", 100): (3.4, 1.1, 1.006),
    ("list pages", 10): (12.0, 1.1, 1.007),
    ("list pages", 100): (2.5, 1.1, 1.006),
    ("webhooks", 10): (1.36, 1.3, 1.009),
    ("webhooks", 100): (1.05, 1.3, 1.006),
}
"""What is asked for: calls a video, seconds of delay, length by the ideal."""

REASONS = {
    ("statuses", 100): "a creation, a GET, and a request a tick, which in a run of this length are 1.46 a video",
    ("list pages", 100): "a creation and a request a tick are 2.46; a video that takes longer than the mean has sunk "
    "below the newest hundred when it ends, and four in ten do: so all are asked for by their statuses, then by a GET",
    ("webhooks", 10): "the result comes by a GET of its own: an event carries no duration, captions or subtitles",
    ("webhooks", 100): "the result comes by a GET of its own: an event carries no duration, captions or subtitles",
}


OPEN = "each of them is asked about every 2 s, ten requests a tick; once in 20 s would be 1.1, and the news 10 s late"
HEARD = "1.2 s until an event comes, as drawn here, and 0.1 s for the GET that it leads to"
LATER = "half a tick, half a call, and 0.1 s for the GET that brings the result"
"""Why the news by statuses, and by lists where they do not reach, is later than asked for."""


def marks(found: list[Found], *, quick: bool) -> list[Mark]:
    """Hold them against what is asked for; `quick`: leave out what is missed on purpose, and would fail each time."""
    by_way = {(each.way, each.at_once): each for each in found}
    made: list[Mark] = []
    for (way, at_once), (calls, delay, length) in ASKED.items():
        ours = by_way[way, at_once]
        others = {name: by_way[name, at_once] for name in ("fixed 10 s a job", "2 to 30 s a job")}
        reason = REASONS.get((way, at_once), "")
        what = f"{way}, {at_once} at once"
        made += [
            Mark(f"API calls a video: {what}", ours.calls, {name: each.calls for name, each in others.items()},
                 ours.calls, calls, reason=reason),
            Mark(f"From the end of a render to the news: {what}", ours.delay,
                 {name: each.delay for name, each in others.items()}, ours.delay, delay, unit="s",
                 reason="" if ours.delay <= delay else HEARD if way == "webhooks" else LATER),
            Mark(f"Length of the run by the ideal: {what}", ours.length,
                 {name: each.length for name, each in others.items()}, ours.length, length),
        ]  # fmt: skip
    thousand = by_way["a thousand open", 1000]
    made.append(Mark(f"API calls a job after its creation: 1,000 open at once, {thousand.delay:.1f} s late",
                     thousand.calls - 1, {}, thousand.calls - 1, 1.1, reason=OPEN))  # fmt: skip
    return [mark for mark in made if not (quick and mark.reason in {*REASONS.values(), OPEN})]


def main() -> int:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else None)
    parser.add_argument("--quick", action="store_true", help="200 videos instead of 1,000")
    given = parser.parse_args()
    found = compare(200 if given.quick else 1000)
    for each in found:
        print(each)
    count = 60 if given.quick else 150
    calls, mean = asyncio.run(whole(count, 10))
    most = 2 + (mean + 2) * 1.15 / 10 / 2
    print(f"the real client, the whole emulator: {calls:.2f} calls a video of {mean:.0f} s\n")
    return settle(
        marks(found, quick=given.quick),
        quick=given.quick,
        promises={f"the client itself needs at most {most:.1f} calls": calls <= most},
    )


if __name__ == "__main__":
    sys.exit(main())
