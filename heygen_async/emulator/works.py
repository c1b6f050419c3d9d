"""Whatever HeyGen works on for a while: videos, translations, lipsyncs, clips, trainings, and so on.

A group says in a record what its works are called and which words it has for their stages. Then an `Order` begins one:
it is charged, gets a slot (or is refused with 429), ages by the clock, and its files are made meanwhile. What failed is
paid back. Faults that concern works (`FailRender`, `Stuck`, `NoLink`) reach it by the path of its POST::

    @define(eq=False, kw_only=True)
    class Lipsync(Work[CreateLipsync]):
        noun = "lipsync"
        words = Words(processing="running")

    order = Order(Lipsync, request, cost=0.0333 * 12, making=Making(...))    # see `footage` for makings
    lipsync = visit.undertake(order)                     # on `visit.account.shelf(Lipsync)`; 402 and 429 are raised
    lipsync.status(visit.now)                            # "pending", "running", "completed", "failed"
    visit.file(lipsync, "video")                         # a signed link, once it is completed; else None

A training or a proofread takes no slot: its class says ``takes_slot = False``.
"""

from collections.abc import Callable, Mapping
from typing import Any, ClassVar, Generic, Protocol, TypeVar

from attrs import define, field, frozen

from heygen_async.emulator.footage import Footage, Making
from heygen_async.emulator.refusals import Refusal
from heygen_async.emulator.rendering import Failure, Stage, Timeline
from heygen_async.emulator.shelf import Thing

__all__ = ["Batched", "Order", "Production", "Series", "Words", "Work"]

R = TypeVar("R")


@frozen
class Words:
    """What a group calls the stages of its works."""

    pending: str = "pending"
    processing: str = "processing"
    completed: str = "completed"
    failed: str = "failed"

    def of(self, stage: Stage) -> str:
        """Return the word for a stage."""
        word: str = getattr(self, stage)
        return word


@define(eq=False, kw_only=True)
class Work(Thing, Generic[R]):
    """Something that is being made, or was."""

    words: ClassVar[Words] = Words()
    takes_slot: ClassVar[bool] = True
    """Whether it counts among the jobs that may be at work at once."""

    request: R
    """What was asked for, after placeholders were filled in."""

    cost: float
    """US dollars that were charged: at first by what was expected."""

    expected: float | None = None
    """Seconds that `cost` was judged by; the length of the film decides in the end. ``None``: any costs as much."""

    created_at: int
    """Unix seconds."""

    timeline: Timeline
    footage: Footage = field(repr=False)
    begun: float | None = None
    """When it got its slot, by the emulator's clock."""

    ended: float | None = None
    """When it was completed or failed, by the emulator's clock."""

    linkless: int = 0
    """How often it will still be shown as completed, but without links to its files."""

    relapses: int = 0
    """How often it will still be shown as processing again, after it was shown as completed."""

    known: bool = False
    """Whether it was shown as completed."""

    folder_id: str | None = None
    series: "Series | None" = field(default=None, repr=False)
    """The batch that it came with."""

    item_index: int | None = None
    """Its place in the batch, from 0."""

    then: Callable[[Any], object] | None = field(default=None, repr=False)
    """Is called with the work when it has ended, well or not."""

    @property
    def filmed(self) -> bool:
        """Whether its files are there, or never will be."""
        return self.footage.ready

    @property
    def failure(self) -> Failure | None:
        """Why it failed, once it has."""
        return None if self.ended is None else self.timeline.failure or self.footage.failure

    def stage(self, now: float) -> Stage:
        """Say how far it is, in the same words for all groups."""
        if self.ended is not None:
            return "failed" if self.failure else "processing" if self.known and self.relapses else "completed"
        return "pending" if self.begun is None else self.timeline.stage(now - self.begun)

    def status(self, now: float) -> str:
        """Say how far it is, in the words of its group."""
        return self.words.of(self.stage(now))

    def progress(self, now: float) -> int:
        """Say how far it is, 0 to 100, as far as the clock can tell: its files may take longer than their time."""
        if self.ended is not None:
            return 0 if self.failure else 100
        if self.begun is None or not self.timeline.end:
            return 0
        return min(99, int(100 * (now - self.begun) / self.timeline.end))

    def duration(self, now: float) -> float | None:
        """Return how long its film or sound is, in seconds; ``None`` before it is completed."""
        return self.footage.duration if self.stage(now) == "completed" else None

    def linked(self, now: float) -> bool:
        """Tell whether links to its files are shown."""
        return self.stage(now) == "completed" and not self.linkless

    def told(self, now: float) -> None:
        """Count that its status was told: after that it may go back, and some time later on again."""
        if self.stage(now) == "completed":
            self.known = True
        elif self.ended is not None and self.relapses:
            self.relapses -= 1

    def looked_at(self, now: float) -> None:
        """Count that it was shown: a work without links gets them after some looks."""
        if self.linkless and self.stage(now) == "completed":
            self.linkless -= 1
        self.told(now)

    def completion(self, now: float) -> float | None:
        """Return when it ended, by the emulator's clock, as far as that is shown; ``None``: it is not over."""
        return None if self.stage(now) in {"pending", "processing"} else self.ended


@define(eq=False, kw_only=True)
class Production(Work[Any]):
    """A video, whatever it was made from: its request may also be that of a template."""

    noun = "video"

    @property
    def title(self) -> str:
        """What it was called, else its id."""
        return getattr(self.request, "title", None) or self.id

    @property
    def container(self) -> str:
        """``mp4`` or ``webm``."""
        return getattr(self.request, "output_format", None) or "mp4"


W_co = TypeVar("W_co", bound=Work[Any], covariant=True)


@frozen
class Order(Generic[W_co]):
    """A work that could be begun: everything is looked up, and nothing is charged or made yet."""

    kind: type[W_co]
    request: Any
    cost: float = field(default=0.0, kw_only=True)
    """US dollars."""

    expected: float | None = field(default=None, kw_only=True)
    """Seconds that `cost` is judged by; ``None``: the length does not matter."""

    making: Making | None = field(default=None, kw_only=True)
    """How its files come about; ``None``: it has none."""

    seconds: float | None = field(default=None, kw_only=True)
    """How long it takes, by the emulator's clock; 0: it is done at the next look (`Account.advance`) after its files
    are there; ``None``: as long as the emulator is told."""

    fields: Mapping[str, Any] = field(factory=dict, kw_only=True)
    """What its record has besides, such as the language of a translation."""

    then: Callable[[Any], object] | None = field(default=None, kw_only=True)
    """Is called with the work when it has ended, well or not: to put a trained voice on its shelf, for example."""


class Batched(Protocol):
    """What can be an item of a batch: works, and assets."""

    noun: ClassVar[str]
    id: str
    series: "Series | None"
    item_index: int | None

    @property
    def failure(self) -> Failure | None:
        """Why it failed, once it has."""
        ...

    def stage(self, now: float) -> Stage:
        """Say how far it is."""
        ...


@define(eq=False, kw_only=True)
class Series(Thing):
    """A batch."""

    noun = "batch"
    missing = "resource_not_found"

    kind: type[Thing]
    """What its items are: a batch of videos is not found among those of lipsyncs."""

    title: str | None = None
    created_at: int
    """Unix seconds."""

    callback_url: str | None = None
    """Who wants to hear when all of it has ended."""

    items: list[Batched | Refusal] = field(factory=list)
    """In the order they were sent: what became of each, or why nothing did."""
