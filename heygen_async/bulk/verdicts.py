"""What an error means: for its row, for its entry in the journal, and for all the other rows."""

from heygen_async.bulk.folder import is_full
from heygen_async.bulk.journal import Entry, State
from heygen_async.bulk.spending import lacks_credit
from heygen_async.errors import (
    APIError,
    ClientMisused,
    ConnectionFailed,
    JobFailed,
    JobGone,
    JournalFailed,
    NotAuthenticated,
    RequestInvalid,
)

__all__ = ["concerns_all", "may_cost", "state_after"]

_MAY_COST = {"sent", "ambiguous", "accepted", "rendering"}


def may_cost(entry: Entry) -> bool:
    """Tell whether a row is paid for, or may be, and nobody has counted that yet."""
    return entry.state in _MAY_COST or (entry.state == "rendered" and entry.charged is None)


def concerns_all(error: Exception) -> bool:
    """Tell whether other rows would meet the same: a wrong key, an empty wallet, a full disk, a broken journal."""
    return isinstance(error, NotAuthenticated | JournalFailed) or is_full(error) or lacks_credit(error)


def state_after(entry: Entry, error: Exception, *, held_back: bool) -> State:
    """Say how far a row is that ended in `error`; `held_back`: HeyGen has not even seen it."""
    if entry.video_id is not None:
        return "failed" if isinstance(error, JobFailed | JobGone) else entry.state
    if entry.state == "ambiguous":
        return entry.state  # once nobody knows, only HeyGen's list or its answer can tell
    if held_back:
        return "intended"
    known = isinstance(error, APIError | ConnectionFailed | RequestInvalid | ClientMisused) and not error.uncertain
    return "rejected" if known or entry.state != "sent" else "ambiguous"
