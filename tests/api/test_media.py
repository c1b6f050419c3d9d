import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from heads import HEADS, written

from heygen_async.api.ai_clipping import CreateClipping
from heygen_async.api.avatars import DigitalTwin, PromptAvatar
from heygen_async.api.background_removals import CreateBackgroundRemoval
from heygen_async.api.filler_word_removals import CreateFillerWordRemoval
from heygen_async.api.lipsyncs import CreateLipsync
from heygen_async.api.media import (
    CLIP,
    MEDIA_TYPES,
    PICTURE,
    SOUND,
    SUBTITLES,
    Address,
    Asset,
    Base64,
    LocalFile,
    Url,
)
from heygen_async.api.model_audio import InstantVoice, ProfessionalVoice
from heygen_async.api.model_images import CreateModelImages
from heygen_async.api.model_videos import ReferenceToVideo
from heygen_async.api.scenes import Background
from heygen_async.api.video_translations import CreateVideoTranslation
from heygen_async.api.videos import CinematicVideo, ImageVideo
from heygen_async.api.voices import CloneVoice
from heygen_async.errors import RequestInvalid


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    path = tmp_path / "face.png"
    path.write_bytes(HEADS[".png"])
    return path


@pytest.mark.parametrize("ending", MEDIA_TYPES)
def test_a_file_of_every_kind_that_heygen_takes_is_fine_in_any_case(tmp_path: Path, ending: str) -> None:
    for name in (f"a{ending}", f"B{ending.upper()}"):
        assert written(tmp_path / name, bytes(10)).path == tmp_path / name


def test_a_path_may_be_text(picture: Path) -> None:
    assert LocalFile(str(picture)) == LocalFile(picture)


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(RequestInvalid, match=r"there is no file .*missing\.png"):
        LocalFile(tmp_path / "missing.png")


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    (tmp_path / "folder.png").mkdir()
    with pytest.raises(RequestInvalid, match="there is no file"):
        LocalFile(tmp_path / "folder.png")


def test_a_file_of_another_kind_is_told_which_there_are(tmp_path: Path) -> None:
    (tmp_path / "a.bmp").write_bytes(b"x")
    with pytest.raises(RequestInvalid, match=r"a\.bmp ends in none of \.png, \.jpg"):
        LocalFile(tmp_path / "a.bmp")


def sized(path: Path, size: int) -> LocalFile:
    path.write_bytes(HEADS[path.suffix.lower()])
    os.truncate(path, size)
    return LocalFile(path)


def test_a_file_that_is_empty_is_told(tmp_path: Path) -> None:
    with pytest.raises(RequestInvalid, match=r"a\.mp4 is empty"):
        sized(tmp_path / "a.mp4", 0)


def test_a_file_knows_its_size_and_what_it_is(tmp_path: Path) -> None:
    file = sized(tmp_path / "a.MP4", 50)
    assert (file.size, file.media_type) == (50, "video/mp4")
    assert file == LocalFile(file.path)
    assert "50" not in repr(file).replace(str(file.path), "")


@pytest.mark.parametrize(
    ("name", "size", "simple"),
    [("a.mp4", 32 * 2**20, True), ("a.mp4", 32 * 2**20 + 1, False), ("a.pdf", 5 * 2**40, False), ("a.zip", 4, False)],
)
def test_what_is_too_large_for_the_simple_upload_is_fine_too(
    tmp_path: Path, name: str, size: int, simple: bool
) -> None:
    assert sized(tmp_path / name, size).simple == simple


def test_a_project_that_is_larger_than_heygen_takes_is_told_the_limit(tmp_path: Path) -> None:
    sized(tmp_path / "a.zip", 200 * 2**20)
    with pytest.raises(
        RequestInvalid, match=r"a\.zip has 209,715,201 bytes; HeyGen takes projects of up to 209,715,200"
    ):
        sized(tmp_path / "a.zip", 200 * 2**20 + 1)


@pytest.mark.parametrize(
    ("name", "content", "found"),
    [
        ("a.jpg", HEADS[".png"], "is image/png by its bytes, and not image/jpeg as it is called"),
        ("a.jpg", b"\0\0\0\x18ftypheic", "is image/heic by its bytes, and not image/jpeg"),
        ("a.png", b"<html><body>Not found</body></html>", "is no image/png by its bytes"),
        ("a.mp4", HEADS[".webm"], "is video/webm by its bytes"),
        ("a.srt", HEADS[".mp3"], "is audio/mpeg by its bytes"),
    ],
)
def test_a_file_that_is_not_what_its_ending_says_is_told_what_it_is(
    tmp_path: Path, name: str, content: bytes, found: str
) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(RequestInvalid, match=rf"{re.escape(name)} {found}"):
        LocalFile(tmp_path / name)


def test_a_file_that_cannot_be_opened_is_told(picture: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: Any, **__: Any) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(RequestInvalid, match=r"face\.png cannot be read: Permission denied"):
        LocalFile(picture)


def test_everything_that_is_wrong_with_a_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "a.txt").touch()
    with pytest.raises(RequestInvalid) as caught:
        LocalFile(tmp_path / "a.txt")
    assert len(caught.value.problems) == 2


def test_an_address_is_one_of_the_web_or_a_local_file(picture: Path) -> None:
    assert Address()(LocalFile(picture)) is None
    assert Address()("https://a/b") is None
    assert "must start with https://" in (Address()(str(picture)) or "")


def test_a_file_is_of_the_kind_that_a_field_wants_by_its_ending(picture: Path, tmp_path: Path) -> None:
    shown, clip = LocalFile(picture), written(tmp_path / "a.mp4")
    assert (PICTURE(shown), CLIP(clip), SOUND(clip), Address(PICTURE)(shown)) == (None,) * 4
    assert PICTURE(clip) == f"{clip.path} is no picture, by its ending: that is one of .png, .jpg, .jpeg"
    assert Address(SOUND)(shown) == f"{picture} is no sound, by its ending: that is one of .mp4, .webm, .mp3, .wav"
    assert SUBTITLES(clip) == f"{clip.path} is no subtitle file, by its ending: that is one of .srt"


def test_of_a_file_elsewhere_the_kind_is_not_known() -> None:
    assert [CLIP(file) for file in (Url("https://a/b.png"), Asset("a"), Base64("image/png", "eA=="))] == [None] * 3


WRONG: list[tuple[Callable[..., Any], str, dict[str, Any]]] = [
    (CloneVoice, "audio", {"voice_name": "Mine"}),
    (CreateBackgroundRemoval, "video", {}),
    (CreateClipping, "video", {}),
    (CreateFillerWordRemoval, "video", {}),
    (CreateLipsync, "audio", {"video": Asset("a")}),
    (CreateLipsync, "video", {"audio": Asset("a")}),
    (CreateVideoTranslation, "audio", {"video": Asset("a"), "output_languages": ["German"]}),
    (CreateVideoTranslation, "srt", {"video": Asset("a"), "output_languages": ["German"]}),
    (DigitalTwin, "file", {"name": "Sarah"}),
    (ImageVideo, "audio_url", {"image": Asset("a")}),
]


@pytest.mark.parametrize(("make", "field", "others"), WRONG)
def test_a_picture_where_there_can_be_none_is_refused_before_it_is_uploaded(
    make: Callable[..., Any], field: str, others: dict[str, Any], picture: Path
) -> None:
    with pytest.raises(RequestInvalid, match=rf"{field}: \S*face\.png is no .*by its ending"):
        make(**{field: LocalFile(picture)}, **others)


def test_a_clip_where_a_picture_belongs_is_refused_before_it_is_uploaded(tmp_path: Path) -> None:
    clip = written(tmp_path / "a.mp4")
    with pytest.raises(RequestInvalid, match=r"image: \S*a\.mp4 is no picture"):
        ImageVideo(image=clip, script="Hi", voice_id="v")
    with pytest.raises(RequestInvalid, match=r"url: \S*a\.mp4 is no picture"):
        Background(type="image", url=clip)


LISTS: list[tuple[Callable[..., Any], str, str, dict[str, Any]]] = [
    (CinematicVideo, "references", ".mp3", {"avatar_id": ["a"], "prompt": "A walk"}),
    (CreateModelImages, "identity_images", ".mp4", {"model": "m", "reference_images": [Asset("a")]}),
    (CreateModelImages, "reference_images", ".mp4", {"model": "m", "identity_images": [Asset("a")]}),
    (InstantVoice, "audio", ".png", {"name": "Mine"}),
    (ProfessionalVoice, "audio", ".png", {"name": "Mine"}),
    (PromptAvatar, "reference_images", ".mp4", {"name": "n", "prompt": "p"}),
    (ReferenceToVideo, "reference_images", ".mp4", {"model": "m", "prompt": "p"}),
    (ReferenceToVideo, "reference_videos", ".png", {"model": "m", "prompt": "p"}),
    (ReferenceToVideo, "reference_audio", ".png", {"model": "m", "prompt": "p"}),
]


@pytest.mark.parametrize(("make", "field", "ending", "others"), LISTS)
def test_each_of_a_list_of_files_is_of_the_kind_that_the_list_wants(
    make: Callable[..., Any], field: str, ending: str, others: dict[str, Any], tmp_path: Path
) -> None:
    with pytest.raises(RequestInvalid, match=rf"{field}\.0: \S*a{ending} is no "):
        make(**{field: [written(tmp_path / f"a{ending}")]}, **others)


def test_an_address_that_is_none_an_empty_id_and_empty_bytes_are_refused() -> None:
    with pytest.raises(RequestInvalid, match=r"url: is 'a\.png'"):
        Url("a.png")
    with pytest.raises(RequestInvalid, match="asset_id: must not be empty"):
        Asset(" ")
    with pytest.raises(RequestInvalid, match=r"media_type: must not be empty; data: must not be empty"):
        Base64("", "")


def test_bytes_are_not_in_the_repr() -> None:
    assert repr(Base64("image/png", "aGVsbG8=")) == "Base64(media_type='image/png')"
