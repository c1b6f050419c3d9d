"""A table or a file of payloads becomes rows, or a list of everything that is wrong with it."""

import copy
import csv
import io
import json
import pickle
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from tables import SPOKEN, WHITE, problems_of, problems_with, read_text, save, table

from heygen_async.api.scenes import Background
from heygen_async.api.speech import VoiceSettings
from heygen_async.api.videos import AvatarVideo
from heygen_async.bulk import rows as rows_module
from heygen_async.bulk.columns import every_column
from heygen_async.bulk.rows import Row, read_rows
from heygen_async.errors import RowProblem, RowsInvalid


class TestTables:
    def test_a_row_is_a_request_with_its_line_and_the_name_of_its_file(self) -> None:
        rows = read_text("avatar_id,script,file\nlook,Hello,hello.mp4\nlook,Bye,\n")
        bye = AvatarVideo(avatar_id="look", script="Bye")
        assert rows == [Row(SPOKEN, "hello.mp4", 2), Row(bye, None, 3)]

    @pytest.mark.parametrize("header", ["avatar_id", "Avatar ID", "avatar id", "AVATAR-ID", " avatar.id ", "AvatarId"])
    def test_headers_are_forgiven_their_case_and_separators(self, header: str) -> None:
        assert read_text(f"{header},SCRIPT\nlook,Hello") == [Row(SPOKEN, None, 2)]

    def test_nested_fields_can_be_written_without_their_dots(self) -> None:
        text = "avatar_id,script,voice settings speed,Image_URL\nlook,Hello,1.2,"
        (row,) = read_text(text)
        assert row.request == AvatarVideo(**WHITE, voice_settings=VoiceSettings(speed=1.2))

    @pytest.mark.parametrize("delimiter", [",", ";", "\t"])
    def test_the_separator_is_told_by_the_first_line(self, delimiter: str) -> None:
        text = table(WHITE | {"title": "a, b; c\td"}, delimiter=delimiter)
        assert read_text(text)[0].request == AvatarVideo(**WHITE, title="a, b; c\td")

    def test_a_byte_order_mark_is_no_part_of_the_first_column(self, tmp_path: Path) -> None:
        path = save(tmp_path, "t.csv", table(WHITE).encode("utf-8-sig"))
        assert read_rows(path)[0].request == SPOKEN
        assert read_text("\ufeff" + table(WHITE))[0].request == SPOKEN

    @pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
    def test_a_quoted_cell_may_hold_lines_and_the_row_is_where_it_starts(self, newline: str) -> None:
        lines = ["avatar_id,script", "", 'look,"One', 'Two ""three"""', " , ", "look,Four"]
        rows = read_text(newline.join(lines))
        assert [(row.line, row.request.script) for row in rows] == [  # type: ignore[union-attr]  # all of avatars
            (3, f'One{newline}Two "three"'),
            (6, "Four"),
        ]

    def test_cells_that_are_missing_at_the_end_are_empty(self) -> None:
        assert read_text("avatar_id,script,title\nlook,Hello\n")[0].request == SPOKEN

    def test_empty_columns_without_a_name_are_passed_over(self) -> None:
        assert read_text("avatar_id,script,,\nlook,Hello,,\n")[0].request == SPOKEN

    @pytest.mark.parametrize("text", ["avatar_id,script\nlook,Hello,stray", "avatar_id,script,\nlook,Hello,stray"])
    def test_a_cell_in_no_column_is_a_problem(self, text: str) -> None:
        assert problems_of(text) == ["line 2: cell 3 is in no column; is there a separator outside quotes?"]

    def test_an_open_quote_is_a_problem_of_the_line_where_its_row_starts(self) -> None:
        (problem,) = problems_of('avatar_id,script\nlook,Hello\nlook,"Hel\nlo\n')
        assert problem.startswith("line 3: is not CSV: unexpected end of data; is a quote open")

    def test_rows_after_a_broken_one_are_read_too(self) -> None:
        first, second = problems_of('avatar_id,script\nlook,"Hello" you\nlook,\n')
        assert first.startswith("line 2: is not CSV")
        assert second.startswith("line 3, column script: is missing")

    def test_a_first_line_with_an_open_quote_is_one_problem(self) -> None:
        (problem,) = problems_of('avatar_id,"script\nlook,Hello\n')
        assert problem.startswith("line 1: is not CSV")


class TestHeaders:
    def test_an_unknown_column_is_a_problem_with_a_suggestion(self) -> None:
        text = table(WHITE | {"titel": "x", "speed": "1", "price in $": "2"})
        assert problems_of(text) == [
            "line 1, column titel: is not a column of a video; did you mean title?",
            "line 1, column speed: is not a column of a video; did you mean voice_settings.speed?",
            "line 1, column price in $: is not a column of a video",
        ]

    def test_a_misspelt_column_is_not_a_problem_of_each_row_too(self) -> None:
        text = "avatar_id,scrpit\nlook,Hello\nlook,\n"
        assert problems_of(text)[0] == "line 1, column scrpit: is not a column of a video; did you mean script?"
        assert problems_of(text)[1].startswith("line 3, column scrpit: is missing")

    def test_a_column_that_is_there_twice_is_a_problem(self) -> None:
        text = "avatar_id,script,Avatar ID\nlook,Hello,other\n"
        assert problems_of(text) == ["line 1, column Avatar ID: is there twice: avatar_id"]

    def test_a_text_that_is_no_table_of_videos_is_told_by_its_first_line_only(self) -> None:
        assert problems_of("\nDear Sir,\nhow are you?\n") == ["line 2, column Dear Sir: is not a column of a video"]

    def test_what_a_terminal_would_obey_is_not_shown(self) -> None:
        assert "\x1b" not in problems_of("avatar_id,\x1b[31mscript\nlook,x\n")[0]


class TestRules:
    def test_every_bad_row_and_column_is_listed(self) -> None:
        text = table(
            WHITE | {"voice_settings.speed": "9"},
            {"avatar_id": "look"},
            WHITE | {"audio_url": "https://a/b.mp3"},
            WHITE | {"background": "#12"},
            WHITE | {"script": "x" * 6000},
            WHITE,
        )
        sounds = "script, audio_url, audio_asset_id"
        assert problems_of(text) == [
            "line 2, column voice_settings.speed: is 9; it must lie between 0.5 and 1.5",
            f"line 3, column script: is missing; one of {sounds} is needed",
            f"line 4, column script: cannot go together with audio_url; use one of {sounds}",
            "line 5, column background: is '#12'; a colour is written #RRGGBB, such as #1E90FF",
            "line 6, column script: has 6,000 characters; at most 5,000 are allowed",
        ]

    def test_a_nested_problem_hides_none_beside_it(self) -> None:
        cells = {"avatar_id": "x" * 300, "script": "x" * 6000, "voice_settings__speed": "9", "engine": "avatar_ix"}
        assert [line.partition(":")[0] for line in problems_with(**cells)] == [
            "line 2, column voice_settings.speed",
            "line 2, column engine",
            "line 2, column script",
            "line 2, column avatar_id",
        ]

    def test_a_bad_picture_hides_no_bad_script(self) -> None:
        lines = problems_with(image__media_type="image/png", script="x" * 6000, voice_id="v")
        assert [line.partition(":")[0] for line in lines] == ["line 2, column image.data", "line 2, column script"]

    def test_a_column_is_named_as_the_table_writes_it(self) -> None:
        (problem,) = problems_of("Avatar ID,Script,Voice Settings Speed\nlook,Hello,9\n")
        assert problem.startswith("line 2, column Voice Settings Speed: is 9")

    def test_a_long_reason_is_cut(self) -> None:
        (problem,) = problems_with(**WHITE, voice_settings__speed="x" * 1000)
        assert len(problem) < 400
        assert problem.endswith("…")


class TestInputsThatCannotBeUsed:
    @pytest.mark.parametrize("text", ["", "\n\n", "avatar_id,script\n", "avatar_id,script\n,\n", "\ufeff"])
    def test_no_rows_are_one_line(self, tmp_path: Path, text: str) -> None:
        assert problems_of(save(tmp_path, "t.csv", text)) == ["t.csv has no rows"]
        assert problems_of(text) == ["standard input has no rows"]
        assert problems_of(save(tmp_path, "t.jsonl", "\n \n")) == ["t.jsonl has no rows"]

    @pytest.mark.parametrize(
        "content",
        [table(WHITE).encode("utf-16"), table(WHITE).encode("utf-16-le"), b"PK\x03\x04\xff", b"script\n\xe4", b"a\0b"],
    )
    def test_what_is_not_text_in_utf_8_is_one_line_that_says_how_to_save_it(
        self, tmp_path: Path, content: bytes
    ) -> None:
        expected = "is not text in UTF-8; save it as CSV UTF-8 (in Excel: Save As, CSV UTF-8)"
        assert problems_of(save(tmp_path, "t.csv", content)) == [f"t.csv {expected}"]
        assert problems_of(io.BytesIO(content)) == [f"standard input {expected}"]

    def test_a_folder_a_missing_and_an_unreadable_file_are_one_line(self, tmp_path: Path) -> None:
        assert problems_of(tmp_path) == [f"{tmp_path} is a folder, not a file of rows"]
        assert problems_of(tmp_path / "none.csv") == [f"there is no file {tmp_path}/none.csv"]
        (tmp_path / "loop.csv").symlink_to(tmp_path / "loop.csv")
        assert problems_of(tmp_path / "loop.csv")[0].startswith("loop.csv cannot be read: ")

    def test_an_input_without_an_end_is_not_read_to_its_end(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(rows_module, "MOST_BYTES", 2**20)
        assert problems_of(save(tmp_path, "t.csv", b"x" * (2**20 + 1))) == ["t.csv is larger than 1 MB; split it"]

    def test_the_error_carries_its_problems_and_can_be_copied(self) -> None:
        with pytest.raises(RowsInvalid) as caught:
            read_text("avatar_id,script\nlook,\n")
        error = caught.value
        assert error.source == "standard input"
        assert [(problem.line, problem.column) for problem in error.problems] == [(2, "script")]
        assert isinstance(error, ValueError)
        for same in (pickle.loads(pickle.dumps(error)), copy.copy(error)):
            assert (same.source, same.problems, str(same)) == (error.source, error.problems, str(error))

    def test_a_problem_of_a_whole_row_names_its_line(self) -> None:
        assert str(RowProblem(7, "", "is odd")) == "line 7: is odd"


# Invariants.

prose = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=40).map(
    str.strip
)
words = prose.filter(bool)
cells_of_a_row = st.fixed_dictionaries(
    {"avatar_id": words, "script": words},
    optional={
        "title": words,
        "voice_id": words,
        "callback_id": words,
        "voice_settings.speed": st.floats(0.5, 1.5).map(str),
        "voice_settings.locale": st.just("en-GB"),
        "background": st.sampled_from(["#102030", "https://a.b/c.png"]),
        "remove_background": st.sampled_from(["yes", "no"]),
    },
)


def expected_of(cells: Mapping[str, str]) -> AvatarVideo:
    plain: dict[str, Any] = {
        name: cell
        for name, cell in cells.items()
        if name in {"avatar_id", "script", "title", "voice_id", "callback_id"}
    }
    voice: dict[str, Any] = {}
    if "voice_settings.speed" in cells:
        voice["speed"] = float(cells["voice_settings.speed"])
    if "voice_settings.locale" in cells:
        voice["locale"] = "en-GB"
    background = cells.get("background")
    behind = None
    if background is not None:
        behind = (
            Background(type="color", value=background)
            if background.startswith("#")
            else Background(type="image", url=background)
        )
    return AvatarVideo(
        **plain,
        voice_settings=VoiceSettings(**voice) if voice else None,
        background=behind,
        remove_background={"yes": True, "no": False, None: None}[cells.get("remove_background")],
    )


@given(st.lists(cells_of_a_row, min_size=1, max_size=5), st.sampled_from(",;\t"))
def test_rows_that_a_csv_writer_wrote_are_read_back_equal(lines: Sequence[dict[str, str]], delimiter: str) -> None:
    text = table(*lines, delimiter=delimiter)
    rows = read_rows(io.BytesIO(text.encode("utf-8-sig")))
    assert [row.request for row in rows] == [expected_of(cells) for cells in lines]


@given(st.data(), st.lists(cells_of_a_row, min_size=1, max_size=3))
def test_the_order_of_the_columns_does_not_matter(data: st.DataObject, lines: Sequence[dict[str, str]]) -> None:
    names = list(dict.fromkeys(name for line in lines for name in line))
    shuffled = data.draw(st.permutations(names))
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(name.upper().replace("_", " ") for name in shuffled)
    writer.writerows([line.get(name, "") for name in shuffled] for line in lines)
    assert read_text(text.getvalue()) == read_text(table(*lines))


@given(st.text() | st.binary())
@example('avatar_id\n"')
@example("{}\n" + "[" * 5000)
@example(b"{\xff}")
def test_no_input_gets_anything_but_rows_or_their_problems(content: str | bytes) -> None:
    try:
        read_rows(io.BytesIO(content) if isinstance(content, bytes) else io.StringIO(content))
    except RowsInvalid as error:
        assert str(error)  # noqa: PT017  # most texts are no rows


names_of_columns = st.sampled_from(sorted(every_column().values())) | st.text(max_size=10)
texts = st.text(max_size=20) | st.sampled_from(["yes", "9", "#12", "#123456", "https://a/b", "a.png", "avatar", "srt"])


@given(st.lists(st.dictionaries(names_of_columns, texts, max_size=8), max_size=3))
def test_no_table_gets_anything_but_rows_or_their_problems(lines: list[dict[str, str]]) -> None:
    try:
        read_text(table(*lines))
    except RowsInvalid as error:
        assert str(error)  # noqa: PT017  # most texts are no rows


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | texts,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["type", "url", "image", "script", "avatar_id", "speed"]), inner, max_size=3)
    ),
    max_leaves=8,
)
fields_of_the_api = st.sampled_from(
    [
        "type",
        "avatar_id",
        "script",
        "image",
        "prompt",
        "scenes",
        "voice_settings",
        "background",
        "audio_url",
        "file",
        "x",
    ]
)


@given(st.lists(st.dictionaries(fields_of_the_api, json_values, max_size=6), max_size=3))
def test_no_payload_gets_anything_but_rows_or_their_problems(payloads: list[dict[str, Any]]) -> None:
    try:
        read_text("\n".join(map(json.dumps, payloads)))
    except RowsInvalid as error:
        assert str(error)  # noqa: PT017  # most texts are no rows
