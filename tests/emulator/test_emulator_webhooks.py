"""Endpoints are registered, tried, changed and deleted, and what happens is delivered to them."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing
from typing import Any

import aiohttp
import pytest
from letterbox import Letterbox, letterbox
from runs import client, until, video, videos

from heygen_async import BadRequest, HeyGen, ManualClock, NotFound, Url
from heygen_async.api.webhooks import LOGGED
from heygen_async.emulator import Emulator
from heygen_async.emulator.faults import Delayed, Doubled, FailRender, Fault, Forged, Lost, Overtaken, ToDelivery
from heygen_async.webhooks.webhook import Secret, parse, sign

pytestmark = pytest.mark.anyio

HOUR = 3600.0
RENDERED = 62


@pytest.fixture
async def box(emulator: Emulator) -> AsyncIterator[Letterbox]:
    async with letterbox() as opened, aclosing(emulator.deliveries):  # who calls ends before who is called
        yield opened


async def delivered(emulator: Emulator, clock: ManualClock, count: int = 1) -> None:
    """Let time go by until so many calls have ended."""
    await until(clock, lambda: len(emulator.deliveries.attempts) >= count)


async def rung(emulator: Emulator, count: int = 1) -> None:
    """Wait until so many calls have ended, while the clock stands."""
    async with asyncio.timeout(10):
        while len(emulator.deliveries.attempts) < count:  # noqa: ASYNC110  # sockets set no events
            await asyncio.sleep(0.001)


def types(box: Letterbox) -> list[str]:
    return [letter.event["event_type"] for letter in box.letters]


# Endpoints.


async def test_an_endpoint_is_made_listed_changed_and_deleted(heygen: HeyGen, box: Letterbox) -> None:
    endpoints = heygen.webhooks.endpoints
    made = await endpoints.create(url=box.url, events=["avatar_video.success"])
    assert made.secret is not None
    assert made.secret.startswith("whsec_")
    assert made.secret not in repr(made)
    assert (made.status, made.events) == ("enabled", ("avatar_video.success",))
    changed = await endpoints.update(made.endpoint_id, events=["avatar_video.fail"])
    assert (changed.events, changed.secret) == (("avatar_video.fail",), None)
    assert [each async for each in endpoints.list()] == [changed]
    rotated = await endpoints.rotate_secret(made.endpoint_id)
    assert rotated.secret != made.secret
    assert rotated.secret not in repr(rotated)
    await endpoints.delete(made.endpoint_id)
    with pytest.raises(NotFound, match="webhook_not_found"):
        await endpoints.delete(made.endpoint_id)


@pytest.mark.parametrize("probes", [404, 405, 500, 0])
async def test_an_address_that_does_not_accept_a_probe_is_refused(heygen: HeyGen, box: Letterbox, probes: int) -> None:
    box.probes = probes
    with pytest.raises(BadRequest, match="does not accept OPTIONS"):
        await heygen.webhooks.endpoints.create(url=box.url)
    assert await heygen.webhooks.endpoints.list().first() is None


async def test_an_address_where_nobody_is_is_refused(heygen: HeyGen) -> None:
    with pytest.raises(BadRequest, match="does not accept OPTIONS"):
        await heygen.webhooks.endpoints.create(url="http://127.0.0.1:9/hook")


async def test_an_address_has_to_be_encrypted_and_a_type_known(heygen: HeyGen, box: Letterbox) -> None:
    with pytest.raises(BadRequest, match="must use https"):
        await heygen.webhooks.endpoints.create(url="http://example.com/hook")
    with pytest.raises(BadRequest, match="field events"):
        await heygen.webhooks.endpoints.create(url=box.url, events=["video.done"])


async def test_an_address_elsewhere_is_taken_and_never_called(
    emulator: Emulator, heygen: HeyGen, clock: ManualClock
) -> None:
    await heygen.webhooks.endpoints.create(url="https://example.com/hook")
    await clock.drive(await heygen.videos.create(video(callback_url="https://example.com/job")))
    await emulator.deliveries.idle()
    assert list(emulator.deliveries.attempts) == []
    assert sum("https://example.com/hook is out of reach" in note for note in emulator.log.notes) == 2
    assert sum("https://example.com/job is out of reach" in note for note in emulator.log.notes) == 1


async def test_the_types_of_events_are_listed(heygen: HeyGen) -> None:
    page = await heygen.webhooks.event_types()
    assert {each.event_type for each in page.items} >= set(LOGGED)
    assert all(each.description for each in page.items)


# What is delivered.


async def test_the_end_of_a_video_is_delivered_although_nobody_asks(
    emulator: Emulator, heygen: HeyGen, clock: ManualClock, box: Letterbox
) -> None:
    made = await heygen.webhooks.endpoints.create(url=box.url)
    answer = await heygen.videos.create(video(callback_id="mine"))
    job_id = answer.id
    await heygen.aclose()
    await delivered(emulator, clock)
    (letter,) = box.letters
    secret = Secret(made.secret or "")
    event = parse(letter.headers, letter.body, [secret], now=float(letter.headers["Heygen-Timestamp"]))
    assert (event.type, event.resource_id, event.callback_id) == ("avatar_video.success", job_id, "mine")
    assert letter.headers["Heygen-Event-Id"] == event.event_id == letter.event["event_id"]
    assert letter.headers["Heygen-Signature"] == letter.headers["Signature"] == sign(letter.body, secret)
    assert letter.event["created_at"].endswith("Z")
    async with aiohttp.ClientSession() as session, session.get(event.url or "") as film:
        assert len(await film.read()) == 3000


async def test_a_failure_says_why(emulator: Emulator, heygen: HeyGen, clock: ManualClock, box: Letterbox) -> None:
    emulator.faults.add(Fault(FailRender("rendering_failed", "Too dark")))
    await heygen.webhooks.endpoints.create(url=box.url)
    await heygen.videos.create(video())
    await delivered(emulator, clock)
    assert types(box) == ["avatar_video.fail"]
    assert box.letters[0].event["event_data"]["msg"] == "Too dark"


@pytest.mark.parametrize(
    ("generation", "present", "absent"),
    [
        ("new", {"Heygen-Signature", "Heygen-Timestamp", "Heygen-Event-Id"}, {"Signature"}),
        ("old", {"Signature"}, {"Heygen-Signature", "Heygen-Timestamp", "Heygen-Event-Id"}),
        ("both", {"Signature", "Heygen-Signature", "Heygen-Timestamp", "Heygen-Event-Id"}, set[str]()),
    ],
)
async def test_either_generation_of_headers_can_be_had(
    clock: ManualClock, box: Letterbox, generation: Any, present: set[str], absent: set[str]
) -> None:
    async with (
        Emulator(clock=clock, synthetic=3000, render_seconds=60, webhooks=generation) as emulator,
        client(emulator) as heygen,
    ):
        await heygen.webhooks.endpoints.create(url=box.url)
        await heygen.videos.create(video())
        await delivered(emulator, clock)
    assert present <= box.letters[0].headers.keys()
    assert not absent & box.letters[0].headers.keys()
    assert ("event_id" in box.letters[0].event) == (generation != "old")


async def test_only_what_an_endpoint_wants_is_delivered_and_logged(
    emulator: Emulator, heygen: HeyGen, clock: ManualClock, box: Letterbox
) -> None:
    await heygen.videos.create(video())
    await clock.advance(100)
    emulator.account.advance(clock.now())
    await heygen.webhooks.endpoints.create(url=box.url, events=["avatar_video.fail"])
    emulator.faults.add(Fault(FailRender(), times=1))
    for _ in range(2):
        await heygen.videos.create(video())
    await delivered(emulator, clock)
    await emulator.deliveries.idle()
    assert types(box) == ["avatar_video.fail"]
    assert [event.event_type async for event in heygen.webhooks.events()] == ["avatar_video.fail"]
    assert await heygen.webhooks.events(event_type="avatar_video.success").first() is None
    assert await heygen.webhooks.events(entity_id="e").first() is None


async def test_a_callback_of_a_video_is_called_without_a_signature(
    emulator: Emulator, heygen: HeyGen, clock: ManualClock, box: Letterbox
) -> None:
    job = await heygen.videos.create(video(callback_url=f"{box.url}/mine"))
    await delivered(emulator, clock)
    (letter,) = box.letters
    assert letter.event["event_data"]["video_id"] == job.id
    assert "Signature" not in letter.headers
    assert "Heygen-Signature" not in letter.headers
    assert await heygen.webhooks.events().first() is None


async def test_a_batch_tells_once_that_all_of_it_has_ended(
    emulator: Emulator, heygen: HeyGen, clock: ManualClock, box: Letterbox
) -> None:
    emulator.faults.add(Fault(FailRender(), times=1))
    batch = await heygen.videos.batches.create(videos=videos(12), callback_url=box.url)
    await delivered(emulator, clock)
    await emulator.deliveries.idle()
    (letter,) = box.letters
    assert letter.event["event_type"] == "batch.finished"
    assert letter.event["event_data"] == {"batch_id": batch.batch_id}


async def test_a_kind_without_events_of_its_own_calls_its_callback(
    emulator: Emulator, heygen: HeyGen, clock: ManualClock, box: Letterbox
) -> None:
    file = Url("https://example.com/a")
    job = await heygen.lipsyncs.create(video=file, audio=file, callback_url=box.url, callback_id="mine")
    await delivered(emulator, clock)
    (letter,) = box.letters
    assert letter.event["event_type"] == "lipsync.success"
    assert letter.event["event_data"]["id"] == job.id


async def test_a_translation_says_its_language(
    emulator: Emulator, heygen: HeyGen, clock: ManualClock, box: Letterbox
) -> None:
    await heygen.webhooks.endpoints.create(url=box.url)
    file = Url("https://example.com/a.mp4")
    jobs = await heygen.video_translations.create(video=file, output_languages=["Spanish (Spain)"])
    await delivered(emulator, clock)
    (letter,) = box.letters
    assert letter.event["event_type"] == "video_translate.success"
    assert letter.event["event_data"]["video_translate_id"] == jobs[0].id
    assert letter.event["event_data"]["output_language"] == "Spanish (Spain)"


async def test_an_agent_tells_of_its_session_too(
    emulator: Emulator, heygen: HeyGen, clock: ManualClock, box: Letterbox
) -> None:
    await heygen.webhooks.endpoints.create(url=box.url)
    job = await heygen.video_agents.create(prompt="Say hello to the world.")
    session_id = job.id
    await delivered(emulator, clock, 2)
    events = [letter.event for letter in box.letters]
    assert [event["event_type"] for event in events] == ["avatar_video.success", "video_agent.success"]
    assert events[1]["event_data"] == {"session_id": session_id, "video_id": events[0]["event_data"]["video_id"]}


# Tries.


async def test_what_is_not_accepted_is_tried_again_ever_more_seldom(
    emulator: Emulator, heygen: HeyGen, clock: ManualClock, box: Letterbox
) -> None:
    box.answers = [500, 301, 404, 429]
    await heygen.webhooks.endpoints.create(url=box.url)
    await heygen.videos.create(video())
    await heygen.aclose()
    await delivered(emulator, clock, 5)
    at = [attempt.at for attempt in emulator.deliveries.attempts]
    assert [round(later - at[0]) for later in at] == [0, 5, 15, 35, 75]
    assert [attempt.status for attempt in emulator.deliveries.attempts] == [500, 301, 404, 429, 200]
    assert len({letter.event["event_id"] for letter in box.letters}) == 1


async def test_after_a_day_it_is_given_up(
    emulator: Emulator, heygen: HeyGen, clock: ManualClock, box: Letterbox
) -> None:
    box.answers = [500] * 100
    await heygen.webhooks.endpoints.create(url=box.url)
    await heygen.videos.create(video())
    await heygen.aclose()
    await delivered(emulator, clock)
    await clock.drive(emulator.deliveries.idle())
    at = [attempt.at for attempt in emulator.deliveries.attempts]
    assert 18 * HOUR < at[-1] - at[0] <= 24 * HOUR
    assert len(at) < 20
    assert any("could not be delivered" in note for note in emulator.log.notes)


async def test_a_callback_is_tried_three_times(
    emulator: Emulator, heygen: HeyGen, clock: ManualClock, box: Letterbox
) -> None:
    box.answers = [500] * 100
    await heygen.videos.create(video(callback_url=box.url))
    await delivered(emulator, clock)
    await clock.drive(emulator.deliveries.idle())
    assert len(box.letters) == 3


async def test_a_deleted_endpoint_is_not_tried_again(
    emulator: Emulator, heygen: HeyGen, clock: ManualClock, box: Letterbox
) -> None:
    box.answers = [500] * 100
    made = await heygen.webhooks.endpoints.create(url=box.url)
    await heygen.videos.create(video())
    await clock.advance(RENDERED)
    await rung(emulator)
    await heygen.webhooks.endpoints.delete(made.endpoint_id)
    await clock.drive(emulator.deliveries.idle())
    assert len(box.letters) == 1


async def test_who_does_not_answer_in_time_is_called_again(
    emulator: Emulator, heygen: HeyGen, clock: ManualClock, box: Letterbox
) -> None:
    box.answers = [0]
    await heygen.webhooks.endpoints.create(url=box.url)
    emulator.deliveries.patience = 0.05
    await heygen.videos.create(video())
    await delivered(emulator, clock, 2)
    assert [attempt.status for attempt in emulator.deliveries.attempts] == [None, 200]


async def test_a_rotated_secret_signs_the_next_try(
    emulator: Emulator, heygen: HeyGen, clock: ManualClock, box: Letterbox
) -> None:
    box.answers = [500]
    made = await heygen.webhooks.endpoints.create(url=box.url)
    await heygen.videos.create(video())
    await clock.advance(RENDERED)
    await rung(emulator)
    rotated = await heygen.webhooks.endpoints.rotate_secret(made.endpoint_id)
    await clock.advance(5)
    await rung(emulator, 2)
    last = box.letters[-1]
    assert last.headers["Signature"] == sign(last.body, Secret(rotated.secret))


# Trouble on request.


@pytest.mark.parametrize(
    ("what", "copies", "accepted"),
    [(Lost(), 0, 1), (Doubled(), 2, 1), (Delayed(30), 1, 1), (Forged(), 2, 2), (Overtaken(), 1, 1)],
)
async def test_deliveries_can_be_lost_doubled_delayed_forged_and_overtaken(
    emulator: Emulator, heygen: HeyGen, clock: ManualClock, box: Letterbox, what: ToDelivery, copies: int, accepted: int
) -> None:
    made = await heygen.webhooks.endpoints.create(url=box.url)
    emulator.faults.add(Fault(what, path="/hook", times=1))
    box.answers = [401] if isinstance(what, Forged) else []
    await heygen.videos.create(video())
    await heygen.aclose()
    await delivered(emulator, clock, accepted)
    await clock.drive(emulator.deliveries.idle())
    good = sum(letter.headers["Signature"] == sign(letter.body, Secret(made.secret or "")) for letter in box.letters)
    assert len(box.letters) == copies
    assert good == copies - isinstance(what, Forged)
    assert emulator.deliveries.attempts[0].fate == what


async def test_an_overtaken_delivery_comes_after_the_next_one(
    emulator: Emulator, heygen: HeyGen, clock: ManualClock, box: Letterbox
) -> None:
    await heygen.webhooks.endpoints.create(url=box.url)
    emulator.faults.add(Fault(Overtaken(), path="/hook", times=1))
    first = await heygen.videos.create(video())
    await clock.advance(5)
    second = await heygen.videos.create(video())
    await clock.advance(RENDERED)
    await rung(emulator, 2)
    assert [letter.event["event_data"]["video_id"] for letter in box.letters] == [second.id, first.id]


async def test_trouble_can_meet_every_third_delivery(
    emulator: Emulator, heygen: HeyGen, clock: ManualClock, box: Letterbox
) -> None:
    await heygen.webhooks.endpoints.create(url=box.url)
    emulator.faults.add(Fault(Lost(), path="/hook", every=3))
    for _ in range(9):
        await heygen.videos.create(video())
    await delivered(emulator, clock, 9)
    assert len(box.letters) == 6


@pytest.mark.parametrize("signed", [True, False])
async def test_somebody_else_can_call_too(emulator: Emulator, box: Letterbox, signed: bool) -> None:
    assert await emulator.deliveries.forge(box.url, "avatar_video.success", {"video_id": "v"}, signed=signed) == 200
    assert ("Signature" in box.letters[0].headers) == signed
    assert await emulator.deliveries.forge("http://127.0.0.1:9/", "x", {}) is None


# The end.


async def test_closing_ends_what_is_under_way_and_calls_nobody_any_more(clock: ManualClock, box: Letterbox) -> None:
    box.answers = [0]
    before = asyncio.all_tasks()
    async with (
        Emulator(clock=clock, synthetic=3000, render_seconds=60) as emulator,
        client(emulator) as heygen,
    ):
        await heygen.webhooks.endpoints.create(url=box.url)
        for _ in range(2):
            await heygen.videos.create(video())
        await heygen.aclose()
        await clock.advance(RENDERED)
        await box.until(1)
    await clock.advance(HOUR)
    left = [task.get_name() for task in asyncio.all_tasks() - before if "delivery" in task.get_name()]
    assert left == []
    assert len(box.letters) <= 2


async def test_deliveries_can_be_looked_at_only_when_it_is_started() -> None:
    with pytest.raises(RuntimeError, match="not started"):
        _ = Emulator(synthetic=3000).deliveries
