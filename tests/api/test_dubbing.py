"""What translations, proofreads and lipsyncs have alike: rules that hold in each of them."""

import pickle
from typing import Any

import pytest

from heygen_async.api.lipsyncs import CreateLipsync
from heygen_async.api.media import Asset, Url
from heygen_async.api.proofreads import CreateProofread
from heygen_async.api.video_translations import CreateVideoTranslation
from heygen_async.errors import RequestInvalid
from heygen_async.wire import WRITER

TALK = Url("https://example.com/talk.mp4")


def lipsync(**given: Any) -> CreateLipsync:
    return CreateLipsync(video=TALK, **({"audio": Asset("a")} | given))


def translation(**given: Any) -> CreateVideoTranslation:
    return CreateVideoTranslation(video=TALK, **({"output_languages": ["German"]} | given))


def proofread(**given: Any) -> CreateProofread:
    return CreateProofread(video=TALK, **({"output_languages": ["German"], "title": "Talk"} | given))


def wrong(make: Any, **given: Any) -> list[str]:
    with pytest.raises(RequestInvalid) as caught:
        make(**given)
    return [str(problem) for problem in caught.value.problems]


@pytest.mark.parametrize("make", [lipsync, translation])
def test_a_part_ends_after_it_has_begun(make: Any) -> None:
    make(start_time=1, end_time=1.5)
    make(start_time=3)
    assert wrong(make, start_time=2.5, end_time=2) == ["end_time: is 2; it must come after start_time, which is 2.5"]
    assert wrong(make, end_time=0) == ["end_time: is 0; it must come after start_time, which is 0"]
    assert wrong(make, start_time=-1) == ["start_time: is -1; it must lie between 0 and 86400"]
    assert wrong(make, start_time="1", end_time=2) == ["start_time: must be a number, not '1'"]


@pytest.mark.parametrize("make", [lipsync, translation, proofread])
def test_a_mode_is_one_of_two(make: Any) -> None:
    make(mode="precision")
    assert wrong(make, mode="quality") == ["mode: is 'quality'; it must be one of speed, precision"]


@pytest.mark.parametrize("make", [translation, proofread])
def test_there_is_a_language_at_least(make: Any) -> None:
    assert wrong(make, output_languages=[]) == ["output_languages: has 0 entries; 1 to 100 are allowed"]
    assert wrong(make, output_languages="German") == ["output_languages: must be a list, not 'German'"]
    assert wrong(make, speaker_num=0) == ["speaker_num: is 0; it must lie between 1 and 100"]


@pytest.mark.parametrize("make", [lipsync, translation, proofread])
def test_a_key_is_checked_and_stays_out_of_the_body(make: Any) -> None:
    request = make(idempotency_key="talk-1", extra={"new_field": 1})
    body = WRITER.unstructure(request)
    assert body["video"] == {"type": "url", "url": "https://example.com/talk.mp4"}
    assert body["new_field"] == 1
    assert "idempotency_key" not in body
    assert "idempotency_key: is ''" in wrong(make, idempotency_key="")[0]


def test_a_request_of_many_parts_is_a_value_like_any_other() -> None:
    request = translation(title="Talk", srt=Asset("s"))
    assert pickle.loads(pickle.dumps(request)) == request == translation(title="Talk", srt=Asset("s"))
    with pytest.raises(AttributeError):
        request.output_languages = ["French"]
