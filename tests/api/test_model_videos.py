import asyncio
from pathlib import Path
from typing import Any

import pytest
from recorder import Recorder
from tidy import no_task_left

from heygen_async import HeyGen, JobFailed, ManualClock
from heygen_async.api.media import Asset, Url
from heygen_async.api.model_videos import (
    ImageToVideo,
    ModelVideo,
    ModelVideoRequest,
    ModelVideos,
    ReferenceToVideo,
    TextToVideo,
)
from heygen_async.codec import decode
from heygen_async.emulator import Emulator, FailRender, Fault
from heygen_async.errors import RequestInvalid
from heygen_async.wire import WRITER, read_strictly

pytestmark = pytest.mark.anyio

PICTURE = Url("https://example.com/a.jpg")
ASKED: dict[str, Any] = {"model": "heygen-video-1", "prompt": "A beach at dusk"}
SCENE = TextToVideo(**ASKED)


@pytest.mark.parametrize(
    ("request_", "more"),
    [
        (TextToVideo(**ASKED, duration=15, seed=3), {"mode": "text_to_video", "duration": 15, "seed": 3}),
        (
            ImageToVideo(**ASKED, image=Asset("x"), resolution="2k"),
            {"mode": "image_to_video", "image": {"type": "asset_id", "asset_id": "x"}, "resolution": "2k"},
        ),
        (
            ReferenceToVideo(**ASKED, reference_images=[PICTURE], prompt_enhancement="turbo"),
            {
                "mode": "reference_to_video",
                "reference_images": [{"type": "url", "url": PICTURE.url}],
                "prompt_enhancement": "turbo",
            },
        ),
    ],
    ids=["text", "image", "references"],
)
def test_a_scene_says_of_which_mode_it_is(request_: Any, more: Any) -> None:
    assert WRITER.unstructure(request_) == ASKED | more
    assert WRITER.unstructure(read_strictly(ASKED | more, ModelVideoRequest)) == ASKED | more
    assert request_.job_id(decode(request_, 202, {}, b'{"data": {"video_id": "v"}}')) == "v"


@pytest.mark.parametrize(
    ("make", "fields", "reason"),
    [
        (TextToVideo, {"duration": 4}, "duration: is 4; it must lie between 5 and 15"),
        (TextToVideo, {"prompt": "x" * 16_001}, "prompt: has 16,001 characters; at most 16,000 are allowed"),
        (TextToVideo, {"aspect_ratio": "adaptive"}, "aspect_ratio: is 'adaptive'; it must be one of"),
        (
            TextToVideo,
            {"resolution": "1080p", "aspect_ratio": "1:1"},
            "aspect_ratio: must be 16:9 or 9:16 with the resolution 1080p",
        ),
        (ReferenceToVideo, {"resolution": "2k"}, "aspect_ratio: must be 16:9 or 9:16 with the resolution 2k"),
        (ReferenceToVideo, {"reference_images": [PICTURE] * 10}, "reference_images: has 10 entries; 0 to 9"),
        (
            ReferenceToVideo,
            {"reference_images": [PICTURE] * 9, "reference_videos": [PICTURE] * 3, "reference_audio": [PICTURE]},
            "reference_images: 13 references are too many; 12 are allowed in all",
        ),
        (ReferenceToVideo, {"reference_audio": 5}, "reference_audio: must be a list, not 5"),
    ],
)
def test_a_scene_has_bounds(make: Any, fields: Any, reason: str) -> None:
    with pytest.raises(RequestInvalid) as caught:
        make(**(ASKED | fields))
    assert [str(problem)[: len(reason)] for problem in caught.value.problems] == [reason]


def test_a_large_scene_is_wide_or_tall_and_one_of_a_picture_has_its_shape() -> None:
    TextToVideo(**ASKED, resolution="2k")
    TextToVideo(**ASKED, resolution="2k", aspect_ratio="9:16")
    ReferenceToVideo(**ASKED, resolution="1080p", aspect_ratio="16:9")
    ImageToVideo(**ASKED, image=PICTURE, resolution="1080p")


async def test_a_scene_is_made_with_the_callers_key_and_read() -> None:
    wire = Recorder([ModelVideo("v")])
    videos = ModelVideos(wire)
    assert repr(await videos.create(SCENE, idempotency_key="k")) == "<Job model video v1 waiting>"
    assert await videos.get("v") == ModelVideo("v")
    assert wire.keys[0] == "k"


async def test_a_scene_is_a_job_with_a_file(heygen: HeyGen, clock: ManualClock, tmp_path: Path) -> None:
    job = await heygen.models.videos.create(SCENE)
    assert repr(heygen).endswith("renders 1/10, 0 waiting>")
    scene = await clock.drive(job.wait())
    assert (scene.status, scene.video_id, scene.duration) == ("completed", job.id, 5)
    path = await job.download(tmp_path)
    assert path.name == f"{job.id}.mp4"
    assert repr(heygen).endswith("renders 0/10, 0 waiting>")
    assert await clock.drive(heygen.models.videos.job(job.id).wait()) is not None


async def test_a_scene_that_fails_says_why(heygen: HeyGen, emulator: Emulator, clock: ManualClock) -> None:
    emulator.faults.add(Fault(FailRender("x", "Too dark"), path="/v3/models/videos"))
    job = await heygen.models.videos.create(SCENE)
    with pytest.raises(JobFailed, match="Too dark"):
        await clock.drive(job.wait())


async def test_many_scenes_at_once_keep_to_the_slots(heygen: HeyGen, emulator: Emulator, clock: ManualClock) -> None:
    async def whole(number: int) -> str:
        job = await heygen.models.videos.create(TextToVideo(model="heygen-video-1", prompt=f"Scene {number}"))
        return (await job).status

    assert set(await clock.drive(asyncio.gather(*map(whole, range(15))))) == {"completed"}
    assert [served for served in emulator.log.requests("POST", "/v3/models/videos") if served.status == 429] == []


async def test_a_cancelled_creation_gives_its_slot_back(heygen: HeyGen) -> None:
    async with no_task_left():
        task = asyncio.ensure_future(heygen.models.videos.create(SCENE))
        await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
    assert repr(heygen).endswith("renders 0/10, 0 waiting>")
