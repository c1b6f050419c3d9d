"""When something will be done, as far as anybody can know it."""

from attrs import frozen

__all__ = ["Eta"]


@frozen
class Eta:
    """When a job, or a run, will be done, in seconds from now. Four of five end between `low` and `high`."""

    likely: float
    """It is as likely to be done earlier as later."""

    low: float
    """One in ten is done earlier."""

    high: float
    """One in ten takes longer."""
