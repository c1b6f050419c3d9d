"""`docs/api.md` is what the classes say, and every operation has a method."""

import importlib.util
from pathlib import Path

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
