"""What a bulk run has to do: each row with its file, and with what the journal knows of it."""

import time
import uuid
from collections.abc import Iterable
from os import SEEK_END
from pathlib import Path
from typing import Any

from attrs import define, evolve, field

from heygen_async.api.videos import Video, VideoJob, VideoRequest
from heygen_async.bulk.adoption import Adoption, brief
from heygen_async.bulk.forecast import Fold
from heygen_async.bulk.journal import Entry, Journal, State
from heygen_async.bulk.outcome import Outcome
from heygen_async.bulk.quotes import Quote
from heygen_async.bulk.rows import Row
from heygen_async.bulk.work import Token, Works
from heygen_async.errors import RowProblem, TargetExists
from heygen_async.files.download import flaw_of, sweep
from heygen_async.files.naming import FileNames
from heygen_async.job import Stage, stage

__all__ = ["Agenda", "Survey", "Task"]

_RENDERS = {"accepted", "rendering"}
_UNSURE = {"sent", "ambiguous"}
_ENDED = {"rejected", "failed"}
_SETTLED = {"intended", "downloaded", *_ENDED}


@define(eq=False)
class Task:
    """A row on its way."""

    row: Row
    stage: str = "waiting"
    path: Path = field(factory=Path, init=False)
    entry: Entry = field(init=False)
    """What the journal says, once it is open."""

    resumed: bool = False
    """Whether an earlier run has got as far as a video, or may have."""

    job: VideoJob | None = None
    began: float = 0.0
    quote: Quote | None = None
    charged: float | None = None
    twins: list["Task"] = field(factory=list, init=False)
    """Rows that ask for the same, and get a copy of the file."""

    folded: bool = field(default=False, init=False)
    """Whether it is a twin itself, and does nothing of its own."""

    @property
    def urgency(self) -> int:
        """What is paid for comes first, then what may be."""
        return 0 if self.resumed and self.entry.video_id else 1 if self.resumed else 2

    @property
    def replaces(self) -> bool:
        """Whether a file of its name may be replaced: it is ours, or is to be made anew."""
        return self.entry.anew or (self.resumed and self.entry.code != TargetExists.__name__)

    def outcome(self, status: Any, *, error: Exception | None = None) -> Outcome:
        """Close the row."""
        path = self.path if status in {"done", "kept"} else None
        seconds = time.monotonic() - self.began if self.began else 0.0
        return Outcome(self.row, status, self.job, path, error, seconds, self.quote, self.charged)

    def has_file(self, *, overwrite: bool) -> bool:
        """Tell whether the file is there. Raises `TargetExists` where it could never be put there. Blocks."""
        if self.path.is_dir() or (self.path.is_symlink() and not self.path.exists()):
            raise TargetExists(f"{self.path} is a folder or a broken link; the video needs that name", path=self.path)
        if self.entry.state == "downloaded":
            return _is_whole(self.path, self.entry.size)
        free = overwrite or self.entry.anew or self.entry.video_id is not None
        return not free and self.path.exists()


def _tasks(requests: Iterable[Row | VideoRequest]) -> list[Task]:
    rows = (given if isinstance(given, Row) else Row(given, line=at) for at, given in enumerate(requests, start=1))
    return [Task(row) for row in rows]


@define
class Survey:
    """What a run finds before it begins."""

    kept: int = 0
    """Rows whose file is there, or that get a copy of one that is."""

    paid: int = 0
    """Rows whose video HeyGen has."""

    folds: list[Fold] = field(factory=list)
    """What is to be made."""

    problems: list[RowProblem] = field(factory=list)


@define(eq=False)
class Agenda:
    """All rows of a run, and what the journal says that is in none of them."""

    into: Path
    journal: Journal
    tasks: list[Task] = field(alias="requests", converter=_tasks)
    overwrite: bool = False
    adoption: Adoption = field(init=False, default=Adoption(""))
    """What is looked for at HeyGen, before anything is paid for."""

    def arrange(self) -> None:
        """Give each row its entry and its file, the same as on the last run; clear away half files. Blocks."""
        names, works = FileNames(), Works()
        if self.journal.path is not None:
            known = [entry.file for entry in self.journal.entries.values()]
            sweep(self.into, known)
            for name in known:
                names.reserve(name)
        for at, task in enumerate(self.tasks, start=1):
            self._arrange(task, at, works.name(task.row.request), names)
        self.adoption = self._misses()

    def _arrange(self, task: Task, at: int, work: str, names: FileNames) -> None:
        request, known = task.row.request, self.journal.entries.get(work)
        if known is None:
            suffix = f".{getattr(request, 'output_format', None) or 'mp4'}"
            file = names.take(task.row.file or request.title, f"video-{at:04}", suffix)
        else:
            file = known.file
        task.path = self.into / file
        anew = known.anew if known is not None else False
        fresh = Entry(work=work, key=uuid.uuid4().hex, file=file, line=task.row.line, title=request.title, anew=anew)
        fresh = evolve(fresh, charged=None if known is None else known.charged)  # it was paid for once, all the same
        task.entry = self._continued(known, fresh)
        task.resumed = task.entry.video_id is not None or task.entry.state in _UNSURE

    def _continued(self, known: Entry | None, fresh: Entry) -> Entry:
        """Go on with what is known of a row, or begin anew."""
        if self.overwrite and (known is None or known.state in _SETTLED):
            fresh = evolve(fresh, anew=True)
            return self.journal.note(fresh) if self.journal.path is not None else fresh
        if known is None or known.state in _ENDED:
            return fresh
        known = evolve(known, line=fresh.line, title=fresh.title)
        return evolve(known, state="ambiguous") if known.state in _UNSURE else known

    def _misses(self) -> Adoption:
        """Say what to look for at HeyGen before anything is paid for."""
        project, unsure = self.journal.project, [task.entry for task in self.tasks if task.entry.state in _UNSURE]
        ages = [self.journal.now() - entry.sent_at for entry in unsure if entry.sent_at is not None]
        unknown = [task.entry.work for task in self.tasks if task.entry.state == "intended" and not task.path.exists()]
        lost = "searched" not in self.journal.facts and not self.overwrite
        return Adoption(
            project,
            creations={Token.of(project, entry.work, entry.key) for entry in unsure},
            works={brief(work) for work in unknown} if lost else set(),
            age=max(ages, default=0.0),
        )

    def fold(self) -> None:
        """Let rows that ask for the same share one render; one that an earlier run has begun goes on by itself. Blocks.

        The first is one that is there already, if any is.
        """
        firsts: dict[str, Task] = {}
        for task in sorted(self.tasks, key=lambda task: (task.urgency, not task.path.is_file())):
            first = firsts.setdefault(task.entry.work.partition(".")[0], task)
            task.folded = first is not task and not task.resumed
            if task.folded:
                first.twins.append(task)

    def survey(self) -> Survey:
        """Say what is there, what is paid for, and what is to be made. Blocks."""
        survey = Survey()
        for task in self.tasks:
            rows = [task.row, *(twin.row for twin in task.twins)]
            try:
                kept = not task.folded and task.has_file(overwrite=self.overwrite)
            except TargetExists as fault:
                survey.problems.append(RowProblem(task.row.line, "", str(fault)))
                continue
            if task.folded:
                continue
            if kept:
                survey.kept += len(rows)
            elif task.entry.video_id is not None:
                survey.paid += len(rows)
            else:
                survey.folds.append(Fold(task.row, rows[1:]))
        return survey

    def adopt(self) -> None:
        """Give the rows the videos that were found for them, and remember that HeyGen was asked."""
        for task in self.tasks:
            video = self.adoption.video_of(task.entry) if task.entry.video_id is None else None
            if video is not None:
                state: State = "rendered" if stage(video.status) is Stage.COMPLETED else "accepted"
                task.entry = self.journal.note(evolve(task.entry, state=state, video_id=video.id))
                task.resumed = True
        self.journal.remember({"searched": "yes"})

    @property
    def rendering(self) -> list[Task]:
        """Those that HeyGen was working on when we last knew."""
        return [task for task in self.tasks if task.entry.state in _RENDERS]

    @property
    def removed(self) -> list[Entry]:
        """What the journal has, and the input has no more."""
        works = {task.entry.work for task in self.tasks}
        return [entry for work, entry in self.journal.entries.items() if work not in works]

    @property
    def unclaimed(self) -> list[Video]:
        """What was paid for, and is no row's."""
        open_ = [task.entry.work for task in self.tasks if task.entry.video_id is None]
        return self.adoption.unclaimed(self.journal.entries.values(), open_)


def _is_whole(path: Path, size: int | None) -> bool:
    """Tell whether a file that we have brought is still there. A whole film of another size was cut by its owner."""
    flaw = flaw_of(path.suffix)
    try:
        with path.open("rb") as file:
            wrong = None if flaw is None else flaw(file)
            return wrong is None and (path.suffix == ".mp4" or file.seek(0, SEEK_END) == size)
    except OSError:
        return False
