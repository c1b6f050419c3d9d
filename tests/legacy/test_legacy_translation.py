"""``HeyGen(legacy="translate")``: legacy calls go as v3, and their answers come in the legacy shape."""

import json
import warnings
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, cast

import pytest
from attrs import frozen
from hosts import answer, hosted

from heygen_async import (
    AnswerUnreadable,
    ClientMisused,
    HeyGen,
    JobFailed,
    ManualClock,
    NotFound,
    RequestInvalid,
    VoiceDetail,
)
from heygen_async.api.assets import UploadAsset, UploadedAsset
from heygen_async.api.avatars import CreatedAvatar, PhotoAvatar, PromptAvatar
from heygen_async.api.looks import AvatarLook, GetLook
from heygen_async.api.media import Asset, Url
from heygen_async.emulator import Emulator, FailRender, Fault
from heygen_async.legacy import (
    AddPhotos,
    AvatarCharacter,
    CreatePhotoGroup,
    GeneratePhoto,
    GenerateVideo,
    LegacyWarning,
    PhotoFile,
    SilenceVoice,
    TextVoice,
    UploadTalkingPhoto,
    VideoInput,
)
from heygen_async.legacy.endpoints import GET
from heygen_async.legacy.translation import carry_out
from heygen_async.operation import Page, Request

pytestmark = [pytest.mark.anyio, pytest.mark.filterwarnings("ignore::heygen_async.sunset.LegacyWarning")]

ANNA = AvatarCharacter(avatar_id="Anna_public_3_20240108")
SCENE = VideoInput(character=ANNA, voice=TextVoice(voice_id="447e25dbd26cfc522358bd6f235192e2", input_text="Hello!"))
SARAH: dict[str, Any] = {
    "name": "Sarah",
    "age": "Young Adult",
    "gender": "Woman",
    "ethnicity": "White",
    "orientation": "horizontal",
    "pose": "half_body",
    "style": "Realistic",
    "appearance": "A navy blue blazer",
}


@pytest.fixture
async def late(clock: ManualClock) -> AsyncIterator[Emulator]:
    """An emulator of the time after the sunset."""
    async with Emulator(clock=clock, synthetic=3000, render_seconds=60, legacy="gone") as running:
        yield running


@pytest.fixture
async def heygen(late: Emulator, clock: ManualClock) -> AsyncIterator[HeyGen]:
    """A client that translates."""
    async with HeyGen(late.api_key, base_url=late.url, clock=clock, legacy="translate") as client:
        yield client


class Calls:
    """Answers v3 calls from a list, and remembers them."""

    def __init__(self, *answers: object) -> None:
        self.answers = list(answers)
        self.sent: list[Request[Any]] = []
        self.keys: list[str | None] = []

    async def __call__(self, request: Request[Any], /, *, idempotency_key: str | None = None) -> Any:
        self.sent.append(request)
        self.keys.append(idempotency_key)
        return self.answers.pop(0)


def look(look_id: str = "look", **fields: Any) -> AvatarLook:
    return AvatarLook(look_id, "Sarah", "group", preview_image_url="https://example.com/look.png", **fields)


# Through the client.


async def test_a_video_is_made_by_v3_and_followed_in_the_legacy_shape(
    heygen: HeyGen, late: Emulator, clock: ManualClock, tmp_path: Path
) -> None:
    job = await heygen.legacy.videos.generate(video_inputs=[SCENE], title="Hello", caption=True)
    video = await clock.drive(job)
    assert (video.id, video.status, video.error) == (job.id, "completed", None)
    assert None not in (video.video_url, video.video_url_caption, video.caption_url, video.duration)
    assert (await clock.drive(job.download(tmp_path / "hello.mp4"))).stat().st_size == 3000
    assert (await heygen.videos.get(job.id)).title == "Hello"
    assert not any("/v1/" in operation or "/v2/" in operation for operation in late.log.counts)
    assert late.log.requests("POST", "/v3/videos")[0].idempotency_key, "a repetition is safe now"


async def test_a_failure_is_told_in_the_legacy_shape(heygen: HeyGen, late: Emulator, clock: ManualClock) -> None:
    late.faults.add(Fault(FailRender("X", "No face"), path="/v3/videos"))
    job = await heygen.legacy.videos.generate(video_inputs=[SCENE])
    with pytest.raises(JobFailed, match="No face"):
        await clock.drive(job)
    fault = (await heygen.legacy.videos.status(job.id)).error
    assert fault is not None
    assert (fault.code, fault.message) == ("X", "No face")


async def test_what_one_call_answers_the_next_one_takes(heygen: HeyGen, clock: ManualClock, photo: Path) -> None:
    legacy = heygen.legacy
    asset = await legacy.assets.upload_photo(photo)
    assert (asset.id, asset.name, asset.file_type, asset.image_key) == (asset.id, "sarah.png", "image", asset.id)
    group = await legacy.photo_avatars.create_group(name="Sarah", image_key=asset.image_key or "")
    added = await legacy.photo_avatars.add(group_id=group.group_id or "", image_keys=[asset.id], name="More")
    assert (await legacy.photo_avatars.get(added.photo_avatar_list[0].id)).group_id == group.group_id
    voice = (await legacy.voices.list()).list[0].voice_id
    job = await legacy.videos.generate_av4(image_key=asset.id, video_title="T", script="Hi", voice_id=voice)
    assert (await clock.drive(job)).status == "completed"
    await legacy.photo_avatars.delete(group.id)
    with pytest.raises(NotFound):
        await legacy.photo_avatars.get(group.id)


async def test_photos_speak_from_an_address_and_from_a_file(heygen: HeyGen, photo: Path) -> None:
    made = await heygen.legacy.talking_photos.create(image_url="https://example.com/portrait.jpg")
    sent = await heygen.legacy.talking_photos.upload(photo)
    listed = {one.talking_photo_id for one in (await heygen.legacy.avatars.list()).talking_photos}
    assert {made.talking_photo_id, sent.talking_photo_id} < listed


async def test_a_photo_is_generated_and_makes_a_video(heygen: HeyGen, clock: ManualClock) -> None:
    job = await heygen.legacy.photo_avatars.generate(**SARAH)
    assert (await heygen.legacy.photo_avatars.generation(job.id)).urls == (), "v3 has a preview before it is ready"
    photos = await clock.drive(job)
    assert len(photos.keys) == 1
    assert (photos.image_url, photos.image_key) == (photos.urls[0], photos.keys[0]), "HeyGen's pages read either"
    group = await heygen.legacy.photo_avatars.create_group(name="Sarah", image_key=photos.keys[0], generation_id=job.id)
    assert group.id == job.id, "it is an avatar already"


async def test_the_lists_are_read_page_by_page(heygen: HeyGen, late: Emulator) -> None:
    avatars, voices = await heygen.legacy.avatars.list(), await heygen.legacy.voices.list()
    assert len(avatars.avatars) + len(avatars.talking_photos) == len(late.account.looks)
    assert {voice.voice_id for voice in voices.list} == set(late.account.voices)
    assert not any(voice.is_customer for voice in voices.list)


async def test_an_asset_that_is_no_picture_has_no_image_key(heygen: HeyGen, tmp_path: Path) -> None:
    (tmp_path / "a.mp3").write_bytes(b"ID3\x04" + bytes(100))
    assert (await heygen.legacy.assets.upload(tmp_path / "a.mp3")).image_key is None


async def test_other_calls_go_as_they_are(heygen: HeyGen) -> None:
    voice = (await heygen.legacy.voices.list()).list[0]
    assert isinstance(await heygen.voices.get(voice.voice_id), VoiceDetail)


async def test_a_sibling_translates_too(heygen: HeyGen) -> None:
    sibling = heygen.with_options(heygen.options)
    assert (await sibling.legacy.avatars.list()).avatars


async def test_what_v3_cannot_say_is_told_once_each_before_anything_is_sent(heygen: HeyGen, late: Emulator) -> None:
    scene = VideoInput(character=AvatarCharacter(avatar_id=ANNA.avatar_id, scale=0.5), voice=SCENE.voice)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        call = heygen.legacy.videos.generate(video_inputs=[scene], test=True)
    with warnings.catch_warnings(record=True) as seen:
        warnings.simplefilter("always")
        await call
    assert [str(one.message) for one in seen] == [
        "/v2/video/generate as v3: video_inputs.0.character.scale = 0.5: v3 places the avatar by itself",
        "/v2/video/generate as v3: test = True: v3 has no test renders: this video will be billed",
    ]
    assert {one.filename for one in seen} == {__file__}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        call = heygen.legacy.videos.generate(video_inputs=[scene])
    before = late.log.counts["POST /v3/videos"]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with pytest.raises(LegacyWarning, match="scale"):
            await call
    assert late.log.counts["POST /v3/videos"] == before


async def test_what_cannot_be_said_at_all_is_refused_with_the_reason(heygen: HeyGen, late: Emulator) -> None:
    silent = VideoInput(character=ANNA, voice=SilenceVoice(duration=3))
    with pytest.raises(RequestInvalid, match=r"video_inputs\.0\.voice: v3 has no silence for an avatar"):
        await heygen.legacy.videos.generate(video_inputs=[silent])
    assert late.log.counts == {}
    assert "renders 0/10" in repr(heygen)


async def test_a_legacy_operation_of_ones_own_has_no_translation(heygen: HeyGen) -> None:
    @frozen
    class GetQuota(Request[object]):
        """What is left."""

        endpoint = GET("/v2/user/remaining_quota")

    with pytest.raises(RequestInvalid, match="has no translation; v3 has nothing like it"):
        await heygen.send(GetQuota())


def test_there_are_two_modes() -> None:
    with pytest.raises(ClientMisused, match="legacy is 'sent'; it must be one of send, translate"):
        HeyGen("key", legacy=cast(Any, "sent"))


# Each call by itself.


async def test_a_description_is_put_into_words() -> None:
    calls = Calls(CreatedAvatar(avatar_item=look()), CreatedAvatar(avatar_item=look()))
    receipt = await carry_out(GeneratePhoto(**SARAH), calls, "key")
    assert receipt.generation_id == "look"
    assert calls.sent[0] == PromptAvatar(
        name="Sarah",
        prompt="Realistic style, half body. Young Adult White Woman. A navy blue blazer",
        aspect_ratio="16:9",
    )
    assert calls.keys == ["key"]
    anybody = dict.fromkeys(("age", "gender", "ethnicity", "style"), "Unspecified")
    await carry_out(GeneratePhoto(**(SARAH | anybody)), calls)
    assert cast(PromptAvatar, calls.sent[1]).prompt == "half body. Person. A navy blue blazer"


async def test_a_callback_that_v3_will_not_make_is_told() -> None:
    request = GeneratePhoto(**SARAH, callback_url="https://example.com/hook", callback_id="c")
    with pytest.warns(LegacyWarning, match="v3 calls nobody when a photo is ready") as seen:
        await carry_out(request, Calls(CreatedAvatar(avatar_item=look())))
    assert len(seen) == 2


@pytest.mark.parametrize(("key", "file"), [("asset", Asset("asset")), ("https://a.b/c.png", Url("https://a.b/c.png"))])
async def test_an_image_key_is_an_asset_or_an_address(key: str, file: Any) -> None:
    calls = Calls(CreatedAvatar(avatar_item=look()), CreatedAvatar(avatar_item=look("two")))
    added = await carry_out(AddPhotos(group_id="g", image_keys=[key, key], name="n"), calls, "key")
    assert [one.id for one in added.photo_avatar_list] == ["look", "two"]
    assert calls.sent == [PhotoAvatar(name="n", file=file, avatar_group_id="g")] * 2
    assert calls.keys == ["key.0", "key.1"]


async def test_a_file_is_uploaded_and_then_made_an_avatar(photo: Path) -> None:
    calls = Calls(UploadedAsset("asset"), CreatedAvatar(avatar_item=look()))
    talking = await carry_out(UploadTalkingPhoto(PhotoFile(photo)), calls, "key")
    assert (talking.talking_photo_id, talking.talking_photo_url) == ("look", "https://example.com/look.png")
    assert calls.sent == [UploadAsset(PhotoFile(photo)), PhotoAvatar(name="sarah", file=Asset("asset"))]


async def test_an_avatar_without_a_look_is_no_answer() -> None:
    with pytest.raises(AnswerUnreadable, match="names no look"):
        await carry_out(CreatePhotoGroup(name="n", image_key="k"), Calls(CreatedAvatar()))


async def test_a_generated_photo_is_not_paid_for_twice() -> None:
    calls = Calls(look())
    await carry_out(CreatePhotoGroup(name="n", image_key="k", generation_id="look"), calls)
    assert calls.sent == [GetLook("look")]


async def test_the_key_of_a_translated_call_is_that_of_the_v3_call() -> None:
    body = json.dumps({"data": {"video_id": "v"}}).encode()
    async with hosted(answer(200, body)) as host, HeyGen("key", base_url=host.url, legacy="translate") as heygen:
        request = GenerateVideo(video_inputs=[SCENE])
        assert (await heygen.send(request, idempotency_key="mine")).video_id == "v"
    assert host.header("Idempotency-Key") == "mine"


async def test_a_token_that_comes_twice_ends_a_list() -> None:
    from heygen_async.legacy import GetAvatars  # noqa: PLC0415  # only here

    page = Page([look(avatar_type="photo_avatar")], has_more=True, next_token="t")
    found = await carry_out(GetAvatars(), Calls(page, page, Page([])))
    assert len(found.talking_photos) == 2
