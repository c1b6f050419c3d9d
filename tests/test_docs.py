"""`docs/api.md` is what the classes say, and every operation has a method."""

import importlib.util
from pathlib import Path

import pytest

FOLDER = Path(__file__).parent.parent / "docs"


def printed() -> str:
    spec = importlib.util.spec_from_file_location("print_api", FOLDER / "print_api.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    page: str = module.page()
    return page


def test_the_page_of_operations_is_up_to_date() -> None:
    assert (FOLDER / "api.md").read_text("utf-8") == printed(), "python docs/print_api.py > docs/api.md"


def test_every_operation_has_a_method() -> None:
    assert [line for line in printed().splitlines() if "`heygen.send`" in line] == []


@pytest.mark.parametrize(
    ("operation", "answer"),
    [
        ("ListVideos", "Pages[Video]"),
        ("ListAgentVideos", "Page[Video]"),
        ("GetVideoStatuses", "Page[BulkStatus]"),
        ("AvatarVideo", "Job[Video]"),
        ("CreateLipsync", "Job[Lipsync]"),
        ("CreateVideoTranslation", "list[Job[VideoTranslation]]"),
        ("CreateVideoBatch", "SentBatch[Video]"),
        ("CreateVideoAgent", "AgentSession"),
        ("CompleteUploadBatch", "None"),
    ],
)
def test_the_page_says_what_the_method_gives(operation: str, answer: str) -> None:
    (line,) = [line for line in printed().splitlines() if line.startswith(f"| `{operation}` ")]
    assert f"| `{answer}` |" in line
