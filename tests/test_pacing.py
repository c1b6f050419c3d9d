"""The pace of the renders: event by event, and against a HeyGen whose cap nobody knows."""

from collections.abc import Callable
from itertools import accumulate

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from worlds import Run, World

from heygen_async.pacing import LONGEST, MOST, SHORTEST, START, Pace

CAPS = st.integers(1, 20)
WORLDS = st.builds(
    World,
    cap=CAPS.map(lambda cap: lambda _: cap),
    seed=st.integers(0, 999),
    retry_after=st.sampled_from([0.5, 5.0, 30.0]),
    latency=st.sampled_from([0.0, 3.0, 10.0]),
    lag=st.sampled_from([0.0, 4.0]),
)


def told(level: int, now: float = 0.0) -> Pace:
    """A pace that was refused above `level`, once."""
    return Pace.up_to(None).refused(level, now)


# Event by event.


def test_what_somebody_has_said_is_never_exceeded() -> None:
    pace = Pace.up_to(10)
    for rendering in range(1, 11):
        pace = pace.accepted(rendering, 0)
    assert pace.ended(9, 1e6).looking(1e6) == pace
    assert (pace.bound, pace.most, pace.cap) == (10, 10, None)


def test_a_number_to_be_found_begins_above_what_most_accounts_have_and_ends_somewhere() -> None:
    pace = Pace.up_to(None)
    assert (pace.bound, pace.most, pace.cap) == (START, MOST, None)
    for rendering in range(1, 300):
        pace = pace.accepted(rendering, 0).ended(rendering, 0)
    assert (pace.bound, pace.level) == (MOST, MOST)


def test_a_refusal_measures_the_cap_exactly() -> None:
    assert (told(7).bound, told(7).cap) == (7, 7)


def test_a_refusal_when_none_of_ours_render_still_allows_one() -> None:
    assert (told(0).bound, told(0).cap) == (1, 1)


def test_a_volley_of_refusals_counts_once() -> None:
    pace = told(7)
    assert pace.refused(7, 1.0) == pace
    assert pace.refused(7, 1.0).gap == SHORTEST


def test_acceptances_that_come_in_after_a_refusal_mend_it() -> None:
    pace = told(0)
    for rendering in (1, 2, 3):
        pace = pace.accepted(rendering, 0.5)
    assert (pace.bound, pace.level) == (3, 3)


def test_refusals_in_a_row_with_ever_fewer_rendering_lower_the_bound_by_a_quarter_each() -> None:
    pace, bounds = told(20), [20]
    for second in range(1, 40):
        rendering = pace.bound - 1  # one has ended, one was sent
        pace = pace.refused(rendering, float(second))
        bounds.append(pace.bound)
        if pace.bound == 1:
            break
    assert bounds == [20, 14, 9, 6, 3, 1]
    assert pace.cap == 20, "where it goes back to, when it was but a short trouble"


def test_acceptances_bring_back_what_a_short_trouble_took() -> None:
    pace = told(8).refused(7, 1.0).refused(4, 2.0).refused(2, 3.0)
    assert pace.bound == 1
    for rendering in range(1, 9):
        pace = pace.accepted(rendering, 4.0)
    assert (pace.bound, pace.level) == (8, 8)
    assert pace.accepted(8, 5.0).bound == 8, "and no more"


def test_above_the_level_one_is_tried_when_it_is_time_and_no_sooner() -> None:
    pace = told(3)
    assert pace.ended(2, SHORTEST - 1).bound == 3
    assert pace.ended(2, SHORTEST).bound == 4
    assert pace.looking(SHORTEST).looking(2 * SHORTEST).bound == 4, "its answer comes first"


def test_it_is_told_when_to_look_again_where_no_end_is_waited_for() -> None:
    pace = told(3)
    assert pace.next_look == SHORTEST
    assert pace.looking(SHORTEST).next_look is None, "its answer comes first"
    assert Pace.up_to(None).next_look is None, "as long as nothing was refused, ends tell"
    assert Pace.up_to(3).refused(3, 0).next_look is None, "more is not wanted"


def test_after_a_short_trouble_one_at_a_time_is_tried_where_nothing_ends() -> None:
    pace = told(8).refused(7, 1.0).refused(4, 2.0).refused(1, 3.0)
    assert (pace.bound, pace.next_look) == (1, 3.0 + SHORTEST)
    pace = pace.looking(3.0 + SHORTEST)
    assert (pace.bound, pace.next_look) == (2, 3.0 + 2 * SHORTEST)


def test_an_end_says_nothing_where_slots_were_free_anyway() -> None:
    assert told(3).ended(1, SHORTEST).bound == 3


def test_each_try_that_is_refused_doubles_the_gap_up_to_the_longest() -> None:
    pace, gaps = told(3), []
    for _ in range(6):
        gaps.append(pace.gap)
        pace = pace.looking(pace.not_before).refused(3, pace.not_before)
    assert gaps == [30, 60, 120, 240, 480, 480]
    assert (pace.gap, pace.bound) == (LONGEST, 3)


def test_a_try_that_succeeds_halves_the_gap_until_there_is_none() -> None:
    pace, now, gaps = Pace(most=100, bound=3, level=3, told=True, gap=LONGEST, not_before=0.0), 0.0, []
    for rendering in range(4, 10):
        now = max(now, pace.not_before)
        pace = pace.ended(rendering - 2, now).accepted(rendering, now)
        gaps.append(pace.gap)
    assert gaps == [240, 120, 60, 30, 0, 0]
    assert pace.level == 9


# Against a HeyGen whose cap nobody knows.


@settings(max_examples=60)
@given(WORLDS)
def test_a_cap_is_found_soon_and_the_search_costs_at_most_a_twentieth(world: World) -> None:
    cap = world.cap(0)
    knew, sought = Run(world, Pace.up_to(cap), 150).until(), Run(world, Pace.up_to(None), 150).until()
    assert sought.done == knew.done == 150
    assert sought.now <= 1.05 * knew.now + 30
    found = Run(world, Pace.up_to(None), 150).until(lambda run: run.pace.cap == cap)
    assert found.sent <= 60


@settings(max_examples=60)
@given(WORLDS, st.integers(1, 40))
def test_too_high_a_number_costs_no_more_than_none(world: World, more: int) -> None:
    knew = Run(world, Pace.up_to(world.cap(0)), 100).until()
    wrong = Run(world, Pace.up_to(world.cap(0) + more), 100).until()
    assert wrong.now <= 1.05 * knew.now + 30


@settings(max_examples=60)
@given(WORLDS)
def test_refusals_are_rare(world: World) -> None:
    run = Run(world, Pace.up_to(None), 200).until()
    first = sum(when < 300 for when in run.refused_at)
    assert first <= 5 + 12
    assert run.refused - first <= 8 + run.now / LONGEST * 1.5


@settings(max_examples=40)
@given(WORLDS, CAPS, st.floats(0, 2000))
def test_a_cap_that_changes_is_followed(world: World, then: int, second: float) -> None:
    before = world.cap(0)
    changing = World(lambda now: before if now < second else then, world.seed, world.retry_after)
    run = Run(changing, Pace.up_to(None), 100_000).until(lambda run: run.now > second + 3600)
    assert abs(run.level_at(second + 3600) - then) <= 1, "one above is tried now and again"


TROUBLES = st.lists(st.tuples(st.floats(1, 600), st.integers(0, 20)), min_size=1, max_size=20)


@settings(max_examples=100)
@given(TROUBLES, st.integers(1, 40), st.integers(0, 999), st.sampled_from([None, 1, 4, 10]))
def test_whatever_others_take_meanwhile_all_is_made_in_the_end(
    troubles: list[tuple[float, int]], todo: int, seed: int, most: int | None
) -> None:
    world = World(_schedule(troubles), seed)
    run = Run(world, Pace.up_to(most), todo).until()
    assert (run.done, run.sent, run.pace.bound >= 1) == (todo, todo, True)


def _schedule(troubles: list[tuple[float, int]]) -> Callable[[float], int]:
    """Make a cap of stretches of time, one after the other, and of 3 after the last of them."""
    ends = list(accumulate(seconds for seconds, _ in troubles))

    def cap(now: float) -> int:
        return next((cap for end, (_, cap) in zip(ends, troubles, strict=True) if now < end), 3)

    return cap


def test_after_a_storm_of_refusals_the_old_number_is_back_within_a_render() -> None:
    world = World(lambda now: 0 if 600 < now < 720 else 10)
    run = Run(world, Pace.up_to(10), 200).until(lambda run: run.now > 1020)
    assert (run.pace.bound, run.level_at(1020)) == (10, 10)


@pytest.mark.parametrize("hours", [1, 12])
def test_one_video_that_takes_hours_does_not_hide_that_others_have_made_room(hours: int) -> None:
    world = World(lambda now: 1 if now < 600 else 5, seconds=lambda _: hours * 3600.0)
    run = Run(world, Pace.up_to(5), 20).until(lambda run: run.sent >= 2)
    assert run.now <= 600 + LONGEST + 2 * world.latency
    assert run.until(lambda run: run.sent >= 5).now <= 600 + 3 * LONGEST
