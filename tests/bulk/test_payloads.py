"""Payloads that somebody wrote: where a path may stand for an address, and what is wrong with all of it."""

import json
import os
from pathlib import Path
from typing import Any

import pytest
from heads import written
from tables import SPOKEN, WHITE, problems_of, problems_with, read_text, row_of, save, table

from heygen_async.api.media import LocalFile, Url
from heygen_async.api.scenes import Background
from heygen_async.api.videos import AvatarVideo, CinematicVideo, ImageVideo, StudioVideo, Watermark
from heygen_async.bulk.rows import Row, read_rows


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("me.png", "beach.jpg", "hello.mp3", "clip.mp4", "book.pdf"):
        written(tmp_path / name)
    (tmp_path / "empty.png").touch()
    return tmp_path


class TestLocalFiles:
    def test_a_path_is_a_file_beside_the_table(self, folder: Path) -> None:
        head = "avatar_id,image,script,voice_id,audio_url,background,watermark.image"
        path = save(folder, "t.csv", f"{head}\n,me.png,Hi,v,,beach.jpg,me.png\nlook,,,,hello.mp3,{folder}/beach.jpg,\n")
        first, second = (row.request for row in read_rows(path))
        beach = Background(type="image", url=LocalFile(folder / "beach.jpg"))
        mark = Watermark(image=LocalFile(folder / "me.png"))
        me = LocalFile(folder / "me.png")
        assert first == ImageVideo(image=me, script="Hi", voice_id="v", background=beach, watermark=mark)
        assert second == AvatarVideo(avatar_id="look", audio_url=LocalFile(folder / "hello.mp3"), background=beach)

    def test_paths_from_a_stream_are_relative_to_the_current_folder(
        self, folder: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.chdir(folder)
        assert row_of(image_url="me.png", script="Hi", voice_id="v").image == LocalFile("me.png")

    def test_references_are_files_and_addresses(self, folder: Path) -> None:
        path = save(folder, "t.csv", "avatar_id,prompt,references\na,x,me.png;clip.mp4;https://a/b\n")
        (row,) = read_rows(path)
        assert isinstance(row.request, CinematicVideo)
        files = LocalFile(folder / "me.png"), LocalFile(folder / "clip.mp4")
        assert row.request.references == (*files, Url("https://a/b"))
        (problem,) = problems_of(save(folder, "t.csv", "avatar_id,prompt,References\na,x,me.png;none.mp4\n"))
        assert problem == f"line 2, column References: there is no file {folder}/none.mp4"

    def test_files_that_cannot_be_sent_are_problems(self, folder: Path) -> None:
        lines = ["image,voice_id,script", "none.png,v,", "empty.png,v,x", "t.csv,v,x", "hello.mp3,v,x"]
        found = problems_of(save(folder, "t.csv", "\n".join([*lines, "x" * 5000 + ",v,x", "ftp://a/b.png,v,x"])))
        assert [line.partition(": ")[2].replace(f"{folder}/", "") for line in found] == [
            "there is no file none.png",
            "is missing; one of script, audio_url, audio_asset_id is needed",
            "empty.png is empty",
            "t.csv ends in none of .png, .jpg, .jpeg, .mp4, .webm, .mp3, .wav, .pdf, .srt, .zip",
            "hello.mp3 must end in one of .png, .jpg, .jpeg",
            found[5].partition(": ")[2].replace(f"{folder}/", ""),
            "is 'ftp://a/b.png'; it must start with https:// or http://",
        ]
        assert found[5].startswith("line 6, column image: ")

    def test_a_file_that_is_too_large_for_the_simple_upload_is_no_problem(self, folder: Path) -> None:
        os.truncate(written(folder / "huge.png").path, 33 * 2**20)
        assert row_of(image=str(folder / "huge.png"), script="Hi", voice_id="v").image == LocalFile(folder / "huge.png")

    def test_a_word_for_a_background_says_how_a_colour_is_written(self) -> None:
        expected = "line 2, column background: there is no file red; a colour is written #RRGGBB"
        assert problems_with(**WHITE, background="red") == [expected]


class TestPayloads:
    def test_each_line_is_the_body_of_a_creation(self, folder: Path) -> None:
        lines = [WHITE | {"file": "hello.mp4"}, {"type": "avatar", "avatar_id": "look", "script": "Hello"}]
        path = save(folder, "t.jsonl", "\n".join(["", *map(json.dumps, lines), "  ", ""]))
        assert read_rows(path) == [Row(SPOKEN, "hello.mp4", 2), Row(SPOKEN, None, 3)]

    def test_studio_videos_and_files_are_understood(self, folder: Path) -> None:
        payload = {
            "scenes": [
                {"type": "image", "source": {"type": "url", "url": "me.png"}, "duration": 3},
                {"type": "avatar_video", "input": {"type": "avatar", "avatar_id": "a", "audio_url": "hello.mp3"}},
                {"type": "video", "source": {"type": "url", "url": "https://a/b.mp4"}},
            ]
        }
        (row,) = read_rows(save(folder, "t.ndjson", json.dumps(payload)))
        assert isinstance(row.request, StudioVideo)
        still, speaking, clip = row.request.scenes
        assert still.source == LocalFile(folder / "me.png")  # type: ignore[union-attr]  # of its kind
        assert speaking.input.audio_url == LocalFile(folder / "hello.mp3")  # type: ignore[union-attr]  # of its kind
        assert clip.source == Url("https://a/b.mp4")  # type: ignore[union-attr]  # of its kind

    @pytest.mark.parametrize("image", [{"image": {"type": "url", "url": "me.png"}}, {"image_url": "me.png"}])
    def test_a_picture_may_be_nested_or_flat(self, folder: Path, image: dict[str, Any]) -> None:
        payload = {**image, "script": "x", "voice_id": "v", "background": {"type": "image", "url": "beach.jpg"}}
        (row,) = read_rows(save(folder, "t.jsonl", json.dumps(payload)))
        beach = Background(type="image", url=LocalFile(folder / "beach.jpg"))
        me = LocalFile(folder / "me.png")
        assert row.request == ImageVideo(image=me, script="x", voice_id="v", background=beach)

    def test_an_address_for_the_answer_is_no_file(self, folder: Path) -> None:
        (row,) = read_rows(save(folder, "t.jsonl", json.dumps(WHITE | {"callback_url": "https://a/b"})))
        assert row.request == AvatarVideo(**WHITE, callback_url="https://a/b")

    def test_problems_are_listed_by_line_and_field(self) -> None:
        lines: list[Any] = [
            {"avatar_id": "a", "script": 5, "voice_settings": {"speed": 9}, "title": 5, "motion_prompt": ""},
            {"image_url": "ftp://x", "voice_id": "v"},
            {"type": ["avatar"], "script": "", "prompt": "x"},
            {"scenes": [{"type": "image"}]},
            {"avatar_id": "a", "script": "x", "file": 5, "tilte": "x", "background": "red"},
            {"avatar_id": ["a"], "prompt": 5, "references": 5, "duration": "x"},
            [1],
            5,
        ]
        found = problems_of("\n".join(map(json.dumps, lines)))
        assert [line.partition(": ")[0].removeprefix("line ") for line in found] == [
            "1, column script",
            "1, column voice_settings.speed",
            "1, column title",
            "1, column motion_prompt",
            "2, column image.url",
            "2, column script",
            "3, column type",
            "3, column script",
            "4, column scenes.0.source",
            "5, column file",
            "5, column background",
            "5, column tilte",
            "6, column prompt",
            "6, column duration",
            "6, column references",
            "7",
            "8",
        ]

    @pytest.mark.parametrize("line", ["{", '{"a": NaN}', "nonsense", '{"a": ' + "[" * 100_000, '{"a": ' + "9" * 5000])
    def test_a_line_that_is_no_json_is_a_problem(self, folder: Path, line: str) -> None:
        (problem, *_) = problems_of(save(folder, "t.jsonl", f"{json.dumps(WHITE)}\n{line}\n"))
        assert problem.startswith("line 2")

    def test_a_deep_payload_is_a_problem(self, folder: Path) -> None:
        deep = '{"a":' * 100_000 + "1" + "}" * 100_000
        (problem,) = problems_of(save(folder, "t.jsonl", deep))
        assert problem.startswith("line 1")

    @pytest.mark.parametrize("start", ["{", "  \n{", "["])
    def test_without_an_ending_json_is_told_by_its_first_character(self, start: str) -> None:
        text = start.replace("{", json.dumps(WHITE))
        if start == "[":
            assert problems_of("[{}]") == ["line 1: must be a JSON object, one in each line"]
        else:
            assert read_text(text)[0].request == SPOKEN

    def test_an_ending_decides_before_the_first_character(self, folder: Path) -> None:
        assert "is not a column" in problems_of(save(folder, "t.csv", "{}"))[0]
        assert "is not JSON" in problems_of(save(folder, "t.jsonl", "avatar_id"))[0]
        assert read_rows(save(folder, "t.tsv", table(WHITE, delimiter="\t")))[0].request == SPOKEN
