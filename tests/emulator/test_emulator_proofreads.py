"""Proofreads: aged, read, corrected, made into videos, listed and deleted."""

from typing import Any

import pytest
from visitor import MP3, Visitor, another, upload

from heygen_async.clock import ManualClock
from heygen_async.emulator import Emulator, FailRender, Fault, media
from heygen_async.emulator.operations.proofreads import ProofreadWork
from heygen_async.emulator.operations.translations import TranslationWork

pytestmark = pytest.mark.anyio

PATH = "/v3/video-translations/proofreads"
BODY = {
    "video": {"type": "url", "url": "https://example.com/talk.mp4"},
    "output_languages": ["German"],
    "title": "Talk",
}
GERMAN = "Dieses Video spricht jetzt Deutsch."
SRT = b"\xef\xbb\xbf1\n00:00:00,000 --> 00:00:01,500\nGuten Tag!\n"


async def create(visitor: Visitor, **fields: Any) -> list[str]:
    receipt = (await visitor.post(PATH, BODY | fields)).data
    assert receipt["status"] == "processing"
    ids: list[str] = receipt["proofread_ids"]
    return ids


async def completed(visitor: Visitor, **fields: Any) -> str:
    (one,) = await create(visitor, **fields)
    await visitor.clock.advance(62)
    return one


async def asset(visitor: Visitor, content: bytes) -> dict[str, str]:
    return {"type": "asset_id", "asset_id": (await upload(visitor, content)).data["asset_id"]}


async def correct(visitor: Visitor, one: str, srt: dict[str, str]) -> Any:
    return await visitor.send("PUT", f"{PATH}/{one}/srt", json={"srt": srt})


async def words(visitor: Visitor, one: str) -> list[str]:
    """The translation and the original, as they are now."""
    links = (await visitor.get(f"{PATH}/{one}/srt")).data
    return [(await visitor.fetch(links[name])).raw.decode() for name in ("srt_url", "original_srt_url")]


async def test_a_proofread_ages_in_heygens_words(visitor: Visitor, clock: ManualClock) -> None:
    (one,) = await create(visitor)
    seen = []
    for seconds in (0, 2, 60):
        await clock.advance(seconds)
        seen.append((await visitor.get(f"{PATH}/{one}")).data["status"])
    assert seen == ["processing", "processing", "completed"]
    shown = (await visitor.get(f"{PATH}/{one}")).data
    assert shown.pop("created_at") > 1_700_000_000
    assert shown == {
        "id": one,
        "status": "completed",
        "title": "Talk",
        "input_language": "English",
        "output_language": "German",
        "submitted_for_review": False,
    }


async def test_proofreads_take_no_slots(clock: ManualClock) -> None:
    async with another(clock, renders=1) as (_, visitor):
        await visitor.create()
        assert len(await create(visitor, output_languages=["German", "French"])) == 2


async def test_each_second_is_paid_for_in_each_language(visitor: Visitor, emulator: Emulator) -> None:
    ids = await create(visitor, output_languages=["German", "French"])
    assert [(entry.what, entry.amount) for entry in emulator.account.wallet.entries] == [(one, 0.0208) for one in ids]


async def test_the_words_can_be_replaced_and_the_original_stays(visitor: Visitor) -> None:
    one = await completed(visitor)
    translation, original = await words(visitor, one)
    assert GERMAN in translation
    assert "This video now speaks another language." in original
    assert (await correct(visitor, one, await asset(visitor, SRT))).data["id"] == one
    assert await words(visitor, one) == [SRT.decode("utf-8-sig"), original]


async def test_subtitles_that_are_given_are_the_original(visitor: Visitor) -> None:
    one = await completed(visitor, srt=await asset(visitor, SRT))
    translation, original = await words(visitor, one)
    assert ("Guten Tag!" in original, GERMAN in translation) == (True, True)


async def test_words_that_are_out_of_reach_change_nothing(visitor: Visitor, emulator: Emulator) -> None:
    one = await completed(visitor)
    before = await words(visitor, one)
    assert (await correct(visitor, one, {"type": "url", "url": "https://example.com/a.srt"})).status == 200
    assert await words(visitor, one) == before
    assert "https://example.com/a.srt is out of reach; a built-in subtitle file stands in" in emulator.log.notes


async def test_what_is_no_srt_file_is_refused(visitor: Visitor) -> None:
    one = await completed(visitor)
    refused = await correct(visitor, one, await asset(visitor, MP3))
    assert refused.refusal == (400, "invalid_parameter", "srt")


async def test_the_video_of_a_proofread_is_a_translation_with_its_words(
    visitor: Visitor, emulator: Emulator, clock: ManualClock
) -> None:
    folder_id = (await visitor.post("/v3/folders", {"name": "Talks"})).data["folder_id"]
    one = await completed(visitor, mode="precision", folder_id=folder_id)
    await correct(visitor, one, await asset(visitor, SRT))
    receipt = (await visitor.send("POST", f"{PATH}/{one}/generate")).data
    assert receipt.pop("status") == "processing"
    await clock.advance(62)
    shown = (await visitor.get(f"/v3/video-translations/{receipt['video_translation_id']}")).data
    assert (shown["status"], shown["title"], shown["output_language"]) == ("completed", "Talk", "German")
    assert "Guten Tag!" in (await visitor.fetch(shown["srt_caption_url"])).raw.decode()
    work = emulator.account.shelf(TranslationWork).find(shown["id"])
    assert (work.cost, work.folder_id) == (0.3335, folder_id)
    sound = (await visitor.post(f"{PATH}/{one}/generate", {"translate_audio_only": True})).data
    assert emulator.account.shelf(TranslationWork).find(sound["video_translation_id"]).cost == 0.0835


async def test_a_real_video_of_a_proofread_speaks_its_words(clock: ManualClock) -> None:
    async with another(clock, synthetic=None) as (emulator, visitor):
        one = await completed(visitor, video=await asset(visitor, media.sample_clip()))
        await correct(visitor, one, await asset(visitor, SRT))
        made = (await visitor.send("POST", f"{PATH}/{one}/generate")).data["video_translation_id"]
        await emulator.idle()
        await clock.advance(62)
        shown = (await visitor.get(f"/v3/video-translations/{made}")).data
        assert (await visitor.fetch(shown["srt_caption_url"])).raw.decode() == SRT.decode("utf-8-sig")
        assert media.measure((await visitor.fetch(shown["video_url"])).raw).seconds == pytest.approx(5.6, abs=0.5)


async def test_before_its_end_a_proofread_has_no_words(visitor: Visitor) -> None:
    (one,) = await create(visitor)
    for answer in (
        await visitor.get(f"{PATH}/{one}/srt"),
        await correct(visitor, one, {"type": "url", "url": "https://example.com/a.srt"}),
        await visitor.post(f"{PATH}/{one}/generate", {}),
    ):
        assert answer.refusal == (409, "resource_not_ready", None)


async def test_a_proofread_that_failed_has_none_either(
    visitor: Visitor, emulator: Emulator, clock: ManualClock
) -> None:
    emulator.faults.add(Fault(FailRender(message="Nobody speaks"), path=PATH, times=1))
    one = await completed(visitor)
    shown = (await visitor.get(f"{PATH}/{one}")).data
    assert (shown["status"], shown["failure_message"]) == ("failed", "Nobody speaks")
    assert emulator.account.wallet.balance == 1000
    assert (await visitor.get(f"{PATH}/{one}/srt")).refusal == (400, "invalid_parameter", "proofread_id")


async def test_proofreads_are_listed_and_deleted(visitor: Visitor) -> None:
    ids = await create(visitor, output_languages=["German", "French", "Italian"])
    page = await visitor.get(PATH, limit=2)
    assert [one["output_language"] for one in page.data] == ["Italian", "French"]
    rest = await visitor.get(PATH, limit=2, token=page.body["next_token"])
    assert ([one["id"] for one in rest.data], rest.body["has_more"]) == ([ids[0]], False)
    assert (await visitor.delete(f"{PATH}/{ids[0]}")).data == {"id": ids[0]}
    for answer in (await visitor.delete(f"{PATH}/{ids[0]}"), await visitor.get(f"{PATH}/{ids[0]}/srt")):
        assert answer.refusal == (404, "resource_not_found", None)


async def test_an_unknown_glossary_is_refused(visitor: Visitor) -> None:
    answer = await visitor.post(PATH, BODY | {"brand_glossary_id": "nothing"})
    assert answer.refusal == (404, "resource_not_found", None)


@pytest.mark.parametrize(
    ("fields", "param"),
    [({"output_languages": ["Elvish"]}, "output_languages"), ({"title": ""}, "title"), ({"video": None}, "video")],
)
async def test_what_breaks_a_rule_is_refused(
    visitor: Visitor, emulator: Emulator, fields: dict[str, Any], param: str
) -> None:
    assert (await visitor.post(PATH, BODY | fields)).refusal == (400, "invalid_parameter", param)
    assert not emulator.account.shelf(ProofreadWork)


async def test_a_proofread_has_two_files_and_no_others(visitor: Visitor, emulator: Emulator) -> None:
    work = emulator.account.shelf(ProofreadWork).find(await completed(visitor))
    assert [work.footage.ending(name) for name in ("srt", "original", "video")] == [".srt", ".srt", None]
    assert await work.footage.file("video") is None
    assert await work.footage.made() is None
