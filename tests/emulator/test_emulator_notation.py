"""Faults in JSON: what is written can be read, and what cannot be read is named."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heygen_async.emulator import Chaos, FailRender, Fault, Garbage, Hang, NoLink, Refuse, ResetAfter
from heygen_async.emulator.faults import Happening
from heygen_async.emulator.notation import read_faults, read_word, write_fault
from heygen_async.errors import RequestInvalid

EVERYTHING = st.one_of([st.from_type(kind) for kind in Happening.__args__ if kind.tag not in {"Garbage", "Slow"}])


@given(EVERYTHING, st.one_of(st.none(), st.integers(1)), st.floats(0, 1), st.integers(1), st.integers())
def test_what_is_written_can_be_read(what: Any, times: int | None, chance: float, run: int, seed: int) -> None:
    fault = Fault(what, method="P*", path="/x", times=times, chance=chance, run=run, seed=seed)
    assert read_faults(json.loads(json.dumps([write_fault(fault)]))) == [fault]


def test_every_fault_of_a_mixture_can_be_written_and_read() -> None:
    faults = list(Chaos(seed=1, spare=()))
    assert read_faults([write_fault(fault) for fault in faults]) == faults


def test_what_is_left_out_is_as_in_python() -> None:
    assert read_faults({"what": {"type": "ResetAfter"}}) == [Fault(ResetAfter())]
    assert read_faults([{"what": {"type": "Hang", "seconds": 3}, "times": 2}]) == [Fault(Hang(seconds=3), times=2)]
    assert read_faults({"what": {"type": "Garbage", "content": "é"}}) == [Fault(Garbage("é".encode()))]
    assert read_faults([{"chaos": {"seed": 7, "spare": ["Hang"]}}]) == list(Chaos(seed=7, spare=("Hang",)))
    assert read_faults([]) == []


def test_a_render_can_fail_without_a_reason_in_json_too() -> None:
    untold = {"type": "FailRender", "code": None, "message": None}
    assert read_faults({"what": untold}) == [Fault(FailRender(None, None))]
    assert read_faults({"what": {"type": "FailRender"}}) == [Fault(FailRender())]


@pytest.mark.parametrize(
    ("payload", "field"),
    [
        (5, "0"),
        ([{"what": {"type": "ResetAfter"}}, {}], "1.what"),
        ({"what": "ResetAfter"}, "0.what"),
        ({"what": {"type": "Nonsense"}}, "0.what.type"),
        ({"what": {"type": "Refuse", "status": "x", "code": "y"}}, "0.what.status"),
        ({"what": {"type": "NoLink", "much": 1}}, "0.what.much"),
        ({"what": {"type": "Stuck"}, "often": 1}, "0.often"),
        ({"what": {"type": "Stuck"}, "chance": 2}, "0"),
        ({"chaos": {}}, "0.seed"),
        ({"chaos": {"seed": 1, "rate": 7}}, "0"),
        ({"chaos": {"seed": 1, "spare": ["Nonsense"]}}, "0"),
    ],
)
def test_what_cannot_be_read_is_named_with_its_place(payload: Any, field: str) -> None:
    with pytest.raises(RequestInvalid) as caught:
        read_faults(payload)
    assert [problem.field for problem in caught.value.problems] == [field]


def test_a_word_is_a_mixture_or_a_file(tmp_path: Path) -> None:
    assert read_word("chaos:7") == list(Chaos(seed=7))
    assert read_word("chaos:-7:0.25") == list(Chaos(seed=-7, rate=0.25))
    path = tmp_path / "faults.json"
    path.write_text(
        '[{"what": {"type": "NoLink", "times": 3}}, {"what": {"type": "Refuse", "status": 500, "code": "x"}}]'
    )
    assert read_word(str(path)) == [Fault(NoLink(3)), Fault(Refuse(500, "x"))]


@pytest.mark.parametrize("word", ["chaos", "chaos:", "chaos:x", "chaos:7:", "chaos:7:x", "chaos:7:2", "no/such.json"])
def test_a_word_that_is_neither_is_refused(word: str) -> None:
    with pytest.raises((ValueError, OSError)):
        read_word(word)
