"""A file, whole or in part, as CloudFront sends it: ``Range``, ``If-Range``, ``ETag`` and a true length."""

import asyncio
import math
import os
import re
from datetime import UTC, datetime
from email.utils import format_datetime
from pathlib import Path
from typing import Never

from aiohttp import web
from attrs import frozen

from heygen_async.clock import Clock
from heygen_async.emulator.faults import Cut, ExpiresAfter, Slow, ToFile, WrongLength
from heygen_async.emulator.threads import Threads

__all__ = ["Part", "cut_off", "hang", "part_of", "send_file"]

_CHUNK = 2**18


@frozen
class Part:
    """Some of a file's bytes."""

    start: int
    stop: int
    """The first byte that does not belong to it."""

    @property
    def size(self) -> int:
        """Bytes."""
        return self.stop - self.start


def part_of(header: str | None, size: int) -> Part | None:
    """Read a ``Range`` of one range; ``None``: the whole file, which also answers a range that is not understood.

    Raises `ValueError` when the range lies behind the end of the file.
    """
    found = re.fullmatch(r"bytes=(\d{0,18})-(\d{0,18})", header or "")
    if found is None or found[0] == "bytes=-":
        return None
    first, last = found.groups()
    if not first:
        part = Part(max(0, size - int(last)), size)
    elif last and int(last) < int(first):
        return None
    else:
        part = Part(int(first), min(size, int(last) + 1) if last else size)
    if part.size <= 0:
        raise ValueError(header)
    return part


async def send_file(
    http: web.Request, threads: Threads, path: Path, media_type: str, *, clock: Clock, fault: ToFile | None = None
) -> web.StreamResponse:
    """Answer with a file, or what was asked for of it. Raises `FileNotFoundError`."""
    facts = await threads.run(path.stat)
    headers = _headers(facts) | {"Content-Type": media_type}
    whole = Part(0, facts.st_size)
    try:
        part = part_of(_range(http, headers), whole.size)
    except ValueError:
        return web.Response(status=416, headers={"Content-Range": f"bytes */{whole.size}"})
    if part is not None:
        headers["Content-Range"] = f"bytes {part.start}-{part.stop - 1}/{whole.size}"
    response = web.StreamResponse(status=206 if part else 200, headers=headers)
    plan = _Plan.of(part or whole, fault)
    response.content_length = plan.promised
    await response.prepare(http)
    if http.method != "HEAD":
        await _stream(threads, path, response, plan, clock)
        if plan.sent < plan.promised:
            await cut_off(http)
        await response.write_eof()
    return response


async def cut_off(http: web.Request) -> Never:
    """Close the connection, after what was written already. Its end cancels whoever calls this."""
    if http.transport is not None:  # pragma: no branch  # else somebody was faster
        http.transport.close()
    await hang()


async def hang() -> Never:
    """Wait until the client goes away, which cancels this."""
    while True:
        await asyncio.get_running_loop().create_future()


@frozen
class _Plan:
    """How many bytes are promised, and how many come."""

    start: int
    promised: int
    sent: int
    pace: float = math.inf
    """Bytes in a second of the clock."""

    @classmethod
    def of(cls, part: Part, fault: ToFile | None) -> "_Plan":
        match fault:
            case Cut(after=after) | ExpiresAfter(after=after):
                return cls(part.start, part.size, min(after, part.size))
            case WrongLength(extra=extra):
                promised = max(0, part.size + extra)
                return cls(part.start, promised, min(part.size, promised))
            case Slow(bytes_per_second=pace):
                return cls(part.start, part.size, part.size, pace)
            case _:
                return cls(part.start, part.size, part.size)


async def _stream(threads: Threads, path: Path, response: web.StreamResponse, plan: _Plan, clock: Clock) -> None:
    sent, most = 0, min(_CHUNK, plan.pace)
    while sent < plan.sent:
        chunk = await threads.run(_read, path, plan.start + sent, min(int(most), plan.sent - sent))
        if plan.pace < math.inf:
            await clock.sleep(len(chunk) / plan.pace)
        await response.write(chunk)
        sent += len(chunk)


def _read(path: Path, start: int, size: int) -> bytes:
    """Open, read, close: no file is left open when the client goes away between two chunks."""
    with path.open("rb") as file:
        file.seek(start)
        return file.read(size)


def _headers(facts: os.stat_result) -> dict[str, str]:
    changed = datetime.fromtimestamp(int(facts.st_mtime), UTC)
    return {
        "Accept-Ranges": "bytes",
        "ETag": f'"{facts.st_mtime_ns:x}-{facts.st_size:x}"',
        "Last-Modified": format_datetime(changed, usegmt=True),
    }


def _range(http: web.Request, headers: dict[str, str]) -> str | None:
    """Return the range that counts: none, when the client has a part of another version of the file."""
    condition = http.headers.get("If-Range")
    current = condition is None or condition in {headers["ETag"], headers["Last-Modified"]}
    return http.headers.get("Range") if current else None
