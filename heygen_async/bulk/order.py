"""In which order rows go out.

Where many render at once, a run ends late because a long video was begun late: all slots are empty but one. So the
longest go first (Graham's rule), as far as anybody can tell beforehand. How long a render takes, finished ones of the
same kind tell; where there are too few of them, the length of what is said has to do.
"""

from collections.abc import Callable, Sequence
from typing import Literal, get_args

from heygen_async.api.videos import VideoRequest
from heygen_async.bulk.agenda import Task
from heygen_async.bulk.quotes import Quote
from heygen_async.durations import ENOUGH, Case, Durations
from heygen_async.errors import ClientMisused

__all__ = ["Order", "check_order", "longest_first", "renders_of"]

Order = Literal["rows", "longest-first"]
"""``rows``: as they come; ``longest-first``: those first that will render longest."""


def check_order(order: str) -> None:
    """Raise `ClientMisused` for an order that there is not."""
    if order not in get_args(Order):
        raise ClientMisused(f"order is {order!r}; it must be {' or '.join(map(repr, get_args(Order)))}")


def longest_first(tasks: Sequence[Task], quote: Callable[[VideoRequest], Quote], known: Durations) -> list[Task]:
    """Order the rows of a run; what was begun before still comes first. Takes a tenth of a millisecond a row."""
    renders = renders_of([task.row.request for task in tasks], quote, known)
    turns = sorted(range(len(tasks)), key=lambda at: (tasks[at].urgency, -renders[at]))
    return [tasks[at] for at in turns]


def renders_of(
    requests: Sequence[VideoRequest], quote: Callable[[VideoRequest], Quote], known: Durations
) -> list[float]:
    """Say of each request how long it will render, compared with the others.

    In seconds, where enough is known of all groups; else in seconds of video, which grow with them: the two cannot be
    compared with each other.
    """
    spreads = [known.spread(Case.of(request.kind.noun, request), ENOUGH) for request in requests]
    found = [spread.mean for spread in spreads if spread is not None]
    if len(found) == len(requests):
        return found
    lengths = [quote(request).seconds for request in requests]
    return [(span.low + span.high) / 2 for span in lengths]
