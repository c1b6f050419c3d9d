"""What a bulk run tells: how far it is, and what became of each row."""

from pathlib import Path
from typing import Literal

from attrs import frozen

from heygen_async.api.videos import VideoJob, VideoRequest
from heygen_async.bulk.quotes import Quote
from heygen_async.bulk.rows import Row
from heygen_async.eta import Eta

__all__ = ["Outcome", "Progress"]


@frozen
class Progress:
    """How far a run is, in rows. Waiting, rendering, downloading, done, kept and failed add up to the total."""

    total: int
    waiting: int
    """Not submitted yet, those whose files are being uploaded included."""

    rendering: int
    """Submitted, or being submitted."""

    downloading: int
    """Rendered, and on their way to disk."""

    done: int
    kept: int
    """Their file was there already, so nothing was asked or paid for."""

    failed: int
    """Left or skipped ones, after a stop, included."""

    elapsed: float
    """Real seconds since the run began."""

    remaining: Eta | None
    """Real seconds until the end, as an interval in which four of five runs end; ``None``: too few renders have ended
    to tell, fewer than about five in this client and in earlier runs with the same journal."""

    cap: int | None = None
    """How many renders HeyGen was found to take at once; ``None``: it has refused none."""


@frozen
class Outcome:
    """What became of a row."""

    row: Row
    status: Literal["done", "kept", "failed", "left", "skipped"]
    """``kept``: the file was there already. After a stop, ``left`` still renders at HeyGen (pick it up by
    ``job.id``) and ``skipped`` was never submitted."""

    job: VideoJob | None = None
    """The video's job, from the moment that HeyGen has accepted it."""

    path: Path | None = None
    """The file, when there is one."""

    error: Exception | None = None
    """Why there is none."""

    seconds: float = 0.0
    """Real seconds from the row's turn to its end."""

    quote: Quote | None = None
    """What it was to cost, if it was asked for in this run."""

    charged: float | None = None
    """US dollars that it did cost, by its length and the price list; ``None``: nothing in this run."""

    @property
    def request(self) -> VideoRequest:
        """What was asked for."""
        return self.row.request
