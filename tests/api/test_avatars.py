import asyncio
from typing import Any

import aiohttp
import pytest
from recorder import Recorder

from heygen_async import AnswerUnreadable, AvatarVideo, HeyGen, JobFailed, JobTimeout, Limits, ManualClock, Options
from heygen_async.api.avatars import (
    AVATAR,
    AvatarGroup,
    AvatarRequest,
    Avatars,
    CreateConsent,
    CreatedAvatar,
    DeleteAvatar,
    DigitalTwin,
    GetAvatar,
    ListAvatars,
    PhotoAvatar,
    PromptAvatar,
    UpdateAvatar,
)
from heygen_async.api.deletions import Deleted
from heygen_async.api.looks import (
    LOOK,
    AvatarFault,
)
from heygen_async.api.media import Asset, Url
from heygen_async.codec import decode, encode
from heygen_async.emulator import Emulator, FailRender, Fault, Garbage
from heygen_async.errors import RequestInvalid
from heygen_async.operation import CLEAR, Page, Report
from heygen_async.wire import WRITER, read_strictly

pytestmark = pytest.mark.anyio

PORTRAIT = Url("https://example.com/portrait.jpg")


@pytest.mark.parametrize(
    ("request_", "body"),
    [
        (
            PhotoAvatar(name="Sarah — Marketing", file=PORTRAIT),
            {"type": "photo", "name": "Sarah — Marketing", "file": {"type": "url", "url": PORTRAIT.url}},
        ),
        (
            DigitalTwin(name="Sarah", file=Asset("x"), avatar_group_id="g"),
            {
                "type": "digital_twin",
                "name": "Sarah",
                "file": {"type": "asset_id", "asset_id": "x"},
                "avatar_group_id": "g",
            },
        ),
        (
            PromptAvatar(name="Sarah", prompt="A teacher", reference_images=(PORTRAIT,), aspect_ratio="auto"),
            {
                "type": "prompt",
                "name": "Sarah",
                "prompt": "A teacher",
                "reference_images": [{"type": "url", "url": PORTRAIT.url}],
                "aspect_ratio": "auto",
            },
        ),
    ],
    ids=["photo", "footage", "description"],
)
async def test_an_avatar_is_made_of_a_photo_footage_or_a_description(request_: AvatarRequest, body: Any) -> None:
    assert WRITER.unstructure(request_) == body
    assert read_strictly(body, AvatarRequest) == request_
    wire = Recorder()
    job = await Avatars(wire).create(request_, idempotency_key="k")
    assert (wire.sent, wire.keys, job.kind) == ([request_], ["k"], LOOK)


def test_a_created_avatar_names_the_look_that_videos_are_made_with() -> None:
    answer = b'{"data": {"avatar_group": {"id": "g"}, "avatar_item": {"id": "look-1", "group_id": "g"}}}'
    request = PhotoAvatar(name="n", file=PORTRAIT)
    created = decode(request, 200, {}, answer)
    assert request.job_ids(created) == ["look-1"]
    assert request.shown(created) is None  # how far it is, it does not say


def test_a_description_takes_up_to_three_pictures() -> None:
    with pytest.raises(RequestInvalid, match="reference_images: has 4 entries; 0 to 3 are allowed"):
        PromptAvatar(name="n", prompt="p", reference_images=[PORTRAIT] * 4)


async def test_persons_are_read_changed_listed_and_deleted() -> None:
    wire = Recorder([AvatarGroup("g"), AvatarGroup("g"), Deleted("g"), Page([AvatarGroup("g")])])
    avatars = Avatars(wire)
    await avatars.get("g")
    await avatars.update("g", default_voice_id="v")
    await avatars.delete("g")
    assert await avatars.list(ownership="private").first() == AvatarGroup("g")
    assert wire.sent == [
        GetAvatar("g"),
        UpdateAvatar("g", default_voice_id="v"),
        DeleteAvatar("g"),
        ListAvatars(ownership="private"),
    ]


# Training and consent.


@pytest.mark.parametrize(
    ("answer", "report"),
    [
        (AvatarGroup("g"), Report("completed")),
        (AvatarGroup("g", status="failed", error=AvatarFault("c", "m")), Report("failed", "c", "m")),
        (AvatarGroup("g", status="failed"), Report("failed")),
    ],
)
def test_a_person_without_a_status_is_ready(answer: AvatarGroup, report: Report) -> None:
    assert AVATAR.report(answer) == report


def test_a_page_of_persons_has_up_to_fifty() -> None:
    ListAvatars(limit=50)
    with pytest.raises(RequestInvalid, match="limit: is 51; it must lie between 1 and 50"):
        ListAvatars(limit=51)


def test_consent_is_asked_of_a_person_by_its_path() -> None:
    sendable = encode(CreateConsent("g", reroute_url="https://example.com/thanks", consent_video=Asset("x")))
    assert sendable.path == "/v3/avatars/g/consent"
    assert sendable.body == {
        "reroute_url": "https://example.com/thanks",
        "consent_video": {"type": "asset_id", "asset_id": "x"},
    }
    with pytest.raises(RequestInvalid, match="reroute_url: is 'home'"):
        CreateConsent("g", reroute_url="home")


async def test_an_avatar_that_is_made_is_the_job_of_its_look(heygen: HeyGen, clock: ManualClock) -> None:
    job = await heygen.avatars.create(PromptAvatar(name="Baker", prompt="a friendly baker"))
    assert isinstance(job.receipt, CreatedAvatar)
    assert job.receipt.avatar_group is not None
    assert (job.kind, job.status, job.receipt.avatar_group.status) == (LOOK, "rendering", "processing")
    look, person = await clock.drive(asyncio.gather(job.wait(), heygen.avatars.job(job.receipt.avatar_group.id).wait()))
    assert (look.id, look.group_id, look.status) == (job.id, person.id, "completed")
    assert person.status == "completed"
    assert clock.now() < 100  # nobody waits for a link that never comes
    video = await heygen.videos.create(AvatarVideo(avatar_id=job.id, script="Hello"))
    assert (await clock.drive(video.wait())).status == "completed"


async def test_a_photo_is_ready_at_once_and_nobody_is_asked(heygen: HeyGen, emulator: Emulator) -> None:
    job = await heygen.avatars.create(PhotoAvatar(name="Sarah", file=PORTRAIT))
    assert job.done()
    assert job.result() == job.receipt.avatar_item
    assert (await job).group_id == job.receipt.avatar_group.id
    assert emulator.log.requests("GET") == []


async def test_a_training_takes_no_render_slot(heygen: HeyGen, emulator: Emulator) -> None:
    one = heygen.with_options(Options(limits=Limits(renders=1)))
    jobs = [await one.avatars.create(PromptAvatar(name="Baker", prompt="a friendly baker")) for _ in range(3)]
    assert not any(job.done() for job in jobs)


@pytest.mark.parametrize("data", [b"{}", b'{"avatar_group": {"id": "group-1"}, "avatar_item": null}'])
async def test_a_receipt_without_a_look_is_told_as_it_is(emulator: Emulator, heygen: HeyGen, data: bytes) -> None:
    emulator.faults.add(Fault(Garbage(b'{"data": ' + data + b"}"), path="/v3/avatars"))
    with pytest.raises(AnswerUnreadable, match="names no job") as caught:
        await heygen.avatars.create(PhotoAvatar(name="Sarah", file=PORTRAIT))
    assert ("group-1" in str(caught.value)) == (b"group-1" in data)  # what was paid for can be found again


async def test_a_twin_is_waited_for_until_its_person_has_consented(heygen: HeyGen, clock: ManualClock) -> None:
    footage = Url("https://example.com/footage.mp4")
    job = await heygen.avatars.create(DigitalTwin(name="Sarah", file=footage))
    with pytest.raises(JobTimeout):
        await clock.drive(job.wait(timeout=600))
    assert (await heygen.avatars.looks.get(job.id)).status == "pending_consent"
    group_id = job.receipt.avatar_group.id
    consent = await heygen.avatars.consent(group_id, idempotency_key="k")
    assert consent.avatar_group == await heygen.avatars.get(group_id)
    assert consent.url is not None
    async with aiohttp.ClientSession() as person, person.get(consent.url) as page:
        assert page.status == 200
    assert (await clock.drive(job.wait())).status == "completed"


async def test_an_avatar_that_failed_says_why(heygen: HeyGen, emulator: Emulator, clock: ManualClock) -> None:
    emulator.faults.add(Fault(FailRender("x", "Nobody to be seen"), path="/v3/avatars"))
    job = await heygen.avatars.create(PromptAvatar(name="Baker", prompt="nobody"))
    with pytest.raises(JobFailed, match="Nobody to be seen"):
        await clock.drive(job.wait())


async def test_a_cancelled_wait_for_a_person_leaves_the_other_waiting(heygen: HeyGen, clock: ManualClock) -> None:
    made = await heygen.avatars.create(PromptAvatar(name="Baker", prompt="a friendly baker"))
    job = heygen.avatars.job(made.receipt.avatar_group.id)
    first, second = (asyncio.ensure_future(job.wait()) for _ in range(2))
    await asyncio.sleep(0)
    first.cancel()
    assert (await clock.drive(second)).status == "completed"
    assert first.cancelled()


async def test_the_default_voice_of_a_person_can_be_taken_away(heygen: HeyGen) -> None:
    job = await heygen.avatars.create(PhotoAvatar(name="Sarah", file=PORTRAIT))
    group_id = job.receipt.avatar_group.id
    assert (await heygen.avatars.update(group_id)).default_voice_id is not None
    assert (await heygen.avatars.update(group_id, default_voice_id=CLEAR)).default_voice_id is None
