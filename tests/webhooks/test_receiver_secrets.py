"""Which secrets a receiver goes by: given ones until their time is over, and those of a store that others change."""

import asyncio
from pathlib import Path

import pytest
from doors import PATH, SECRET, body_of, by_asgi, deliver, headers_for

from heygen_async import Receiver, Secret, SecretFile, SecretMemory, WebhookSecrets
from heygen_async.webhooks.webhook import sign

pytestmark = pytest.mark.anyio

NOW = 1_790_000_000.0


async def test_a_rotated_secret_is_accepted_for_its_grace_and_then_refused() -> None:
    now = NOW
    receiver = Receiver(secrets=[SECRET, Secret("whsec_old", until=NOW + 60)], now=lambda: now)
    old = [headers_for(body_of(at), Secret("whsec_old")) for at in range(2)]
    async with by_asgi(receiver) as url:
        assert await deliver(url, body_of(0), old[0]) == 200
        now = NOW + 61
        assert await deliver(url, body_of(1), old[1]) == 401


async def test_a_secret_that_another_process_has_put_into_the_store_is_found(tmp_path: Path) -> None:
    now = NOW
    store = SecretFile(tmp_path / "secrets.json")
    await store.save(WebhookSecrets(secrets=(SECRET,)))
    receiver = Receiver(store=store, now=lambda: now)
    new = Secret("whsec_new")
    async with by_asgi(receiver) as url:
        assert await deliver(url, body_of(1)) == 200
        await store.save(WebhookSecrets(secrets=(new,)))
        assert await deliver(url, body_of(2), headers_for(body_of(2), new)) == 401  # looked up a moment ago
        now += 1
        assert await deliver(url, body_of(3), headers_for(body_of(3), new)) == 200
        assert await deliver(url, body_of(4)) == 401


async def test_forgers_have_the_store_read_once_a_second_at_most() -> None:
    loads = 0

    class Counting(SecretMemory):
        async def load(self) -> WebhookSecrets:
            nonlocal loads
            loads += 1
            return await super().load()

    now = NOW
    receiver = Receiver(store=Counting(SECRET.text), now=lambda: now)

    async def read() -> bytes:
        return body_of()

    for _ in range(100):
        assert await receiver.answer("POST", PATH, {"signature": "00"}, read) == 401
    assert loads == 1
    now += 1
    for _ in range(100):
        await receiver.answer("POST", PATH, {"signature": "00"}, read)
    assert loads == 2


async def test_a_store_that_fails_makes_heygen_come_again(caplog: pytest.LogCaptureFixture) -> None:
    class Broken(SecretMemory):
        async def load(self) -> WebhookSecrets:
            raise OSError("the vault is sealed")

    async with by_asgi(Receiver(store=Broken())) as url:
        assert await deliver(url, body_of()) == 500


async def test_who_comes_while_the_store_is_read_waits_for_what_it_brings() -> None:
    class Slow(SecretMemory):
        async def load(self) -> WebhookSecrets:
            for _ in range(10):
                await asyncio.sleep(0)
            return await super().load()

    now, store = NOW, Slow(SECRET.text)
    receiver = Receiver(store=store, now=lambda: now)
    assert await handed_in(receiver, 1) == 200
    await store.save(WebhookSecrets(secrets=(new := Secret("whsec_new"),)))
    now += 1
    forged = handed_in(receiver, 2, Secret("whsec_of-somebody-else"))
    assert await asyncio.gather(forged, *(handed_in(receiver, at, new) for at in (3, 4))) == [401, 200, 200]


async def handed_in(receiver: Receiver, number: int, secret: Secret = SECRET) -> int:
    """Hand in a delivery without a server."""
    body = body_of(number)

    async def read() -> bytes:
        return body

    return await receiver.answer("POST", PATH, {"signature": sign(body, secret)}, read)
