"""The benchmarks' marks: what is met, what is missed, and what makes a short run fail."""

import importlib.util
import json
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

MARKS = Path(__file__).parent.parent / "benchmarks" / "marks.py"


def load() -> Any:
    spec = importlib.util.spec_from_file_location("marks", MARKS)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


marks = load()


def of(ratio: float, mark: float, better: str, **more: Any) -> Any:
    return marks.Mark("how much", ratio, {"a peer 1.0": 1.0}, ratio, mark, better=better, **more)


@pytest.mark.parametrize(
    ("better", "ratio", "met", "bearable"),
    [
        ("lower", 1.0, True, True),
        ("lower", 2.0, True, True),
        ("lower", 2.1, False, True),
        ("lower", 3.0, False, True),
        ("lower", 3.1, False, False),
        ("higher", 2.5, True, True),
        ("higher", 2.0, True, True),
        ("higher", 1.9, False, True),
        ("higher", 1.4, False, True),
        ("higher", 1.3, False, False),
    ],
)
def test_a_mark_of_two_is_met_and_then_missed_by_half_in_both_directions(
    better: str, ratio: float, met: bool, bearable: bool
) -> None:
    mark = of(ratio, 2.0, better)
    assert (mark.met, mark.within(1.5)) == (met, bearable)


@given(st.floats(0.001, 1000), st.floats(0.001, 1000), st.sampled_from(["lower", "higher"]))
def test_what_meets_its_mark_is_never_far_off(ratio: float, mark: float, better: str) -> None:
    one = of(ratio, mark, better)
    assert not one.met or one.within(1.5)


@given(st.floats(0.001, 1000), st.floats(0.001, 1000))
def test_better_is_the_other_way_round_for_the_inverse(ratio: float, mark: float) -> None:
    if abs(ratio - mark) > 1e-6 * mark:
        assert of(ratio, mark, "lower").met is of(1 / ratio, 1 / mark, "higher").met


@pytest.mark.parametrize(("quick", "ratio", "status"), [(True, 3.1, marks.FAR_OFF), (True, 2.9, 0), (False, 3.1, 0)])
def test_only_the_short_run_fails_for_a_figure(
    quick: bool, ratio: float, status: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("HEYGEN_MARKS", raising=False)
    assert marks.settle([of(ratio, 2.0, "lower")], quick=quick) == status


@pytest.mark.parametrize("quick", [True, False])
def test_a_broken_promise_fails_always(quick: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HEYGEN_MARKS", raising=False)
    assert marks.settle([of(1.0, 2.0, "lower")], quick=quick, promises={"kept": True, "not kept": False}) == 1


def test_what_is_settled_comes_out_as_a_page(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "marks.jsonl"
    monkeypatch.setenv("HEYGEN_MARKS", str(file))
    monkeypatch.setattr(sys, "argv", ["benchmarks/requests.py"])
    marks.settle([of(0.5, 2.0, "lower", unit="s"), of(0.5, 2.0, "higher", reason="the disk")], quick=False)
    marks.settle([of(2.0, 2.0, "higher")], quick=False)
    assert "missed" in capsys.readouterr().out
    page = marks.results(file.read_text("utf-8").splitlines())
    assert "3 marks, 2 of them met" in page
    assert page.count("## `requests.py`") == 1
    assert page.count(marks.machine()) == 1
    assert "| how much | 500 ms | a peer 1.0: 1.00 s | 0.50 | ≤ 2.00 | met |  |" in page
    assert "| how much | 0.50 | a peer 1.0: 1.00 | 0.50 | ≥ 2.00 | missed | the disk |" in page
    assert [json.loads(line)["script"] for line in file.read_text("utf-8").splitlines()] == ["requests.py"] * 3


@pytest.mark.parametrize(
    ("figure", "text"),
    [(0.0, "0"), (0.0123, "0.012"), (0.95, "0.95"), (1.0, "1.00"), (1.0034, "1.003"), (1.17, "1.17"), (12.34, "12.3"),
     (1234.5, "1,234")],
)  # fmt: skip
def test_figures_have_three_digits_that_count_and_four_just_above_one(figure: float, text: str) -> None:
    assert of(figure, 1.0, "lower").cells[3] == text


def test_every_benchmark_is_asked_by_a_session() -> None:
    said = (MARKS.parent.parent / "noxfile.py").read_text("utf-8")
    scripts = {path.name for path in MARKS.parent.glob("*.py")} - {"marks.py"}
    assert [name for name in sorted(scripts) if f'"{name}"' not in said and f"benchmarks/{name}" not in said] == []
