"""Which error a code means: v3's words, v2's, and the numbers of v1."""

import pytest

from heygen_async.codes import api_error
from heygen_async.errors import (
    BadRequest,
    NotAuthenticated,
    NotFound,
    NotPermitted,
    OutOfCredit,
    RateLimited,
    Retired,
    ServerFailed,
)


@pytest.mark.parametrize(
    ("status", "code", "kind"),
    [
        (400, "400112", NotAuthenticated),
        (400, "400562", NotPermitted),
        (400, "400664", OutOfCredit),
        (400, "40104", NotFound),
        (404, "400131", NotFound),
        (400, "400543", BadRequest),
        (200, "40119", BadRequest),
        (200, "400144", NotFound),
        (403, "402008", BadRequest),
        (429, "trial_video_limit_exceeded", OutOfCredit),
        (400, "TRIAL_VIDEO_LIMIT_EXCEEDED", OutOfCredit),
    ],
)
def test_a_code_that_says_more_than_the_status_counts(status: int, code: str, kind: type) -> None:
    assert api_error(status, code) is kind


@pytest.mark.parametrize(
    ("status", "kind"),
    [(400, BadRequest), (401, NotAuthenticated), (404, NotFound), (410, Retired), (429, RateLimited)],
)
def test_a_number_that_nobody_knows_is_told_by_the_status(status: int, kind: type) -> None:
    assert api_error(status, "10002") is kind


def test_a_server_that_fails_has_failed_whatever_it_says() -> None:
    assert api_error(500, "400112") is ServerFailed
