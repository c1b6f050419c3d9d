"""The files of works: really made, in as many threads as there are cores, or stood in for, when they are asked for.

A `Making` says how files come about, and which ones stand in where an emulator is to make nothing (``synthetic=…``).
For a treatment of `media` that is one line; anything else blocks in a function of its own, and returns a `Product`::

    making = treating(media.Cut(source=clip), seconds=12.0, video=".mp4", thumbnail=".jpg")

    def speak(folder: Path, name: str) -> Product:
        spoken = media.speech_file(speech)
        return Product.write(folder, name, spoken.seconds, {"audio.wav": spoken.content}, result=spoken)

    making = Making(make=speak, seconds=3.0, standins={"audio": ".wav"})

`visit.file(work, "video")` is the link to one. What is answered at once, such as speech, waits: ``await
work.footage.made()`` returns what `make` did, ``None`` if it only stood in, or failed (`work.failure` says why).
"""

import asyncio
import logging
import os
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from pathlib import Path
from threading import Lock
from typing import Any, Protocol

from attrs import AttrsInstance, define, field, fields, frozen

from heygen_async.emulator import media
from heygen_async.emulator.rendering import Failure
from heygen_async.emulator.sources import write_whole
from heygen_async.emulator.standins import stand_in, unspoken
from heygen_async.emulator.threads import Threads

__all__ = ["Footage", "Made", "Making", "Product", "Studio", "treating"]

logger = logging.getLogger("heygen_async.emulator")


class Made(AttrsInstance, Protocol):
    """What comes of a making: a `media.Render` or a `Product`. Its `Path` fields are files of these names."""

    @property
    def duration(self) -> float:
        """Seconds; 0 for what has no length."""
        ...


@frozen
class Product:
    """Files of any names."""

    duration: float
    """Seconds; 0 for what has no length."""

    files: Mapping[str, Path]
    result: Any = None
    """What is known besides, such as when which word is heard."""

    @classmethod
    def write(
        cls, folder: Path, name: str, duration: float, contents: Mapping[str, bytes], result: object = None
    ) -> "Product":
        """Write files by their names with endings, such as ``audio.wav``, which is ``audio`` then. Blocks."""
        paths = {file.partition(".")[0]: folder / f"{name}-{file}" for file in contents}
        for path, content in zip(paths.values(), contents.values(), strict=True):
            write_whole(path, content)
        return cls(duration, paths, result)


@frozen(kw_only=True)
class Making:
    """How the files of a work come about."""

    make: Callable[[Path, str], Made]
    """Makes them, in this folder, under names that begin with this one. Called in a thread."""

    key: Callable[[], str] | None = None
    """Returns what equal makings have in common, good for a file's name. Called in a thread. ``None``: none is equal
    to this one."""

    seconds: float = 5.0
    """How long it will be, roughly, as far as that can be told before it is made."""

    standins: Mapping[str, str] = field(factory=dict)
    """The names of the files that stand in, and their endings, such as ``{"video": ".mp4"}``."""

    subtitles: Callable[[], str] | None = None
    """Returns the SRT of stand-ins that are subtitles; ``None``: one caption that says there is speech."""


def treating(treatment: media.Treatment, seconds: float, **standins: str) -> Making:
    """Make what comes of treating a file; `standins` are names of `media.Render` and endings: ``video=".mp4"``."""
    return Making(
        make=lambda folder, name: media.treat(treatment, folder, name),
        key=lambda: media.treatment_key(treatment),
        seconds=seconds,
        standins=standins,
    )


class Footage(Protocol):
    """The files of one work."""

    @property
    def ready(self) -> bool:
        """Whether they are there, or never will be."""
        ...

    @property
    def failure(self) -> Failure | None:
        """Why they never will be; ``None``: no such thing is known."""
        ...

    @property
    def duration(self) -> float:
        """How long the film or sound is, in seconds, once it is ready."""
        ...

    def ending(self, name: str) -> str | None:
        """Return the ending of a file's name, such as ``.mp4``, once it is ready; ``None``: there is no such file."""
        ...

    async def file(self, name: str) -> Path | None:
        """Return where such a file is; ``None``: there is none."""
        ...

    async def made(self) -> Made | None:
        """Wait until it is ready. Return what the making did; ``None``: nothing was made, or it failed."""
        ...

    def drop(self) -> None:
        """Make them no more, if nobody has begun to."""
        ...


@define(eq=False)
class _Filmed:
    """Files that a thread is making, or has made."""

    render: "asyncio.Future[Made]"

    @property
    def ready(self) -> bool:
        return self.render.done()

    @property
    def failure(self) -> Failure | None:
        if not self.render.done() or self.render.cancelled() or self.render.exception() is None:
            return None
        return Failure("rendering_failed", f"Rendering failed: {self.render.exception()}")

    @property
    def duration(self) -> float:
        return self.render.result().duration

    def ending(self, name: str) -> str | None:
        path = _files(self.render.result()).get(name)
        return path.suffix if path else None

    async def file(self, name: str) -> Path | None:
        return _files(self.render.result()).get(name)

    async def made(self) -> Made | None:
        await asyncio.wait([self.render])
        return None if self.render.cancelled() or self.render.exception() else self.render.result()

    def drop(self) -> None:
        self.render.cancel()


def _files(made: Made) -> Mapping[str, Path]:
    """Name the files of what was made."""
    if isinstance(made, Product):
        return made.files
    found = ((at.name, getattr(made, at.name)) for at in fields(type(made)))
    return {name: path for name, path in found if isinstance(path, Path)}


@define(eq=False)
class _StoodIn:
    """Files that take no time, and exist when somebody wants one."""

    making: Making
    stem: Path
    size: int
    threads: Threads
    ready = True
    failure = None

    @property
    def duration(self) -> float:
        return round(self.making.seconds, 2)

    def ending(self, name: str) -> str | None:
        return self.making.standins.get(name)

    async def file(self, name: str) -> Path | None:
        ending = self.ending(name)
        return None if ending is None else await self.threads.run(self._write, name, ending)

    async def made(self) -> Made | None:
        return None

    def drop(self) -> None:
        """Do nothing: nothing is made before it is asked for."""

    def _write(self, name: str, ending: str) -> Path:
        path = self.stem.with_name(self.stem.name + ("" if name == "video" else f"-{name}") + ending)
        if not path.exists():
            subtitles = self.making.subtitles or (lambda: unspoken(self.duration))
            stand_in(path, self.size, self.stem.name, self.duration, subtitles)
        return path


@define(eq=False)
class _Nothing:
    """What a work has that has no files."""

    ready = True
    failure = None
    duration = 0.0

    def ending(self, name: str) -> None:  # noqa: ARG002  # there is none, whatever its name
        return None

    async def file(self, name: str) -> None:  # noqa: ARG002  # as above
        return None

    async def made(self) -> None:
        return None

    def drop(self) -> None:
        """Do nothing."""


@define(eq=False)
class Studio:
    """Where files are made. Equal ones are made once."""

    folder: Path
    synthetic: int | None
    """Bytes of a synthetic film; ``None``: real, talking ones."""

    files: Threads
    """For reading and writing; what is made has threads of its own."""

    _makers: Threads = field(factory=lambda: Threads(os.cpu_count() or 1, "heygen-film"), init=False)
    _renders: "set[asyncio.Future[Made]]" = field(factory=set, init=False)
    _made: dict[str, "Future[Made]"] = field(factory=dict, init=False)
    _lock: Lock = field(factory=Lock, init=False)

    def make(self, making: Making | None, name: str, then: Callable[[], object]) -> Footage:
        """Have files made for the work of this id.

        Calls `then` in the loop as soon as they are there, or never will be; but not if they are ready at once.
        """
        if making is None:
            return _Nothing()
        if self.synthetic is not None:
            return _StoodIn(making, self.folder / name, self.synthetic, self.files)
        render = self._makers.submit(self._make, making, name)
        self._renders.add(render)
        render.add_done_callback(lambda done: self._tell(done, then))
        return _Filmed(render)

    async def idle(self) -> None:
        """Wait until nothing is being made, and everybody was told."""
        while self._renders:
            await asyncio.wait(tuple(self._renders))

    async def aclose(self) -> None:
        """Drop what has not begun and wait for what is being made: a thread cannot be stopped."""
        await self._makers.aclose()

    def _make(self, making: Making, name: str) -> Made:
        if making.key is None:
            return making.make(self.folder, name)
        key = making.key()
        with self._lock:
            mine = key not in self._made
            made = self._made.setdefault(key, Future())
        if mine:
            try:
                made.set_result(making.make(self.folder, key))
            except Exception as fault:  # noqa: BLE001  # whoever waits for the same files gets it too
                made.set_exception(fault)
                del self._made[key]
        return made.result()

    def _tell(self, done: "asyncio.Future[Made]", then: Callable[[], object]) -> None:
        self._renders.discard(done)
        if done.cancelled():  # the emulator is closing
            return
        fault = done.exception()
        if fault is not None and not isinstance(fault, media.UnreadableMedia):
            logger.error("a film could not be made", exc_info=fault)
        then()
