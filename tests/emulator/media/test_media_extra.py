"""Without the extra, the values work, and all the rest says what to install."""

import subprocess
import sys

import pytest

from heygen_async.emulator import media
from heygen_async.emulator.media.extra import loading

WITHOUT = """
import importlib.abc, sys
class Absent(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in ({absent}):
            raise ModuleNotFoundError(f"No module named {{name!r}}", name=name)
sys.meta_path.insert(0, Absent())
from heygen_async.emulator.media import *
import heygen_async.emulator.media as media
"""


def run(absent: str, code: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", WITHOUT.format(absent=absent) + code], capture_output=True, text=True, check=True
    )
    return done.stdout.strip()


def test_all_is_there() -> None:
    assert media.missing_extra() is None


def test_the_face_is_sorted_and_loads_nothing_of_the_extra() -> None:
    assert media.__all__ == sorted(media.__all__)
    code = "print([name for name in ('av', 'PIL', 'espeakng_loader') if name in sys.modules])"
    assert run("'nothing',", code) == "[]"


def test_values_and_synthetic_files_need_no_extra(tmp_path_factory: pytest.TempPathFactory) -> None:
    path = tmp_path_factory.mktemp("bare") / "a.mp4"
    code = (
        "from pathlib import Path\n"
        "film = Film(scenes=[Scene(portrait=b'', sound=Speech('Hello'))], width=64, height=64)\n"
        f"print(len(film_key(film)), sniff(b'%PDF-'), synthetic(1000, Path({str(path)!r}), 's').duration)"
    )
    assert run("'av', 'PIL', 'espeakng_loader'", code) == "64 application/pdf 6.0"


def test_treatments_and_subtitles_need_no_extra() -> None:
    code = (
        "works = [Cut(), Revoice(voice=Speech('')), Lipsync(), RemoveBackground(), RemoveFillers(),"
        " MovingPicture(prompt='', width=2, height=2)]\n"
        "print(len(set(map(treatment_key, works))), vtt(sample_subtitles('de', 1)).split()[0])"
    )
    assert run("'av', 'PIL', 'espeakng_loader'", code) == "6 WEBVTT"


@pytest.mark.parametrize(
    ("absent", "named", "calls"),
    [
        (
            "av",
            "PyAV",
            [
                "sound_seconds(b'')",
                "render(None, None, '')",
                "treat(None, None, '')",
                "measure(b'')",
                "gif(b'')",
                "thumbnail(b'')",
                "jingle('x')",
                "sample_clip()",
            ],
        ),
        (
            "PIL",
            "Pillow",
            ["portrait('x')", "look('x')", "backdrop('x', 2, 2)", "sample_picture()", "image_size(b'')"],
        ),
        ("espeakng_loader", "espeakng-loader", ["speak(Speech('x'))", "speech_file(Speech('x'))", "sample_sound()"]),
    ],
)
def test_what_is_missing_is_named_in_one_line(absent: str, named: str, calls: list[str]) -> None:
    code = "".join(f"try:\n    {call}\nexcept MissingExtra as error:\n    print(error)\n" for call in calls)
    line = f'Real videos need {named}: pip install "heygen-async[emulator]"'
    assert run(f"{absent!r},", code).splitlines() == [line] * len(calls)


def test_what_is_missing_can_be_asked_for_beforehand(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("heygen_async.emulator.media.extra.find_spec", lambda name: None if name != "av" else object())
    assert media.missing_extra() == (
        'Real videos need Pillow and espeakng-loader: pip install "heygen-async[emulator]"'
    )


def test_a_part_of_a_library_belongs_to_the_library() -> None:
    with pytest.raises(media.MissingExtra, match="need PyAV"), loading():
        raise ModuleNotFoundError("No module named 'av.video'", name="av.video")


def test_any_other_missing_module_is_not_blamed_on_the_extra() -> None:
    with pytest.raises(ModuleNotFoundError, match="elsewhere") as caught, loading():
        raise ModuleNotFoundError("No module named 'elsewhere'", name="elsewhere")
    assert not isinstance(caught.value, media.MissingExtra)
