import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heygen_async.polling import PAGE, Round

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


def test_more_hints_than_fit_wait_for_the_next_look() -> None:
    round_ = a_round(4)
    for key in (3, 2, 1):
        round_.hint(key)
    assert round_.take(2) == [3, 2]
    assert round_.take(2) == [1, 0]


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
    assert due[: len(known)] == known[:most]


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
