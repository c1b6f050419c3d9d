import asyncio
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heygen_async.clock import Clock, ManualClock, ScaledClock, SystemClock

pytestmark = pytest.mark.anyio


async def test_a_manual_clock_stands_still_by_itself() -> None:
    clock = ManualClock()
    await asyncio.sleep(0)
    assert clock.now() == 0


async def test_advancing_stops_at_each_appointment_on_the_way() -> None:
    clock, seen = ManualClock(), list[float]()
    for when in (30.0, 10.0, 20.0):
        clock.call_at(when, lambda: seen.append(clock.now()))
    await clock.advance(25)
    assert seen == [10, 20]
    assert clock.now() == 25
    assert clock.appointments == 1


async def test_appointments_at_one_moment_are_kept_in_the_order_they_were_made() -> None:
    clock, seen = ManualClock(), list[int]()
    for number in range(5):
        clock.call_at(1.0, partial(seen.append, number))
    await clock.advance(1)
    assert seen == [0, 1, 2, 3, 4]


async def test_a_sleeper_wakes_at_its_time_and_may_sleep_again_within_one_advance() -> None:
    clock, woken = ManualClock(), list[float]()

    async def sleeper() -> None:
        for _ in range(3):
            await clock.sleep(10)
            woken.append(clock.now())

    task = asyncio.ensure_future(sleeper())
    await clock.until_appointments()
    await clock.advance(30)
    await task
    assert woken == [10, 20, 30]


async def test_a_cancelled_call_is_not_made() -> None:
    clock, seen = ManualClock(), list[str]()
    clock.call_at(5, lambda: seen.append("cancelled")).cancel()
    clock.call_at(6, lambda: seen.append("kept"))
    assert clock.appointments == 1
    await clock.advance(10)
    assert seen == ["kept"]


async def test_cancelling_a_call_that_was_made_is_harmless() -> None:
    clock, seen = ManualClock(), list[str]()
    alarm = clock.call_at(5, lambda: seen.append("made"))
    await clock.advance(5)
    alarm.cancel()
    await clock.advance(5)
    assert seen == ["made"]


async def test_a_call_in_the_past_is_made_at_once_and_can_be_cancelled_before() -> None:
    clock, seen = ManualClock(100), list[str]()
    clock.call_at(99, lambda: seen.append("past"))
    clock.call_at(100, lambda: seen.append("now"))
    clock.call_at(50, lambda: seen.append("never")).cancel()
    await asyncio.sleep(0)
    assert seen == ["past", "now"]


async def test_a_sleep_that_is_cancelled_leaves_no_appointment() -> None:
    clock = ManualClock()
    task = asyncio.ensure_future(clock.sleep(60))
    await clock.until_appointments()
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    assert task.cancelled()
    assert clock.appointments == 0


async def test_a_sleeper_that_is_cancelled_in_the_moment_it_is_due_stays_cancelled() -> None:
    clock = ManualClock()
    task = asyncio.ensure_future(clock.sleep(60))
    await clock.until_appointments()
    task.cancel()
    await clock.advance(60)  # the appointment is still there in this turn of the loop
    assert task.cancelled()


async def test_sleeping_for_no_time_lets_others_run_and_needs_no_moving() -> None:
    clock = ManualClock()
    await clock.sleep(0)
    await clock.sleep(-1)
    assert clock.now() == 0


async def test_two_who_move_a_clock_never_move_it_back() -> None:
    clock = ManualClock()
    clock.call_at(0.5, lambda: None)
    await asyncio.gather(clock.advance(1), clock.advance(10))
    assert clock.now() == 10.5


async def test_driving_jumps_through_hours_and_returns_the_result() -> None:
    clock = ManualClock()

    async def hours() -> float:
        for _ in range(5):
            await clock.sleep(3600)
        return clock.now()

    assert await clock.drive(hours()) == 5 * 3600


async def test_driving_raises_what_the_awaitable_raises() -> None:
    clock = ManualClock()

    async def fails() -> None:
        await clock.sleep(1)
        raise KeyError("mine")

    with pytest.raises(KeyError, match="mine"):
        await clock.drive(fails())


async def test_driving_waits_for_what_needs_no_clock_at_all() -> None:
    clock, event = ManualClock(), asyncio.Event()
    asyncio.get_running_loop().call_later(0.005, event.set)
    assert await clock.drive(event.wait())
    assert clock.now() == 0


async def test_cancelling_a_drive_cancels_what_it_drives() -> None:
    clock, ended = ManualClock(), list[str]()

    async def endless() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            ended.append("cancelled")

    drive = asyncio.ensure_future(clock.drive(endless()))
    for _ in range(3):
        await asyncio.sleep(0)
    drive.cancel()
    await asyncio.gather(drive, return_exceptions=True)
    assert drive.cancelled()
    assert ended == ["cancelled"]


@given(st.lists(st.floats(0, 1000), max_size=30), st.lists(st.floats(0, 100), min_size=1, max_size=10))
def test_every_call_is_made_once_in_order_and_never_early(whens: list[float], moves: list[float]) -> None:
    made: list[tuple[float, float]] = []

    def note(clock: ManualClock, when: float) -> None:
        made.append((when, clock.now()))

    async def run() -> ManualClock:
        clock = ManualClock()
        for when in whens:
            clock.call_at(when, partial(note, clock, when))
        for seconds in moves:
            await clock.advance(seconds)
        return clock

    clock = asyncio.run(run())
    assert sorted(when for when, _ in made) == sorted(when for when in whens if when <= clock.now())
    assert all(when <= now for when, now in made)
    late = [when for when, _ in made if when > 0]
    assert late == sorted(late)


async def test_the_system_clock_is_the_loops_own() -> None:
    clock, rung = SystemClock(), asyncio.Event()
    before = clock.now()
    assert before <= asyncio.get_running_loop().time()
    clock.call_at(before, rung.set)
    clock.call_at(before, lambda: pytest.fail("it was cancelled")).cancel()
    await rung.wait()
    await clock.sleep(0)
    assert clock.now() >= before


async def test_a_scaled_clock_turns_its_seconds_into_fewer_real_ones() -> None:
    clock = ScaledClock(1_000_000)
    loop, rung = asyncio.get_running_loop(), asyncio.Event()
    before, really = clock.now(), loop.time()
    await clock.sleep(3600)
    clock.call_at(clock.now() + 3600, rung.set)
    await rung.wait()
    assert clock.now() - before >= 7200 * 0.999  # floating point
    assert loop.time() - really < 60


async def test_a_scaled_clock_at_speed_one_is_the_world() -> None:
    assert ScaledClock().now() <= asyncio.get_running_loop().time()


@pytest.mark.parametrize("speed", [0, -1])
async def test_a_clock_cannot_stand_still_or_go_back(speed: float) -> None:
    with pytest.raises(ValueError, match="speed"):
        ScaledClock(speed)


@pytest.mark.parametrize(
    "clock", [SystemClock(), ScaledClock(60), ManualClock()], ids=lambda clock: type(clock).__name__
)
async def test_all_clocks_can_be_asked_the_same(clock: Clock) -> None:
    alarm = clock.call_at(clock.now() + 1000, lambda: None)
    alarm.cancel()
    await clock.sleep(0)
    assert clock.now() >= 0
