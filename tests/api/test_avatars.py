from typing import Any

import pytest
from recorder import Recorder

from heygen_async.api.avatars import (
    AvatarGroup,
    AvatarLook,
    AvatarRequest,
    Avatars,
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
from heygen_async.codec import decode
from heygen_async.errors import RequestInvalid
from heygen_async.operation import Page
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
