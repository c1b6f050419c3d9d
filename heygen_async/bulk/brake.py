"""How a run is ended in good order: what must not begin any more, and what need not be waited for."""

from collections.abc import Awaitable, Iterator
from contextlib import contextmanager

import anyio
from attrs import define, field

__all__ = ["Brake"]


@define(eq=False)
class Brake:
    """Ends the submissions of a run, and when it is stopped the watching, too. Nothing of it can be undone."""

    stopped: bool = field(default=False, init=False)
    """Whether somebody has stopped the run."""

    refusal: Exception | None = field(default=None, init=False)
    """What concerns all rows alike, so that nothing more is submitted."""

    _submitting: set[anyio.CancelScope] = field(factory=set, init=False)
    _watching: set[anyio.CancelScope] = field(factory=set, init=False)

    @property
    def ending(self) -> bool:
        """Whether nothing more is submitted."""
        return self.stopped or self.refusal is not None

    def stop(self) -> None:
        """Submit nothing more, and wait for no render."""
        self.stopped = True
        for scope in self._submitting | self._watching:
            scope.cancel()

    def submit_no_more(self, refusal: Exception) -> None:
        """Submit nothing more, and bring what renders; the first reason is the one that is told."""
        self.refusal = self.refusal or refusal
        for scope in self._submitting:
            scope.cancel()

    @contextmanager
    def submitting(self) -> Iterator[anyio.CancelScope]:
        """Let the end of the submissions end what is awaited in this block, and nothing else."""
        with _endable(self._submitting, ended=self.ending) as scope:
            yield scope

    @contextmanager
    def watching(self) -> Iterator[None]:
        """Let a stop end what is awaited in this block, and nothing else."""
        with _endable(self._watching, ended=self.stopped):
            yield

    async def pause(self, wait: Awaitable[None]) -> bool:
        """Wait between two tries of a creation; false when the run was ended meanwhile."""
        with self.submitting() as scope:
            await wait
        return not scope.cancelled_caught


@contextmanager
def _endable(scopes: set[anyio.CancelScope], *, ended: bool) -> Iterator[anyio.CancelScope]:
    """Let whoever cancels `scopes` end what is awaited in this block; at once where it `ended`."""
    with anyio.CancelScope() as scope:
        if ended:
            scope.cancel()
        scopes.add(scope)
        try:
            yield scope
        finally:
            scopes.discard(scope)
