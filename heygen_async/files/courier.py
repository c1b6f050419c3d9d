"""Brings the files of finished jobs to where they are wanted: one to a path or a stream, several into a folder.

At most `Limits.downloads` are under way at once, all jobs of a client together.
"""

import os
from collections.abc import Callable, Sequence
from functools import partial
from operator import attrgetter
from os import PathLike
from pathlib import Path
from typing import Any, BinaryIO

import anyio.to_thread
from attrs import frozen

from heygen_async.clock import Clock
from heygen_async.errors import DownloadFailed
from heygen_async.files.download import (
    Download,
    Fetch,
    Sink,
    ending_of,
    flaw_of,
    into_file,
    into_path,
    refuse_existing,
    refuse_text,
)
from heygen_async.files.naming import FileNames
from heygen_async.job import Job
from heygen_async.log import masked
from heygen_async.operation import Part, Report
from heygen_async.options import Retry
from heygen_async.scheduler import Lane
from heygen_async.watcher import Send

__all__ = ["Courier"]

_LINK = attrgetter("link")
_SUBTITLES = attrgetter("subtitles")


@frozen(eq=False)
class Courier:
    """One for each client."""

    send: Send
    """Makes a call to the API: links expire, and reading a job again brings fresh ones."""

    fetch: Fetch
    lane: Lane
    retry: Retry
    clock: Clock

    async def bring(self, job: Job[Any], target: str | PathLike[str] | BinaryIO, *, overwrite: bool) -> Path | None:
        """Wait for `job` and bring what it made, as `Job.download` says."""
        try:
            if isinstance(target, str | PathLike):
                return await self._to_path(job, target, overwrite=overwrite)
            refuse_text(target)
            await job.wait()
            async with self.lane:
                await into_file(target, partial(self._begin, job, _LINK))
        except DownloadFailed as failure:
            failure.job, failure.request = job, job.request  # whoever catches it can fetch the file elsewhere
            raise
        return None

    async def bring_link(self, link: str, path: Path, *, overwrite: bool) -> Path:
        """Bring the file behind a link that an answer gave, as `HeyGen.fetch` says."""

        async def unchanged(fresh: bool) -> str:  # noqa: FBT001  # as `Download` calls it
            if fresh:
                raise DownloadFailed(f"{masked(link)} works no more; read what gave it again for a fresh link")
            return link

        def begin(sink: Sink) -> Download:
            return Download(
                fetch=self.fetch, link=unchanged, sink=sink, retry=self.retry, clock=self.clock, name=masked(link)
            )

        await refuse_existing(path, overwrite=overwrite)
        async with self.lane:
            return await into_path(path, begin, overwrite=overwrite, flaw=flaw_of(path.suffix))

    async def bring_subtitles(self, job: Job[Any], path: Path) -> None:
        """Bring the subtitles of a finished job to `path`, replacing what is there; nothing where it has none."""
        if job.kind.report(job.result()).subtitles:
            async with self.lane:
                await into_path(path, partial(self._begin, job, _SUBTITLES), overwrite=True, flaw=None)

    async def _to_path(self, job: Job[Any], target: str | PathLike[str], *, overwrite: bool) -> Path:
        path, folder = Path(target), await anyio.to_thread.run_sync(_is_folder, target)
        if not folder:
            await refuse_existing(path, overwrite=overwrite)
        answer = await job.wait()
        report = job.kind.report(answer)
        ending = ending_of(report.link)
        async with self.lane:
            if report.parts and (folder or (report.link is None and not path.suffix)):
                return await self._into_folder(job, report.parts, path, overwrite=overwrite)
            path = path / FileNames().take(getattr(answer, "title", None), job.id, ending) if folder else path
            return await into_path(path, partial(self._begin, job, _LINK), overwrite=overwrite, flaw=flaw_of(ending))

    async def _into_folder(self, job: Job[Any], parts: Sequence[Part], folder: Path, *, overwrite: bool) -> Path:
        """Bring the files of a job that makes several, one after the other; none, if one of them is there already."""
        names = FileNames()
        targets = [folder / names.take(part.title, part.key, ending_of(part.link)) for part in parts]
        for target in targets:
            await refuse_existing(target, overwrite=overwrite)
        for part, target in zip(parts, targets, strict=True):
            begin = partial(self._begin, job, partial(_link_of, part.key))
            await into_path(target, begin, overwrite=overwrite, flaw=flaw_of(target.suffix))
        return folder

    def _begin(self, job: Job[Any], of: Callable[[Report], str | None], sink: Sink) -> Download:
        return Download(
            fetch=self.fetch,
            link=partial(self._link, job, of),
            sink=sink,
            retry=self.retry,
            clock=self.clock,
            name=f"{job.kind.noun} {job.id}",
        )

    async def _link(self, job: Job[Any], of: Callable[[Report], str | None], fresh: bool) -> str:  # noqa: FBT001  # bound
        answer = await self.send(job.kind.get(job.id)) if fresh else job.result()
        report = job.kind.report(answer)
        link = of(report)
        if link:
            return link
        name = f"{job.kind.noun} {job.id}"
        if len(report.parts) > 1 and of is _LINK:
            advice = 'download it into a folder ("clips/"), or take their links from its result'
            raise DownloadFailed(f"{name} has {len(report.parts)} files: {advice}")
        if not job.kind.has_file:
            advice = "await the job for what HeyGen has made of it; heygen.fetch brings what a link in there leads to"
            raise DownloadFailed(f"{name} is completed, and there is no file of it: {advice}")
        raise DownloadFailed(f"{name} is completed, but HeyGen gives no link to its file")


def _is_folder(target: str | PathLike[str]) -> bool:
    return str(target).endswith(("/", os.sep)) or Path(target).is_dir()


def _link_of(key: str, report: Report) -> str | None:
    """Find the link of one of several files."""
    return next((part.link for part in report.parts if part.key == key), None)
