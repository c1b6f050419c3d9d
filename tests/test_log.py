"""What the package says to the log, and to whom."""

import logging
import os
import subprocess
import sys
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heygen_async import log

LOGGER = logging.getLogger("heygen_async")


@pytest.fixture(autouse=True)
def _restored() -> Iterator[None]:
    handlers, level = LOGGER.handlers[:], LOGGER.level
    yield
    LOGGER.handlers[:] = handlers
    LOGGER.setLevel(level)


def shown() -> list[logging.Handler]:
    return [handler for handler in LOGGER.handlers if type(handler) is logging.StreamHandler]


@pytest.mark.parametrize(
    ("address", "written"),
    [
        ("https://files.heygen.ai/a.mp4?Expires=1&Signature=abc~&Key-Pair-Id=K", "https://files.heygen.ai/a.mp4?…"),
        ("https://files.heygen.ai/a.mp4", "https://files.heygen.ai/a.mp4"),
        ("https://files.heygen.ai/a.mp4?", "https://files.heygen.ai/a.mp4?…"),
        ("", ""),
    ],
)
def test_an_address_is_written_without_its_query(address: str, written: str) -> None:
    assert log.masked(address) == written


def test_a_link_is_shown_without_its_signature() -> None:
    assert log.link_repr("https://files.heygen.ai/a.mp4?Signature=abc") == "'https://files.heygen.ai/a.mp4?…'"
    assert log.link_repr(None) == "None"


@given(st.text(), st.text(min_size=1))
def test_nothing_of_a_query_is_left(address: str, query: str) -> None:
    assert log.masked(f"{address}?{query}") == log.masked(f"{address}?")


@pytest.mark.parametrize(
    ("text", "shown"),
    [("Hello, wörld 👋", "Hello, wörld 👋"), ("\x1b[31mred\a\r\n", "�[31mred���"), ("gpj\u202e.4pm", "gpj�.4pm")],
)
def test_what_a_terminal_would_obey_is_not_shown(text: str, shown: str) -> None:
    assert log.printable(text) == shown


def test_nothing_is_shown_unless_asked_for() -> None:
    log.show_log()
    assert not shown()


def test_the_environment_asks_for_the_log(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HEYGEN_LOG", " Debug ")
    log.show_log()
    assert len(shown()) == 1
    assert LOGGER.level == logging.DEBUG


def test_a_level_that_is_given_outweighs_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HEYGEN_LOG", "debug")
    log.show_log("warning")
    assert LOGGER.level == logging.WARNING


def test_an_unknown_level_counts_as_info() -> None:
    log.show_log("loud")
    assert LOGGER.level == logging.INFO


def test_asking_twice_shows_each_line_once() -> None:
    log.show_log("debug")
    log.show_log("info")
    assert len(shown()) == 1


def test_lines_go_to_standard_error_with_their_time_and_level(capsys: pytest.CaptureFixture[str]) -> None:
    log.show_log("info")
    logging.getLogger("heygen_async.files.download").info("video %s: going on", "v1")
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.endswith(" heygen_async.files.download INFO video v1: going on\n")


def test_a_program_that_sets_up_no_log_sees_nothing() -> None:
    warn = "import heygen_async, logging; logging.getLogger('heygen_async.transport').warning('unseen')"
    environment = {name: value for name, value in os.environ.items() if name != "HEYGEN_LOG"}
    done = subprocess.run(
        [sys.executable, "-c", warn], env=environment, capture_output=True, text=True, check=True, timeout=60
    )
    assert (done.stdout, done.stderr) == ("", "")
