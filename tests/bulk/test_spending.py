"""The money of a run: put aside first, then settled or freed, and never more than the budget."""

import asyncio

import pytest
from runs import video

from heygen_async.api.looks import AvatarLook
from heygen_async.api.videos import Video
from heygen_async.bulk.budget import Budget
from heygen_async.bulk.prices import ENTERPRISE
from heygen_async.bulk.quotes import Known, quote
from heygen_async.bulk.span import Span
from heygen_async.bulk.spending import Spending
from heygen_async.errors import BudgetReached

pytestmark = pytest.mark.anyio

REQUEST = video()
MOST = quote(REQUEST).usd.high


def finished(seconds: float | None = 2.0) -> Video:
    return Video("video", "completed", duration=seconds)


async def test_what_is_put_aside_is_settled_by_the_videos_length() -> None:
    spending = Spending(5)
    quoted = await spending.reserve("a", REQUEST)
    assert spending.budget.reserved == pytest.approx(quoted.usd.high, abs=1e-5)
    assert spending.settle("a", finished()) == pytest.approx(2 * 0.0667)
    assert spending.settle("a", finished()) is None
    assert (spending.quoted, spending.charged) == (quoted.usd, pytest.approx(2 * 0.0667))
    assert spending.budget.spent == pytest.approx(spending.charged, abs=1e-5)
    assert spending.budget.reserved == 0


async def test_a_length_that_nobody_says_counts_as_the_longest() -> None:
    spending = Spending(5)
    await spending.reserve("a", REQUEST)
    assert spending.settle("a", finished(None)) == pytest.approx(MOST)


async def test_a_row_waits_until_another_has_ended() -> None:
    spending = Spending(MOST * 1.5)
    await spending.reserve("a", REQUEST)
    waiting = asyncio.create_task(spending.reserve("b", REQUEST), name="b")
    await asyncio.sleep(0)
    assert not waiting.done()
    spending.release("a")
    assert (await waiting).usd.high == MOST
    spending.release("a")  # harmless


async def test_a_row_that_will_never_fit_is_refused() -> None:
    spending = Spending(MOST * 1.5)
    await spending.reserve("a", REQUEST)
    waiting = asyncio.create_task(spending.reserve("b", REQUEST), name="b")
    await asyncio.sleep(0)
    spending.lose("a")
    spending.lose("a")  # harmless
    with pytest.raises(
        BudgetReached, match=r"it may cost \$0.1\d, and of the budget of \$0.2\d \$0.0\d are left"
    ) as caught:
        await waiting
    assert caught.value.needed == MOST
    assert caught.value.limit == pytest.approx(MOST * 1.5, abs=1e-5)


async def test_who_has_put_aside_once_does_not_again() -> None:
    spending = Spending(MOST * 1.5)
    spending.seize("a", REQUEST)
    spending.seize("a", REQUEST)
    await spending.reserve("a", REQUEST)
    assert spending.budget.reserved == pytest.approx(MOST, abs=1e-5)


async def test_what_may_be_paid_for_already_counts_although_it_does_not_fit() -> None:
    spending = Spending(MOST / 2)
    spending.seize("a", REQUEST)
    assert spending.budget.free == 0


async def test_two_runs_share_a_budget() -> None:
    budget = Budget(MOST * 1.5)
    one, other = Spending(budget), Spending(budget)
    await one.reserve("a", REQUEST)
    waiting = asyncio.create_task(other.reserve("a", REQUEST), name="other")
    await asyncio.sleep(0)
    assert not waiting.done()
    one.release("a")
    await waiting


async def test_a_cancelled_wait_leaves_nothing() -> None:
    spending = Spending(MOST * 1.5)
    await spending.reserve("a", REQUEST)
    waiting = asyncio.create_task(spending.reserve("b", REQUEST), name="b")
    await asyncio.sleep(0)
    waiting.cancel()
    await asyncio.gather(waiting, return_exceptions=True)
    spending.release("a")
    assert spending.budget.reserved == 0


async def test_without_a_bound_everything_fits() -> None:
    spending = Spending()
    for number in range(1000):
        await spending.reserve(str(number), REQUEST)
    assert not spending.bounded
    assert Spending(5).bounded


def test_what_was_found_out_counts() -> None:
    spending = Spending(5)
    photo = AvatarLook(REQUEST.avatar_id, avatar_type="photo_avatar")
    spending.learn(Known(looks={REQUEST.avatar_id: photo}), ENTERPRISE)
    assert spending.quote(REQUEST).rate == Span.exactly(0.05)
