"""A certificate for hosts on loopback, and who trusts it."""

import ssl

import trustme

__all__ = ["CALLER", "HOST"]

_AUTHORITY = trustme.CA()

HOST = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
"""For a host."""

CALLER = ssl.create_default_context()
"""For who calls it."""

_AUTHORITY.issue_cert("127.0.0.1").configure_cert(HOST)
_AUTHORITY.configure_trust(CALLER)
