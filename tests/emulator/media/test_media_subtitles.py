"""Subtitles survive their way into a file and back, and odd files break nothing."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heygen_async.emulator import media
from heygen_async.emulator.media.sentences import sentence
from heygen_async.emulator.media.subtitles import Caption, parsed, srt, vtt

TEXTS = st.lists(st.text("abc äß你<&", min_size=1, max_size=12).map(str.strip).filter(bool), min_size=1, max_size=2)
SHOWN = st.lists(st.tuples(st.integers(1, 4000), st.integers(1, 4000), TEXTS), max_size=6)


def captions_of(parts: list[tuple[int, int, list[str]]]) -> list[Caption]:
    """Captions that follow each other after so many milliseconds, each so many milliseconds long."""
    shown, now = [], 0
    for gap, length, lines in parts:
        shown.append(Caption((now + gap) / 1000, (now + gap + length) / 1000, "\n".join(lines)))
        now += gap + length
    return shown


@given(SHOWN)
def test_subtitles_come_back_from_both_kinds_of_files(parts: list[tuple[int, int, list[str]]]) -> None:
    shown = captions_of(parts)
    assert parsed(srt(shown)) == shown
    assert parsed(vtt(shown)) == shown


def test_a_webvtt_file_is_what_players_want() -> None:
    shown = [Caption(0.5, 1.25, "One\ntwo"), Caption(3600, 3601, "<b> & -->")]
    assert vtt(shown) == (
        "WEBVTT\n\n00:00:00.500 --> 00:00:01.250\nOne\ntwo\n\n01:00:00.000 --> 01:00:01.000\n&lt;b> &amp; --&gt;\n"
    )


@pytest.mark.parametrize(
    "text",
    [
        "1\r\n00:00:01,000 --> 00:00:02,500\r\nHello\r\n\r\n2\r\n00:00:03,000 --> 00:00:04,000\r\nyou\r\n",
        "\ufeff1\n0:00:01.0 --> 0:00:02.5 align:start\n<i>Hello</i>\n\n\n2\n00:03,000 --> 00:04,000\n{\\an8}you",
        "WEBVTT\n\nNOTE unread\n\n00:01.000 --> 00:02.500\nHello\n\nNOTE unread\n\n00:03.000 --> 00:04.000\nyou",
        "2\n00:00:03,000 --> 00:00:04,000\nyou\n\n1\n00:00:01,000 --> 00:00:02,500\nHello",
    ],
)
def test_files_of_all_manners_are_read(text: str) -> None:
    assert parsed(text) == [Caption(1.0, 2.5, "Hello"), Caption(3.0, 4.0, "you")]


@pytest.mark.parametrize(
    "text",
    ["", "hello", "1\n00:00:01,000 --> 00:00:02,000\n\n", "1\n00:00:02,000 --> 00:00:01,000\nbackwards\n"],
)
def test_what_is_no_subtitle_is_left_out(text: str) -> None:
    assert parsed(text) == []


def test_a_number_may_be_what_is_said() -> None:
    text = "1\n00:00:01,000 --> 00:00:02,000\n42\n\n2\n00:00:02,000 --> 00:00:03,000\n43\n"
    assert [caption.text for caption in parsed(text)] == ["42", "43"]


@given(st.text(st.sampled_from("0123456789:,.->\n aWEBVTT")))
def test_no_text_is_too_strange(text: str) -> None:
    shown = parsed(text)
    assert all(first.start <= second.start for first, second in pairwise(shown))
    assert all(caption.text and caption.end > caption.start for caption in shown)


@pytest.mark.parametrize("language", ["es", "es-MX", "es_419", "Spanish", "Spanish (Mexico)", " SPANISH "])
def test_a_language_is_known_by_all_its_names(language: str) -> None:
    assert sentence(language) == "Este vídeo ahora habla español."


def test_an_unknown_language_is_answered_in_english() -> None:
    assert sentence("Klingon") == sentence("en")


@given(st.floats(0, 200))
def test_built_in_subtitles_fill_the_time_and_no_more(seconds: float) -> None:
    shown = parsed(media.sample_subtitles("French", seconds))
    assert shown[0].start == 0
    assert {caption.text for caption in shown} == {sentence("fr")}
    assert len(shown) == max(1, int(seconds // 4))
    assert shown[-1].end <= max(seconds, 0.1) + 0.001


def test_subtitles_change_from_one_kind_of_file_to_the_other() -> None:
    made = media.vtt(media.sample_subtitles("de", 4))
    assert made == "WEBVTT\n\n00:00:00.000 --> 00:00:03.600\nDieses Video spricht jetzt Deutsch.\n"
