"""``heygen-async migrate``, from its words to its exit code."""

import io
import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from attrs import define

from heygen_async.bulk.rows import read_rows
from heygen_async.shell import cli

SCENE = {
    "character": {"type": "avatar", "avatar_id": "Anna_public_3_20240108"},
    "voice": {"type": "text", "voice_id": "v", "input_text": "Grüße!"},
}
WHOLE: dict[str, Any] = {"video_inputs": [SCENE], "title": "One"}
LOSSY: dict[str, Any] = {"video_inputs": [SCENE | {"text": {"text": "Sale"}}], "title": "Two"}
SILENT: dict[str, Any] = {"video_inputs": [SCENE | {"voice": {"type": "silence", "duration": 1}}]}


@define
class Shell:
    capture: pytest.CaptureFixture[str]
    folder: Path
    out: str = ""
    err: str = ""

    def migrate(self, content: str | bytes, *words: str) -> int:
        (self.folder / "payloads.jsonl").write_bytes(content if isinstance(content, bytes) else content.encode())
        return self.run(str(self.folder / "payloads.jsonl"), *words)

    def run(self, *words: str) -> int:
        code = cli.run(["migrate", *words])
        self.out, self.err = self.capture.readouterr()
        return code


@pytest.fixture
def shell(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Shell:
    return Shell(capsys, tmp_path)


def lines(*payloads: Any) -> str:
    return "".join(f"{json.dumps(payload)}\n" for payload in payloads)


def test_what_loses_nothing_ends_with_0_and_bulk_takes_it(shell: Shell) -> None:
    out = shell.folder / "v3.jsonl"
    assert shell.migrate(lines(WHOLE, WHOLE), "--out", str(out)) == 0
    assert [row.request.title for row in read_rows(out)] == ["One", "One"]
    assert "Grüße!" in out.read_text("utf-8")
    assert shell.out == ""
    assert shell.err == f"2 of 2 payloads written to {out}\n"


def test_what_is_lost_is_reported_by_line_and_field_and_ends_with_1(shell: Shell) -> None:
    assert shell.migrate(lines(WHOLE) + "\n" + lines(LOSSY)) == 1
    assert [json.loads(line)["title"] for line in shell.out.splitlines()] == ["One", "Two"]
    assert shell.err.splitlines() == [
        "line 3: lost: video_inputs.0.text = {'text': 'Sale'}: v3 lays no text over a scene",
        "2 of 2 payloads written to standard output, 1 of them with losses",
    ]


def test_what_v3_can_make_nothing_of_is_left_out(shell: Shell) -> None:
    assert shell.migrate(lines(SILENT, WHOLE, {"image_url": "https://example.com/a.png"})) == 1
    assert len(shell.out.splitlines()) == 1
    silence, photo, summary = shell.err.splitlines()
    assert silence.startswith("line 1: left out: video_inputs.0.voice: v3 has no silence for an avatar")
    assert photo.startswith("line 3: left out: makes a photo avatar, not a video")
    assert summary == "1 of 3 payloads written to standard output, 2 left out"


def test_a_note_is_no_loss(shell: Shell) -> None:
    styled = {"video_inputs": [SCENE | {"character": SCENE["character"] | {"avatar_style": "normal"}}]}  # type: ignore[operator]  # a dict
    assert shell.migrate(lines(styled)) == 0
    note = "line 1: note: video_inputs.0.character.avatar_style = 'normal': v3 does so anyhow"
    assert note in shell.err


@pytest.mark.parametrize(
    "content",
    [
        json.dumps(WHOLE, indent=2),
        json.dumps([WHOLE, WHOLE], indent=2),
        "\ufeff" + lines(WHOLE, WHOLE),
        lines(WHOLE),
    ],
    ids=["one object", "a list", "a byte order mark", "one line"],
)
def test_json_is_one_payload_a_list_or_one_in_each_line(content: str, shell: Shell) -> None:
    assert shell.migrate(content) == 0
    assert {json.loads(line)["title"] for line in shell.out.splitlines()} == {"One"}


def test_standard_input_is_read(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=io.BytesIO(lines(WHOLE).encode())))
    assert shell.run("-") == 0
    assert len(shell.out.splitlines()) == 1


def test_a_terminal_is_not_obeyed(shell: Shell) -> None:
    assert shell.migrate(lines(WHOLE | {"\x1b[2Jname": "\x1b"})) == 1
    assert "\x1b" not in shell.err


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("", "payloads.jsonl has no payloads"),
        ("[]", "payloads.jsonl has no payloads"),
        (lines(WHOLE) + "{nonsense\n", "line 2: is not JSON: Expecting property name"),
        ('{"video_inputs": [', "line 1: is not JSON: Expecting value"),
        ('{"fps": NaN}', "is not JSON: NaN is no number of JSON"),
        (b"\xff\xfe\x00", "payloads.jsonl is not text in UTF-8"),
        ("[" * 100_000, "is nested too deeply"),
    ],
)
def test_what_is_no_json_ends_with_2_and_writes_nothing(content: Any, words: str, shell: Shell) -> None:
    out = shell.folder / "v3.jsonl"
    assert shell.migrate(content, "--out", str(out)) == 2
    assert words in shell.err
    assert not out.exists()
    assert "nothing was sent" not in shell.err  # nothing ever is


def test_broken_lines_are_counted_and_nothing_is_written(shell: Shell) -> None:
    assert shell.migrate(lines(WHOLE) + "{nonsense\n") == 2
    assert shell.err.splitlines()[-1] == "1 problem in 1 row of payloads.jsonl; nothing was written"


def test_payloads_that_are_no_objects_are_left_out(shell: Shell) -> None:
    deep = '{"video_inputs": ' + "[" * 400 + "]" * 400 + "}"
    assert shell.migrate(lines(WHOLE, 5) + deep + "\n") == 1
    assert "line 2: left out: must be an object, not 5" in shell.err
    assert "line 3: left out: video_inputs.0: must be an object" in shell.err


def test_a_file_that_is_not_there_ends_with_2(shell: Shell) -> None:
    assert shell.run(str(shell.folder / "missing.jsonl")) == 2
    assert "missing.jsonl cannot be read: No such file or directory" in shell.err


def test_a_file_that_is_there_is_kept_unless_overwriting_is_asked_for(shell: Shell) -> None:
    out = shell.folder / "v3.jsonl"
    out.write_text("mine")
    assert shell.migrate(lines(WHOLE), "--out", str(out)) == 2
    assert "is there already; choose another name or use --overwrite" in shell.err
    assert out.read_text() == "mine"
    assert shell.migrate(lines(WHOLE), "--out", str(out), "--overwrite") == 0
    assert read_rows(out)


def test_the_help_says_what_it_does(shell: Shell) -> None:
    assert shell.run("--help") == 0
    assert "Translate payloads of v2's video/generate and av4/generate to v3." in shell.out
