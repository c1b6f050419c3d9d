"""Links that are signed and end after seven days, in the manner of CloudFront."""

import hmac
import secrets

from attrs import define, field

__all__ = ["Signer"]

_LIFE = 7 * 24 * 3600
"""Seconds, as on the live API."""

_PAIR = "KEMULATOR"


@define
class Signer:
    """Signs paths, and knows its own signatures."""

    _secret: bytes = field(factory=lambda: secrets.token_bytes(32), init=False, repr=False)
    _revoked: set[str] = field(factory=set, init=False, repr=False)

    def sign(self, path: str, now: float, life: int = _LIFE) -> str:
        """Return `path` with a query that lets anybody use it for `life` seconds. `now` is in Unix seconds."""
        expires = int(now) + life
        while (signature := self._signature(path, str(expires))) in self._revoked:
            expires += 1  # the link of this very second has expired before its time
        return f"{path}?Expires={expires}&Signature={signature}&Key-Pair-Id={_PAIR}"

    def revoke(self, signature: str) -> None:
        """Let a link expire now."""
        self._revoked.add(signature)

    def allows(self, path: str, expires: str, signature: str, now: float) -> bool:
        """Tell whether this is a signature of ours, and still good."""
        good = hmac.compare_digest(self._signature(path, expires).encode(), signature.encode(errors="replace"))
        return good and int(expires) > now and signature not in self._revoked

    def _signature(self, path: str, expires: str) -> str:
        return hmac.digest(self._secret, f"{path} {expires}".encode(errors="replace"), "sha256").hex()
