"""Figures that are known roughly add up and multiply as the figures themselves do."""

from hypothesis import given
from hypothesis import strategies as st

from heygen_async.bulk.span import Span

FIGURES = st.floats(0, 1e6)


@st.composite
def known_roughly(draw: st.DrawFn) -> tuple[float, Span]:
    low, figure, high = sorted(draw(st.tuples(FIGURES, FIGURES, FIGURES)))
    return figure, Span(low, high)


@given(known_roughly(), known_roughly())
def test_what_lies_within_two_spans_lies_within_their_sum_and_their_product(
    one: tuple[float, Span], other: tuple[float, Span]
) -> None:
    assert one[0] + other[0] in one[1] + other[1]
    assert one[0] * other[0] in one[1] * other[1]
    assert one[0] + other[0] in Span.sum([one[1], other[1]])
    assert one[0] in Span.around([one[1], other[1]])


def test_no_spans_are_exactly_nothing_together() -> None:
    assert Span.sum([]) == Span.exactly(0)


def test_only_one_figure_is_exact() -> None:
    assert Span.exactly(2).exact
    assert not Span(1, 2).exact
    assert 2 not in Span(0, 1)
