"""Before a run: everything is looked up, all that is wrong is said at once, and nothing is created."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from heads import written
from photos import png
from runs import LOOK, video
from waves import wav

from heygen_async import HeyGen
from heygen_async.api.media import LocalFile
from heygen_async.api.users import User, Wallet
from heygen_async.api.videos import AvatarVideo, CinematicVideo, ImageVideo, VideoRequest
from heygen_async.bulk.forecast import Fold, Forecast
from heygen_async.bulk.preflight import preflight, prices_for
from heygen_async.bulk.prices import ENTERPRISE, PAY_AS_YOU_GO
from heygen_async.bulk.quotes import quote
from heygen_async.bulk.roster import Roster
from heygen_async.bulk.rows import Row
from heygen_async.bulk.span import Span
from heygen_async.emulator import Emulator, Fault, Refuse
from heygen_async.errors import NotAuthenticated, RowsInvalid

pytestmark = pytest.mark.anyio

PHOTO = "Tom_photo_20250204"
FILMED = "Diego_twin_20250702"


def folds(*requests: VideoRequest) -> list[Fold]:
    return [Fold(Row(request, line=at)) for at, request in enumerate(requests, start=2)]


async def forecast(heygen: HeyGen, *requests: VideoRequest) -> Forecast:
    return await preflight(folds(*requests), Roster(heygen._desk))


async def problems(heygen: HeyGen, rows: Sequence[Fold]) -> list[str]:
    with pytest.raises(RowsInvalid) as caught:
        await preflight(rows, Roster(heygen._desk), source="products.csv")
    assert caught.value.source == "products.csv"
    return str(caught.value).split("\n")


async def test_what_is_found_out_makes_the_quotes_narrower(heygen: HeyGen, emulator: Emulator) -> None:
    requests = [video(), video(voice_id=next(iter(emulator.account.voices))), AvatarVideo(avatar_id=PHOTO, script="Hi")]
    plan = await forecast(heygen, *requests)
    assert [one.quote.rate for one in plan.renders] == [Span.exactly(0.0667), Span.exactly(0.0667), Span.exactly(0.05)]
    for one, request in zip(plan.renders, requests, strict=True):
        assert one.quote.usd.high < quote(request).usd.high
        assert one.quote == quote(request, plan.known, plan.prices)
    assert plan.usd == Span.sum(one.quote.usd for one in plan.renders)
    assert plan.seconds == Span.sum(one.quote.seconds for one in plan.renders)
    assert (plan.rows, plan.balance, plan.remarks) == (3, 1000, [])
    assert {served.method for served in emulator.log.served} == {"GET"}


async def test_everything_that_is_wrong_is_said_at_once_by_line(heygen: HeyGen, tmp_path: Path) -> None:
    picture = ImageVideo(image=written(tmp_path / "face.png"), script="Hi", voice_id="nobody")
    gone = Fold(Row(AvatarVideo(avatar_id="gone", script="Hi"), line=9), [Row(video(), line=7)])
    found = await problems(heygen, [*folds(video(motion_prompt="nod"), video(), picture), gone])
    assert [line.split(": ")[0] for line in found] == [
        "line 2, column motion_prompt",
        "line 4, column voice_id",
        "line 4, column image",
        "line 7, column avatar_id",
        "line 9, column avatar_id",
    ]


async def test_a_persons_id_is_told_from_a_looks(heygen: HeyGen, emulator: Emulator) -> None:
    person = emulator.account.look(LOOK).person
    (found,) = await problems(heygen, folds(AvatarVideo(avatar_id=person.id, script="Hi")))
    assert f"{person.id} is a person's id; a video wants one of their looks, such as {person.looks[0].id}"[:60] in found


async def test_a_doubt_is_said_once_with_all_its_lines(heygen: HeyGen) -> None:
    clear = AvatarVideo(avatar_id=FILMED, script="Hi", output_format="webm")
    plan = await forecast(heygen, clear, video(), clear)
    (remark,) = plan.remarks
    assert remark.lines == [2, 4]
    assert remark.text.startswith("webm: not every digital_twin can be cut out")


async def test_a_sound_of_this_machine_is_measured(heygen: HeyGen, tmp_path: Path) -> None:
    (tmp_path / "speech.wav").write_bytes(wav(bytes(160_000)))
    plan = await forecast(heygen, AvatarVideo(avatar_id=PHOTO, audio_url=LocalFile(tmp_path / "speech.wav")))
    assert plan.usd.low == plan.usd.high == pytest.approx(0.5)


async def test_a_small_picture_is_doubted(heygen: HeyGen, emulator: Emulator, tmp_path: Path) -> None:
    (tmp_path / "face.png").write_bytes(png(100, 100))
    voice = next(iter(emulator.account.voices))
    plan = await forecast(heygen, ImageVideo(image=LocalFile(tmp_path / "face.png"), script="Hi", voice_id=voice))
    assert "100 x 100 pixels" in plan.remarks[0].text


async def test_a_key_that_may_not_read_the_account_is_no_obstacle(heygen: HeyGen, emulator: Emulator) -> None:
    emulator.faults.add(Fault(Refuse(403, "forbidden", "No"), path="*/users/me"))
    plan = await forecast(heygen, video())
    assert (plan.account, plan.balance, plan.prices) == (None, None, PAY_AS_YOU_GO)


async def test_a_wrong_key_ends_it(heygen: HeyGen, emulator: Emulator) -> None:
    emulator.faults.add(Fault(Refuse(401, "unauthorized", "No"), path="*/users/me"))
    with pytest.raises(NotAuthenticated):
        await forecast(heygen, video())


async def test_a_thousand_rows_cost_a_handful_of_requests(heygen: HeyGen, emulator: Emulator) -> None:
    looks = list(emulator.account.looks)
    film = CinematicVideo(avatar_id=looks[:2], prompt="A walk")
    requests = [AvatarVideo(avatar_id=looks[at % len(looks)], script=f"Hello {at}") for at in range(1000)]
    plan = await forecast(heygen, film, *requests)
    assert plan.rows == 1001
    assert len(emulator.log.served) <= 8


def account(**fields: Any) -> User:
    return User("me", **fields)


def test_who_has_a_contract_pays_in_credits() -> None:
    assert prices_for(account(wallet=Wallet("credits", 10))) is ENTERPRISE
    assert prices_for(account(billing_type="usage_based")) is ENTERPRISE
    assert prices_for(account(billing_type="wallet", wallet=Wallet())) is PAY_AS_YOU_GO
    assert prices_for(None) is PAY_AS_YOU_GO
