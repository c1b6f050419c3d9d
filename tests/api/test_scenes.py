from typing import Any

import pytest

from heygen_async.api.engines import AvatarIII
from heygen_async.api.media import Url
from heygen_async.api.scenes import AvatarScene, Background, ClipScene, ImageScene, Playback, SceneAvatar, SceneColor
from heygen_async.errors import RequestInvalid

PICTURE = Url("https://example.com/a.png")
CLIP = Url("https://example.com/a.mp4")
WORDS = {"script": "Hi", "voice_id": "v"}


def wrong(cls: Any, **given: Any) -> list[str]:
    with pytest.raises(RequestInvalid) as caught:
        cls(**given)
    return [str(problem) for problem in caught.value.problems]


@pytest.mark.parametrize(
    "given",
    [
        {"type": "color", "value": "#1E90FF"},
        {"type": "image", "url": "https://example.com/a.png"},
        {"type": "image", "asset_id": "a"},
    ],
)
def test_a_background_is_a_colour_or_a_picture(given: Any) -> None:
    Background(**given)


@pytest.mark.parametrize(
    ("given", "problems"),
    [
        ({"type": "color"}, ["value: is required for a background of type color"]),
        ({"type": "color", "value": "red"}, ["value: is 'red'; a colour is written #RRGGBB, such as #1E90FF"]),
        (
            {"type": "color", "url": "https://a/b"},
            ["value: is required for a background of type color", "url: belongs to a background of type image"],
        ),
        (
            {"type": "color", "value": "#FFFFFF", "asset_id": "a"},
            ["url: belongs to a background of type image"],
        ),
        (
            {"type": "image"},
            ["url: exactly one of url, asset_id is needed for a background of type image"],
        ),
        (
            {"type": "image", "url": "https://a/b", "asset_id": "a"},
            ["url: exactly one of url, asset_id is needed for a background of type image"],
        ),
        (
            {"type": "image", "url": "https://a/b", "value": "#FFFFFF"},
            ["value: belongs to a background of type color"],
        ),
        ({"type": "video"}, ["type: is 'video'; it must be one of color, image"]),
        ({"type": "image", "url": "a.png"}, ["url: is 'a.png'; it must start with https:// or http://"]),
    ],
)
def test_a_background_that_is_neither_or_both_is_told(given: Any, problems: list[str]) -> None:
    assert wrong(Background, **given) == problems


def test_a_scene_has_one_colour_behind_it() -> None:
    assert SceneColor(color="#FFFFFF").color == "#FFFFFF"
    assert wrong(SceneColor, color="white") == ["color: is 'white'; a colour is written #RRGGBB, such as #1E90FF"]


def test_an_avatar_in_a_scene_brings_its_voice_and_obeys_its_engine() -> None:
    AvatarScene(input=SceneAvatar(avatar_id="a", script="Hi"))
    assert wrong(SceneAvatar, avatar_id="a", script="Hi", engine=AvatarIII(), motion_prompt="nodding") == [
        "motion_prompt: is not supported by the engine avatar_iii"
    ]
    assert wrong(SceneAvatar, avatar_id="a") == [
        "script: is missing; one of script, audio_url, audio_asset_id is needed"
    ]


@pytest.mark.parametrize("given", [{"duration": 300}, {"duration": 0.04}, WORDS, {"audio_asset_id": "a"}])
def test_a_still_picture_lasts_for_a_time_or_for_a_sound(given: Any) -> None:
    ImageScene(source=PICTURE, **given)


@pytest.mark.parametrize(
    ("given", "problems"),
    [
        ({}, ["duration: either a duration or a sound is needed, not both"]),
        ({"duration": 5} | WORDS, ["duration: either a duration or a sound is needed, not both"]),
        ({"duration": 301}, ["duration: is 301; it must lie between 0.04 and 300"]),
        ({"duration": 0}, ["duration: is 0; it must lie between 0.04 and 300"]),
        ({"script": "Hi"}, ["voice_id: is required with a script"]),
    ],
)
def test_a_still_picture_without_either_or_with_both_is_told(given: Any, problems: list[str]) -> None:
    assert wrong(ImageScene, source=PICTURE, **given) == problems


@pytest.mark.parametrize(
    "given",
    [
        {},
        WORDS,
        {"playback": Playback(volume=0.5)},
        {"playback": Playback(mode="loop"), "audio_asset_id": "a"},
        {"playback": Playback(mode="freeze"), **WORDS},
    ],
)
def test_a_clip_plays_with_its_own_sound_or_a_voice_over(given: Any) -> None:
    ClipScene(source=CLIP, **given)


def test_a_clip_has_nothing_to_fit_to_without_a_voice_over() -> None:
    assert wrong(ClipScene, source=CLIP, playback=Playback(mode="fit_to_scene")) == [
        "playback.mode: needs a voice-over: script, audio_url or audio_asset_id"
    ]


def test_a_clip_is_at_most_as_loud_as_it_is() -> None:
    assert wrong(Playback, volume=1.1) == ["volume: is 1.1; it must lie between 0 and 1"]
