"""Every error that this package raises, in one tree.

::

    HeyGenError
    ├── RequestInvalid (ValueError)         our own check: nothing was sent
    ├── RowsInvalid (ValueError)            the same for the input file of a bulk run, by line and column
    ├── ClientMisused (RuntimeError)        no API key, a closed client, a forbidden base address
    ├── ConnectionFailed (ConnectionError)  no answer came
    │   └── RequestTimeout (TimeoutError)   … in the time allowed
    ├── AnswerUnreadable                    an answer came, and it is not HeyGen's JSON
    ├── APIError                            HeyGen said no
    │   ├── BadRequest                      400, 422: the body or a parameter is wrong
    │   ├── NotAuthenticated                401: the API key is missing or wrong
    │   ├── OutOfCredit                     402: the wallet or the plan does not pay for this
    │   ├── NotPermitted                    403: not yours, or not on this plan
    │   ├── NotFound                        404: no such thing, or deleted
    │   ├── Conflict                        409: not ready yet, or the same request is still running
    │   ├── Retired                         410: HeyGen has taken the operation away
    │   ├── TooLarge                        413: more bytes than HeyGen takes
    │   ├── RateLimited                     429: too many requests or renders at once
    │   └── ServerFailed                    5xx: HeyGen's side
    ├── JobError                            a job that has no result
    │   ├── JobFailed                       HeyGen gave up on it
    │   ├── JobGone                         HeyGen does not know it (any more)
    │   └── JobTimeout (TimeoutError)       we stopped waiting; it may still finish
    ├── UploadFailed (OSError)              the file could not be brought to HeyGen's storage
    ├── DownloadFailed (OSError)            the file could not be brought to disk whole
    │   └── TargetExists (FileExistsError)  a file of that name is there already
    ├── JournalFailed (OSError)             the journal of a bulk run cannot be read or written
    ├── BudgetReached                       a row of a bulk run does not fit into its budget any more
    └── DeliveryRefused                     a webhook that HeyGen has not sent, or cannot have meant

Catch ``HeyGenError`` for all of it. Errors that the standard library has a class for are that class too, so
``except TimeoutError`` and ``except ConnectionError`` work as everywhere else.

Rules come from https://developers.heygen.com/docs/error-codes and from what the live API was seen to answer.
"""

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from attrs import field, frozen

from heygen_async.log import printable

if TYPE_CHECKING:
    from heygen_async.job import Job
    from heygen_async.operation import Request

__all__ = [
    "APIError",
    "AnswerUnreadable",
    "BadRequest",
    "BudgetReached",
    "ClientMisused",
    "Conflict",
    "ConnectionFailed",
    "DeliveryRefused",
    "DownloadFailed",
    "HeyGenError",
    "JobError",
    "JobFailed",
    "JobGone",
    "JobTimeout",
    "JournalFailed",
    "NotAuthenticated",
    "NotFound",
    "NotPermitted",
    "OutOfCredit",
    "Problem",
    "RateLimited",
    "RequestInvalid",
    "RequestTimeout",
    "Retired",
    "RowProblem",
    "RowsInvalid",
    "ServerFailed",
    "TargetExists",
    "TooLarge",
    "UploadFailed",
]

LONGEST_REASON = 300
"""Characters of a `RowProblem.reason` that are kept: some quote what they are about."""


class HeyGenError(Exception):
    """The root: every error of this package is one of these."""

    request: "Request[Any] | None" = None
    """The request that led here, or ``None`` where there is none."""

    retryable: bool = False
    """Whether the same request may well succeed later. What is safe to repeat, the client repeats itself."""

    uncertain: bool = False
    """Whether the request may have been carried out, at this try or an earlier one, although it ended badly."""

    idempotency_key: str | None = None
    """The key that all tries carried. With it, the same call within 24 hours is carried out and paid for once."""

    def __reduce__(self) -> tuple[Any, ...]:
        # Exceptions are rebuilt from `args` alone, which hold the message only: carry the rest over too.
        return _revived, (type(self), self.args), self.__dict__


def _revived(kind: type[HeyGenError], args: tuple[Any, ...]) -> HeyGenError:
    """Make an error anew when it was pickled or copied; its attributes follow."""
    error = kind.__new__(kind, *args)
    error.args = args
    return error


@frozen
class Problem:
    """One thing that is wrong with a request."""

    field: str
    """The API's name of the field, with dots (``voice_settings.speed``); empty: the whole request."""

    reason: str
    """What is wrong, and what would be right."""

    def __str__(self) -> str:
        return f"{self.field}: {self.reason}" if self.field else self.reason


class RequestInvalid(HeyGenError, ValueError):
    """A request breaks a rule of the API; found before anything was sent. Mend the fields, build it again."""

    problems: tuple[Problem, ...]
    """All that is wrong, in the order of the fields."""

    def __init__(self, problems: Iterable[Problem], what: str = "request") -> None:
        self.problems = tuple(problems)
        self.what = what
        super().__init__(f"{what} is not valid: " + "; ".join(map(str, self.problems)))


def _cut(reason: str) -> str:
    return reason if len(reason) <= LONGEST_REASON else f"{reason[: LONGEST_REASON - 1]}…"


@frozen
class RowProblem:
    """One thing that is wrong with the input."""

    line: int
    """The line where the row starts, from 1; 0: the whole input."""

    column: str
    """The column as the input writes it, else the API's name of the field; empty: the whole row."""

    reason: str = field(converter=_cut)
    """What is wrong, and what would be right; cut to `LONGEST_REASON`."""

    def __str__(self) -> str:
        where = [f"line {self.line}"] if self.line else []
        where += [f"column {printable(self.column)}"] if self.column else []
        return f"{', '.join(where)}: {printable(self.reason)}" if where else printable(self.reason)


class RowsInvalid(HeyGenError, ValueError):
    """The input of a bulk run cannot be used; nothing was sent. Mend what `problems` lists and run again."""

    problems: tuple[RowProblem, ...]
    """All that is wrong, in the order of the lines."""

    source: str
    """Where the rows come from: a file's name, or ``standard input``."""

    def __init__(self, source: str, problems: Iterable[RowProblem]) -> None:
        self.source = source
        self.problems = tuple(sorted(problems, key=lambda problem: problem.line))
        super().__init__("\n".join(map(str, self.problems)))

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.source, self.problems)


class ClientMisused(HeyGenError, RuntimeError):
    """The client cannot work as it was set up: no API key, closed, or an address that would leak the key."""


class ConnectionFailed(HeyGenError, ConnectionError):
    """No answer came from the server. `sent` tells whether the request may have reached it."""

    retryable = True

    def __init__(self, message: str, *, sent: bool, request: "Request[Any] | None" = None) -> None:
        super().__init__(message)
        self.sent = sent
        self.request = request


class RequestTimeout(ConnectionFailed, TimeoutError):
    """No answer came in the time that `Timeouts` allows. The request may have been carried out."""


class AnswerUnreadable(HeyGenError):
    """The answer is not what HeyGen's API sends: a gateway's HTML, nothing, broken JSON, a missing id.

    `status` is the HTTP status, `request_id` what to quote to HeyGen's support (or ``None``). What is no JSON is
    `retryable`: a gateway's hiccup passes, an API that has changed does not.
    """

    def __init__(
        self,
        message: str,
        *,
        status: int,
        request_id: str | None = None,
        request: "Request[Any] | None" = None,
        retryable: bool = False,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.request_id = request_id
        self.request = request
        self.retryable = retryable


class APIError(HeyGenError):
    """HeyGen refused the request and said why."""

    hint: str = ""
    """What the caller can do; appended to the message."""

    code: str
    """HeyGen's code in lower case, such as ``invalid_parameter``; empty when it sent none."""

    message: str
    """HeyGen's own words."""

    status: int
    """The HTTP status. It can be 200: HeyGen was seen to send errors under it."""

    param: str | None
    """The field that a validation error is about."""

    doc_url: str | None
    """HeyGen's page on this code."""

    request_id: str | None
    """``X-Request-Id`` of the answer; quote it to HeyGen's support."""

    retry_after: float | None
    """Seconds that HeyGen asks to wait, where it does."""

    def __init__(
        self,
        message: str,
        *,
        status: int,
        code: str = "",
        param: str | None = None,
        doc_url: str | None = None,
        request_id: str | None = None,
        retry_after: float | None = None,
        request: "Request[Any] | None" = None,
    ) -> None:
        self.message = message
        self.status = status
        self.code = code.lower()
        self.param = param
        self.doc_url = doc_url
        self.request_id = request_id
        self.retry_after = retry_after
        self.request = request
        super().__init__(message)

    @property
    def retryable(self) -> bool:  # type: ignore[override]  # a class attribute above, computed here
        """Whether HeyGen lists this code as one that passes."""
        return self.code in _PASSING or isinstance(self, RateLimited | ServerFailed)

    def __str__(self) -> str:
        parts = [self.message or "HeyGen gave no reason"]
        parts += [f"field {self.param}"] if self.param else []
        parts += [f"code {self.code}"] if self.code else []
        parts += [f"HTTP {self.status}"]
        parts += [f"request id {self.request_id}"] if self.request_id else []
        return f"{parts[0]} ({', '.join(parts[1:])})" + (f". {self.hint}" if self.hint else "")


class BadRequest(APIError):
    """400 or 422: `param` names the field. The same request will fail again."""


class NotAuthenticated(APIError):
    """401: the API key is missing, wrong or revoked."""

    hint = "Check HEYGEN_API_KEY: keys are made at https://app.heygen.com under Settings, API"


class OutOfCredit(APIError):
    """402: the wallet, the trial or the plan does not pay for this."""

    hint = "An API key bills the API wallet, which is not the web plan's credit; top it up and run again"


class NotPermitted(APIError):
    """403: the thing belongs to somebody else, or the plan or the key's scope does not allow it."""


class NotFound(APIError):
    """404: HeyGen knows no such thing, or it was deleted."""


class Conflict(APIError):
    """409: something is not ready yet, or a request with the same idempotency key is still running."""


class Retired(APIError):
    """410: HeyGen has taken the operation away, as it did with v1 and v2 on 1 November 2026."""

    hint = 'Use the v3 operation, or HeyGen(legacy="translate"), which sends legacy calls as v3'


class TooLarge(APIError):
    """413: the body or the file is larger than HeyGen takes."""


class RateLimited(APIError):
    """429: too many requests, or too many renders at once; `retry_after` says for how long."""


class ServerFailed(APIError):
    """5xx: HeyGen or a gateway before it failed."""


class JobError(HeyGenError):
    """A job has no result. `job` is the handle, with the id."""

    def __init__(self, job: "Job[Any]", message: str, hint: str = "") -> None:
        super().__init__(f"{message}. {hint}" if hint else message)
        self.job = job
        self.request = job.request


class JobFailed(JobError):
    """HeyGen gave the job up. Failed renders are not billed, says its pricing page."""

    def __init__(self, job: "Job[Any]", code: str | None, message: str | None, hint: str = "") -> None:
        reason = (message or "HeyGen gave no reason").removesuffix("." if hint else "")
        coded = f" (code {code})" if code else ""
        super().__init__(job, f"{job.kind.noun} {job.id} failed: {reason}{coded}", hint)
        self.code = code
        self.message = message


class JobGone(JobError):
    """HeyGen does not know the job: it was deleted, belongs to another account, or never was."""

    def __init__(self, job: "Job[Any]", hint: str = "") -> None:
        super().__init__(job, f"{job.kind.noun} {job.id} is unknown to HeyGen: deleted, or of another account", hint)


class JobTimeout(JobError, TimeoutError):
    """We stopped waiting; the job itself goes on. Await it again, or pick it up later by its id."""

    def __init__(self, job: "Job[Any]", seconds: float) -> None:
        super().__init__(
            job,
            f"{job.kind.noun} {job.id} was not done after {seconds:g} s (last seen: {job.status}); "
            "it goes on at HeyGen, so await the job again or pick it up by this id",
        )
        self.seconds = seconds


class UploadFailed(HeyGenError, OSError):
    """A direct upload came to nothing: the storage refused the file, or HeyGen could not process it.

    `path` is the file, `status` the storage's HTTP status, or ``None`` when it had taken the file.
    """

    def __init__(self, message: str, *, path: Path, status: int | None = None, retryable: bool = False) -> None:
        super().__init__(message)
        self.path = path
        self.status = status
        self.retryable = retryable

    def __str__(self) -> str:
        return str(self.args[0])


class DownloadFailed(HeyGenError, OSError):
    """A file could not be brought to disk whole; nothing was left under the final name. `path` is that name."""

    job: "Job[Any] | None" = None
    """Whose file it is; the video is rendered and paid for, so download it again, to another place perhaps."""

    def __init__(self, message: str, *, path: Path | None = None, retryable: bool = False) -> None:
        super().__init__(message)
        self.path = path
        self.retryable = retryable

    def __str__(self) -> str:
        return str(self.args[0])


class TargetExists(DownloadFailed, FileExistsError):
    """A file of that name is there already. Choose another name or pass ``overwrite=True``."""


class JournalFailed(HeyGenError, OSError):
    """The journal of a bulk run cannot be read or written, so nothing more was paid for. `path` is the journal."""

    def __init__(self, message: str, *, path: Path) -> None:
        super().__init__(message)
        self.path = path

    def __str__(self) -> str:
        return str(self.args[0])


class BudgetReached(HeyGenError):
    """A row may cost more than is left of the budget, so it was not sent. Run again with more. In US dollars."""

    def __init__(self, message: str, *, needed: float, limit: float) -> None:
        super().__init__(message)
        self.needed = needed
        self.limit = limit


class DeliveryRefused(HeyGenError):
    """Somebody else's delivery, or a broken one: nothing comes of it. `status` is the HTTP status to answer with."""

    def __init__(self, message: str, *, status: int) -> None:
        super().__init__(message)
        self.status = status


_PASSING = frozenset(
    {
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
    }
)
