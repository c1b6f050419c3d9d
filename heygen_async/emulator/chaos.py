"""A mixture of everything that goes wrong, by a seed.

    Emulator(faults=Chaos(seed=7))                          # or: heygen-async emulator --faults chaos:7

It is made of `Fault` values with chances, so the n-th request that one of them meets has the same fate in each run:
the same requests in the same order have the same story. Creations and other POSTs are counted apart from the rest, so
that one status request more or less changes nothing for them.
"""

from collections.abc import Iterable, Iterator

from attrs import evolve, field, frozen
from attrs.validators import and_, deep_iterable, ge, in_, le

from heygen_async.emulator.faults import (
    Cut,
    Down,
    Expired,
    ExpiresAfter,
    FailRender,
    Fault,
    Garbage,
    GoesBack,
    Hang,
    NoLink,
    Page,
    Refuse,
    RefuseUnder200,
    ResetAfter,
    ResetBefore,
    Slow,
    Stuck,
    WrongLength,
)

__all__ = ["Chaos"]

_Mixture = tuple[tuple[int, Fault], ...]
"""Weights, and what they are of."""

_REQUESTS: _Mixture = (
    (4, Fault(Refuse(429, "rate_limit_exceeded", "Slow down", retry_after=1), run=10)),
    (4, Fault(Refuse(503, "service_unavailable"), run=5)),
    (2, Fault(Refuse(500, "internal_error"))),
    (2, Fault(RefuseUnder200("internal_error"))),
    (2, Fault(Page(502), run=3)),
    (1, Fault(Garbage())),
    (2, Fault(ResetBefore())),
    (3, Fault(ResetAfter())),
    (1, Fault(Hang(seconds=30))),
    (2, Fault(Hang(carried_out=True, seconds=30))),
    (1, Fault(Down(5))),
)
_FILES: _Mixture = (
    (2, Fault(Cut(1000))),
    (2, Fault(Cut(100_000))),
    (2, Fault(Slow(50_000))),
    (2, Fault(ExpiresAfter(1000))),
    (1, Fault(Expired())),
    (1, Fault(WrongLength(1000))),
    (1, Fault(WrongLength(-1000))),
    (1, Fault(Page(502))),
    (1, Fault(ResetBefore())),
)
_WORKS: _Mixture = (
    (3, Fault(NoLink(2))),
    (3, Fault(GoesBack(2))),
    (1, Fault(FailRender())),
    (1, Fault(FailRender(None, None))),
    (1, Fault(Stuck())),
)
_PLACES = (
    (_REQUESTS, "P*", "/v[123]/*"),  # POST, PUT, PATCH
    (_REQUESTS, "[!P]*", "/v[123]/*"),
    (_FILES, "GET", "/files/video/*"),  # that another file is not whole, nobody could tell from a wrong length
    (_WORKS, "POST", "/v[123]/*"),
)
_KINDS = frozenset(fault.what.tag for mixture, *_ in _PLACES for _, fault in mixture)


def _names(given: Iterable[str]) -> tuple[str, ...]:
    return tuple(given)


@frozen(kw_only=True)
class Chaos:
    """Faults of all kinds, seldom or often; the same ones for the same seed. Webhooks are spared."""

    seed: int
    rate: float = field(default=0.05, validator=and_(ge(0), le(1)))
    """To which share of the requests something happens, roughly, and of the downloads, and of the works; 0 to 1."""

    spare: tuple[str, ...] = field(default=("Stuck",), converter=_names, validator=deep_iterable(in_(_KINDS)))
    """Names of what never happens. A video that is stuck keeps its slot for ever, so it has to be asked for: ``()``."""

    def __iter__(self) -> Iterator[Fault]:
        """Give the faults that it is made of."""
        for mixture, method, path in _PLACES:
            weights = sum(weight for weight, _ in mixture)
            for weight, fault in mixture:
                if fault.what.tag not in self.spare:
                    chance = self.rate * weight / weights / fault.run
                    yield evolve(fault, method=method, path=path, chance=chance, seed=self.seed)
