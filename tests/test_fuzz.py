"""Whatever comes back, nothing but our own errors comes out; and none where HeyGen only says more than before."""

import json
from collections.abc import Mapping, Sequence
from types import NoneType
from typing import Any, get_args, get_origin

import attrs
import pytest
from anything import anything, request_classes
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from heygen_async.codec import decode
from heygen_async.errors import AnswerUnreadable, HeyGenError
from heygen_async.operation import Page, Request
from heygen_async.wire import WRITER

PATIENT = settings(max_examples=20, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
LEAVES = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=10) | st.just(10**400)
JSON = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
PAGES = st.sampled_from(
    [
        b"",
        b"<html><head><title>502 Bad Gateway</title></head></html>",
        b"<!doctype html>" + b"x" * 5000,
        b'{"data": {"id": ',
        b"\xff\xfe\x00",
        b"null",
        b"[]",
        b'"data"',
        b"[" * 100_000,
        b'{"error": {"code": null, "message": {"a": 1}}}',
        b'{"error": []}',
        b'{"data": null}',
        b'{"data": [null, 1, {}]}',
    ]
)
STATUSES = st.sampled_from([200, 201, 202, 204, 301, 400, 401, 402, 403, 404, 409, 413, 422, 429, 500, 502, 503])

every_answer = pytest.mark.parametrize("cls", request_classes(), ids=lambda cls: cls.__name__)


def asked(cls: type[Request[Any]]) -> Request[Any]:
    """Make a request of a class: what it asks for makes no difference to how its answer is read."""
    return object.__new__(cls)


def answers(of: Any) -> st.SearchStrategy[Any]:
    """Draw the JSON of an answer."""
    if of is NoneType:
        return st.none()
    if get_origin(of) in {Page, Sequence}:
        return st.lists(answers(get_args(of)[0]), max_size=3)
    return anything(of).map(WRITER.unstructure) if attrs.has(of) else JSON


@every_answer
@PATIENT
@given(status=STATUSES, body=PAGES | JSON.map(lambda value: json.dumps(value).encode()))
def test_anything_is_an_answer_or_one_of_our_errors(cls: type[Request[Any]], status: int, body: bytes) -> None:
    try:
        decode(asked(cls), status, {}, body)
    except HeyGenError as error:
        assert str(error)  # noqa: PT017  # most bodies are errors, and some are answers


@every_answer
@PATIENT
@given(data=st.data())
def test_an_answer_that_is_wrong_somewhere_is_an_answer_or_unreadable(
    cls: type[Request[Any]], data: st.DataObject
) -> None:
    payload = data.draw(answers(cls.answer))
    broken = {"data": replaced_somewhere(payload, data), "has_more": data.draw(JSON), "next_token": data.draw(JSON)}
    try:
        decode(asked(cls), 200, {}, json.dumps(broken).encode())
    except AnswerUnreadable as error:
        assert cls.endpoint.path in str(error)  # noqa: PT017  # as above


@every_answer
@PATIENT
@given(data=st.data())
def test_new_fields_new_words_and_nothing_never_disturb(cls: type[Request[Any]], data: st.DataObject) -> None:
    payload = data.draw(answers(cls.answer))
    grown = grown_everywhere(payload, data.draw(st.text(min_size=9, max_size=12)), data.draw(JSON))
    before = decode(asked(cls), 200, {}, json.dumps({"data": payload}).encode())
    after = decode(asked(cls), 200, {}, json.dumps({"data": grown}).encode())
    assert shape(after) == shape(before)


def replaced_somewhere(value: Any, data: st.DataObject) -> Any:
    """Put something else in one place of a value, or in its own."""
    if isinstance(value, Mapping) and value and data.draw(st.booleans()):
        name = data.draw(st.sampled_from(sorted(value)))
        return {**value, name: replaced_somewhere(value[name], data)}
    if isinstance(value, list) and value and data.draw(st.booleans()):
        return [replaced_somewhere(value[0], data), *value[1:]]
    return data.draw(JSON)


def grown_everywhere(value: Any, word: str, new: Any) -> Any:
    """Give each object of an answer a field that nobody knows, and one that is null."""
    if isinstance(value, Mapping):
        return {name: grown_everywhere(each, word, new) for name, each in value.items()} | {word: new, "newer": None}
    return [grown_everywhere(each, word, new) for each in value] if isinstance(value, list) else value


def shape(answer: Any) -> Any:
    """Take what is new away again, wherever an answer keeps it."""
    if isinstance(answer, Page):
        return [shape(item) for item in answer.items]
    if attrs.has(type(answer)):
        known = [at.name for at in attrs.fields(type(answer)) if at.name != "extra"]
        return {name: shape(getattr(answer, name)) for name in known}
    if isinstance(answer, Sequence) and not isinstance(answer, str):
        return [shape(item) for item in answer]
    return "an object" if isinstance(answer, Mapping) else answer
