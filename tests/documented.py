"""Holds each answer of the emulator against HeyGen's OpenAPI document, while the tests of anything else run."""

import json
from collections import Counter
from collections.abc import Awaitable, Callable
from functools import cache
from typing import Any

from aiohttp import web
from document import WHERE, Document

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

ENOUGH = 10
"""How many answers of one operation are looked at in one test."""


@cache
def document() -> Document:
    return Document(WHERE)


class Inspector:
    """Remembers what is wrong with the answers that it has seen."""

    def __init__(self) -> None:
        self.faults: list[str] = []
        self._seen: Counter[str] = Counter()

    def watch(self, application: Callable[..., web.Application]) -> Callable[..., web.Application]:
        """Have all applications that are made from now on looked at."""

        @web.middleware
        async def look(http: web.Request, handler: Handler) -> web.StreamResponse:
            answer = await handler(http)
            resource = http.match_info.route.resource
            if resource is not None and isinstance(answer, web.Response):
                self._look(http.method, resource.canonical, answer)
            return answer

        def watched(*args: Any, **kwargs: Any) -> web.Application:
            app = application(*args, **kwargs)
            app.middlewares.append(look)
            return app

        return watched

    def _look(self, method: str, path: str, answer: web.Response) -> None:
        operation = document().content["paths"].get(path, {}).get(method.lower())
        place = f"{method} {path}"
        if operation is None or answer.status >= web.HTTPMultipleChoices.status_code or self._seen[place] >= ENOUGH:
            return
        self._seen[place] += 1
        if answer.status != operation.get("x-status", 200):
            self.faults.append(f"{place}: HTTP {answer.status}")
        body = json.loads(answer.body) if isinstance(answer.body, bytes) else None
        schema = document().answer_schema(method, path) or {}
        self.faults += [f"{place}: {fault}" for fault in document().faults(schema, body)]
