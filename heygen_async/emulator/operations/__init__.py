"""The operations that the emulator answers, by the groups of the API."""

from heygen_async.emulator.operations.assets import assets
from heygen_async.emulator.operations.avatars import avatars
from heygen_async.emulator.operations.batches import batches
from heygen_async.emulator.operations.looks import looks
from heygen_async.emulator.operations.users import users
from heygen_async.emulator.operations.videos import videos
from heygen_async.emulator.operations.voices import voices

__all__ = ["OPERATIONS"]

OPERATIONS = (*videos, *batches, *assets, *avatars, *looks, *voices, *users)
"""All of them."""
