"""Every legacy operation as a method, over a real socket: what is checked before, what is sent, what comes back."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from callers import until
from hosts import Deed, answer, hosted
from tidy import no_task_left
from yarl import URL

from heygen_async import HeyGen, JobFailed, ManualClock, NotFound, RequestInvalid, Retired
from heygen_async.codec import encode
from heygen_async.emulator import Emulator, FailRender, Fault
from heygen_async.errors import BadRequest, NotAuthenticated
from heygen_async.legacy import (
    AddPhotos,
    AudioVoice,
    AvatarCharacter,
    ColorBackground,
    CreatePhotoGroup,
    Dimension,
    GenerateAv4Video,
    GeneratePhoto,
    GenerateVideo,
    ImageBackground,
    Offset,
    PhotoGeneration,
    SilenceVoice,
    TalkingPhotoCharacter,
    TextVoice,
    UploadRawAsset,
    VideoBackground,
    VideoInput,
)
from heygen_async.options import Options, Retry
from heygen_async.transport import _root

pytestmark = [pytest.mark.anyio, pytest.mark.filterwarnings("ignore::heygen_async.sunset.LegacyWarning")]

ANNA = "Anna_public_3_20240108"
VOICE = "447e25dbd26cfc522358bd6f235192e2"
SCENE = VideoInput(character=AvatarCharacter(avatar_id=ANNA), voice=TextVoice(voice_id=VOICE, input_text="Hello!"))
SARAH: dict[str, Any] = {
    "name": "Sarah",
    "age": "Young Adult",
    "gender": "Woman",
    "ethnicity": "White",
    "orientation": "square",
    "pose": "half_body",
    "style": "Realistic",
    "appearance": "A navy blue blazer, soft light",
}


def problems(make: Callable[[], object]) -> list[str]:
    with pytest.raises(RequestInvalid) as caught:
        make()
    return [str(problem) for problem in caught.value.problems]


# What is checked before anything is sent.


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"age": "Old"}, "age: is 'Old'; it must be one of Young Adult, Early Middle Age"),
        ({"gender": "woman"}, "gender: is 'woman'"),
        ({"ethnicity": "Martian"}, "ethnicity: is 'Martian'"),
        ({"orientation": "diagonal"}, "orientation: is 'diagonal'"),
        ({"pose": "sitting"}, "pose: is 'sitting'"),
        ({"style": "Cubist"}, "style: is 'Cubist'"),
        ({"appearance": "x" * 1001}, "appearance: has 1,001 characters; at most 1,000 are allowed"),
        ({"appearance": ""}, "appearance: must not be empty"),
        ({"name": None}, "name: is required"),
    ],
)
def test_the_fields_of_a_photo_are_checked(changes: Any, problem: str) -> None:
    assert problems(lambda: GeneratePhoto(**(SARAH | changes)))[0].startswith(problem)


@pytest.mark.parametrize("name", SARAH)
async def test_none_of_the_eight_can_be_left_out(name: str, heygen: HeyGen) -> None:
    given = {other: value for other, value in SARAH.items() if other != name}
    with pytest.raises(TypeError, match=name):
        heygen.legacy.photo_avatars.generate(**given)


def test_a_thousand_characters_of_appearance_are_taken() -> None:
    assert GeneratePhoto(**(SARAH | {"appearance": "x" * 1000})).appearance == "x" * 1000


@pytest.mark.parametrize(
    ("make", "problem"),
    [
        (lambda: Dimension(width=1281, height=720), "width: must be an even number of pixels"),
        (lambda: Dimension(width=1280, height=5000), "height: is 5000; it must lie between 128 and 4096"),
        (AudioVoice, "audio_url: exactly one of audio_url, audio_asset_id is needed"),
        (lambda: ImageBackground(url="https://a/b", image_asset_id="c"), "url: exactly one of url, image_asset_id"),
        (VideoBackground, "url: exactly one of url, video_asset_id is needed"),
        (lambda: TextVoice(voice_id="v", input_text="Hi", speed=2), "speed: is 2; it must lie between 0.5 and 1.5"),
        (lambda: SilenceVoice(duration=0), "duration: is 0"),
        (lambda: TalkingPhotoCharacter(talking_photo_id="t", scale=3), "scale: is 3"),
        (lambda: GenerateVideo(video_inputs=[]), "video_inputs: has 0 entries; 1 to 50 are allowed"),
        (lambda: GenerateVideo(video_inputs=[SCENE] * 51), "video_inputs: has 51 entries"),
        (lambda: GenerateAv4Video(image_key="k"), "script: exactly one of script, audio_url, audio_asset_id"),
        (lambda: GenerateAv4Video(image_key="k", script="Hi"), "voice_id: is required with a script"),
        (lambda: AddPhotos(group_id="g", image_keys=["k"] * 5, name="n"), "image_keys: has 5 entries; 1 to 4"),
        (lambda: CreatePhotoGroup(name="", image_key="k"), "name: must not be empty"),
    ],
)
def test_a_field_out_of_its_bounds_is_named_with_its_rule(make: Callable[[], object], problem: str) -> None:
    assert problems(make)[0].startswith(problem)


def test_what_is_within_its_bounds_is_taken() -> None:
    assert Dimension(width=128, height=4096).width == 128
    assert ImageBackground(url="https://example.com/a.png", fit="cover").image_asset_id is None
    assert VideoBackground(video_asset_id="v", play_style="once").url is None
    assert GenerateAv4Video(image_key="k", audio_asset_id="a").script is None


def test_the_unions_of_v2_are_told_apart_by_their_type() -> None:
    request = GenerateVideo(
        video_inputs=[
            VideoInput(
                character=TalkingPhotoCharacter(talking_photo_id="t", offset=Offset(x=0.1, y=0)),
                voice=SilenceVoice(duration=2),
                background=ColorBackground(value="#FFFFFF"),
            )
        ],
        dimension=Dimension(width=1280, height=720),
        extra={"new": 1},
    )
    assert encode(request).body == {
        "video_inputs": [
            {
                "character": {"type": "talking_photo", "talking_photo_id": "t", "offset": {"x": 0.1, "y": 0}},
                "voice": {"type": "silence", "duration": 2},
                "background": {"type": "color", "value": "#FFFFFF"},
            }
        ],
        "dimension": {"width": 1280, "height": 720},
        "new": 1,
    }


# Against the emulator.


async def test_a_video_is_a_job_and_v3_knows_it_too(heygen: HeyGen, clock: ManualClock, tmp_path: Path) -> None:
    job = await heygen.legacy.videos.generate(video_inputs=[SCENE], title="Hello", callback_id="c", caption=True)
    assert (await heygen.legacy.videos.status(job.id)).status == "pending"
    video = await clock.drive(job)
    assert (video.id, video.status, video.callback_id, video.error) == (job.id, "completed", "c", None)
    assert video.duration
    assert video.caption_url
    assert video.video_url_caption
    assert (await heygen.videos.get(job.id)).title == "Hello"
    path = await clock.drive(job.download(tmp_path / "hello.mp4"))
    assert path.stat().st_size == 3000
    assert (await clock.drive(heygen.legacy.videos.job(job.id))).id == job.id


async def test_a_render_that_fails_raises_with_the_reason(
    heygen: HeyGen, emulator: Emulator, clock: ManualClock
) -> None:
    emulator.faults.add(Fault(FailRender("40119", "Video is too long"), path="/v2/video/generate"))
    job = await heygen.legacy.videos.generate(video_inputs=[SCENE])
    with pytest.raises(JobFailed, match=r"Video is too long \(code 40119\)"):
        await clock.drive(job)


async def test_a_photo_speaks_on_avatar_iv(heygen: HeyGen, clock: ManualClock, photo: Path) -> None:
    asset = await heygen.legacy.assets.upload_photo(photo)
    assert asset.image_key == f"image/{asset.id}/original"
    job = await heygen.legacy.videos.generate_av4(
        image_key=asset.image_key, video_title="T", script="Hi", voice_id=VOICE, video_orientation="portrait"
    )
    assert (await clock.drive(job)).status == "completed"
    assert (await heygen.videos.get(job.id)).title == "T"


async def test_photos_are_generated_by_a_job_that_takes_no_render_slot(
    heygen: HeyGen, clock: ManualClock, emulator: Emulator
) -> None:
    job = await heygen.legacy.photo_avatars.generate(**SARAH)
    assert repr(heygen).count("renders 0/10") == 1
    assert (await heygen.legacy.photo_avatars.generation(job.id)).status == "pending"
    await clock.advance(10)
    assert (await heygen.legacy.photo_avatars.generation(job.id)).status == "in_progress"
    photos = await clock.drive(job)
    assert photos.status == "success"
    assert len(photos.urls) == len(photos.keys) == 4
    again = await clock.drive(heygen.legacy.photo_avatars.job(job.id))
    assert again.keys == photos.keys
    group = await heygen.legacy.photo_avatars.create_group(name="Sarah", image_key=photos.keys[0], generation_id=job.id)
    assert (group.name, group.status) == ("Sarah", "pending")


async def test_photos_that_could_not_be_generated_say_why(
    heygen: HeyGen, emulator: Emulator, clock: ManualClock
) -> None:
    emulator.faults.add(Fault(FailRender("x", "No face"), path="/v2/photo_avatar/photo/generate"))
    with pytest.raises(JobFailed, match=r"photo generation \w+ failed: No face"):
        await clock.drive(await heygen.legacy.photo_avatars.generate(**SARAH))


@pytest.mark.parametrize(
    ("fields", "keys", "urls"),
    [
        ({"image_key": "k", "image_url": "u"}, ("k",), ("u",)),
        ({"image_key_list": ["a", "b"], "image_url_list": ["c"]}, ("a", "b"), ("c",)),
        ({}, (), ()),
    ],
)
def test_photos_are_found_whichever_way_they_are_written(fields: Any, keys: Any, urls: Any) -> None:
    photos = PhotoGeneration(status="completed", **fields)
    assert (photos.keys, photos.urls) == (keys, urls)


async def test_groups_are_made_filled_read_and_emptied(heygen: HeyGen, photo: Path) -> None:
    legacy = heygen.legacy
    key = (await legacy.assets.upload_photo(photo)).image_key or ""
    first = await legacy.photo_avatars.create_group(name="Sarah", image_key=key)
    assert first.group_id is not None
    added = await legacy.photo_avatars.add(group_id=first.group_id, image_keys=[key, key], name="More")
    assert [one.name for one in added.photo_avatar_list] == ["More", "More"]
    assert (await heygen.avatars.get(first.group_id)).looks_count == 3
    read = await legacy.photo_avatars.get(first.id)
    assert (read.id, read.name, read.group_id) == (first.id, "Sarah", first.group_id)
    await legacy.photo_avatars.delete(first.id)
    with pytest.raises(NotFound):
        await legacy.photo_avatars.delete(first.id)


async def test_a_photo_speaks_from_an_address_or_from_a_file(heygen: HeyGen, photo: Path) -> None:
    made = await heygen.legacy.talking_photos.create(image_url="https://example.com/portrait.jpg")
    sent = await heygen.legacy.talking_photos.upload(photo)
    listed = {one.talking_photo_id for one in (await heygen.legacy.avatars.list()).talking_photos}
    assert {made.talking_photo_id, sent.talking_photo_id} < listed
    assert (await heygen.avatars.looks.get(sent.talking_photo_id)).avatar_type == "photo_avatar"


async def test_the_lists_have_no_pages(heygen: HeyGen, emulator: Emulator) -> None:
    avatars, voices = await heygen.legacy.avatars.list(), await heygen.legacy.voices.list()
    assert avatars.avatars[0].avatar_id == ANNA
    assert len(avatars.avatars) + len(avatars.talking_photos) == len(emulator.account.looks)
    assert [voice.voice_id for voice in voices.list] == list(reversed(emulator.account.voices))
    assert emulator.log.counts == {"GET /v2/avatars": 1, "GET /v1/voice.list": 1}


async def test_each_group_says_where_it_hangs(heygen: HeyGen) -> None:
    assert repr(heygen.legacy) == "<heygen.legacy>"
    assert heygen.legacy.videos.generate.__name__ == "generate"
    assert "video_inputs" in str(heygen.legacy.videos.generate.__signature__)


# What HeyGen was seen to answer.


@pytest.mark.parametrize(
    ("status", "body", "kind", "words"),
    [
        (400, {"code": 400112, "message": "UNAUTHORIZED"}, NotAuthenticated, "UNAUTHORIZED (code 400112, HTTP 400"),
        (200, {"code": 40119, "data": None, "msg": "Video is too long"}, BadRequest, "Video is too long (code 40119"),
        (404, {"code": 40104, "message": "Video not found"}, NotFound, "Video not found (code 40104, HTTP 404)"),
        (404, {"code": 10002, "message": "?"}, NotFound, "It may be the operation itself"),
        (404, {"error": {"code": "not_found", "message": "?"}}, NotFound, "It may be the operation itself"),
        (400, {"data": None, "error": {"code": "invalid_parameter", "message": "m"}}, BadRequest, "m (code invalid"),
        (200, {"data": None, "error": "no such thing"}, BadRequest, "no such thing (HTTP 200)"),
        (410, {"warning": {"message": "It is gone."}}, Retired, "It is gone. (HTTP 410). Use the v3 operation"),
        (404, b"<html><title>404</title></html>", NotFound, "HeyGen retired v1 and v2"),
    ],
)
async def test_an_error_of_v1_or_v2_is_one_of_the_tree(status: int, body: Any, kind: type, words: str) -> None:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    async with hosted(answer(status, content)) as host, HeyGen("key", base_url=host.url) as heygen:
        with pytest.raises(kind) as caught:
            await heygen.legacy.videos.status("v")
    assert words in str(caught.value)


@pytest.mark.parametrize("code", [40104, "avatar_not_found"])
async def test_what_is_said_to_be_missing_casts_no_doubt_on_the_operation(code: Any) -> None:
    content = json.dumps({"data": None, "error": {"code": code, "message": "not found"}}).encode()
    async with hosted(answer(404, content)) as host, HeyGen("key", base_url=host.url) as heygen:
        with pytest.raises(NotFound) as caught:
            await heygen.legacy.videos.status("v")
    assert "operation itself" not in str(caught.value)


@pytest.mark.parametrize(
    "body",
    [
        {"error": None, "data": {"avatars": [{"avatar_id": "a", "tags": None, "new": 1}]}},
        {"code": 100, "data": {"avatars": [{"avatar_id": "a"}]}, "message": "Success"},
    ],
)
async def test_both_ways_to_wrap_an_answer_are_read(body: Any) -> None:
    async with hosted(answer(200, json.dumps(body).encode())) as host, HeyGen("key", base_url=host.url) as heygen:
        (avatar,) = (await heygen.legacy.avatars.list()).avatars
    assert (avatar.avatar_id, avatar.tags) == ("a", ())


async def test_a_post_that_may_have_worked_is_not_sent_again() -> None:
    options = Options(retry=Retry(attempts=3, backoff=0.001))
    async with hosted(Deed.RESET) as host, HeyGen("key", base_url=host.url, options=options) as heygen:
        with pytest.raises(ConnectionError):
            await heygen.legacy.talking_photos.create(image_url="https://example.com/a.png")
        assert len(host.heads) == 1
        assert host.header("Idempotency-Key") is None


async def test_a_file_goes_as_bare_bytes_with_its_type(photo: Path) -> None:
    body = json.dumps({"code": 100, "data": {"id": "a"}}).encode()
    async with hosted(answer(200, body)) as host, HeyGen("key", base_url=host.url) as heygen:
        assert (await heygen.legacy.assets.upload(photo)).id == "a"
    assert host.heads[0].startswith("POST /v1/asset HTTP/1.1")
    assert host.header("Content-Type") == "image/png"
    assert host.header("x-api-key") == "key"
    assert host.bodies == [photo.read_bytes()]


@pytest.mark.parametrize(
    ("base", "host"),
    [
        ("https://api.heygen.com", "https://upload.heygen.com"),
        ("http://127.0.0.1:8080", "http://127.0.0.1:8080"),
        ("https://heygen.example.com", "https://heygen.example.com"),
    ],
)
def test_the_key_goes_to_hosts_of_heygen_only(base: str, host: str) -> None:
    assert _root(URL(base), UploadRawAsset.endpoint.host) == URL(host)
    assert _root(URL(base), GenerateVideo.endpoint.host) == URL(base)


CALLS: list[Callable[[HeyGen, Path], Awaitable[object]]] = [
    lambda heygen, _: heygen.legacy.avatars.list(),
    lambda heygen, _: heygen.legacy.videos.generate(video_inputs=[SCENE]),
    lambda heygen, _: heygen.legacy.photo_avatars.generate(**SARAH),
    lambda heygen, photo: heygen.legacy.assets.upload(photo),
    lambda heygen, photo: heygen.legacy.talking_photos.upload(photo),
]


@pytest.mark.parametrize("call", CALLS, ids=range(len(CALLS)))
async def test_wherever_a_call_is_cancelled_nothing_stays(call: Any, photo: Path) -> None:
    async with hosted(Deed.HANG) as host, HeyGen("key", base_url=host.url) as heygen, no_task_left():
        task = asyncio.create_task(call(heygen, photo))
        await until(lambda: bool(host.bodies))
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        assert task.cancelled()
        assert "renders 0/10" in repr(heygen)
