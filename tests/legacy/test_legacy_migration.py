"""Legacy payloads in v3: what they become, and that nothing of them is lost without a word."""

from typing import Any

import pytest

from heygen_async import HeyGen, Migration, RequestInvalid, to_v3
from heygen_async.api.avatars import PhotoAvatar
from heygen_async.api.engines import AvatarIII, AvatarIV
from heygen_async.api.media import Asset, Url
from heygen_async.api.scenes import AvatarScene, Background, ClipScene, ImageScene, Playback, SceneAvatar, SceneColor
from heygen_async.api.speech import ElevenLabs, VoiceSettings
from heygen_async.api.videos import AvatarVideo, Caption, ImageVideo, StudioVideo
from heygen_async.legacy import AvatarCharacter, GenerateVideo, TextVoice, VideoInput

ANNA = {"type": "avatar", "avatar_id": "Anna"}
PHOTO = {"type": "talking_photo", "talking_photo_id": "Tom"}
HELLO = {"type": "text", "voice_id": "emma", "input_text": "Hello!"}
SOUND = {"type": "audio", "audio_url": "https://example.com/a.mp3"}
IMAGE = "https://example.com/a.png"
CLIP = "https://example.com/a.mp4"


def scene(**parts: Any) -> dict[str, Any]:
    return {"character": ANNA, "voice": HELLO} | parts


def generated(*scenes: dict[str, Any], **fields: Any) -> dict[str, Any]:
    return {"video_inputs": list(scenes or [scene()])} | fields


def losses(migration: Migration) -> dict[str, str]:
    return {remark.path: remark.sentence for remark in migration.lost}


def refused(payload: Any) -> list[str]:
    with pytest.raises(RequestInvalid) as caught:
        to_v3(payload)
    assert str(caught.value).startswith("the legacy payload is not valid")
    return [str(problem) for problem in caught.value.problems]


# What becomes what.


def test_one_scene_of_an_avatar_is_an_avatar_video() -> None:
    payload = generated(
        scene(background={"type": "color", "value": "#FAFAFA"}),
        dimension={"width": 1280, "height": 720},
        title="One",
        callback_url="https://example.com/hook",
        callback_id="c",
        folder_id="f",
    )
    assert to_v3(payload) == (
        AvatarVideo(
            avatar_id="Anna",
            script="Hello!",
            voice_id="emma",
            background=Background(type="color", value="#FAFAFA"),
            resolution="720p",
            aspect_ratio="16:9",
            title="One",
            callback_url="https://example.com/hook",
            callback_id="c",
            folder_id="f",
            engine=AvatarIII(),  # as v2 rendered; v3's own costs up to four times as much
        ),
        (),
    )


def test_a_request_is_translated_as_its_json_is() -> None:
    voice = TextVoice(voice_id="emma", input_text="Hello!", speed=1.1, pitch=-5, locale="en-GB")
    asked = GenerateVideo(video_inputs=[VideoInput(character=AvatarCharacter(avatar_id="Anna"), voice=voice)])
    request, report = HeyGen("key").legacy.to_v3(asked)
    assert request == AvatarVideo(
        avatar_id="Anna",
        script="Hello!",
        voice_id="emma",
        voice_settings=VoiceSettings(speed=1.1, pitch=-5, locale="en-GB"),
        engine=AvatarIII(),
    )
    assert report == ()


def test_a_talking_photo_is_the_look_of_a_photo_avatar() -> None:
    photo = PHOTO | {"use_avatar_iv_model": True, "talking_style": "expressive", "prompt": "waves"}
    request, report = to_v3(generated(scene(character=photo)))
    assert request == AvatarVideo(
        avatar_id="Tom",
        script="Hello!",
        voice_id="emma",
        engine=AvatarIV(),
        expressiveness="high",
        motion_prompt="waves",
    )
    assert [remark.path.rpartition(".")[2] for remark in report] == ["talking_photo_id", "talking_style"]
    assert not any(remark.lost for remark in report)


def test_a_talking_photo_of_the_older_engine_loses_what_that_cannot() -> None:
    photo = PHOTO | {"use_avatar_iv_model": False, "talking_style": "stable", "prompt": "waves"}
    migration = to_v3(generated(scene(character=photo)))
    assert isinstance(migration.request, AvatarVideo)
    assert migration.request.engine == AvatarIII()
    assert {path.rpartition(".")[2] for path in losses(migration)} == {"talking_style", "prompt"}
    assert len([remark for remark in migration.report if remark.path.endswith("talking_style")]) == 1


@pytest.mark.parametrize("flag", [{}, {"use_avatar_iv_model": "yes"}])
def test_whoever_did_not_ask_for_avatar_iv_keeps_the_engine_of_v2(flag: dict[str, Any]) -> None:
    one = to_v3(generated(scene(character=PHOTO | flag)))
    several = to_v3(generated(scene(), scene(character=PHOTO | flag)))
    assert isinstance(one.request, AvatarVideo)
    assert isinstance(several.request, StudioVideo)
    inputs = [each.input for each in several.request.scenes if isinstance(each, AvatarScene)]
    assert [one.request.engine, *(getattr(each, "engine", None) for each in inputs)] == [AvatarIII()] * 3
    assert [path.rpartition(".")[2] for path in losses(one)] == list(flag)


@pytest.mark.parametrize(
    ("background", "expected"),
    [
        ({"type": "color", "value": "#abc"}, Background(type="color", value="#aabbcc")),
        ({"value": "#1E90FF"}, Background(type="color", value="#1E90FF")),
        ({"type": "image", "url": IMAGE}, Background(type="image", url=IMAGE)),
        ({"type": "image", "image_asset_id": "a"}, Background(type="image", asset_id="a")),
    ],
)
def test_a_background_stays_where_it_can(background: Any, expected: Background) -> None:
    request, report = to_v3(generated(scene(background=background)))
    assert isinstance(request, AvatarVideo)
    assert request.background == expected
    assert report == ()


@pytest.mark.parametrize(
    ("voice", "expected"),
    [
        (SOUND, {"audio_url": "https://example.com/a.mp3"}),
        ({"type": "audio", "audio_asset_id": "s"}, {"audio_asset_id": "s"}),
        ({"input_text": "Hi"}, {"script": "Hi"}),
    ],
)
def test_a_sound_takes_the_place_of_a_script(voice: Any, expected: dict[str, str]) -> None:
    assert to_v3(generated(scene(voice=voice))) == (AvatarVideo(avatar_id="Anna", engine=AvatarIII(), **expected), ())


def test_several_scenes_are_a_studio_video() -> None:
    payload = generated(
        scene(background={"type": "color", "value": "#000000"}),
        scene(character=PHOTO, voice=SOUND),
        {"background": {"type": "image", "image_asset_id": "p"}, "voice": {"type": "silence", "duration": 3}},
        {"background": {"type": "video", "url": CLIP, "play_style": "loop"}, "voice": HELLO},
        {"background": {"type": "video", "video_asset_id": "v"}, "voice": {"type": "silence", "duration": 3}},
        aspect_ratio="9:16",
        caption=True,
    )
    request, report = to_v3(payload)
    assert request == StudioVideo(
        scenes=(
            AvatarScene(
                input=SceneAvatar(
                    avatar_id="Anna",
                    script="Hello!",
                    voice_id="emma",
                    background=SceneColor(color="#000000"),
                    engine=AvatarIII(),
                )
            ),
            AvatarScene(input=SceneAvatar(avatar_id="Tom", audio_url="https://example.com/a.mp3", engine=AvatarIII())),
            ImageScene(source=Asset("p"), duration=3),
            ClipScene(source=Url(CLIP), script="Hello!", voice_id="emma", playback=Playback(mode="loop")),
            ClipScene(source=Asset("v")),
        ),
        aspect_ratio="9:16",
        caption=Caption(style="default"),
    )
    assert [remark.path for remark in report if remark.lost] == ["video_inputs.4.voice.duration"]


def test_one_scene_in_which_nobody_is_seen_is_a_studio_video_too() -> None:
    request, _ = to_v3(generated({"background": {"type": "image", "url": IMAGE}, "voice": HELLO}))
    assert isinstance(request, StudioVideo)
    assert request.scenes[0] == ImageScene(source=Url(IMAGE), script="Hello!", voice_id="emma")


@pytest.mark.parametrize(
    ("key", "expected", "lost"),
    [
        ("image/" + "0a" * 16 + "/original", Asset("0a" * 16), [False]),
        ("0a" * 16, Asset("0a" * 16), [False]),
        ("path/to/photo.jpg", Asset("path/to/photo.jpg"), [True]),
        ("https://example.com/a.png", Url("https://example.com/a.png"), []),
    ],
)
@pytest.mark.parametrize("name", ["image_key", "photo_s3_key"])
def test_a_photo_on_avatar_iv_is_an_image_video(name: str, key: str, expected: Any, lost: list[bool]) -> None:
    payload = {
        name: key,
        "video_title": "T",
        "script": "Hi",
        "voice_id": "v",
        "video_orientation": "portrait",
        "fit": "cover",
        "custom_motion_prompt": "nods",
    }
    migration = to_v3(payload)
    assert migration.request == ImageVideo(
        image=expected,
        title="T",
        script="Hi",
        voice_id="v",
        aspect_ratio="9:16",
        resolution="720p",
        fit="cover",
        motion_prompt="nods",
    )
    assert [(remark.path, remark.lost) for remark in migration.report] == [(name, each) for each in lost]


def test_a_picture_that_is_to_become_a_talking_photo_is_a_photo_avatar() -> None:
    assert to_v3({"image_url": IMAGE}) == (PhotoAvatar(name="Talking photo", file=Url(IMAGE)), ())
    assert to_v3({"image_url": IMAGE, "name": "Sarah"}).request == PhotoAvatar(name="Sarah", file=Url(IMAGE))


@pytest.mark.parametrize(
    ("size", "resolution", "shape"),
    [
        ((1280, 720), "720p", "16:9"),
        ((1920, 1080), "1080p", "16:9"),
        ((720, 1280), "720p", "9:16"),
        ((2160, 3840), "4k", "9:16"),
        ((1080, 1080), "1080p", "1:1"),
        ((1080, 1350), "1080p", "4:5"),
        ((1350, 1080), "1080p", "5:4"),
    ],
)
def test_a_size_is_a_resolution_and_a_shape(size: tuple[int, int], resolution: str, shape: str) -> None:
    request, report = to_v3(generated(dimension={"width": size[0], "height": size[1]}))
    assert isinstance(request, AvatarVideo)
    assert (request.resolution, request.aspect_ratio) == (resolution, shape)
    assert report == ()


def test_a_size_that_v3_does_not_have_becomes_the_nearest() -> None:
    migration = to_v3(generated(dimension={"width": 1000, "height": 600}))
    assert isinstance(migration.request, AvatarVideo)
    assert (migration.request.resolution, migration.request.aspect_ratio) == ("720p", "16:9")
    assert losses(migration) == {"dimension": "v3 has no such size; 720p in 16:9 comes nearest"}


@pytest.mark.parametrize(
    ("fields", "caption", "lost"),
    [
        ({"caption": True}, Caption(style="default"), []),
        ({"caption": True, "caption_mode": "file_only"}, Caption(), []),
        ({"caption_mode": "burn_in"}, Caption(style="default"), []),
        ({"caption": False}, None, []),
        ({"caption": False, "caption_mode": "burn_in"}, None, ["caption_mode"]),
        ({"caption": True, "caption_mode": "sung"}, Caption(style="default"), ["caption_mode"]),
        ({"caption": "yes"}, None, ["caption"]),
    ],
)
def test_captions_are_asked_for_as_they_were(fields: Any, caption: Caption | None, lost: list[str]) -> None:
    migration = to_v3(generated(**fields))
    assert isinstance(migration.request, AvatarVideo)
    assert migration.request.caption == caption
    assert list(losses(migration)) == lost


# What is lost, and said.

CHARACTER = "video_inputs.0.character."
VOICE = "video_inputs.0.voice."
BEHIND = "video_inputs.0.background."


@pytest.mark.parametrize(
    ("payload", "lost"),
    [
        (generated(scene(character=ANNA | {"avatar_style": "closeUp"})), [CHARACTER + "avatar_style"]),
        (generated(scene(character=ANNA | {"scale": 0.5})), [CHARACTER + "scale"]),
        (generated(scene(character=ANNA | {"offset": {"x": 0.1, "y": 0}})), [CHARACTER + "offset"]),
        (
            generated(scene(character=ANNA | {"circle_background_color": "#FFF"})),
            [CHARACTER + "circle_background_color"],
        ),
        (generated(scene(character=PHOTO | {"expression": "happy"})), [CHARACTER + "expression"]),
        (generated(scene(character=PHOTO | {"super_resolution": True})), [CHARACTER + "super_resolution"]),
        (generated(scene(character=PHOTO | {"talking_photo_style": "circle"})), [CHARACTER + "talking_photo_style"]),
        (generated(scene(character=PHOTO | {"talking_style": "shouting"})), [CHARACTER + "talking_style"]),
        (generated(scene(character=PHOTO | {"use_avatar_iv_model": "yes"})), [CHARACTER + "use_avatar_iv_model"]),
        (generated(scene(character=PHOTO | {"keep_original_prompt": False})), [CHARACTER + "keep_original_prompt"]),
        (generated(scene(character=ANNA | {"matting": "yes"})), [CHARACTER + "matting"]),
        (generated(scene(voice=HELLO | {"emotion": "Excited"})), [VOICE + "emotion"]),
        (generated(scene(voice=HELLO | {"speed": "fast"})), [VOICE + "speed"]),
        (generated(scene(background={"type": "color", "value": "red"})), [BEHIND + "value"]),
        (generated(scene(background={"type": "color"})), [BEHIND + "type"]),
        (generated(scene(background={"type": "image"})), [BEHIND + "type"]),
        (generated(scene(background={"type": "image", "url": IMAGE, "fit": "crop"})), [BEHIND + "fit"]),
        (generated(scene(background={"type": "video", "url": CLIP})), [BEHIND + "type", BEHIND + "url"]),
        (generated(scene(text={"text": "Sale!"})), ["video_inputs.0.text"]),
        (generated(test=True), ["test"]),
        (generated(enable_watermark=True), ["enable_watermark"]),
        (generated(fps=30), ["fps"]),
        (generated(subtitles={"a": 1}), ["subtitles"]),
        (generated(dimension={"width": 1280}), ["dimension.width"]),
        (generated(dimension={"width": 1280, "height": "720"}), ["dimension.width", "dimension.height"]),
        (generated(dimension={"width": 1280, "height": 720, "depth": 3}), ["dimension.depth"]),
        (generated(dimension={"width": 1280, "height": 720}, aspect_ratio="1:1"), ["aspect_ratio"]),
        (generated(aspect_ratio="2:1"), ["aspect_ratio"]),
        (generated(callback_url="nowhere"), ["callback_url"]),
        (generated(title=5), ["title"]),
        (generated(scene(), scene(character=ANNA | {"matting": True})), ["video_inputs.1.character.matting"]),
        (
            generated(scene(), scene(background={"type": "image", "url": IMAGE})),
            ["video_inputs.1.background.type", "video_inputs.1.background.url"],
        ),
        (generated(scene(), scene(background={"type": "color", "value": "x"})), ["video_inputs.1.background.value"]),
        (
            generated({"background": {"type": "video", "url": CLIP, "play_style": "once"}, "voice": HELLO}),
            [BEHIND + "play_style"],
        ),
        (
            generated({"background": {"type": "image", "url": IMAGE, "fit": "none", "blur": 1}, "voice": HELLO}),
            [BEHIND + "fit", BEHIND + "blur"],
        ),
        (
            {"image_key": "k", "script": "Hi", "voice_id": "v", "video_orientation": "round"},
            ["video_orientation"],
        ),
        (
            {"image_key": "k", "script": "Hi", "voice_id": "v", "enhance_custom_motion_prompt": True},
            ["enhance_custom_motion_prompt"],
        ),
        ({"image_url": IMAGE, "wings": 2}, ["wings"]),
    ],
)
def test_what_v3_cannot_say_is_reported_by_its_field(payload: Any, lost: list[str]) -> None:
    assert list(losses(to_v3(payload))) == lost


@pytest.mark.parametrize(
    "payload",
    [
        generated(scene(character=ANNA | {"avatar_style": "normal", "scale": 1.0, "offset": {"x": 0, "y": 0}})),
        generated(scene(character=PHOTO | {"expression": "default", "super_resolution": False})),
        generated(fps=25, test=False, enable_watermark=False),
    ],
)
def test_what_v3_does_anyhow_is_a_note_and_no_loss(payload: Any) -> None:
    migration = to_v3(payload)
    assert migration.lost == ()
    assert "v3 does so anyhow" in {remark.sentence for remark in migration.report}


@pytest.mark.parametrize(("speed", "nearest"), [(2.0, 1.5), (0.1, 0.5)])
def test_a_number_out_of_bounds_becomes_the_nearest(speed: float, nearest: float) -> None:
    migration = to_v3(generated(scene(voice=HELLO | {"speed": speed})))
    assert isinstance(migration.request, AvatarVideo)
    assert migration.request.voice_settings == VoiceSettings(speed=nearest)
    assert str(migration.lost[0]) == f"{VOICE}speed = {speed}: v3 goes from 0.5 to 1.5; it becomes {nearest:g}"


def test_settings_of_elevenlabs_stay_as_far_as_v3_takes_them() -> None:
    settings_ = {"model": "eleven_v3", "stability": 0.3, "similarity_boost": 0.7, "style": 0.1, "seed": 1}
    migration = to_v3(generated(scene(voice=HELLO | {"elevenlabs_settings": settings_})))
    assert isinstance(migration.request, AvatarVideo)
    kept = ElevenLabs(model="eleven_v3", similarity_boost=0.7, style=0.1)
    assert migration.request.voice_settings == VoiceSettings(engine_settings=kept)
    assert list(losses(migration)) == [VOICE + "elevenlabs_settings.seed", VOICE + "elevenlabs_settings.stability"]


# What no video can be made of.


@pytest.mark.parametrize(
    ("payload", "reason"),
    [
        ({}, "are all missing"),
        ({"video_inputs": []}, "video_inputs: must be a list"),
        ({"video_inputs": "scenes"}, "video_inputs: must be a list"),
        ({"video_inputs": [5]}, "video_inputs.0: must be an object, not 5"),
        ([], "must be an object"),
        ({"type": "avatar", "avatar_id": "a", "script": "Hi"}, "a body of v3 already"),
        ({"image_url": IMAGE, "script": "Hi"}, "a body of v3 already"),
        (generated(scene(character={"type": "avatar"})), CHARACTER + "avatar_id: is required"),
        (generated(scene(character={"type": "talking_photo"})), CHARACTER + "talking_photo_id: is required"),
        (generated(scene(character={"type": "dog"})), CHARACTER + "type: is 'dog'"),
        (generated(scene(character={"type": ["avatar"]})), CHARACTER + "type: is ['avatar']"),
        (generated(scene(character=ANNA | {"avatar_id": 5})), CHARACTER + "avatar_id: must be text"),
        (generated({"character": ANNA}), "video_inputs.0.voice: is required"),
        (generated(scene(voice={"type": "song"})), VOICE + "type: is 'song'"),
        (generated(scene(voice={"type": "text", "voice_id": "v"})), VOICE + "input_text: is missing"),
        (generated(scene(voice={"type": "silence", "duration": 3})), "video_inputs.0.voice: v3 has no silence"),
        (generated(scene(voice={"duration": 3})), "video_inputs.0.voice: v3 has no silence"),
        (generated(scene(voice=HELLO | {"audio_url": CLIP})), VOICE + "input_text: cannot go together"),
        (generated({"voice": HELLO}), CHARACTER.rstrip(".") + ": a scene needs a character"),
        (generated({"voice": HELLO, "background": {"type": "color", "value": "#000000"}}), "v3 shows no plain colour"),
        (
            generated({"voice": {"input_text": "Hi"}, "background": {"type": "image", "url": IMAGE}}),
            VOICE + "voice_id: is required with a script",
        ),
        (
            generated({"voice": HELLO, "background": {"type": "image", "url": "nowhere"}}),
            BEHIND + "url: is 'nowhere'",
        ),
        (generated(*[scene()] * 51), "video_inputs: has 51 entries; 1 to 50 are allowed"),
        ({"image_key": "k"}, "script: is missing"),
        ({"image_key": "k", "script": "Hi"}, "voice_id: is required"),
        ({"image_key": "", "script": "Hi", "voice_id": "v"}, "image_key: must not be empty"),
        ({"image_url": 5}, "image_url: must be text"),
    ],
)
def test_a_payload_that_v3_can_make_nothing_of_is_refused_by_its_own_names(payload: Any, reason: str) -> None:
    assert any(reason in problem for problem in refused(payload)), refused(payload)
