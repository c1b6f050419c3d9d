"""Translations: aged, paid for, listed, renamed and deleted, one for each language; and real ones."""

from typing import Any

import pytest
from spectator import see
from visitor import MP3, MP4, PNG, Visitor, another, upload

from heygen_async.clock import ManualClock
from heygen_async.emulator import Emulator, FailRender, Fault, media
from heygen_async.emulator.languages import LANGUAGES, language
from heygen_async.emulator.media import Color, Film, Scene, Speech
from heygen_async.emulator.operations.translations import TranslationWork
from heygen_async.emulator.refusals import Refusal

pytestmark = pytest.mark.anyio

PATH = "/v3/video-translations"
TALK = {"type": "url", "url": "https://example.com/talk.mp4"}
SRT = b"1\n00:00:00,000 --> 00:00:01,500\nGuten Tag!\n"


def body(*languages: str, **fields: Any) -> dict[str, Any]:
    return {"video": TALK, "output_languages": languages or ["German"], "title": "Talk"} | fields


async def create(visitor: Visitor, *languages: str, **fields: Any) -> list[str]:
    ids: list[str] = (await visitor.post(PATH, body(*languages, **fields))).data["video_translation_ids"]
    return ids


async def asset(visitor: Visitor, content: bytes) -> dict[str, str]:
    return {"type": "asset_id", "asset_id": (await upload(visitor, content)).data["asset_id"]}


async def test_a_translation_ages_in_heygens_words(visitor: Visitor, clock: ManualClock) -> None:
    (one,) = await create(visitor, callback_id="mine", input_language="English")
    seen = []
    for seconds in (0, 2, 60):
        await clock.advance(seconds)
        seen.append((await visitor.get(f"{PATH}/{one}")).data["status"])
    assert seen == ["pending", "running", "completed"]
    shown = (await visitor.get(f"{PATH}/{one}")).data
    assert shown.pop("created_at") > 1_700_000_000
    links = {name: shown.pop(name) for name in list(shown) if name.endswith("_url")}
    assert shown == {
        "id": one,
        "status": "completed",
        "title": "Talk",
        "input_language": "English",
        "output_language": "German",
        "translate_audio_only": False,
        "duration": 5.0,
        "callback_id": "mine",
    }
    kinds = {name: (await visitor.fetch(link)).headers["Content-Type"] for name, link in links.items()}
    assert kinds == {
        "video_url": "video/mp4",
        "audio_url": "audio/mpeg",
        "srt_caption_url": "application/x-subrip",
        "vtt_caption_url": "text/vtt",
    }


async def test_before_its_end_it_has_no_links(visitor: Visitor) -> None:
    (one,) = await create(visitor)
    shown = (await visitor.get(f"{PATH}/{one}")).data
    assert [name for name in shown if name.endswith("_url")] == []
    assert "duration" not in shown


async def test_a_translated_sound_is_shown_without_a_video(visitor: Visitor, clock: ManualClock) -> None:
    (one,) = await create(visitor, translate_audio_only=True)
    await clock.advance(62)
    shown = (await visitor.get(f"{PATH}/{one}")).data
    assert (shown["translate_audio_only"], "video_url" in shown) == (True, False)
    assert (await visitor.fetch(shown["audio_url"])).status == 200


@pytest.mark.parametrize(
    ("fields", "price"),
    [
        ({}, 0.1665),
        ({"mode": "speed"}, 0.1665),
        ({"mode": "precision"}, 0.3335),
        ({"translate_audio_only": True, "mode": "precision"}, 0.0835),
        ({"start_time": 1, "end_time": 3}, 0.0666),
        ({"start_time": 3.5}, 0.05),
        ({"end_time": 1000}, 0.1665),
        ({"start_time": 1000}, 0.0333),
    ],
)
async def test_each_second_of_the_part_is_paid_for(
    visitor: Visitor, emulator: Emulator, fields: dict[str, Any], price: float
) -> None:
    ids = await create(visitor, "German", "French", **fields)
    assert [(entry.what, entry.amount) for entry in emulator.account.wallet.entries] == [(one, price) for one in ids]


async def test_a_wallet_that_cannot_pay_for_all_languages_pays_for_none(visitor: Visitor, emulator: Emulator) -> None:
    emulator.account.wallet.balance = 0.3
    assert (await visitor.post(PATH, body("German", "French"))).refusal == (402, "insufficient_credit", None)
    assert not emulator.account.shelf(TranslationWork)


async def test_a_translation_that_fails_is_paid_back_and_says_why(
    visitor: Visitor, emulator: Emulator, clock: ManualClock
) -> None:
    emulator.faults.add(Fault(FailRender(message="No speech"), path=PATH, times=1))
    (one,) = await create(visitor)
    await clock.advance(62)
    shown = (await visitor.get(f"{PATH}/{one}")).data
    assert (shown["status"], shown["failure_message"]) == ("failed", "No speech")
    assert emulator.account.wallet.balance == 1000


async def test_translations_are_listed_renamed_and_deleted(visitor: Visitor) -> None:
    ids = await create(visitor, "German", "French", "Italian")
    page = await visitor.get(PATH, limit=2)
    assert [one["output_language"] for one in page.data] == ["Italian", "French"]
    rest = await visitor.get(PATH, limit=2, token=page.body["next_token"])
    assert ([one["id"] for one in rest.data], rest.body["has_more"]) == ([ids[0]], False)
    renamed = await visitor.send("PATCH", f"{PATH}/{ids[0]}", json={"title": "Vortrag"})
    assert (renamed.data["id"], renamed.data["title"]) == (ids[0], "Vortrag")
    assert (await visitor.delete(f"{PATH}/{ids[0]}")).data == {"id": ids[0]}
    for answer in (await visitor.delete(f"{PATH}/{ids[0]}"), await visitor.get(f"{PATH}/{ids[0]}")):
        assert answer.refusal == (404, "resource_not_found", None)
    assert (await visitor.send("PATCH", f"{PATH}/{ids[1]}", json={})).refusal == (400, "invalid_parameter", "title")


async def test_languages_are_listed_by_name_and_understood_in_any_case(visitor: Visitor) -> None:
    listed = (await visitor.get(f"{PATH}/languages")).data["languages"]
    assert tuple(listed) == LANGUAGES
    assert len(set(listed)) == len(listed) > 70
    assert {language(name.upper()) for name in listed} == set(listed)
    with pytest.raises(Refusal, match="Klingon is not a language to translate into"):
        language("Klingon")


@pytest.mark.parametrize(
    ("fields", "refusal"),
    [
        ({"output_languages": ["German", "de"]}, (400, "invalid_parameter", "output_languages")),
        ({"output_languages": []}, (400, "invalid_parameter", "output_languages")),
        ({"video": {"type": "asset_id", "asset_id": "nothing"}}, (404, "asset_not_found", None)),
        ({"video": {"type": "base64", "data": "x"}}, (400, "invalid_parameter", "video.type")),
        ({"mode": "quality"}, (400, "invalid_parameter", "mode")),
        ({"start_time": 5, "end_time": 2}, (400, "invalid_parameter", "end_time")),
        ({"languages": ["German"]}, (400, "invalid_parameter", "languages")),
        ({"stock_voice_config": {"use_stock_voice": True}}, (403, "forbidden", None)),
        ({"brand_voice_id": "nothing"}, (404, "resource_not_found", None)),
        ({"folder_id": "nothing"}, (404, "resource_not_found", None)),
    ],
)
async def test_what_breaks_a_rule_is_refused(
    visitor: Visitor, emulator: Emulator, fields: dict[str, Any], refusal: tuple[int, str, str | None]
) -> None:
    assert (await visitor.post(PATH, body() | fields)).refusal == refusal
    assert emulator.account.wallet.entries == []


@pytest.mark.parametrize(("field", "content"), [("video", PNG), ("audio", PNG), ("srt", MP3)])
async def test_a_file_of_another_kind_is_refused(visitor: Visitor, field: str, content: bytes) -> None:
    answer = await visitor.post(PATH, body(**{field: await asset(visitor, content)}))
    assert answer.refusal == (400, "invalid_parameter", field)


async def test_stock_voices_are_for_enterprise_accounts(clock: ManualClock) -> None:
    async with another(clock, enterprise=True) as (emulator, visitor):
        voice = next(iter(emulator.account.voices))
        for ids in ([], [voice]):
            await create(visitor, stock_voice_config={"use_stock_voice": True, "preferred_stock_voice_ids": ids})
        wanted = {"use_stock_voice": True, "preferred_stock_voice_ids": ["nobody"]}
        refused = await visitor.post(PATH, body(stock_voice_config=wanted))
        assert refused.refusal == (404, "voice_not_found", None)


async def test_with_a_sound_of_its_own_it_is_as_long_as_that(visitor: Visitor, emulator: Emulator) -> None:
    sound = await asset(visitor, MP3)  # 32,004 bytes: about two seconds
    (one,) = await create(visitor, audio=sound)
    (other,) = await create(visitor, audio=sound, enable_dynamic_duration=False)
    works = emulator.account.shelf(TranslationWork)
    assert (works.find(one).cost, works.find(other).cost) == (0.0666, 0.1665)


async def test_a_glossary_that_is_there_is_taken(visitor: Visitor) -> None:
    glossary = (await visitor.post("/v3/brand-glossaries", {"name": "Names"})).data["brand_glossary_id"]
    await create(visitor, brand_glossary_id=glossary)


async def test_a_batch_has_an_item_for_each_language(visitor: Visitor, clock: ManualClock) -> None:
    answer = await visitor.post(f"{PATH}/batches", {"video_translations": [body("German", "Elvish"), body("French")]})
    assert answer.status == 202
    batch_id = answer.data["batch_id"]
    await clock.advance(62)
    batch = (await visitor.get(f"{PATH}/batches/{batch_id}")).data
    assert batch["counts_by_status"] == {"completed": 2, "failed": 1}
    assert batch["items"][1]["error"]["code"] == "invalid_parameter"
    found = (await visitor.get(f"{PATH}/statuses", batch_ids=batch_id)).data
    assert [one["item_index"] for one in found] == [0, 1, 2]
    shown = (await visitor.get(f"{PATH}/{found[2]['video_id']}")).data
    assert shown["output_language"] == "French"
    assert (await visitor.get(f"/v3/lipsyncs/batches/{batch_id}")).refusal == (404, "resource_not_found", None)


# Real ones.


@pytest.fixture(scope="module")
def talk(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """Two seconds of red with an English voice, 64 x 48."""
    film = Film(scenes=[Scene(sound=Speech("One two three."), backdrop=Color("#FF0000"))], width=64, height=48, fps=10)
    return media.render(film, tmp_path_factory.mktemp("talk"), "talk").video.read_bytes()


async def finished(emulator: Emulator, visitor: Visitor, clock: ManualClock, one: str) -> Any:
    await emulator.idle()
    await clock.advance(62)
    return (await visitor.get(f"{PATH}/{one}")).data


async def test_a_real_one_shows_the_same_and_says_something_else(clock: ManualClock, talk: bytes) -> None:
    async with another(clock, synthetic=None) as (emulator, visitor):
        (one,) = await create(visitor, "Italian", video=await asset(visitor, talk))
        shown = await finished(emulator, visitor, clock, one)
        before, after = see(talk), see((await visitor.fetch(shown["video_url"])).raw)
        red, green, blue = after.frames[len(after.frames) // 2].getpixel((32, 24))
        assert (red > 200, green < 60, blue < 60, after.frames[0].size) == (True, True, True, (64, 48))
        assert after.seconds == pytest.approx(shown["duration"], abs=0.15)
        assert after.sound_seconds == pytest.approx(after.seconds, abs=0.3)
        assert after.loudness > 100
        assert after.samples != before.samples
        alone = see((await visitor.fetch(shown["audio_url"])).raw)
        assert (alone.frames, alone.sound_seconds) == ([], pytest.approx(after.sound_seconds, abs=0.3))
        assert "Questo video ora parla italiano." in (await visitor.fetch(shown["srt_caption_url"])).raw.decode()
        assert (await visitor.fetch(shown["vtt_caption_url"])).raw.startswith(b"WEBVTT")


async def test_given_words_are_spoken_and_a_given_sound_is_heard(clock: ManualClock, talk: bytes) -> None:
    async with another(clock, synthetic=None) as (emulator, visitor):
        video, srt = await asset(visitor, talk), await asset(visitor, SRT)
        sound = await asset(visitor, media.sample_sound())
        for fields, said in (
            ({"srt": srt, "srt_role": "output"}, "Guten Tag!"),
            ({"srt": srt, "srt_role": "input"}, "Dieses Video spricht jetzt Deutsch."),
            ({"audio": sound}, "[speech]"),
            ({"audio": {"type": "url", "url": "https://example.com/voice.wav"}}, "Dieses Video spricht jetzt Deutsch."),
        ):
            (one,) = await create(visitor, "German", video=video, **fields)
            shown = await finished(emulator, visitor, clock, one)
            assert said in (await visitor.fetch(shown["srt_caption_url"])).raw.decode()


async def test_a_part_that_begins_after_the_end_makes_nothing(clock: ManualClock, talk: bytes) -> None:
    async with another(clock, synthetic=None) as (emulator, visitor):
        (one,) = await create(visitor, video=await asset(visitor, talk), start_time=100)
        shown = await finished(emulator, visitor, clock, one)
        assert (shown["status"], emulator.account.wallet.balance) == ("failed", 1000)


async def test_a_video_that_is_none_is_refused(clock: ManualClock) -> None:
    async with another(clock, synthetic=None) as (_, visitor):
        answer = await visitor.post(PATH, body(video=await asset(visitor, MP4)))
        assert answer.refusal == (400, "invalid_parameter", "video")
