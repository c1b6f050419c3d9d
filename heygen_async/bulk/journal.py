"""The journal of a bulk run: what became of each row, on disk before anything is paid for.

It is an SQLite file in WAL mode that one thread writes. What waits is written in one transaction, so the disk is asked
once for many rows; whoever has to know that something is on disk (`Journal.write`) waits for that, everybody else
(`Journal.note`) does not. The file is locked for as long as it is open, and a process that dies lets go of it.

What is lost with a process that is killed is the notes of its last moment. That is always the same story: the
journal knows less than HeyGen does, and the next run asks.

A journal that cannot be written any more stays so: `Journal.failure` says why, and no later `write` succeeds. Without a
path a journal is kept in memory only.
"""

import asyncio
import sqlite3
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from copy import copy
from functools import cache
from operator import attrgetter
from os import PathLike
from pathlib import Path
from queue import Empty, SimpleQueue
from types import TracebackType
from typing import Any, Literal, Self

import anyio.to_thread
import attrs
from attrs import evolve, frozen

from heygen_async.bulk.work import short
from heygen_async.errors import JournalFailed

__all__ = ["Entry", "Journal"]

State = Literal[
    "intended", "sent", "accepted", "rejected", "ambiguous", "rendering", "rendered", "downloaded", "failed"
]

_VERSION = 1
_OURS = 0x4847_4A31
"""What SQLite calls the application's id: ``HGJ1``."""

_PATIENCE = 0.05
"""Seconds that notes wait for company, as long as nobody waits for them: most rows then cost one write to the disk."""

_LATEST = 10.0
"""Seconds that closing waits for the disk."""


@frozen(kw_only=True)
class Entry:
    """A row, as far as it is. Times are unix seconds, ``None``: it has not come to that."""

    work: str
    """What the row asks for; see `heygen_async.bulk.work`."""

    key: str
    """The idempotency key of its creation."""

    state: State = "intended"
    """``sent``, on disk before the request leaves: it may have been carried out; ``ambiguous``: the same, for certain
    without an answer. ``rejected``: HeyGen refused it; ``failed``: the render did, or HeyGen knows it no more."""

    file: str
    """The name of the file in the folder; other rows do not get it."""

    line: int = 0
    """Where the row stood in the input."""

    title: str | None = None
    """The title of the row, without the token."""

    video_id: str | None = None
    size: int | None = None
    """Bytes of the file."""

    anew: bool = False
    """Whether the row is to be made although a file is there."""

    intended_at: float | None = None
    sent_at: float | None = None
    """When the request first left with this key."""

    accepted_at: float | None = None
    rendered_at: float | None = None
    ended_at: float | None = None
    """When the file was there, or when it was clear that none would come."""

    quoted: float | None = None
    """US dollars that it should cost."""

    charged: float | None = None
    """US dollars that it did."""

    code: str | None = None
    message: str | None = None
    """What went wrong last."""


_FIELDS = tuple(at.name for at in attrs.fields(Entry))
_VALUES = attrgetter(*_FIELDS)
_TABLES = {"entries": _FIELDS, "facts": ("name", "value")}
"""Their columns; the first one is the key."""

_AT_ONCE = 100
"""Rows of one statement."""

_STAMPS = {
    "intended": ("intended_at",),
    "sent": ("intended_at", "sent_at"),
    "accepted": ("accepted_at",),
    "rendered": ("rendered_at",),
    **dict.fromkeys(("downloaded", "failed", "rejected"), ("ended_at",)),
}
"""Which times have come with a state."""


@frozen
class _Item:
    """What waits to be written."""

    table: str
    values: tuple[Any, ...]
    written: "asyncio.Future[None] | None" = None


class Journal:
    """What became of each row. Making one does no I/O; ``async with`` opens it, locks it and closes it.

    `facts` are remembered as soon as it is open. `now` returns unix seconds. Opening raises `JournalFailed`: the file
    is in use by another run, was made by a newer version, is something else, or cannot be read.
    """

    def __init__(
        self,
        path: str | PathLike[str] | None = None,
        *,
        facts: Mapping[str, str] | None = None,
        now: Callable[[], float] = time.time,
    ) -> None:
        self.path = None if path is None else Path(path)
        """Where it is; ``None``: in memory only."""
        self.entries: dict[str, Entry] = {}
        """The rows by their works, as they are now."""
        self.facts: dict[str, str] = dict(facts or {})
        """What is remembered of the run as a whole."""
        self.failure: JournalFailed | None = None
        """Why nothing is written any more."""
        self.now = now
        """Unix seconds."""
        self._queue: SimpleQueue[_Item | None] = SimpleQueue()
        self._thread: threading.Thread | None = None
        self._closing = False
        self.user: object = None
        """Which run has it: one at a time."""

    def __repr__(self) -> str:
        return f"<Journal {self.path or 'in memory'}, {len(self.entries):,} rows>"

    async def __aenter__(self) -> Self:
        await self.open()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()

    @property
    def is_open(self) -> bool:
        """Whether it can be written; one in memory always can."""
        return self.path is None or (self._thread is not None and not self._closing)

    @property
    def project(self) -> str:
        """A short word for what this journal is about. One that is made anew in the same place has the same."""
        return self.facts.get("project") or short(str(self.path and self.path.resolve()), 6)

    async def open(self) -> None:
        """Lock the file and read it. Harmless when it is open."""
        if self.is_open or self.path is None:
            return
        await self.aclose()
        self.failure, self._queue, self._closing = None, SimpleQueue(), False
        opened: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._thread = threading.Thread(target=self._keep, args=(self.path, opened), name="heygen_async journal")
        self._thread.daemon = True  # whoever forgets to close it can still leave
        self._thread.start()
        try:
            await opened
        except BaseException:
            await self.aclose()
            raise

    async def aclose(self) -> None:
        """Write what waits, and let go of the file. Harmless when repeated."""
        thread = self._thread
        if thread is None or not thread.is_alive():
            self._thread = None
            return
        if not self._closing:
            self._closing = True
            self._queue.put(None)
        ending = asyncio.ensure_future(anyio.to_thread.run_sync(thread.join, _LATEST))
        try:
            await asyncio.shield(ending)
        except asyncio.CancelledError:  # it takes a moment, and whoever opens it next would find it locked
            await asyncio.gather(ending, return_exceptions=True)
            raise

    async def write(self, entry: Entry) -> Entry:
        """Write a row, wait until it is on disk, and return it with its time. Raises `JournalFailed`."""
        entry = self._enter(entry)
        if self.path is not None:
            written: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            self._put(_Item("entries", _values(entry), written))
            await written
        return entry

    def note(self, entry: Entry) -> Entry:
        """Write a row soon, and return it with its time. Never fails: see `failure`."""
        entry = self._enter(entry)
        if self.path is not None and self.failure is None:
            with suppress(JournalFailed):
                self._put(_Item("entries", _values(entry)))
        return entry

    def remember(self, facts: Mapping[str, str]) -> None:
        """Keep something about the run as a whole."""
        self.facts.update(facts)
        if self.path is not None:
            for item in facts.items():
                self._put(_Item("facts", item))

    def _enter(self, entry: Entry) -> Entry:
        missing = [time for time in _STAMPS.get(entry.state, ()) if getattr(entry, time) is None]
        if missing:
            entry = evolve(entry, **dict.fromkeys(missing, self.now()))  # type: ignore[arg-type]  # times, all of them
        self.entries[entry.work] = entry
        return entry

    def _put(self, item: _Item) -> None:
        if self.failure is not None:
            raise copy(self.failure)  # each with a traceback of its own
        if not self.is_open and self.path is not None:
            raise JournalFailed(f"the journal {self.path} is closed", path=self.path)
        self._queue.put(item)

    # What follows runs in the thread.

    def _keep(self, path: Path, opened: "asyncio.Future[None]") -> None:
        """Be the thread: hold the file open, and write what comes."""
        try:
            with _reported(path), closing(_connected(path)) as connection:
                identity = _identity(path)
                self._read(connection)
                _tell([opened], None)
                self._write_all(connection, path, identity)
        except JournalFailed as failure:
            self.failure = failure
            _tell([opened], failure)

    def _read(self, connection: sqlite3.Connection) -> None:
        given, self.facts = self.facts, dict(connection.execute("SELECT name, value FROM facts"))
        rows = connection.execute(f"SELECT {', '.join(_FIELDS)} FROM entries")  # noqa: S608  # names of ours
        entries = (Entry(**dict(zip(_FIELDS, row, strict=True))) for row in rows)
        self.entries = {entry.work: evolve(entry, anew=bool(entry.anew)) for entry in entries}
        self.remember(given | {"project": self.project})

    def _write_all(self, connection: sqlite3.Connection, path: Path, identity: tuple[int, int]) -> None:
        for batch in self._batches():
            if self.failure is None:
                try:
                    with _reported(path):
                        _commit(connection, batch)
                        _check_still_there(path, identity)
                except JournalFailed as failure:
                    self.failure = failure
            _tell([item.written for item in batch if item.written is not None], self.failure)

    def _batches(self) -> Iterator[list[_Item]]:
        """Yield what waits, all of it at once, until the journal is closed."""
        while (item := self._queue.get()) is not None:
            batch, until, patient = [], time.monotonic() + _PATIENCE, True
            while item is not None:
                batch.append(item)
                patient = patient and item.written is None
                try:
                    item = self._queue.get(timeout=max(0.0, until - time.monotonic()) if patient else 0.0)
                except Empty:
                    break
            yield batch
            if item is None:
                return


def _connected(path: Path) -> sqlite3.Connection:
    """Open the file for ourselves alone, and make the tables where there are none."""
    if path.is_dir():
        raise JournalFailed(f"the journal {path} is a folder; choose a file", path=path)
    connection = sqlite3.connect(path, timeout=0, isolation_level=None)
    try:
        connection.execute("PRAGMA locking_mode = EXCLUSIVE")
        (version,) = connection.execute("PRAGMA user_version").fetchone()
        (whose,) = connection.execute("PRAGMA application_id").fetchone()
        (tables,) = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
        _check_ours(path, whose if tables else _OURS, version)
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        connection.executescript(_schema())  # and have the lock for good
    except BaseException:
        connection.close()
        raise
    return connection


def _check_ours(path: Path, whose: int, version: int) -> None:
    """Refuse what is no journal, or one that says more than this version understands."""
    if whose != _OURS:
        raise JournalFailed(f"{path} is not a journal of heygen_async; choose another file", path=path)
    if version > _VERSION:
        message = (
            f"the journal {path} was made by a newer version of heygen_async (format {version}, this one knows "
            f"{_VERSION}); update heygen_async, and nothing of it is lost"
        )
        raise JournalFailed(message, path=path)


def _schema() -> str:
    tables = (
        f"CREATE TABLE IF NOT EXISTS {name} ({key} TEXT PRIMARY KEY, {', '.join(columns)});"
        for name, (key, *columns) in _TABLES.items()
    )
    whose = f"PRAGMA application_id = {_OURS}; PRAGMA user_version = {_VERSION};"
    return f"BEGIN IMMEDIATE; {' '.join(tables)} {whose} COMMIT;"


def _values(entry: Entry) -> tuple[Any, ...]:
    """Write a row as SQLite takes it: halves of surrogate pairs are no text to it."""
    values = _VALUES(entry)
    return tuple(_text(value) if isinstance(value, str) and not value.isascii() else value for value in values)


def _text(value: str) -> str:
    return value.encode("utf-8", "replace").decode()


def _commit(connection: sqlite3.Connection, batch: Iterable[_Item]) -> None:
    """Write what waits in one transaction: of each row what is newest."""
    newest = {(item.table, item.values[0]): item for item in batch}
    statements = []
    for table in _TABLES:
        rows = [item.values for item in newest.values() if item.table == table]
        statements += [_upsert(table, rows[at : at + _AT_ONCE]) for at in range(0, len(rows), _AT_ONCE)]
    if len(statements) == 1:  # it is a transaction by itself
        connection.execute(*statements[0])
        return
    connection.execute("BEGIN IMMEDIATE")
    try:
        for statement in statements:
            connection.execute(*statement)
        connection.execute("COMMIT")
    except BaseException:
        with suppress(sqlite3.Error):
            connection.execute("ROLLBACK")
        raise


def _upsert(table: str, rows: Sequence[tuple[Any, ...]]) -> tuple[str, list[Any]]:
    """Write many rows in one statement: each statement has to wait for the interpreter's lock."""
    return _statement(table, len(rows)), [value for row in rows for value in row]


@cache
def _statement(table: str, rows: int) -> str:
    columns = _TABLES[table]
    places = ", ".join([f"({', '.join('?' * len(columns))})"] * rows)
    return f"INSERT OR REPLACE INTO {table} ({', '.join(columns)}) VALUES {places}"  # noqa: S608  # names of ours


def _identity(path: Path) -> tuple[int, int]:
    facts = path.stat()
    return facts.st_dev, facts.st_ino


def _check_still_there(path: Path, identity: tuple[int, int]) -> None:
    """Notice that somebody has removed the file: it could be written without end, and nobody would find it."""
    with suppress(FileNotFoundError):
        if _identity(path) == identity:
            return
    raise JournalFailed(f"the journal {path} has disappeared; nothing more is sent. {_AGAIN}", path=path)


@contextmanager
def _reported(path: Path) -> Iterator[None]:
    """Say in our words what SQLite and the disk say."""
    try:
        yield
    except JournalFailed:
        raise
    except sqlite3.Error as fault:
        code = getattr(fault, "sqlite_errorcode", 0) & 0xFF
        reason = _REASONS.get(code, f"cannot be written: {fault}")
        raise JournalFailed(f"the journal {path} {reason}", path=path) from fault
    except OSError as fault:
        raise JournalFailed(f"the journal {path} cannot be read: {fault.strerror or fault}", path=path) from fault
    except Exception as fault:  # whoever waits for the thread must not wait for ever
        raise JournalFailed(f"the journal {path} broke: {fault!r}", path=path) from fault


_IN_USE = "is in use by another run; wait for its end, or give this one a journal of its own"
_AGAIN = "Run again: what was paid for is looked up at HeyGen"
_PUT_ASIDE = "put it aside and run again: what was paid for is looked up at HeyGen"
_REASONS = {
    sqlite3.SQLITE_BUSY: _IN_USE,
    sqlite3.SQLITE_LOCKED: _IN_USE,
    sqlite3.SQLITE_FULL: "cannot be written: the disk is full. Make room and resume; nothing is lost",
    sqlite3.SQLITE_CANTOPEN: "cannot be opened: its folder has to be there, and has to be writable",
    sqlite3.SQLITE_READONLY: "cannot be written: it is read-only, or has been moved",
    sqlite3.SQLITE_NOTADB: f"is not a journal of heygen_async, or is damaged; {_PUT_ASIDE}",
    sqlite3.SQLITE_CORRUPT: f"is damaged; {_PUT_ASIDE}",
    sqlite3.SQLITE_IOERR: "cannot be written: the disk fails, is full or read-only. Mend that and resume; all is there",
}


def _tell(futures: Sequence["asyncio.Future[None]"], failure: JournalFailed | None) -> None:
    """Settle futures, from the thread: with one call for all of a loop, since each call wakes it."""

    def settle(loop: asyncio.AbstractEventLoop) -> None:
        for future in futures:
            if future.get_loop() is not loop or future.done():
                continue
            if failure is None:
                future.set_result(None)
            else:
                future.set_exception(copy(failure))

    for loop in {future.get_loop() for future in futures}:
        with suppress(RuntimeError):  # the loop has ended, and with it whoever waited
            loop.call_soon_threadsafe(settle, loop)
