"""``HeyGen(legacy="translate")``: a transport that sends legacy calls as v3 by itself."""

from collections.abc import Callable
from functools import partial
from typing import TypeVar

from heygen_async.legacy.translation import carry_out
from heygen_async.operation import Request
from heygen_async.transport import Pause, Transport

__all__ = ["Translating"]

T = TypeVar("T")


class Translating(Transport):
    """Sends legacy calls as v3, and all others as they are."""

    async def call(
        self,
        request: Request[T],
        *,
        idempotency_key: str | None = None,
        pause: Pause | None = None,
        refused: Callable[[], object] | None = None,
    ) -> T:
        """Make a call; a legacy one as `heygen_async.legacy.translation` says."""
        send = partial(super().call, pause=pause, refused=refused)
        if request.endpoint.legacy:
            return await carry_out(request, send, idempotency_key)
        return await send(request, idempotency_key=idempotency_key)
