import copy
import pickle
import re
from pathlib import Path
from typing import Any

import pytest

from heygen_async import errors
from heygen_async.api.videos import VIDEO, AvatarVideo, GetVideo
from heygen_async.codes import api_error
from heygen_async.errors import (
    AnswerUnreadable,
    APIError,
    BadRequest,
    ClientMisused,
    Conflict,
    ConnectionFailed,
    DownloadFailed,
    HeyGenError,
    JobError,
    JobFailed,
    JobGone,
    JobTimeout,
    NotAuthenticated,
    NotFound,
    NotPermitted,
    OutOfCredit,
    Problem,
    RateLimited,
    RequestInvalid,
    RequestTimeout,
    ServerFailed,
    TargetExists,
    TooLarge,
)
from heygen_async.job import Job

CLASSES = [cls for cls in vars(errors).values() if isinstance(cls, type) and issubclass(cls, HeyGenError)]


def drawn_tree() -> dict[str, tuple[str | None, str | None]]:
    """Read the docstring's drawing: name -> (parent, standard class)."""
    drawing = str(errors.__doc__).partition("::")[2].partition("Catch")[0]
    tree: dict[str, tuple[str | None, str | None]] = {}
    above: list[str] = []
    for line in filter(str.strip, drawing.splitlines()):
        found = re.match(r"    (?P<rails>[│├└─ ]*)(?P<name>\w+)(?: \((?P<standard>\w+)\))?", line)
        assert found, line
        depth = len(found["rails"]) // 4
        above[depth:] = [found["name"]]
        tree[found["name"]] = (above[depth - 1] if depth else None, found["standard"])
    return tree


def a_job(request: Any = None) -> Job[Any]:
    return Job("v1", VIDEO, None, request)  # type: ignore[arg-type]  # these errors ask nobody


def one_of_each() -> list[HeyGenError]:
    request = GetVideo("v1")
    return [
        HeyGenError("something"),
        RequestInvalid([Problem("speed", "is 9"), Problem("", "is odd")], "AvatarVideo"),
        ClientMisused("no key"),
        ConnectionFailed("reset", sent=True, request=request),
        RequestTimeout("silence", sent=True, request=request),
        AnswerUnreadable("HTML", status=502, request_id="r1", request=request),
        *(
            cls("no", status=400, code="C", param="p", doc_url="u", request_id="r", retry_after=2.0, request=request)
            for cls in CLASSES
            if issubclass(cls, APIError)
        ),
        DownloadFailed("disk full", path=Path("a.mp4"), retryable=True),
        TargetExists("there", path=Path("a.mp4")),
    ]


def pickled(error: HeyGenError) -> Any:
    return pickle.loads(pickle.dumps(error))  # our own bytes


def test_the_classes_are_where_the_docstring_draws_them() -> None:
    drawn = {name: parent for name, (parent, _) in drawn_tree().items()}
    real = {
        cls.__name__: next((base.__name__ for base in cls.__bases__ if issubclass(base, HeyGenError)), None)
        for cls in CLASSES
    }
    assert drawn == real


def test_every_error_is_public_and_says_what_it_means() -> None:
    assert {cls.__name__ for cls in CLASSES} | {"Problem", "RowProblem"} == set(errors.__all__)
    assert all(vars(cls)["__doc__"] for cls in CLASSES)


def test_an_error_is_the_standard_class_that_is_drawn_beside_it() -> None:
    for name, (_, standard) in drawn_tree().items():
        if standard:
            builtins = vars(errors)["__builtins__"]
            assert issubclass(vars(errors)[name], builtins[standard])


@pytest.mark.parametrize("error", one_of_each(), ids=lambda error: type(error).__name__)
@pytest.mark.parametrize("again", [copy.copy, copy.deepcopy, pickled])
def test_an_error_survives_copying_and_pickling(error: HeyGenError, again: Any) -> None:
    twin = again(error)
    assert type(twin) is type(error)
    assert str(twin) == str(error)
    assert vars(twin) == vars(error)
    assert twin.args == error.args
    assert twin.retryable == error.retryable


def test_a_job_error_can_be_copied_with_its_job() -> None:
    error = JobFailed(a_job(), "rendering_failed", "Avatar rendering timed out")
    assert copy.copy(error).job is error.job


def test_the_root_has_no_request_and_is_not_retryable() -> None:
    assert HeyGenError("x").request is None
    assert not HeyGenError("x").retryable


@pytest.mark.parametrize(
    ("status", "cls"),
    [
        (400, BadRequest),
        (401, NotAuthenticated),
        (402, OutOfCredit),
        (403, NotPermitted),
        (404, NotFound),
        (405, BadRequest),
        (409, Conflict),
        (413, TooLarge),
        (422, BadRequest),
        (429, RateLimited),
        (500, ServerFailed),
        (502, ServerFailed),
        (503, ServerFailed),
        (504, ServerFailed),
        (599, ServerFailed),
    ],
)
@pytest.mark.parametrize("code", ["", "invalid_parameter", "RATE_LIMIT_EXCEEDED", "something_new"])
def test_the_status_decides_on_the_class(status: int, code: str, cls: type[APIError]) -> None:
    assert api_error(status, code) is cls


@pytest.mark.parametrize(
    ("code", "cls"),
    [
        ("unauthorized", NotAuthenticated),
        ("authentication_failed", NotAuthenticated),
        ("insufficient_credit", OutOfCredit),
        ("trial_limit_exceeded", OutOfCredit),
        ("plan_upgrade_required", OutOfCredit),
        ("subscription_required", OutOfCredit),
        ("forbidden", NotPermitted),
        ("resource_access_denied", NotPermitted),
        ("ai_vendor_access_restricted", NotPermitted),
        ("voice_not_usable", NotPermitted),
        ("not_found", NotFound),
        ("video_not_found", NotFound),
        ("hyperframes_render_not_found", NotFound),
        ("conflict", Conflict),
        ("resource_not_ready", Conflict),
        ("request_in_progress", Conflict),
        ("brand_kit_not_ready", Conflict),
        ("payload_too_large", TooLarge),
        ("rate_limit_exceeded", RateLimited),
        ("quota_exceeded", RateLimited),
        ("internal_error", ServerFailed),
        ("video_delete_failed", ServerFailed),
        ("voice_provider_error", ServerFailed),
        ("service_unavailable", ServerFailed),
        ("gateway_timeout", ServerFailed),
        ("invalid_parameter", BadRequest),
        ("download_failed", BadRequest),
        ("something_new", BadRequest),
        ("", BadRequest),
    ],
)
def test_under_a_success_status_the_code_decides_in_any_case(code: str, cls: type[APIError]) -> None:
    assert api_error(200, code) is cls
    assert api_error(200, code.upper()) is cls


@pytest.mark.parametrize(
    "code",
    [
        "rate_limit_exceeded",
        "quota_exceeded",
        "internal_error",
        "service_unavailable",
        "gateway_timeout",
        "voice_provider_error",
        "download_failed",
        "resource_not_ready",
        "brand_kit_not_ready",
        "request_in_progress",
    ],
)
def test_a_code_that_passes_is_retryable_whatever_its_class(code: str) -> None:
    assert BadRequest("no", status=400, code=code.upper()).retryable


def test_of_the_classes_only_those_that_pass_are_retryable() -> None:
    retryable = {cls for cls in CLASSES if issubclass(cls, APIError) and cls("no", status=400).retryable}
    assert retryable == {RateLimited, ServerFailed}


def test_a_refusal_reads_as_one_sentence_with_all_that_support_asks_for() -> None:
    error = BadRequest(
        "script is too long", status=400, code="INVALID_PARAMETER", param="script", request_id="req-1", request=None
    )
    assert str(error) == ("script is too long (field script, code invalid_parameter, HTTP 400, request id req-1)")
    assert (error.code, error.param, error.status, error.request_id) == ("invalid_parameter", "script", 400, "req-1")


def test_a_refusal_without_words_still_says_something() -> None:
    assert str(ServerFailed("", status=503)) == "HeyGen gave no reason (HTTP 503)"


@pytest.mark.parametrize(("cls", "word"), [(NotAuthenticated, "HEYGEN_API_KEY"), (OutOfCredit, "API wallet")])
def test_a_refusal_that_the_caller_can_mend_says_how(cls: type[APIError], word: str) -> None:
    assert word in str(cls("no", status=400))


def test_an_invalid_request_names_every_problem() -> None:
    error = RequestInvalid(iter([Problem("voice_settings.speed", "is 9"), Problem("", "is odd")]), "AvatarVideo")
    assert str(error) == "AvatarVideo is not valid: voice_settings.speed: is 9; is odd"
    assert [problem.field for problem in error.problems] == ["voice_settings.speed", ""]


def test_a_failed_job_names_its_id_code_and_reason() -> None:
    request = AvatarVideo(avatar_id="a", script="Hi")
    error = JobFailed(a_job(request), "rendering_failed", "Avatar rendering timed out")
    assert str(error) == "video v1 failed: Avatar rendering timed out (code rendering_failed)"
    assert (error.code, error.message, error.request) == ("rendering_failed", "Avatar rendering timed out", request)


def test_a_job_can_fail_without_a_reason() -> None:
    assert str(JobFailed(a_job(), None, None)) == "video v1 failed: HeyGen gave no reason"


def test_a_job_that_is_gone_and_one_that_takes_too_long_name_their_id() -> None:
    assert "video v1 is unknown to HeyGen" in str(JobGone(a_job()))
    error = JobTimeout(a_job(), 90)
    assert "video v1 was not done after 90 s (last seen: waiting)" in str(error)
    assert error.seconds == 90
    assert isinstance(error, JobError)


def test_a_failed_download_reads_as_its_message_and_not_as_an_errno() -> None:
    error = DownloadFailed("the disk is full", path=Path("a.mp4"))
    assert str(error) == "the disk is full"
    assert error.path == Path("a.mp4")
    assert error.errno is None


def test_the_standard_names_catch_ours() -> None:
    with pytest.raises(TimeoutError):
        raise RequestTimeout("silence", sent=True)
    with pytest.raises(ConnectionError):
        raise ConnectionFailed("refused", sent=False)
    with pytest.raises(TimeoutError):
        raise JobTimeout(a_job(), 1)
    with pytest.raises(FileExistsError):
        raise TargetExists("there")
    with pytest.raises(ValueError, match="speed"):
        raise RequestInvalid([Problem("speed", "is 9")])
