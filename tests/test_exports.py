"""The flat face of the package is exactly what its public modules offer."""

import importlib
import subprocess
import sys

import heygen_async

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
    "api.direct_uploads",
    "api.dubbing",
    "api.engines",
    "api.filler_word_removals",
    "api.folders",
    "api.lipsyncs",
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


def test_importing_the_package_brings_in_nothing_of_the_extras() -> None:
    extras = ["rich", "cyclopts", "av", "PIL", "espeakng_loader", "uvloop"]
    extras += ["heygen_async.emulator", "heygen_async.shell"]
    code = f"import sys, heygen_async; print([name for name in {extras} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
