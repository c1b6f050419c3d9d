"""Speech files: real sound in both formats, each word with the time in which it is heard."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from heygen_async.emulator.media import Speech, measure, sniff, sound_seconds, speech_file
from heygen_async.emulator.media.sound import decoded, levels, loud, opened
from heygen_async.emulator.media.soundfile import FILE_RATE

HELLO = "Hello there, you two. How are you?"


@pytest.mark.parametrize(("form", "kind"), [("wav", "audio/wav"), ("mp3", "audio/mpeg")])
def test_speech_is_a_real_file_of_44_kilohertz(form: str, kind: str) -> None:
    spoken = speech_file(Speech(HELLO), form)  # type: ignore[arg-type]  # both are formats
    assert sniff(spoken.content[:64]) == kind
    assert sound_seconds(spoken.content) == pytest.approx(spoken.seconds, abs=0.06)
    assert loud(levels(decoded(spoken.content), 100, 50)) > 500
    assert measure(spoken.content).kind == "sound"
    with opened(spoken.content, "sound") as file:
        track = file.streams.audio[0]
        assert (track.rate, track.codec_context.channels) == (FILE_RATE, 1)


def test_each_word_has_its_time() -> None:
    spoken = speech_file(Speech(HELLO))
    assert [word.word for word in spoken.words] == HELLO.split()
    assert spoken.words[0].start == 0
    assert spoken.seconds - 0.3 < spoken.words[-1].end <= spoken.seconds
    assert all(word.end > word.start for word in spoken.words)


def test_a_pause_belongs_to_no_word() -> None:
    one, two = speech_file(Speech('One <break time="1s"/> two.')).words
    assert two.start - one.end > 0.9


def test_tags_are_not_spoken() -> None:
    text = (
        '<?xml version="1.0"?><speak><p>Salt</p><p>and <emphasis level="strong">pep</emphasis>per</p>'
        " &amp; <!-- no -->5 < 6</speak>"
    )
    words = [word.word for word in speech_file(Speech(text)).words]
    assert words == ["Salt", "and", "pepper", "&", "5", "<", "6"]


def test_a_script_without_spaces_is_timed_by_the_speaker() -> None:
    words = speech_file(Speech("你好。我的声音是这样的。", language="zh")).words
    assert "".join(word.word for word in words) == "你好。我的声音是这样的。"
    assert len(words) > 4


@pytest.mark.parametrize("text", ["", "   ", '<break time="0.2s"/>', "<speak></speak>"])
def test_nothing_said_is_a_file_without_words(text: str) -> None:
    spoken = speech_file(Speech(text))
    assert spoken.words == ()
    assert sniff(spoken.content[:64]) == "audio/wav"


@settings(max_examples=25, deadline=None)
@given(st.text(min_size=1, max_size=40))
def test_words_come_in_order_whatever_is_said(text: str) -> None:
    spoken = speech_file(Speech(text))
    for word, following in pairwise(spoken.words):
        assert word.start <= word.end <= following.start + 0.001
    assert all(0 <= word.start <= word.end <= spoken.seconds + 0.001 for word in spoken.words)
