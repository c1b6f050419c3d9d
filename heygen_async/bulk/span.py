"""What is only known roughly: a figure that lies between two bounds."""

from collections.abc import Iterable
from typing import Self

from attrs import frozen

__all__ = ["Span"]


@frozen
class Span:
    """From `low` to `high`; the truth lies between. Spans add up, and multiply where both factors are only known so."""

    low: float
    high: float

    @classmethod
    def exactly(cls, figure: float) -> Self:
        """Make the span of a figure that is known."""
        return cls(figure, figure)

    @classmethod
    def around(cls, spans: Iterable["Span"]) -> Self:
        """Make the smallest span that has all of `spans` in it; there must be one at least."""
        found = list(spans)
        return cls(min(span.low for span in found), max(span.high for span in found))

    @classmethod
    def sum(cls, spans: Iterable["Span"]) -> Self:
        """Add spans up; of none it is exactly 0."""
        found = list(spans)
        return cls(sum(span.low for span in found), sum(span.high for span in found))

    @property
    def exact(self) -> bool:
        """Whether the bounds are the same."""
        return self.low == self.high

    def __add__(self, other: "Span") -> "Span":
        return Span(self.low + other.low, self.high + other.high)

    def __mul__(self, factor: "Span") -> "Span":
        return Span(self.low * factor.low, self.high * factor.high)

    def __contains__(self, figure: float) -> bool:
        return self.low <= figure <= self.high
