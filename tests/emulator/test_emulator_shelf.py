"""Things on shelves: found by id, listed with the newest first, gone once they are dropped."""

import pytest
from attrs import define
from hypothesis import given
from hypothesis import strategies as st

from heygen_async.emulator.account import Account
from heygen_async.emulator.paging import page_of, place_of
from heygen_async.emulator.refusals import Refusal
from heygen_async.emulator.rendering import Slots
from heygen_async.emulator.shelf import Thing
from heygen_async.emulator.wallet import Wallet


@define(eq=False, kw_only=True)
class Kit(Thing):
    noun = "brand kit"
    name: str = ""


@define(eq=False, kw_only=True)
class Hook(Thing):
    noun = "endpoint"
    missing = "webhook_not_found"


def account() -> Account:
    return Account(wallet=Wallet(10), slots=Slots(1))


def refusal(identifier: str, kind: type[Thing], how: str) -> tuple[int, str, str]:
    with pytest.raises(Refusal) as caught:
        getattr(account().shelf(kind), how)(identifier)
    return caught.value.status, caught.value.code, caught.value.message


def test_a_kind_has_one_shelf() -> None:
    mine = account()
    kit = mine.shelf(Kit).add(Kit(name="Launch"))
    assert mine.shelf(Kit).find(kit.id) is kit
    assert mine.shelf(Kit) is mine.shelf(Kit)
    assert not mine.shelf(Hook)
    assert len(kit.id) == 32


@pytest.mark.parametrize("how", ["find", "drop"])
def test_what_is_not_there_is_not_found(how: str) -> None:
    assert refusal("k1", Kit, how) == (404, "brand_kit_not_found", "Brand kit k1 not found")
    assert refusal("h1", Hook, how) == (404, "webhook_not_found", "Endpoint h1 not found")


def test_a_second_drop_is_not_found() -> None:
    kits = account().shelf(Kit)
    kit = kits.add(Kit())
    assert kits.drop(kit.id) is kit
    with pytest.raises(Refusal, match="not found"):
        kits.drop(kit.id)


def test_a_thing_that_has_a_place_keeps_it() -> None:
    kits = account().shelf(Kit)
    assert [kits.add(Kit(place=-5)).place, kits.add(Kit()).place, kits.add(Kit()).place] == [-5, 1, 2]


@given(st.lists(st.sampled_from(["add", "drop"]), max_size=30), st.integers(1, 4))
def test_pages_show_what_is_there_the_newest_first(steps: list[str], limit: int) -> None:
    mine = account()
    kits, there = mine.shelf(Kit), list[Kit]()
    for step in steps:
        if step == "add":
            there.append(kits.add(Kit()))
            mine.shelf(Hook).add(Hook())
        elif there:
            kits.drop(there.pop(len(there) // 2).id)
    seen, token, more = list[Kit](), None, True
    while more:
        page = page_of(kits.newest(), limit, token, place_of)
        seen, token, more = [*seen, *page.items], page.next_token, page.has_more
    assert seen == there[::-1]
