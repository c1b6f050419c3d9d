"""How a caller hears of the end of an operation: from us at each call, once from HeyGen, and never at a loss."""

import asyncio
import json
import logging
import warnings
from typing import Any

import pytest
from hosts import answer, hosted
from runs import LOOK

from heygen_async import HeyGen
from heygen_async.legacy import GetAvatars, GetVideoStatus, LegacyWarning
from heygen_async.operation import GET
from heygen_async.sunset import Notice, Notices, announce, notice_in

pytestmark = pytest.mark.anyio

WARNING = {
    "message": "It ends.",
    "v3_endpoint": "GET /v3/avatars/looks",
    "docs_url": "https://example.com/docs",
    "sunset_date": "2026-10-31",
}
HEADERS = {"deprecation": "true", "sunset": "Sat, 31 Oct 2026 00:00:00 GMT"}
GET_AVATARS = GetAvatars.endpoint


def body(**more: Any) -> bytes:
    return json.dumps({"error": None, "data": {"avatars": [{"avatar_id": LOOK}]}} | more).encode()


# What is in an answer.


def test_the_object_of_v2_says_most() -> None:
    assert notice_in({}, {"warning": WARNING}) == Notice(
        "It ends.", "2026-10-31", "GET /v3/avatars/looks", "https://example.com/docs"
    )
    assert str(notice_in({}, {"warning": WARNING})) == (
        "It ends. (sunset 2026-10-31, successor GET /v3/avatars/looks, see https://example.com/docs)"
    )


@pytest.mark.parametrize("headers", [HEADERS, {"sunset": HEADERS["sunset"]}])
def test_the_headers_of_v1_do_too(headers: dict[str, str]) -> None:
    notice = notice_in(headers, {"code": 100})
    assert notice is not None
    assert notice.sunset == "Sat, 31 Oct 2026 00:00:00 GMT"


def test_a_header_without_a_date_is_a_notice_without_one() -> None:
    assert str(notice_in({"deprecation": "true"}, None)) == "HeyGen is taking this operation away"


@pytest.mark.parametrize(
    ("headers", "payload"),
    [
        ({}, {"data": {}}),
        ({"deprecation": "false"}, {}),
        ({}, {"warning": "a text"}),
        ({}, {"warning": {"message": 5}}),
        ({}, []),
        ({}, None),
    ],
)
def test_anything_else_is_none(headers: dict[str, str], payload: Any) -> None:
    assert notice_in(headers, payload) is None


# What HeyGen says, passed on.


def test_a_notice_is_passed_on_once_for_each_operation(caplog: pytest.LogCaptureFixture) -> None:
    notices = Notices()
    with pytest.warns(LegacyWarning, match=r"GET /v2/avatars: It ends\.") as seen:
        notices.take(GET_AVATARS, {}, body(warning=WARNING))
    notices.take(GET_AVATARS, {}, body(warning=WARNING))
    assert len(seen) == 1
    assert seen[0].filename == __file__
    assert [record.getMessage().partition(" (")[0] for record in caplog.records] == ["GET /v2/avatars: It ends."]
    assert list(notices.heard) == ["GET /v2/avatars"]


def test_where_warnings_are_errors_no_answer_is_lost(caplog: pytest.LogCaptureFixture) -> None:
    notices = Notices()
    notices.take(GET_AVATARS, HEADERS, b"no JSON at all")
    assert notices.heard
    assert caplog.records[0].levelno == logging.WARNING


def test_an_operation_of_v3_is_heard_too_and_one_without_a_notice_is_not() -> None:
    voices, videos = GET("/v3/voices"), GET("/v3/videos")
    notices = Notices()
    notices.take(videos, {}, body(warning=WARNING))
    assert notices.heard == {}
    notices.take(voices, HEADERS, b"{}")
    assert list(notices.heard) == ["GET /v3/voices"]


async def test_the_warning_of_an_answer_names_the_line_of_the_caller() -> None:
    async with hosted(answer(200, body(warning=WARNING))) as host, HeyGen("key", base_url=host.url) as heygen:
        with warnings.catch_warnings(record=True) as seen:
            warnings.simplefilter("always")
            assert (await heygen.legacy.avatars.list()).avatars[0].avatar_id == LOOK
        sibling = heygen.with_options(heygen.options)
        with warnings.catch_warnings(record=True) as later:
            warnings.simplefilter("always")
            await sibling.legacy.avatars.list()
    assert [one.filename for one in seen] == [__file__] * 2
    assert [str(one.message).partition(":")[0] for one in seen] == ["GET /v2/avatars is legacy", "GET /v2/avatars"]
    assert len(later) == 1, "siblings share what was heard"


# What we say.


def test_only_a_legacy_operation_is_announced() -> None:
    announce(GET("/v3/voices"), 1)
    with pytest.warns(LegacyWarning, match="In v3 it is GET /v3/avatars/looks; HeyGen") as seen:
        announce(GET_AVATARS, 1)
    assert seen[0].filename == __file__


async def test_a_call_is_announced_at_its_line_even_when_it_becomes_a_task() -> None:
    async with hosted(answer(200, body())) as host, HeyGen("key", base_url=host.url) as heygen:
        with pytest.warns(LegacyWarning, match="GET /v2/avatars is legacy") as seen:
            await asyncio.gather(heygen.legacy.avatars.list(), heygen.legacy.avatars.list())
        assert {one.filename for one in seen} == {__file__}
        with pytest.warns(LegacyWarning, match="GET /v2/avatars is legacy") as seen:
            await heygen.send(GetAvatars())
        assert [one.filename for one in seen] == [__file__]


async def test_a_request_that_is_sent_in_a_task_is_announced_at_its_line() -> None:
    async with hosted(answer(200, body())) as host, HeyGen("key", base_url=host.url) as heygen:
        with pytest.warns(LegacyWarning, match="GET /v2/avatars is legacy") as seen:
            await asyncio.gather(heygen.send(GetAvatars()), heygen.send(GetAvatars()))
        assert {one.filename for one in seen} == {__file__}


def test_what_a_task_of_its_own_hears_never_names_a_line_of_the_event_loop() -> None:
    async def main() -> None:
        async with hosted(answer(200, body(warning=WARNING))) as host, HeyGen("key", base_url=host.url) as heygen:
            await asyncio.create_task(heygen.send(GetAvatars()))

    with warnings.catch_warnings(record=True) as seen:
        warnings.simplefilter("always")
        asyncio.run(main())
    assert [str(one.message).partition(":")[0] for one in seen] == ["GET /v2/avatars is legacy", "GET /v2/avatars"]
    assert {one.filename for one in seen} == {__file__}


def test_what_the_watcher_hears_never_names_a_line_of_the_event_loop() -> None:
    status = {"id": "v", "status": "completed", "video_url": "https://example.com/v.mp4"}
    answered = json.dumps({"code": 100, "data": status, "message": "Success"}).encode()

    async def main() -> None:
        said = answer(200, answered, Sunset=HEADERS["sunset"])
        async with hosted(said) as host, HeyGen("key", base_url=host.url) as heygen:
            assert (await heygen.legacy.videos.job("v")).id == "v"

    with warnings.catch_warnings(record=True) as seen:
        warnings.simplefilter("always")
        asyncio.run(main())
    assert len(seen) == 2
    assert {one.filename for one in seen} == {__file__}


async def test_where_warnings_are_errors_nothing_is_sent() -> None:
    async with hosted(answer(200, body())) as host, HeyGen("key", base_url=host.url) as heygen:
        with pytest.raises(LegacyWarning):
            heygen.legacy.videos.status("v")
        with pytest.raises(LegacyWarning):
            await heygen.send(GetVideoStatus("v"))
        assert host.heads == []
