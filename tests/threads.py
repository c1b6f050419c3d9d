"""Threads that are slow where a test wants them to be, so that something can happen meanwhile."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from threading import Event
from typing import Any, TypeVar

__all__ = ["SlowThreads"]

T = TypeVar("T")


class SlowThreads(ThreadPoolExecutor):
    """For `asyncio.loop.set_default_executor`: the function of a certain name waits until it may `go`."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name
        self.reached = Event()
        """Whether the function is about to be called."""
        self.go = Event()

    def submit(self, fn: Callable[..., T], /, *args: Any, **kwargs: Any) -> Future[T]:
        return super().submit(self._slowly, partial(fn, *args, **kwargs))

    def _slowly(self, call: "partial[T]") -> T:
        inner: Any = call
        while isinstance(inner, partial):
            inner = inner.func
        if inner.__name__ == self.name:
            self.reached.set()
            self.go.wait(10)
        return call()
