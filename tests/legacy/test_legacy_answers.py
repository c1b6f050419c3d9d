"""Whatever a legacy answer holds: a value, or an error of the package; never for a field or a word that is new."""

import json
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from heygen_async import HeyGenError, legacy
from heygen_async.codec import decode
from heygen_async.legacy import GeneratePhoto, GetVideoStatus
from heygen_async.legacy.photo_avatars import PHOTO_GENERATION
from heygen_async.legacy.videos import LEGACY_VIDEO
from heygen_async.operation import Request

CLASSES = [
    thing for name in legacy.__all__ if isinstance(thing := getattr(legacy, name), type) and issubclass(thing, Request)
]
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
NAMES = st.sampled_from(
    ["id", "video_id", "status", "error", "data", "list", "avatars", "image_url_list", "generation_id", "meta", "tags"]
)
DATA = st.dictionaries(NAMES, JSON | st.lists(st.dictionaries(NAMES, JSON, max_size=3), max_size=2), max_size=5) | JSON
BODIES = st.one_of(
    JSON,
    st.fixed_dictionaries({"error": st.none() | JSON, "data": DATA}, optional={"warning": JSON}),
    st.fixed_dictionaries({"code": st.just(100) | JSON, "data": DATA}, optional={"msg": JSON, "message": JSON}),
)


def test_each_operation_names_its_successor() -> None:
    assert len(CLASSES) == 14
    assert all((cls.endpoint.deprecated or "").partition(" ")[2].startswith("/v3/") for cls in CLASSES)
    assert all(cls.endpoint.legacy and not cls.endpoint.keyed for cls in CLASSES)


@pytest.mark.parametrize("cls", CLASSES, ids=lambda cls: cls.__name__)
@settings(max_examples=60)
@given(body=BODIES, status=st.sampled_from([200, 200, 200, 202, 302, 400, 404, 410, 500]))
def test_no_answer_is_too_strange(cls: Any, body: Any, status: int) -> None:
    request = object.__new__(cls)  # what was asked does not matter, as long as nobody looks
    with suppress(HeyGenError):
        decode(request, status, {}, json.dumps(body).encode())


@given(st.text(max_size=12))
def test_a_status_that_is_new_is_kept(word: str) -> None:
    body = {"code": 100, "data": {"id": "v", "status": word, "error": None, "progress": 3}}
    video = decode(GetVideoStatus("v"), 200, {}, json.dumps(body).encode())
    assert (video.status, video.extra) == (word, {"progress": 3})
    assert LEGACY_VIDEO.report(video).status == word


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        ({"code": 40119, "detail": "too long (> 3600.0s)", "message": "too long"}, ("40119", "too long (> 3600.0s)")),
        ({"code": None, "message": "too long"}, (None, "too long")),
        ({}, (None, None)),
        (None, (None, None)),
    ],
)
def test_a_failure_gives_its_number_and_its_longest_reason(error: Any, reason: Any) -> None:
    body = {"code": 100, "data": {"id": "v", "status": "failed", "error": error}}
    report = LEGACY_VIDEO.report(decode(GetVideoStatus("v"), 200, {}, json.dumps(body).encode()))
    assert (report.code, report.message) == reason


def test_a_generation_is_followed_one_by_one_and_in_no_slot() -> None:
    assert PHOTO_GENERATION.statuses is None
    assert not PHOTO_GENERATION.slot
    assert GeneratePhoto.kind is PHOTO_GENERATION
