"""Deliveries are checked and read without I/O: what is not HeyGen's never becomes an event."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heygen_async.errors import DeliveryRefused
from heygen_async.webhooks.webhook import (
    LARGEST,
    SKEW,
    Event,
    Received,
    Secret,
    event_of,
    is_signed,
    parse,
    sign,
    verify,
)

NOW = 1_790_000_000.0
SECRET = Secret("whsec_nobody-may-see-this")
OLD = Secret("whsec_of-yesterday", until=NOW)

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=10,
)


def body_of(type: str = "avatar_video.success", **data: Any) -> bytes:  # noqa: A002  # the event's word for it
    return json.dumps({"event_id": "evt_1", "event_type": type, "event_data": data}).encode()


def read(body: bytes, *, secret: Secret = SECRET, **headers: str) -> Event:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return parse({"Heygen-Signature": sign(body, secret)} | named, body, [SECRET, OLD], now=NOW)


def refused(*args: Any, **kwargs: Any) -> DeliveryRefused:
    with pytest.raises(DeliveryRefused) as caught:
        parse(*args, **kwargs)
    return caught.value


# Signatures.


def test_a_signature_is_the_hmac_of_the_bytes_with_the_whole_secret() -> None:
    # printf '{"a":1}' | openssl dgst -sha256 -hmac whsec_test
    expected = "51426af50a41dd7ff2cd3f116594734766d4018d15d6fb07169aee5d2959adf5"
    assert sign(b'{"a":1}', Secret("whsec_test")) == expected


@pytest.mark.parametrize("name", ["Heygen-Signature", "Signature", "heygen-signature", "SIGNATURE"])
def test_either_generation_of_the_header_counts_in_any_case(name: str) -> None:
    body = body_of(video_id="v")
    assert parse({name: sign(body, SECRET)}, body, [SECRET], now=NOW).signed


def test_one_good_signature_of_two_is_enough() -> None:
    body = body_of(video_id="v")
    headers = {"Heygen-Signature": sign(body, SECRET), "Signature": "sig1=:of-a-proxy:"}
    assert parse(headers, body, [SECRET], now=NOW).signed


@given(st.binary(max_size=200), st.text(min_size=1).filter(str.strip))
def test_whatever_is_signed_is_verified_and_with_no_other_secret(body: bytes, text: str) -> None:
    assert verify(body, [sign(body, Secret(text))], [Secret("another one"), Secret(text)], now=NOW)
    assert not verify(body, [sign(body, Secret(text + "x"))], [Secret(text)], now=NOW)
    assert not verify(body, [sign(body, Secret(text))], [], now=NOW)


@given(st.text(max_size=70))
def test_no_text_passes_for_a_signature(forged: str) -> None:
    assert not verify(b"{}", [forged], [SECRET, OLD], now=NOW)


@pytest.mark.parametrize("spoil", [str.upper, lambda good: f"sha256={good}", lambda good: good[:-1], lambda _: ""])
def test_a_signature_counts_only_as_heygen_writes_it(spoil: Any) -> None:
    body = body_of(video_id="v")
    error = refused({"Signature": spoil(sign(body, SECRET))}, body, [SECRET], now=NOW)
    assert error.status == 401


def test_a_secret_that_was_rotated_away_counts_until_its_time_is_over() -> None:
    body = body_of(video_id="v")
    headers = {"Signature": sign(body, OLD)}
    assert parse(headers, body, [SECRET, OLD], now=NOW).signed
    error = refused(headers, body, [SECRET, OLD], now=NOW + 1)
    assert (error.status, str(error)) == (401, "the signature is wrong")


def test_a_secret_never_shows_and_is_never_empty() -> None:
    assert "nobody" not in repr(SECRET)
    with pytest.raises(ValueError, match="empty"):
        Secret("  ")


# Refusals.


def test_an_unsigned_delivery_is_refused_and_an_endpoint_without_secrets_refuses_all() -> None:
    assert refused({}, b"{}", [SECRET], now=NOW).status == 401
    assert refused({"Signature": "00"}, b"{}", [], now=NOW).status == 401
    assert not is_signed({})
    assert not is_signed({"signature": ""})
    assert is_signed({"signature": "00"})


@pytest.mark.parametrize(
    "stamp", [f"{NOW - SKEW - 1:.0f}", f"{NOW + SKEW + 1:.0f}", "", "soon", "-1", "1e9", "٣", "9" * 99]
)
def test_a_stale_or_odd_timestamp_is_refused(stamp: str) -> None:
    body = body_of()
    headers = {"Signature": sign(body, SECRET), "Heygen-Timestamp": stamp}
    assert refused(headers, body, [SECRET], now=NOW).status == 401


@pytest.mark.parametrize("stamp", [f"{NOW - SKEW:.0f}", f"{NOW + SKEW:.0f}", f"{NOW:.3f}"])
def test_a_timestamp_within_five_minutes_passes(stamp: str) -> None:
    assert read(body_of(), Heygen_Timestamp=stamp).signed


@pytest.mark.parametrize("body", [b"", b"{", b"\xff\xfe", b"[]", b'"text"', b"null", b"[" * 100_000, b"1" * 5000])
def test_a_body_that_is_no_json_object_is_a_bad_request_even_when_it_is_signed(body: bytes) -> None:
    error = refused({"Signature": sign(body, SECRET)}, body, [SECRET], now=NOW)
    assert error.status == 400


def test_a_body_that_is_too_large_is_refused_before_its_signature_is_computed(monkeypatch: pytest.MonkeyPatch) -> None:
    body = b"x" * (LARGEST + 1)
    headers = {"Signature": sign(body, SECRET)}
    monkeypatch.setattr("heygen_async.webhooks.webhook.verify", None)
    assert refused(headers, body, [SECRET], now=NOW).status == 400
    largest = body_of(padding="x" * (LARGEST - len(body_of(padding=""))))
    assert len(largest) == LARGEST
    monkeypatch.undo()
    assert read(largest).signed


@given(
    st.dictionaries(st.text(), st.text()), st.binary(max_size=300) | json_values.map(lambda of: json.dumps(of).encode())
)
def test_anything_at_all_is_an_event_or_refused(headers: dict[str, str], body: bytes) -> None:
    for secrets in (None, [SECRET]):
        statuses, event = set[int](), None
        try:
            event = parse(headers, body, secrets, now=NOW)
        except DeliveryRefused as refusal:
            statuses.add(refusal.status)
        assert statuses <= {400, 401}
        assert event is None or (secrets is None and not event.signed and event not in Received())


# What an event says.


def test_a_success_says_what_was_made_and_where_it_is() -> None:
    event = read(
        json.dumps(
            {
                "event_id": "evt_1",
                "event_type": "avatar_video.success",
                "created_at": "2026-03-25T12:05:00Z",
                "event_data": {
                    "folder_id": "f",
                    "video_id": "v",
                    "url": "https://files.example/a.mp4?Signature=x",
                    "callback_id": "mine",
                },
            }
        ).encode()
    )
    assert (event.type, event.event_id, event.resource, event.resource_id) == (
        "avatar_video.success",
        "evt_1",
        "video",
        "v",
    )
    assert (event.url, event.callback_id) == ("https://files.example/a.mp4?Signature=x", "mine")
    assert (event.created_at, event.happened) == ("2026-03-25T12:05:00Z", 1774440300.0)
    assert (event.message, event.code, event.signed) == (None, None, True)
    assert "Signature" not in repr(event)
    assert event.ids == ["v"]


@pytest.mark.parametrize("said", [{"msg": "no"}, {"message": "no"}, {"error": "no"}, {"failure_message": "no"}])
def test_a_failure_says_why_in_any_spelling(said: dict[str, str]) -> None:
    assert read(body_of("avatar_video.fail", video_id="v", **said)).message == "no"


def test_an_error_may_be_an_object() -> None:
    event = read(body_of("avatar_video.fail", video_id="v", error={"code": "c", "detail": "no"}))
    assert (event.message, event.code) == ("no", "c")


def test_a_file_may_be_called_video_url() -> None:
    assert read(body_of("personalized_video", video_id="v", video_url="https://a.example/")).url == "https://a.example/"


@pytest.mark.parametrize(
    ("type_", "data", "resource", "ids"),
    [
        ("video_translate.success", {"video_translate_id": "t"}, "video translation", ["t"]),
        ("video_translate.preflight.download_failed", {"video_translate_id": "t"}, "video translation", ["t"]),
        ("batch.finished", {"batch_id": "b"}, "batch", ["b"]),
        ("video_agent.success", {"video_id": "v", "session_id": "s"}, "agent session", ["s", "v"]),
        ("ai_clipping.fail", {"job_id": "c"}, "AI clipping", ["c"]),
        ("podcast.success", {"podcast_id": "p", "id": "i", "callback_id": "mine"}, None, ["p", "i"]),
        ("brand.new", {"video_id": 7, "x_id": "", "folder_id": "f", "y_id": "i" * 256}, None, []),
        ("brand.new", {f"{at}_id": f"{at}" for at in range(20)}, None, [f"{at}" for at in range(8)]),
    ],
)
def test_what_an_event_is_about_is_found(
    type_: str, data: dict[str, Any], resource: str | None, ids: list[str]
) -> None:
    event = read(body_of(type_, **data))
    assert event.resource == resource
    assert event.ids == ids


def test_an_envelope_without_event_data_is_read_as_it_is() -> None:
    event = parse({}, b'{"event_type": "avatar_video.success", "video_id": "v"}', None, now=NOW)
    assert (event.resource_id, event.signed, event.event_id) == ("v", False, None)
    assert parse({}, b'{"video_id": "v"}', None, now=NOW).type == ""


def test_the_id_in_the_body_is_signed_and_goes_before_the_one_in_the_header() -> None:
    body = b'{"event_type": "batch.finished", "event_data": {"batch_id": "b"}}'
    assert read(body_of(1), Heygen_Event_Id="evt_2").event_id == "evt_1"
    assert read(body, Heygen_Event_Id="evt_2").event_id == "evt_2"


@pytest.mark.parametrize(
    ("written", "happened"),
    [(None, None), ("soon", None), ("2026-03-25T12:05:00", 1774440300.0), ("2026-03-25T14:05:00+02:00", 1774440300.0)],
)
def test_a_date_is_read_if_it_is_one(written: str | None, happened: float | None) -> None:
    assert Event(type="t", created_at=written).happened == happened


# Copies.


def event(event_id: str | None = None, type_: str = "avatar_video.success", **data: Any) -> Event:
    return event_of(type=type_, data=data, event_id=event_id, created_at=None, signed=True)


@pytest.mark.parametrize(
    ("first", "second", "copy"),
    [
        (event("e", video_id="v"), event("e", video_id="v"), True),
        (event("e", video_id="v"), event("e", video_id="w"), True),
        (event("e", video_id="v"), event("f", video_id="v"), False),
        (event(video_id="v"), event(video_id="v"), True),
        (event(video_id="v"), event(video_id="w"), False),
        (event(video_id="v"), event(type_="avatar_video_gif.success", video_id="v"), False),
        (event("e", video_id="v"), event(video_id="v"), True),
        (event(video_id="v"), event("e", video_id="v"), True),
        (event(a=1, b=[2]), event(b=[2], a=1), True),
        (event(a=1), event(a=2), False),
    ],
)
def test_a_copy_is_known_by_its_id_else_by_what_it_is_about(first: Event, second: Event, copy: bool) -> None:
    received = Received()
    received.add(first)
    assert (second in received) is copy


def test_the_memory_is_bounded_and_forgets_the_oldest() -> None:
    received = Received(most=100)
    events = [event(f"e{at}", video_id=f"v{at}") for at in range(1000)]
    for each in events:
        received.add(each)
    assert len(received) == 100
    assert all(each in received for each in events[-100:])
    assert not any(each in received for each in events[:-100])


@pytest.mark.parametrize(
    ("data", "found"),
    [
        ({"video_id": "v"}, "v"),
        ({"x_id": {"no": "text"}, "session_id": "s"}, "s"),
        ({"x_id": "", "session_id": "s"}, "s"),
        ({"callback_id": "c"}, None),
        ({}, None),
    ],
)
def test_what_an_event_of_a_new_type_is_about_is_its_first_id_that_is_text(
    data: dict[str, Any], found: str | None
) -> None:
    event = event_of(type="novelty.made", data=data, event_id=None, created_at=None, signed=True)
    assert event.resource_id == found


@pytest.mark.parametrize(
    ("data", "message", "code"),
    [
        ({"msg": "late"}, "late", None),
        ({"error": "broken", "failure_code": "E1"}, "broken", "E1"),
        ({"error": {"message": "broken", "code": "E2"}}, "broken", "E2"),
        ({"error": {"detail": "broken", "code": 7}}, "broken", None),
        ({"error": ["broken"], "msg": ""}, None, None),
    ],
)
def test_why_something_failed_is_found_in_whatever_field_it_is_said(
    data: dict[str, Any], message: str | None, code: str | None
) -> None:
    event = event_of(type="avatar_video.fail", data=data, event_id=None, created_at=None, signed=True)
    assert (event.message, event.code) == (message, code)
