"""Where rows come from, and how that is remembered."""

import io
from pathlib import Path

import pytest
from runs import PNG
from tables import table

from heygen_async import ImageVideo, LocalFile, RowsInvalid
from heygen_async.bulk.source import Source

ROWS = table({"avatar_id": "Anna_public_3_20240108", "script": "Hello", "title": "Zoë"})


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def typed(content: bytes, monkeypatch: pytest.MonkeyPatch) -> Source:
    """Take what somebody has piped in."""
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(content)))
    return Source.of(Path("-"))


def test_a_file_is_remembered_by_its_place_and_read_again(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Path("rows.csv").write_text(ROWS, "utf-8")
    source = Source.of(Path("rows.csv"))
    facts = source.facts(3, "https://example.com")
    assert (facts["at_once"], facts["base_url"], facts["rows"]) == ("3", "https://example.com", "")
    (folder / "elsewhere").mkdir()
    monkeypatch.chdir(folder / "elsewhere")
    assert Source.remembered(facts).rows() == Source.of(folder / "rows.csv").rows()
    assert source.name == "rows.csv"


def test_standard_input_is_kept_because_it_comes_only_once(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = typed(ROWS.encode(), monkeypatch)
    facts = source.facts("auto", None)
    assert (facts["source"], facts["base_url"], source.name) == ("-", "", "standard input")
    assert [row.request.title for row in Source.remembered(facts).rows()] == ["Zoë"]
    assert source.rows() == Source.remembered(facts).rows()


def test_files_in_rows_of_standard_input_are_where_it_was_typed(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "face.png").write_bytes(PNG)
    content = table({"image": "face.png", "script": "Hello", "voice_id": "v"})
    facts = typed(content.encode(), monkeypatch).facts(1, None)
    (folder / "elsewhere").mkdir()
    monkeypatch.chdir(folder / "elsewhere")
    (row,) = Source.remembered(facts).rows()
    assert isinstance(row.request, ImageVideo)
    assert row.request.image == LocalFile(folder / "face.png")


def test_what_is_no_table_is_refused(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(RowsInvalid):
        typed(b"\xff\xfe\x00", monkeypatch).rows()
