"""Trouble on request: what networks, gateways and HeyGen itself do wrong now and then, exactly when a test wants it.

For example, the first two creations fail::

    emulator.faults.add(Fault(Refuse(503, "service_unavailable"), method="POST", path="/v3/videos", times=2))
"""

from fnmatch import fnmatchcase
from typing import TypeVar

from attrs import define, field, frozen

__all__ = [
    "Cut",
    "Expired",
    "FailRender",
    "Fault",
    "Faults",
    "Garbage",
    "Hang",
    "Happening",
    "NoLink",
    "Nothing",
    "Page",
    "Refuse",
    "RefuseUnder200",
    "ResetAfter",
    "ResetBefore",
    "Stuck",
    "ToFile",
    "ToRequest",
    "ToVideo",
    "WrongLength",
]


class ToRequest:
    """What happens to any request."""

    __slots__ = ()


@frozen
class Refuse(ToRequest):
    """An error in HeyGen's own form; nothing is done."""

    status: int
    code: str
    message: str = "Something went wrong"
    retry_after: int | None = None
    """Seconds for the ``Retry-After`` header; ``None``: no such header."""


@frozen
class RefuseUnder200(ToRequest):
    """An error in HeyGen's own form, under the status 200."""

    code: str
    message: str = "Something went wrong"


@frozen
class Page(ToRequest):
    """An HTML page of a gateway."""

    status: int = 502
    html: str = "<html><head><title>502 Bad Gateway</title></head><body>cloudflare</body></html>"


@frozen
class Nothing(ToRequest):
    """An empty body."""

    status: int = 200


@frozen
class Garbage(ToRequest):
    """Bytes that are no JSON, under the status 200 and said to be JSON."""

    content: bytes = b'{"data": {"video_id": '


@frozen
class ResetBefore(ToRequest):
    """The connection is cut, and nothing was done."""


@frozen
class ResetAfter(ToRequest):
    """The request is carried out, and then the connection is cut before the answer."""


@frozen
class Hang(ToRequest):
    """No answer comes, until the client goes away."""

    carried_out: bool = False
    """Whether the request is carried out before."""


class ToFile:
    """What happens to the files behind the links."""

    __slots__ = ()


@frozen
class Cut(ToFile):
    """The connection is cut after so many bytes of the answer's body."""

    after: int


@frozen
class WrongLength(ToFile):
    """``Content-Length`` promises `extra` more bytes than come; with less than 0, that many bytes are missing."""

    extra: int


@frozen
class Expired(ToFile):
    """The link counts as expired."""


class ToVideo:
    """What happens to videos, decided when they are created."""

    __slots__ = ()


@frozen
class FailRender(ToVideo):
    """The render fails at its end. ``None``, as HeyGen was seen to do, gives no reason."""

    code: str | None = "rendering_failed"
    message: str | None = "Avatar rendering timed out"


@frozen
class NoLink(ToVideo):
    """The video is shown as completed so many times before it has a link."""

    times: int = 1


@frozen
class Stuck(ToVideo):
    """The video is processing for ever."""


Happening = ToRequest | ToFile | ToVideo
"""What can be asked for."""

H = TypeVar("H")


@frozen
class Fault:
    """What happens, to which requests, and how often. For a video, the request is the one that creates it."""

    what: Happening
    method: str = field(default="*", kw_only=True)
    """A pattern as in a shell, such as ``POST``."""

    path: str = field(default="*", kw_only=True)
    """A pattern as in a shell, such as ``/v3/videos*`` or ``/files/*``."""

    times: int | None = field(default=None, kw_only=True)
    """To the first so many requests; ``None``: to all."""

    def meets(self, method: str, path: str) -> bool:
        """Tell whether it concerns this request."""
        return fnmatchcase(method, self.method) and fnmatchcase(path, self.path)


@define(eq=False)
class Faults:
    """The faults that are still to happen."""

    _left: dict[Fault, float] = field(factory=dict, init=False)

    def add(self, fault: Fault) -> None:
        """Have `fault` happen from now on; the one that was added first goes first."""
        self._left[fault] = float("inf") if fault.times is None else self._left.get(fault, 0) + fault.times

    def clear(self) -> None:
        """Have nothing happen any more."""
        self._left.clear()

    def pending(self) -> list[Fault]:
        """Return those that have not happened as often as they should, or happen always."""
        return list(self._left)

    def take(self, method: str, path: str, kind: type[H]) -> H | None:
        """Return what happens to a request, of this kind, and count it."""
        for fault in self._left:
            if isinstance(fault.what, kind) and fault.meets(method, path):
                self._left[fault] -= 1
                if self._left[fault] <= 0:
                    del self._left[fault]
                return fault.what
        return None
