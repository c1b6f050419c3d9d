"""The client: owns and wires everything else. One attribute for each group of the API.

What a program may do without is brought in when it is first used, through the face of the package: the groups, bulk
runs, the receiver of webhooks, v1 and v2.

::

    async with HeyGen() as heygen:
        job = await heygen.videos.create(AvatarVideo(avatar_id="…", script="Hello!", voice_id="…"))
        video = await job
        path = await job.download("hello.mp4")
"""

import os
import time
from collections.abc import Callable, Coroutine, Iterable
from os import PathLike
from pathlib import Path
from types import TracebackType
from typing import Any, Generic, Literal, Self, TypeVar, get_args, overload

import aiohttp

import heygen_async as face
from heygen_async.clock import Clock, SystemClock
from heygen_async.connections import Connections
from heygen_async.desk import Desk
from heygen_async.errors import ClientMisused
from heygen_async.job import Job
from heygen_async.log import show_log
from heygen_async.operation import JobRequest, Request
from heygen_async.options import Options
from heygen_async.resource import Resource
from heygen_async.scheduler import Lanes
from heygen_async.sunset import LegacyMode, announce
from heygen_async.transport import ApiKey, Transport, base_address
from heygen_async.webhooks.callbacks import Callbacks

__all__ = ["HeyGen"]

T = TypeVar("T")
G = TypeVar("G", bound=Resource)

API = "https://api.heygen.com"


class Group(Generic[G]):
    """A group of the API: made when somebody first asks the client for it, and then kept."""

    def __init__(self, find: Callable[[], type[G]]) -> None:
        self._find = find
        self._name = ""

    def __set_name__(self, owner: type, name: str) -> None:
        self._name = name

    def __repr__(self) -> str:
        return f"<heygen.{self._name}>"

    @overload
    def __get__(self, client: None, owner: type) -> Self: ...
    @overload
    def __get__(self, client: "HeyGen", owner: type) -> G: ...
    def __get__(self, client: "HeyGen | None", owner: type) -> Self | G:
        if client is None:
            return self
        group = self._find()(client._desk)  # noqa: SLF001  # it is the client's own part
        return vars(client).setdefault(self._name, group)  # type: ignore[no-any-return]  # found there from now on


class HeyGen:
    """A client of HeyGen's API.

    Making one does no I/O and needs no running event loop. ``async with`` closes it; in a notebook,
    ``heygen = HeyGen()`` and, at the end, ``await heygen.aclose()`` do as well. One client serves a whole program,
    from any number of tasks, and in one event loop after the other.

    `api_key`: ``None`` reads ``HEYGEN_API_KEY``. `base_url`: ``None`` reads ``HEYGEN_API_BASE``, else HeyGen's
    own. `options`: every knob, see `Options`. `session`: an `aiohttp.ClientSession` of yours, which is used as it
    is and never closed. `clock`: what pauses and polls go by; tests pass a `ManualClock`. `legacy`: whether calls of
    v1 and v2 are sent as they are, or as v3 (``translate``).

    Raises `ClientMisused` without a key, and for an unencrypted base address that is not this machine.
    """

    videos = Group(lambda: face.Videos)
    """Make, read, list and delete videos."""

    avatars = Group(lambda: face.Avatars)
    """Persons and their looks."""

    voices = Group(lambda: face.Voices)
    """Choose who speaks."""

    assets = Group(lambda: face.Assets)
    """Upload, find, read and delete files."""

    audio = Group(lambda: face.Audio)
    """Find music and sound effects."""

    users = Group(lambda: face.Users)
    """The account behind the API key."""

    brand_glossaries = Group(lambda: face.BrandGlossaries)
    """How words are spoken and translated."""

    brand_kits = Group(lambda: face.BrandKits)
    """How the videos of a house look."""

    models = Group(lambda: face.Models)
    """Speech and voices, pictures of a person, and scenes from a prompt."""

    video_agents = Group(lambda: face.VideoAgents)
    """Make videos by describing them."""

    ai_clipping = Group(lambda: face.AIClipping)
    """Make clips of long videos."""

    background_removals = Group(lambda: face.BackgroundRemovals)
    """Take the background out of videos."""

    filler_word_removals = Group(lambda: face.FillerWordRemovals)
    """Cut filler words and long pauses."""

    folders = Group(lambda: face.Folders)
    """Make and read folders."""

    lipsyncs = Group(lambda: face.Lipsyncs)
    """Have videos speak with another sound."""

    templates = Group(lambda: face.Templates)
    """Videos with variables."""

    video_translations = Group(lambda: face.VideoTranslations)
    """Have videos speak other languages."""

    webhooks = Group(lambda: face.Webhooks)
    """Where events go, and which there were."""

    legacy = Group(lambda: face.legacy.Legacy)
    """v1 and v2, which HeyGen has retired, and the way to v3."""

    def __init__(
        self,
        api_key: str | None = None,
        *,
        base_url: str | None = None,
        options: Options | None = None,
        session: aiohttp.ClientSession | None = None,
        clock: Clock | None = None,
        legacy: LegacyMode = "send",
    ) -> None:
        show_log()
        api_key = None if api_key is None else ApiKey(api_key)  # tracebacks show the locals of this frame, too
        key, options, clock = _key(api_key), options or Options(), clock or SystemClock()
        base = base_address(base_url or os.environ.get("HEYGEN_API_BASE") or API, insecure_http=options.insecure_http)
        lanes = Lanes.of(options.limits, clock)
        connections = Connections(session)
        transport = _transport(legacy)(
            key=key,
            base=base,
            options=options,
            clock=clock,
            connections=connections,
            gate=lanes.requests,
        )
        self._desk = Desk(transport, clock, lanes, connections, Callbacks.of(key))

    def __repr__(self) -> str:
        if not hasattr(self, "_desk"):  # in a traceback through the constructor
            return "<HeyGen not made>"
        return f"<HeyGen {self._desk.transport.base} {self._desk.lanes.renders}>"

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()

    @property
    def options(self) -> Options:
        """The settings of this client."""
        return self._desk.transport.options

    def send(self, request: Request[T], *, idempotency_key: str | None = None) -> Coroutine[Any, Any, T]:
        """Make a call: the way to an operation that has no method yet.

        Local files in it are uploaded before. A job's request answers its receipt; `submit` gives the job.
        Raises `RequestInvalid`, `APIError`, `ConnectionFailed`, `AnswerUnreadable`.
        """
        announce(request.endpoint, 2)  # at the call and not at the await: whoever makes a task of it is named too
        return self._desk.send(request, idempotency_key=idempotency_key)

    def submit(self, request: JobRequest[Any, T], *, idempotency_key: str | None = None) -> Coroutine[Any, Any, Job[T]]:
        """Start a job in a render slot, as `Videos.create` does for videos. Raises as `send` does."""
        announce(request.endpoint, 2)
        return self._desk.submit(request, idempotency_key=idempotency_key)

    def submit_all(
        self, request: JobRequest[Any, T], *, idempotency_key: str | None = None
    ) -> Coroutine[Any, Any, list[Job[T]]]:
        """Start the jobs of a call that starts several: one for each language, or for each item of a batch.

        Waits for one render slot; the others are taken as well, so nothing else starts while they render. Raises as
        `send` does.
        """
        announce(request.endpoint, 2)
        return self._desk.submit_all(request, idempotency_key=idempotency_key)

    async def fetch(self, link: str, path: str | PathLike[str], *, overwrite: bool = False) -> Path:
        """Bring the file behind a link in an answer to `path`: the sound of a speech, a thumbnail, a proofread's SRT.

        It is streamed, resumed after a cut, and there whole or not at all; the API key does not go along. Raises
        `TargetExists` when the file is there and `overwrite` is false, and `DownloadFailed`; a link that works no more
        is had anew by reading what gave it.
        """
        return await self._desk.courier.bring_link(link, Path(path), overwrite=overwrite)

    def bulk(
        self,
        requests: "Iterable[face.Row | face.VideoRequest]",
        *,
        into: str | PathLike[str],
        journal: "face.Journal | str | PathLike[str] | None" = None,
        budget: "face.Budget | float | None" = None,
        overwrite: bool = False,
        fold: bool = True,
        order: Literal["rows", "longest-first"] = "rows",
    ) -> "face.BulkRun":
        """Make many videos and bring them into a folder: ``async for outcome in heygen.bulk(…): …``.

        At most `Limits.renders` render at once. Files are named after `Row.file`, else the title, and never leave
        the folder; subtitles that were asked for lie beside as ``.srt``. A row whose file is there already is kept and
        not paid for, unless `overwrite`. One row's failure is its own outcome.

        `journal`: a file, such as ``videos/journal.db``. With it, a run can end in any way, and the same call goes on
        where it stopped and pays for no row twice.

        `budget`: US dollars that are never exceeded, those that the journal has spent included; or a `Budget` that
        several runs share. Rows wait for others where that may leave them enough, and are skipped (`BudgetReached`)
        where it cannot. `fold`: whether rows that ask for the same in every field share one render, and have a copy
        of its file each. `order`: ``rows``, or ``longest-first``: where many render at once, a run ends sooner when
        the longest were begun first. `BulkRun.preflight` looks everything up before, and says what it will cost.

        Iterating raises `DownloadFailed` when the folder cannot be
        written, and `JournalFailed` when the journal cannot, or when another run has it open.
        """
        return face.BulkRun(
            self._desk, requests, into, journal=journal, budget=budget, overwrite=overwrite, fold=fold, order=order
        )

    def receiver(
        self,
        secret: str | None = None,
        *,
        secrets: "Iterable[str | face.Secret]" = (),
        store: "face.SecretStore | None" = None,
        now: Callable[[], float] = time.time,
    ) -> "face.Receiver":
        """Make what HeyGen's webhooks reach: mount it in an ASGI or aiohttp application, in this client's event loop.

        From then on `await job` ends as soon as HeyGen has told of it, and polling is for what gets lost. `secret`, or
        several `secrets` with those that were rotated away, or a `store` that `Webhooks.ensure` keeps up to date:
        what deliveries are signed with. Without any of them only the paths of `Options.callback_url` work. `now`
        returns Unix seconds. It ends with the client. Raises `ValueError` for an empty secret.
        """
        receiver = face.Receiver(
            secrets=[*([] if secret is None else [secret]), *secrets],
            store=store,
            jobs=self._desk.watchers,
            callbacks=self._desk.callbacks,
            history=self.webhooks.history,
            now=now,
        )
        self._desk.receivers.append(receiver)
        return receiver

    def with_options(self, options: Options) -> Self:
        """Make a client with other settings over the same connections and uploads.

        It shares the render slots and other lanes too, unless `options.limits` differs. Closing this one closes it
        too.
        """
        sibling = object.__new__(type(self))
        sibling._desk = self._desk.sibling(options)
        return sibling

    async def aclose(self) -> None:
        """Stop following jobs and close the connections. Videos go on at HeyGen. Harmless when repeated."""
        await self._desk.aclose()


def _key(given: str | None) -> ApiKey:
    given = ApiKey((given if given is not None else os.environ.get("HEYGEN_API_KEY", "")).strip())
    if not given:
        raise ClientMisused(
            "there is no API key: set HEYGEN_API_KEY or pass HeyGen(api_key=…); without an account, use the "
            "emulator (heygen-async emulator)"
        )
    if not given.isascii() or not given.isprintable():
        raise ClientMisused("the API key has characters that no API key has; copy it again")
    return given


def _transport(legacy: LegacyMode) -> type[Transport]:
    """Choose the transport. Raises `ClientMisused` for a word that is none of the two."""
    if legacy not in get_args(LegacyMode):
        raise ClientMisused(f"legacy is {legacy!r}; it must be one of {', '.join(get_args(LegacyMode))}")
    return face.legacy.Translating if legacy == "translate" else Transport
