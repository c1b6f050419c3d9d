"""What a translated call needs: somebody who makes v3 calls, and a way to say what v3 cannot."""

import logging
import warnings
from collections.abc import Awaitable, Sequence
from typing import Any, Protocol, TypeVar

import attrs

from heygen_async.legacy.migration import Migration, to_v3
from heygen_async.legacy.payload import Remark
from heygen_async.operation import Page, PageRequest, Request
from heygen_async.resource import turned
from heygen_async.sunset import LegacyWarning, outside

__all__ = ["Send", "everything", "migrated", "tell"]

T = TypeVar("T")

log = logging.getLogger(__name__)


class Send(Protocol):
    """Makes a v3 call and returns its answer."""

    async def __call__(self, request: Request[T], /, *, idempotency_key: str | None = None) -> T:
        """Send `request`."""
        ...


async def everything(send: Send, request: PageRequest[T]) -> list[T]:
    """Ask for all pages."""

    def ask(token: str | None) -> Awaitable[Page[T]]:
        return send(attrs.evolve(request, token=token))

    return [item async for page in turned(ask, request.token) for item in page.items]


def migrated(request: Request[Any]) -> Migration:
    """Translate a legacy creation, and tell what is lost before anything is sent."""
    migration = to_v3(request)
    tell(request, migration.lost)
    return migration


def tell(request: Request[Any], remarks: Sequence[Remark]) -> None:
    """Warn of each thing that v3 cannot say, and write it to the log."""
    for remark in remarks:
        text = f"{request.endpoint.path} as v3: {remark}"
        log.warning("%s", text)
        warnings.warn(LegacyWarning(text), stacklevel=outside())
