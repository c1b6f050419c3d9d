"""Trouble on request: what networks, gateways and HeyGen itself do wrong now and then, exactly when a test wants it.

For example, the first two creations fail::

    emulator.faults.add(Fault(Refuse(503, "service_unavailable"), method="POST", path="/v3/videos", times=2))

and one request in twenty meets a storm of ten refusals, the same ones in each run::

    Emulator(faults=[Fault(Refuse(429, "rate_limit_exceeded"), chance=0.05, run=10, seed=7)])

A mixture of everything is a `Chaos`.
"""

from collections import Counter, deque
from collections.abc import Iterable
from fnmatch import fnmatchcase
from random import Random
from typing import Any, ClassVar, TypeVar

from attrs import Attribute, define, field, frozen

__all__ = [
    "Cut",
    "Delayed",
    "Doubled",
    "Down",
    "Expired",
    "ExpiresAfter",
    "FailRender",
    "Fault",
    "Faults",
    "Forged",
    "Garbage",
    "GoesBack",
    "Hang",
    "Happening",
    "Lost",
    "Mishap",
    "NoLink",
    "Nothing",
    "Overtaken",
    "Page",
    "Refuse",
    "RefuseUnder200",
    "ResetAfter",
    "ResetBefore",
    "Slow",
    "Stuck",
    "ToDelivery",
    "ToFile",
    "ToRequest",
    "ToWork",
    "WrongLength",
    "faults_of",
]

_REMEMBERED = 20_000


def _within(low: float, high: float = float("inf")) -> Any:
    def check(_: object, attribute: "Attribute[Any]", value: float | None) -> None:
        if value is not None and not low <= value <= high:
            raise ValueError(f"{attribute.name} is {value!r}; it must be from {low:g} to {high:g}")

    return check


class _Kind:
    """Something that can be asked for."""

    __slots__ = ()

    tag: ClassVar[str]
    """What it is called in JSON, as ``type``: the name of the class."""

    def __init_subclass__(cls) -> None:
        cls.tag = cls.__name__


class ToRequest(_Kind):
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
    """No answer comes."""

    carried_out: bool = False
    """Whether the request is carried out before."""

    seconds: float | None = None
    """After so many seconds of the clock a gateway answers 504; ``None``: until the client goes away."""


@frozen
class Down(ToRequest):
    """The connection is cut, nothing was done, and the port refuses connections for a while.

    What is being served meanwhile is served to its end; what comes on connections that were there before is cut, too.
    """

    seconds: float = 5.0
    """Of the clock."""


class ToFile(_Kind):
    """What happens to the files behind the links."""

    __slots__ = ()


@frozen
class Cut(ToFile):
    """The connection is cut after so many bytes of the answer's body."""

    after: int


@frozen
class Slow(ToFile):
    """The bytes come slowly, evenly spread."""

    bytes_per_second: int = field(validator=_within(1))
    """By the clock."""


@frozen
class WrongLength(ToFile):
    """``Content-Length`` promises `extra` more bytes than come; with less than 0, that many bytes are missing."""

    extra: int


@frozen
class Expired(ToFile):
    """The link counts as expired, this once."""


@frozen
class ExpiresAfter(ToFile):
    """The connection is cut after so many bytes, and from then on the link has expired. Links signed later are good."""

    after: int


class ToWork(_Kind):
    """What happens to videos, and to whatever else is worked on, decided when it is created."""

    __slots__ = ()


@frozen
class FailRender(ToWork):
    """The work fails at its end. ``None``, as HeyGen was seen to do, gives no reason."""

    code: str | None = "rendering_failed"
    message: str | None = "Avatar rendering timed out"


@frozen
class NoLink(ToWork):
    """The work is shown as completed so many times before it has links to its files."""

    times: int = 1


@frozen
class GoesBack(ToWork):
    """Once the work was shown as completed, it is shown as processing so many times again."""

    times: int = 1


@frozen
class Stuck(ToWork):
    """The work is processing for ever."""


class ToDelivery(_Kind):
    """What happens to webhooks on their way; the path is that of the address they go to."""

    __slots__ = ()


@frozen
class Lost(ToDelivery):
    """It never arrives, and HeyGen believes that it has."""


@frozen
class Doubled(ToDelivery):
    """It arrives twice."""


@frozen
class Delayed(ToDelivery):
    """It arrives so many seconds of the clock later."""

    seconds: float


@frozen
class Overtaken(ToDelivery):
    """It arrives after the next one; at last after a minute of the clock."""


@frozen
class Forged(ToDelivery):
    """It comes from somebody else, who does not know the secret; the real one comes with the next try."""


Happening = (
    Refuse
    | RefuseUnder200
    | Page
    | Nothing
    | Garbage
    | ResetBefore
    | ResetAfter
    | Hang
    | Down
    | Cut
    | Slow
    | WrongLength
    | Expired
    | ExpiresAfter
    | FailRender
    | NoLink
    | GoesBack
    | Stuck
    | Lost
    | Doubled
    | Delayed
    | Overtaken
    | Forged
)
"""What can be asked for."""

H = TypeVar("H")


@frozen
class Fault:
    """What happens, to which requests, and how often. For a work, the request is the one that begins it."""

    what: Happening
    method: str = field(default="*", kw_only=True)
    """A pattern as in a shell, such as ``POST``."""

    path: str = field(default="*", kw_only=True)
    """A pattern as in a shell, such as ``/v3/videos*`` or ``/files/*``."""

    times: int | None = field(default=None, kw_only=True, validator=_within(1))
    """To the first so many requests; ``None``: to all."""

    every: int = field(default=1, kw_only=True, validator=_within(1))
    """To each so-manieth of them only; 3: to the third, the sixth, and so on."""

    chance: float = field(default=1.0, kw_only=True, validator=_within(0, 1))
    """To this share of them only, 0 to 1: which ones, the seed decides."""

    run: int = field(default=1, kw_only=True, validator=_within(1))
    """Once it happens, it does to so many in a row: a storm."""

    seed: int = field(default=0, kw_only=True)
    """The same one means the same requests, counted from when the fault was added."""

    def meets(self, method: str, path: str) -> bool:
        """Tell whether it concerns this request."""
        return fnmatchcase(method, self.method) and fnmatchcase(path, self.path)


@frozen
class Mishap:
    """What has happened, and to which request."""

    method: str
    path: str
    what: Happening


@define(eq=False)
class _Course:
    """How far a fault is."""

    fault: Fault
    left: float
    """How often it still happens."""

    met: int = field(default=0, init=False)
    following: int = field(default=0, init=False)
    """How many requests of a run are still to come."""

    random: Random = field(init=False)

    def __attrs_post_init__(self) -> None:
        self.random = Random(repr(self.fault))  # noqa: S311  # it has to be foreseeable

    def strikes(self) -> bool:
        """Take in a request that the fault meets, and tell whether it happens to it."""
        self.met += 1
        if self.following:
            self.following -= 1
        elif self.met % self.fault.every == 0 and self.random.random() < self.fault.chance:
            self.following = self.fault.run - 1
        else:
            return False
        self.left -= 1
        return True


@define(eq=False)
class Faults:
    """The faults that are still to happen, and what has happened."""

    story: deque[Mishap] = field(factory=lambda: deque(maxlen=_REMEMBERED), init=False)
    """The last 20,000 things that went wrong on request, in their order."""

    counts: Counter[str] = field(factory=Counter, init=False)
    """How often each kind of thing went wrong, by its name, such as ``Refuse``."""

    _courses: dict[Fault, _Course] = field(factory=dict, init=False)

    def add(self, fault: Fault) -> None:
        """Have `fault` happen from now on; the one that was added first goes first."""
        course = self._courses.setdefault(fault, _Course(fault, 0))
        course.left += float("inf") if fault.times is None else fault.times

    def clear(self) -> None:
        """Have nothing happen any more."""
        self._courses.clear()

    def pending(self) -> list[Fault]:
        """Return those that have not happened as often as they should, or happen always."""
        return list(self._courses)

    def take(self, method: str, path: str, kind: type[H]) -> H | None:
        """Return what happens to a request, of this kind, and count it."""
        for fault, course in self._courses.items():
            if isinstance(fault.what, kind) and fault.meets(method, path) and course.strikes():
                if course.left <= 0:
                    del self._courses[fault]
                self.story.append(Mishap(method, path, fault.what))
                self.counts[fault.what.tag] += 1
                return fault.what
        return None


def faults_of(given: Faults | Iterable[Fault]) -> Faults:
    """Take in faults from the beginning on; a `Faults` is left as it is."""
    if isinstance(given, Faults):
        return given
    faults = Faults()
    for fault in given:
        faults.add(fault)
    return faults
