"""Background removals: layers, and the id that makes repeating safe."""

import asyncio

import pytest
from callers import until
from recorder import Recorder

from heygen_async.api.background_removals import (
    BACKGROUND_REMOVAL,
    BackgroundRemoval,
    BackgroundRemovals,
    CreateBackgroundRemoval,
    DeleteBackgroundRemoval,
    GetBackgroundRemoval,
)
from heygen_async.api.deletions import ConfirmedDeletion
from heygen_async.api.media import Base64, Url
from heygen_async.client import HeyGen
from heygen_async.clock import ManualClock
from heygen_async.codec import encode
from heygen_async.emulator import Emulator, FailRender, Fault, Hang, ResetAfter
from heygen_async.errors import JobFailed, NotFound, RequestInvalid
from heygen_async.operation import Part

pytestmark = pytest.mark.anyio

TALK = Url("https://example.com/talk.mp4?signature=x")


def test_layers_are_three() -> None:
    CreateBackgroundRemoval(video=Base64("video/mp4", "AAAA"), layers=["foreground", "mask", "background"])
    with pytest.raises(RequestInvalid) as caught:
        CreateBackgroundRemoval(video=TALK, layers=["front", "mask"])  # type: ignore[list-item]  # the mistake in question
    assert str(caught.value.problems[0]) == "layers.0: is 'front'; it must be one of foreground, mask, background"


def test_each_request_has_an_id_of_its_own_unless_it_is_given_one() -> None:
    first, second = CreateBackgroundRemoval(video=TALK), CreateBackgroundRemoval(video=TALK, request_id=None)
    ids = {str(one.request_id) for one in (first, second)}
    assert (len(ids), {len(one) for one in ids}) == (2, {32})
    assert CreateBackgroundRemoval(video=TALK, request_id="mine").request_id == "mine"
    assert encode(first).body == {"video": {"type": "url", "url": TALK.url}, "request_id": first.request_id}
    with pytest.raises(RequestInvalid, match="request_id: must not be empty"):
        CreateBackgroundRemoval(video=TALK, request_id="")


def test_the_file_is_the_foreground_or_the_only_layer() -> None:
    every = {"foreground": "https://h/f.webm?s=1", "mask": "https://h/m.mp4"}
    removal = BackgroundRemoval("r", "completed", layers=every, error="none")
    report = BACKGROUND_REMOVAL.report(removal)
    assert report.link == "https://h/f.webm?s=1"
    assert report.parts == [Part("foreground", "https://h/f.webm?s=1"), Part("mask", "https://h/m.mp4")]
    assert "s=1" not in repr(removal)
    alone = BACKGROUND_REMOVAL.report(BackgroundRemoval("r", "completed", layers={"mask": "https://h/m.mp4"}))
    assert alone.link == "https://h/m.mp4"
    two = BackgroundRemoval("r", "completed", layers={"mask": "https://h/m.mp4", "background": "https://h/b.mp4"})
    assert BACKGROUND_REMOVAL.report(two).link is None


async def test_each_operation_is_a_method() -> None:
    wire = Recorder([BackgroundRemoval("r"), ConfirmedDeletion("r")])
    removals = BackgroundRemovals(wire)
    request = CreateBackgroundRemoval(video=TALK, request_id="mine")
    job = await removals.create(video=TALK, request_id="mine")
    await removals.get("r")
    await removals.delete("r")
    assert wire.sent == [request, GetBackgroundRemoval("r"), DeleteBackgroundRemoval("r")]
    assert request.job_id(BackgroundRemoval("r")) == "r"
    assert (job.kind, repr(removals.job("r"))) == (BACKGROUND_REMOVAL, "<Job background removal r waiting>")


# Against the emulator.


async def test_a_removal_becomes_layers(heygen: HeyGen, clock: ManualClock) -> None:
    job = await heygen.background_removals.create(video=TALK)
    removal = await clock.drive(job.wait())
    assert list(removal.layers) == ["foreground", "mask", "background"]
    assert (removal.duration, removal.error) == (5.0, None)


async def test_a_repetition_after_a_cut_connection_is_the_same_removal(
    heygen: HeyGen, emulator: Emulator, clock: ManualClock
) -> None:
    emulator.faults.add(Fault(ResetAfter(), method="POST", times=1))
    job = await clock.drive(heygen.background_removals.create(video=TALK))
    assert [one.id async for one in heygen.background_removals.list()] == [job.id]
    assert emulator.log.counts["POST /v3/background-removals"] == 2


async def test_one_request_id_is_one_removal_also_at_the_same_moment(heygen: HeyGen) -> None:
    jobs = await asyncio.gather(
        *(heygen.background_removals.create(video=TALK, request_id="mine") for _ in range(3)),
        heygen.background_removals.create(video=TALK),
    )
    assert len({job.id for job in jobs[:3]}) == 1
    assert len({job.id for job in jobs}) == 2


async def test_cancelling_a_creation_gives_its_slot_back(heygen: HeyGen, emulator: Emulator) -> None:
    emulator.faults.add(Fault(Hang(), method="POST", times=1))
    creating = asyncio.create_task(heygen.background_removals.create(video=TALK))
    await until(lambda: "renders 1/10" in repr(heygen))
    creating.cancel()
    with pytest.raises(asyncio.CancelledError):
        await creating
    assert "renders 0/10" in repr(heygen)


async def test_a_removal_is_deleted_once(heygen: HeyGen, clock: ManualClock) -> None:
    job = await heygen.background_removals.create(video=TALK)
    assert (await heygen.background_removals.delete(job.id)).deleted
    with pytest.raises(NotFound):
        await heygen.background_removals.get(job.id)
    with pytest.raises(NotFound):
        await heygen.background_removals.delete(job.id)


async def test_a_removal_that_fails_says_why(heygen: HeyGen, emulator: Emulator, clock: ManualClock) -> None:
    emulator.faults.add(Fault(FailRender(message="Nobody is in it")))
    job = await heygen.background_removals.create(video=TALK)
    with pytest.raises(JobFailed, match="Nobody is in it"):
        await clock.drive(job.wait())
