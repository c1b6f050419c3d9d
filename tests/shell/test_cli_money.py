"""The command line and money: a plan before, a budget during, a bill after."""

import json
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from runs import paid
from test_cli_resume import Terminal, rows

from heygen_async import ScaledClock
from heygen_async.emulator import Emulator, Fault, Refuse

pytestmark = pytest.mark.anyio

BULK = ("bulk", "rows.csv", "--into", "videos")


@pytest.fixture
async def quick() -> AsyncIterator[Emulator]:
    """An emulator that renders at once."""
    async with Emulator(clock=ScaledClock(1000), synthetic=3000, render_seconds=1) as running:
        yield running


@pytest.fixture
def terminal(quick: Emulator, tmp_path: Path) -> Terminal:
    (tmp_path / "rows.csv").write_text(rows("One", "Two", "Three", "Three"))
    return Terminal(tmp_path, quick.url)


def line(text: str, begins: str) -> str:
    return next(found for found in text.splitlines() if found.startswith(begins))


async def test_a_dry_run_prints_the_plan_and_leaves_no_trace(terminal: Terminal, quick: Emulator) -> None:
    ended = await terminal.run(*BULK, "--dry-run", "--budget", "0.1")
    assert (ended.code, ended.err) == (0, "")
    assert line(
        ended.out, "renders"
    ) == "renders  3 -> videos/ (1 row is equal to another: a copy of its file)".replace("->", "→")
    assert line(ended.out, "wallet") == "wallet   $1,000.00, enough"
    assert line(ended.out, "budget").startswith("budget   $0.10, ")
    assert '  lines 4-5 "Three"' in ended.out
    assert ended.out.splitlines()[-1] == "Nothing was sent."
    assert {served.method for served in quick.log.served} == {"GET"}
    assert [path.name for path in terminal.folder.iterdir()] == ["rows.csv"]


async def test_a_dry_run_in_json_is_a_line_for_each_render(terminal: Terminal) -> None:
    ended = await terminal.run(*BULK, "--dry-run", "--json")
    assert [json.loads(one)["lines"] for one in ended.out.splitlines()] == [[2], [3], [4, 5]]
    assert "Nothing was sent." in ended.err


async def test_a_dry_run_of_what_is_begun_knows_what_is_there(terminal: Terminal, quick: Emulator) -> None:
    await terminal.run(*BULK)
    ended = await terminal.run(*BULK, "--dry-run")
    assert line(ended.out, "renders") == "renders  0 → videos/ (4 files are there already)"
    assert paid(quick) == 3


async def test_a_run_says_its_plan_before_and_its_bill_after(terminal: Terminal, quick: Emulator) -> None:
    ended = await terminal.run(*BULK)
    assert ended.code == 0
    assert line(ended.err, "Plan: 3 renders (1 row is equal").endswith("; the wallet has $1,000.00.")
    assert "about $0.20 by the length of the videos; $0.20 went out of the wallet, which has $999.80 left" in ended.out
    assert paid(quick) == 3
    assert len({(terminal.folder / "videos" / name).read_bytes() for name in ("Three.mp4", "Three (2).mp4")}) == 1


async def test_equal_rows_can_have_a_video_each(terminal: Terminal, quick: Emulator) -> None:
    assert (await terminal.run(*BULK, "--no-fold")).code == 0
    assert paid(quick) == 4


async def test_a_budget_stops_a_run_and_a_larger_one_goes_on(terminal: Terminal, quick: Emulator) -> None:
    ended = await terminal.run(*BULK, "--budget", "0.2")
    assert ended.code == 4
    assert paid(quick) == 1
    assert line(ended.out, "budget") == (
        "budget: $0.07 of $0.20 spent; 3 rows do not fit; go on with a larger --budget"
    )
    assert ended.out.splitlines()[-1] == "Stopped early; go on with: heygen-async resume videos"
    again = await terminal.run("resume", "videos")
    assert (again.code, paid(quick)) == (4, 1)
    assert line(again.err, "Budget").startswith("Budget: $0.13, it may be enough")
    more = await terminal.run("resume", "videos", "--budget", "0.5")
    assert (more.code, paid(quick)) == (0, 3)
    assert line(more.out, "budget") == "budget: $0.20 of $0.50 spent"


async def test_a_plan_is_no_order(terminal: Terminal, quick: Emulator) -> None:
    await terminal.run(*BULK)
    (terminal.folder / "other.csv").write_text(rows("Four"))
    words = ("bulk", "other.csv", "--into", "videos", "--dry-run", "--overwrite", "--budget", "0")
    assert line((await terminal.run(*words)).out, "renders").startswith("renders  1 ")
    ended = await terminal.run("resume", "videos")
    assert (ended.code, paid(quick)) == (0, 3)
    assert "0 done, 0 failed, 4 kept" in ended.out


async def test_what_an_earlier_run_has_paid_for_is_no_cost_of_this_one(terminal: Terminal, quick: Emulator) -> None:
    await terminal.run(*BULK)
    shutil.rmtree(terminal.folder / "videos")
    ended = await terminal.run(*BULK)
    assert "4 done" in ended.out
    assert "cost:" not in ended.out
    assert paid(quick) == 3


async def test_all_that_is_wrong_is_said_at_once_and_nothing_is_sent(terminal: Terminal, quick: Emulator) -> None:
    text = rows(*"abcde").replace("Anna_public_3_20240108", "nobody") + "Tom_photo_20250204,Hi,last\n"
    (terminal.folder / "rows.csv").write_text(text)
    ended = await terminal.run(*BULK)
    assert (ended.code, ended.out) == (2, "")
    assert ended.err.splitlines() == [
        "lines 2-6, column avatar_id: this account has no look nobody",
        "5 problems in 5 rows of rows.csv; nothing was sent",
    ]
    assert paid(quick) == 0


async def test_an_empty_wallet_stops_a_run_that_goes_on_later(terminal: Terminal, quick: Emulator) -> None:
    quick.account.wallet.balance = 0.1
    ended = await terminal.run(*BULK, "--at-once", "1")
    assert ended.code == 4
    assert "402" in ended.out
    quick.account.wallet.balance = 10
    assert (await terminal.run("resume", "videos")).code == 0
    assert paid(quick) == 3


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--budget", "-1"), "Must be >= 0"),
        (("--budget", "much"), 'unable to convert "much" into float'),
        (("--budget",), "requires an argument"),
        (("--budget", "nan"), "Must be"),
    ],
)
async def test_what_is_no_budget_is_refused(terminal: Terminal, words: tuple[str, ...], said: str) -> None:
    ended = await terminal.run(*BULK, *words)
    assert ended.code == 2
    assert said in ended.err


async def test_a_key_that_may_not_look_is_no_obstacle(terminal: Terminal, quick: Emulator) -> None:
    quick.faults.add(Fault(Refuse(403, "forbidden", "Not in the key's scope"), method="GET", path="*/avatars/*"))
    ended = await terminal.run(*BULK)
    assert ended.code == 0
    assert "The rows could not be looked up: Not in the key's scope" in ended.err


async def test_a_balance_that_nobody_says_is_left_out_of_the_bill(terminal: Terminal, quick: Emulator) -> None:
    quick.faults.add(Fault(Refuse(403, "forbidden", "No"), method="GET", path="*/users/me"))
    ended = await terminal.run(*BULK)
    assert ended.code == 0
    assert line(ended.out, "cost: ").endswith("about $0.20 by the length of the videos")
    assert "wallet" not in line(ended.err, "Plan: ")
