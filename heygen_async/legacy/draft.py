"""The body of a v3 request while it is being written: each field remembers which legacy field it came from."""

from typing import Any

from attrs import define, field

from heygen_async.errors import Problem, RequestInvalid
from heygen_async.legacy.payload import Payload, Remark, Taken
from heygen_async.wire import read_strictly

__all__ = ["Draft"]

_ESSENTIAL = {
    "audio_asset_id",
    "audio_url",
    "avatar_id",
    "duration",
    "file",
    "image",
    "name",
    "script",
    "source",
    "type",
    "voice_id",
}
"""Fields without which it would be another video, or none; what is below them is as essential."""


@define
class Draft:
    """A body by places: ``voice_settings.speed``, ``scenes.0.input.script``."""

    values: dict[str, Any] = field(factory=dict)
    sources: dict[str, Taken] = field(factory=dict)
    """The legacy field that each place came from; a place that is not in here was written by us."""

    names: dict[str, str] = field(factory=dict)
    """What each place would be in the legacy payload, whether it is there or not."""

    def move(self, given: Payload, name: str, place: str, *others: str) -> None:
        """Take a field out of a payload, by this name or by an older one, and write it to a place as it is."""
        self.names[place] = given.place(name)
        taken = given.take(name, *others)
        if taken is not None:
            self.write(place, taken.value, taken)

    def write(self, place: str, value: object, source: Taken | None = None) -> None:
        """Write a value, and say what it stands for."""
        self.values[place] = value
        if source is not None:
            self.sources[place] = source

    def read(self, kind: Any, remarks: list[Remark]) -> Any:
        """Read the body as a request class of v3. Optional fields that v3 refuses are left out, with a remark.

        Raises `RequestInvalid` when v3 refuses what the video cannot do without.
        """
        while True:
            try:
                return read_strictly(self._nested(), kind)
            except RequestInvalid as fault:
                problems = {_whole(problem.field): problem for problem in fault.problems}
                wrong = [problem for place, problem in problems.items() if not self._mended(place, problem, remarks)]
                if wrong:
                    reasons = [Problem(self._name(problem.field), problem.reason) for problem in wrong]
                    raise RequestInvalid(reasons, "the legacy payload") from None

    def _mended(self, place: str, problem: Problem, remarks: list[Remark]) -> bool:
        """Leave a place out, and all below it, if the video can do without."""
        if place == "scenes" or not _ESSENTIAL.isdisjoint(place.split(".")):
            return False
        places = [at for at in self.values if at == place or at.startswith(f"{place}.")]
        sources = [self.sources.pop(at) for at in places if at in self.sources]
        sources = [one for one in sources if not one.path.endswith(".type")] or sources
        for at in places:
            del self.values[at]
        gone = {source.path for source in sources}
        remarks[:] = [remark for remark in remarks if remark.lost or remark.path not in gone]
        remarks += [Remark(one.path, one.value, f"v3 refuses it: it {problem.reason}") for one in sources]
        return bool(places)

    def _name(self, place: str) -> str:
        """Say what a place is in the legacy payload: by itself, by what came to it, or by what came below it."""
        if place in self.names:
            return self.names[place]
        below = (source.path for at, source in self.sources.items() if at == place or at.startswith(f"{place}."))
        return next(below, place)

    def _nested(self) -> dict[str, Any]:
        body: dict[str, Any] = {}
        for place, value in self.values.items():
            *steps, last = place.split(".")
            here = body
            for step in steps:
                here = here.setdefault(step, {})
            here[last] = value
        if "scenes" in body:
            body["scenes"] = list(body["scenes"].values())
        return body


def _whole(place: str) -> str:
    """Widen a place to what can be left out: a background is there as a whole, or not at all."""
    head, mark, _ = place.partition("background")
    return head + mark if mark else place
