"""The files of a video: really made, in as many threads as there are cores, or synthetic, made when asked for."""

import asyncio
import logging
import os
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from threading import Lock
from typing import Literal, Protocol

from attrs import define, field

from heygen_async.emulator import media
from heygen_async.emulator.rendering import Failure
from heygen_async.emulator.screenplay import Screenplay, film_of, subtitles_of
from heygen_async.emulator.threads import Threads

__all__ = ["FileKind", "Footage", "Studio"]

logger = logging.getLogger("heygen_async.emulator")

FileKind = Literal["video", "thumbnail", "subtitles", "captioned"]


class Footage(Protocol):
    """The files of one video."""

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
        """How long the video is, in seconds, once it is ready."""
        ...

    def has(self, kind: FileKind) -> bool:
        """Tell whether there is such a file, once it is ready."""
        ...

    async def file(self, kind: FileKind) -> Path | None:
        """Return where such a file is; ``None``: there is none."""
        ...

    def drop(self) -> None:
        """Make them no more, if nobody has begun to."""
        ...


@define(eq=False)
class _Talking:
    """Files that a thread is making, or has made."""

    render: "asyncio.Future[media.Render]"

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

    def has(self, kind: FileKind) -> bool:
        return self._path(kind) is not None

    async def file(self, kind: FileKind) -> Path | None:
        return self._path(kind)

    def drop(self) -> None:
        self.render.cancel()

    def _path(self, kind: FileKind) -> Path | None:
        path: Path | None = getattr(self.render.result(), kind)
        return path


@define(eq=False)
class _Synthetic:
    """Files that take no time, and exist when somebody wants one."""

    play: Screenplay
    stem: Path
    size: int
    threads: Threads
    duration: float
    ready = True
    failure = None

    def has(self, kind: FileKind) -> bool:
        match kind:
            case "video":
                return True
            case "subtitles":
                return self.play.captions
            case "captioned":
                return self.play.burn_captions
            case _:
                return False

    async def file(self, kind: FileKind) -> Path | None:
        if not self.has(kind):
            return None
        return await self.threads.run(self._subtitles if kind == "subtitles" else self._video)

    def drop(self) -> None:
        """Do nothing: nothing is made before it is asked for."""

    def _video(self) -> Path:
        path = self.stem.with_suffix(f".{self.play.container}")
        if not path.exists():
            media.synthetic(self.size, path, self.stem.name, self.duration)
        return path

    def _subtitles(self) -> Path:
        path = self.stem.with_suffix(".srt")
        path.write_bytes(subtitles_of(self.play).encode(errors="replace"))
        return path


@define(eq=False)
class Studio:
    """Where films are made. Equal ones are made once."""

    folder: Path
    synthetic: int | None
    """Bytes of a synthetic file; ``None``: real, talking ones."""

    files: Threads
    """For reading and writing; films have threads of their own."""

    _makers: Threads = field(factory=lambda: Threads(os.cpu_count() or 1, "heygen-film"), init=False)
    _renders: "set[asyncio.Future[media.Render]]" = field(factory=set, init=False)
    _films: dict[str, "Future[media.Render]"] = field(factory=dict, init=False)
    _lock: Lock = field(factory=Lock, init=False)

    def film(self, play: Screenplay, name: str, then: Callable[[], object]) -> Footage:
        """Have a video made. Calls `then` in the loop as soon as it is there, or never will be."""
        if self.synthetic is not None:
            return _Synthetic(play, self.folder / name, self.synthetic, self.files, round(play.seconds, 2))
        render = self._makers.submit(self._make, play)
        self._renders.add(render)
        render.add_done_callback(lambda done: self._tell(done, then))
        return _Talking(render)

    async def idle(self) -> None:
        """Wait until nothing is being made, and everybody was told."""
        while self._renders:
            await asyncio.wait(tuple(self._renders))

    async def aclose(self) -> None:
        """Drop what has not begun and wait for the films that are being made: a thread cannot be stopped."""
        await self._makers.aclose()

    def _make(self, play: Screenplay) -> media.Render:
        film = film_of(play)
        key = media.film_key(film)
        with self._lock:
            mine = key not in self._films
            made = self._films.setdefault(key, Future())
        if mine:
            try:
                made.set_result(media.render(film, self.folder, key))
            except Exception as fault:  # noqa: BLE001  # whoever waits for the same film gets it too
                made.set_exception(fault)
                del self._films[key]
        return made.result()

    def _tell(self, done: "asyncio.Future[media.Render]", then: Callable[[], object]) -> None:
        self._renders.discard(done)
        if done.cancelled():  # the emulator is closing
            return
        fault = done.exception()
        if fault is not None and not isinstance(fault, media.UnreadableMedia):
            logger.error("a film could not be made", exc_info=fault)
        then()
