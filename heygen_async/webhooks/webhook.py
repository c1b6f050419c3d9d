"""What HeyGen delivers, checked and read: a signed body becomes an `Event`, anything else an error. Does no I/O.

HeyGen signs the bytes of the body with the whole secret (``whsec_…``): HMAC-SHA256, in lower-case hexadecimal. Its
pages name the header ``Heygen-Signature``, older ones ``Signature``, and both were seen, so either counts. The
``Heygen-Timestamp`` is not part of what is signed; where it comes along, it has to be about now.

One event may arrive more than once: by a second try of HeyGen's, or from the log of deliveries after a downtime.
`Received` tells such a copy from the first one.

https://developers.heygen.com/docs/webhooks
"""

import hmac
import json
import math
import re
from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from hashlib import sha256
from typing import Any

from attrs import Attribute, field, frozen

from heygen_async.errors import DeliveryRefused
from heygen_async.log import link_repr

__all__ = [
    "HEARD",
    "LARGEST",
    "SKEW",
    "Event",
    "Received",
    "Secret",
    "delivered",
    "event_of",
    "is_signed",
    "parse",
    "sign",
    "verify",
]

LARGEST = 2**20
"""Bytes of a body, at most."""

SKEW = 300.0
"""Seconds that ``Heygen-Timestamp`` may lie before or after our clock."""

_SIGNATURES = ("heygen-signature", "signature")
_TIMESTAMP = "heygen-timestamp"
_STAMP = re.compile(r"[0-9]{1,12}(\.[0-9]{1,9})?")
_EVENT_ID = "heygen-event-id"

HEARD = frozenset({*_SIGNATURES, _TIMESTAMP, _EVENT_ID})
"""The headers that count, in lower case."""

_RESOURCES: dict[str, tuple[str, str]] = {
    "avatar_video": ("video", "video_id"),
    "avatar_video_gif": ("video", "video_id"),
    "avatar_video_caption": ("video", "video_id"),
    "personalized_video": ("video", "video_id"),
    "video_translate": ("video translation", "video_translate_id"),
    "proofread_creation": ("proofread", "proofread_id"),
    "video_agent": ("agent session", "session_id"),
    "ai_clipping": ("AI clipping", "id"),
    "filler_word_removal": ("filler word removal", "id"),
    "hyperframes_video": ("render", "render_id"),
    "batch": ("batch", "batch_id"),
}
"""What the first word of an event's type is about, and where its id is. The set is open."""

_NOT_ABOUT = {"callback_id", "folder_id", "space_id", "entity_id", "user_id", "event_id"}
"""Ids of something else than what an event is about."""

_MOST_IDS = 8
_LONGEST_ID = 255
_LONGEST_MARK = 100


def _not_blank(_: object, __: "Attribute[str]", text: str) -> None:
    if not text.strip():
        raise ValueError("a webhook secret is empty")


@frozen
class Secret:
    """What HeyGen signs deliveries with. It never shows."""

    text: str = field(repr=False, validator=_not_blank)
    """All of it, ``whsec_`` included. `ValueError` for an empty one: anybody could sign with that."""

    until: float | None = None
    """Unix seconds after which it counts no more, because another has taken its place; ``None``: it stays."""

    def is_live(self, now: float) -> bool:
        """Tell whether it still counts at `now`, in Unix seconds."""
        return self.until is None or now <= self.until


@frozen(kw_only=True)
class Event:
    """Something that happened at HeyGen. Every field but the type may be missing, and new types appear."""

    type: str
    """Such as ``avatar_video.success``; empty when the delivery does not say."""

    event_id: str | None = None
    """HeyGen's id of the event: the one in the body, which is signed, else that of the header; older deliveries have
    none."""

    resource: str | None = None
    """What it is about, in the words of `JobKind.noun`, such as ``video``; ``None`` for a type that is new to us."""

    resource_id: str | None = None
    """The id of that."""

    callback_id: str | None = None
    """What was given at the creation."""

    url: str | None = field(default=None, repr=link_repr)
    """Signed address of the file."""

    message: str | None = None
    """Why it failed, in words."""

    code: str | None = None
    """Why it failed, as a code."""

    created_at: str | None = None
    """ISO 8601, as HeyGen wrote it."""

    signed: bool = False
    """Whether HeyGen vouches for it: by a signature, or because it comes from the log that the API key opens."""

    data: Mapping[str, Any] = field(factory=dict, repr=False, hash=False)
    """Everything HeyGen says, in its own words."""

    @property
    def ids(self) -> Sequence[str]:
        """All ids in it that may be a job's; `resource_id` first, eight at most."""
        found = [self.resource_id, *(value for name, value in self.data.items() if _is_id(name))]
        ids = [one for one in found if isinstance(one, str) and 0 < len(one) <= _LONGEST_ID]
        return list(dict.fromkeys(ids))[:_MOST_IDS]

    @property
    def happened(self) -> float | None:
        """`created_at` in Unix seconds; ``None`` where it is missing or no date."""
        try:
            when = datetime.fromisoformat(self.created_at or "")
        except ValueError:
            return None
        return (when if when.tzinfo else when.replace(tzinfo=UTC)).timestamp()

    @property
    def about(self) -> str:
        """Its type with what it is about: what copies have in common even when they carry no event id."""
        what = self.resource_id or sha256(json.dumps(self.data, sort_keys=True).encode()).hexdigest()
        return f"{self.type} {what}"


class Received:
    """Remembers what was received, the last `most` events.

    A copy has the id of an event that was here. Where one of the two came without an id, type and resource decide.
    """

    def __init__(self, most: int = 10_000) -> None:
        self._most = most
        self._marks: OrderedDict[str | bytes, None] = OrderedDict()

    def __len__(self) -> int:
        return len(self._marks) // 2

    def __contains__(self, event: Event) -> bool:
        if event.event_id is None:
            return _mark("about", event.about) in self._marks
        nameless = _mark("about, without an id", event.about)
        return _mark("id", event.event_id) in self._marks or nameless in self._marks

    def add(self, event: Event) -> None:
        """Remember an event, and forget the oldest ones."""
        named = event.event_id is not None
        own = _mark("id", event.event_id) if named else _mark("about, without an id", event.about)
        for mark in (own, _mark("about", event.about)):
            self._marks[mark] = None
            self._marks.move_to_end(mark)
        while len(self._marks) > 2 * self._most:
            self._marks.popitem(last=False)


def sign(body: bytes, secret: Secret) -> str:
    """Return the signature that HeyGen sends along with `body`."""
    signature = _keyed(secret.text).copy()
    signature.update(body)
    return signature.hexdigest()


@lru_cache(maxsize=32)
def _keyed(text: str) -> hmac.HMAC:
    """Begin to sign: what a key costs, half of a signature of a short body, is paid once."""
    return hmac.new(text.encode(), digestmod="sha256")


def verify(body: bytes, signatures: Sequence[str], secrets: Iterable[Secret], *, now: float) -> bool:
    """Tell whether one of `signatures` is that of one of the secrets which are live at `now`, in Unix seconds.

    Every pair is compared, each in constant time, so nothing can be learnt from how long it takes.
    """
    good = False
    for wanted in [sign(body, secret).encode() for secret in secrets if secret.is_live(now)]:
        for given in signatures:
            good |= hmac.compare_digest(wanted, given.encode(errors="replace"))
    return good


def is_signed(headers: Mapping[str, str]) -> bool:
    """Tell whether a signature came along. The names of `headers` are in lower case."""
    return any(headers.get(name) for name in _SIGNATURES)


def parse(
    headers: Mapping[str, str],
    body: bytes,
    secrets: Iterable[Secret] | None,
    *,
    now: float,
) -> Event:
    """Turn a delivery into an `Event`.

    `headers` in any case of letters, `body` as it came, byte by byte. `secrets`: those that HeyGen may have signed
    with; ``None`` checks no signature, and the event is not `Event.signed`. `now` is in Unix seconds.

    Raises `DeliveryRefused`: 401 for a signature that is missing or wrong and for a stale timestamp, 400 for a body
    over `LARGEST` bytes (before anything is computed) and for one that is no JSON object.
    """
    return delivered({name.lower(): value for name, value in headers.items()}, body, secrets, now=now)


def delivered(headers: Mapping[str, str], body: bytes, secrets: Iterable[Secret] | None, *, now: float) -> Event:
    """Do what `parse` does, with `headers` that are found by names in lower case."""
    if len(body) > LARGEST:
        raise DeliveryRefused(f"the body has more than {LARGEST:,} bytes", status=400)
    if secrets is not None:
        _check(headers, body, secrets, now)
    payload = _object(body)
    words, data = _words(payload), payload.get("event_data")
    return event_of(
        type=words.get("event_type"),
        data=data if isinstance(data, dict) else payload,
        event_id=words.get("event_id") or headers.get(_EVENT_ID),  # the header is not signed
        created_at=words.get("created_at"),
        signed=secrets is not None,
    )


def event_of(
    *,
    type: str | None,  # noqa: A002  # the event's word for it
    data: Mapping[str, Any],
    event_id: str | None,
    created_at: str | None,
    signed: bool,
) -> Event:
    """Read what HeyGen says of an event: in a delivery, or in its log. It has several spellings for most fields."""
    noun, place = _RESOURCES.get((type or "").partition(".")[0], (None, None))
    words, fault = _words(data), _words(data.get("error"))
    ids = (words[name] for name in words if _is_id(name))
    return Event(
        type=type or "",
        event_id=event_id or None,
        resource=noun,
        resource_id=(words.get(place) if place else None) or next(ids, None),
        callback_id=words.get("callback_id"),
        url=_first(words, "url", "video_url"),
        message=_first(words, "msg", "message", "error", "failure_message") or _first(fault, "message", "detail"),
        code=_first(words, "code", "failure_code", "error_code") or fault.get("code"),
        created_at=created_at,
        signed=signed,
        data=data,
    )


def _check(headers: Mapping[str, str], body: bytes, secrets: Iterable[Secret], now: float) -> None:
    given = [signature for name in _SIGNATURES if (signature := headers.get(name))]
    if not given:
        raise DeliveryRefused("it is not signed", status=401)
    if not verify(body, given, secrets, now=now):
        raise DeliveryRefused("the signature is wrong", status=401)
    stamp = headers.get(_TIMESTAMP)
    if stamp is not None and not abs(_seconds(stamp) - now) <= SKEW:
        raise DeliveryRefused("the timestamp is not within five minutes of our clock", status=401)


def _seconds(stamp: str) -> float:
    return float(stamp) if _STAMP.fullmatch(stamp) else math.nan


def _object(body: bytes) -> Mapping[str, Any]:
    try:
        payload = json.loads(body)
    except (ValueError, RecursionError):
        raise DeliveryRefused("the body is not JSON", status=400) from None
    if not isinstance(payload, dict):
        raise DeliveryRefused("the body is not a JSON object", status=400)
    return payload


def _mark(how: str, of: str | None) -> str | bytes:
    """Make a mark of a bounded size: what somebody calls an id may be long."""
    mark = f"{how} {of}"
    return mark if len(mark) <= _LONGEST_MARK else sha256(mark.encode(errors="replace")).digest()


def _is_id(name: str) -> bool:
    return (name == "id" or name.endswith("_id")) and name not in _NOT_ABOUT


def _words(data: object) -> Mapping[str, str]:
    """Return the fields that hold text; none of what is no object."""
    if not isinstance(data, (dict, Mapping)):
        return {}
    return {name: value for name, value in data.items() if value and isinstance(value, str)}


def _first(words: Mapping[str, str], *names: str) -> str | None:
    """Find the first of several words."""
    for name in names:
        if name in words:
            return words[name]
    return None
