import asyncio
from typing import Any

import aiohttp
import pytest
from recorder import Recorder

from heygen_async import HeyGen, JobFailed, JobTimeout, ManualClock
from heygen_async.api.avatars import (
    AVATAR,
    LOOK,
    AvatarFault,
    AvatarGroup,
    AvatarLook,
    AvatarRequest,
    Avatars,
    CreateConsent,
    CreatedAvatar,
    CreatedLooks,
    DeleteAvatar,
    DeletedAvatar,
    DeleteLook,
    DigitalTwin,
    GetAvatar,
    GetLook,
    ListAvatars,
    ListLooks,
    LookPackLooks,
    PhotoAvatar,
    PromptAvatar,
    TemplateLooks,
    UpdateAvatar,
    UpdateLook,
)
from heygen_async.api.media import Asset, Url
from heygen_async.codec import decode, encode
from heygen_async.emulator import Emulator, FailRender, Fault
from heygen_async.errors import RequestInvalid
from heygen_async.operation import Page, Report
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
    wire = Recorder([CreatedAvatar()])
    assert await Avatars(wire).create(request_, idempotency_key="k") == CreatedAvatar()
    assert (wire.sent, wire.keys) == ([request_], ["k"])


def test_a_created_avatar_names_the_look_that_videos_are_made_with() -> None:
    answer = b'{"data": {"avatar_group": {"id": "g"}, "avatar_item": {"id": "look-1", "group_id": "g"}}}'
    created = decode(PhotoAvatar(name="n", file=PORTRAIT), 200, {}, answer)
    assert created.avatar_item is not None
    assert created.avatar_item.id == "look-1"


def test_a_description_takes_up_to_three_pictures() -> None:
    with pytest.raises(RequestInvalid, match="reference_images: has 4 entries; 0 to 3 are allowed"):
        PromptAvatar(name="n", prompt="p", reference_images=[PORTRAIT] * 4)


async def test_persons_are_read_changed_listed_and_deleted() -> None:
    wire = Recorder([AvatarGroup("g"), AvatarGroup("g"), DeletedAvatar("g"), Page([AvatarGroup("g")])])
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


async def test_looks_are_read_renamed_listed_and_deleted() -> None:
    wire = Recorder([AvatarLook("l"), AvatarLook("l"), DeletedAvatar("l"), Page([AvatarLook("l")])])
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
    wire = Recorder([CreatedLooks("g"), CreatedLooks("g")])
    for request in (template, pack):
        assert await Avatars(wire).looks.create(request) == CreatedLooks("g")
    assert wire.sent == [template, pack]


@pytest.mark.parametrize("cls", [ListAvatars, ListLooks])
def test_a_page_of_avatars_has_up_to_fifty(cls: Any) -> None:
    cls(limit=50)
    with pytest.raises(RequestInvalid, match="limit: is 51; it must lie between 1 and 50"):
        cls(limit=51)


# Training and consent.


@pytest.mark.parametrize(
    ("answer", "report"),
    [
        (AvatarLook("l"), Report("completed")),
        (AvatarLook("l", status="pending_consent"), Report("pending_consent")),
        (AvatarGroup("g", status="failed", error=AvatarFault("c", "m")), Report("failed", "c", "m")),
        (AvatarGroup("g", status="failed"), Report("failed")),
    ],
)
def test_what_has_no_status_is_ready(answer: Any, report: Report) -> None:
    assert (LOOK if isinstance(answer, AvatarLook) else AVATAR).report(answer) == report


def test_consent_is_asked_of_a_person_by_its_path() -> None:
    sendable = encode(CreateConsent("g", reroute_url="https://example.com/thanks", consent_video=Asset("x")))
    assert sendable.path == "/v3/avatars/g/consent"
    assert sendable.body == {
        "reroute_url": "https://example.com/thanks",
        "consent_video": {"type": "asset_id", "asset_id": "x"},
    }
    with pytest.raises(RequestInvalid, match="reroute_url: is 'home'"):
        CreateConsent("g", reroute_url="home")


async def test_a_prompted_look_is_waited_for(heygen: HeyGen, clock: ManualClock) -> None:
    made = await heygen.avatars.create(PromptAvatar(name="Baker", prompt="a friendly baker"))
    assert made.avatar_item is not None
    assert made.avatar_group is not None
    assert made.avatar_item.status == "processing"
    look, person = await clock.drive(
        asyncio.gather(
            heygen.avatars.looks.job(made.avatar_item.id).wait(), heygen.avatars.job(made.avatar_group.id).wait()
        )
    )
    assert (look.status, person.status) == ("completed", "completed")
    assert clock.now() < 100  # nobody waits for a link that never comes


async def test_a_twin_is_waited_for_until_its_person_has_consented(
    heygen: HeyGen, emulator: Emulator, clock: ManualClock
) -> None:
    footage = Url("https://example.com/footage.mp4")
    made = await heygen.avatars.create(DigitalTwin(name="Sarah", file=footage))
    assert made.avatar_item is not None
    assert made.avatar_group is not None
    job = heygen.avatars.looks.job(made.avatar_item.id)
    with pytest.raises(JobTimeout):
        await clock.drive(job.wait(timeout=600))
    assert (await heygen.avatars.looks.get(job.id)).status == "pending_consent"
    consent = await heygen.avatars.consent(made.avatar_group.id, idempotency_key="k")
    assert consent.avatar_group == await heygen.avatars.get(made.avatar_group.id)
    assert consent.url is not None
    async with aiohttp.ClientSession() as person, person.get(consent.url) as page:
        assert page.status == 200
    assert (await clock.drive(job.wait())).status == "completed"


async def test_a_look_that_failed_says_why(heygen: HeyGen, emulator: Emulator, clock: ManualClock) -> None:
    emulator.faults.add(Fault(FailRender("x", "Nobody to be seen"), path="/v3/avatars"))
    made = await heygen.avatars.create(PromptAvatar(name="Baker", prompt="nobody"))
    assert made.avatar_item is not None
    with pytest.raises(JobFailed, match="Nobody to be seen"):
        await clock.drive(heygen.avatars.looks.job(made.avatar_item.id).wait())


async def test_a_cancelled_wait_for_a_look_leaves_the_other_waiting(heygen: HeyGen, clock: ManualClock) -> None:
    made = await heygen.avatars.create(PromptAvatar(name="Baker", prompt="a friendly baker"))
    assert made.avatar_item is not None
    job = heygen.avatars.looks.job(made.avatar_item.id)
    first, second = (asyncio.ensure_future(job.wait()) for _ in range(2))
    await asyncio.sleep(0)
    first.cancel()
    assert (await clock.drive(second)).status == "completed"
    assert first.cancelled()


async def test_looks_are_made_after_templates_that_are_listed(heygen: HeyGen, clock: ManualClock) -> None:
    pack = await heygen.avatars.look_templates.list(type="look_pack").first()
    assert pack is not None
    reference = "Sarah_photo_20250120"
    made = await heygen.avatars.looks.create(LookPackLooks(reference_look_id=reference, template_id=pack.id))
    looks = await clock.drive(asyncio.gather(*(heygen.avatars.looks.job(look.id).wait() for look in made.looks)))
    assert [look.status for look in looks] == ["completed"] * pack.looks_count
