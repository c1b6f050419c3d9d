"""Filler-word removals: how far they are, and what came of them."""

import pytest
from recorder import Recorder

from heygen_async.api.filler_word_removals import (
    FILLER_WORD_REMOVAL,
    CreatedFillerWordRemoval,
    CreateFillerWordRemoval,
    FillerWordRemoval,
    FillerWordRemovals,
    GetFillerWordRemoval,
)
from heygen_async.api.media import Url
from heygen_async.client import HeyGen
from heygen_async.clock import ManualClock
from heygen_async.emulator import Emulator, FailRender, Fault, NoLink
from heygen_async.errors import JobFailed, JobGone, RequestInvalid

pytestmark = pytest.mark.anyio

TALK = Url("https://example.com/talk.mp4")


def test_the_receipt_may_call_the_id_by_either_name() -> None:
    receipts = [
        CreatedFillerWordRemoval(id="f1"),
        CreatedFillerWordRemoval(filler_word_removal_id="f1"),
        CreatedFillerWordRemoval(),
    ]
    request = CreateFillerWordRemoval(video=TALK)
    assert [request.job_ids(one) for one in receipts] == [["f1"], ["f1"], []]


def test_a_callback_is_an_address() -> None:
    with pytest.raises(RequestInvalid, match="callback_url: is 'localhost'"):
        CreateFillerWordRemoval(video=TALK, callback_url="localhost")


async def test_each_operation_is_a_method() -> None:
    wire = Recorder([FillerWordRemoval("f1")])
    removals = FillerWordRemovals(wire)
    job = await removals.create(video=TALK, title="Talk")
    await removals.get("f1")
    assert wire.sent == [CreateFillerWordRemoval(video=TALK, title="Talk"), GetFillerWordRemoval("f1")]
    assert (job.kind, repr(removals.job("f1"))) == (FILLER_WORD_REMOVAL, "<Job filler word removal f1 waiting>")


# Against the emulator.


async def test_a_removal_tells_how_much_is_gone(heygen: HeyGen, clock: ManualClock) -> None:
    job = await heygen.filler_word_removals.create(video=TALK)
    removal = await clock.drive(job.wait())
    assert (removal.title, removal.progress, removal.reduction_pct) == ("Filler Removal", 100, 15.0)
    assert (removal.original_duration, removal.output_duration) == (5.0, 4.25)
    assert removal.video_url


async def test_a_link_that_comes_late_is_waited_for(heygen: HeyGen, emulator: Emulator, clock: ManualClock) -> None:
    emulator.faults.add(Fault(NoLink(2)))
    job = await heygen.filler_word_removals.create(video=TALK)
    assert (await clock.drive(job.wait())).video_url


async def test_a_removal_that_fails_says_why_and_an_unknown_one_is_gone(
    heygen: HeyGen, emulator: Emulator, clock: ManualClock
) -> None:
    emulator.faults.add(Fault(FailRender(message="No sound"), times=1))
    job = await heygen.filler_word_removals.create(video=TALK)
    with pytest.raises(JobFailed, match="No sound"):
        await clock.drive(job.wait())
    with pytest.raises(JobGone):
        await clock.drive(heygen.filler_word_removals.job("unknown").wait())
