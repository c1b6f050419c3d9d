"""Scripts are spoken: by the right voice, at the right pace, with pauses, by many at once."""

from array import array
from concurrent.futures import ThreadPoolExecutor
from operator import mul

import pytest

from heygen_async.emulator.media import Speech, sample_sound, sound_seconds, speak
from heygen_async.emulator.media.espeak import Espeak
from heygen_async.emulator.media.sound import Pcm
from heygen_async.emulator.media.speech import voice_of, words_of

HELLO = "Hello there, how are you today?"


def peak(sound: Pcm) -> int:
    return max(map(abs, array("h", sound.samples)))


def test_a_script_is_heard() -> None:
    sound = speak(Speech(HELLO))
    assert 1 < sound.seconds < 4
    assert peak(sound) > 5000


def test_marks_say_when_each_word_is_heard() -> None:
    marks = speak(Speech("Größe zählt, my friend.", "de")).marks
    assert [place for place, _ in marks] == [0, 6, 13, 16]
    assert [second for _, second in marks] == sorted(second for _, second in marks)


@pytest.mark.parametrize("script", ["It costs $5 and £3.50, or 1,234,567 yen.", "1st, 2nd & 3rd!", "A.B.C. e.g. 50%"])
def test_marks_rise_whatever_is_read_out_in_another_order(script: str) -> None:
    marks = speak(Speech(script)).marks
    assert list(marks) == sorted(set(marks))
    assert 0 <= marks[0][0] <= marks[-1][0] < len(script)


@pytest.mark.parametrize(("speed", "times"), [(0.5, 2.0), (1.5, 0.67)])
def test_speed_is_a_part_of_the_normal_pace(speed: float, times: float) -> None:
    assert speak(Speech(HELLO, speed=speed)).seconds == pytest.approx(times * speak(Speech(HELLO)).seconds, rel=0.15)


def test_volume_is_a_part_of_full_loudness() -> None:
    assert peak(speak(Speech(HELLO, volume=0.2))) < 0.4 * peak(speak(Speech(HELLO)))
    assert peak(speak(Speech(HELLO, volume=0))) < 100


def test_pitch_moves_the_voice() -> None:
    low, middle, high = (period(speak(Speech("Aaaah.", pitch=pitch))) for pitch in (-50, 0, 50))
    assert low > middle > high


def period(sound: Pcm) -> int:
    """After how many samples the loudest part repeats itself: the best fit of it with itself moved."""
    samples = array("h", sound.samples)
    start = max(range(0, len(samples) - 1600, 400), key=lambda place: sum(map(abs, samples[place : place + 1600])))
    part = samples[start : start + 1600]
    return max(range(50, 400), key=lambda moved: sum(map(mul, part[:1200:2], part[moved : moved + 1200 : 2])))


@pytest.mark.parametrize(
    ("language", "voice"),
    [
        ("en", "en-us"),
        ("English", "en-us"),
        ("en-GB", "en-gb"),
        ("en_gb", "en-gb"),
        ("de-AT", "de"),
        ("pt-BR", "pt-br"),
        ("Portuguese (Brazil)", "pt-br"),
        ("Spanish (Mars)", "es"),
        ("zh-CN", "cmn"),
        ("Chinese", "cmn"),
        ("no", "nb"),
        ("he", "he"),
        (" FR ", "fr-be"),
        ("Multilingual", "en-us"),
        ("", "en-us"),
    ],
)
def test_a_language_has_many_names_and_an_unknown_one_is_english(language: str, voice: str) -> None:
    assert voice_of(Speech("", language, gender=None)) == voice


def test_women_and_men_have_their_own_voices() -> None:
    assert voice_of(Speech("", gender="female")) != voice_of(Speech("", gender="male"))
    assert speak(Speech(HELLO, gender="female")).samples != speak(Speech(HELLO, gender="male")).samples


@pytest.mark.parametrize(
    ("tag", "seconds"),
    [
        ('<break time="1.5s"/>', 1.5),
        ("<break time='500ms' />", 0.5),
        ("<BREAK time=2s>", 2),
        ('<break time="99s"/>', 30),
    ],
)
def test_a_break_is_a_pause_and_not_spoken(tag: str, seconds: float) -> None:
    script = f"Hello. {tag} Bye."
    apart = speak(Speech("Hello. ")).seconds + speak(Speech(" Bye.")).seconds
    assert words_of(script) == "Hello.  Bye."
    assert speak(Speech(script)).seconds == pytest.approx(apart + seconds, abs=0.05)
    assert speak(Speech(script)).marks[-1][0] == 8


@pytest.mark.parametrize("script", ["", " ", "...", "\0", "<break>", "a < b & c > d", "\ud800", "👋", "<p>"])
def test_no_script_is_too_strange(script: str) -> None:
    assert speak(Speech(script)).seconds < 5


def test_five_thousand_characters_are_spoken_to_the_end() -> None:
    script = ("The quick brown fox jumps over the lazy dog. " * 112)[:5000]
    sound = speak(Speech(script))
    assert sound.seconds > 250
    assert sound.marks[-1][0] > 4950


def test_several_threads_speak_at_once_and_each_gets_its_own() -> None:
    words = ["One.", "Two and three.", "Four and five and six and seven."]
    alone = [speak(Speech(word)).seconds for word in words]
    with ThreadPoolExecutor(8) as threads:
        together = list(threads.map(lambda word: speak(Speech(word)).seconds, words * 6))
    assert together == pytest.approx(alone * 6, abs=0.02)


def test_the_sample_is_a_wav_of_some_seconds() -> None:
    assert 2 < sound_seconds(sample_sound()) < 10


def test_a_library_without_its_files_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    class Mute:
        def espeak_Initialize(self, *_: object) -> int:  # noqa: N802 - the library's own name
            return -1

    monkeypatch.setattr("ctypes.CDLL", lambda _: Mute())
    with pytest.raises(RuntimeError, match="espeak-ng cannot be started with its files in"):
        Espeak().start()
