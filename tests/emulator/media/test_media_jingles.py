"""Music and effects: short, audible, described by their names, and the same each time."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from heygen_async.emulator.media import jingle, measure, sniff, sound_seconds
from heygen_async.emulator.media.jingles import jingle as samples_of
from heygen_async.emulator.media.sound import levels, loud

EFFECTS = ["whoosh", "heavy rain", "button click", "bell", "explosion", "error beep", "something else"]
MUSIC = ["calm piano", "dark suspense", "upbeat corporate", "something else"]


def edges(name: str) -> int:
    """How often an effect crosses zero in a second: the higher, the sharper."""
    sound = samples_of(name, "sound_effects")
    samples = memoryview(sound.samples).cast("h")
    return round(sum((a < 0) != (b < 0) for a, b in pairwise(samples)) / sound.seconds)


@pytest.mark.parametrize("name", MUSIC)
def test_music_is_some_seconds_of_real_sound(name: str) -> None:
    made = jingle(name)
    assert sniff(made.content[:64]) == "audio/mpeg"
    assert 7 < made.seconds < 16
    assert sound_seconds(made.content) == pytest.approx(made.seconds, abs=0.1)
    assert loud(levels(samples_of(name, "music"), 100, 10)) > 1000


@pytest.mark.parametrize("name", EFFECTS)
def test_an_effect_is_short_and_loudest_at_its_peak(name: str) -> None:
    made = jingle(name, "sound_effects", "wav")
    assert sniff(made.content[:64]) == "audio/wav"
    assert measure(made.content).seconds == pytest.approx(made.seconds, abs=0.01)
    assert made.seconds <= 3
    moments = levels(samples_of(name, "sound_effects"), round(made.seconds * 20), 20)
    assert moments[round(made.peak * 20)] == max(moments) > 300


def test_names_are_heard() -> None:
    assert edges("explosion") < edges("bell") < edges("heavy rain")
    assert len({samples_of(name, "sound_effects").samples for name in EFFECTS}) == len(EFFECTS)
    assert jingle("calm music").seconds > jingle("happy music").seconds


def test_the_same_name_is_the_same_sound() -> None:
    assert jingle("x", "sound_effects").content == jingle("x", "sound_effects").content
    assert jingle("x", "sound_effects").content != jingle("y", "sound_effects").content
    assert samples_of("x", "music").samples == samples_of("x", "music").samples


@settings(max_examples=20, deadline=None)
@given(st.text(max_size=30))
def test_no_name_is_too_strange(name: str) -> None:
    made = jingle(name, "sound_effects", "wav")
    assert 0 <= made.peak <= made.seconds <= 3
