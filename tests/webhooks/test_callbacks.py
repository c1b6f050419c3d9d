"""The path of a job cannot be guessed, and is known to every process with the same API key."""

from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heygen_async.webhooks.callbacks import Callbacks, token_in

CALLBACKS = Callbacks.of("sk_V2_nobody-may-see-this")


@pytest.mark.parametrize(
    ("base", "start"),
    [
        ("https://example.com/heygen", "https://example.com/heygen/job-"),
        ("https://example.com/heygen/", "https://example.com/heygen/job-"),
        ("https://example.com", "https://example.com/job-"),
        ("https://example.com:8443/hook?tenant=a", "https://example.com:8443/hook/job-"),
    ],
)
def test_an_address_is_the_base_with_a_token(base: str, start: str) -> None:
    address = CALLBACKS.address(base)
    assert address.startswith(start)
    assert urlsplit(address).query == urlsplit(base).query
    assert CALLBACKS.token(urlsplit(address).path) == token_in(address)


def test_each_address_is_a_new_one_but_an_idempotency_key_gives_the_same() -> None:
    addresses = {CALLBACKS.address("https://example.com") for _ in range(100)}
    assert len(addresses) == 100
    assert CALLBACKS.address("https://example.com", "key") == CALLBACKS.address("https://example.com", "key")
    assert CALLBACKS.address("https://example.com", "key") != CALLBACKS.address("https://example.com", "other")


def test_another_process_with_the_same_key_knows_it_and_another_account_does_not() -> None:
    path = urlsplit(CALLBACKS.address("https://example.com")).path
    assert Callbacks.of("sk_V2_nobody-may-see-this").token(path)
    assert Callbacks.of("sk_V2_somebody-else").token(path) is None
    assert "nobody" not in repr(CALLBACKS)


@given(st.integers(0, 41), st.sampled_from("AZaz09-_/. ü"))
def test_a_token_that_is_changed_anywhere_is_none(at: int, char: str) -> None:
    token = token_in(CALLBACKS.address("https://example.com", "fixed")) or ""
    changed = token[:at] + char + token[at + 1 :]
    assert changed == token or CALLBACKS.token(f"/heygen/{changed}") is None


@given(st.text())
def test_no_text_passes_for_a_token(path: str) -> None:
    assert CALLBACKS.token(path) is None
