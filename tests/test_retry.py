from datetime import UTC, datetime
from pathlib import Path

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from heygen_async.api.assets import DeleteAsset
from heygen_async.api.direct_uploads import CompleteUpload
from heygen_async.errors import (
    AnswerUnreadable,
    BadRequest,
    ClientMisused,
    Conflict,
    ConnectionFailed,
    HeyGenError,
    NotAuthenticated,
    NotFound,
    OutOfCredit,
    Problem,
    RateLimited,
    RequestInvalid,
    RequestTimeout,
    ServerFailed,
    UploadFailed,
)
from heygen_async.options import Retry
from heygen_async.retry import Trial, may_have_worked, retry_after, verdict

POLICY = Retry()
MIDDLE = 0.5  # no jitter

REFUSED = ConnectionFailed("refused", sent=False)
RESET = ConnectionFailed("reset", sent=True)
SILENCE = RequestTimeout("silence", sent=True)
LIMITED = RateLimited("slow down", status=429)
BUSY = Conflict("in progress", status=409, code="request_in_progress")
BROKEN = ServerFailed("oops", status=500)
PAGE = AnswerUnreadable("HTML", status=200, retryable=True)

policies = st.builds(
    Retry,
    attempts=st.integers(1, 100),
    backoff=st.floats(0, 600),
    longest=st.floats(0, 3600),
    patience=st.floats(0, 604_800),
)
passing = st.sampled_from([REFUSED, RESET, SILENCE, LIMITED, BUSY, BROKEN, PAGE])
asking = st.builds(
    lambda seconds, cls: cls("wait", status=503, code="request_in_progress", retry_after=seconds),
    st.none() | st.floats(0, 1e6),
    st.sampled_from([RateLimited, ServerFailed, Conflict, BadRequest]),
)
trials = st.builds(
    Trial,
    error=passing | asking,
    number=st.integers(1, 10_000),
    elapsed=st.floats(0, 1e6),
    repeatable=st.booleans(),
)


def of(error: HeyGenError, number: int = 1, elapsed: float = 0.0, *, repeatable: bool = True) -> float | None:
    return verdict(Trial(error, number, elapsed, repeatable), POLICY, MIDDLE)


@pytest.mark.parametrize(
    ("error", "repeatable", "once"),
    [
        (REFUSED, 1.0, 1.0),
        (RESET, 1.0, None),
        (SILENCE, 1.0, None),
        (BROKEN, 1.0, None),
        (ServerFailed("busy", status=503, retry_after=7), 7.0, None),
        (ServerFailed("busy", status=503, retry_after=700), 30.0, None),
        (PAGE, 1.0, None),
        (AnswerUnreadable("moved", status=302), None, None),
        (LIMITED, 1.0, 1.0),
        (RateLimited("", status=429, retry_after=7), 7.0, 7.0),
        (RateLimited("", status=429, retry_after=700), 30.0, 30.0),
        (RateLimited("", status=429, retry_after=0), 1.0, 1.0),
        (BUSY, 1.0, 1.0),
        (Conflict("", status=409, code="REQUEST_IN_PROGRESS", retry_after=3), 3.0, 3.0),
        (Conflict("not ready", status=409, code="resource_not_ready"), None, None),
        (Conflict("not there yet", status=409, code="conflict", request=CompleteUpload("a")), 1.0, 1.0),
        (Conflict("in use", status=409, code="conflict", request=DeleteAsset("a")), None, None),
        (UploadFailed("slow down", path=Path("a.mp4"), status=503, retryable=True), 1.0, None),
        (UploadFailed("expired", path=Path("a.mp4"), status=403), None, None),
        (BadRequest("", status=400, code="invalid_parameter"), None, None),
        (BadRequest("", status=400, code="download_failed"), None, None),
        (BadRequest("", status=400, code="x", retry_after=3), None, None),
        (NotAuthenticated("", status=401), None, None),
        (OutOfCredit("", status=402), None, None),
        (NotFound("", status=404), None, None),
        (RequestInvalid([Problem("", "x")]), None, None),
        (ClientMisused("closed"), None, None),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else str(value),
)
def test_the_first_verdict(error: HeyGenError, repeatable: float | None, once: float | None) -> None:
    assert of(error) == repeatable
    assert of(error, repeatable=False) == once


def test_pauses_double_up_to_the_longest_with_some_left_for_spreading() -> None:
    policy = Retry(attempts=100)
    pauses = [verdict(Trial(BROKEN, number, 0, repeatable=True), policy, MIDDLE) for number in range(1, 9)]
    assert pauses == [1, 2, 4, 8, 16, 24, 24, 24]


def test_jitter_spreads_a_pause_over_75_to_125_per_cent() -> None:
    trial = Trial(BROKEN, 2, 0, repeatable=True)
    assert [verdict(trial, POLICY, jitter) for jitter in (0, 0.5, 1)] == [1.5, 2.0, 2.5]


def test_what_is_ambiguous_is_tried_as_often_as_allowed_and_no_more() -> None:
    assert of(BROKEN, POLICY.attempts - 1) is not None
    assert of(BROKEN, POLICY.attempts) is None
    assert of(REFUSED, POLICY.attempts) is None


def test_what_heygen_asks_to_repeat_is_bounded_by_patience_and_not_by_attempts() -> None:
    assert of(LIMITED, 500, 1700) is not None
    assert of(LIMITED, 500, 1790) is None
    assert of(BUSY, 500, 1700) is not None
    assert of(RateLimited("", status=429, retry_after=10), 1, 1790) == 10
    assert of(RateLimited("", status=429, retry_after=11), 1, 1790) is None


def test_no_patience_means_never() -> None:
    assert verdict(Trial(LIMITED, 1, 0.0, repeatable=True), Retry(patience=0), MIDDLE) is None


@given(trials, policies, st.floats(0, 1))
def test_a_pause_lies_between_nothing_and_the_longest(trial: Trial, policy: Retry, jitter: float) -> None:
    wait = verdict(trial, policy, jitter)
    assert wait is None or 0 <= wait <= policy.longest


@given(trials, policies, st.floats(0, 1))
def test_what_must_not_happen_twice_is_never_repeated_after_sending(trial: Trial, policy: Retry, jitter: float) -> None:
    ambiguous = trial.error in (RESET, SILENCE, BROKEN, PAGE)
    if ambiguous and not trial.repeatable:
        assert verdict(trial, policy, jitter) is None


@given(
    error=st.sampled_from([REFUSED, RESET, SILENCE, BROKEN, PAGE]),
    policy=policies,
    repeatable=st.booleans(),
    jitter=st.floats(0, 1),
)
def test_nothing_ambiguous_is_tried_more_often_than_allowed(
    error: HeyGenError, policy: Retry, *, repeatable: bool, jitter: float
) -> None:
    number = 1
    while verdict(Trial(error, number, 1e9, repeatable), policy, jitter) is not None:
        number += 1
    assert number <= policy.attempts


@given(trials, policies, st.floats(0, 1))
def test_no_pause_outlasts_patience(trial: Trial, policy: Retry, jitter: float) -> None:
    asked = isinstance(trial.error, RateLimited) or getattr(trial.error, "code", "") == "request_in_progress"
    wait = verdict(trial, policy, jitter)
    assert not asked or (wait is None) == (trial.elapsed + pause(trial, policy, jitter) > policy.patience)


def pause(trial: Trial, policy: Retry, jitter: float) -> float:
    endless = verdict(
        Trial(trial.error, trial.number, 0, repeatable=True), attrs.evolve(policy, patience=604_800), jitter
    )
    assert endless is not None
    return endless


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        (None, None),
        ("", None),
        ("7", 7.0),
        (" 7 ", 7.0),
        ("7.5", 7.5),
        ("-3", 0.0),
        ("nan", 0.0),
        ("soon", None),
        ("Mon, 01 Jun 2026 12:00:30 GMT", 30.0),
        ("Mon, 01 Jun 2026 12:00:30 -0000", 30.0),
        ("Mon, 01 Jun 2026 14:00:30 +0200", 30.0),
        ("Mon, 01 Jun 2026 11:00:00 GMT", 0.0),
        ("Mon, 41 Jun 2026 11:00:00 GMT", None),
        ("Mon, 01 Jun 99999999999999999999 11:00:00 GMT", None),
    ],
)
def test_retry_after_is_seconds_or_a_date(header: str | None, seconds: float | None) -> None:
    assert retry_after(header, datetime(2026, 6, 1, 12, 0, 0, tzinfo=UTC)) == seconds


def test_a_date_is_measured_from_now() -> None:
    assert retry_after("Mon, 01 Jan 2001 00:00:00 GMT") == 0.0


@given(st.text() | st.from_regex(r"\w{3}, \d{1,20} \w{3} -?\d{1,20} \d+:\d+:\d+ [+-]\d{1,9}"))
def test_no_header_is_too_odd_to_read(header: str) -> None:
    seconds = retry_after(header)
    assert seconds is None or seconds >= 0


@pytest.mark.parametrize(
    ("error", "maybe"),
    [
        (REFUSED, False),
        (LIMITED, False),
        (BadRequest("no", status=400), False),
        (RESET, True),
        (SILENCE, True),
        (BUSY, True),
        (BROKEN, True),
        (PAGE, True),
    ],
)
def test_some_errors_leave_it_open_whether_the_request_was_carried_out(error: HeyGenError, *, maybe: bool) -> None:
    assert may_have_worked(error) is maybe


def test_waits_that_heygen_asked_for_do_not_use_up_the_attempts() -> None:
    assert verdict(Trial(RESET, 40, 900.0, repeatable=True, waits=39), POLICY, MIDDLE) is not None
    assert verdict(Trial(RESET, 43, 900.0, repeatable=True, waits=39), POLICY, MIDDLE) is None
