"""What an error means for its row, and for the others."""

import errno
from pathlib import Path
from typing import Any

import pytest

from heygen_async import (
    ConnectionFailed,
    DownloadFailed,
    HeyGenError,
    JobFailed,
    JobGone,
    JobTimeout,
    JournalFailed,
    NotAuthenticated,
    OutOfCredit,
    RequestInvalid,
    ServerFailed,
)
from heygen_async.bulk.journal import Entry, State
from heygen_async.bulk.verdicts import concerns_all, state_after


def bare(kind: type[HeyGenError], **facts: Any) -> HeyGenError:
    """Make an error of which only this is known, as if it came from another process."""
    error = kind.__new__(kind)
    error.__dict__.update(facts)
    return error


def full() -> DownloadFailed:
    error = DownloadFailed("no room", path=Path("a.mp4"))
    error.__cause__ = OSError(errno.ENOSPC, "No space left on device")
    return error


def entry(state: State, video_id: str | None = None) -> Entry:
    return Entry(work="w", key="k", file="f", state=state, video_id=video_id)


@pytest.mark.parametrize(
    "error",
    [
        bare(NotAuthenticated),
        bare(OutOfCredit),
        bare(JobFailed, code="insufficient_credit", message=None),
        JournalFailed("gone", path=Path("j")),
        full(),
    ],
)
def test_what_concerns_all(error: Exception) -> None:
    assert concerns_all(error)


@pytest.mark.parametrize(
    "error",
    [bare(ServerFailed), bare(DownloadFailed), bare(JobFailed, code=None, message=None), ValueError("bug")],
)
def test_what_concerns_one(error: Exception) -> None:
    assert not concerns_all(error)


@pytest.mark.parametrize(
    ("before", "error", "held_back", "after"),
    [
        (entry("intended"), RequestInvalid([], "a video"), False, "rejected"),
        (entry("sent"), bare(ServerFailed), False, "rejected"),
        (entry("sent"), bare(ServerFailed, uncertain=True), False, "ambiguous"),
        (entry("sent"), bare(ConnectionFailed, uncertain=True), False, "ambiguous"),
        (entry("sent"), ValueError("bug"), False, "ambiguous"),
        (entry("sent"), bare(ServerFailed), True, "intended"),
        (entry("ambiguous"), bare(ServerFailed), True, "ambiguous"),
        (entry("ambiguous"), bare(OutOfCredit), False, "ambiguous"),
        (entry("rendering", "v"), bare(JobFailed, code=None, message=None), False, "failed"),
        (entry("rendering", "v"), bare(JobGone), False, "failed"),
        (entry("rendering", "v"), bare(JobTimeout), False, "rendering"),
        (entry("rendered", "v"), bare(DownloadFailed), False, "rendered"),
    ],
)
def test_how_far_a_row_is_after_an_error(before: Entry, error: Exception, held_back: bool, after: State) -> None:
    assert state_after(before, error, held_back=held_back) == after
