"""How far a run is, counted."""

import time

import pytest
from runs import adds_up, video

from heygen_async import Row
from heygen_async.bulk.agenda import Task
from heygen_async.bulk.standing import Standing
from heygen_async.durations import Case, Durations
from heygen_async.eta import Eta


def tasks(count: int) -> list[Task]:
    return [Task(Row(video(), line=at)) for at in range(count)]


def test_every_row_is_in_one_place_at_any_moment() -> None:
    standing = Standing(3)
    rows = tasks(3)
    for stage in ("submitting", "rendering", "downloading", "done"):
        standing.enter(rows[0], stage)
        standing.enter(rows[1], "kept")
        assert adds_up(standing.progress(cap=None))
    for stage in ("left", "skipped", "failed"):
        standing.enter(rows[2], stage)
        now = standing.progress(cap=7)
        assert (now.waiting, now.done, now.kept, now.failed, now.cap) == (0, 1, 1, 1, 7)
        assert (now.elapsed, now.remaining) == (0.0, None)


def known(jobs: int = 6) -> Durations:
    """What is known once so many renders have taken a minute."""
    durations = Durations()
    for _ in range(jobs):
        durations = durations.after(Case.of("video", video()), 60.0)
    return durations


def test_what_is_left_is_judged_by_the_renders_so_far() -> None:
    standing = Standing(8)
    first, *todo = tasks(8)
    assert standing.forecast(known(), todo, at_once=2, now=100.0) is None  # it has not begun
    standing.begin(100.0)
    assert standing.forecast(known(2), todo, at_once=2, now=100.0) is None
    standing = Standing(8)
    standing.begin(100.0)
    standing.renders(first, 100.0)
    eta = standing.forecast(known(), todo, at_once=2, now=100.0)
    assert eta is not None
    assert 150 < eta.low < eta.likely < eta.high < 800
    standing.enter(first, "done")
    assert standing.progress(cap=None, remaining=eta).remaining == eta
    assert standing.forecast(known(), [], at_once=2, now=100.0) == Eta(0.0, 0.0, 0.0)


def test_a_forecast_is_made_anew_once_a_second_only(monkeypatch: pytest.MonkeyPatch) -> None:
    standing = Standing(8)
    standing.begin(0.0)
    before = standing.forecast(known(), tasks(8), at_once=1, now=0.0)
    assert standing.forecast(known(), tasks(2), at_once=1, now=0.0) == before
    later = time.monotonic() + 1.1
    monkeypatch.setattr(time, "monotonic", lambda: later)
    after = standing.forecast(known(), tasks(2), at_once=1, now=0.0)
    assert before is not None
    assert after is not None
    assert after.likely < before.likely


def test_seconds_of_a_clock_that_is_faster_than_the_world_become_real_ones() -> None:
    standing, usual = Standing(8), Standing(8)
    for each in (standing, usual):
        each.begin(0.0)
        each.began = time.monotonic() - 10.0
    quick = standing.forecast(known(), tasks(8), at_once=1, now=600.0)
    real = usual.forecast(known(), tasks(8), at_once=1, now=10.0)
    assert quick is not None
    assert real is not None
    assert quick.likely == pytest.approx(real.likely / 60, rel=0.05)
    assert standing.progress(cap=None).elapsed >= 10
