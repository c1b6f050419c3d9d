"""How long scripts take to say: held against a voice that really speaks them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heygen_async.bulk.span import Span
from heygen_async.bulk.speaking import LANGUAGES, language_of, seconds_of
from heygen_async.emulator import media
from heygen_async.emulator.media.sentences import sentence
from heygen_async.emulator.media.speech import speak
from heygen_async.emulator.screenplay import Shot

SPOKEN = [tag for tag in LANGUAGES if tag == "en" or sentence(tag) != sentence("en")]
"""The languages that the emulator has a sentence of."""

STORY = (
    "On Tuesday we sold 1,250 tickets in a single hour, which nobody had expected. By the evening there was no seat "
    "left, and we had to open the balcony. Thank you all for coming, and see you next year!"
)


@pytest.mark.parametrize("tag", SPOKEN)
def test_a_real_voice_takes_as_long_as_was_said(tag: str) -> None:
    script = " ".join([sentence(tag)] * 5)
    assert speak(media.Speech(script, tag)).seconds in seconds_of(script, language=tag)


@pytest.mark.parametrize("speed", [0.5, 0.8, 1.25, 1.5])
def test_a_fast_voice_takes_less(speed: float) -> None:
    assert speak(media.Speech(STORY, speed=speed)).seconds in seconds_of(STORY, speed=speed, language="English")


def test_pauses_are_counted_and_markup_is_not() -> None:
    plain = seconds_of(STORY, language="en")
    assert seconds_of(f'{STORY} <break time="2.5s"/>', language="en") == Span(plain.low + 2.5, plain.high + 2.5)
    assert seconds_of(f"{STORY}<BREAK time='500 ms' />", language="en") == Span(plain.low + 0.5, plain.high + 0.5)
    assert seconds_of(f"{STORY}<break/>", language="en") == Span(plain.low + 0.5, plain.high + 0.5)
    assert seconds_of(f"<speak>{STORY}</speak>", language="en") == plain
    assert seconds_of("Tom &amp; Anna", language="en") == seconds_of("Tom & Anna", language="en")


def test_a_voices_speed_does_not_shorten_its_pauses() -> None:
    pause = '<break time="10s"/>'
    assert seconds_of(pause, speed=1.5).low >= 10


@pytest.mark.parametrize(
    ("name", "tag"),
    [
        ("English", "en"),
        ("en-GB", "en"),
        ("pt_BR", "pt"),
        ("Chinese (Mandarin, Simplified)", "zh"),
        ("cmn", "zh"),
        ("Norwegian", "nb"),
        ("Multilingual", None),
        ("", None),
        (None, None),
    ],
)
def test_languages_have_tags_and_names(name: str | None, tag: str | None) -> None:
    assert language_of(name) == tag


def test_an_unknown_language_has_a_wider_margin() -> None:
    known, unknown = seconds_of(STORY, language="en"), seconds_of(STORY, language="Klingon")
    assert unknown.low < known.low
    assert unknown.high > known.high


def test_characters_that_are_read_as_many_letters_count_for_themselves() -> None:
    assert seconds_of("价格是一千二百元。" * 10, language="zh").low > seconds_of("abcdefghi" * 10, language="zh").low
    assert seconds_of("7" * 30, language="en").low > seconds_of("a" * 30, language="en").low


@given(st.text(max_size=300), st.sampled_from([None, *LANGUAGES]))
def test_any_text_has_a_length(text: str, language: str | None) -> None:
    span = seconds_of(text, language=language)
    assert 0.5 <= span.low <= span.high
    longer = seconds_of(f"{text} more words", language=language)
    assert longer.high >= span.high


WORDS = st.lists(st.text("abcdefghijklmnopqrstuvwxyz,.!?", min_size=1, max_size=15), min_size=1, max_size=200)


@given(WORDS, st.floats(0.5, 1.5))
def test_the_emulator_never_charges_for_more_than_the_upper_bound(words: list[str], speed: float) -> None:
    script = " ".join(words)
    charged = Shot(sound=media.Speech(script, speed=speed)).seconds
    assert charged <= seconds_of(script, speed=speed, language="English").high
    assert charged <= seconds_of(script, speed=speed).high
