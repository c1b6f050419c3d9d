from collections.abc import Sequence
from typing import Any, Generic, TypeVar

import pytest
from anything import request_classes
from attrs import frozen

from heygen_async.api.assets import UploadAsset
from heygen_async.api.avatars import PhotoAvatar
from heygen_async.api.videos import (
    VIDEO,
    AvatarVideo,
    CinematicVideo,
    CreatedVideo,
    CreateVideoBatch,
    GetVideo,
    GetVideoStatuses,
    ImageVideo,
    ListVideos,
    StudioVideo,
    Video,
)
from heygen_async.codec import encode
from heygen_async.errors import RequestInvalid
from heygen_async.operation import (
    DELETE,
    GET,
    PATCH,
    POST,
    PUT,
    Endpoint,
    JobRequest,
    Page,
    PageRequest,
    Report,
    Request,
)

T = TypeVar("T")


@frozen
class Thing:
    id: str


@frozen
class GetThing(Request[Thing]):
    """One thing."""

    endpoint = GET("/v3/boxes/{box_id}/things/{thing_id}")
    box_id: str
    thing_id: str


@frozen
class GetSame(GetThing):
    """The same by another name."""


@frozen
class GetGeneric(Request[T], Generic[T]):
    """Something of a kind that a subclass names."""


@frozen
class GetThings(GetGeneric[Sequence[Thing]]):
    """Some things."""


@frozen(kw_only=True)
class ListThings(PageRequest[Thing]):
    """All things."""

    endpoint = GET("/v3/things")
    limit: int | None = None
    token: str | None = None


def test_a_request_knows_its_answer_by_its_base() -> None:
    assert GetThing.answer is Thing
    assert ListThings.answer == Page[Thing]
    assert GetVideo.answer is Video
    assert ListVideos.answer == Page[Video]
    assert AvatarVideo.answer is CreatedVideo


def test_a_subclass_keeps_the_answer_and_a_generic_one_takes_what_is_filled_in() -> None:
    assert GetSame.answer is Thing
    assert not hasattr(GetGeneric, "answer")
    assert GetThings.answer == Sequence[Thing]


@pytest.mark.parametrize("cls", request_classes(), ids=lambda cls: cls.__name__)
def test_every_request_of_the_api_has_an_endpoint_an_answer_and_a_docstring(cls: type[Request[object]]) -> None:
    assert cls.endpoint.path.startswith("/v3/")
    assert cls.endpoint.method in {"GET", "POST", "PUT", "PATCH", "DELETE"}
    assert not isinstance(cls.answer, TypeVar)
    assert cls.__doc__
    assert set(cls.endpoint.path_fields) <= {name for name in dir(cls) if not name.startswith("_")}


@pytest.mark.parametrize("cls", request_classes(), ids=lambda cls: cls.__name__)
def test_every_request_compares_by_value(cls: type[Request[object]]) -> None:
    assert "__eq__" in vars(cls)


@pytest.mark.parametrize(
    ("cls", "given", "problem"),
    [
        (PhotoAvatar, {"name": "Me", "file": "photo.png"}, "file: must be Url or Asset or Base64 or LocalFile, not"),
        (PhotoAvatar, {"name": "Me", "file": None}, "file: is required"),
        (CreateVideoBatch, {"videos": [{"script": "Hi"}]}, "videos.0: must be AvatarVideo or ImageVideo or"),
        (CreateVideoBatch, {"videos": 5}, "videos: must be a list, not 5"),
        (AvatarVideo, {"avatar_id": "a", "script": "Hi", "folder_id": 5}, "folder_id: must be text, not 5"),
        (AvatarVideo, {"avatar_id": "a", "script": "Hi", "remove_background": "no"}, "remove_background: must be true"),
        (UploadAsset, {"file": "photo.png", "direct": False}, "file: must be LocalFile, not 'photo.png'"),
    ],
)
def test_a_field_of_another_type_is_named_before_anything_is_sent(cls: Any, given: Any, problem: str) -> None:
    with pytest.raises(RequestInvalid) as caught:
        cls(**given)
    assert [str(each).startswith(problem) for each in caught.value.problems] == [True]


def test_an_endpoint_knows_the_names_in_its_path() -> None:
    assert GetThing.endpoint.path_fields == ("box_id", "thing_id")
    assert GET("/v3/things").path_fields == ()


@pytest.mark.parametrize(
    ("endpoint", "keyed", "reads"),
    [
        (GET("/"), False, True),
        (DELETE("/"), False, True),
        (POST("/"), True, False),
        (POST("/", keyed=False), False, False),
        (PUT("/"), False, False),
        (PATCH("/"), False, False),
    ],
)
def test_a_post_is_keyed_and_a_get_or_delete_has_a_query(endpoint: Endpoint, *, keyed: bool, reads: bool) -> None:
    assert (endpoint.keyed, endpoint.reads) == (keyed, reads)


def test_an_endpoint_answers_200_and_takes_json_unless_it_says_otherwise() -> None:
    assert (POST("/").status, POST("/").body) == (200, "json")
    assert POST("/", body="form", status=202) == Endpoint("POST", "/", "form", status=202, keyed=True)


def test_only_a_post_without_a_key_must_not_be_repeated_unless_it_is_harmless() -> None:
    assert not POST("/", keyed=False).repeatable
    assert all(
        one.repeatable for one in (POST("/", keyed=False, harmless=True), POST("/"), PUT("/"), PATCH("/"), GET("/"))
    )


@pytest.mark.parametrize("cls", [AvatarVideo, ImageVideo, CinematicVideo, StudioVideo])
def test_every_kind_of_video_finds_its_id_in_the_receipt(cls: type[JobRequest[CreatedVideo, Video]]) -> None:
    receipt = CreatedVideo("v1")
    assert cls.job_id(receipt) == "v1"
    assert object.__new__(cls).job_id(receipt) == "v1"


def test_a_job_request_must_say_where_the_id_is() -> None:
    with pytest.raises(NotImplementedError):
        JobRequest.job_id(object())


def test_a_kind_of_job_knows_how_to_look_at_one_and_at_many() -> None:
    assert VIDEO.get("v1") == GetVideo("v1")
    assert VIDEO.statuses is not None
    assert VIDEO.listing is not None
    assert encode(VIDEO.statuses(("a", "b"))) == encode(GetVideoStatuses(video_ids=("a", "b")))
    assert encode(VIDEO.listing(7)) == encode(ListVideos(limit=7))
    video = Video("v1", "failed", failure_code="X", failure_message="broken")
    assert VIDEO.report(video) == Report("failed", "X", "broken", None)


def test_a_page_is_empty_and_the_last_one_unless_it_says_otherwise() -> None:
    assert Page[Thing]() == Page((), has_more=False, next_token=None)
