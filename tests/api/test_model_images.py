import asyncio
from pathlib import Path
from typing import Any

import pytest
from tidy import no_task_left

from heygen_async import HeyGen, JobFailed, ManualClock
from heygen_async.api.media import Url
from heygen_async.api.model_images import MODEL_IMAGES, CreateModelImages, ModelImage, ModelImages
from heygen_async.codec import encode
from heygen_async.emulator import Emulator, FailRender, Fault
from heygen_async.errors import RequestInvalid

pytestmark = pytest.mark.anyio

PICTURE = Url("https://example.com/person.jpg")
ASKED: dict[str, Any] = {"model": "heygen-image-1", "identity_images": [PICTURE], "reference_images": [PICTURE]}


def test_pictures_are_asked_for_with_their_model() -> None:
    sendable = encode(CreateModelImages(**ASKED, num_images=2, aspect_ratio="4:5", seed=7))
    picture = {"type": "url", "url": PICTURE.url}
    assert sendable.path == "/v3/models/images"
    assert sendable.body == {
        "model": "heygen-image-1",
        "identity_images": [picture],
        "reference_images": [picture],
        "num_images": 2,
        "aspect_ratio": "4:5",
        "seed": 7,
    }


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"identity_images": []}, "identity_images: has 0 entries; 1 to 5 are allowed"),
        ({"identity_images": [PICTURE] * 6}, "identity_images: has 6 entries; 1 to 5 are allowed"),
        ({"reference_images": [PICTURE] * 2}, "reference_images: has 2 entries; 1 to 1 are allowed"),
        ({"num_images": 6}, "num_images: is 6; it must lie between 1 and 5"),
        ({"model": "heygen-image-2"}, "model: is 'heygen-image-2'; it must be one of heygen-image-1"),
        ({"idempotency_key": "a b"}, "idempotency_key: is 'a b'; it must have 1 to 255 characters"),
    ],
)
def test_pictures_have_bounds(fields: Any, reason: str) -> None:
    with pytest.raises(RequestInvalid, match=reason):
        CreateModelImages(**(ASKED | fields))


def test_the_first_picture_is_the_file_and_all_are_its_parts() -> None:
    images = [ModelImage("a", "https://a/1.png"), ModelImage("b", "https://a/2.png")]
    report = MODEL_IMAGES.report(ModelImages("g", "completed", images=images))
    assert (report.link, [part.key for part in report.parts]) == ("https://a/1.png", ["a", "b"])
    assert MODEL_IMAGES.report(ModelImages("g", "pending")).link is None


async def test_all_pictures_come_to_a_folder_and_the_first_to_a_file(
    heygen: HeyGen, clock: ManualClock, tmp_path: Path
) -> None:
    job = await heygen.models.images.create(**ASKED, num_images=3)
    made = await clock.drive(job.wait())
    assert len(made.images) == 3
    (tmp_path / "all").mkdir()
    await job.download(tmp_path / "all")
    await job.download(tmp_path / "one.png")
    brought = sorted((tmp_path / "all").iterdir())
    assert [path.suffix for path in brought] == [".png"] * 3
    assert (tmp_path / "one.png").read_bytes() in [path.read_bytes() for path in brought]
    assert (tmp_path / "one.png").read_bytes().startswith(b"\x89PNG")


def test_a_picture_without_a_link_is_no_file() -> None:
    made = ModelImages("g", "completed", images=[ModelImage("a"), ModelImage("b", "https://files.example/b.png")])
    assert [part.key for part in MODEL_IMAGES.report(made).parts] == ["b"]


async def test_pictures_are_picked_up_and_read(heygen: HeyGen, clock: ManualClock) -> None:
    job = await heygen.models.images.create(**ASKED)
    assert (await heygen.models.images.get(job.id)).status == "pending"
    again = heygen.models.images.job(job.id)
    assert (await clock.drive(again.wait())).generation_id == job.id


async def test_pictures_that_fail_say_why(heygen: HeyGen, emulator: Emulator, clock: ManualClock) -> None:
    emulator.faults.add(Fault(FailRender("x", "No face"), path="/v3/models/images"))
    job = await heygen.models.images.create(**ASKED)
    with pytest.raises(JobFailed, match="No face"):
        await clock.drive(job.wait())


async def test_the_same_key_gets_the_same_pictures(heygen: HeyGen) -> None:
    jobs = await asyncio.gather(*(heygen.models.images.create(**ASKED, idempotency_key="k") for _ in range(2)))
    assert len({job.id for job in jobs}) == 1


async def test_a_cancelled_creation_gives_its_slot_back(heygen: HeyGen) -> None:
    async with no_task_left():
        task = asyncio.ensure_future(heygen.models.images.create(**ASKED))
        await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
    assert repr(heygen).endswith("renders 0/10, 0 waiting>")
