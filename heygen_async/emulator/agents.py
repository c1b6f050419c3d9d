"""Sessions with the video agent: what was said in them, what is being thought about, and what came of it.

The agent thinks for as long as a video takes. Then it asks, if it has to: once for an answer where the prompt has a
question mark in it (``waiting_for_input``), and once for a look at a storyboard in the mode ``chat`` (``reviewing``).
Whatever is said then lets it go on. In the end it makes a video in which the prompt and the answers are read, without
their questions. A message to a session that has a video leads to another one.
"""

import re
from collections.abc import Callable, Sequence
from typing import Any, Literal

from attrs import define, field

from heygen_async.api.video_agents import AgentMessage, AgentResource, CreateVideoAgent
from heygen_async.emulator.refusals import Refusal
from heygen_async.emulator.shelf import Thing, fresh_id
from heygen_async.emulator.works import Order, Production, Work

__all__ = ["QUESTION_MARKS", "Asking", "Run", "Session", "new_resource", "script_of", "title_of"]

Asking = Literal["waiting_for_input", "reviewing"]

_WORDS: dict[Asking, str] = {
    "waiting_for_input": "Who is the video for, and what should they remember of it?",
    "reviewing": "This is the storyboard. Shall I make the video?",
}
_SENTENCE = re.compile(r"[^.!?。！？\n]+[.!?。！？]*")  # noqa: RUF001  # full-width marks end sentences too
QUESTION_MARKS = ("?", "？")  # noqa: RUF001  # as above
_TITLE_WORDS = 6
_LONGEST_SCRIPT = 5000
_SHOWN = 40
"""Messages that HeyGen shows of a session."""


@define(eq=False, kw_only=True)
class Run(Work[Any]):
    """The agent at work on what was said."""

    noun = "agent run"


@define(eq=False, kw_only=True)
class Session(Thing):
    """A session with the video agent."""

    noun = "video agent session"
    missing = "resource_not_found"

    request: CreateVideoAgent
    """What is wished for now: a message can bring another avatar, voice or brand kit."""

    created_at: int
    """Unix seconds."""

    to_ask: list[Asking]
    """What it still has to ask before there is a video."""

    film: Callable[[Order[Production]], Production]
    """Begins a video. Raises `Refusal` (402)."""

    order: Order[Production] | None = field(default=None, repr=False)
    """The video that will come of it."""

    run: Run | None = field(default=None, repr=False)
    """The last one."""

    asking: Asking | None = None
    stopped: bool = False
    failure: str | None = None
    """Why there will be no video."""

    wishes: list[str] = field(factory=list, repr=False)
    """What the user has said."""

    messages: list[AgentMessage] = field(factory=list, repr=False)
    """The oldest first."""

    resources: dict[str, AgentResource] = field(factory=dict, repr=False)
    videos: list[Production] = field(factory=list, repr=False)
    """The oldest first."""

    @property
    def title(self) -> str:
        """A few words of the prompt."""
        return title_of(self.wishes[0])

    @property
    def thinking(self) -> bool:
        """Whether a run is under way."""
        return self.run is not None and self.run.ended is None

    def status(self, now: float) -> str:
        """Say how far it is."""
        if self.failure is not None:
            return "failed"
        if self.stopped:
            return "completed"
        if self.thinking or not (self.asking or self.videos):
            return "thinking"
        stage = self.videos[-1].stage(now) if self.videos else "pending"
        return self.asking or (stage if stage in {"completed", "failed"} else "generating")

    def shown_messages(self) -> Sequence[AgentMessage]:
        """Return what was said last, the newest first."""
        return self.messages[: -_SHOWN - 1 : -1]

    def said(self, words: str, at: int) -> None:
        """Write down what the user says; it answers whatever was asked."""
        self.wishes.append(words)
        self.messages.append(AgentMessage("user", words, created_at=at))
        self.asking, self.stopped, self.failure = None, False, None

    def think(self, run: Run) -> None:
        """Begin to work on what was said."""
        self.run = run

    def think_over(self, run: Run, at: int, storyboard: Callable[[], AgentResource]) -> None:
        """End a run: ask, or begin the video. Nothing happens if it was stopped, or is not the last."""
        if self.stopped or run is not self.run:
            return
        if run.failure is not None:
            self._give_up(run.failure.message or "The agent could not go on", at)
        elif self.to_ask:
            self._ask(self.to_ask.pop(0), at, storyboard)
        elif self.order is not None:  # pragma: no branch  # each message has brought one
            self._make(self.order, at)

    def _ask(self, asking: Asking, at: int, storyboard: Callable[[], AgentResource]) -> None:
        shown = []
        if asking == "reviewing":
            resource = storyboard()
            self.resources[resource.resource_id] = resource
            shown = [resource.resource_id]
        self.asking = asking
        kind = "resource" if shown else "text"
        self.messages.append(AgentMessage("model", _WORDS[asking], kind, shown, at))

    def _make(self, order: Order[Production], at: int) -> None:
        try:
            self.videos.append(self.film(order))
        except Refusal as refusal:  # the wallet has become too light since the session began
            self._give_up(refusal.message, at)
        else:
            self.messages.append(AgentMessage("model", "I am making your video.", created_at=at))

    def _give_up(self, reason: str, at: int) -> None:
        self.failure = reason
        self.messages.append(AgentMessage("model", reason, "error", created_at=at))


def script_of(wishes: Sequence[str]) -> str:
    """Return what is read in the video: all that was said but the questions, or those if there is nothing else."""
    sentences = [sentence.strip() for words in wishes for sentence in _SENTENCE.findall(words)]
    told = [sentence for sentence in sentences if sentence and not sentence.endswith(QUESTION_MARKS)]
    return " ".join(told or wishes)[:_LONGEST_SCRIPT]


def title_of(prompt: str) -> str:
    """Return a few words."""
    words = prompt.split()
    return " ".join(words[:_TITLE_WORDS]).rstrip(".,:;!?") or "Video"


def new_resource(url: str, at: int) -> AgentResource:
    """Make a picture that the agent shows."""
    return AgentResource(fresh_id(), "image", "generated", url, url, url, created_at=at)
