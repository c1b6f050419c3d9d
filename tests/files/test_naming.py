"""Whatever a title is, the file lies in its folder, under a name of its own."""

import unicodedata
from pathlib import PurePosixPath, PureWindowsPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heygen_async.files.naming import LONGEST, FileNames

RESERVED = {"con", "prn", "aux", "nul", *(f"{port}{digit}" for port in ("com", "lpt") for digit in range(1, 10))}


def name_of(wanted: str | None, fallback: str = "video-0001") -> str:
    return FileNames().take(wanted, fallback, ".mp4")


@pytest.mark.parametrize(
    ("wanted", "name"),
    [
        ("Hello", "Hello.mp4"),
        ("hello.mp4", "hello.mp4"),
        ("HELLO.MP4", "HELLO.mp4"),
        ("hello.mp4.mp4", "hello.mp4.mp4"),
        ("hello.webm", "hello.webm.mp4"),
        ("../../etc/passwd", "etc-passwd.mp4"),
        ("/etc/passwd", "etc-passwd.mp4"),
        ("a/b", "a-b.mp4"),
        ("a\\b", "a-b.mp4"),
        ("C:\\Windows\\x", "C-Windows-x.mp4"),
        ("CON", "_CON.mp4"),
        ("con.txt", "_con.txt.mp4"),
        ("nul .mp4", "_nul.mp4"),
        ("COM¹", "_COM¹.mp4"),
        ("console", "console.mp4"),
        (".hidden", "hidden.mp4"),
        ("--overwrite", "overwrite.mp4"),
        ("dots and spaces . . ", "dots and spaces.mp4"),
        ("two\nlines\tand   gaps", "two lines and gaps.mp4"),
        ("bell\a\x1b[31m", "bell[31m.mp4"),
        ("gpj\u202e.4pm", "gpj.4pm.mp4"),
        ("half \ud83d pair", "half pair.mp4"),
        ("cafe\u0301", "caf\u00e9.mp4"),
        ("👋 Hello 👩\u200d💻", "👋 Hello 👩\u200d💻.mp4"),
        ('What? "Yes" <or> no|*', "What Yes or no-.mp4"),
        ("日本語", "日本語.mp4"),
    ],
)
def test_a_title_becomes_a_safe_name(wanted: str, name: str) -> None:
    assert name_of(wanted) == name


@pytest.mark.parametrize("wanted", [None, "", " ", "..", "../..", ".mp4", "\0", "\u202e"])
def test_where_nothing_is_left_of_the_title_the_fallback_serves(wanted: str | None) -> None:
    assert name_of(wanted) == "video-0001.mp4"


def test_a_useless_fallback_is_survived() -> None:
    assert name_of("..", "..") == "video.mp4"


def test_equal_titles_are_numbered_whatever_their_case() -> None:
    names = FileNames()
    taken = [names.take(wanted, "", ".mp4") for wanted in ("a", "A", "a.mp4", "a (2)", "ä", "a\u0308")]
    assert taken == ["a.mp4", "A (2).mp4", "a (3).mp4", "a (2) (2).mp4", "ä.mp4", "ä (2).mp4"]


def test_a_number_never_takes_a_name_that_was_taken_before() -> None:
    names = FileNames()
    assert [names.take(wanted, "", ".mp4") for wanted in ("a (2)", "a", "a")] == ["a (2).mp4", "a.mp4", "a (3).mp4"]


def test_the_same_stem_with_another_suffix_is_another_file() -> None:
    names = FileNames()
    assert [names.take("a", "", suffix) for suffix in (".mp4", ".webm")] == ["a.mp4", "a.webm"]


def test_three_hundred_characters_are_cut_between_two_of_them() -> None:
    assert name_of("x" * 300) == "x" * (LONGEST - 4) + ".mp4"
    assert name_of("👋" * 300) == "👋" * 49 + ".mp4"
    assert name_of("x" * 195 + " y") == "x" * 195 + ".mp4"


def test_long_equal_titles_stay_distinct_and_bounded() -> None:
    names = FileNames()
    taken = {names.take("x" * 300, "", ".mp4") for _ in range(1000)}
    assert len(taken) == 1000
    assert max(map(len, taken)) == LONGEST


def test_a_thousand_equal_titles_are_numbered_in_order() -> None:
    names = FileNames()
    taken = [names.take("t", "", ".mp4") for _ in range(1000)]
    assert taken[-1] == "t (1000).mp4"


anything = st.text(st.characters() | st.sampled_from("./\\ -CONcon1\0\ud800\u200d\u0301:")) | st.sampled_from(
    ["..", "CON", "nul.mp4", "a" * 300, "é" * 150, "a", "A", "a (2)", "com1 .x"]
)


@given(st.lists(st.tuples(st.none() | anything, anything), max_size=30), st.sampled_from([".mp4", ".webm"]))
def test_names_are_always_safe_distinct_and_repeatable(wishes: list[tuple[str | None, str]], suffix: str) -> None:
    names, again = FileNames(), FileNames()
    taken = [names.take(wanted, fallback, suffix) for wanted, fallback in wishes]
    assert taken == [again.take(wanted, fallback, suffix) for wanted, fallback in wishes]
    assert len({name.casefold() for name in taken}) == len(taken)
    for name in taken:
        assert PurePosixPath(name).name == PureWindowsPath(name).name == name
        assert len(name.encode()) <= LONGEST
        assert name.endswith(suffix)
        assert unicodedata.is_normalized("NFC", name)
        assert name[0] not in " .-"
        assert name.removesuffix(suffix)[-1] not in " ."
        assert name.split(".")[0].strip().casefold() not in RESERVED
        assert not any(unicodedata.category(char) in {"Cc", "Cs"} for char in name)
