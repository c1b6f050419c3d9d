"""The flat face of the package is exactly what its public modules offer."""

import importlib
import importlib.util
import inspect
import pickle
import subprocess
import sys
import typing
from pathlib import Path

import pytest
from processes import unmeasured

import heygen_async
from heygen_async.contents import PLACES, ROOMS

ROOT = Path(__file__).parent.parent

PUBLIC = [
    "api.agent_sessions",
    "api.ai_clipping",
    "api.assets",
    "api.audio",
    "api.avatars",
    "api.background_removals",
    "api.batches",
    "api.bodies",
    "api.brand_glossaries",
    "api.brand_kits",
    "api.compositions",
    "api.deletions",
    "api.direct_uploads",
    "api.dubbing",
    "api.engines",
    "api.filler_word_removals",
    "api.folders",
    "api.lipsyncs",
    "api.looks",
    "api.media",
    "api.model_audio",
    "api.model_images",
    "api.model_videos",
    "api.models",
    "api.proofreads",
    "api.scenes",
    "api.speech",
    "api.template_variables",
    "api.templates",
    "api.translated",
    "api.users",
    "api.video_agents",
    "api.video_translations",
    "api.videos",
    "api.voices",
    "api.webhooks",
    "bulk.budget",
    "bulk.run",
    "client",
    "clock",
    "codes",
    "errors",
    "eta",
    "bulk.forecast",
    "job",
    "bulk.journal",
    "legacy.migration",
    "operation",
    "options",
    "bulk.outcome",
    "bulk.prices",
    "bulk.quotes",
    "webhooks.receiver",
    "bulk.rows",
    "webhooks.secret_stores",
    "bulk.span",
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


def test_the_tables_are_those_that_the_modules_give() -> None:
    spec = importlib.util.spec_from_file_location("write_contents", ROOT / "docs" / "write_contents.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    for path, text in module.written().items():
        assert path.read_text("utf-8") == text, "python docs/write_contents.py"


def test_the_face_shows_all_names_and_keeps_what_was_asked_for() -> None:
    assert {*heygen_async.__all__, "errors", "legacy", "__doc__"} <= {*dir(heygen_async)}
    assert heygen_async.AvatarVideo is vars(heygen_async)["AvatarVideo"]
    assert set(PLACES).isdisjoint(ROOMS)
    assert heygen_async.errors is importlib.import_module("heygen_async.errors")


def test_a_name_that_is_not_there_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="has no attribute 'AvatarVidoe'"):
        heygen_async.AvatarVidoe  # type: ignore[attr-defined]  # noqa: B018  # so it is
    assert not hasattr(heygen_async, "__wrapped__")


def test_a_star_brings_all_names() -> None:
    assert set(heygen_async.__all__) <= set(after("from heygen_async import *", "print(*globals())"))


def test_what_came_through_the_face_can_be_pickled_and_its_hints_read() -> None:
    video = heygen_async.AvatarVideo(avatar_id="a", script="Hi")
    assert pickle.loads(pickle.dumps(video)) == video
    assert typing.get_type_hints(heygen_async.AvatarVideo)["engine"] == heygen_async.Engine | None
    for name, method in inspect.getmembers(heygen_async.HeyGen, inspect.isfunction):
        assert typing.get_type_hints(method) or name == "__repr__"


def test_the_package_alone_brings_in_nothing_but_its_table() -> None:
    loaded = after("import heygen_async", "dir(heygen_async)", "import sys", "print(*sys.modules)")
    assert {name for name in loaded if name.startswith("heygen_async")} == {"heygen_async", "heygen_async.contents"}
    assert {"aiohttp", "attr", "cattrs", "anyio"}.isdisjoint(loaded)


def test_a_client_brings_in_only_what_each_program_needs() -> None:
    lines = ["from heygen_async import HeyGen, AvatarVideo", "heygen = HeyGen(api_key='x')", "dir(heygen)"]
    loaded = {*after(*lines, "import sys", "print(*sys.modules)")}
    others = {"rich", "cyclopts", "av", "PIL", "espeakng_loader", "uvloop", "sqlite3", "csv", "aiofiles"}
    rooms = ("emulator", "shell", "legacy", "bulk.run", "bulk.journal", "api.brand_kits", "files.download")
    assert loaded & {*others, *(f"heygen_async.{room}" for room in rooms)} == set()
    assert "heygen_async.api.videos" in loaded


def after(*lines: str) -> list[str]:
    """What a process prints that carries out these lines, word by word."""
    done = subprocess.run(
        [sys.executable, "-c", "\n".join(lines)], env=unmeasured(), capture_output=True, text=True, check=True
    )
    return done.stdout.split()
