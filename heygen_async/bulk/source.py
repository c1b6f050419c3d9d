"""Where the rows of a run come from, so that it can be gone on with later, from wherever."""

import io
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Self

from attrs import frozen

from heygen_async.bulk.rows import MOST_BYTES, Row, read_rows

__all__ = ["Source"]

_STANDARD_INPUT = "-"


@frozen
class Source:
    """A file of rows; or what came on standard input, which has to be kept, because it comes only once."""

    path: Path
    """``-``: standard input."""

    folder: Path
    """What the paths in the rows of standard input are relative to."""

    content: bytes = b""
    """What came on standard input."""

    @classmethod
    def of(cls, path: Path) -> Self:
        """Take a word of the command line."""
        if str(path) != _STANDARD_INPUT:
            return cls(path, Path())
        return cls(path, Path(), sys.stdin.buffer.read(MOST_BYTES + 1))

    @classmethod
    def remembered(cls, facts: Mapping[str, str]) -> Self:
        """Take what `facts` returned in an earlier process."""
        return cls(Path(facts["source"]), Path(facts["folder"]), facts["rows"].encode())

    @property
    def name(self) -> str:
        """What people call it."""
        return "standard input" if str(self.path) == _STANDARD_INPUT else self.path.name

    def rows(self) -> list[Row]:
        """Read the rows. Raises `RowsInvalid`. Blocks."""
        if str(self.path) != _STANDARD_INPUT:
            return read_rows(self.path)
        return read_rows(io.BytesIO(self.content), self.folder)

    def facts(self, at_once: int | str, base_url: str | None) -> dict[str, str]:
        """Say what a journal has to remember of the command."""
        piped = str(self.path) == _STANDARD_INPUT
        return {
            "source": str(self.path if piped else self.path.absolute()),
            "folder": str(self.folder.absolute()),
            "rows": self.content.decode() if piped else "",
            "at_once": str(at_once),
            "base_url": base_url or "",
        }
