"""Lanes: never above the limit, never idle while somebody waits, first come first served."""

import asyncio
from collections import deque
from typing import Any

import pytest
from attrs import define, field
from hypothesis import given, settings
from hypothesis import strategies as st

from heygen_async.clock import ManualClock
from heygen_async.options import Limits
from heygen_async.pacing import SHORTEST
from heygen_async.scheduler import Lane, Lanes, Line, Renders, Slot, Turn, assign, enter_group

pytestmark = pytest.mark.anyio


async def turn() -> None:
    """Let everything run that can run."""
    for _ in range(3):
        await asyncio.sleep(0)


# The decision itself.


COMERS = st.lists(st.tuples(st.sampled_from("abc"), st.booleans()), max_size=16)


@given(COMERS, st.integers(0, 6), st.integers(1, 6), st.permutations("abc"))
def test_assign_fills_all_slots_takes_turns_between_groups_and_keeps_the_order_in_each(
    comers: list[tuple[str, bool]], taken: int, bound: int, before: list[str]
) -> None:
    loop = asyncio.new_event_loop()
    lines = {group: Line(group, served=before.index(group)) for group in "abc"}
    patient: dict[str, list[Turn]] = {group: [] for group in "abc"}
    for at, (group, gone) in enumerate(comers):
        one = Turn(at, loop.create_future())
        if gone:
            one.came.cancel()
        else:
            patient[group].append(one)
        lines[group].turns.append(one)
    served = assign(lines.values(), taken, bound)
    loop.close()
    assert len(served) == max(0, min(bound - taken, sum(map(len, patient.values())))), "never idle, and never too many"
    assert sorted(each.order for each in served) == sorted(
        each.order for group in "abc" for each in patient[group][: sum(one in served for one in patient[group])]
    ), "first come, first served in each group"
    assert served == _by_turns(patient, before, len(served)), "and the group first that was served the longest ago"
    for group in "abc":
        left = [each for each in lines[group].turns if not each.came.done()]
        assert left == [each for each in patient[group] if each not in served]


def _by_turns(patient: dict[str, list[Turn]], order: list[str], count: int) -> list[Turn]:
    """Go round the groups, from the one whose last turn is the longest ago, until so many are served."""
    queues, served = {group: deque(patient[group]) for group in order}, list[Turn]()
    while len(served) < count:
        served += [queue.popleft() for queue in queues.values() if queue]
    return served[:count]


# A lane, through any sequence of arrivals, departures and cancellations.


@define
class Street:
    """A lane, and everybody who ever came, in the order in which they did."""

    lane: Lane
    comers: "list[asyncio.Task[Slot]]" = field(factory=list)
    arrived: list[int] = field(factory=list)
    """Who stood in line, in order."""

    served: set[int] = field(factory=set)
    """Who got a slot, and knows it."""

    held: list[Slot] = field(factory=list)

    async def _come(self, number: int) -> Slot:
        self.arrived.append(number)
        slot = await self.lane.acquire()
        self.served.add(number)
        self.held.append(slot)
        return slot

    def act(self, what: str, which: int) -> None:
        if what == "come":
            self.comers.append(asyncio.ensure_future(self._come(len(self.comers))))
        elif what == "leave" and self.held:
            self.held.pop(which % len(self.held)).release()
        elif what == "give up" and self.patient:
            self.patient[which % len(self.patient)].cancel()
        elif what == "give up in the same moment" and self.held and self.patient:
            self.held.pop(which % len(self.held)).release()
            self.patient[0].cancel()

    @property
    def patient(self) -> "list[asyncio.Task[Slot]]":
        """Who waits, or was served and has not noticed it yet."""
        return [comer for comer in self.comers if not comer.done()]

    @property
    def overtaken(self) -> list[int]:
        """Who waits, although one who came later was served."""
        last = max((at for at, number in enumerate(self.arrived) if number in self.served), default=0)
        before = [number for number in self.arrived[:last] if number not in self.served]
        return [number for number in before if not self.comers[number].done() and not self.comers[number].cancelling()]

    def check(self) -> None:
        assert 0 <= self.lane.taken <= self.lane.limit
        assert len(self.held) <= self.lane.taken
        assert self.lane.taken == self.lane.limit or not self.lane.waiting
        assert len(self.overtaken) <= self.lane.taken - len(self.held), "only those who will notice in a moment"


DEEDS = ["come", "come", "come", "leave", "give up", "give up in the same moment"]
STEPS = st.lists(st.tuples(st.sampled_from(DEEDS), st.integers(0, 30), st.integers(0, 2)), min_size=8, max_size=60)


@settings(max_examples=150)
@given(st.integers(1, 4), STEPS)
async def test_a_lane_keeps_its_limit_and_its_order_and_never_idles(
    limit: int, steps: list[tuple[str, int, int]]
) -> None:
    street = Street(Lane("renders", limit))
    for what, which, turns in steps:
        street.act(what, which)
        street.check()
        for _ in range(turns):
            await asyncio.sleep(0)
            street.check()
    await turn()
    street.check()
    assert len(street.held) == street.lane.taken
    while street.held:
        street.act("leave", 0)
        await turn()
        street.check()
    assert all(comer.done() for comer in street.comers)
    assert (street.lane.taken, street.lane.waiting) == (0, 0)


# Slots and lanes, one by one.


async def test_a_slot_given_back_twice_counts_once() -> None:
    lane = Lane("renders", 2)
    first, _second = await lane.acquire(), await lane.acquire()
    first.release()
    first.release()
    assert lane.taken == 1


async def test_a_slot_outlives_the_task_that_took_it() -> None:
    lane = Lane("renders", 1)
    slot = await asyncio.create_task(lane.acquire())
    assert lane.taken == 1
    slot.release()
    assert lane.taken == 0


async def test_whoever_waits_gets_the_slot_that_is_given_back() -> None:
    lane = Lane("renders", 1)
    slot = await lane.acquire()
    waiting = asyncio.create_task(lane.acquire())
    await turn()
    assert lane.waiting == 1
    slot.release()
    assert lane.taken == 1, "the slot went on in the same moment"
    (await waiting).release()
    assert lane.taken == 0


async def test_cancelling_a_wait_leaves_the_queue() -> None:
    lane = Lane("renders", 1)
    slot = await lane.acquire()
    waiting = asyncio.create_task(lane.acquire())
    await turn()
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    assert lane.waiting == 0
    slot.release()
    assert lane.taken == 0


async def test_a_slot_that_comes_together_with_the_cancellation_goes_to_the_next() -> None:
    lane = Lane("renders", 1)
    slot = await lane.acquire()
    unlucky, next_one = asyncio.create_task(lane.acquire()), asyncio.create_task(lane.acquire())
    await turn()
    slot.release()
    unlucky.cancel()
    assert isinstance(await next_one, Slot)
    assert unlucky.cancelled()
    assert lane.taken == 1


async def test_whoever_has_given_up_is_passed_over() -> None:
    lane = Lane("renders", 1)
    slot = await lane.acquire()
    gone, next_one = asyncio.create_task(lane.acquire()), asyncio.create_task(lane.acquire())
    await turn()
    gone.cancel()
    slot.release()
    assert isinstance(await next_one, Slot)
    assert gone.cancelled()
    assert (lane.taken, lane.waiting) == (1, 0)


async def test_a_lane_is_a_context_for_many_at_once() -> None:
    lane, most = Lane("requests", 3), 0

    async def pass_through() -> None:
        nonlocal most
        async with lane as same:
            assert same is lane
            most = max(most, lane.taken)
            await asyncio.sleep(0)

    async with asyncio.TaskGroup() as group:
        for _ in range(20):
            group.create_task(pass_through())
    assert most == 3
    assert lane.taken == 0


async def test_an_error_inside_gives_the_place_back() -> None:
    lane = Lane("requests", 1)
    with pytest.raises(LookupError):
        async with lane:
            raise LookupError
    assert lane.taken == 0


async def test_cancelling_inside_gives_the_place_back() -> None:
    lane, inside = Lane("requests", 1), asyncio.Event()

    async def stay() -> None:
        async with lane:
            inside.set()
            await asyncio.Event().wait()

    task = asyncio.create_task(stay())
    await inside.wait()
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    assert lane.taken == 0


async def test_a_lane_shows_its_whole_state() -> None:
    lane = Lane("renders", 2)
    await lane.acquire()
    await lane.acquire()
    waiting = asyncio.create_task(lane.acquire())
    await turn()
    assert repr(lane) == "<Lane renders 2/2, 1 waiting>"
    waiting.cancel()
    await turn()
    assert repr(lane) == "<Lane renders 2/2, 0 waiting>"


async def test_two_lanes_in_the_same_state_are_two_lanes() -> None:
    lane = Lane("renders", 1)
    assert lane != Lane("renders", 1)
    assert await lane.acquire() != await Lane("renders", 1).acquire()


def test_a_lane_works_in_one_event_loop_after_the_other() -> None:
    lane = Lane("renders", 1)

    async def wait_in_vain() -> None:
        await lane.acquire()
        await asyncio.wait_for(lane.acquire(), 0)

    with pytest.raises(TimeoutError):
        asyncio.run(wait_in_vain())
    lane._leave()

    async def take() -> Any:
        return await lane.acquire()

    assert isinstance(asyncio.run(take()), Slot)
    assert lane.waiting == 0


def test_the_lanes_of_a_client_have_its_limits() -> None:
    lanes = Lanes.of(Limits(renders=1, submissions=2, requests=3, downloads=4), ManualClock())
    all_four = [lanes.renders, lanes.submissions, lanes.requests, lanes.downloads]
    assert [(lane.name, lane.limit) for lane in all_four] == [
        ("renders", 1),
        ("submissions", 2),
        ("requests", 3),
        ("downloads", 4),
    ]


async def test_a_seized_slot_may_be_above_the_limit_and_lets_nobody_in_before_it_is_given_back() -> None:
    lane = Lane("renders", 1)
    first = await lane.acquire()
    second = lane.seize()
    assert (lane.taken, lane.limit) == (2, 1)
    waiting = asyncio.ensure_future(lane.acquire())
    first.release()
    await asyncio.sleep(0)
    assert not waiting.done()
    second.release()
    (await waiting).release()
    assert lane.taken == 0


# Groups.


async def stand(lane: Lane, group: str, came: list[str], count: int = 1) -> "list[asyncio.Task[None]]":
    """Have so many members of a group wait."""

    async def come() -> None:
        enter_group(group)
        slot = await lane.acquire()
        came.append(group)
        await asyncio.sleep(0)
        slot.release()

    tasks = [asyncio.create_task(come()) for _ in range(count)]
    await turn()
    return tasks


async def test_whoever_comes_by_hand_gets_the_next_slot_although_a_run_waits() -> None:
    lane, came = Lane("renders", 1), list[str]()
    slot = await lane.acquire()
    tasks = [*await stand(lane, "run", came, 20), *await stand(lane, "hand", came)]
    assert lane.waiting == 21
    slot.release()
    await asyncio.gather(*tasks)
    assert came == ["run", "hand", *["run"] * 19]


async def test_a_group_that_was_just_served_lets_the_others_go_first() -> None:
    lane = Lane("renders", 1)
    slot = await lane.acquire()
    runs = [asyncio.create_task(_of("run", lane)) for _ in range(2)]
    first = asyncio.create_task(_of("hand", lane))
    await turn()
    slot.release()
    (await runs[0]).release()
    slot = await first
    again = asyncio.create_task(_of("hand", lane))
    await turn()
    slot.release()
    await turn()
    assert (runs[1].done(), again.done()) == (True, False)
    (await runs[1]).release()
    (await again).release()


async def test_a_thousand_by_hand_do_not_starve_a_run() -> None:
    lane, came = Lane("renders", 2), list[str]()
    slots = [await lane.acquire(), await lane.acquire()]
    tasks = [*await stand(lane, "hand", came, 1000), *await stand(lane, "run", came, 3)]
    for slot in slots:
        slot.release()
    await asyncio.gather(*tasks)
    assert [at for at, group in enumerate(came) if group == "run"] == [1, 3, 5]


async def test_groups_of_which_nobody_waits_are_forgotten() -> None:
    lane, came = Lane("renders", 1), list[str]()
    slot = await lane.acquire()
    tasks = [one for at in range(50) for one in await stand(lane, f"run {at}", came)]
    slot.release()
    await asyncio.gather(*tasks)
    assert came == [f"run {at}" for at in range(50)]
    assert not lane._lines
    blocked = lane.seize()
    (waiting,) = await stand(lane, "gone", came)
    waiting.cancel()
    await turn()
    assert not lane._lines
    blocked.release()


async def test_a_slot_that_was_given_back_for_a_while_is_still_its_group_s() -> None:
    lane, came = Lane("renders", 1), list[str]()
    slot = await asyncio.create_task(_of("run", lane))
    blocker = lane.seize()
    slot.release()
    tasks = await stand(lane, "hand", came, 2)
    back = asyncio.create_task(slot.retake())
    await turn()
    assert set(lane._lines) == {"hand", "run"}
    blocker.release()
    await tasks[0]
    await back
    slot.release()
    await asyncio.gather(*tasks)


async def _of(group: str, lane: Lane) -> Slot:
    enter_group(group)
    return await lane.acquire()


# Whoever steps back for a while.


async def test_whoever_gave_a_slot_back_for_a_while_goes_before_all_who_came_later() -> None:
    lane, came = Lane("renders", 1), list[str]()
    first = await lane.acquire()

    async def come(name: str, slot: Slot | None = None) -> None:
        slot = slot or await lane.acquire()
        await slot.retake()
        came.append(name)
        slot.release()

    blocker = lane.seize()
    later = asyncio.create_task(come("later"))
    await turn()
    first.release()
    back = asyncio.create_task(come("first", first))
    await turn()
    assert lane.waiting == 2
    blocker.release()
    await asyncio.gather(later, back)
    assert came == ["first", "later"]
    assert lane.taken == 0


async def test_those_who_come_back_keep_their_order() -> None:
    lane, came = Lane("renders", 3), list[int]()
    slots = [await lane.acquire() for _ in range(3)]
    others = [lane.seize() for _ in range(3)]

    async def come(slot: Slot) -> None:
        await slot.retake()
        came.append(slot.order)
        slot.release()

    for slot in slots:
        slot.release()
    back = [asyncio.create_task(come(slots[at])) for at in (2, 0, 1)]
    await turn()
    for other in others:
        other.release()
    await asyncio.gather(*back)
    assert came == [0, 1, 2]


async def test_a_slot_that_is_held_is_not_taken_twice_and_one_of_no_lane_costs_nothing() -> None:
    lane = Lane("renders", 2)
    slot, free = await lane.acquire(), Slot(None)
    await slot.retake()
    assert lane.taken == 1
    free.release()
    await free.retake()
    slot.release()
    assert lane.taken == 0


async def test_cancelling_the_way_back_leaves_nothing() -> None:
    lane = Lane("renders", 1)
    slot = await lane.acquire()
    slot.release()
    other = await lane.acquire()
    back = asyncio.create_task(slot.retake())
    await turn()
    back.cancel()
    await asyncio.gather(back, return_exceptions=True)
    slot.release()
    assert (lane.taken, lane.waiting) == (1, 0)
    other.release()
    assert lane.taken == 0


# The lane of the renders, which learns from refusals.


async def filled(renders: Renders, count: int) -> list[Slot]:
    slots = [await renders.acquire() for _ in range(count)]
    for slot in slots:
        renders.accepted(slot)
    return slots


async def test_a_refusal_lowers_the_bound_to_what_renders_and_an_end_lets_the_next_one_in() -> None:
    clock = ManualClock()
    renders = Renders.up_to(10, clock)
    slots = await filled(renders, 3)
    refused = await renders.acquire()
    renders.refused()
    refused.release()
    assert repr(renders) == "<Lane renders 3/3, 0 waiting>"
    back = asyncio.create_task(refused.retake())
    await turn()
    assert not back.done()
    slots.pop().release()
    await back
    assert (renders.taken, renders.bound, renders.limit) == (3, 3, 10)


async def test_when_it_is_time_one_more_is_tried_although_nothing_has_ended() -> None:
    clock = ManualClock()
    renders = Renders.up_to(None, clock)
    await filled(renders, 2)
    renders.refused()
    waiting = [asyncio.create_task(renders.acquire()) for _ in range(2)]
    await clock.advance(SHORTEST - 1)
    assert not any(task.done() for task in waiting)
    await clock.advance(1)
    assert [task.done() for task in waiting] == [True, False]
    assert clock.appointments == 0, "whether there will be another one is told by the answer to this"
    renders.accepted(await waiting[0])
    assert (renders.bound, renders.pace.level) == (3, 3)
    waiting[1].cancel()
    await turn()
    assert (renders.taken, renders.waiting) == (3, 0)


async def test_who_comes_when_it_has_long_been_time_is_tried_and_only_one_of_them() -> None:
    clock = ManualClock()
    renders = Renders.up_to(None, clock)
    await filled(renders, 2)
    renders.refused()
    await clock.advance(10 * SHORTEST)
    waiting = [asyncio.create_task(renders.acquire()) for _ in range(3)]
    await turn()
    assert [task.done() for task in waiting] == [True, False, False]
    (await waiting[0]).release()
    assert renders.taken == 3, "nothing came of it, so the next one is tried"
    for task in waiting[1:]:
        task.cancel()
    await asyncio.gather(*waiting, return_exceptions=True)


async def test_what_is_picked_up_counts_as_rendering() -> None:
    renders = Renders.up_to(10, ManualClock())
    for _ in range(4):
        renders.seize()
    renders.refused()
    assert (renders.rendering, renders.bound) == (4, 4)


async def test_what_was_found_is_logged_once(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO", "heygen_async")
    renders = Renders.up_to(None, ManualClock())
    await filled(renders, 3)
    renders.refused()
    renders.refused()
    assert [record.getMessage() for record in caplog.records] == [
        "HeyGen takes 3 renders at once; 3 are allowed for now"
    ]
