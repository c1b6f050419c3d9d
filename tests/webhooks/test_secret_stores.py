"""A secret that HeyGen shows once is kept whole, where only its owner can read it."""

import asyncio
import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from heygen_async import ClientMisused, Secret, SecretEnvironment, SecretFile, SecretMemory, SecretStore, WebhookSecrets

pytestmark = pytest.mark.anyio

NOW = 1_790_000_000.0
KEPT = WebhookSecrets(endpoint_id="ep", secrets=(Secret("whsec_new"), Secret("whsec_old", until=NOW)), intent="key")


@pytest.mark.parametrize("make", [lambda path: SecretFile(path / "secrets.json"), lambda _: SecretMemory()])
async def test_what_was_kept_comes_back(make: Callable[[Path], SecretStore], tmp_path: Path) -> None:
    store = make(tmp_path)
    assert await store.load() == WebhookSecrets()
    await store.save(KEPT)
    await store.save(KEPT)
    assert await store.load() == KEPT


def test_a_new_secret_goes_first_and_those_before_it_get_an_end() -> None:
    begun = WebhookSecrets(secrets=(Secret("a"), Secret("b", until=NOW), Secret("c")), intent="key")
    replaced = begun.replaced("ep", "c", until=NOW + 10)
    assert replaced == WebhookSecrets(
        endpoint_id="ep", secrets=(Secret("c"), Secret("a", until=NOW + 10), Secret("b", until=NOW))
    )
    assert [each.text for each in replaced.live(NOW + 1).secrets] == ["c", "a"]


def test_secrets_show_nowhere() -> None:
    assert "whsec" not in repr(KEPT)
    assert "key" not in repr(KEPT)


async def test_memory_can_begin_with_secrets() -> None:
    assert (await SecretMemory("a", "b").load()).secrets == (Secret("a"), Secret("b"))


# The file.


async def test_the_file_is_for_its_owner_only_and_nothing_is_left_beside_it(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        await SecretFile(tmp_path / "secrets.json").save(KEPT)
    finally:
        os.umask(before)
    assert [path.name for path in tmp_path.iterdir()] == ["secrets.json"]
    assert (tmp_path / "secrets.json").stat().st_mode & 0o777 == 0o600


async def test_a_file_that_others_can_read_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "secrets.json"
    await SecretFile(path).save(KEPT)
    path.chmod(0o640)
    with pytest.raises(ClientMisused, match="chmod 600"):
        await SecretFile(path).load()


@pytest.mark.parametrize(
    "content", ["", "[]", "{}", '{"secrets": 1}', '{"secrets": [{}]}', '{"secrets": [{"secret": ""}]}']
)
async def test_a_file_that_holds_something_else_is_refused(content: str, tmp_path: Path) -> None:
    path = tmp_path / "secrets.json"
    path.touch(0o600)
    path.write_text(content)
    with pytest.raises(ClientMisused, match="no file of webhook secrets"):
        await SecretFile(path).load()


async def test_a_write_that_fails_leaves_the_old_file_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "secrets.json"
    await SecretFile(path).save(KEPT)

    def full(_: int) -> None:
        raise OSError("no space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(OSError, match="no space left"):
        await SecretFile(path).save(WebhookSecrets())
    assert [each.name for each in tmp_path.iterdir()] == ["secrets.json"]
    assert await SecretFile(path).load() == KEPT


async def test_whoever_reads_while_it_is_written_sees_one_of_both_whole(tmp_path: Path) -> None:
    store = SecretFile(str(tmp_path / "secrets.json"))
    versions = [WebhookSecrets(endpoint_id=f"{at}", secrets=(Secret("x" * 5000),)) for at in range(20)]
    await store.save(versions[0])
    seen = await asyncio.gather(*(store.load() for _ in range(20)), *(store.save(each) for each in versions))
    assert {each.endpoint_id for each in seen if each is not None} <= {each.endpoint_id for each in versions}


async def test_the_file_can_be_read_by_eye(tmp_path: Path) -> None:
    await SecretFile(tmp_path / "secrets.json").save(KEPT)
    written = json.loads((tmp_path / "secrets.json").read_text())
    assert written["secrets"] == [{"secret": "whsec_new", "until": None}, {"secret": "whsec_old", "until": NOW}]


# The environment.


@pytest.mark.parametrize(
    ("value", "secrets"),
    [("", []), (" , ", []), ("whsec_a", ["whsec_a"]), ("whsec_b, whsec_a", ["whsec_b", "whsec_a"])],
)
async def test_the_environment_holds_one_or_several(
    value: str, secrets: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MY_SECRET", value)
    loaded = await SecretEnvironment("MY_SECRET").load()
    assert [each.text for each in loaded.secrets] == secrets
    assert loaded.endpoint_id is None


async def test_the_environment_cannot_keep_a_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HEYGEN_WEBHOOK_SECRET", raising=False)
    store = SecretEnvironment()
    assert await store.load() == WebhookSecrets()
    with pytest.raises(ClientMisused, match="HEYGEN_WEBHOOK_SECRET"):
        await store.save(KEPT)
