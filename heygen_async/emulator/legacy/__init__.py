"""HeyGen's v1 and v2, as far as they are emulated: over the same account as v3, and as they are after their sunset."""

from heygen_async.emulator.legacy.windows import Legacy, open_legacy

__all__ = ["Legacy", "open_legacy"]
