"""Sound as samples: decoded from files, put on one rate, cut to length, followed by a mouth."""

import wave
from array import array
from io import BytesIO
from math import pi, sin

import av
import pytest
from hypothesis import given
from hypothesis import strategies as st

from heygen_async.emulator.media import UnreadableMedia, sound_seconds
from heygen_async.emulator.media.sound import RATE, Pcm, decoded, framed, joined, openings, resampled, silence


def tone(seconds: float, rate: int = RATE, volume: float = 0.5) -> Pcm:
    wave_form = (int(32_000 * volume * sin(2 * pi * 440 * place / rate)) for place in range(round(seconds * rate)))
    return Pcm(rate, array("h", wave_form).tobytes())


def wav(sound: Pcm, channels: int = 1) -> bytes:
    file = BytesIO()
    with wave.open(file, "wb") as waves:
        waves.setparams((channels, 2, sound.rate, 0, "NONE", ""))
        waves.writeframes(sound.samples)
    return file.getvalue()


def mp3(sound: Pcm) -> bytes:
    file = BytesIO()
    with av.open(file, "w", format="mp3") as container:
        stream = container.add_stream("libmp3lame", rate=sound.rate)
        stream.layout = "mono"
        for frame in framed(sound):
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return file.getvalue()


@pytest.mark.parametrize("rate", [8_000, 22_050, 48_000])
def test_a_wav_of_any_rate_keeps_its_length(rate: int) -> None:
    content = wav(tone(0.5, rate))
    assert decoded(content).rate == RATE
    assert decoded(content).seconds == pytest.approx(0.5, abs=0.01)
    assert sound_seconds(content) == pytest.approx(0.5)


def test_two_channels_become_one() -> None:
    assert decoded(wav(tone(0.5), channels=2)).seconds == pytest.approx(0.25, abs=0.01)


def test_an_mp3_is_measured_by_what_is_in_it() -> None:
    content = mp3(tone(1.0, 44_100))
    assert sound_seconds(content) == pytest.approx(1.0, abs=0.06)
    assert decoded(content).seconds == pytest.approx(1.0, abs=0.06)


@pytest.mark.parametrize("content", [b"", b"no sound", b"RIFF\x24\0\0\0WAVEfmt ", b"\xff\xfb\x90\x64" + bytes(100)])
def test_what_is_no_sound_says_so(content: bytes) -> None:
    with pytest.raises(UnreadableMedia, match="the sound cannot be decoded"):
        decoded(content)
    with pytest.raises(UnreadableMedia, match="the sound cannot be decoded"):
        sound_seconds(content)


def test_a_picture_is_no_sound(photo: bytes) -> None:
    with pytest.raises(UnreadableMedia, match="no sound track"):
        sound_seconds(photo)


@given(st.integers(0, 5000), st.floats(0, 0.2))
def test_a_sound_lasts_as_long_as_it_is_told_to(samples: int, seconds: float) -> None:
    sound = Pcm(RATE, bytes(2 * samples), marks=((0, 0.0),)).lasting(seconds)
    assert len(sound.samples) == 2 * round(seconds * RATE)
    assert sound.marks == ((0, 0.0),)


def test_resampling_keeps_length_and_marks() -> None:
    spoken = Pcm(22_050, tone(0.5, 22_050).samples, marks=((0, 0.1),))
    assert resampled(spoken).rate == RATE
    assert resampled(spoken).seconds == pytest.approx(0.5, abs=0.01)
    assert resampled(spoken).marks == ((0, 0.1),)


def test_what_needs_no_resampling_stays_as_it_is() -> None:
    assert resampled(tone(0.1)) == tone(0.1)
    assert resampled(Pcm(22_050, b"")) == Pcm(RATE, b"")


def test_sounds_are_joined_in_order() -> None:
    assert joined([Pcm(RATE, b"ab"), Pcm(RATE, b"cd")]).samples == b"abcd"


@given(st.integers(0, 3000), st.floats(0.0001, 0.05))
def test_frames_are_the_sound_cut_into_pieces(samples: int, seconds: float) -> None:
    sound = Pcm(RATE, bytes(place % 251 for place in range(2 * samples)))
    frames = list(framed(sound, seconds))
    assert b"".join(bytes(frame.planes[0]) for frame in frames) == sound.samples
    assert [frame.pts for frame in frames] == [
        sum(frame.samples for frame in frames[:place]) for place in range(len(frames))
    ]


def test_a_mouth_is_closed_in_silence() -> None:
    assert openings(silence(1), 25, 25) == [0.0] * 25


def test_a_mouth_opens_with_loud_sounds_and_closes_gently() -> None:
    sound = joined([silence(0.4), tone(0.4), silence(0.4)])
    opening = openings(sound, 30, 25)
    assert opening[:10] == [0.0] * 10
    assert min(opening[11:19]) > 0.8
    assert opening[20:] == sorted(opening[20:], reverse=True)
    assert opening[-1] < 0.05


def test_a_whisper_moves_lips_as_speech_does() -> None:
    assert openings(tone(0.4, volume=0.02), 10, 25) == pytest.approx(openings(tone(0.4), 10, 25), abs=0.1)


@given(st.binary(max_size=4000), st.integers(1, 20), st.integers(1, 60))
def test_an_opening_is_between_closed_and_wide_open(samples: bytes, frames: int, fps: int) -> None:
    opening = openings(Pcm(RATE, samples[: len(samples) // 2 * 2]), frames, fps)
    assert len(opening) == frames
    assert all(0 <= share <= 1 for share in opening)
