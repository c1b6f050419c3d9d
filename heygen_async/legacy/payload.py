"""A legacy payload, taken apart field by field, so that nothing of it is lost without a word."""

from collections.abc import Mapping
from typing import Any

from attrs import define, field, frozen

from heygen_async.errors import Problem, RequestInvalid
from heygen_async.rules import brief

__all__ = ["Payload", "Remark", "Taken"]


@frozen
class Remark:
    """What became of one field of a legacy payload, where it is not simply the same in v3."""

    path: str
    """The field, such as ``video_inputs.0.character.scale``."""

    value: Any
    """What stood there."""

    sentence: str
    """What v3 makes of it."""

    lost: bool = True
    """Whether the video will differ for it; else the remark only says how it was understood."""

    def __str__(self) -> str:
        return f"{self.path} = {brief(self.value)}: {self.sentence}"


@frozen
class Taken:
    """A field that was taken out of a payload."""

    path: str
    value: Any


@define
class Payload:
    """An object of a legacy payload. What is never taken out of it is reported by `rest`."""

    fields: dict[str, Any]
    path: str = ""
    remarks: list[Remark] = field(factory=list)
    """Shared by all objects of one payload."""

    @classmethod
    def of(cls, value: object, path: str, remarks: list[Remark]) -> "Payload":
        """Open an object. Raises `RequestInvalid` for anything else."""
        if not isinstance(value, Mapping):
            raise RequestInvalid([Problem(path, f"must be an object, not {brief(value)}")], "the legacy payload")
        given = {str(name): item for name, item in value.items() if item is not None}
        return cls(given, path, remarks)

    def take(self, *names: str) -> Taken | None:
        """Take out the first of these fields that is there; ``None``: there is none, or it is null."""
        for name in names:
            if name in self.fields:
                return Taken(self.place(name), self.fields.pop(name))
        return None

    def part(self, name: str) -> "Payload | None":
        """Take out an object."""
        taken = self.take(name)
        return None if taken is None else Payload.of(taken.value, taken.path, self.remarks)

    def lose(self, name: str, sentence: str, *neutral: object) -> None:
        """Take out a field that v3 does not have, and report it; a `neutral` value says what v3 does anyhow."""
        taken = self.take(name)
        if taken is not None and taken.value in neutral:
            self.note(taken, "v3 does so anyhow")
        elif taken is not None:
            self.report(taken, sentence)

    def report(self, taken: Taken, sentence: str) -> None:
        """Report a field for which the video will differ."""
        self.remarks.append(Remark(taken.path, taken.value, sentence))

    def note(self, taken: Taken, sentence: str) -> None:
        """Report how a field was understood."""
        self.remarks.append(Remark(taken.path, taken.value, sentence, lost=False))

    def rest(self) -> None:
        """Report everything that nobody has taken out."""
        for name in list(self.fields):
            taken = self.take(name)
            if taken is not None:  # pragma: no branch  # it is there: nobody else takes
                self.report(taken, "is no field of this payload that we know of, so v3 is not told")

    def place(self, name: str) -> str:
        """Name a field by its path."""
        return f"{self.path}.{name}" if self.path else name
