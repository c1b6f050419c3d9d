"""Pages: everything comes once, whatever comes or goes meanwhile."""

from typing import Any

import pytest
from attrs import frozen
from hypothesis import given
from hypothesis import strategies as st

from heygen_async.emulator.paging import page_of, place_of
from heygen_async.emulator.refusals import Refusal


@frozen
class Thing:
    place: int


def walk(things: list[Thing], limit: int) -> list[list[int]]:
    pages: list[list[int]] = []
    token = None
    while True:
        page = page_of(things, limit, token, place_of)
        pages.append([thing.place for thing in page.items])
        assert page.has_more == (page.next_token is not None)
        if not page.has_more:
            return pages
        token = page.next_token


@given(st.sets(st.integers(-1000, 1000)), st.integers(1, 20))
def test_pages_hold_everything_once_in_order(places: set[int], limit: int) -> None:
    pages = walk([Thing(place) for place in sorted(places, reverse=True)], limit)
    assert [place for page in pages for place in page] == sorted(places, reverse=True)
    assert all(len(page) == limit for page in pages[:-1])
    assert all(pages[:-1])


def test_what_comes_or_goes_shifts_nothing() -> None:
    things = [Thing(place) for place in (5, 4, 3, 2, 1)]
    first = page_of(things, 2, None, place_of)
    changed = [Thing(6), Thing(5), Thing(3), Thing(2), Thing(1)]
    second = page_of(changed, 2, first.next_token, place_of)
    assert [thing.place for thing in second.items] == [3, 2]


@pytest.mark.parametrize(
    "token", ["", "x", "YWZ0ZXI6", "YWZ0ZXI6eA==", "ümlaut", "YWZ0ZXI6MTIzNDU2Nzg5MDEyMzQ1Njc4OTA="]
)
def test_a_token_that_nobody_handed_out_is_refused(token: Any) -> None:
    with pytest.raises(Refusal) as caught:
        page_of([Thing(1)], 1, token, place_of)
    assert (caught.value.status, caught.value.param) == (400, "token")
