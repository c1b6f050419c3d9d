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
from heygen_async.bulk.journal import Entry, Journal
from heygen_async.bulk.outcome import Outcome
from heygen_async.bulk.quotes import Quote
from heygen_async.bulk.rows import Row
from heygen_async.bulk.work import Token, Works
from heygen_async.durations import Case
from heygen_async.errors import JobGone, RowProblem, TargetExists
from heygen_async.files.download import flaw_of
from heygen_async.files.naming import FileNames
from heygen_async.files.part_file import sweep
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

    size_before: int | None = None
    """Bytes of the file that was there when the run began, if there was any."""

    job: VideoJob | None = None
    began: float = 0.0
    quote: Quote | None = None
    charged: float | None = None
    case: Case | None = None
    """What its render time is judged by, once somebody has asked."""

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
        return self.entry.anew or (self.resumed and not self.was_taken)

    @property
    def was_taken(self) -> bool:
        """Whether a file of its name was found that may be somebody's own."""
        return self.entry.code == TargetExists.__name__

    def outcome(self, status: Any, *, error: Exception | None = None) -> Outcome:
        """Close the row."""
        path = self.path if status in {"done", "kept"} else None
        seconds = time.monotonic() - self.began if self.began else 0.0
        return Outcome(self.row, status, self.job, path, error, seconds, self.quote, self.charged)

    def refuse_stranger(self) -> None:
        """Raise `TargetExists` where that file is still there. Blocks."""
        if self.path.exists():
            raise TargetExists(
                f"{self.path} is there, and is not whole or not of this run; put it aside and run again: the video is "
                "paid for, and gets that name",
                path=self.path,
            )

    def has_file(self, *, overwrite: bool) -> bool:
        """Tell whether the file is there. Raises `TargetExists` where it could never be put there. Blocks."""
        if self.path.is_dir() or (self.path.is_symlink() and not self.path.exists()):
            raise TargetExists(f"{self.path} is a folder or a broken link; the video needs that name", path=self.path)
        if self.entry.state == "downloaded":
            return _is_whole(self.path, self.entry.size)
        if overwrite or self.entry.anew or self.entry.video_id is not None:
            return False
        unsure = self.entry.state == "ambiguous"  # then it is perhaps ours, and the note of that was lost
        if not self.path.exists():
            if not unsure and _captioned(self):
                _refuse_subtitles(self.path)
            return False
        return not unsure or _is_whole(self.path, self.size_before)


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
                names.reserve(str(Path(name).with_suffix(".srt")))
        for at, task in enumerate(self.tasks, start=1):
            self._arrange(task, at, works.name(task.row.request), names)
        self.adoption = self._misses()

    def _arrange(self, task: Task, at: int, work: str, names: FileNames) -> None:
        request, known = task.row.request, self.journal.entries.get(work)
        if known is None:
            suffix = f".{getattr(request, 'output_format', None) or 'mp4'}"
            beside = ".srt" if _captioned(task) else None
            file = names.take(task.row.file or request.title, f"video-{at:04}", suffix, beside)
        else:
            file = known.file
        task.path = self.into / file
        task.size_before = task.path.stat().st_size if task.path.is_file() else None
        anew = known.anew if known is not None else False
        fresh = Entry(work=work, key=uuid.uuid4().hex, file=file, line=task.row.line, title=request.title, anew=anew)
        fresh = evolve(fresh, charged=None if known is None else known.charged)  # it was paid for once, all the same
        task.entry = self._continued(known, fresh)
        task.resumed = task.entry.video_id is not None or task.entry.state in _UNSURE

    def _continued(self, known: Entry | None, fresh: Entry) -> Entry:
        """Go on with what is known of a row, or begin anew."""
        if self.overwrite and (known is None or known.state in _SETTLED):
            return evolve(fresh, anew=True)
        if known is None or known.state in _ENDED:
            return fresh
        known = evolve(known, line=fresh.line, title=fresh.title)
        return evolve(known, state="ambiguous") if known.state in _UNSURE else known

    def insist(self) -> None:
        """Have it written down what is to be made anew, before anything of it is: a plan alone changes nothing."""
        for task in self.tasks if self.overwrite and self.journal.path is not None else ():
            if task.entry.anew and task.entry.state == "intended":
                task.entry = self.journal.note(task.entry)

    def _misses(self) -> Adoption:
        """Say what to look for at HeyGen before anything is paid for.

        A journal may be an old copy, so new rows are looked for as well: among all that is newer than what it knows.
        """
        project, entries = self.journal.project, self.journal.entries
        unsure = [task.entry for task in self.tasks if task.entry.state in _UNSURE]
        unknown = [task.entry.work for task in self.tasks if task.entry.state == "intended" and not task.entry.anew]
        gone = [entries[work] for work in unknown if work in entries and entries[work].code == JobGone.__name__]
        times = [entry.sent_at for entry in unsure] + [entry.accepted_at for entry in gone]
        whole = bool(unsure or gone) or "searched" not in self.journal.facts
        return Adoption(
            project,
            creations={Token.of(project, entry.work, entry.key) for entry in unsure},
            works={brief(work) for work in unknown},
            age=max((self.journal.now() - time for time in times if time is not None), default=0.0),
            known=set() if whole else {entry.video_id for entry in entries.values() if entry.video_id is not None},
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
        """Give the rows the videos that were found for them, and remember that HeyGen was asked. Blocks."""
        for task in self.tasks:
            video = self.adoption.video_of(task.entry) if task.entry.video_id is None else None
            if video is not None:
                task.entry = self.journal.note(_adopted(task, video))
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
        again = {brief(entry.work) for entry in self.journal.entries.values() if entry.anew}  # its owner wanted two
        return self.adoption.unclaimed(self.journal.entries.values(), open_, again)


def _adopted(task: Task, video: Video) -> Entry:
    """Enter the video that was found for a row.

    A whole file that is there already is taken for it, so that it can be brought again if it goes. Where the journal
    knew nothing of the row, any other file is somebody's own: it is left alone until it is put aside.
    """
    lost, ended = task.entry.state == "intended", stage(video.status) is Stage.COMPLETED
    found = evolve(task.entry, state="rendered" if ended else "accepted", video_id=video.id, size=task.size_before)
    if task.size_before is None:
        return found
    if lost and not _is_whole(task.path, task.size_before):
        return evolve(found, code=TargetExists.__name__)
    return evolve(found, state="downloaded") if lost or ended else found


def _captioned(task: Task) -> bool:
    return getattr(task.row.request, "caption", None) is not None


def _refuse_subtitles(film: Path) -> None:
    """Raise `TargetExists` for subtitles that are there without their film: they are somebody's own."""
    path = film.with_suffix(".srt")
    if path.exists():
        raise TargetExists(
            f"{path} is there and its film is not; put it aside: the subtitles need that name", path=path
        )


def _is_whole(path: Path, size: int | None) -> bool:
    """Tell whether a file that we have brought is still there. A whole film of another size was cut by its owner."""
    flaw = flaw_of(path.suffix)
    try:
        with path.open("rb") as file:
            wrong = None if flaw is None else flaw(file)
            return wrong is None and (path.suffix == ".mp4" or file.seek(0, SEEK_END) == size)
    except OSError:
        return False
