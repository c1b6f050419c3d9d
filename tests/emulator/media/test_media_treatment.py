"""Treatments are values: they check themselves, and equal ones have one key."""

from pathlib import Path

import pytest

from heygen_async.emulator.media import (
    Color,
    Cut,
    Lipsync,
    MovingPicture,
    RemoveBackground,
    RemoveFillers,
    Revoice,
    Sound,
    Speech,
    Treatment,
    treatment_key,
)

ALL: list[Treatment] = [
    Cut(),
    Cut(source=b"a"),
    Cut(source=b"b"),
    Cut(source=Path("a")),
    Cut(start=1.0),
    Cut(end=1.0),
    Cut(ratio=(1, 1)),
    Cut(captions="a"),
    Revoice(voice=Speech("a")),
    Revoice(voice=Speech("a", language="de")),
    Revoice(voice=Sound(b"a")),
    Revoice(voice=Speech("a"), srt="a"),
    Revoice(voice=Speech("a"), dynamic=False),
    Lipsync(),
    Lipsync(sound=Sound(b"a")),
    RemoveBackground(),
    RemoveBackground(backdrop=Color("#00FF00")),
    RemoveBackground(matte=True),
    RemoveBackground(plate=True),
    RemoveFillers(),
    RemoveFillers(pause=1.0),
    MovingPicture(prompt="a", width=2, height=2),
    MovingPicture(prompt="a", width=2, height=2, seed=0),
]


def test_each_treatment_has_a_key_of_its_own() -> None:
    keys = [treatment_key(treatment) for treatment in ALL]
    assert len(set(keys)) == len(ALL)
    assert all(len(key) == 64 for key in keys)


def test_equal_treatments_have_equal_keys() -> None:
    assert treatment_key(Cut(source=b"abc", end=3)) == treatment_key(Cut(source=b"abc", end=3))


@pytest.mark.parametrize(("start", "end"), [(0, 0), (2, 1), (2, 2)])
def test_a_part_ends_after_its_start(start: float, end: float) -> None:
    with pytest.raises(ValueError, match="must end after its start"):
        Cut(start=start, end=end)


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: Cut(start=-1),
        lambda: RemoveFillers(pause=0),
        lambda: RemoveFillers(breath=-0.1),
        lambda: MovingPicture(prompt="a", width=3, height=2),
        lambda: MovingPicture(prompt="a", width=2, height=2, seconds=61),
        lambda: MovingPicture(prompt="a", width=2, height=2, seconds=0),
        lambda: MovingPicture(prompt="a", width=2, height=2, seed=-1),
    ],
)
def test_what_cannot_be_is_refused_at_once(wrong: object) -> None:
    with pytest.raises(ValueError, match="must be"):
        wrong()  # type: ignore[operator]  # each is a function


def test_a_source_is_shown_briefly() -> None:
    assert repr(Cut(source=b"x" * 5000)).startswith("Cut(source=…, ")
    assert "a.mp4" in repr(Cut(source=Path("a.mp4")))


def test_captions_are_spoken_as_the_voice_speaks() -> None:
    german = Speech("", language="de")
    assert Revoice(voice=german).speech is german
    assert Revoice(voice=Sound(b"")).speech == Speech("")
