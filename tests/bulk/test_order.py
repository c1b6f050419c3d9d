"""In which order rows go out, and that a run keeps to it."""

from pathlib import Path

import pytest
from jumping import Jumping
from runs import outcomes_of

from heygen_async import AvatarVideo, ClientMisused, HeyGen, Limits, ManualClock, Options
from heygen_async.api.engines import AvatarIII
from heygen_async.bulk.order import renders_of
from heygen_async.bulk.quotes import quote
from heygen_async.durations import Case, Durations
from heygen_async.emulator import Emulator

pytestmark = pytest.mark.anyio

LENGTHS = (40, 400, 10, 200)


def videos() -> list[AvatarVideo]:
    return [
        AvatarVideo(avatar_id="Anna_public_3_20240108", script="o" * length, title=f"{length}") for length in LENGTHS
    ]


def learned(request: AvatarVideo, seconds: float, jobs: int = 10) -> Durations:
    known = Durations()
    for _ in range(jobs):
        known = known.after(Case.of("video", request), seconds)
    return known


def test_the_longer_the_script_the_longer_it_will_render() -> None:
    judged = renders_of(videos(), quote, Durations())
    assert sorted(LENGTHS, key=lambda length: judged[LENGTHS.index(length)]) == sorted(LENGTHS)


def test_finished_renders_tell_that_an_engine_is_slow() -> None:
    short = AvatarVideo(avatar_id="anna", script="o" * 100, engine=AvatarIII())
    long = AvatarVideo(avatar_id="anna", script="o" * 200)
    known = learned(short, 900.0).joined(learned(long, 60.0))
    slow, quick = renders_of([short, long], quote, known)
    assert slow > quick
    slow, quick = renders_of([short, long], quote, learned(short, 900.0))  # of the other engine nothing is known
    assert slow < quick


async def order_of(tmp_path: Path, order: str) -> list[str]:
    """The titles of a run in the order in which they were begun."""
    clock, options = Jumping(), Options(limits=Limits(renders=1, downloads=1))
    async with (
        Emulator(clock=clock, synthetic=3000, render_seconds=60, renders=1) as emulator,
        HeyGen(emulator.api_key, base_url=emulator.url, clock=clock, options=options) as heygen,
    ):
        clock.client = heygen

        async def follow() -> None:
            async for outcome in heygen.bulk(videos(), into=tmp_path / order, order=order):  # type: ignore[arg-type]  # as callers write it
                assert outcome.status == "done"

        await clock.drive(follow())
        made = sorted(emulator.account.videos.values(), key=lambda video: video.begun or 0.0)
        return [video.request.title for video in made]


async def test_a_run_begins_the_longest_first_where_that_is_asked_for(tmp_path: Path) -> None:
    *first, third, last = await order_of(tmp_path, "longest-first")
    assert (sorted(first), third, last) == (["200", "400"], "40", "10")  # two rows are looked at together
    *first, third, last = await order_of(tmp_path, "rows")
    assert (sorted(first), third, last) == (["40", "400"], "10", "200")


async def test_another_order_is_refused_before_anything_is_sent(heygen: HeyGen, tmp_path: Path) -> None:
    with pytest.raises(ClientMisused, match="longest-first"):
        heygen.bulk(videos(), into=tmp_path, order="shortest")  # type: ignore[arg-type]  # that is what is tested


async def test_what_one_run_has_learned_the_next_one_knows(
    emulator: Emulator, tmp_path: Path, clock: ManualClock
) -> None:
    async def run(journal: str) -> Durations:
        async with HeyGen(emulator.api_key, base_url=emulator.url, clock=clock) as heygen:
            await clock.drive(outcomes_of(heygen.bulk(videos(), into=tmp_path, journal=tmp_path / journal)))
            return heygen._desk.foresight.known

    first = await run("journal.db")
    assert str(await run("journal.db")) == str(first) != str(Durations())
    assert (await run("other.db")).fits == {}
