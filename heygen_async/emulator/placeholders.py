"""The words that HeyGen's samples say "put your id here" with, and what the emulator puts there.

So that a sample runs as it was copied: https://developers.heygen.com prints each of these.
"""

from collections.abc import Callable, Mapping
from typing import Any

from heygen_async.emulator.account import Account
from heygen_async.emulator.log import Log

__all__ = ["PLACEHOLDERS", "filled_in"]


def _first_voice(account: Account) -> str | None:
    return next(reversed(account.voices), None)


def _photo_avatar(account: Account) -> str | None:
    """Choose the account's newest photo avatar; the public ones come after all others."""
    newest_first = reversed(account.looks.values())
    return next((look.id for look in newest_first if look.avatar_type == "photo_avatar"), None)


def _newest_asset(account: Account) -> str | None:
    return next(reversed(account.assets), None)


def _newest_video(account: Account) -> str | None:
    return next(reversed(account.videos), None)


PLACEHOLDERS: Mapping[str, Callable[[Account], str | None]] = {
    "YOUR_VOICE_ID": _first_voice,
    "YOUR_PHOTO_AVATAR_ID": _photo_avatar,
    "RETURNED_ASSET_ID": _newest_asset,
    "YOUR_VIDEO_ID": _newest_video,
}
"""What is understood; ``None`` leaves the word as it is, and it will not be found."""


def filled_in(payload: Any, account: Account, log: Log) -> Any:
    """Return JSON with ids in the place of placeholders, which are looked for in fields that are named ``…_id``."""
    match payload:
        case dict():
            return {
                key: _meant(value, account, log) if key.endswith("_id") else filled_in(value, account, log)
                for key, value in payload.items()
            }
        case list():
            return [filled_in(item, account, log) for item in payload]
        case _:
            return payload


def _meant(value: Any, account: Account, log: Log) -> Any:
    if isinstance(value, list):
        return [_meant(item, account, log) for item in value]
    choose = PLACEHOLDERS.get(value) if isinstance(value, str) else None
    meant = choose(account) if choose else None
    if meant is None:
        return value
    log.note(f"{value} is a placeholder of HeyGen's samples; {meant} stands in")
    return meant
