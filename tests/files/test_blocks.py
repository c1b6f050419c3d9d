"""Memory that files come into: bounded for all of them together, used again, and kept only as long as a file comes."""

from contextlib import ExitStack

from hypothesis import given
from hypothesis import strategies as st

from heygen_async.files.blocks import LARGE, ROOM, SMALL, TAIL, Blocks


@given(st.integers(0, 10_000))
def test_blocks_of_all_files_together_are_bounded_as_long_as_they_need_not_be_tiny(files: int) -> None:
    blocks = Blocks()
    blocks.files = files
    assert SMALL <= blocks.size <= LARGE
    assert blocks.size == SMALL or blocks.size * files <= ROOM
    assert blocks.size == LARGE or blocks.size * files * 2 > ROOM


def test_what_was_given_back_is_lent_again() -> None:
    blocks = Blocks()
    with blocks.counted():
        first, second = blocks.lend(), blocks.lend()
        assert first.obj is not second.obj
        blocks.take_back(first)
        assert blocks.lend().obj is first.obj
        assert blocks.lend().obj is not first.obj


def test_what_has_another_size_by_then_is_let_go() -> None:
    blocks = Blocks()
    with ExitStack() as files:
        files.enter_context(blocks.counted())
        blocks.take_back(blocks.lend())
        for _ in range(100):
            files.enter_context(blocks.counted())
        assert len(blocks.lend()) == SMALL + TAIL + 1
        assert blocks._spare == []


def test_no_memory_is_kept_after_the_last_file() -> None:
    blocks = Blocks()
    with blocks.counted():
        with blocks.counted():
            blocks.take_back(blocks.lend())
        assert blocks._spare
    assert blocks._spare == []


def test_no_more_is_kept_than_the_files_that_still_come_may_need() -> None:
    blocks = Blocks()
    with blocks.counted():
        with ExitStack() as files:
            for _ in range(3):
                files.enter_context(blocks.counted())
            lent = [blocks.lend() for _ in range(8)]
            for memory in lent:
                blocks.take_back(memory)
            assert len(blocks._spare) == 8
        assert len(blocks._spare) == 2
