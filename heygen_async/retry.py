"""A verdict on a failed request: again after so many seconds, or never.

What is safe to repeat (https://developers.heygen.com/docs/error-codes, and the official client's behaviour):

* a connection that was refused: nothing was sent, so any request;
* a time-out or a reset after sending is ambiguous, and so is a 5xx: only what may happen twice (GET, DELETE),
  or what carries an idempotency key, which makes HeyGen answer the first request's answer again;
* a 409 where the endpoint says that it only means "not yet" (the completion of an upload), and what the storage of
  direct uploads refuses for the moment;
* 429 and 409 ``request_in_progress``: HeyGen asks for it. They are repeated until the caller's patience is
  over, not for a number of times, because a render slot is free again in minutes, not in seconds.

This module does no I/O and reads no clock.
"""

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from attrs import frozen

from heygen_async.errors import (
    AnswerUnreadable,
    APIError,
    Conflict,
    ConnectionFailed,
    HeyGenError,
    RateLimited,
    ServerFailed,
    UploadFailed,
)
from heygen_async.options import Retry

__all__ = ["Trial", "asked_to_wait", "may_have_worked", "retry_after", "verdict"]

_IN_PROGRESS = "request_in_progress"


@frozen
class Trial:
    """What happened to a request so far."""

    error: HeyGenError
    """What the last try ended in."""

    number: int
    """How many tries there were, this one included."""

    elapsed: float
    """Seconds that it was held back so far; what it stood in our own line does not count."""

    repeatable: bool
    """Whether doing it twice does no harm: all but a POST, and a POST with an idempotency key."""

    waits: int = 0
    """How many of the tries HeyGen only asked to make later: they do not count as attempts."""


def verdict(trial: Trial, policy: Retry, jitter: float) -> float | None:
    """Return the seconds to wait before the next try, or ``None`` to give up.

    `jitter` lies between 0 and 1; it spreads our own pauses over 75 to 125 per cent, so that clients do not march
    in step. What HeyGen asks for with ``Retry-After`` is kept to, up to `Retry.longest`.
    """
    asked = trial.error.retry_after if isinstance(trial.error, APIError) else None
    wait = min(asked or _backoff(trial, policy, jitter), policy.longest)  # 0 is no pause: then we choose
    if asked_to_wait(trial.error):
        return wait if trial.elapsed + wait <= policy.patience else None
    failures = trial.number - trial.waits
    return wait if failures < policy.attempts and _worth_repeating(trial) else None


def retry_after(header: str | None, now: datetime | None = None) -> float | None:
    """Read ``Retry-After``: seconds or an HTTP date; ``None`` when it is absent or neither."""
    if not header:
        return None
    try:
        return max(0.0, float(header))
    except ValueError:
        pass
    try:
        until = parsedate_to_datetime(header)
    except (ValueError, OverflowError):
        return None
    if until.tzinfo is None:  # "-0000": a time of no known zone, which RFC 9110 reads as UTC
        until = until.replace(tzinfo=UTC)
    return max(0.0, (until - (now or datetime.now(UTC))).total_seconds())


def may_have_worked(error: HeyGenError) -> bool:
    """Tell whether the request may have been carried out, although it ended in `error`."""
    match error:
        case ConnectionFailed():
            return error.sent
        case APIError():
            return isinstance(error, ServerFailed) or error.code == _IN_PROGRESS
        case _:
            return True


def asked_to_wait(error: HeyGenError) -> bool:
    """Tell whether HeyGen asks to make the same request later, which says nothing against the request."""
    return isinstance(error, RateLimited) or (isinstance(error, APIError) and error.code == _IN_PROGRESS)


def _worth_repeating(trial: Trial) -> bool:
    match trial.error:
        case ConnectionFailed(sent=False):
            return True
        case ConnectionFailed() | ServerFailed() | AnswerUnreadable(retryable=True) | UploadFailed(retryable=True):
            return trial.repeatable
        case Conflict(request=request) if request is not None:
            return request.endpoint.patient
        case _:
            return False


def _backoff(trial: Trial, policy: Retry, jitter: float) -> float:
    pause = policy.backoff * 2.0 ** min(trial.number - 1, 30)
    return min(pause, policy.longest / 1.25) * (0.75 + 0.5 * jitter)
