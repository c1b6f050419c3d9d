"""How videos age: a clock that jumps leads to the same history as one that is looked at every second."""

from attrs import define, field
from hypothesis import given
from hypothesis import strategies as st

from heygen_async.emulator.rendering import Failure, Slots, Timeline, usual_seconds


@define(eq=False)
class Video:
    """Something that ages."""

    timeline: Timeline
    filmed: bool = True
    begun: float | None = field(default=None, init=False)
    ended: float | None = field(default=None, init=False)


def lasting(*seconds: float) -> list[Video]:
    return [Video(Timeline.lasting(each)) for each in seconds]


def test_a_timeline_says_what_a_video_is_at_which_second() -> None:
    timeline = Timeline.lasting(60)
    assert [timeline.stage(second) for second in (0, 1.9, 2, 61, 1000)] == [
        "pending",
        "pending",
        "processing",
        "processing",
        "processing",
    ]
    assert timeline.end == 62
    assert Timeline.lasting(0).end == 0
    assert Timeline.stuck().end is None
    assert Timeline.lasting(5, Failure("a", "b")).failure == Failure("a", "b")


def test_a_freed_slot_goes_to_the_next_at_the_second_it_was_freed() -> None:
    slots: Slots[Video] = Slots(1)
    first, second = lasting(8, 18)
    slots.admit(first, 0)
    slots.admit(second, 1)
    assert (slots.full, list(slots.waiting)) == (True, [second])
    assert slots.advance(9) == []
    assert slots.advance(1000) == [first, second]
    assert [(one.begun, one.ended) for one in (first, second)] == [(0, 10), (10, 30)]
    assert not slots.full


def test_a_video_without_its_film_keeps_its_slot() -> None:
    slots: Slots[Video] = Slots(1)
    late, next_one = lasting(8, 8)
    late.filmed = False
    slots.admit(late, 0)
    slots.admit(next_one, 0)
    assert slots.filmed(late, 5) == []
    assert slots.advance(20) == []
    assert (late.ended, next_one.begun) == (None, None)
    late.filmed = True
    assert slots.filmed(late, 25) == [late]
    assert (late.ended, next_one.begun) == (25, 25)


def test_a_deleted_video_leaves_its_slot_or_its_place_in_the_queue() -> None:
    slots: Slots[Video] = Slots(1)
    running, waiting, last = lasting(8, 8, 8)
    for one in (running, waiting, last):
        slots.admit(one, 0)
    slots.leave(waiting, 1)
    slots.leave(running, 4)
    assert last.begun == 4
    assert slots.advance(100) == [last]
    slots.leave(last, 101)
    assert not slots.running


def test_the_clock_says_when_a_slot_is_free_if_it_can() -> None:
    slots: Slots[Video] = Slots(2)
    assert slots.until_next(0) is None
    slots.admit(Video(Timeline.stuck()), 0)
    assert slots.until_next(0) is None
    slots.admit(*lasting(8), 0)
    assert slots.until_next(4) == 6


@given(
    st.lists(st.tuples(st.integers(0, 50), st.integers(0, 50)), max_size=30),
    st.integers(1, 5),
    st.lists(st.integers(1, 200), max_size=20),
)
def test_looking_often_or_once_makes_no_difference(arrivals: list[tuple[int, int]], cap: int, looks: list[int]) -> None:
    def history(moments: set[int]) -> list[tuple[float | None, float | None]]:
        slots: Slots[Video] = Slots(cap)
        videos = lasting(*(seconds for _, seconds in sorted(arrivals)))
        coming = [(at, video) for (at, _), video in zip(sorted(arrivals), videos, strict=True)]
        for moment in sorted(moments | {at for at, _ in coming} | {10_000}):
            slots.advance(moment)
            for at, video in coming:
                if at == moment:
                    slots.admit(video, moment)
            assert len(slots.running) <= cap
            assert slots.full or not slots.waiting
        return [(video.begun, video.ended) for video in videos]

    assert history(set()) == history(set(looks))
    assert all(ended is not None for _, ended in history(set()))


def test_usual_renders_take_one_to_three_minutes_the_same_in_each_run() -> None:
    seconds = [usual_seconds(number) for number in range(200)]
    assert all(60 <= each <= 180 for each in seconds)
    assert len(set(seconds)) == 200
    assert seconds == [usual_seconds(number) for number in range(200)]
