"""How a legacy operation becomes a method: as `heygen_async.resource` does it, with a warning before each call.

The warning comes at the call and not at the ``await``, so it names the caller's line even where the call is handed to
``asyncio.gather`` or becomes a task.
"""

import inspect
from collections.abc import Callable, Coroutine
from typing import Any, ParamSpec, TypeVar, cast

from heygen_async.faces import result_of
from heygen_async.job import Job
from heygen_async.operation import JobRequest, Request
from heygen_async.resource import Method, Wire
from heygen_async.sunset import announce

__all__ = ["call", "submit"]

P = ParamSpec("P")
T = TypeVar("T")

_CALLER = 3
"""Frames from an act up to whoever called the method: the act, the method, the caller."""


def call(make: Callable[P, Request[T]]) -> Method[P, Coroutine[Any, Any, T]]:
    """Bind a request class: the method takes its fields and returns its answer."""

    def act(wire: Wire, request: Request[T]) -> Coroutine[Any, Any, T]:
        announce(request.endpoint, _CALLER)
        return wire.send(request)

    return Method(make, act, getattr(make, "answer", inspect.Signature.empty))


def submit(make: Callable[P, JobRequest[Any, T]]) -> Method[P, Coroutine[Any, Any, Job[T]]]:
    """Bind the request class of a job: the method takes its fields and returns the `Job`."""

    def act(wire: Wire, request: JobRequest[Any, T]) -> Coroutine[Any, Any, Job[T]]:
        announce(request.endpoint, _CALLER)
        return wire.submit(request)

    return Method(make, act, cast(Any, Job)[result_of(make)])
