"""``HeyGen(legacy="translate")``: a transport that sends legacy calls as v3 by itself."""

from collections.abc import Callable
from functools import partial
from typing import Literal, TypeVar, get_args

from heygen_async.errors import ClientMisused
from heygen_async.legacy.translation import carry_out
from heygen_async.operation import Request
from heygen_async.transport import Pause, Transport

__all__ = ["LegacyMode", "Translating", "transport_for"]

T = TypeVar("T")

LegacyMode = Literal["send", "translate"]
"""What becomes of legacy calls: sent as they are, or as v3."""


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


def transport_for(mode: LegacyMode) -> type[Transport]:
    """Choose the transport. Raises `ClientMisused` for a word that is none of the two."""
    if mode not in get_args(LegacyMode):
        raise ClientMisused(f"legacy is {mode!r}; it must be one of {', '.join(get_args(LegacyMode))}")
    return Translating if mode == "translate" else Transport
