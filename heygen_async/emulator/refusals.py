"""How HeyGen says no: a status, a code, words, and sometimes a field.

The bodies are those of the live API (https://developers.heygen.com/docs/error-codes): ``doc_url`` with hyphens on
every error, ``param`` on validation errors only.
"""

from heygen_async.errors import RequestInvalid

__all__ = ["Refusal", "body_of", "forbidden", "invalid", "invalid_request", "unknown"]

_DOCUMENT = "https://developers.heygen.com/docs/error-codes#"


class Refusal(Exception):
    """An answer that is an error."""

    def __init__(
        self, status: int, code: str, message: str, *, param: str | None = None, retry_after: int | None = None
    ) -> None:
        super().__init__(f"{status} {code}: {message}")
        self.status = status
        """The HTTP status."""
        self.code = code
        """HeyGen's code."""
        self.message = message
        """HeyGen's words."""
        self.param = param
        """The field that is wrong; ``None`` unless a field is."""
        self.retry_after = retry_after
        """Seconds for the ``Retry-After`` header; ``None``: no such header."""


def body_of(code: str, message: str, param: str | None = None) -> dict[str, dict[str, str]]:
    """Write an error as HeyGen does."""
    error = {"code": code, "message": message, "doc_url": _DOCUMENT + code.replace("_", "-")}
    return {"error": error | ({} if param is None else {"param": param})}


def unknown(noun: str, identifier: str, code: str | None = None) -> Refusal:
    """Refuse an id that nobody has: ``unknown("brand kit", …)`` answers 404 ``brand_kit_not_found``."""
    code = code or f"{noun.replace(' ', '_').lower()}_not_found"
    return Refusal(404, code, f"{noun[:1].upper()}{noun[1:]} {identifier} not found")


def invalid(param: str, message: str) -> Refusal:
    """Refuse a field: 400 ``invalid_parameter``."""
    return Refusal(400, "invalid_parameter", message, param=param or None)


def invalid_request(fault: RequestInvalid) -> Refusal:
    """Refuse a request for what its class found wrong: ``param`` is the first of it, the message says all."""
    return invalid(fault.problems[0].field, "; ".join(map(str, fault.problems)))


def forbidden(message: str) -> Refusal:
    """Refuse what is somebody else's, or not in the plan: 403 ``forbidden``."""
    return Refusal(403, "forbidden", message)
