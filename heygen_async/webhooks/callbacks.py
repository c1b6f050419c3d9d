"""Where HeyGen calls about one job: a path that nobody can guess. Does no I/O.

HeyGen does not sign these calls, so the path has to do: it ends in a token that was made for this job, and whose
second half is a MAC of its first. The key of the MAC comes from the API key. So each process with the same API key
knows the tokens of all others, and none of them has to remember any.
"""

import hmac
import re
import secrets
from base64 import urlsafe_b64encode
from hashlib import sha256
from typing import Any, TypeVar, cast
from urllib.parse import urlsplit, urlunsplit

from attrs import evolve, field, frozen

__all__ = ["Callbacks", "token_in"]

R = TypeVar("R")

_NONCE, _MAC = 16, 22
_TOKEN = re.compile(rf"job-([A-Za-z0-9_-]{{{_NONCE}}})([A-Za-z0-9_-]{{{_MAC}}})")


@frozen
class Callbacks:
    """Makes addresses, and knows its own."""

    _key: bytes = field(repr=False, alias="key")

    @classmethod
    def of(cls, api_key: str) -> "Callbacks":
        """Make those of an account. The API key cannot be found from a token."""
        return cls(hmac.new(api_key.encode(), b"heygen_async callback paths", sha256).digest())

    def address(self, base: str, seed: str | None = None) -> str:
        """Return an address below `base`.

        `seed`: an idempotency key, which gives the same address each time; ``None``: a new one.
        """
        nonce = secrets.token_urlsafe(12) if seed is None else self._mac(f"seed {seed}")[:_NONCE]
        parts = urlsplit(base)
        path = f"{parts.path.rstrip('/')}/job-{nonce}{self._mac(nonce)}"
        return urlunsplit(parts._replace(path=path))

    def put_on(self, request: R, base: str | None, seed: str | None = None) -> R:
        """Return `request` with an address below `base`, if there is a base, and if it can have one and has none."""
        if base is None or getattr(request, "callback_url", base) is not None:
            return request
        ours: Any = request  # it has the field, so it is a request
        return cast(R, evolve(ours, callback_url=self.address(base, seed)))

    def token(self, path: str) -> str | None:
        """Return the token at the end of a path, if it is one of ours."""
        token = token_in(path)
        if token is None:
            return None
        nonce, mac = token[-_NONCE - _MAC : -_MAC], token[-_MAC:]
        return token if hmac.compare_digest(self._mac(nonce), mac) else None

    def _mac(self, text: str) -> str:
        digest = hmac.new(self._key, text.encode(), sha256).digest()
        return urlsafe_b64encode(digest)[:_MAC].decode()


def token_in(address: str) -> str | None:
    """Return what stands where a token stands, if it looks like one."""
    last = urlsplit(address).path.rpartition("/")[2]
    return last if _TOKEN.fullmatch(last) else None
