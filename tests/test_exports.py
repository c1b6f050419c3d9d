"""The flat face of the package is exactly what its public modules offer."""

import importlib
import subprocess
import sys

import heygen_async

PUBLIC = [
    "api.assets",
    "api.avatars",
    "api.batches",
    "api.bodies",
    "api.engines",
    "api.media",
    "api.scenes",
    "api.speech",
    "api.users",
    "api.videos",
    "api.voices",
    "bulk",
    "client",
    "clock",
    "errors",
    "job",
    "operation",
    "options",
    "rows",
    "version",
]


def test_the_face_is_the_union_of_the_public_modules() -> None:  # ruff keeps it sorted
    names = [name for module in PUBLIC for name in importlib.import_module(f"heygen_async.{module}").__all__]
    assert len(names) == len(set(names))
    assert set(heygen_async.__all__) == set(names)


def test_every_public_name_is_there_and_documented() -> None:
    for name in heygen_async.__all__:
        thing = getattr(heygen_async, name)
        if isinstance(thing, type) and thing.__module__.startswith("heygen_async"):
            assert (thing.__doc__ or "").strip(), name


def test_importing_the_package_brings_in_nothing_of_the_extras() -> None:
    extras = "'rich', 'cyclopts', 'av', 'PIL', 'espeakng_loader', 'heygen_async.emulator', 'heygen_async.cli', 'uvloop'"
    code = f"import sys, heygen_async; print([name for name in ({extras}) if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
