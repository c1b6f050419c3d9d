"""Answers as HeyGen writes them: ``{"data": …}``, keys that are null left out, errors in their own form."""

import json
from collections.abc import Mapping
from typing import Any

from aiohttp import web

from heygen_async.emulator.refusals import Refusal, body_of
from heygen_async.operation import Page
from heygen_async.wire import WRITER

__all__ = ["answered", "as_json", "refused"]


def answered(answer: object, status: int) -> web.Response:
    """Write what an operation returned: a value of an answer's class, or a page of such."""
    if not isinstance(answer, Page):
        return as_json({"data": WRITER.unstructure(answer)}, status)
    items = [WRITER.unstructure(item) for item in answer.items]
    return as_json({"data": items, "has_more": answer.has_more, "next_token": answer.next_token}, status)


def refused(refusal: Refusal) -> web.Response:
    """Write an error."""
    response = as_json(body_of(refusal.code, refusal.message, refusal.param), refusal.status)
    if refusal.retry_after is not None:
        response.headers["Retry-After"] = str(refusal.retry_after)
    return response


def as_json(body: Mapping[str, Any], status: int) -> web.Response:
    """Write JSON."""
    return web.Response(body=json.dumps(body).encode(), status=status, content_type="application/json")
