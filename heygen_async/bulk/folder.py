"""The folder that a run brings its videos into: whether it can be written, and whether the disk is full."""

import errno
import tempfile
from pathlib import Path

from heygen_async.errors import DownloadFailed

__all__ = ["is_full", "refuse_unwritable", "size_of"]


def refuse_unwritable(folder: Path) -> None:
    """Make the folder and write into it, before anything is paid for. Raises `DownloadFailed`. Blocks."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder) as probe:
            probe.write(b"\0" * 4096)
    except (OSError, ValueError) as fault:
        reason = getattr(fault, "strerror", None) or fault
        raise DownloadFailed(f"cannot write into {folder}: {reason}", path=folder) from fault


def is_full(error: Exception) -> bool:
    """Tell whether the disk takes no more: further videos would be paid for and lost."""
    cause = error.__cause__
    return isinstance(cause, OSError) and cause.errno in {errno.ENOSPC, errno.EROFS, getattr(errno, "EDQUOT", -1)}


def size_of(path: Path) -> int:
    """Return how many bytes a file has. Blocks."""
    return path.stat().st_size
