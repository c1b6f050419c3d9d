"""Which error an answer of HeyGen's means: by its code where that says more than the HTTP status, else by the status.

The words are v3's and v2's (https://developers.heygen.com/docs/error-codes), the numbers v1's (HeyGen's old reference,
page "errors"). A code that is not here is told by the status.
"""

from http import HTTPStatus

from heygen_async.errors import (
    APIError,
    BadRequest,
    Conflict,
    NotAuthenticated,
    NotFound,
    NotPermitted,
    OutOfCredit,
    RateLimited,
    Retired,
    ServerFailed,
    TooLarge,
)

__all__ = ["api_error"]

_BY_STATUS: dict[int, type[APIError]] = {
    401: NotAuthenticated,
    402: OutOfCredit,
    403: NotPermitted,
    404: NotFound,
    409: Conflict,
    410: Retired,
    413: TooLarge,
    429: RateLimited,
}

_BY_WORD: dict[str, type[APIError]] = {
    "unauthorized": NotAuthenticated,
    "authentication_failed": NotAuthenticated,
    "insufficient_credit": OutOfCredit,
    "trial_limit_exceeded": OutOfCredit,
    "plan_upgrade_required": OutOfCredit,
    "subscription_required": OutOfCredit,
    "forbidden": NotPermitted,
    "resource_access_denied": NotPermitted,
    "ai_vendor_access_restricted": NotPermitted,
    "voice_not_usable": NotPermitted,
    "not_found": NotFound,
    "conflict": Conflict,
    "resource_not_ready": Conflict,
    "request_in_progress": Conflict,
    "brand_kit_not_ready": Conflict,
    "payload_too_large": TooLarge,
    "rate_limit_exceeded": RateLimited,
    "quota_exceeded": RateLimited,
    "internal_error": ServerFailed,
    "video_delete_failed": ServerFailed,
    "voice_provider_error": ServerFailed,
    "service_unavailable": ServerFailed,
    "gateway_timeout": ServerFailed,
}
"""What counts where an error arrives under a success status."""

_WHATEVER_THE_STATUS: dict[str, type[APIError]] = {
    **dict.fromkeys(("trial_video_limit_exceeded", "400664", "400599"), OutOfCredit),  # v2 sends the first with 429
    **dict.fromkeys(("40009", "400101", "400112", "401056", "401057"), NotAuthenticated),
    **dict.fromkeys(("400562", "400573", "400631", "400685"), NotPermitted),
    **dict.fromkeys(("40104", "400116", "400131", "400144", "400174", "400561"), NotFound),
    **dict.fromkeys(("400", "40001", "40012", "400175", "400542", "400543", "40119"), BadRequest),
    **dict.fromkeys(("40031", "40039", "40065", "40090", "400105"), BadRequest),
    **dict.fromkeys(("40002", "40004", "40005", "40006", "40010", "40044", "400111"), BadRequest),
    **dict.fromkeys(("400621", "400624", "400652"), BadRequest),
    **dict.fromkeys(("400168", "400625", "400680", "401003", "402007", "402008", "402009"), BadRequest),
    **dict.fromkeys(("400128", "400150", "400165", "401035", "1000022"), BadRequest),
    **dict.fromkeys(("400548", "400551", "400552", "400634"), BadRequest),
}
"""By the lines: not paid for, not known, not allowed, not there; parameters, ids and texts, pictures and formats, empty
streams, moderation, lengths, speech."""


def api_error(status: int, code: str) -> type[APIError]:
    """Choose the class for an HTTP status and HeyGen's code, whatever the case it is written in."""
    folded = code.lower()
    if folded in _WHATEVER_THE_STATUS and status < HTTPStatus.INTERNAL_SERVER_ERROR:
        return _WHATEVER_THE_STATUS[folded]
    if status in _BY_STATUS:
        return _BY_STATUS[status]
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return ServerFailed
    if status < HTTPStatus.BAD_REQUEST:  # an error under a success status: only the code can tell
        return _BY_WORD.get(folded, NotFound if folded.endswith("_not_found") else BadRequest)
    return BadRequest
