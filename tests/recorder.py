"""The client as a resource sees it: it remembers what was sent, and answers from a list."""

import asyncio
from collections.abc import Callable, Mapping
from typing import Any, TypeVar, cast

from attrs import define, field

from heygen_async.files.snapshot import Snapshot
from heygen_async.job import Job
from heygen_async.operation import JobKind, JobRequest, Request

T = TypeVar("T")


@define
class Recorder:
    """Answers each request with the next of `answers`; a job has the id ``v1``."""

    answers: list[Any] = field(factory=list)
    sent: list[Request[Any]] = field(factory=list)
    keys: list[str | None] = field(factory=list)
    put_to: list[tuple[Snapshot, str, Mapping[str, str]]] = field(factory=list)
    """What was sent to which address, with which headers."""

    async def send(self, request: Request[T], /, *, idempotency_key: str | None = None) -> T:
        await asyncio.sleep(0)
        self.sent.append(request)
        self.keys.append(idempotency_key)
        return cast(T, self.answers.pop(0))

    async def submit(self, request: JobRequest[Any, T], /, *, idempotency_key: str | None = None) -> Job[T]:
        await asyncio.sleep(0)
        self.sent.append(request)
        self.keys.append(idempotency_key)
        return self.job(request.kind, "v1")

    async def submit_all(self, request: JobRequest[Any, T], /, *, idempotency_key: str | None = None) -> list[Job[T]]:
        receipt = await self.send(request, idempotency_key=idempotency_key)
        return [self.job(request.kind, job_id) for job_id in request.job_ids(receipt)]

    async def put(self, file: Snapshot, url: str, headers: Mapping[str, str], /) -> None:
        await asyncio.sleep(0)
        self.put_to.append((file, url, headers))

    async def seat(self) -> Callable[[], object]:
        await asyncio.sleep(0)
        return lambda: None

    def job(self, kind: JobKind[T], job_id: str, /) -> Job[T]:
        return Job(job_id, kind, None)  # type: ignore[arg-type]  # nobody waits for it here
