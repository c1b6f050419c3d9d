"""Figures with a mark: how a benchmark says what it has found out.

A script measures, makes a `Mark` of each figure, and ends with `settle`:

    marks = [Mark("Client CPU of one GET, 64 in flight", ours=210e-6, peers={f"plain {release('aiohttp')}": 180e-6},
                  ratio=1.17, mark=1.3, better="lower", unit="s")]
    return settle(marks, quick=given.quick, promises={"each row is paid once": paid == rows})

That prints a table. Where the environment names a file (``HEYGEN_MARKS``), each mark becomes a line of JSON at its end,
and ``nox -s bench`` makes ``results.md`` of all of them:

    python benchmarks/marks.py marks.jsonl benchmarks/results.md
"""

import json
import os
import platform
import sys
from collections.abc import Iterable, Mapping, Sequence
from importlib.metadata import version
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Literal

from attrs import asdict, field, frozen

__all__ = ["Mark", "machine", "release", "settle"]

SLACK = 1.5
"""How much worse than its mark a figure may be before ``--quick`` fails: wide, for noise."""

FAR_OFF = 2
"""How a script ends that has found such a figure, and nothing broken: ``nox -s bench`` asks it once more."""

NEAR = 1.1
"""Below this a ratio is so near to 1 that its third decimal counts."""

SCALES = ((1.0, ""), (1e-3, "m"), (1e-6, "µ"))


@frozen
class Mark:
    """One question, and what was measured."""

    question: str
    """With all that decides the answer, such as how much was in flight."""

    ours: float
    """What it costs here, in `unit`."""

    peers: Mapping[str, float]
    """What it costs elsewhere, in `unit`, by name and version, such as ``{"openai 2.8.1": 0.0021}``."""

    ratio: float
    """What is held against the mark: mostly `ours` by the figure of the peer that counts as 1."""

    mark: float
    """What `ratio` should be: at most, or at least."""

    better: Literal["lower", "higher"] = field(default="lower", kw_only=True)
    """Which way is better."""

    unit: str = field(default="", kw_only=True)
    """Of `ours` and `peers`. Seconds (``"s"``) are printed as ms or µs where that reads better."""

    reason: str = field(default="", kw_only=True)
    """Why the mark is missed, as the profile says; also what else a reader has to know."""

    @property
    def met(self) -> bool:
        """Whether the mark is met."""
        return self.within(1.0)

    def within(self, slack: float) -> bool:
        """Tell whether the ratio is at most `slack` times as bad as its mark."""
        return self.ratio <= self.mark * slack if self.better == "lower" else self.ratio * slack >= self.mark

    @property
    def cells(self) -> tuple[str, ...]:
        """How it reads as a row of a table."""
        sign = "≤" if self.better == "lower" else "≥"
        others = ", ".join(f"{name}: {_figure(figure, self.unit)}" for name, figure in self.peers.items())
        verdict = "met" if self.met else "missed"
        ours, ratio, mark = _figure(self.ours, self.unit), _figure(self.ratio), f"{sign} {_figure(self.mark)}"
        return self.question, ours, others, ratio, mark, verdict, self.reason


HEADINGS = ("question", "ours", "peers", "ratio", "mark", "", "reason")


def release(package: str) -> str:
    """Name an installed package with its version, such as ``aiohttp 3.14.5``."""
    return f"{package} {version(package)}"


def machine() -> str:
    """Name what this ran on."""
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        lines = []
    named = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    processor = named[0] if named else platform.processor() or platform.machine()
    system = f"{platform.system()} {platform.release()}"
    return f"{os.cpu_count()} cores of {processor}; {system}; Python {platform.python_version()}; {release('aiohttp')}"


def settle(marks: Sequence[Mark], *, quick: bool, promises: Mapping[str, bool] | None = None) -> int:
    """Print what was found, add it to the file of marks, and return the exit status of the script.

    That is 1 where one of the `promises`, which are no timings, is broken; else, with `quick`, `FAR_OFF` where a ratio
    is worse than 1.5 times its mark. A mark that is merely missed is said, and no failure.
    """
    print(machine())
    for cells in (mark.cells for mark in marks):
        print("".join(f"\n{name:>10}  {cell}" for name, cell in zip(HEADINGS, cells, strict=True) if cell))
    for promise, kept in (promises or {}).items():
        print(f"\n{'kept' if kept else 'BROKEN':>10}  {promise}")
    if path := os.environ.get("HEYGEN_MARKS"):
        script, where = Path(sys.argv[0]).name, machine()
        with Path(path).open("a", encoding="utf-8") as lines:
            lines.writelines(json.dumps({"script": script, "machine": where, **asdict(mark)}) + "\n" for mark in marks)
    failed = [mark.question for mark in marks if quick and not mark.within(SLACK)]
    for question in failed:
        print(f"\n{'FAILED':>10}  {question}: worse than {SLACK} times its mark")
    if not all((promises or {}).values()):
        return 1
    return FAR_OFF if failed else 0


def results(lines: Iterable[str]) -> str:
    """Make a page of the lines that scripts have left."""
    read = [json.loads(line) for line in lines]
    found = [(each.pop("script"), each.pop("machine"), Mark(**each)) for each in read]
    found.sort(key=itemgetter(0))  # some run beside each other, and who ends first says nothing
    met = sum(mark.met for _, _, mark in found)
    page = [
        "# Results",
        "",
        f"Made by `nox -s bench`: {len(found)} marks, {met} of them met. [README.md](README.md) says what they mean.",
        "",
        *dict.fromkeys(f"* {where}" for _, where, _ in found),
    ]
    for script, group in groupby(found, key=lambda each: each[0]):
        page += ["", f"## `{script}`", "", _row(HEADINGS), _row("---" for _ in HEADINGS)]
        page += [_row(mark.cells) for _, _, mark in group]
    return "\n".join([*page, ""])


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cell.replace('|', '/') for cell in cells)} |"


def _figure(figure: float, unit: str = "") -> str:
    """Write a number with three digits that count, and one more just above 1; seconds also as ms or µs."""
    if unit != "s":
        return f"{_digits(figure)} {unit}".rstrip()
    scale, prefix = next((each for each in SCALES if abs(figure) >= each[0]), SCALES[-1])
    return f"{_digits(figure / scale)} {prefix}s"


def _digits(figure: float) -> str:
    size = abs(figure)
    if size == 0 or size >= 100:
        return f"{figure:,.0f}"
    if 1 < size < NEAR:
        return f"{figure:.3f}"
    return f"{figure:.1f}" if size >= 10 else f"{figure:.2f}" if size >= 0.095 else f"{figure:.2g}"


def main() -> int:
    """Make ``results.md`` of a file of marks: the two arguments."""
    source, target = sys.argv[1:]
    Path(target).write_text(results(Path(source).read_text(encoding="utf-8").splitlines()), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
