"""Background removals: one for each ``request_id``, in the layers that were asked for; and real ones."""

from pathlib import Path
from typing import Any

import av
import pytest
from visitor import MP4, Visitor, another, upload

from heygen_async.clock import ManualClock
from heygen_async.emulator import Emulator, FailRender, Fault, media
from heygen_async.emulator.media import Film, Scene, Speech

pytestmark = pytest.mark.anyio

PATH = "/v3/background-removals"
TALK = {"type": "url", "url": "https://example.com/talk.mp4"}


async def create(visitor: Visitor, **fields: Any) -> Any:
    return (await visitor.post(PATH, {"video": TALK} | fields)).data


async def test_a_removal_ages_and_has_three_layers(visitor: Visitor, clock: ManualClock) -> None:
    created = await create(visitor)
    assert created == {"id": created["id"], "status": "pending", "layers": {}, "created_at": created["created_at"]}
    seen = []
    for seconds in (2, 60):
        await clock.advance(seconds)
        shown = (await visitor.get(f"{PATH}/{created['id']}")).data
        seen.append((shown["status"], list(shown["layers"])))
    assert seen == [("processing", []), ("completed", ["foreground", "mask", "background"])]
    assert (shown["completed_at"] - shown["created_at"], shown["duration"]) == (62, 5.0)
    kinds = {name: (await visitor.fetch(link)).headers["Content-Type"] for name, link in shown["layers"].items()}
    assert kinds == {"foreground": "video/webm", "mask": "video/mp4", "background": "video/mp4"}


async def test_only_the_layers_that_were_asked_for_are_made(visitor: Visitor, clock: ManualClock) -> None:
    created = await create(visitor, layers=["mask"])
    await clock.advance(62)
    assert list((await visitor.get(f"{PATH}/{created['id']}")).data["layers"]) == ["mask"]
    answer = await visitor.post(PATH, {"video": TALK, "layers": ["sky"]})
    assert answer.refusal == (400, "invalid_parameter", "layers.0")


async def test_a_request_id_counts_and_a_header_does_not(visitor: Visitor) -> None:
    first, second = [await create(visitor, request_id="mine", **more) for more in ({}, {"layers": ["mask"]})]
    assert first["id"] == second["id"]
    keyed = [(await visitor.post(PATH, {"video": TALK}, **{"Idempotency-Key": "k"})).data["id"] for _ in range(2)]
    assert len({first["id"], *keyed}) == 3


async def test_a_request_id_counts_although_the_video_is_gone_meanwhile(visitor: Visitor) -> None:
    asset_id = (await upload(visitor, MP4)).data["asset_id"]
    video = {"type": "asset_id", "asset_id": asset_id}
    first = await create(visitor, request_id="mine", video=video)
    await visitor.delete(f"/v3/assets/{asset_id}")
    assert (await create(visitor, request_id="mine", video=video))["id"] == first["id"]


async def test_removals_are_listed_and_deleted_once(visitor: Visitor) -> None:
    ids = [(await create(visitor))["id"] for _ in range(3)]
    page = (await visitor.get(PATH, limit="2")).body
    assert ([one["id"] for one in page["data"]], page["has_more"]) == ([ids[2], ids[1]], True)
    assert (await visitor.delete(f"{PATH}/{ids[0]}")).data == {"id": ids[0], "deleted": True}
    for answer in (await visitor.delete(f"{PATH}/{ids[0]}"), await visitor.get(f"{PATH}/{ids[0]}")):
        assert answer.refusal == (404, "resource_not_found", None)


async def test_one_that_fails_says_why(visitor: Visitor, emulator: Emulator, clock: ManualClock) -> None:
    emulator.faults.add(Fault(FailRender(message="Nobody is in it"), path=PATH))
    created = await create(visitor)
    await clock.advance(62)
    shown = (await visitor.get(f"{PATH}/{created['id']}")).data
    assert (shown["status"], shown["error"], shown["layers"]) == ("failed", "Nobody is in it", {})


async def test_real_layers_show_the_person_the_shape_and_the_wall(clock: ManualClock, tmp_path: Path) -> None:
    portrait = media.portrait("somebody", 320, 320)
    scene = Scene(portrait=portrait, sound=Speech("One."), backdrop=media.Color("#20C060"), cut_out=True)
    film = media.render(Film(scenes=[scene], width=320, height=320, fps=10), tmp_path, "talk")
    async with another(clock, synthetic=None) as (emulator, visitor):
        asset_id = (await upload(visitor, film.video.read_bytes())).data["asset_id"]
        created = await create(visitor, video={"type": "asset_id", "asset_id": asset_id})
        await emulator.idle()
        await clock.advance(62)
        layers = (await visitor.get(f"{PATH}/{created['id']}")).data["layers"]
        paths = {name: tmp_path / name for name in layers}
        for name, link in layers.items():
            paths[name].write_bytes((await visitor.fetch(link)).raw)
    with av.open(paths["foreground"]) as file:
        assert file.streams.video[0].codec_context.name in {"vp8", "vp9"}
        assert file.streams.video[0].metadata["ALPHA_MODE"] == "1"
        assert len(file.streams.audio) == 1
    mask, wall = middle(paths["mask"]), middle(paths["background"])
    assert [mask.getpixel(place)[0] > 128 for place in ((160, 160), (10, 10), (310, 10))] == [True, False, False]
    for place in ((160, 160), (160, 300), (10, 10)):  # where somebody was, there is green now
        red, green, blue = wall.getpixel(place)
        assert green > red + 40
        assert green > blue + 20


def middle(path: Path) -> Any:
    with av.open(path) as file:
        frames = [frame.to_image() for frame in file.decode(video=0)]
    return frames[len(frames) // 2]
