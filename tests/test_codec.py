import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import attrs
import pytest
from anything import anything, reading_classes, request_classes, writing_classes
from attrs import frozen
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from heygen_async.api.assets import GetAsset, UploadAsset
from heygen_async.api.avatars import UpdateAvatar
from heygen_async.api.batches import BulkStatus
from heygen_async.api.looks import ListLooks
from heygen_async.api.media import LocalFile, Url
from heygen_async.api.users import GetMe, User
from heygen_async.api.videos import (
    AvatarVideo,
    CreatedVideo,
    CreateVideoBatch,
    DeleteVideo,
    GetVideo,
    GetVideoBatch,
    GetVideoStatuses,
    ImageVideo,
    ListVideos,
    Video,
)
from heygen_async.api.voices import GetVoice
from heygen_async.codec import Sendable, decode, encode
from heygen_async.errors import (
    AnswerUnreadable,
    APIError,
    BadRequest,
    HeyGenError,
    NotAuthenticated,
    NotFound,
    NotPermitted,
    OutOfCredit,
    RateLimited,
    RequestInvalid,
    ServerFailed,
)
from heygen_async.operation import GET, Page, Request

HTML = b"<html>\r\n<head><title>502 Bad Gateway</title></head><body><h1>nginx</h1></body></html>"
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


def answer(status: int, payload: Any, headers: Mapping[str, str] | None = None) -> Video:
    body = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
    return decode(GetVideo("v1"), status, headers or {}, body)


def refusal(status: int, payload: Any, headers: Mapping[str, str] | None = None) -> APIError:
    with pytest.raises(APIError) as caught:
        answer(status, payload, headers)
    assert caught.value.request == GetVideo("v1")
    return caught.value


def unreadable(status: int, payload: Any) -> AnswerUnreadable:
    with pytest.raises(AnswerUnreadable) as caught:
        answer(status, payload, {"X-Request-Id": "r1"})
    assert (caught.value.status, caught.value.request_id) == (status, "r1")
    assert caught.value.request == GetVideo("v1")
    return caught.value


# Encoding.


def test_a_field_that_the_path_names_fills_it() -> None:
    assert encode(GetVideo("v1")) == Sendable("GET", "/v3/videos/v1")
    assert encode(DeleteVideo("v1")) == Sendable("DELETE", "/v3/videos/v1")


@pytest.mark.parametrize(
    ("name", "quoted"),
    [
        ("a/b?c", "a%2Fb%3Fc"),
        ("a b#c", "a%20b%23c"),
        ("%2F", "%252F"),
        ("ü", "%C3%BC"),
        ("../x", "..%2Fx"),
        ("...", "..."),
    ],
)
def test_an_id_is_one_step_of_the_path_whatever_it_contains(name: str, quoted: str) -> None:
    assert encode(GetVideo(name)).path == f"/v3/videos/{quoted}"


@pytest.mark.parametrize("name", [".", ".."])
def test_an_id_that_would_climb_the_path_is_refused(name: str) -> None:
    with pytest.raises(RequestInvalid, match=rf"video_id: is '{name}', which is no id"):
        encode(DeleteVideo(name))


@given(st.text(min_size=1, max_size=30).filter(str.strip))
def test_a_path_has_as_many_steps_as_the_endpoint_and_the_id_comes_out_again(name: str) -> None:
    if name in {".", ".."}:
        return
    path = encode(GetVoice(name)).path
    assert path.isascii()
    assert path.count("/") == 3
    assert "?" not in path
    assert unquote(path.rpartition("/")[2]) == name


def test_what_is_left_of_a_read_is_its_query() -> None:
    sendable = encode(GetVideoBatch("b/1", limit=50, token="t&=?"))
    assert sendable == Sendable("GET", "/v3/videos/batches/b%2F1", query=(("limit", "50"), ("token", "t&=?")))


def test_what_is_not_given_is_not_asked() -> None:
    assert encode(ListVideos()).query == ()
    assert encode(ListLooks(avatar_type="photo_avatar")).query == (("avatar_type", "photo_avatar"),)


def test_a_list_in_a_query_has_commas() -> None:
    assert encode(GetVideoStatuses(video_ids=["a", "b"])).query == (("video_ids", "a,b"),)


@frozen(kw_only=True)
class ListOddly(Request[User]):
    """Everything that a query can hold."""

    endpoint = GET("/v3/odd")
    flag: bool = True
    off: bool = False
    share: float = 0.5
    numbers: Sequence[int] = (1, 2)


def test_a_query_writes_values_as_json_does() -> None:
    assert encode(ListOddly()).query == (("flag", "true"), ("off", "false"), ("share", "0.5"), ("numbers", "1,2"))


def test_a_write_carries_its_fields_as_json_but_those_of_the_path() -> None:
    assert encode(UpdateAvatar("g1", default_voice_id="v")) == Sendable(
        "PATCH", "/v3/avatars/g1", body={"default_voice_id": "v"}
    )
    sendable = encode(AvatarVideo(avatar_id="a", script="Hi"))
    assert sendable == Sendable("POST", "/v3/videos", body={"type": "avatar", "avatar_id": "a", "script": "Hi"})


def test_a_batch_carries_its_videos_with_their_types() -> None:
    body = encode(CreateVideoBatch(videos=[AvatarVideo(avatar_id="a", script="Hi")])).body
    assert body == {"videos": [{"type": "avatar", "avatar_id": "a", "script": "Hi"}]}


def test_a_form_carries_its_file(tmp_path: Path) -> None:
    picture = tmp_path / "a.png"
    picture.write_bytes(b"\x89PNG\r\n\x1a\n")
    assert encode(UploadAsset(LocalFile(picture))) == Sendable("POST", "/v3/assets", upload=LocalFile(picture))


def test_a_file_that_was_not_uploaded_cannot_be_sent(tmp_path: Path) -> None:
    picture = tmp_path / "a.png"
    picture.write_bytes(b"\x89PNG\r\n\x1a\n")
    with pytest.raises(RequestInvalid, match="send it through a client"):
        encode(ImageVideo(image=LocalFile(picture), script="Hi", voice_id="v"))


@settings(max_examples=100, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_any_request_goes_over_the_wire_in_one_way_only(data: st.DataObject) -> None:
    cls = data.draw(st.sampled_from([*reading_classes(), *writing_classes()]))
    request = data.draw(anything(cls))
    if any(getattr(request, name) in {".", ".."} for name in cls.endpoint.path_fields):
        return
    sendable = encode(request)
    assert sendable.method == cls.endpoint.method
    assert sendable.path.count("/") == cls.endpoint.path.count("/")
    assert (sendable.body is None) == (cls.endpoint.reads or cls.endpoint.body == "none")
    assert sendable.upload is None
    assert not (sendable.query and sendable.body)
    if sendable.body is not None:
        assert json.loads(json.dumps(sendable.body)) is not None
        assert not sendable.body.keys() & set(cls.endpoint.path_fields)


# Decoding what HeyGen promises.


def test_an_answer_is_what_the_request_promises() -> None:
    assert answer(200, {"data": {"id": "v1", "status": "completed", "new": 1}}) == Video(
        "v1", "completed", extra={"new": 1}
    )
    receipt = {"data": {"video_id": "v1", "status": "waiting", "output_format": "mp4"}}
    request = AvatarVideo(avatar_id="a", script="Hi")
    assert decode(request, 200, {}, json.dumps(receipt).encode()) == CreatedVideo("v1")
    assert decode(GetMe(), 200, {}, b'{"data": {"username": "u"}, "error": null}') == User("u")


def test_a_page_has_its_items_and_the_way_on() -> None:
    body = {"data": [{"id": "a", "status": "x"}], "has_more": True, "next_token": "t"}
    page = decode(ListVideos(), 200, {}, json.dumps(body).encode())
    assert (list(page.items), page.has_more, page.next_token) == ([Video("a", "x")], True, "t")


@pytest.mark.parametrize(
    "body", [b'{"data": null}', b'{"data": []}', b'{"data": [], "has_more": null, "next_token": ""}']
)
def test_an_empty_page_is_the_last(body: bytes) -> None:
    page = decode(ListVideos(), 200, {}, body)
    assert (list(page.items), page.has_more, page.next_token) == ([], False, None)


def test_statuses_are_a_page_without_a_way_on() -> None:
    body = b'{"data": [{"video_id": "a", "status": "not_found", "error": {"code": 1}}]}'
    page: Page[BulkStatus] = decode(GetVideoStatuses(video_ids=["a"]), 200, {}, body)
    assert list(page.items) == [BulkStatus("not_found", "a", error={"code": 1})]


# Decoding what it does not promise.


def test_a_refusal_brings_all_that_heygen_says() -> None:
    body = {
        "error": {
            "code": "invalid_parameter",
            "message": "script is too long",
            "param": "script",
            "doc_url": "https://developers.heygen.com/docs/error-codes#invalid-parameter",
        }
    }
    error = refusal(400, body, {"X-Request-Id": "req-1"})
    assert type(error) is BadRequest
    assert (error.code, error.message, error.param) == ("invalid_parameter", "script is too long", "script")
    assert (error.doc_url or "").endswith("#invalid-parameter")
    assert (error.request_id, error.retry_after, error.status) == ("req-1", None, 400)


@pytest.mark.parametrize(
    ("status", "body", "cls", "code", "message"),
    [
        (200, {"error": {"code": "insufficient_credit", "message": "no"}}, OutOfCredit, "insufficient_credit", "no"),
        (200, {"data": {"id": "v1"}, "error": {"code": "X_NOT_FOUND"}}, NotFound, "x_not_found", ""),
        (404, {"error": {"code": "AVATAR_NOT_FOUND", "message": "no"}}, NotFound, "avatar_not_found", "no"),
        (401, {"error": {"code": "unauthorized", "message": "No"}}, NotAuthenticated, "unauthorized", "No"),
        (400, {"code": 400543, "message": "format"}, BadRequest, "400543", "format"),
        (404, {"code": 40104, "message": "Video not found", "data": None}, NotFound, "40104", "Video not found"),
        (401, {"code": 400112}, NotAuthenticated, "400112", ""),
        (403, {"message": "Forbidden"}, NotPermitted, "", "Forbidden"),
        (400, {"data": None, "error": {"code": "internal_error", "message": "no"}}, BadRequest, "internal_error", "no"),
        (400, {"error": "it is broken", "code": "x"}, BadRequest, "x", "it is broken"),
        (200, {"error": "it is broken"}, BadRequest, "", "it is broken"),
        (400, {"error": {"code": None, "message": None, "param": 5, "doc_url": None}}, BadRequest, "", ""),
        (422, {"detail": [{"loc": ["x"], "msg": "extra"}]}, BadRequest, "", '[{"loc": ["x"], "msg": "extra"}]'),
        (422, {"detail": "unknown field x"}, BadRequest, "", "unknown field x"),
        (429, {"error": {"code": "trial_limit", "message": "5"}}, RateLimited, "trial_limit", "5"),
    ],
)
def test_every_shape_of_refusal_becomes_the_right_error(
    status: int, body: Any, cls: type[APIError], code: str, message: str
) -> None:
    error = refusal(status, body)
    assert type(error) is cls
    assert (error.code, error.message, error.param, error.doc_url) == (code, message, None, None)


@pytest.mark.parametrize(
    ("status", "body", "cls", "words"),
    [
        (502, HTML, ServerFailed, "an HTML page titled '502 Bad Gateway'"),
        (503, b"<html><body>down</body></html>", ServerFailed, "an HTML page"),
        (403, b"error code: 1010", NotPermitted, "16 bytes that begin with 'error code: 1010'"),
        (500, b"", ServerFailed, "an empty body"),
        (504, b" \r\n", ServerFailed, "an empty body"),
        (500, b'{"error": {"code": "x"', ServerFailed, "22 bytes that begin with"),
        (429, b"{}", RateLimited, "2 bytes that begin with '{}'"),
        (400, b'{"error": null}', BadRequest, "15 bytes"),
        (400, b'{"error": {}}', BadRequest, "13 bytes"),
        (400, b'["no"]', BadRequest, "6 bytes"),
        (404, b"null", NotFound, "4 bytes"),
    ],
)
def test_a_refusal_without_a_reason_says_what_came_instead(
    status: int, body: bytes, cls: type[APIError], words: str
) -> None:
    error = refusal(status, body, {"X-Request-Id": "r1"})
    assert type(error) is cls
    assert error.message.startswith("the answer gives no reason: ")
    assert words in error.message
    assert error.request_id == "r1"


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (HTML, "an HTML page titled '502 Bad Gateway'"),
        (b"", "an empty body"),
        (b'{"data": {"id"', '14 bytes that begin with \'{"data": {"id"\''),
        (b"\xff\xfe\x00broken", "9 bytes"),
        (b"[" * 100_000, "100,000 bytes that begin with"),
        (b"[1]", "3 bytes"),
        (b"null", "4 bytes"),
        (b"{}", "it has no data"),
        (b'{"error": null}', "it has no data"),
        (b'{"error": []}', "it has no data"),
        (b'{"code": 100, "message": "Success"}', "it has no data"),
        (b'{"data": null}', "an object was expected, not NoneType"),
        (b'{"data": []}', "an object was expected, not list"),
        (b'{"data": {"status": "completed"}}', "$.data.id"),
        (b'{"data": {"id": null, "status": "completed"}}', "$.data.id"),
        (b'{"data": {"id": {}, "status": {}, "duration": "x"}}', "$.data.id"),
    ],
)
def test_an_answer_that_is_none_of_heygens_says_what_came_and_where_it_is_wrong(body: bytes, words: str) -> None:
    message = str(unreadable(200, body))
    assert message.startswith(
        "GET /v3/videos/{video_id} got an answer (HTTP 200) that is not what HeyGen's API sends: "
    )
    assert words in message
    assert len(message) < 500


def test_a_wrong_thing_on_a_page_is_told_by_its_place() -> None:
    with pytest.raises(AnswerUnreadable, match=r"\$\.data\[1\]"):
        decode(ListVideos(), 200, {}, b'{"data": [{"id": "a", "status": "x"}, {"status": "x"}]}')
    for data in (b"5", b'"abc"', b'{"a": 1}', b"true"):
        with pytest.raises(AnswerUnreadable):
            decode(ListVideos(), 200, {}, b'{"data": ' + data + b"}")


@pytest.mark.parametrize(
    ("of", "data"), [(int, b"Infinity"), (int, b'"x"'), (int, b"[]"), (Mapping[str, int], b"[]"), (Sequence[int], b"5")]
)
def test_an_answer_need_not_be_an_object_and_is_checked_as_well(of: Any, data: bytes) -> None:
    @frozen
    class GetSomething(Request[of]):
        endpoint = GET("/v3/something")

    with pytest.raises(AnswerUnreadable, match="got an answer"):
        decode(GetSomething(), 200, {}, b'{"data": ' + data + b"}")


def test_a_redirect_is_not_followed_and_says_why() -> None:
    assert "the API key stays with the API's host" in str(unreadable(302, b""))


@pytest.mark.parametrize(
    ("header", "seconds"), [("7", 7.0), ("0", 0.0), ("soon", None), ("Thu, 01 Jan 1970 00:00:00 GMT", 0.0)]
)
def test_retry_after_is_read_with_any_refusal(header: str, seconds: float | None) -> None:
    for body in (b'{"error": {"code": "rate_limit_exceeded"}}', HTML):
        assert refusal(429, body, {"Retry-After": header}).retry_after == seconds


def test_what_came_is_kept_out_of_the_message_beyond_a_few_words() -> None:
    assert len(str(unreadable(200, b"x" * 1_000_000))) < 400
    assert len(refusal(422, {"detail": ["x" * 10_000]}).message) <= 500


# Whatever comes.

HEADERS = st.fixed_dictionaries({}, optional={"X-Request-Id": st.text(max_size=9), "Retry-After": st.text(max_size=40)})
STATUS = st.sampled_from([200, 201, 202, 204, 301, 302, 400, 401, 402, 403, 404, 409, 413, 422, 429, 500, 503, 599])


@settings(max_examples=300)
@given(st.data(), STATUS, HEADERS)
def test_whatever_comes_it_is_an_answer_or_an_error_of_ours(
    data: st.DataObject, status: int, headers: dict[str, str]
) -> None:
    request: Request[Any] = object.__new__(data.draw(st.sampled_from(request_classes())))
    anything_at_all = JSON | st.fixed_dictionaries({"data": JSON}) | st.fixed_dictionaries({"error": JSON})
    body = data.draw(st.binary(max_size=50) | anything_at_all.map(lambda value: json.dumps(value).encode()))
    error = error_of(request, status, headers, body)
    assert error is not None or status < 400
    assert error is None or (str(error) and error.request is request)


def error_of(request: Request[Any], status: int, headers: dict[str, str], body: bytes) -> HeyGenError | None:
    try:
        decode(request, status, headers, body)
    except HeyGenError as error:
        return error
    return None


@given(st.text(max_size=20), st.dictionaries(st.text(max_size=8), JSON, max_size=4))
def test_a_status_or_a_field_that_is_new_never_raises(status: str, extra: dict[str, Any]) -> None:
    known = {at.name for at in attrs.fields(Video)}
    data = {k: v for k, v in extra.items() if k not in known} | {"id": "v1", "status": status}
    assert answer(200, {"data": data} | {k: v for k, v in extra.items() if k not in {"data", "error"}}).status == status


def test_the_picture_of_a_request_is_its_own() -> None:
    request = ImageVideo(image=Url("https://a/b"), script="Hi", voice_id="v")
    assert encode(request).body == {
        "type": "image",
        "image": {"type": "url", "url": "https://a/b"},
        "script": "Hi",
        "voice_id": "v",
    }


def test_an_id_of_an_asset_is_quoted_too() -> None:
    assert encode(GetAsset("a b")).path == "/v3/assets/a%20b"


@pytest.mark.parametrize("odd", [b'"yesterday"', b"Infinity", b"{}", b"[1]"])
def test_a_field_that_an_answer_can_do_without_breaks_nobody(odd: bytes) -> None:
    body = b'{"data": {"id": "v", "status": "completed", "video_url": "https://x/y", "created_at": ' + odd + b"}}"
    video = decode(GetVideo("v"), 200, {}, body)
    assert (video.id, video.video_url, video.created_at) == ("v", "https://x/y", None)


@pytest.mark.parametrize(
    ("status", "body", "retryable"),
    [
        (200, b"", True),
        (200, b"<html>", True),
        (200, b'{"data": {"status": "completed"}}', False),
        (200, b"[]", False),
        (302, b"", False),
    ],
)
def test_what_is_no_json_may_pass_but_an_api_that_changed_does_not(
    status: int, body: bytes, *, retryable: bool
) -> None:
    assert unreadable(status, body).retryable is retryable


@pytest.mark.parametrize("number", ["1" * 400, "1e400", "-1e999", "NaN", "Infinity"])
def test_a_number_that_is_none_is_missing_and_not_infinite(number: str) -> None:
    body = f'{{"data": {{"id": "v", "duration": {number}}}}}'.encode()
    assert decode(GetVideo("v"), 200, {}, body).duration is None
