"""Captions: short enough to read, in order, none of the script lost, each when it is heard."""

import re
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageChops

from heygen_async.emulator.media import Speech, speak
from heygen_async.emulator.media.captions import burned, caption_at, captions
from heygen_async.emulator.media.sound import RATE, Pcm, silence
from heygen_async.emulator.media.subtitles import Caption, srt

WORDS = st.lists(st.text("abcdefg.,!?", min_size=1, max_size=12), min_size=1, max_size=80).map(" ".join)


@given(WORDS, st.floats(0.5, 20))
def test_nothing_is_lost_and_nothing_is_too_long(script: str, seconds: float) -> None:
    shown = captions(script, silence(seconds))
    assert " ".join(" ".join(caption.text.split()) for caption in shown) == " ".join(script.split())
    for caption in shown:
        assert len(caption.text) <= 85
        assert caption.text.count("\n") <= 1


@given(WORDS, st.floats(0.5, 20), st.floats(0, 100))
def test_one_caption_follows_the_other(script: str, seconds: float, start: float) -> None:
    shown = captions(script, silence(seconds), start)
    assert shown[-1].end == pytest.approx(start + seconds, abs=0.001)
    assert all(before.end == after.start for before, after in pairwise(shown))
    assert all(start <= caption.start <= caption.end for caption in shown)


def test_a_caption_comes_with_its_sentence() -> None:
    script = "This is the first. And now there is a second one!"
    sound = speak(Speech(script))
    first, second = captions(script, sound)
    assert (first.text, second.text) == ("This is the first.", "And now there is a second one!")
    assert first.start == 0
    assert second.start == dict(sound.marks)[19] == first.end
    assert second.end == pytest.approx(sound.seconds)


def test_between_two_marks_time_goes_evenly() -> None:
    sound = Pcm(RATE, bytes(2 * 10 * RATE), marks=((0, 0.0), (10, 4.0)))
    assert [caption.start for caption in captions("abcd. fgh. klm.", sound)] == pytest.approx([0, 2.4, 5.2])


def test_long_sentences_are_cut_at_phrases_into_even_parts() -> None:
    script = (
        "I am an avatar from the emulator, and this is what a short video of six seconds sounds like today, my friend."
    )
    assert [caption.text.replace("\n", " ") for caption in captions(script, silence(6))] == [
        "I am an avatar from the emulator,",
        "and this is what a short video of six seconds sounds like today, my friend.",
    ]


def test_sentences_without_phrases_are_cut_between_words() -> None:
    script = "word " * 40
    texts = [caption.text for caption in captions(script, silence(6))]
    assert len(texts) == 3
    assert max(map(len, texts)) - min(map(len, texts)) <= 25


def test_a_word_that_is_too_long_stays_whole() -> None:
    assert [caption.text for caption in captions("x" * 100, silence(1))] == ["x" * 100]


def test_languages_without_spaces_are_cut_too() -> None:
    script = "你好世界" * 50 + "。" + "再见。"
    shown = captions(script, silence(10))
    assert "".join(caption.text.replace("\n", "") for caption in shown) == script
    assert all(len(caption.text) <= 85 for caption in shown)
    assert shown[-1].text == "再见。"


@pytest.mark.parametrize("script", ["", " \n "])
def test_nothing_said_is_nothing_shown(script: str) -> None:
    assert captions(script, silence(1)) == []
    assert srt([]) == ""


def test_an_srt_file_numbers_its_captions_and_tells_the_time_in_milliseconds() -> None:
    shown = [Caption(0, 1.5, "One\ntwo"), Caption(3661.0014, 3662, "Three")]
    assert srt(shown) == ("1\n00:00:00,000 --> 00:00:01,500\nOne\ntwo\n\n2\n01:01:01,001 --> 01:01:02,000\nThree\n")
    assert re.match(r"\A\d+\n", srt(shown))


def test_what_is_to_be_read_depends_on_the_time() -> None:
    shown = [Caption(1, 2, "a"), Caption(3, 4, "b")]
    assert [caption_at(shown, second) for second in (0, 1, 1.9, 2, 3.5, 4)] == ["", "a", "a", "", "b", ""]
    assert caption_at((), 1) == ""


@pytest.mark.parametrize("size", [(320, 180), (180, 320), (160, 160)])
def test_a_caption_is_drawn_at_the_foot_and_inside_the_frame(size: tuple[int, int]) -> None:
    ground = Image.new("RGBA", size, (90, 120, 90, 255))
    shown = burned(ground, "Hello, world")
    box = ImageChops.difference(ground.convert("RGB"), shown.convert("RGB")).getbbox()
    assert box is not None
    assert box[1] > size[1] * 0.5
    assert box[3] < size[1]
    assert shown.convert("L").crop(box).getextrema()[1] > 200


def test_a_wide_caption_is_made_smaller_until_it_fits() -> None:
    ground = Image.new("RGBA", (320, 180), (90, 120, 90, 255))
    box = ImageChops.difference(ground.convert("RGB"), burned(ground, "W" * 42).convert("RGB")).getbbox()
    assert box is not None
    assert box[0] > 0
    assert box[2] < 320
