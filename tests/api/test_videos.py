from typing import Any, cast

import pytest
from recorder import Recorder

from heygen_async.api.batches import Batch, BatchItem, CreatedBatch
from heygen_async.api.engines import AvatarIII, AvatarV
from heygen_async.api.media import Url
from heygen_async.api.scenes import Background, ImageScene
from heygen_async.api.videos import (
    VIDEO,
    AvatarVideo,
    CinematicVideo,
    CreateVideoBatch,
    GetVideoBatch,
    GetVideoStatuses,
    ImageVideo,
    StudioVideo,
    Videos,
    Watermark,
    WatermarkPlacement,
)
from heygen_async.errors import RequestInvalid

pytestmark = pytest.mark.anyio

PICTURE = Url("https://example.com/person.jpg")
WHITE = Background(type="color", value="#FFFFFF")


def wrong(cls: Any, **given: Any) -> list[str]:
    with pytest.raises(RequestInvalid) as caught:
        cls(**given)
    return [str(problem) for problem in caught.value.problems]


# The four kinds.


def test_an_avatar_brings_its_voice_and_a_picture_does_not() -> None:
    AvatarVideo(avatar_id="a", script="Hi")
    assert wrong(ImageVideo, image=PICTURE, script="Hi") == ["voice_id: is required with a script"]


def test_a_transparent_video_has_no_background() -> None:
    AvatarVideo(avatar_id="a", script="Hi", output_format="webm")
    AvatarVideo(avatar_id="a", script="Hi", output_format="mp4", background=WHITE)
    for cls, more in ((AvatarVideo, {"avatar_id": "a"}), (ImageVideo, {"image": PICTURE, "voice_id": "v"})):
        assert wrong(cls, script="Hi", output_format="webm", background=WHITE, **more) == [
            "background: cannot be set with output_format webm, which is transparent"
        ]


def test_an_avatar_video_obeys_its_engine() -> None:
    AvatarVideo(avatar_id="a", script="Hi", motion_prompt="nodding", expressiveness="high")
    assert wrong(AvatarVideo, avatar_id="a", script="Hi", engine=AvatarIII(), motion_prompt="nodding") == [
        "motion_prompt: is not supported by the engine avatar_iii"
    ]
    assert wrong(AvatarVideo, avatar_id="a", script="Hi", engine=AvatarV(), expressiveness="low") == [
        "expressiveness: is supported by the engine avatar_iv only"
    ]


def test_everything_that_is_wrong_with_a_video_is_told_at_once() -> None:
    assert wrong(
        AvatarVideo,
        avatar_id="",
        script="x" * 6000,
        audio_url="https://a/b",
        resolution="8k",
        callback_url="localhost",
        output_format="webm",
        background=WHITE,
    ) == [
        "script: has 6,000 characters; at most 5,000 are allowed",
        "resolution: is '8k'; it must be one of 4k, 1080p, 720p",
        "callback_url: is 'localhost'; it must start with https:// or http://",
        "avatar_id: must not be empty",
        "script: cannot go together with audio_url; use one of script, audio_url, audio_asset_id",
        "background: cannot be set with output_format webm, which is transparent",
    ]


@pytest.mark.parametrize(
    ("more", "problems"),
    [
        ({"avatar_id": []}, ["avatar_id: has 0 entries; 1 to 3 are allowed"]),
        ({"avatar_id": ["a"] * 4}, ["avatar_id: has 4 entries; 1 to 3 are allowed"]),
        ({"avatar_id": "look"}, ["avatar_id: must be a list, not 'look'"]),
        ({"prompt": " "}, ["prompt: must not be empty"]),
        ({"duration": 3}, ["duration: is 3; it must lie between 4 and 15"]),
        ({"duration": 4.5}, ["duration: must be a whole number, not 4.5"]),
        ({"resolution": "4k"}, ["resolution: is '4k'; it must be one of 720p, 1080p"]),
        ({"references": [PICTURE] * 13}, ["references: has 13 entries; 0 to 12 are allowed"]),
    ],
)
def test_a_cinematic_video_has_bounds_of_its_own(more: Any, problems: list[str]) -> None:
    right = {"avatar_id": ["a"], "prompt": "A walk"}
    CinematicVideo(**right)  # type: ignore[arg-type]  # one dictionary for two types
    assert wrong(CinematicVideo, **(right | more)) == problems


def test_a_studio_video_has_one_to_fifty_scenes() -> None:
    scene = ImageScene(source=PICTURE, duration=1)
    StudioVideo(scenes=[scene] * 50)
    assert wrong(StudioVideo, scenes=[scene] * 51) == ["scenes: has 51 entries; 1 to 50 are allowed"]
    assert wrong(StudioVideo, scenes=[]) == ["scenes: has 0 entries; 1 to 50 are allowed"]


def test_a_watermark_is_at_most_opaque_and_lies_in_a_corner() -> None:
    Watermark(image=PICTURE, opacity=1, placement=WatermarkPlacement(position="top_left", offset_x=0.1))
    assert wrong(Watermark, image=PICTURE, opacity=2) == ["opacity: is 2; it must lie between 0 and 1"]
    assert "position: is 'centre'" in wrong(WatermarkPlacement, position="centre")[0]


# Many at once.


def test_a_batch_names_the_folder_and_its_videos_do_not() -> None:
    video = AvatarVideo(avatar_id="a", script="Hi")
    CreateVideoBatch(videos=[video], folder_id="f")
    foldered = AvatarVideo(avatar_id="a", script="Hi", folder_id="f")
    assert wrong(CreateVideoBatch, videos=[video, foldered]) == [
        "videos.1.folder_id: belongs on the batch, not on its items"
    ]
    assert wrong(CreateVideoBatch, videos=[]) == ["videos: has 0 entries; 1 to 100 are allowed"]
    assert wrong(CreateVideoBatch, videos=None) == ["videos: is required"]


def test_statuses_are_asked_of_something() -> None:
    GetVideoStatuses(batch_ids=["b"])
    assert wrong(GetVideoStatuses) == ["video_ids: one of video_ids, batch_ids is needed"]
    assert wrong(GetVideoStatuses, video_ids=["v"] * 101) == ["video_ids: has 101 entries; 1 to 100 are allowed"]


# The resource.


async def test_a_video_is_submitted_with_the_callers_key() -> None:
    wire, request = Recorder(), AvatarVideo(avatar_id="a", script="Hi")
    job = await Videos(wire).create(request, idempotency_key="k")
    assert (job.id, job.kind) == ("v1", VIDEO)
    assert (wire.sent, wire.keys) == ([request], ["k"])


def test_a_video_is_picked_up_by_its_id_without_asking_anybody() -> None:
    wire = Recorder()
    assert repr(Videos(wire).job("v9")) == "<Job video v9 waiting>"
    assert wire.sent == []


async def test_a_batch_is_created_and_read() -> None:
    request = CreateVideoBatch(videos=[AvatarVideo(avatar_id="a", script="Hi")], title="Launch")
    wire = Recorder([CreatedBatch("b"), Batch("b")])
    batches = Videos(wire).batches
    sent = await batches.create(videos=request.videos, title="Launch")
    assert (sent.batch_id, [job.id for job in sent.jobs]) == ("b", ["b:0"])
    assert await batches.get("b", limit=5) == Batch("b")
    assert wire.sent == [request, GetVideoBatch("b", limit=5)]


@pytest.mark.parametrize(
    ("tokens", "asked"),
    [
        ([None], [None]),
        (["2", None], [None, "2"]),
        (["2", "2", "3"], [None, "2"]),
        (["2", "3", "2", "4"], [None, "2", "3"]),
    ],
    ids=["one page", "two pages", "the same token", "a circle"],
)
async def test_the_items_of_a_batch_come_page_by_page_and_end(
    tokens: list[str | None], asked: list[str | None]
) -> None:
    pages = [
        Batch("b", items=[BatchItem(number)], has_more=token is not None, next_token=token)
        for number, token in enumerate(tokens)
    ]
    wire = Recorder(pages)
    items = [item.item_index async for item in Videos(wire).batches.items("b")]
    assert items == list(range(len(asked)))
    assert [cast(GetVideoBatch, sent).token for sent in wire.sent] == asked
