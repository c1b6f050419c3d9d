"""Clippings: how they are asked for, how they are read, and how their clips are brought home."""

from typing import Any

import pytest
from recorder import Recorder

from heygen_async.api.ai_clipping import (
    CLIPPING,
    AIClipping,
    Clip,
    Clipping,
    ClippingSettings,
    CreateClipping,
    CreatedClipping,
    DeleteClipping,
    GetClipping,
)
from heygen_async.api.media import Url
from heygen_async.client import HeyGen
from heygen_async.clock import ManualClock
from heygen_async.emulator import Emulator, FailRender, Fault, Refuse
from heygen_async.errors import JobFailed, NotFound, OutOfCredit, RequestInvalid
from heygen_async.job import Completed, Job, Rendering, State
from heygen_async.operation import Part

pytestmark = pytest.mark.anyio

TALK = Url("https://example.com/talk.mp4")


async def every_state(job: Job[Clipping]) -> list[State[Clipping]]:
    return [state async for state in job.states()]


@pytest.mark.parametrize(
    ("settings", "problem"),
    [
        ({"duration_types": ["30", "45"]}, "duration_types.1: is '45'; it must be one of 30, 60, 180, long"),
        ({"duration_types": []}, "duration_types: has 0 entries; 1 to 100 are allowed"),
        ({"duration_types": 30}, "duration_types: must be a list, not 30"),
        ({"aspect_ratio": "9:16"}, "aspect_ratio: is '9:16'; it must be one of landscape, portrait, square"),
        ({"prompt": "x" * 501}, "prompt: has 501 characters; at most 500 are allowed"),
    ],
)
def test_settings_have_bounds(settings: Any, problem: str) -> None:
    ClippingSettings(aspect_ratio="square", captions=False, duration_types=["30", "long"], prompt="x" * 500)
    with pytest.raises(RequestInvalid) as caught:
        ClippingSettings(**settings)
    assert [str(one) for one in caught.value.problems] == [problem]


def test_only_clips_with_a_link_are_brought_home() -> None:
    clips = [
        Clip("a", "completed", "One", "https://h/a.mp4"),
        Clip("b", "failed"),
        Clip("c", "completed", None, "https://h/c"),
    ]
    report = CLIPPING.report(Clipping("j", "completed", progress=100, clips=clips))
    assert (report.parts, report.link) == ([Part("a", "https://h/a.mp4", "One"), Part("c", "https://h/c")], None)
    alone = CLIPPING.report(Clipping("j", "completed", clips=clips[:2]))
    assert alone.link == "https://h/a.mp4"


@pytest.mark.parametrize(
    "receipt", [CreatedClipping(id="c1"), CreatedClipping(job_id="c1"), CreatedClipping("c1", "c2")]
)
def test_the_receipt_may_call_the_id_by_either_name(receipt: CreatedClipping) -> None:
    assert CreateClipping(video=TALK).job_ids(receipt) == ["c1"]
    assert CreateClipping(video=TALK).job_ids(CreatedClipping()) == []


async def test_each_operation_is_a_method() -> None:
    wire = Recorder([Clipping("j"), None])
    clipping = AIClipping(wire)
    job = await clipping.create(video=TALK, title="Talk", idempotency_key="k")
    await clipping.get("j")
    await clipping.delete("j")
    assert wire.sent == [
        CreateClipping(video=TALK, title="Talk", idempotency_key="k"),
        GetClipping("j"),
        DeleteClipping("j"),
    ]
    assert (job.kind, repr(clipping.job("j"))) == (CLIPPING, "<Job AI clipping j waiting>")


# Against the emulator.


async def test_a_clipping_tells_how_far_it_is_and_becomes_clips(heygen: HeyGen, clock: ManualClock) -> None:
    job = await heygen.ai_clipping.create(
        video=TALK, output_settings=ClippingSettings(duration_types=["30", "60", "180"])
    )
    states = await clock.drive(every_state(job))
    progress = [state.progress for state in states if isinstance(state, Rendering) and state.progress is not None]
    assert progress == sorted(progress)
    assert len(set(progress)) > 10
    assert isinstance(states[-1], Completed)
    clipping = await job
    assert [clip.title for clip in clipping.clips] == ["Highlight 1", "Highlight 2", "Highlight 3"]
    assert (clipping.title, clipping.progress, clipping.source_duration) == ("talk", 100, 5.0)


async def test_clippings_are_listed_newest_first_and_deleted_once(heygen: HeyGen) -> None:
    first, second = [await heygen.ai_clipping.create(video=TALK, title=title) for title in ("One", "Two")]
    assert [one.title async for one in heygen.ai_clipping.list(limit=1)] == ["Two", "One"]
    assert (await heygen.ai_clipping.delete(first.id)).id == first.id
    with pytest.raises(NotFound):
        await heygen.ai_clipping.delete(first.id)
    assert [one.id async for one in heygen.ai_clipping.list()] == [second.id]


async def test_a_clipping_that_fails_says_why_and_gives_its_slot_back(
    heygen: HeyGen, emulator: Emulator, clock: ManualClock
) -> None:
    emulator.faults.add(Fault(FailRender(message="No speech"), path="/v3/ai-clipping"))
    job = await heygen.ai_clipping.create(video=TALK)
    with pytest.raises(JobFailed, match="No speech"):
        await clock.drive(job.wait())
    assert "renders 0/10" in repr(heygen)


async def test_a_refused_creation_gives_its_slot_back(heygen: HeyGen, emulator: Emulator) -> None:
    emulator.faults.add(Fault(Refuse(402, "insufficient_credit"), method="POST", times=1))
    with pytest.raises(OutOfCredit):
        await heygen.ai_clipping.create(video=TALK)
    assert "renders 0/10" in repr(heygen)
