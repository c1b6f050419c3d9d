"""How v1 and v2 wrap what they answer, and how they say no; every answer tells that they are at their end."""

from typing import Any

import attrs
from aiohttp import web

from heygen_async.emulator.answers import as_json
from heygen_async.emulator.refusals import Refusal
from heygen_async.operation import Endpoint

__all__ = ["gone", "is_legacy", "legacy_answered", "legacy_refused"]

_HEADERS = {"deprecation": "true", "sunset": "Sat, 31 Oct 2026 00:00:00 GMT"}
_PAGE = "https://developers.heygen.com/docs/endpoint-version-comparison"

_NUMBERS = {
    "unauthorized": 400112,
    "forbidden": 400562,
    "invalid_parameter": 400175,
    "video_not_found": 40104,
    "unsupported_file": 400543,
}
_UNEXPLAINED = 10002
"""A number that HeyGen was seen to answer with, and has explained nowhere."""


def is_legacy(path: str) -> bool:
    """Tell whether a path is one of v1 or v2."""
    return path.startswith(("/v1/", "/v2/"))


def legacy_answered(answer: object, endpoint: Endpoint) -> web.Response:
    """Write what an operation returned. What is null is written too."""
    data = attrs.asdict(answer, filter=_sent) if attrs.has(type(answer)) else answer  # type: ignore[arg-type]  # as asked
    if endpoint.path.startswith("/v1/"):
        return _marked(as_json({"code": 100, "data": data, "msg": None, "message": "Success"}, endpoint.status))
    return _marked(as_json({"error": None, "data": data} | _warning(endpoint.deprecated), endpoint.status))


def legacy_refused(refusal: Refusal, path: str) -> web.Response:
    """Write an error as the version of the path does."""
    if path.startswith("/v1/"):
        number = _NUMBERS.get(refusal.code, _UNEXPLAINED)
        body: dict[str, Any] = {"code": number, "data": None, "msg": None, "message": refusal.message}
    else:
        body = {"data": None, "error": {"code": refusal.code, "message": refusal.message}} | _warning(None)
    response = _marked(as_json(body, refusal.status))
    if refusal.retry_after is not None:
        response.headers["Retry-After"] = str(refusal.retry_after)
    return response


def gone(path: str) -> web.Response:
    """Write what may come after the sunset: nothing but the warning."""
    return _marked(as_json(_warning(None, f"{path} was removed on 2026-10-31. Use v3."), 410))


def _sent(at: "attrs.Attribute[Any]", _: object) -> bool:
    return at.name != "extra"


def _warning(successor: str | None, message: str | None = None) -> dict[str, Any]:
    said = {
        "message": message or "This v2 endpoint is Legacy and will be removed on 2026-10-31. Use v3.",
        "docs_url": _PAGE,
        "sunset_date": "2026-10-31",
    }
    return {"warning": said | ({"v3_endpoint": successor} if successor else {})}


def _marked(response: web.Response) -> web.Response:
    response.headers.update(_HEADERS)
    return response
