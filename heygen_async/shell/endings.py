"""How a command ends: the exit codes, and what it gives up with."""

from heygen_async.errors import RowsInvalid

__all__ = [
    "DONE",
    "INTERRUPTED",
    "NOT_PERMITTED",
    "RESUME_ME",
    "SOME_FAILED",
    "USAGE",
    "PayloadsInvalid",
    "Refusal",
]

DONE, SOME_FAILED, USAGE, NOT_PERMITTED, RESUME_ME, INTERRUPTED = 0, 1, 2, 3, 4, 130


class Refusal(Exception):
    """The command cannot be carried out as it was given."""

    def __init__(self, message: str, code: int = USAGE) -> None:
        super().__init__(message)
        self.code = code


class PayloadsInvalid(RowsInvalid):
    """The input cannot be read, and nothing was written. Mend what `problems` lists and run again."""
