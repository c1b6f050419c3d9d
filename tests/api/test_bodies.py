from pathlib import Path
from typing import Any

import pytest

from heygen_async.api.bodies import video_from_wire
from heygen_async.api.media import Asset, LocalFile, Url
from heygen_async.api.scenes import ImageScene
from heygen_async.api.videos import AvatarVideo, CinematicVideo, ImageVideo, StudioVideo
from heygen_async.errors import RequestInvalid
from heygen_async.wire import WRITER

PICTURE = Url("https://example.com/person.jpg")


def unread(body: Any) -> list[str]:
    with pytest.raises(RequestInvalid) as caught:
        video_from_wire(body)
    return [str(problem) for problem in caught.value.problems]


def test_a_body_without_a_type_is_understood_by_its_fields() -> None:
    words = {"script": "Hi", "voice_id": "v"}
    assert video_from_wire({"avatar_id": "a", **words}) == AvatarVideo(avatar_id="a", script="Hi", voice_id="v")
    image = {"image": {"type": "asset_id", "asset_id": "x"}}
    assert video_from_wire({**image, **words}) == ImageVideo(image=Asset("x"), script="Hi", voice_id="v")
    cinematic = {"avatar_id": ["a"], "prompt": "A walk"}
    assert video_from_wire(cinematic) == CinematicVideo(avatar_id=("a",), prompt="A walk")
    scene = {"type": "image", "source": {"type": "url", "url": PICTURE.url}, "duration": 1}
    assert video_from_wire({"scenes": [scene]}) == StudioVideo(scenes=(ImageScene(source=PICTURE, duration=1),))


def test_the_sample_of_the_photo_avatar_guide_is_understood() -> None:
    video = video_from_wire(
        {
            "avatar_id": "YOUR_PHOTO_AVATAR_ID",
            "script": "Hi there! This video was created from a single photo using the HeyGen API.",
            "voice_id": "YOUR_VOICE_ID",
            "title": "Photo Avatar Demo",
            "resolution": "1080p",
            "aspect_ratio": "16:9",
            "motion_prompt": "gesturing with hands while presenting",
            "expressiveness": "high",
        }
    )
    assert isinstance(video, AvatarVideo)
    assert WRITER.unstructure(video)["type"] == "avatar"


def test_a_flat_picture_of_older_samples_becomes_the_nested_one(tmp_path: Path) -> None:
    words = {"script": "Hi", "voice_id": "v"}
    assert video_from_wire({"image_url": PICTURE.url, **words}) == ImageVideo(image=PICTURE, script="Hi", voice_id="v")
    assert video_from_wire({"image_asset_id": "x", "audio_url": "https://a/b"}) == ImageVideo(
        image=Asset("x"), audio_url="https://a/b"
    )
    picture = tmp_path / "a.png"
    picture.write_bytes(b"\x89PNG\r\n\x1a\n")
    video = video_from_wire({"image_url": LocalFile(picture), **words})
    assert isinstance(video, ImageVideo)
    assert video.image == LocalFile(picture)


def test_a_type_of_null_is_no_type() -> None:
    assert isinstance(video_from_wire({"type": None, "avatar_id": "a", "script": "Hi"}), AvatarVideo)


def test_the_body_itself_is_left_as_it_is() -> None:
    body = {"image_url": PICTURE.url, "script": "Hi", "voice_id": "v"}
    video_from_wire(body)
    assert body == {"image_url": PICTURE.url, "script": "Hi", "voice_id": "v"}


@pytest.mark.parametrize(
    ("body", "problems"),
    [
        ({}, ["type: prompt, avatar_id, image, scenes are all missing; give one of them"]),
        ({"script": "Hi"}, ["type: prompt, avatar_id, image, scenes are all missing; give one of them"]),
        ({"avatar_id": "a", "image_url": "https://a/b"}, ["type: avatar_id and image cannot go together"]),
        (
            {"image_url": "https://a/b", "image_asset_id": "a", "audio_url": "https://a/b"},
            ["image_asset_id: cannot go together with image_url; use one of them"],
        ),
        (
            {"image": {"type": "asset_id", "asset_id": "a"}, "image_url": "https://a/b", "audio_url": "https://a/b"},
            ["image_url: cannot go together with image; use one of them"],
        ),
        (
            {"avatar_id": "a", "image": {}, "scenes": []},
            ["type: avatar_id and image and scenes cannot go together"],
        ),
        ({"type": "movie"}, ["type: must be one of avatar, image, cinematic_avatar, studio"]),
        ({"type": "avatar", "script": "Hi"}, ["avatar_id: is required"]),
        (
            {"type": "image", "image_url": "https://a/b", "audio_url": "https://a/b"},
            ["image: is required", "image_url: is not a field of the API; did you mean image?"],
        ),
        ({"image_url": 5, "audio_url": "https://a/b"}, ["image.url: must be text, not 5"]),
        ({"image_url": None, "audio_url": "https://a/b"}, ["image.url: is required"]),
        ({"avatar_id": "a", "prompt": "A walk"}, ["avatar_id: must be a list"]),
        ([], ["must be an object"]),
        (None, ["must be an object"]),
        ("avatar", ["must be an object"]),
    ],
)
def test_a_body_that_cannot_be_understood_is_told_why(body: Any, problems: list[str]) -> None:
    assert unread(body) == problems


def test_a_picture_that_is_null_is_none() -> None:
    spoken = {"audio_url": "https://a/b", "image_url": "https://a/b"}
    assert video_from_wire(spoken | {"image_asset_id": None}) == video_from_wire(spoken)
