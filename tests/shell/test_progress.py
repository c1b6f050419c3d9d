"""How a run is shown: on a terminal of any width, in a pipe, and to a program."""

import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve
from rich.console import Console

from heygen_async.api.videos import VIDEO, AvatarVideo
from heygen_async.bulk.outcome import Outcome, Progress
from heygen_async.bulk.rows import Row
from heygen_async.errors import JobFailed, NotFound
from heygen_async.eta import Eta
from heygen_async.job import Job
from heygen_async.shell.progress import (
    COUNT_EVERY,
    Board,
    JsonBoard,
    LiveBoard,
    PlainBoard,
    board_for,
    duration,
    place,
    summary,
)

JOB: Job[Any] = Job("v1", VIDEO, None)  # type: ignore[arg-type]  # nobody waits for it here
MISSING = NotFound("No such avatar", status=404, code="avatar_not_found", request_id="r1")
HALFWAY = Progress(
    total=1_200,
    waiting=1_000,
    rendering=10,
    downloading=2,
    done=185,
    kept=0,
    failed=3,
    elapsed=83,
    remaining=Eta(4000.0, 3300.0, 4900.0),
)


def outcome(status: Any = "done", *, line: int = 2, title: str | None = "Hello", **rest: Any) -> Outcome:
    request = AvatarVideo(avatar_id="look", script="Hello", title=title)
    path = Path("videos/hello.mp4") if status in {"done", "kept"} else None
    return Outcome(Row(request, line=line), status, rest.pop("job", JOB), rest.pop("path", path), **rest)


def failed(error: Exception = MISSING, **rest: Any) -> Outcome:
    return outcome("failed", job=None, error=error, **rest)


class Latin(io.StringIO):
    encoding = "latin-1"


def plain(out: io.StringIO | None = None) -> tuple[PlainBoard, io.StringIO, io.StringIO]:
    out, err = out or io.StringIO(), io.StringIO()
    return PlainBoard(out, err), out, err


def live(width: int = 80, **options: Any) -> tuple[LiveBoard, io.StringIO]:
    out = options.pop("file", io.StringIO())
    options = {"force_terminal": True, "color_system": None, "height": 24, "_environ": {}} | options
    return LiveBoard(Console(file=out, width=width, **options)), out


class TestLines:
    def test_each_outcome_has_a_line(self) -> None:
        board, out, _ = plain()
        with board:
            board.tell(outcome(seconds=12.34))
            board.tell(outcome("kept"))
            board.tell(failed(line=7))
            board.tell(outcome("left"))
            board.tell(outcome("skipped"))
        assert out.getvalue().splitlines() == [
            "✓ hello.mp4  12.3 s",
            "= hello.mp4  kept",
            '✗ line 7 "Hello": No such avatar (code avatar_not_found, HTTP 404, request id r1)',
        ]

    def test_an_error_that_is_not_ours_says_what_it_is(self) -> None:
        board, out, _ = plain()
        board.tell(failed(ValueError("two\nlines")))
        assert out.getvalue() == '✗ line 2 "Hello": ValueError: two lines\n'

    def test_a_title_from_outside_is_not_obeyed_and_not_endless(self) -> None:
        assert (
            place(outcome(title="\x1b[31mred\n"))
            == 'line 2 "\N{REPLACEMENT CHARACTER}[31mred\N{REPLACEMENT CHARACTER}"'
        )
        assert place(outcome(title="x" * 500)) == f'line 2 "{"x" * 59}…"'
        assert place(outcome(title=None)) == "line 2"

    def test_counts_come_now_and_then_and_not_at_each_look(self) -> None:
        board, out, _ = plain()
        for second in (0.0, COUNT_EVERY - 1, COUNT_EVERY, COUNT_EVERY + 1, 2 * COUNT_EVERY):
            board.show(Progress(12, 8, 2, 1, 1, 0, 0, second, None))
        assert out.getvalue().splitlines() == [
            "1 of 12: 8 waiting · 2 rendering · 1 downloading · 1 done · 0 failed · 30 s so far",
            "1 of 12: 8 waiting · 2 rendering · 1 downloading · 1 done · 0 failed · 1 min 0 s so far",
        ]

    def test_the_counts_say_how_many_heygen_takes_once_that_is_known(self) -> None:
        board, out, _ = plain()
        board.show(evolve(HALFWAY, cap=3))
        assert out.getvalue().endswith("left · HeyGen takes 3 at once\n")

    def test_remarks_go_to_standard_error_and_the_summary_to_standard_output(self) -> None:
        board, out, err = plain()
        board.say("Stopping")
        board.close(["1 done", "✗ line 2"])
        assert (out.getvalue(), err.getvalue()) == ("1 done\n✗ line 2\n", "Stopping\n")

    def test_a_stream_that_lacks_our_signs_gets_words_and_escapes(self) -> None:
        board, out, _ = plain(Latin())
        board.tell(outcome(path=Path("Grüße 👋.mp4"), seconds=1))
        board.tell(failed())
        board.close(["1 done → videos/"])
        assert out.getvalue().splitlines() == [
            "ok Grüße \\U0001f44b.mp4  1.0 s",
            'failed: line 2 "Hello": No such avatar (code avatar_not_found, HTTP 404, request id r1)',
            "1 done -> videos/",
        ]


class TestJson:
    def told(self, outcome: Outcome) -> Any:
        out, err = io.StringIO(), io.StringIO()
        with JsonBoard(out, err) as board:
            board.show(HALFWAY)
            board.tell(outcome)
            board.say("a remark")
            board.close(["a summary"])
        assert err.getvalue() == "a remark\na summary\n"
        assert out.getvalue().count("\n") == 1
        return json.loads(out.getvalue())

    def test_a_finished_row_is_an_object(self) -> None:
        assert self.told(outcome(seconds=1.23456)) == {
            "line": 2,
            "title": "Hello",
            "status": "done",
            "id": "v1",
            "file": "videos/hello.mp4",
            "error": None,
            "seconds": 1.235,
            "quoted": None,
            "charged": None,
        }

    def test_a_refused_row_carries_the_error_of_heygen(self) -> None:
        told = self.told(failed(title=None))
        assert (told["title"], told["id"], told["file"]) == (None, None, None)
        assert told["error"] == {
            "type": "NotFound",
            "code": "avatar_not_found",
            "message": "No such avatar",
            "request_id": "r1",
        }

    def test_other_errors_have_what_they_have(self) -> None:
        told = self.told(outcome("failed", error=JobFailed(JOB, "FAILED", None)))
        message = "video v1 failed: HeyGen gave no reason (code FAILED)"
        assert told["error"] == {"type": "JobFailed", "code": "FAILED", "message": message, "request_id": None}
        told = self.told(outcome("skipped", job=None))
        assert (told["status"], told["id"], told["error"]) == ("skipped", None, None)


class TestTerminal:
    @pytest.mark.parametrize("width", [60, 80, 200])
    def test_the_block_is_compact_and_no_wider_than_the_terminal(self, width: int) -> None:
        board, _ = live(width)
        lines = block_of(board, width, HALFWAY)
        assert len(lines) <= 4
        assert max(map(len, lines)) <= width
        text = " ".join(" ".join(lines).split())
        assert "188 of 1,200" in text
        assert "1,000 waiting · 10 rendering · 2 downloading · 185 done · 3 failed" in text
        assert "1 min 23 s so far · 55 to 82 min left" in text

    def test_lines_stand_above_the_block_and_a_summary_in_its_place(self) -> None:
        board, out = live(60)
        with board:
            board.show(HALFWAY)
            board.tell(outcome(seconds=12.3))
            board.tell(outcome("left"))
            board.say("Stopping")
        board.close(["1 done"])
        text = out.getvalue()
        assert text.index("188 of 1,200") < text.index("✓ hello.mp4  12.3 s") < text.index("Stopping")
        assert text.endswith("1 done\n")
        assert "still renders" not in text

    def test_rows_that_a_stop_left_behind_are_not_shown_as_failed(self) -> None:
        board, _ = live()
        with board:
            board.tell(outcome("left"))
            board.tell(outcome("skipped"))
            text = " ".join(block_of(board, 80, HALFWAY))
        assert "1 failed · 2 stopped" in text

    def test_markup_in_a_title_is_text(self) -> None:
        board, out = live()
        board.tell(failed(title="[red]Hi[/red] :smile:"))
        assert '"[red]Hi[/red] :smile:"' in out.getvalue()

    def test_colours_are_for_those_who_want_them(self) -> None:
        for environment, expected in (({"NO_COLOR": "1"}, False), ({}, True)):
            board, out = live(color_system="standard", _environ=environment)
            board.tell(outcome())
            assert ("\x1b[32m" in out.getvalue()) is expected

    def test_a_terminal_without_our_signs_gets_words(self) -> None:
        board, out = live(file=Latin())
        board.tell(outcome(seconds=1))
        assert out.getvalue() == "ok hello.mp4  1.0 s\n"
        assert " | 10 rendering | " in " ".join(block_of(board, 80, HALFWAY))

    def test_an_empty_run_can_be_shown(self) -> None:
        board, _ = live()
        assert "0 of 0" in " ".join(block_of(board, 80, Progress(0, 0, 0, 0, 0, 0, 0, 0.2, None)))


def block_of(board: LiveBoard, width: int, progress: Progress) -> list[str]:
    """The block as text, without what redraws it."""
    encoding = board._console.encoding
    out = io.TextIOWrapper(io.BytesIO(), encoding=encoding)
    console = Console(file=out, width=width, color_system=None)
    console.print(board._block(progress))
    out.flush()
    return out.buffer.getvalue().decode(encoding).rstrip("\n").split("\n")


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


class TestChoice:
    @pytest.mark.parametrize(
        ("out", "term", "as_json", "kind"),
        [
            (Terminal, "xterm", False, LiveBoard),
            (Terminal, "dumb", False, PlainBoard),
            (Terminal, "xterm", True, JsonBoard),
            (io.StringIO, "xterm", False, PlainBoard),
        ],
    )
    def test_a_run_is_shown_as_standard_output_can(
        self,
        monkeypatch: pytest.MonkeyPatch,
        out: Callable[[], io.StringIO],
        term: str,
        *,
        as_json: bool,
        kind: type[Board],
    ) -> None:
        monkeypatch.setenv("TERM", term)
        assert type(board_for(out(), io.StringIO(), as_json=as_json)) is kind


class TestSummary:
    def test_it_is_a_line_and_what_failed(self) -> None:
        ended = [outcome(), outcome("kept"), failed(line=9), failed(ValueError("odd"), line=4)]
        assert summary(ended, 4, Path("videos"), 123) == [
            "1 done, 2 failed, 1 kept in 2 min 3 s → videos/",
            '✗ line 4 "Hello": ValueError: odd',
            '✗ line 9 "Hello": No such avatar (code avatar_not_found, HTTP 404, request id r1)',
        ]

    def test_a_reason_is_given_once_for_all_its_rows(self) -> None:
        ended = [failed(line=line) for line in (9, 2, 3, 4, 7)]
        assert summary(ended, 5, Path("videos"), 1)[1].startswith("✗ lines 2-4, 7, 9: No such avatar")

    def test_what_a_stop_left_behind_is_counted(self) -> None:
        ended = [outcome("left"), outcome("skipped"), outcome("skipped")]
        (line,) = summary(ended, 5, Path("videos"), 1)
        assert line == "0 done, 0 failed, 0 kept, 1 still rendering, 2 not sent, 2 cut short in 1.0 s → videos/"

    @pytest.mark.parametrize(
        ("seconds", "text"),
        [
            (0, "0.0 s"),
            (12.34, "12.3 s"),
            (60, "1 min 0 s"),
            (123.4, "2 min 3 s"),
            (3599.6, "1 h 0 min"),
            (7321, "2 h 2 min"),
        ],
    )
    def test_durations_are_written_for_people(self, seconds: float, text: str) -> None:
        assert duration(seconds) == text


@pytest.mark.parametrize(
    ("low", "high", "text"),
    [
        (20.4, 20.3, "about 20 s"),
        (20, 80, "20 to 80 s"),
        (100, 400, "100 s to 7 min"),
        (300, 900, "5 to 15 min"),
        (3600, 8000, "60 min to 2.2 h"),
        (7200, 7230, "about 2.0 h"),
    ],
)
def test_a_forecast_is_an_interval_in_round_numbers(low: float, high: float, text: str) -> None:
    board, out, _ = plain()
    board.show(evolve(HALFWAY, remaining=Eta(low, low, high)))
    assert f" · {text} left" in out.getvalue()


@pytest.mark.parametrize("remaining", [None, Eta(0.0, 0.0, 0.0)])
def test_where_nobody_can_tell_or_nothing_is_left_nothing_is_said(remaining: Eta | None) -> None:
    board, out, _ = plain()
    board.show(evolve(HALFWAY, remaining=remaining))
    assert " left" not in out.getvalue()
