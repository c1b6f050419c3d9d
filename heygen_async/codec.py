"""From a request to what goes over the wire, and from what comes back to an answer or the right error.

Does no I/O. `encode` is strict: it writes only what the API documents. `decode` is tolerant: fields, statuses
and enum values that are new to us pass, and whatever is not HeyGen's JSON becomes an error that says what it was.
"""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from http import HTTPStatus
from types import NoneType
from typing import Any, TypeVar, cast, get_args, get_origin
from urllib.parse import quote

import attrs
from cattrs import transform_error
from cattrs.errors import BaseValidationError

from heygen_async.api.media import LocalFile
from heygen_async.codes import api_error
from heygen_async.errors import AnswerUnreadable, APIError, NotFound, Problem, RequestInvalid
from heygen_async.hints import hint_for
from heygen_async.operation import Page, Request, on_the_wire
from heygen_async.retry import retry_after
from heygen_async.wire import READER, WRITER

__all__ = ["Sendable", "decode", "encode"]

T = TypeVar("T")

_V1_SUCCESS = 100
_REFUSED = HTTPStatus.BAD_REQUEST.value
_NO_MORE = (
    "It may be the operation itself that is not found: HeyGen retired v1 and v2 on 1 November 2026. "
    'HeyGen(legacy="translate") sends legacy calls as v3'
)


_VAGUE = {"", "not_found", "10002"}
"""Codes that do not say what is not found; with any other it is something of the user's, and the operation is there."""


@attrs.frozen
class Sendable:
    """A request as the transport wants it."""

    method: str
    path: str
    """With the variables filled in, and quoted."""

    query: tuple[tuple[str, str], ...] = ()
    body: Mapping[str, Any] | None = None
    """To be sent as JSON; ``None``: no body."""

    upload: LocalFile | None = None
    """To be streamed as the part ``file`` of a form, or as it is."""

    raw: bool = False
    """Whether the file is the whole body."""

    texts: tuple[tuple[str, str], ...] = ()
    """Further parts of a form, by name."""


def encode(request: Request[Any]) -> Sendable:
    """Say what `request` looks like on the wire.

    Raises `RequestInvalid` where a `LocalFile` is left in it: the client uploads those first; and for an id that
    would change the path.
    """
    end = request.endpoint
    cls: Any = type(request)
    fields = {name: getattr(request, name) for name in _names(cls)}
    path = end.path.format_map({name: _step(name, fields.pop(name)) for name in end.path_fields})
    if end.reads:
        query = _query(fields | dict(request.extra) if request.extra else fields)
        return Sendable(end.method, path, query=tuple(query))
    if end.body in {"form", "raw"}:
        texts = tuple(_query(request.extra or {}))
        return Sendable(end.method, path, upload=fields["file"], raw=end.body == "raw", texts=texts)
    if end.body == "none":
        return Sendable(end.method, path)
    body = WRITER.unstructure(request)
    return Sendable(end.method, path, body={k: v for k, v in body.items() if k not in end.path_fields})


@cache
def _names(cls: type) -> Sequence[str]:
    return [at.name for at in on_the_wire(cls)]


def _step(name: str, value: object) -> str:
    """Write one step of a path, quoted: ``a/b`` is an id, and not two steps."""
    if isinstance(value, str) and value.isalnum() and value.isascii():  # most ids: there is nothing to quote
        return value
    if value in {".", ".."}:  # quoting leaves dots alone, and every URL library resolves them
        raise RequestInvalid([Problem(name, f"is {value!r}, which is no id")])
    return quote(str(value), safe="")


def _query(fields: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Write fields as a query: lists with commas, as HeyGen reads them; nothing for ``None``."""
    return [(name, _word(value)) for name, value in fields.items() if value is not None]


def _word(value: Any) -> str:
    if isinstance(value, str):
        return value
    return ",".join(map(_word, value)) if isinstance(value, Sequence) else json.dumps(value)


def decode(request: Request[T], status: int, headers: Mapping[str, str], body: bytes) -> T:
    """Turn an answer into what `request` promises.

    Raises `APIError` when HeyGen refused, whatever the HTTP status, and `AnswerUnreadable` when this is no
    answer of HeyGen's API.
    """
    payload = _parse(body)
    refusal = _refusal(payload, status)
    if refusal is None and status >= _REFUSED:
        refusal = {"message": f"the answer gives no reason: {_describe(body)}"}
    if refusal is not None:
        raise _refused(request, status, headers, refusal)
    try:
        return _structure(request, payload)
    except (BaseValidationError, ValueError, TypeError, KeyError, AttributeError, OverflowError) as fault:
        what = _faults(fault) if isinstance(payload, Mapping) else _describe(body)
        moved = status >= HTTPStatus.MULTIPLE_CHOICES
        raise AnswerUnreadable(
            f"{request.endpoint.method} {request.endpoint.path} got an answer (HTTP {status}) that is not what "
            f"HeyGen's API sends: {what}"
            + ("; redirects are not followed, the API key stays with the API's host" if moved else ""),
            status=status,
            request_id=headers.get("X-Request-Id"),
            request=request,
            retryable=payload is None and not moved,
        ) from fault


def _refused(request: Request[Any], status: int, headers: Mapping[str, str], refusal: Mapping[str, Any]) -> APIError:
    code = str(refusal.get("code") or "")
    error = api_error(status, code)(
        str(refusal.get("message") or refusal.get("msg") or ""),
        status=status,
        code=code,
        param=_text(refusal.get("param")),
        doc_url=_text(refusal.get("doc_url")),
        request_id=headers.get("X-Request-Id"),
        retry_after=retry_after(headers.get("Retry-After")),
        request=request,
    )
    error.hint = hint_for(request, error.code, error.param, error.message) or error.hint
    if request.endpoint.legacy and isinstance(error, NotFound) and not error.hint and error.code in _VAGUE:
        error.hint = _NO_MORE
    return error


def _parse(body: bytes) -> Any:
    """Read JSON, or return ``None``: what is not JSON is told apart by who needs to know."""
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None


def _refusal(payload: Any, status: int) -> Mapping[str, Any] | None:
    """Find the error in an answer: ``error``, or a number of v1, under any status; other shapes under a bad one."""
    if not isinstance(payload, dict):
        return None
    match payload:
        case {"error": Mapping() as error} if error:
            return error
        case {"error": str(text)} if text:
            return {"message": text, "code": payload.get("code")}
        case {"code": int(number)} if number != _V1_SUCCESS:
            return payload
    return _complaint(payload) if status >= _REFUSED else None


def _complaint(payload: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """Find the reason in an answer that must be an error."""
    match payload:
        case {"detail": detail}:  # a validator in front of the API answers without a code
            return {"message": detail if isinstance(detail, str) else json.dumps(detail)[:500]}
        case {"warning": Mapping() as warning}:  # a legacy operation that is no more may say nothing else
            return warning
        case _:
            return payload if payload.keys() & {"message", "msg", "code"} else None


def _structure(request: Request[T], payload: Any) -> T:
    if request.answer is NoneType:
        return cast(T, None)
    if not isinstance(payload, dict) or "data" not in payload:
        raise TypeError("it has no data")
    return cast(T, _reading(request.answer)(payload))


@cache
def _reading(answer: Any) -> Callable[[Mapping[str, Any]], Any]:
    """Say how an answer is read."""
    if get_origin(answer) is not Page:
        read = READER.get_structure_hook(answer)
        return lambda payload: read(payload["data"], answer)
    things = cast(Any, Sequence)[get_args(answer)]
    read_all = READER.get_structure_hook(things)

    def page(payload: Mapping[str, Any]) -> Page[Any]:
        more, token = bool(payload.get("has_more")), _text(payload.get("next_token"))
        return Page(read_all(payload["data"] or [], things), more, token)

    return page


def _faults(fault: Exception) -> str:
    """Name the places that are wrong, such as ``$.data.id``."""
    if isinstance(fault, BaseValidationError):
        return "; ".join(transform_error(fault, path="$.data"))
    return str(fault)


def _describe(body: bytes) -> str:
    """Say in a few words what came instead of JSON."""
    if not body.strip():
        return "an empty body"
    text = body[:4096].decode("utf-8", "replace")
    title = re.search(r"<title[^>]*>([^<]{1,200})", text, re.IGNORECASE)
    if title:
        return f"an HTML page titled {title[1].strip()!r}"
    if text.lstrip().startswith("<"):
        return "an HTML page"
    return f"{len(body):,} bytes that begin with {text[:80]!r}"


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) and value else None
