"""Every knob, with its default, its unit and its allowed range. Durations are seconds, sizes are bytes."""

from collections.abc import Callable
from typing import Any

from attrs import Attribute, field, frozen

__all__ = ["Limits", "Options", "Polling", "Retry", "Timeouts"]


def _between(
    low: float, high: float, *, whole: bool = False, optional: bool = False
) -> Callable[[Any, "Attribute[Any]", float | None], None]:
    """Make a validator: a number from `low` to `high`, both included; `whole`: without a fraction; or ``None``."""
    kinds = (int,) if whole else (int, float)

    def check(owner: object, attribute: "Attribute[Any]", value: float | None) -> None:
        if value is None and optional:
            return
        if not isinstance(value, kinds) or not low <= value <= high:
            name = f"{type(owner).__name__}.{attribute.name}"
            noun = "a whole number" if whole else "a number"
            raise ValueError(f"{name} is {value!r}; it must be {noun} from {low:,.15g} to {high:,.15g}")

    return check


def _web(owner: object, attribute: "Attribute[Any]", value: object) -> None:
    """Check that a value is an address, or ``None``."""
    if value is not None and not (isinstance(value, str) and value.lower().startswith(("https://", "http://"))):
        name = f"{type(owner).__name__}.{attribute.name}"
        raise ValueError(f"{name} is {value!r}; it must start with https:// or http://")


@frozen(kw_only=True)
class Timeouts:
    """How long one request may take, by its kind, in seconds."""

    read: float = field(default=30.0, validator=_between(0.01, 3600))
    """A GET or a DELETE, answer included."""

    write: float = field(default=120.0, validator=_between(0.01, 3600))
    """A POST or a PATCH. One creation in a hundred takes 31 s or more at HeyGen, so stay well above."""

    silence: float = field(default=600.0, validator=_between(0.01, 86_400))
    """An upload or a download may last as long as it needs; this is how long nothing at all may move."""

    connect: float = field(default=15.0, validator=_between(0.01, 600))
    """Name look-up, TCP and TLS of a new connection."""


@frozen(kw_only=True)
class Retry:
    """When a request is made again. Only what is safe to repeat is repeated; see `heygen_async.retry`."""

    attempts: int = field(default=4, validator=_between(1, 100, whole=True))
    """How often a request is tried at most, the first time included. 1: never again."""

    backoff: float = field(default=1.0, validator=_between(0.0, 600))
    """Pause before the second try, in seconds; it doubles with each further one."""

    longest: float = field(default=30.0, validator=_between(0.0, 3600))
    """Longest pause before a try, in seconds."""

    patience: float = field(default=1800.0, validator=_between(0.0, 604_800))
    """How long, in seconds, a request is repeated while HeyGen answers 429 or that it is at work on it."""


@frozen(kw_only=True)
class Limits:
    """How much happens at once."""

    renders: int | None = field(default=10, validator=_between(1, 100_000, whole=True, optional=True))
    """Videos that render at once, at most. A slot is held from the creation until the render ends. HeyGen's
    pay-as-you-go accounts have 10, and answer 429 to the eleventh. While HeyGen takes fewer, there are fewer.
    ``None``: as many as HeyGen takes, up to 100; what that is, is found out. See `heygen_async.pacing`."""

    submissions: int = field(default=5, validator=_between(1, 10_000, whole=True))
    """Creations and uploads that are under way at once."""

    requests: int = field(default=32, validator=_between(1, 10_000, whole=True))
    """Requests to the API that are under way at once, of all kinds."""

    downloads: int = field(default=8, validator=_between(1, 1000, whole=True))
    """Files that are downloaded at once. They never hold a render slot. Each takes 3 to 4 MB of memory, and more than
    16 bring nothing: they are slower together, and hold up everything else in the event loop."""

    answer_bytes: int = field(default=16 * 2**20, validator=_between(1024, 2**31, whole=True))
    """Largest answer of the API that is read, in bytes. Downloads go to disk and are not bounded by this."""


@frozen(kw_only=True)
class Polling:
    """How open jobs are followed."""

    tick: float = field(default=2.0, validator=_between(0.001, 3600))
    """Seconds between two looks at the same job. Up to a hundred jobs of a kind share a request; where more are open,
    the requests of a round are spread over the tick, ten at the most, so from a thousand jobs on a round takes longer.
    While HeyGen answers 429 to looks, the pause doubles with each, up to sixteen ticks, and comes back bit by bit: so a
    short tick is safe, too. For a few jobs of which it is known how long such take, the pauses go by that instead."""

    safety_tick: float = field(default=300.0, validator=_between(0.001, 86_400))
    """The same while webhooks tell of every job that ends: how long one of which no event tells may go unnoticed. With
    each event the pause doubles, from `tick` to this; when one is missing, it is `tick` again."""

    link_grace: float = field(default=60.0, validator=_between(0.0, 86_400))
    """Seconds for which a job that is completed but has no link to its file yet still counts as rendering."""

    give_up_after: float = field(default=172_800.0, validator=_between(0.01, 31_536_000))
    """Seconds after which a job is no longer followed; those who wait get `JobTimeout`. 48 hours: the longest
    queue that HeyGen's users have reported."""


@frozen(kw_only=True)
class Options:
    """All settings of a client. `attrs.evolve` or `HeyGen.with_options` makes a changed copy."""

    timeouts: Timeouts = field(factory=Timeouts)
    """How long one request may take."""

    retry: Retry = field(factory=Retry)
    """When a request is made again."""

    limits: Limits = field(factory=Limits)
    """How much happens at once."""

    polling: Polling = field(factory=Polling)
    """How open jobs are followed."""

    callback_url: str | None = field(default=None, validator=_web)
    """Where HeyGen reaches `HeyGen.receiver`, such as ``https://example.com/heygen``: each creation that can say where
    to call when it is done, and does not, gets a path of its own below. ``None``: HeyGen calls nobody."""

    insecure_http: bool = False
    """Allow an ``http://`` base address that is not this machine: the API key would travel in the clear."""
