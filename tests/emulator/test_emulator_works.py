"""Works of any group: paid for, in a slot, ageing in the words of their group, with files."""

from pathlib import Path
from typing import Any

import pytest
from attrs import define, frozen
from visitor import ANNA, Visitor, another

from heygen_async.clock import ManualClock
from heygen_async.emulator import Emulator, FailRender, Fault, NoLink, Stuck, media
from heygen_async.emulator.footage import Making, Product, treating
from heygen_async.emulator.media import UnreadableMedia
from heygen_async.emulator.refusals import Refusal
from heygen_async.emulator.rendering import Failure
from heygen_async.emulator.service import Visit
from heygen_async.emulator.works import Order, Words, Work

pytestmark = pytest.mark.anyio


@frozen
class Wish:
    """What somebody asks for."""

    title: str = "A wish"
    folder_id: str | None = None


@define(eq=False, kw_only=True)
class Lipsync(Work[Wish]):
    noun = "lipsync"
    words = Words(processing="running")
    mode: str = "speed"


@define(eq=False, kw_only=True)
class Clone(Work[Wish]):
    noun = "voice"
    words = Words("processing", completed="complete")
    takes_slot = False


def at(emulator: Emulator, path: str = "/v3/lipsyncs") -> Visit:
    assert emulator._service is not None
    return Visit(emulator._service, emulator.url, path)


@pytest.fixture
def visit(emulator: Emulator) -> Visit:
    return at(emulator)


def order(kind: type[Any] = Lipsync, **how: Any) -> Order[Any]:
    return Order(kind, Wish(folder_id="f1"), **({"cost": 2.0} | how))


async def test_a_work_ages_in_the_words_of_its_group(visit: Visit, clock: ManualClock) -> None:
    lipsync = visit.undertake(order(fields={"mode": "precision"}))
    clone = visit.undertake(order(Clone, cost=0))
    seen = []
    for seconds in (0, 2, 60):
        await clock.advance(seconds)
        visit.account.advance(visit.now)
        seen.append((lipsync.status(visit.now), clone.status(visit.now), lipsync.stage(visit.now)))
    assert seen == [
        ("pending", "processing", "pending"),
        ("running", "processing", "processing"),
        ("completed", "complete", "completed"),
    ]
    assert (lipsync.mode, lipsync.folder_id, lipsync.request.title) == ("precision", "f1", "A wish")
    assert visit.account.shelf(Lipsync).find(lipsync.id) is visit.account.work(lipsync.id) is lipsync
    assert visit.account.work("nothing") is None
    assert [(entry.what, entry.amount) for entry in visit.account.wallet.entries] == [(lipsync.id, 2.0)]


async def test_progress_is_told_by_the_clock(visit: Visit, emulator: Emulator) -> None:
    emulator.faults.add(Fault(FailRender(), path="/v3/lipsyncs", times=1))
    emulator.faults.add(Fault(Stuck(), path="/v3/lipsyncs", times=1))
    failed, stuck, good = (visit.undertake(order()) for _ in range(3))
    seen = []
    for second in (0, 31, 61.9, 62):
        visit.account.advance(second)
        seen.append([work.progress(second) for work in (failed, stuck, good)])
    assert seen == [[0, 0, 0], [50, 0, 50], [99, 0, 99], [0, 0, 100]]


async def test_slots_are_shared_by_all_groups_but_for_works_that_take_none(clock: ManualClock) -> None:
    async with another(clock, renders=2) as (emulator, visitor):
        visit = at(emulator)
        for _ in range(3):
            visit.undertake(order(Clone))
        visit.undertake(order())
        await visitor.create()
        with pytest.raises(Refusal) as caught:
            visit.undertake(order())
        assert (caught.value.status, caught.value.code, caught.value.retry_after) == (429, "rate_limit_exceeded", 30)
        assert (await visitor.refusal())[:2] == (429, "rate_limit_exceeded")
        visit.undertake(order(Clone))
        assert len(emulator.account.shelf(Lipsync)) == 1
        await clock.advance(62)
        visit.undertake(order())


async def test_with_a_queue_works_wait(clock: ManualClock) -> None:
    async with another(clock, renders=1, queue=True) as (emulator, _):
        visit = at(emulator)
        first, second = visit.service.undertake("/v3/lipsyncs", order(), order())
        await clock.advance(70)
        visit.account.advance(visit.now)
        assert (first.status(visit.now), second.status(visit.now), second.begun) == ("completed", "running", 62)


async def test_a_wallet_that_cannot_pay_for_all_begins_nothing(visit: Visit) -> None:
    visit.account.wallet.balance = 3.0
    with pytest.raises(Refusal) as caught:
        visit.service.undertake("/v3/lipsyncs", order(), order())
    assert (caught.value.status, caught.value.code) == (402, "insufficient_credit")
    assert not visit.account.shelf(Lipsync)
    assert visit.account.wallet.balance == 3.0


async def test_faults_reach_works_by_the_path_of_their_post(visit: Visit, emulator: Emulator) -> None:
    emulator.faults.add(Fault(FailRender("lipsync_failed", "No face"), path="/v3/lipsyncs", times=1))
    emulator.faults.add(Fault(Stuck(), path="/v3/lipsyncs", times=1))
    other = at(emulator, "/v3/video-translations").undertake(order())
    failed, stuck, good = (visit.undertake(order()) for _ in range(3))
    visit.account.advance(62)
    assert [work.stage(62) for work in (other, failed, stuck, good)] == [
        "completed",
        "failed",
        "processing",
        "completed",
    ]
    assert failed.failure == Failure("lipsync_failed", "No face")
    assert visit.account.wallet.balance == 1000 - 3 * 2


async def test_links_come_after_some_looks(visit: Visit, emulator: Emulator, clock: ManualClock) -> None:
    emulator.faults.add(Fault(NoLink(2), path="/v3/lipsyncs"))
    making = Making(make=never, standins={"video": ".mp4"})
    work = visit.undertake(order(making=making))
    work.looked_at(visit.now)
    await clock.advance(62)
    visit.account.advance(visit.now)
    seen = []
    for _ in range(4):
        seen.append(visit.file(work, "video") is not None)
        work.looked_at(visit.now)
    assert seen == [False, False, True, True]


async def test_who_wants_to_know_is_told_of_each_end(visit: Visit) -> None:
    told: list[tuple[str, str, float | None]] = []
    visit.account.on_end.append(lambda work: told.append(("account", work.noun, work.ended)))
    visit.undertake(order(Clone, seconds=0, then=lambda work: told.append(("order", work.noun, work.ended))))
    assert visit.account.until_next(0) == 0
    visit.undertake(order(seconds=20))
    assert told == [("order", "voice", 0), ("account", "voice", 0)]
    assert visit.account.until_next(5) == 17
    visit.account.advance(50)
    assert told[2:] == [("account", "lipsync", 22)]
    assert visit.account.until_next(50) is None


async def test_a_work_that_is_stopped_has_failed_and_is_paid_back(visit: Visit) -> None:
    told: list[Any] = []
    work = visit.undertake(order(then=told.append))
    visit.account.stop(work, Failure("cancelled", "Somebody stopped it"), 30)
    assert (work.stage(30), work.ended, visit.account.wallet.balance) == ("failed", 30, 1000)
    visit.account.stop(work, Failure("again", None), 40)
    visit.account.advance(100)
    assert (work.failure, told) == (Failure("cancelled", "Somebody stopped it"), [work])


@pytest.mark.parametrize(("kind", "second", "balance"), [(Lipsync, 1, 1000), (Lipsync, 10, 998), (Clone, 1, 1000)])
async def test_a_dropped_work_is_gone_and_paid_back_if_nobody_had_begun(
    visit: Visit, kind: type[Any], second: float, balance: float
) -> None:
    work = visit.undertake(order(kind))
    visit.account.drop(work, second)
    assert (visit.account.work(work.id), visit.account.wallet.balance) == (None, balance)
    assert not visit.account.slots.running
    assert not visit.account.backstage.running
    with pytest.raises(Refusal):
        visit.account.drop(work, second)


async def test_a_work_without_files_has_none(visit: Visit, visitor: Visitor, clock: ManualClock) -> None:
    work = visit.undertake(order())
    assert work.duration(visit.now) is None
    await clock.advance(62)
    visit.account.advance(visit.now)
    assert (visit.file(work, "video"), work.duration(visit.now), await work.footage.made()) == (None, 0, None)
    assert (await visitor.fetch(visit.link(f"/files/video/{work.id}.mp4"))).status == 404
    visit.account.drop(work, visit.now)


async def test_files_of_a_work_stand_in_where_nothing_is_made(
    visit: Visit, visitor: Visitor, clock: ManualClock
) -> None:
    standins = {"video": ".mp4", "audio": ".wav", "captions": ".vtt"}
    work = visit.undertake(order(making=Making(make=never, seconds=7.5, standins=standins)))
    assert visit.file(work, "video") is None
    await clock.advance(62)
    visit.account.advance(visit.now)
    assert (work.duration(visit.now), await work.footage.made()) == (7.5, None)
    found = {}
    for name in standins:
        answer = await visitor.fetch(visit.file(work, name) or "", Range="bytes=0-3")
        found[name] = (answer.status, answer.headers["Content-Type"], answer.raw)
    assert found == {
        "video": (206, "video/mp4", b"\0\0\0\x20"),
        "audio": (206, "audio/wav", b"RIFF"),
        "captions": (206, "text/vtt", b"WEBV"),
    }
    assert visit.file(work, "thumbnail") is None
    assert (await visitor.fetch(visit.link(f"/files/thumbnail/{work.id}.jpg"))).status == 404


def never(folder: Path, name: str) -> Product:
    raise AssertionError("an emulator with synthetic files makes none")


class Maker:
    """Makes a sound, and counts."""

    def __init__(self, error: Exception | None = None) -> None:
        self.error = error
        self.made: list[str] = []

    def __call__(self, folder: Path, name: str) -> Product:
        self.made.append(name)
        if self.error is not None:
            raise self.error
        contents = {"audio.mp3": b"sound", "odd.xyz": b"?"}
        return Product.write(folder, name, 2.5, contents, result=["hello"])


async def test_files_of_a_work_are_made(clock: ManualClock) -> None:
    maker = Maker()
    async with another(clock, synthetic=None) as (emulator, visitor):
        visit = at(emulator)
        work = visit.undertake(order(making=Making(make=maker)))
        made = await work.footage.made()
        assert isinstance(made, Product)
        assert (made.result, made.duration) == (["hello"], 2.5)
        await clock.advance(62)
        visit.account.advance(visit.now)
        answers = [await visitor.fetch(visit.file(work, name) or "") for name in ("audio", "odd")]
        assert [(answer.raw, answer.headers["Content-Type"]) for answer in answers] == [
            (b"sound", "audio/mpeg"),
            (b"?", "application/octet-stream"),
        ]
        assert (visit.file(work, "video"), maker.made) == (None, [work.id])


async def test_equal_makings_are_made_once(clock: ManualClock) -> None:
    maker = Maker()
    async with another(clock, synthetic=None) as (emulator, _):
        visit = at(emulator)
        same = [visit.undertake(order(making=Making(make=maker, key=lambda: "same"))) for _ in range(3)]
        visit.undertake(order(making=Making(make=maker)))
        await emulator.idle()
        assert sorted(maker.made)[1:] == ["same"]
        assert len({await work.footage.file("audio") for work in same}) == 1


async def test_a_treatment_makes_real_files(clock: ManualClock) -> None:
    async with another(clock, synthetic=None) as (emulator, visitor):
        visit = at(emulator)
        cut = media.Cut(end=0.5)
        works = [visit.undertake(order(making=treating(cut, 0.5, video=".mp4"))) for _ in range(2)]
        await emulator.idle()
        await clock.advance(62)
        visit.account.advance(visit.now)
        assert [work.duration(visit.now) for work in works] == [pytest.approx(0.5, abs=0.1)] * 2
        answers = [await visitor.fetch(visit.file(work, "video") or "") for work in works]
        assert answers[0].raw == answers[1].raw
        assert answers[0].raw[4:8] == b"ftyp"
        assert visit.file(works[0], "thumbnail") is not None


async def test_what_cannot_be_made_fails_and_is_paid_back(clock: ManualClock) -> None:
    maker = Maker(UnreadableMedia("no sound in it"))
    async with another(clock, synthetic=None) as (emulator, _):
        visit = at(emulator)
        work = visit.undertake(order(making=Making(make=maker, key=lambda: "broken")))
        assert await work.footage.made() is None
        visit.account.advance(62)
        assert (work.failure, emulator.account.wallet.balance) == (
            Failure("rendering_failed", "Rendering failed: no sound in it"),
            1000,
        )


async def test_what_is_dropped_before_it_is_made_brings_nothing(clock: ManualClock) -> None:
    async with another(clock, synthetic=None) as (emulator, _):
        visit = at(emulator)
        work = visit.undertake(order(making=Making(make=Maker(), key=lambda: "x")))
        work.footage.render.cancel()
        assert await work.footage.made() is None
        await emulator.idle()


async def test_how_long_works_take_is_told_by_their_requests(clock: ManualClock) -> None:
    async with another(clock, render_seconds=lambda request: len(request.title)) as (emulator, _):
        visit = at(emulator)
        usual, quick = visit.undertake(order()), visit.undertake(order(seconds=0))
        assert (usual.timeline.end, quick.timeline.end) == (8, 0)


async def test_a_video_may_come_of_another_request(visit: Visit, visitor: Visitor) -> None:
    video_id = await visitor.create(avatar_id=ANNA)
    video = visit.account.video(video_id)
    assert (video.title, video.container) == (video_id, "mp4")
    video.request = Wish("From a template")
    shown = (await visitor.get(f"/v3/videos/{video_id}")).data
    assert shown["title"] == "From a template"
