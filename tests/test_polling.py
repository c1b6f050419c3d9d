import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heygen_async.polling import LATE, PAGE, Early, Pace, Round

sizes = st.integers(0, 450)
pages = st.integers(1, 120)


def a_round(keys: int) -> Round[int]:
    round_ = Round[int]()
    for key in range(keys):
        round_.add(key)
    return round_


def test_up_to_a_hundred_are_looked_at_each_time() -> None:
    round_ = a_round(100)
    assert round_.take() == list(range(100))
    assert round_.take() == list(range(100))


def test_beyond_a_hundred_they_take_turns() -> None:
    round_ = a_round(250)
    assert [len(round_.take()) for _ in range(3)] == [PAGE, PAGE, PAGE]
    assert round_.take()[0] == 50


def test_nothing_is_due_where_nothing_is() -> None:
    assert Round[int]().take() == []


def test_what_is_added_twice_is_there_once_and_keeps_its_place() -> None:
    round_ = a_round(3)
    round_.add(0)
    assert len(round_) == 3
    assert round_.take() == [0, 1, 2]


def test_what_is_dropped_is_looked_at_no_more_and_dropping_again_is_harmless() -> None:
    round_ = a_round(3)
    round_.hint(1)
    round_.drop(1)
    round_.drop(1)
    round_.drop(99)
    assert 1 not in round_
    assert round_.take() == [0, 2]


def test_a_hint_puts_a_key_at_the_head_once() -> None:
    round_ = a_round(5)
    assert round_.hint(3)
    assert round_.take(2) == [3, 0]
    assert round_.take(2) == [1, 2]
    assert round_.take(2) == [4, 3]


def test_a_round_knows_whether_somebody_waits_out_of_turn() -> None:
    round_ = a_round(2)
    seen = [round_.hinted]
    round_.hint(1)
    seen.append(round_.hinted)
    round_.take(1)
    assert [*seen, round_.hinted] == [False, True, False]


def test_hints_keep_their_order() -> None:
    round_ = a_round(300)
    for key in (250, 120, 250):
        round_.hint(key)
    assert round_.take()[:3] == [250, 120, 0]


def test_a_hint_on_something_unknown_is_told_so_and_forgotten() -> None:
    round_ = a_round(2)
    assert not round_.hint(7)
    assert round_.take() == [0, 1]


def test_more_hints_than_fit_share_each_look_with_those_who_wait() -> None:
    round_ = a_round(6)
    for key in (5, 4, 3):
        round_.hint(key)
    assert round_.take(2) == [5, 0]
    assert round_.take(2) == [4, 1]
    assert round_.take(2) == [3, 2]


def test_where_nobody_else_waits_hints_fill_a_look() -> None:
    round_ = a_round(3)
    for key in (2, 1, 0):
        round_.hint(key)
    assert round_.take(2) == [2, 1]


@given(st.integers(1, 450), st.integers(2, 100))
def test_whatever_is_hinted_at_nobody_waits_longer_than_two_rounds(keys: int, most: int) -> None:
    round_ = a_round(keys)
    seen = set[int]()
    for turn in range(2 * math.ceil(keys / most) + 1):
        for key in range(turn, turn + 200):
            round_.hint(key % max(1, keys // 2))
        seen.update(round_.take(most))
    assert seen >= set(range(keys // 2, keys))


@given(sizes, pages)
def test_nobody_waits_longer_than_one_round(keys: int, most: int) -> None:
    round_ = a_round(keys)
    for _ in range(2):
        looked = [key for _ in range(math.ceil(keys / most)) for key in round_.take(most)]
        assert set(looked) == set(range(keys))


@given(sizes, st.lists(st.integers(0, 450), max_size=30), pages)
def test_a_look_is_as_large_as_allowed_and_has_no_key_twice(keys: int, hints: list[int], most: int) -> None:
    round_ = a_round(keys)
    known = [key for key in dict.fromkeys(hints) if round_.hint(key)]
    due = round_.take(most)
    assert len(due) == len(set(due)) == min(keys, most)
    first = max(most - (keys - len(known)), most // 2, 1)
    assert due[: min(first, len(known))] == known[:first]


@given(st.lists(st.tuples(st.sampled_from(["add", "drop", "hint", "take"]), st.integers(0, 20)), max_size=60))
def test_a_round_holds_what_was_added_and_not_dropped(steps: list[tuple[str, int]]) -> None:
    round_, there = Round[int](), set[int]()
    for step, key in steps:
        if step == "add":
            round_.add(key)
            there.add(key)
        elif step == "drop":
            round_.drop(key)
            there.discard(key)
        elif step == "hint":
            assert round_.hint(key) == (key in there)
        else:
            assert set(round_.take(key)) <= there
        assert len(round_) == len(there)
        assert all((key in round_) == (key in there) for key in range(21))


@pytest.mark.parametrize("most", [1, 100])
def test_whoever_comes_later_is_looked_at_within_a_round_too(most: int) -> None:
    round_ = a_round(most)
    round_.take(most)
    round_.add(-1)
    assert -1 in round_.take(most) + round_.take(most)


# The pace.


def test_the_pause_is_short_until_events_come_and_doubles_with_each_of_them() -> None:
    pace = Pace(2, 60)
    assert pace.pause(1) == 2
    pauses = []
    for at in range(6):
        pace.heard(f"v{at}")
        pauses.append(pace.pause(1))
    assert pauses == [4, 8, 16, 32, 60, 60]


def test_an_event_that_is_missing_for_too_long_makes_it_short_again() -> None:
    pace = Pace(2, 60)
    for at in range(6):
        pace.heard(f"v{at}")
    assert pace.checks is None
    pace.ended("a", 100)
    assert "a" in pace
    assert pace.checks == 100 + LATE
    assert not pace.check(99 + LATE)
    assert pace.pause(1) == 60
    assert pace.check(100 + LATE)
    assert (pace.pause(1), pace.checks) == (2, None)
    assert "a" not in pace


def test_an_event_that_comes_late_is_not_missing() -> None:
    pace = Pace(2, 60)
    pace.ended("a", 0)
    assert pace.checks is None  # it could not become shorter
    pace.heard("a")
    assert not pace.check(1000)
    assert pace.pause(1) == 4


def test_those_who_have_to_take_turns_have_one_in_the_same_time() -> None:
    pace = Pace(2, 60)
    for at in range(9):
        pace.heard(f"v{at}")
    assert [pace.pause(keys) for keys in (0, 100, 101, 250, 100_000)] == [60, 60, 30, 20, 0.2]


def test_a_429_doubles_the_pause_up_to_sixteen_times_and_answers_bring_it_back() -> None:
    pace = Pace(2, 60)
    pauses = []
    for _ in range(6):
        pace.refused()
        pauses.append(pace.pause(1))
    assert pauses == [4, 8, 16, 32, 32, 32]
    pace.answered()
    assert pace.pause(1) == pytest.approx(0.9 * 32)
    for _ in range(40):
        pace.answered()
    assert pace.pause(1) == 2


def test_who_knows_how_long_jobs_take_sets_the_pause_unless_events_tell_of_their_ends() -> None:
    pace = Pace(2, 60)
    assert pace.pause(1, 45) == 45
    assert pace.pause(1, 0.0) == 0.2
    pace.heard("a")
    assert pace.pause(1, 45) == 4


def test_the_longest_pause_is_never_shorter_than_the_shortest() -> None:
    pace = Pace(10, 1)
    pace.heard("a")
    assert pace.pause(1) == 10


def test_what_nobody_tells_of_is_remembered_within_bounds() -> None:
    pace = Pace(2, 60)
    for at in range(20_000):
        pace.ended(f"v{at}", at)
    assert "v0" not in pace
    assert "v19999" in pace


# What comes early.


def test_what_comes_early_is_claimed_once_within_its_time() -> None:
    early = Early(life=600)
    for key in "abc":
        early.keep(key, 0)
    assert early.claim("a", 600)
    assert not early.claim("a", 0)
    assert not early.claim("b", 601)
    assert not early.claim("never", 0)


def test_what_comes_early_is_bounded_in_number_and_age() -> None:
    early = Early(most=3, life=600)
    for at, key in enumerate("abcda"):
        early.keep(key, at)
    assert [early.claim(key, 5) for key in "abcd"] == [True, False, True, True]
    early.keep("old", 0)
    early.keep("new", 601)
    assert len(early) == 1
