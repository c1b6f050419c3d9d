"""From HTTP to a request: JSON within bounds, a query by the types of its fields, a form streamed to disk."""

import json
import re
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import Any, get_args, get_origin

import aiohttp
from aiohttp import web
from attrs import frozen

from heygen_async.emulator import media
from heygen_async.emulator.account import fresh_id
from heygen_async.emulator.clerk import Operation
from heygen_async.emulator.materials import HEAD, mismatch, type_of
from heygen_async.emulator.placeholders import filled_in
from heygen_async.emulator.refusals import Refusal, invalid
from heygen_async.emulator.remote import LARGEST
from heygen_async.emulator.service import Service
from heygen_async.emulator.threads import Threads

__all__ = ["CHUNK", "JSON_BYTES", "Received", "read_request", "to_disk"]

JSON_BYTES = 64 * 2**20
"""Largest body; files in base64 may be in it."""

_LARGE = 2**18
"""Bytes of JSON from which on reading it is left to a thread."""

CHUNK = 2**18
"""Bytes that are written at once."""

_UNDECLARED = {"", "application/octet-stream"}


@frozen
class Received:
    """A file that came in a form."""

    path: Path
    name: str
    media_type: str
    """By its bytes."""

    size: int
    """Bytes."""


async def read_request(http: web.Request, operation: Operation, service: Service) -> Any:
    """Make what an operation takes of an HTTP request. Raises `Refusal` and `RequestInvalid`."""
    end = operation.endpoint
    if end.body == "form":
        return await _form(http, service)
    given = _query(http, operation) if end.reads else await _json(http, operation, service.threads)
    for name in given.keys() & http.match_info.keys():
        raise invalid(name, f"{name} belongs in the path")
    payload: dict[str, Any] = given | dict(http.match_info)
    try:
        if service.placeholders:
            payload = filled_in(payload, service.account, service.log)
        return operation.read(payload)
    except RecursionError:
        raise invalid("", "The body is nested too deeply") from None


def _query(http: web.Request, operation: Operation) -> dict[str, Any]:
    """Read a query. What the operation does not know is ignored, as HeyGen does."""
    types = operation.query_fields
    return {name: _typed(value, types[name]) for name, value in http.query.items() if name in types}


def _typed(value: str, kind: Any) -> Any:
    """Read a value of a query as what its field is; as text, where it does not look like it."""
    kinds = get_args(kind) or (kind,)
    if int in kinds and re.fullmatch(r"-?[0-9]{1,18}", value):
        return int(value)
    if float in kinds and re.fullmatch(r"-?[0-9]{1,18}(\.[0-9]{1,18})?(e-?[0-9]{1,2})?", value):
        return float(value)
    if any(get_origin(one) is Sequence for one in kinds):
        return [item for item in value.split(",") if item]
    return value


async def _json(http: web.Request, operation: Operation, threads: Threads) -> dict[str, Any]:
    raw = await http.read()
    if not raw and operation.bare:
        return {}
    try:
        body = json.loads(raw) if len(raw) < _LARGE else await threads.run(json.loads, raw)
    except (ValueError, RecursionError) as fault:
        raise invalid("", f"The body is not valid JSON: {fault}") from None
    if not isinstance(body, dict):
        raise invalid("", "The body must be a JSON object")
    return body


async def _form(http: web.Request, service: Service) -> Received:
    """Stream the part ``file`` to disk."""
    if http.content_type != "multipart/form-data":
        raise _no_file()
    try:
        async for part in await http.multipart():
            if isinstance(part, aiohttp.BodyPartReader) and part.name == "file":
                return await _received(part, service)
    except ValueError as fault:  # no boundary, or one that never comes
        raise invalid("file", f"The form cannot be read: {fault}") from None
    raise _no_file()


def _no_file() -> Refusal:
    return invalid("file", "A file is required: send multipart/form-data with a part named file")


async def _received(part: aiohttp.BodyPartReader, service: Service) -> Received:
    path = service.folders.uploads / fresh_id()
    try:
        head, size = await to_disk(_chunks(part), path, LARGEST, service.threads)
        kind = _kind_of(head, part.headers.get("Content-Type", ""))
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return Received(path, part.filename or path.name, kind, size)


def _kind_of(head: bytes, declared: str) -> str:
    """Tell the type of a file by its first bytes. Raises `Refusal` when it is declared as something else."""
    found = media.sniff(head)
    if not head:
        raise invalid("file", "The file is empty")
    if found is None:
        raise invalid("file", "The file is none of png, jpeg, mp4, webm, mp3, wav, pdf, srt")
    if declared not in _UNDECLARED and type_of(declared) != found:
        raise mismatch("file", declared, found)
    return found


async def _chunks(part: aiohttp.BodyPartReader) -> AsyncIterator[bytes]:
    while chunk := await part.read_chunk(CHUNK):
        yield chunk


async def to_disk(chunks: AsyncIterator[bytes], path: Path, most: int, threads: Threads) -> tuple[bytes, int]:
    """Write what comes to a file, chunk by chunk; return its first bytes and its size. Raises `Refusal` (413)."""
    head, size = b"", 0
    async for chunk in chunks:
        size += len(chunk)
        if size > most:
            raise Refusal(413, "payload_too_large", f"The file has more than {most >> 20} MB")
        head = head if len(head) >= HEAD else (head + chunk)[:HEAD]
        await threads.run(_append, path, chunk)
    return head, size


def _append(path: Path, chunk: bytes) -> None:
    with path.open("ab") as file:
        file.write(chunk)
