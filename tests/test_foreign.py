"""What aiohttp and the operating system raise becomes an error of ours, which shows no address of a file."""

import aiohttp
import pytest
from yarl import URL

from heygen_async.errors import ConnectionFailed, RequestInvalid, RequestTimeout
from heygen_async.foreign import FOREIGN, failure, translated

SECRET = "https://files.example/a.mp4?Signature=nobody-may-see"
KEY = aiohttp.client_reqrep.ConnectionKey("files.example", 443, True, True, None, None, None)

FAULTS: list[tuple[Exception, str, bool]] = [
    (aiohttp.ClientConnectorError(KEY, OSError(111, "refused")), "could not connect to the host", False),
    (aiohttp.ClientConnectorDNSError(KEY, OSError(-2, "unknown")), "could not connect to the host", False),
    (UnicodeError("label too long"), "no name of a host", False),
    (aiohttp.InvalidURL(SECRET), "of no use", True),
    (aiohttp.NonHttpUrlClientError(URL(SECRET)), "of no use", True),
    (aiohttp.ServerDisconnectedError(), "was lost: Server disconnected", True),
    (aiohttp.ClientPayloadError(f"cut at {SECRET}"), "was lost", True),
    (ConnectionResetError(), "was lost: ConnectionResetError", True),
]


@pytest.mark.parametrize(("fault", "message", "sent"), FAULTS, ids=[type(fault).__name__ for fault, _, _ in FAULTS])
def test_a_foreign_fault_is_told_in_our_words(fault: Exception, message: str, sent: bool) -> None:
    assert isinstance(fault, FOREIGN)
    error = failure(fault, "the host", sent=True)
    assert message in str(error)
    assert error.sent is sent
    assert "nobody-may-see" not in str(error)


def test_a_wait_that_took_too_long_says_whether_anything_was_sent() -> None:
    late = failure(TimeoutError(), "the host", sent=True)
    unconnected = failure(aiohttp.ConnectionTimeoutError(), "the host", sent=True)
    assert isinstance(late, RequestTimeout)
    assert isinstance(unconnected, RequestTimeout)
    assert (late.sent, unconnected.sent) == (True, False)
    assert "Timeouts.connect" in str(unconnected)


def test_a_fault_about_a_file_keeps_nothing_of_what_was_raised() -> None:
    with pytest.raises(ConnectionFailed) as caught, translated("the host", sent=True):
        raise aiohttp.ClientPayloadError(SECRET)
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__


def test_an_error_of_ours_that_aiohttp_has_wrapped_comes_out_as_it_was() -> None:
    ours = RequestInvalid([])

    def wrap() -> None:
        raise aiohttp.ClientPayloadError("wrapped") from ours

    with pytest.raises(RequestInvalid) as caught, translated("the host", sent=True):
        wrap()
    assert caught.value is ours
