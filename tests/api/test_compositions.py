"""Scenes as HeyGen shows them: kinds that we know, kinds that we do not, and how they are asked for."""

import json
from typing import Any

import pytest
from recorder import Recorder

from heygen_async.api.compositions import (
    AvatarElement,
    ColorFill,
    GetVideoScenes,
    ImageElement,
    MediaTrim,
    OtherElement,
    SceneDetail,
    ScriptAudio,
    ScriptSilence,
    ScriptText,
    TextElement,
    VideoElement,
    VideoScenes,
)
from heygen_async.api.videos import AvatarVideo, Videos
from heygen_async.client import HeyGen
from heygen_async.clock import ManualClock
from heygen_async.codec import decode
from heygen_async.errors import Conflict, NotFound

pytestmark = pytest.mark.anyio


def read(scene: Any) -> SceneDetail:
    data = {"video_id": "v", "edit_version": "1", "video": {"title": "T", "caption": {"enabled": True}}}
    answer = {"data": data | {"scenes": [{"id": "s"} | scene]}}
    scenes = decode(GetVideoScenes("v"), 200, {}, json.dumps(answer).encode())
    assert scenes.video.caption is not None
    assert (scenes.video.title, scenes.video.caption.enabled) == ("T", True)
    return scenes.scenes[0]


def test_everything_in_a_scene_has_a_class_of_its_own() -> None:
    scene = read(
        {
            "background": {"type": "color", "color": "#1E90FF"},
            "elements": [
                {"type": "avatar", "id": "1", "avatar_id": "a", "engine": "avatar_iv"},
                {"type": "image", "id": "2", "url": "https://h/a.png?signature=x"},
                {"type": "video", "id": "3", "trim": {"start_offset": 1, "end_offset": 2.5}, "volume": 0.5},
                {"type": "text", "id": "4", "text": "Hi"},
            ],
            "script": [
                {"type": "text", "id": "5", "text": "Hello", "voice_settings": {"speed": 1.2}},
                {"type": "audio", "id": "6", "audio_url": "https://h/a.mp3"},
                {"type": "silence", "id": "7", "duration": 1},
            ],
        }
    )
    assert scene.background == ColorFill("#1E90FF")
    assert scene.elements == (
        AvatarElement(id="1", avatar_id="a", engine="avatar_iv"),
        ImageElement(id="2", url="https://h/a.png?signature=x"),
        VideoElement(id="3", trim=MediaTrim(1, 2.5), volume=0.5),
        TextElement(id="4", text="Hi"),
    )
    assert [type(line) for line in scene.script] == [ScriptText, ScriptAudio, ScriptSilence]
    assert "signature=x" not in repr(scene)


def test_what_is_new_or_holds_others_is_kept() -> None:
    children = [{"type": "text", "id": "t"}, {"type": "shape", "id": "s", "sides": 6}]
    scene = read(
        {
            "background": {"type": "gradient", "from": "#000000"},
            "elements": [{"type": "group", "id": "g", "children": children}],
            "script": [{"type": "beat"}],
        }
    )
    assert scene.background == OtherElement(type="gradient", extra={"from": "#000000"})
    (found,) = scene.elements
    assert isinstance(found, OtherElement)
    assert found.children == (TextElement(id="t"), OtherElement(id="s", type="shape", extra={"sides": 6}))
    assert scene.script == (OtherElement(type="beat"),)


def test_the_settings_of_a_voice_are_kept_as_they_are() -> None:
    settings = {"engine_settings": {"engine_type": "newer", "mood": "calm"}, "pitch": 3}
    (line,) = read({"script": [{"type": "text", "id": "1", "text": "x", "voice_settings": settings}]}).script
    assert isinstance(line, ScriptText)
    assert line.voice_settings is not None
    assert (line.voice_settings.engine_settings, line.voice_settings.pitch) == (settings["engine_settings"], 3.0)


@pytest.mark.parametrize("background", [None, "red", 3, ["a"], {"type": 5}])
def test_a_background_that_is_none_disturbs_nothing(background: Any) -> None:
    scene = read({"background": background, "elements": [{"type": "text", "id": "t"}]})
    assert scene.background in {None, OtherElement(type="5")}
    assert len(scene.elements) == 1


async def test_scenes_are_asked_for_by_the_id_of_a_video() -> None:
    wire = Recorder([VideoScenes("v")])
    assert await Videos(wire).scenes("v") == VideoScenes("v")
    assert wire.sent == [GetVideoScenes("v")]


# Against the emulator.


async def test_scenes_are_there_when_they_have_been_prepared(heygen: HeyGen, clock: ManualClock) -> None:
    job = await heygen.videos.create(AvatarVideo(avatar_id="Anna_public_3_20240108", script="Hello!"))
    with pytest.raises(Conflict) as caught:
        await heygen.videos.scenes(job.id)
    assert (caught.value.code, caught.value.retryable) == ("resource_not_ready", True)
    await clock.drive(job.wait())
    (scene,) = (await heygen.videos.scenes(job.id)).scenes
    (line,) = scene.script
    assert isinstance(line, ScriptText)
    assert line.text == "Hello!"
    with pytest.raises(NotFound):
        await heygen.videos.scenes("unknown")
