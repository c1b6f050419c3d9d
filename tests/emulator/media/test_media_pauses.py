"""Pauses are where nothing is heard for long enough, and nowhere else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_media_sound import tone

from heygen_async.emulator.media.pauses import kept, talk
from heygen_async.emulator.media.sound import Pcm, joined, silence

TALK = joined([silence(0.6), tone(0.5), silence(1.0), tone(0.5), silence(0.2), tone(0.4)])
"""Silence for 0.6 s, then sound to 1.1 s, from 2.1 s to 2.6 s, and from 2.8 s to 3.2 s."""


def test_talk_is_what_is_heard() -> None:
    assert talk(TALK, 0.35) == [pytest.approx((0.6, 1.1), abs=0.02), pytest.approx((2.1, 3.2), abs=0.02)]
    assert len(talk(TALK, 0.1)) == 3


def test_a_whisper_is_talk_too() -> None:
    whisper = joined([tone(0.4, volume=0.02), silence(1), tone(0.4, volume=0.02)])
    assert len(talk(whisper, 0.35)) == 2


def test_a_humming_room_is_a_pause_beside_a_voice() -> None:
    humming = joined([tone(0.5, volume=0.6), tone(1.0, volume=0.01), tone(0.5, volume=0.6)])
    assert len(talk(humming, 0.35)) == 2


@pytest.mark.parametrize("sound", [silence(0), silence(2), tone(1, volume=0.0005)])
def test_silence_is_no_talk_and_stays_whole(sound: Pcm) -> None:
    assert talk(sound, 0.35) == []
    assert kept(sound, 0.35, 0.1) == [(0.0, sound.seconds)]


def test_half_a_breath_stays_at_each_end() -> None:
    spans = kept(TALK, 0.35, 0.1)
    assert spans == [pytest.approx((0.55, 1.15), abs=0.02), pytest.approx((2.05, 3.2), abs=0.02)]


def test_a_short_silence_at_an_end_stays() -> None:
    short = joined([silence(0.2), tone(0.5), silence(0.2)])
    assert kept(short, 0.35, 0.1) == [(0.0, short.seconds)]


@given(
    st.lists(st.tuples(st.floats(0, 0.8), st.floats(0.03, 0.4)), min_size=1, max_size=6),
    st.floats(0.1, 0.6),
    st.floats(0, 0.3),
)
def test_what_is_kept_rises_and_has_all_that_is_heard(
    parts: list[tuple[float, float]], pause: float, breath: float
) -> None:
    sound = joined([piece for quiet, loud in parts for piece in (silence(quiet), tone(loud, rate=48_000))])
    spans = kept(sound, pause, breath)
    edges = [edge for span in spans for edge in span]
    assert edges == sorted(edges)
    for start, end in talk(sound, pause):
        assert any(first <= start + 0.001 and end - 0.001 <= last for first, last in spans)
