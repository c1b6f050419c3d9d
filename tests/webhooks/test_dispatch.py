"""Events reach whoever wants them; nobody's failure or slowness is somebody else's, and no task stays."""

import asyncio
import threading
from contextlib import aclosing
from functools import partial

import pytest
from attrs import evolve
from tidy import no_task_left, our_tasks

from heygen_async.webhooks.dispatch import Dispatch
from heygen_async.webhooks.webhook import Event

pytestmark = pytest.mark.anyio


def event(number: int, type_: str = "avatar_video.success") -> Event:
    return Event(type=type_, event_id=f"evt_{number}", resource_id=f"v{number}", signed=True)


async def test_each_handler_gets_the_types_it_asked_for_once() -> None:
    dispatch, got = Dispatch(), dict[str, list[str]](some=[], all=[], twice=[])

    def keep(name: str) -> object:
        async def handler(event: Event) -> None:
            got[name].append(event.type)

        return handler

    dispatch.add(keep("some"), ["a", "b"])
    dispatch.add(keep("all"), [])
    dispatch.add(keep("twice"), ["a", "a"])
    async with no_task_left():
        for type_ in "abc":
            dispatch.hand_out(event(1, type_))
        await dispatch.idle()
    assert got == {"some": ["a", "b"], "all": ["a", "b", "c"], "twice": ["a"]}


async def test_handing_out_returns_before_anything_is_done() -> None:
    dispatch, got = Dispatch(), list[Event]()
    dispatch.add(got.append, [])
    dispatch.hand_out(event(1))
    assert got == []
    await dispatch.idle()
    assert got == [event(1)]


async def test_a_plain_function_runs_in_a_thread_and_whatever_it_returns_is_awaited() -> None:
    dispatch, places = Dispatch(), list[str]()

    class Called:
        async def __call__(self, event: Event) -> None:
            places.append(threading.current_thread().name)

    async def later(_: str, event: Event) -> None:
        places.append(threading.current_thread().name)

    dispatch.add(lambda event: places.append(threading.current_thread().name), [])
    dispatch.add(Called(), [])
    dispatch.add(partial(later, "x"), [])
    dispatch.hand_out(event(1))
    await dispatch.idle()
    assert sorted(name == "MainThread" for name in places) == [False, True, True]


async def test_a_handler_that_raises_is_logged_with_the_event_and_the_others_run(
    caplog: pytest.LogCaptureFixture,
) -> None:
    dispatch, got = Dispatch(at_once=1), list[Event]()

    async def broken(event: Event) -> None:
        raise ZeroDivisionError("oops")

    async def given_up(event: Event) -> None:
        raise asyncio.CancelledError

    for handler in (broken, given_up, got.append):
        dispatch.add(handler, [])
    async with no_task_left():
        dispatch.hand_out(event(7))
        dispatch.hand_out(event(8))
        await dispatch.idle()
    assert got == [event(7), event(8)]
    assert caplog.text.count("failed (event evt_7)") == 1
    assert caplog.text.count("cancelled from within (event evt_8)") == 1
    assert "v7" not in caplog.text


async def test_a_handler_that_raises_over_an_event_without_an_id_is_logged_with_what_it_is_about(
    caplog: pytest.LogCaptureFixture,
) -> None:
    dispatch = Dispatch()
    dispatch.add(lambda _: 1 / 0, [])
    dispatch.hand_out(evolve(event(7), event_id=None))
    await dispatch.idle()
    assert "failed (event avatar_video.success v7)" in caplog.text


async def test_no_more_handlers_run_at_once_than_allowed_and_a_slow_one_holds_nobody_up() -> None:
    dispatch, gate, others_done, running, most, done = Dispatch(at_once=3), asyncio.Event(), asyncio.Event(), 0, 0, 0

    async def sometimes_slow(event: Event) -> None:
        nonlocal running, most, done
        running += 1
        most = max(most, running)
        if event.event_id == "evt_0":
            await gate.wait()
        await asyncio.sleep(0)
        running, done = running - 1, done + 1
        if done == 99:
            others_done.set()

    dispatch.add(sometimes_slow, [])
    for at in range(100):
        dispatch.hand_out(event(at))
    await others_done.wait()
    assert (most, running) == (3, 1)
    assert our_tasks() == {"heygen_async webhook handlers"}
    gate.set()
    await dispatch.idle()


async def test_what_waits_is_bounded_and_room_is_waited_for() -> None:
    dispatch, gate = Dispatch(most=3, at_once=1), asyncio.Event()

    async def slow(event: Event) -> None:
        await gate.wait()

    dispatch.add(slow, [])
    for at in range(3):
        assert not dispatch.full
        dispatch.hand_out(event(at))
    assert dispatch.full
    await dispatch.room()
    assert not dispatch.full
    gate.set()
    await dispatch.idle()
    assert not dispatch.full


# Iteration.


async def test_a_loop_sees_every_event_from_its_first_turn_on() -> None:
    dispatch = Dispatch()
    dispatch.hand_out(event(0))
    async with aclosing(dispatch.listen()) as events:
        first = asyncio.ensure_future(anext(events))
        await asyncio.sleep(0)
        for at in (1, 2):
            dispatch.hand_out(event(at, "anything"))
        assert await first == event(1, "anything")
        assert await anext(events) == event(2, "anything")
    dispatch.hand_out(event(3))
    assert dispatch._mailboxes == []


async def test_a_loop_that_lags_behind_fills_up_and_closing_it_makes_room() -> None:
    dispatch = Dispatch(most=2)
    async with aclosing(dispatch.listen()) as events:
        first = asyncio.ensure_future(anext(events))
        await asyncio.sleep(0)
        for at in range(3):
            dispatch.hand_out(event(at))
        await first
        assert dispatch.full
        room = asyncio.ensure_future(dispatch.room())
        await asyncio.sleep(0)
        assert not room.done()
        await anext(events)
        await room
    assert not dispatch.full


async def test_a_wait_for_the_next_event_can_be_cancelled() -> None:
    dispatch = Dispatch()
    waiting = asyncio.ensure_future(anext(dispatch.listen()))
    await asyncio.sleep(0)
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    assert dispatch._mailboxes == []


# The end.


async def test_closing_cancels_the_handlers_and_ends_the_loops() -> None:
    dispatch, ended = Dispatch(), list[str]()

    async def endless(event: Event) -> None:
        try:
            await asyncio.Event().wait()
        finally:
            ended.append("handler")

    async def loop() -> None:
        async with aclosing(dispatch.listen()) as events:
            async for _ in events:
                ended.append("event")
        ended.append("loop")

    dispatch.add(endless, [])
    async with no_task_left():
        looping = asyncio.ensure_future(loop())
        await asyncio.sleep(0)
        dispatch.hand_out(event(1))
        await asyncio.sleep(0)
        await dispatch.aclose()
        await looping
        await dispatch.aclose()
        assert [event async for event in dispatch.listen()] == []  # who comes later does not wait for ever
    assert sorted(ended) == ["event", "handler", "loop"]


def test_it_goes_on_in_the_next_loop() -> None:
    dispatch, got = Dispatch(), list[str | None]()

    async def keep(event: Event) -> None:
        got.append(event.event_id)

    async def first() -> None:
        listening = asyncio.ensure_future(anext(dispatch.listen()))
        await asyncio.sleep(0)
        dispatch.hand_out(event(1))
        assert (await listening).event_id == "evt_1"
        await dispatch.idle()

    async def second() -> None:
        dispatch.hand_out(event(2))
        await dispatch.idle()

    dispatch.add(keep, [])
    asyncio.run(first())
    asyncio.run(second())
    assert got == ["evt_1", "evt_2"]
