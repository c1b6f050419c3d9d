"""Films are values: strict about what they hold, and equal ones have one key."""

import subprocess
import sys
from pathlib import Path

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from heygen_async.emulator.media import Color, Film, Scene, Silence, Sound, Speech, film_key

SPEECHES = st.builds(
    Speech,
    text=st.text(max_size=8),
    language=st.sampled_from(["en", "de"]),
    gender=st.sampled_from(["female", "male", None]),
    speed=st.sampled_from([0.5, 1.0, 1.5]),
)
SCENES = st.builds(
    Scene,
    portrait=st.none() | st.binary(max_size=4),
    clip=st.none() | st.binary(max_size=4),
    sound=SPEECHES | st.builds(Sound, st.binary(max_size=4)) | st.builds(Silence, st.sampled_from([0.5, 1.0])),
    backdrop=st.none() | st.binary(max_size=4) | st.just(Color("#102030")),
    fit=st.sampled_from(["cover", "contain"]),
    cut_out=st.booleans(),
)
FILMS = st.builds(
    Film,
    scenes=st.lists(SCENES, min_size=1, max_size=3),
    width=st.sampled_from([64, 128]),
    height=st.sampled_from([64, 128]),
    captions=st.booleans(),
    container=st.sampled_from(["mp4", "webm"]),
)


@given(FILMS, FILMS)
def test_keys_are_equal_for_equal_films_and_for_no_others(one: Film, other: Film) -> None:
    assert (film_key(one) == film_key(other)) == (one == other)
    assert film_key(one) == film_key(evolve(one))


def test_a_key_is_the_same_in_every_process(silent: Scene) -> None:
    code = (
        "from heygen_async.emulator.media import *;"
        "print(film_key(Film(scenes=[Scene(sound=Silence(0.2))], width=64, height=64)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=Path.cwd())
    assert done.stdout.strip() == film_key(Film(scenes=[silent], width=64, height=64))


def test_where_one_value_ends_and_the_next_begins_is_part_of_the_key() -> None:
    def key(portrait: bytes, clip: bytes) -> str:
        return film_key(
            Film(scenes=[Scene(portrait=portrait, clip=clip, sound=Silence(1))], width=64, height=64),
        )

    assert key(b"ab", b"c") != key(b"a", b"bc")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("speed", 0.4),
        ("speed", 1.6),
        ("speed", float("nan")),
        ("pitch", -51),
        ("pitch", 51),
        ("volume", -0.1),
        ("volume", 1.1),
        ("gender", "other"),
    ],
)
def test_a_speech_refuses_what_no_voice_can_do(field: str, value: object) -> None:
    with pytest.raises(ValueError, match=field):
        Speech("Hello", **{field: value})  # type: ignore[arg-type]  # the mistake is the test


@pytest.mark.parametrize("value", ["red", "#12345", "#12345G", "#1234567", "112233", "#112233\n"])
def test_a_colour_is_a_hash_and_six_digits(value: str) -> None:
    with pytest.raises(ValueError, match="value"):
        Color(value)


def test_a_silence_lasts() -> None:
    with pytest.raises(ValueError, match="seconds"):
        Silence(0)


def test_a_scene_needs_something_that_says_how_long_it_is() -> None:
    with pytest.raises(ValueError, match="a sound or a clip"):
        Scene(portrait=b"...")
    assert Scene(clip=b"...").sound is None


@pytest.mark.parametrize("side", [0, 1, 63, -2, 4098])
def test_the_sides_of_a_film_are_even_and_not_too_long(side: int, silent: Scene) -> None:
    with pytest.raises(ValueError, match="width must be an even number"):
        Film(scenes=[silent], width=side, height=64)
    with pytest.raises(ValueError, match="height must be an even number"):
        Film(scenes=[silent], width=64, height=side)


def test_a_film_has_scenes_and_a_pace(silent: Scene) -> None:
    with pytest.raises(ValueError, match="scenes"):
        Film(scenes=[], width=64, height=64)
    with pytest.raises(ValueError, match="fps"):
        Film(scenes=[silent], width=64, height=64, fps=0)
    with pytest.raises(TypeError, match="Scene"):
        Film(scenes=["x"], width=64, height=64)


def test_bytes_of_pictures_stay_out_of_the_repr() -> None:
    shown = repr(Scene(portrait=b"secret", clip=b"secret", sound=Sound(b"secret"), backdrop=b"secret"))
    assert "secret" not in shown
    assert "#102030" in repr(Scene(sound=Silence(1), backdrop=Color("#102030")))
