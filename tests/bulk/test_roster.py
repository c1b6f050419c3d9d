"""Looks and voices are looked up once, in as few requests as can be."""

import asyncio
from typing import Any

import pytest
from attrs import define, field
from hypothesis import given
from hypothesis import strategies as st
from recorder import Recorder
from runs import arrived
from tidy import no_task_left

from heygen_async import HeyGen
from heygen_async.api.looks import AvatarLook, GetLook, ListLooks
from heygen_async.bulk.roster import Directory, Roster
from heygen_async.emulator import Emulator, Fault, Hang, Refuse
from heygen_async.errors import NotFound, NotPermitted
from heygen_async.operation import Page, Request

pytestmark = pytest.mark.anyio


@define
class Shelf(Recorder):
    """An account with looks of its own and public ones, five on a page."""

    own: list[str] = field(factory=list)
    public: list[str] = field(factory=list)

    async def send(self, request: Request[Any], /, *, idempotency_key: str | None = None) -> Any:
        self.sent.append(request)
        await asyncio.sleep(0)
        if isinstance(request, GetLook):
            if request.look_id not in {*self.own, *self.public}:
                raise NotFound("no such look", status=404, request=request)
            return AvatarLook(request.look_id)
        assert isinstance(request, ListLooks)
        shelf, at = self.own if request.ownership == "private" else self.public, int(request.token or 0)
        more = len(shelf) > at + 5
        return Page([AvatarLook(id_) for id_ in shelf[at : at + 5]], more, str(at + 5) if more else None)


LISTS = [ListLooks(ownership="private"), ListLooks(ownership="public")]
IDS = [f"look {number}" for number in range(40)]


@given(st.permutations(IDS), st.integers(0, 40), st.integers(0, 40), st.sets(st.sampled_from([*IDS, "?", "??"])))
def test_lists_cost_two_requests_more_than_single_reads_at_the_worst(
    ids: list[str], own: int, there: int, wanted: set[str]
) -> None:
    shelf = Shelf(own=ids[: min(own, there)], public=ids[min(own, there) : there])
    looks = Directory[AvatarLook](shelf, LISTS, GetLook, lambda look: (look.id, look))
    asyncio.run(looks.find(wanted))
    assert looks.found.keys() & wanted == wanted & set(ids[:there])
    assert len(shelf.sent) <= len(wanted) + (2 if len(wanted) > 2 else 0)
    asked = len(shelf.sent)
    asyncio.run(looks.find(wanted))
    assert len(shelf.sent) == asked


def test_a_page_that_has_them_all_is_all_that_is_asked() -> None:
    shelf = Shelf(own=IDS[:5])
    looks = Directory[AvatarLook](shelf, LISTS, GetLook, lambda look: (look.id, look))
    asyncio.run(looks.find(IDS[:5]))
    assert shelf.sent == LISTS[:1]


async def test_looks_and_voices_of_an_account_are_found(heygen: HeyGen, emulator: Emulator) -> None:
    roster = Roster(heygen._desk)
    looks, voices = list(emulator.account.looks), list(emulator.account.voices)
    await roster.looks.find([*looks, "nobody"])
    await roster.voices.find([*voices, "nobody"])
    assert set(roster.looks.found) == set(looks)
    assert roster.looks.found[looks[0]].avatar_type
    assert set(roster.voices.found) == set(voices)
    assert emulator.log.counts == {
        "GET /v3/avatars/looks": 2,
        "GET /v3/avatars/looks/{look_id}": 1,
        "GET /v3/voices": 2,
        "GET /v3/voices/{voice_id}": 1,
    }


async def test_one_of_each_is_read_alone(heygen: HeyGen, emulator: Emulator) -> None:
    roster = Roster(heygen._desk)
    (voice, *_), before = emulator.account.voices, len(emulator.log.served)
    await roster.voices.find([voice])
    assert len(emulator.log.served) - before == 1
    known = roster.voices.found[voice]
    assert (known.id, known.language, known.status) == (voice, emulator.account.voices[voice].language, None)


async def test_the_looks_of_a_person_are_named(heygen: HeyGen, emulator: Emulator) -> None:
    roster, (person, *_) = Roster(heygen._desk), emulator.account.groups.values()
    assert set(await roster.looks_of(person.id)) == {look.id for look in person.looks}
    assert await roster.looks_of("nobody") == []
    emulator.faults.add(Fault(Refuse(403, "forbidden", "No"), method="GET"))
    assert await roster.looks_of(person.id) == ()


async def test_the_account_is_read_anew_each_time(heygen: HeyGen, emulator: Emulator) -> None:
    roster = Roster(heygen._desk)
    emulator.account.wallet.balance = 5
    first = (await roster.account()).wallet
    emulator.account.wallet.balance = 4
    second = (await roster.account()).wallet
    assert [one and one.remaining_balance for one in (first, second)] == [5, 4]


async def test_an_error_of_one_ends_the_others(heygen: HeyGen, emulator: Emulator) -> None:
    roster = Roster(heygen._desk)
    emulator.faults.add(Fault(Refuse(403, "forbidden", "No"), method="GET", path="*/looks/a", times=9))
    async with no_task_left():
        with pytest.raises(NotPermitted):
            await roster.looks.find(["a", "b"])


async def test_a_search_can_be_cancelled(heygen: HeyGen, emulator: Emulator) -> None:
    emulator.faults.add(Fault(Hang(), method="GET", times=2))
    async with no_task_left():
        search = asyncio.create_task(Roster(heygen._desk).looks.find(["a", "b"]), name="search")
        await arrived(emulator)
        search.cancel()
        with pytest.raises(asyncio.CancelledError):
            await search
