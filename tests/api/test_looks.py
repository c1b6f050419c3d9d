import asyncio

import pytest
from recorder import Recorder

from heygen_async import HeyGen, JobFailed, ManualClock
from heygen_async.api.avatars import Avatars, PromptAvatar
from heygen_async.api.deletions import Deleted
from heygen_async.api.looks import (
    LOOK,
    AvatarFault,
    AvatarLook,
    CreatedLook,
    CreatedLooks,
    DeleteLook,
    GetLook,
    ListLooks,
    LookPackLooks,
    TemplateLooks,
    UpdateLook,
)
from heygen_async.emulator import Emulator, FailRender, Fault
from heygen_async.errors import RequestInvalid
from heygen_async.operation import Page, Report
from heygen_async.wire import WRITER

pytestmark = pytest.mark.anyio


async def test_looks_are_read_renamed_listed_and_deleted() -> None:
    wire = Recorder([AvatarLook("l"), AvatarLook("l"), Deleted("l"), Page([AvatarLook("l")])])
    looks = Avatars(wire).looks
    await looks.get("l")
    await looks.update("l", name="Summer")
    await looks.delete("l")
    assert await looks.list(avatar_type="photo_avatar", ownership="public").first() == AvatarLook("l")
    assert wire.sent == [
        GetLook("l"),
        UpdateLook("l", name="Summer"),
        DeleteLook("l"),
        ListLooks(avatar_type="photo_avatar", ownership="public"),
    ]


async def test_further_looks_are_made_after_a_template_or_a_pack() -> None:
    template = TemplateLooks(reference_look_id="l", template_id="t")
    pack = LookPackLooks(reference_look_id="l", template_id="t", aspect_ratio="9:16")
    assert WRITER.unstructure(template)["type"] == "template"
    assert WRITER.unstructure(pack)["type"] == "look_pack"
    wire = Recorder([CreatedLooks("g", [CreatedLook("a")]), CreatedLooks("g", [CreatedLook("a"), CreatedLook("b")])])
    made = [await Avatars(wire).looks.create(request) for request in (template, pack)]
    assert [[job.id for job in jobs] for jobs in made] == [["a"], ["a", "b"]]
    assert wire.sent == [template, pack]


def test_a_page_of_looks_has_up_to_fifty() -> None:
    ListLooks(limit=50)
    with pytest.raises(RequestInvalid, match="limit: is 51; it must lie between 1 and 50"):
        ListLooks(limit=51)


@pytest.mark.parametrize(
    ("answer", "report"),
    [
        (AvatarLook("l"), Report("completed")),
        (AvatarLook("l", status="pending_consent"), Report("pending_consent")),
        (AvatarLook("l", status="failed", error=AvatarFault("c", "m")), Report("failed", "c", "m")),
    ],
)
def test_a_look_without_a_status_is_ready(answer: AvatarLook, report: Report) -> None:
    assert LOOK.report(answer) == report


# Jobs.


async def test_looks_are_made_after_templates_that_are_listed(heygen: HeyGen, clock: ManualClock) -> None:
    pack = await heygen.avatars.look_templates.list(type="look_pack").first()
    assert pack is not None
    reference = "Sarah_photo_20250120"
    jobs = await heygen.avatars.looks.create(LookPackLooks(reference_look_id=reference, template_id=pack.id))
    looks = await clock.drive(asyncio.gather(*(job.wait() for job in jobs)))
    assert [look.status for look in looks] == ["completed"] * pack.looks_count
    assert {look.group_id for look in looks} == {job.receipt.group_id for job in jobs}


async def test_a_look_that_failed_says_why(heygen: HeyGen, emulator: Emulator, clock: ManualClock) -> None:
    emulator.faults.add(Fault(FailRender("x", "Nobody to be seen"), path="/v3/avatars/looks"))
    request = TemplateLooks(reference_look_id="Sarah_photo_20250120", template_id="office")
    (job,) = await heygen.avatars.looks.create(request)
    with pytest.raises(JobFailed, match="Nobody to be seen"):
        await clock.drive(job.wait())


async def test_a_look_is_picked_up_by_its_id(heygen: HeyGen, clock: ManualClock) -> None:
    job = await heygen.avatars.create(PromptAvatar(name="Baker", prompt="a friendly baker"))
    again = heygen.avatars.looks.job(job.id)
    assert again.receipt is None
    assert await clock.drive(again.wait()) == await clock.drive(job.wait())


async def test_a_cancelled_wait_for_a_look_leaves_the_other_waiting(heygen: HeyGen, clock: ManualClock) -> None:
    job = await heygen.avatars.create(PromptAvatar(name="Baker", prompt="a friendly baker"))
    first, second = (asyncio.ensure_future(job.wait()) for _ in range(2))
    await asyncio.sleep(0)
    first.cancel()
    assert (await clock.drive(second)).status == "completed"
    assert first.cancelled()
