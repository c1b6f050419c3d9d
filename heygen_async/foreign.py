"""What aiohttp and the operating system raise, in our words: an error in the tree of `heygen_async.errors`.

No address goes into a message: that of a file is a secret while its signature is valid.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import aiohttp

from heygen_async.errors import ConnectionFailed, HeyGenError, RequestTimeout
from heygen_async.log import masked
from heygen_async.operation import Request

__all__ = ["FOREIGN", "failure", "translated", "unwrap"]

FOREIGN = (aiohttp.ClientError, ConnectionError, TimeoutError, UnicodeError)
"""What aiohttp and the operating system raise."""


@contextmanager
def translated(host: str, *, sent: bool) -> Iterator[None]:
    """Turn what aiohttp and the operating system raise about a file into errors of ours."""
    try:
        yield
    except FOREIGN as fault:
        unwrap(fault)
        raise failure(fault, host, sent=sent) from None  # what aiohttp says may hold the address


def unwrap(fault: Exception) -> None:
    """Raise the error of ours that `heygen_async.files.form` raised, and aiohttp wrapped."""
    if isinstance(fault.__cause__, HeyGenError):
        raise fault.__cause__ from None


def failure(fault: Exception, host: str, *, sent: bool, request: Request[Any] | None = None) -> ConnectionFailed:
    """Say in our words what went wrong, without the address."""
    match fault:
        case aiohttp.ConnectionTimeoutError():
            message = f"no connection to {host} in the time that Timeouts.connect allows"
            return RequestTimeout(message, sent=False, request=request)
        case TimeoutError():
            return RequestTimeout(f"{host} did not answer in time", sent=sent, request=request)
        case aiohttp.ClientConnectorError():
            message, sent = f"could not connect to {host}: {fault.os_error or fault}", False
        case UnicodeError():  # from the name look-up
            message, sent = f"could not connect to {host}: that is no name of a host", False
        case aiohttp.InvalidURL() | aiohttp.NonHttpUrlClientError() | aiohttp.TooManyRedirects():
            message = f"{host}: the address is of no use"
        case aiohttp.ClientResponseError():
            message = f"the connection to {host} was lost: what came is not HTTP ({fault.message})"
        case _:
            message = f"the connection to {host} was lost: {masked(str(fault)) or type(fault).__name__}"
    return ConnectionFailed(message, sent=sent, request=request)
