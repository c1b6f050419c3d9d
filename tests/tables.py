"""Tables for tests: how they are written, and what reading them says."""

import csv
import io
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from heygen_async.api.videos import AvatarVideo
from heygen_async.bulk.rows import Row, read_rows
from heygen_async.errors import RowsInvalid

WHITE: dict[str, Any] = {"avatar_id": "look", "script": "Hello"}
"""The cells that a row needs."""

SPOKEN = AvatarVideo(avatar_id="look", script="Hello")
"""What they ask for."""


def table(*lines: Mapping[str, str], delimiter: str = ",") -> str:
    names = list(dict.fromkeys(name for line in lines for name in line))
    text = io.StringIO()
    writer = csv.DictWriter(text, names, restval="", delimiter=delimiter)
    writer.writeheader()
    writer.writerows(lines)
    return text.getvalue()


def save(folder: Path, name: str, content: str | bytes) -> Path:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def read_text(text: str) -> list[Row]:
    return read_rows(io.StringIO(text))


def problems_of(source: str | Path | io.BytesIO) -> list[str]:
    with pytest.raises(RowsInvalid) as caught:
        read_text(source) if isinstance(source, str) else read_rows(source)
    return str(caught.value).split("\n")


def row_of(**cells: str) -> Any:
    """Read a table of one row with these cells; two underscores are a dot."""
    (row,) = read_text(table({name.replace("__", "."): cell for name, cell in cells.items()}))
    return row.request


def problems_with(**cells: str) -> list[str]:
    return problems_of(table({name.replace("__", "."): cell for name, cell in cells.items()}))
