"""What HeyGen answers when something is deleted."""

from attrs import frozen

from heygen_async.operation import Answer

__all__ = ["ConfirmedDeletion", "Deleted"]


@frozen
class Deleted(Answer):
    """The receipt for a deletion."""

    id: str
    """Of what was deleted."""


@frozen
class ConfirmedDeletion(Deleted):
    """The receipt for the deletion of a video, a template or a background removal."""

    deleted: bool = True
