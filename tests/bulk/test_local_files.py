"""What a look into the files of this machine shows, before they are uploaded."""

from pathlib import Path

import pytest
from films import film
from heads import HEADS
from photos import jpeg, png
from waves import wav

from heygen_async.api.media import LocalFile, Url
from heygen_async.api.scenes import Background, ImageScene
from heygen_async.api.videos import AvatarVideo, CinematicVideo, ImageVideo, StudioVideo
from heygen_async.bulk.local_files import Look, files_of, inspect


def saved(folder: Path, name: str, content: bytes) -> LocalFile:
    (folder / name).write_bytes(content)
    return LocalFile(folder / name)


@pytest.mark.parametrize(("name", "content"), [("a.png", png()), ("a.jpg", jpeg()), ("a.mp4", film(3000))])
def test_what_is_what_it_says_is_taken(tmp_path: Path, name: str, content: bytes) -> None:
    assert inspect(saved(tmp_path, name, content)) == Look()


def test_a_sound_says_how_long_it_is(tmp_path: Path) -> None:
    assert inspect(saved(tmp_path, "a.wav", wav(bytes(32_000)))) == Look(seconds=2.0)


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("a.png", png()[:20], "is broken, or is cut off"),
        ("a.wav", wav(bytes(32_000))[:-10], "no sound: it was cut: 10 bytes are missing"),
        ("a.wav", wav(bytes(16_000 * 601)), "lasts 10.0 minutes; HeyGen takes 10"),
        ("a.mp4", film(3000)[:-10], "no video: "),
    ],
)
def test_what_is_not_whole_or_too_long_is_not(tmp_path: Path, name: str, content: bytes, reason: str) -> None:
    (found,) = inspect(saved(tmp_path, name, content)).reasons
    assert reason in found
    assert name in found


def test_a_file_that_is_another_meanwhile_is_told_what_it_is(tmp_path: Path) -> None:
    file = saved(tmp_path, "a.png", png())
    file.path.write_bytes(jpeg())
    assert inspect(file).reasons == (f"{file.path} is image/jpeg by its bytes, and not image/png as it is called",)


def test_a_file_that_has_gone_meanwhile_is_missed(tmp_path: Path) -> None:
    file = saved(tmp_path, "a.png", png())
    file.path.unlink()
    assert inspect(file).reasons == (f"there is no file {file.path}",)


def test_a_file_that_cannot_be_read_is_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = saved(tmp_path, "a.png", png())

    def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)  # root may read everything
    assert inspect(file).reasons == (f"{file.path} cannot be read: Permission denied",)


def test_a_small_photo_and_a_large_file_are_doubted(tmp_path: Path) -> None:
    (small,) = inspect(saved(tmp_path, "a.png", png(511, 2000))).doubts
    assert "511 x 2000 pixels" in small
    large = saved(tmp_path, "b.png", png())
    with large.path.open("r+b") as file:
        file.truncate(40 * 2**20)
    (doubt,) = inspect(large).doubts
    assert "has 40 MB" in doubt


def test_a_project_is_not_looked_into(tmp_path: Path) -> None:
    assert inspect(saved(tmp_path, "a.zip", HEADS[".zip"])) == Look()


def test_files_are_found_wherever_they_stand(tmp_path: Path) -> None:
    picture, sound = saved(tmp_path, "a.png", png()), saved(tmp_path, "a.wav", wav())
    spoken = AvatarVideo(avatar_id="x", audio_url=sound, background=Background(type="image", url=picture))
    assert list(files_of(spoken)) == [("audio_url", sound), ("background.url", picture)]
    assert list(files_of(ImageVideo(image=picture, script="Hi", voice_id="x"))) == [("image", picture)]
    film = CinematicVideo(avatar_id=["x"], prompt="y", references=[Url("https://example.com/a.png"), picture])
    assert list(files_of(film)) == [("references.1", picture)]
    studio = StudioVideo(scenes=[ImageScene(source=picture, duration=2)])
    assert list(files_of(studio)) == [("scenes.0.source", picture)]
