"""Batches, and the statuses of many jobs at once: shared by all groups that have them."""

from collections.abc import Mapping, Sequence
from typing import Any

from attrs import field, frozen

__all__ = ["Batch", "BatchItem", "BulkStatus", "CreatedBatch"]


@frozen
class CreatedBatch:
    """The receipt for a batch."""

    batch_id: str
    """Read the batch with it."""


@frozen
class BatchItem:
    """One thing in a batch."""

    item_index: int | None = None
    """Its place in what was sent, from 0."""

    status: str = ""
    """``queued``, ``processing``, ``completed`` or ``failed``."""

    video_id: str | None = None
    """The id of what the item became, of whatever group; ``None`` while it is queued."""

    error: Mapping[str, Any] | None = None
    """Why it failed: ``code`` and ``message``."""


@frozen
class Batch:
    """A batch, with one page of its items."""

    batch_id: str
    title: str | None = None
    status: str = ""
    """``processing``, ``completed`` or ``failed``."""

    counts_by_status: Mapping[str, int] = field(factory=dict)
    """How many items are in which status."""

    total_items: int = 0
    created_at: int | None = None
    """Unix seconds."""

    items: Sequence[BatchItem] = ()
    """This page's items, in the order they were sent."""

    has_more: bool = False
    """Whether another page of items follows."""

    next_token: str | None = None
    """What to ask the next page with."""


@frozen
class BulkStatus:
    """The status of one job among many."""

    status: str
    """A word of the group's own, or ``not_found``."""

    video_id: str | None = None
    """The id of the job, whatever its group: HeyGen names the field so everywhere."""

    batch_id: str | None = None
    item_index: int | None = None
    error: Mapping[str, Any] | None = None
    """Why it failed: ``code`` and ``message``."""
